/* Threads that all come to the same function, for tests/debug.rs. */
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 6 };
static pthread_barrier_t barrier;
static int done[THREADS];
static __thread char padding = 1;
static __thread int mine = 50;

void __attribute__((noinline)) greet(int number)
{
    done[number] = number + 1;
}

static void *work(void *argument)
{
    int number = (int)(long)argument;
    mine += number + padding;
    pthread_barrier_wait(&barrier);
    for (int round = 0; round < 200; round++)
        greet(number);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int sum = 0;
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (long number = 0; number < THREADS; number++)
        pthread_create(&threads[number], NULL, work, (void *)number);
    for (int number = 0; number < THREADS; number++)
        pthread_join(threads[number], NULL);
    for (int number = 0; number < THREADS; number++)
        sum += done[number];
    printf("sum %d\n", sum);
    return 0;
}
