//! The main command: trace a program from its execve, or running processes.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use super::daemon::{self, Role};
use super::options::{Color, Options, error_text};
use super::output::Output;
use super::{filter, json, plan, record, refuse, reports, spawn};
use crate::decode;
use crate::engine::control;
use crate::engine::details::Wishes;
use crate::engine::sink::Sink;
use crate::engine::tool::{Limit, Tool};
use crate::engine::{Config, Engine, Finish};
use crate::filter::query::Query;
use crate::inject::Injector;
use crate::output::matching::Where;
use crate::output::text::color::Paint;
use crate::output::text::notices::Notices;
use crate::output::text::place::{Place, Prefix};
use crate::output::text::render::Spelling;
use crate::output::text::{Format, TextSink, stack};
use crate::output::writer::Writer;
use crate::spawn::launch::{Held, Request};
use crate::spawn::traced::Launched;
use crate::sys::signal::Mask;
use crate::sys::{limits, output, process, ptrace, signal};

/// Runs what `options` ask for; the exit status is the command's.
pub(super) fn run(program: &str, options: Options) -> ExitCode {
    if options.launch.dry_run && !options.command.is_empty() {
        return match plan::request(&options.launch, &options.command) {
            Ok(request) => spawn::dry_run(program, &request),
            Err(text) => refuse(program, format_args!("{text}")),
        };
    }
    match trace(program, &options) {
        Ok(Finish::Exited(status)) => ExitCode::from(status as u8),
        Ok(Finish::Killed(signo)) => {
            signal::die_of(signo);
            ExitCode::from(128u8.wrapping_add(signo as u8))
        }
        Ok(Finish::Detached) => ExitCode::SUCCESS,
        Err(text) => refuse(program, format_args!("{text}")),
    }
}

fn trace(program: &str, options: &Options) -> Result<Finish, String> {
    for notice in &options.notices {
        eprintln!("{program}: {notice}");
    }
    // What can be refused is refused before anything is started.
    let command = &options.command;
    let mut request = (!command.is_empty()).then(|| plan::request(&options.launch, command)).transpose()?;
    // A file is opened before a daemon parts from the program, so that both end where it cannot be.
    let piped = options.output.as_ref().is_some_and(|file| super::output::command(file).is_some());
    let opened = if piped { None } else { Some(Output::open(options)?) };
    let role = daemon::take_role(options, request.as_ref())?;
    if let Role::Tracer(..) = role {
        // Whoever was traced by its parent is this process's own now.
        request = None;
    }
    let format = format(options);
    let mut output = opened.map_or_else(|| Output::open(options), Ok)?;
    if let Some(text) = options.late {
        return Err(text.into());
    }
    let recording = options.record.open()?;
    if options.separate {
        // A file for each task: what is launched keeps the limit that it would have had.
        limits::raise_nofile().ok();
    }
    let filtered = filter::install(program, options, request.as_mut())?;
    let mask = control::block_signals();
    options.record.block_signals();
    let (launched, held) = match &request {
        Some(request) => {
            launch(request, &mask, options, filtered).map(|(launched, held)| (Some(launched), Some(held)))?
        }
        None => (None, None),
    };
    let seized = match attach(program, options) {
        Ok(seized) => seized,
        Err(text) => {
            // A launched task dies with its tracer, by PTRACE_O_EXITKILL.
            return Err(text);
        }
    };
    let adopted = adopt(options, role, !command.is_empty())?;
    let control = control::watch(launched.is_some(), options.interrupts()).map_err(|e| error_text(&e))?;
    let many = options.follow || options.attach.len() + usize::from(launched.is_some()) > 1;
    let mut sinks = sinks(program, options, &format, output.file.take(), many)?;
    if let Some(place) = recording {
        sinks.extend(record::start(program, options, place)?);
    }
    let tools = tools(program, options);
    let foreground = request.as_ref().and_then(|request| request.plan.terminal.foreground);
    let config = config(options, &format, filtered, foreground);
    let mut engine = Engine::new(config, sinks, tools, control);
    if let Some(launched) = &launched {
        engine.launched(launched.pid);
    }
    for tid in seized {
        engine.attached(tid);
    }
    if let Some(pid) = adopted {
        engine.adopted(pid);
    }
    let finish = engine.run().map_err(|e| format!("wait: {}", error_text(&e)))?;
    drop(engine);
    output.finish();
    if let Some(failure) = launched.as_ref().and_then(Launched::exec_failure) {
        eprintln!("{program}: {failure}");
    }
    if let Some(fd) = foreground {
        process::take_foreground(fd);
    }
    for trouble in held.map(Held::release).unwrap_or_default() {
        eprintln!("{program}: {trouble}");
    }
    eprint!("{}", options.tips.text(u64::from(std::process::id())));
    Ok(finish)
}

/// Seizes the program that waits for a tracer which is its grandchild, and lets it go on.
fn adopt(options: &Options, role: Role, runs: bool) -> Result<Option<i32>, String> {
    let Role::Tracer(program, mut gate) = role else { return Ok(None) };
    if runs {
        ptrace::seize(program, ptrace_options(options)).map_err(|e| attach_error(program, &e))?;
    }
    gate.open();
    Ok(runs.then_some(program))
}

/// What alters the run.
pub(super) fn tools(program: &str, options: &Options) -> Vec<Box<dyn Tool>> {
    let mut tools: Vec<Box<dyn Tool>> = Vec::new();
    if let Some(calls) = options.limit {
        tools.push(Box::new(Limit::new(calls)));
    }
    if !options.injections.is_empty() {
        tools.push(Box::new(Injector::new(program, options.injections.clone())));
    }
    tools
}

/// Most bytes of a buffer that are dumped.
const MOST_DUMPED: usize = 1 << 20;

/// How the engine runs.
pub(super) fn config(options: &Options, format: &Format, filtered: bool, foreground: Option<i32>) -> Config {
    let needs = options.query.as_ref().map(Query::needs).unwrap_or_default();
    let shown = format.options;
    let manner = format.manner.as_deref();
    let dumped = if format.dumps.any() { MOST_DUMPED } else { 0 };
    // Enough for every manner in which a call may be shown.
    let capture = decode::Options {
        string_limit: shown.string_limit.max(needs.string_bytes).max(dumped),
        raw: shown.raw && !needs.memory && manner.is_none() && dumped == 0,
        abbreviate: shown.abbreviate && manner.is_none(),
        dereference: shown.dereference || needs.memory || manner.is_some() || dumped > 0,
    };
    let told = options.record.fds(if options.json { Wishes::ALL } else { options.fds });
    let summary_times = options.summary && options.columns.times() || options.summary_too;
    Config {
        capture: options.record.capture(capture),
        wanted: options.wanted.clone(),
        narrowed: filtered && !options.ways.is_empty(),
        fds: Wishes {
            paths: told.paths || needs.fd_targets || options.reports.descriptors(),
            sockets: told.sockets || needs.sockets,
            ..told
        },
        follows: options.follow,
        pid_namespaces: options.pid_namespaces,
        extras: options.extras,
        names: options.names_of_pids,
        foreground,
        filtered,
        stacks: options.stacks.then_some(options.stack),
        ips: options.ip || options.record.file.is_some(),
        numbers: options.number,
        system_times: (options.summary || options.summary_too) && !options.measure.wall,
        detach_on_execve: options.detach_on_execve,
        yields: !options.strict,
        placement: filter::placement(options),
        times: options.json
            || format.times.wanted()
            || summary_times
            || needs.times
            || options.reports.any()
            || options.record.file.is_some(),
    }
}

fn ptrace_options(options: &Options) -> u64 {
    let follow = if options.follow { ptrace::OPTIONS_FOLLOW } else { 0 };
    ptrace::OPTIONS_BASE | follow
}

/// Starts the command, stopped before its execve, for the calling thread to trace.
///
/// # Errors
/// One sentence.
pub(super) fn launch(
    request: &Request,
    mask: &Mask,
    options: &Options,
    filtered: bool,
) -> Result<(Launched, Held), String> {
    let mut request = request.clone();
    request.plan.mask = Some(*mask);
    let filter = if filtered { ptrace::OPTION_SECCOMP } else { 0 };
    // As strace has it, a program outlives its tracer; but not its filter's answers.
    let outlives = options.strict && !options.kill_on_exit && !filtered || options.detach_on_execve;
    let kill = if outlives { 0 } else { ptrace::OPTION_EXITKILL };
    let options = ptrace_options(options) | kill | filter;
    request.trace(options).map_err(|e| e.to_string())
}

/// Seizes every thread of every process asked for.
///
/// # Errors
/// One sentence.
pub(super) fn attach(program: &str, options: &Options) -> Result<Vec<i32>, String> {
    let mut seized = Vec::new();
    let alone = options.attach.len() == 1 && options.command.is_empty();
    for &pid in &options.attach {
        if let Err(error) = ptrace::seize(pid, ptrace_options(options)) {
            let text = if options.strict { head(pid, &error) } else { attach_error(pid, &error) };
            if alone {
                return Err(text);
            }
            eprintln!("{program}: {text}");
            continue;
        }
        seized.push(pid);
        if !options.follow {
            continue;
        }
        // Threads may be born while others are seized; those are traced by their parents' events.
        for tid in process::threads(pid).unwrap_or_default() {
            if tid != pid && ptrace::seize(tid, ptrace_options(options)).is_ok() {
                seized.push(tid);
            }
        }
    }
    if seized.is_empty() && options.command.is_empty() && !options.attach.is_empty() {
        if options.strict {
            return Err(String::new());
        }
        return Err("none of the processes could be attached to".into());
    }
    Ok(seized)
}

/// Which process could not be attached to, as strace says it.
fn head(pid: i32, error: &std::io::Error) -> String {
    format!("attach: ptrace(PTRACE_SEIZE, {pid}): {}", error_text(error))
}

/// Why a process cannot be attached to, and what to do.
pub(super) fn attach_error(pid: i32, error: &std::io::Error) -> String {
    let head = head(pid, error);
    if error.raw_os_error() == Some(libc::ESRCH) {
        return format!("{head}: there is no process {pid}; `ps -e` lists those that run");
    }
    if pid == std::process::id() as i32 {
        return format!("attach: {pid} is this tracer itself: Operation not permitted");
    }
    let tracer = process::status_field(pid, "TracerPid").filter(|tracer| tracer != "0");
    if let Some(tracer) = tracer {
        return format!("{head}: process {pid} is already traced by process {tracer}; end that one first");
    }
    if process::status_field(pid, "Kthread").is_some_and(|k| k == "1") {
        return format!("{head}: {pid} is a kernel thread, which cannot be traced");
    }
    let owner =
        process::status_field(pid, "Uid").and_then(|ids| ids.split_whitespace().next().map(str::to_owned));
    let me = process::effective_uid();
    if me != 0 && owner.as_deref().is_some_and(|uid| uid != me.to_string()) {
        return format!(
            "{head}: process {pid} belongs to user {}; run as that user or as root",
            owner.unwrap_or_default()
        );
    }
    let yama = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    if matches!(yama.trim(), "1" | "2" | "3") {
        let scope = yama.trim();
        return format!(
            "{head}: Yama forbids it (kernel.yama.ptrace_scope is {scope}); run as root, or set it to 0 with sysctl"
        );
    }
    format!(
        "{head}: the process is protected; CAP_SYS_PTRACE is needed (in a container: --cap-add SYS_PTRACE)"
    )
}

/// What the text shows, by the options.
pub(super) fn format(options: &Options) -> Format {
    let colored = match options.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            options.output.is_none()
                && std::io::stderr().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        }
    };
    let wishes = std::env::var("STRACE_COLORS").unwrap_or_default();
    let paint = if colored { Paint::on(&wishes) } else { Paint::OFF };
    let redirected = options.output.is_some() && options.attach.is_empty();
    Format {
        spelling: Spelling {
            constants: options.constants,
            hex: options.hex_strings(),
            names: options.names,
            paint,
            fds: options.fds,
            host_pids: options.pid_namespaces,
            pid_names: options.names_of_pids,
        },
        options: decode::Options {
            string_limit: options.string_limit,
            abbreviate: options.manner.abbreviated.uniform() != Some(false),
            raw: options.manner.raw.uniform() == Some(true),
            dereference: options.manner.dereferenced.uniform() != Some(false),
        },
        manner: (!options.manner.is_uniform()).then(|| Arc::new(options.manner.clone())),
        dumps: Arc::new(options.dumps.clone()),
        column: options.column,
        times: options.times,
        ip: options.ip,
        number: options.number,
        quiet: options.quiet.redirected(redirected, redirected),
        results: options.results,
        signals: options.signals,
        rings: options.rings,
        stacks: match (options.stacks, options.stack.lines) {
            (false, _) => stack::Detail::None,
            (true, false) => stack::Detail::Symbols,
            (true, true) => stack::Detail::Lines,
        },
    }
}

/// The receivers that the options ask for, of a live run and of a replay alike. `many`: there may be more tasks
/// than one.
///
/// # Errors
/// One sentence.
pub(super) fn sinks(
    program: &str,
    options: &Options,
    format: &Format,
    output: Option<std::fs::File>,
    many: bool,
) -> Result<Vec<Box<dyn Sink>>, String> {
    let to_file = output.is_some();
    let file = match output {
        Some(file) => file,
        None => output::stderr().map_err(|e| format!("standard error: {}", error_text(&e)))?,
    };
    let table = file.try_clone().map_err(|e| error_text(&e))?;
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    if !options.summary && !options.record.only && (options.summary_too || !options.reports.any()) {
        let writer = Writer::start().map_err(|e| error_text(&e))?;
        let prefix = match (many || options.always_show_pid, to_file) {
            _ if options.always_show_pid && !to_file => Prefix::Bracketed,
            (false, _) => Prefix::None,
            (true, true) => Prefix::Always,
            (true, false) => Prefix::WhenMany,
        };
        let place = match (&options.output, options.separate) {
            (Some(base), true) => Place::each(writer, base.clone(), options.append, program),
            _ => Place::one(writer, file, prefix, program),
        };
        let place = place.naming(options.output.clone().filter(|_| options.strict));
        sinks.push(if options.json {
            json::sink(place, options, format)
        } else {
            Box::new(TextSink::new(place.spelling(options.hex_strings()), format.clone()))
        });
    }
    if options.summary && options.strict && !format.quiet.attach() {
        sinks.push(Box::new(Notices::new(program)));
    }
    sinks.extend(reports::sinks(program, options, format, &table).map_err(|e| error_text(&e))?);
    Ok(match &options.query {
        Some(query) => vec![Box::new(Where::new(query.clone(), sinks))],
        None => sinks,
    })
}
