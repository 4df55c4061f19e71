/* What the decode_*.c programs share: pages of fixed content at fixed addresses, each with unmapped memory behind
 * it, and the product of lists of arguments. No call is carried out: a seccomp filter hands each to a supervisor, which
 * answers with the number that the program was started with: a result, or an error when it is negative. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef unsigned long W;

/* A value with rubbish in the upper half of the register, where there is one. */
#define H(x) ((W)(0xdefaced00000000ULL | (unsigned)(x)))

#define BAD 0x10000UL
#define ZERO 0x20000000UL  /* zeros */
#define ONES 0x20002000UL  /* all bits */
#define COUNT 0x20004000UL /* bytes that count up from 1 */
#define SMALL 0x20006000UL /* 32-bit words 1, 2, 3, ... */
#define TEXT 0x20008000UL  /* text without an end, but for a NUL at 100 */
#define OWN 0x2000a000UL   /* what a row puts there */
#define END(page) ((page) + 4096)

struct list {
	int count;
	const W *at;
};
#define L(...) ((struct list){sizeof((W[]){__VA_ARGS__}) / sizeof(W), (const W[]){__VA_ARGS__}})
#define PTRS L(0, BAD, ZERO, ONES, COUNT, SMALL, END(SMALL) - 4, END(COUNT) - 12, END(SMALL) - 24, END(ONES) - 40)
#define INTS L(0, 1, -1, H(5), 0x7fffffff)
#define FDS L(-1, H(1000), -100)

static void all(long nr, int n, const struct list *lists, W *args, int at)
{
	if (at == n) {
		syscall(nr, args[0], args[1], args[2], args[3], args[4], args[5]);
		return;
	}
	for (int i = 0; i < lists[at].count; i++) {
		args[at] = lists[at].at[i];
		all(nr, n, lists, args, at + 1);
	}
}

/* Each call of the product of the lists. Registers that no list sets hold rubbish. */
#define P(nr, ...)                                                              \
	do {                                                                    \
		W a_[6] = {H(0xa0), H(0xa1), H(0xa2), H(0xa3), H(0xa4), H(0xa5)}; \
		const struct list l_[] = {__VA_ARGS__};                         \
		all(nr, sizeof(l_) / sizeof(*l_), l_, a_, 0);                   \
	} while (0)

static void *page(W at)
{
	mmap((void *)at, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	munmap((void *)(at + 4096), 4096);
	return (void *)at;
}

/* Puts a thing at the end of the page OWN. */
static inline W own(const void *thing, unsigned long size)
{
	return (W)memcpy((void *)(END(OWN) - size), thing, size);
}

/* Answers every call of the process that shares the descriptor `*listener`, until that process ends. */
static void supervise(volatile int *listener, long result)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!*listener)
		usleep(100);
	for (;;) {
		struct seccomp_notif call;
		memset(&call, 0, sizeof call);
		if (ioctl(*listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			_exit(0);
		}
		struct seccomp_notif_resp answer = {.id = call.id};
		if (result < 0)
			answer.error = result;
		else
			answer.val = result;
		ioctl(*listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

static void set_up(int argc, char **argv)
{
	long result = argc > 1 ? atol(argv[1]) : 0;
	page(ZERO);
	memset(page(ONES), 0xff, 4096);
	uint8_t *count = page(COUNT);
	uint32_t *small = page(SMALL);
	for (int i = 0; i < 4096; i++)
		count[i] = i + 1;
	for (int i = 0; i < 1024; i++)
		small[i] = i + 1;
	char *text = page(TEXT);
	for (int i = 0; i < 4096; i++)
		text[i] = 'a' + i % 26;
	text[100] = 0;
	page(OWN);

	int *listener = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (syscall(SYS_clone, CLONE_UNTRACED | CLONE_FILES | SIGCHLD, 0, 0, 0, 0) == 0)
		supervise(listener, result);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	};
	struct sock_fprog filter = {4, code};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	int fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
	if (fd < 0)
		_exit(1);
	*listener = fd;
}
