//! Launch row 21: descriptors of the child, whatever their numbers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(unsafe_code)]

#[path = "support/alone.rs"]
mod alone;
mod support;

use std::fs::{self, File};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use alone::{alone, failed, plan, shell, try_output};
use support::TempDir;
use support::spawn::{refused, spawned};
use trace::spawn::check::Invalid;
use trace::spawn::error::Error;
use trace::spawn::plan::{Plan, Program};
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};

/// How many low descriptors are permuted.
const COUNT: usize = 6;

/// Files that stand as this process's descriptors 0 to 5, close-on-exec; dropping it puts back what was there.
struct Low {
    files: Vec<File>,
    saved: Vec<i32>,
    _dir: TempDir,
}

impl Low {
    /// `open` says which numbers have a file; the others are closed.
    fn new(open: [bool; COUNT]) -> Low {
        let dir = TempDir::new("row21");
        let file = |n: usize| {
            let path = dir.join(&n.to_string());
            fs::OpenOptions::new().read(true).append(true).create(true).open(path).unwrap()
        };
        let files: Vec<File> = (0..COUNT).map(|n| raise(&file(n)).into()).collect();
        let mut saved = Vec::new();
        for n in 0..COUNT as i32 {
            // SAFETY: plain system calls; descriptors are saved before they are replaced.
            unsafe {
                saved.push(libc::fcntl(n, libc::F_DUPFD_CLOEXEC, 200));
                libc::close(n);
                if open[n as usize] {
                    libc::dup3(files[n as usize].as_raw_fd(), n, libc::O_CLOEXEC);
                }
            }
        }
        Low { files, saved, _dir: dir }
    }

    /// What was written to file `n` since the last question.
    fn take(&self, n: usize) -> String {
        let path = format!("/proc/self/fd/{}", self.files[n].as_raw_fd());
        let text = fs::read_to_string(path).unwrap();
        self.files[n].set_len(0).unwrap();
        text
    }
}

impl Drop for Low {
    fn drop(&mut self) {
        for (n, &saved) in self.saved.iter().enumerate() {
            // SAFETY: plain system calls; the saved descriptors are ours.
            unsafe {
                libc::close(n as i32);
                if saved >= 0 {
                    libc::dup2(saved, n as i32);
                    libc::close(saved);
                }
            }
        }
    }
}

/// A copy of a descriptor far above those that tests use.
fn raise(file: &impl AsRawFd) -> OwnedFd {
    // SAFETY: the new descriptor is ours alone.
    unsafe { OwnedFd::from_raw_fd(libc::fcntl(file.as_raw_fd(), libc::F_DUPFD_CLOEXEC, 100)) }
}

/// Every order of 0 to 5.
fn permutations() -> Vec<[i32; COUNT]> {
    let mut all = Vec::new();
    for code in 0..6i32.pow(COUNT as u32) {
        let order: [i32; COUNT] = std::array::from_fn(|at| code / 6i32.pow(at as u32) % 6);
        if (0..6).all(|n| order.contains(&n)) {
            all.push(order);
        }
    }
    all
}

/// Runs a launch as a vfork or, with a hook, as a fork that has a channel.
fn run(plan: &Plan, fork: bool) -> Result<Exit, Error> {
    let mut nothing = |_: i32| Ok(());
    let hooks = Hooks { joining: None, sync: if fork { Some(&mut nothing) } else { None } };
    start(plan, hooks).map(|process| process.wait().unwrap())
}

/// Writes its own number to each of these descriptors.
fn numbered(fds: &[i32]) -> Plan {
    let words: Vec<String> = fds.iter().map(|fd| format!("echo {fd} >&{fd}")).collect();
    shell(&words.join(" && "))
}

#[test]
fn row_21_fds_every_permutation_of_0_to_5() {
    const TEST: &str = "row_21_fds_every_permutation_of_0_to_5";
    if alone(TEST) {
        return;
    }
    let low = Low::new([true; COUNT]);
    let mut wrong = Vec::new();
    let all = permutations();
    for (turn, order) in all.iter().enumerate() {
        // A prime step: every kind of cycle comes along both ways.
        for fork in [false, true] {
            if turn % if fork { 11 } else { 3 } != 0 {
                continue;
            }
            let mut plan = numbered(&[0, 1, 2, 3, 4, 5]);
            plan.fds.map = (0..6).zip(order.iter().copied().map(Some)).collect();
            let exit = run(&plan, fork);
            let got: Vec<String> = (0..COUNT).map(|n| low.take(n)).collect();
            let want: Vec<String> =
                (0..6).map(|n| format!("{}\n", order.iter().position(|&from| from == n).unwrap())).collect();
            if got != want || !matches!(exit, Ok(Exit::Status(0))) {
                wrong.push(format!("{order:?} fork {fork}: {got:?} {exit:?}"));
            }
        }
    }
    drop(low);
    assert_eq!(all.len(), 720);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn row_21_fds_the_channel_gives_way_to_targets() {
    const TEST: &str = "row_21_fds_the_channel_gives_way_to_targets";
    if alone(TEST) {
        return;
    }
    // 3 and 4 are free, and so the numbers of a fork's channel.
    let low = Low::new([true, true, true, false, false, true]);
    let mut plan = numbered(&[0, 1, 2, 3, 4, 5]);
    plan.fds.map = vec![(3, Some(5)), (4, Some(0)), (5, Some(1)), (1, Some(2)), (0, Some(5)), (2, Some(2))];
    let exits = [run(&plan, false), run(&plan, true)];
    let got: Vec<String> = (0..COUNT).map(|n| low.take(n)).collect();
    // And the report of a failed execve finds its way: not over a descriptor of the program.
    plan.program = Program::Path("/".into());
    let errors =
        [run(&plan, false), run(&plan, true)].map(|result| result.map_err(|error| error.to_string()));
    let after: Vec<String> = (0..COUNT).map(|n| low.take(n)).collect();
    drop(low);
    assert!(exits.iter().all(|exit| matches!(exit, Ok(Exit::Status(0)))), "{exits:?}");
    assert_eq!(got, ["4\n4\n", "5\n5\n", "1\n2\n1\n2\n", "", "", "0\n3\n0\n3\n"]);
    for error in errors {
        assert!(
            error.as_ref().is_err_and(|text| text.starts_with("cannot execute '/': Permission denied")),
            "{error:?}"
        );
    }
    assert!(after.iter().all(String::is_empty), "{after:?}");
}

#[test]
fn row_21_fds_a_source_that_is_not_open_is_not_the_channel() {
    const TEST: &str = "row_21_fds_a_source_that_is_not_open_is_not_the_channel";
    if alone(TEST) {
        return;
    }
    let low = Low::new([true, true, true, false, false, false]);
    let mut errors = Vec::new();
    for source in 3..6 {
        for target in [3, 4, 5, 9] {
            for fork in [false, true] {
                let mut plan = shell("sleep 2");
                plan.fds.map = vec![(target, Some(source))];
                errors.push((source, target, fork, run(&plan, fork).map_err(|error| error.to_string())));
            }
        }
    }
    drop(low);
    for (source, target, fork, result) in errors {
        let bad = result
            .as_ref()
            .is_err_and(|text| text.contains("Bad file descriptor") && text.contains("not open"));
        assert!(bad, "{target}={source} fork {fork}: {result:?}");
    }
}

#[test]
fn row_21_fds_close_keep_and_clear_close_on_exec() {
    let null = raise(&File::open("/dev/null").unwrap());
    let number = null.as_raw_fd();
    let script = format!("for fd in 0 7 {number}; do [ -e /proc/$$/fd/$fd ] && echo $fd; done; true");
    let mut plan = shell(&script);
    assert_eq!(alone::output(&plan), "0", "close-on-exec is what it was");
    plan.fds.map = vec![(number, Some(number))];
    assert_eq!(alone::output(&plan), format!("0\n{number}"), "its own number clears the flag");
    plan.fds.map = vec![(7, Some(number)), (0, None)];
    assert_eq!(alone::output(&plan), "7", "None closes");
    plan.fds.map = vec![(7, None)];
    assert_eq!(alone::output(&plan), "0", "what is not open can be closed too");
    // One source for several numbers.
    plan.fds.map = vec![(7, Some(number)), (number, Some(number)), (0, Some(number))];
    assert_eq!(alone::output(&plan), format!("0\n7\n{number}"));
}

#[test]
fn row_21_fds_only_those_listed() {
    let null = raise(&File::open("/dev/null").unwrap());
    // SAFETY: a plain system call on our descriptor; others may inherit it for a moment.
    unsafe { libc::fcntl(null.as_raw_fd(), libc::F_SETFD, 0) };
    for fork in [false, true] {
        let mut plan = shell("exec ls /proc/self/fd");
        plan.fds.only_listed = true;
        plan.fds.map = vec![(5, Some(null.as_raw_fd())), (9, Some(null.as_raw_fd()))];
        let mut nothing = |_: i32| Ok(());
        let hooks = Hooks { joining: None, sync: if fork { Some(&mut nothing) } else { None } };
        let (_, text) = try_output(&plan, hooks).unwrap();
        // ls has the directory open as 3.
        assert_eq!(text, "0\n1\n2\n3\n5\n9", "fork {fork}");
    }
    drop(null);
    assert_eq!(
        spawned(&["--close-fds", "--fd", "4=0", "--", "sh", "-c", "exec ls /proc/self/fd"]),
        "0\n1\n2\n3\n4"
    );
}

#[test]
fn row_21_fds_from_the_command_line() {
    let text = spawned(
        &["--fd", "3=1", "--fd", "1=2", "--fd", "2=3", "--", "true"]
            .map(|word| word.replace("2=3", "5=-"))
            .each_ref()
            .map(String::as_str),
    );
    assert_eq!(text, "");
    assert_eq!(spawned(&["--fd", "7=1", "--", "sh", "-c", "echo seven >&7"]), "seven");
    // A swap of output and error.
    let output =
        support::spawn::spawn(&["--fd", "1=2", "--fd", "2=1", "--", "sh", "-c", "echo out; echo err >&2"]);
    assert_eq!((output.stdout, output.stderr), (b"err\n".to_vec(), b"out\n".to_vec()));
    for (option, part) in [
        ("3", "N=M is wanted"),
        ("a=1", "N=M is wanted"),
        ("3=x", "N=M is wanted"),
        ("-1=0", "numbers from 0"),
        ("3=-2", "numbers from 0"),
        ("3=77", "not open"),
        ("2147483647=0", "descriptor"),
        ("900000000=0", "limit of open files"),
    ] {
        let text = refused(&["--fd", option, "--", "true"]);
        assert!(text.contains(part) && !text.contains("panicked"), "{option}: {text}");
    }
    let twice = refused(&["--fd", "3=0", "--fd", "3=1", "--", "true"]);
    assert!(twice.contains("descriptor 3 of the program is given twice"), "{twice}");
    let mut bad = plan(&["/bin/true"]);
    bad.fds.map = vec![(3, Some(-1))];
    assert!(matches!(start(&bad, Hooks::default()), Err(Error::Invalid(Invalid::Descriptor(-1)))));
}

#[test]
fn row_21_fds_the_executed_descriptor_gives_way() {
    let file = raise(&File::open("/bin/echo").unwrap());
    let null = raise(&File::open("/dev/null").unwrap());
    for fork in [false, true] {
        let mut plan = plan(&["echo", "executed"]);
        plan.program = Program::Fd(file.as_raw_fd());
        plan.fds.map =
            vec![(file.as_raw_fd(), Some(null.as_raw_fd())), (null.as_raw_fd(), Some(file.as_raw_fd()))];
        let mut nothing = |_: i32| Ok(());
        let hooks = Hooks { joining: None, sync: if fork { Some(&mut nothing) } else { None } };
        assert_eq!(try_output(&plan, hooks).unwrap(), (Exit::Status(0), "executed".to_owned()));
    }
    // It does not stay open in the program.
    let list = raise(&File::open("/bin/ls").unwrap());
    let mut plan = plan(&["ls", "/proc/self/fd"]);
    plan.program = Program::Fd(list.as_raw_fd());
    let text = alone::output(&plan);
    assert!(!text.lines().any(|line| line == list.as_raw_fd().to_string()), "{text}");
    plan.program = Program::Fd(7000);
    assert_eq!(failed(&plan).errno, libc::EBADF);
}
