/* Addresses of sockets: every family, with every length and several contents. */
#include "decode.h"
#include <sys/socket.h>

static uint8_t address[160];

static void fill(int content)
{
	for (unsigned i = 0; i < sizeof address; i++)
		switch (content) {
		case 0: address[i] = 0; break;
		case 1: address[i] = i; break;
		case 2: address[i] = 0xff; break;
		case 3: address[i] = i % 4 ? 0 : 1 + i / 4 % 3; break;
		case 4: address[i] = "ab c\0/*\"x"[i % 9]; break;
		case 5: address[i] = i % 2 ? 0 : i; break;
		}
}

static W placed(int family, int length)
{
	memcpy(address, &(uint16_t){family}, 2);
	return own(address, length);
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	static const int around[] = {0, 1, 2, 3, 4, 8, 16, 24, 28, 110, 128};
	for (int family = 0; family <= 50; family++) {
		for (int content = 0; content < 6; content++) {
			fill(content);
			for (int length = 0; length <= 130; length++) {
				/* All lengths with one content, some with the others. */
				if (content != 1 && length > 40 && length % 17 && length != 110 && length != 109)
					continue;
				P(SYS_connect, L(-1), L(placed(family, length)), L(length));
			}
		}
		fill(1);
		for (unsigned i = 0; i < sizeof around / sizeof *around; i++) {
			int length = around[i];
			W at = placed(family, length);
			P(SYS_bind, L(-1), L(at), L(length, length + 1, length - 1, H(length)));
			P(SYS_sendto, L(-1), L(TEXT), L(3), L(0), L(at), L(length));
			memcpy((void *)ZERO, &length, 4);
			P(SYS_getsockname, L(-1), L(at), L(ZERO));
			P(SYS_getpeername, L(-1), L(at), L(ZERO));
			P(SYS_accept4, L(-1), L(at), L(ZERO), L(0));
			P(SYS_recvfrom, L(-1), L(TEXT), L(3), L(0), L(at), L(ZERO));
			memset((void *)ZERO, 0, 4);
		}
	}
	/* Interfaces and scopes. */
	fill(0);
	for (int scope = 0; scope < 3; scope++)
		for (int first = 0xfd; first < 0x100; first++)
			for (int second = 0; second < 256; second += 0x3e) {
				address[8] = first, address[9] = second, address[24] = scope;
				P(SYS_connect, L(-1), L(placed(10, 28)), L(28, 27, 26, 25, 24, 23));
			}
	fill(0);
	for (int byte = 0; byte < 256; byte++) {
		address[2] = address[3] = address[4] = address[8] = byte;
		static const int families[] = {2, 3, 9, 10, 16, 17, 30, 31, 33, 36, 38, 39, 40, 42, 44, 45};
		for (unsigned i = 0; i < sizeof families / sizeof *families; i++)
			P(SYS_connect, L(-1), L(placed(families[i], 40)), L(40));
	}
	return 0;
}
