//! Real programs under the oracle and under ours: the same calls, the same text, the same output and exit status.
//!
//! `TRACE_DIFF_DIR` keeps every log and a file of differing pairs per program; `TRACE_DIFF_ONLY=a,b` runs these rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "differential/compare.rs"]
mod compare;
#[path = "differential/rows.rs"]
mod rows;
mod support;

use compare::{Report, Side, compare};
use rows::{ROWS, Row};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use support::log::{Kind, parse};
use support::run::{Outcome, Run};
use support::{ORACLE, TempDir, has_tool, missing, tracer};

/// Two runs may part by chance; a real fault parts them every time.
const ATTEMPTS: usize = 3;

/// A loopback HTTP server on an ephemeral port, serving one small file.
struct Server {
    child: Child,
    port: String,
    _dir: TempDir,
}

impl Server {
    fn start() -> Option<Server> {
        let dir = TempDir::new("http");
        fs::write(dir.join("page"), "hello from loopback\n".repeat(500)).unwrap();
        let script = "import http.server as h,sys\n\
            class Q(h.SimpleHTTPRequestHandler):\n\
            \x20def log_message(self,*a): pass\n\
            \x20def date_time_string(self,t=None): return 'Thu, 01 Jan 1970 00:00:00 GMT'\n\
            s=h.ThreadingHTTPServer(('127.0.0.1',0),Q)\nprint(s.server_port,flush=True)\ns.serve_forever()";
        let mut child = Command::new("/usr/bin/python3")
            .args(["-c", script])
            .current_dir(dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut port = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut port).ok()?;
        Some(Server { child, port: port.trim().to_owned(), _dir: dir })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a row runs: every run gets the same path, filled afresh from `base`.
struct Stage<'a> {
    row: &'a Row,
    dir: TempDir,
    port: String,
}

impl Stage<'_> {
    fn base(&self) -> PathBuf {
        self.dir.join("base")
    }

    fn work(&self) -> PathBuf {
        self.dir.join("work")
    }

    fn with_env<'r>(&self, run: Run<'r>, dir: &Path) -> Run<'r> {
        let rustup = std::env::var("RUSTUP_HOME")
            .unwrap_or_else(|_| format!("{}/.rustup", std::env::var("HOME").unwrap_or_default()));
        run.current_dir(dir)
            .env("PORT", &self.port)
            .env("PYTHONHASHSEED", "0")
            .env("RUSTUP_HOME", &rustup)
            .env("GOCACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/go-cache"))
            .env("PROGRAMS", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs"))
            .limit(std::time::Duration::from_secs(120))
    }

    fn setup(&self) {
        fs::create_dir_all(self.base()).unwrap();
        fs::write(self.base().join("run.sh"), self.row.script).unwrap();
        let run = Run::bare(&self.dir, &["sh", "-ec", self.row.setup]);
        let outcome = self.with_env(run, &self.base()).finish();
        assert!(outcome.status.success(), "{}: setup: {}", self.row.name, outcome.stderr);
    }

    fn run(&self, tracer: Option<&Path>) -> Outcome {
        let _ = fs::remove_dir_all(self.work());
        let copied = Command::new("cp").arg("-a").arg(self.base()).arg(self.work()).status().unwrap();
        assert!(copied.success(), "cp -a");
        let words = ["/bin/sh", "./run.sh"];
        let run = match tracer {
            Some(tracer) => Run::traced(&self.dir, tracer, &[], &words).fixed(),
            None => Run::bare(&self.dir, &words).fixed(),
        };
        self.with_env(run, &self.work()).finish()
    }

    fn compared(&self, attempt: usize) -> Report {
        let bare = self.run(None);
        let oracle = self.run(Some(Path::new(ORACLE)));
        let ours = self.run(Some(&tracer()));
        for (who, run) in [("oracle", &oracle), ("ours", &ours)] {
            assert_eq!(run.code(), bare.code(), "{}: exit status under {who}: {}", self.row.name, run.stderr);
            assert_eq!(run.stdout, bare.stdout, "{}: output under {who}", self.row.name);
        }
        let (left, right) = (parse(&oracle.log), parse(&ours.log));
        let strange = right.iter().find(|entry| matches!(entry.kind, Kind::Other(_)));
        assert!(strange.is_none(), "{}: a line that is no strace line: {strange:?}", self.row.name);
        let report = compare(self.row, &Side::new(left, oracle.pid), &Side::new(right, ours.pid));
        self.keep(attempt, &oracle, &ours, &report);
        report
    }

    fn keep(&self, attempt: usize, oracle: &Outcome, ours: &Outcome, report: &Report) {
        let Some(dir) = std::env::var_os("TRACE_DIFF_DIR").map(PathBuf::from) else { return };
        fs::create_dir_all(&dir).unwrap();
        let name = format!("{}.{attempt}", self.row.name);
        fs::write(dir.join(format!("{name}.oracle")), &oracle.log).unwrap();
        fs::write(dir.join(format!("{name}.ours")), &ours.log).unwrap();
        fs::write(dir.join(format!("{name}.diff")), pairs(report, usize::MAX)).unwrap();
    }
}

fn pairs(report: &Report, count: usize) -> String {
    let mut out = String::new();
    for (oracle, ours) in report.pairs.iter().take(count) {
        let _ = writeln!(out, "    - {oracle}\n    + {ours}");
    }
    out
}

/// Runs one row until it agrees or the attempts are spent; returns the best report.
fn best(stage: &Stage<'_>) -> Report {
    let mut best: Option<Report> = None;
    for attempt in 0..ATTEMPTS {
        let report = stage.compared(attempt);
        if best.as_ref().is_none_or(|best| (report.names, report.differing) < (best.names, best.differing)) {
            best = Some(report);
        }
        if best.as_ref().is_some_and(|best| best.names == 0 && best.differing <= stage.row.bound) {
            break;
        }
    }
    best.unwrap()
}

fn lacking(row: &Row) -> Option<String> {
    let lacks = row.needs.iter().find(|(tool, _)| !has_tool(tool));
    lacks.map(|(tool, package)| format!("{tool} (package {package})"))
}

#[test]
fn programs_print_what_the_oracle_prints() {
    if !has_tool(ORACLE) {
        return missing("differential", "strace (package strace)");
    }
    let only = std::env::var("TRACE_DIFF_ONLY").unwrap_or_default();
    let server = Server::start();
    let port = server.as_ref().map(|server| server.port.clone()).unwrap_or_default();
    let (mut programs, mut lines, mut differing, mut faults) = (0, 0, 0, Vec::new());
    for row in ROWS.iter().filter(|row| only.is_empty() || only.split(',').any(|name| name == row.name)) {
        if let Some(what) = lacking(row) {
            missing(row.name, &what);
            continue;
        }
        let start = std::time::Instant::now();
        let stage = Stage { row, dir: TempDir::new("diff"), port: port.clone() };
        stage.setup();
        let report = best(&stage);
        let took = start.elapsed().as_secs_f32();
        println!(
            "{:<16} {:>6} lines {:>5} differing  {took:5.1} s",
            row.name, report.lines, report.differing
        );
        print!("{}", pairs(&report, 5));
        programs += 1;
        lines += report.lines;
        differing += report.differing;
        if report.names > 0 {
            faults.push(format!("{}: {} calls missing or invented ({})", row.name, report.names, row.reason));
        }
        if report.differing > row.bound {
            faults.push(format!("{}: {} differing lines, bound {}", row.name, report.differing, row.bound));
        }
    }
    println!("differential: {programs} programs, {lines} lines, {differing} differing");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
