/* Signals that reach their process, which ignores them: every code of every signal, with several contents. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int codes[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 99, 0x80, 0x81, 0x7fffffff, -1, -2, -3, -4, -5,
	-6, -7, -8, -60, -61, -100, (int)0x80000000
};

int main(void)
{
	const unsigned at = sizeof(long) == 8 ? 16 : 12;
	static unsigned char info[128];
	/* What -y shows of the descriptors 0 to 2. */
	for (int fd = 0, null = open("/dev/null", O_RDWR); fd < 3; fd++)
		dup2(null, fd);
	for (int signo = 1; signo < 65; signo++)
		syscall(SYS_rt_sigaction, signo, (long[8]){(long)SIG_IGN}, 0, 8);
	for (int content = 0; content < 4; content++)
		for (int signo = 1; signo < 65; signo++)
			for (unsigned code = 0; code < sizeof codes / sizeof *codes; code++) {
				memset(info, content == 2 ? 0xff : 0, sizeof info);
				for (unsigned i = 12; content == 1 && i < sizeof info; i++)
					info[i] = i;
				if (content == 3) {
					memcpy(info + at, &(long){0x401000}, sizeof(long));
					memcpy(info + at + sizeof(long), (unsigned[]){1, 0xc000003e}, 8);
				}
				memcpy(info, (int[]){signo, code % 3 ? 0 : 5, codes[code]}, 12);
				if (signo != SIGKILL && signo != SIGSTOP)
					syscall(SYS_rt_sigqueueinfo, getpid(), signo, info);
			}
	return 0;
}
