//! Id maps and capabilities of the child, see user_namespaces(7) and capabilities(7).

use std::ffi::CStr;

use super::super::caps::CapSet;
use super::{Done, Fail, sys};

/// Writes a small file of /proc in one write, as the kernel demands of maps.
pub(super) fn write_proc(path: &CStr, text: &[u8]) -> Done {
    let flags = libc::O_WRONLY | libc::O_CLOEXEC;
    let fd = match sys!(0; libc::SYS_openat, libc::AT_FDCWD, path.as_ptr(), flags, 0) {
        // Kernels before 3.19 have no such file and allow setgroups.
        Err(Fail(libc::ENOENT, _)) if path == c"/proc/self/setgroups" => return Ok(()),
        other => other?,
    };
    let written = sys!(1; libc::SYS_write, fd, text.as_ptr(), text.len());
    sys!(1; libc::SYS_close, fd).ok();
    if written? as usize == text.len() { Ok(()) } else { Err(Fail(libc::EIO, 1)) }
}

/// `struct __user_cap_data_struct`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Data {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// `struct __user_cap_header_struct` for this process, version 3: two data structures.
const HEADER: [u32; 2] = [0x2008_0522, 0];

/// Effective, permitted and inheritable.
fn get() -> Result<[u64; 3], Fail> {
    let mut data = [Data::default(); 2];
    sys!(0; libc::SYS_capget, HEADER.as_ptr(), data.as_mut_ptr())?;
    let join = |pick: fn(&Data) -> u32| u64::from(pick(&data[1])) << 32 | u64::from(pick(&data[0]));
    Ok([join(|d| d.effective), join(|d| d.permitted), join(|d| d.inheritable)])
}

fn set([effective, permitted, inheritable]: [u64; 3]) -> Done {
    let half = |shift: u32| Data {
        effective: (effective >> shift) as u32,
        permitted: (permitted >> shift) as u32,
        inheritable: (inheritable >> shift) as u32,
    };
    let data = [half(0), half(32)];
    sys!(1; libc::SYS_capset, HEADER.as_ptr(), data.as_ptr()).map(drop)
}

pub(super) fn raise_kept() -> Done {
    let [_, permitted, inheritable] = get()?;
    set([permitted, permitted, inheritable])
}

pub(super) fn drop_bounding(drop: CapSet) -> Done {
    for number in drop.numbers() {
        match sys!(0; libc::SYS_prctl, libc::PR_CAPBSET_DROP, u64::from(number), 0, 0, 0) {
            // A capability that this kernel does not have is not in the set.
            Err(Fail(libc::EINVAL, _)) => {}
            other => {
                other?;
            }
        }
    }
    Ok(())
}

pub(super) fn set_capabilities(drop: CapSet, add: CapSet, only: bool, hold: CapSet) -> Done {
    let keep = if only { 0 } else { !drop.0 };
    let [effective, permitted, inheritable] = get()?;
    let until_exec = |set: u64| set & (keep | hold.0) | add.0;
    set([until_exec(effective), until_exec(permitted), inheritable & keep | add.0])
}
