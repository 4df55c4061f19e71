/* Attributes of links and traffic control that are newer than the oracle. */
#define put put_bytes
#include "netlink.h"
#undef put
#include "tell.h"
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

static char line[2048];
static int route, written;

#define WRITE(...) (written += snprintf(line + written, sizeof line - written, __VA_ARGS__))

/* A value by name, as a number, or both. */
static void named(const char *name, unsigned value)
{
	if (style == 0)
		WRITE("%s", name);
	else
		WRITE(value ? "%#x" : "%u", value);
	if (style == 2)
		WRITE(" /* %s */", name);
}

struct step {
	const char *name;
	int type;
};

/* What goes before an attribute: the attributes around it; the first holds a kind of this type, where it has one. */
struct where {
	struct step around[3], kind;
	int family;
};

static void header(const struct step *step, unsigned length)
{
	WRITE("{nla_len=%u, nla_type=", length);
	named(step->name, step->type);
	WRITE("}");
}

/* An attribute of so many bytes, whose value is shown so in the three styles. */
static void told(const struct where *where, struct step last, const void *bytes, unsigned size, const char *const *value)
{
	static const struct step bridge = {"AF_BRIDGE", AF_BRIDGE}, none = {"AF_UNSPEC", 0};
	struct ifinfomsg head = {.ifi_family = where->family};
	unsigned lengths[4], depth = 0;
	begin(RTM_NEWLINK, 0);
	put_bytes(&head, sizeof head);
	for (; where->around[depth].name; depth++) {
		nest(where->around[depth].type);
		if (depth == 0 && where->kind.name)
			attribute(where->kind.type, "bridge", 7);
	}
	attribute(last.type, bytes, size);
	finish();
	lengths[depth] = 4 + size;
	for (unsigned i = depth; i-- > 0;)
		lengths[i] = lengths[i + 1] + 4 + (i == 0 && where->kind.name ? 12 : 0);
	if (!telling) {
		send_bytes(route, used, used);
		return;
	}
	written = 0;
	WRITE("sendto(3, [{nlmsg_len=%u, nlmsg_type=", used);
	named("RTM_NEWLINK", RTM_NEWLINK);
	WRITE(", nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}, {ifi_family=");
	named(where->family ? bridge.name : none.name, where->family);
	WRITE(", ifi_type=");
	named("ARPHRD_NETROM", 0);
	WRITE(", ifi_index=0, ifi_flags=0, ifi_change=0}, ");
	for (unsigned i = 0; i < depth; i++) {
		WRITE("[");
		header(&where->around[i], lengths[i]);
		WRITE(", ");
		if (i == 0 && where->kind.name) {
			WRITE("[[");
			header(&where->kind, 11);
			WRITE(", \"bridge\"], ");
		}
	}
	WRITE("[");
	header(&last, lengths[depth]);
	WRITE(", %s]", value[style]);
	for (unsigned i = depth; i-- > 0;)
		WRITE(i == 0 && where->kind.name ? "]]" : "]");
	printf("%s], %u, 0, NULL, 0)%s\n", line, used, ends[result < 0 ? 0 : result ? 2 : 1]);
}

/* The same in all styles. */
#define ATTRIBUTE(where, name, type, bytes, size, value) \
	told(where, (struct step){name, type}, (void *)(bytes), size, (const char *const[]){value, value, value})

static void traffic(void)
{
	static const char *const heads[] = {
		"RTM_NEWQDISC, nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}, {tcm_family=AF_UNSPEC",
		"0x24, nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}, {tcm_family=0",
		"0x24 /* RTM_NEWQDISC */, nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}, {tcm_family=0 /* AF_UNSPEC */",
	};
	struct tcmsg head = {.tcm_family = 0};
	begin(RTM_NEWQDISC, 0);
	put_bytes(&head, sizeof head);
	attribute(16, "warning", 8);
	finish();
	if (!telling) {
		send_bytes(route, used, used);
		return;
	}
	written = 0;
	header(&(struct step){"TCA_EXT_WARN_MSG", 16}, 12);
	printf("sendto(3, [{nlmsg_len=48, nlmsg_type=%s, tcm_ifindex=0, tcm_handle=0, tcm_parent=0, tcm_info=0}, [%s, \"warning\"]], "
		"48, 0, NULL, 0)%s\n", heads[style], line, ends[result < 0 ? 0 : result ? 2 : 1]);
}

int main(int argc, char **argv)
{
	static const uint8_t octets[] = {1, 2, 3, 4, 5};
	static const uint32_t words[] = {1, 2, 3};
	static const struct where top, port_of = {{{"IFLA_DEVLINK_PORT", 62}}, {0, 0}, 0},
		data = {{{"IFLA_LINKINFO", 18}, {"IFLA_INFO_DATA", 2}}, {"IFLA_INFO_KIND", 1}, 0},
		slave = {{{"IFLA_LINKINFO", 18}, {"IFLA_INFO_SLAVE_DATA", 5}}, {"IFLA_INFO_SLAVE_KIND", 4}, 0},
		port = {{{"IFLA_PROTINFO", 12}}, {0, 0}, AF_BRIDGE}, mctp = {{{"IFLA_AF_SPEC", 26}, {"AF_MCTP", 45}}, {0, 0}, 0};
	route = netlink_socket(NETLINK_ROUTE);
	start(argc, argv);
	ATTRIBUTE(&top, "IFLA_DEVLINK_PORT", 62, octets, 3, "\"\\x01\\x02\\x03\"");
	ATTRIBUTE(&port_of, "DEVLINK_ATTR_BUS_NAME", 1, "pci", 4, "\"pci\"");
	ATTRIBUTE(&port_of, "DEVLINK_ATTR_DEV_NAME", 2, "0000:01:00.0", 13, "\"0000:01:00.0\"");
	ATTRIBUTE(&port_of, "DEVLINK_ATTR_PORT_INDEX", 3, words, 4, "1");
	ATTRIBUTE(&port_of, "DEVLINK_ATTR_PORT_INDEX", 3, octets, 3, "\"\\x01\\x02\\x03\"");
	ATTRIBUTE(&top, "IFLA_GSO_IPV4_MAX_SIZE", 63, words, 4, "1");
	ATTRIBUTE(&top, "IFLA_GSO_IPV4_MAX_SIZE", 63, octets, 3, "\"\\x01\\x02\\x03\"");
	ATTRIBUTE(&top, "IFLA_GRO_IPV4_MAX_SIZE", 64, words + 1, 5, "2");
	ATTRIBUTE(&top, "IFLA_DPLL_PIN", 65, words, 8, "\"\\x01\\x00\\x00\\x00\\x02\\x00\\x00\\x00\"");
	ATTRIBUTE(&top, "IFLA_MAX_PACING_OFFLOAD_HORIZON", 66, words, 8, "8589934593");
	ATTRIBUTE(&top, "IFLA_MAX_PACING_OFFLOAD_HORIZON", 66, octets, 4, "\"\\x01\\x02\\x03\\x04\"");
	ATTRIBUTE(&top, "IFLA_NETNS_IMMUTABLE", 67, words, 1, "1");
	ATTRIBUTE(&top, "IFLA_HEADROOM", 68, octets, 2, "513");
	ATTRIBUTE(&top, "IFLA_TAILROOM", 69, octets, 1, "\"\\x01\"");
	ATTRIBUTE(&data, "IFLA_BR_FDB_N_LEARNED", 48, words, 4, "1");
	ATTRIBUTE(&data, "IFLA_BR_FDB_MAX_LEARNED", 49, words, 4, "1");
	told(&data, (struct step){"IFLA_BR_MULTI_BOOLOPT", 46}, (uint32_t[]){0x8, 0x10}, 8, (const char *const[]){
		"{optval=1<<BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION, optmask=1<<BR_BOOLOPT_FDB_LOCAL_VLAN_0}",
		"{optval=0x8, optmask=0x10}",
		"{optval=0x8 /* 1<<BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION */, optmask=0x10 /* 1<<BR_BOOLOPT_FDB_LOCAL_VLAN_0 */}",
	});
	ATTRIBUTE(&slave, "IFLA_BRPORT_MAB", 40, words, 1, "1");
	ATTRIBUTE(&slave, "IFLA_BRPORT_MCAST_N_GROUPS", 41, words, 4, "1");
	ATTRIBUTE(&port, "IFLA_BRPORT_MCAST_MAX_GROUPS", 42, words, 4, "1");
	ATTRIBUTE(&port, "IFLA_BRPORT_NEIGH_VLAN_SUPPRESS", 43, octets, 4, "1");
	ATTRIBUTE(&port, "IFLA_BRPORT_BACKUP_NHID", 44, words, 4, "1");
	ATTRIBUTE(&mctp, "IFLA_MCTP_PHYS_BINDING", 2, octets, 1, "1");
	traffic();
	return 0;
}
