//! Mounts, quotas and watches on whole file systems: mount(2), fsopen(2), statmount(2), quotactl(2), fanotify_init(2),
//! name_to_handle_at(2).

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape, Width};
use crate::sets::{fs, io, mount};
use crate::structs::mount as s;
use crate::structs::quota as q;

/// MS_MGC_VAL, with which old programs marked the flags of mount.
const MAGIC: u64 = 0xc0ed_0000;
/// Flags with which mount takes no type: MS_REMOUNT, MS_BIND, MS_MOVE and those of propagation.
const NO_TYPE: u64 = REMOUNT | NO_DATA;
/// MS_REMOUNT.
const REMOUNT: u64 = 0x20;
/// Flags with which it takes no data.
const NO_DATA: u64 = 0x3000 | 0x1e_0000;
/// The low half, where the other half is the mark.
const LOW: u64 = 0xffff;
/// The half of the mark.
const MARK: u64 = LOW << 16;

/// A text where none of the flags is set.
const WHOLE: &[(u64, Kind)] = &[(0, STR)];

/// The id of quotactl, by command without its type.
const QUOTA_ID: &[(u64, Kind)] = &[
    (0x8000_0100, ABSENT),
    (0x8000_0200, q::FORMAT),
    (0x8000_0300, ABSENT),
    (0x8000_0400, ABSENT),
    (0x8000_0500, ABSENT),
    (0x8000_0600, ABSENT),
    (0x58_0100, ABSENT),
    (0x58_0200, ABSENT),
    (0x58_0500, ABSENT),
    (0x58_0600, ABSENT),
    (0x58_0700, ABSENT),
    (0x58_0800, ABSENT),
];
const DQBLK: Kind = Kind::new(Shape::Struct(&q::DQBLK));
const NEXT: Kind = Kind::new(Shape::Struct(&q::NEXT_DQBLK));
const INFO: Kind = Kind::new(Shape::Struct(&q::DQINFO));
const DISK: Kind = Kind::new(Shape::Struct(&q::XFS_DISK));
const XSTAT: Kind = Kind::new(Shape::Struct(&q::XFS_STAT));
const XSTATV: Kind = Kind::new(Shape::Struct(&q::XFS_STATV));
/// What the last argument of quotactl points to, by command without its type.
const QUOTA_DATA: &[(u64, Kind)] = &[
    (0x8000_0100, ABSENT),
    (0x8000_0200, PATH),
    (0x8000_0300, ABSENT),
    (0x8000_0400, output(&q::FORMAT)),
    (0x8000_0500, output(&INFO)),
    (0x8000_0600, input(&INFO)),
    (0x8000_0700, output(&DQBLK)),
    (0x8000_0800, input(&DQBLK)),
    (0x8000_0900, output(&NEXT)),
    (0x58_0100, input(&q::SWITCHES)),
    (0x58_0200, input(&q::SWITCHES)),
    (0x58_0300, output(&DISK)),
    (0x58_0400, input(&DISK)),
    (0x58_0500, output(&XSTAT)),
    (0x58_0600, input(&q::KINDS)),
    (0x58_0700, ABSENT),
    (0x58_0800, output(&XSTATV)),
    (0x58_0900, output(&DISK)),
];
/// A command of quotactl without its type.
const COMMAND: u64 = 0xffff_ff00;

/// Commands of fsconfig that have a key.
const KEYED: &[(u64, Kind)] = &[(0, KEY), (1, KEY), (2, KEY), (3, KEY), (4, KEY), (5, KEY)];
/// A name or a text of fsconfig, which the kernel reads so far.
const KEY: Kind = custom(Custom::ShortText(Dir::In, 256));
/// The last argument of fsconfig, by command.
const AUX: &[(u64, Kind)] = &[(3, DIRFD), (4, DIRFD), (5, FD)];

crate::signatures! {
    /// The family's rows.
    TABLE:
    mount(source: PATH, target: PATH, filesystemtype: by_masked(mountflags, MARK, &const { [(MAGIC, by_masked(mountflags, NO_TYPE & LOW, WHOLE, &ADDR))] }, &const { by_masked(mountflags, NO_TYPE, WHOLE, &ADDR) }), mountflags: by_masked(mountflags, MARK, &const { [(MAGIC, custom(Custom::Class(&mount::MOUNT_MAGIC, MARK, &mount::MOUNT, Width::Long)))] }, &const { longbits(&mount::MOUNT) }), data: by_masked(mountflags, REMOUNT, &const { [(REMOUNT, STR)] }, &const { by_masked(mountflags, MARK, &const { [(MAGIC, by_masked(mountflags, NO_DATA & LOW, WHOLE, &ADDR))] }, &const { by_masked(mountflags, NO_DATA, WHOLE, &ADDR) }) })) -> INT;
    umount2(target: PATH, flags: bits(&mount::UMOUNT)) -> INT;
    pivot_root(new_root: PATH, put_old: PATH) -> INT;
    fsopen(fs_name: STR, flags: bits(&mount::FSOPEN)) -> FD;
    fsconfig(fd: FD, cmd: bits(&mount::FSCONFIG), key: by(cmd, KEYED, &ADDR), value: by(cmd, &const { [(1, KEY), (2, custom(Custom::Blob(aux))), (3, PATH), (4, PATH)] }, &ADDR), aux: by(cmd, AUX, &INT)) -> INT;
    fsmount(fs_fd: FD, flags: bits(&mount::FSMOUNT), attr_flags: bits(&mount::MOUNT_ATTR)) -> FD;
    fspick(dirfd: DIRFD, path: PATH, flags: bits(&mount::FSPICK)) -> FD;
    open_tree(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::OPEN_TREE)) -> FD;
    open_tree_attr(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::OPEN_TREE), attr: custom(Custom::Sized(Dir::In, &s::ATTR, size, 32)), size: SIZE) -> FD;
    move_mount(from_dirfd: DIRFD, from_pathname: PATH, to_dirfd: DIRFD, to_pathname: PATH, flags: bits(&mount::MOVE_MOUNT)) -> INT;
    mount_setattr(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::SETATTR), attr: custom(Custom::Sized(Dir::In, &s::ATTR, size, 32)), size: SIZE) -> INT;
    statmount(req: custom(Custom::OwnSize(&s::STATMOUNT_REQUEST, 24)), buf: custom(Custom::StatMount(bufsize)), bufsize: SIZE, flags: bits(&mount::STATMOUNT_FLAGS)) -> INT;
    listns(req: custom(Custom::OwnSize(&s::LISTNS_REQUEST, 32)), ns_ids: out_array(&HEX64, RET), nr_ns_ids: SIZE, flags: HEX) -> INT;
    listmount(req: custom(Custom::OwnSize(&s::LISTMOUNT_REQUEST, 24)), mnt_ids: out_array(&HEX64, RET), nr_mnt_ids: SIZE, flags: bits(&mount::LISTMOUNT)) -> INT;
    quotactl(cmd: custom(Custom::QuotaCommand), special: PATH, id: by_masked(cmd, COMMAND, QUOTA_ID, &ID), addr: by_masked(cmd, COMMAND, QUOTA_DATA, &ADDR)) -> INT;
    quotactl_fd(fd: FD, cmd: custom(Custom::QuotaCommand), id: by_masked(cmd, COMMAND, QUOTA_ID, &ID), addr: by_masked(cmd, COMMAND, QUOTA_DATA, &ADDR)) -> INT;
    swapon(path: PATH, swapflags: custom(Custom::SwapFlags)) -> INT;
    swapoff(path: PATH) -> INT;
    fanotify_init(flags: custom(Custom::Class(&io::FANOTIFY_CLASS, 0xc, &io::FANOTIFY_INIT, Width::W32)), event_f_flags: bits(&fs::OPEN)) -> FD;
    fanotify_mark(fanotify_fd: FD, flags: bits(&io::FANOTIFY_MARK), mask: custom(Custom::WideSet(&io::FANOTIFY_EVENT)), dirfd: custom(Custom::NoFd), pathname: PATH) -> INT;
    name_to_handle_at(dirfd: DIRFD, pathname: PATH, handle: custom(Custom::FileHandle(Dir::Out)), mount_id: custom(Custom::MountId(handle, flags)), flags: bits(&fs::AT_HANDLE)) -> INT;
    open_by_handle_at(mount_fd: FD, handle: custom(Custom::FileHandle(Dir::In)), flags: bits(&fs::OPEN)) -> INT;
}
