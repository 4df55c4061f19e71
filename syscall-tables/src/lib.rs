//! What every syscall, flag, struct and ioctl is called and looks like, on every ABI.
//!
//! Pure data: the interpreter that prints a call from these tables lives elsewhere.
#![forbid(unsafe_code)]

pub mod abi;
pub mod class;
pub mod constants;
pub mod device;
pub mod ebpf;
pub mod errno;
pub mod ioctl;
pub mod kinds;
pub mod kvm;
pub mod layout;
pub mod model;
pub mod net;
pub mod netlink;
pub mod piece;
pub mod set;
pub mod sets;
pub mod signal;
pub mod signatures;
pub mod sockopt;
pub mod sqe;
pub mod structs;
pub mod uring;

/// A name without the `r#` that Rust keywords need in a table.
#[doc(hidden)]
pub const fn plain(name: &'static str) -> &'static str {
    let bytes = name.as_bytes();
    if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { name.split_at(2).1 } else { name }
}
