//! What every syscall, flag, struct and ioctl is called and looks like, on every ABI.
//!
//! Pure data: the interpreter that prints a call from these tables lives elsewhere.
#![forbid(unsafe_code)]

pub mod abi;
pub mod class;
pub mod errno;
pub mod set;
pub mod signal;
