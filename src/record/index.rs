//! Where the frames of a recording are, and what each is about.

use super::format::{Kind, Malformed};
use super::wire::{Wire, put, put_signed, put_step};
use crate::event::{Stamp, Tid};

/// One frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Where it begins in the file.
    pub offset: u64,
    /// What it holds.
    pub kind: Kind,
    /// Number of events in it.
    pub events: u32,
    /// Number of calls that return in it.
    pub calls: u32,
    /// When the first event was; zero where unknown.
    pub first: Stamp,
}

/// A task of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskEntry {
    /// Its id.
    pub tid: Tid,
    /// Its process.
    pub process: Tid,
    /// The process that made its process.
    pub parent: Tid,
}

/// All frames and tasks, in order of appearance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    /// The frames.
    pub frames: Vec<Entry>,
    /// The tasks; empty when the index was made by walking.
    pub tasks: Vec<TaskEntry>,
}

impl Index {
    /// Number of events.
    pub fn events(&self) -> u64 {
        self.frames.iter().map(|frame| u64::from(frame.events)).sum()
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, self.frames.len() as u64);
        let (mut offset, mut time) = (0, Stamp::default());
        for frame in &self.frames {
            put_step(&mut out, offset, frame.offset);
            out.push(frame.kind.byte());
            put(&mut out, u64::from(frame.events));
            put(&mut out, u64::from(frame.calls));
            put_step(&mut out, time.mono_ns, frame.first.mono_ns);
            put_step(&mut out, time.wall_ns, frame.first.wall_ns);
            (offset, time) = (frame.offset, frame.first);
        }
        put(&mut out, self.tasks.len() as u64);
        for task in &self.tasks {
            for id in [task.tid, task.process, task.parent] {
                put_signed(&mut out, i64::from(id.0));
            }
        }
        out
    }

    /// From bytes.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut wire = Wire::new(bytes);
        let mut index = Self::default();
        let (mut offset, mut time) = (0, Stamp::default());
        let small = |value: u64| u32::try_from(value).map_err(|_| Malformed("a count is too large"));
        for _ in 0..wire.count()? {
            offset = wire.step(offset)?;
            let kind = Kind::of(wire.byte()?).ok_or(Malformed("an unknown kind of frame"))?;
            let (events, calls) = (small(wire.get()?)?, small(wire.get()?)?);
            time = Stamp { mono_ns: wire.step(time.mono_ns)?, wall_ns: wire.step(time.wall_ns)? };
            index.frames.push(Entry { offset, kind, events, calls, first: time });
        }
        for _ in 0..wire.count()? {
            let (tid, process, parent) = (Tid(wire.int()?), Tid(wire.int()?), Tid(wire.int()?));
            index.tasks.push(TaskEntry { tid, process, parent });
        }
        Ok(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back() {
        let entry = |n: u64| Entry {
            offset: 16 + n * 1000,
            kind: if n == 0 { Kind::Meta } else { Kind::Events },
            events: n as u32 * 3,
            calls: n as u32,
            first: Stamp { wall_ns: 1_000_000_007 * n, mono_ns: 5 * n },
        };
        let task = TaskEntry { tid: Tid(7), process: Tid(5), parent: Tid(0) };
        let index = Index { frames: (0..9).map(entry).collect(), tasks: vec![task] };
        let bytes = index.to_bytes();
        assert_eq!(Index::parse(&bytes).unwrap(), index);
        assert_eq!(index.events(), 108);
        for at in 0..bytes.len() {
            Index::parse(&bytes[..at]).unwrap_err();
        }
    }
}
