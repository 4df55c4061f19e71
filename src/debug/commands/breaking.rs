//! Commands about breakpoints, watchpoints and catchpoints.

use super::numbers;
use crate::debug::breakpoints::{Catch, Kind};
use crate::debug::calls;
use crate::debug::console::Console;
use crate::debug::error::{Error, Result};
use crate::debug::numbers::harmless;
use crate::debug::process::watch::Access;
use crate::debug::program::locate::Spec;
use crate::debug::signals;
use crate::filter::condition::Condition;

/// Tells of a breakpoint that was set.
pub(super) fn tell_set(console: &mut Console, number: u32) {
    let Some(breakpoint) = console.debugger.breakpoints.get(number) else { return };
    let word = if breakpoint.temporary { "Temporary breakpoint" } else { "Breakpoint" };
    let Kind::Code { text, locations, .. } = &breakpoint.kind else { return };
    let line = match locations.as_slice() {
        [] => format!("{word} {number} ({}) pending.\n", harmless(text)),
        [only] => {
            let place = only
                .line
                .as_ref()
                .map(|line| format!(": file {}, line {}.", harmless(&line.file.shown), line.line));
            format!("{word} {number} at {:#x}{}\n", only.address, place.unwrap_or_default())
        }
        several => {
            let first = &several[0];
            let text = harmless(text);
            format!("{word} {number} at {:#x}: {text}. ({} locations)\n", first.address, several.len())
        }
    };
    console.say(&line);
}

/// A place, the thread and the condition behind it.
fn parts(text: &str) -> (String, Option<u32>, Option<String>) {
    let mut rest = text.to_owned();
    let mut condition = None;
    let at = if rest.starts_with("if ") { Some(0) } else { rest.find(" if ").map(|at| at + 1) };
    if let Some(at) = at {
        condition = Some(rest[at + 3..].trim().to_owned());
        rest.truncate(at);
    }
    let mut thread = None;
    let at = if rest.starts_with("thread ") { Some(0) } else { rest.find(" thread ").map(|at| at + 1) };
    if let Some(at) = at
        && let Ok(number) = rest[at + 7..].trim().parse()
    {
        thread = Some(number);
        rest.truncate(at);
    }
    (rest.trim().to_owned(), thread, condition)
}

fn set_one(console: &mut Console, text: &str, temporary: bool) -> Result<()> {
    let (place, thread, condition) = parts(text);
    if let Some(number) = thread
        && console.debugger.process.as_ref().is_none_or(|process| process.numbered(number).is_none())
    {
        return Err(Error::says(format!("Unknown thread {number}.")));
    }
    let result = console.debugger.add_breakpoint(&place, condition.as_deref(), temporary, false);
    let number = match result {
        Ok(number) => number,
        // A library that is not loaded yet may have it.
        Err(error) if is_unknown_place(&error) => {
            eprintln!("{error}");
            if console.asks && !console.confirm("Make breakpoint pending on future shared library load?") {
                return Ok(());
            }
            console.debugger.add_breakpoint(&place, condition.as_deref(), temporary, true)?
        }
        Err(error) => return Err(error),
    };
    if let Some(breakpoint) = console.debugger.breakpoints.get(number) {
        breakpoint.thread = thread;
    }
    tell_set(console, number);
    Ok(())
}

fn is_unknown_place(error: &Error) -> bool {
    let text = error.to_string();
    text.starts_with("Function \"") || text.starts_with("No source file named")
}

pub(super) fn set(console: &mut Console, text: &str) -> Result<()> {
    set_one(console, text, false)
}

pub(super) fn tbreak(console: &mut Console, text: &str) -> Result<()> {
    set_one(console, text, true)
}

fn watch_one(console: &mut Console, text: &str, access: Access, reads_only: bool) -> Result<()> {
    let text = text.trim().trim_start_matches("-location").trim_start_matches("-l").trim();
    if text.is_empty() {
        return Err(Error::says("Argument required (expression to compute)."));
    }
    let number = console.debugger.add_watch(text, access, reads_only)?;
    let word = match (access, reads_only) {
        (_, true) => "Hardware read watchpoint",
        (Access::Any, false) => "Hardware access (read/write) watchpoint",
        _ => "Hardware watchpoint",
    };
    let shown = text.split(" if ").next().unwrap_or(text).trim();
    console.say(&format!("{word} {number}: {}\n", harmless(shown)));
    Ok(())
}

pub(super) fn watch(console: &mut Console, text: &str) -> Result<()> {
    watch_one(console, text, Access::Write, false)
}

pub(super) fn rwatch(console: &mut Console, text: &str) -> Result<()> {
    watch_one(console, text, Access::Any, true)
}

pub(super) fn awatch(console: &mut Console, text: &str) -> Result<()> {
    watch_one(console, text, Access::Any, false)
}

pub(super) fn catch(console: &mut Console, text: &str) -> Result<()> {
    let (what, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (rest, question) = match rest.split_once("where ").filter(|_| matches!(what, "syscall" | "sys")) {
        Some((names, text)) if names.is_empty() || names.ends_with(char::is_whitespace) => {
            (names, Some(Condition::parse(text).map_err(Error::says)?))
        }
        _ => (rest, None),
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (catch, mut shown) = match what {
        "syscall" | "sys" => {
            let number = |word: &&str| {
                calls::number(word)
                    .ok_or_else(|| Error::says(format!("Unknown syscall name '{}'.", harmless(word))))
            };
            let list = words.iter().map(number).collect::<Result<Vec<u64>>>()?;
            let shown = match list.as_slice() {
                [] => "any syscall".to_owned(),
                [only] => format!("syscall '{}' [{only}]", calls::shown(*only)),
                several => {
                    let names = several.iter().map(|nr| format!("'{}' [{nr}]", calls::shown(*nr)));
                    format!("syscalls {}", names.collect::<Vec<_>>().join(" "))
                }
            };
            (Catch::Syscall(list), shown)
        }
        "fork" => (Catch::Fork, "fork".to_owned()),
        "vfork" => (Catch::Vfork, "vfork".to_owned()),
        "exec" => (Catch::Exec, "exec".to_owned()),
        "signal" => {
            let number = |word: &&str| {
                let unknown = || {
                    Error::says(
                        "Only signals 1-64 are valid as numeric signals.\nUse \"info signals\" for a list of symbolic signals.",
                    )
                };
                signals::number(word).ok_or_else(unknown)
            };
            let list = words.iter().map(number).collect::<Result<Vec<i32>>>()?;
            let names: Vec<String> = list.iter().map(|signo| signals::name(*signo)).collect();
            let shown = match names.as_slice() {
                [] => "standard signals".to_owned(),
                [only] => format!("signal {only}"),
                several => format!("signals {}", several.join(" ")),
            };
            (Catch::Signal(list), shown)
        }
        _ => {
            return Err(Error::says(
                "\"catch\" is followed by what to catch: syscall [NAME…] [where EXPR], fork, vfork, exec or signal [NAME…].",
            ));
        }
    };
    let number = console.debugger.breakpoints.add(Kind::Catch(catch), false);
    if let Some(question) = &question {
        shown.push_str(&format!(" where {}", harmless(question.source())));
    }
    if let Some(breakpoint) = console.debugger.breakpoints.get(number) {
        breakpoint.question = question;
    }
    console.say(&format!("Catchpoint {number} ({shown})\n"));
    Ok(())
}

pub(super) fn delete(console: &mut Console, text: &str) -> Result<()> {
    if let Some(rest) = text.strip_prefix("display") {
        return super::data::undisplay(console, rest.trim());
    }
    let text = text.trim_start_matches("breakpoints").trim();
    let list = if text.is_empty() {
        if !console.debugger.breakpoints.list.is_empty() && !console.confirm("Delete all breakpoints?") {
            return Ok(());
        }
        console.debugger.breakpoints.list.iter().map(|breakpoint| breakpoint.number).collect()
    } else {
        numbers(text)?
    };
    for number in list {
        if !console.debugger.delete(number) {
            return Err(Error::NoNumber { what: "breakpoint", number: number.into() });
        }
    }
    Ok(())
}

fn enable_all(console: &mut Console, text: &str, enabled: bool) -> Result<()> {
    let text = text.trim_start_matches("breakpoints").trim();
    let list = if text.is_empty() {
        console.debugger.breakpoints.list.iter().map(|breakpoint| breakpoint.number).collect()
    } else {
        numbers(text)?
    };
    list.into_iter().try_for_each(|number| console.debugger.enable(number, enabled))
}

pub(super) fn enable(console: &mut Console, text: &str) -> Result<()> {
    enable_all(console, text, true)
}

pub(super) fn disable(console: &mut Console, text: &str) -> Result<()> {
    enable_all(console, text, false)
}

/// A number and the rest.
fn numbered<'a>(text: &'a str, missing: &str) -> Result<(u32, &'a str)> {
    let (number, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if number.is_empty() {
        return Err(Error::says(missing));
    }
    let bad = || Error::says(format!("Bad breakpoint argument: '{}'", harmless(number)));
    Ok((number.parse().map_err(|_| bad())?, rest.trim()))
}

pub(super) fn condition(console: &mut Console, text: &str) -> Result<()> {
    let (number, condition) = numbered(text, "Argument required (breakpoint number).")?;
    let what = "breakpoint";
    let no = Error::NoNumber { what, number: number.into() };
    let breakpoint = console.debugger.breakpoints.get(number).ok_or(no)?;
    let first = match &breakpoint.kind {
        Kind::Code { locations, .. } => locations.first().cloned(),
        _ => None,
    };
    let parsed = if condition.is_empty() {
        console.say(&format!("Breakpoint {number} now unconditional.\n"));
        None
    } else {
        Some((condition.to_owned(), console.debugger.condition_at(condition, first.as_ref())?))
    };
    if let Some(breakpoint) = console.debugger.breakpoints.get(number) {
        breakpoint.condition = parsed;
    }
    Ok(())
}

pub(super) fn ignore(console: &mut Console, text: &str) -> Result<()> {
    let (number, count) = numbered(text, "Argument required (a breakpoint number).")?;
    if count.is_empty() {
        return Err(Error::says("Second argument (specified ignore-count) is missing."));
    }
    let count = u64::try_from(console.debugger.number(count)?).unwrap_or(0);
    let what = "breakpoint";
    let no = Error::NoNumber { what, number: number.into() };
    console.debugger.breakpoints.get(number).ok_or(no)?.ignore = count;
    let text = match count {
        0 => format!("Will stop next time breakpoint {number} is reached."),
        1 => format!("Will ignore next crossing of breakpoint {number}."),
        count => format!("Will ignore next {count} crossings of breakpoint {number}."),
    };
    console.narrate(&format!("{text}\n"));
    Ok(())
}

pub(super) fn commands(console: &mut Console, text: &str) -> Result<()> {
    let number = if text.is_empty() {
        console.debugger.breakpoints.list.last().map(|breakpoint| breakpoint.number)
    } else {
        Some(numbered(text, "")?.0)
    };
    let number = number.ok_or_else(|| Error::says("No breakpoints specified."))?;
    if console.debugger.breakpoints.get(number).is_none() {
        return Err(Error::NoNumber { what: "breakpoint", number: number.into() });
    }
    if console.asks {
        console.say(
            "Type commands for when breakpoint is hit, one per line.\nEnd with a line saying just \"end\".\n",
        );
    }
    let mut lines = Vec::new();
    while let Some(line) = console.read(">") {
        if line.trim() == "end" {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    if let Some(breakpoint) = console.debugger.breakpoints.get(number) {
        breakpoint.commands = lines;
    }
    Ok(())
}

pub(super) fn clear(console: &mut Console, text: &str) -> Result<()> {
    let spec = console.debugger.spec(text)?;
    let addresses: Vec<u64> = match &spec {
        // All breakpoints of the line, wherever in it they are.
        Spec::Address(address) => vec![*address],
        spec => console.debugger.program.locate(spec)?.iter().map(|location| location.address).collect(),
    };
    let is = |b: &&crate::debug::breakpoints::Breakpoint| match &b.kind {
        Kind::Code { locations, .. } => locations.iter().any(|l| addresses.contains(&l.address)),
        _ => false,
    };
    let list: Vec<u32> = console.debugger.breakpoints.list.iter().filter(is).map(|b| b.number).collect();
    if list.is_empty() {
        return Err(Error::says(format!("No breakpoint at {}.", harmless(text))));
    }
    let names: Vec<String> = list.iter().map(u32::to_string).collect();
    let word = if list.len() > 1 { "Deleted breakpoints" } else { "Deleted breakpoint" };
    console.say(&format!("{word} {} \n", names.join(" ")));
    for number in list {
        console.debugger.delete(number);
    }
    Ok(())
}
