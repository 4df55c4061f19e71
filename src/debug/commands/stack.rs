//! Commands about frames and threads.

use super::super::console::Console;
use super::info;
use crate::debug::error::{Error, Result};
use crate::debug::frame::{Frame, MOST_FRAMES};
use crate::debug::numbers::harmless;

/// A frame with its number, as backtraces have it.
fn numbered(console: &mut Console, level: usize, frame: &Frame) -> String {
    let line = console.debugger.frame_line(frame, false);
    format!("#{level:<2} {line}\n")
}

pub(super) fn backtrace(console: &mut Console, text: &str) -> Result<()> {
    let mut full = false;
    let mut count: Option<i128> = None;
    for word in text.split_whitespace() {
        match word {
            "full" | "-full" => full = true,
            word => count = Some(console.debugger.number(word)?),
        }
    }
    let limit = count.and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
    let wanted = limit.map_or(MOST_FRAMES, |limit| limit + 1);
    let (frames, lost) = console.debugger.frames(wanted)?;
    let (frames, lost) = (frames.to_vec(), lost);
    let from = match count {
        Some(count) if count < 0 => {
            frames.len().saturating_sub(usize::try_from(-count).unwrap_or(usize::MAX))
        }
        _ => 0,
    };
    let level = console.debugger.level;
    let shown = limit.unwrap_or(frames.len());
    for (number, frame) in frames.iter().enumerate().skip(from).take(shown) {
        let line = numbered(console, number, frame);
        console.say(&line);
        if full {
            console.debugger.level = number;
            let locals = info::locals_text(console).unwrap_or_else(|error| format!("{error}\n"));
            let indented: String = locals.lines().map(|line| format!("        {line}\n")).collect();
            console.say(&indented);
        }
    }
    console.debugger.level = level;
    if frames.len() > shown && limit.is_some() {
        console.say("(More stack frames follow...)\n");
    } else if lost && limit.is_none() {
        console.say("Backtrace stopped: the caller of this frame cannot be found\n");
    }
    Ok(())
}

/// Prints the chosen frame.
fn tell(console: &mut Console) -> Result<()> {
    let frame = console.debugger.frame()?;
    let level = console.debugger.level;
    let line = numbered(console, level, &frame);
    console.say(&line);
    if let Some(source) = console.debugger.source_line(&frame) {
        console.say(&format!("{source}\n"));
    }
    console.listing.shown = None;
    Ok(())
}

pub(super) fn frame(console: &mut Console, text: &str) -> Result<()> {
    let text = text.trim_start_matches("level").trim();
    console.debugger.frame()?;
    if !text.is_empty() {
        let number = console.debugger.number(text)?;
        let number = usize::try_from(number).map_err(|_| Error::says("No frame at level {text}."))?;
        let count = console.debugger.frames(number + 1)?.0.len();
        if number >= count {
            return Err(Error::says(format!("No frame at level {}.", harmless(text))));
        }
        console.debugger.level = number;
    }
    tell(console)
}

/// Moves up the stack, or down.
fn shift(console: &mut Console, text: &str, sign: i64) -> Result<()> {
    let count = if text.is_empty() { 1 } else { console.debugger.number(text)? };
    console.debugger.frame()?;
    let count = i64::try_from(count).unwrap_or(1) * sign;
    let level = console.debugger.level as i64;
    let wanted = level.saturating_add(count).clamp(0, MOST_FRAMES as i64);
    let have = console.debugger.frames(wanted as usize + 1)?.0.len() as i64;
    let reached = wanted.min(have - 1);
    if reached == level && count != 0 {
        return Err(Error::NoFrame(if count > 0 {
            "Initial frame selected; you can't go up."
        } else {
            "Bottom (innermost) frame selected; you can't go down."
        }));
    }
    console.debugger.level = reached as usize;
    tell(console)
}

pub(super) fn up(console: &mut Console, text: &str) -> Result<()> {
    shift(console, text, 1)
}

pub(super) fn down(console: &mut Console, text: &str) -> Result<()> {
    shift(console, text, -1)
}

pub(super) fn thread(console: &mut Console, text: &str) -> Result<()> {
    if console.debugger.process.is_none() {
        if text.is_empty() {
            console.say("No thread selected\n");
            return Ok(());
        }
        return Err(Error::says(format!("Invalid thread ID: {}", harmless(text))));
    }
    if let Some(rest) = text.strip_prefix("apply") {
        return apply(console, rest.trim());
    }
    if text.is_empty() {
        let tid = console.debugger.tid;
        let number = console.debugger.process()?.threads.get(&tid).map_or(0, |thread| thread.number);
        let line = format!("[Current thread is {number} ({})]\n", console.debugger.target(tid));
        console.say(&line);
        return Ok(());
    }
    let number: u32 =
        text.parse().map_err(|_| Error::says(format!("Invalid thread ID: {}", harmless(text))))?;
    let unknown = || Error::says(format!("Unknown thread {number}."));
    let tid = console.debugger.process()?.numbered(number).ok_or_else(unknown)?.tid;
    console.debugger.tid = tid;
    console.debugger.level = 0;
    console.debugger.forget_frames();
    let line = format!("[Switching to thread {number} ({})]\n", console.debugger.target(tid));
    console.say(&line);
    tell(console)
}

/// The same command in several threads.
fn apply(console: &mut Console, text: &str) -> Result<()> {
    let (which, command) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if command.trim().is_empty() {
        return Err(Error::says("Please specify a command at the end of 'thread apply all'"));
    }
    let process = console.debugger.process()?;
    let mut threads: Vec<(u32, i32)> = process.threads.values().map(|t| (t.number, t.tid)).collect();
    // gdb begins with the newest.
    threads.sort_unstable_by(|a, b| b.cmp(a));
    if which != "all" {
        let wanted = super::numbers(which)?;
        threads.retain(|(number, _)| wanted.contains(number));
        threads.reverse();
    }
    let before = (console.debugger.tid, console.debugger.level);
    for (number, tid) in threads {
        console.debugger.tid = tid;
        console.debugger.level = 0;
        console.debugger.forget_frames();
        let name = crate::debug::report::comm(tid);
        let line = format!("\nThread {number} ({} \"{name}\"):\n", console.debugger.target(tid));
        console.say(&line);
        console.line(command);
        if console.debugger.process.is_none() {
            return Ok(());
        }
    }
    (console.debugger.tid, console.debugger.level) = before;
    console.debugger.forget_frames();
    Ok(())
}
