/* NETLINK_SOCK_DIAG: requests and answers of every family, their attributes. */
#include "nlmsg.h"
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/smc_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets_diag.h>
#include <linux/xdp_diag.h>
#include <netinet/in.h>

#define REQUEST NLM_F_REQUEST
#define ANSWER NLM_F_MULTI

static void as(unsigned type, unsigned flags)
{
	now.type = type, now.flags = flags;
}

/* A struct that begins with the family, of the four contents. */
static void body(int family, unsigned size)
{
	const uint8_t *const from[] = {count, ones, zeros, small};
	uint8_t bytes[256];
	for (int i = 0; i < 4; i++) {
		memcpy(bytes, from[i], sizeof bytes);
		bytes[0] = family;
		if (i == 0)
			sizes(bytes, size);
		else
			whole(bytes, size);
	}
	/* Every bit of every byte. */
	for (unsigned at = 1; at < size; at++)
		for (int bit = 0; bit < 8; bit++) {
			memset(bytes, 0, sizeof bytes);
			bytes[0] = family, bytes[at] = 1 << bit;
			whole(bytes, size);
		}
}

/* A struct whose second byte takes every value. */
static void second(int family, unsigned size)
{
	uint8_t bytes[256];
	for (int value = 0; value < 256; value++) {
		memset(bytes, 0, sizeof bytes);
		bytes[0] = family, bytes[1] = value;
		whole(bytes, size);
	}
}

/* Attributes three deep: what sockets hold for BPF, and what upper protocols say. */
static void storages(const void *head, unsigned size)
{
	for (unsigned outer = 19; outer < 21; outer++)
		for (unsigned middle = 0; middle < 4; middle++)
			for (unsigned inner = 0; inner < 20; inner++)
				for (unsigned length = 0; length < 20; length += 1 + length / 5) {
					uint8_t body[64];
					struct nlattr *in = (void *)body, *deep = (void *)(body + 4);
					memset(body, 0, sizeof body);
					in->nla_len = 8 + length, in->nla_type = middle;
					deep->nla_len = 4 + length, deep->nla_type = inner;
					memcpy(body + 8, inner & 1 ? ones : count, length);
					attribute(head, size, outer, body, 8 + length);
				}
}

static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_SMC, AF_VSOCK, AF_XDP, AF_TIPC, AF_UNSPEC, 200};

static void inet(int family)
{
	struct inet_diag_req_v2 v2 = {.sdiag_family = family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 2};
	struct inet_diag_msg msg = {.idiag_family = family, .idiag_state = 1};
	struct inet_diag_req old = {.idiag_family = family, .idiag_src_len = 4, .idiag_dst_len = 16};
	as(TCPDIAG_GETSOCK, REQUEST);
	body(family, sizeof old);
	second(family, sizeof old);
	attributes(&old, sizeof old, 0, 3);
	as(TCPDIAG_GETSOCK, ANSWER);
	body(family, sizeof msg);
	as(DCCPDIAG_GETSOCK, REQUEST);
	body(family, sizeof old);
	as(SOCK_DIAG_BY_FAMILY, REQUEST);
	body(family, sizeof v2);
	second(family, sizeof v2);
	attributes(&v2, sizeof v2, 0, 4);
	as(SOCK_DIAG_BY_FAMILY, ANSWER);
	body(family, sizeof msg);
	second(family, sizeof msg);
	attributes(&msg, sizeof msg, 0, 25);
	nested(&msg, sizeof msg, 19, 0, 4), nested(&msg, sizeof msg, 20, 0, 5);
	storages(&msg, sizeof msg);
	as(SOCK_DESTROY, REQUEST);
	body(family, sizeof v2);
}

/* Byte code of a filter: every operation, alone and with what follows it, of every length. */
static void code(void)
{
	struct inet_diag_req_v2 v2 = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP};
	as(SOCK_DIAG_BY_FAMILY, REQUEST);
	for (int op = 0; op < 22; op++)
		for (unsigned length = 0; length < 48; length += length < 24 ? 1 : 4)
			for (int what = 0; what < 4; what++) {
				const uint8_t *const from[] = {count, ones, zeros, small};
				uint8_t bytes[64];
				memcpy(bytes, from[what], sizeof bytes);
				bytes[0] = op, bytes[1] = 4, bytes[2] = 8, bytes[3] = 0;
				if (what == 3 && length > 8)
					bytes[4] = length % 3 ? AF_INET : AF_INET6, bytes[5] = length;
				attribute(&v2, sizeof v2, INET_DIAG_REQ_BYTECODE, bytes, length);
			}
	for (int family = 0; family < 12; family++)
		for (unsigned length = 4; length < 32; length++) {
			uint8_t bytes[64];
			memcpy(bytes, count, sizeof bytes);
			bytes[0] = INET_DIAG_BC_S_COND, bytes[1] = length, bytes[2] = 4, bytes[3] = 0;
			bytes[4] = family, bytes[5] = 32;
			attribute(&v2, sizeof v2, INET_DIAG_REQ_BYTECODE, bytes, length);
			bytes[1] = 4;
			attribute(&v2, sizeof v2, INET_DIAG_REQ_BYTECODE, bytes, length);
		}
}

int main(int argc, char **argv)
{
	contents();
	now.fd = opened(NETLINK_SOCK_DIAG);
	set_up(argc, argv);
	for (int type = 16; type < 26; type++)
		flags(type);
	for (int i = 0; i < 11; i++)
		for (unsigned type = TCPDIAG_GETSOCK; type <= SOCK_DESTROY; type++)
			for (unsigned size = 0; size < 100; size += type == SOCK_DIAG_BY_FAMILY ? 1 : 9) {
				uint8_t bytes[128];
				memcpy(bytes, count, sizeof bytes);
				bytes[0] = families[i];
				as(type, REQUEST), whole(bytes, size);
				as(type, ANSWER), whole(bytes, size);
			}
	inet(AF_INET);
	inet(AF_INET6);
	code();

	struct unix_diag_req unix_req = {.sdiag_family = AF_UNIX};
	struct unix_diag_msg unix_msg = {.udiag_family = AF_UNIX};
	as(SOCK_DIAG_BY_FAMILY, REQUEST);
	body(AF_UNIX, sizeof unix_req), second(AF_UNIX, sizeof unix_req);
	attributes(&unix_req, sizeof unix_req, 0, 2);
	as(SOCK_DIAG_BY_FAMILY, ANSWER);
	body(AF_UNIX, sizeof unix_msg), second(AF_UNIX, sizeof unix_msg);
	attributes(&unix_msg, sizeof unix_msg, 0, 10);

	struct netlink_diag_req nl_req = {.sdiag_family = AF_NETLINK};
	struct netlink_diag_msg nl_msg = {.ndiag_family = AF_NETLINK};
	as(SOCK_DIAG_BY_FAMILY, REQUEST);
	body(AF_NETLINK, sizeof nl_req), second(AF_NETLINK, sizeof nl_req);
	attributes(&nl_req, sizeof nl_req, 0, 2);
	as(SOCK_DIAG_BY_FAMILY, ANSWER);
	body(AF_NETLINK, sizeof nl_msg), second(AF_NETLINK, sizeof nl_msg);
	attributes(&nl_msg, sizeof nl_msg, 0, 7);

	struct packet_diag_req packet_req = {.sdiag_family = AF_PACKET};
	struct packet_diag_msg packet_msg = {.pdiag_family = AF_PACKET};
	as(SOCK_DIAG_BY_FAMILY, REQUEST);
	body(AF_PACKET, sizeof packet_req), second(AF_PACKET, sizeof packet_req);
	attributes(&packet_req, sizeof packet_req, 0, 2);
	as(SOCK_DIAG_BY_FAMILY, ANSWER);
	body(AF_PACKET, sizeof packet_msg), second(AF_PACKET, sizeof packet_msg);
	attributes(&packet_msg, sizeof packet_msg, 0, 10);

	struct smc_diag_req smc_req = {.diag_family = AF_SMC};
	struct smc_diag_msg smc_msg = {.diag_family = AF_SMC};
	as(SOCK_DIAG_BY_FAMILY, REQUEST);
	body(AF_SMC, sizeof smc_req);
	attributes(&smc_req, sizeof smc_req, 0, 2);
	as(SOCK_DIAG_BY_FAMILY, ANSWER);
	body(AF_SMC, sizeof smc_msg), second(AF_SMC, sizeof smc_msg);
	attributes(&smc_msg, sizeof smc_msg, 0, 6);
	return 0;
}
