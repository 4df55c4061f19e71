/* Calls of keys, with all operations and all kinds of memory. */
#include "decode.h"

int main(int argc, char **argv)
{
	set_up(argc, argv);
	const struct list rings = L(0, -1, -2, -3, -4, -5, -6, -7, -8, -9, 1, H(-1), 0x12345678);
	P(SYS_add_key, L(0, TEXT, BAD), L(0, TEXT + 90), L(0, COUNT, BAD), L(0, 4, 40, -1), L(0, 1));
	P(SYS_add_key, L(0), L(0), L(0), L(0), rings);
	P(SYS_request_key, L(0, TEXT, BAD), L(0, TEXT + 90), L(0, TEXT, END(TEXT) - 3), rings);
	for (int op = -1; op < 35; op++) {
		P(SYS_keyctl, L(op), rings, L(0, H(1)), L(0), L(0));
		P(SYS_keyctl, L(op), L(1), PTRS, L(0, 1, 4, 40, -1), L(0, 1, COUNT));
		P(SYS_keyctl, L(op), PTRS, L(0, TEXT), L(2, TEXT), L(0, 3, TEXT));
	}
	P(SYS_keyctl, L(5), L(1), L(0, 1, 0x100, 0x10000, 0x1000000, 0x3f3f3f3f, 0xffffffff, 0x40000000));
	P(SYS_keyctl, L(14), L(0, 1, 2, 3, 4, 5, 6, 7, 8, -1, -2));
	return 0;
}
