/* N forks, one after the other, each of which executes the program named. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    for (long i = 0; i < atol(argv[1]); i++) {
        pid_t pid = fork();
        if (pid == 0) {
            execl(argv[2], argv[2], (char *)0);
            _exit(127);
        }
        int status;
        if (waitpid(pid, &status, 0) != pid || status != 0)
            return 1;
    }
    return 0;
}
