/* prctl, arch_prctl and ptrace with all their requests and all kinds of memory. */
#include "decode.h"

int main(int argc, char **argv)
{
	set_up(argc, argv);
	for (int option = 0; option < 82; option++) {
		P(SYS_prctl, L(option), L(0, 1, H(2), 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 25, 40, 41, 0x80, -1), L(0, H(1), -1));
		P(SYS_prctl, L(option), PTRS, L(0, 2, COUNT), L(H(1)), L(TEXT));
	}
	P(SYS_prctl, L(0x53564d41, 0x59616d61, 0x41555856, -1, H(1), 0x1234), L(0, 1, -1, TEXT), L(0, 4096, -1), L(0, 4096), L(0, TEXT, BAD));
	P(SYS_prctl, L(62), L(0, 1, 2, 3, 4, H(0)), L(0, 5), L(0, 1, 2, 3, 4), PTRS);
	P(SYS_prctl, L(28, 55, 56, 45, 11, 12, 50, 63), L(1, 2, 4, 8, 16, 32, 64, 128, 255, 0x100, 0x10000, 0x20000, 0x40000, 0x80000, 0x1000000, -1));
	P(SYS_prctl, L(52, 53), L(0, 1, 2, 3), L(0, 1, 2, 4, 8, 16, 3, 32));
	P(SYS_arch_prctl, L(0x1000, 0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1011, 0x1012, 0x1021, 0x1022, 0x1023, 0x1024, 0x1025, 0x2001, 0x2002, 0x2003, 0x4001, 0x4002, 0x5001, 0, -1),
	  L(0, 1, 17, 18, 19, -1, BAD, COUNT, SMALL, ZERO, END(SMALL) - 4));
	W requests[64];
	int count = 0;
	for (int i = 0; i < 35; i++)
		requests[count++] = i;
	for (int i = 0x41ff; i < 0x4214; i++)
		requests[count++] = i;
	requests[count++] = H(3);
	for (int i = 0; i < count; i++) {
		P(SYS_ptrace, L(requests[i]), L(0, H(99), -1), L(0, BAD, SMALL, 8, H(1)), L(0, 5, -1));
		P(SYS_ptrace, L(requests[i]), L(1), L(0, 8, 48, 1, 88), PTRS);
		P(SYS_ptrace, L(requests[i]), L(1), PTRS, L(0, COUNT));
	}
	for (int offset = 0; offset < 960; offset += offset < 300 ? 1 : 4)
		P(SYS_ptrace, L(3, 6), L(1), L(offset), L(COUNT));
	P(SYS_ptrace, L(3, 6), L(1), L(-1, 9999, H(8)), L(COUNT));
	for (int type = 0; type < 16; type++)
		P(SYS_ptrace, L(0x4204, 0x4205), L(1), L(type, 0x100 + type, 0x200 + type, 0x300 + type, 0x400 + type, 0x46e62b7f), L(0, COUNT, SMALL));
	for (int type = 0; type < 0xb00; type++)
		if (type % 256 < 24)
			P(SYS_ptrace, L(0x4205), L(1), L(type), L(0));
	for (int bit = 0; bit < 32; bit++)
		P(SYS_ptrace, L(0x4200, 0x4206), L(1), L(0), L(1u << bit));
	W vector[2];
	for (int size = 0; size < 300; size += 12) {
		vector[0] = COUNT, vector[1] = size;
		P(SYS_ptrace, L(0x4204, 0x4205), L(1), L(1, 2, 0x202, 0x46e62b7f), L(own(vector, sizeof vector)));
	}
	P(SYS_ptrace, L(0x420d), L(1), L(0, 7, 8, 12, 15, 16, 17, 100), L(COUNT, END(COUNT) - 8, END(COUNT) - 15, END(COUNT) - 16));
	for (int type = 1; type < 3; type++)
		for (int size = 0; size < 600; size += 4) {
			vector[0] = COUNT, vector[1] = size;
			P(SYS_ptrace, L(0x4204, 0x4205), L(1), L(type), L(own(vector, sizeof vector)));
		}
	uint8_t info[128];
	for (int op = 0; op < 5; op++)
		for (int size = 0; size < 100; size += 4) {
			memset(info, 0, sizeof info);
			for (int i = 0; i < 128; i++)
				info[i] = i % 8 ? 0 : i + 1;
			info[0] = op;
			uint32_t arch = 0xc000003e;
			memcpy(info + 4, &arch, 4);
			P(SYS_ptrace, L(0x420e), L(1), L(size), L(own(info, 88)));
		}
	struct { uint64_t off; uint32_t flags; int nr; } peek = {3, 1, 2};
	for (int nr = -1; nr < 4; nr++) {
		peek.nr = nr, peek.flags = nr;
		W at = own(&peek, sizeof peek);
		P(SYS_ptrace, L(0x4209), L(1), L(at), PTRS);
	}
	return 0;
}
