//! A test in a process of its own, and launches through the library whose output is read.
//!
//! Descriptors, children, limits and signals belong to a process: a test that counts or changes them runs alone.
#![allow(dead_code, unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Read;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::Command;

use trace::spawn::error::Error;
use trace::spawn::plan::Plan;
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};

/// Marks the process that runs one test alone.
const ALONE: &str = "TRACE_TEST_ALONE";

/// Runs test `name` of this binary in a process of its own, bounded to a minute: `if alone("name") { return; }`.
///
/// Returns true when that has been done, and false inside that process.
pub fn alone(name: &str) -> bool {
    alone_output(name).is_some()
}

/// The same; what that process printed.
pub fn alone_output(name: &str) -> Option<String> {
    if std::env::var_os(ALONE).is_some() {
        return None;
    }
    let (ended, text) = alone_whatever(name)?;
    assert!(ended && text.contains("1 passed"), "alone:\n{text}");
    Some(text)
}

/// The same for a test whose process need not end well: whether it did, and what it printed.
pub fn alone_whatever(name: &str) -> Option<(bool, String)> {
    if std::env::var_os(ALONE).is_some() {
        return None;
    }
    let mut run = Command::new("timeout");
    run.args(["-k", "5", "60"]).arg(std::env::current_exe().unwrap());
    run.args([name, "--exact", "--nocapture"]).env(ALONE, "1");
    let output = run.output().expect("timeout (package coreutils)");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some((output.status.success(), text))
}

/// A plan of these words; the first is a path.
pub fn plan(words: &[&str]) -> Plan {
    Plan::new(words[0], words.iter().map(Into::into).collect())
}

/// A plan of a shell script.
pub fn shell(script: &str) -> Plan {
    plan(&["/bin/sh", "-c", script])
}

/// Runs `plan` to its end; its standard output without the last newline.
pub fn try_output(plan: &Plan, hooks: Hooks<'_>) -> Result<(Exit, String), Error> {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut plan = plan.clone();
    plan.fds.map.push((1, Some(writer.as_raw_fd())));
    let process = start(&plan, hooks)?;
    drop(writer);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    Ok((process.wait().unwrap(), text.trim_end_matches('\n').to_owned()))
}

/// Standard output of a plan that must start and end with status 0.
pub fn output(plan: &Plan) -> String {
    let (exit, text) = try_output(plan, Hooks::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(exit, Exit::Status(0), "{text}");
    text
}

/// A failed child: the step's sentence, its place, errno and the whole message.
#[derive(Debug)]
pub struct Failed {
    /// The step as it reads.
    pub step: String,
    /// Its place.
    pub index: usize,
    /// The kernel's answer.
    pub errno: i32,
    /// The error's sentence.
    pub text: String,
}

/// The error of a plan whose child must fail in a step.
pub fn failed(plan: &Plan) -> Failed {
    match start(plan, Hooks::default()) {
        Err(ref error @ Error::Child { ref step, index, errno, .. }) => {
            Failed { step: step.to_string(), index, errno, text: error.to_string() }
        }
        Err(error) => panic!("not a step: {error}"),
        Ok(process) => {
            process.destroy();
            panic!("it started");
        }
    }
}

/// Field `number` of /proc/PID/stat, counted from 1 as in proc(5), of its whole text.
pub fn field(stat: &str, number: usize) -> i64 {
    let rest = stat.rsplit_once(')').unwrap_or_else(|| panic!("no stat: {stat}")).1;
    rest.split_whitespace().nth(number - 3).unwrap().parse().unwrap()
}

/// The text of /proc/PID/stat.
pub fn stat(pid: i32) -> String {
    fs::read_to_string(format!("/proc/{pid}/stat")).unwrap()
}

/// A line of a text such as /proc/PID/status: what follows `NAME:`.
pub fn line(text: &str, name: &str) -> String {
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    found.unwrap_or_else(|| panic!("no {name} in {text}")).trim().to_owned()
}

/// A set of bits of /proc/PID/status.
pub fn bits(text: &str, name: &str) -> u64 {
    u64::from_str_radix(&line(text, name), 16).unwrap()
}

/// The open descriptors of this process.
pub fn open_descriptors() -> Vec<(String, String)> {
    let mut list = Vec::new();
    for entry in fs::read_dir("/proc/self/fd").unwrap().flatten() {
        if let Ok(to) = fs::read_link(entry.path()) {
            list.push((entry.file_name().to_string_lossy().into_owned(), to.to_string_lossy().into_owned()));
        }
    }
    // The directory that was just read is not one of them.
    list.retain(|(_, to)| !to.ends_with("/fd"));
    list.sort();
    list
}

/// Whether this process has a child, a zombie among them.
pub fn has_children() -> bool {
    // SAFETY: waitid without a place for its answer writes nothing; WNOWAIT changes nothing.
    let result = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        libc::waitid(libc::P_ALL, 0, &raw mut info, libc::WEXITED | libc::WNOHANG | libc::WNOWAIT)
    };
    result == 0
}

/// A pseudo-terminal: its master and its slave, both close-on-exec.
pub fn pty() -> (OwnedFd, OwnedFd) {
    let (mut master, mut slave) = (-1, -1);
    let none = std::ptr::null_mut();
    // SAFETY: openpty fills the two descriptors; the other pointers may be null.
    let result = unsafe { libc::openpty(&raw mut master, &raw mut slave, none, none.cast(), none.cast()) };
    assert_eq!(result, 0, "openpty: {}", std::io::Error::last_os_error());
    for fd in [master, slave] {
        // SAFETY: a plain system call on our descriptor.
        unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    // SAFETY: both were just made and are ours alone.
    unsafe { (OwnedFd::from_raw_fd(master), OwnedFd::from_raw_fd(slave)) }
}

/// PR_GET_DUMPABLE of this process.
pub fn dumpable() -> i32 {
    // SAFETY: a plain system call.
    unsafe { libc::prctl(libc::PR_GET_DUMPABLE, 0, 0, 0, 0) }
}
