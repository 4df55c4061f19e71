/* What the rows of tests/options.rs trace: `options MODE`. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls that succeed, that fail, and that never return. */
static void calls(void) {
    char buf[16] = "abcdefgh";
    signal(SIGUSR1, SIG_IGN);
    syscall(SYS_getppid);
    write(1, buf, 4);
    syscall(SYS_getppid);
    syscall(SYS_getppid);
    chdir("/nonexistent");
    close(dup(0));
}

static void strings(void) {
    write(1, "ab\1\n\xff"
             "7\"\\z\x80",
          10);
    write(1, "abc\n", 4);
}

static void data(void) {
    int s[2], p[2];
    char one[4], two[30];
    struct iovec vec[3] = {{"abc", 3}, {"defghijklmnopqrstuvwxyz", 23}, {"x", 1}};
    struct iovec in[2] = {{one, 4}, {two, 30}};
    struct msghdr msg = {.msg_iov = vec, .msg_iovlen = 2}, got = {.msg_iov = in, .msg_iovlen = 2};
    pipe(p);
    write(p[1], vec[1].iov_base, 23);
    read(p[0], two, 30);
    writev(p[1], vec, 3);
    readv(p[0], in, 2);
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    sendmsg(s[0], &msg, 0);
    recvmsg(s[1], &got, 0);
    send(s[0], "zzz", 3, 0);
    recv(s[1], two, 20, 0);
    read(-1, two, 5);
}

static void signals(void) {
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, SIG_DFL);
    raise(SIGUSR1);
    raise(SIGHUP + 0 * SIGUSR2);
}

static void files(const char *path) {
    struct stat st;
    int fd = open(path, O_RDONLY);
    char byte;
    fstat(fd, &st);
    read(fd, &byte, 1);
    close(fd);
    open("/nonexistent", O_RDONLY);
}

/* A child after another, each of which runs the program anew. */
static void children(const char *self) {
    for (int i = 0; i < 2; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            execl(self, self, "calls", (char *)NULL);
            _exit(1);
        }
        waitpid(pid, NULL, 0);
    }
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "calls";
    if (!strcmp(mode, "calls"))
        calls();
    else if (!strcmp(mode, "strings"))
        strings();
    else if (!strcmp(mode, "data"))
        data();
    else if (!strcmp(mode, "signals"))
        signals();
    else if (!strcmp(mode, "files"))
        files(argv[2]);
    else if (!strcmp(mode, "children"))
        children(argv[0]);
    else if (!strcmp(mode, "exec"))
        execl(argv[0], argv[0], "calls", (char *)NULL);
    return 0;
}
