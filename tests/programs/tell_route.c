/* Messages and attributes of rtnetlink that are newer than the oracle, apart from links and traffic control. */
#define put put_bytes
#include "netlink.h"
#undef put
#include "tell.h"
#include <linux/rtnetlink.h>

static int route;

/* A message of a type with a head that is told so in the three styles. */
struct kind {
	int type, size;
	const void *head;
	const char *line[3];
};

/* An attribute, its name, and what is told of what it holds. */
static void told(const struct kind *kind, int type, const char *name, const void *bytes, unsigned size, const char *value)
{
	begin(kind->type, 0);
	put_bytes(kind->head, kind->size);
	attribute(type, bytes, size);
	finish();
	if (!telling) {
		send_bytes(route, used, used);
		return;
	}
	printf("sendto(3, [{nlmsg_len=%u, nlmsg_type=%s, [{nla_len=%u, nla_type=", used, kind->line[style], size + 4);
	if (style == 0)
		printf("%s", name);
	else
		printf(style == 2 ? "%#x /* %s */" : "%#x", type, name);
	printf("}, %s]], %u, 0, NULL, 0)%s\n", value, used, ends[result < 0 ? 0 : result ? 2 : 1]);
}

#define REST ", nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}, "
/* A message about addresses. */
#define ADDRESSES(name, raw, type)                                                                                              \
	{                                                                                                                 \
		type, sizeof address, &address,                                                                           \
		{                                                                                                         \
			name REST "{ifa_family=AF_INET6, ifa_prefixlen=128, ifa_flags=IFA_F_PERMANENT, "                 \
				   "ifa_scope=RT_SCOPE_SITE, ifa_index=0}",                                               \
			raw REST "{ifa_family=0xa, ifa_prefixlen=128, ifa_flags=0x80, ifa_scope=0xc8, ifa_index=0}",      \
			raw " /* " name " */" REST "{ifa_family=0xa /* AF_INET6 */, ifa_prefixlen=128, "                 \
			    "ifa_flags=0x80 /* IFA_F_PERMANENT */, ifa_scope=0xc8 /* RT_SCOPE_SITE */, ifa_index=0}",     \
		},                                                                                                        \
	}

int main(int argc, char **argv)
{
	static const uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
	static const struct ifaddrmsg address = {AF_INET6, 128, IFA_F_PERMANENT, RT_SCOPE_SITE, 0};
	static const struct rtmsg zeros;
	static const struct kind rule = {RTM_NEWRULE, 12, &zeros, {
		"RTM_NEWRULE" REST "{family=AF_UNSPEC, dst_len=0, src_len=0, tos=0, table=RT_TABLE_UNSPEC, action=FR_ACT_UNSPEC, flags=0}",
		"0x20" REST "{family=0, dst_len=0, src_len=0, tos=0, table=0, action=0, flags=0}",
		"0x20 /* RTM_NEWRULE */" REST "{family=0 /* AF_UNSPEC */, dst_len=0, src_len=0, tos=0, "
			"table=0 /* RT_TABLE_UNSPEC */, action=0 /* FR_ACT_UNSPEC */, flags=0}",
	}}, way = {RTM_NEWROUTE, 12, &zeros, {
		"RTM_NEWROUTE" REST "{rtm_family=AF_UNSPEC, rtm_dst_len=0, rtm_src_len=0, rtm_tos=0, rtm_table=RT_TABLE_UNSPEC, "
			"rtm_protocol=RTPROT_UNSPEC, rtm_scope=RT_SCOPE_UNIVERSE, rtm_type=RTN_UNSPEC, rtm_flags=0}",
		"0x18" REST "{rtm_family=0, rtm_dst_len=0, rtm_src_len=0, rtm_tos=0, rtm_table=0, rtm_protocol=0, rtm_scope=0, "
			"rtm_type=0, rtm_flags=0}",
		"0x18 /* RTM_NEWROUTE */" REST "{rtm_family=0 /* AF_UNSPEC */, rtm_dst_len=0, rtm_src_len=0, rtm_tos=0, "
			"rtm_table=0 /* RT_TABLE_UNSPEC */, rtm_protocol=0 /* RTPROT_UNSPEC */, "
			"rtm_scope=0 /* RT_SCOPE_UNIVERSE */, rtm_type=0 /* RTN_UNSPEC */, rtm_flags=0}",
	}}, addresses[] = {
		ADDRESSES("RTM_NEWMULTICAST", "0x38", 0x38), ADDRESSES("RTM_DELMULTICAST", "0x39", 0x39),
		ADDRESSES("RTM_GETMULTICAST", "0x3a", 0x3a), ADDRESSES("RTM_NEWANYCAST", "0x3c", 0x3c),
		ADDRESSES("RTM_DELANYCAST", "0x3d", 0x3d), ADDRESSES("RTM_GETANYCAST", "0x3e", 0x3e),
	};
	route = netlink_socket(NETLINK_ROUTE);
	start(argc, argv);
	for (unsigned i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		told(addresses + i, 5, "IFA_ANYCAST", octets, 4, "\"\\x01\\x02\\x03\\x04\"");
		/* What is an address prints itself alike in all styles but that of bare numbers. */
		if (style != 1)
			told(addresses + i, 7, "IFA_MULTICAST", octets, 16, style == 0
				? "inet_pton(AF_INET6, \"102:304:506:708:90a:b0c:d0e:f10\")"
				: "\"\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\x09\\x0a\\x0b\\x0c\\x0d\\x0e\\x0f\\x10\" "
				  "/* inet_pton(AF_INET6, \"102:304:506:708:90a:b0c:d0e:f10\") */");
	}
	told(&way, 30, "RTA_NH_ID", octets, 4, "67305985");
	told(&way, 30, "RTA_NH_ID", octets, 3, "\"\\x01\\x02\\x03\"");
	told(&way, 31, "RTA_FLOWLABEL", octets, 3, "\"\\x01\\x02\\x03\"");
	told(&rule, 25, "FRA_DSCP", octets, 1, "1");
	told(&rule, 25, "FRA_DSCP", octets + 4, 4, "5");
	told(&rule, 26, "FRA_FLOWLABEL", octets, 3, "\"\\x01\\x02\\x03\"");
	static const char *const label[] = {
		"htonl(66051)", "\"\\x00\\x01\\x02\\x03\"", "\"\\x00\\x01\\x02\\x03\" /* htonl(66051) */"};
	told(&way, 31, "RTA_FLOWLABEL", "\0\1\2\3", 4, label[style]);
	told(&rule, 26, "FRA_FLOWLABEL", "\0\1\2\3", 5, label[style]);
	told(&rule, 27, "FRA_FLOWLABEL_MASK", "\0\1\2\3", 4, label[style]);
	/* Whose content is not shown. */
	told(&rule, 28, "FRA_SPORT_MASK", octets, 2, "\"\\x01\\x02\"");
	told(&rule, 29, "FRA_DPORT_MASK", octets, 2, "\"\\x01\\x02\"");
	told(&rule, 30, "FRA_DSCP_MASK", octets, 1, "\"\\x01\"");
	return 0;
}
