/* What the programs of netlink families share: sockets of a protocol, opened and bound before the filter is installed,
 * and messages of a struct and attributes at the end of a page. */
#include "decode.h"
#include <linux/netlink.h>
#include <sys/socket.h>

/* Contents: bytes that count, all bits, zeros, small words of 32 bits. */
static uint8_t count[1024], ones[1024], zeros[1024], small[1024];

/* A socket of the protocol that others can find: its port is bound. */
static int opened(int protocol)
{
	const struct sockaddr_nl any = {AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW, protocol);
	if (fd >= 0)
		bind(fd, (void *)&any, sizeof any);
	return fd;
}

static void contents(void)
{
	for (int i = 0; i < 1024; i++)
		count[i] = i + 1, ones[i] = 0xff, small[i] = i % 4 ? 0 : i / 4 + 1;
}

static struct {
	int fd;
	unsigned type, flags;
} now;

/* A message of so many bytes behind its header, of which so many are there, sent by the socket. */
static void sent(const void *body, unsigned claimed, unsigned there)
{
	static uint8_t buffer[4096];
	struct nlmsghdr *head = (void *)buffer;
	memset(buffer, 0, sizeof buffer);
	*head = (struct nlmsghdr){16 + claimed, now.type, now.flags, 7, 0};
	memcpy(buffer + 16, body, there);
	W at = own(buffer, 16 + there);
	syscall(SYS_sendto, now.fd, at, 16 + claimed, 0, 0, 0);
}

static void whole(const void *body, unsigned size)
{
	sent(body, size, size);
}

/* A body of every size up to what it has, a little more, and with memory that ends inside. */
static void sizes(const void *body, unsigned size)
{
	for (unsigned i = 0; i <= size + 5; i++)
		whole(body, i);
	for (unsigned i = 0; i < size + 4; i += 1 + i / 8)
		sent(body, size, i), sent(body, size + 8, i);
}

/* A struct and one attribute of so many bytes behind it. */
static void attribute(const void *head, unsigned size, unsigned type, const void *value, unsigned length)
{
	uint8_t body[2048];
	unsigned at = (size + 3) & ~3u;
	memset(body, 0, sizeof body);
	memcpy(body, head, size);
	struct nlattr *attr = (void *)(body + at);
	attr->nla_len = 4 + length, attr->nla_type = type;
	memcpy(body + at + 4, value, length);
	whole(body, at + 4 + length);
}

/* Attributes of every type of a range, of many lengths and contents. */
static void attributes(const void *head, unsigned size, unsigned first, unsigned last)
{
	static const unsigned lengths[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 17, 20, 24, 28, 32, 36, 40, 44, 64, 128, 160, 200, 256, 300};
	static const uint8_t *const values[] = {count, ones, zeros, small};
	for (unsigned type = first; type <= last; type++) {
		for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
			for (int j = 0; j < (lengths[i] < 5 || lengths[i] % 4 == 0 ? 4 : 1); j++)
				attribute(head, size, type, values[j], lengths[i]);
		attribute(head, size, type | NLA_F_NESTED, small, 8);
		attribute(head, size, type | NLA_F_NET_BYTEORDER, count, 8);
	}
}

/* An attribute that holds attributes of every type of a range. */
static void nested(const void *head, unsigned size, unsigned outer, unsigned first, unsigned last)
{
	static const unsigned lengths[] = {0, 1, 2, 3, 4, 5, 8, 9, 12, 16, 20};
	static const uint8_t *const values[] = {count, ones, zeros, small};
	uint8_t body[256];
	struct nlattr *attr = (void *)body;
	for (unsigned type = first; type <= last; type++)
		for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
			for (int j = 0; j < 4; j++) {
				memset(body, 0, sizeof body);
				attr->nla_len = 4 + lengths[i], attr->nla_type = type;
				memcpy(body + 4, values[j], lengths[i]);
				attribute(head, size, outer, body, 4 + lengths[i]);
			}
}

/* Every flag alone, all of them and none, of a type. */
static void flags(unsigned type)
{
	now.type = type;
	for (int bit = -1; bit < 17; bit++) {
		now.flags = bit == 16 ? 0xffff : bit < 0 ? 0 : 1 << bit;
		whole(zeros, 0);
	}
	now.flags = NLM_F_REQUEST;
}
