//! Commands about the debugger itself: settings, signals, files, help, the end.

use std::ffi::OsString;

use crate::debug::console::Console;
use crate::debug::debugger::Follow;
use crate::debug::disassemble::Flavor;
use crate::debug::error::{Error, Result};
use crate::debug::numbers::harmless;
use crate::debug::signals;

/// Settings of gdb's that mean nothing here and are taken without a word, so that scripts run.
const IGNORED: &[&str] = &[
    "confirm",
    "pagination",
    "width",
    "height",
    "verbose",
    "history",
    "style",
    "python",
    "logging",
    "auto-load",
    "debuginfod",
    "startup-with-shell",
    "breakpoint",
    "detach-on-fork",
    "non-stop",
    "schedule-multiple",
    "scheduler-locking",
    "backtrace",
    "unwindonsignal",
    "can-use-hw-watchpoints",
    "complaints",
    "prompt",
];

pub(super) fn set(console: &mut Console, text: &str) -> Result<()> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    match word {
        "" => Err(Error::says("\"set\" must be followed by an expression or the name of a setting.")),
        "var" | "variable" => value(console, rest),
        "args" => {
            console.args = Some(super::running::words(rest));
            Ok(())
        }
        "listsize" => {
            console.listing.size = number(rest)?;
            Ok(())
        }
        "disassembly-flavor" => {
            console.flavor = match rest {
                "att" => Flavor::Att,
                "intel" => Flavor::Intel,
                _ => return Err(Error::says(format!("Undefined item: \"{}\".", harmless(rest)))),
            };
            Ok(())
        }
        "follow-fork-mode" => {
            console.debugger.follow = match rest {
                "parent" => Follow::Parent,
                "child" => Follow::Child,
                _ => return Err(Error::says(format!("Undefined item: \"{}\".", harmless(rest)))),
            };
            Ok(())
        }
        "step-mode" => {
            console.debugger.step_mode = rest != "off";
            Ok(())
        }
        "disable-randomization" => {
            if let Some(request) = &mut console.debugger.request {
                // ADDR_NO_RANDOMIZE of personality(2).
                request.plan.personality = Some(if rest == "off" { 0 } else { 0x0004_0000 });
            }
            Ok(())
        }
        "environment" | "env" => environment(console, rest),
        "substitute-path" => {
            let (from, to) = rest.split_once(char::is_whitespace).ok_or_else(|| {
                Error::says("Incorrect usage, too few arguments in command: set substitute-path FROM TO")
            })?;
            console.debugger.sources.moved.push((from.to_owned(), to.trim().to_owned()));
            console.debugger.sources.forget();
            Ok(())
        }
        "print" | "pr" | "p" if rest.starts_with(|c: char| c.is_ascii_lowercase()) => printing(console, rest),
        word if IGNORED.contains(&word) => Ok(()),
        _ => value(console, text),
    }
}

fn number(text: &str) -> Result<u32> {
    match text {
        "unlimited" | "0" => Ok(u32::MAX),
        text => text.parse().map_err(|_| Error::says(format!("Not a number: {}.", harmless(text)))),
    }
}

fn value(console: &mut Console, text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::says("Argument required (expression to compute)."));
    }
    let expr = console.debugger.parse(text)?;
    console.debugger.eval(&expr).map(drop)
}

fn printing(console: &mut Console, text: &str) -> Result<()> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let style = &mut console.debugger.style;
    match word {
        "elements" => style.elements = number(rest.trim())?.min(1 << 20) as usize,
        "repeats" => style.repeats = number(rest.trim())? as usize,
        "pretty" => style.pretty = rest.trim() != "off",
        "frame-arguments" | "address" | "symbol" | "union" | "object" | "static-members"
        | "thread-events" | "array" | "inferior-events" | "max-depth" | "entry-values" | "finish" => {}
        _ => return Err(Error::says(format!("Undefined set print command: \"{}\".", harmless(word)))),
    }
    Ok(())
}

fn environment(console: &mut Console, text: &str) -> Result<()> {
    let (name, value) = text.split_once('=').or_else(|| text.split_once(' ')).unwrap_or((text, ""));
    let (name, value) = (name.trim(), value.trim());
    let request = console.debugger.request.as_mut();
    let request =
        request.ok_or_else(|| Error::says("No program is given: there is no environment to change."))?;
    let environment = request.plan.env.get_or_insert_with(|| {
        std::env::vars_os()
            .map(|(mut name, value)| {
                name.push("=");
                name.push(value);
                name
            })
            .collect()
    });
    environment.retain(|variable| !variable.to_string_lossy().starts_with(&format!("{name}=")));
    environment.push(OsString::from(format!("{name}={value}")));
    Ok(())
}

pub(super) fn show(console: &mut Console, text: &str) -> Result<()> {
    let quoted = |text: &str| format!("\"{}\"", harmless(text));
    let line = match text {
        "args" => {
            let args = console.args.clone().or_else(|| {
                Some(console.debugger.request.as_ref()?.plan.argv.iter().skip(1).cloned().collect())
            });
            let list: Vec<String> =
                args.unwrap_or_default().iter().map(|word| word.to_string_lossy().into_owned()).collect();
            format!(
                "Argument list to give program being debugged when it is started is {}.",
                quoted(&list.join(" "))
            )
        }
        "listsize" => format!("Number of source lines gdb will list by default is {}.", console.listing.size),
        "disassembly-flavor" => {
            let name = if console.flavor == Flavor::Att { "att" } else { "intel" };
            format!("The disassembly flavor is \"{name}\".")
        }
        "follow-fork-mode" => {
            let name = if console.debugger.follow == Follow::Parent { "parent" } else { "child" };
            format!("Debugger response to a program call of fork or vfork is \"{name}\".")
        }
        "version" => format!("trace {}", env!("CARGO_PKG_VERSION")),
        _ => {
            return Err(Error::says(format!(
                "Undefined show command: {}.  Try \"help show\".",
                quoted(text)
            )));
        }
    };
    let line = line.replace("gdb will", "trace will");
    console.say(&format!("{line}\n"));
    Ok(())
}

/// A table of what is done about signals.
pub(super) fn policy_table(console: &Console, list: &[i32]) -> String {
    let mut text = String::from("Signal        Stop\tPrint\tPass to program\tDescription\n");
    for signo in list {
        let policy = console.debugger.signals.of(*signo);
        let word = |yes| if yes { "Yes" } else { "No" };
        text.push_str(&format!(
            "{:<13} {}\t{}\t{}\t\t{}\n",
            signals::name(*signo),
            word(policy.stop),
            word(policy.print),
            word(policy.pass),
            signals::meaning(*signo)
        ));
    }
    text
}

pub(super) fn handle(console: &mut Console, text: &str) -> Result<()> {
    let mut list = Vec::new();
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        if word == "all" {
            list.extend((1..32).filter(|signo| *signo != libc::SIGINT && *signo != libc::SIGTRAP));
        } else if let Some(number) = signals::number(word) {
            list.push(number);
        } else {
            words.push(word);
        }
    }
    if list.is_empty() {
        return Err(Error::says("Argument required (signal to handle)."));
    }
    for signo in &list {
        for word in &words {
            if !console.debugger.signals.change(*signo, word) {
                return Err(Error::says(format!(
                    "Unrecognized or ambiguous flag word: \"{}\".",
                    harmless(word)
                )));
            }
        }
    }
    let table = policy_table(console, &list);
    console.say(&table);
    Ok(())
}

pub(super) fn file(console: &mut Console, text: &str) -> Result<()> {
    if console.debugger.process.is_some() {
        return Err(Error::says("A program is being debugged already.  Kill or detach it first."));
    }
    let path = std::path::Path::new(text);
    console.debugger.program.open(path)?;
    if let Some(request) = &mut console.debugger.request {
        request.plan.program = crate::spawn::plan::Program::Path(path.to_owned());
        request.plan.argv = vec![path.as_os_str().to_owned()];
    } else {
        let plan = crate::spawn::plan::Plan::new(path.to_owned(), vec![path.as_os_str().to_owned()]);
        console.debugger.request = Some(crate::spawn::launch::Request::new(plan));
    }
    console.say(&format!("Reading symbols from {}...\n", harmless(text)));
    Ok(())
}

pub(super) fn echo(console: &mut Console, text: &str) -> Result<()> {
    let text = text.replace("\\n", "\n").replace("\\t", "\t");
    let lines: Vec<String> = text.split('\n').map(harmless).collect();
    console.say(&lines.join("\n"));
    Ok(())
}

pub(super) fn pwd(console: &mut Console, _text: &str) -> Result<()> {
    let directory = std::env::current_dir().map_err(|error| Error::kernel("pwd", &error))?;
    console.say(&format!("Working directory {}.\n", harmless(&directory.to_string_lossy())));
    Ok(())
}

pub(super) fn help(console: &mut Console, text: &str) -> Result<()> {
    let text = super::help(text.trim())?;
    console.say(&text);
    Ok(())
}

pub(super) fn quit(console: &mut Console, text: &str) -> Result<()> {
    if let Some(process) = &console.debugger.process {
        let (pid, word) = (process.pid, if process.launched { "killed" } else { "detached" });
        let question = format!(
            "A debugging session is active.\n\n\tInferior 1 [process {pid}] will be {word}.\n\nQuit anyway?"
        );
        if !console.confirm(&question) {
            return Err(Error::says("Not confirmed."));
        }
    }
    let status = if text.is_empty() { 0 } else { console.debugger.number(text)? };
    console.ends = Some(status as u8);
    Ok(())
}
