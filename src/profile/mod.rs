//! Seccomp profiles: a file to a BPF program, whatever the file's format, and the other way round.
//!
//! Takes bytes and events and gives values: reads no file, loads no filter, asks no kernel. What a profile depends on
//! besides its text (capabilities, kernel version) comes in as [`oci::Host`]. [`collect`] hears which calls a run makes,
//! [`generate`] makes a profile of them, [`merge`] joins profiles, [`verify`] tells what a profile denies.

use std::fmt;

use crate::bpf::{self, Program, check};

pub mod actions;
pub mod allowed;
pub mod base;
pub mod collect;
pub mod generate;
pub mod merge;
pub mod oci;
mod oci_writer;
mod rules;
pub mod systemd;
pub mod verify;
pub mod who;

pub use generate::Format;
pub use oci::{Host, Warning};

/// A profile, ready for seccomp(2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The filter; the kernel takes it.
    pub program: Program,
    /// Flags that the profile wants seccomp(2) to be called with.
    pub flags: Vec<actions::Flag>,
    /// What was left out, in the order of the profile.
    pub warnings: Vec<Warning>,
}

/// Why bytes are no profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Nothing but blanks.
    Empty,
    /// Neither JSON nor a whole number of instructions.
    Program(bpf::Error),
    /// Instructions that the kernel would refuse.
    Illegal(check::Error),
    /// JSON that is no profile.
    Oci(oci::Error),
    /// A drop-in that makes no filter.
    Systemd(systemd::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "the profile is empty; give an OCI or Docker JSON profile, a drop-in of systemd or raw BPF",
            ),
            Self::Program(error) => {
                write!(f, "the profile is neither JSON nor a drop-in of systemd nor raw BPF: {error}")
            }
            Self::Illegal(error) => write!(f, "the kernel would refuse this BPF program: {error}"),
            Self::Oci(error) => error.fmt(f),
            Self::Systemd(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// The format of a profile: JSON if its first byte that is not blank is `{`, a drop-in if it is text with its options,
/// otherwise raw BPF (what `Program::to_bytes`, libseccomp's export_bpf and minijail's compiler write).
pub fn format(bytes: &[u8]) -> Format {
    match bytes.trim_ascii_start() {
        // Code 0x207b does not exist: no legal program begins like that.
        [b'{', ..] => Format::Oci,
        _ if systemd::is_drop_in(bytes) => Format::Systemd,
        _ => Format::Bpf,
    }
}

/// Reads a profile of any format.
pub fn load(bytes: &[u8], host: &Host) -> Result<Loaded, Error> {
    match format(bytes) {
        _ if bytes.trim_ascii().is_empty() => Err(Error::Empty),
        Format::Oci => oci::load(bytes, host).map_err(Error::Oci),
        Format::Systemd => systemd::load(&String::from_utf8_lossy(bytes)).map_err(Error::Systemd),
        Format::Bpf => {
            let program = Program::from_bytes(bytes).map_err(Error::Program)?;
            check::check(&program).map_err(Error::Illegal)?;
            Ok(Loaded { program, flags: Vec::new(), warnings: Vec::new() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::{Action, Insn};

    #[test]
    fn formats_are_told_apart() {
        let host = Host::default();
        let program = Program::new(vec![Insn::new(6, Action::Allow.to_ret())]);
        assert_eq!(load(&program.to_bytes(), &host).unwrap().program, program);
        let json = load(b"\n {\"defaultAction\":\"SCMP_ACT_ALLOW\"}", &host).unwrap();
        assert_eq!(json.program.insns().last(), program.insns().last());
        assert_eq!(load(b" \n", &host), Err(Error::Empty));
        assert_eq!(load(b"[]", &host), Err(Error::Program(bpf::Error::Length { bytes: 2 })));
        assert_eq!(load(&[0; 8], &host), Err(Error::Illegal(check::Error::NoReturn { at: 0 })));
        assert!(matches!(load(b"{", &host), Err(Error::Oci(oci::Error::Json { .. }))));
    }
}
