/* Calls of clocks and timers, with all kinds of memory. */
#include "decode.h"

int main(int argc, char **argv)
{
	set_up(argc, argv);
	const struct list clocks = L(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, -1, -2, -3, -4, -5, -6, -7, -8, -9, 0x80000000, 0x7fffffff, H(1), 0xfffffff3);
	const struct list flags = L(0, 1, 2, 3, 0x80000, 0x800, 0xffffffff);
	P(SYS_nanosleep, PTRS, PTRS);
	P(SYS_clock_nanosleep, clocks, L(0), L(COUNT), L(0));
	P(SYS_clock_nanosleep, L(0), flags, PTRS, PTRS);
	P(SYS_clock_gettime, clocks, L(0));
	P(SYS_clock_gettime, L(0), PTRS);
	P(SYS_clock_settime, clocks, L(0));
	P(SYS_clock_settime, L(0), PTRS);
	P(SYS_clock_getres, clocks, L(0));
	P(SYS_clock_getres, L(0), PTRS);
	P(SYS_clock_adjtime, clocks, L(0));
	P(SYS_clock_adjtime, L(0), PTRS);
	P(SYS_adjtimex, PTRS);
	W timex[52];
	for (int i = 0; i < 34; i++) {
		memset(timex, 0, sizeof timex);
		*(uint32_t *)timex = i < 32 ? 1u << i : i == 32 ? 0x8001 : 0xa001;
		timex[5] = i < 32 ? 1u << i : 0xffff;
		P(SYS_adjtimex, L(own(timex, 208 > sizeof timex ? sizeof timex : 208)));
		P(SYS_adjtimex, L(own(timex, sizeof(W) == 8 ? 208 : 128)));
	}
	P(SYS_gettimeofday, PTRS, PTRS);
	P(SYS_settimeofday, PTRS, PTRS);
#ifdef SYS_time
	P(SYS_time, PTRS);
#endif
#ifdef SYS_stime
	P(SYS_stime, PTRS);
#endif
	P(SYS_alarm, INTS);
	const struct list which = L(0, 1, 2, 3, -1, H(1));
	P(SYS_getitimer, which, PTRS);
	P(SYS_setitimer, which, PTRS, PTRS);
	P(SYS_timer_create, clocks, L(0), L(0));
	P(SYS_timer_create, L(0), PTRS, PTRS);
	struct {
		union { int i; void *p; } value;
		int signo, notify;
		union { int tid; void *p[2]; } u;
	} event;
	memset(&event, 0, sizeof event);
	event.value.i = 0xdefaced, event.u.p[1] = (void *)0x1234;
	for (int notify = 0; notify < 6; notify++) {
		const int signals[] = {0, 10, 34, 64, 99};
		for (int i = 0; i < 5; i++) {
			event.notify = notify, event.signo = signals[i];
			event.u.p[0] = i ? (void *)0xabcdef : 0;
			char whole[64] = {0};
			memcpy(whole, &event, sizeof event);
			P(SYS_timer_create, L(0), L(own(whole, 64)), L(0));
		}
	}
	P(SYS_timer_settime, INTS, flags, PTRS, PTRS);
	P(SYS_timer_gettime, INTS, PTRS);
	P(SYS_timer_getoverrun, INTS);
	P(SYS_timer_delete, INTS);
	P(SYS_timerfd_create, clocks, flags);
	P(SYS_timerfd_settime, FDS, flags, PTRS, PTRS);
	P(SYS_timerfd_gettime, FDS, PTRS);
	P(SYS_times, PTRS);
#ifdef SYS_clock_gettime64
	P(SYS_clock_gettime64, clocks, L(0));
	P(SYS_clock_gettime64, L(0), PTRS);
	P(SYS_clock_settime64, L(0), PTRS);
	P(SYS_clock_getres_time64, L(0), PTRS);
	P(SYS_clock_nanosleep_time64, L(0), flags, PTRS, PTRS);
	P(SYS_clock_adjtime64, L(0), PTRS);
	P(SYS_timer_settime64, L(1), flags, PTRS, PTRS);
	P(SYS_timer_gettime64, L(1), PTRS);
	P(SYS_timerfd_settime64, FDS, flags, PTRS, PTRS);
	P(SYS_timerfd_gettime64, FDS, PTRS);
	P(SYS_sched_rr_get_interval_time64, L(1), PTRS);
#endif
	return 0;
}
