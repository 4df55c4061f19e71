/* Does everything by which a descriptor comes to be open on something else, and asks for each with a write of
   nothing: in the process, in a fork, in a task that shares the descriptors, in a thread, across execve. The
   argument is a directory of its own to work in. One task runs at a time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_new(const char *name) { return open(name, O_RDWR | O_CREAT, 0600); }
static void ask(int fd) { syscall(SYS_write, fd, "", 0); }
static void ask_cwd(void) { syscall(SYS_mkdirat, AT_FDCWD, ".", 0); }

static void replaces(void) {
    int a = open_new("a"), b = open_new("b");
    ask(a), ask(b);
    dup2(a, b), ask(b);
    dup3(1, b, O_CLOEXEC), ask(b);
    close(a), ask(a);
    int again = open_new("again");
    ask(again);
    close(again), close(b);
    int first = open_new("first"), second = open_new("second");
    ask(first), ask(second);
    syscall(SYS_close_range, first, second, 0);
    ask(first), ask(second);
    first = open_new("third"), ask(first);
    syscall(SYS_close_range, 900, 901, 2 /* CLOSE_RANGE_UNSHARE */), ask(first);
    close(first);
    close(999);
}

static void names(void) {
    int fd = open_new("old");
    ask(fd);
    rename("old", "new"), ask(fd);
    unlink("new"), ask(fd);
    close(fd);
    mkdir("dir", 0700);
    fd = open_new("dir/file"), ask(fd);
    rename("dir", "moved"), ask(fd);
    int dir = open("moved", O_PATH | O_DIRECTORY);
    unlinkat(dir, "file", 0), ask(fd);
    fchdir(dir), ask_cwd();
    chdir(".."), ask_cwd();
    close(dir), close(fd);
    /* The kernel forgets the first name when the second is looked up. */
    fd = open("/proc/self/net/psched", O_RDONLY);
    int again = open("/proc/self/net/psched", O_RDONLY);
    ask(fd), ask(again);
    close(fd), close(again);
}

static int child_changes(void *fd) {
    int number = *(int *)fd;
    ask(number);
    close(number);
    ask(open_new("by-child"));
    chdir("moved");
    _exit(0);
}

static void shares(unsigned long flags) {
    static char stack[65536] __attribute__((aligned(16)));
    int fd = open_new("shared");
    ask(fd), ask_cwd();
    int pid = clone(child_changes, stack + sizeof stack, flags | SIGCHLD, &fd);
    waitpid(pid, NULL, 0);
    ask(fd), ask_cwd();
    if (flags & CLONE_FS) chdir("..");
    close(fd);
}

static void *in_thread(void *fd) {
    int number = *(int *)fd;
    ask(number), close(number);
    ask(open_new("by-thread"));
    unshare(CLONE_FILES);
    close(number), ask(open_new("own"));
    return NULL;
}

static void threads(void) {
    int fd = open_new("main");
    ask(fd);
    pthread_t thread;
    pthread_create(&thread, NULL, in_thread, &fd);
    pthread_join(thread, NULL);
    ask(fd);
    close(fd);
}

static void passes(void) {
    int pair[2];
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    int fd = open_new("passed");
    char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 'x';
    struct iovec iov = {&byte, 1};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    struct cmsghdr *header = CMSG_FIRSTHDR(&msg);
    header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS, header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    sendmsg(pair[0], &msg, 0);
    close(fd);
    int other = open_new("other");
    ask(other), close(other);
    recvmsg(pair[1], &msg, 0);
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof fd);
    ask(fd);
    int self = syscall(SYS_pidfd_open, getpid(), 0);
    int taken = syscall(SYS_pidfd_getfd, self, fd, 0);
    ask(taken);
    close(taken), close(self), close(fd), close(pair[0]), close(pair[1]);
}

int main(int argc, char **argv) {
    if (argc > 2) {
        int fd = atoi(argv[2]);
        ask(fd), ask(fd + 1);
        ask(open_new("after"));
        return 0;
    }
    if (argc < 2 || chdir(argv[1]) != 0) return 2;
    replaces();
    names();
    shares(0);
    shares(CLONE_FILES);
    shares(CLONE_FS);
    shares(CLONE_FILES | CLONE_FS | CLONE_VM);
    threads();
    passes();
    int closed = open("exec", O_RDWR | O_CREAT | O_CLOEXEC, 0600), kept = open_new("kept");
    ask(closed), ask(kept);
    char number[12];
    snprintf(number, sizeof number, "%d", closed);
    execl("/nowhere", "nowhere", NULL);
    ask(closed);
    execl("/proc/self/exe", argv[0], argv[1], number, NULL);
    return 1;
}
