//! A tracer that is nobody's parent: the calling process splits off a grandchild that traces it (`-D` of strace(1)).
//!
//! To be called while the process has one thread: what fork(2) copies of other threads' locks stays locked.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

use super::check;

/// How far the tracer is from who started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// It is a grandchild.
    Grandchild,
    /// In a process group of its own.
    Group,
    /// In a session of its own.
    Session,
}

/// Which of the two the process is now.
#[derive(Debug)]
pub enum Side {
    /// The process that was there; it is to run the program.
    Program(Gate),
    /// The tracer of process `program`.
    Tracer {
        /// Who is traced.
        program: i32,
        /// The way to it.
        gate: Gate,
    },
}

/// The end of a line between the two.
#[derive(Debug)]
pub struct Gate(UnixStream);

impl Gate {
    /// Lets the other side go on.
    pub fn open(&mut self) {
        self.0.write_all(&[1]).ok();
    }

    /// Waits for the other side; whether it is still there.
    pub fn pass(&mut self) -> bool {
        self.0.read_exact(&mut [0]).is_ok()
    }
}

/// Splits the process.
///
/// # Errors
/// What socketpair(2) or fork(2) says.
pub fn split(distance: Distance) -> io::Result<Side> {
    let program = std::process::id() as i32;
    let (mut own, mut other) = UnixStream::pair()?;
    // SAFETY: the process has one thread, so that the child may do what any process may.
    let child = check(i64::from(unsafe { libc::fork() }))? as i32;
    if child != 0 {
        let mut status = 0;
        // SAFETY: waitpid writes the status behind the valid pointer.
        check(i64::from(unsafe { libc::waitpid(child, &raw mut status, 0) }))?;
        let mut pid = [0; 4];
        own.read_exact(&mut pid)?;
        let tracer = i32::from_le_bytes(pid);
        // SAFETY: a plain system call; without Yama it fails, and is not needed.
        unsafe { libc::prctl(libc::PR_SET_PTRACER, tracer as libc::c_ulong, 0, 0, 0) };
        let mut gate = Gate(own);
        gate.open();
        return Ok(Side::Program(gate));
    }
    // SAFETY: as above.
    if unsafe { libc::fork() } != 0 {
        // SAFETY: ends this process at once; its parent still runs.
        unsafe { libc::_exit(0) };
    }
    drop(own);
    match distance {
        Distance::Grandchild => {}
        // SAFETY: plain system calls.
        Distance::Group => drop(check(i64::from(unsafe { libc::setpgid(0, 0) }))),
        // SAFETY: as above.
        Distance::Session => drop(check(i64::from(unsafe { libc::setsid() }))),
    }
    other.write_all(&std::process::id().to_le_bytes())?;
    let mut gate = Gate(other);
    gate.pass();
    Ok(Side::Tracer { program, gate })
}
