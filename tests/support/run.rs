//! One bounded run of a program, bare or under a tracer: output to files, a hard time limit, and no process left behind.

use super::procfs::{self, TAG};
use super::{TempDir, serial, tail};
use std::fs::{self, File};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a run may take when the test names no limit of its own.
pub const LIMIT: Duration = Duration::from_secs(90);

/// What a run left behind.
pub struct Outcome {
    /// The exit status of the program started (the tracer's, when traced).
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: String,
    /// Standard error, the tracer's messages among it.
    pub stderr: String,
    /// The tracer's log; empty for a bare run.
    pub log: String,
    /// The pid of the program started.
    pub pid: i32,
    /// How many processes of the run were still alive at its end.
    pub leftovers: usize,
    /// Wall time.
    pub took: Duration,
}

impl Outcome {
    /// The exit code, or 128 + signal.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| 128 + self.status.signal().unwrap_or(0))
    }
}

/// A run to be started: what, where, and under which tracer.
pub struct Run<'a> {
    dir: &'a TempDir,
    tag: String,
    command: Command,
    log: Option<PathBuf>,
    limit: Duration,
}

/// A run that has started.
pub struct Running {
    /// The program started (the tracer, when traced).
    pub child: Child,
    /// The tag all its descendants carry.
    pub tag: String,
    stem: PathBuf,
    log: Option<PathBuf>,
    limit: Duration,
    start: Instant,
}

impl<'a> Run<'a> {
    /// `words` run by themselves.
    pub fn bare(dir: &'a TempDir, words: &[&str]) -> Run<'a> {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        Run::from(dir, command, None)
    }

    /// `words` run under `tracer` with `-f -o LOG` and `options`.
    pub fn traced(dir: &'a TempDir, tracer: &Path, options: &[&str], words: &[&str]) -> Run<'a> {
        let log = dir.join(&format!("log-{}", serial()));
        let mut command = Command::new(tracer);
        command.arg("-f").arg("-o").arg(&log).args(options).args(words);
        Run::from(dir, command, Some(log))
    }

    /// The same without address-space randomisation, so that two runs can be compared address by address.
    pub fn fixed(mut self) -> Run<'a> {
        let mut command = Command::new("/usr/bin/setarch");
        command.arg("-R").arg(self.command.get_program()).args(self.command.get_args());
        std::mem::swap(&mut self.command, &mut command);
        self.environment();
        self
    }

    /// The same on one CPU, where a tracer that does not see to it itself is several times as fast.
    pub fn pinned(mut self) -> Run<'a> {
        let status = fs::read_to_string("/proc/self/status").expect("/proc");
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let first = allowed.and_then(|list| list.trim().split(['-', ',']).next()).unwrap_or("0");
        let mut command = Command::new("/usr/bin/taskset");
        command.args(["-c", first]).arg(self.command.get_program()).args(self.command.get_args());
        std::mem::swap(&mut self.command, &mut command);
        self.environment();
        self
    }

    fn from(dir: &'a TempDir, command: Command, log: Option<PathBuf>) -> Run<'a> {
        let tag = format!("{:07}-{:06}", std::process::id(), serial());
        let mut run = Run { dir, tag, command, log, limit: LIMIT };
        run.environment();
        run
    }

    fn environment(&mut self) {
        let cargo = std::env::var("CARGO").unwrap_or_default();
        let cargo_dir = Path::new(&cargo).parent().map(|dir| dir.display().to_string()).unwrap_or_default();
        self.command
            .env_clear()
            .env("PATH", format!("/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:{cargo_dir}"));
        self.command.env("HOME", self.dir.path()).env("LANG", "C").env("TZ", "UTC").env(TAG, &self.tag);
        self.command.current_dir(self.dir.path()).process_group(0).stdin(Stdio::null());
    }

    /// Another time limit.
    pub fn limit(mut self, limit: Duration) -> Run<'a> {
        self.limit = limit;
        self
    }

    /// Another working directory.
    pub fn current_dir(mut self, dir: &Path) -> Run<'a> {
        self.command.current_dir(dir);
        self
    }

    /// One more environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Run<'a> {
        self.command.env(name, value);
        self
    }

    /// Starts it.
    pub fn start(mut self) -> Running {
        let stem = self.dir.join(&format!("out-{}", serial()));
        let file = |suffix: &str| File::create(stem.with_extension(suffix)).expect("output file");
        self.command.stdout(file("stdout")).stderr(file("stderr"));
        let child =
            self.command.spawn().unwrap_or_else(|error| panic!("{:?}: {error}", self.command.get_program()));
        Running { child, tag: self.tag, stem, log: self.log, limit: self.limit, start: Instant::now() }
    }

    /// Starts it and waits for its end.
    pub fn finish(self) -> Outcome {
        self.start().finish()
    }
}

impl Running {
    /// The pid of the program started.
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("pid fits")
    }

    /// What the tracer has logged so far.
    pub fn log_so_far(&self) -> String {
        self.log.as_ref().map(|path| read(path)).unwrap_or_default()
    }

    /// What the program has printed so far.
    pub fn stdout_so_far(&self) -> String {
        read(&self.stem.with_extension("stdout"))
    }

    /// Waits for the end; a run that passes its limit is killed with all its descendants, and the test fails.
    pub fn finish(mut self) -> Outcome {
        let pid = self.pid();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("wait for the run") {
                break status;
            }
            if self.start.elapsed() > self.limit {
                let report = self.hang_report();
                let log = self.log_so_far();
                self.stop();
                panic!("hang: no end after {:?}\n{report}  log:\n{}", self.limit, tail(&log, 12));
            }
            sleep(Duration::from_millis(3));
        };
        let took = self.start.elapsed();
        let leftovers = procfs::sweep(&self.tag);
        let stdout = self.stdout_so_far();
        let stderr = read(&self.stem.with_extension("stderr"));
        Outcome { status, stdout, stderr, log: self.log_so_far(), pid, leftovers, took }
    }

    /// Kills the run and everything it started.
    pub fn stop(&mut self) {
        procfs::kill(-self.pid(), libc::SIGKILL);
        let _ = self.child.kill();
        procfs::sweep(&self.tag);
        let _ = self.child.wait();
    }

    fn hang_report(&self) -> String {
        let mut report = String::new();
        for pid in procfs::tagged(&self.tag).into_iter().take(20) {
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            let states: String = procfs::thread_states(pid).into_iter().take(40).collect();
            report += &format!("  pid {pid} {} states {states}\n", name.trim());
        }
        report
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.stop();
        }
    }
}

fn read(path: &Path) -> String {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
