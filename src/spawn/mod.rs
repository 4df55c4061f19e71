//! The launch engine: starts a program exactly as a plan says, and, where asked, stopped right before its
//! execve and already traced.
//!
//! A [`plan::Plan`] is plain data; [`check::check`] finds what is wrong with it before anything starts;
//! [`compile`] orders the child's steps; [`child`] runs them between clone and execve; [`start::start`] is
//! the parent. A launch either succeeds or names the step that failed and leaves nothing behind.
//! A launch for tracing must come from the thread that traces.

mod advice;
pub mod caps;
pub mod cgroup;
pub mod check;
mod child;
pub mod collect;
pub mod compile;
pub mod container;
pub mod error;
pub mod find;
pub mod idmap;
pub mod kill;
pub mod launch;
pub mod namespaces;
pub mod network;
pub mod plan;
pub mod points;
pub mod process;
pub mod start;
pub mod state;
pub mod step;
pub mod traced;
pub mod userns;
