/* io_uring_register and io_uring_enter: every operation that the oracle knows, with structs that point to other memory. */
#include "decode.h"

#define REGISTER 427

static uint8_t buffer[256];

static void put(int at, uint64_t value, int size)
{
	memcpy(buffer + at, &value, size);
}

static W place(int size)
{
	return own(buffer, size);
}

#define COUNTS L(0, 1, 2, 3, 16, 32, 5000)
/* The struct of `size` bytes at the end of a page, with several numbers of arguments. */
#define PUT(operation, size) P(REGISTER, L(-1), L(operation), L(place(size), OWN), L(0, 1, 2, 8, 16, 32, 33, size))

static void updates(int operation)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 7, 4), put(8, SMALL, 8);
	PUT(operation, 16);
	put(4, 1, 4), put(8, END(SMALL) - 8, 8);
	PUT(operation, 16);
	put(4, 0, 4), put(8, 0, 8);
	PUT(operation, 16);
}

static void resources(int operation, W data)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 2, 4), put(16, data, 8), put(24, COUNT, 8);
	PUT(operation, 32);
	put(0, 300, 4), put(4, 1, 4), put(8, 5, 8), put(16, END(data) - 8, 8), put(24, 0, 8);
	PUT(operation, 32);
	put(0, 0, 4), put(4, 0xfffffffe, 4), put(16, 0, 8), put(24, BAD, 8);
	PUT(operation, 32);
}

static void resource_updates(int operation, W data)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 7, 4), put(8, data, 8), put(16, COUNT, 8), put(24, 2, 4);
	PUT(operation, 32);
	put(4, 1, 4), put(8, 0, 8), put(16, 0, 8), put(28, 9, 4);
	PUT(operation, 32);
	put(4, 0, 4), put(8, BAD, 8), put(16, BAD, 8), put(24, 0, 4), put(28, 0, 4);
	PUT(operation, 32);
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	for (unsigned i = 0; i < 24; i++)
		P(REGISTER, FDS, L(i), PTRS, COUNTS);
	P(REGISTER, L(-1), L(-1, 0x80000000, 0x80000004), L(0, SMALL), L(1));

	updates(6);
	resources(13, SMALL);
	resources(15, COUNT);
	resource_updates(14, SMALL);
	resource_updates(16, COUNT);

	/* Restrictions: what the second member is called depends on the first. */
	for (int i = 0; i < 6; i++) {
		memset(buffer, 0, sizeof buffer);
		put(0, i, 2), put(2, 5, 1), put(16, 5 - i, 2), put(18, 0xff, 1);
		PUT(11, 32);
		put(3, 1, 1), put(4, 2, 4), put(24, 3, 4);
		PUT(11, 32);
	}

	/* A probe, with more operations than there are. */
	memset(buffer, 0, sizeof buffer);
	put(0, 58, 1), put(1, 2, 1), put(16, 5, 1), put(18, 1, 2), put(24, 0xfe, 1), put(26, 3, 2), put(28, 4, 4);
	PUT(8, 32);
	put(2, 1, 2), put(12, 3, 4);
	PUT(8, 32);

	/* Sets of processors and numbers of workers. */
	memset(buffer, 0, sizeof buffer);
	put(0, 5, 8), put(8, 1, 8);
	PUT(17, 16);
	put(0, 5, 4), put(4, 6, 4), put(8, 7, 4);
	PUT(19, 12);

	/* Descriptors of rings. */
	memset(buffer, 0, sizeof buffer);
	put(0, 1, 4), put(8, 3, 8), put(16, -1, 4), put(20, 1, 4), put(24, -1, 8);
	PUT(20, 32);
	PUT(21, 32);

	/* A ring of buffers. */
	memset(buffer, 0, sizeof buffer);
	put(0, SMALL, 8), put(8, 4, 4), put(12, 5, 2);
	PUT(22, 40);
	PUT(23, 40);
	put(14, 3, 2), put(32, 1, 8);
	PUT(22, 40);
	PUT(23, 40);

	P(426, FDS, INTS, L(0, H(2)), L(0, 1, 2, 3, 4), PTRS, L(0, 8, 16));
	return 0;
}
