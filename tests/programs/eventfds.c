/* An eventfd and a signalfd, used a little. */
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

int main(void) {
    unsigned long one = 1;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    int event = eventfd(30, EFD_SEMAPHORE), signals = signalfd(-1, &set, 0);
    write(event, &one, sizeof one);
    read(event, &one, sizeof one);
    write(event, &one, sizeof one);
    close(event);
    close(signals);
    return 0;
}
