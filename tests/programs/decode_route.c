/* Messages of rtnetlink apart from links and traffic control: every type, header, attribute and size. */
#include "netlink.h"
#include <linux/rtnetlink.h>

static int fd;
/* A header of bytes that count up, of zeros, and of families with addresses. */
static uint8_t head[16];

static void each(int type, unsigned size, int last, const struct list sizes)
{
	static const uint8_t families[] = {AF_INET, AF_INET6, AF_BRIDGE};
	/* The header alone, cut and unreadable. */
	for (int i = 0; i < 3; i++) {
		begin(type, 0);
		put(i == 0 ? (void *)ZERO : i == 1 ? (void *)COUNT : (void *)ONES, size);
		show_cut(fd, size + 2);
	}
	/* Each bit of the header. */
	for (unsigned bit = 0; bit < size * 8; bit++) {
		memset(head, 0, sizeof head);
		head[bit / 8] = 1 << bit % 8;
		begin(type, 0);
		put(head, size);
		show(fd);
	}
	/* Each value of its bytes. */
	for (unsigned at = 0; at < size; at++)
		for (int value = 0; value < 256; value += value < 20 || value > 248 ? 1 : 11) {
			memset(head, 0, sizeof head);
			head[at] = value;
			begin(type, 0);
			put(head, size);
			show(fd);
		}
	for (unsigned i = 0; i < sizeof families; i++) {
		memset(head, 0, sizeof head);
		head[0] = families[i];
		sweep(fd, type, head, (size + 3) & ~3, 0, last, sizes);
	}
	/* Attributes that are cut, and that cannot be read. */
	head[0] = AF_INET;
	for (int attr = 0; attr <= last; attr++)
		for (int i = 0; i < sizes.count; i++) {
			begin(type, 0);
			put(head, (size + 3) & ~3);
			attribute(attr, (void *)COUNT, sizes.at[i]);
			show_cut(fd, sizes.at[i] < 12 ? sizes.at[i] : 12);
		}
}

/* Attributes in attributes: the path down to them ends with 0. */
static void nested(int type, unsigned size, const struct list path, const void *inner, unsigned inner_size, int last, const struct list sizes)
{
	static const W content[] = {ZERO, ONES, COUNT, TEXT};
	memset(head, 0, sizeof head);
	head[0] = AF_INET;
	for (int attr = 0; attr <= last; attr++)
		for (int i = 0; i < sizes.count; i++)
			for (unsigned j = 0; j < sizeof content / sizeof *content; j++) {
				begin(type, 0);
				put(head, (size + 3) & ~3);
				for (int at = 0; at < path.count; at++)
					nest(path.at[at]);
				put(inner, inner_size);
				attribute(attr, (void *)content[j], sizes.at[i]);
				show_cut(fd, j == 2 && i == 1 ? 8 : 0);
			}
}

/* 32-bit values with names. */
static void words(int type, unsigned size, int attr)
{
	memset(head, 0, sizeof head);
	head[0] = AF_INET;
	for (int i = 0; i < 300; i += i < 20 || i > 245 ? 1 : 9) {
		begin(type, 0);
		put(head, (size + 3) & ~3);
		WORDS(attr, i);
		WORDS(attr, i < 32 ? 1u << i : 0x10000 + i);
		show(fd);
	}
}

static void next_hops(void)
{
	struct rtnexthop hop = {8, RTNH_F_ONLINK, 2, 1};
	for (int count = 1; count < 40; count += count < 3 ? 1 : 33)
		for (int length = 1; length < 40; length += length < 18 ? 1 : 7) {
			begin(RTM_NEWROUTE, 0);
			put(&(struct rtmsg){AF_INET}, sizeof(struct rtmsg));
			nest(RTA_MULTIPATH);
			for (int i = 0; i < count; i++) {
				hop.rtnh_len = length;
				/* What is short and last is read beyond its end by the oracle. */
				if (length < 5 || (i + 1 == count && length > 8 && length < 12))
					hop.rtnh_len = 8;
				put(&hop, 8);
				if (hop.rtnh_len > 8) {
					put(&(struct nlattr){hop.rtnh_len - 8, i % 3 ? RTA_GATEWAY : RTA_OIF}, 4);
					put((void *)COUNT, ((hop.rtnh_len + 3) & ~3) > 12 ? ((hop.rtnh_len + 3) & ~3) - 12 : 0);
				}
			}
			show_cut(fd, count == 1 ? 7 : 0);
		}
}

static void addresses_of_other_families(void)
{
	for (int family = 0; family < 260; family += family < 48 ? 1 : 50)
		for (unsigned size = 0; size < 22; size++) {
			begin(RTM_NEWROUTE, 0);
			put(&(struct rtmsg){AF_INET}, sizeof(struct rtmsg));
			nest(RTA_VIA);
			put(&(uint16_t){family}, 2);
			put((void *)COUNT, size);
			show_cut(fd, family == AF_INET || family == AF_INET6 || family == AF_UNSPEC ? 5 : 0);
		}
}

static void groups(void)
{
	static const uint16_t protocols[] = {0, 0x200, 0xa00, 2, 10, 0x8, 0xdd86, 0xffff};
	for (unsigned i = 0; i < sizeof protocols / sizeof *protocols; i++)
		for (int state = 0; state < 4; state++)
			for (int flags = 0; flags < 256; flags = flags ? flags << 1 : 1) {
				struct {
					uint32_t ifindex;
					uint8_t state, flags;
					uint16_t vid;
					uint8_t address[16];
					uint16_t protocol, pad;
				} entry = {1, state, flags, 5, {0}, protocols[i], 0};
				memcpy(entry.address, (void *)COUNT, 16);
				begin(RTM_NEWMDB, 0);
				WORDS(0, 0);
				used -= 8;
				put(&(uint32_t[]){AF_BRIDGE, 1}, 8);
				nest(1), nest(1);
				attribute(1, &entry, sizeof entry);
				show_cut(fd, flags == 4 && state == 1 ? 30 : 0);
				if (flags == 1)
					for (int attr = 0; attr < 6; attr++) {
						depth = 0;
						begin(RTM_NEWMDB, 0);
						put(&(uint32_t[]){AF_BRIDGE, 1}, 8);
						nest(1), nest(1), nest(1);
						put(&entry, sizeof entry);
						attribute(attr, (void *)COUNT, 4);
						show(fd);
					}
			}
}

int main(int argc, char **argv)
{
	fd = netlink_socket(NETLINK_ROUTE);
	set_up(argc, argv);
	const struct list sizes = L(1, 2, 4, 8, 9, 16, 33);
	each(RTM_NEWADDR, 8, 13, sizes);
	each(RTM_NEWADDRLABEL, 12, 4, sizes);
	each(RTM_NEWROUTE, 12, 29, sizes);
	each(RTM_NEWROUTE, 12, 17, L(24, 31, 32, 36));
	each(RTM_NEWRULE, 12, 24, sizes);
	each(RTM_NEWNEIGH, 12, 17, sizes);
	each(RTM_NEWNEIGHTBL, 1, 10, sizes);
	each(RTM_NEWNEIGHTBL, 1, 7, L(32, 88));
	each(RTM_NEWNSID, 1, 6, sizes);
	each(RTM_NEWNETCONF, 1, 8, sizes);
	each(RTM_GETDCB, 2, 17, sizes);
	each(RTM_NEWMDB, 8, 3, sizes);
	each(RTM_NEWNEXTHOP, 8, 13, sizes);
	each(RTM_NEWCACHEREPORT, 1, 2, sizes);
	for (int type = 0x10; type < 0x7c; type++) {
		/* Links, traffic control and statistics have programs of their own. */
		if (type < 0x14 || (type >= 0x24 && type < 0x34) || (type >= 0x5c && type < 0x60) || (type >= 0x64 && type < 0x68) || (type >= 0x6c && type < 0x70))
			continue;
		begin(type, 0);
		put((void *)COUNT, 20);
		show_cut(fd, 20);
	}
	words(RTM_NEWADDR, 8, IFA_FLAGS);
	words(RTM_NEWROUTE, 12, RTA_TABLE);
	words(RTM_NEWROUTE, 12, RTA_ENCAP_TYPE);
	words(RTM_NEWROUTE, 12, RTA_PREF);
	words(RTM_NEWRULE, 12, 15);
	words(RTM_NEWRULE, 12, 21);
	words(RTM_NEWRULE, 12, 22);
	words(RTM_NEWNEIGH, 12, NDA_PROTOCOL);
	words(RTM_NEWNEIGH, 12, 15);
	words(RTM_NEWNEIGH, 12, 16);
	words(RTM_NEWNEIGH, 12, 17);
	words(RTM_NEWNEXTHOP, 8, 3);
	words(RTM_NEWNEXTHOP, 8, 7);
	nested(RTM_NEWROUTE, 12, L(RTA_METRICS), 0, 0, 18, L(1, 3, 4, 8, 20));
	nested(RTM_NEWNEIGH, 12, L(NDA_FDB_EXT_ATTRS), 0, 0, 3, L(1, 3, 4, 8));
	nested(RTM_NEWNEIGHTBL, 1, L(NDTA_PARMS), 0, 0, 20, L(3, 4, 7, 8, 9));
	nested(RTM_NEWNEIGHTBL, 1, L(NDTA_STATS), 0, 0, 0, L(60, 88, 100));
	nested(RTM_NEWNEXTHOP, 8, L(12), 0, 0, 6, L(1, 2, 4, 8, 9));
	nested(RTM_NEWNEXTHOP, 8, L(13), 0, 0, 5, L(1, 2, 4, 8, 9));
	nested(RTM_NEWMDB, 8, L(1), 0, 0, 3, L(1, 4, 8));
	nested(RTM_NEWMDB, 8, L(1, 1), 0, 0, 3, L(1, 4, 27, 28));
	nested(RTM_NEWMDB, 8, L(2), 0, 0, 3, L(1, 4, 7, 8));
	nested(RTM_NEWMDB, 8, L(2, 1), &(uint32_t){1}, 4, 6, L(1, 4, 8, 9));
	next_hops();
	addresses_of_other_families();
	groups();
	return 0;
}
