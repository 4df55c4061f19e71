/* Calls of keys, with all operations and all kinds of memory. */
#include "decode.h"

static uint8_t b[256];
#define Z sizeof(W)

static void put(int at, uint64_t value, int size)
{
	memcpy(b + at, &value, size);
}

/* Diffie and Hellman: lengths and pointers of both structs. */
static void agreements(const struct list sizes)
{
	static const W text[] = {0, BAD, TEXT + 90, TEXT, END(TEXT) - 3, COUNT, ZERO, TEXT + 99};
	static const int lengths[] = {0, 1, 5, 40, 100, 5000, -1, 3};

	for (int kdf = 0; kdf < 8; kdf++) {
		memset(b, 0, sizeof b);
		put(0, 0x12345678, 4), put(4, -3, 4), put(8, 7, 4);
		W params = (W)memcpy((void *)(OWN + 256), b, 12);
		memset(b, 0, sizeof b);
		put(0, text[kdf], Z), put(Z, text[(kdf * 3 + 2) % 8], Z), put(2 * Z, lengths[kdf], 4);
		put(2 * Z + 4, kdf & 1 ? 0 : kdf, 4);
		if (kdf & 2)
			put(2 * Z + 20, 5, 4);
		int size = Z == 8 ? 56 : 2 * Z + 36;
		for (int cut = 0; cut < 3; cut++) {
			W at = own(b, cut == 0 ? size : cut == 1 ? size - 4 : 2 * Z + 4);
			P(SYS_keyctl, L(23), L(params, 0, BAD, END(SMALL) - 8), L(0, COUNT, BAD, END(COUNT) - 4), sizes, L(at, 0, BAD));
		}
	}
}

/* Public keys. */
static void public_keys(void)
{
	const struct list texts = L(0, TEXT + 90, TEXT, BAD, END(TEXT) - 5), data = L(0, COUNT, TEXT, BAD, END(COUNT) - 2);

	for (int op = 24; op < 29; op++) {
		memset(b, 0, sizeof b);
		put(0, op * 1000, 4), put(4, 5, 4), put(8, op & 1 ? 3 : 40, 4);
		if (op & 2)
			put(12, 9, 4);
		W at = own(b, 40);
		P(SYS_keyctl, L(op), L(at, at - 4, at + 4, 0, BAD, COUNT), texts, data, data);
		P(SYS_keyctl, L(op), L(5, -1, 0x12345678), L(0, 1), texts, L(0, BAD, COUNT, END(ZERO) - 20, END(ONES) - 40));
		put(16, 9, 4);
		at = own(b, 40);
		P(SYS_keyctl, L(op), L(at), L(TEXT + 90), L(COUNT), L(COUNT));
	}
}

static void the_rest(const struct list sizes)
{
	const struct list keys = L(0, 5, -1), out = L(0, COUNT, TEXT, BAD, END(COUNT) - 3, SMALL);
	const struct list texts = L(0, TEXT, TEXT + 90, BAD);

	P(SYS_keyctl, L(29), L(0, 5, -1, -8, H(3)), texts, texts, L(0));
	P(SYS_keyctl, L(30), keys, L(0, 5, -1, -5), keys, L(0, 1, 2, 3, -1, H(1)));
	P(SYS_keyctl, L(31), L(0, COUNT, ZERO, ONES, BAD, END(COUNT) - 1, END(ONES) - 3, TEXT), L(0, 1, 2, 3, 8, 32, 33, 40, -1), L(0));
	P(SYS_keyctl, L(32), L(0, 5, -1, -3), L(0, 5, -1, H(6)), L(0, 1, 255, 256, -1, H(3)), L(0));
	for (int i = 0; i < 5; i++) {
		W vector[6] = {TEXT + 90, 10, COUNT, 3 + (i == 1) * 60, i == 2 ? BAD : TEXT, i == 3 ? -1 : i == 4 ? 0 : 5};
		W at = own(vector, sizeof vector);
		P(SYS_keyctl, L(20), keys, L(at, 0, BAD, at + 2 * Z), L(0, 1, 2, 3, 4, 5, -1, 2000), L(0, 5, -1, -6));
	}
	P(SYS_keyctl, L(12, 2), keys, out, sizes, L(0, -3, 4));
	P(SYS_keyctl, L(6, 11, 17, 16), keys, out, sizes, L(0));
	P(SYS_keyctl, L(10), keys, texts, texts, keys);
	P(SYS_keyctl, L(1, 13, 18, 19, 14, 15, 0, 3, 4, 7, 8, 9, 21, 22, 5), L(0, 5, -1, TEXT + 95), L(0, 5, -1, -9, H(0x3f)), keys,
	  L(0, -2));
	P(SYS_add_key, L(TEXT + 90, 0), L(TEXT, 0, END(TEXT) - 4), out, sizes, L(0, 5, -1, -8, -9, H(-3)));
	P(SYS_request_key, texts, L(TEXT, 0, BAD), L(0, TEXT, BAD, TEXT + 95), L(0, 5, -1, -8));
}

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
	const struct list sizes = L(0, 1, 5, 33, 100, 4096, -1, H(7));
	agreements(sizes);
	public_keys();
	the_rest(sizes);
	return 0;
}
