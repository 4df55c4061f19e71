/* N short forks, one after the other. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 10;
    for (int i = 0; i < count; i++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(i & 127);
        int status;
        if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != (i & 127))
            return 1;
    }
    return 0;
}
