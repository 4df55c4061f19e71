/* Asks about descriptors of another process, by its number and by a descriptor that is open on it, and about its own. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int ready[2];
    pipe(ready);
    pid_t self = getpid(), child = fork();
    if (child == 0) {
        dup2(open("/etc/passwd", O_RDONLY), 20);
        write(ready[1], "x", 1);
        pause();
        _exit(0);
    }
    char byte;
    read(ready[0], &byte, 1);
    int pidfd = syscall(434, child, 0), own = syscall(434, self, 0);
    int taken = syscall(438, pidfd, 20, 0);
    syscall(438, pidfd, 99, 0);
    syscall(438, 99, 20, 0);
    close(syscall(438, own, ready[0], 0));
    syscall(SYS_kcmp, self, child, KCMP_FILE, 0, 20);
    syscall(SYS_kcmp, child, self, KCMP_FILE, 20, taken);
    syscall(SYS_kcmp, child, self, KCMP_VM, 20, taken);
    int poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(poller, EPOLL_CTL_ADD, ready[0], &event);
    struct kcmp_epoll_slot slot = {poller, ready[0], 0};
    syscall(SYS_kcmp, self, self, KCMP_EPOLL_TFD, ready[0], &slot);
    syscall(SYS_kcmp, self, child, KCMP_EPOLL_TFD, ready[0], &slot);
    syscall(SYS_kcmp, self, 0x7fffffff, KCMP_FILE, 0, 1);
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
    return 0;
}
