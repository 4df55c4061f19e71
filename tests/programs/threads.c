/* N threads at once, then exit_group with the main thread's status. With a second argument "storm",
 * threads run until exit_group ends them while signals arrive. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *once(void *unused) {
    usleep(1000);
    getppid();
    return unused;
}

static void *forever(void *unused) {
    for (;;)
        usleep(500);
    return unused;
}

static void caught(int signo) { (void)signo; }

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 10;
    int storm = argc > 2 && !strcmp(argv[2], "storm");
    pthread_t *threads = calloc(count, sizeof *threads);
    signal(SIGUSR1, caught);
    signal(SIGRTMIN + 3, caught);
    for (int i = 0; i < count; i++)
        pthread_create(threads + i, 0, storm ? forever : once, 0);
    if (storm) {
        for (int i = 0; i < 400; i++)
            pthread_kill(threads[rand() % count], i % 2 ? SIGUSR1 : SIGRTMIN + 3);
        usleep(20000);
        _exit(7);
    }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], 0);
    return 7;
}
