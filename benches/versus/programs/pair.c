/* Two processes that compute N steps each, at the same time, and check each other's result. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int compute(long count) {
    uint64_t state = 88172645463325252u;
    for (long i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    return (int)(state & 127);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 1000;
    pid_t pid = fork();
    int result = compute(count);
    if (pid == 0)
        _exit(result);
    int status;
    return waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != result;
}
