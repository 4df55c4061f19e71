/* Traffic control in NETLINK_ROUTE: every attribute of queues, classes, filters, chains and actions, of every size. What is
 * newer than the oracle is in tell_link.c. */
#include "attributes.h"
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#define NUMBERS 0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 20

static struct tcmsg head;
static struct tcamsg action;

#define PLACE(type, head, ...) (&(struct place){type, &head, sizeof head, {__VA_ARGS__, -1}, 0, 0})
#define TOP(type, head) (&(struct place){type, &head, sizeof head, {-1}, 0, 0})

static void statistics(int type, const void *where, unsigned size, int attribute)
{
	struct place place = {type, where, size, {attribute, -1}, 0, 0};
	EACH(&place, 0, 11, NUMBERS, 11, 12, 13, 15, 17, 19, 21, 24, 40);
}

int main(int argc, char **argv)
{
	static const int types[] = {RTM_NEWQDISC, RTM_DELQDISC, RTM_GETQDISC, RTM_NEWTCLASS, RTM_DELTCLASS, RTM_GETTCLASS,
		RTM_NEWTFILTER, RTM_DELTFILTER, RTM_GETTFILTER, RTM_NEWCHAIN, RTM_DELCHAIN, RTM_GETCHAIN};
	static const char *kinds[] = {"htb", "fq_codel", "u32", "ingress", "matchall"};
	route = netlink_socket(NETLINK_ROUTE);
	set_up(argc, argv);
	for (int i = 0; i < 12; i++) {
		EACH(TOP(types[i], head), 0, TCA_DUMP_FLAGS, 0, 4);
		EACH(PLACE(types[i], head, TCA_STATS2), 1, 2, 0, 4, 12);
	}
	EACH(TOP(RTM_NEWQDISC, head), 0, TCA_DUMP_FLAGS, NUMBERS, 24, 31, 32, 33, 34, 35, 36, 37, 39, 40, 44);
	EACH(TOP(RTM_NEWQDISC, head), 24, 26, NUMBERS);
	statistics(RTM_NEWQDISC, &head, sizeof head, TCA_STATS2);
	EACH(PLACE(RTM_NEWQDISC, head, TCA_STAB), 0, 4, NUMBERS, 6, 23, 24, 25, 28, 62, 64, 66, 80);
	for (int i = 0; i < 5; i++)
		for (int type = TCA_OPTIONS; type <= TCA_XSTATS; type++) {
			enter(TOP(RTM_NEWQDISC, head));
			word(TCA_KIND, kinds[i]);
			attribute(type, (void *)COUNT, 40);
			send_all();
		}
	for (int type = RTM_NEWACTION; type <= RTM_GETACTION; type++) {
		EACH(TOP(type, action), 0, 13, NUMBERS, 24, 33, 40);
		EACH(PLACE(type, action, 1), 0, 3, 0, 4, 8);
		statistics(type, &action, sizeof action, 4);
	}
	for (int family = 0; family < 256; family += 51) {
		struct tcmsg other = {.tcm_family = family, .tcm_ifindex = family / 51, .tcm_handle = 0x10002,
			.tcm_parent = 0xffffffff, .tcm_info = 3};
		struct tcamsg acting = {.tca_family = family, .tca__pad1 = 1, .tca__pad2 = 2};
		EACH(TOP(RTM_GETTCLASS, other), TCA_KIND, TCA_KIND, 0, 4);
		EACH(TOP(RTM_GETACTION, acting), TCA_KIND, TCA_KIND, 0, 4);
	}
	oddities(TOP(RTM_NEWQDISC, head), TCA_RATE, 2);
	oddities(TOP(RTM_NEWTFILTER, head), TCA_STATS, 36);
	oddities(TOP(RTM_NEWCHAIN, head), TCA_CHAIN, 4);
	oddities(TOP(RTM_NEWACTION, action), 3, 4);
	oddities(PLACE(RTM_NEWQDISC, head, TCA_STATS2), TCA_STATS_BASIC, 12);
	oddities(PLACE(RTM_NEWQDISC, head, TCA_STAB), TCA_STAB_BASE, 24);
	oddities(PLACE(RTM_NEWQDISC, head, TCA_STAB), TCA_STAB_DATA, 5);
	return 0;
}
