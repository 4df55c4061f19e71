//! Structs of quotactl(2). Sources: linux/quota.h, linux/dqblk_xfs.h.

use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::sets::mount::{
    QUOTA_DISK_FLAGS, QUOTA_FORMAT, QUOTA_INFO, QUOTA_INFO_FLAGS, QUOTA_VALID, XQUOTA_FLAGS, XQUOTA_TYPE,
};

const FILE_STAT: Kind = Kind::new(Shape::Struct(&XFS_FILE));
const FILE_STATV: Kind = Kind::new(Shape::Struct(&XFS_FILE_V));

crate::structs! {
    /// `struct if_dqblk`, without the padding at its end.
    DQBLK "if_dqblk" packed {
        dqb_bhardlimit: U64, dqb_bsoftlimit: U64, dqb_curspace: U64, dqb_ihardlimit: U64, dqb_isoftlimit: U64,
        dqb_curinodes: U64, dqb_btime: U64, dqb_itime: U64, dqb_valid: bits(&QUOTA_VALID),
    } show [dqb_bhardlimit, dqb_bsoftlimit, dqb_curspace, dqb_ihardlimit, dqb_isoftlimit, dqb_curinodes, dqb_btime,
        dqb_itime, dqb_valid]
      brief [dqb_bhardlimit, dqb_bsoftlimit, dqb_curspace, dqb_ihardlimit, dqb_isoftlimit, dqb_curinodes];
    /// `struct if_nextdqblk`.
    NEXT_DQBLK "if_nextdqblk" {
        dqb_bhardlimit: U64, dqb_bsoftlimit: U64, dqb_curspace: U64, dqb_ihardlimit: U64, dqb_isoftlimit: U64,
        dqb_curinodes: U64, dqb_btime: U64, dqb_itime: U64, dqb_valid: bits(&QUOTA_VALID), dqb_id: UINT,
    } show [dqb_bhardlimit, dqb_bsoftlimit, dqb_curspace, dqb_ihardlimit, dqb_isoftlimit, dqb_curinodes, dqb_btime,
        dqb_itime, dqb_valid, dqb_id]
      brief [dqb_bhardlimit, dqb_bsoftlimit, dqb_curspace, dqb_ihardlimit, dqb_isoftlimit, dqb_curinodes, dqb_id];
    /// `struct if_dqinfo`.
    DQINFO "if_dqinfo" {
        dqi_bgrace: U64, dqi_igrace: U64, dqi_flags: bits(&QUOTA_INFO_FLAGS), dqi_valid: bits(&QUOTA_INFO),
    };
    /// `struct fs_disk_quota`.
    XFS_DISK "fs_disk_quota" {
        d_version: I8, d_flags: bits8(&QUOTA_DISK_FLAGS), d_fieldmask: HEX16, d_id: UINT, d_blk_hardlimit: U64,
        d_blk_softlimit: U64, d_ino_hardlimit: U64, d_ino_softlimit: U64, d_bcount: U64, d_icount: U64, d_itimer: INT,
        d_btimer: INT, d_iwarns: U16, d_bwarns: U16, _hi: INT, d_rtb_hardlimit: U64, d_rtb_softlimit: U64,
        d_rtbcount: U64, d_rtbtimer: INT, d_rtbwarns: U16, _padding3: I16, _padding4: U64,
    } show [d_version, d_flags, d_fieldmask, d_id, d_blk_hardlimit, d_blk_softlimit, d_ino_hardlimit, d_ino_softlimit,
        d_bcount, d_icount, d_itimer, d_btimer, d_iwarns, d_bwarns, d_rtb_hardlimit, d_rtb_softlimit, d_rtbcount,
        d_rtbtimer, d_rtbwarns]
      brief [d_version, d_flags, d_fieldmask, d_id, d_blk_hardlimit, d_blk_softlimit, d_ino_hardlimit, d_ino_softlimit,
        d_bcount, d_icount];
    /// `struct fs_qfilestat`.
    XFS_FILE "fs_qfilestat" { qfs_ino: U64, qfs_nblks: U64, qfs_nextents: UINT };
    /// `struct fs_qfilestatv`.
    XFS_FILE_V "fs_qfilestatv" { qfs_ino: U64, qfs_nblks: U64, qfs_nextents: UINT, _pad: UINT };
    /// `struct fs_quota_stat`.
    XFS_STAT "fs_quota_stat" {
        qs_version: I8, qs_flags: bits16(&XQUOTA_FLAGS), _pad: I8, qs_uquota: FILE_STAT, qs_gquota: FILE_STAT,
        qs_incoredqs: UINT, qs_btimelimit: INT, qs_itimelimit: INT, qs_rtbtimelimit: INT, qs_bwarnlimit: U16,
        qs_iwarnlimit: U16,
    } show [qs_version, qs_flags, qs_uquota, qs_gquota, qs_incoredqs, qs_btimelimit, qs_itimelimit, qs_rtbtimelimit,
        qs_bwarnlimit, qs_iwarnlimit]
      brief [qs_version];
    /// `struct fs_quota_statv`.
    XFS_STATV "fs_quota_statv" {
        qs_version: I8, _pad1: U8, qs_flags: bits16(&XQUOTA_FLAGS), qs_incoredqs: UINT, qs_uquota: FILE_STATV,
        qs_gquota: FILE_STATV, qs_pquota: FILE_STATV, qs_btimelimit: INT, qs_itimelimit: INT, qs_rtbtimelimit: INT,
        qs_bwarnlimit: U16, qs_iwarnlimit: U16, qs_rtbwarnlimit: U16, _pad3: U16, _pad4: UINT,
        _pad2: Kind::new(Shape::Inline(&U64, 7)),
    } show [qs_version, qs_flags, qs_incoredqs, qs_uquota, qs_gquota, qs_pquota, qs_btimelimit, qs_itimelimit,
        qs_rtbtimelimit, qs_bwarnlimit, qs_iwarnlimit]
      brief [qs_version];
}

/// A number of a quota format behind a pointer.
pub const FORMAT: Kind = bits(&QUOTA_FORMAT);
/// Flags of Q_XQUOTAON behind a pointer.
pub const SWITCHES: Kind = bits(&XQUOTA_FLAGS);
/// Kinds of quota behind a pointer.
pub const KINDS: Kind = bits(&XQUOTA_TYPE);
