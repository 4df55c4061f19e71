/* Calls of files and mounts that are newer than the oracle. */
#include "tell.h"

static void attributes(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 0x8000000a, 8), put(8, 4096, 4), put(12, 3, 4), put(16, 7, 4), put(20, 1, 4), put(24, 5, 8);
	W at = place(32);
	ROW(0, "file_getattr(AT_FDCWD, \"mnopqrstuv\", {fa_xflags=FS_XFLAG_PREALLOC|FS_XFLAG_IMMUTABLE|FS_XFLAG_HASATTR, fa_extsize=4096, fa_nextents=3, fa_projid=7, fa_cowextsize=1}, 24, 0)",
		"file_getattr(-100, \"mnopqrstuv\", {fa_xflags=0x8000000a, fa_extsize=4096, fa_nextents=3, fa_projid=7, fa_cowextsize=1}, 24, 0)",
		"file_getattr(-100 /* AT_FDCWD */, \"mnopqrstuv\", {fa_xflags=0x8000000a /* FS_XFLAG_PREALLOC|FS_XFLAG_IMMUTABLE|FS_XFLAG_HASATTR */, fa_extsize=4096, fa_nextents=3, fa_projid=7, fa_cowextsize=1}, 24, 0)",
		468, CWD, PATH, L(at), L(24), L(0));
	SAME(-22, "file_getattr(5, NULL, 0x2000afe0, 24, 0)", 468, L(5), L(0), L(at), L(24), L(0));
	SAME(0, "file_getattr(5, NULL, 0x2000afe0, 23, 0)", 468, L(5), L(0), L(at), L(23), L(0));
	SAME(0, "file_getattr(5, NULL, 0x10000, 24, 0)", 468, L(5), L(0), L(BAD), L(24), L(0));
	ROW(-22, "file_setattr(5, 0x10000, {fa_xflags=FS_XFLAG_PREALLOC|FS_XFLAG_IMMUTABLE|FS_XFLAG_HASATTR, fa_extsize=4096, fa_nextents=3, fa_projid=7, fa_cowextsize=1, /* bytes 24..31 */ \"\\x05\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"}, 32, AT_EMPTY_PATH)",
		"file_setattr(5, 0x10000, {fa_xflags=0x8000000a, fa_extsize=4096, fa_nextents=3, fa_projid=7, fa_cowextsize=1, /* bytes 24..31 */ \"\\x05\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"}, 32, 0x1000)",
		"file_setattr(5, 0x10000, {fa_xflags=0x8000000a /* FS_XFLAG_PREALLOC|FS_XFLAG_IMMUTABLE|FS_XFLAG_HASATTR */, fa_extsize=4096, fa_nextents=3, fa_projid=7, fa_cowextsize=1, /* bytes 24..31 */ \"\\x05\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"}, 32, 0x1000 /* AT_EMPTY_PATH */)",
		469, L(5), L(BAD), L(at), L(32), L(0x1000));

	memset(buffer, 0, sizeof buffer);
	put(0, TEXT, 8), put(8, 5, 4), put(12, 1, 4);
	at = place(16);
	ROW(0, "setxattrat(AT_FDCWD, \"mnopqrstuv\", AT_SYMLINK_NOFOLLOW, \"mnopqrstuv\", {value=\"abcde\", size=5, flags=XATTR_CREATE}, 16)",
		"setxattrat(-100, \"mnopqrstuv\", 0x100, \"mnopqrstuv\", {value=\"abcde\", size=5, flags=0x1}, 16)",
		"setxattrat(-100 /* AT_FDCWD */, \"mnopqrstuv\", 0x100 /* AT_SYMLINK_NOFOLLOW */, \"mnopqrstuv\", {value=\"abcde\", size=5, flags=0x1 /* XATTR_CREATE */}, 16)",
		463, CWD, PATH, L(0x100), PATH, L(at), L(16));
	ROW(5, "getxattrat(3, \"mnopqrstuv\", 0, \"mnopqrstuv\", {value=\"abcde\", size=5, flags=XATTR_CREATE}, 16)",
		"getxattrat(3, \"mnopqrstuv\", 0, \"mnopqrstuv\", {value=\"abcde\", size=5, flags=0x1}, 16)",
		"getxattrat(3, \"mnopqrstuv\", 0, \"mnopqrstuv\", {value=\"abcde\", size=5, flags=0x1 /* XATTR_CREATE */}, 16)",
		464, L(3), PATH, L(0), PATH, L(at), L(16));
	ROW(-22, "getxattrat(3, NULL, 0, NULL, {value=0x20008000, size=5, flags=XATTR_CREATE}, 16)",
		"getxattrat(3, NULL, 0, NULL, {value=0x20008000, size=5, flags=0x1}, 16)",
		"getxattrat(3, NULL, 0, NULL, {value=0x20008000, size=5, flags=0x1 /* XATTR_CREATE */}, 16)",
		464, L(3), L(0), L(0), L(0), L(at), L(16));
	SAME(0, "getxattrat(3, NULL, 0, NULL, 0x2000aff0, 15)", 464, L(3), L(0), L(0), L(0), L(at), L(15));
	SAME(5, "listxattrat(3, \"mnopqrstuv\", 0, \"abcde\", 88)", 465, L(3), PATH, L(0), L(TEXT), L(88));
	SAME(5, "listxattrat(3, \"mnopqrstuv\", 0, 0x20008000, 0)", 465, L(3), PATH, L(0), L(TEXT), L(0));
	ROW(-22, "removexattrat(AT_FDCWD, 0x10000, AT_EMPTY_PATH, \"mnopqrstuv\")",
		"removexattrat(-100, 0x10000, 0x1000, \"mnopqrstuv\")",
		"removexattrat(-100 /* AT_FDCWD */, 0x10000, 0x1000 /* AT_EMPTY_PATH */, \"mnopqrstuv\")", 466, CWD, L(BAD), L(0x1000), PATH);
	ROW(0, "fchmodat2(AT_FDCWD, \"mnopqrstuv\", 0644, AT_SYMLINK_NOFOLLOW)", "fchmodat2(-100, \"mnopqrstuv\", 0644, 0x100)",
		"fchmodat2(-100 /* AT_FDCWD */, \"mnopqrstuv\", 0644, 0x100 /* AT_SYMLINK_NOFOLLOW */)", 452, CWD, PATH, L(0644), L(0x100));
	SAME(0, "cachestat(3, {off=0, len=0}, {nr_cache=0, nr_dirty=0, nr_writeback=0, nr_evicted=0, nr_recently_evicted=0}, 0)", 451, L(3), L(ZERO), L(ZERO), L(0));
	SAME(-22, "cachestat(3, {off=0, len=0}, 0x20000000, 0)", 451, L(3), L(ZERO), L(ZERO), L(0));
	SAME(0, "cachestat(-1, 0x10000, NULL, 0x1)", 451, L(-1), L(BAD), L(0), L(1));
	SAME(0, "cachestat(-1, 0x10000, NULL, 0)", 451, L(-1), L(BAD), L(0), L(0));
}

static void mounts(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 32, 4), put(8, 0x80010957, 8), put(16, 0x21, 8), put(24, 6, 8);
	W at = place(32);
	ROW(-22, "statmount({size=32, mnt_id=0x80010957, param=STATMOUNT_SB_BASIC|STATMOUNT_FS_TYPE, mnt_ns_id=0x6}, NULL, 512, 0)",
		"statmount({size=32, mnt_id=0x80010957, param=0x21, mnt_ns_id=0x6}, NULL, 512, 0)",
		"statmount({size=32, mnt_id=0x80010957, param=0x21 /* STATMOUNT_SB_BASIC|STATMOUNT_FS_TYPE */, mnt_ns_id=0x6}, NULL, 512, 0)",
		457, L(at), L(0), L(512), L(0));
	put(4, 7, 4);
	at = place(32);
	SAME(-22, "listmount({size=32, mnt_ns_fd=7, mnt_id=0x80010957, param=0x21, mnt_ns_id=0x6}, NULL, 5, 0)", 458, L(at), L(0), L(5), L(0));
	put(0, 24, 4), put(4, 0, 4), put(8, -1, 8);
	at = place(24);
	ROW(0, "listmount({size=24, mnt_id=LSMT_ROOT, param=0x21}, [], 5, LISTMOUNT_REVERSE)",
		"listmount({size=24, mnt_id=0xffffffffffffffff, param=0x21}, [], 5, 0x1)",
		"listmount({size=24, mnt_id=0xffffffffffffffff /* LSMT_ROOT */, param=0x21}, [], 5, 0x1 /* LISTMOUNT_REVERSE */)",
		458, L(at), L(COUNT), L(5), L(1));
	ROW(5, "listmount(NULL, [0x200000001, 0x400000003, 0x600000005, 0x800000007, 0xa00000009], 5, LISTMOUNT_REVERSE)",
		"listmount(NULL, [0x200000001, 0x400000003, 0x600000005, 0x800000007, 0xa00000009], 5, 0x1)",
		"listmount(NULL, [0x200000001, 0x400000003, 0x600000005, 0x800000007, 0xa00000009], 5, 0x1 /* LISTMOUNT_REVERSE */)",
		458, L(0), L(SMALL), L(5), L(1));
	memset(buffer, 0, sizeof buffer);
	put(0, 32, 4), put(8, 7, 8), put(16, 0x40000000, 4), put(24, -1, 8);
	at = place(32);
	ROW(5, "listns({size=32, ns_id=0x7, ns_type=CLONE_NEWNET, user_ns_id=LISTNS_CURRENT_USER}, [0x200000001, 0x400000003, 0x600000005, 0x800000007, 0xa00000009], 5, 0)",
		"listns({size=32, ns_id=0x7, ns_type=0x40000000, user_ns_id=0xffffffffffffffff}, [0x200000001, 0x400000003, 0x600000005, 0x800000007, 0xa00000009], 5, 0)",
		"listns({size=32, ns_id=0x7, ns_type=0x40000000 /* CLONE_NEWNET */, user_ns_id=0xffffffffffffffff /* LISTNS_CURRENT_USER */}, [0x200000001, 0x400000003, 0x600000005, 0x800000007, 0xa00000009], 5, 0)",
		470, L(at), L(SMALL), L(5), L(0));
	SAME(-22, "listns(0x10000, 0x20006000, 5, 0x1)", 470, L(BAD), L(SMALL), L(5), L(1));
	SAME(0, "rseq_slice_yield()", 471, L(0));
	SAME(-22, "listmount(0x10000, 0x20006000, 5, 0)", 458, L(BAD), L(SMALL), L(5), L(0));

	memset(buffer, 0, sizeof buffer);
	put(0, 560, 4), put(8, 0x39, 8), put(16, 7, 4), put(20, 2, 4), put(24, 0x65735546, 8), put(36, 0, 4);
	put(104, 8, 4), put(108, 10, 4);
	memcpy(buffer + 512, "fuseblk\0/\0/mnt/x", 17);
	at = place(1024);
	ROW(0, "statmount(NULL, {size=560, mask=STATMOUNT_SB_BASIC|STATMOUNT_MNT_ROOT|STATMOUNT_MNT_POINT|STATMOUNT_FS_TYPE, sb_dev_major=7, sb_dev_minor=2, sb_magic=FUSE_SUPER_MAGIC, sb_flags=0, fs_type=\"fuseblk\", mnt_root=\"/\", mnt_point=\"/mnt/x\"}, 1024, 0)",
		"statmount(NULL, {size=560, mask=0x39, sb_dev_major=7, sb_dev_minor=2, sb_magic=0x65735546, sb_flags=0, fs_type=\"fuseblk\", mnt_root=\"/\", mnt_point=\"/mnt/x\"}, 1024, 0)",
		"statmount(NULL, {size=560, mask=0x39 /* STATMOUNT_SB_BASIC|STATMOUNT_MNT_ROOT|STATMOUNT_MNT_POINT|STATMOUNT_FS_TYPE */, sb_dev_major=7, sb_dev_minor=2, sb_magic=0x65735546 /* FUSE_SUPER_MAGIC */, sb_flags=0, fs_type=\"fuseblk\", mnt_root=\"/\", mnt_point=\"/mnt/x\"}, 1024, 0)",
		457, L(0), L(at), L(1024), L(0));
	SAME(0, "statmount(NULL, 0x2000ac00, 511, 0)", 457, L(0), L(at), L(511), L(0));

	memset(buffer, 0, sizeof buffer);
	put(0, 1, 8), put(8, 0x70, 8), put(16, 1 << 18, 8);
	at = place(32);
	ROW(5, "open_tree_attr(AT_FDCWD, \"mnopqrstuv\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC, {attr_set=MOUNT_ATTR_RDONLY, attr_clr=MOUNT_ATTR__ATIME, propagation=MS_PRIVATE, userns_fd=0}, 32)",
		"open_tree_attr(-100, \"mnopqrstuv\", 0x80001, {attr_set=0x1, attr_clr=0x70, propagation=0x40000, userns_fd=0}, 32)",
		"open_tree_attr(-100 /* AT_FDCWD */, \"mnopqrstuv\", 0x80001 /* OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC */, {attr_set=0x1 /* MOUNT_ATTR_RDONLY */, attr_clr=0x70 /* MOUNT_ATTR__ATIME */, propagation=0x40000 /* MS_PRIVATE */, userns_fd=0}, 32)",
		467, CWD, PATH, L(0x80001), L(at), L(32));
	ROW(0, "move_mount(3, \"mnopqrstuv\", 4, \"mnopqrstuv\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_BENEATH)",
		"move_mount(3, \"mnopqrstuv\", 4, \"mnopqrstuv\", 0x204)",
		"move_mount(3, \"mnopqrstuv\", 4, \"mnopqrstuv\", 0x204 /* MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_BENEATH */)",
		SYS_move_mount, L(3), PATH, L(4), PATH, L(0x204));
	ROW(0, "fsconfig(3, FSCONFIG_CMD_CREATE_EXCL, NULL, NULL, 0)", "fsconfig(3, 0x8, NULL, NULL, 0)",
		"fsconfig(3, 0x8 /* FSCONFIG_CMD_CREATE_EXCL */, NULL, NULL, 0)", SYS_fsconfig, L(3), L(8), L(0), L(0), L(0));
}

static void controls(void)
{
	memset(buffer, 0, sizeof buffer);
	put(4, 1, 2);
	W at = place(8);
	ROW(0, "fcntl(3, F_GETDELEG, {d_flags=0, d_type=F_WRLCK})", "fcntl(3, 0x40f, {d_flags=0, d_type=0x1})",
		"fcntl(3, 0x40f /* F_GETDELEG */, {d_flags=0, d_type=0x1 /* F_WRLCK */})", SYS_fcntl, L(3), L(1039), L(at));
	ROW(-22, "fcntl(3, F_SETDELEG, {d_flags=0, d_type=F_WRLCK})", "fcntl(3, 0x410, {d_flags=0, d_type=0x1})",
		"fcntl(3, 0x410 /* F_SETDELEG */, {d_flags=0, d_type=0x1 /* F_WRLCK */})", SYS_fcntl, L(3), L(1040), L(at));
	put(6, 9, 2);
	at = place(8);
	ROW(-22, "fcntl(3, F_SETDELEG, {d_flags=0, d_type=F_WRLCK, __pad=0x9})", "fcntl(3, 0x410, {d_flags=0, d_type=0x1, __pad=0x9})",
		"fcntl(3, 0x410 /* F_SETDELEG */, {d_flags=0, d_type=0x1 /* F_WRLCK */, __pad=0x9})", SYS_fcntl, L(3), L(1040), L(at));
	ROW(0, "fcntl(3, F_DUPFD_QUERY, 4)", "fcntl(3, 0x403, 4)", "fcntl(3, 0x403 /* F_DUPFD_QUERY */, 4)", SYS_fcntl, L(3), L(1027), L(4));
	ROW(0, "fcntl(3, F_CREATED_QUERY)", "fcntl(3, 0x404)", "fcntl(3, 0x404 /* F_CREATED_QUERY */)", SYS_fcntl, L(3), L(1028), L(4));
	ROW(0, "fallocate(3, FALLOC_FL_WRITE_ZEROES, 1, 2)", "fallocate(3, 0x80, 1, 2)", "fallocate(3, 0x80 /* FALLOC_FL_WRITE_ZEROES */, 1, 2)",
#ifdef __i386__
		SYS_fallocate, L(3), L(0x80), L(1), L(0), L(2), L(0));
#else
		SYS_fallocate, L(3), L(0x80), L(1), L(2));
#endif
	memset(buffer, 0, sizeof buffer);
	put(0, 100, 8), put(8, 104, 8);
	at = place(40);
	ROW(0, "lsm_list_modules([], [100], 0)", "lsm_list_modules([], [100], 0)", "lsm_list_modules([], [100], 0)", 461, L(at), L(at), L(0));
	memset(buffer, 0, sizeof buffer);
	put(0, 104, 8), put(16, 43, 8), put(24, 11, 8);
	memcpy(buffer + 32, "unconfined", 11);
	at = place(43);
	ROW(0, "lsm_set_self_attr(LSM_ATTR_CURRENT, {id=LSM_ID_APPARMOR, flags=0, len=43, ctx_len=11, ctx=\"unconfined\"}, 43, 0)",
		"lsm_set_self_attr(0x64, {id=0x68, flags=0, len=43, ctx_len=11, ctx=\"unconfined\"}, 43, 0)",
		"lsm_set_self_attr(0x64 /* LSM_ATTR_CURRENT */, {id=0x68 /* LSM_ID_APPARMOR */, flags=0, len=43, ctx_len=11, ctx=\"unconfined\"}, 43, 0)",
		460, L(100), L(at), L(43), L(0));
}

int main(int argc, char **argv)
{
	start(argc, argv);
	attributes();
	mounts();
	controls();
	return 0;
}
