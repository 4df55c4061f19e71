//! What a recording looks like from outside: its first bytes, the kinds of frames and records, the caps, and
//! what can be wrong with one.

use std::fmt;

use super::wire::{self, Wire};

/// The first bytes of a recording: not text, and broken by whatever changes line ends.
pub const MAGIC: [u8; 8] = *b"\x89TRACE\r\n";
/// Newest schema that this program writes and reads. A reader refuses newer ones and reads all older ones; a recording
/// has the oldest that holds what may be in it, see [`Meta::schema`].
pub const VERSION: u32 = 2;
/// The schema without [`record::TAMPERED`] and [`record::EXTRA`].
const FIRST: u32 = 1;
/// The fact that calls may have been tampered with.
pub const INJECTED: &str = "injected";
/// The fact that more was asked of the kernel: virtual CPUs, namespaces, SELinux contexts.
pub const EXTRAS: &str = "extras";
/// Bytes before the first frame: magic, version, four of reserve.
pub const HEAD_BYTES: usize = 16;

/// A frame never holds more than this, so that no file can ask for more memory: room for the two sides of the
/// largest call beside a full frame.
pub const MOST_RAW_BYTES: usize = 64 << 20;
/// A frame is closed when it holds this much.
pub const FULL_RAW_BYTES: usize = 4 << 20;
/// A frame is closed when its events stand for this many bytes of memory, most of them repeated.
pub const FULL_WORK_BYTES: usize = 64 << 20;
/// A reader gives a frame up that asks for more copying than this.
pub const MOST_WORK_BYTES: usize = 512 << 20;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What the recording is of: [`Meta`].
    Meta,
    /// Events.
    Events,
    /// Where the frames are.
    Index,
}

impl Kind {
    /// The byte that stands for it.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Meta => 1,
            Self::Events => 2,
            Self::Index => 3,
        }
    }

    /// The kind that a byte stands for.
    pub fn of(byte: u8) -> Option<Self> {
        [Self::Meta, Self::Events, Self::Index].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// First bytes of records in a frame of events.
pub mod record {
    /// A task is traced from now on.
    pub const STARTED: u8 = 1;
    /// A process runs a program.
    pub const EXECUTED: u8 = 2;
    /// A call was entered.
    pub const ENTERED: u8 = 3;
    /// A call that was entered before this frame.
    pub const INSIDE: u8 = 4;
    /// A call returned.
    pub const LEFT: u8 = 5;
    /// A signal.
    pub const SIGNAL: u8 = 6;
    /// A stop by job control.
    pub const STOPPED: u8 = 7;
    /// A task ended.
    pub const ENDED: u8 = 8;
    /// A thread goes by another id.
    pub const RENAMED: u8 = 9;
    /// A remark.
    pub const NOTE: u8 = 10;
    /// The number of tasks.
    pub const POPULATION: u8 = 11;
    /// Everything so far should be visible.
    pub const FLUSH: u8 = 12;
    /// The run is over; nothing follows.
    pub const FINISH: u8 = 13;
    /// The calls that follow are another task's.
    pub const TASK: u8 = 14;
    /// What a task is called.
    pub const NAMED: u8 = 15;
    /// What goes over the rings of io_uring with the call that is entered next.
    pub const RING: u8 = 16;
    /// What the tracer changed of the call that is entered or returns next. Since schema 2.
    pub const TAMPERED: u8 = 17;
    /// What else is known of the call that is entered or returns next. Since schema 2.
    pub const EXTRA: u8 = 18;
}

/// What is wrong in the bytes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Why a file cannot be replayed at all.
#[derive(Debug)]
pub enum Error {
    /// It does not begin as a recording.
    NotARecording,
    /// It ends within its first bytes.
    Empty,
    /// Its schema is newer.
    Newer(u32),
    /// It cannot be read.
    Io(std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotARecording => {
                f.write_str("not a recording: make one with `trace record -o FILE -- PROGRAM`")
            }
            Self::Empty => f.write_str(
                "the recording is empty: its recorder was killed, or the disk was full, at its start",
            ),
            Self::Newer(version) => write!(
                f,
                "the recording has schema {version} and this trace reads up to {VERSION}: replay it with the trace that recorded it"
            ),
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}

/// The bytes before the first frame of a recording with this schema.
pub fn head(schema: u32) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(&MAGIC);
    head[8..12].copy_from_slice(&schema.to_le_bytes());
    head
}

/// Looks at the first bytes of a file.
///
/// # Errors
/// Why it is no recording that can be read.
pub fn check_head(bytes: &[u8]) -> Result<u32, Error> {
    let known = bytes.len().min(MAGIC.len());
    if bytes.is_empty() || bytes[..known] != MAGIC[..known] {
        return Err(if bytes.is_empty() { Error::Empty } else { Error::NotARecording });
    }
    let Some(version) = bytes.get(8..12).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes) else {
        return Err(Error::Empty);
    };
    if version == 0 {
        return Err(Error::NotARecording);
    }
    if version > VERSION { Err(Error::Newer(version)) } else { Ok(version) }
}

/// Facts of a recording as a whole, by name. Readers ignore names that they do not know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta(pub Vec<(String, Vec<u8>)>);

impl Meta {
    /// The fact called `name`.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &value[..])
    }

    /// The same as a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        std::str::from_utf8(self.get(name)?).ok()?.parse().ok()
    }

    /// The oldest schema that holds what may be in such a recording, so that older readers keep reading the others.
    pub fn schema(&self) -> u32 {
        if [INJECTED, EXTRAS].iter().any(|fact| self.get(fact) == Some(b"yes")) { VERSION } else { FIRST }
    }

    /// Adds a fact.
    pub fn add(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        wire::put(&mut out, self.0.len() as u64);
        for (name, value) in &self.0 {
            wire::put_bytes(&mut out, name.as_bytes());
            wire::put_bytes(&mut out, value);
        }
        out
    }

    /// From bytes.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut wire = Wire::new(bytes);
        let mut facts = Vec::new();
        for _ in 0..wire.count()? {
            let name = String::from_utf8_lossy(wire.bytes()?).into_owned();
            facts.push((name, wire.bytes()?.to_vec()));
        }
        Ok(Self(facts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        for schema in FIRST..=VERSION {
            assert_eq!(check_head(&head(schema)).unwrap(), schema);
        }
        assert!(matches!(check_head(b""), Err(Error::Empty)));
        assert!(matches!(check_head(&head(FIRST)[..9]), Err(Error::Empty)));
        assert!(matches!(check_head(b"#!/bin/sh\n"), Err(Error::NotARecording)));
        assert!(matches!(check_head(&head(VERSION + 1)), Err(Error::Newer(_))));
    }

    #[test]
    fn facts_come_back() {
        let mut meta = Meta::default();
        meta.add("host", "a");
        meta.add("capture", "256");
        let back = Meta::parse(&meta.to_bytes()).unwrap();
        assert_eq!((back.number("capture"), back.get("none")), (Some(256), None));
        assert!(Meta::parse(&[9, 1]).is_err());
        assert_eq!(meta.schema(), FIRST);
        meta.add(INJECTED, "yes");
        assert_eq!(meta.schema(), VERSION);
    }
}
