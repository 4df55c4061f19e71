//! What a program writes to a pipe, up to a limit, without ever keeping the program waiting.
//!
//! A thread of its own reads the pipe from the start on, so that the program finds room whatever the launcher is
//! busy with. At the limit the rest is either read and thrown away ([`Overflow::Discard`]: the program ends as it
//! would) or the pipe is closed ([`Overflow::Close`]: its next write gets SIGPIPE and EPIPE, which ends a
//! program that would write for ever). Reading ends when every copy of the pipe's other end is closed; as a
//! daemon may keep one after its program has ended, [`Collector::finish`] takes a time after which it stops.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::sys::wake::{self, Wake};

/// What is still read after the time: as much as a pipe holds at most (/proc/sys/fs/pipe-max-size), so that what
/// was written in time is kept and an endless writer is left.
const AFTER_TIME: usize = 1 << 20;

/// What becomes of what is written beyond the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overflow {
    /// Read and counted, and thrown away.
    #[default]
    Discard,
    /// The pipe is closed: the program's next write fails.
    Close,
}

/// Why reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nobody can write any more.
    Eof,
    /// The limit was passed, and the pipe was closed.
    Closed,
    /// The time was over while somebody could still write.
    Late,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// The first bytes, as many as the limit allows.
    pub bytes: Vec<u8>,
    /// How many bytes were read in all; with [`End::Closed`] those up to the pipe's end, not all that were written.
    pub total_bytes: u64,
    /// Why reading ended.
    pub end: End,
}

impl Collected {
    /// Whether more was written than is kept.
    pub fn is_truncated(&self) -> bool {
        self.total_bytes > self.bytes.len() as u64
    }
}

/// A pipe that is being read. Dropping it ends the reading and closes the pipe.
#[derive(Debug)]
pub struct Collector {
    stop: Arc<Wake>,
    done: Arc<Wake>,
    thread: Option<JoinHandle<io::Result<Collected>>>,
}

impl Collector {
    /// A pipe whose first `max_bytes` are kept, and its other end: for a plan's descriptors, and to be dropped as soon
    /// as the program is started, as the pipe has no end before.
    ///
    /// # Errors
    /// No descriptors or no thread to be had.
    pub fn start(max_bytes: usize, overflow: Overflow) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = io::pipe()?;
        let reader = File::from(OwnedFd::from(reader));
        let (stop, done) = (Arc::new(Wake::new()?), Arc::new(Wake::new()?));
        let (heard, bell) = (Arc::clone(&stop), Bell(Arc::clone(&done)));
        let work = move || {
            let _bell = bell;
            collect(reader, &heard, max_bytes, overflow)
        };
        let thread = thread::Builder::new().name("collector".into()).spawn(work)?;
        Ok((Self { stop, done, thread: Some(thread) }, writer.into()))
    }

    /// Waits until nobody can write any more, or for `limit` at most; what had been written by then.
    ///
    /// # Errors
    /// What read(2) says.
    pub fn finish(mut self, limit: Option<Duration>) -> io::Result<Collected> {
        let Some(thread) = self.thread.take() else { return Err(ended()) };
        if limit.is_some() {
            wake::readable([self.done.as_fd()], limit)?;
            self.stop.wake();
        }
        thread.join().unwrap_or_else(|_| Err(ended()))
    }
}

/// Says that the thread has ended, also when it panics.
struct Bell(Arc<Wake>);

impl Drop for Bell {
    fn drop(&mut self) {
        self.0.wake();
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.stop.wake();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn ended() -> io::Error {
    io::Error::other("the thread that reads the pipe ended early")
}

fn collect(mut pipe: File, stop: &Wake, max_bytes: usize, overflow: Overflow) -> io::Result<Collected> {
    let mut kept = Collected { bytes: Vec::new(), total_bytes: 0, end: End::Eof };
    let mut buf = vec![0; 64 << 10];
    let mut after_time = AFTER_TIME;
    loop {
        let [data, late] = wake::readable([pipe.as_fd(), stop.as_fd()], None)?;
        if late && (!data || after_time == 0) {
            kept.end = End::Late;
            return Ok(kept);
        }
        let got = match pipe.read(&mut buf) {
            Ok(0) => return Ok(kept),
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        kept.total_bytes += got as u64;
        let room = max_bytes.saturating_sub(kept.bytes.len());
        kept.bytes.extend_from_slice(&buf[..got.min(room)]);
        if got > room && overflow == Overflow::Close {
            kept.end = End::Closed;
            return Ok(kept);
        }
        if late {
            after_time = after_time.saturating_sub(got);
        }
    }
}
