//! Seccomp profiles: a file to a BPF program, whatever the file's format.
//!
//! Takes bytes and gives values: reads no file, loads no filter, asks no kernel. What a profile depends on besides its
//! text (capabilities, kernel version) comes in as [`oci::Host`].

use std::fmt;

use crate::bpf::{self, Program, check};

pub mod actions;
pub mod oci;
mod rules;

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
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the profile is empty; give an OCI or Docker JSON profile or raw BPF"),
            Self::Program(error) => write!(f, "the profile is neither JSON nor raw BPF: {error}"),
            Self::Illegal(error) => write!(f, "the kernel would refuse this BPF program: {error}"),
            Self::Oci(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Reads a profile: JSON if its first byte that is not blank is `{`, otherwise raw BPF (what `Program::to_bytes`,
/// libseccomp's export_bpf and minijail's compiler write).
pub fn load(bytes: &[u8], host: &Host) -> Result<Loaded, Error> {
    match bytes.trim_ascii_start() {
        [] => Err(Error::Empty),
        // Code 0x207b does not exist: no legal program begins like that.
        [b'{', ..] => oci::load(bytes, host).map_err(Error::Oci),
        _ => {
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
