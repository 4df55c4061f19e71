//! io_uring: what a program submits and reaps, as the lines below io_uring_enter, against what the program is known
//! to do; rings of every shape, seen from their set-up on and attached to later; nonsense in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::run::{Outcome, Run};
use support::{Build, TempDir, compile, is_stand_in, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// The program's statuses where the kernel refuses io_uring, or a kind of ring.
const NONE: i32 = 77;
const NO_SUCH: i32 = 78;

/// A directory and the program, unless it cannot be built.
fn program(label: &str, build: Build) -> Option<(TempDir, PathBuf)> {
    let dir = TempDir::new(label);
    let program = compile(&dir, "rings", build)?;
    Some((dir, program))
}

/// Runs scenes under the tracer; `None` after naming what the kernel lacks.
fn run(test: &str, dir: &TempDir, program: &Path, options: &[&str], scenes: &[&str]) -> Option<Outcome> {
    let work = dir.join("work");
    fs::create_dir_all(&work).unwrap();
    let mut words = vec![program.to_str().unwrap(), work.to_str().unwrap()];
    words.extend(scenes);
    let outcome = Run::traced(dir, Path::new(TRACE), options, &words).finish();
    match outcome.code() {
        NONE => missing(test, "io_uring (kernel.io_uring_disabled, or a seccomp profile)"),
        NO_SUCH => missing(test, &format!("this kind of ring in this kernel: {scenes:?}")),
        code => {
            assert_eq!(code, 0, "{scenes:?}: {}{}", outcome.stderr, outcome.log);
            return Some(outcome);
        }
    }
    None
}

/// The calls without pids and lines of ends and signals, addresses as `ADDR`.
fn lines(log: &str) -> Vec<String> {
    let plain = |line: &str| {
        let line = if line.starts_with(' ') {
            line.trim_start()
        } else {
            line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start()
        };
        let mut out = String::new();
        let mut rest = line;
        while let Some(at) = rest.find("0x") {
            let digits = rest[at + 2..].chars().take_while(char::is_ascii_hexdigit).count();
            let long = digits >= 8 && !rest[at..].starts_with("0xdeadbeef");
            out.push_str(&rest[..at]);
            out.push_str(if long { "ADDR" } else { &rest[at..at + 2 + digits] });
            rest = &rest[at + 2 + digits..];
        }
        out + rest
    };
    log.lines().map(plain).filter(|line| !line.starts_with("+++") && !line.starts_with("---")).collect()
}

const ENTER: &[&str] = &["-e", "trace=io_uring_enter"];

/// What `files` does, but for the descriptor, the third of the program.
const FILES: &[&str] = &[
    "sqe 0x1: nop()",
    "cqe 0x1: nop() = 0",
    "sqe 0x2: openat(AT_FDCWD, \"made\", O_RDWR|O_CREAT, 0640)",
    "cqe 0x2: openat(AT_FDCWD, \"made\", O_RDWR|O_CREAT, 0640) = 4",
    "sqe 0x3: write(4, \"hello\\n\", 6, 0)",
    "cqe 0x3: write(4, \"hello\\n\", 6, 0) = 6",
    "sqe 0xdeadbeef: read(4, ADDR, 64, 0)",
    "cqe 0xdeadbeef: read(4, \"hello\\n\", 64, 0) = 6",
    "sqe 0x5: readv(4, [{iov_base=ADDR, iov_len=16}], 1, 1, 0)",
    "cqe 0x5: readv(4, [{iov_base=\"ello\\n\", iov_len=16}], 1, 1, 0) = 5",
    "sqe 0x6: statx(AT_FDCWD, \"made\", AT_STATX_SYNC_AS_STAT, STATX_SIZE, ADDR)",
    "cqe 0x6: statx(AT_FDCWD, \"made\", AT_STATX_SYNC_AS_STAT, STATX_SIZE, {…stx_size=6…}) = 0",
    "sqe 0x7: openat(AT_FDCWD, \"missing\", O_RDONLY)",
    "cqe 0x7: openat(AT_FDCWD, \"missing\", O_RDONLY) = -1 ENOENT (No such file or directory)",
    "sqe 0x8: renameat(AT_FDCWD, \"made\", AT_FDCWD, \"other\", 0)",
    "cqe 0x8: renameat(AT_FDCWD, \"made\", AT_FDCWD, \"other\", 0) = 0",
    "sqe 0x9: close(4)",
    "cqe 0x9: close(4) = 0",
    "sqe 0xa: operation_200(0x3, 0x5, 0x10, 0x4, 0x6)",
    "cqe 0xa: operation_200(0x3, 0x5, 0x10, 0x4, 0x6) = -1 EINVAL (Invalid argument)",
];

/// Whether a line is the expected one, in which `…` stands for anything.
fn fits(line: &str, wanted: &str) -> bool {
    let mut parts = wanted.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap()) else { return false };
    let mut last = "";
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = part;
    }
    rest.is_empty() || wanted.contains('…') && line.ends_with(last)
}

fn assert_lines(found: &[String], wanted: &[&str]) {
    let same =
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(line, wanted)| fits(line, wanted));
    assert!(same, "found {found:#?}\nwanted {wanted:#?}");
}

/// The lines below calls.
fn below(log: &str) -> Vec<String> {
    lines(log).into_iter().filter(|line| !line.starts_with("io_uring_enter(")).collect()
}

#[test]
fn operations_show_their_arguments_and_results() {
    let Some((dir, program)) = program("rings-files", Build::Native) else { return };
    for options in [ENTER, &["-e", "trace=io_uring_enter", "--no-seccomp"]] {
        let Some(outcome) = run("rings", &dir, &program, options, &["files"]) else { return };
        assert_lines(&below(&outcome.log), FILES);
        let calls =
            lines(&outcome.log).iter().filter(|line| line.starts_with("io_uring_enter(3, 1, 1")).count();
        assert_eq!(calls, 10, "{}", outcome.log);
    }
    // With every call traced, and with a stack: the lines follow it.
    let Some(outcome) = run("rings", &dir, &program, &[], &["files"]) else { return };
    let all = lines(&outcome.log);
    let found: Vec<_> =
        all.into_iter().filter(|line| line.starts_with("sqe") || line.starts_with("cqe")).collect();
    assert_lines(&found, FILES);
}

#[test]
fn rings_of_32_bit_programs_are_the_same() {
    let Some((dir, program)) = program("rings-32", Build::M32) else { return };
    let Some(outcome) = run("rings-32", &dir, &program, ENTER, &["files"]) else { return };
    let found: Vec<_> =
        below(&outcome.log).into_iter().filter(|line| !line.starts_with("[ Process")).collect();
    assert_lines(&found, FILES);
}

#[test]
fn each_scene_is_told_as_it_happened() {
    let Some((dir, program)) = program("rings-scenes", Build::Native) else { return };
    let gone = "unlinkat(AT_FDCWD, \"other\", 0)";
    let failed = format!("cqe 0x12: {gone} = -1 ENOENT (No such file or directory)");
    let (first, second) =
        (format!("sqe 0x11: {gone} [IOSQE_IO_LINK]"), format!("sqe 0x12: {gone} [IOSQE_IO_LINK]"));
    let ok = format!("cqe 0x11: {gone} = 0");
    let bad = "operation_201(ADDR, 0, 0, 0, 0)";
    let (bad_in, bad_out) =
        (format!("sqe 0x91: {bad}"), format!("cqe 0x91: {bad} = -1 EINVAL (Invalid argument)"));
    let cases: &[(&str, &[&str])] = &[
        ("linked", &[&first, &second, "sqe 0x13: nop()", &ok, &failed, "cqe 0x13: nop() = …"]),
        (
            "between",
            &[
                "sqe 0x31: poll_add(4, POLLIN, 0)",
                "cqe 0x31: poll_add(4, POLLIN, 0) = POLLIN",
                "sqe 0x32: nop()",
                "cqe 0x32: nop() = 0",
            ],
        ),
        (
            "alike",
            &[
                "sqe 0x0: nop()",
                "sqe 0x0: fsync(99, 0)",
                "cqe 0x0: ? = 0",
                "cqe 0x0: ? = -1 EBADF (Bad file descriptor)",
            ],
        ),
        (
            "two",
            &[
                "sqe 0x51: nop()",
                "cqe 0x51: nop() = 0",
                "sqe 0x52: close(77)",
                "cqe 0x52: close(77) = -1 EBADF (Bad file descriptor)",
                "sqe 0x53: nop()",
                "cqe 0x53: nop() = 0",
            ],
        ),
        ("forked", &["sqe 0x61: nop()", "cqe 0x61: nop() = 0", "sqe 0x62: nop()", "cqe 0x62: nop() = 0"]),
        ("registered", &["sqe 0x71: nop()", "cqe 0x71: nop() = 0"]),
        // Of what the kernel did not take nothing is said until it does.
        ("refused", &[&bad_in, &bad_out, "sqe 0x92: nop()", "cqe 0x92: nop() = 0"]),
    ];
    for (scene, wanted) in cases {
        // What `linked` unlinks.
        fs::create_dir_all(dir.join("work")).unwrap();
        fs::write(dir.join("work/other"), "").unwrap();
        if let Some(outcome) = run(scene, &dir, &program, ENTER, &[scene]) {
            assert_lines(&below(&outcome.log), wanted);
        }
    }
}

#[test]
fn what_two_sockets_say_is_shown_when_it_has_come() {
    let Some((dir, program)) = program("rings-sockets", Build::Native) else { return };
    let options = ["-e", "trace=io_uring_enter", "-y"];
    let Some(outcome) = run("rings-sockets", &dir, &program, &options, &["sockets"]) else { return };
    let mut found = below(&outcome.log);
    // The two completions may come in either order.
    found[2..].sort();
    assert_lines(
        &found,
        &[
            "sqe 0x21: recv(5<socket:[…]>, ADDR, 64, 0)",
            "sqe 0x22: send(4<socket:[…]>, \"ping\", 4, MSG_NOSIGNAL)",
            "cqe 0x21: recv(5<socket:[…]>, \"ping\", 64, 0) = 4",
            "cqe 0x22: send(4<socket:[…]>, \"ping\", 4, MSG_NOSIGNAL) = 4",
        ],
    );
}

#[test]
fn a_polled_ring_is_a_blind_spot_that_is_named() {
    let Some((dir, program)) = program("rings-polled", Build::Native) else { return };
    let Some(outcome) = run("rings-polled", &dir, &program, ENTER, &["polled"]) else { return };
    let note = "note: IORING_SETUP_SQPOLL: the kernel takes submissions without a call";
    assert_lines(
        &below(&outcome.log),
        &[
            "sqe 0x41: nop()",
            "cqe 0x41: nop() = 0",
            note,
            "cqe 0x42: ? = 0",
            note,
            "note: 1 submissions before were not seen",
        ],
    );
}

/// IORING_SETUP_SQE128, CQE32, both, NO_SQARRAY, with NO_MMAP.
const SHAPES: [&str; 6] = ["0", "0x400", "0x800", "0xc00", "0x10000", "0x14000"];

#[test]
fn rings_of_every_shape_are_read() {
    let Some((dir, program)) = program("rings-shapes", Build::Native) else { return };
    for flags in SHAPES {
        let scene = format!("flags={flags}");
        let Some(outcome) = run("rings-shapes", &dir, &program, ENTER, &[&scene]) else { continue };
        let unlink = "unlinkat(AT_FDCWD, \"none\", 0)";
        let error = "-1 ENOENT (No such file or directory)";
        let wanted: Vec<_> = (0x80..0x86)
            .flat_map(|name| {
                [format!("sqe {name:#x}: {unlink}"), format!("cqe {name:#x}: {unlink} = {error}")]
            })
            .collect();
        assert_lines(&below(&outcome.log), &wanted.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Attaches to a program that waits, lets it go on, and returns the log.
fn attached(dir: &TempDir, program: &Path, scene: &str) -> Option<String> {
    let mut child = Command::new(program)
        .arg(dir.path())
        .arg(scene)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if line.is_empty() {
        match child.wait().unwrap().code() {
            Some(NONE | NO_SUCH) => missing("rings-late", &format!("io_uring, or {scene} in this kernel")),
            other => panic!("{scene}: {other:?}"),
        }
        return None;
    }
    let log = dir.join("log");
    let pid = child.id().to_string();
    let mut tracer = Command::new(TRACE)
        .args(ENTER)
        .arg("-o")
        .arg(&log)
        .args(["-p", &pid])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Said when the program has been interrupted, so that it is stopped before it goes on.
    let mut said = BufReader::new(tracer.stderr.take().unwrap());
    line.clear();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("attached"), "{line}");
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(child.wait().unwrap().success(), "{scene}");
    tracer.wait().unwrap();
    Some(fs::read_to_string(log).unwrap())
}

#[test]
fn a_ring_that_was_there_before_is_read_where_the_kernel_tells_enough() {
    let Some((dir, program)) = program("rings-late", Build::Native) else { return };
    let unlink = "unlinkat(AT_FDCWD, \"none\", 0)";
    let error = "-1 ENOENT (No such file or directory)";
    for flags in &SHAPES[..5] {
        let Some(log) = attached(&dir, &program, &format!("late={flags}")) else { continue };
        let found: Vec<_> = below(&log).into_iter().filter(|line| line.contains("qe 0xa")).collect();
        let wanted: Vec<_> = [0xa0, 0xa1]
            .into_iter()
            .flat_map(|name| {
                [format!("sqe {name:#x}: {unlink}"), format!("cqe {name:#x}: {unlink} = {error}")]
            })
            .collect();
        assert_eq!(found, wanted, "late={flags}: {log}");
    }
    // Memory that the program gave is nowhere to be found.
    let Some(log) = attached(&dir, &program, &format!("late={}", SHAPES[5])) else { return };
    let note = "note: the rings cannot be read: their memory is not mapped, or does not hold rings";
    // It is said once.
    assert_lines(&below(&log), &[note]);
}

#[test]
fn a_number_without_a_ring_is_no_trouble() {
    let Some((dir, program)) = program("rings-nowhere", Build::Native) else { return };
    let Some(outcome) = run("rings-nowhere", &dir, &program, ENTER, &["nowhere"]) else { return };
    let calls =
        outcome.log.matches("io_uring_enter(7, 1, 0, IORING_ENTER_REGISTERED_RING, NULL, 0) = -1").count();
    assert_eq!(calls, 3, "{}", outcome.log);
    assert!(!outcome.log.contains("note:"), "{}", outcome.log);
}

#[test]
fn nonsense_in_the_rings_is_survived() {
    let Some((dir, program)) = program("rings-hostile", Build::Native) else { return };
    let Some(outcome) = run("rings-hostile", &dir, &program, ENTER, &["hostile"]) else { return };
    let calls = outcome.log.lines().filter(|line| line.contains("io_uring_enter(")).count();
    assert_eq!(calls, 200);
    assert!(outcome.log.contains("note: the rings cannot be read"), "{}", outcome.log);
    let printable = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte);
    assert!(outcome.log.bytes().all(printable), "{}", outcome.log);
}

#[test]
fn the_calls_themselves_are_as_strace_prints_them() {
    if is_stand_in() {
        return;
    }
    let Some((dir, program)) = program("rings-strict", Build::Native) else { return };
    let strace = dir.join("strace");
    std::os::unix::fs::symlink(TRACE, &strace).unwrap();
    let work = dir.join("work");
    fs::create_dir_all(&work).unwrap();
    let words = [program.to_str().unwrap(), work.to_str().unwrap(), "files"];
    let strict = Run::traced(&dir, &strace, ENTER, &words).finish();
    if strict.code() == NONE {
        return missing("rings-strict", "io_uring");
    }
    let quiet =
        run("rings-strict", &dir, &program, &["-e", "trace=io_uring_enter", "--no-io-uring"], &["files"]);
    let call = "io_uring_enter(3, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) = 1";
    assert_lines(&lines(&strict.log), &[call; 10]);
    assert_lines(&lines(&quiet.unwrap().log), &[call; 10]);
}
