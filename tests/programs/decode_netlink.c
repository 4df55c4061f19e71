/* Messages of netlink: headers, lengths, lists, acknowledgements; the calls that carry them, and who speaks it. */
#include "netlink.h"
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/uio.h>

static const struct ifaddrmsg address = {AF_INET, 24, IFA_F_PERMANENT, RT_SCOPE_HOST, 1};
static int sockets[32];

static void headers(void)
{
	int fd = sockets[NETLINK_ROUTE];
	for (unsigned i = 0; i < 20; i++) {
		begin(RTM_GETADDR, 0);
		send_bytes(fd, i, i);
		send_bytes(fd, i, i + 1);
		for (unsigned size = 16; size < 40; size += 3) {
			((struct nlmsghdr *)message)->nlmsg_len = i * 2;
			send_bytes(fd, size, size);
			send_bytes(fd, size, size + 1);
		}
	}
	P(SYS_sendto, L(fd, -1, 1000), L(0, BAD, ZERO, ONES, COUNT, SMALL, END(SMALL) - 4, END(SMALL) - 16, END(COUNT) - 12, END(ONES) - 40),
	  L(0, 1, 15, 16, 40, 4096, 0x7fffffff, -1), L(0), L(0), L(0));
	P(SYS_recvfrom, L(fd, -1), L(0, BAD, ZERO, ONES, COUNT, SMALL, END(SMALL) - 4, END(SMALL) - 16, END(COUNT) - 12, END(ONES) - 40),
	  L(0, 1, 15, 16, 40, 4096, 0x7fffffff, -1), L(0), L(0), L(0));
}

static void types_and_flags(void)
{
	for (int protocol = 0; protocol < 23; protocol++) {
		if (protocol != NETLINK_ROUTE && protocol != NETLINK_USERSOCK && protocol != NETLINK_KOBJECT_UEVENT)
			continue;
		for (int type = 0; type < (protocol ? 24 : 140); type++)
			for (int bit = -1; bit < 17; bit++) {
				begin(type, bit < 0 ? 0 : 0xffff & (bit == 16 ? -1 : 1 << bit));
				show_both(sockets[protocol]);
			}
	}
	for (int type = 0; type < 16; type++)
		for (unsigned size = 0; size < 48; size += size < 24 ? 1 : 4) {
			begin(type, 0);
			put((void *)COUNT, size);
			show_cut(sockets[NETLINK_ROUTE], 1);
		}
}

static void lists(void)
{
	int fd = sockets[NETLINK_ROUTE];
	for (int count = 1; count < 40; count += count < 3 || count > 30 ? 1 : 9) {
		for (unsigned body = 0; body < 8; body++) {
			used = 0;
			for (int i = 0; i < count; i++) {
				put(&(struct nlmsghdr){16 + body, i % 2 ? RTM_GETADDR : NLMSG_DONE, 0, i, 0}, 16);
				put((void *)COUNT, body);
				pad();
			}
			for (unsigned less = 0; less < 20 && less < used; less++) {
				send_bytes(fd, used - less, used - less);
				send_bytes(fd, used - less, used);
			}
		}
		for (unsigned body = 0; body < 6; body++) {
			begin(RTM_NEWADDR, 0);
			put(&address, sizeof address);
			for (int i = 0; i < count; i++)
				attribute(i % 12, (void *)COUNT, body);
			show_cut(fd, count < 4 ? 16 : 2);
		}
	}
	for (unsigned length = 0; length < 16; length++)
		for (unsigned extra = 0; extra < 12; extra++) {
			begin(RTM_NEWADDR, 0);
			put(&address, sizeof address);
			put(&(struct nlattr){length, IFA_LABEL}, 4);
			put((void *)TEXT, extra);
			show_both(fd);
		}
	for (unsigned type = 0; type < 16; type++) {
		begin(RTM_NEWADDR, 0);
		put(&address, sizeof address);
		WORDS(type | NLA_F_NESTED, 1, 2);
		WORDS(type | NLA_F_NET_BYTEORDER, 1, 2);
		WORDS(type | NLA_F_NESTED | NLA_F_NET_BYTEORDER, 1, 2);
		WORDS(0xff00 | type, 1, 2);
		show_both(fd);
	}
	for (unsigned size = 0; size < 40; size++) {
		begin(RTM_NEWADDR, 0);
		put(&address, sizeof address);
		nest(IFA_LABEL);
		put((void *)TEXT, size);
		put("", 1);
		unnest();
		show_both(fd);
	}
}

static void acknowledgement(int flags, int error, const struct nlmsghdr *quoted, unsigned body)
{
	begin(NLMSG_ERROR, flags);
	put(&error, 4);
	put(quoted, 16);
	put(&address, body);
}

static void acknowledgements(void)
{
	int fd = sockets[NETLINK_ROUTE];
	static const int errors[] = {0, 1, -1, -13, -95, -133, -134, -512, -4095, -4096, 0x7fffffff};
	for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++) {
		acknowledgement(0, errors[i], &(struct nlmsghdr){16, RTM_NEWADDR, 5, 1, 2}, 0);
		show_cut(fd, 24);
	}
	for (int flags = 0; flags < 0x400; flags += 0x100)
		for (unsigned length = 8; length < 40; length += 1 + length % 3)
			for (unsigned body = 0; body <= 8; body += 4) {
				acknowledgement(flags, -22, &(struct nlmsghdr){length, RTM_NEWADDR, 5, 1, 2}, body);
				attribute(NLMSGERR_ATTR_MSG, "a message", 10);
				WORDS(NLMSGERR_ATTR_OFFS, 20);
				show_cut(fd, 5);
			}
	for (int type = 0; type < 8; type++)
		for (unsigned size = 0; size < 40; size += size < 10 ? 1 : 10) {
			acknowledgement(0x200, -22, &(struct nlmsghdr){24, RTM_NEWADDR, 5, 1, 2}, 8);
			attribute(type, (void *)COUNT, size);
			show_both(fd);
		}
	/* Errors that quote errors. */
	for (unsigned deep = 1; deep < 12; deep++) {
		begin(NLMSG_ERROR, 0);
		for (unsigned i = 0; i < deep; i++) {
			put(&(int){-(int)i}, 4);
			put(&(struct nlmsghdr){20 * (deep - i), i + 1 == deep ? RTM_GETADDR : NLMSG_ERROR, 0, i, 0}, 16);
		}
		show_both(fd);
	}
}

static void carriers(void)
{
	begin(RTM_NEWADDR, 0);
	put(&address, sizeof address);
	WORDS(IFA_LOCAL, 0x100007f);
	finish();
	W at = own(message, used);
	struct {
		struct sockaddr_nl netlink;
		struct sockaddr_nl other;
		struct iovec parts[3];
		struct mmsghdr headers[2];
	} *all = (void *)OWN;
	memset(all, 0, sizeof *all);
	all->netlink.nl_family = AF_NETLINK;
	all->other.nl_family = AF_INET;
	all->parts[0] = (struct iovec){(void *)at, used};
	all->parts[1] = (struct iovec){(void *)at, 20};
	all->parts[2] = (struct iovec){(void *)(at + 20), used};
	const int speakers[] = {sockets[NETLINK_ROUTE], sockets[NETLINK_USERSOCK], sockets[NETLINK_KOBJECT_UEVENT], sockets[24], -1};
	const void *names[] = {&all->netlink, &all->other, 0, (void *)BAD};
	for (unsigned i = 0; i < 5; i++)
		for (unsigned name = 0; name < 4; name++)
			for (unsigned length = 0; length < 13; length += length == 2 ? 10 : 1)
				for (unsigned count = 0; count < 4; count++) {
					struct msghdr header = {(void *)names[name], length, all->parts, count, 0, 0, 0};
					all->headers[0] = all->headers[1] = (struct mmsghdr){header, 30};
					int fd = speakers[i];
					syscall(SYS_sendmsg, fd, all->headers, 0);
					syscall(SYS_recvmsg, fd, all->headers, 0);
					syscall(SYS_sendmmsg, fd, all->headers, 2, 0);
					syscall(SYS_recvmmsg, fd, all->headers, 2, 0, 0);
					if (count == 1)
						syscall(SYS_sendto, fd, at, used, 0, names[name], length);
				}
	for (unsigned i = 0; i < 5; i++) {
		syscall(SYS_sendto, speakers[i], at, used, 0, 0, 0);
		syscall(SYS_recvfrom, speakers[i], at, used, 0, 0, 0);
		syscall(SYS_write, speakers[i], at, used);
		syscall(SYS_read, speakers[i], at, used);
		syscall(SYS_writev, speakers[i], all->parts, 2);
		syscall(SYS_readv, speakers[i], all->parts, 2);
	}
}

int main(int argc, char **argv)
{
	for (int protocol = 0; protocol < 32; protocol++)
		sockets[protocol] = netlink_socket(protocol);
	/* One without an address, and some that speak something else. */
	int pair[2] = {0};
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	sockets[23] = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	sockets[24] = pair[0];
	sockets[25] = socket(AF_INET, SOCK_DGRAM, 0);
	set_up(argc, argv);
	headers();
	types_and_flags();
	lists();
	acknowledgements();
	carriers();
	for (int i = 23; i < 26; i++) {
		begin(RTM_NEWADDR, 0);
		put(&address, sizeof address);
		show_both(sockets[i]);
	}
	return 0;
}
