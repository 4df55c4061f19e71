//! Bad arguments print as the oracle prints them, line by line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::path::Path;

use support::run::Run;
use support::{Build, ORACLE, TempDir, compile, has_tool, missing, tracer};

/// The lines between the set-up and the end, without pids.
fn calls(log: &str) -> Vec<String> {
    let lines = log.lines().map(|line| line.split_once(' ').unwrap().1.trim_start().to_owned());
    lines.skip_while(|line| !line.starts_with("munmap(0x20001000")).skip(1).collect()
}

#[test]
fn bad_arguments_print_as_the_oracle_prints_them() {
    if !has_tool(ORACLE) {
        return missing("hostile", "strace (package strace)");
    }
    let dir = TempDir::new("hostile");
    let Some(program) = compile(&dir, "hostile", Build::Native) else { return };
    for options in [&[][..], &["-v"], &["-s", "4"], &["-x"], &["-xx"]] {
        let run =
            |tracer: &Path| Run::traced(&dir, tracer, options, &[program.to_str().unwrap()]).fixed().finish();
        let (oracle, ours) = (run(Path::new(ORACLE)), run(&tracer()));
        assert_eq!((oracle.code(), ours.code()), (0, 0), "{}", ours.stderr);
        let (oracle, ours) = (calls(&oracle.log), calls(&ours.log));
        assert!(oracle.len() > 80, "{} lines", oracle.len());
        assert_eq!(oracle.len(), ours.len());
        let differing: Vec<_> = oracle.iter().zip(&ours).filter(|(a, b)| a != b).collect();
        for (a, b) in &differing {
            println!("- {a}\n+ {b}");
        }
        println!("hostile {options:?}: {} lines, {} differing", oracle.len(), differing.len());
        assert!(differing.is_empty(), "{} lines differ", differing.len());
    }
}
