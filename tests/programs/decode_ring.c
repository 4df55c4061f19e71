/* io_uring_setup, io_uring_register and perf_event_open with structs of every size and all kinds of memory. */
#include "decode.h"

static unsigned u[64];
static uint64_t *const wide = (uint64_t *)u;
static unsigned char *const bytes = (unsigned char *)u;

/* The first bytes of `u` at the end of the page, registered. */
#define REGISTER(op, size, count) P(SYS_io_uring_register, L(3), L(op), L(own(u, size)), L(count))

static void fill(unsigned first, unsigned step)
{
	for (int i = 0; i < 64; i++)
		u[i] = first + i * step;
}

static void setup(void)
{
	P(SYS_io_uring_setup, INTS, PTRS);
	for (int i = 0; i < 3; i++) {
		fill(i, i);
		P(SYS_io_uring_setup, L(1), L(own(u, 120), own(u, 120) + 1));
		for (int bit = 0; bit < 13; bit++) {
			u[2] = u[5] = 1 << bit;
			P(SYS_io_uring_setup, L(H(4)), L(own(u, 120)));
		}
		u[7] = u[8] = u[9] = 0;
		P(SYS_io_uring_setup, L(1), L(own(u, 120)));
	}
}

static void arrays(void)
{
	const struct list counts = L(0, 1, 2, 16, 17, 33, 1000, -1, H(2));
	for (int op = 0; op < 24; op++)
		P(SYS_io_uring_register, L(3), L(op), PTRS, counts);
	P(SYS_io_uring_register, FDS, L(24, 99, -1, H(2)), L(0, COUNT), L(1));
	memset(u, 0, sizeof u);
	u[0] = -1, u[1] = -2, u[2] = 5, u[3] = -100;
	REGISTER(2, 16, 4);
	REGISTER(4, 16, 5);
	REGISTER(7, 16, 40);
	u[0] = 0x81, u[1] = 5;
	for (int size = 0; size < 10; size++)
		REGISTER(17, 8, size);
	P(SYS_io_uring_register, L(3), L(17), L(ONES), L(128, 136, 1000));
	for (int count = 0; count < 5; count++)
		REGISTER(19, 16, count);
	for (int kind = 0; kind < 6; kind++)
		for (int subject = 0; subject < 3; subject++)
			for (int rest = 0; rest < 3; rest++) {
				memset(u, 0, sizeof u);
				u[0] = kind | (subject == 2 ? 0xff : subject) << 16 | (rest & 1) << 24, u[2] = rest;
				REGISTER(11, 16, 1);
				REGISTER(11, 16, 2);
			}
}

static void structs(void)
{
	for (int rest = 0; rest < 3; rest++)
		for (int op = 6; op < 24; op++) {
			memset(u, 0, sizeof u);
			u[0] = 1, u[1] = rest, wide[1] = rest == 2 ? BAD : COUNT;
			REGISTER(op, 16, 3);
			REGISTER(op, 16, 0);
			wide[1] = rest << 16 | 1ULL << (rest * 20);
			REGISTER(op, 16, 1);
			wide[0] = rest ? SMALL : 0, u[2] = 1, u[3] = 2 | rest << 16, u[4] = rest;
			REGISTER(op, 40, 1);
			REGISTER(op, 39, 1);
		}
	for (int op = 13; op < 17; op++)
		for (int rest = 0; rest < 3; rest++)
			for (int size = 30; size < 44; size += 2) {
				memset(u, 0, sizeof u);
				u[op % 2 ? 0 : 6] = 2, u[1] = rest;
				wide[op % 2 ? 2 : 1] = rest == 2 ? BAD : SMALL, wide[op % 2 ? 3 : 2] = rest ? COUNT : 0;
				u[op % 2 ? 2 : 7] = rest, u[8] = rest == 1;
				REGISTER(op, size, size);
				REGISTER(op, size, size + 8);
			}
}

static void probes(void)
{
	memset(u, 0, sizeof u);
	P(SYS_io_uring_register, L(3), L(8), L(ZERO), L(0, 1, 255, 256, 257));
	for (int count = 0; count < 5; count++) {
		REGISTER(8, 32, count);
		u[0] = 2 | count << 8 | 5 << 16, u[4] = 1 | 7 << 8 | 1 << 16, u[6] = 2 | 0xff << 8 | 9 << 16;
		REGISTER(8, 32, count);
		REGISTER(8, 32, 2);
		u[5] = count, u[2] = count, u[0] = 0xffff;
		REGISTER(8, 32, 2);
		u[5] = u[2] = 0;
	}
}

#define OPEN(size) P(SYS_perf_event_open, L(own(u, size)), L(1), L(2), L(-1), L(8))

static void attributes(void)
{
	P(SYS_perf_event_open, PTRS, FDS, INTS, FDS, L(0, 15, H(8)));
	for (int size = 0; size <= 128; size++)
		for (int zero = 0; zero < 2; zero++) {
			for (int i = 0; i < 256; i++)
				bytes[i] = zero ? 0 : i + 1;
			u[1] = size;
			OPEN(size < 8 ? 8 : size);
			wide[3] = 0x2800, u[10] |= 1 << 25 | 1 << 14;
			OPEN(128);
		}
	for (int type = 0; type < 8; type++)
		for (int config = 0; config < 16; config++) {
			memset(u, 0, sizeof u);
			u[0] = type, u[1] = 128, u[2] = config | config / 8 << 8 | config / 4 << 16 | config / 14 << 24, u[3] = config == 15;
			u[13] = config, wide[7] = COUNT, wide[8] = config;
			OPEN(128);
		}
	for (int bit = 0; bit < 64; bit++) {
		memset(u, 0, sizeof u);
		u[0] = 4, u[1] = 128, wide[5] = 1ULL << bit, wide[2] = 99;
		OPEN(128);
		wide[3] = wide[4] = wide[9] = 1ULL << bit, wide[5] = 0;
		OPEN(128);
		wide[3] |= 0x800, wide[9] &= ~0xc0000;
		OPEN(128);
	}
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	setup();
	arrays();
	structs();
	probes();
	attributes();
	return 0;
}
