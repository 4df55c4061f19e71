/* Calls of signals, with all kinds of memory. */
#include "decode.h"

/* A siginfo of one signal and code, filled up with `rest`. */
static W info(int signo, int error, int code, int rest)
{
	int words[32];
	for (int i = 0; i < 32; i++)
		words[i] = rest == 1 ? i : rest;
	words[0] = signo, words[1] = error, words[2] = code;
	return own(words, sizeof words);
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	for (int size = 0; size < 10; size++) {
		W mask[2] = {COUNT, size};
		P(SYS_rt_sigpending, L(COUNT, ONES, END(COUNT) - 5), L(size));
		P(SYS_rt_sigprocmask, L(0), L(COUNT, ONES), L(0, ONES), L(size));
		P(SYS_rt_sigtimedwait, L(COUNT, ONES), L(0), L(0), L(size));
		P(SYS_ppoll, L(0), L(0), L(0), L(ONES), L(size));
		P(SYS_pselect6, L(0), L(0), L(0), L(0), L(0), L(own(mask, sizeof mask)));
	}
	for (int rest = 0; rest < 8; rest++) {
		int info[32] = {77, 0, 5};
		info[3] = rest & 1, info[4] = rest & 2, info[5] = info[6] = rest & 4;
		P(SYS_rt_sigqueueinfo, L(1), L(10), L(own(info, sizeof info)));
	}
	const struct list signals = L(0, 1, 9, 31, 32, 33, 34, 64, 65, -1, H(15), 0xff);
	const struct list sizes = L(0, 4, 8, 9, -1);
	P(SYS_kill, L(0, 1, -1, H(99), 0x80000000), signals);
	P(SYS_tkill, L(0, 1, -1, H(99)), signals);
	P(SYS_tgkill, L(-1, H(99)), L(0, -1), signals);
	P(SYS_rt_sigaction, signals, PTRS, L(0, BAD), L(8));
	P(SYS_rt_sigaction, L(10), L(0), PTRS, sizes);
	W act[8] = {1, 0};
	for (int i = 0; i < 34; i++) {
		act[0] = i % 3, act[1] = i < 32 ? 1UL << i : i == 32 ? 0xffffffff : -1UL;
		act[2] = 0x1234, act[3] = i % 2 ? 0xfffffffe : 0x401, act[4] = 0xffffffff;
		P(SYS_rt_sigaction, L(10), L(own(act, sizeof act)), L(own(act, sizeof act)), L(8));
	}
	P(SYS_rt_sigprocmask, L(0, 1, 2, 3, -1, H(1)), PTRS, L(0, BAD), L(8));
	P(SYS_rt_sigprocmask, L(0), PTRS, PTRS, sizes);
	W masks[2];
	for (int i = 0; i < 64; i++) {
		uint64_t mask = i % 2 ? (1ULL << i) - 1 : ~(1ULL << i);
		memcpy(masks, &mask, 8);
		P(SYS_rt_sigprocmask, L(0), L(own(masks, 8)), L(own(masks, 8)), L(8));
	}
	P(SYS_rt_sigpending, PTRS, sizes);
	P(SYS_rt_sigsuspend, PTRS, sizes);
	P(SYS_rt_sigtimedwait, PTRS, L(0, BAD, ZERO), L(0, BAD, COUNT), sizes);
	P(SYS_rt_sigtimedwait, L(0), L(0, SMALL, COUNT, END(COUNT) - 40), PTRS, L(8));
#ifdef SYS_rt_sigtimedwait_time64
	P(SYS_rt_sigtimedwait_time64, L(0), L(0, SMALL, COUNT, END(COUNT) - 40), PTRS, L(8));
#endif
	P(SYS_rt_sigqueueinfo, L(-1, H(5)), signals, PTRS);
	P(SYS_rt_tgsigqueueinfo, L(-1, H(5)), L(7), L(10), PTRS);
	P(SYS_pidfd_send_signal, FDS, signals, L(0, BAD), L(0));
	P(SYS_pidfd_send_signal, L(1000), L(10), PTRS, L(0, 0xfffffff8));
	const int which[] = {0, 4, 5, 7, 8, 10, 11, 14, 17, 29, 31, 34, 64, 65, -1};
	const int codes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 20, 0x80, 0x81, -1, -2, -3, -4, -5, -6, -7, -8, -60, -61, 0x10001};
	for (unsigned s = 0; s < sizeof which / sizeof *which; s++)
		for (unsigned c = 0; c < sizeof codes / sizeof *codes; c++) {
			for (int rest = -1; rest < 2; rest++)
				P(SYS_rt_sigqueueinfo, L(1), L(10), L(info(which[s], 0, codes[c], rest)));
		}
	const int errors[] = {1, 133, 134, 512, 516, 9999, -1};
	for (unsigned e = 0; e < sizeof errors / sizeof *errors; e++)
		P(SYS_rt_sigqueueinfo, L(1), L(10), L(info(11, errors[e], 1, 1)));
	P(SYS_sigaltstack, PTRS, PTRS);
	W stack[3] = {0x1234, 0, 4096};
	for (int i = 0; i < 33; i++) {
		stack[1] = i < 32 ? 1u << i : 3;
		P(SYS_sigaltstack, L(own(stack, sizeof stack)), L(0));
	}
#ifdef SYS_signalfd
	P(SYS_signalfd, FDS, PTRS, sizes);
#endif
	P(SYS_signalfd4, FDS, PTRS, L(8), L(0, 0x80000, 0x800, 0xffffffff));
	P(SYS_pause);
	P(SYS_restart_syscall);
#ifdef __i386__
	P(SYS_signal, signals, L(0, 1, -1, 0x1234));
	P(SYS_sigaction, signals, PTRS, L(0, BAD));
	P(SYS_sigaction, L(10), L(0), PTRS);
	for (int i = 0; i < 34; i++) {
		W old[4] = {i % 3, i % 2 ? 0xfffffffe : 0x401, i < 32 ? 1UL << i : i == 32 ? 0xffffffff : -1UL, 0x1234};
		P(SYS_sigaction, L(10), L(own(old, sizeof old)), L(own(old, sizeof old)));
	}
	P(SYS_sigprocmask, L(0, 1, 2, 3, -1), PTRS, PTRS);
	P(SYS_sigpending, PTRS);
	P(SYS_sigsuspend, INTS, INTS, L(0, 1, -1, 0x12345678));
	P(SYS_sgetmask);
	P(SYS_ssetmask, L(0, 1, -1, 0x12345678, 0x0fffffff));
#endif
	return 0;
}
