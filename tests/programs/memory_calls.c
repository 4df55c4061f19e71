/* Makes N rounds of open, read, write, stat and close: five calls with a path, buffers and a struct. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 1000;
    char buffer[64];
    struct stat info;
    int null = open("/dev/null", O_WRONLY);
    for (long i = 0; i < count; i++) {
        int fd = open("/etc/passwd", O_RDONLY);
        long got = read(fd, buffer, sizeof buffer);
        write(null, buffer, got > 0 ? got : 0);
        syscall(SYS_stat, "/dev/null", &info);
        close(fd);
    }
    return 0;
}
