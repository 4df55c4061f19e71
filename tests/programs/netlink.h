/* What the programs that send messages of netlink share: sockets, and messages that are built piece by piece. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "decode.h"
#include <linux/netlink.h>
#include <sys/socket.h>

/* Bytes of the message that is being built; lengths in it are filled in when it is shown. */
static uint8_t message[65536];
static unsigned used;
/* Where the attributes begin that are not closed yet. */
static unsigned open_at[16], depth;

/* A socket with an address, without which the kernel does not tell its protocol; -1 where there is no such protocol.
 * To be called before set_up. */
static inline int netlink_socket(int protocol)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW, protocol);
	if (fd >= 0)
		bind(fd, (void *)&address, sizeof address);
	return fd;
}

static inline void put(const void *bytes, unsigned size)
{
	memcpy(message + used, bytes, size);
	used += size;
}

/* Zeros up to the next multiple of four. */
static inline void pad(void)
{
	while (used % 4)
		message[used++] = 0;
}

static inline void begin(int type, int flags)
{
	struct nlmsghdr head = {.nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = 7};
	used = depth = 0;
	memset(message, 0, 4096);
	put(&head, sizeof head);
}

/* An attribute whose payload is put behind it, until it is closed. */
static inline void nest(int type)
{
	pad();
	open_at[depth++] = used;
	put(&(struct nlattr){0, type}, 4);
}

static inline void unnest(void)
{
	unsigned at = open_at[--depth];
	((struct nlattr *)(message + at))->nla_len = used - at;
}

static inline void attribute(int type, const void *bytes, unsigned size)
{
	nest(type);
	put(bytes, size);
	unnest();
}

#define BYTES(type, ...) attribute(type, (uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}))
#define WORDS(type, ...) attribute(type, (uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}))

static inline void finish(void)
{
	while (depth)
		unnest();
	((struct nlmsghdr *)message)->nlmsg_len = used;
}

static inline void send_bytes(int fd, unsigned have, unsigned claimed)
{
	syscall(SYS_sendto, fd, own(message, have), claimed, 0, 0, 0);
}

/* The message as it is sent, with unmapped memory behind it. */
static inline void show(int fd)
{
	finish();
	send_bytes(fd, used, used);
}

/* The same, and as it is received. */
static inline void show_both(int fd)
{
	show(fd);
	syscall(SYS_recvfrom, fd, own(message, used), used, 0, 0, 0);
}

/* The same, and as much of it as the last `most` bytes leave, cut and unreadable. */
static inline void show_cut(int fd, unsigned most)
{
	show(fd);
	for (unsigned less = 1; less <= most && less < used; less++) {
		send_bytes(fd, used - less, used - less);
		send_bytes(fd, used - less, used);
	}
}

/* A message with a struct of `size` bytes, and each attribute from `first` to `last` with payloads of these many bytes,
 * of zeros, of ones and of bytes that count up. */
static inline void sweep(int fd, int type, const void *head, unsigned size, int first, int last, const struct list sizes)
{
	static const W content[] = {ZERO, ONES, COUNT, TEXT};
	for (int at = first; at <= last; at++)
		for (int i = 0; i < sizes.count; i++)
			for (unsigned j = 0; j < sizeof content / sizeof *content; j++) {
				/* RTA_MULTIPATH: the oracle does not get over a next hop without a length. */
				if (content[j] == ZERO && at == 9 && type == 0x18)
					continue;
				begin(type, 0);
				put(head, size);
				attribute(at, (void *)content[j], sizes.at[i]);
				show(fd);
			}
}
