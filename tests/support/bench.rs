//! Our binary under a strace name beside Debian's strace: rows of options, and what both print with them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Build, ORACLE, TempDir, compile, missing, this_test};

/// One run: its exit status and what it wrote to standard error, without what differs from run to run.
pub fn outcome(tracer: &Path, words: &[String]) -> String {
    let mut command = Command::new(tracer);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).env_clear();
    command.env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
    // What a row makes lies beside its program; one without a program can make nothing.
    let program = words.iter().map(Path::new).find(|word| word.is_absolute() && word.is_file());
    command.current_dir(program.and_then(Path::parent).unwrap_or(Path::new("/proc")));
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let own = tracer.to_str().unwrap();
    // An address in brackets (-i) has no mark of its own.
    let place = |line: &str| match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if address.len() == 16 => format!("[ADDRESS]{rest}"),
        _ => line.to_owned(),
    };
    let mut lines: Vec<String> =
        text.lines().map(|line| timeless(blank(&place(&line.replace(own, "strace"))))).collect();
    // Rows of a table stand in the order of their times, unless another was asked for.
    if !words.iter().any(|word| word.starts_with("-S") || word.starts_with("--summary-sort-by")) {
        for table in lines.chunk_by_mut(|a, b| a.starts_with(SHARE) && b.starts_with(SHARE)) {
            table.sort();
        }
    }
    format!("{}\n{}", lines.join("\n"), output.status)
}

/// How a row of a summary begins once its share of the time is blanked.
const SHARE: &str = "TIME ";

/// A row of a summary without its times: the share, the seconds and the microseconds of a call.
fn timeless(line: String) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["T.T" | "N.T", "T.N", average, rest @ ..]
            if average.bytes().all(|b| b.is_ascii_digit() || b == b'N') =>
        {
            format!("{SHARE}{}", rest.join(" "))
        }
        _ => line,
    }
}

/// A line without addresses, long numbers and times, and with single spaces, since they set the columns.
pub fn blank(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..at]);
        // The time of day.
        if let Some(clock) = rest.get(at..at + 8).filter(|text| is_clock(text)) {
            out.push_str("CLOCK");
            rest = &rest[at + clock.len()..];
            continue;
        }
        let hex = rest[at..].starts_with("0x");
        let end = |c: char| if hex { !c.is_ascii_hexdigit() && c != 'x' } else { !c.is_ascii_digit() };
        let len = rest[at..].find(end).unwrap_or(rest.len() - at);
        let number = &rest[at..at + len];
        let time = out.ends_with('.') || rest[at + len..].starts_with('.');
        match (hex, number.len()) {
            (true, 7..) => out.push_str("ADDRESS"),
            (false, 3..) => out.push('N'),
            _ if time => out.push('T'),
            _ => out.push_str(number),
        }
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_clock(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() })
}

/// The program of the rows and our binary under a strace name.
pub struct Bench {
    pub dir: TempDir,
    pub program: PathBuf,
    pub ours: PathBuf,
}

impl Bench {
    pub fn new() -> Option<Self> {
        let test = this_test();
        if !Path::new(ORACLE).exists() {
            missing(&test, "strace");
            return None;
        }
        let dir = TempDir::new("bench");
        let program = compile(&dir, "options", Build::Native)?;
        // The two go by the same name, which -Y shows.
        fs::create_dir(dir.join("ours")).unwrap();
        let ours = dir.join("ours").join("strace");
        symlink(env!("CARGO_BIN_EXE_trace"), &ours).unwrap();
        fs::write(dir.join("file"), "content\n").unwrap();
        Some(Self { dir, program, ours })
    }

    /// The words of a row: OPTIONS | MODE ARGUMENTS, where DIR is the directory.
    pub fn words(&self, row: &str) -> Vec<String> {
        let (options, mode) = row.split_once(" | ").unwrap_or((row, "calls"));
        let dir = self.dir.path().to_str().unwrap();
        let words = options.split(' ').filter(|word| !word.is_empty()).map(|word| word.replace("DIR", dir));
        let mut words: Vec<String> = words.map(|word| word.replace('~', " ")).collect();
        if mode != "-" {
            words.push(self.program.to_str().unwrap().to_owned());
            words.extend(mode.split(' ').map(|word| word.replace("DIR", dir)));
        }
        words
    }

    pub fn compare(&self, rows: &[&str]) {
        let mut bad = Vec::new();
        for row in rows {
            let words = self.words(row);
            let theirs = outcome(Path::new(ORACLE), &words);
            let ours = outcome(&self.ours, &words);
            if ours != theirs {
                bad.push(format!("== {row}\n-- strace\n{theirs}\n-- trace\n{ours}\n"));
            }
        }
        assert!(bad.is_empty(), "{} of {} rows differ:\n{}", bad.len(), rows.len(), bad.join("\n"));
    }
}

/// Both print the same with each row, where strace is there.
pub fn compare(rows: &[&str]) {
    if let Some(bench) = Bench::new() {
        bench.compare(rows);
    }
}

/// What follows a row that names no calls: few of them.
const FEW: &str = "-e trace=getppid,chdir";

/// Rows with few calls traced, unless they say which.
pub fn few(rows: &[&str]) {
    let rows: Vec<String> = rows.iter().map(|row| narrow(row)).collect();
    compare(&rows.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The row, with few calls traced unless it says which.
pub fn narrow(row: &str) -> String {
    match row.split_once(" | ") {
        Some((options, mode)) => format!("{options} | {mode}"),
        None => format!("{row} {FEW}"),
    }
}
