/* Links in NETLINK_ROUTE: every attribute of RTM_NEWLINK and those within it, of every size. What is newer than the oracle
 * is in tell_link.c. */
#include "attributes.h"
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#define NUMBERS 0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 20

static struct ifinfomsg head, bridge, ipv6, others[8], flags;

#define PLACE(head, ...) \
	(&(struct place){RTM_NEWLINK, &head, sizeof head, {__VA_ARGS__, -1}, 0, 0})
#define TOP(head) (&(struct place){RTM_NEWLINK, &head, sizeof head, {-1}, 0, 0})
#define INFO(inner, kind_type, kind) \
	(&(struct place){RTM_NEWLINK, &head, sizeof head, {IFLA_LINKINFO, inner, -1}, kind_type, kind})
#define WITHIN(inner, innermost, kind) \
	(&(struct place){RTM_NEWLINK, &head, sizeof head, {IFLA_LINKINFO, inner, innermost, -1}, IFLA_INFO_KIND, kind})

static void links(void)
{
	EACH(TOP(head), 0, IFLA_ALLMULTI, NUMBERS);
	EACH(TOP(head), 80, 82, NUMBERS);
	EACH(TOP(head), 0x3ffe, 0x3fff, 0, 4);
	EACH(TOP(head), IFLA_ADDRESS, IFLA_IFNAME, 6, 24, 31, 32, 33, 36, 64);
	EACH(TOP(head), IFLA_PERM_ADDRESS, IFLA_PERM_ADDRESS, 6, 24, 31, 32, 33, 36, 64);
	EACH(TOP(head), IFLA_STATS, IFLA_STATS, 88, 91, 92, 93, 95, 96, 97, 100, 104);
	EACH(TOP(head), IFLA_STATS64, IFLA_STATS64, 96, 180, 184, 185, 191, 192, 193, 200, 204, 208, 216);
	EACH(TOP(head), IFLA_MAP, IFLA_MAP, 24, 27, 28, 29, 31, 32, 33, 36, 40);
	for (int type = 0; type < 35; type++) {
		struct ifinfomsg typed = {.ifi_type = type < 32 ? type : 766 + type, .ifi_index = type};
		EACH(TOP(typed), IFLA_ADDRESS, IFLA_ADDRESS, 6, 20);
	}
	for (int family = 0; family < 256; family++) {
		struct ifinfomsg of = {.ifi_family = family, .ifi_type = 1};
		EACH(TOP(of), IFLA_ADDRESS, IFLA_BROADCAST, 6, 32);
		EACH(TOP(of), IFLA_PERM_ADDRESS, IFLA_PERM_ADDRESS, 20);
	}
	for (int bit = 0; bit < 32; bit++) {
		flags.ifi_flags = 1u << bit, flags.ifi_change = 3u << bit;
		EACH(TOP(flags), IFLA_LINK, IFLA_LINK, 4);
	}
	EACH(PLACE(head, IFLA_PROP_LIST), 0, 56, 0, 1, 4, 6, 40);
	EACH(PLACE(head, IFLA_PROTO_DOWN_REASON), 0, 4, NUMBERS);
	EACH(PLACE(head, IFLA_XDP), 0, 10, NUMBERS);
}

static void information(void)
{
	static const char *kinds[] = {"bridge", "tun", "can", "vlan", "vxlan", "bond", "macvlan", "veth", "bri", "bridge2",
		"bridgebridgebridgebridgebridgebridgebridge", ""};
	EACH(PLACE(head, IFLA_LINKINFO), 0, 7, NUMBERS, 24, 40);
	for (int i = 0; i < 12; i++) {
		EACH(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, kinds[i]), 1, 3, 0, 4, 8);
		EACH(INFO(IFLA_INFO_SLAVE_DATA, IFLA_INFO_SLAVE_KIND, kinds[i]), 1, 3, 0, 4, 8);
		EACH(INFO(IFLA_INFO_SLAVE_DATA, IFLA_INFO_KIND, kinds[i]), 1, 1, 0, 4, 8);
		for (int size = 0; size < 32; size++) {
			enter(PLACE(head, IFLA_LINKINFO));
			attribute(IFLA_INFO_KIND, kinds[i], strlen(kinds[i]));
			attribute(IFLA_INFO_XSTATS, (void *)COUNT, size);
			send_all();
		}
		/* The kind comes too late, twice, and in another attribute. */
		enter(PLACE(head, IFLA_LINKINFO));
		attribute(IFLA_INFO_DATA, (void *)ZERO, 8);
		word(IFLA_INFO_KIND, kinds[i]);
		attribute(IFLA_INFO_DATA, (void *)ZERO, 8);
		word(IFLA_INFO_KIND, "tun");
		attribute(IFLA_INFO_DATA, (void *)ZERO, 8);
		attribute(IFLA_INFO_KIND, "", 0);
		attribute(IFLA_INFO_DATA, (void *)ZERO, 8);
		attribute(IFLA_INFO_KIND, kinds[i], strlen(kinds[i]));
		attribute(IFLA_INFO_DATA, (void *)ZERO, 8);
		attribute(IFLA_INFO_KIND, "bridge\0bridge", 13);
		attribute(IFLA_INFO_DATA, (void *)ZERO, 8);
		unnest();
		nest(IFLA_LINKINFO);
		attribute(IFLA_INFO_DATA, (void *)ZERO, 8);
		send_all();
	}
	EACH(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, "bridge"), 0, IFLA_BR_VLAN_STATS_PER_PORT, NUMBERS, 6, 24, 31, 32, 33);
	EACH(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, "bridge"), IFLA_BR_MCAST_QUERIER_STATE, IFLA_BR_MCAST_QUERIER_STATE, NUMBERS);
	EACH(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, "bridge"), 60, 62, NUMBERS);
	for (unsigned bit = 0; bit < 32; bit++)
		if (bit != 3 && bit != 4) {
			enter(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, "bridge"));
			WORDS(IFLA_BR_MULTI_BOOLOPT, 1u << bit, 0xffffffe7);
			WORDS(IFLA_BR_MULTI_BOOLOPT, 7u & bit, 0, 1);
			send_all();
		}
	EACH(WITHIN(IFLA_INFO_DATA, IFLA_BR_MCAST_QUERIER_STATE, "bridge"), 0, 9, NUMBERS);
	EACH(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, "tun"), 0, 11, NUMBERS);
	EACH(INFO(IFLA_INFO_SLAVE_DATA, IFLA_INFO_SLAVE_KIND, "bridge"), 0, IFLA_BRPORT_LOCKED, NUMBERS);
	EACH(INFO(IFLA_INFO_SLAVE_DATA, IFLA_INFO_SLAVE_KIND, "bridge"), 60, 62, NUMBERS);
	oddities(PLACE(head, IFLA_LINKINFO), IFLA_INFO_KIND, 7);
	oddities(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, "bridge"), IFLA_BR_HELLO_TIME, 8);
	oddities(INFO(IFLA_INFO_DATA, IFLA_INFO_KIND, "bridge"), IFLA_BR_ROOT_ID, 8);
	oddities(INFO(IFLA_INFO_SLAVE_DATA, IFLA_INFO_SLAVE_KIND, "bridge"), IFLA_BRPORT_COST, 4);
}

static void functions(void)
{
	EACH(PLACE(head, IFLA_VFINFO_LIST), 0, 3, 0, 1, 4, 8);
	EACH(PLACE(head, IFLA_VFINFO_LIST, IFLA_VF_INFO), 0, 16, NUMBERS, 11, 12, 13, 15, 17, 32, 35, 36, 37, 40);
	EACH(PLACE(head, IFLA_VFINFO_LIST, IFLA_VF_INFO, IFLA_VF_STATS), 0, 10, NUMBERS);
	EACH(PLACE(head, IFLA_VFINFO_LIST, IFLA_VF_INFO, IFLA_VF_VLAN_LIST), 0, 3, NUMBERS, 12, 14, 15, 17);
	EACH(PLACE(head, IFLA_VF_PORTS), 0, 3, 0, 1, 4, 8);
	EACH(PLACE(head, IFLA_VF_PORTS, IFLA_VF_PORT), 0, 9, NUMBERS, 15, 17, 40);
	EACH(PLACE(head, IFLA_PORT_SELF), 0, 9, NUMBERS, 15, 17, 40);
	oddities(PLACE(head, IFLA_VFINFO_LIST, IFLA_VF_INFO), IFLA_VF_RATE, 12);
	oddities(PLACE(head, IFLA_PORT_SELF), IFLA_PORT_VSI_TYPE, 8);
}

static void families(void)
{
	EACH(PLACE(head, IFLA_AF_SPEC), 0, 48, 0, 1, 4, 8);
	EACH(PLACE(head, IFLA_AF_SPEC, AF_INET), 0, 3, NUMBERS, 124, 128, 132, 136, 140);
	EACH(PLACE(head, IFLA_AF_SPEC, AF_INET6), 0, 11, NUMBERS, 15, 17, 40, 128, 132, 240, 256, 264, 320);
	EACH(PLACE(head, IFLA_AF_SPEC, 45), 0, 1, NUMBERS);
	EACH(PLACE(head, IFLA_AF_SPEC, 45), 20, 21, NUMBERS);
	for (int i = 0; i < 8; i++) {
		static const int families[] = {AF_INET, AF_INET6, AF_BRIDGE, AF_PACKET, AF_MPLS, 128, 129, 255};
		others[i].ifi_family = families[i];
		EACH(TOP(others[i]), IFLA_PROTINFO, IFLA_PROTINFO, 0, 1, 4, 8);
		EACH(TOP(others[i]), IFLA_AF_SPEC, IFLA_AF_SPEC, 0, 1, 4, 8);
		EACH(TOP(others[i]), 0, IFLA_ALLMULTI, 4);
		EACH(PLACE(others[i], IFLA_AF_SPEC), 0, 11, 0, 4);
		EACH(PLACE(others[i], IFLA_PROTINFO), 0, 11, 0, 4);
	}
	EACH(PLACE(bridge, IFLA_AF_SPEC), 0, 8, NUMBERS, 6, 12);
	EACH(PLACE(bridge, IFLA_AF_SPEC, 3), 0, 4, NUMBERS);
	EACH(PLACE(bridge, IFLA_PROTINFO), 0, IFLA_BRPORT_LOCKED, NUMBERS);
	EACH(PLACE(bridge, IFLA_PROTINFO), 60, 62, NUMBERS);
	EACH(PLACE(ipv6, IFLA_PROTINFO), 0, 11, NUMBERS);
	oddities(PLACE(bridge, IFLA_AF_SPEC), 2, 4);
	oddities(PLACE(head, IFLA_AF_SPEC, AF_INET6), IFLA_INET6_CONF, 12);
	oddities(PLACE(head, IFLA_AF_SPEC, AF_INET6), IFLA_INET6_STATS, 24);
	oddities(PLACE(head, IFLA_AF_SPEC), AF_INET, 4);
}

int main(int argc, char **argv)
{
	bridge.ifi_family = AF_BRIDGE, ipv6.ifi_family = AF_INET6;
	route = netlink_socket(NETLINK_ROUTE);
	set_up(argc, argv);
	links();
	information();
	functions();
	families();
	oddities(TOP(head), IFLA_MTU, 4);
	oddities(TOP(head), IFLA_IFNAME, 5);
	oddities(TOP(head), IFLA_ADDRESS, 6);
	oddities(TOP(head), IFLA_MAP, 32);
	oddities(TOP(head), IFLA_STATS, 96);
	oddities(TOP(head), IFLA_LINKINFO, 8);
	for (int type = RTM_NEWLINK; type <= RTM_SETLINK; type++) {
		struct place place = {type, &head, sizeof head, {-1}, 0, 0};
		EACH(&place, IFLA_MTU, IFLA_MTU, 0, 4);
		/* Two in a row, a header that is cut off, and no attribute at all. */
		for (int size = 0; size < 40; size++) {
			enter(&place);
			attribute(IFLA_MTU, (void *)COUNT, 4);
			attribute(IFLA_LINK, (void *)SMALL, 4);
			finish();
			((struct nlmsghdr *)message)->nlmsg_len = size;
			send_bytes(route, size, size);
		}
	}
	return 0;
}
