//! Drop-ins of systemd: SystemCallFilter=, SystemCallArchitectures= and SystemCallErrorNumber=, written and read.
//!
//! Knows the three options and what systemd permits by itself; sees to no other option of a unit, expands no group
//! (`@system-service`), whose calls differ from version to version. Source: systemd.exec(5) and systemd.syntax(7).

use std::collections::BTreeMap;
use std::fmt;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::errno;

use super::allowed::Allowed;
use super::{Loaded, Warning};
use crate::bpf::Action;
use crate::bpf::compile::{self, Rule, Rules, Table, X32};

/// Calls that an allow list permits without naming them, as systemd.exec(5) promises; its releases permit more.
pub const IMPLICIT: &[&str] = &[
    "clock_getres",
    "clock_getres_time64",
    "clock_gettime",
    "clock_gettime64",
    "clock_nanosleep",
    "clock_nanosleep_time64",
    "execve",
    "exit",
    "exit_group",
    "getrlimit",
    "gettimeofday",
    "nanosleep",
    "pause",
    "rt_sigreturn",
    "sigreturn",
    "time",
];

/// Architectures by systemd's names.
const ARCHES: &[(&str, Abi)] = &[("native", Abi::X86_64), ("x86-64", Abi::X86_64), ("x86", Abi::I386)];

/// Columns after which a list goes on in the next assignment.
const WIDTH: usize = 100;

const FILTER: &str = "SystemCallFilter";
const ARCHITECTURES: &str = "SystemCallArchitectures";
const ERROR: &str = "SystemCallErrorNumber";

/// Why a drop-in makes no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// No SystemCallFilter= with a value.
    NoFilter,
    /// A group of calls.
    Group(String),
    /// An architecture that systemd does not know, or programs here cannot have.
    Arch(String),
    /// An error that does not exist.
    Errno(String),
    /// The rules make no program.
    Compile(compile::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFilter => write!(f, "the drop-in has no {FILTER}=; give it one or use another file"),
            Self::Group(name) => write!(
                f,
                "{name} is a group, whose calls depend on systemd's version; write them out \
                 (systemd-analyze syscall-filter {name})"
            ),
            Self::Arch(name) => {
                write!(
                    f,
                    "unknown architecture {name:?} in {ARCHITECTURES}=; accepted are native, x86-64, x86"
                )
            }
            Self::Errno(name) => {
                write!(f, "unknown error {name:?}; accepted are names as EPERM and 0 to 4095")
            }
            Self::Compile(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// The drop-in of a set.
pub fn write(allowed: &Allowed) -> String {
    let mut text = String::from("[Service]\n");
    let more = if allowed.abis().any(|abi| abi == Abi::I386) { " x86" } else { "" };
    text.push_str(&format!("{ARCHITECTURES}=native{more}\n{ERROR}=EPERM\n"));
    let mut line = String::new();
    for name in allowed.names() {
        if line.len() + name.len() > WIDTH {
            text.push_str(&format!("{FILTER}={}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(name);
        line.push(' ');
    }
    if !line.is_empty() {
        text.push_str(&format!("{FILTER}={}\n", line.trim_end()));
    }
    text
}

/// Whether bytes look like a unit or a drop-in with a filter.
pub fn is_drop_in(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or("");
    text.lines().any(|line| line.trim_start().starts_with("SystemCall"))
        || text.trim_start().starts_with("[Service]")
}

/// What the assignments add up to.
#[derive(Debug, Default)]
struct Unit {
    /// The first list decides: one that permits, or one that forbids.
    permits: Option<bool>,
    calls: BTreeMap<String, Option<u16>>,
    arches: Vec<Abi>,
    error: Option<u16>,
}

/// Reads a drop-in and makes the filter that systemd would load.
///
/// # Errors
/// The first word that has no meaning.
pub fn load(text: &str) -> Result<Loaded, Error> {
    let joined = text.replace("\\\n", " ");
    let mut unit = Unit::default();
    for line in joined.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';', '['])) {
        let Some((key, value)) = line.split_once('=') else { continue };
        match key.trim() {
            FILTER => unit.filter(value.trim())?,
            ARCHITECTURES => unit.architectures(value.trim())?,
            ERROR => unit.error = errno_of(value.trim())?,
            _ => {}
        }
    }
    unit.load()
}

/// An error by name or number; none for `kill` and for nothing.
fn errno_of(text: &str) -> Result<Option<u16>, Error> {
    if text.is_empty() || text == "kill" {
        return Ok(None);
    }
    let number = text.parse::<u32>().ok().or_else(|| (1..4096).find(|nr| errno::name(*nr) == Some(text)));
    let number = number.filter(|nr| *nr < 4096).and_then(|nr| u16::try_from(nr).ok());
    number.map(Some).ok_or_else(|| Error::Errno(text.to_owned()))
}

impl Unit {
    fn filter(&mut self, value: &str) -> Result<(), Error> {
        if value.is_empty() {
            (self.permits, self.calls) = (None, BTreeMap::new());
            return Ok(());
        }
        let (inverted, list) = match value.strip_prefix('~') {
            Some(list) => (true, list),
            None => (false, value),
        };
        let permits = *self.permits.get_or_insert(!inverted);
        for word in list.split_whitespace() {
            if word.starts_with('@') {
                return Err(Error::Group(word.to_owned()));
            }
            let (name, error) = word.split_once(':').unwrap_or((word, ""));
            let error = errno_of(error)?;
            if permits != inverted {
                self.calls.insert(name.to_owned(), error);
            } else {
                self.calls.remove(name);
            }
        }
        Ok(())
    }

    fn architectures(&mut self, value: &str) -> Result<(), Error> {
        if value.is_empty() {
            self.arches.clear();
        }
        for word in value.split_whitespace() {
            let found = ARCHES.iter().find(|(name, _)| *name == word).map(|(_, abi)| *abi);
            self.arches.push(found.ok_or_else(|| Error::Arch(word.to_owned()))?);
        }
        Ok(())
    }

    fn load(self) -> Result<Loaded, Error> {
        let permits = self.permits.ok_or(Error::NoFilter)?;
        let refusal = self.error.map_or(Action::KillProcess, Action::Errno);
        let default = if permits { refusal } else { Action::Allow };
        let listed = |error: Option<u16>| match (error, permits) {
            (Some(errno), _) => Action::Errno(errno),
            (None, true) => Action::Allow,
            (None, false) => refusal,
        };
        let implied = IMPLICIT.iter().filter(|name| permits && !self.calls.contains_key(**name));
        let mut calls: Vec<(&str, Action)> = implied.map(|name| (*name, Action::Allow)).collect();
        calls.extend(self.calls.iter().map(|(name, error)| (name.as_str(), listed(*error))));
        let table = |abi| {
            let number = |name| numbers::number(abi, name).and_then(|nr| u32::try_from(nr).ok());
            let rules = calls.iter().filter_map(|(name, action)| Some(Rule::always(number(name)?, *action)));
            Table { abi, rules: rules.collect(), beyond: None }
        };
        // Without SystemCallArchitectures= systemd filters every ABI by the same list.
        let all = self.arches.is_empty();
        let abis = [Abi::X86_64, Abi::I386].into_iter().filter(|abi| all || self.arches.contains(abi));
        let tables = abis.map(table).collect();
        let program =
            compile::compile(&Rules { default, bad_arch: Action::KillProcess, x32: X32::BadArch, tables });
        let unknown = |name: &&String| Abi::ALL.iter().all(|abi| numbers::number(*abi, name).is_none());
        let warnings = self.calls.keys().filter(unknown).cloned().map(Warning::UnknownSyscall).collect();
        Ok(Loaded { program: program.map_err(Error::Compile)?, flags: Vec::new(), warnings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::Data;
    use crate::bpf::run::run;

    fn answer(loaded: &Loaded, abi: Abi, name: &str) -> Action {
        let nr = numbers::number(abi, name).unwrap() as i32;
        let data = Data { nr, arch: abi.audit_arch(), ..Data::default() };
        Action::from_ret(run(&loaded.program, &data).unwrap().ret)
    }

    #[test]
    fn the_text() {
        let mut allowed = Allowed::default();
        allowed.add_names(["write", "read"]);
        assert_eq!(
            write(&allowed),
            "[Service]\nSystemCallArchitectures=native\nSystemCallErrorNumber=EPERM\nSystemCallFilter=read write\n"
        );
        numbers::names(Abi::I386).for_each(|(_, name)| {
            allowed.add_abi(Abi::I386);
            allowed.add_name(name);
        });
        let text = write(&allowed);
        assert!(text.contains("=native x86\n") && text.lines().all(|line| line.len() < 120), "{text}");
        let listed: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("SystemCallFilter="))
            .flat_map(str::split_whitespace)
            .collect();
        assert_eq!(listed, allowed.names().into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn lists_as_systemd_reads_them() {
        let rows = [
            ("SystemCallFilter=read\nSystemCallErrorNumber=EPERM", "write", Action::Errno(1)),
            ("SystemCallFilter=read", "write", Action::KillProcess),
            ("SystemCallFilter=read", "read", Action::Allow),
            ("SystemCallFilter=read", "nanosleep", Action::Allow),
            ("SystemCallFilter=read \\\n  write\n# SystemCallFilter=~write", "write", Action::Allow),
            ("SystemCallFilter=read write\nSystemCallFilter=~write", "write", Action::KillProcess),
            ("SystemCallFilter=~mkdir:ENOSYS", "mkdir", Action::Errno(38)),
            ("SystemCallFilter=~mkdir", "mkdir", Action::KillProcess),
            ("SystemCallFilter=~mkdir", "write", Action::Allow),
            (
                "SystemCallFilter=read\nSystemCallFilter=\nSystemCallFilter=~read:13",
                "read",
                Action::Errno(13),
            ),
        ];
        for (text, name, wanted) in rows {
            assert_eq!(answer(&load(text).unwrap(), Abi::X86_64, name), wanted, "{text}");
        }
        let native = load("SystemCallArchitectures=native\nSystemCallFilter=read").unwrap();
        assert_eq!(answer(&native, Abi::I386, "read"), Action::KillProcess);
        assert_eq!(answer(&load("SystemCallFilter=read").unwrap(), Abi::I386, "read"), Action::Allow);
        let odd = load("SystemCallFilter=read frobnicate").unwrap();
        assert_eq!(odd.warnings, [Warning::UnknownSyscall("frobnicate".into())]);
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        for (text, wanted) in [
            ("[Service]\nExecStart=/bin/true", Error::NoFilter),
            ("SystemCallFilter=@system-service", Error::Group("@system-service".into())),
            ("SystemCallArchitectures=vax\nSystemCallFilter=read", Error::Arch("vax".into())),
            ("SystemCallFilter=~read:EWHAT", Error::Errno("EWHAT".into())),
            ("SystemCallErrorNumber=5000\nSystemCallFilter=read", Error::Errno("5000".into())),
        ] {
            assert_eq!(load(text), Err(wanted), "{text}");
        }
    }
}
