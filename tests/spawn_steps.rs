//! Every step of the child can fail, and then says so: a row for each variant of `Step`.
//!
//! A row changes a plan so that the step is taken, and makes it fail: by nature, or by a seccomp filter on
//! the launching thread that answers one call with an errno. As root most rows share memory with the child
//! (vfork); as another user they go through a user namespace, id maps and the channel.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/inject.rs"]
mod inject;
mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use inject::{Rule, alone, fails, fails_with, left, own_ids, under};
use libc::{EACCES, EBADF, EINVAL, EIO, ENODEV, ENOENT, ENOEXEC, ENOTTY, EPERM};
use support::TempDir;
use support::spawn::as_other_user;
use trace::spawn::caps::CapSet;
use trace::spawn::compile::{self, Host};
use trace::spawn::error::Error;
use trace::spawn::idmap::Range;
use trace::spawn::namespaces::Namespaces;
use trace::spawn::plan::{
    FilterInsn, Groups, IdMaps, Identity, Mount, MountKind, Plan, Program, Rlimit, Root, Traced,
};
use trace::spawn::start::{self, Hooks};
use trace::spawn::step::Step;
use trace::spawn::traced;

/// Names of all variants. A new variant does not compile until it is here, and fails until it has a row.
macro_rules! variants {
    ($($name:ident)*) => {
        const VARIANTS: &[&str] = &[$(stringify!($name)),*];

        fn name(step: &Step) -> &'static str {
            match step { $(Step::$name { .. } => stringify!($name)),* }
        }
    };
}

variants! {
    KeepCapabilities AwaitParent NewSession ProcessGroup Foreground Signals Nice Affinity Unshare WriteProc
    PrivateMounts OpenUmask OpenTree NewFilesystem Attributes PivotRoot Chroot MakeTarget Attach MaskPath
    ReadonlyPath ReadonlyRoot HostName DomainName Loopback SetGroups SetGid SetUid RaiseKept WorkDir
    DeathSignal MoveDescriptors PlaceDescriptors CloseRange ReleaseTerminal ControllingTerminal Limit
    Personality NoNewPrivs SecureBits DropBounding SetCapabilities Ambient Synchronize TraceMe Stop Seccomp
    Exec ExecFd
}

/// What the rows' plans name.
struct Fixture {
    dir: TempDir,
    null: File,
    text: File,
    uid: u32,
    gid: u32,
}

impl Fixture {
    fn new() -> Self {
        let dir = TempDir::new("steps");
        fs::write(dir.join("text"), "neither binary nor script").unwrap();
        let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
        fs::set_permissions(dir.join("text"), mode).unwrap();
        fs::create_dir(dir.join("sub")).unwrap();
        let (uid, gid) = own_ids();
        let text = File::open(dir.join("text")).unwrap();
        Self { null: File::open("/dev/null").unwrap(), text, dir, uid, gid }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Who runs the test, mapped to itself.
    fn maps(&self) -> IdMaps {
        let one = |id| vec![Range::one(id, id)];
        IdMaps { uid: one(self.uid), gid: one(self.gid), setgroups: false }
    }

    /// Namespaces `kinds`, for whoever runs the test: within a user namespace where that is not root.
    fn own(&self, plan: &mut Plan, kinds: Namespaces) {
        plan.namespaces = kinds;
        if self.uid != 0 {
            plan.namespaces = kinds.with(Namespaces::USER);
            plan.maps = Some(self.maps());
        }
    }

    fn mount(&self, plan: &mut Plan, kind: MountKind, target: PathBuf) {
        self.own(plan, Namespaces::MOUNT);
        plan.fs.mounts.push(Mount { kind, target, attributes: 0 });
    }

    fn tmpfs(&self, plan: &mut Plan, target: PathBuf) {
        self.mount(plan, MountKind::Fs { kind: "tmpfs".into(), options: Vec::new() }, target);
    }

    fn pivot(&self, plan: &mut Plan) {
        self.own(plan, Namespaces::MOUNT);
        plan.fs.root = Some(Root::Pivot { dir: None, readonly: true });
    }

    fn keep(&self, plan: &mut Plan) {
        self.id(plan, Some(self.uid), None);
        plan.limits.push(Rlimit { resource: libc::RLIMIT_CORE, soft: 0, hard: None });
    }

    fn id(&self, plan: &mut Plan, uid: Option<u32>, gid: Option<u32>) {
        plan.identity = Some(Identity { uid, gid, groups: Groups::Keep });
    }
}

type Change = fn(&mut Plan, &Fixture);

/// One way for one step to fail.
struct Row {
    step: &'static str,
    call: Option<&'static str>,
    errno: i32,
    rules: Vec<Rule>,
    change: Change,
}

/// By nature.
fn own(step: &'static str, call: &'static str, errno: i32, change: Change) -> Row {
    Row { step, call: Some(call).filter(|call| !call.is_empty()), errno, rules: Vec::new(), change }
}

/// By a filter; the errno is that of the last rule.
fn made<const N: usize>(step: &'static str, call: &'static str, rules: [Rule; N], change: Change) -> Row {
    Row { rules: rules.to_vec(), ..own(step, call, rules[N - 1].errno, change) }
}

const fn prctl(option: &'static [(u32, u32)], errno: i32) -> Rule {
    fails_with(libc::SYS_prctl, option, errno)
}

/// The child's wait for a word of 4 bytes; the parent receives 12.
const WORD: Rule = fails_with(libc::SYS_recvfrom, &[(2, 4)], EIO);
/// FSCONFIG_CMD_CREATE.
const CREATE: Rule = fails_with(libc::SYS_fsconfig, &[(1, 6)], EACCES);
/// What opens a file that is missing.
const CREATE_FILE: Rule =
    fails_with(libc::SYS_openat, &[(2, (libc::O_CREAT | libc::O_WRONLY | libc::O_CLOEXEC) as u32)], EACCES);
/// A descriptor that nobody has.
const NO_FD: i32 = 900;

fn session_rows() -> Vec<Row> {
    vec![
        made("KeepCapabilities", "", [prctl(&[(0, 8)], EPERM)], |p, f| f.keep(p)),
        made("AwaitParent", "", [WORD], |_, _| {}),
        made("NewSession", "", [fails(libc::SYS_setsid, EPERM)], |p, _| p.terminal.setsid = true),
        own("ProcessGroup", "", EPERM, |p, _| p.terminal.pgid = Some(i32::MAX)),
        own("Foreground", "", ENOTTY, |p, f| p.terminal.foreground = Some(f.null.as_raw_fd())),
        made("Signals", "", [fails_with(libc::SYS_rt_sigaction, &[(0, 13)], EINVAL)], |_, _| {}),
        made("Nice", "", [fails(libc::SYS_setpriority, EACCES)], |p, _| p.nice = Some(-1)),
        own("Affinity", "", EINVAL, |p, _| p.affinity = Some(vec![8191])),
        own("ReleaseTerminal", "", ENOTTY, |p, f| {
            p.fds.map = vec![(0, Some(f.null.as_raw_fd()))];
            p.terminal.release = true;
        }),
        own("ControllingTerminal", "", ENOTTY, |p, f| {
            p.fds.map = vec![(0, Some(f.null.as_raw_fd()))];
            p.terminal.setsid = true;
            p.terminal.controlling = Some(0);
        }),
        made("Synchronize", "", [WORD], |_, _| {}),
    ]
}

fn namespace_rows() -> Vec<Row> {
    vec![
        made("Unshare", "", [fails(libc::SYS_unshare, EPERM)], |p, _| p.late = Namespaces::UTS),
        own("Unshare", "", EINVAL, |p, _| p.unshare_flags = 0x8000_0000),
        made("WriteProc", "open", [fails(libc::SYS_openat, EACCES)], |p, f| {
            p.late = Namespaces::USER;
            p.maps = Some(f.maps());
        }),
        made("WriteProc", "write", [fails(libc::SYS_write, EPERM)], |p, f| {
            p.late = Namespaces::USER;
            p.maps = Some(f.maps());
        }),
        made("HostName", "", [fails(libc::SYS_sethostname, EPERM)], |p, f| {
            f.own(p, Namespaces::UTS);
            p.hostname = Some("box".into());
        }),
        made("DomainName", "", [fails(libc::SYS_setdomainname, EPERM)], |p, f| {
            f.own(p, Namespaces::UTS);
            p.domainname = Some("box".into());
        }),
        made("Loopback", "socket", [fails(libc::SYS_socket, EACCES)], |p, f| {
            f.own(p, Namespaces::NET);
            p.loopback = true;
        }),
        made(
            "Loopback",
            "SIOCSIFFLAGS",
            [fails_with(libc::SYS_ioctl, &[(1, libc::SIOCSIFFLAGS as u32)], ENODEV)],
            |p, f| {
                f.own(p, Namespaces::NET);
                p.loopback = true;
            },
        ),
    ]
}

fn mount_rows() -> Vec<Row> {
    vec![
        made("PrivateMounts", "", [fails(libc::SYS_mount, EPERM)], |p, f| f.own(p, Namespaces::MOUNT)),
        made("OpenUmask", "", [fails(libc::SYS_umask, EPERM)], |p, f| f.tmpfs(p, f.path("sub"))),
        own("OpenTree", "", ENOENT, |p, f| f.mount(p, MountKind::Bind(f.path("no")), f.path("sub"))),
        own("NewFilesystem", "fsopen", ENODEV, |p, f| {
            f.mount(p, MountKind::Fs { kind: "nosuchfs".into(), options: Vec::new() }, f.path("sub"));
        }),
        own("NewFilesystem", "fsconfig", EINVAL, |p, f| {
            let options = vec![("nosuch".to_owned(), Some("1".into()))];
            f.mount(p, MountKind::Fs { kind: "tmpfs".into(), options }, f.path("sub"));
        }),
        made("NewFilesystem", "create", [CREATE], |p, f| f.tmpfs(p, f.path("sub"))),
        made("NewFilesystem", "fsmount", [fails(libc::SYS_fsmount, EPERM)], |p, f| f.tmpfs(p, f.path("sub"))),
        own("Attributes", "", EINVAL, |p, f| {
            f.tmpfs(p, f.path("sub"));
            p.fs.mounts[0].attributes = 1 << 40;
        }),
        made("MakeTarget", "fstat", [fails(libc::SYS_newfstatat, EIO)], |p, f| f.tmpfs(p, f.path("new"))),
        own("MakeTarget", "mkdir", ENOENT, |p, f| f.tmpfs(p, "/proc/nosuch".into())),
        own("MakeTarget", "mkdir", ENOENT, |p, f| f.tmpfs(p, "/proc/nosuch/below".into())),
        made("MakeTarget", "create", [CREATE_FILE], |p, f| {
            f.mount(p, MountKind::Bind(f.path("text")), f.path("new"));
        }),
        // A file cannot cover a directory.
        own("Attach", "", EINVAL, |p, f| f.mount(p, MountKind::Bind(f.path("text")), f.path("sub"))),
        made("MaskPath", "file", [fails(libc::SYS_move_mount, EPERM)], |p, f| {
            f.own(p, Namespaces::MOUNT);
            p.fs.masked.push(f.path("text"));
        }),
        made("MaskPath", "directory", [fails(libc::SYS_move_mount, EINVAL)], |p, f| {
            f.own(p, Namespaces::MOUNT);
            p.fs.masked.push(f.path("sub"));
        }),
        read_only("open_tree", fails(libc::SYS_open_tree, EPERM)),
        read_only("mount_setattr", fails(libc::SYS_mount_setattr, EPERM)),
        read_only("move_mount", fails(libc::SYS_move_mount, EACCES)),
    ]
}

fn read_only(call: &'static str, rule: Rule) -> Row {
    made("ReadonlyPath", call, [rule], |p, f| {
        f.own(p, Namespaces::MOUNT);
        p.fs.readonly.push(f.path("sub"));
    })
}

fn root_rows() -> Vec<Row> {
    let pivot = |call, number| made("PivotRoot", call, [fails(number, EACCES)], |p, f| f.pivot(p));
    vec![
        pivot("move_mount", libc::SYS_move_mount),
        pivot("fchdir", libc::SYS_fchdir),
        pivot("pivot_root", libc::SYS_pivot_root),
        pivot("umount", libc::SYS_umount2),
        pivot("chdir", libc::SYS_chdir),
        made("ReadonlyRoot", "", [fails(libc::SYS_mount_setattr, EPERM)], |p, f| f.pivot(p)),
        own("Chroot", "chroot", ENOENT, |p, f| p.fs.root = Some(Root::Chroot(f.path("no")))),
        made("Chroot", "chdir", [fails(libc::SYS_chdir, EACCES)], |p, f| {
            f.own(p, Namespaces::UTS);
            p.fs.root = Some(Root::Chroot("/".into()));
        }),
        own("WorkDir", "", ENOENT, |p, f| p.workdir = Some(f.path("no"))),
    ]
}

fn id_rows() -> Vec<Row> {
    vec![
        made("SetGroups", "", [fails(libc::SYS_setgroups, EPERM)], |p, _| {
            p.identity = Some(Identity::default());
        }),
        // The id that means "no change" to the kernel.
        own("SetGid", "", EINVAL, |p, f| f.id(p, None, Some(u32::MAX))),
        own("SetUid", "", EINVAL, |p, f| f.id(p, Some(u32::MAX), None)),
        made("RaiseKept", "capget", [fails(libc::SYS_capget, EINVAL)], |p, f| f.keep(p)),
        made("RaiseKept", "capset", [fails(libc::SYS_capset, EPERM)], |p, f| f.keep(p)),
        made("DeathSignal", "", [prctl(&[(0, 1)], EINVAL)], |p, _| p.pdeathsig = Some(9)),
        own("SecureBits", "", EPERM, |p, _| p.caps.securebits = 1 << 20),
        made("DropBounding", "", [prctl(&[(0, 24)], EPERM)], |p, _| p.caps.drop = CapSet::one(0)),
        made("SetCapabilities", "capget", [fails(libc::SYS_capget, EINVAL)], |p, _| {
            p.caps.add = CapSet::one(0);
        }),
        made("SetCapabilities", "capset", [fails(libc::SYS_capset, EPERM)], |p, _| {
            p.caps.add = CapSet::one(0);
        }),
        made("Ambient", "", [prctl(&[(0, 47)], EPERM)], |p, f| {
            f.own(p, Namespaces::UTS);
            p.caps.ambient = CapSet::one(0);
        }),
    ]
}

fn last_rows() -> Vec<Row> {
    let closing = [fails(libc::SYS_close_range, EINVAL)];
    vec![
        own("MoveDescriptors", "", EBADF, |p, _| p.fds.map = vec![(3, Some(NO_FD)), (NO_FD, Some(0))]),
        own("PlaceDescriptors", "", EBADF, |p, _| p.fds.map = vec![(3, Some(NO_FD))]),
        made("CloseRange", "", closing, |p, _| p.fds.only_listed = true),
        own("Limit", "", EINVAL, |p, _| {
            p.limits.push(Rlimit { resource: 99, soft: 0, hard: None });
        }),
        made("Personality", "", [fails(libc::SYS_personality, EINVAL)], |p, _| {
            p.personality = Some(0x4_0000)
        }),
        made("NoNewPrivs", "", [prctl(&[(0, 38)], EINVAL)], |p, _| p.no_new_privs = true),
        made("TraceMe", "", [fails_with(libc::SYS_ptrace, &[(0, 0)], EPERM)], |p, _| {
            p.traced = Traced::AtExec;
        }),
        made("Stop", "", [fails_with(libc::SYS_kill, &[(1, 19)], EPERM)], |p, _| {
            p.traced = Traced::BeforeExec;
        }),
        own("Seccomp", "seccomp", EINVAL, |p, _| {
            p.seccomp = Some(vec![FilterInsn { code: u16::MAX, jt: 0, jf: 0, k: 0 }]);
        }),
        made(
            "Seccomp",
            "no_new_privs",
            [fails(libc::SYS_seccomp, EACCES), prctl(&[(0, 38)], EINVAL)],
            |p, _| p.seccomp = Some(vec![FilterInsn { code: 6, jt: 0, jf: 0, k: 0x7fff_0000 }]),
        ),
        own("Exec", "", ENOENT, |p, f| p.program = Program::Path(f.path("no"))),
        own("Exec", "", EACCES, |p, _| p.program = Program::Path("/".into())),
        own("Exec", "", ENOEXEC, |p, f| p.program = Program::Path(f.path("text"))),
        // The same step fails after the launch has returned, of a program that waits for its tracer.
        own("Exec", "", ENOENT, |p, f| {
            p.program = Program::Path(f.path("no"));
            p.traced = Traced::AtExec;
        }),
        own("ExecFd", "", ENOEXEC, |p, f| p.program = Program::Fd(f.text.as_raw_fd())),
        own("ExecFd", "", EBADF, |p, _| p.program = Program::Fd(NO_FD)),
    ]
}

fn rows() -> Vec<Row> {
    [session_rows(), namespace_rows(), mount_rows(), root_rows(), id_rows(), last_rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// The error of a launch of `row`'s plan, if it fails, and the lines of its dry run.
fn launch(row: &Row, fixture: &Fixture) -> (Option<Error>, Vec<String>) {
    let mut plan = Plan::new("/bin/true", vec!["true".into()]);
    (row.change)(&mut plan, fixture);
    let mut joining = |_: i32| Ok(());
    let mut sync = |_: i32| Ok(());
    let mut hooks = Hooks::default();
    match row.step {
        "AwaitParent" => hooks.joining = Some(&mut joining),
        "Synchronize" => hooks.sync = Some(&mut sync),
        _ => {}
    }
    let lines = start::dry_run(&plan, &hooks).unwrap();
    let process = match plan.traced {
        Traced::BeforeExec => traced::launch(&plan, 0, hooks).map(|launched| launched.process),
        _ => start::start(&plan, hooks),
    };
    (process.map(|process| process.destroy()).err(), lines)
}

fn is_sentence(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(char::is_control)
}

fn every_row_fails_as_it_says() {
    let fixture = Fixture::new();
    // Pages of locale and threads are loaded before anything is compared.
    under(&[], || ());
    let before = left();
    let mut troubles = Vec::new();
    for row in rows() {
        let (error, lines) = under(&row.rules, || launch(&row, &fixture));
        let text = error.as_ref().map(Error::to_string).unwrap_or_default();
        let label = format!("{} {:?} {}: {text}", row.step, row.call, row.errno);
        match &error {
            Some(Error::Child { step, index, call, errno }) => {
                let head = format!("cannot {step}");
                let same = (name(step), *call, *errno) == (row.step, row.call, row.errno);
                // The first line of a dry run is the clone.
                let placed = lines.get(index + 1) == Some(&step.to_string());
                if !same || !placed || !text.starts_with(&head) || !is_sentence(&text) {
                    troubles.push(format!("{label}: {error:?} in {lines:#?}"));
                }
            }
            other => troubles.push(format!("{label}: {other:?}")),
        }
        if left() != before {
            troubles.push(format!("{label}: left behind {}", left().beyond(&before)));
        }
    }
    assert!(troubles.is_empty(), "{} troubles:\n{}", troubles.len(), troubles.join("\n"));
}

#[test]
fn every_step_that_fails_says_so_and_leaves_nothing() {
    let _alone = alone();
    every_row_fails_as_it_says();
}

#[test]
fn every_step_that_fails_as_another_user() {
    let _alone = alone();
    if as_other_user("every_step_that_fails_as_another_user") {
        return;
    }
    every_row_fails_as_it_says();
}

#[test]
fn every_variant_has_a_row_and_every_row_a_variant() {
    let rows: BTreeSet<&str> = rows().iter().map(|row| row.step).collect();
    let variants: BTreeSet<&str> = VARIANTS.iter().copied().collect();
    assert_eq!(rows, variants);
}

/// Every step of every row's plan.
fn all_steps(fixture: &Fixture) -> Vec<Step> {
    let mut steps = Vec::new();
    for row in rows() {
        let mut plan = Plan::new("/bin/true", vec!["true".into()]);
        (row.change)(&mut plan, fixture);
        let (synchronize, await_parent) = (row.step == "Synchronize", row.step == "AwaitParent");
        let mask = trace::sys::signal::mask();
        let host = Host { mask, nofile: Some((1, 2)), synchronize, await_parent, script: false };
        steps.extend(compile::compile(&plan, &host).unwrap().list);
    }
    steps
}

#[test]
fn every_step_and_its_advice_is_a_sentence() {
    let _alone = alone();
    let fixture = Fixture::new();
    let steps = all_steps(&fixture);
    let seen: BTreeSet<&str> = steps.iter().map(name).collect();
    assert_eq!(seen.len(), VARIANTS.len());
    for step in &steps {
        assert!(is_sentence(&step.to_string()), "{step:?}: {step}");
        for errno in 0..=133 {
            let advice = step.advice(errno);
            assert!(advice.is_empty() || is_sentence(advice), "{step:?} {errno}: '{advice}'");
            assert!(!advice.ends_with('.'), "{step:?} {errno}: '{advice}'");
        }
        assert!(step.calls().iter().all(|call| is_sentence(call)), "{step:?}");
    }
}

/// What a plan names may hold a line feed or an escape of the terminal; no message may.
#[test]
fn control_characters_of_a_plan_do_not_reach_its_messages() {
    let _alone = alone();
    let hostile = "/no\n\u{1b}[31msuch\u{7f}";
    let mut plan = Plan::new(hostile, vec!["x".into()]);
    let text = start::start(&plan, Hooks::default()).map(|p| p.pid()).unwrap_err().to_string();
    assert!(is_sentence(&text) && text.contains("such"), "{text:?}");
    plan.namespaces = Namespaces::MOUNT.with(Namespaces::UTS);
    plan.workdir = Some(hostile.into());
    plan.hostname = Some("a\nb".into());
    plan.domainname = Some("a\u{1b}b".into());
    plan.fs.masked.push(hostile.into());
    plan.fs.mounts.push(Mount {
        kind: MountKind::Bind(hostile.into()),
        target: hostile.into(),
        attributes: 1,
    });
    plan.fs.root = Some(Root::Chroot(hostile.into()));
    for line in start::dry_run(&plan, &Hooks::default()).unwrap() {
        assert!(is_sentence(&line), "{line:?}");
    }
}
