//! Structs of mounts: mount_setattr(2), statmount(2), listmount(2), kexec_load(2).

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::sets::fs::FS_MAGIC;
use crate::sets::mount::{MOUNT, MOUNT_ATTR, PROPAGATION, STATMOUNT};

crate::structs! {
    /// `struct mount_attr`.
    ATTR "mount_attr" {
        attr_set: bits64(&MOUNT_ATTR), attr_clr: bits64(&MOUNT_ATTR), propagation: bits64(&PROPAGATION),
        userns_fd: by_masked(attr_set, IDMAP, MAPPED, &const { by_masked(attr_clr, IDMAP, MAPPED, &U64) }),
    };
    /// `struct mnt_id_req` of statmount(2).
    STATMOUNT_REQUEST "mnt_id_req" {
        size: UINT, mnt_ns_fd: FD.when(mnt_ns_fd, u64::MAX), mnt_id: bits64(&crate::sets::mount::MOUNT_ID), param: bits64(&STATMOUNT), mnt_ns_id: HEX64,
    };
    /// `struct mnt_id_req` of listmount(2).
    LISTMOUNT_REQUEST "mnt_id_req" {
        size: UINT, mnt_ns_fd: FD.when(mnt_ns_fd, u64::MAX), mnt_id: bits64(&crate::sets::mount::MOUNT_ID), param: HEX64, mnt_ns_id: HEX64,
    };
    /// `struct ns_id_req` of listns(2).
    LISTNS_REQUEST "ns_id_req" {
        size: UINT, spare: HEX.when_not(spare, 0), ns_id: HEX64, ns_type: bits(&crate::sets::process::SETNS),
        spare2: HEX.when_not(spare2, 0), user_ns_id: bits64(&crate::sets::mount::USER_NS_ID),
    };
    /// `struct statmount`. What the kernel did not write is not in its mask.
    STATMOUNT_RESULT "statmount" {
        size: UINT, mnt_opts: TEXT.when(mask, 0x80), mask: bits64(&STATMOUNT),
        sb_dev_major: UINT.when(mask, 1), sb_dev_minor: UINT.when(mask, 1), sb_magic: bits64(&FS_MAGIC).when(mask, 1),
        sb_flags: bits(&MOUNT).when(mask, 1), fs_type: TEXT.when(mask, 0x20), mnt_id: HEX64.when(mask, 2),
        mnt_parent_id: HEX64.when(mask, 2), mnt_id_old: HEX.when(mask, 2), mnt_parent_id_old: HEX.when(mask, 2),
        mnt_attr: bits64(&MOUNT_ATTR).when(mask, 2), mnt_propagation: bits64(&MOUNT).when(mask, 2),
        mnt_peer_group: HEX64.when(mask, 2), mnt_master: HEX64.when(mask, 2), propagate_from: HEX64.when(mask, 4),
        mnt_root: TEXT.when(mask, 8), mnt_point: TEXT.when(mask, 0x10), mnt_ns_id: HEX64.when(mask, 0x40),
        fs_subtype: TEXT.when(mask, 0x100), sb_source: TEXT.when(mask, 0x200), opt_num: UINT.when(mask, 0x400),
        opt_array: texts(opt_num).when(mask, 0x400), opt_sec_num: UINT.when(mask, 0x800),
        opt_sec_array: texts(opt_sec_num).when(mask, 0x800), supported_mask: bits64(&STATMOUNT).when(mask, 0x1000),
        mnt_uidmap_num: UINT.when(mask, 0x2000), mnt_uidmap: texts(mnt_uidmap_num).when(mask, 0x2000),
        mnt_gidmap_num: UINT.when(mask, 0x4000), mnt_gidmap: texts(mnt_gidmap_num).when(mask, 0x4000),
        _spare: Kind::new(Shape::Inline(&U64, 43)),
    } show [size, mask, mnt_opts, sb_dev_major, sb_dev_minor, sb_magic, sb_flags, fs_type, mnt_id, mnt_parent_id,
        mnt_id_old, mnt_parent_id_old, mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from, mnt_root,
        mnt_point, mnt_ns_id, fs_subtype, sb_source, opt_num, opt_array, opt_sec_num, opt_sec_array, supported_mask,
        mnt_uidmap_num, mnt_uidmap, mnt_gidmap_num, mnt_gidmap];
    /// `struct kexec_segment`.
    SEGMENT "kexec_segment" { buf: ADDR, bufsz: ULONG, mem: ADDR, memsz: ULONG };
}

/// MOUNT_ATTR_IDMAP, which needs a user namespace.
const IDMAP: u64 = 0x10_0000;
const MAPPED: &[(u64, Kind)] = &[(IDMAP, custom(Custom::WideFd))];

/// The place of a string behind `struct statmount`.
const TEXT: Kind = custom(Custom::Behind(None));

/// The place of several strings behind it.
const fn texts(count: crate::model::Sibling) -> Kind {
    custom(Custom::Behind(Some(count)))
}
