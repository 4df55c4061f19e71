/* Calls of files and directories: names, modes, owners, attributes, states, with all kinds of memory. */
#include "decode.h"

#define PATHS L(0, BAD, TEXT, TEXT + 50, ONES, TEXT + 101, END(ZERO) - 1)
#define PATH L(TEXT + 90)
#define DIRS L(0, -1, H(1000), -100, H(-100))
#define BITS32                                                                                                  \
	L(0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000,     \
	  0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000,      \
	  0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80000000, 0xffffffff, H(0x12345678), 3, 7, \
	  0x101000, 0x410000, 0x1300, 0x241)
#define MODES L(0, 0644, 04755, 07777, 0170644, -1, H(0600))
#define IDS L(0, -1, H(65535), H(65536), 0x7fffffff)
#define SIZES L(0, 1, 5, 88, 100, -1, H(4096))

static void names(void)
{
	P(SYS_open, PATHS, L(0), L(0));
	P(SYS_open, PATH, BITS32, L(0644));
	P(SYS_open, PATH, L(0x40, 0x410000, 0x400000), MODES);
	P(SYS_openat, DIRS, PATHS, L(0, 0x42), L(0644));
	P(SYS_openat, L(-100), PATH, BITS32, L(04755));
	P(SYS_creat, PATHS, MODES);
	P(SYS_openat2, DIRS, PATHS, L(0), L(24));
	P(SYS_openat2, L(-100), PATH, PTRS, L(0, 1, 8, 16, 23, 24, 25, 32, 40, 4096, H(4097), -1));
	const struct list flags = BITS32;
	for (int i = 0; i < flags.count; i++) {
		uint64_t how[5] = {flags.at[i], i % 3 ? 0 : i % 2 ? 0644 : 0x123456789, i % 2 ? 0 : 1 << (i & 7), 0, i == 4};
		P(SYS_openat2, L(-100), PATH, L(own(how, 24)), L(24));
		P(SYS_openat2, L(-100), PATH, L(own(how, 40)), L(24, 32, 40));
	}
	P(SYS_access, PATHS, L(0));
	P(SYS_access, PATH, L(0, 1, 2, 3, 4, 5, 6, 7, 8, 15, -1, H(4)));
	P(SYS_faccessat, DIRS, PATHS, L(4));
	P(SYS_faccessat2, DIRS, PATH, L(0, 5), BITS32);
	P(SYS_mkdir, PATHS, MODES);
	P(SYS_mkdirat, DIRS, PATHS, L(0755));
	P(SYS_rmdir, PATHS);
	P(SYS_unlink, PATHS);
	P(SYS_unlinkat, DIRS, PATHS, L(0x200));
	P(SYS_unlinkat, L(-100), PATH, BITS32);
	P(SYS_link, PATHS, PATHS);
	P(SYS_linkat, DIRS, PATH, DIRS, PATH, L(0, 0x400));
	P(SYS_linkat, L(-100), PATH, L(-100), PATH, BITS32);
	P(SYS_symlink, PATHS, PATHS);
	P(SYS_symlinkat, PATHS, DIRS, PATH);
	P(SYS_rename, PATHS, PATHS);
	P(SYS_renameat, DIRS, PATH, DIRS, PATHS);
	P(SYS_renameat2, L(-100), PATH, DIRS, PATH, BITS32);
	P(SYS_chdir, PATHS);
	P(SYS_fchdir, FDS);
	P(SYS_chroot, PATHS);
	P(SYS_readlink, PATHS, PTRS, L(5, 100));
	P(SYS_readlink, PATH, L(TEXT, TEXT + 3000), SIZES);
	P(SYS_readlinkat, DIRS, PATH, L(TEXT, BAD, 0), SIZES);
	P(SYS_getcwd, PTRS, SIZES);
	P(SYS_getcwd, L(TEXT, TEXT + 13), SIZES);
	P(SYS_acct, PATHS);
	P(SYS_swapon, PATHS, L(0));
	P(SYS_swapon, PATH, BITS32);
	P(SYS_swapon, PATH, L(0x8001, 0x18005, 0x7fff, 0x48000, 0x80007));
	P(SYS_swapoff, PATHS);
	P(SYS_uselib, PATHS);
}

static void owners(void)
{
	P(SYS_chmod, PATHS, MODES);
	P(SYS_fchmod, FDS, MODES);
	P(SYS_fchmodat, DIRS, PATHS, MODES);
	P(SYS_umask, MODES);
	P(SYS_chown, PATHS, IDS, IDS);
	P(SYS_lchown, PATH, IDS, IDS);
	P(SYS_fchown, FDS, IDS, IDS);
	P(SYS_fchownat, DIRS, PATHS, L(0, -1), IDS, L(0, 0x100));
	P(SYS_fchownat, L(-100), PATH, L(0), L(0), BITS32);
#ifdef SYS_chown32
	P(SYS_chown32, PATHS, IDS, IDS);
	P(SYS_lchown32, PATH, IDS, IDS);
	P(SYS_fchown32, FDS, IDS, IDS);
#endif
	const struct list types = L(0, 0644, 010644, 020600, 040755, 060660, 0100644, 0120777, 0140755, 0170000, 0107777, -1, H(020640));
	const struct list devs = L(0, 0x103, 0xfffff, 0x12345678, -1, H(0x801));
	P(SYS_mknod, PATHS, L(0100644, 020600), L(0x103));
	P(SYS_mknod, PATH, types, devs);
	P(SYS_mknodat, DIRS, PATH, types, devs);
}

static void attributes(void)
{
	char text[64];
	for (int zero = 28; zero < 36; zero++)
		for (int more = 0; more < 3; more++) {
			memset(text, 'a', sizeof text);
			text[zero] = text[zero + more] = text[zero + more / 2] = 0;
			W at = own(text, sizeof text);
			P(SYS_setxattr, L(TEXT + 90), L(TEXT + 90), L(at, END(OWN) - 32), L(31, 32, 33, 34, 40, 64), L(0));
			P(SYS_getxattr, L(TEXT + 90), L(TEXT + 90), L(at, END(OWN) - 32), L(0, 32, 64));
		}
	const struct list values = L(0, BAD, TEXT, ONES, COUNT, END(COUNT) - 5);
	P(SYS_setxattr, PATHS, PATHS, L(TEXT), L(5), L(0));
	P(SYS_setxattr, PATH, PATH, values, SIZES, L(0, 1, 2, 3, 4, -1));
	P(SYS_lsetxattr, PATH, PATH, values, SIZES, L(H(1)));
	P(SYS_fsetxattr, DIRS, PATHS, values, L(0, 5, 100), L(2));
	P(SYS_getxattr, PATHS, PATHS, L(TEXT), L(88));
	P(SYS_getxattr, PATH, PATH, values, SIZES);
	P(SYS_lgetxattr, PATH, PATH, values, SIZES);
	P(SYS_fgetxattr, DIRS, PATHS, values, L(0, 88));
	P(SYS_listxattr, PATHS, values, SIZES);
	P(SYS_llistxattr, PATH, values, SIZES);
	P(SYS_flistxattr, DIRS, values, SIZES);
	P(SYS_removexattr, PATHS, PATHS);
	P(SYS_lremovexattr, PATH, PATHS);
	P(SYS_fremovexattr, DIRS, PATHS);
}

static void put(uint8_t *at, uint64_t value, int size)
{
	memcpy(at, &value, size);
}

static void states(void)
{
	P(SYS_stat, PATHS, L(0, COUNT));
	P(SYS_stat, PATH, PTRS);
	P(SYS_lstat, PATH, PTRS);
	P(SYS_fstat, FDS, PTRS);
#ifdef SYS_stat64
	P(SYS_stat64, PATHS, L(0, COUNT));
	P(SYS_stat64, PATH, PTRS);
	P(SYS_lstat64, PATH, PTRS);
	P(SYS_fstat64, FDS, PTRS);
	P(SYS_fstatat64, DIRS, PATHS, L(0, COUNT), L(0, 0x100));
	P(SYS_fstatat64, L(-100), PATH, PTRS, L(0x1000));
	P(SYS_fstatat64, L(-100), PATH, L(0), BITS32);
	P(SYS_oldstat, PATHS, L(0, COUNT));
	P(SYS_oldstat, PATH, PTRS);
	P(SYS_oldlstat, PATH, PTRS);
	P(SYS_oldfstat, FDS, PTRS);
#else
	P(SYS_newfstatat, DIRS, PATHS, L(0, COUNT), L(0, 0x100));
	P(SYS_newfstatat, L(-100), PATH, PTRS, L(0x1000));
	P(SYS_newfstatat, L(-100), PATH, L(0), BITS32);
#endif
	const unsigned types[] = {0, 0644, 010644, 020600, 040755, 060660, 0104644, 0120777, 0140755, 0170123, 07777};
	for (int i = 0; i < 11; i++) {
		uint8_t stat[256];
		for (int j = 0; j < 256; j++)
			stat[j] = i % 2 ? j * (i + 3) : j % 8 < 3 ? j : 0;
		uint8_t narrow[256];
		memcpy(narrow, stat, 256);
		put(narrow + 28, types[i], 2);
		P(SYS_statx, L(-100), PATH, L(0), L(0), L(own(narrow, 256)));
#ifdef SYS_stat64
		memcpy(narrow, stat, 256);
		put(narrow + 8, types[i], 2);
		P(SYS_stat, PATH, L(own(narrow, 64)));
		P(SYS_stat, PATH, L(own(narrow, 63) + 1));
		memcpy(narrow, stat, 256);
		put(narrow + 16, types[i], 4);
		P(SYS_stat64, PATH, L(own(narrow, 96)));
		P(SYS_fstat64, L(3), L(own(narrow, 95)));
		memcpy(narrow, stat, 256);
		put(narrow + 4, types[i], 2);
		P(SYS_oldstat, PATH, L(own(narrow, 32)));
		P(SYS_oldfstat, L(3), L(own(narrow, 31)));
#else
		memcpy(narrow, stat, 256);
		put(narrow + 24, types[i], 4);
		P(SYS_stat, PATH, L(own(narrow, 144)));
		P(SYS_stat, PATH, L(own(narrow, 143)));
		P(SYS_newfstatat, L(3), PATH, L(own(narrow, 144)), L(0x1000));
#endif
	}
	P(SYS_statx, DIRS, PATHS, L(0, 0x100), L(0x7ff), L(0, COUNT));
	P(SYS_statx, L(-100), PATH, BITS32, L(0), L(0));
	P(SYS_statx, L(-100), PATH, L(0, 0x2000, 0x4000, 0x6000), BITS32, L(0));
	P(SYS_statx, L(-100), PATH, L(0), L(0xfff, 0x7ff, 0x17ff), PTRS);
	uint8_t statx[256];
	for (int i = 0; i < 32; i++) {
		memset(statx, 0, sizeof statx);
		put(statx, 1u << i, 4);
		put(statx + 8, i < 31 ? 1ul << i : -1ul, 8);
		put(statx + 56, i < 31 ? 1ul << (31 - i) : -1ul, 8);
		put(statx + 0x40, i % 2 ? -i : 1700000000, 8);
		put(statx + 0x48, i % 3 ? 123456789 : 0, 4);
		P(SYS_statx, L(-100), PATH, L(0), L(0), L(own(statx, 256)));
	}

	P(SYS_statfs, PATHS, L(0, COUNT));
	P(SYS_statfs, PATH, PTRS);
	P(SYS_fstatfs, FDS, PTRS);
	const struct list magics = L(0x137f, 0x2011bab0, 0x61, 0xef53, 0x9123683e, 0x1021994, 0x9fa0, 0x62656572, 0x6969,
		0x858458f6, 0xde5e81e4, 0x58465342, 0x65735546, 0x794c7630, 0x42465331, 0x12345, 0xff534d42, 0xfe534d42, 0x27e0eb,
		0x63677270, 0x73717368, 0x01021997, 0x7655821, 0x09041934, 0xBAD1DEA, 0x11307854, 0x15013346, 0x2011BAB0, 0x28cd3d45,
		0x42494e4d, 0x43415d53, 0x444d4142, 0x454d444d, 0x50494445, 0x50495045, 0x52654973, 0x5345434d, 0x5346414f, 0x534F434B,
		0x57ac6e9d, 0x5a3c69f0, 0x5a4f4653, 0x6165676C, 0x62646576, 0x64626720, 0x64646178, 0x65735543, 0x67596969, 0x68191122,
		0x6B414653, 0x6c6f6f70, 0x6e736673, 0x7461636f, 0x74726163, 0x73636673, 0x73757245, 0x0187, 0x1cd1, 0x2468, 0x2478, 0x3434,
		0x4006, 0x4d44, 0x4d5a, 0x517B, 0x564c, 0x72b6, 0x9660, 0x9fa1, 0x9fa2, 0xadf5, 0xadff, 0xf15f, 0xf995e849, 0xe0f5e1e2,
		0xcafe4a11, 0xf2f52010, 0xf97cff8c, 0xabba1974, 0xca451a4e, 0x958458f6, 0x414A53, 0xc0ffee, 0x00c36400, 0xde5e81e4, 0x6c6f6f70);
	for (int i = 0; i < magics.count; i++) {
		uint8_t statfs[128];
		memset(statfs, 0, sizeof statfs);
		put(statfs, magics.at[i], sizeof(W));
		for (int j = sizeof(W); j < 128; j++)
			statfs[j] = i % 4 ? 0 : j;
		W flags = i < 32 ? 1u << i : i % 2 ? 0x1fff : 0;
		put(statfs + sizeof(W) * 9 + 8, flags, sizeof(W));
		P(SYS_statfs, PATH, L(own(statfs, sizeof(W) == 8 ? 120 : 64)));
#ifdef SYS_statfs64
		put(statfs + 60, flags, 4);
		P(SYS_statfs64, PATH, L(84, 88), L(own(statfs, 84)));
#endif
	}
#ifdef SYS_statfs64
	P(SYS_statfs64, PATHS, L(84), L(0, COUNT));
	P(SYS_statfs64, PATH, L(0, 64, 83, 84, 85, 88, -1), PTRS);
	P(SYS_fstatfs64, FDS, L(0, 84, 88), PTRS);
#endif
	P(SYS_ustat, L(0, 0x103, 0x12345678, -1, H(0x801)), PTRS);

	P(SYS_utime, PATHS, L(0, COUNT));
	P(SYS_utime, PATH, PTRS);
	P(SYS_utimes, PATHS, L(0, COUNT));
	P(SYS_utimes, PATH, PTRS);
	P(SYS_futimesat, DIRS, PATHS, L(0, SMALL));
	P(SYS_futimesat, L(-100), PATH, PTRS);
	P(SYS_utimensat, DIRS, PATHS, L(0, SMALL), L(0, 0x100));
	P(SYS_utimensat, L(-100), PATH, PTRS, L(0));
	P(SYS_utimensat, L(-100), PATH, L(0), BITS32);
	const W nsecs[] = {0, 1, 999999999, 1000000000, 0x3fffffff, 0x3ffffffe, -1};
	for (int i = 0; i < 49; i++) {
		W times[4] = {i % 3 ? 1700000000 : 0, nsecs[i % 7], i % 2 ? 1 : -1, nsecs[i / 7]};
		P(SYS_utimensat, L(-100), PATH, L(own(times, sizeof times)), L(0));
#ifdef SYS_utimensat_time64
		uint64_t wide[4] = {times[0], times[1], i % 2 ? 1 : -1, times[3]};
		P(SYS_utimensat_time64, L(-100), PATH, L(own(wide, sizeof wide)), L(0));
#endif
	}
#ifdef SYS_utimensat_time64
	P(SYS_utimensat_time64, DIRS, PATH, PTRS, L(0x100));
#endif
}

int main(int argc, char **argv)
{
	dup2(0, 1);
	dup2(0, 2);
	set_up(argc, argv);
	names();
	owners();
	attributes();
	states();
	return 0;
}
