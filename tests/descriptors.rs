//! `-yy`: sockets with their addresses, devices, pidfds and signalfds, as strace has them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::path::Path;
use std::process::Command;

use support::log::without_numbers;
use support::{TempDir, is_stand_in, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const PYTHON: &str = "/usr/bin/python3";

/// The script's lines from its first socket on, without numbers that two runs do not share.
fn log(tracer: &str, options: &[&str]) -> Vec<String> {
    let dir = TempDir::new("descriptors");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/descriptors.py");
    let mut command = Command::new(tracer);
    command.args(options).args(["-o", "log", PYTHON]).arg(script).current_dir(dir.join("."));
    assert!(command.status().unwrap().success());
    let text = std::fs::read_to_string(dir.join("log")).unwrap();
    let lines = text.lines().map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '));
    let noise = ["mmap(", "munmap(", "brk(", "rt_sig", "--- "];
    let own = lines.skip_while(|line| !line.starts_with("socket("));
    let own = own.filter(|line| !noise.iter().any(|name| line.starts_with(name)));
    let dir = dir.join("log").parent().unwrap().display().to_string();
    let plain = own.map(|line| without_numbers(&without_port(&line.replace(&dir, "DIR")), 4));
    // Padding depends on the width of what was cut.
    plain.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// A line without the netlink port of the process, which is its id, of however many digits.
fn without_port(line: &str) -> String {
    let mut out = line.to_owned();
    for head in ["NETLINK:[ROUTE:", "nl_pid="] {
        let mut from = 0;
        while let Some(at) = out[from..].find(head).map(|at| from + at + head.len()) {
            let digits = out[at..].bytes().take_while(u8::is_ascii_digit).count();
            // None is no port.
            if out[at..at + digits] != *"0" {
                out.replace_range(at..at + digits, "PORT");
            }
            from = at;
        }
    }
    out
}

#[test]
fn descriptors_are_told_as_strace_tells_them() {
    let test = "descriptors_are_told_as_strace_tells_them";
    if !Path::new("/usr/bin/strace").exists() {
        return missing(test, "strace");
    }
    if !Path::new(PYTHON).exists() {
        return missing(test, "python3");
    }
    for options in [&["-yy"][..], &["-yy", "-e", "trace=%network,write"], &["--decode-fds=socket"]] {
        let (theirs, ours) = (log("/usr/bin/strace", options), log(TRACE, options));
        assert!(theirs.iter().any(|line| line.contains("<TCP:[127.0.0.1:N->127.0.0.1:N]>")), "{theirs:#?}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            // What eventfds count is told since strace 6.10.
            let (start, end) = ours.split_once("<{eventfd-").unwrap_or((ours, ""));
            let old = end.split_once("}>").map(|(_, end)| format!("{start}<anon_inode:[eventfd]>{end}"));
            assert_eq!(old.as_ref().unwrap_or(ours), theirs, "{options:?}");
        }
        assert_eq!(ours.len(), theirs.len());
    }
}

#[test]
fn a_signalfd_tells_its_signals() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("signalfd");
    let log = dir.join("log");
    // signalfd4(2) with SIGINT and SIGUSR1, then with SIGINT alone on the same descriptor.
    let script = "$set = pack('Q', 0x202); $fd = syscall(289, -1, $set, 8, 0); $set = pack('Q', 2); \
        syscall(289, $fd, $set, 8, 0); syscall(3, $fd)";
    let options = ["-yy", "-e", "trace=signalfd4,close", "-o"];
    let status = Command::new(TRACE).args(options).arg(&log).args(["/usr/bin/perl", "-e", script]).status();
    assert!(status.unwrap().success());
    let text = std::fs::read_to_string(log).unwrap();
    assert!(text.contains("signalfd4(-1, [INT USR1], 8, 0)"), "{text}");
    assert!(text.contains("= 3<signalfd:[INT USR1]>"), "{text}");
    assert!(text.contains("close(3<signalfd:[INT]>)"), "{text}");
}

#[test]
fn an_eventfd_tells_its_counter() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("eventfd");
    let log = dir.join("log");
    // eventfd2(2) with 18 and EFD_SEMAPHORE, then with nothing.
    let script = "$fd = syscall(290, 18, 1); syscall(3, $fd); $fd = syscall(290, 0, 0); syscall(3, $fd)";
    for option in ["-yy", "--decode-fds=eventfd"] {
        let options = [option, "-e", "trace=eventfd2,close", "-o"];
        let status =
            Command::new(TRACE).args(options).arg(&log).args(["/usr/bin/perl", "-e", script]).status();
        assert!(status.unwrap().success());
        let text = std::fs::read_to_string(&log).unwrap();
        // The number of the object is the kernel's; Linux before 6.5 does not tell of semaphores.
        let told: Vec<_> = text.lines().filter_map(|line| line.split_once("<{eventfd-")).collect();
        assert_eq!(told.len(), 4, "{text}");
        for (at, (_, told)) in told.iter().enumerate() {
            let (count, rest) = told.split_once(", eventfd-id=").unwrap();
            assert_eq!(count, if at < 2 { "count=0x12" } else { "count=0" }, "{text}");
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            let semaphore = rest.strip_prefix(", eventfd-semaphore=");
            let end =
                semaphore.map_or(rest, |rest| rest.strip_prefix(if at < 2 { '1' } else { '0' }).unwrap());
            assert!(end.starts_with("}>"), "{text}");
        }
    }
}

/// Terminals and sound devices share numbers of commands; strace tells them apart since 6.2.
#[test]
fn a_shared_command_is_named_by_what_is_open() {
    if is_stand_in() {
        return;
    }
    if !Path::new(PYTHON).exists() {
        return missing("a_shared_command_is_named_by_what_is_open", "python3");
    }
    let dir = TempDir::new("shared");
    let log = dir.join("log");
    let script = "import fcntl,pty,termios,os\n_,s=pty.openpty()\nn=os.open('/dev/null',0)\n\
        a=termios.tcgetattr(s)\ntermios.tcsetattr(s,termios.TCSADRAIN,a)\n\
        try: fcntl.ioctl(n,termios.TCSETSW,bytes(36))\nexcept OSError: pass";
    let options = ["-e", "trace=ioctl", "-o"];
    let status = Command::new(TRACE).args(options).arg(&log).args([PYTHON, "-c", script]).status();
    assert!(status.unwrap().success());
    let text = std::fs::read_to_string(log).unwrap();
    let names: Vec<_> = text
        .lines()
        .filter_map(|line| line.split_once("TCSETSW, ")?.0.split_once(", "))
        .map(|(_, before)| before)
        .collect();
    assert_eq!(names, ["", "SNDCTL_TMR_STOP or "], "{text}");
}

#[test]
fn a_wrong_value_is_refused() {
    if is_stand_in() {
        return;
    }
    let output = Command::new(TRACE).args(["--decode-fds=path,sockets", "true"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("invalid decode-fds 'sockets'"), "{text}");
}
