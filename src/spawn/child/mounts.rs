//! Mounts of the child, through the mount API of Linux 5.2 and mount_setattr of 5.12.
//!
//! Trees and filesystems are opened as descriptors first and attached later, so that sources belong to
//! the old root and targets are looked up in the new one, where no symbolic link leads out. Attributes
//! are only ever added: flags that a user namespace has locked stay.

use std::ffi::{CStr, CString};

use super::{Done, Fail, sys};

const OPEN_TREE_CLONE: u32 = 1;
const AT_RECURSIVE: u32 = 0x8000;
const AT_EMPTY_PATH: u32 = 0x1000;
const F_EMPTY_PATH: u32 = 0x4;
const T_SYMLINKS: u32 = 0x10;
const FSCONFIG_SET_FLAG: u32 = 0;
const FSCONFIG_SET_STRING: u32 = 1;
const FSCONFIG_CMD_CREATE: u32 = 6;
const CLOEXEC: u32 = 1;
const RDONLY: u64 = 1;

pub(super) fn private() -> Done {
    let none = std::ptr::null::<libc::c_char>();
    let flags = libc::MS_REC | libc::MS_PRIVATE;
    sys!(0; libc::SYS_mount, none, c"/".as_ptr(), none, flags, none).map(drop)
}

pub(super) fn open_tree(source: &CStr) -> Result<i32, Fail> {
    let flags = OPEN_TREE_CLONE | AT_RECURSIVE | libc::O_CLOEXEC as u32;
    sys!(0; libc::SYS_open_tree, libc::AT_FDCWD, source.as_ptr(), flags).map(|fd| fd as i32)
}

pub(super) fn new_filesystem(kind: &CStr, options: &[(CString, Option<CString>)]) -> Result<i32, Fail> {
    let none = std::ptr::null::<libc::c_char>();
    let fs = sys!(0; libc::SYS_fsopen, kind.as_ptr(), CLOEXEC)?;
    let string = |name: &CStr, value: &CStr| sys!(1; libc::SYS_fsconfig, fs, FSCONFIG_SET_STRING, name.as_ptr(), value.as_ptr(), 0);
    string(c"source", kind)?;
    for (name, value) in options {
        match value {
            Some(value) => string(name, value)?,
            None => sys!(1; libc::SYS_fsconfig, fs, FSCONFIG_SET_FLAG, name.as_ptr(), none, 0)?,
        };
    }
    sys!(2; libc::SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, none, none, 0)?;
    let mount = sys!(3; libc::SYS_fsmount, fs, CLOEXEC, 0)?;
    sys!(3; libc::SYS_close, fs)?;
    Ok(mount as i32)
}

/// `struct mount_attr`: set, clear, propagation, user namespace.
fn set_attributes(fd: i32, path: &CStr, flags: u32, set: u64, call: i32) -> Done {
    let attr = [set, 0, 0, 0u64];
    let size = size_of_val(&attr);
    sys!(call; libc::SYS_mount_setattr, fd, path.as_ptr(), flags, attr.as_ptr(), size).map(drop)
}

pub(super) fn attributes(fd: i32, set: u64, call: i32) -> Done {
    set_attributes(fd, c"", AT_EMPTY_PATH | AT_RECURSIVE, set, call)
}

pub(super) fn attach(fd: i32, target: &CStr, call: i32) -> Done {
    let (none, flags) = (c"".as_ptr(), F_EMPTY_PATH | T_SYMLINKS);
    sys!(call; libc::SYS_move_mount, fd, none, libc::AT_FDCWD, target.as_ptr(), flags).map(drop)
}

/// The old root ends up mounted over the new one at "." and is detached from there, so that no directory
/// is needed for it (pivot_root(2), "pivot_root(".", ".")").
pub(super) fn pivot_root(fd: i32, at: &CStr) -> Done {
    attach(fd, at, 0)?;
    sys!(1; libc::SYS_fchdir, fd)?;
    sys!(2; libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr())?;
    sys!(3; libc::SYS_umount2, c".".as_ptr(), libc::MNT_DETACH)?;
    sys!(4; libc::SYS_chdir, c"/".as_ptr()).map(drop)
}

pub(super) fn chroot(dir: &CStr) -> Done {
    sys!(0; libc::SYS_chroot, dir.as_ptr())?;
    sys!(1; libc::SYS_chdir, c"/".as_ptr()).map(drop)
}

fn exists(path: &CStr) -> bool {
    sys!(0; libc::SYS_faccessat, libc::AT_FDCWD, path.as_ptr(), libc::F_OK).is_ok()
}

fn make_directory(path: &CStr) -> Done {
    match sys!(1; libc::SYS_mkdirat, libc::AT_FDCWD, path.as_ptr(), 0o755) {
        Err(Fail(libc::EEXIST, _)) => Ok(()),
        other => other.map(drop),
    }
}

pub(super) fn make_target(fd: i32, above: &[CString], target: &CStr) -> Done {
    if exists(target) {
        return Ok(());
    }
    // SAFETY: an all-zero stat is valid to be overwritten.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    sys!(0; libc::SYS_newfstatat, fd, c"".as_ptr(), &raw mut stat, AT_EMPTY_PATH)?;
    for dir in above {
        if !exists(dir) {
            make_directory(dir)?;
        }
    }
    if stat.st_mode & libc::S_IFMT == libc::S_IFDIR {
        return make_directory(target);
    }
    let flags = libc::O_CREAT | libc::O_WRONLY | libc::O_CLOEXEC;
    let file = sys!(2; libc::SYS_openat, libc::AT_FDCWD, target.as_ptr(), flags, 0o644)?;
    sys!(2; libc::SYS_close, file).map(drop)
}

pub(super) fn mask(path: &CStr, null: i32, empty: i32) -> Done {
    match attach(null, path, 0) {
        Err(Fail(libc::ENOENT, _)) => Ok(()),
        // A file cannot cover a directory.
        Err(Fail(libc::ENOTDIR | libc::EINVAL, _)) => attach(empty, path, 1),
        other => other,
    }
}

pub(super) fn readonly_path(path: &CStr) -> Done {
    let fd = match open_tree(path) {
        Err(Fail(libc::ENOENT, _)) => return Ok(()),
        other => other?,
    };
    attributes(fd, RDONLY, 1)?;
    attach(fd, path, 2)?;
    sys!(2; libc::SYS_close, fd).map(drop)
}

pub(super) fn readonly_root() -> Done {
    set_attributes(libc::AT_FDCWD, c"/", 0, RDONLY, 0)
}
