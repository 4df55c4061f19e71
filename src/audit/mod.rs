//! What a command did, compared with what it did before and with what it may do.
//!
//! [`collect`] is fed with events and keeps deeds: who read, wrote, created, deleted, renamed, ran or talked to what,
//! with the call that shows it. [`observe`] gives them names that are the same in every run, [`baseline`] keeps those,
//! [`learn`] merges runs, [`drift`] compares. [`rules`] and [`policy`] say what is bad, [`judge`] finds it, [`report`]
//! writes it down. Nothing here stops or changes the command; everything kept is bounded.

pub mod actions;
pub mod baseline;
pub mod collect;
pub mod deed;
mod dns;
pub mod drift;
pub mod finding;
pub mod glob;
mod hosts;
pub mod judge;
pub mod learn;
pub mod names;
pub mod observe;
pub mod peers;
pub mod places;
pub mod policy;
pub mod programs;
pub mod report;
mod resolve;
pub mod rules;
mod seen;
