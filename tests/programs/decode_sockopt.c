/* getsockopt and setsockopt: every level, every option, values of every length in every kind of memory. */
#include "decode.h"

static void option(int level, int name, int some)
{
	const int lengths[] = {4, 8, 0, 1, 2, 3, 5, 12, 16, 20, 24, 40, 64, 104, 128, 240};
	uint32_t *room = (void *)OWN;
	uint8_t value[256];
	for (int what = 0; what < 2; what++) {
		for (int i = 0; i < 256; i++)
			value[i] = what ? 0xff : i % 4 ? 0 : i / 4 + 1;
		for (int i = 0; i < (what ? 2 : some); i++) {
			W at = own(value, lengths[i]);
			P(SYS_setsockopt, L(-1), L(level), L(name), L(at), L(lengths[i]));
			*room = lengths[i];
			P(SYS_getsockopt, L(-1), L(level), L(name), L(at), L(OWN));
		}
	}
	for (*room = 1; *room < 4; ++*room)
		P(SYS_getsockopt, L(-1), L(level), L(name), L(COUNT, END(SMALL) - 3), L(OWN));
	P(SYS_setsockopt, L(-1), L(level), L(name), L(0, BAD, END(SMALL) - 4), L(8));
	*room = 8;
	P(SYS_getsockopt, L(-1), L(level), L(name), L(0, BAD, END(SMALL) - 4), L(OWN));
	P(SYS_setsockopt, L(-1), L(level), L(name), L(TEXT, COUNT), L(4, 200, -1));
	*room = 200;
	P(SYS_getsockopt, L(-1), L(level), L(name), L(TEXT), L(OWN, 0));
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	P(SYS_getsockopt, FDS, L(0, 1, 6, 41, H(1), -1), INTS, L(0, BAD, COUNT), L(0, BAD, ZERO, SMALL, ONES));
	P(SYS_setsockopt, FDS, L(0, 1, 6, 41, H(1), -1), INTS, L(0, BAD, COUNT), L(0, 4, -1, H(4)));
	for (int level = 0; level < 284; level++)
		P(SYS_setsockopt, L(-1), L(level), L(1, 2, 3, 11), L(COUNT), L(4));
	for (int name = 0; name < 76; name++)
		option(1, name, 16);
	for (int name = 0; name < 51; name++)
		option(0, name, name > 34 && name < 50 ? 15 : 3);
	for (int name = 0; name < 84; name++)
		option(41, name, name > 19 && name < 46 ? 15 : 3);
	for (int name = 0; name < 38; name++)
		option(6, name, 3);
	const int levels[] = {2, 17, 58, 132, 136, 255, 256, 258, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272, 273, 274, 275, 276, 277, 278, 279, 280, 281, 282, 283};
	for (int i = 0; i < 32; i++)
		for (int name = 0; name < (levels[i] == 263 ? 24 : levels[i] == 279 ? 7 : 10); name++)
			option(levels[i], name, levels[i] == 263 || levels[i] == 270 || levels[i] == 255 ? 11 : 3);
	P(SYS_setsockopt, L(-1), L(17, 132, 136, 268), L(100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133), L(COUNT), L(4));
	P(SYS_setsockopt, L(-1), L(0, 41), L(64, 65, 66, 67, 80, 81, 82, 83, 84, 128), L(COUNT), L(4, 8, 12, 16, 20, 136));
	for (int length = 0; length < 12; length++) {
		uint16_t request[8] = {1, 0, 1, length, 0x201, 0x403, 0x605, 0x807};
		P(SYS_setsockopt, L(-1), L(263), L(1), L(own(request, 16)), L(16));
		uint32_t filter = (1u << 2 * length) - 1;
		P(SYS_setsockopt, L(-1), L(255), L(1), L(own(&filter, 4)), L(4));
	}
	/* Options of netlink, whose lengths are no sizes of numbers. */
	for (int name = 0; name < 14; name++)
		for (int length = -2; length < 14; length++) {
			*(int *)OWN = length;
			P(SYS_getsockopt, L(-1), L(270), L(name), L(0, BAD, COUNT, END(COUNT) - 3), L(OWN));
			P(SYS_setsockopt, L(-1), L(270), L(name), L(0, BAD, COUNT, END(COUNT) - 3), L(length));
		}
	for (int bit = 0; bit < 32; bit++) {
		W at = own(&(uint32_t){1u << bit}, 4);
		P(SYS_setsockopt, L(-1), L(1), L(3, 37, 38, 39, 65, 72), L(at), L(4));
		P(SYS_setsockopt, L(-1), L(263), L(18, 1), L(at), L(4));
		P(SYS_setsockopt, L(-1), L(255), L(1), L(at), L(4));
	}
	return 0;
}
