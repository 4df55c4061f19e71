//! The kernel's named numbers, as `u64`: x86_64 here, what other ABIs have differently in their modules.
//!
//! Generated from crate `linux-raw-sys` but for `gaps`, which is written by hand.

pub mod aarch64;
mod gaps;
mod general;
pub mod i386;
mod if_ether;
mod if_packet;
mod io_uring;
mod ioctl;
mod landlock;
mod loop_device;
mod mempolicy;
mod net;
mod netlink;
mod prctl;
mod ptrace;
pub mod riscv64;
mod vm_sockets;
mod xdp;

pub use gaps::*;
pub use general::*;
pub use if_ether::*;
pub use if_packet::*;
pub use io_uring::*;
pub use ioctl::*;
pub use landlock::*;
pub use loop_device::*;
pub use mempolicy::*;
pub use net::*;
pub use netlink::*;
pub use prctl::*;
pub use ptrace::*;
pub use vm_sockets::*;
pub use xdp::*;
