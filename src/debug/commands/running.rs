//! Commands that start, continue, step and end the program.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::data;
use crate::debug::console::Console;
use crate::debug::debugger::{Event, Reason};
use crate::debug::error::{Error, Result};
use crate::debug::report::Key;
use crate::debug::signals;
use crate::debug::step::Step;

/// How often a step or a continue is repeated.
fn count(console: &mut Console, text: &str) -> Result<u64> {
    if text.is_empty() {
        return Ok(1);
    }
    let number = console.debugger.number(text)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// A stop is told, with the displays and the commands of the breakpoint that was hit.
pub(super) fn stopped(console: &mut Console, event: &Event, before: Option<&Key>, old_tid: i32) {
    if console.debugger.interrupt.wants_end() {
        // The session ends by a signal: that is no stop of the program's.
        return;
    }
    let hit = match &event.reason {
        Reason::Breakpoint(numbers) => numbers.clone(),
        Reason::Watch { number, .. } | Reason::Catch { number, .. } => vec![*number],
        _ => Vec::new(),
    };
    let mut commands = Vec::new();
    for number in &hit {
        commands.extend(
            console.debugger.breakpoints.get(*number).map(|b| b.commands.clone()).unwrap_or_default(),
        );
    }
    let text = console.debugger.tell(event, before, old_tid);
    let silent = commands.first().is_some_and(|line| line.trim() == "silent");
    if !silent {
        console.say(&text);
        if console.debugger.process.is_some() {
            data::show_displays(console);
        }
    }
    console.listing.shown = None;
    for number in hit {
        if console.debugger.breakpoints.get(number).is_some_and(|b| b.temporary) {
            console.debugger.delete(number);
        }
    }
    console.queue(&commands);
}

/// Does something that lets the program run, and tells where it stopped.
fn go(console: &mut Console, what: impl FnOnce(&mut Console) -> Result<Event>) -> Result<Event> {
    let old = console.debugger.tid;
    let event = what(console)?;
    stopped(console, &event, None, old);
    Ok(event)
}

fn steps(console: &mut Console, text: &str, how: Step) -> Result<()> {
    needs(console)?;
    let times = count(console, text)?;
    for left in (0..times).rev() {
        let before = console.debugger.key();
        let old = console.debugger.tid;
        let event = console.debugger.step(how)?;
        let on = event.reason == Reason::Stepped && left > 0;
        // Of several steps that stay in one function only the last is told, as gdb does.
        if !on
            || before != console.debugger.key() && !matches!(how, Step::Instruction | Step::InstructionOver)
        {
            stopped(console, &event, before.as_ref(), old);
        }
        if !on {
            break;
        }
    }
    Ok(())
}

fn needs(console: &Console) -> Result<()> {
    crate::debug::run::needs_process(&console.debugger)
}

pub(super) fn step(console: &mut Console, text: &str) -> Result<()> {
    steps(console, text, Step::Into)
}

pub(super) fn next(console: &mut Console, text: &str) -> Result<()> {
    steps(console, text, Step::Over)
}

pub(super) fn stepi(console: &mut Console, text: &str) -> Result<()> {
    steps(console, text, Step::Instruction)
}

pub(super) fn nexti(console: &mut Console, text: &str) -> Result<()> {
    steps(console, text, Step::InstructionOver)
}

pub(super) fn resume(console: &mut Console, text: &str) -> Result<()> {
    needs(console)?;
    let times = count(console, text)?;
    if times > 1
        && let Ok(frame) = console.debugger.frame()
    {
        let pc = frame.pc;
        let here = console.debugger.breakpoints.list.iter_mut().find(|b| b.addresses().contains(&pc));
        if let Some(breakpoint) = here {
            breakpoint.ignore = times - 1;
            let number = breakpoint.number;
            let crossings =
                if times == 2 { "crossing".to_owned() } else { format!("{} crossings", times - 1) };
            console.say(&format!("Will ignore next {crossings} of breakpoint {number}.  Continuing.\n"));
        }
    } else {
        console.narrate("Continuing.\n");
    }
    go(console, |console| console.debugger.resume()).map(drop)
}

pub(super) fn finish(console: &mut Console, _text: &str) -> Result<()> {
    needs(console)?;
    let frame = console.debugger.frame()?;
    let level = console.debugger.level;
    let line = console.debugger.frame_line(&frame, level > 0);
    console.narrate(&format!("Run till exit from #{level}  {line}\n"));
    let old = console.debugger.tid;
    let (event, value) = console.debugger.finish()?;
    stopped(console, &event, None, old);
    if let Some(value) = value {
        let text = data::remember(console, value, console.debugger.style)?;
        console.say(&format!("Value returned is {text}\n"));
    }
    Ok(())
}

pub(super) fn until(console: &mut Console, text: &str) -> Result<()> {
    needs(console)?;
    if !text.is_empty() {
        return advance(console, text);
    }
    let before = console.debugger.key();
    let old = console.debugger.tid;
    let event = console.debugger.until()?;
    stopped(console, &event, before.as_ref(), old);
    Ok(())
}

pub(super) fn advance(console: &mut Console, text: &str) -> Result<()> {
    needs(console)?;
    if text.is_empty() {
        return Err(Error::says("Argument required (a location)."));
    }
    go(console, |console| console.debugger.advance(text)).map(drop)
}

pub(super) fn jump(console: &mut Console, text: &str) -> Result<()> {
    needs(console)?;
    if text.is_empty() {
        return Err(Error::says("Argument required (starting address)."));
    }
    go(console, |console| console.debugger.jump(text)).map(drop)
}

pub(super) fn signal(console: &mut Console, text: &str) -> Result<()> {
    needs(console)?;
    let number = match text {
        "0" => 0,
        text => signals::number(text).ok_or_else(|| Error::says("Only signals 1-64 are valid as numeric signals.\nUse \"info signals\" for a list of symbolic signals."))?,
    };
    let tid = console.debugger.tid;
    if let Some(thread) = console.debugger.process()?.threads.get_mut(&tid) {
        thread.signal = number;
    }
    let name = if number == 0 { "no signal".to_owned() } else { format!("signal {}", signals::name(number)) };
    console.say(&format!("Continuing with {name}.\n"));
    go(console, |console| console.debugger.resume()).map(drop)
}

/// Words as a shell has them: blanks part, quotes and backslashes hold together.
pub(super) fn words(text: &str) -> Vec<OsString> {
    let mut list: Vec<Vec<u8>> = Vec::new();
    let mut open: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b' ' | b'\t') => list.extend(open.take()),
            (None, b'\'' | b'"') => {
                quote = Some(byte);
                open.get_or_insert_default();
            }
            (Some(end), _) if byte == end => quote = None,
            (None | Some(b'"'), b'\\') => open.get_or_insert_default().extend(bytes.next()),
            _ => open.get_or_insert_default().push(byte),
        }
    }
    list.extend(open);
    list.into_iter().map(OsString::from_vec).collect()
}

fn begin(console: &mut Console, text: &str) -> Result<()> {
    if console.debugger.process.is_some() {
        if !console
            .confirm("The program being debugged has been started already.\nStart it from the beginning?")
        {
            return Err(Error::says("Program not restarted."));
        }
        console.debugger.kill()?;
    }
    let args = if text.is_empty() { console.args.clone() } else { Some(words(text)) };
    if !text.is_empty() {
        console.args.clone_from(&args);
    }
    console.debugger.launch(args)?;
    let path = console.debugger.program.path().unwrap_or_default();
    console.narrate(&format!(
        "Starting program: {}\n",
        crate::debug::numbers::harmless(&path.to_string_lossy())
    ));
    Ok(())
}

pub(super) fn run(console: &mut Console, text: &str) -> Result<()> {
    begin(console, text)?;
    go(console, |console| console.debugger.resume()).map(drop)
}

pub(super) fn start(console: &mut Console, text: &str) -> Result<()> {
    let number = console.debugger.add_breakpoint("main", None, true, false)?;
    super::breaking::tell_set(console, number);
    run(console, text)
}

pub(super) fn starti(console: &mut Console, text: &str) -> Result<()> {
    begin(console, text)?;
    console.say("\nProgram stopped.\n");
    let frame = console.debugger.frame()?;
    let line = console.debugger.frame_line(&frame, true);
    console.say(&format!("{line}\n"));
    Ok(())
}

pub(super) fn kill(console: &mut Console, _text: &str) -> Result<()> {
    needs(console)?;
    if !console.confirm("Kill the program being debugged?") {
        return Err(Error::says("Not confirmed."));
    }
    let pid = console.debugger.kill()?;
    console.say(&format!("[Inferior 1 (process {pid}) killed]\n"));
    Ok(())
}

pub(super) fn detach(console: &mut Console, _text: &str) -> Result<()> {
    let path = console.debugger.program.path().unwrap_or_default();
    let pid = console.debugger.detach()?;
    let path = crate::debug::numbers::harmless(&path.to_string_lossy());
    console.say(&format!(
        "Detaching from program: {path}, process {pid}\n[Inferior 1 (process {pid}) detached]\n"
    ));
    Ok(())
}

pub(super) fn attach(console: &mut Console, text: &str) -> Result<()> {
    let pid: i32 = text.trim().parse().map_err(|_| Error::says(format!("Illegal process-id: {text}.")))?;
    if console.debugger.process.is_some() {
        return Err(Error::says("A program is being debugged already.  Kill or detach it first."));
    }
    attach_to(console, pid)
}

/// Attaches, and tells where the process is.
fn attach_to(console: &mut Console, pid: i32) -> Result<()> {
    console.debugger.attach(pid).map_err(|error| Error::kernel("attach", &error))?;
    attached(console, pid)
}

/// Tells where a process is that was attached to.
pub(super) fn attached(console: &mut Console, pid: i32) -> Result<()> {
    console.say(&format!("Attaching to process {pid}\n"));
    let threads = console.debugger.process()?.threads.len();
    if threads > 1 {
        console.say(&format!("[{threads} threads]\n"));
    }
    let frame = console.debugger.frame()?;
    let line = console.debugger.frame_line(&frame, false);
    console.say(&format!("{line}\n"));
    if let Some(source) = console.debugger.source_line(&frame) {
        console.say(&format!("{source}\n"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_a_shells() {
        let list: Vec<String> = words(r#"a 'b c' "d \" e" f\ g '' h"#)
            .into_iter()
            .map(|w| w.to_string_lossy().into_owned())
            .collect();
        assert_eq!(list, ["a", "b c", "d \" e", "f g", "", "h"]);
    }
}
