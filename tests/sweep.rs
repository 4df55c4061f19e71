//! Every system call of both ABIs with arguments that chance picks prints as the oracle prints it, line by line. The
//! calls are not carried out: see tests/programs/decode.h.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::path::Path;

use regex::Regex;
use support::run::Run;
use support::{Build, ORACLE, TempDir, compile, has_tool, heavy, is_stand_in, missing, newer, tracer};

/// What a line of the oracle, strace 6.1, begins with and holds, that may differ from ours in more than newer names, and
/// why.
const DIFFERING: &[(&str, &str, &str)] = &[
    ("syscall_0x1", "", "a call of Linux 6.4 to 6.19, which has a number alone"),
    ("landlock_create_ruleset(", ", ...}", "members of Linux 6.7 and 6.12"),
    (
        "landlock_create_ruleset(",
        "= 0<",
        "LANDLOCK_CREATE_RULESET_ERRATA, Linux 6.15: the result is no descriptor",
    ),
    ("landlock_add_rule(", ", 0x2", "rules of Linux 6.7"),
    ("perf_event_open(", "sig_data=", "the memory that members of Linux 6.3 and 6.19 take"),
    ("name_to_handle_at(", "AT_", "AT_HANDLE_MNT_ID_UNIQUE, Linux 6.12: the id has 64 bits"),
    ("name_to_handle_at(", "0x", "AT_HANDLE_MNT_ID_UNIQUE, Linux 6.12: the id has 64 bits"),
    ("io_uring_register(", "IORING_OP_??? */", "operations of Linux 6.7 and later"),
    ("io_uring_setup(", "resv2=", "user_addr of Linux 6.5"),
    ("statx(", "stx_", "members of Linux 6.8 to 6.16"),
    ("statx(", ", |0x", "the oracle shows nothing where bare numbers are wanted and the value is zero"),
    ("statx(", ", , ", "the oracle shows nothing where bare numbers are wanted and the value is zero"),
    ("mount_setattr(", "= 0<", "the oracle takes the result for a descriptor"),
    ("prctl(", "(Timeout)", "the oracle remembers what it said of a call long before"),
    ("socket(", "", "the oracle looks at the whole register of the domain for the protocol's sake"),
    ("sched_getaffinity(", "= 88", "the program is shown the CPUs that it would have without a tracer"),
    ("poll(", ", ...])", "the oracle stops at a kilobyte of what is ready"),
    ("ppoll", ", ...]", "the oracle stops at a kilobyte of what is ready"),
];

/// The lines behind the call that installs the filter, without pids and without ours about rings.
fn calls(log: &str) -> Vec<String> {
    let lines = log.lines().filter(|line| !line.contains("resumed>") && !line.contains("<unfinished"));
    let lines = lines.map(|line| line.split_once(' ').unwrap().1.trim_start().to_owned());
    let mut lines: Vec<_> = lines.skip_while(|line| !line.starts_with("seccomp(")).skip(1).collect();
    lines.retain(|line| !line.starts_with("note: "));
    // The files to which the program writes have other numbers in each run.
    let output = Regex::new(r"/out-[0-9]+\.").unwrap();
    lines.into_iter().map(|line| output.replace_all(&line, "/out.").into_owned()).collect()
}

/// Flags without a name run into the permissions in the oracle.
fn permissions_apart(oracle: &str, ours: &str) -> bool {
    let gets = ours.starts_with("semget(") || ours.starts_with("msgget(");
    let joined = ours.rsplit_once('|').map(|(flags, mode)| format!("{flags}{mode}"));
    let squeezed = |line: &str| line.replace(' ', "");
    gets && joined.is_some_and(|joined| squeezed(&joined) == squeezed(oracle))
}

fn explained(oracle: &str, ours: &str) -> bool {
    newer::same(oracle, ours)
        || newer::grown(oracle, ours)
        || newer::goes_on(oracle, ours)
        || newer::looks_behind(oracle, ours)
        || permissions_apart(oracle, ours)
        || DIFFERING.iter().any(|(start, part, _)| oracle.starts_with(start) && oracle.contains(part))
}

/// How the calls are shown, what they return, and the seed of chance.
type Sample = (&'static [&'static str], &'static str, &'static str);

fn compare(build: Build, samples: &[Sample]) {
    if is_stand_in() {
        return;
    }
    if !has_tool(ORACLE) {
        return missing("sweep", "strace (package strace)");
    }
    let _alone = heavy();
    let dir = TempDir::new("sweep");
    let Some(program) = compile(&dir, "sweep", build) else { return };
    for (options, result, seed) in samples {
        let words = [program.to_str().unwrap(), result, seed, "20"];
        let run = |tracer: &Path| Run::traced(&dir, tracer, options, &words).fixed();
        let oracle = run(Path::new(ORACLE)).pinned().start();
        let (ours, oracle) = (run(&tracer()).finish(), oracle.finish());
        assert_eq!((oracle.code(), ours.code()), (0, 0), "{options:?}: {}", ours.stderr);
        let (oracle, ours) = (calls(&oracle.log), calls(&ours.log));
        assert!(oracle.len() > 9000, "{} lines", oracle.len());
        assert_eq!(oracle.len(), ours.len(), "{options:?} {result} {seed}");
        let differing: Vec<_> = oracle.iter().zip(&ours).filter(|(a, b)| a != b).collect();
        let ioctl = |a: &str, b: &str| newer::ioctl(a, b, options.contains(&"-v"));
        let surprising: Vec<_> = differing.iter().filter(|(a, b)| !explained(a, b) && !ioctl(a, b)).collect();
        println!(
            "sweep {build:?} {result} {seed} {options:?}: {} lines, {} differing, {} unexpected",
            oracle.len(),
            differing.len(),
            surprising.len()
        );
        for (a, b) in surprising.iter().take(20) {
            println!("- {a}\n+ {b}");
        }
        assert!(surprising.is_empty(), "{} lines differ", surprising.len());
    }
}

/// strace 6.1 gives up on long sets of signals with `-X verbose`.
const SAMPLES: &[Sample] = &[
    (&[], "0", "1"),
    (&[], "-22", "2"),
    (&[], "88", "3"),
    (&["-v"], "0", "4"),
    (&["-X", "raw"], "0", "5"),
    (&["-xx"], "-22", "6"),
    (&["-y"], "0", "7"),
];

#[test]
fn every_number_of_x86_64_prints_as_the_oracle_prints_it() {
    compare(Build::Native, SAMPLES);
}

#[test]
fn every_number_of_i386_prints_as_the_oracle_prints_it() {
    compare(Build::M32, SAMPLES);
}
