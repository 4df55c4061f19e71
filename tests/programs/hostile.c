/* System calls with bad arguments: unreadable and half-readable memory, strings without an end,
 * huge counts, unknown flags, unknown numbers. Addresses are fixed, so that two runs print the same. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define S(n, ...) syscall(n, ##__VA_ARGS__)
#define BAD ((void *)0x10000)

int main(void) {
    char *page = mmap((void *)0x20000000, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    char *end = page + 4096;
    munmap(end, 4096);
    long *words = (long *)end;
    memset(page, 'a', 4096);

    /* paths and strings */
    S(SYS_open, BAD, 0);
    S(SYS_open, 0, 0);
    S(SYS_open, end - 8, 0);
    S(SYS_open, page, 0);
    S(SYS_openat, -100, end, 0x7fffffff, 0777);
    S(SYS_openat, -7, "x", 3);
    S(SYS_unlink, end - 1);
    strcpy(page, "/nonexistent/\1\x7f\xff\"\\\n");
    S(SYS_chdir, page);
    memset(page, 'b', 4096);
    S(SYS_mount, BAD, end - 3, 0, ~0UL, 0);

    /* buffers */
    S(SYS_write, -1, BAD, 10);
    S(SYS_write, -1, 0, 10);
    S(SYS_write, -1, end - 5, 5);
    S(SYS_write, -1, end - 5, 6);
    S(SYS_write, -1, page, ~0UL);
    S(SYS_write, -1, page, 33);
    S(SYS_read, -1, page, ~0UL);
    S(SYS_read, 1000000, BAD, 0);

    /* vectors */
    words[-1] = 0x4000, words[-2] = (long)page, words[-3] = 4, words[-4] = (long)page;
    S(SYS_writev, -1, words - 4, 2);
    S(SYS_writev, -1, words - 2, 2);
    S(SYS_writev, -1, words - 1, 1);
    S(SYS_writev, -1, BAD, 3);
    S(SYS_writev, -1, 0, 0);
    S(SYS_readv, -1, words - 4, 2);

    /* argument vectors */
    strcpy(page, "/nonexistent");
    words[-1] = 0, words[-2] = (long)page;
    S(SYS_execve, page, words - 2, words - 2);
    S(SYS_execve, page, words - 2, words - 1);
    words[-1] = (long)BAD;
    S(SYS_execve, page, words - 2, 0);
    S(SYS_execve, page, words - 2, BAD);
    S(SYS_execve, page, 0, words - 1);
    S(SYS_execve, page, BAD, end);

    /* structs */
    S(SYS_nanosleep, BAD, 0);
    S(SYS_nanosleep, end - 8, 0);
    words[-1] = 2000000000, words[-2] = -1;
    S(SYS_nanosleep, words - 2, BAD);
    S(SYS_stat, "/nonexistent", BAD);
    S(SYS_fstat, -1, 0);
    S(SYS_fcntl, -1, 0x1234, 5);
    S(SYS_fcntl, -1, 4, ~0);
    S(SYS_fcntl, -1, 6, end - 8);
    S(SYS_rt_sigaction, 77, end - 8, 0, 8);
    S(SYS_rt_sigaction, 12, BAD, BAD, 9);
    S(SYS_rt_sigprocmask, 9, end - 8, 0, 8);
    words[-1] = ~0L;
    S(SYS_rt_sigprocmask, 9, end - 8, 0, 8);
    S(SYS_rt_sigprocmask, 0, BAD, 0, 8);
    S(SYS_kill, 0x7fffffff, 99);
    S(SYS_prlimit64, -1, 55, BAD, 0);
    S(SYS_setrlimit, 99, end - 8);

    /* polling */
    int32_t *ints = (int32_t *)end;
    ints[-2] = -1, ints[-1] = 0xffff, ints[-4] = 5000, ints[-3] = 0x1234;
    S(SYS_poll, BAD, 2, 0);
    S(SYS_poll, end - 8, 1, 0);
    S(SYS_select, 70, BAD, 0, 0, 0);
    S(SYS_select, -1, 0, end - 4, 0, BAD);
    S(SYS_epoll_ctl, -1, 9, -1, BAD);
    S(SYS_epoll_ctl, -1, 1, -1, end - 12);

    /* sockets */
    S(SYS_socket, 255, 255, 255);
    S(SYS_socket, 2, 0xfff0f, 0);
    S(SYS_connect, -1, BAD, 16);
    S(SYS_connect, -1, end - 16, 16);
    memset(end - 16, 0, 16), end[-16] = 2, end[-13] = 80;
    S(SYS_connect, -1, end - 16, 16);
    end[-16] = 1, memcpy(end - 14, "\0hidden", 7);
    S(SYS_connect, -1, end - 16, 9);
    S(SYS_bind, -1, end - 16, 1);
    S(SYS_getsockname, -1, BAD, BAD);
    S(SYS_sendmsg, -1, end - 8, 0);
    S(SYS_sendmsg, -1, BAD, 0x10007fff);
    S(SYS_setsockopt, -1, 1, 2, end - 2, 4);
    S(SYS_setsockopt, -1, 1, 250, page, 4);

    /* memory */
    S(SYS_mmap, 1, 0, 0x10, 0, -5, 0x1234);
    S(SYS_mprotect, 1, 2, 0x1000000);
    S(SYS_madvise, 0, 0, 999);
    S(SYS_mremap, 1, 0, 0, 0xff);

    /* the rest */
    S(SYS_ioctl, -1, 0xdeadbeef, 7);
    S(SYS_ioctl, -1, 0x5401, BAD);
    S(SYS_futex, 1, 99, 0, 0, 0, 0);
    S(SYS_clock_gettime, 99, BAD);
    S(SYS_lseek, -1, -5L, 77);
    S(SYS_getdents64, -1, BAD, 3);
    S(SYS_wait4, 0x7fffffff, BAD, 0xf0000000, BAD);
    S(SYS_prctl, 9999, 1, 2, 3, 4);
    S(SYS_access, "/nonexistent", 0xf0);
    S(SYS_fchmod, -1, 0177777);
    S(SYS_mknod, "/nonexistent/x", 0170000, 5);
    S(SYS_utimensat, -1, "/nonexistent", end - 8, 0x77);
    S(SYS_pipe2, BAD, 0x7f);
    S(SYS_statx, -1, BAD, 0xffff, 0xc0003fff, BAD);
    S(SYS_lseek, 0x100000003L, 0, 0);
    S(1000, 1, 2, 3, 0, 5, 6);
    S(0x7fffffff, 1, 2, 3, 4, 5, 6);
    return 0;
}
