//! Mounting, swapping and quotas.
//!
//! Names and order only. Source: include/uapi of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Flags of mount(2); the old magic is a value field.
    MOUNT: Bits, Hex, "MS_???" {
        MS_MGC_VAL & MS_MGC_MSK, MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_SYNCHRONOUS, MS_REMOUNT,
        MS_MANDLOCK, MS_DIRSYNC, MS_NOSYMFOLLOW, MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_MOVE, MS_REC,
        MS_SILENT, MS_POSIXACL, MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_RELATIME,
        MS_KERNMOUNT, MS_I_VERSION, MS_STRICTATIME, MS_LAZYTIME, MS_SUBMOUNT, MS_NOREMOTELOCK, MS_NOSEC,
        MS_BORN, MS_ACTIVE, MS_NOUSER
    }

    /// What old programs set in the upper half of the flags of mount(2).
    MOUNT_MAGIC: Values, Hex, "MS_???" {
        MS_MGC_VAL
    }

    /// Flags of umount2(2).
    UMOUNT: Bits, Hex, "MNT_???" {
        MNT_FORCE = 1, MNT_DETACH = 2, MNT_EXPIRE = 4, UMOUNT_NOFOLLOW = 8
    }

    /// Flags of fsopen(2).
    FSOPEN: Bits, Hex, "FSOPEN_???" {
        FSOPEN_CLOEXEC
    }

    /// Cmd of fsconfig(2).
    FSCONFIG: Values, Hex, "FSCONFIG_???" {
        FSCONFIG_SET_FLAG, FSCONFIG_SET_STRING, FSCONFIG_SET_BINARY, FSCONFIG_SET_PATH,
        FSCONFIG_SET_PATH_EMPTY, FSCONFIG_SET_FD, FSCONFIG_CMD_CREATE, FSCONFIG_CMD_RECONFIGURE,
        FSCONFIG_CMD_CREATE_EXCL
    }

    /// Flags of fsmount(2).
    FSMOUNT: Bits, Hex, "FSMOUNT_???" {
        FSMOUNT_CLOEXEC, FSMOUNT_NAMESPACE = 2
    }

    /// Flags of fspick(2).
    FSPICK: Bits, Hex, "FSPICK_???" {
        FSPICK_CLOEXEC, FSPICK_SYMLINK_NOFOLLOW, FSPICK_NO_AUTOMOUNT, FSPICK_EMPTY_PATH
    }

    /// Attr_flags of fsmount(2), mount_attr.attr_set.
    MOUNT_ATTR: Bits, Hex, "MOUNT_ATTR_???" {
        MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_NOEXEC, MOUNT_ATTR__ATIME, MOUNT_ATTR_NOATIME,
        MOUNT_ATTR_STRICTATIME, MOUNT_ATTR_NODIRATIME, MOUNT_ATTR_IDMAP, MOUNT_ATTR_NOSYMFOLLOW
    }

    /// Mount_attr.propagation of mount_setattr(2).
    PROPAGATION: Values, Hex, "MS_???" {
        MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED
    }

    /// Flags of open_tree(2).
    OPEN_TREE: Bits, Hex, "OPEN_TREE_???" {
        OPEN_TREE_CLONE, OPEN_TREE_NAMESPACE = 2, OPEN_TREE_CLOEXEC = O_CLOEXEC, AT_SYMLINK_NOFOLLOW, AT_REMOVEDIR,
        AT_SYMLINK_FOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH, AT_RECURSIVE
    }

    /// Flags of move_mount(2).
    MOVE_MOUNT: Bits, Hex, "MOVE_MOUNT_???" {
        MOVE_MOUNT_F_SYMLINKS, MOVE_MOUNT_F_AUTOMOUNTS, MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_SYMLINKS,
        MOVE_MOUNT_T_AUTOMOUNTS, MOVE_MOUNT_T_EMPTY_PATH, MOVE_MOUNT_SET_GROUP, MOVE_MOUNT_BENEATH
    }

    /// Mnt_id_req.param of statmount(2).
    STATMOUNT: Bits, Hex, "STATMOUNT_???" {
        STATMOUNT_SB_BASIC, STATMOUNT_MNT_BASIC, STATMOUNT_PROPAGATE_FROM, STATMOUNT_MNT_ROOT,
        STATMOUNT_MNT_POINT, STATMOUNT_FS_TYPE, STATMOUNT_MNT_NS_ID, STATMOUNT_MNT_OPTS,
        STATMOUNT_FS_SUBTYPE, STATMOUNT_SB_SOURCE, STATMOUNT_OPT_ARRAY, STATMOUNT_OPT_SEC_ARRAY,
        STATMOUNT_SUPPORTED_MASK, STATMOUNT_MNT_UIDMAP, STATMOUNT_MNT_GIDMAP
    }

    /// Flags of mount_setattr(2).
    SETATTR: Bits, Hex, "AT_???" {
        AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH, AT_RECURSIVE
    }

    /// Ns_id_req.user_ns_id of listns(2).
    USER_NS_ID: Values, Hex, "" {
        LISTNS_CURRENT_USER = 0xffff_ffff_ffff_ffff
    }

    /// Mnt_id_req.mnt_id of listmount(2).
    MOUNT_ID: Values, Hex, "" {
        LSMT_ROOT
    }

    /// Flags of statmount(2).
    STATMOUNT_FLAGS: Bits, Hex, "STATMOUNT_???" {
        STATMOUNT_BY_FD = 1
    }

    /// Flags of listmount(2).
    LISTMOUNT: Bits, Hex, "LISTMOUNT_???" {
        LISTMOUNT_REVERSE
    }

    /// Command of quotactl(2), above SUBCMDSHIFT.
    QUOTA_CMD: Values, Hex, "Q_???" {
        Q_SYNC = 0x80_0001, Q_QUOTAON = 0x80_0002, Q_QUOTAOFF = 0x80_0003, Q_GETFMT = 0x80_0004,
        Q_GETINFO = 0x80_0005, Q_SETINFO = 0x80_0006, Q_GETQUOTA = 0x80_0007, Q_SETQUOTA = 0x80_0008,
        Q_GETNEXTQUOTA = 0x80_0009, Q_XQUOTAON = 0x5801, Q_XQUOTAOFF = 0x5802, Q_XGETQUOTA = 0x5803,
        Q_XSETQLIM = 0x5804, Q_XGETQSTAT = 0x5805, Q_XQUOTARM = 0x5806, Q_XQUOTASYNC = 0x5807,
        Q_XGETQSTATV = 0x5808, Q_XGETNEXTQUOTA = 0x5809, Q_V1_QUOTAON = 0x100, Q_V1_QUOTAOFF = 0x200,
        Q_V1_GETQUOTA = 0x300, Q_V1_SETQUOTA = 0x400, Q_V1_SETUSE = 0x500, Q_V1_SYNC = 0x600, Q_SETQLIM = 0x700,
        Q_V1_GETSTATS = 0x800, Q_V2_GETINFO = 0x900, Q_V2_SETINFO = 0xa00, Q_V2_SETGRACE = 0xb00,
        Q_V2_SETFLAGS = 0xc00, Q_V2_GETQUOTA = 0xd00, Q_V2_SETQUOTA = 0xe00, Q_V2_SETUSE = 0xf00,
        Q_V1_RSQUASH = 0x1000, Q_V2_GETSTATS = 0x1100
    }

    /// Type of quotactl(2).
    QUOTA_TYPE: Values, Hex, "???QUOTA" {
        USRQUOTA = 0, GRPQUOTA = 1, PRJQUOTA = 2
    }

    /// Id of Q_QUOTAON.
    QUOTA_FORMAT: Values, Hex, "QFMT_VFS_???" {
        QFMT_VFS_OLD = 1, QFMT_VFS_V0 = 2, QFMT_OCFS2 = 3, QFMT_VFS_V1 = 4, QFMT_SHMEM = 5
    }

    /// Dqblk.dqb_valid.
    QUOTA_VALID: Bits, Hex, "QIF_???" {
        QIF_BLIMITS = 0x1, QIF_SPACE = 0x2, QIF_ILIMITS = 0x4, QIF_INODES = 0x8, QIF_BTIME = 0x10,
        QIF_ITIME = 0x20
    }

    /// Dqinfo.dqi_flags.
    QUOTA_INFO_FLAGS: Bits, Hex, "DQF_???" {
        DQF_ROOT_SQUASH = 0x1, DQF_SYS_FILE = 0x1_0000
    }

    /// Dqinfo.dqi_valid.
    QUOTA_INFO: Bits, Hex, "IIF_???" {
        IIF_BGRACE = 0x1, IIF_IGRACE = 0x2, IIF_FLAGS = 0x4
    }

    /// Fs_disk_quota.d_flags.
    QUOTA_DISK_FLAGS: Bits, Hex, "FS_???_QUOTA" {
        FS_USER_QUOTA = 0x1, FS_PROJ_QUOTA = 0x2, FS_GROUP_QUOTA = 0x4
    }

    /// Argument of Q_XQUOTARM.
    XQUOTA_TYPE: Bits, Hex, "FS_???_QUOTA" {
        FS_USER_QUOTA = 0x1, FS_PROJ_QUOTA = 0x2, FS_GROUP_QUOTA = 0x4
    }

    /// Argument of Q_XQUOTAON.
    XQUOTA_FLAGS: Bits, Hex, "FS_QUOTA_???" {
        FS_QUOTA_UDQ_ACCT = 0x1, FS_QUOTA_UDQ_ENFD = 0x2, FS_QUOTA_GDQ_ACCT = 0x4,
        FS_QUOTA_GDQ_ENFD = 0x8, FS_QUOTA_PDQ_ACCT = 0x10, FS_QUOTA_PDQ_ENFD = 0x20
    }

    /// Swapflags of swapon(2) without the priority.
    SWAP: Bits, Hex, "SWAP_FLAG_???" {
        SWAP_FLAG_PREFER = 0x8000, SWAP_FLAG_DISCARD = 0x1_0000, SWAP_FLAG_DISCARD_ONCE = 0x2_0000,
        SWAP_FLAG_DISCARD_PAGES = 0x4_0000
    }
}
