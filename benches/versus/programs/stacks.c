/* N rounds of open, read, fstat, lseek and close, five calls deep below main. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRAME __attribute__((noinline))

/* Written around each call below, so that no level is folded into another. */
static volatile int depth;

static FRAME int touch(const char *path) {
    char buffer[64];
    struct stat info;
    int fd = open(path, O_RDONLY);
    int bad = fd < 0 || read(fd, buffer, sizeof buffer) <= 0 || fstat(fd, &info) != 0;
    bad |= lseek(fd, 0, SEEK_SET) != 0;
    bad |= close(fd) != 0;
    return bad;
}

#define LEVEL(name, below)                          \
    static FRAME int name(const char *path) {       \
        depth++;                                    \
        int bad = below(path);                      \
        depth--;                                    \
        return bad;                                 \
    }

LEVEL(fourth, touch)
LEVEL(third, fourth)
LEVEL(second, third)
LEVEL(first, second)

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 100;
    int bad = 0;
    for (long i = 0; i < count; i++)
        bad |= first("/etc/passwd");
    return bad;
}
