/* Asks to be traced by its parent, which under a tracer is refused, and says so. */
#include <errno.h>
#include <stdio.h>
#include <sys/ptrace.h>

int main(void) {
    long result = ptrace(PTRACE_TRACEME, 0, 0, 0);
    printf("%s\n", result == 0 ? "traced" : errno == EPERM ? "EPERM" : "other");
    return 0;
}
