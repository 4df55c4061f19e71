/* Calls of mounts, quotas, watches, handles, modules, kernels and of the past, with all kinds of memory. */
#include "decode.h"

#define PATHS L(0, BAD, TEXT, TEXT + 50, ONES, END(ZERO) - 1)
#define PATH L(TEXT + 90)
#define DIRS L(0, -1, H(1000), -100)
#define BITS                                                                                                    \
	L(0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000,     \
	  0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000,      \
	  0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80000000, 0xffffffff, H(0x12345678), 3, 7, 0x30, 0x70)

static void mounts(void)
{
	P(SYS_mount, PATHS, PATHS, L(0), L(0), L(0));
	P(SYS_mount, PATH, PATH, PATHS, L(0), PATHS);
	P(SYS_mount, PATH, PATH, PATH, BITS, L(BAD, TEXT));
	P(SYS_mount, PATH, PATH, PATHS, L(0x20, 0x1000, 0x1020, 0x2000, 0x5000, 0xc0ed0000, 0xc0ed1020, 0xc0ed0400, 0xc0ef0001), PATHS);
	P(SYS_umount2, PATHS, L(0));
	P(SYS_umount2, PATH, BITS);
#ifdef SYS_umount
	P(SYS_umount, PATHS);
#endif
	P(SYS_pivot_root, PATHS, PATHS);
	P(SYS_fsopen, PATHS, L(0, 1, 2, 3, -1));
	P(SYS_fsconfig, DIRS, L(0, 1, 2, 3, 4, 5, 6, 7, 9, -1, H(1)), L(0, BAD, TEXT + 90), L(0, BAD, TEXT, COUNT), L(0, 1, -100, -1));
	/* Names and texts are read so far and no further. */
	memset((void *)OWN, 'k', 4096);
	P(SYS_fsconfig, L(-1), L(0, 1, 2, 3, 4, 5), L(END(OWN) - 31, END(OWN) - 33, END(OWN) - 255, END(OWN) - 256, END(OWN) - 257, OWN), L(END(OWN) - 33, END(OWN) - 255, END(OWN) - 256, OWN), L(0, 256));
	P(SYS_fsconfig, L(3), L(0, 1, 2, 3, 4, 5, 6, 7, 100), PATHS, PATHS, L(5, 88, 0x7fffffff));
	P(SYS_fsmount, DIRS, L(0, 1, 2, -1), L(0, 1, 0xf));
	P(SYS_fsmount, L(3), L(1), BITS);
	P(SYS_fspick, DIRS, PATHS, L(0));
	P(SYS_fspick, L(-100), PATH, BITS);
	P(SYS_open_tree, DIRS, PATHS, L(0));
	P(SYS_open_tree, L(-100), PATH, BITS);
	P(SYS_move_mount, DIRS, PATHS, DIRS, L(0, TEXT + 90), L(0));
	P(SYS_move_mount, L(-100), PATH, L(-100), PATHS, BITS);
	P(SYS_mount_setattr, DIRS, PATHS, L(0), L(0), L(32));
	P(SYS_mount_setattr, L(-100), PATH, BITS, L(0), L(32));
	P(SYS_mount_setattr, L(-100), PATH, L(0), PTRS, L(0, 8, 31, 32, 33, 40, 48, 4096, H(4097), -1));
	const struct list bits = BITS;
	for (int i = 0; i < bits.count; i++) {
		uint64_t attr[6] = {bits.at[i], bits.at[bits.count - 1 - i], i % 3 ? bits.at[i] : 1 << (17 + i % 4), i % 5 - 1, i % 2, 0};
		P(SYS_mount_setattr, L(-100), PATH, L(0), L(own(attr, 32)), L(32));
		P(SYS_mount_setattr, L(-100), PATH, L(0), L(own(attr, 48)), L(32, 40, 48));
	}
}

static void put(uint8_t *at, uint64_t value, int size)
{
	memcpy(at, &value, size);
}

static void quotas(void)
{
	const unsigned commands[] = {0x800001, 0x800002, 0x800003, 0x800004, 0x800005, 0x800006, 0x800007, 0x800008, 0x800009,
		0x5801, 0x5802, 0x5803, 0x5804, 0x5805, 0x5806, 0x5807, 0x5808, 0x5809, 0x580a, 0, 0xffffff, 0x80000a, 0x100, 0x200, 0x300, 0x400,
		0x500, 0x600, 0x700, 0x800, 0x900, 0xa00, 0xb00, 0xc00, 0xd00, 0xe00, 0xf00, 0x1000, 0x1100, 0x1200};
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++) {
		const W command = commands[i] << 8;
		P(SYS_quotactl, L(command, command | 1, H(command | 2), command | 3, command | 0xff), L(0, TEXT + 90), L(5, -1), L(0, BAD));
		P(SYS_quotactl, L(command), L(TEXT + 90), L(0, 1, 2, 3, 4, 5, 6, H(-1), 0x12345), PTRS);
		P(SYS_quotactl, L(command), L(TEXT + 90), L(2), PATHS);
		P(SYS_quotactl_fd, DIRS, L(command), L(2), PTRS);
		uint8_t data[256];
		for (int j = 0; j < 24; j++) {
			for (int k = 0; k < 256; k++)
				data[k] = j % 3 == 0 ? 0 : j % 3 == 1 ? k * (j + 1) : k % 8 < 2 ? k : 0;
			if (commands[i] == 0x800005 || commands[i] == 0x800006) {
				put(data + 16, 1u << j, 4), put(data + 20, 1u << (j % 5), 4);
				P(SYS_quotactl, L(command), PATH, L(1), L(own(data, 24)));
			} else if (commands[i] < 0x800000 && commands[i] >= 0x5800) {
				data[0] = j % 5 ? 1 : j, data[1] = 1 << (j % 8);
				put(data + 2, 1u << (j % 16), 2);
				P(SYS_quotactl, L(command), PATH, L(1), L(own(data, 112), own(data, 80)));
				data[0] = 1;
				put(data + 2, 1u << (j % 16), 2);
				P(SYS_quotactl, L(command), PATH, L(1), L(own(data, 176), own(data, 68)));
				unsigned flags = 1u << j;
				P(SYS_quotactl, L(command), PATH, L(1), L(own(&flags, 4)));
			} else {
				put(data + 64, j % 2 ? 1u << (j % 7) : j, 4);
				P(SYS_quotactl, L(command), PATH, L(1), L(own(data, 72), own(data, 68)));
				unsigned format = j;
				P(SYS_quotactl, L(command), PATH, L(1), L(own(&format, 4)));
			}
		}
	}
}

static void watches(void)
{
	const struct list bits = BITS;
	P(SYS_fanotify_init, BITS, L(0, 2));
	P(SYS_fanotify_init, L(0, 4, 8, 12, 0x600, 0xe00, 0x1e00), BITS);
#ifdef __i386__
	P(SYS_fanotify_mark, DIRS, L(0, 1), L(2), L(0, 0x40000000), DIRS, PATHS);
	for (int i = 0; i < bits.count; i++)
		P(SYS_fanotify_mark, L(3), L(bits.at[i]), L(bits.at[bits.count - 1 - i]), L(i % 5 == 0), L(-100, -1), L(0));
#else
	P(SYS_fanotify_mark, DIRS, L(0, 1), L(2, 0x4000000000000002), DIRS, PATHS);
	for (int i = 0; i < bits.count; i++)
		P(SYS_fanotify_mark, L(3), L(bits.at[i]), L(bits.at[bits.count - 1 - i], bits.at[i] | 1ul << 32), L(-100, -1), L(0));
#endif

	P(SYS_name_to_handle_at, DIRS, PATHS, L(0, SMALL), L(0, SMALL), L(0));
	P(SYS_name_to_handle_at, L(-100), PATH, PTRS, PTRS, L(0));
	P(SYS_name_to_handle_at, L(-100), PATH, L(0), L(0), BITS);
	P(SYS_open_by_handle_at, DIRS, PTRS, L(0, 0x200000));
	P(SYS_open_by_handle_at, L(-100), L(0), BITS);
	for (int i = 0; i < 40; i++) {
		struct { unsigned bytes; int type; uint8_t handle[128]; } handle;
		const unsigned kinds[] = {0, 1, 2, 0x4d, 0x4e, 0x4f, 0x51, 0x52, 0x61, 0x62, 0x71, 0x72, 0x81, 0x82, 0x97, 0xb1, 0xfe, 0xff, 3, -1};
		handle.bytes = i == 30 ? 129 : i == 31 ? -1 : i % 7 * 20;
		handle.type = kinds[i % 20];
		for (int j = 0; j < 128; j++)
			handle.handle[j] = j;
		P(SYS_name_to_handle_at, L(-100), PATH, L(own(&handle, 136), own(&handle, 48)), L(SMALL), L(0));
		P(SYS_open_by_handle_at, L(-100), L(own(&handle, 48), own(&handle, 8 + i)), L(0));
	}
}

static void kernel(void)
{
	P(SYS_init_module, L(0, BAD, COUNT), L(0, 5, 88, -1), PATHS);
	P(SYS_finit_module, DIRS, PATHS, L(0, 1, 2, 3, 4, 7, 8, -1));
	P(SYS_delete_module, PATHS, L(0, 0x800, 0x200, 0xa00, 1, -1));
	P(SYS_kexec_load, L(0, BAD, ZERO), L(0, 1, 2, 16, 17, 40, -1), PTRS, L(0));
	P(SYS_kexec_load, L(0), L(0), L(0), BITS);
	P(SYS_kexec_load, L(0), L(0), L(0), L(0x30000, 0x3e0000, 0x40001, 0xf0002, 0x140003, 0x150000, 0x320000, 0x280000, 0x160000, 0x2a0000, 0xa0000, 0x80000, 0xb70000, 0xf30000, 0xdead0000, 0x1020000, -1));
	W segments[17][4];
	for (int i = 0; i < 17; i++)
		segments[i][0] = i ? TEXT + i : 0, segments[i][1] = 10 * i, segments[i][2] = 0x1000 * i, segments[i][3] = 100 * i;
	P(SYS_kexec_load, L(0x1234), L(1, 2, 3, 16, 17), L(own(segments, 2 * sizeof *segments), own(segments, sizeof segments), own(segments, sizeof *segments) - 4), L(1));
#ifdef SYS_kexec_file_load
	P(SYS_kexec_file_load, DIRS, DIRS, L(0, 5, 100, -1), PATHS, L(0));
	P(SYS_kexec_file_load, L(3), L(4), L(5), PATH, BITS);
#endif
	P(SYS_reboot, L(0, 0xfee1dead, -1, H(0xfee1dead)), L(0, 672274793, 85072278, 369367448, 537993216, -1), L(0, 0x1234567), L(0, TEXT));
	P(SYS_reboot, L(0xfee1dead), L(672274793), L(0, 0x01234567, 0xCDEF0123, 0x89ABCDEF, 0xA1B2C3D4, 0x4321FEDC, 0xD000FCE2, 0x45584543, -1, H(0x1234567)), PATHS);
	P(SYS_syslog, L(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1, H(3)), L(0, BAD, TEXT, COUNT), L(0, 5, 7, 8, 9, 88, 100, -1));
	P(SYS_sysfs, L(0, 1, 2, 3, 4, -1, H(1)), L(0, BAD, TEXT + 90, 5), L(0, BAD, TEXT, ONES));
	P(SYS_sethostname, L(0, BAD, TEXT, COUNT), L(0, 5, 64, 65, -1));
	P(SYS_setdomainname, L(0, BAD, TEXT, COUNT), L(0, 5, 64, 65, -1));
	P(SYS_uname, PTRS);
	P(SYS_sysinfo, PTRS);
	P(SYS_vhangup);
	P(SYS_iopl, INTS);
	P(SYS_ioperm, L(0, 5, -1), L(0, 5, -1), INTS);
#ifdef SYS_lookup_dcookie
#ifdef __i386__
	P(SYS_lookup_dcookie, L(0, 5, -1), L(0, 1), L(0, BAD, TEXT), L(0, 5, 88, -1));
#else
	P(SYS_lookup_dcookie, L(0, 5, -1), L(0, BAD, TEXT), L(0, 5, 88, -1));
#endif
#endif
	P(SYS_modify_ldt, L(0, 1, 2, 0x11, -1), PTRS, L(0, 12, 16, 88, -1));
}

static void past(void)
{
#ifdef SYS_create_module
	P(SYS_create_module, PATHS, L(0, 5, -1));
	P(SYS_get_kernel_syms, L(0, BAD, COUNT));
	P(SYS_query_module, L(0, TEXT), L(0, 1, 5, -1), L(0, COUNT), L(88), L(0, COUNT));
#endif
#ifdef SYS__sysctl
	P(SYS__sysctl, PTRS);
#endif
#ifdef SYS_nfsservctl
	P(SYS_nfsservctl, L(0, 1, 2, 3, 4, 5, 6, 7, 8, -1), L(0, COUNT), L(0, COUNT));
#endif
	P(SYS_vserver, L(0, 1, -1), L(0, 1, -1), L(0, COUNT));
	P(SYS_getpmsg, L(0, 1, -1), L(0, COUNT), L(0, COUNT), L(0, 1), L(0, 1));
	P(SYS_putpmsg, L(0, 1, -1), L(0, COUNT), L(0, COUNT), L(0, 1), L(0, 1));
	P(SYS_afs_syscall, L(0, 1, -1), L(0, COUNT), L(0, COUNT), L(0, 1), L(0, 1));
#ifdef SYS_tuxcall
	P(SYS_tuxcall, L(0, 1, -1), L(0, COUNT), L(0, COUNT));
	P(SYS_security, L(0, 1, -1), L(0, COUNT), L(0, COUNT));
	P(SYS_epoll_ctl_old, L(0, 1, -1), L(0, COUNT), L(0, COUNT), L(0, 1));
	P(SYS_epoll_wait_old, L(0, 1, -1), L(0, COUNT), L(0, COUNT), L(0, 1));
#endif
#ifdef SYS_bdflush
	P(SYS_bdflush, L(0, 1, 2, 3, 4, 5, -1), PTRS);
	P(SYS_olduname, PTRS);
	P(SYS_oldolduname, PTRS);
	P(SYS_vm86, INTS, PTRS);
	P(SYS_vm86old, PTRS);
	P(SYS_idle, INTS);
	P(SYS_lock, INTS);
	P(SYS_break, INTS);
	P(SYS_ftime, INTS);
	P(SYS_gtty, INTS);
	P(SYS_stty, INTS);
	P(SYS_mpx, INTS);
	P(SYS_prof, INTS);
	P(SYS_profil, INTS);
	P(SYS_ulimit, INTS);
	P(SYS_nice, INTS);
	P(SYS_sgetmask);
	P(SYS_ssetmask, INTS);
	P(SYS_stime, PTRS);
#endif
}

int main(int argc, char **argv)
{
	dup2(0, 1);
	dup2(0, 2);
	set_up(argc, argv);
	mounts();
	quotas();
	watches();
	kernel();
	past();
	return 0;
}
