/* siginfo_t: every code of every signal with several contents, through the calls that take or give one. */
#include "decode.h"
#include <fcntl.h>

static const int codes[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 99, 0x80, 0x81, 0x7fffffff, -1, -2, -3, -4, -5,
	-6, -7, -8, -60, -61, -100, (int)0x80000000
};
static const int errors[] = {0, 22, -1, 4095};

static unsigned char info[128];

/* The members behind the first three words: nothing, addresses, numbers that count up, all bits, and so on. */
static void fill(int content)
{
	const unsigned at = sizeof(long) == 8 ? 16 : 12;
	memset(info, content == 3 ? 0xff : 0, sizeof info);
	switch (content) {
	case 1:
		for (unsigned i = at; i < 128; i++)
			info[i] = i;
		break;
	case 2:
		for (unsigned i = 0; i < (128 - at) / 4; i++)
			memcpy(info + at + 4 * i, &(int){i + 1}, 4);
		break;
	case 4: /* A sender and no value. */
		memcpy(info + at, (int[]){77, 1000}, 8);
		break;
	case 5: /* A value and no sender. */
		memcpy(info + at + 8, &(long){0x1234567}, sizeof(long));
		break;
	case 6: /* A call of x86_64 that was trapped, or of i386. */
	case 7:
		memcpy(info + at, &(long){0x401000}, sizeof(long));
		memcpy(info + at + sizeof(long), (unsigned[]){content == 6 ? 1 : 5, content == 6 ? 0xc000003e : 0x40000003}, 8);
		break;
	case 8: /* A child that stopped. */
		memcpy(info + at, (int[]){77, -1, 19, 5, 0, 6, 0}, 28);
		break;
	}
}

static W at(int signo, int error, int code)
{
	memcpy(info, (int[]){signo, error, code}, 12);
	return own(info, sizeof info);
}

int main(int argc, char **argv)
{
	/* What -y shows of the descriptors 0 to 2. */
	for (int fd = 0, null = open("/dev/null", O_RDWR); fd < 3; fd++)
		dup2(null, fd);
	set_up(argc, argv);
	P(SYS_rt_sigqueueinfo, L(0, -1, H(7)), L(0, 10, H(64), -1), PTRS);
	P(SYS_rt_tgsigqueueinfo, L(-1, H(7)), L(8), L(0, 10, H(64)), PTRS);
	P(SYS_pidfd_send_signal, L(-1), L(10), PTRS, L(0, 1, 8, H(7)));
	P(SYS_waitid, L(0, 1, 2, 3), L(5), PTRS, L(4), PTRS);
	P(SYS_rt_sigtimedwait, L(0), PTRS, L(0), L(8));
	for (int signo = -1; signo < 67; signo++) {
		for (int content = 0; content < 9; content++) {
			fill(content);
			for (unsigned code = 0; code < sizeof codes / sizeof *codes; code++) {
				W pointer = at(signo, errors[(content + code) % 4], codes[code]);
				P(SYS_rt_sigqueueinfo, L(7), L(signo), L(pointer));
			}
		}
	}
	/* Other ways to the same thing. */
	const int some[] = {4, 5, 7, 8, 10, 11, 17, 29, 31, 35};
	for (unsigned i = 0; i < sizeof some / sizeof *some; i++) {
		for (int content = 0; content < 9; content++) {
			fill(content);
			for (unsigned code = 0; code < sizeof codes / sizeof *codes; code += 3) {
				W pointer = at(some[i], 0, codes[code]);
				P(SYS_rt_tgsigqueueinfo, L(7), L(8), L(some[i]), L(pointer));
				P(SYS_pidfd_send_signal, L(-1), L(some[i]), L(pointer), L(0));
				P(SYS_ptrace, L(0x4202, 0x4203), L(7), L(0), L(pointer));
				P(SYS_waitid, L(0), L(7), L(pointer), L(4), L(0));
				P(SYS_rt_sigtimedwait, L(0), L(pointer), L(0), L(8));
			}
		}
	}
	return 0;
}
