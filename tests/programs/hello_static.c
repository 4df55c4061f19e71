/* A few calls of every family, in a fixed order; built static and for i386. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int hits;
static void on_signal(int sig) { hits += sig == SIGUSR1; }

int main(int argc, char **argv)
{
    printf("args %d %s\n", argc, argv[argc - 1]);
    fflush(stdout);
    struct stat st;
    stat("/etc/passwd", &st);
    int fd = open("scratch", O_RDWR | O_CREAT | O_TRUNC, 0644);
    struct iovec v[2] = {{"abc", 3}, {"defg\n", 5}};
    writev(fd, v, 2);
    lseek(fd, 2, SEEK_SET);
    char buf[16];
    read(fd, buf, sizeof buf);
    ftruncate(fd, 4096);
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    memset(map, 'x', 10);
    munmap(map, 4096);
    close(fd);
    unlink("scratch");
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    send(pair[0], "ping", 4, 0);
    struct pollfd p = {pair[1], POLLIN, 0};
    poll(&p, 1, 1000);
    recv(pair[1], buf, sizeof buf, 0);
    struct sigaction sa = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &sa, NULL);
    kill(getpid(), SIGUSR1);
    struct timespec ts = {0, 1000000};
    nanosleep(&ts, NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(5);
    int status;
    waitpid(child, &status, 0);
    printf("hits %d child %d\n", hits, WEXITSTATUS(status));
    return 4;
}
