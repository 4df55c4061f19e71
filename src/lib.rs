//! The engine and every command of `trace`.

pub mod audit;
pub mod bpf;
pub mod cli;
pub mod dap;
pub mod debug;
pub mod decode;
pub mod engine;
pub mod event;
pub mod filter;
pub mod inject;
pub mod memory;
pub mod output;
pub mod paths;
pub mod profile;
pub mod record;
pub mod spawn;
pub mod stack;
pub mod sys;
pub mod tracee;
pub mod view;
