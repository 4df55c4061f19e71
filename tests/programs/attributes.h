/* Sweeps over attributes within attributes of NETLINK_ROUTE: every type, of every size, and in odd places. */
#include "netlink.h"

static int route;

/* What comes before the attributes of a sweep. */
struct place {
	int type;
	const void *head;
	unsigned size;
	/* The types of the attributes around, up to -1; a kind for the first of them, with its type. */
	int path[6], kind_type;
	const char *kind;
};

static void word(int type, const char *text)
{
	attribute(type, text, strlen(text) + 1);
}

static void enter(const struct place *place)
{
	begin(place->type, NLM_F_REQUEST);
	put(place->head, place->size);
	for (int i = 0; place->path[i] >= 0; i++) {
		nest(place->path[i]);
		if (i == 0 && place->kind)
			word(place->kind_type, place->kind);
	}
}

static void send_all(void)
{
	finish();
	send_bytes(route, used, used);
}

/* Each type from `first` to `last`, of each size up to one that is negative, with each content. */
static void each(const struct place *place, int first, int last, const int *sizes)
{
	static const W contents[] = {COUNT, ONES, ZERO, SMALL};
	for (int type = first; type <= last; type++)
		for (int at = 0; sizes[at] >= 0; at++)
			for (int i = 0; i < (sizes[at] ? 4 : 1); i++) {
				enter(place);
				attribute(type, (void *)contents[i], sizes[at]);
				send_all();
			}
}

#define EACH(place, first, last, ...) each(place, first, last, (const int[]){__VA_ARGS__, -1})

/* Two in a row, none, with the flags of a type, lengths that are not true, and cut off. */
static void oddities(const struct place *place, int type, int size)
{
	static const int flags[] = {0, NLA_F_NESTED, NLA_F_NET_BYTEORDER, NLA_F_NESTED | NLA_F_NET_BYTEORDER};
	for (int i = 0; i < 4; i++) {
		enter(place);
		attribute(type | flags[i], (void *)COUNT, size);
		attribute(type, (void *)SMALL, size);
		send_all();
	}
	enter(place);
	send_all();
	enter(place);
	attribute(type, (void *)COUNT, size);
	attribute(0, "", 0);
	attribute(type, (void *)SMALL, size);
	attribute(0x3fff, (void *)SMALL, 3);
	send_all();
	for (int claimed = 0; claimed < 16; claimed++) {
		enter(place);
		pad();
		unsigned at = used;
		attribute(type, (void *)COUNT, size);
		attribute(type, (void *)COUNT, size);
		((struct nlattr *)(message + at))->nla_len = claimed < 8 ? claimed : claimed * 4 + size - 48;
		send_all();
	}
	/* The tail is in the message but not in the memory, in the memory but not in the message, in neither. */
	for (int missing = 0; missing < size + 12; missing++) {
		enter(place);
		attribute(type, (void *)COUNT, size);
		finish();
		send_bytes(route, used - missing, used);
		send_bytes(route, used - missing, used - missing);
		if (missing >= NLMSG_HDRLEN)
			continue;
		((struct nlmsghdr *)message)->nlmsg_len = used - missing;
		send_bytes(route, used, used);
	}
}
