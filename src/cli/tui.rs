//! `trace tui`: a live run or a recording on the screen.
//!
//! The thread that launches or attaches runs the loop, since ptrace requests count only from there; the screen has the
//! main thread, and the two share the recording and a line of wishes. Signals are taken by a thread of their own.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, exit};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use trace_tui::model::Program;
use trace_tui::theme::Theme;
use trace_tui::{run as screen, terminal};

use super::options::{self, Options, error_text};
use super::{filter, plan, record, refuse, run};
use crate::engine::control::{self, Remote, Wish};
use crate::engine::{Engine, Finish};
use crate::event::End;
use crate::output::spans;
use crate::record::format;
use crate::record::writer::{self, Recorder, Setup};
use crate::spawn::launch::{Held, Request};
use crate::spawn::traced::Launched;
use crate::sys::signal::{self, Mask};
use crate::view::log::{Live, Log};
use crate::view::program::Traced;
use crate::view::terminal::Terminal;

/// Longest time that an event of a live run waits before it can be seen.
const DEADLINE: Duration = Duration::from_millis(80);
/// How long the end of the screen may take once a signal asks for it.
const PATIENCE: Duration = Duration::from_secs(3);
/// What programs are told of that terminal: the emulator knows these sequences.
const TERM: &str = "TERM=xterm-256color";

/// A signal that asked to leave, 0 for none, and the word of it for the screen.
struct Asked {
    signo: Arc<AtomicI32>,
    leave: Arc<AtomicBool>,
}

/// Runs `trace tui`; the exit status is 0 once the screen was shown.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let parsed = options::parse_tui(&args);
    let (options, expression) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            return refuse(program, format_args!("{error}\nTry '{program} tui -h' for more information."));
        }
    };
    if options.help {
        help(program);
        return ExitCode::SUCCESS;
    }
    let dashes = (args.len() - options.command.len()).checked_sub(1).is_some_and(|at| args[at] == "--");
    let shown = match recording(&options, dashes) {
        Some(file) => recorded(&file, &options, &expression),
        None => live(program, options, &expression, dashes),
    };
    shown.unwrap_or_else(|text| refuse(program, format_args!("{text}")))
}

fn help(program: &str) {
    println!("Usage: {program} tui [OPTIONS] [--] COMMAND [ARGS]");
    println!("       {program} tui [OPTIONS] -p PID");
    println!("       {program} tui [--where EXPR] FILE\n");
    println!(
        "Shows a live run or a recording on the screen; ? there lists the keys. The command gets a terminal"
    );
    println!(
        "of its own in a part of the screen. -o FILE keeps the recording of a live run. Other options as for"
    );
    println!("{program}:\n");
    print!("{}", options::help(program, false));
}

/// The recording that is named, where the words name one: a file that begins as one, or is called like one.
fn recording(options: &Options, dashes: bool) -> Option<PathBuf> {
    let [word] = &options.command[..] else { return None };
    let path = Path::new(word);
    let begins = |path: &Path| {
        let mut head = [0; format::MAGIC.len()];
        path.is_file()
            && File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
            && head == format::MAGIC
    };
    let named = path.extension() == Some(OsStr::new("trace"));
    (!dashes && (named || begins(path))).then(|| path.to_owned())
}

/// The screen needs a terminal to be seen on and typed at.
fn needs_terminal() -> Result<(), String> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err("tui: standard input and output must be a terminal; without one use `trace record` and `trace replay`".into())
}

fn theme() -> Theme {
    Theme::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))
}

/// Takes the tracer's signals, which must be blocked: the screen ends, or else this ends everything.
fn watch() -> Result<Asked, String> {
    let (signo, leave) = (Arc::new(AtomicI32::new(0)), Arc::new(AtomicBool::new(false)));
    let asked = Asked { signo: Arc::clone(&signo), leave: Arc::clone(&leave) };
    let listen = move || {
        while let Ok(got) = control::next_signal() {
            // A screen is not stopped: it would leave the terminal as it is.
            if got == libc::SIGTSTP {
                continue;
            }
            signo.store(got, Ordering::Release);
            leave.store(true, Ordering::Release);
            thread::sleep(PATIENCE * 2);
            terminal::restore();
            exit(128 + got);
        }
    };
    let thread = thread::Builder::new().name("signals".into()).spawn(listen);
    thread.map_err(|error| format!("cannot listen for signals: {}", error_text(&error)))?;
    Ok(asked)
}

/// Shows what there is until the person or a signal ends it.
fn show(log: &mut Log<File>, program: &mut Traced, expression: &str) -> Result<(), String> {
    let cannot = |error: std::io::Error| format!("tui: the terminal: {}", error_text(&error));
    let (mut screen, guard) = terminal::enter().map_err(cannot)?;
    let done = screen::run(&mut screen, log, program, theme(), expression);
    drop((screen, guard));
    if terminal::is_broken() {
        return Err("tui: an internal error ended the screen; what it said is above".into());
    }
    // A terminal that went away is told by SIGHUP too, and nobody reads of it.
    done.map_err(cannot)
}

/// Dies of the signal that asked, so that whoever waits knows.
fn finish(asked: &Asked) -> ExitCode {
    match asked.signo.load(Ordering::Acquire) {
        0 => ExitCode::SUCCESS,
        signo => {
            signal::die_of(signo);
            ExitCode::from(128u8.wrapping_add(signo as u8))
        }
    }
}

fn recorded(path: &Path, options: &Options, expression: &str) -> Result<ExitCode, String> {
    if !options.attach.is_empty() || options.output.is_some() || options.launch.asks() {
        return Err("tui: a recording is neither attached to, nor launched, nor recorded again".into());
    }
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| format!("cannot open '{name}': {}", error_text(&error)))?;
    if !path.is_file() {
        return Err(format!("'{name}' is no regular file: a recording is read from a file"));
    }
    control::block_signals();
    let mut log = Log::open(file, &name, None)?;
    needs_terminal()?;
    let asked = watch()?;
    let mut program = Traced { told_to_leave: Arc::clone(&asked.leave), ..Traced::default() };
    show(&mut log, &mut program, expression)?;
    Ok(finish(&asked))
}

/// The file that a live run is recorded to, to be written and to be read: the one of `-o`, or one without a name.
fn files(options: &Options) -> Result<(File, File), String> {
    if let Some(path) = &options.output {
        let shown = path.display();
        let file = writer::create(path)?.begin()?;
        let again = File::open(path).and_then(|again| Ok((again.metadata()?.is_file(), again)));
        return match again {
            Ok((true, again)) => Ok((file, again)),
            Ok((false, _)) => {
                Err(format!("'{shown}' is no regular file: the screen reads the recording back"))
            }
            Err(error) => Err(format!("cannot read '{shown}': {}", error_text(&error))),
        };
    }
    let own = std::env::var_os("TMPDIR").map(PathBuf::from);
    // /tmp is often memory, and a long run is long.
    let places = own.into_iter().chain(["/var/tmp".into(), "/tmp".into()]);
    let mut error = std::io::Error::from_raw_os_error(libc::ENOENT);
    for place in places {
        let mut open = OpenOptions::new();
        open.read(true).write(true).mode(0o600).custom_flags(libc::O_TMPFILE);
        match open.open(place).and_then(|file| Ok((file.try_clone()?, file))) {
            Ok(files) => return Ok(files),
            Err(other) => error = other,
        }
    }
    let text = error_text(&error);
    Err(format!("no temporary file can be made for the recording: {text}; name one with -o FILE"))
}

/// What the loop's thread needs.
struct Job {
    program: String,
    options: Options,
    request: Option<Request>,
    filtered: bool,
    mask: Mask,
    file: File,
    messages: Sender<String>,
    running: Arc<AtomicBool>,
    end: Sender<String>,
}

fn live(program: &str, mut options: Options, expression: &str, dashes: bool) -> Result<ExitCode, String> {
    let told =
        options.summary || options.summary_too || options.json || options.separate || options.reports.any();
    if told || options.daemonize > 0 || options.record.ring_bytes.is_some() || options.record.text.is_some() {
        return Err("tui: the screen shows calls and counts itself; -c, -C, -D, -ff, --json, --ring and reports belong to `trace` and `trace record`".into());
    }
    let file = options.record.file.take().or_else(|| options.output.take());
    options.output.clone_from(&file);
    // The recorder's options count, whatever the file is called.
    options.record.file = Some(file.unwrap_or_else(|| "unnamed".into()));
    let options = options::check(options).map_err(|refusal| refusal.text)?;
    let command = &options.command;
    let mut request =
        (!command.is_empty()).then(|| plan::request(&options.launch, command)).transpose().map_err(
            |text| if dashes || command.len() > 1 { text } else { format!("{text}, nor is it a recording") },
        )?;
    needs_terminal()?;
    let (file, again) = files(&options)?;
    let filtered = filter::install(program, &options, request.as_mut())?;
    // Before any thread is there: one that has them unblocked would die of them for all.
    let mask = control::block_signals();
    let pane = request.as_mut().map(terminal_of).transpose()?;
    let asked = watch()?;
    let (running, launched) = (Arc::new(AtomicBool::new(true)), request.is_some());
    let (messages, heard) = channel();
    let (end, ended) = channel();
    let name = options.record.file.clone().unwrap_or_default().display().to_string();
    let job = Job {
        program: program.to_owned(),
        options,
        request,
        filtered,
        mask,
        file,
        messages,
        running: Arc::clone(&running),
        end,
    };
    let (remote, thread) = begin(job)?;
    let beside = Live { running: Arc::clone(&running), messages: heard, end: ended };
    let mut traced = Traced {
        running,
        told_to_leave: Arc::clone(&asked.leave),
        launched,
        remote: Some(remote.clone()),
        terminal: pane,
    };
    let shown =
        Log::open(again, &name, Some(beside)).and_then(|mut log| show(&mut log, &mut traced, expression));
    if traced.is_running() {
        remote.ask(if launched { Wish::Kill } else { Wish::Detach });
    }
    let outcome = join(thread);
    shown?;
    outcome?;
    Ok(finish(&asked))
}

/// Gives the command a terminal of its own.
fn terminal_of(request: &mut Request) -> Result<Terminal, String> {
    let (rows, columns) = screen::terminal_size();
    let pane = Terminal::open(rows, columns)
        .map_err(|error| format!("no terminal can be made for the program: {}", error_text(&error)))?;
    let plan = &mut request.plan;
    let slave = pane.slave().as_raw_fd();
    plan.fds.map.retain(|(fd, _)| !(0..3).contains(fd));
    plan.fds.map.extend((0..3).map(|fd| (fd, Some(slave))));
    plan.terminal.setsid = true;
    plan.terminal.controlling = Some(0);
    (plan.terminal.foreground, plan.terminal.pgid) = (None, None);
    let mut env = plan.env.take().unwrap_or_else(|| {
        let join = |(mut name, value): (OsString, OsString)| {
            name.push("=");
            name.push(value);
            name
        };
        std::env::vars_os().map(join).collect()
    });
    // The size of another terminal would be believed.
    let stale = ["TERM=", "LINES=", "COLUMNS="];
    env.retain(|var| !stale.iter().any(|name| var.as_encoded_bytes().starts_with(name.as_bytes())));
    env.push(TERM.into());
    plan.env = Some(env);
    Ok(pane)
}

type Loop = JoinHandle<Result<Finish, String>>;

/// Starts the thread of the loop; returns when the program is traced.
fn begin(job: Job) -> Result<(Remote, Loop), String> {
    let (started, told) = sync_channel(1);
    let thread = thread::Builder::new().name("trace".into()).spawn(move || {
        let (running, messages) = (Arc::clone(&job.running), job.messages.clone());
        let result = trace(job, &started);
        if let Err(text) = &result {
            // For the screen, where it is still open.
            messages.send(text.clone()).ok();
        }
        running.store(false, Ordering::Release);
        result
    });
    let thread = thread.map_err(|error| format!("no thread can be started: {}", error_text(&error)))?;
    match told.recv() {
        Ok(remote) => Ok((remote, thread)),
        Err(_) => match thread.join() {
            Ok(Err(text)) => Err(text),
            _ => Err("tui: the tracer ended before it began".into()),
        },
    }
}

/// Runs the loop to its end, on the thread that attached.
fn trace(job: Job, started: &SyncSender<Remote>) -> Result<Finish, String> {
    let Job { program, options, request, filtered, mask, file, messages, end, .. } = job;
    let launched =
        request.as_ref().map(|request| run::launch(request, &mask, &options, filtered)).transpose()?;
    let (launched, held): (Option<Launched>, Option<Held>) = launched.unzip();
    let seized = run::attach(&program, &options)?;
    let (control, remote) = control::line();
    let setup = Setup {
        program,
        meta: record::meta(&options),
        policy: options.record.policy.clone(),
        io_uring: options.rings,
        deadline: Some(DEADLINE),
        messages: Some(messages.clone()),
        ..Setup::default()
    };
    let path = options.record.file.clone().unwrap_or_default();
    let recorder = Recorder::start(file, path, setup)
        .map_err(|error| format!("cannot write the recording: {}", error_text(&error)))?;
    let tools = run::tools("trace", &options);
    let config = run::config(&options, &run::format(&options), filtered, None);
    let mut engine = Engine::new(config, vec![Box::new(recorder)], tools, control);
    if let Some(launched) = &launched {
        engine.launched(launched.pid);
    }
    for tid in seized {
        engine.attached(tid);
    }
    started.send(remote).ok();
    let finish = engine.run().map_err(|error| format!("wait: {}", error_text(&error)))?;
    drop(engine);
    let failure = launched.as_ref().and_then(Launched::exec_failure);
    let how = match (&failure, finish) {
        (Some(text), _) => text.clone(),
        (None, Finish::Exited(status)) => spans::ended(End::Exited(status)),
        (None, Finish::Killed(signo)) => spans::ended(End::Killed { signo, core: false }),
        (None, Finish::Detached) => "ended".into(),
    };
    end.send(how).ok();
    for trouble in held.map(Held::release).unwrap_or_default() {
        messages.send(trouble).ok();
    }
    failure.map_or(Ok(finish), Err)
}

/// Waits for the loop's end, within reason: what it traces may be in a sleep that nothing interrupts, and ends with
/// this process.
fn join(thread: Loop) -> Result<(), String> {
    let begin = Instant::now();
    while !thread.is_finished() && begin.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(5));
    }
    if !thread.is_finished() {
        return Ok(());
    }
    match thread.join() {
        Ok(result) => result.map(drop),
        Err(_) => Err("tui: an internal error ended the tracer; what it said is above".into()),
    }
}
