/* Messages of netlink that the oracle shows as bytes: the family of NETLINK_GENERIC that tells of all others. */
#include "tell.h"
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#define SOCKET 9

static int used;

static void half(unsigned value)
{
	put(used, value, 2);
	used += 2;
}

/* The head of an attribute of so many bytes. */
static void attr(unsigned length, unsigned type)
{
	half(4 + length), half(type);
}

static void text(const char *bytes, int size)
{
	memcpy(buffer + used, bytes, size);
	used += (size + 3) & ~3;
}

static void word(unsigned value)
{
	put(used, value, 4);
	used += 4;
}

/* A message of the family of families; its length is filled in when it is sent. */
static void begin(unsigned command)
{
	memset(buffer, 0, sizeof buffer);
	used = 0;
	word(0), half(GENL_ID_CTRL), half(NLM_F_REQUEST), word(7), word(0);
	put(used, command, 1), put(used + 1, 2, 1);
	used += 4;
}

#define MESSAGE(length, named, raw, both)                                                                       \
	do {                                                                                                    \
		put(0, used, 4);                                                                                \
		W at = place(used);                                                                             \
		ROW(result, "sendto(9, [{nlmsg_len=" #length ", nlmsg_type=nlctrl, nlmsg_flags=NLM_F_REQUEST"        \
			", nlmsg_seq=7, nlmsg_pid=0}, " named "], " #length ", 0, NULL, 0)",                    \
			"sendto(9, [{nlmsg_len=" #length ", nlmsg_type=0x10, nlmsg_flags=0x1"                   \
			", nlmsg_seq=7, nlmsg_pid=0}, " raw "], " #length ", 0, NULL, 0)",                      \
			"sendto(9, [{nlmsg_len=" #length ", nlmsg_type=0x10 /* nlctrl */, nlmsg_flags=0x1 /* NLM_F_REQUEST */" \
			", nlmsg_seq=7, nlmsg_pid=0}, " both "], " #length ", 0, NULL, 0)",                     \
			SYS_sendto, L(SOCKET), L(at), L(used), L(0), L(0), L(0));                               \
	} while (0)

int main(int argc, char **argv)
{
	const struct sockaddr_nl any = {AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	bind(fd, (void *)&any, sizeof any);
	dup2(fd, SOCKET);
	start(argc, argv);

	begin(CTRL_CMD_GETFAMILY);
	MESSAGE(20, "{cmd=CTRL_CMD_GETFAMILY, version=2}", "{cmd=0x3, version=2}", "{cmd=0x3 /* CTRL_CMD_GETFAMILY */, version=2}");
	begin(77);
	MESSAGE(20, "{cmd=0x4d /* CTRL_CMD_??? */, version=2}", "{cmd=0x4d, version=2}", "{cmd=0x4d /* CTRL_CMD_??? */, version=2}");
	begin(CTRL_CMD_GETFAMILY), attr(7, CTRL_ATTR_FAMILY_NAME), text("nlctrl", 7);
	MESSAGE(32, "{cmd=CTRL_CMD_GETFAMILY, version=2}, [{nla_len=11, nla_type=CTRL_ATTR_FAMILY_NAME}, \"nlctrl\"]",
		"{cmd=0x3, version=2}, [{nla_len=11, nla_type=0x2}, \"nlctrl\"]",
		"{cmd=0x3 /* CTRL_CMD_GETFAMILY */, version=2}, [{nla_len=11, nla_type=0x2 /* CTRL_ATTR_FAMILY_NAME */}, \"nlctrl\"]");
	begin(CTRL_CMD_NEWFAMILY), attr(2, CTRL_ATTR_FAMILY_ID), half(16), half(0), attr(4, CTRL_ATTR_VERSION), word(2);
	MESSAGE(36, "{cmd=CTRL_CMD_NEWFAMILY, version=2}, [[{nla_len=6, nla_type=CTRL_ATTR_FAMILY_ID}, 16], [{nla_len=8, nla_type=CTRL_ATTR_VERSION}, 2]]",
		"{cmd=0x1, version=2}, [[{nla_len=6, nla_type=0x1}, 16], [{nla_len=8, nla_type=0x3}, 2]]",
		"{cmd=0x1 /* CTRL_CMD_NEWFAMILY */, version=2}, [[{nla_len=6, nla_type=0x1 /* CTRL_ATTR_FAMILY_ID */}, 16], "
		"[{nla_len=8, nla_type=0x3 /* CTRL_ATTR_VERSION */}, 2]]");
	begin(CTRL_CMD_NEWFAMILY), attr(20, CTRL_ATTR_OPS), attr(16, 1), attr(4, CTRL_ATTR_OP_ID), word(3);
	attr(4, CTRL_ATTR_OP_FLAGS), word(0x2e);
	MESSAGE(44, "{cmd=CTRL_CMD_NEWFAMILY, version=2}, [{nla_len=24, nla_type=CTRL_ATTR_OPS}, [{nla_len=20, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=CTRL_ATTR_OP_ID}, 3], [{nla_len=8, nla_type=CTRL_ATTR_OP_FLAGS}, "
		"GENL_CMD_CAP_DO|GENL_CMD_CAP_DUMP|GENL_CMD_CAP_HASPOL|0x20]]]]",
		"{cmd=0x1, version=2}, [{nla_len=24, nla_type=0x6}, [{nla_len=20, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=0x1}, 3], [{nla_len=8, nla_type=0x2}, 0x2e]]]]",
		"{cmd=0x1 /* CTRL_CMD_NEWFAMILY */, version=2}, [{nla_len=24, nla_type=0x6 /* CTRL_ATTR_OPS */}, [{nla_len=20, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=0x1 /* CTRL_ATTR_OP_ID */}, 3], [{nla_len=8, nla_type=0x2 /* CTRL_ATTR_OP_FLAGS */}, "
		"0x2e /* GENL_CMD_CAP_DO|GENL_CMD_CAP_DUMP|GENL_CMD_CAP_HASPOL|0x20 */]]]]");
	begin(CTRL_CMD_NEWFAMILY), attr(20, CTRL_ATTR_MCAST_GROUPS), attr(16, 1), attr(4, CTRL_ATTR_MCAST_GRP_ID), word(16);
	attr(3, CTRL_ATTR_MCAST_GRP_NAME), text("ab", 3);
	MESSAGE(44, "{cmd=CTRL_CMD_NEWFAMILY, version=2}, [{nla_len=24, nla_type=CTRL_ATTR_MCAST_GROUPS}, [{nla_len=20, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=CTRL_ATTR_MCAST_GRP_ID}, 16], [{nla_len=7, nla_type=CTRL_ATTR_MCAST_GRP_NAME}, \"ab\"]]]]",
		"{cmd=0x1, version=2}, [{nla_len=24, nla_type=0x7}, [{nla_len=20, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=0x2}, 16], [{nla_len=7, nla_type=0x1}, \"ab\"]]]]",
		"{cmd=0x1 /* CTRL_CMD_NEWFAMILY */, version=2}, [{nla_len=24, nla_type=0x7 /* CTRL_ATTR_MCAST_GROUPS */}, [{nla_len=20, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=0x2 /* CTRL_ATTR_MCAST_GRP_ID */}, 16], [{nla_len=7, nla_type=0x1 /* CTRL_ATTR_MCAST_GRP_NAME */}, \"ab\"]]]]");
	begin(CTRL_CMD_GETPOLICY), attr(40, CTRL_ATTR_POLICY), attr(36, 3), attr(32, 1);
	attr(4, NL_POLICY_TYPE_ATTR_TYPE), word(NL_ATTR_TYPE_U32), attr(8, NL_POLICY_TYPE_ATTR_MIN_VALUE_S), word(-2), word(-1);
	attr(8, NL_POLICY_TYPE_ATTR_MASK), word(0xff), word(0);
	MESSAGE(64, "{cmd=CTRL_CMD_GETPOLICY, version=2}, [{nla_len=44, nla_type=CTRL_ATTR_POLICY}, [{nla_len=40, nla_type=0x3}, "
		"[{nla_len=36, nla_type=0x1}, [[{nla_len=8, nla_type=NL_POLICY_TYPE_ATTR_TYPE}, NL_ATTR_TYPE_U32], "
		"[{nla_len=12, nla_type=NL_POLICY_TYPE_ATTR_MIN_VALUE_S}, -2], [{nla_len=12, nla_type=NL_POLICY_TYPE_ATTR_MASK}, 0xff]]]]]",
		"{cmd=0xa, version=2}, [{nla_len=44, nla_type=0x8}, [{nla_len=40, nla_type=0x3}, [{nla_len=36, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=0x1}, 0x4], [{nla_len=12, nla_type=0x2}, -2], [{nla_len=12, nla_type=0xc}, 0xff]]]]]",
		"{cmd=0xa /* CTRL_CMD_GETPOLICY */, version=2}, [{nla_len=44, nla_type=0x8 /* CTRL_ATTR_POLICY */}, "
		"[{nla_len=40, nla_type=0x3}, [{nla_len=36, nla_type=0x1}, "
		"[[{nla_len=8, nla_type=0x1 /* NL_POLICY_TYPE_ATTR_TYPE */}, 0x4 /* NL_ATTR_TYPE_U32 */], "
		"[{nla_len=12, nla_type=0x2 /* NL_POLICY_TYPE_ATTR_MIN_VALUE_S */}, -2], "
		"[{nla_len=12, nla_type=0xc /* NL_POLICY_TYPE_ATTR_MASK */}, 0xff]]]]]");
	begin(CTRL_CMD_GETPOLICY), attr(20, CTRL_ATTR_OP_POLICY), attr(16, 3);
	attr(4, CTRL_ATTR_POLICY_DO), word(1), attr(4, CTRL_ATTR_POLICY_DUMP), word(2);
	MESSAGE(44, "{cmd=CTRL_CMD_GETPOLICY, version=2}, [{nla_len=24, nla_type=CTRL_ATTR_OP_POLICY}, [{nla_len=20, nla_type=0x3}, "
		"[[{nla_len=8, nla_type=CTRL_ATTR_POLICY_DO}, 1], [{nla_len=8, nla_type=CTRL_ATTR_POLICY_DUMP}, 2]]]]",
		"{cmd=0xa, version=2}, [{nla_len=24, nla_type=0x9}, [{nla_len=20, nla_type=0x3}, "
		"[[{nla_len=8, nla_type=0x1}, 1], [{nla_len=8, nla_type=0x2}, 2]]]]",
		"{cmd=0xa /* CTRL_CMD_GETPOLICY */, version=2}, [{nla_len=24, nla_type=0x9 /* CTRL_ATTR_OP_POLICY */}, "
		"[{nla_len=20, nla_type=0x3}, [[{nla_len=8, nla_type=0x1 /* CTRL_ATTR_POLICY_DO */}, 1], "
		"[{nla_len=8, nla_type=0x2 /* CTRL_ATTR_POLICY_DUMP */}, 2]]]]");
	return 0;
}
