/* ping_pong ROUNDS: parent and child signal each other in turns. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 10, sig, status;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    pid_t parent = getpid(), child = fork();
    for (int i = 0; i < rounds; i++) {
        if (child) {
            kill(child, SIGUSR1);
            sigwait(&set, &sig);
        } else {
            sigwait(&set, &sig);
            kill(parent, SIGUSR1);
        }
    }
    if (child == 0)
        _exit(8);
    waitpid(child, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    return 0;
}
