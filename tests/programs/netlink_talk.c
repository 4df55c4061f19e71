/* Asks rtnetlink for its addresses and routes by every call that can, and uses the number of the socket for other
 * things in between. */
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char answer[16384];

static void read_answers(int fd, int headers) {
    for (int done = 0; !done;) {
        struct sockaddr_nl from;
        struct iovec part = {answer, sizeof answer};
        struct msghdr header = {&from, sizeof from, &part, 1, 0, 0, 0};
        long got = headers ? recvmsg(fd, &header, 0) : recv(fd, answer, sizeof answer, 0);
        if (got < 16)
            return;
        for (struct nlmsghdr *at = (void *)answer; NLMSG_OK(at, got); at = NLMSG_NEXT(at, got))
            done |= at->nlmsg_type == NLMSG_DONE || at->nlmsg_type == NLMSG_ERROR;
    }
}

int main(void) {
    struct {
        struct nlmsghdr head;
        struct rtmsg body;
    } ask = {{sizeof ask, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {AF_INET}};
    struct sockaddr_nl self = {.nl_family = AF_NETLINK}, kernel = self;
    int pair[2];
    for (int round = 0; round < 2; round++) {
        int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
        if (bind(fd, (void *)&self, sizeof self) < 0)
            return 1;
        ask.head.nlmsg_type = RTM_GETADDR;
        send(fd, &ask, sizeof ask, 0);
        read_answers(fd, 0);
        struct iovec part = {&ask, sizeof ask};
        struct msghdr header = {&kernel, sizeof kernel, &part, 1, 0, 0, 0};
        ask.head.nlmsg_type = RTM_GETROUTE;
        sendmsg(fd, &header, 0);
        read_answers(fd, 1);
        close(fd);
        /* The same number for sockets that know nothing of it. */
        if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0 || pair[0] != fd)
            return 2;
        send(pair[0], &ask, sizeof ask, 0);
        recv(pair[1], answer, sizeof answer, 0);
        close(pair[1]);
        close(pair[0]);
    }
    return 0;
}
