//! The screen of `trace`: it draws a timeline and knows nothing of ptrace.
//!
//! The model traits are owned here; the root crate adapts the engine and recordings to them. `state` never draws,
//! `view` changes nothing, `theme` is the only file with colours, `keymap` the only one with keys, and `terminal`
//! gives the terminal back however the program ends.
#![forbid(unsafe_code)]

pub mod input;
pub mod keymap;
pub mod model;
pub mod run;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod view;
