/* Commands of ioctl that nothing knows, and those that are known by name alone, in full: their memory is shown. */
#include "tell.h"

#define COUNTED "\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08"
#define TEXTUAL "\\x61\\x62\\x63\\x64\\x65\\x66\\x67\\x68"
#define LONGER "\\x69\\x6a\\x6b\\x6c\\x6d\\x6e\\x6f\\x70\\x71\\x72\\x73\\x74\\x75\\x76\\x77\\x78\\x79\\x7a\\x61\\x62\\x63\\x64\\x65\\x66"
#define LINE(name, argument) "ioctl(3, " name ", " argument ")"
#define DUMP(r, name, number, argument, at) SAME(r, LINE(name, argument), SYS_ioctl, L(3), L(number), L(at))

/* Whatever came of the call. */
static void numbers(long r)
{
	DUMP(r, "_IOC(_IOC_READ, 0xde, 0xad, 0x8)", 0x8008dead, "\"" COUNTED "\"", COUNT);
	DUMP(r, "_IOC(_IOC_WRITE, 0xde, 0xad, 0x8)", 0x4008dead, "\"" COUNTED "\"", COUNT);
	DUMP(r, "_IOC(_IOC_READ|_IOC_WRITE, 0xde, 0xad, 0x8)", 0xc008dead, "\"" COUNTED "\" => \"" COUNTED "\"", COUNT);
	DUMP(r, "_IOC(_IOC_NONE, 0xde, 0xad, 0x8)", 0x0008dead, "\"" COUNTED "\" => \"" COUNTED "\"", COUNT);
	DUMP(r, "_IOC(_IOC_NONE, 0xde, 0xad, 0)", 0xdead, "0x20004000", COUNT);
	/* What cannot be read is an address, and is told once. */
	DUMP(r, "_IOC(_IOC_READ, 0xde, 0xad, 0x8)", 0x8008dead, "NULL", 0);
	DUMP(r, "_IOC(_IOC_WRITE, 0xde, 0xad, 0x8)", 0x4008dead, "0x20004ff9", END(COUNT) - 7);
	DUMP(r, "_IOC(_IOC_READ|_IOC_WRITE, 0xde, 0xad, 0x8)", 0xc008dead, "0x10000", BAD);
	/* As much as strings are shown of. */
	DUMP(r, "_IOC(_IOC_WRITE, 0xde, 0xad, 0x20)", 0x4020dead, "\"" TEXTUAL LONGER "\"", TEXT);
	DUMP(r, "_IOC(_IOC_WRITE, 0xde, 0xad, 0x21)", 0x4021dead, "\"" TEXTUAL LONGER "\"...", TEXT);
	/* Names alone. */
	DUMP(r, "FS_IOC_GET_ENCRYPTION_NONCE", 0x8010661b, "\"" COUNTED "\\x09\\x0a\\x0b\\x0c\\x0d\\x0e\\x0f\\x10\"", COUNT);
	DUMP(r, "HIDIOCGFEATURE(8)", 0xc0084807, "\"" COUNTED "\" => \"" COUNTED "\"", COUNT);
	DUMP(r, "IOMMU_IOAS_MAP", 0x3b85, "0x20004000", COUNT);
}

int main(int argc, char **argv)
{
	start(argc, argv);
	numbers(0);
	numbers(5);
	numbers(-22);
	return 0;
}
