//! The qualifiers of `-e`: `trace=`, `signal=`, `abbrev=`, `inject=`, … Each is a long option too.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::decode;
use super::options::Options;
use crate::engine::extras::Vcpus;
use crate::engine::selinux::Looks;
use crate::filter::Wanted;
use crate::inject::Rule;
use crate::output::choice::{self, Fds, Quiet, Results, Signals};
use crate::sys::selinux;

/// Names of a qualifier, and what it does with its value.
type Qualifier = (&'static [&'static str], fn(&mut Options, &str) -> Result<(), String>);

/// Every qualifier.
const QUALIFIERS: &[Qualifier] = &[
    (&["trace", "t"], |o, v| calls(v).map(|set| o.wanted = set)),
    (&["trace-fds", "trace-fd", "fd", "fds"], |o, v| {
        o.trace_fds = Fds::parse(v).map_err(|word| format!("invalid descriptor '{word}'"))?;
        Ok(())
    }),
    (&["signal", "signals", "s"], |o, v| {
        o.signals = Signals::parse(v).map_err(|word| format!("invalid signal '{word}'"))?;
        Ok(())
    }),
    (&["status"], |o, v| {
        o.results = Results::parse(v).map_err(|word| format!("invalid status '{word}'"))?;
        Ok(())
    }),
    (&["abbrev", "a"], |o, v| calls(v).map(|set| o.manner.abbreviated = set)),
    (&["verbose", "v"], |o, v| calls(v).map(|set| o.manner.dereferenced = set)),
    (&["raw", "x"], |o, v| calls(v).map(|set| o.manner.raw = set)),
    (&["read", "reads", "r"], |o, v| {
        o.dumps.read = Fds::parse(v).map_err(|word| format!("invalid descriptor '{word}'"))?;
        Ok(())
    }),
    (&["write", "writes", "w"], |o, v| {
        o.dumps.write = Fds::parse(v).map_err(|word| format!("invalid descriptor '{word}'"))?;
        Ok(())
    }),
    (&["quiet", "silent", "silence", "q"], |o, v| {
        o.quiet = Quiet::parse(v).map_err(|word| format!("invalid quiet '{word}'"))?;
        o.given.push("--quiet");
        Ok(())
    }),
    (&["decode-fds", "decode-fd"], |o, v| decode::fds(o, Some(OsStr::new(v)))),
    (&["decode-pids", "decode-pid"], |o, v| decode::pids(o, OsStr::new(v))),
    (&["kvm"], |o, v| {
        o.extras.vcpus = match v {
            "vcpu" => Vcpus::Reason,
            "vcpu+" => Vcpus::Whole,
            _ => return Err(format!("invalid -e kvm= argument: '{v}'")),
        };
        Ok(())
    }),
    (&["namespace"], |o, v| {
        o.extras.namespaces = v == "new";
        if v == "new" { Ok(()) } else { Err(format!("invalid -e namespace= argument: '{v}'")) }
    }),
    (&["secontext"], |o, v| {
        let set = choice::words(v, 3, &[("full", 1), ("mismatch", 2)]);
        let set = set.map_err(|word| format!("invalid secontext '{word}'"))?;
        let looks = Looks { full: set & 1 != 0, mismatch: set & 2 != 0 };
        o.extras.contexts = selinux::active().then_some(looks);
        Ok(())
    }),
    (&["inject"], |o, v| inject(o, v, false)),
    (&["fault"], |o, v| inject(o, v, true)),
];

/// The value of `-e`: a qualifier with its value, or a set of calls.
pub(super) fn expression(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let text = text.to_string_lossy();
    let found = text.split_once('=').and_then(|(key, rest)| Some((named(key)?, rest)));
    match found {
        Some((qualifier, rest)) => (qualifier.1)(options, rest),
        None => calls(&text).map(|set| options.wanted = set),
    }
}

/// The value of a long option that has the name of a qualifier.
pub(super) fn qualify(options: &mut Options, name: &str, text: &OsStr) -> Result<(), String> {
    let qualifier = named(name).ok_or_else(|| format!("no qualifier '{name}'"))?;
    (qualifier.1)(options, &text.to_string_lossy())
}

fn named(name: &str) -> Option<&'static Qualifier> {
    QUALIFIERS.iter().find(|qualifier| qualifier.0.contains(&name))
}

fn calls(text: &str) -> Result<Wanted, String> {
    Wanted::parse(text).map_err(|error| error.to_string())
}

fn inject(options: &mut Options, text: &str, fault: bool) -> Result<(), String> {
    use crate::inject::Error;
    let rule = Rule::parse(text, fault).map_err(|error| match error {
        Error::Calls(error) => error.to_string(),
        Error::Action => format!("invalid {} argument '{text}'", if fault { "fault" } else { "inject" }),
        Error::Condition(why) => {
            format!("invalid {} argument: where=: {why}", if fault { "fault" } else { "inject" })
        }
    })?;
    options.notices.extend(rule.doubt());
    options.injections.push(rule);
    Ok(())
}

/// The value of `-P`.
pub(super) fn path(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.paths.push(text.to_owned());
    Ok(())
}

/// The expression of the query language for `-P` and `--trace-fds`: one of the descriptors, or one of the paths as it
/// was given or as it is resolved; a sentence for each that is called otherwise.
pub(super) fn question(options: &Options) -> (Option<String>, Vec<String>) {
    let (mut tests, mut notices) = (Vec::new(), Vec::new());
    for given in &options.paths {
        tests.push(format!("path == {}", quoted(given)));
        match std::fs::canonicalize(Path::new(given)) {
            Ok(resolved) if resolved.as_os_str() != given => {
                tests.push(format!("path == {}", quoted(resolved.as_os_str())));
                notices.push(format!(
                    "Requested path \"{}\" resolved into \"{}\"",
                    Path::new(given).display(),
                    resolved.display()
                ));
            }
            Ok(_) | Err(_) => {}
        }
    }
    tests.extend(options.trace_fds.test());
    ((!tests.is_empty()).then(|| tests.join(" or ")), notices)
}

/// A string of the query language.
fn quoted(text: &OsStr) -> String {
    let mut quoted = String::from("\"");
    for &byte in text.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => quoted.push(byte as char),
            _ => quoted.push_str(&format!("\\x{byte:02x}")),
        }
    }
    quoted.push('"');
    quoted
}
