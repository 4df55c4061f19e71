//! The debugger for editors: a server of the Debug Adapter Protocol on standard input and output.
//!
//! It knows the protocol and nothing of ptrace: everything is asked of [`crate::debug`]. One thread reads messages
//! and wakes the other, which holds the program. Source: the protocol's specification, version 1.68.

mod breakpoints;
mod launch;
mod output;
mod running;
mod server;
mod transport;
mod variables;

pub use server::serve;
