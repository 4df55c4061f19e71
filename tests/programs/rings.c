/* Drives io_uring by raw system calls, one scene per word of the command line, in the directory given first.
 * Exits with 77 where the kernel refuses io_uring. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef IORING_SETUP_NO_MMAP
#define IORING_SETUP_NO_MMAP (1U << 14)
#endif
#ifndef IORING_SETUP_NO_SQARRAY
#define IORING_SETUP_NO_SQARRAY (1U << 16)
#endif

struct ring {
	int fd;
	unsigned flags;
	struct io_uring_params p;
	char *rings;
	char *sqes;
	unsigned queued;
};

static unsigned *at(struct ring *r, unsigned offset)
{
	return (unsigned *)(r->rings + offset);
}

static void make(struct ring *r, unsigned entries, unsigned flags)
{
	memset(r, 0, sizeof *r);
	r->p.flags = r->flags = flags;
	r->p.sq_thread_idle = flags & IORING_SETUP_SQPOLL ? 20000 : 0;
	if (flags & IORING_SETUP_NO_MMAP) {
		r->rings = mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		r->sqes = mmap(0, 1 << 12, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		*(unsigned long long *)((char *)&r->p.cq_off + 32) = (unsigned long)r->rings;
		*(unsigned long long *)((char *)&r->p.sq_off + 32) = (unsigned long)r->sqes;
	}
	r->fd = syscall(SYS_io_uring_setup, entries, &r->p);
	if (r->fd < 0) {
		if (errno == EINVAL && flags)
			exit(78);
		exit(77);
	}
	if (flags & IORING_SETUP_NO_MMAP)
		return;
	size_t size = r->p.cq_off.cqes + r->p.cq_entries * (flags & IORING_SETUP_CQE32 ? 32 : 16);
	if (!(flags & IORING_SETUP_NO_SQARRAY))
		size = r->p.sq_off.array + 4 * r->p.sq_entries;
	r->rings = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_SQ_RING);
	r->sqes = mmap(0, r->p.sq_entries * (flags & IORING_SETUP_SQE128 ? 128 : 64), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_SQES);
	if (r->rings == MAP_FAILED || r->sqes == MAP_FAILED)
		exit(1);
}

/* The next entry, in a slot that is not the one its place in the ring suggests where there is an index array. */
static struct io_uring_sqe *next(struct ring *r, int opcode, int fd, const void *addr, unsigned len,
				 unsigned long long off, unsigned long long user_data)
{
	unsigned mask = r->p.sq_entries - 1, tail = *at(r, r->p.sq_off.tail) + r->queued++;
	unsigned slot = tail & mask;
	if (!(r->flags & IORING_SETUP_NO_SQARRAY)) {
		slot ^= mask;
		at(r, r->p.sq_off.array)[tail & mask] = slot;
	}
	struct io_uring_sqe *s = (void *)(r->sqes + slot * (r->flags & IORING_SETUP_SQE128 ? 128 : 64));
	memset(s, 0, r->flags & IORING_SETUP_SQE128 ? 128 : 64);
	s->opcode = opcode;
	s->fd = fd;
	s->addr = (unsigned long)addr;
	s->len = len;
	s->off = off;
	s->user_data = user_data;
	return s;
}

static void publish(struct ring *r)
{
	unsigned *tail = at(r, r->p.sq_off.tail);
	__atomic_store_n(tail, *tail + r->queued, __ATOMIC_RELEASE);
	r->queued = 0;
}

static int enter(struct ring *r, int fd, unsigned submit, unsigned wait, unsigned flags)
{
	publish(r);
	return syscall(SYS_io_uring_enter, fd, submit, wait, flags | (wait ? IORING_ENTER_GETEVENTS : 0), 0, 0);
}

/* The result of the oldest completion. */
static int reap(struct ring *r)
{
	unsigned *head = at(r, r->p.cq_off.head);
	while (*head == __atomic_load_n(at(r, r->p.cq_off.tail), __ATOMIC_ACQUIRE))
		usleep(1000);
	int wide = r->flags & IORING_SETUP_CQE32 ? 32 : 16;
	int res = *(int *)(r->rings + r->p.cq_off.cqes + (*head & (r->p.cq_entries - 1)) * wide + 8);
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return res;
}

static int one(struct ring *r)
{
	enter(r, r->fd, 1, 1, 0);
	return reap(r);
}

static char text[64];

static void files(struct ring *r)
{
	static struct iovec vector;
	static char buffer[16];
	next(r, IORING_OP_NOP, -1, 0, 0, 0, 1);
	one(r);
	next(r, IORING_OP_OPENAT, AT_FDCWD, "made", 0640, 0, 2)->open_flags = O_RDWR | O_CREAT;
	int fd = one(r);
	next(r, IORING_OP_WRITE, fd, "hello\n", 6, 0, 3);
	one(r);
	next(r, IORING_OP_READ, fd, text, sizeof text, 0, 0xdeadbeef);
	one(r);
	vector.iov_base = buffer;
	vector.iov_len = sizeof buffer;
	next(r, IORING_OP_READV, fd, &vector, 1, 1, 5);
	one(r);
	static struct statx stx;
	next(r, IORING_OP_STATX, AT_FDCWD, "made", STATX_SIZE, (unsigned long)&stx, 6);
	one(r);
	next(r, IORING_OP_OPENAT, AT_FDCWD, "missing", 0, 0, 7);
	one(r);
	next(r, IORING_OP_RENAMEAT, AT_FDCWD, "made", AT_FDCWD, (unsigned long)"other", 8);
	one(r);
	next(r, IORING_OP_CLOSE, fd, 0, 0, 0, 9);
	one(r);
	next(r, 200, 3, (void *)0x10, 4, 5, 10)->rw_flags = 6;
	one(r);
}

/* Three in one call: the second fails and takes the third with it. */
static void linked(struct ring *r)
{
	next(r, IORING_OP_UNLINKAT, AT_FDCWD, "other", 0, 0, 0x11)->flags = IOSQE_IO_LINK;
	next(r, IORING_OP_UNLINKAT, AT_FDCWD, "other", 0, 0, 0x12)->flags = IOSQE_IO_LINK;
	next(r, IORING_OP_NOP, -1, 0, 0, 0, 0x13);
	enter(r, r->fd, 3, 3, 0);
	reap(r), reap(r), reap(r);
}

static void sockets(struct ring *r)
{
	int pair[2];
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	next(r, IORING_OP_RECV, pair[1], text, sizeof text, 0, 0x21);
	enter(r, r->fd, 1, 0, 0);
	next(r, IORING_OP_SEND, pair[0], "ping", 4, 0, 0x22)->msg_flags = MSG_NOSIGNAL;
	enter(r, r->fd, 1, 2, 0);
	reap(r), reap(r);
	close(pair[0]), close(pair[1]);
}

/* A server and its client on the loopback interface, all of it over the ring. */
static void loopback(struct ring *r)
{
	static struct sockaddr_in server;
	static char request[] = "GET /ring HTTP/1.1\r\nHost: localhost\r\n\r\n";
	static char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nring";
	static char got[2][256];
	socklen_t size = sizeof server;
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	server.sin_family = AF_INET;
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (void *)&server, size) || listen(listener, 1) || getsockname(listener, (void *)&server, &size))
		exit(1);
	next(r, IORING_OP_ACCEPT, listener, 0, 0, 0, 0xc1);
	enter(r, r->fd, 1, 0, 0);
	next(r, IORING_OP_CONNECT, client, &server, 0, sizeof server, 0xc2);
	enter(r, r->fd, 1, 2, 0);
	int first = reap(r), second = reap(r), peer = first > second ? first : second;
	next(r, IORING_OP_SEND, client, request, sizeof request - 1, 0, 0xc3);
	one(r);
	next(r, IORING_OP_RECV, peer, got[0], sizeof got[0], 0, 0xc4);
	one(r);
	next(r, IORING_OP_WRITE, peer, reply, sizeof reply - 1, 0, 0xc5);
	one(r);
	next(r, IORING_OP_READ, client, got[1], sizeof got[1], 0, 0xc6);
	one(r);
	if (memcmp(got[0], request, sizeof request - 1) || memcmp(got[1], reply, sizeof reply - 1))
		exit(1);
	next(r, IORING_OP_CLOSE, client, 0, 0, 0, 0xc7);
	one(r);
	close(peer), close(listener);
}

/* One file under several names, most of which are not there: the argument says how many operations. */
static void stats(struct ring *r, int count)
{
	static struct statx stx;
	for (int i = 0; i < count; i++) {
		next(r, IORING_OP_STATX, AT_FDCWD, i ? "absent" : "/", STATX_SIZE, (unsigned long)&stx, 0xd0 + i);
		one(r);
	}
}

/* What completes between two calls is seen at the second. */
static void between(struct ring *r)
{
	int pair[2];
	pipe(pair);
	next(r, IORING_OP_POLL_ADD, pair[0], 0, 0, 0, 0x31)->poll32_events = 1;
	enter(r, r->fd, 1, 0, 0);
	write(pair[1], "x", 1);
	reap(r);
	next(r, IORING_OP_NOP, -1, 0, 0, 0, 0x32);
	one(r);
	close(pair[0]), close(pair[1]);
}

/* Two operations of one name, and a bad descriptor. */
static void alike(struct ring *r)
{
	next(r, IORING_OP_NOP, -1, 0, 0, 0, 0);
	next(r, IORING_OP_FSYNC, 99, 0, 0, 0, 0);
	enter(r, r->fd, 2, 2, 0);
	reap(r), reap(r);
}

/* The first submission needs a call to wake the kernel's thread, which takes the second by itself. */
static void polled(void)
{
	struct ring r;
	make(&r, 4, IORING_SETUP_SQPOLL);
	while (!(__atomic_load_n(at(&r, r.p.sq_off.flags), __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP))
		usleep(1000);
	next(&r, IORING_OP_NOP, -1, 0, 0, 0, 0x41);
	enter(&r, r.fd, 1, 1, IORING_ENTER_SQ_WAKEUP);
	reap(&r);
	next(&r, IORING_OP_NOP, -1, 0, 0, 0, 0x42);
	publish(&r);
	reap(&r);
	enter(&r, r.fd, 0, 0, IORING_ENTER_GETEVENTS);
}

static void two(struct ring *r)
{
	struct ring other;
	make(&other, 2, 0);
	next(r, IORING_OP_NOP, -1, 0, 0, 0, 0x51);
	next(&other, IORING_OP_CLOSE, 77, 0, 0, 0, 0x52);
	one(r);
	one(&other);
	close(other.fd);
	make(&other, 8, 0);
	next(&other, IORING_OP_NOP, -1, 0, 0, 0, 0x53);
	one(&other);
}

static void forked(struct ring *r)
{
	pid_t child = fork();
	if (child == 0) {
		next(r, IORING_OP_NOP, -1, 0, 0, 0, 0x61);
		one(r);
		_exit(0);
	}
	waitpid(child, 0, 0);
	next(r, IORING_OP_NOP, -1, 0, 0, 0, 0x62);
	one(r);
}

/* Ring descriptors that are registered, and closed then. */
static void registered(void)
{
	struct ring r;
	make(&r, 4, 0);
	struct io_uring_rsrc_update update = {.offset = -1U, .data = r.fd};
	if (syscall(SYS_io_uring_register, r.fd, IORING_REGISTER_RING_FDS, &update, 1) != 1)
		exit(78);
	close(r.fd);
	next(&r, IORING_OP_NOP, -1, 0, 0, 0, 0x71);
	enter(&r, update.offset, 1, 1, IORING_ENTER_REGISTERED_RING);
	reap(&r);
}

static void shaped(unsigned flags)
{
	struct ring r;
	make(&r, 4, flags);
	for (int i = 0; i < 6; i++) {
		next(&r, IORING_OP_UNLINKAT, AT_FDCWD, "none", 0, 0, 0x80 + i);
		one(&r);
	}
}

/* Tells that it runs, and waits to be attached to. */
static void wait_for_tracer(void)
{
	puts("ready"), fflush(stdout);
	getchar();
}

/* A ring that has been used for long when the tracer comes. */
static void late(unsigned flags)
{
	struct ring r;
	make(&r, 4, flags);
	for (int i = 0; i < 17; i++) {
		next(&r, IORING_OP_NOP, -1, 0, 0, 0, i + 1);
		one(&r);
	}
	wait_for_tracer();
	for (int i = 0; i < 2; i++) {
		next(&r, IORING_OP_UNLINKAT, AT_FDCWD, "none", 0, 0, 0xa0 + i);
		one(&r);
	}
}

/* Nonsense where the rings are. */
static void hostile(struct ring *r)
{
	unsigned *words = (unsigned *)r->rings, seed = 1;
	for (int turn = 0; turn < 200; turn++) {
		for (unsigned i = 0; i < (r->p.sq_off.array + 16) / 4; i++)
			words[i] = seed = seed * 1103515245 + 12345;
		if (turn & 1) {
			/* With masks and heads as they should be, the rest of it is looked at. */
			*at(r, r->p.sq_off.ring_mask) = r->p.sq_entries - 1;
			*at(r, r->p.cq_off.ring_mask) = r->p.cq_entries - 1;
			*at(r, r->p.sq_off.head) = *at(r, r->p.sq_off.tail) - 1000 * (turn & 3);
		}
		for (unsigned i = 0; i < 64 * r->p.sq_entries / 4; i++)
			((unsigned *)r->sqes)[i] = seed = seed * 1103515245 + 12345;
		/* Operations that the kernel refuses: nothing of the nonsense must come true. */
		for (unsigned i = 0; i < r->p.sq_entries; i++)
			((struct io_uring_sqe *)r->sqes)[i].flags |= 0x80;
		syscall(SYS_io_uring_enter, r->fd, 4, 0, 0, 0, 0);
	}
}

/* The kernel takes one of two, for the other is bad. */
static void refused(struct ring *r)
{
	next(r, 201, -1, 0, 0, 0, 0x91);
	next(r, IORING_OP_NOP, -1, 0, 0, 0, 0x92);
	int took = enter(r, r->fd, 2, 1, 0);
	reap(r);
	if (took == 1)
		enter(r, r->fd, 1, 1, 0), reap(r);
}

/* Names a ring by a number that none has, where several rings could be meant. */
static void nowhere(void)
{
	struct io_uring_params params = {0};
	syscall(SYS_io_uring_setup, 4, &params);
	for (int i = 0; i < 3; i++)
		syscall(SYS_io_uring_enter, 7, 1, 0, IORING_ENTER_REGISTERED_RING, 0, 0);
}

int main(int argc, char **argv)
{
	struct ring r;
	if (argc < 2 || chdir(argv[1]))
		return 1;
	make(&r, 4, 0);
	for (int i = 2; i < argc; i++) {
		const char *scene = argv[i];
		if (!strcmp(scene, "files"))
			files(&r);
		else if (!strcmp(scene, "linked"))
			linked(&r);
		else if (!strcmp(scene, "sockets"))
			sockets(&r);
		else if (!strcmp(scene, "loopback"))
			loopback(&r);
		else if (!strncmp(scene, "stats=", 6))
			stats(&r, atoi(scene + 6));
		else if (!strcmp(scene, "between"))
			between(&r);
		else if (!strcmp(scene, "alike"))
			alike(&r);
		else if (!strcmp(scene, "polled"))
			polled();
		else if (!strcmp(scene, "two"))
			two(&r);
		else if (!strcmp(scene, "forked"))
			forked(&r);
		else if (!strcmp(scene, "registered"))
			registered();
		else if (!strcmp(scene, "nowhere"))
			nowhere();
		else if (!strcmp(scene, "refused"))
			refused(&r);
		else if (!strncmp(scene, "flags=", 6))
			shaped(strtoul(scene + 6, 0, 0));
		else if (!strncmp(scene, "late=", 5))
			late(strtoul(scene + 5, 0, 0));
		else if (!strcmp(scene, "hostile"))
			hostile(&r);
		else if (!strcmp(scene, "wait"))
			wait_for_tracer();
		else
			return 1;
	}
	return 0;
}
