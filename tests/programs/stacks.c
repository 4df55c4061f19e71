/* Calls from stacks of every shape; each write tells which. */
#define _GNU_SOURCE
#include <alloca.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HIDE(value) __asm__ volatile("" : : "r"(value) : "memory")
#define NOINLINE __attribute__((noinline, noclone))

static NOINLINE void say(const char *word)
{
	long got = write(1, word, strlen(word));
	HIDE(got);
}

NOINLINE int deep(int n)
{
	int got;
	if (n == 0) {
		say("deep\n");
		return 1;
	}
	got = deep(n - 1);
	HIDE(got);
	return got + 1;
}

/* The frame is found through a register, not through the stack pointer. */
NOINLINE void aligned(int n)
{
	char buffer[64] __attribute__((aligned(64)));
	char *more = alloca(n);
	memset(buffer, n, sizeof buffer);
	memset(more, n, n);
	HIDE(buffer);
	HIDE(more);
	say("aligned\n");
	HIDE(buffer);
}

static NOINLINE void handler(int signo)
{
	say(signo == SIGUSR1 ? "handler\n" : "alternate\n");
	HIDE(signo);
}

static int compare(const void *a, const void *b)
{
	static int once;
	if (!once++)
		say("sorted\n");
	return *(const int *)a - *(const int *)b;
}

/* A register holds the return address while the child runs on the same stack. */
NOINLINE void borrowed(void)
{
	int status;
	if (vfork() == 0)
		_exit(0);
	wait(&status);
	HIDE(status);
}

static void plain(void)
{
	static char other[65536];
	stack_t alternate = { .ss_sp = other, .ss_size = sizeof other };
	struct sigaction action = { .sa_handler = handler };
	int numbers[] = { 3, 1, 2 };
	sigaction(SIGUSR1, &action, NULL);
	sigaltstack(&alternate, NULL);
	action.sa_flags = SA_ONSTACK;
	sigaction(SIGUSR2, &action, NULL);
	deep(5);
	aligned(100);
	raise(SIGUSR1);
	raise(SIGUSR2);
	qsort(numbers, 3, sizeof *numbers, compare);
	munmap(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
}

/* A stack pointer that points nowhere, and one into the middle of nonsense. */
static NOINLINE void garbage(void)
{
	static long nonsense[4096];
	static char word[] = "garbage\n";
	unsigned i;
	for (i = 0; i < 4096; i++)
		nonsense[i] = (long)(nonsense + (i * 2654435761u) % 4096);
	void *stacks[] = { (void *)8, (void *)-8L, (void *)0x7fffffffffffL, nonsense, (char *)nonsense + 3 };
	for (i = 0; i < sizeof stacks / sizeof *stacks; i++) {
		long result;
		__asm__ volatile("xchg %%rsp, %1\n\txchg %%rbp, %2\n\tsyscall\n\txchg %%rbp, %2\n\txchg %%rsp, %1"
				 : "=a"(result), "+r"(stacks[i])
				 : "r"((void *)(nonsense + 8 * i)), "0"(1L), "D"(1L), "S"(word), "d"(8L)
				 : "rcx", "r11", "memory");
		HIDE(result);
	}
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "plain";
	int status;
	if (!strcmp(mode, "plain")) {
		plain();
	} else if (!strcmp(mode, "vfork")) {
		borrowed();
	} else if (!strcmp(mode, "garbage")) {
		garbage();
	} else if (!strcmp(mode, "deleted")) {
		unlink(argv[0]);
		deep(2);
	} else if (!strcmp(mode, "vdso")) {
		struct timespec now;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
		HIDE(now.tv_nsec);
	} else if (!strcmp(mode, "forever")) {
		deep(400);
	} else if (!strcmp(mode, "family")) {
		say("parent\n");
		if (fork() == 0) {
			say("child\n");
			execl(argv[0], argv[0], "executed", NULL);
		}
		wait(&status);
		say("survivor\n");
	} else if (!strcmp(mode, "executed")) {
		say("executed\n");
	} else if (!strcmp(mode, "dense")) {
		int i;
		for (i = atoi(argv[2]); i > 0; i--)
			syscall(SYS_getppid);
	}
	HIDE(mode);
	return 0;
}
