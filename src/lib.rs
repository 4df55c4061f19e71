//! The engine and every command of `trace`.
