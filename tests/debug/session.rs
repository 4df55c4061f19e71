//! Sessions of the debugger: programs compiled for them, commands in, text out, gdb beside it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{TempDir, has_tool, missing};

pub const TRACE: &str = env!("CARGO_BIN_EXE_trace");
/// How long one session may take on a slow machine.
const LIMIT: Duration = Duration::from_secs(120);

/// Compiles `tests/programs/NAME` with `flags`; `None` after saying what is missing.
pub fn build(dir: &TempDir, name: &str, flags: &[&str]) -> Option<PathBuf> {
    let rust = name.ends_with(".rs");
    let tool = if rust { "rustc" } else { "gcc" };
    if !has_tool(tool) {
        missing(name, tool);
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(name);
    let stem = name.split('.').next().unwrap_or(name);
    let copy = dir.join(name);
    if !copy.exists() {
        std::fs::copy(&source, &copy).unwrap();
    }
    let target = dir.join(&format!("{stem}{}", flags.concat().replace(['/', '='], "_")));
    let mut compiler = Command::new(tool);
    compiler.current_dir(dir.path()).args(flags).arg("-o").arg(&target).arg(name);
    if !rust {
        compiler.args(["-pthread", "-ldl"]);
    }
    let output = compiler.output().unwrap();
    assert!(output.status.success(), "{name} {flags:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(target)
}

/// What a session printed, both streams, and its exit status.
pub struct Said {
    pub text: String,
    pub errors: String,
    pub code: Option<i32>,
}

impl Said {
    fn of(output: &Output) -> Said {
        Said {
            text: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code(),
        }
    }

    /// Fails unless every piece stands in the output, in this order.
    #[track_caller]
    pub fn has(&self, pieces: &[&str]) {
        let mut rest = self.text.as_str();
        for piece in pieces {
            match rest.find(piece) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => panic!("{piece:?} is missing in\n{}\nerrors:\n{}", self.text, self.errors),
            }
        }
    }
}

/// Runs a command to its end, with a limit; what it started dies with it.
pub fn finish(mut command: Command, input: Option<&str>) -> Said {
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    if let Some(input) = input {
        use std::io::Write;
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    }
    let id = child.id();
    let watch = std::thread::spawn(move || {
        let start = Instant::now();
        while Path::new(&format!("/proc/{id}")).exists() {
            if start.elapsed() > LIMIT {
                Command::new("kill").args(["-KILL", &id.to_string()]).status().ok();
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    });
    let output = child.wait_with_output().unwrap();
    let said = Said::of(&output);
    assert!(!watch.join().unwrap(), "no end after {LIMIT:?}:\n{}\n{}", said.text, said.errors);
    said
}

fn session(tool: &Path, dir: &TempDir, own: &[&str], commands: &[&str], program: &[&str]) -> Said {
    let mut command = Command::new(tool);
    command.args(own).arg("--batch");
    for line in commands {
        command.args(["-ex", line]);
    }
    if tool.ends_with("gdb") {
        command.arg("--args");
    } else {
        command.arg("--");
    }
    command.args(program).current_dir(dir.path()).env("HOME", dir.path()).env("TERM", "dumb");
    finish(command, None)
}

/// A session of ours.
pub fn debug(dir: &TempDir, program: &[&str], commands: &[&str]) -> Said {
    session(Path::new(TRACE), dir, &["debug"], commands, program)
}

/// The same session of gdb's.
pub fn gdb(dir: &TempDir, program: &[&str], commands: &[&str]) -> Said {
    session(Path::new("/usr/bin/gdb"), dir, &["-q", "-nx"], commands, program)
}

/// A session's lines with what differs between runs and tools taken out: addresses, and gdb's own remarks.
pub fn comparable(text: &str) -> Vec<String> {
    let own = [
        "[Thread debugging",
        "Using host libthread_db",
        "warning: Error disabling address",
        "[Inferior 1",
        "Kill the program",
    ];
    let lines = text.lines().filter(|line| !own.iter().any(|remark| line.starts_with(remark)));
    lines.map(|line| blank_addresses(line.trim_end())).collect()
}

/// Long hexadecimal numbers as `ADDR`: the stack is where the environment's size puts it.
fn blank_addresses(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("0x") {
        let digits = rest[at + 2..].chars().take_while(char::is_ascii_hexdigit).count();
        text.push_str(&rest[..at]);
        if digits >= 6 {
            text.push_str("ADDR");
        } else {
            text.push_str(&rest[at..at + 2 + digits]);
        }
        rest = &rest[at + 2 + digits..];
    }
    text + rest
}
