/* Forks, signals, calls, a library loaded late, by what its argument says; for tests/debug.rs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int caught;
int shared = 1;

static void on_signal(int signo)
{
    caught += signo;
}

void __attribute__((noinline)) visited(int who)
{
    shared += who;
}

static int forks(int by_vfork)
{
    int status = 0;
    pid_t child = by_vfork ? vfork() : fork();
    if (child == 0) {
        if (by_vfork)
            execl("/bin/true", "true", NULL);
        visited(10);
        _exit(shared == 11 ? 7 : 8);
    }
    visited(1);
    waitpid(child, &status, 0);
    visited(2);
    printf("child %d signal %d\n", WEXITSTATUS(status), WTERMSIG(status));
    return 0;
}

static int loads(const char *path)
{
    void *library = dlopen(path, RTLD_NOW);
    int (*late)(int) = library ? dlsym(library, "late") : NULL;
    printf("late %d\n", late ? late(20) : -1);
    return library ? 0 : 1;
}

static int loops(void)
{
    int i = 0;
    printf("ready %d\n", getpid());
    fflush(stdout);
    while (shared) {
        visited(0);
        usleep(2000);
        if (++i > 20000)
            return 1;
    }
    printf("released\n");
    return 5;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    setvbuf(stdout, NULL, _IONBF, 0);
    if (!strcmp(what, "fork"))
        return forks(0);
    if (!strcmp(what, "vfork"))
        return forks(1);
    if (!strcmp(what, "load"))
        return loads(argv[2]);
    if (!strcmp(what, "loop"))
        return loops();
    if (!strcmp(what, "exec"))
        execl("/bin/echo", "echo", "executed", NULL);
    if (!strcmp(what, "write"))
        return write(1, "hello\n", 6) == 6 ? 0 : 1;
    if (!strcmp(what, "crash"))
        *(volatile int *)(long)(argc - 2) = 1;
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    printf("caught %d\n", caught);
    return 0;
}
