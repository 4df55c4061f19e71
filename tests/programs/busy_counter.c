/* Four threads; the main one writes how far it got to the file named, ten times a second. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *idle(void *unused) {
    for (;;)
        usleep(1000);
    return unused;
}

int main(int argc, char **argv) {
    (void)argc;
    pthread_t thread;
    for (int i = 0; i < 3; i++)
        pthread_create(&thread, 0, idle, 0);
    for (int i = 0; i < 600; i++) {
        char text[32];
        int fd = open(argv[1], O_CREAT | O_WRONLY | O_TRUNC, 0600);
        int size = snprintf(text, sizeof text, "%d\n", i);
        if (write(fd, text, size) != size)
            return 1;
        close(fd);
        usleep(50000);
    }
    return 0;
}
