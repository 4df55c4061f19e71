//! The words in which a timeline tells what happened, and the trait of those who write them down.

use std::borrow::Cow;

use super::Setup;
use super::roster::Process;
use crate::event::Stamp;

/// A task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Track {
    /// Its process, by a number that no other one has.
    pub process: u64,
    /// Its process's id.
    pub pid: i32,
    /// Its own; negative for a lane of operations of io_uring, which belongs to the process.
    pub tid: i32,
}

/// What is told of a slice or an instant.
#[derive(Debug, Clone)]
pub(super) enum Fact<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// A number.
    Number(i64),
    /// Texts with names.
    Named(Vec<(&'static str, Cow<'a, str>)>),
    /// Texts in order.
    List(Vec<String>),
}

/// Facts by name.
pub(super) type Facts<'a> = [(&'static str, Fact<'a>)];

/// What a slice has to do with a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The flow begins at its beginning.
    Source,
    /// The flow goes through its beginning.
    Step,
    /// The flow ends at its beginning.
    Target,
    /// The flow ends at its end: that is what it waited for.
    Awaited,
}

/// A part of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flow {
    /// The flow.
    pub id: u64,
    /// What it is about: `start` or `wake`.
    pub name: &'static str,
    /// The part.
    pub role: Role,
}

/// A stretch of time on a track.
#[derive(Debug)]
pub(super) struct Slice<'a> {
    /// Where.
    pub track: Track,
    /// Its beginning, in nanoseconds of CLOCK_MONOTONIC.
    pub from_ns: u64,
    /// Its end; not before its beginning.
    pub to_ns: u64,
    /// What is written on it.
    pub name: &'a str,
    /// `program` or `syscall`.
    pub category: &'static str,
    /// The call failed.
    pub failed: bool,
    /// More of it.
    pub facts: &'a Facts<'a>,
    /// Its flows.
    pub flows: &'a [Flow],
}

/// A moment on a track.
#[derive(Debug)]
pub(super) struct Instant<'a> {
    /// Where.
    pub track: Track,
    /// When, in nanoseconds of CLOCK_MONOTONIC.
    pub at_ns: u64,
    /// What is written on it.
    pub name: &'a str,
    /// `signal`, `exec` or `exit`.
    pub category: &'static str,
    /// More of it.
    pub facts: &'a Facts<'a>,
}

/// How a timeline is written. Everything is appended to a buffer.
pub(super) trait Notation {
    /// The run begins with its first event.
    fn begin(&mut self, out: &mut Vec<u8>, setup: &Setup, at: Stamp);
    /// A process is there. Told again when it is gone, with its final name and command line.
    fn process(&mut self, out: &mut Vec<u8>, track: Track, at_ns: u64, name: Option<(&str, &Process)>);
    /// A task is there, or has another name.
    fn thread(&mut self, out: &mut Vec<u8>, track: Track, at_ns: u64, name: &str);
    /// A stretch of time that is over.
    fn slice(&mut self, out: &mut Vec<u8>, slice: &Slice<'_>);
    /// A moment.
    fn instant(&mut self, out: &mut Vec<u8>, instant: &Instant<'_>);
    /// The run is over.
    fn end(&mut self, out: &mut Vec<u8>);
}
