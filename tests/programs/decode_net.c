/* Sockets: families, types and protocols, addresses of every family and length, messages with control data. */
#include "decode.h"

static uint8_t address[128];

/* Addresses of the family in `address`, of these lengths, at the end of a page. */
static void addresses(int family, const struct list lengths)
{
	memcpy(address, &(uint16_t){family}, 2);
	for (int i = 0; i < lengths.count; i++) {
		int length = lengths.at[i];
		W at = own(address, length > 128 ? 128 : length);
		uint32_t *room = (void *)OWN;
		P(SYS_bind, L(-1), L(at), L(length));
		*room = length - i % 2;
		P(SYS_getsockname, L(-1), L(at), L(OWN));
	}
}

static void many_addresses(void)
{
	const struct list lengths = L(2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 24, 26, 27, 28, 29, 32, 36, 40, 47, 48, 64, 72, 80, 88, 96, 109, 110, 111, 112, 128, 129);
	const struct list few = L(2, 3, 8, 12, 16, 24, 28, 32, 64, 88, 110, 128);
	for (int family = 0; family < 50; family++) {
		memset(address, 0, 128);
		addresses(family, family == 1 || family == 10 || family == 2 || family == 16 || family == 17 || family == 31 ? lengths : few);
		for (int i = 0; i < 128; i++)
			address[i] = i + 1;
		addresses(family, lengths);
		memset(address, 0xff, 128);
		addresses(family, few);
		memset(address, 'a', 128);
		addresses(family, few);
	}
	/* Members with names. */
	memset(address, 0, 128);
	for (int i = 0; i < 12; i++) {
		memset(address, 0, 128);
		address[2] = i % 3, address[3] = i, address[4] = i == 3, address[8] = 1 << i % 4, address[9] = i / 4 * 3, address[10] = i, address[11] = i, address[12] = 4;
		addresses(17, L(20));
		memset(address, 0, 128);
		address[2] = 1 + 2 * i, address[4] = i, address[10] = 0x40 + i, address[12] = i;
		addresses(31, L(6, 10, 14));
		address[4] = 0xff, address[5] = 0xff;
		addresses(31, L(6, 10, 14));
		memset(address, 0, 128);
		address[2] = 1 << i, address[4] = i == 1;
		addresses(44, L(16));
		memset(address, 0, 128);
		address[8] = i, address[4] = i, address[12] = i & 1;
		addresses(40, L(16));
		memset(address, 0, 128);
		memcpy(address + 8, i & 1 ? "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x1" : "\xff\x2\0\0\0\0\0\0\0\0\0\0\0\0\0\x1", 16);
		address[24] = i / 2, address[4] = i, address[3] = i;
		addresses(10, L(24, 28));
		if (i & 1)
			memcpy(address + 8, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\x1", 16);
		else
			memcpy(address + 8, "\0\0\0\0\0\0\0\0\0\0\0\0\x7f\0\0\x1", 16);
		addresses(10, L(28));
		memset(address, 0, 128);
		memcpy(address + 2, i & 1 ? "skcipher" : "hash", 5);
		address[16] = i, address[20] = i / 2;
		memcpy(address + 24, "cbc(aes)", 9);
		addresses(38, L(24, 88));
		memset(address, 0, 128);
		memcpy(address + 2, "/tmp/socket", 12);
		address[2 + i] = 0;
		addresses(1, L(3, 2 + i, 14, 110));
	}
	/* Hardware types. */
	for (int type = 0; type < 33; type++) {
		memset(address, 0, 128);
		memcpy(address + 8, &(uint16_t){type}, 2);
		address[11] = 6, address[10] = type;
		addresses(17, L(20));
		memcpy(address + 8, &(uint16_t){256 + type * 16}, 2);
		addresses(17, L(20));
		memcpy(address + 8, &(uint16_t){768 + type}, 2);
		addresses(17, L(20));
	}
}

static void plain_calls(void)
{
	W families[48];
	for (int i = 0; i < 48; i++)
		families[i] = i;
	const struct list all_families = {48, families};
	const struct list protocols = L(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 58, 103, 132, 136, 255, 262, 0x300, 0x8, 0xdd86, H(6), -1);
	P(SYS_socket, all_families, L(1, 3), protocols);
	P(SYS_socket, L(2, 10, 16, H(1)), L(0, 1, 2, 3, 4, 5, 6, 10, 7, 15, 0x80000, 0x800, 0x80801, 0x80002, 0x100001, -1, H(1)), L(0, H(17)));
	for (int protocol = 0; protocol < 264; protocol++)
		P(SYS_socket, L(2, 10), L(2), L(protocol));
	for (int protocol = 0; protocol < 260; protocol++)
		P(SYS_socket, L(17), L(2), L(protocol << 8));
	const int ether[] = {0x800, 0x86dd, 0x806, 0x8100, 0x88a8, 0x88cc, 0x8847, 0x8906, 0xfb, 0x22eb, 0x60, 0x200, 0x888e, 0x88f7, 0x9000, 0xed3e, 0x8864};
	for (int i = 0; i < 17; i++)
		P(SYS_socket, L(17), L(3), L((ether[i] & 0xff) << 8 | ether[i] >> 8, ether[i]));
	P(SYS_socketpair, L(1, 2, 16, 0, 77), L(1, 0x80801, 7), L(0, 1, H(6)), PTRS);
	P(SYS_listen, FDS, INTS);
	P(SYS_shutdown, FDS, L(0, 1, 2, 3, -1, H(1)));
	P(SYS_connect, FDS, PTRS, L(0, 1, 2, 3, 16, 28, 110, 128, -1, H(16)));
	P(SYS_bind, FDS, PTRS, L(0, 1, 2, 3, 16, 28, 110, 128, -1, H(16)));
	const struct list lengths = L(0, BAD, ZERO, ONES, COUNT, SMALL, END(SMALL) - 4, END(SMALL) - 2, SMALL + 60, SMALL + 4);
	P(SYS_accept4, FDS, PTRS, lengths, L(0, 0x80000));
	P(SYS_accept4, L(-1), L(COUNT), L(SMALL + 60), L(0x800, 0x80800, 1, -1, H(0x800)));
#ifdef SYS_accept
	P(SYS_accept, FDS, PTRS, lengths);
#endif
	P(SYS_getsockname, FDS, PTRS, lengths);
	P(SYS_getpeername, FDS, PTRS, lengths);
	const struct list sizes = L(0, 1, 4, 40, -1);
	P(SYS_sendto, FDS, PTRS, sizes, L(0), L(0, COUNT), L(0, 16));
	P(SYS_sendto, L(-1), L(TEXT), L(4, 33, 32, 31), L(0, 0x4000, H(0x40)), PTRS, L(0, 3, 16, -1));
	P(SYS_recvfrom, FDS, PTRS, sizes, L(0), L(0, COUNT), L(0, SMALL));
	P(SYS_recvfrom, L(-1), L(TEXT), L(4, 200), L(0, 0x4000, H(0x40)), PTRS, lengths);
	for (int bit = 0; bit < 32; bit++)
		P(SYS_sendto, L(-1), L(0), L(0), L(1u << bit), L(0), L(0));
#ifdef SYS_send
	P(SYS_send, FDS, PTRS, sizes, L(0, 0x4000));
	P(SYS_recv, FDS, PTRS, sizes, L(0, 0x4000));
#endif
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	plain_calls();
	many_addresses();
#ifdef SYS_socketcall
	W args[6];
	for (int call = -1; call < 23; call++) {
		P(SYS_socketcall, L(call, H(call)), L(0, BAD, SMALL, ZERO, ONES, END(SMALL) - 4, END(SMALL) - 12, END(SMALL) - 16, END(SMALL) - 20, END(COUNT) - 24));
		for (int i = 0; i < 6; i++) {
			memcpy(args, (W[]){2, 1, 6, COUNT, 16, SMALL}, sizeof args);
			args[i] = TEXT;
			P(SYS_socketcall, L(call), L(own(args, sizeof args)));
			args[i] = SMALL;
			P(SYS_socketcall, L(call), L(own(args, sizeof args)));
		}
	}
#endif
	return 0;
}
