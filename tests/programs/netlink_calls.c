/* Makes N rounds of a message that rtnetlink passes over, for it asks for nothing, and of a look for an answer. */
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 1000;
    char buffer[64];
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    struct nlmsghdr head = {.nlmsg_len = sizeof head, .nlmsg_type = NLMSG_NOOP};
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (fd < 0 || bind(fd, (void *)&address, sizeof address) < 0)
        return 1;
    for (long i = 0; i < count; i++) {
        send(fd, &head, sizeof head, 0);
        recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    }
    return 0;
}
