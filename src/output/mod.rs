//! Sinks: strace text, JSON lines and summary tables, and the writer below them.

pub mod json;
pub mod summary;
pub mod text;
pub mod writer;
