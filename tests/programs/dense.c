/* Makes N getppid calls and nothing else of note: the densest trace there is. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 1000;
    for (long i = 0; i < count; i++)
        syscall(SYS_getppid);
    return 0;
}
