/* The only other thread calls execve while the first waits. */
#include <pthread.h>
#include <unistd.h>

static void *replace(void *unused) {
    usleep(100000);
    execl("/bin/true", "true", NULL);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, replace, NULL);
    for (;;) pause();
}
