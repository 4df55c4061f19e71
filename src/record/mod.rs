//! Recordings: every event of a run in a file, and back.
//!
//! ```text
//! magic, version │ frame META │ frame EVENTS │ frame EVENTS │ … │ frame INDEX │ offset of it
//! ```
//!
//! A frame is compressed by itself, says its length and carries checksums, so that a file that ends in the
//! middle of one (its recorder was killed, the disk was full) is good up to there, and a damaged one costs only
//! itself. The index is a convenience: without it the frames are found by walking.
//!
//! Pure cores: [`wire`], [`format`], [`frame`], [`encode`], [`parse`], [`index`] and [`book`] take bytes and give
//! values. I/O is in [`writer`], [`reader`] and [`build_id`]. A recording is data of somebody else: it is never
//! trusted, every size has a cap, and nothing here panics on it.

pub mod book;
pub mod build_id;
pub mod diff;
pub mod encode;
pub mod export;
mod extras;
mod flags;
pub mod format;
pub mod frame;
mod guess;
pub mod index;
mod inner;
mod memory;
mod notes;
pub mod parse;
pub mod privacy;
pub mod reader;
pub mod replay;
pub mod ring;
mod rings;
mod slots;
mod stacks;
pub mod streams;
pub mod trigger;
pub mod wire;
pub mod writer;
