/* ioctl: commands by number and size, and the arguments of those that are decoded. */
#include "decode.h"
#include <linux/fs.h>
#include <linux/sockios.h>
#include <linux/rtc.h>
#include <net/if.h>

#define IO(dir, type, nr, size) ((W)(unsigned)((dir) << 30 | (size) << 16 | (type) << 8 | (nr)))

/* Commands of disks, loops, consoles, clocks, user faults and others. */
static const unsigned devices[] = {
	0x301, 0x302, 0x304, 0x308, 0x309, 0x30a, 0x30b, 0x30c, 0x30e, 0x30f, 0x310, 0x31a, 0x321, 0x322, 0x323,
	0x324, 0x325, 0x326, 0x327, 0x329, 0x32a, 0x32b, 0x32c, 0x32d, 0x32f, 0x2201, 0x2203, 0x2204, 0x2205, 0x2270,
	0x2271, 0x2272, 0x2275, 0x2276, 0x2279, 0x227a, 0x227b, 0x227c, 0x227d, 0x227e, 0x227f, 0x2282, 0x2283,
	0x2287, 0x2288, 0x2289, 0x2400, 0x2401, 0x2402, 0x2403, 0x2405, 0x4b2f, 0x4b30, 0x4b31, 0x4b32, 0x4b33,
	0x4b3a, 0x4b3b, 0x4b44, 0x4b45, 0x4b4e, 0x4b62, 0x4b63, 0x4b64, 0x4b65, 0x4c00, 0x4c02, 0x4c03, 0x4c04,
	0x4c05, 0x4c06, 0x4c08, 0x4c09, 0x4c0a, 0x4c80, 0x4c81, 0x4d13, 0xab00, 0xab01, 0xab02, 0xab07, 0xab09,
	0xab0a, 0xae03, 0xae41, 0xb704, 0x40042408, 0x40042409, 0x40044581, 0x40044590, 0x40044591, 0x400445a0,
	0x40044900, 0x40044d0e, 0x40044f01, 0x40044f04, 0x40045201, 0x40046911, 0x40046912, 0x40046913, 0x40046914,
	0x40046915, 0x40046917, 0x40046918, 0x40046919, 0x4004691d, 0x4004691f, 0x40046923, 0x40046f01, 0x40046f04,
	0x40046f05, 0x40046f41, 0x40049421, 0x40082102, 0x40082404, 0x40084503, 0x40084d02, 0x40084d05, 0x40084d06,
	0x40084d0b, 0x40084d0c, 0x40084f00, 0x40085618, 0x40089413, 0x40089416, 0x40103d02, 0x40104d14, 0x40182103,
	0x4020ae46, 0x80041284, 0x80041285, 0x80044501, 0x80044584, 0x80044d07, 0x80044d0d, 0x80044f05, 0x80045200,
	0x80045626, 0x80045701, 0x80045702, 0x80045703, 0x80045707, 0x80045709, 0x8004570a, 0x80046901, 0x80046902,
	0x80046907, 0x80046908, 0x80046909, 0x8004690f, 0x80046924, 0x8004a405, 0x80081280, 0x80082102, 0x80082407,
	0x80084502, 0x80084503, 0x80084d17, 0x80085617, 0x80089418, 0x8008a404, 0x8010aa01, 0x8010aa02, 0xc0045627,
	0xc0045706, 0xc0045708, 0xc018aa3f, 0xc020aa00, 0xc020aa04, 0xc028aa03
};

static void argument(W command)
{
	P(SYS_ioctl, L(-1), L(command), PTRS);
	P(SYS_ioctl, L(-1), L(command), L(1, 2, TEXT, END(COUNT) - 32, END(TEXT) - 8));
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	P(SYS_ioctl, FDS, L(0x5401, 0x5413, 0x541b, H(0x5401), 0xdeadbeef, 0), PTRS);
	/* Numbers of 16 bits. */
	for (unsigned nr = 0; nr < 0x10000; nr += nr >> 8 == 0x53 || nr >> 8 == 0x54 || nr >> 8 == 0x89 || nr >> 8 == 0x12 ? 1 : 3)
		/* NS_GET_NSTYPE that fails prints what the oracle had in mind from another call. */
		if (nr != 0xb703)
			P(SYS_ioctl, L(-1), L(nr), L(BAD));
	/* Commands that carry a size or a number. */
	const char types[] = "EHjkUMTVSfX";
	for (int dir = 1; dir < 4; dir++)
		for (const char *type = types; *type; type++)
			for (int nr = 0; nr < 256; nr += *type == 'E' ? 1 : 3)
				P(SYS_ioctl, L(-1), L(IO(dir, *type, nr, 0), IO(dir, *type, nr, 4), IO(dir, *type, nr, 24)), L(BAD));
	/* Terminals. */
	for (W nr = 0x5401; nr < 0x5461; nr++)
		argument(nr);
	argument(IO(2, 'T', 0x2a, 44)), argument(IO(1, 'T', 0x2b, 44)), argument(IO(1, 'T', 0x2c, 44)), argument(IO(1, 'T', 0x2d, 44));
	argument(IO(2, 'T', 0x30, 4)), argument(IO(1, 'T', 0x31, 4)), argument(IO(2, 'T', 0x32, 4)), argument(IO(1, 'T', 0x36, 4));
	argument(IO(2, 'T', 0x38, 4)), argument(IO(2, 'T', 0x39, 4)), argument(IO(2, 'T', 0x40, 4)), argument(0x5441);
	/* Sockets and interfaces. */
	for (W nr = 0x8900; nr < 0x8960; nr++)
		argument(nr);
	for (int bytes = 0; bytes < 20; bytes++)
		P(SYS_ioctl, L(-1), L(SIOCBRADDBR, SIOCBRDELBR), L(END(SMALL) - bytes, TEXT + 100 - bytes));
	argument(SIOCBONDENSLAVE), argument(SIOCDEVPRIVATE), argument(SIOCBRADDBR), argument(SIOCETHTOOL);
	/* Block devices and files. */
	for (int nr = 93; nr < 128; nr++)
		argument(IO(0, 0x12, nr, 0));
	argument(BLKBSZGET), argument(BLKBSZSET), argument(BLKGETSIZE64);
	argument(FIFREEZE), argument(FITHAW), argument(FITRIM), argument(FICLONE), argument(FICLONERANGE), argument(FIDEDUPERANGE);
	argument(FS_IOC_GETFLAGS), argument(FS_IOC_SETFLAGS), argument(FS_IOC32_GETFLAGS), argument(FS_IOC32_SETFLAGS), argument(FS_IOC_GETVERSION), argument(FS_IOC_SETVERSION);
	argument(FS_IOC_FSGETXATTR), argument(FS_IOC_FSSETXATTR), argument(FS_IOC_GETFSLABEL), argument(FS_IOC_SETFSLABEL);
	for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++)
		argument(devices[i]);
	for (int nr = 0; nr < 3; nr++)
		argument(IO(2, 'E', 6 + nr, 24)), argument(IO(2, 'E', 0x40 + nr, 24)), argument(IO(1, 'E', 0xc0 + nr, 24));
	/* Clocks. */
	for (int nr = 1; nr < 0x15; nr++)
		for (int dir = 0; dir < 3; dir++)
			P(SYS_ioctl, L(-1), L(IO(dir, 'p', nr, 0), IO(dir, 'p', nr, sizeof(W)), IO(dir, 'p', nr, 36), IO(dir, 'p', nr, 40), IO(dir, 'p', nr, 32), IO(dir, 'p', nr, 4), IO(dir, 'p', nr, 28)), L(0, COUNT, SMALL, END(COUNT) - 12));
	return 0;
}
