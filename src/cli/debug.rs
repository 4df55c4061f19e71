//! `trace debug`: the debugger's console, for a program or a running process.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use super::launch::{self, Launch};
use super::table::{self, Group, Row, flag, value};
use super::{plan, refuse, run};
use crate::debug::commands;
use crate::debug::console::Console;
use crate::debug::debugger::Debugger;
use crate::debug::interrupt::{self, Interrupt};

/// Options of `trace debug` besides those of the launch.
#[derive(Default)]
struct Options {
    launch: Launch,
    help: bool,
    commands: Vec<Script>,
    batch: bool,
    pid: Option<i32>,
    quiet: bool,
}

/// Commands from the command line.
enum Script {
    Line(String),
    File(OsString),
}

fn pid(options: &mut Options, text: &OsStr) -> Result<(), String> {
    let shown = text.to_string_lossy();
    let number = shown.parse::<i32>().ok().filter(|pid| *pid > 0);
    options.pid = Some(number.ok_or_else(|| format!("invalid process id: '{shown}'"))?);
    Ok(())
}

fn line(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.commands.push(Script::Line(text.to_string_lossy().into_owned()));
    Ok(())
}

fn script(options: &mut Options, text: &OsStr) -> Result<(), String> {
    options.commands.push(Script::File(text.to_owned()));
    Ok(())
}

const ROWS: &[Row<Options>] = &[
    value(b'p', "pid", "PID", "attach to this process", pid),
    value(0, "ex", "COMMAND", "run a command of the debugger; also as -ex COMMAND", line),
    value(b'x', "command", "FILE", "run the commands in a file", script),
    flag(0, "batch", "leave when the commands are done; nothing is asked", |o: &mut Options| o.batch = true),
    flag(b'q', "quiet", "no greeting", |o: &mut Options| o.quiet = true),
    flag(b'h', "help", "this text", |o: &mut Options| o.help = true),
];
const LAUNCH: Group<Options, Launch> = Group { rows: launch::ROWS, part: |options| &mut options.launch };

/// gdb's long options with one dash.
fn two_dashes(args: Vec<OsString>) -> Vec<OsString> {
    let mut own = true;
    let rename = |word: OsString| match word.to_str() {
        Some("--") => {
            own = false;
            word
        }
        Some("-ex") if own => "--ex".into(),
        Some("-batch") if own => "--batch".into(),
        Some("--args") if own => {
            own = false;
            "--".into()
        }
        _ => word,
    };
    args.into_iter().map(rename).collect()
}

/// Runs the command. The exit status is that of `quit`, 1 where the last command failed.
pub(super) fn run(program: &str, args: Vec<OsString>) -> ExitCode {
    let mut options = Options::default();
    let command = match table::parse(&mut options, &[ROWS], Some(&LAUNCH), &two_dashes(args)) {
        Ok(command) => command,
        Err(error) => {
            return refuse(program, format_args!("{error}\nTry '{program} debug -h' for more information."));
        }
    };
    if options.help {
        print!(
            "Usage: {program} debug [OPTIONS] [--] [PROGRAM [ARGS]]\n       {program} debug -p PID\n\nOptions:\n"
        );
        let own = table::help(ROWS.iter().map(Row::entry));
        print!("{own}\nLaunch options:\n{}", table::help(launch::ROWS.iter().map(Row::entry)));
        print!("\n{}", commands::help("").unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    if options.pid.is_some() && !command.is_empty() {
        return refuse(program, format_args!("debug: give a program or -p PID, not both"));
    }
    match session(&options, &command) {
        Ok(status) => ExitCode::from(status),
        Err(error) => refuse(program, format_args!("{error}")),
    }
}

fn session(options: &Options, command: &[OsString]) -> Result<u8, String> {
    // What can be refused is refused before anything is started.
    let mut request = (!command.is_empty()).then(|| plan::request(&options.launch, command)).transpose()?;
    let scripts = read_scripts(&options.commands)?;
    let mask = interrupt::block_signals();
    let interrupt = Interrupt::start().map_err(|error| error.to_string())?;
    let mut debugger = Debugger::new(interrupt);
    if let Some(request) = &mut request {
        request.plan.mask = Some(mask);
        if let crate::spawn::plan::Program::Path(path) = &request.plan.program {
            debugger.program.open(path).map_err(|error| error.to_string())?;
        }
        debugger.request = Some(request.clone());
    }
    let mut console = Console::new(debugger);
    console.narrates = !options.batch;
    if !command.is_empty() && !console.debugger.program.has_info() && !options.quiet {
        let path = console.debugger.program.path().unwrap_or_default();
        let shown = crate::debug::numbers::harmless(&path.to_string_lossy());
        console.say(&format!("(No debugging symbols found in {shown})\n"));
    }
    if let Some(pid) = options.pid {
        console.debugger.attach(pid).map_err(|error| run::attach_error(pid, &error))?;
        commands::attached(&mut console, pid).map_err(|error| error.to_string())?;
    }
    for (place, lines) in scripts {
        for (number, line) in lines.iter().enumerate() {
            if console.ends.is_some() || console.debugger.interrupt.wants_end() {
                break;
            }
            // A script ends where something goes wrong; commands of the command line stand for themselves.
            if !console.line(line)
                && let Some(file) = &place
            {
                eprintln!("{file}:{}: Error in sourced command file.", number + 1);
                break;
            }
        }
    }
    if !options.batch && console.ends.is_none() {
        console.interact();
    }
    Ok(console.finish())
}

/// Where commands stand, for those of files, and the commands.
type Lines = (Option<String>, Vec<String>);

fn read_scripts(list: &[Script]) -> Result<Vec<Lines>, String> {
    let read = |script: &Script| match script {
        Script::Line(line) => Ok((None, vec![line.clone()])),
        Script::File(path) => {
            let shown = path.to_string_lossy().into_owned();
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("{shown}: {}", super::options::error_text(&error)))?;
            Ok((Some(shown), text.lines().map(str::to_owned).collect()))
        }
    };
    list.iter().map(read).collect()
}
