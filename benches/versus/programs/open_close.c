/* Makes N pairs of open and close of one file. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 1000;
    for (long i = 0; i < count; i++) {
        int fd = open("/etc/passwd", O_RDONLY);
        if (fd < 0 || close(fd) != 0)
            return 1;
    }
    return 0;
}
