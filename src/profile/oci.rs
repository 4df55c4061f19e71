//! Seccomp profiles in JSON: the `linux.seccomp` object of runtime-spec, a whole config.json, or Docker's daemon form.
//!
//! Docker's form has `archMap`, `includes` and `excludes`, which the daemon resolves before runc sees the profile; here
//! [`Host`] stands for what the daemon knows. In a config.json they mean nothing, as for runc. Fields that are not known
//! are passed over. Source: config-linux.md of runtime-spec, profiles/seccomp of moby.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::actions::{ACTIONS, ARCHES, FLAGS, OPS, accepted, find};
use super::{Loaded, rules};
use crate::bpf::compile;

/// What a profile may depend on besides its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Host {
    /// Capabilities that the program gets (`CAP_SYS_ADMIN`).
    pub caps: Vec<String>,
    /// Kernel version, major and minor; none means newer than whatever a profile asks for.
    pub kernel: Option<(u32, u32)>,
    /// As runc does: calls with higher numbers than all that the profile names fail with ENOSYS where the default
    /// action would forbid them, so that a libc newer than the profile tries the older call. crun does not.
    pub enosys_beyond: bool,
}

/// Something in a profile that has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A syscall name that no kernel table has; runtimes ignore it silently.
    UnknownSyscall(String),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownSyscall(name) => {
                write!(f, "no syscall is called {name:?}; the rule for it has no effect")
            }
        }
    }
}

/// Why JSON is no profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Not JSON, or not of a profile's shape.
    Json {
        /// The parser's words, with line and column.
        message: String,
    },
    /// A config.json without `linux.seccomp`.
    NoSeccomp,
    /// An action that does not exist.
    Action(String),
    /// A comparison that does not exist.
    Op(String),
    /// An architecture that does not exist.
    Arch(String),
    /// A flag that does not exist.
    Flag(String),
    /// Both `architectures` and `archMap`.
    TwoArchitectures,
    /// Both `name` and `names` in one rule; holds the name.
    TwoNames(String),
    /// A syscall name without a letter.
    EmptyName,
    /// An argument that calls do not have.
    Argument(u32),
    /// An error number that the kernel does not have.
    Errno(u32),
    /// A `minKernel` that is not two numbers.
    Kernel(String),
    /// The rules make no program.
    Compile(compile::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = |f: &mut fmt::Formatter<'_>, what: &str, value: &str, accepted: String| {
            write!(f, "unknown {what} {value:?}; accepted are {accepted}")
        };
        match self {
            Self::Json { message } => write!(f, "not a seccomp profile in JSON: {message}"),
            Self::NoSeccomp => {
                f.write_str("the configuration has no linux.seccomp; give it one or use another file")
            }
            Self::Action(name) => unknown(f, "action", name, accepted(ACTIONS)),
            Self::Op(name) => unknown(f, "comparison", name, accepted(OPS)),
            Self::Arch(name) => unknown(f, "architecture", name, accepted(ARCHES)),
            Self::Flag(name) => unknown(f, "flag", name, accepted(FLAGS)),
            Self::TwoArchitectures => {
                f.write_str("the profile has both \"architectures\" and \"archMap\"; use one of them")
            }
            Self::TwoNames(name) => {
                write!(f, "the rule for {name:?} has both \"name\" and \"names\"; use one of them")
            }
            Self::EmptyName => f.write_str("a rule has an empty syscall name; remove it"),
            Self::Argument(index) => write!(f, "unknown argument index {index}; accepted are 0 to 5"),
            Self::Errno(errno) => write!(f, "unknown error number {errno}; accepted are 0 to 4095"),
            Self::Kernel(text) => {
                write!(f, "unknown minKernel {text:?}; accepted are two numbers with a dot between them")
            }
            Self::Compile(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A document that holds a profile somewhere.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    default_action: Option<IgnoredAny>,
    linux: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Config {
    linux: Linux,
}

#[derive(Deserialize)]
struct Linux {
    seccomp: Option<Profile>,
}

/// The profile as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    pub(super) default_action: String,
    pub(super) default_errno_ret: Option<u32>,
    pub(super) architectures: Option<Vec<String>>,
    pub(super) arch_map: Option<Vec<ArchMap>>,
    pub(super) flags: Option<Vec<String>>,
    pub(super) syscalls: Option<Vec<Syscalls>>,
}

/// An architecture and those that its kernels also run.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArchMap {
    pub(super) architecture: String,
    pub(super) sub_architectures: Option<Vec<String>>,
}

/// One rule for some names.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Syscalls {
    pub(super) name: Option<String>,
    pub(super) names: Option<Vec<String>>,
    pub(super) action: String,
    pub(super) errno_ret: Option<u32>,
    pub(super) args: Option<Vec<Arg>>,
    pub(super) includes: Option<When>,
    pub(super) excludes: Option<When>,
}

/// A condition of a rule.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Arg {
    pub(super) index: u32,
    pub(super) value: u64,
    pub(super) value_two: Option<u64>,
    pub(super) op: String,
}

/// Where a rule of Docker's form is there, or is not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct When {
    pub(super) caps: Option<Vec<String>>,
    pub(super) arches: Option<Vec<String>>,
    pub(super) min_kernel: Option<String>,
}

/// Reads a profile and makes the filter.
pub fn load(json: &[u8], host: &Host) -> Result<Loaded, Error> {
    let document: Document = parse(json)?;
    let whole_config = document.linux.is_some() && document.default_action.is_none();
    let profile = if whole_config {
        parse::<Config>(json)?.linux.seccomp.ok_or(Error::NoSeccomp)?
    } else {
        parse(json)?
    };
    let mut warnings = Vec::new();
    let rules = rules::rules(&profile, (!whole_config).then_some(host), host, &mut warnings)?;
    let program = compile::compile(&rules).map_err(Error::Compile)?;
    let flags = profile.flags.iter().flatten();
    let flags = flags.map(|name| find(FLAGS, name).ok_or_else(|| Error::Flag(name.clone())));
    Ok(Loaded { program, flags: flags.collect::<Result<_, _>>()?, warnings })
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|error| Error::Json { message: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::run::run;
    use crate::bpf::{Action, Data};
    use syscall_tables::abi::{Abi, numbers};

    fn answer(loaded: &Loaded, abi: Abi, nr: u64, args: &[u64]) -> Action {
        let mut data = Data { nr: nr as i32, arch: abi.audit_arch(), ..Data::default() };
        data.args[..args.len()].copy_from_slice(args);
        Action::from_ret(run(&loaded.program, &data).unwrap().ret)
    }

    fn named(loaded: &Loaded, abi: Abi, name: &str, args: &[u64]) -> Action {
        answer(loaded, abi, numbers::number(abi, name).unwrap(), args)
    }

    fn profile(syscalls: &str) -> String {
        format!(
            r#"{{"defaultAction":"SCMP_ACT_ERRNO","archMap":[{{"architecture":"SCMP_ARCH_X86_64",
            "subArchitectures":["SCMP_ARCH_X86"]}},{{"architecture":"SCMP_ARCH_AARCH64","subArchitectures":
            ["SCMP_ARCH_ARM"]}}],"syscalls":[{syscalls}]}}"#
        )
    }

    fn good(syscalls: &str, host: &Host) -> Loaded {
        load(profile(syscalls).as_bytes(), host).unwrap()
    }

    fn bad(json: &str) -> String {
        load(json.as_bytes(), &Host::default()).unwrap_err().to_string()
    }

    const ALLOW: &str = r#""action":"SCMP_ACT_ALLOW""#;

    #[test]
    fn names_on_both_architectures() {
        let loaded =
            good(&format!(r#"{{"names":["mkdir","no_such_call","stat64"],{ALLOW}}}"#), &Host::default());
        for abi in [Abi::X86_64, Abi::I386] {
            assert_eq!(named(&loaded, abi, "mkdir", &[]), Action::Allow);
            assert_eq!(named(&loaded, abi, "rmdir", &[]), Action::Errno(1));
        }
        assert_eq!(answer(&loaded, Abi::Aarch64, 34, &[]), Action::KillThread);
        assert_eq!(answer(&loaded, Abi::X86_64, 0x4000_0053, &[]), Action::KillThread);
        assert_eq!(loaded.warnings, [Warning::UnknownSyscall("no_such_call".to_owned())]);
    }

    #[test]
    fn conditions() {
        let arg = |index: u32, op: &str, value: u64, two: u64| {
            format!(r#"{{"index":{index},"value":{value},"valueTwo":{two},"op":"SCMP_CMP_{op}"}}"#)
        };
        let call = |args: String| {
            let rule = format!(r#"{{"name":"read",{ALLOW},"args":[{args}]}}"#);
            good(&rule, &Host::default())
        };
        let loaded = call(format!("{},{}", arg(0, "GE", 3, 0), arg(2, "LT", 1 << 40, 0)));
        assert_eq!(named(&loaded, Abi::X86_64, "read", &[3, 0, 0]), Action::Allow);
        assert_eq!(named(&loaded, Abi::X86_64, "read", &[2, 0, 0]), Action::Errno(1));
        assert_eq!(named(&loaded, Abi::X86_64, "read", &[3, 0, 1 << 40]), Action::Errno(1));
        // Two on one argument: either is enough.
        let loaded = call(format!("{},{},{}", arg(0, "EQ", 1, 0), arg(0, "EQ", 2, 0), arg(1, "EQ", 7, 0)));
        for (args, expected) in [([1, 0], true), ([2, 0], true), ([3, 7], true), ([3, 0], false)] {
            assert_eq!(named(&loaded, Abi::X86_64, "read", &args) == Action::Allow, expected);
        }
        let loaded = call(arg(0, "MASKED_EQ", 0xf0, 0x13));
        assert_eq!(named(&loaded, Abi::X86_64, "read", &[0x1f]), Action::Allow, "the mask cuts the value");
        let loaded = call(arg(0, "EQ", u64::MAX, 0));
        assert_eq!(named(&loaded, Abi::I386, "read", &[0xffff_ffff]), Action::Allow);
        assert_eq!(named(&loaded, Abi::X86_64, "read", &[0xffff_ffff]), Action::Errno(1));
    }

    #[test]
    fn the_daemon_chooses() {
        let rules = format!(
            r#"{{"names":["mount"],{ALLOW},"includes":{{"caps":["CAP_SYS_ADMIN"]}}}},
            {{"names":["umount2"],{ALLOW},"excludes":{{"caps":["CAP_SYS_ADMIN"]}}}},
            {{"names":["ptrace"],{ALLOW},"includes":{{"minKernel":"4.8"}}}},
            {{"names":["open"],{ALLOW},"includes":{{"arches":["arm64"]}}}},
            {{"names":["close"],{ALLOW},"includes":{{"arches":["amd64","x32"]}},"comment":"c"}}"#
        );
        let allowed = |host: &Host| {
            let loaded = good(&rules, host);
            ["mount", "umount2", "ptrace", "open", "close"]
                .map(|name| named(&loaded, Abi::X86_64, name, &[]) == Action::Allow)
        };
        assert_eq!(allowed(&Host::default()), [false, true, true, false, true]);
        let admin = Host { caps: vec!["CAP_SYS_ADMIN".to_owned()], kernel: Some((4, 7)), ..Host::default() };
        assert_eq!(allowed(&admin), [true, false, false, false, true]);
        let config = format!(r#"{{"ociVersion":"1.0","linux":{{"seccomp":{}}}}}"#, profile(&rules));
        let loaded = load(config.as_bytes(), &Host::default()).unwrap();
        assert_eq!(named(&loaded, Abi::X86_64, "open", &[]), Action::Allow, "runc has no includes");
    }

    #[test]
    fn order_and_default() {
        let host = Host::default();
        let loaded = good(
            r#"{"names":["read"],"action":"SCMP_ACT_ERRNO","errnoRet":13},{"names":["read"],"action":"SCMP_ACT_ALLOW"},
            {"names":["write"],"action":"SCMP_ACT_ERRNO"},{"names":["write"],"action":"SCMP_ACT_LOG"}"#,
            &host,
        );
        assert_eq!(named(&loaded, Abi::X86_64, "read", &[]), Action::Errno(13));
        assert_eq!(named(&loaded, Abi::X86_64, "write", &[]), Action::Log);
        let host = Host { enosys_beyond: true, ..host };
        let loaded = good(r#"{"names":["mkdir"],"action":"SCMP_ACT_ALLOW"}"#, &host);
        assert_eq!(named(&loaded, Abi::X86_64, "rmdir", &[]), Action::Errno(38));
        assert_eq!(named(&loaded, Abi::X86_64, "read", &[]), Action::Errno(1));
    }

    #[test]
    fn socketcall_is_another_way() {
        let cond = r#","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]"#;
        let rule = |action: &str, args: &str| {
            format!(r#"{{"names":["socket","semop"],"action":"SCMP_ACT_{action}"{args}}}"#)
        };
        let through = |rules: &str| {
            let loaded = good(rules, &Host::default());
            (
                named(&loaded, Abi::I386, "socketcall", &[1]),
                named(&loaded, Abi::I386, "socketcall", &[2]),
                named(&loaded, Abi::I386, "ipc", &[0x1_0001]),
            )
        };
        assert_eq!(through(&rule("ALLOW", "")), (Action::Allow, Action::Errno(1), Action::Allow));
        assert_eq!(through(&rule("ALLOW", cond)).0, Action::Errno(1));
        let both = format!("{},{}", rule("KILL_PROCESS", cond), rule("ALLOW", ""));
        assert_eq!(through(&both).0, Action::KillProcess);
    }

    #[test]
    fn x32() {
        let json = r#"{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X32"],
            "syscalls":[{"names":["getpid","ioctl"],"action":"SCMP_ACT_ALLOW"}]}"#;
        let loaded = load(json.as_bytes(), &Host::default()).unwrap();
        let bit = 0x4000_0000;
        for (nr, expected) in [(39, Action::Allow), (514, Action::Allow), (16, Action::Errno(1))] {
            assert_eq!(answer(&loaded, Abi::X86_64, bit | nr, &[]), expected);
        }
        assert_eq!(answer(&loaded, Abi::I386, 20, &[]), Action::KillThread);
    }

    #[test]
    fn errors_name_the_value() {
        assert!(bad(r#"{"defaultAction":"SCMP_ACT_MAYBE"}"#).starts_with(
            "unknown action \"SCMP_ACT_MAYBE\"; accepted are SCMP_ACT_KILL, SCMP_ACT_KILL_THREAD"
        ));
        assert!(
            bad(r#"{"defaultAction":"SCMP_ACT_LOG","architectures":["X"]}"#).contains("architecture \"X\"")
        );
        assert!(bad(r#"{"defaultAction":"SCMP_ACT_LOG","flags":["X"]}"#).contains("flag \"X\""));
        let arg = |text: &str| profile(&format!(r#"{{"name":"read",{ALLOW},"args":[{{{text}}}]}}"#));
        assert!(bad(&arg(r#""index":0,"value":1,"op":"<""#)).contains("comparison \"<\""));
        assert!(bad(&arg(r#""index":6,"value":1,"op":"SCMP_CMP_EQ""#)).contains("index 6"));
        assert!(bad(&arg(r#""index":0,"value":-1,"op":"SCMP_CMP_EQ""#)).contains("invalid value"));
        assert_eq!(bad(r#"{"linux":{}}"#), Error::NoSeccomp.to_string());
        assert!(bad("{}").contains("defaultAction"));
        assert!(bad(r#"{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096}"#).contains("4096"));
        assert!(bad(&profile(&format!(r#"{{"names":[""],{ALLOW}}}"#))).contains("empty"));
        let kernel = format!(r#"{{"names":["read"],{ALLOW},"includes":{{"minKernel":"new"}}}}"#);
        assert!(bad(&profile(&kernel)).contains("minKernel \"new\""));
    }
}
