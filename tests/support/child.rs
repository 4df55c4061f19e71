//! Launches through the library: small plans, what their programs print, and what /proc says about them.
#![allow(unsafe_code)]

use std::fs::{self, File};
use std::io::Read;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;
use std::process::Command;

use trace::spawn::error::Error;
use trace::spawn::plan::{FilterInsn, Plan};
use trace::spawn::process::{Exit, Process};
use trace::spawn::start::{Hooks, start};

use super::{serial, spawn};

/// Marks a test that has a process of its own.
const ALONE: &str = "TRACE_TEST_ALONE";

/// Runs test `name` of this binary in a process of its own, where no other test opens descriptors or
/// starts children: `if alone("name") { return; }`.
pub fn alone(name: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return false;
    }
    let mut run = Command::new(std::env::current_exe().unwrap());
    let output = run.args([name, "--exact", "--nocapture"]).env(ALONE, "1").output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "alone:\n{text}");
    true
}

/// A plan of `sh -c SCRIPT`.
pub fn sh(script: &str) -> Plan {
    program("/bin/sh", &["sh", "-c", script])
}

/// A plan of the program at `path`.
pub fn program(path: &str, argv: &[&str]) -> Plan {
    Plan::new(path, argv.iter().map(Into::into).collect())
}

/// Two ends of a pipe that close on exec.
pub fn pipe() -> (File, OwnedFd) {
    let (read, write) = std::io::pipe().unwrap();
    (File::from(OwnedFd::from(read)), OwnedFd::from(write))
}

/// Starts `plan` with its standard output in a pipe.
pub fn piped(plan: &Plan, hooks: Hooks<'_>) -> Result<(Process, File), Error> {
    let (read, write) = pipe();
    let mut plan = plan.clone();
    plan.fds.map.push((1, Some(write.as_raw_fd())));
    Ok((start(&plan, hooks)?, read))
}

/// Everything that is left in a pipe.
pub fn rest(mut pipe: File) -> String {
    let mut text = String::new();
    pipe.read_to_string(&mut text).unwrap();
    text
}

/// What the program of `plan` prints, and how it ends; the launch must succeed.
pub fn output(plan: &Plan) -> (String, Exit) {
    let (process, pipe) = piped(plan, Hooks::default()).unwrap_or_else(|error| panic!("{error}"));
    let text = rest(pipe);
    (text, process.wait().unwrap())
}

/// The sentence of a launch that must fail.
pub fn failure(plan: &Plan) -> String {
    match start(plan, Hooks::default()) {
        Err(error) => error.to_string(),
        Ok(process) => {
            process.destroy();
            panic!("{:?} was started", plan.program);
        }
    }
}

/// A field of /proc/PID/status, `self` for this process.
pub fn status(pid: impl std::fmt::Display, name: &str) -> String {
    field(&fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default(), name)
}

/// A field of a text in the shape of /proc/PID/status.
pub fn field(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The namespace of `kind` that a process is in.
pub fn namespace(pid: impl std::fmt::Display, kind: &str) -> String {
    let link = fs::read_link(format!("/proc/{pid}/ns/{kind}")).unwrap_or_default();
    link.to_string_lossy().into_owned()
}

/// The open descriptors of this process with their targets.
pub fn open_fds() -> Vec<String> {
    let shown = |entry: fs::DirEntry| {
        let target = fs::read_link(entry.path()).ok()?;
        Some(format!("{} {}", entry.file_name().to_string_lossy(), target.display()))
    };
    let mut all: Vec<String> = fs::read_dir("/proc/self/fd").unwrap().flatten().filter_map(shown).collect();
    // The directory itself, while it is read.
    all.retain(|line| !line.contains("/proc/"));
    all.sort();
    all
}

/// The mount point of cgroup2, and the program's own group below it.
pub fn cgroup2() -> Option<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let line = mounts.lines().find(|line| line.contains(" - cgroup2 "))?;
    line.split(' ').nth(4).map(PathBuf::from)
}

/// Whether cgroup2 is mounted; says that it is missing otherwise.
pub fn needs_cgroup2(test: &str) -> bool {
    let mounted = cgroup2().is_some();
    if !mounted {
        super::missing(test, "a mounted cgroup2 hierarchy");
    }
    mounted
}

/// A cgroup2 directory that is removed on drop.
pub struct Group(pub PathBuf);

impl Group {
    /// A new group at the top of the hierarchy; `None` after saying what is missing.
    pub fn new(test: &str) -> Option<Self> {
        needs_cgroup2(test).then_some(())?;
        let point = cgroup2()?;
        let dir = point.join(group_name());
        fs::create_dir(&dir).unwrap();
        Some(Self(dir))
    }

    /// The directory, open.
    pub fn open(&self) -> File {
        File::open(&self.0).unwrap()
    }

    /// Its name, as /proc/PID/cgroup ends.
    pub fn name(&self) -> String {
        self.0.file_name().unwrap().to_string_lossy().into_owned()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// A name of a cgroup that no other test uses.
pub fn group_name() -> String {
    format!("trace-rows-{}-{}", std::process::id(), serial())
}

/// A filter that answers each of `calls` (native numbers) with its verdict and allows the rest.
pub fn filter(calls: &[(i64, u32)]) -> Vec<FilterInsn> {
    let insn = |code, jt, jf, k| FilterInsn { code, jt, jf, k };
    // Load the number of the call; offset 0 of struct seccomp_data.
    let mut program = vec![insn(0x20, 0, 0, 0)];
    for &(number, verdict) in calls {
        program.push(insn(0x15, 0, 1, number as u32));
        program.push(insn(0x06, 0, 0, verdict));
    }
    program.push(insn(0x06, 0, 0, libc::SECCOMP_RET_ALLOW));
    program
}

/// The verdict "fail with this errno".
pub const fn errno(errno: i32) -> u32 {
    libc::SECCOMP_RET_ERRNO | errno as u32
}

/// `trace spawn ARGS` under `filter`: what it prints to both outputs, and how it ends.
pub fn spawn_under(filter: Vec<FilterInsn>, args: &[&str]) -> (String, Exit) {
    let binary = spawn::binary();
    let mut argv = vec![binary.to_str().unwrap(), "spawn"];
    argv.extend(args);
    let mut plan = program(argv[0], &argv);
    plan.seccomp = Some(filter);
    let (read, write) = pipe();
    plan.fds.map = vec![(1, Some(write.as_raw_fd())), (2, Some(write.as_raw_fd()))];
    let process = start(&plan, Hooks::default()).unwrap();
    drop(write);
    (rest(read), process.wait().unwrap())
}

/// An anonymous file in memory with `content`, close-on-exec.
pub fn memory_file(content: &[u8]) -> OwnedFd {
    // SAFETY: the name is a C string, and the call makes a new descriptor.
    let fd = unsafe { libc::memfd_create(c"program".as_ptr(), libc::MFD_CLOEXEC) };
    assert!(fd >= 0, "memfd_create");
    // SAFETY: the descriptor was just made and is ours alone.
    let fd = unsafe { OwnedFd::from_raw_fd(fd) };
    fs::write(format!("/proc/self/fd/{}", fd.as_raw_fd()), content).unwrap();
    fd
}

/// A filter that answers `call` with `verdict` when the low half of its argument number `place` is `value`.
pub fn filter_argument(call: i64, place: u32, value: u32, verdict: u32) -> Vec<FilterInsn> {
    let insn = |code, jt, jf, k| FilterInsn { code, jt, jf, k };
    vec![
        insn(0x20, 0, 0, 0),
        insn(0x15, 0, 3, call as u32),
        // The arguments of struct seccomp_data begin at offset 16.
        insn(0x20, 0, 0, 16 + 8 * place),
        insn(0x15, 0, 1, value),
        insn(0x06, 0, 0, verdict),
        insn(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}
