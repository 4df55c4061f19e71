// Makes calls that are told apart by who makes them: the program itself, a thread of it, a child between fork and
// execve, and the program that the child becomes. Arguments: a directory to be made and removed, and, if there is a
// third, a program to be started. Prints "made" and "done", or the error of mkdir.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

static void *in_a_thread(void *unused) {
    struct sysinfo info;
    sysinfo(&info);
    // Long enough that whoever joins it always has to wait, which takes a call of its own.
    usleep(200 * 1000);
    return unused;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    if (mkdir(argv[1], 0755)) {
        printf("mkdir: %s\n", strerror(errno));
        return 1;
    }
    printf("made\n");
    fflush(stdout);
    pthread_t thread;
    if (pthread_create(&thread, NULL, in_a_thread, NULL)) return 3;
    pthread_join(thread, NULL);
    if (argc > 2) {
        pid_t child = fork();
        if (child == 0) {
            sched_get_priority_max(SCHED_FIFO);
            execv(argv[2], argv + 2);
            _exit(4);
        }
        int status;
        waitpid(child, &status, 0);
        if (status) return 5;
    }
    if (rmdir(argv[1])) return 6;
    printf("done\n");
    return 0;
}
