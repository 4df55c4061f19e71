/* bpf: attributes of every command and size, in every kind of memory. */
#include "decode.h"
#ifndef SYS_bpf
# define SYS_bpf 357
#endif

static void attributes(int command, const uint8_t *from, int limit)
{
	for (int size = 1; size < limit; size += size < 136 ? 1 + (size > 3) * 3 : 64)
		P(SYS_bpf, L(command), L(own(from, size)), L(size));
}

static uint8_t attached[128];

static void put(int at, uint64_t value, int size)
{
	memcpy(attached + at, &value, size);
}

/* What is attached, by the type of attachment, with all kinds of arrays. */
static void links(void)
{
	uint64_t *pointers = (void *)OWN;
	static const W arrays[] = {
		0, OWN, OWN + 80, OWN + 1024, BAD, END(SMALL) - 12, END(SMALL) - 7, END(SMALL) - 40, (W)0x7fffffff00000000ULL};
	static const int counts[] = {0, 1, 3, 5, 40};

	for (int type = 0; type < 64; type++)
		for (int size = 4; size <= 80; size += 4) {
			memset(attached, 0, sizeof attached);
			put(8, type, 4);
			P(SYS_bpf, L(28), L(own(attached, size)), L(size));
			for (int i = 0; i < 32; i++)
				put(4 * i, i == 2 ? type : i + 1, 4);
			P(SYS_bpf, L(28), L(own(attached, size)), L(size));
			memset(attached, 0xff, sizeof attached);
			put(8, type, 4);
			P(SYS_bpf, L(28), L(own(attached, size)), L(size));
		}
	for (int i = 0; i < 70; i++)
		pointers[i] = i < 5 ? (W[]){TEXT + 95, TEXT, BAD, 0, TEXT + 101}[i] : i < 10 ? 0 : TEXT + 96;
	memcpy((void *)(OWN + 1024), (uint32_t[]){TEXT + 95, TEXT, BAD}, 12);
	for (int i = 0; i < 9; i++)
		for (int j = 0; j < 5; j++) {
			memset(attached, 0, sizeof attached);
			put(0, 5, 4), put(4, 6, 4), put(8, 42, 4), put(16, i & 1, 4), put(20, counts[j], 4);
			put(24, arrays[i], 8), put(32, arrays[i], 8), put(40, arrays[i], 8);
			P(SYS_bpf, L(28), L(own(attached, 48)), L(48));
			put(8, 28, 4), put(16, arrays[i], 8), put(24, counts[j], 8), put(32, 0, 8), put(40, 0, 8);
			P(SYS_bpf, L(28), L(own(attached, 48)), L(48));
		}
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	links();
	static uint8_t zero[512], small[512], pointers[512];
	for (int i = 0; i < 512; i++)
		small[i] = i % 4 ? 0 : i / 4 + 1;
	for (int i = 0; i < 512; i += 8)
		memcpy(pointers + i, &(uint64_t){i % 16 ? TEXT + i : SMALL}, 8);
	for (int command = 0; command < 32; command++) {
		if (command == 28)
			continue;
		P(SYS_bpf, L(command), PTRS, L(0, 1, 4, 16, 28, -1, 5000));
		attributes(command, zero, 200);
		attributes(command, small, 200);
		attributes(command, pointers, 144);
	}
	P(SYS_bpf, L(38, 99, -1), PTRS, L(0, 40, 128));
	/* One flag of each word. */
	for (int bit = 0; bit < 5; bit++) {
		uint32_t words[32];
		for (int i = 0; i < 32; i++)
			words[i] = 1u << bit;
		for (int command = 0; command < 32; command++)
			if (command != 28 && command != 5 && command != 16)
				P(SYS_bpf, L(command), L(own(words, 128)), L(128));
	}
	/* Programs. */
	static uint8_t code[32][8];
	for (int first = 0; first < 256; first += 32) {
		for (int i = 0; i < 32; i++)
			memcpy(code[i], (uint8_t[]){first + i, 3 * i, i, 0xff * (i & 1), i, 0, 0, i}, 8);
		struct {
			uint32_t type, count;
			uint64_t code, license;
		} load = {1, 32, own(code, sizeof code), TEXT + 95};
		for (load.count = 0; load.count < 34; load.count += 11)
			P(SYS_bpf, L(5), L((W)memcpy((void *)OWN, &load, sizeof load)), L(24));
	}
	return 0;
}
