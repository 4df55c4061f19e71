//! The renderer of those who look and show nothing: capturing drives decoding with it to learn what a call touches.

use super::render::{Render, ignored};

/// A descriptor of a process that may be another than the one that makes the call.
#[derive(Debug, Clone, Copy)]
pub enum Foreign {
    /// Of a process with this id.
    Of(i32, i32),
    /// Of the process that this pidfd of the caller is open on.
    At(i32, i32),
}

/// A renderer that drops everything and remembers the descriptors and process ids that it saw; capturing drives
/// decoding with it.
#[derive(Debug, Default)]
pub struct Quiet {
    /// Descriptors in the order seen.
    pub fds: Vec<i32>,
    /// Descriptors of other processes in the order seen.
    pub foreign: Vec<Foreign>,
    /// Process ids in the order seen.
    pub pids: Vec<i32>,
    /// Paths in the order seen: the directory that a relative one begins at, and where it ends in the bytes of all.
    paths: Vec<(i32, usize)>,
    bytes: Vec<u8>,
    /// The descriptor seen last, for the path behind it.
    directory: Option<i32>,
}

impl Quiet {
    /// Forgets everything, keeping the buffers.
    pub fn clear(&mut self) {
        self.fds.clear();
        self.foreign.clear();
        self.pids.clear();
        self.paths.clear();
        self.bytes.clear();
        self.directory = None;
    }

    /// Paths in the order seen, with the directory that a relative one begins at.
    pub fn paths(&self) -> impl Iterator<Item = (i32, &[u8])> {
        let starts = [0].into_iter().chain(self.paths.iter().map(|(_, end)| *end));
        self.paths.iter().zip(starts).map(|((directory, end), start)| (*directory, &self.bytes[start..*end]))
    }
}

impl Render for Quiet {
    ignored!(
        arg label pause number set named mode address text open field item close more becomes comment note word
    );

    fn fd(&mut self, fd: i32) {
        self.fds.push(fd);
        self.directory = Some(fd);
    }
    fn fd_of(&mut self, pid: i32, fd: i32) {
        self.fds.push(fd);
        self.foreign.push(Foreign::Of(pid, fd));
    }
    fn fd_at(&mut self, pidfd: i32, fd: i32) {
        self.foreign.push(Foreign::At(pidfd, fd));
    }
    fn cwd(&mut self) {
        self.fds.push(-100);
        self.directory = None;
    }
    fn path(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.paths.push((self.directory.take().unwrap_or(-100), self.bytes.len()));
    }
    fn pid(&mut self, pid: i32) {
        self.pids.push(pid);
    }
    fn shows_terminator(&self) -> bool {
        true
    }
}
