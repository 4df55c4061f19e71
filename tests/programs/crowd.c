/* N threads that sleep again and again for a short while. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void *sleeper(void *unused) {
    (void)unused;
    struct timespec pause = {0, 100 * 1000 * 1000};
    for (;;)
        nanosleep(&pause, NULL);
    return NULL;
}

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 10;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 64 * 1024);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &attr, sleeper, NULL) != 0)
            return 1;
    }
    pause();
    return 0;
}
