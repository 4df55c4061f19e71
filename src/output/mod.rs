//! Sinks: strace text and summary tables, and the writer below them.

pub mod matching;
pub mod summary;
pub mod text;
pub mod writer;
