/* ioctl: btrfs. What the kernel would answer is in memory beforehand. */
#include "decode.h"
#include <linux/btrfs.h>

#define SPARE (OWN + 0x100000) /* what a struct in OWN points to */

static void call(unsigned command)
{
	P(SYS_ioctl, L(-1), L(command), L(OWN));
}

static void subvolumes(void)
{
	struct btrfs_ioctl_vol_args_v2 *args = (void *)OWN;
	struct btrfs_qgroup_inherit *inherit = (void *)SPARE;
	for (int n = 0; n < 4; n++) {
		*inherit = (struct btrfs_qgroup_inherit){n, n == 3 ? 4000 : n, 5, 6, {3, 7, 8, 9, 10}};
		for (int i = 0; i < 3; i++)
			inherit->qgroups[i] = 100 + i;
		memset(args, 0, 4096);
		args->fd = 3;
		args->flags = n == 2 ? 6 : 4;
		args->size = 72 + 8 * n;
		args->qgroup_inherit = inherit;
		args->transid = 4;
		strcpy(args->name, "subvolume");
		call(BTRFS_IOC_SNAP_CREATE_V2);
	}
	args->qgroup_inherit = inherit = (void *)(END(SPARE) - 80);
	inherit->num_qgroups = 2;
	inherit->qgroups[0] = 55;
	call(BTRFS_IOC_SUBVOL_CREATE_V2);
	args->qgroup_inherit = (void *)(END(SPARE) - 71);
	call(BTRFS_IOC_SUBVOL_CREATE_V2);
}

static void containers(void)
{
	struct btrfs_ioctl_ino_path_args *paths = (void *)OWN;
	struct btrfs_ioctl_logical_ino_args *logical = (void *)OWN;
	struct btrfs_data_container *found = (void *)SPARE;
	static const unsigned counts[] = {0, 1, 2, 3, 6, 40, 600};
	for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
		memset(paths, 0, 4096);
		*paths = (struct btrfs_ioctl_ino_path_args){.inum = 5, .size = 64, .fspath = SPARE};
		memset(found, 0, 4096);
		*found = (struct btrfs_data_container){1, 2, counts[i], 3};
		found->val[0] = 48;
		found->val[1] = 80;
		found->val[2] = 5000;
		strcpy((char *)(found->val + 6), "a/path");
		strcpy((char *)(found->val + 10), "another/path/which/is/longer/than/thirty-two/bytes");
		call(BTRFS_IOC_INO_PATHS);
		memset(logical, 0, 4096);
		*logical = (struct btrfs_ioctl_logical_ino_args){.logical = 9, .size = 64, .inodes = SPARE};
		call(BTRFS_IOC_LOGICAL_INO);
		call(BTRFS_IOC_LOGICAL_INO_V2);
	}
	logical->inodes = END(SPARE) - 8;
	logical->reserved[1] = 9;
	call(BTRFS_IOC_LOGICAL_INO);
	call(BTRFS_IOC_INO_PATHS);
}

static void counted(void)
{
	struct btrfs_ioctl_send_args *send = (void *)OWN;
	for (int n = 0; n < 50; n += 7) {
		memset(send, 0, 4096);
		send->send_fd = 4;
		send->clone_sources_count = n;
		send->clone_sources = (void *)(n == 14 ? END(SMALL) - 24 : SMALL);
		send->parent_root = n;
		send->flags = n;
		send->version = 2;
		call(BTRFS_IOC_SEND);
	}
	struct btrfs_ioctl_space_args *space = (void *)OWN;
	for (int n = 0; n < 9; n++) {
		memset(space, 0, 4096);
		space->space_slots = n % 3;
		space->total_spaces = n / 3 * 20;
		space->spaces[0] = (struct btrfs_ioctl_space_info){n * 3, 5, 6};
		call(BTRFS_IOC_SPACE_INFO);
	}
	struct btrfs_ioctl_get_dev_stats *stats = (void *)OWN;
	for (int n = 0; n < 8; n++) {
		memset(stats, 0, 4096);
		stats->nr_items = n;
		stats->values[n % 5] = 7;
		call(BTRFS_IOC_GET_DEV_STATS);
	}
	uint32_t *search = (void *)OWN;
	for (int n = -260; n < 260; n += n < -254 || n >= 0 ? 1 : 23) {
		memset(search, 0, 4096);
		if (n < 0)
			search[3] = search[5] = search[7] = ~0;
		search[0] = search[2] = search[4] = n;
		search[14] = search[15] = n;
		search[16] = n % 5;
		search[26] = search[28] = n * 2;
		search[32] = search[34] = search[36] = n;
		call(0xd0009411);
		if (n >= 0 && n < 9) {
			W place = END(OWN) - 100 - 4 * n;
			memmove((void *)place, search, 100 + 4 * n);
			P(SYS_ioctl, L(-1), L(0xd0009411, BTRFS_IOC_TREE_SEARCH_V2), L(place));
		}
		call(BTRFS_IOC_TREE_SEARCH_V2);
		call(BTRFS_IOC_INO_LOOKUP);
	}
}

static void values(void)
{
	uint64_t *o = (void *)OWN;
	for (int n = 0; n < 12; n++) {
		memset(o, 0, 4096);
		((uint16_t *)o)[22] = n;
		o[6] = n;
		call(BTRFS_IOC_FS_INFO);
		((uint32_t *)o)[7] = n;
		o[0] = o[1] = o[2] = n;
		o[3] = n - 1;
		call(BTRFS_IOC_DEFRAG_RANGE);
		call(BTRFS_IOC_QUOTA_CTL);
		call(BTRFS_IOC_QUOTA_RESCAN);
		call(BTRFS_IOC_QUOTA_RESCAN_STATUS);
		strcpy((char *)(o + 4), "source");
		strcpy((char *)(o + 4) + 1025, "target");
		call(BTRFS_IOC_DEV_REPLACE);
		o[10] = 1 << n;
		o[11] = 0x5500000033;
		call(BTRFS_IOC_BALANCE_V2);
		call(BTRFS_IOC_BALANCE_PROGRESS);
		call(BTRFS_IOC_SET_RECEIVED_SUBVOL);
		call(BTRFS_IOC_SCRUB);
		call(BTRFS_IOC_DEV_INFO);
		o[0] = n * 1000000000ULL;
		o[4] = o[5] = o[6] = n * 1000000000ULL;
		call(BTRFS_IOC_SET_RECEIVED_SUBVOL);
		o[0] = 1;
		o[3] = n * 111;
		call(BTRFS_IOC_DEV_REPLACE);
	}
}

int main(int argc, char **argv)
{
	page(SPARE);
	set_up(argc, argv);
	/* Every number of btrfs with every size that any of them has. */
	static const unsigned sizes[] = {
		0, 4, 8, 16, 24, 32, 44, 48, 56, 64, 68, 72, 112, 128, 192, 200, 1024, 1032, 2596, 2600, 4096
	};
	for (unsigned nr = 1; nr < 64; nr++)
		for (unsigned dir = 0; dir < 4; dir++)
			for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
				P(SYS_ioctl, L(-1), L(dir << 30 | sizes[i] << 16 | 0x9400 | nr), L(0, SMALL, END(COUNT) - 12));
	static const unsigned commands[] = {
		BTRFS_IOC_SNAP_CREATE, BTRFS_IOC_RESIZE, BTRFS_IOC_SUBVOL_CREATE, BTRFS_IOC_DEVICES_READY,
		BTRFS_IOC_SNAP_CREATE_V2, BTRFS_IOC_SUBVOL_CREATE_V2, BTRFS_IOC_SUBVOL_GETFLAGS, BTRFS_IOC_SUBVOL_SETFLAGS,
		BTRFS_IOC_DEFRAG_RANGE, BTRFS_IOC_TREE_SEARCH, BTRFS_IOC_TREE_SEARCH_V2, BTRFS_IOC_INO_LOOKUP,
		BTRFS_IOC_SPACE_INFO, BTRFS_IOC_SCRUB, BTRFS_IOC_SCRUB_PROGRESS, BTRFS_IOC_DEV_INFO, BTRFS_IOC_FS_INFO,
		BTRFS_IOC_BALANCE_V2, BTRFS_IOC_BALANCE_PROGRESS, BTRFS_IOC_INO_PATHS, BTRFS_IOC_LOGICAL_INO,
		BTRFS_IOC_SET_RECEIVED_SUBVOL, BTRFS_IOC_SEND, BTRFS_IOC_QUOTA_CTL, BTRFS_IOC_QGROUP_ASSIGN,
		BTRFS_IOC_QGROUP_CREATE, BTRFS_IOC_QGROUP_LIMIT, BTRFS_IOC_QUOTA_RESCAN, BTRFS_IOC_QUOTA_RESCAN_STATUS,
		BTRFS_IOC_GET_DEV_STATS, BTRFS_IOC_DEV_REPLACE, BTRFS_IOC_GET_FEATURES, BTRFS_IOC_SET_FEATURES,
		BTRFS_IOC_GET_SUPPORTED_FEATURES
	};
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
		P(SYS_ioctl, L(-1), L(commands[i]), PTRS);
	subvolumes();
	containers();
	counted();
	values();
	return 0;
}
