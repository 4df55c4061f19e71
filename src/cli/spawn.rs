//! `trace spawn`: runs a program through the launch engine, without tracing, and ends as it ended.
//!
//! Until then it passes on the signals that are sent to it alone, and takes the terminal back at the end.

use std::ffi::OsString;
use std::process::ExitCode;

use super::launch::{self, Launch};
use super::table::{self, Group, Row, flag};
use super::{plan, refuse};
use crate::spawn::launch::{Request, Started};
use crate::spawn::process::{Change, Exit};
use crate::sys::signal::Mask;
use crate::sys::{process, signal};

/// Options of `trace spawn`: the launch group and its own help.
#[derive(Default)]
struct Options {
    launch: Launch,
    help: bool,
}

const ROWS: &[Row<Options>] = &[flag(b'h', "help", "this text", |o: &mut Options| o.help = true)];
const LAUNCH: Group<Options, Launch> = Group { rows: launch::ROWS, part: |options| &mut options.launch };

/// Signals that are passed on.
const PASSED: [i32; 6] =
    [libc::SIGTERM, libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGUSR1, libc::SIGUSR2];

/// Runs the command; its exit status, or 128 and its signal.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let mut options = Options::default();
    let command = match table::parse(&mut options, &[ROWS], Some(&LAUNCH), &args) {
        Ok(command) => command,
        Err(error) => {
            return refuse(program, format_args!("{error}\nTry '{program} spawn -h' for more information."));
        }
    };
    if options.help {
        print!("Usage: {program} spawn [OPTIONS] [--] COMMAND [ARGS]\n\nOptions:\n");
        let rows = ROWS.iter().map(Row::entry).chain(launch::ROWS.iter().map(Row::entry));
        print!("{}", table::help(rows));
        return ExitCode::SUCCESS;
    }
    if command.is_empty() {
        return refuse(
            program,
            format_args!("spawn: no command: {program} spawn [OPTIONS] -- COMMAND [ARGS]"),
        );
    }
    let request = match plan::request(&options.launch, &command) {
        Ok(request) => request,
        Err(error) => return refuse(program, format_args!("{error}")),
    };
    if options.launch.dry_run {
        return dry_run(program, &request);
    }
    match start(&request) {
        Ok(exit) => ExitCode::from(exit.code() as u8),
        Err(error) => refuse(program, format_args!("{error}")),
    }
}

/// Prints the steps of `request`.
pub(super) fn dry_run(program: &str, request: &Request) -> ExitCode {
    match request.steps() {
        Ok(steps) => {
            for (number, step) in steps.iter().enumerate() {
                println!("{:>3}  {step}", number + 1);
            }
            ExitCode::SUCCESS
        }
        Err(error) => refuse(program, format_args!("{error}")),
    }
}

fn start(request: &Request) -> Result<Exit, String> {
    let mask = signal::block(&PASSED);
    let mut request = request.clone();
    request.plan.mask = Some(mask);
    let foreground = request.plan.terminal.foreground;
    let started = request.start().map_err(|error| error.to_string())?;
    pass_signals(&request, &started, mask);
    let exit = wait(&started, foreground);
    if let Some(fd) = foreground {
        process::take_foreground(fd);
    }
    // What it left running in its cgroup ends here, and all that was made for it goes.
    for trouble in started.finish() {
        eprintln!("trace: {trouble}");
    }
    exit
}

/// Waits for the end. A program that has the terminal and stops (Ctrl-Z) stops this process too, so that the
/// shell gets the terminal; when the shell continues this, the program goes on.
fn wait(started: &Started, foreground: Option<i32>) -> Result<Exit, String> {
    loop {
        match started.process().wait_or_stop().map_err(|error| format!("wait: {error}"))? {
            Change::Ended(exit) => return Ok(exit),
            Change::Stopped(_) => {
                let Some(fd) = foreground else { continue };
                let group = -started.process().pid();
                process::take_foreground(fd);
                signal::kill(std::process::id() as i32, libc::SIGSTOP).ok();
                process::give_foreground(fd, -group);
                signal::kill(group, libc::SIGCONT).ok();
            }
        }
    }
}

/// Passes on what is sent to this process, on a thread of its own, until the process ends.
/// Where no thread can be made (a limit, or children that are born into another pid namespace) the signals
/// act on this process alone, as `mask` had it.
fn pass_signals(request: &Request, started: &Started, mask: Mask) {
    let pid = started.process().pid();
    let terminal = &request.plan.terminal;
    // Where the terminal reaches the program by itself, its signals are not sent twice.
    let apart = terminal.setsid || terminal.pgid.is_some() || terminal.foreground.is_some();
    let thread = std::thread::Builder::new().spawn(move || {
        while let Ok((signo, by_terminal)) = signal::wait_info(&PASSED) {
            if apart || !by_terminal {
                signal::kill(pid, signo).ok();
            }
        }
    });
    if thread.is_err() {
        signal::set_mask(&mask);
    }
}
