/* Attributes of netlink that hold numbers, of every length, whose memory ends before they do. */
#include "netlink.h"
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

/* A message: its type, the size of its struct, the family in it, the attribute, and what that lies in. */
struct row {
	int diag, type, size, family, attribute, nests[2];
};

static const struct row rows[] = {
	{0, RTM_NEWNEIGH, 12, 2, 16},
	{0, RTM_NEWNEIGH, 12, 2, 12},
	{0, RTM_NEWNEIGH, 12, 2, 17},
	{0, RTM_NEWNEIGH, 12, 2, 15},
	{0, RTM_NEWLINK, 16, 0, 29},
	{1, 20, 72, 2, 8},
	{1, 20, 72, 2, 10},
	{1, 20, 72, 2, 1, {19, 2}},
	{1, 20, 72, 2, 8, {19, 3}},
	{1, 20, 84, 43, 3},
	{0, RTM_NEWLINK, 16, 10, 1, {12}},
	{0, RTM_NEWMDB, 8, 7, 1},
	{0, RTM_NEWNEXTHOP, 8, 2, 3},
};

int main(int argc, char **argv)
{
	int sockets[] = {netlink_socket(0), netlink_socket(4)};
	set_up(argc, argv);
	static const uint8_t one[10] = {1};
	for (int length = 1; length < 10; length++)
		for (int have = 0; have <= length; have++)
			for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
				const struct row *row = &rows[i];
				uint8_t head[128] = {row->family};
				begin(row->type, 0);
				put(head, row->size);
				for (int n = 0; n < 2 && row->nests[n]; n++)
					nest(row->nests[n]);
				attribute(row->attribute, one, length);
				finish();
				send_bytes(sockets[row->diag], used - length + have, used);
			}
	return 0;
}
