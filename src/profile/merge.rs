//! From filters back to the calls that they permit, so that profiles can be joined whatever their format.
//!
//! The interpreter is asked for each call of the tables. Only lists of calls can be joined: a profile that looks at
//! arguments, or that permits what it does not name, says more than such a list.

use std::fmt;

use syscall_tables::abi::{Abi, numbers};

use super::allowed::{ABIS, Allowed};
use crate::bpf::run::run;
use crate::bpf::{Action, Data, Program};

/// A number that no ABI uses.
const UNUSED: u64 = 0x3fff_fff0;

/// Why a profile cannot be joined with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// It forbids some calls and permits the rest.
    PermitsUnknown,
    /// It looks at the arguments of a call.
    Arguments(&'static str),
    /// It permits nothing.
    Nothing,
    /// The interpreter met something that is no instruction.
    Broken,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PermitsUnknown => {
                f.write_str("it permits every call that it does not name, so that there is nothing to join")
            }
            Self::Arguments(name) => write!(
                f,
                "its answer to {name} depends on arguments, which a list of calls cannot say; \
                 add calls to it by hand (`verify` tells which)"
            ),
            Self::Nothing => f.write_str("it permits no call at all"),
            Self::Broken => f.write_str("its program does not end with an answer"),
        }
    }
}

impl std::error::Error for Error {}

/// What a filter answers to a call with arguments that are all 0, and whether it looked at them.
fn answer(program: &Program, abi: Abi, nr: u64) -> Result<(Action, bool), Error> {
    let nr = u32::try_from(nr).unwrap_or(u32::MAX).cast_signed();
    let data = Data { nr, arch: abi.audit_arch(), ..Data::default() };
    let outcome = run(program, &data).map_err(|_| Error::Broken)?;
    Ok((Action::from_ret(outcome.ret), outcome.looked))
}

/// The calls that a filter permits.
///
/// # Errors
/// A filter that is more than a list of permitted calls.
pub fn permitted(program: &Program) -> Result<Allowed, Error> {
    let mut allowed = Allowed::default();
    for (abi, ..) in ABIS {
        if answer(program, abi, UNUSED)?.0.permits() {
            return Err(Error::PermitsUnknown);
        }
        for (nr, name) in numbers::names(abi) {
            match answer(program, abi, nr)? {
                (_, true) => return Err(Error::Arguments(name)),
                (action, false) if action.permits() => {
                    allowed.add(abi, nr);
                }
                _ => {}
            }
        }
    }
    if allowed.is_empty() { Err(Error::Nothing) } else { Ok(allowed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::generate::{self, Format};
    use crate::profile::{Host, load};

    fn of(text: &str) -> Result<Allowed, Error> {
        permitted(&load(text.as_bytes(), &Host::default()).unwrap().program)
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut allowed = Allowed::default();
        allowed.add_names(["read", "mkdir", "clone3"]);
        for both in [false, true] {
            if both {
                allowed.add(Abi::I386, 192);
                allowed.add_names(["read", "mkdir", "clone3"]);
            }
            for format in [Format::Oci, Format::Bpf] {
                let bytes = generate::write(&allowed, format).unwrap();
                assert_eq!(permitted(&load(&bytes, &Host::default()).unwrap().program), Ok(allowed.clone()));
            }
        }
    }

    #[test]
    fn more_than_a_list_is_refused() {
        let rule = |rest: &str| format!(r#"{{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{rest}]}}"#);
        assert_eq!(of(r#"{"defaultAction":"SCMP_ACT_ALLOW"}"#), Err(Error::PermitsUnknown));
        assert_eq!(of(&rule("")), Err(Error::Nothing));
        let args = r#"{"names":["personality"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":8,"op":"SCMP_CMP_EQ"}]}"#;
        assert_eq!(of(&rule(args)), Err(Error::Arguments("personality")));
        let set = of(&rule(r#"{"names":["read","getpid"],"action":"SCMP_ACT_LOG"}"#)).unwrap();
        assert_eq!(set.names().into_iter().collect::<Vec<_>>(), ["getpid", "read"]);
    }
}
