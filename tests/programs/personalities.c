/* Calls by the ABIs that a 64-bit program of x86 can reach, and by numbers that are no calls. x32 need not be there:
   its calls then fail with ENOSYS, as what they are called is a matter of their numbers. */
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define X32 0x40000000

static long old(long nr) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(0), "c"(0), "d"(0), "S"(0), "D"(0) : "memory", "r8", "r9", "r10", "r11");
    return result;
}

int main(void) {
    syscall(SYS_getppid, 0, 0, 0, 0, 0, 0);
    syscall(X32 | SYS_getppid, 0, 0, 0, 0, 0, 0);
    syscall(X32 | SYS_dup, 999, 0, 0, 0, 0, 0);
    syscall(X32 | SYS_readv, 1, 0, 1, 0, 0, 0);
    syscall(X32 | 515, 1, 0, 1, 0, 0, 0);
    syscall(X32 | 512, 10, 0, 0, 8, 0, 0);
    syscall(X32 | 999, 1, 2, 3, 4, 5, 6);
    syscall(400, 1, 2, 3, 4, 5, 6);
    syscall(600, 1, 2, 3, 4, 5, 6);
    syscall(SYS_getpid, 0, 0, 0, 0, 0, 0);
    old(64);
    return 0;
}
