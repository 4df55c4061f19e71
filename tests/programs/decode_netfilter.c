/* NETLINK_NETFILTER, XFRM, AUDIT, SELINUX, GENERIC, KOBJECT_UEVENT, and protocols whose messages have no names. */
#include "nlmsg.h"
#include <linux/genetlink.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_compat.h>

static const unsigned protocols[] = {
	NETLINK_NETFILTER, NETLINK_XFRM, NETLINK_AUDIT, NETLINK_SELINUX, NETLINK_GENERIC, NETLINK_KOBJECT_UEVENT,
	NETLINK_USERSOCK, NETLINK_FIB_LOOKUP, NETLINK_CONNECTOR,
};

/* Every type of a range with a body of a few lengths. */
static void types(unsigned first, unsigned last)
{
	for (unsigned type = first; type <= last; type++) {
		now.type = type;
		for (int i = 0; i < 4; i++) {
			now.flags = i == 1 ? 0xffff : i == 2 ? NLM_F_ACK | 0x100 : NLM_F_REQUEST;
			/* What is told of families is shown by tell_netlink.c. */
			whole(count, i == 3 && now.type != 16 ? 9 : 0);
		}
	}
}

static void netfilter(void)
{
	for (unsigned subsystem = 0; subsystem < 18; subsystem++)
		types(subsystem << 8, (subsystem << 8) + 40);
	types(0xff00, 0xff04);
	/* The header and what follows it, of messages in a subsystem and of a batch. */
	const unsigned kinds[] = {0x10, NFNL_MSG_BATCH_END, 0x100, 0x20a, 0x301, 0xa00, 0xa06, 0xa0c, 0xa19, 0xb00, 0xc00, 0xd00, 0xf00, 0xff04};
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		now.type = kinds[i], now.flags = NLM_F_REQUEST;
		sizes(count, sizeof(struct nfgenmsg));
		whole(ones, 4), whole(zeros, 4), whole(small, 24);
		for (int family = 0; family < 256; family += i ? 9 : 1) {
			struct nfgenmsg head = {.nfgen_family = family, .version = family & 3, .res_id = family << 8};
			whole(&head, sizeof head);
		}
		for (int id = 0; id < 20; id++) {
			struct nfgenmsg head = {.nfgen_family = 2, .version = id & 1, .res_id = id << 8};
			whole(&head, sizeof head);
		}
		struct nfgenmsg head = {.nfgen_family = 2};
		attributes(&head, sizeof head, 0, 3);
		for (unsigned type = 0; type < 4; type++)
			nested(&head, sizeof head, type | NLA_F_NESTED, 0, 2);
	}
}

/* Messages of families that have no number of their own for good, and of none. */
static void generic(void)
{
	struct genlmsghdr head = {.cmd = 3, .version = 1};
	types(16, 16 + 30);
	for (now.type = 17; now.type < 20; now.type++) {
		sizes(count, sizeof head);
		attributes(&head, sizeof head, 0, 1);
	}
}

/* What udev sends: a magic in a header of 40 bytes. */
static void events(void)
{
	struct {
		char prefix[8];
		unsigned magic, header_size, properties_off, properties_len, subsystem, devtype, tag_lo, tag_hi;
		char more[32];
	} event = {"libudev", 0xcafe1dea, 40, 40, 32, 0x1020304, 0x5060708, 0x90a0b0c, 0xd0e0f10, "ACTION=add"};
	const unsigned magics[] = {0xfeedcafe, 0xcafeedfe, 0, 0xea1dfeca, 0xcafe1dea};
	for (int i = 0; i < 5; i++) {
		event.magic = magics[i];
		for (unsigned size = 0; size <= sizeof event; size++) {
			W at = own(&event, size);
			syscall(SYS_sendto, now.fd, at, size, 0, 0, 0);
			if (i == 1 && size % 5 == 0)
				syscall(SYS_sendto, now.fd, at, size + 9, 0, 0, 0);
		}
		for (int bit = 0; bit < 32; bit++) {
			event.header_size = 1u << bit, event.properties_off = 2u << bit, event.subsystem = 3u << bit;
			syscall(SYS_sendto, now.fd, own(&event, sizeof event), sizeof event, 0, 0, 0);
		}
	}
	/* By headers, with and without an address. */
	struct sockaddr_nl name = {AF_NETLINK};
	struct iovec part = {(void *)own(&event, sizeof event), sizeof event};
	for (int i = 0; i < 2; i++) {
		struct msghdr header = {.msg_name = i ? &name : 0, .msg_namelen = i ? sizeof name : 0, .msg_iov = &part, .msg_iovlen = 1};
		syscall(SYS_sendmsg, now.fd, &header, 0);
	}
	strcpy(event.prefix, "libudex");
	syscall(SYS_sendto, now.fd, own(&event, sizeof event), sizeof event, 0, 0, 0);
	static const char text[] = "add@/devices/virtual/net/lo\0ACTION=add\0SUBSYSTEM=net";
	for (unsigned size = 0; size < sizeof text; size += 5)
		syscall(SYS_sendto, now.fd, own(text, size), size, 0, 0, 0);
}

int main(int argc, char **argv)
{
	int fds[9];
	contents();
	for (int i = 0; i < 9; i++)
		fds[i] = opened(protocols[i]);
	set_up(argc, argv);
	for (int i = 0; i < 9; i++) {
		now.fd = fds[i];
		flags(0), flags(16), flags(17), flags(18), flags(19), flags(0x102);
		switch (protocols[i]) {
		case NETLINK_NETFILTER:
			netfilter();
			break;
		case NETLINK_XFRM:
			types(0, 48);
			break;
		case NETLINK_AUDIT:
			types(990, 1030), types(1098, 1150), types(1198, 1212), types(1298, 1345), types(1398, 1430), types(1498, 1510);
			types(1698, 1712), types(1798, 1812), types(1898, 1902), types(1998, 2010), types(2098, 2110), types(2998, 3000);
			break;
		case NETLINK_GENERIC:
			generic();
			break;
		case NETLINK_KOBJECT_UEVENT:
			events();
			break;
		default:
			types(0, 24);
		}
		now.type = 19, now.flags = NLM_F_REQUEST;
		sizes(count, 40);
		whole(ones, 40), whole(zeros, 40);
	}
	return 0;
}
