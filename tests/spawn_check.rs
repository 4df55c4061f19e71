//! A plan that contradicts itself is refused before any process is made, each variant of `Invalid` by its own sentence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/inject.rs"]
mod inject;
mod support;

use std::collections::BTreeSet;

use inject::{alone, fails, has_child, under};
use trace::spawn::check::{Invalid, check, contradictions};
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{
    FilterInsn, IdMaps, Identity, Mount, MountKind, Plan, Program, Rlimit, Root, TimeOffset,
};
use trace::spawn::start::{self, Hooks};

/// Names of all variants. A new variant does not compile until it is here, and fails until it has a row.
macro_rules! variants {
    ($($name:ident)*) => {
        const VARIANTS: &[&str] = &[$(stringify!($name)),*];

        #[allow(unreachable_patterns)]
        fn name(invalid: &Invalid) -> &'static str {
            match invalid { $(Invalid::$name { .. } => stringify!($name)),* }
        }
    };
}

variants! {
    NoArguments ForegroundAndControlling ControllingWithoutSession ControllingNotInChild SessionAndGroup
    Descriptor DescriptorTwice NeedsNamespace NamespaceTwice TooManyRanges MapTooLong Range RangesOverlap
    NotMapped NotAbsolute DotDot SoftOverHard Name Signal Nice NoCpu TimeOffset Filter UnshareFlags
    OptionTooLong ForegroundAndSession
}

type Row = (&'static str, fn(&mut Plan), &'static str);

fn uids(plan: &mut Plan, uid: Vec<Range>) {
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(IdMaps { uid, ..IdMaps::default() });
}

fn gids(plan: &mut Plan, gid: Vec<Range>) {
    plan.namespaces = Namespaces::USER;
    plan.maps = Some(IdMaps { gid, ..IdMaps::default() });
}

fn singles(count: u32, base: u32) -> Vec<Range> {
    (0..count).map(|n| Range::one(base + n * 2, base + n * 2)).collect()
}

fn bind(source: &str, target: &str) -> Mount {
    Mount { kind: MountKind::Bind(source.into()), target: target.into(), attributes: 0 }
}

const PROCESS: &[Row] = &[
    ("NoArguments", |p| p.argv.clear(), "no program: its name is the first argument"),
    (
        "ForegroundAndControlling",
        |p| {
            p.terminal.setsid = true;
            p.terminal.controlling = Some(0);
            p.terminal.foreground = Some(0);
        },
        "both --ctty and --foreground",
    ),
    ("ControllingWithoutSession", |p| p.terminal.controlling = Some(0), "--ctty needs --setsid"),
    (
        "ControllingNotInChild",
        |p| {
            p.terminal.setsid = true;
            p.terminal.controlling = Some(7);
        },
        "--ctty: descriptor 7 is not open in the program",
    ),
    (
        "ControllingNotInChild",
        |p| {
            p.terminal.setsid = true;
            p.terminal.controlling = Some(0);
            p.fds.map = vec![(0, None)];
        },
        "--ctty: descriptor 0 is not open in the program",
    ),
    (
        "SessionAndGroup",
        |p| {
            p.terminal.setsid = true;
            p.terminal.pgid = Some(5);
        },
        "--setsid and --pgid 5",
    ),
    ("Descriptor", |p| p.program = Program::Fd(-1), "descriptor -1: numbers from 0"),
    ("Descriptor", |p| p.fds.map = vec![(-2, Some(0))], "descriptor -2: numbers from 0"),
    ("Descriptor", |p| p.fds.map = vec![(4, Some(-3))], "descriptor -3: numbers from 0"),
    ("Descriptor", |p| p.cgroup = Some(-1), "descriptor -1: numbers from 0"),
    ("Descriptor", |p| p.terminal.foreground = Some(-1), "descriptor -1: numbers from 0"),
    (
        "DescriptorTwice",
        |p| p.fds.map = vec![(4, Some(0)), (4, None)],
        "descriptor 4 of the program is given twice",
    ),
    (
        "SoftOverHard",
        |p| p.limits.push(Rlimit { resource: libc::RLIMIT_CORE, soft: 9, hard: Some(8) }),
        "limit RLIMIT_CORE: the soft limit 9 is above the hard one 8",
    ),
    (
        "ForegroundAndSession",
        |p| {
            p.terminal.setsid = true;
            p.terminal.foreground = Some(0);
        },
        "--setsid and --foreground",
    ),
    (
        "OptionTooLong",
        |p| {
            p.namespaces = Namespaces::MOUNT;
            let lower = Some("/a".repeat(200).into());
            let kind = MountKind::Fs { kind: "overlay".into(), options: vec![("lowerdir".into(), lower)] };
            p.fs.mounts = vec![Mount { kind, target: "/mnt".into(), attributes: 0 }];
        },
        "the mount option 'lowerdir' is longer than 255 bytes",
    ),
    ("Signal", |p| p.pdeathsig = Some(0), "signal 0: 1 to 64"),
    ("Signal", |p| p.pdeathsig = Some(65), "signal 65: 1 to 64"),
    ("Nice", |p| p.nice = Some(20), "nice value 20: -20 to 19"),
    ("Nice", |p| p.nice = Some(-21), "nice value -21: -20 to 19"),
    ("NoCpu", |p| p.affinity = Some(Vec::new()), "an affinity without any CPU"),
    ("Filter", |p| p.seccomp = Some(Vec::new()), "a seccomp filter of 0 instructions"),
    (
        "Filter",
        |p| p.seccomp = Some(vec![FilterInsn { code: 6, jt: 0, jf: 0, k: 0 }; 4097]),
        "a seccomp filter of 4097 instructions: 1 to 4096",
    ),
];

const SPACES: &[Row] = &[
    (
        "NeedsNamespace",
        |p| p.hostname = Some("a".into()),
        "a host name needs a namespace of its own: add uts to --unshare",
    ),
    (
        "NeedsNamespace",
        |p| p.domainname = Some("a".into()),
        "a domain name needs a namespace of its own: add uts",
    ),
    ("NeedsNamespace", |p| p.loopback = true, "a loopback device needs a namespace of its own: add net"),
    (
        "NeedsNamespace",
        |p| p.fs.masked.push("/a".into()),
        "a mount or a pivoted root needs a namespace of its own: add mount",
    ),
    (
        "NeedsNamespace",
        |p| p.fs.root = Some(Root::Pivot { dir: None, readonly: false }),
        "add mount to --unshare",
    ),
    (
        "NeedsNamespace",
        |p| p.maps = Some(IdMaps::default()),
        "a map of ids needs a namespace of its own: add user",
    ),
    (
        "NeedsNamespace",
        |p| p.time_offsets.push(TimeOffset { clock: 1, seconds: 1, nanoseconds: 0 }),
        "a time offset needs a namespace of its own: add time",
    ),
    (
        "NamespaceTwice",
        |p| (p.namespaces, p.late) = (Namespaces::UTS.with(Namespaces::IPC), Namespaces::UTS),
        "the namespaces uts are asked for both at the clone and late",
    ),
    ("UnshareFlags", |p| p.unshare_flags = 0x11, "unshare flags 0x11: "),
    (
        "UnshareFlags",
        |p| p.unshare_flags = Namespaces::UTS.bits(),
        "unshare flags 0x4000000: namespaces are named",
    ),
    ("TooManyRanges", |p| uids(p, singles(341, 0)), "341 ranges of user ids: the kernel takes at most 340"),
    ("TooManyRanges", |p| gids(p, singles(400, 0)), "400 ranges of group ids: the kernel takes at most 340"),
    ("MapTooLong", |p| uids(p, singles(340, 4_000_000_000)), "the map of user ids is 8160 bytes long: "),
    (
        "Range",
        |p| uids(p, vec![Range { inside: 0, outside: 0, count: 0 }]),
        "user id map 0:0:0: at least one id",
    ),
    (
        "Range",
        |p| gids(p, vec![Range { inside: 1, outside: 0, count: u32::MAX }]),
        "group id map 1:0:4294967295: ",
    ),
    (
        "RangesOverlap",
        |p| uids(p, vec![Range { inside: 0, outside: 0, count: 9 }, Range::one(8, 20)]),
        "the user id maps 0:0:9 and 8:20:1 share ids",
    ),
    (
        "RangesOverlap",
        |p| uids(p, vec![Range { inside: 0, outside: 0, count: 9 }, Range::one(20, 8)]),
        "the user id maps 0:0:9 and 20:8:1 share ids",
    ),
    (
        "NotMapped",
        |p| {
            uids(p, vec![Range::one(0, 1000)]);
            p.identity = Some(Identity { uid: Some(1), ..Identity::default() });
        },
        "user id 1 is not in the map of the user namespace",
    ),
    (
        "NotMapped",
        |p| {
            gids(p, vec![Range::one(0, 1000)]);
            p.identity = Some(Identity { gid: Some(2), ..Identity::default() });
        },
        "group id 2 is not in the map of the user namespace",
    ),
    (
        "TimeOffset",
        |p| {
            p.namespaces = Namespaces::TIME;
            p.time_offsets.push(TimeOffset { clock: 0, seconds: 1, nanoseconds: 0 });
        },
        "time offset of clock 0 with 0 ns: only monotonic (1) and boottime (7)",
    ),
    (
        "TimeOffset",
        |p| {
            p.namespaces = Namespaces::TIME;
            p.time_offsets.push(TimeOffset { clock: 7, seconds: 1, nanoseconds: 1_000_000_000 });
        },
        "time offset of clock 7 with 1000000000 ns",
    ),
];

const PATHS: &[Row] = &[
    ("NotAbsolute", |p| p.fs.mounts.push(bind("/a", "b")), "the mount point 'b' must be an absolute path"),
    (
        "NotAbsolute",
        |p| p.fs.mounts.push(bind("", "/b")),
        "the source of a mount '' must be an absolute path",
    ),
    ("NotAbsolute", |p| p.fs.readonly.push("c".into()), "the path 'c' must be an absolute path"),
    (
        "NotAbsolute",
        |p| {
            p.fs.root = Some(Root::Chroot("/".into()));
            p.workdir = Some("d".into());
        },
        "with a new root the working directory 'd' must be an absolute path",
    ),
    ("DotDot", |p| p.fs.mounts.push(bind("/a", "/b/../c")), "'/b/../c' must not hold '..'"),
    ("DotDot", |p| p.fs.masked.push("/proc/..".into()), "'/proc/..' must not hold '..'"),
    ("Name", |p| p.hostname = Some(String::new()), "host name '': 1 to 64 bytes"),
    ("Name", |p| p.hostname = Some("x".repeat(65)), "host name 'xxx"),
    ("Name", |p| p.domainname = Some("a\0b".into()), "domain name 'a"),
];

/// A row's plan, with namespaces that let paths and names come to their own check.
fn plan_of(row: &Row, spaced: bool) -> Plan {
    let mut plan = Plan::new("/bin/true", vec!["true".into()]);
    if spaced {
        plan.namespaces = Namespaces::MOUNT.with(Namespaces::UTS);
    }
    (row.1)(&mut plan);
    plan
}

#[test]
fn every_contradiction_is_refused_before_a_process_is_made() {
    let _alone = alone();
    let rows =
        PROCESS.iter().chain(SPACES).map(|row| (row, false)).chain(PATHS.iter().map(|row| (row, true)));
    let mut seen = BTreeSet::new();
    for (row, spaced) in rows {
        let (variant, _, text) = *row;
        let plan = plan_of(row, spaced);
        let found = check(&plan).expect_err(text);
        let sentence = found.to_string();
        assert_eq!(name(&found), variant, "{sentence}");
        assert!(sentence.contains(text), "{sentence}");
        assert!(!sentence.contains(char::is_control) && sentence.trim() == sentence, "{sentence:?}");
        // Any clone would be refused, and tell of itself.
        let rules = [fails(libc::SYS_clone3, libc::EXDEV), fails(libc::SYS_clone, libc::EXDEV)];
        let error = under(&rules, || start::start(&plan, Hooks::default()).map(|p| p.pid()).unwrap_err());
        assert!(matches!(&error, Error::Invalid(same) if *same == found), "{error:?}");
        assert_eq!(error.to_string(), sentence);
        assert!(start::dry_run(&plan, &Hooks::default()).is_err());
        assert!(!has_child());
        seen.insert(variant);
    }
    assert_eq!(seen, VARIANTS.iter().copied().collect::<BTreeSet<&str>>(), "every variant has a row");
}

/// The bounds themselves are allowed.
#[test]
fn what_is_just_allowed_passes() {
    let rows: &[fn(&mut Plan)] = &[
        |p| p.nice = Some(-20),
        |p| p.nice = Some(19),
        |p| p.pdeathsig = Some(64),
        |p| uids(p, singles(340, 0)),
        |p| uids(p, vec![Range { inside: 0, outside: 0, count: u32::MAX }]),
        |p| uids(p, vec![Range { inside: 0, outside: 0, count: 8 }, Range::one(8, 8)]),
        |p| p.seccomp = Some(vec![FilterInsn { code: 6, jt: 0, jf: 0, k: 0 }; 4096]),
        |p| p.unshare_flags = 0x600,
        |p| p.limits.push(Rlimit { resource: 0, soft: 8, hard: Some(8) }),
        |p| {
            p.namespaces = Namespaces::UTS;
            p.hostname = Some("x".repeat(64));
        },
        |p| {
            p.terminal.setsid = true;
            p.terminal.controlling = Some(5);
            p.fds.map = vec![(5, Some(0))];
        },
    ];
    for (at, change) in rows.iter().enumerate() {
        let mut plan = Plan::new("/bin/true", vec!["true".into()]);
        change(&mut plan);
        assert_eq!(check(&plan), Ok(()), "row {at}");
    }
}

/// A NUL byte cannot be handed on: which string holds it is said before a process is made.
#[test]
fn a_nul_byte_is_refused_wherever_it_stands() {
    let _alone = alone();
    let rows: &[fn(&mut Plan)] = &[
        |p| p.argv.push("a\0b".into()),
        |p| p.env = Some(vec!["a\0b".into()]),
        |p| p.workdir = Some("a\0b".into()),
        |p| p.program = Program::Path("a\0b".into()),
        |p| p.fs.root = Some(Root::Chroot("a\0b".into())),
    ];
    for change in rows {
        let mut plan = Plan::new("/bin/true", vec!["true".into()]);
        change(&mut plan);
        let error = start::start(&plan, Hooks::default()).map(|p| p.pid()).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Nul(_)) && text.starts_with("'a") && !text.contains('\0'), "{text:?}");
        assert!(!has_child());
    }
}

#[test]
fn what_is_dropped_and_added_is_named() {
    let mut plan = Plan::new("/bin/true", vec!["true".into()]);
    plan.caps.drop.add_list("net_admin,chown", "--cap-drop").unwrap();
    plan.caps.ambient.add_list("net_admin", "--cap-ambient").unwrap();
    assert_eq!(contradictions(&plan), ["CAP_NET_ADMIN"]);
}
