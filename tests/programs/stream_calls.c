/* Makes N rounds of send and recv over a pair of stream sockets. */
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 1000;
    char buffer[64] = "text";
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
        return 1;
    for (long i = 0; i < count; i++) {
        send(pair[0], buffer, 16, 0);
        recv(pair[1], buffer, sizeof buffer, 0);
    }
    return 0;
}
