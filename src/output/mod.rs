//! Sinks: strace text, JSON lines, summary tables and trees, the model below them, and the writer.

pub mod blind;
pub mod choice;
pub mod counting;
mod digits;
pub mod each;
pub mod grid;
pub mod json;
pub mod live;
pub mod losses;
pub mod matching;
pub mod report;
pub mod shell;
pub mod spans;
pub mod summary;
pub mod tables;
pub mod tally;
pub mod text;
pub mod tree;
pub mod units;
pub mod writer;
