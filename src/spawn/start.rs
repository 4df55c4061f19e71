//! The parent's side of a launch: clone, id maps, the words that let the child go on, its report.

use std::ffi::{CString, OsString};
use std::fs;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::FileExt;
use std::process::Command;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::check;
use super::child::{self, Child, clone::How};
use super::compile::{self, Host};
use super::error::Error;
use super::idmap::{self, Range};
use super::namespaces::Namespaces;
use super::plan::{IdMaps, Plan, Program, Traced};
use super::process::Process;
use super::step::Step;
use crate::sys::{channel, limits, process, signal};

/// What the parent does while the child waits. Each may refuse; the child is then killed and reaped.
#[derive(Default)]
pub struct Hooks<'a> {
    /// Before the child's first step, when its ids are mapped: join cgroups.
    pub joining: Option<&'a mut dyn FnMut(i32) -> Result<(), Error>>,
    /// After the last step of set-up, before tracing and execve.
    pub sync: Option<&'a mut dyn FnMut(i32) -> Result<(), String>>,
}

impl std::fmt::Debug for Hooks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hooks {{ joining: {}, sync: {} }}", self.joining.is_some(), self.sync.is_some())
    }
}

/// No two launches of this process clone at once, so that no child holds the other's channel open.
static CLONING: Mutex<()> = Mutex::new(());

fn c_strings(strings: &[OsString]) -> Result<Vec<CString>, Error> {
    strings.iter().map(|s| CString::new(s.clone().into_vec()).map_err(|_| Error::Nul(s.clone()))).collect()
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
}

fn parents_error(what: impl Into<String>, advice: &'static str) -> impl FnOnce(io::Error) -> Error {
    let what = what.into();
    move |error| Error::Parent { what, error, advice }
}

/// Whether the descriptor to execute begins with `#!`.
fn is_script(program: &Program) -> bool {
    let Program::Fd(fd) = program else { return false };
    let mut head = [0; 2];
    fs::File::open(format!("/proc/self/fd/{fd}")).is_ok_and(|file| file.read_exact_at(&mut head, 0).is_ok())
        && &head == b"#!"
}

/// What of this process a launch of `plan` depends on.
pub(super) fn host(plan: &Plan, hooks: &Hooks<'_>) -> Host {
    let at_clone = compile::at_clone(plan);
    Host {
        mask: signal::mask(),
        nofile: limits::original_nofile(),
        synchronize: hooks.sync.is_some(),
        await_parent: hooks.joining.is_some() || plan.maps.is_some() && at_clone.has(Namespaces::USER),
        script: is_script(&plan.program),
    }
}

/// The steps that a launch of `plan` would take, one sentence each.
///
/// # Errors
/// What [`check::check`] finds, and NUL bytes.
pub fn dry_run(plan: &Plan, hooks: &Hooks<'_>) -> Result<Vec<String>, Error> {
    check::check(plan).map_err(Error::Invalid)?;
    let host = host(plan, hooks);
    let how = if compile::may_vfork(plan, &host) { "vfork" } else { "fork" };
    let namespaces = compile::at_clone(plan);
    let mut lines = vec![match namespaces.is_empty() {
        true => format!("clone as {how}"),
        false => format!("clone as {how} with new namespaces {namespaces}"),
    }];
    lines.extend(compile::compile(plan, &host)?.list.iter().map(Step::to_string));
    Ok(lines)
}

/// Starts `plan`. When this returns the program runs (or has stopped, as its tracing says).
///
/// # Errors
/// Every variant of [`Error`]; then no process, descriptor, mount or namespace is left.
pub fn start(plan: &Plan, mut hooks: Hooks<'_>) -> Result<Process, Error> {
    check::check(plan).map_err(Error::Invalid)?;
    let host = host(plan, &hooks);
    let steps = compile::compile(plan, &host)?;
    let argv = c_strings(&plan.argv)?;
    let argv = (pointers(&argv), argv);
    let env = plan.env.as_deref().map(c_strings).transpose()?.map(|env| (pointers(&env), env));
    let vfork = compile::may_vfork(plan, &host);
    let how = How {
        namespaces: compile::at_clone(plan).bits(),
        cgroup: plan.cgroup,
        vfork,
        owner: plan.userns_owner,
    };
    let mut slots = vec![-1; steps.slots];
    let mut moved = vec![-1; plan.fds.map.len()];
    let exec_fd = if let Program::Fd(fd) = plan.program { fd } else { -1 };
    let mut child = Child {
        steps: &steps.list,
        argv: argv.0.as_ptr(),
        env: env.as_ref().map_or_else(child::environment, |env| env.0.as_ptr()),
        channel: -1,
        parents_end: -1,
        parent: std::process::id() as i32,
        dispositions: signal::at_start(),
        reset_handlers: false,
        // A traced child that cannot execute ends as under strace.
        status: if plan.traced == Traced::BeforeExec { 1 } else { child::FAILED },
        umask: 0,
        slots: &mut slots,
        moved: &mut moved,
        exec_fd,
        failure: [AtomicI32::new(-1), AtomicI32::new(0), AtomicI32::new(0)],
    };
    let clone_error = |error: io::Error| clone_error(plan, error);
    if vfork {
        let (pid, pidfd) = child::clone::clone(&mut child, how).map_err(clone_error)?;
        let report = child.failure.each_ref().map(|slot| slot.load(Ordering::Acquire));
        let process = Process::new(pid, pidfd, None, Vec::new());
        return match report[0] {
            -1 => Ok(process),
            _ => {
                process.reap();
                Err(failure(&steps.list, report))
            }
        };
    }
    let guard = CLONING.lock().unwrap_or_else(PoisonError::into_inner);
    let (ours, theirs) = channel::pair().map_err(parents_error("make the channel to the child", ""))?;
    child.channel = theirs.as_raw_fd();
    child.parents_end = ours.as_raw_fd();
    let (pid, pidfd) = child::clone::clone(&mut child, how).map_err(clone_error)?;
    drop((theirs, guard));
    let guard = KillOnUnwind(pid);
    let talk = converse(plan, &host, &mut hooks, pid, &ours, &steps.list);
    std::mem::forget(guard);
    let process = Process::new(pid, pidfd, Some(ours), steps.list.clone());
    match talk {
        Ok(()) => Ok(process),
        Err(error) => {
            // What the child had to say before it left is the better reason.
            let said = process.failure();
            process.destroy();
            Err(if matches!(error, Error::Sync(_)) { error } else { said.unwrap_or(error) })
        }
    }
}

/// Runs `steps` in this process, which must have no other thread, without a clone and without an execve.
///
/// # Errors
/// The step that failed; those before it are done.
pub(super) fn apply(steps: &compile::Steps) -> Result<(), Error> {
    let mut slots = vec![-1; steps.slots];
    let mut child = Child {
        steps: &steps.list,
        argv: std::ptr::null(),
        env: std::ptr::null(),
        channel: -1,
        parents_end: -1,
        parent: 0,
        dispositions: signal::at_start(),
        reset_handlers: false,
        status: child::FAILED,
        umask: 0,
        slots: &mut slots,
        moved: &mut [],
        exec_fd: -1,
        failure: [AtomicI32::new(-1), AtomicI32::new(0), AtomicI32::new(0)],
    };
    child.here().map_err(|report| failure(&steps.list, report))
}

/// Kills and reaps the child when the parent's own function panics.
struct KillOnUnwind(i32);

impl Drop for KillOnUnwind {
    fn drop(&mut self) {
        signal::kill(self.0, libc::SIGKILL).ok();
        Process::new(self.0, None, None, Vec::new()).reap();
    }
}

/// Maps ids, lets the child go on, runs the parent's function, waits for its execve or stop.
fn converse(
    plan: &Plan,
    host: &Host,
    hooks: &mut Hooks<'_>,
    pid: i32,
    channel: &OwnedFd,
    steps: &[Step],
) -> Result<(), Error> {
    let say = |word| channel::send(channel, word).map_err(parents_error("speak to the child", ""));
    let hear = || channel::receive(channel, true).map_err(parents_error("hear from the child", ""));
    if host.await_parent {
        if let Some(maps) = &plan.maps
            && compile::at_clone(plan).has(Namespaces::USER)
        {
            write_maps(pid, maps)?;
        }
        if let Some(joining) = &mut hooks.joining {
            joining(pid)?;
        }
        say(0)?;
    }
    if let Some(sync) = &mut hooks.sync {
        match hear()? {
            Some([-1, ..]) => sync(pid).map_err(Error::Sync)?,
            Some(report) => return Err(failure(steps, report)),
            None => return Err(Error::Gone("before it was set up".into())),
        }
        say(0)?;
    }
    if plan.traced == Traced::BeforeExec {
        return Ok(());
    }
    hear()?.map_or(Ok(()), |report| Err(failure(steps, report)))
}

/// The error of a child's report.
pub(super) fn failure(steps: &[Step], [index, errno, call]: [i32; 3]) -> Error {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    match steps.get(index) {
        Some(step) => {
            let call = usize::try_from(call).ok().and_then(|call| step.calls().get(call)).copied();
            Error::Child { step: Box::new(step.clone()), index, call, errno }
        }
        None => Error::Gone(format!("with a report of step {index}")),
    }
}

fn clone_error(plan: &Plan, error: io::Error) -> Error {
    let namespaces = compile::at_clone(plan);
    let what = if namespaces.is_empty() {
        "start a process".to_owned()
    } else {
        format!("start a process with new namespaces {namespaces}")
    };
    let advice = match error.raw_os_error() {
        Some(libc::EPERM) if namespaces.has(Namespaces::USER) => {
            "user namespaces are not allowed here (a sysctl, an LSM or a chroot forbids them)"
        }
        Some(libc::EPERM | libc::EACCES) if plan.cgroup.is_some() => {
            "the cgroup and its nearest common ancestor with the caller's must be writable"
        }
        Some(libc::EPERM) => {
            "new namespaces need CAP_SYS_ADMIN: run as root or add --unshare user --map-root"
        }
        Some(libc::EBADF) if plan.cgroup.is_some() => "the cgroup is no directory of a cgroup2 filesystem",
        Some(libc::EBUSY) if plan.cgroup.is_some() => {
            "the cgroup hands controllers on to its children and takes no processes itself: name a child"
        }
        Some(libc::ENOENT | libc::ENODEV) if plan.cgroup.is_some() => {
            "the cgroup has been removed meanwhile: make it again"
        }
        Some(libc::ENOSPC) => "the limit of namespaces is reached: see /proc/sys/user",
        Some(libc::EAGAIN) => "the limit of processes is reached (RLIMIT_NPROC, pids.max or the kernel's)",
        Some(libc::EINVAL) if !namespaces.is_empty() => "the kernel lacks one of these namespaces",
        _ => "",
    };
    Error::Parent { what, error, advice }
}

const MAP_ADVICE: &str = "without privilege only your own id can be mapped, once, with setgroups denied; \
     for more install newuidmap and newgidmap (package uidmap) and rows in /etc/subuid and /etc/subgid";

fn write_maps(pid: i32, maps: &IdMaps) -> Result<(), Error> {
    let write = |file: &str, text: &[u8]| {
        let path = format!("/proc/{pid}/{file}");
        let opened = fs::OpenOptions::new().write(true).open(&path);
        // The kernel takes no second write: short ones are failures.
        opened.and_then(|mut file| file.write_all(text))
    };
    let failed = |file: &str| parents_error(format!("write the {file} of the child"), MAP_ADVICE);
    if !maps.uid.is_empty() {
        let result = write("uid_map", &idmap::text(&maps.uid));
        or_helper(result, "newuidmap", pid, &maps.uid).map_err(failed("uid_map"))?;
    }
    if !maps.gid.is_empty() {
        let word: &[u8] = if maps.setgroups { b"allow" } else { b"deny" };
        match write("setgroups", word) {
            // Kernels before 3.19 have no such file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other.map_err(failed("setgroups"))?,
        }
        let result = write("gid_map", &idmap::text(&maps.gid));
        or_helper(result, "newgidmap", pid, &maps.gid).map_err(failed("gid_map"))?;
    }
    Ok(())
}

/// Where the kernel refuses and we are not root, the set-uid helper of shadow-utils may do it.
fn or_helper(result: io::Result<()>, helper: &str, pid: i32, ranges: &[Range]) -> io::Result<()> {
    let Err(error) = result else { return Ok(()) };
    if error.raw_os_error() != Some(libc::EPERM) || process::effective_uid() == 0 {
        return Err(error);
    }
    let numbers = ranges.iter().flat_map(|r| [r.inside, r.outside, r.count]).map(|n| n.to_string());
    match Command::new(helper).arg(pid.to_string()).args(numbers).output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(error),
    }
}
