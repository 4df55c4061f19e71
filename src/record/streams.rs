//! The bytes of a frame, kept apart by what they are: like beside like packs better.
//!
//! In a frame stand the sizes of all streams but the last, then the streams.

use std::ops::{Deref, DerefMut};

use super::format::Malformed;
use super::wire::{Wire, put};

/// Number of streams.
const COUNT: usize = 5;

/// What is being written.
#[derive(Debug, Default)]
pub struct Streams {
    /// What follows what: kinds, flags, numbers of tasks, slots and strings.
    pub control: Vec<u8>,
    /// Times.
    pub times: Vec<u8>,
    /// Registers.
    pub values: Vec<u8>,
    /// Where memory was.
    pub layouts: Vec<u8>,
    /// Memory and strings.
    pub memory: Vec<u8>,
}

impl Streams {
    fn all(&self) -> [&Vec<u8>; COUNT] {
        [&self.control, &self.times, &self.values, &self.layouts, &self.memory]
    }

    /// Number of bytes.
    pub fn size_bytes(&self) -> usize {
        self.all().iter().map(|stream| stream.len()).sum()
    }

    /// Forgets everything, keeping the buffers.
    pub fn clear(&mut self) {
        let Self { control, times, values, layouts, memory } = self;
        for stream in [control, times, values, layouts, memory] {
            stream.clear();
        }
    }

    /// Puts them into `raw`.
    pub fn join(&self, raw: &mut Vec<u8>) {
        raw.clear();
        for stream in &self.all()[..COUNT - 1] {
            put(raw, stream.len() as u64);
        }
        for stream in self.all() {
            raw.extend_from_slice(stream);
        }
    }
}

/// Places in the streams of a frame that is being read. Where none is named, the control stream is meant.
#[derive(Debug)]
pub(super) struct Wires<'a> {
    control: Wire<'a>,
    pub times: Wire<'a>,
    pub values: Wire<'a>,
    pub layouts: Wire<'a>,
    pub memory: Wire<'a>,
}

impl<'a> Wires<'a> {
    /// The beginnings of the streams of a frame.
    pub fn new(raw: &'a [u8]) -> Result<Self, Malformed> {
        let mut head = Wire::new(raw);
        let mut sizes = [0; COUNT - 1];
        for size in &mut sizes {
            *size = head.count()?;
        }
        let [control, times, values, layouts] = sizes;
        Ok(Self {
            control: head.split(control)?,
            times: head.split(times)?,
            values: head.split(values)?,
            layouts: head.split(layouts)?,
            memory: head,
        })
    }
}

impl<'a> Deref for Wires<'a> {
    type Target = Wire<'a>;

    fn deref(&self) -> &Wire<'a> {
        &self.control
    }
}

impl DerefMut for Wires<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.control
    }
}
