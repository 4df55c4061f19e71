/* Every system call by its number, with arguments that chance picks: the same in every run with the same seed.
 * Arguments: the result of all calls, the seed, how many calls of each number. */
#include "decode.h"

/* Calls that end the program, that read its stack, whose rubbish differs from run to run, or that the kernel answers
 * before a filter is asked: uretprobe and uprobe of x86_64. */
#ifdef SYS_sigreturn
#define LEFT_OUT(nr) ((nr) == SYS_exit_group || (nr) == SYS_sigreturn)
#else
#define LEFT_OUT(nr) ((nr) == SYS_exit_group || (nr) == SYS_rt_sigreturn || (nr) == 335 || (nr) == 336)
#endif
#define LAST 471

static uint64_t state;

static uint64_t chance(void)
{
	state ^= state << 13, state ^= state >> 7, state ^= state << 17;
	return state >> 11;
}

static unsigned below(unsigned n)
{
	return chance() % n;
}

static W pointer(void)
{
	static const W pages[] = {ZERO, ONES, COUNT, SMALL, TEXT, OWN, OWN, OWN};
	W at = pages[below(8)];
	switch (below(4)) {
	case 0:
		return END(at) - below(260);
	case 1:
		return END(at) - 4 * below(65);
	case 2:
		return at + below(4096);
	default:
		return at;
	}
}

static W number(void)
{
	switch (below(12)) {
	case 0:
		return H(below(64));
	case 1:
		return -1L - (W)below(130);
	case 2:
		return 1UL << below(sizeof(W) * 8);
	case 3:
		return 1U << below(32) | 1U << below(32) | below(16);
	case 4:
		return (W)(chance() << 32 | chance());
	case 5:
		return (unsigned)chance();
	case 6:
		return below(4097);
	default:
		return below(12);
	}
}

static W value(void)
{
	switch (below(12)) {
	case 0:
		return 0;
	case 1:
		return BAD;
	case 2 ... 6:
		return pointer();
	default:
		return number();
	}
}

/* Rubbish that looks like structs. */
static void scramble(void)
{
	W *words = (W *)OWN;
	int kind = below(4);
	for (unsigned i = 0; i < 4096 / sizeof(W); i++)
		switch (kind) {
		case 0:
			words[i] = number();
			break;
		case 1:
			words[i] = value();
			break;
		case 2:
			words[i] = below(256) * below(2);
			break;
		default:
			words[i] = below(3) ? (W)((uint64_t)(unsigned)number() << 32 | (unsigned)number()) : pointer();
		}
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	unsigned seed = atoi(argv[2]), times = atoi(argv[3]);
	for (long nr = 0; nr <= LAST; nr++) {
		if (LEFT_OUT(nr))
			continue;
		state = 0x9e3779b97f4a7c15ULL * (nr + 1) + seed * 0x2545f4914f6cdd1dULL;
		for (unsigned i = 0; i < times; i++) {
			W a[6];
			scramble();
			for (int j = 0; j < 6; j++)
				a[j] = value();
			syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
		}
	}
	return 0;
}
