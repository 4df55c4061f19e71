//! The debugger: breakpoints, stepping, values by DWARF, expressions, and the console that speaks gdb's language.
//!
//! [`dwarf`] and [`expr`] are pure: they take bytes, registers and a Memory. [`session`] is the only part that
//! holds stopped tasks; it has a loop of its own because a debugger keeps a stop while somebody thinks about it,
//! where the engine's loop never does. Nothing here knows a terminal but [`console`].

pub mod dwarf;
pub mod error;
pub mod expr;
pub mod names;
pub mod numbers;
pub mod print;
pub mod program;
pub mod rust;
pub mod value;

/// The kernel's sentence for an error, without its number.
pub(crate) fn error_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
pub mod breakpoints;
pub mod calls;
pub mod commands;
pub mod console;
pub mod debugger;
pub mod disassemble;
pub mod frame;
pub mod interrupt;
pub mod launch;
pub mod process;
pub mod registers;
pub mod report;
pub mod resolve;
pub mod run;
pub mod signals;
pub mod step;
pub mod view;
