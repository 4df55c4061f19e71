/* Calls of memory, with all flags and all kinds of memory. */
#include "decode.h"

int main(int argc, char **argv)
{
	set_up(argc, argv);
	const struct list prots = L(0, 1, 2, 4, 7, 8, 0x1000000, 0x2000000, 0xffffffff, 0x10, H(3));
	const struct list addrs = L(0, 0x1234000, -1);
#ifdef SYS_mmap2
	P(SYS_mmap2, addrs, L(4096), L(3), L(0x22), L(-1, H(7)), L(0, 1, 0x12345, -1));
	P(SYS_mmap2, L(0), L(4096), prots, L(0, 1, 2, 3, 4, 8, 0xf, 0x10, 0x100000, 0x4022, 0x40022, 0x40022 | 21u << 26, 0xffffffff, 0x58000022), L(-1), L(0));
	P(SYS_mmap, PTRS);
#else
	P(SYS_mmap, addrs, L(0, 4096, -1), L(3), L(0x22), L(-1, H(7)), L(0, 4096, 0x12345, -1));
	P(SYS_mmap, L(0), L(4096), prots, L(0, 1, 2, 3, 4, 8, 0xf, 0x10, 0x100000, 0x4022, 0x40022, 0x40022 | 21u << 26, 0xffffffff, 0x58000022, 0x80022), L(-1), L(0));
#endif
	P(SYS_mprotect, addrs, L(0, 4096, -1), prots);
	P(SYS_pkey_mprotect, addrs, L(4096), prots, L(0, -1, H(2)));
	P(SYS_pkey_alloc, L(0, 1, -1), L(0, 1, 2, 3, 4, -1, H(1)));
	P(SYS_pkey_free, INTS);
	P(SYS_munmap, addrs, L(0, 4096, -1));
	P(SYS_mremap, addrs, L(4096), L(0, -1), L(0, 1, 2, 3, 4, 7, 8, 0xffffffff), addrs);
	P(SYS_msync, addrs, L(4096), L(0, 1, 2, 4, 7, 8, 0xffffffff));
	P(SYS_mincore, addrs, L(0, 1, 4096, 4097, 40 * 4096, -1), PTRS);
	P(SYS_mincore, L(0), L(8 * 4096), PTRS);
	P(SYS_madvise, addrs, L(4096), L(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 100, 101, 104, -1, H(4)));
	P(SYS_process_madvise, FDS, PTRS, L(0, 1, 2, 40), L(0, 20, 21, 77), L(0, -1));
	P(SYS_mlock, addrs, L(0, 4096, -1));
	P(SYS_mlock2, addrs, L(4096), L(0, 1, 2, -1, H(1)));
	P(SYS_munlock, addrs, L(0, 4096, -1));
	P(SYS_mlockall, L(0, 1, 2, 4, 7, 8, -1, H(1)));
	P(SYS_munlockall);
	P(SYS_remap_file_pages, addrs, L(4096), prots, L(0, -1), L(0, 0x22, 0x10000, -1));
	P(SYS_memfd_create, L(0, BAD, TEXT, TEXT + 101, ZERO, END(TEXT) - 5), L(0, 1, 2, 4, 7, 8, 0x10, 0x54000004, 0x54000000, 0x78000007, 0xffffffff, H(1)));
	P(SYS_memfd_secret, L(0, 1, 0x80000, -1));
	P(SYS_userfaultfd, L(0, 1, 0x80000, 0x800, 0x80801, -1));
	const struct list modes = L(0, 1, 2, 3, 4, 5, 6, 7, 0x8000, 0x4001, 0x2002, 0xc001, 0xe000, 0x1000, 0xffff, -1, H(1));
	const struct list bits = L(0, 1, 8, 9, 32, 33, 64, 65, 200, -1);
	P(SYS_mbind, addrs, L(4096), modes, L(0), L(0), L(0));
	P(SYS_mbind, L(0), L(4096), L(1), PTRS, bits, L(0));
	P(SYS_mbind, L(0), L(4096), L(1), L(0), L(0), L(0, 1, 2, 4, 7, 8, -1));
	P(SYS_set_mempolicy, modes, L(0), L(0));
	P(SYS_set_mempolicy, L(2), PTRS, bits);
	P(SYS_get_mempolicy, PTRS, PTRS, bits, L(0), L(0));
	P(SYS_get_mempolicy, L(ZERO), L(0), L(0), addrs, L(0, 1, 2, 4, 7, 8, -1, H(1)));
	P(SYS_migrate_pages, L(-1, H(1)), bits, PTRS, PTRS);
	P(SYS_move_pages, L(-1, H(1)), L(0, 3, 40), PTRS, L(0, SMALL, END(COUNT) - 12), L(0, BAD, ONES, END(SMALL) - 8), L(2));
	P(SYS_move_pages, L(0), L(3), L(0), L(0), L(0), L(0, 1, 2, 4, 6, 8, -1, H(1)));
	P(SYS_set_mempolicy_home_node, addrs, L(4096), L(0, 1, -1), L(0, 1, -1));
	P(SYS_process_mrelease, FDS, L(0, 1, -1));
	P(SYS_process_vm_readv, L(H(1)), PTRS, L(0, 1, 2), PTRS, L(0, 2), L(0));
	P(SYS_process_vm_writev, L(-1), PTRS, L(0, 1, 2), PTRS, L(0, 2), L(-1));
	P(SYS_brk, addrs);
	return 0;
}
