//! Names of files as bytes: which set they are in, which of them stand for another file, which way of
//! opening only reads.
//!
//! Pure: nothing here asks the kernel, so nothing here knows symbolic links. Who wants the kernel's answer asks with
//! the path that /proc/PID/fd/N shows after the call. Paths are a tracee's bytes: hostile, and not text.

pub mod alias;
pub mod lexical;
pub mod open;
pub mod set;
