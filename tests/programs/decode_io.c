/* Calls of descriptors: reading, writing, control, waiting, watching, with all kinds of memory. */
#include "decode.h"
#include <linux/aio_abi.h>
#include <fcntl.h>
#include <sys/epoll.h>

#define PATH L(TEXT + 90)
/* Without the bit of EPOLL_URING_WAKE, Linux 6.2. */
#define EVENTS L(0, BAD, ZERO, SMALL, END(SMALL) - 4, END(SMALL) - 24)
#define SIZES L(0, 1, 5, 88, 100, -1, H(4096))
#define SOME L(0, 5, H(-1))
#define BITS                                                                                                    \
	L(0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000,     \
	  0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000,      \
	  0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80000000, 0xffffffff, H(0x12345678), 3, 7)
/* A 64-bit number in registers. */
#ifdef __i386__
#define OFFSETS L(0, 5, -1), L(0, 1, -1)
#define OFFSET(x) L(x), L(0)
#else
#define OFFSETS L(0, 5, -1, 0x7fffffffffffffff, 0x1234567890)
#define OFFSET(x) L(x)
#endif

static void bytes(void)
{
	P(SYS_read, FDS, PTRS, L(0, 5, 88));
	P(SYS_read, L(0), L(TEXT, TEXT + 13), SIZES);
	P(SYS_write, FDS, PTRS, L(0, 5, 33, 88));
	P(SYS_write, L(1), L(TEXT, TEXT + 13), SIZES);
	P(SYS_pread64, FDS, PTRS, L(5), OFFSETS);
	P(SYS_pwrite64, FDS, PTRS, L(5), OFFSETS);
	P(SYS_lseek, FDS, L(0, -1, 0x7fffffff), L(0, 1, 2, 3, 4, 5, -1, H(1)));
#ifdef SYS__llseek
	P(SYS__llseek, FDS, L(0, -1, 1), L(0, 5, -1), PTRS, L(0, 1, 5));
	P(SYS_truncate64, PATH, OFFSETS);
	P(SYS_ftruncate64, FDS, OFFSETS);
	P(SYS_sendfile64, FDS, FDS, PTRS, SOME);
	P(SYS_fadvise64_64, FDS, OFFSETS, OFFSET(5), L(0, 1, 2, 3, 4, 5, 6, 7, -1));
#endif
	P(SYS_truncate, PATH, L(0, 5, -1));
	P(SYS_ftruncate, FDS, L(0, 5, -1));
	P(SYS_fallocate, FDS, L(0), OFFSETS, OFFSETS);
	P(SYS_fallocate, L(0), BITS, OFFSET(1), OFFSET(2));
	P(SYS_fadvise64, L(0, -1), OFFSETS, L(5, -1), L(0, 1, 2, 3, 4, 5, 6, 7, -1));
	P(SYS_readahead, FDS, OFFSETS, SIZES);
	P(SYS_sync_file_range, FDS, OFFSETS, OFFSET(7), L(0, 1, 2, 4, 7, 8, -1));
	P(SYS_fsync, FDS);
	P(SYS_fdatasync, FDS);
	P(SYS_syncfs, FDS);
	P(SYS_sync);
	P(SYS_close, FDS);
	P(SYS_close_range, L(0, -1, H(3)), L(0, -1), L(0, 1, 2, 4, 6, 8, -1));
	P(SYS_dup, FDS);
	P(SYS_dup2, FDS, FDS);
	P(SYS_dup3, FDS, L(1, -1), BITS);
	P(SYS_pipe, PTRS);
	P(SYS_pipe2, PTRS, L(0, 0x80000));
	P(SYS_pipe2, L(SMALL), BITS);
	P(SYS_sendfile, FDS, FDS, PTRS, SOME);
	P(SYS_copy_file_range, L(0, -1), PTRS, L(1, H(1000)), L(0, COUNT), L(5, -1), L(0, 1, -1, H(2)));
	P(SYS_copy_file_range, L(0), L(0, END(SMALL) - 8), L(1), PTRS, L(5), L(0));
	P(SYS_splice, L(0, -1), PTRS, L(1, H(1000)), L(0, COUNT), L(5, -1), L(0, 1));
	P(SYS_splice, L(0), L(0), L(1), PTRS, L(5), L(1, 8));
	P(SYS_splice, L(0), L(SMALL), L(1), L(0), L(5), BITS);
	P(SYS_tee, FDS, FDS, SOME, L(0, 1, 2, 4, 8, 15, 16, -1));
	P(SYS_getrandom, L(0, BAD, COUNT), SIZES, L(0, 1, 2, 4, 7, 8, -1));
	P(SYS_flock, FDS, BITS);

	/* vectors: 88 bytes, or as the call says */
	struct { W base, size; } iov[] = {{TEXT, 10}, {TEXT + 3, 0}, {0, 3}, {BAD, 5}, {COUNT, 100}, {ONES, -1}, {TEXT, 40}};
	P(SYS_readv, FDS, PTRS, L(0, 1, 2, 40, 1024, 1025, -1));
	P(SYS_writev, FDS, PTRS, L(0, 1, 2, 40, 1024, 1025, -1));
	P(SYS_vmsplice, FDS, PTRS, L(0, 1, 2), L(0, 2, 16));
	for (int i = 0; i < 7; i++) {
		W at = own(iov + i, (7 - i) * sizeof *iov);
		P(SYS_readv, L(0), L(at), L(1, 2, 7, H(3)));
		P(SYS_writev, L(1), L(at), L(1, 2, 7, H(3)));
		P(SYS_preadv, L(0), L(at), L(2), OFFSETS);
		P(SYS_pwritev, L(0), L(at), L(2), OFFSETS);
		P(SYS_vmsplice, L(0), L(at), L(1, 3, 9), L(0));
		P(SYS_preadv2, L(0), L(at), L(2), L(5, -1), L(0, 1, -1), L(0, 1, 2, 4, 8, 16, 31, -1));
		P(SYS_pwritev2, L(0), L(at), L(2), L(5), L(0), L(0, 1, 2, 4, 8, 16, 31, -1));
	}
	P(SYS_preadv, FDS, PTRS, L(1), OFFSET(5));
	P(SYS_pwritev2, FDS, PTRS, L(1), L(0), L(0), L(0));

	/* directories */
	P(SYS_getdents, FDS, PTRS, L(0, 88, -1));
	P(SYS_getdents64, FDS, PTRS, L(0, 88, -1));
#ifdef SYS_readdir
	P(SYS_readdir, FDS, PTRS, L(0, 1, -1));
#endif
	uint8_t entries[88], narrow[88];
	for (int i = 0; i < 12; i++) {
		memset(entries, 0, sizeof entries);
		memset(narrow, 0, sizeof narrow);
		int at = 0, lengths[] = {24, 32, 32};
		for (int j = 0; j < 3; j++) {
			uint64_t inode = 1 + j, offset = i % 2 ? -1 : 1000 * j;
			uint16_t length = i == 4 + j ? i : i == 7 + j ? 80 : lengths[j];
			uint8_t type = i == 10 ? 15 : i + j;
			memcpy(entries + at, &inode, 8), memcpy(entries + at + 8, &offset, 8), memcpy(entries + at + 16, &length, 2);
			entries[at + 18] = type;
			memcpy(entries + at + 19, i == 3 ? "abcdefghijklmno" : j ? "na\nme" : ".", j ? 5 + 8 * (i == 3) : 1);
			W word = inode;
			memcpy(narrow + at, &word, sizeof(W)), word = offset, memcpy(narrow + at + sizeof(W), &word, sizeof(W));
			memcpy(narrow + at + 2 * sizeof(W), &length, 2);
			memcpy(narrow + at + 2 * sizeof(W) + 2, i == 3 ? "abcdefghijklmno" : j ? "na\nme" : ".", j ? 5 + 8 * (i == 3) : 1);
			narrow[at + lengths[j] - 1] = type;
			at += lengths[j];
		}
		P(SYS_getdents64, L(3), L(own(entries, 88)), L(88));
		P(SYS_getdents, L(3), L(own(narrow, 88)), L(88));
#ifdef SYS_readdir
		P(SYS_readdir, L(3), L(own(narrow, 88)), L(1));
#endif
	}
	P(SYS_getdents64, L(3), L(own(entries, 80)), L(88));
	/* records that are little more than their heads, one behind the other */
	for (int i = 0; i < 6; i++) {
		memset(entries, 'p', sizeof entries), memset(narrow, 'p', sizeof narrow);
		uint16_t wide = 19 + i, old = 2 * sizeof(W) + 2 + i;
		for (int at = 0; at + 18 <= 88; at += wide)
			memcpy(entries + at + 16, &wide, 2);
		for (int at = 0; at + 2 * sizeof(W) + 2 <= 88; at += old)
			memcpy(narrow + at + 2 * sizeof(W), &old, 2);
		P(SYS_getdents64, L(3), L(own(entries, 88)), L(88));
		P(SYS_getdents, L(3), L(own(narrow, 88)), L(88));
	}
}

static void control(long nr)
{
	P(nr, FDS, L(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 36, 37, 38, 39, 1024, 1025, 1026, 1029, 1030,
		1031, 1032, 1033, 1034, 1035, 1036, 1037, 1038, 1039, 1040, 0x800, -1, H(1)), L(0, 1, BAD, COUNT, END(SMALL) - 24));
	P(nr, L(3), L(2), BITS);
	P(nr, L(3), L(4), BITS);
	P(nr, L(3), L(1024), L(0, 1, 2, 3, 4, 8, 16, -1));
	P(nr, L(3), L(1026), BITS);
	P(nr, L(3), L(1033), L(0, 1, 2, 4, 8, 16, 31, 64, 128, -1));
	P(nr, L(3), L(10), L(0, 1, 29, 34, 64, 65, -1, H(3)));
	P(nr, L(3), L(8), L(0, 1, -1, -2, H(7), 0x80000000));
	P(nr, L(3), L(5, 6, 7, 12, 13, 14, 15, 16, 17, 36, 37, 38, 1035, 1036, 1037, 1038), PTRS);
	for (int i = 0; i < 48; i++) {
		const short kinds[] = {0, 1, 2, 3, 4, 8, -1};
		struct flock lock;
		struct flock64 large;
		memset(&lock, 0, sizeof lock), memset(&large, 0, sizeof large);
		large.l_type = lock.l_type = kinds[i % 7];
		large.l_whence = lock.l_whence = i % 6 ? i % 6 - 1 : -1;
		large.l_start = lock.l_start = i % 3 - 1, large.l_len = lock.l_len = 1000 * (i % 4) - 1000;
		large.l_pid = lock.l_pid = i - 1;
		P(nr, L(3), L(5, 6, 7, 37), L(own(&lock, sizeof lock)));
		P(nr, L(3), L(5, 12, 13, 14, 36, 37, 38), L(own(&large, sizeof large)));
		int owner[] = {i % 5 - 1, i - 3};
		P(nr, L(3), L(15, 16), L(own(owner, sizeof owner)));
		uint64_t hint = i < 8 ? i : i == 8 ? -1 : 1ull << (i - 8);
		P(nr, L(3), L(1035, 1036, 1037, 1038), L(own(&hint, sizeof hint)));
		unsigned users[] = {i, -i};
		P(nr, L(3), L(17), L(own(users, sizeof users), own(users, 4)));
	}
}

static void waiting(void)
{
	struct { int fd; short events, revents; } fds[45];
	const unsigned bits[] = {0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x1000, 0x2000, 0x8000, 0xffff, 0x800, 0x4000, 5, 0x19, 0x41};
	P(SYS_poll, PTRS, L(0, 1, 2, 40, -1, H(1)), L(0, -1, 5));
	P(SYS_ppoll, PTRS, L(0, 1, 2), L(0, SMALL, COUNT), L(0, BAD, SMALL, ONES), L(0, 8, 4, -1));
	P(SYS_ppoll, L(SMALL), L(2), PTRS, L(0), L(8));
	P(SYS_ppoll, L(SMALL), L(2), L(0), PTRS, L(8));
	for (int i = 0; i < 42; i++) {
		for (int j = 0; j < 45; j++) {
			fds[j].fd = j == i ? -1 : j;
			fds[j].events = bits[(i + j) % 21];
			fds[j].revents = (i + j) % 3 ? 0 : bits[(i + 2 * j) % 21];
		}
		W at = own(fds, sizeof fds);
		P(SYS_poll, L(at), L(1, 3, 45), L(-1));
		P(SYS_poll, L(at + 8 * 42), L(3, 4), L(100));
		P(SYS_ppoll, L(at), L(2), L(0), L(0), L(8));
	}
	const struct list counts = L(0, 1, 5, 64, 65, 1024, 1025, 10000, -1, H(8));
	long selects[] = {
#ifdef SYS__newselect
		SYS__newselect,
#else
		SYS_select,
#endif
		SYS_pselect6,
#ifdef SYS_pselect6_time64
		SYS_pselect6_time64,
#endif
	};
	for (unsigned i = 0; i < sizeof selects / sizeof *selects; i++) {
		P(selects[i], counts, PTRS, L(0), L(0), L(0), L(0));
		P(selects[i], L(1, 70), L(0, BAD), PTRS, L(0, SMALL), L(0, SMALL), L(0));
		P(selects[i], L(9), L(0, ZERO, SMALL), L(0, ZERO, COUNT), L(0, ZERO, ONES), PTRS, L(0));
		P(selects[i], L(0), L(SMALL), L(0), L(COUNT), L(ONES, COUNT), L(0));
	}
	for (unsigned i = 1; i < sizeof selects / sizeof *selects; i++) {
		P(selects[i], L(4), L(SMALL), L(0), L(0), L(0), PTRS);
		W masks[][2] = {{0, 0}, {SMALL, 8}, {SMALL, 4}, {BAD, 8}, {ONES, 8}, {0, 8}, {SMALL, 128}, {SMALL, -1}, {END(ZERO) - 4, 8}};
		for (int j = 0; j < 9; j++)
			P(selects[i], L(4), L(SMALL), L(0), L(0), L(0, SMALL), L(own(masks[j], sizeof *masks)));
	}
#ifdef SYS__newselect
	P(SYS_select, PTRS);
	W old[5] = {9, SMALL, 0, COUNT, SMALL};
	P(SYS_select, L(own(old, 20), own(old, 20) + 4));
	old[0] = 9, old[1] = BAD, old[4] = 0;
	P(SYS_select, L(own(old, 20)));
	old[0] = -1, old[1] = 0, old[4] = BAD;
	P(SYS_select, L(own(old, 20)));
	P(SYS_ppoll_time64, PTRS, L(1, 2), PTRS, L(0, SMALL), L(8));
#endif

	P(SYS_epoll_create, INTS);
	P(SYS_epoll_create1, BITS);
	P(SYS_epoll_ctl, FDS, L(0, 1, 2, 3, 4, -1, H(1)), FDS, EVENTS);
	const struct list every = BITS;
	for (int i = 0; i < every.count; i++) {
		struct epoll_event event = {.events = every.at[i], .data.u64 = i % 2 ? 0x123456789abcdef : i};
		P(SYS_epoll_ctl, L(3), L(1, 3), L(0), L(own(&event, sizeof event)));
	}
	P(SYS_epoll_wait, FDS, EVENTS, L(0, 1, 5, 88, -1), L(0, -1));
	P(SYS_epoll_pwait, FDS, EVENTS, L(5), L(7), L(0, BAD, SMALL), L(8));
	P(SYS_epoll_pwait, L(3), L(SMALL), L(5), L(7), L(0, BAD, SMALL), L(0, 8, 4, -1));
	P(SYS_epoll_pwait2, FDS, L(0, SMALL), L(5), PTRS, L(0, BAD, SMALL), L(8, 4));
	P(SYS_eventfd, INTS);
	P(SYS_eventfd2, INTS, BITS);
	P(SYS_inotify_init);
	P(SYS_inotify_init1, BITS);
	P(SYS_inotify_add_watch, FDS, L(0, BAD, TEXT + 90), L(0, 0xfff));
	P(SYS_inotify_add_watch, L(3), PATH, BITS);
	P(SYS_inotify_rm_watch, FDS, INTS);
	P(SYS_signalfd, FDS, PTRS, L(0, 4, 8, 16, -1));
	P(SYS_signalfd4, FDS, PTRS, L(8), L(0, 0x80000));
	P(SYS_signalfd4, L(-1), L(SMALL), L(8), BITS);
	P(SYS_memfd_create, L(0, BAD, TEXT, TEXT + 90, COUNT), L(0, 1, 2, 3, 4, 7, 0x54000004, 0x80000000, 0x14000000));
	P(SYS_timerfd_create, INTS, BITS);
}

static void requests(void)
{
	P(SYS_io_setup, L(0, 1, -1, H(5)), PTRS);
	P(SYS_io_destroy, L(0, 0x1234, -1));
	P(SYS_io_submit, L(0, 0x1234), L(0, 1, 2, 40, -1), PTRS);
	P(SYS_io_cancel, L(0, 0x1234), PTRS, L(0, COUNT));
	P(SYS_io_cancel, L(0x1234), L(0), PTRS);
	P(SYS_io_getevents, L(0x1234), L(0, 1, -1), L(0, 5, 88, -1), PTRS, L(0, SMALL));
	P(SYS_io_getevents, L(0x1234), L(1), L(5), L(0), PTRS);
	P(SYS_io_pgetevents, L(0x1234), L(1), L(5), PTRS, L(0, SMALL), L(0));
	P(SYS_io_pgetevents, L(0x1234), L(1), L(5), L(0, SMALL), PTRS, PTRS);
	W masks[][2] = {{0, 0}, {SMALL, 8}, {SMALL, 4}, {BAD, 8}, {ONES, 8}};
	for (int j = 0; j < 5; j++)
		P(SYS_io_pgetevents, L(0x1234), L(1), L(5), L(SMALL), L(0), L(own(masks[j], sizeof *masks)));
#ifdef SYS_io_pgetevents_time64
	P(SYS_io_pgetevents_time64, L(0x1234), L(1), L(5), L(SMALL), PTRS, PTRS);
#endif
	struct { W base, size; } iov[] = {{TEXT, 10}, {TEXT + 3, 0}, {BAD, 5}, {COUNT, 100}};
	memcpy((void *)OWN, iov, sizeof iov);
	for (int i = 0; i < 66; i++) {
		struct { struct iocb cb; W list[6]; } rows;
		memset(&rows, 0, sizeof rows);
		const uint64_t buffers[] = {0, TEXT, OWN, BAD, COUNT, -1};
		const int sizes[] = {0, 4, 40, -1};
		rows.cb.aio_data = i % 2 ? 0xfacefeed : 0;
		rows.cb.aio_key = i % 3 ? 0 : 0xdead;
		rows.cb.aio_lio_opcode = i % 11 ? i % 11 - 1 : 0xffff;
		rows.cb.aio_rw_flags = i % 4 ? 0 : 1 << (i % 5);
		rows.cb.aio_reqprio = i % 5 ? 0 : i % 2 ? 0x2003 : -5;
		rows.cb.aio_fildes = i % 6 - 1;
		rows.cb.aio_buf = buffers[i % 6];
		rows.cb.aio_nbytes = sizes[i % 4];
		rows.cb.aio_offset = i % 3 - 1;
		rows.cb.aio_flags = i % 9 ? i % 4 : 0xfff0;
		rows.cb.aio_resfd = i % 8 - 1;
		W at = END(OWN) - sizeof rows;
		rows.list[0] = at, rows.list[1] = i % 2 ? 0 : at, rows.list[2] = BAD, rows.list[3] = at, rows.list[4] = END(OWN) - 20, rows.list[5] = at;
		own(&rows, sizeof rows);
		P(SYS_io_submit, L(0x1234), L(1, 2, 6, 7), L(at + sizeof rows.cb));
		P(SYS_io_cancel, L(0x1234), L(at), L(0, SMALL));
	}
}

int main(int argc, char **argv)
{
	dup2(0, 1);
	dup2(0, 2);
	set_up(argc, argv);
	bytes();
	control(SYS_fcntl);
	P(SYS_fcntl, L(3), L(1031), L(0, 1, -1, H(5), H(-1), 0x80000000));
#ifdef SYS_fcntl64
	control(SYS_fcntl64);
#endif
	waiting();
	requests();
	return 0;
}
