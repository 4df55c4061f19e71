/* thread_exec N: a thread that is not the leader execs this program with N-1 while two siblings wait, until N is 0. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *self;
static char count[16];

static void *wait_forever(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static void *replace(void *unused)
{
    execl(self, self, count, NULL);
    perror("execl");
    exit(1);
    return unused;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 0;
    if (n == 0) {
        puts("last");
        return 9;
    }
    self = argv[0];
    snprintf(count, sizeof count, "%d", n - 1);
    pthread_t t;
    pthread_create(&t, NULL, wait_forever, NULL);
    pthread_create(&t, NULL, wait_forever, NULL);
    pthread_create(&t, NULL, replace, NULL);
    if (n % 2)
        pthread_exit(NULL); /* an exec while the leader is a zombie already */
    for (;;)
        pause();
}
