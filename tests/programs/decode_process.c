/* Calls of processes, scheduling, futexes and security, with all commands and all kinds of memory. */
#include "decode.h"

/* Structs of odd sizes, descriptors of segments, statuses with bits that no kernel sets. */
static void others(void)
{
	unsigned char whole[128];
	uint64_t *words = (uint64_t *)whole;
	for (int zero = 0; zero < 2; zero++) {
		for (int i = 0; i < 128; i++)
			whole[i] = zero ? 0 : i + 1;
		words[0] = 0;
		for (int size = 60; size <= 100; size++)
			P(SYS_clone3, L(own(whole, size)), L(size, size + 1));
		P(SYS_clone3, L(own(whole, 88)), L(100, 4096, 5000));
	}
	memset(whole, 0, sizeof whole);
	const W places[] = {0, BAD, ZERO, COUNT, END(COUNT) - 2};
	for (int i = 0; i < 25; i++)
		for (int flags = 0; flags < 4; flags++) {
			words[0] = (flags & 1) << 12 | (flags & 2) << 19 | (i % 3 == 0) << 19;
			words[1] = places[i % 5], words[3] = places[i / 5], words[7] = places[i % 5];
			P(SYS_clone3, L(own(whole, 88)), L(88));
		}
	words[0] = 0;
	const uint64_t signals[] = {1, 64, 65, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000011};
	for (int i = 0; i < 7; i++) {
		words[4] = signals[i];
		P(SYS_clone3, L(own(whole, 88)), L(88));
	}
	P(SYS_set_thread_area, PTRS);
	P(SYS_get_thread_area, PTRS);
	P(SYS_personality, L(0x80000, 0x800000, 0x4100001, 0x5000002, 0x4000004, 0x4000006, 0x5000007, 0x4000009, 0x410000e, 0x400000d));
	const unsigned statuses[] = {0x80, 0x180, 0x10000, 0x10100, 0x9000000, 0x109, 0x189, 0x10009, 0x10109, 0x10189, 0x17e,
				     0x80000009, 0x8000057f, 0x90007f, 0x7f7f, 0xff7f, 0xfe7e, 0xffff0000, 0x1ffff, 0x7fffffff,
				     0xffffffff, 0x8011ffff, 0x1057f, 0x80057f};
	for (unsigned i = 0; i < sizeof statuses / sizeof *statuses; i++)
		P(SYS_wait4, L(1), L(own(&statuses[i], 4)), L(0), L(0));
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	others();
	const struct list pids = L(0, 1, -1, H(99));
	const struct list one = L(H(1));
	const struct list none = L(0);

	/* identity and limits */
	const struct list ids = L(0, 1, -1, H(65535), H(65536), 0x7fffffff);
	P(SYS_setuid, ids);
	P(SYS_setgid, ids);
	P(SYS_setreuid, ids, ids);
	P(SYS_setregid, ids, ids);
	P(SYS_setresuid, ids, ids, ids);
	P(SYS_setresgid, L(0, -1), ids, ids);
	P(SYS_getresuid, PTRS, PTRS, PTRS);
	P(SYS_getresgid, PTRS, PTRS, none);
	P(SYS_setfsuid, ids);
	P(SYS_setfsgid, ids);
	P(SYS_getgroups, INTS, PTRS);
	P(SYS_setgroups, L(0, 1, 3, 40, -1, H(2), 65536), PTRS);
#ifdef SYS_setuid32
	P(SYS_setuid32, ids);
	P(SYS_setreuid32, ids, ids);
	P(SYS_setresgid32, ids, ids, none);
	P(SYS_getresuid32, PTRS, PTRS, none);
	P(SYS_setfsuid32, ids);
	P(SYS_getgroups32, INTS, PTRS);
	P(SYS_setgroups32, L(0, 1, 3, 40, -1, 65536), PTRS);
	P(SYS_getuid32);
	P(SYS_getegid32);
#endif
	P(SYS_getuid);
	P(SYS_getegid);
	P(SYS_getpid);
	P(SYS_getppid);
	P(SYS_gettid);
	P(SYS_getpgrp);
	P(SYS_setsid);
	P(SYS_getpgid, pids);
	P(SYS_getsid, pids);
	P(SYS_setpgid, pids, pids);
	const struct list resources = L(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, -1, H(3));
	P(SYS_getrlimit, resources, PTRS);
	P(SYS_setrlimit, L(3, H(16)), PTRS);
	W limits[2];
	for (int i = 0; i < 12; i++) {
		const W values[] = {0, 1, 1023, 1024, 1025, 2048, 4096, 1 << 20, 1 << 30, -1, -1024, 0x7fffffff};
		limits[0] = values[i], limits[1] = values[11 - i];
		P(SYS_setrlimit, L(3), L(own(limits, sizeof limits)));
		P(SYS_prlimit64, L(0), L(3), L(own(limits, sizeof limits), own(limits, sizeof limits) - 8), none);
	}
	P(SYS_prlimit64, pids, L(0, H(99)), PTRS, PTRS);
#ifdef SYS_ugetrlimit
	P(SYS_ugetrlimit, resources, PTRS);
#endif
	P(SYS_getrusage, L(0, 1, -1, -2, 2, H(-1)), PTRS);
	P(SYS_getpriority, L(0, 1, 2, 3, -1), L(0, -1));
	P(SYS_setpriority, L(0, 1, 2, 3, -1), L(0, -1), L(0, -1, H(5)));
	const struct list prios = L(0, 1, 0x2000, 0x2004, 0x4007, 0x6000, 0x8000, 0xffff, 0x10000, -1, 0x4407, 0x2438, H(0x4003));
	P(SYS_ioprio_get, L(0, 1, 2, 3, 4, -1), L(0, -1));
	P(SYS_ioprio_set, L(0, 1, 2, 3, 4, -1), L(0, -1), prios);
	P(SYS_personality, L(0, 0xffffffff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0x40000, 0x20000, 0x20008, 0xffbe0000, 0x1ffff, 0xdeadbeef, 0x1000000, 0x3000003, H(8)));
	P(SYS_getcpu, PTRS, PTRS, L(0, BAD));

	/* birth and death */
	P(SYS_execve, L(0, BAD, TEXT), PTRS, PTRS);
	P(SYS_execveat, L(-100, -1, H(5)), L(0, TEXT), L(0, BAD), L(0, BAD), L(0, 0x100, 0x1000, 0x1100, 0x10000, 0x20000, 0xffffffff));
	P(SYS_wait4, L(-1, 0, 1, H(5)), PTRS, L(0, 1, 2, 8, 0x40000000, 0x80000000, 0xffffffff), none);
	P(SYS_wait4, L(-1), L(0, ZERO), none, PTRS);
	int status[] = {0, 0x100, 0xff00, 0x7f, 0x137f, 0x857f, 0x3057f, 0x80057f, 0x7057f, 9, 0x8b, 0xffff, 0x1ffff, 0x10009, 0x12345678, 0x4c7f, 0x41, 0xc1};
	for (unsigned i = 0; i < sizeof status / sizeof *status; i++)
		P(SYS_wait4, L(-1), L(own(&status[i], 4)), none, none);
	P(SYS_waitid, L(0, 1, 2, 3, 4, -1), L(0, -1, H(5)), none, L(4), none);
	P(SYS_waitid, L(0), L(0), PTRS, L(0, 1, 2, 4, 8, 0x1000000, 0xffffffff), none);
	P(SYS_waitid, L(0), L(0), none, none, PTRS);
#ifdef SYS_waitpid
	P(SYS_waitpid, L(-1, 0, 1), PTRS, L(0, 1, 2, 0xffffffff));
#endif
	const struct list births = L(0, 0x11, 0x1200011, 0x100000, 0x101000, 0x1000, 0x80000, 0x200ff, 0xffffffff, H(0x12), 0x3d0f00);
	P(SYS_clone, births, L(0, 0x1234), L(0, ZERO, ONES, COUNT, END(SMALL) - 4), L(0, SMALL, COUNT, END(SMALL) - 8), L(0, SMALL, COUNT, END(ONES) - 8));
	P(SYS_clone3, PTRS, L(0, 8, 63, 64, 65, 72, 80, 88, 89, 96, 128, 4096, -1));
	uint64_t args[16];
	const uint64_t flags[] = {0, 0x1000, 0x100000, 0x1200000, 0x80000, 0x200000000, 0x100000000, 0x80, 0x203381f00, 0xffffffffffffffff, 0xff};
	for (int i = 0; i < 11; i++)
		for (int size = 64; size <= 104; size += 8) {
			memset(args, 0, sizeof args);
			args[0] = flags[i], args[1] = COUNT, args[2] = ONES, args[3] = SMALL, args[4] = i % 3 ? 17 : i ? 99 : 0;
			args[5] = i % 2 ? 0x1234 : 0, args[6] = i % 2 ? 0x1000 : 0, args[7] = SMALL;
			args[8] = i < 2 ? 0 : SMALL, args[9] = i < 2 ? 0 : i == 2 ? 40 : i, args[10] = 7, args[11] = i % 2, args[12] = 0;
			P(SYS_clone3, L(own(args, size)), L(size));
		}
	P(SYS_exit, none);
	P(SYS_unshare, L(0, 0x80, 0x20000, 0x200, 0x7c020f80, 0xffffffff, 1, H(0x200)));
	P(SYS_setns, FDS, L(0, 0x80, 0x20000, 0x7e020080, 0xffffffff, 1));
	P(SYS_pidfd_open, pids, L(0, 0x800, 0x80, 1, 0xffffffff));
	P(SYS_pidfd_getfd, FDS, FDS, L(0, 1, -1));
	P(SYS_set_tid_address, L(0, BAD));
	P(SYS_set_robust_list, L(0, BAD, COUNT), L(0, 24, -1));
	P(SYS_get_robust_list, pids, PTRS, PTRS);
	P(SYS_rseq, L(0, BAD, COUNT), L(0, 32, -1), L(0, 1, 2, -1), L(0, 0x53053053, H(1)));
	P(SYS_kcmp, pids, L(1), L(0, 1, 2, 3, 4, 5, 6, 7, 8, -1, H(0)), L(0, H(1000), -1), PTRS);

	/* scheduling */
	const struct list policies = L(0, 1, 2, 3, 4, 5, 6, 7, 8, -1, 0x40000000, 0x40000001, 0x40000009, H(1));
	P(SYS_sched_setscheduler, pids, policies, PTRS);
	P(SYS_sched_getscheduler, pids);
	P(SYS_sched_setparam, pids, PTRS);
	P(SYS_sched_getparam, pids, PTRS);
	P(SYS_sched_get_priority_max, policies);
	P(SYS_sched_get_priority_min, policies);
	P(SYS_sched_rr_get_interval, pids, PTRS);
	P(SYS_sched_setaffinity, pids, L(0, 1, 4, 8, 9, 16, 128, 4096, -1, H(8)), PTRS);
	P(SYS_sched_getaffinity, pids, L(0, 1, 4, 8, 9, 16, 128, 4096, -1), PTRS);
	P(SYS_sched_setattr, pids, PTRS, L(0, 1, -1));
	P(SYS_sched_getattr, pids, PTRS, L(0, 1, 47, 48, 52, 56, 60, -1), L(0, 1, -1));
	for (int size = 0; size < 72; size += 4) {
		uint32_t attr[24] = {size, size / 4 % 9, size % 3 ? 0x7f : size, 0, 5, 6, 7, 0, 8, 0, 9, 0, 10, 11, 12, 13};
		P(SYS_sched_setattr, L(1), L(own(attr, 56), own(attr, 48), own(attr, 64)), none);
		P(SYS_sched_getattr, L(1), L(own(attr, 56), own(attr, 48)), L(48, 56, 64, 52), none);
	}
	P(SYS_sched_yield);

	/* futexes */
	P(SYS_futex, L(0, BAD), L(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0x80, 0x81, 0x82, 0x85, 0x89, 0x8d, 0x100, 0x101, 0x180, 0x189, 0x18b, 0x18d, 0x1ff, -1, H(0)),
	  L(0, -1, H(7)), L(0, SMALL, COUNT, 0x100000001), L(0, BAD), L(0, -1));
	P(SYS_futex, L(0), L(5, 0x85), L(1), L(1), L(0), L(0, 0x1000000, 0x12345678, 0x23456789, 0x34fff001, 0x4f000000, 0x50000000, 0x81002003, 0x95003004, 0xffffffff, 0xc2801801));
#ifdef SYS_futex_time64
	P(SYS_futex_time64, L(0, BAD), L(0, 3, 5, 9, 11, 13, 14, 0x189), L(7), PTRS, L(0, BAD), L(0, -1));
#endif
	P(449, PTRS, L(0, 1, 2, 40, -1), L(0, 1, -1), L(0, COUNT, BAD), L(0, 1, 11, 99, H(1)));

	/* barriers, capabilities, seccomp */
	P(SYS_membarrier, L(0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 3, -1, H(1)), L(0, 1, 2, -1), L(0, H(7)));
	P(SYS_capget, PTRS, PTRS);
	P(SYS_capset, PTRS, PTRS);
	for (int i = 0; i < 5; i++) {
		const uint32_t versions[] = {0x19980330, 0x20071026, 0x20080522, 0, 0x20080523};
		uint32_t header[2] = {versions[i], i % 2 ? 1 : -1};
		W at = own(header, 8);
		P(SYS_capget, L(at), PTRS);
		P(SYS_capset, L(at), PTRS);
	}
	P(SYS_seccomp, L(0, 1, 2, 3, 4, -1, H(1)), L(0, 1, 2, 4, 8, 16, 32, 64, -1), PTRS);
	struct sock_filter code[] = {
		{0x20, 0, 0, 0}, {0x20, 0, 0, 4}, {0x15, 1, 2, 0xc000003e}, {0x6, 0, 0, 0x7fff0000}, {0x6, 0, 0, 0x50026}, {0x6, 0, 0, 0x80000000},
		{0x6, 0, 0, 0}, {0x6, 0, 0, 0x30000}, {0x6, 0, 0, 0x7ff00001}, {0x6, 0, 0, 0x7fc00000}, {0x6, 0, 0, 0x7ffc0000}, {0x6, 0, 0, 0x12345678},
		{0x16, 0, 0, 1}, {0xe, 0, 0, 1}, {0x5, 1, 2, 3}, {0x25, 1, 2, 3}, {0x35, 0, 1, 3}, {0x45, 1, 0, 3}, {0x1d, 1, 2, 3}, {0x0, 1, 2, 3},
		{0x1, 0, 0, 3}, {0x28, 0, 0, 3}, {0x30, 0, 0, 3}, {0x40, 0, 0, 3}, {0x48, 1, 0, 3}, {0x60, 0, 0, 3}, {0x80, 0, 0, 0}, {0xa0, 0, 0, 0}, {0xb1, 0, 0, 14},
		{0x2, 0, 0, 1}, {0x3, 0, 0, 1}, {0x4, 0, 0, 1}, {0xc, 0, 0, 1}, {0x14, 0, 0, 1}, {0x24, 0, 0, 1}, {0x34, 0, 0, 1}, {0x44, 0, 0, 1}, {0x54, 0, 0, 1},
		{0x64, 0, 0, 1}, {0x74, 0, 0, 1}, {0x84, 0, 0, 0}, {0x94, 0, 0, 1}, {0xa4, 0, 0, 1}, {0xb4, 0, 0, 1}, {0x7, 0, 0, 0}, {0x87, 0, 0, 0}, {0xffff, 255, 255, -1},
		{0x15, 0, 0, 0xffffffff}, {0x55, 1, 1, 1}, {0x20, 0, 0, 0xfffff000}, {0x28, 0, 0, 0xfffff00c}, {0x30, 0, 0, 0xfffff03c}, {0x20, 0, 0, 0xfffff040}, {0xc0, 0, 0, 1}, {0xe1, 0, 0, 1}, {0x27, 0, 0, 0},
	};
	for (unsigned i = 0; i < sizeof code / sizeof *code; i++) {
		W at = own(&code[i], 8);
		W filter[2] = {1, at};
		if (sizeof(W) == 4)
			filter[0] = 1;
		memcpy((void *)(OWN), filter, sizeof filter);
		P(SYS_seccomp, L(1), none, L(OWN));
	}
	for (int count = 0; count < 60; count++) {
		W filter[2] = {count, own(code, sizeof code)};
		memcpy((void *)(OWN), filter, sizeof filter);
		P(SYS_seccomp, L(1), L(8), L(OWN));
		P(SYS_prctl, L(22), L(2), L(OWN));
	}
	/* Longer than any program, and than the memory. */
	for (int bytes = 0; bytes < 25; bytes += 3) {
		W filter[2] = {60000, END(COUNT) - bytes};
		memcpy((void *)(OWN), filter, sizeof filter);
		P(SYS_seccomp, L(1), L(8), L(OWN));
	}
	P(444, PTRS, L(0, 7, 8, 9, 12, 16, 24, 40, 4096, -1), L(0, 1, 2, 3, -1));
	P(445, FDS, L(0, 1, 2, 3, -1), PTRS, L(0, 1, -1));
	P(446, FDS, L(0, 1, 2, 4, 7, -1));
	uint64_t access = 1;
	for (int i = 0; i < 20; i++, access <<= 1) {
		P(444, L(own(&access, 8)), L(8), none);
		struct { uint64_t access; int fd; } __attribute__((packed)) beneath = {access, i};
		P(445, L(7), L(1), L(own(&beneath, 12)), none);
		uint64_t port[2] = {access, i * 4000};
		P(445, L(7), L(2), L(own(port, 16)), none);
	}
	return 0;
}
