/* perf_event_open: attributes of every size, with each kind of event, each flag, and what counts with it. */
#include "decode.h"

static uint8_t attr[4096];

static void put(int at, uint64_t value, int size)
{
	memcpy(attr + at, &value, size);
}

static void fill(int byte)
{
	memset(attr, byte, sizeof attr);
}

static void call(int size)
{
	P(SYS_perf_event_open, L(own(attr, size)), L(-1), L(3), L(-1), L(0));
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	P(SYS_perf_event_open, L(0, BAD, ZERO, ONES, COUNT, SMALL, END(SMALL) - 4, END(ZERO) - 8, END(ZERO) - 64), INTS, INTS, FDS,
	  L(0, 1, 2, 4, 8, 16, -1));

	/* Sizes that are said and that are there. */
	for (int said = 0; said <= 168; said += 4)
		for (int there = 8; there <= 168; there += said % 8 ? 32 : 8) {
			/* What is behind the first 128 bytes, the oracle does not look at. */
			if (said > 128 && there >= 128 && there < 144)
				continue;
			fill(0);
			put(4, said, 4);
			call(there);
			for (int i = 8; i < 168; i += 8)
				put(i, i == 40 ? 0x2004000 : (uint64_t)i << 32 | (i + 1), 8);
			put(24, 0x2800, 8);
			call(there);
			put(0, 5, 4);
			call(there);
		}

	/* Events. */
	for (unsigned type = 0; type < 9; type++)
		for (int i = 0; i < 40; i++) {
			static const uint64_t high[] = {0, 1ULL << 32, 0x123456789ULL << 28, 1ULL << 63, 0xffff00000000ULL};
			fill(0);
			put(0, type, 4), put(4, 128, 4);
			put(8, i, 8);
			call(128);
			put(8, (uint64_t)i << 8 | (i % 9), 8);
			call(128);
			put(8, (uint64_t)i << 16 | (i % 5) << 8 | 3, 8);
			call(128);
			put(8, (uint64_t)i << 24 | 0x10203, 8);
			call(128);
			put(8, high[i % 5] | (unsigned)i, 8);
			call(128);
			put(52, i, 4), put(56, (uint64_t)i << (i + 8), 8), put(64, i, 8);
			call(128);
		}
	put(0, -1, 4), call(128);

	/* One bit of each word. */
	for (int bit = 0; bit < 64; bit++) {
		static const uint8_t words[] = {8, 16, 24, 32, 40, 72, 80, 96, 120};
		for (unsigned i = 0; i < sizeof words; i++) {
			fill(0);
			put(4, 128, 4), put(24, 0x2800, 8);
			put(words[i], 1ULL << bit, 8);
			if (words[i] == 24)
				put(24, 0x2800ULL | 1ULL << bit, 8);
			call(128);
		}
		fill(0);
		put(0, 5, 4), put(4, 128, 4), put(52, 1u << bit % 32, 4);
		call(128);
		put(0, 1, 4), put(40, 1ULL << 14, 8), put(48, 7, 4);
		call(128);
	}
	/* Everything at once, clocks, and bytes that are kept. */
	for (int i = -3; i < 14; i++) {
		fill(0xff);
		put(0, i, 4), put(4, 128, 4), put(92, i, 4), put(110, i & 1 ? 0 : 7, 2), put(116, i & 2 ? 0 : 9, 4);
		call(128);
		put(4, 120, 4), call(120);
		put(4, 112, 4), call(112);
	}
	return 0;
}
