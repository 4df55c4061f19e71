//! The tracers side by side: their command lines, one measured run, and what their logs hold.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::run::{Bounded, is_stopped};
use crate::workloads::{self, Check, Workload};

/// The tracer under test.
pub const TRACE: &str = env!("CARGO_BIN_EXE_trace");
/// How long a run may take.
const LIMIT: Duration = Duration::from_secs(30);
/// Clients of the server at a time.
const CLIENTS: u64 = 2;

/// Under what a workload runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracer {
    /// Nothing.
    Bare,
    /// strace.
    Strace,
    /// strace, and so its tracees, on one CPU.
    Pinned,
    /// perf trace.
    Perf,
    /// trace.
    Trace,
}

impl Tracer {
    /// All, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Bare, Self::Strace, Self::Pinned, Self::Perf, Self::Trace];

    /// As messages name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Strace => "strace",
            Self::Pinned => "pinned strace",
            Self::Perf => "perf trace",
            Self::Trace => "trace",
        }
    }

    /// The words before the command; why there are none.
    fn prefix(self, workload: &Workload, log: &str) -> Result<Vec<String>, String> {
        let words: Vec<&str> = match self {
            Self::Bare => vec![],
            Self::Strace => [&["strace", "-f", "-o", log], workload.options, workload.strace].concat(),
            Self::Pinned => {
                let cpu = first_cpu();
                let mut words: Vec<String> = ["taskset", "-c", &cpu].map(Into::into).into();
                words.extend(Self::Strace.prefix(workload, log)?);
                return need("taskset", words);
            }
            Self::Perf => {
                let options = workload.perf.ok_or("it has no such output")?;
                [&["perf", "trace", "-o", log], options].concat()
            }
            Self::Trace => [&[TRACE, "-f", "-o", log], workload.options].concat(),
        };
        let name = words.first().copied().unwrap_or(TRACE).to_owned();
        need(&name, words.into_iter().map(Into::into).collect())
    }
}

fn need(name: &str, words: Vec<String>) -> Result<Vec<String>, String> {
    let found = name.contains('/') || workloads::find(name).is_some();
    if found { Ok(words) } else { Err(format!("{name} is not installed")) }
}

/// The first CPU that this process may use.
fn first_cpu() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or("0");
    list.trim().split(['-', ',']).next().unwrap_or("0").to_owned()
}

/// What a run gave.
pub struct Ran {
    /// Seconds: of the command, or of the clients of a server.
    pub seconds: f64,
    /// What its log holds, for strace and trace.
    pub tally: Option<Tally>,
}

/// What is compared of two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Calls.
    pub calls: u64,
    /// Stack frames of the function that is looked for.
    pub frames: u64,
}

impl Tally {
    /// Of a log or table.
    pub fn of(text: &str, check: Check) -> Self {
        match check {
            Check::Summary(name) => Self { calls: table_row(text, name), frames: 0 },
            Check::Frames(name) => Self { calls: calls(text), frames: frames(text, name) },
            Check::Exact | Check::Within(_) => Self { calls: calls(text), frames: 0 },
        }
    }

    /// Whether trace's log is as good as strace's.
    pub fn agrees(self, strace: Self, check: Check) -> Result<(), String> {
        let part = if let Check::Within(part) = check { part } else { 0.0 };
        if self.calls == 0 || self.calls.abs_diff(strace.calls) as f64 > strace.calls as f64 * part {
            return Err(format!("trace logged {} calls, strace {}", self.calls, strace.calls));
        }
        if matches!(check, Check::Frames(_)) && (strace.frames == 0 || self.frames < strace.frames) {
            return Err(format!("trace has {} frames of main, strace {}", self.frames, strace.frames));
        }
        Ok(())
    }
}

/// Entered calls of a log: lines of a name and a parenthesis, after a pid or not.
fn calls(text: &str) -> u64 {
    text.lines().filter(|line| is_call(line)).count() as u64
}

fn is_call(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let name = line.split('(').next().unwrap_or("");
    name.len() < line.len()
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Column `calls` of a row of the table of `-c`.
fn table_row(text: &str, name: &str) -> u64 {
    let row = text.lines().map(str::split_whitespace).find(|words| words.clone().last() == Some(name));
    row.and_then(|mut words| words.nth(3)?.parse().ok()).unwrap_or(0)
}

/// Stack frames in `function`: `> FILE(FUNCTION+OFFSET) [ADDRESS]`, and FUNCTION alone where inlined.
fn frames(text: &str, function: &str) -> u64 {
    let with_offset = format!("({function}+");
    text.lines().filter(|line| line.trim_start().starts_with("> ") && line.contains(&with_offset)).count()
        as u64
}

/// One run of `workload` under `tracer` in `dir`.
///
/// # Errors
/// Why it gives no measurement: something is missing, it failed, it took too long.
pub fn run(tracer: Tracer, workload: &Workload, dir: &Path, divisor: u64) -> Result<Ran, String> {
    let log = dir.join("log");
    let mut words = tracer.prefix(workload, &log.to_string_lossy())?;
    words.extend(workload.words(divisor));
    if let Some(word) = words.iter_mut().find(|word| *word == "python3") {
        *word = workloads::python().ok_or("python3 does not run")?;
    }
    workload.refresh(dir)?;
    fs::remove_file(&log).ok();
    fs::remove_file(dir.join("port")).ok();
    let mut command = command(&words, dir)?;
    let bounded = Bounded::start(&mut command, LIMIT)?;
    let served =
        if workload.server { Some(load(&bounded, dir, (workload.size / divisor).max(1))) } else { None };
    // A server that answered wrongly may wait for ever.
    if let Some(Err(why)) = served {
        return Err(format!("{why}{}", complaint(dir)));
    }
    let (status, took) = bounded.finish().map_err(|why| format!("{}: {why}", tracer.name()))?;
    if !status.success() {
        return Err(format!("{} {}{}", tracer.name(), ended(status), complaint(dir)));
    }
    workload.proves(dir)?;
    let seconds = served.and_then(Result::ok).unwrap_or(took).as_secs_f64();
    let tally = tally(tracer, workload, &log)?;
    fs::remove_file(&log).ok();
    Ok(Ran { seconds, tally })
}

fn tally(tracer: Tracer, workload: &Workload, log: &Path) -> Result<Option<Tally>, String> {
    if tracer == Tracer::Bare {
        return Ok(None);
    }
    let bytes = fs::read(log).map_err(|e| format!("{} wrote no log: {e}", tracer.name()))?;
    if tracer == Tracer::Perf {
        return if bytes.is_empty() { Err("perf trace wrote nothing".into()) } else { Ok(None) };
    }
    Ok(Some(Tally::of(&String::from_utf8_lossy(&bytes), workload.check)))
}

fn command(words: &[String], dir: &Path) -> Result<Command, String> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let file = |name: &str| File::create(dir.join(name)).map_err(|e| format!("{name}: {e}"));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(dir).env("LC_ALL", "C");
    // A make above this one must not lend its job server.
    for name in ["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CARGO_MAKEFLAGS"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(file("stdout")?).stderr(file("stderr")?);
    Ok(command)
}

fn ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
        (None, None) => "ended".into(),
    }
}

/// The first line of standard error.
fn complaint(dir: &Path) -> String {
    let text = fs::read(dir.join("stderr")).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().next().map(|line| format!(" ({})", line.trim())).unwrap_or_default()
}

/// Loads a server that has just been started; the time from the first request to the last answer.
fn load(server: &Bounded, dir: &Path, requests: u64) -> Result<Duration, String> {
    let port = port(server, &dir.join("port"))?;
    let start = Instant::now();
    let share = move |client: u64| requests / CLIENTS + u64::from(client < requests % CLIENTS);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| thread::spawn(move || (0..share(client)).try_for_each(|_| get(port))))
        .collect();
    for client in clients {
        client.join().map_err(|_| "a client died".to_owned())??;
    }
    Ok(start.elapsed())
}

/// Waits until the server has written its port.
fn port(server: &Bounded, file: &PathBuf) -> Result<u16, String> {
    loop {
        if let Some(port) = fs::read_to_string(file).ok().and_then(|text| text.parse().ok()) {
            return Ok(port);
        }
        if server.is_over(Duration::from_millis(2)) || server.left().is_zero() || is_stopped() {
            return Err("the server did not come up".into());
        }
    }
}

/// One request, one complete answer.
fn get(port: u16) -> Result<(), String> {
    let text = |e: std::io::Error| format!("request: {e}");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(text)?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(text)?;
    stream.write_all(b"GET /page.html HTTP/1.0\r\n\r\n").map_err(text)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(text)?;
    let whole = answer.contains(" 200 OK") && answer.ends_with("</p>\n") && answer.len() > 1000;
    if whole { Ok(()) } else { Err("the server's answer is not the page".into()) }
}
