/* Addresses and options of sockets that are newer than the oracle. */
#include "tell.h"
#include <netinet/in.h>
#include <sys/socket.h>

#define EVERY(named, raw, both, ...) ROW(result, named, raw, both, __VA_ARGS__)
#define ADDRESS "bind(3, {sa_family="
#define TIPC(named, raw, both)                                                                                    \
	EVERY(ADDRESS "AF_TIPC, " named "}, 16)", ADDRESS "0x1e, " raw "}, 16)", ADDRESS "0x1e /* AF_TIPC */, " both "}, 16)", \
		SYS_bind, L(3), L(at), L(16))

static void addresses(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, AF_TIPC, 2), put(2, 1, 1), put(3, 2, 1), put(4, 17, 4), put(8, 18, 4), put(12, 19, 4);
	W at = place(16);
	TIPC("addrtype=TIPC_SERVICE_RANGE, scope=TIPC_CLUSTER_SCOPE, addr={nameseq={type=17, lower=18, upper=19}}",
		"addrtype=0x1, scope=0x2, addr={nameseq={type=17, lower=18, upper=19}}",
		"addrtype=0x1 /* TIPC_SERVICE_RANGE */, scope=0x2 /* TIPC_CLUSTER_SCOPE */, addr={nameseq={type=17, lower=18, upper=19}}");
	put(2, 2, 1), put(3, 3, 1);
	at = place(16);
	TIPC("addrtype=TIPC_SERVICE_ADDR, scope=TIPC_NODE_SCOPE, addr={name={name={type=17, instance=18}, domain=19}}",
		"addrtype=0x2, scope=0x3, addr={name={name={type=17, instance=18}, domain=19}}",
		"addrtype=0x2 /* TIPC_SERVICE_ADDR */, scope=0x3 /* TIPC_NODE_SCOPE */, addr={name={name={type=17, instance=18}, domain=19}}");
	put(2, 3, 1), put(3, 0, 1);
	at = place(16);
	TIPC("addrtype=TIPC_SOCKET_ADDR, scope=0 /* TIPC_???_SCOPE */, addr={id={ref=17, node=18}}",
		"addrtype=0x3, scope=0, addr={id={ref=17, node=18}}",
		"addrtype=0x3 /* TIPC_SOCKET_ADDR */, scope=0 /* TIPC_???_SCOPE */, addr={id={ref=17, node=18}}");
}

static void keys(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, AF_UNIX, 2);
	memcpy(buffer + 2, "a", 1);
	memcpy(buffer + 128, "hmac(sha1)", 10);
	put(192, 0, 4), put(196, 1, 4), put(202, 24, 1), put(203, 100, 1), put(204, 101, 1), put(205, 12, 1), put(206, 2, 1);
	put(207, 3, 1), put(208, 0x030201, 4);
	W at = place(288);
#define KEY(family, flags)                                                                                         \
	"{addr={sa_family=" family ", sun_path=\"a\"}, alg_name=\"hmac(sha1)\", ifindex=0, set_current=1, set_rnext=0, " \
	"prefix=24, sndid=100, rcvid=101, maclen=12, keyflags=" flags ", keylen=3, key=\"\\x01\\x02\\x03\"}, 288)"
	EVERY("setsockopt(3, SOL_TCP, TCP_AO_ADD_KEY, " KEY("AF_UNIX", "TCP_AO_KEYF_EXCLUDE_OPT"),
		"setsockopt(3, 0x6, 0x26, " KEY("0x1", "0x2"),
		"setsockopt(3, 0x6 /* SOL_TCP */, 0x26 /* TCP_AO_ADD_KEY */, " KEY("0x1 /* AF_UNIX */", "0x2 /* TCP_AO_KEYF_EXCLUDE_OPT */"),
		SYS_setsockopt, L(3), L(IPPROTO_TCP), L(38), L(at), L(288));
	EVERY("setsockopt(3, SOL_TCP, TCP_AO_ADD_KEY, 0x2000aee0, 287)", "setsockopt(3, 0x6, 0x26, 0x2000aee0, 287)",
		"setsockopt(3, 0x6 /* SOL_TCP */, 0x26 /* TCP_AO_ADD_KEY */, 0x2000aee0, 287)",
		SYS_setsockopt, L(3), L(IPPROTO_TCP), L(38), L(at), L(287));
}

#define NUMBER(name, number, value) \
	EVERY("setsockopt(3, SOL_TIPC, " name ", " value ", 4)", "setsockopt(3, 0x10f, " #number ", " value ", 4)", \
		"setsockopt(3, 0x10f /* SOL_TIPC */, " #number " /* " name " */, " value ", 4)", SYS_setsockopt, L(3), L(271), L(number), L(at), L(4))

static void tipc(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 2, 4), put(4, 18, 4), put(8, 3, 4), put(12, 1, 4);
	W at = place(16);
	NUMBER("TIPC_CONN_TIMEOUT", 0x82, "[2]");
	NUMBER("TIPC_NODELAY", 0x8a, "[2]");
	EVERY("setsockopt(3, SOL_TIPC, TIPC_IMPORTANCE, [TIPC_HIGH_IMPORTANCE], 4)", "setsockopt(3, 0x10f, 0x7f, [0x2], 4)",
		"setsockopt(3, 0x10f /* SOL_TIPC */, 0x7f /* TIPC_IMPORTANCE */, [0x2 /* TIPC_HIGH_IMPORTANCE */], 4)",
		SYS_setsockopt, L(3), L(271), L(127), L(at), L(4));
	EVERY("setsockopt(3, SOL_TIPC, TIPC_GROUP_JOIN, {type=2, instance=18, scope=TIPC_NODE_SCOPE, flags=TIPC_GROUP_LOOPBACK}, 16)",
		"setsockopt(3, 0x10f, 0x87, {type=2, instance=18, scope=0x3, flags=0x1}, 16)",
		"setsockopt(3, 0x10f /* SOL_TIPC */, 0x87 /* TIPC_GROUP_JOIN */, {type=2, instance=18, scope=0x3 /* TIPC_NODE_SCOPE */, flags=0x1 /* TIPC_GROUP_LOOPBACK */}, 16)",
		SYS_setsockopt, L(3), L(271), L(0x87), L(at), L(16));
	EVERY("setsockopt(3, SOL_TIPC, TIPC_GROUP_LEAVE, NULL, 0)", "setsockopt(3, 0x10f, 0x88, NULL, 0)",
		"setsockopt(3, 0x10f /* SOL_TIPC */, 0x88 /* TIPC_GROUP_LEAVE */, NULL, 0)", SYS_setsockopt, L(3), L(271), L(0x88), L(0), L(0));
}

int main(int argc, char **argv)
{
	start(argc, argv);
	addresses();
	keys();
	tipc();
	return 0;
}
