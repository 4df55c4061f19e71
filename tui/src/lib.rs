//! The screen of `trace`: it draws a timeline and knows nothing of ptrace.
//!
//! The model traits are owned here; the root crate adapts the engine, recordings and the debugger
//! to them.
#![forbid(unsafe_code)]

pub mod model;
