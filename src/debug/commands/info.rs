//! `info`: what is known of breakpoints, variables, registers, threads, files.

use crate::debug::breakpoints::{Breakpoint, Catch, Kind};
use crate::debug::calls;
use crate::debug::console::Console;
use crate::debug::debugger::Debugger;
use crate::debug::error::{Error, Result};
use crate::debug::numbers::harmless;
use crate::debug::print::{self, Style, with_offset};
use crate::debug::process::watch::Access;
use crate::debug::registers;
use crate::debug::signals;
use crate::debug::value::Target;

/// What `info` knows of: name, what it tells, and who tells it.
type Topic = (&'static str, &'static str, fn(&mut Console, &str) -> Result<()>);

const TOPICS: &[Topic] = &[
    ("all-registers", "every register", all_registers),
    ("args", "arguments of the chosen frame", args),
    ("breakpoints", "breakpoints, watchpoints and catchpoints", breakpoints),
    ("display", "expressions that are printed at stops", displays),
    ("files", "the files of the program", shared),
    ("frame", "the chosen frame", frame),
    ("inferiors", "the process", program),
    ("line", "the addresses of a line", line),
    ("locals", "variables of the chosen frame", locals),
    ("program", "the process", program),
    ("registers", "general registers, or those that are named", info_registers),
    ("sharedlibrary", "the libraries that are loaded", shared),
    ("signals", "what is done about signals", info_signals),
    ("source", "the source file of the chosen frame", source),
    ("symbol", "what an address belongs to", symbol),
    ("threads", "threads", threads),
    ("vector", "vector registers", vector),
    ("watchpoints", "watchpoints", breakpoints),
];

pub(super) fn info(console: &mut Console, text: &str) -> Result<()> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let short = match word {
        "b" | "br" | "break" => "breakpoints",
        "s" => return super::stack::backtrace(console, rest),
        "r" | "reg" => "registers",
        "f" => "frame",
        "sh" | "dll" => "sharedlibrary",
        "th" => "threads",
        word => word,
    };
    let found: Vec<&Topic> = TOPICS.iter().filter(|(name, _, _)| name.starts_with(short)).collect();
    let exact = TOPICS.iter().find(|(name, _, _)| *name == short);
    match (exact, found.as_slice(), word) {
        (_, _, "") => {
            let rows: String =
                TOPICS.iter().map(|(name, about, _)| format!("info {name:<14} {about}\n")).collect();
            console.say(&rows);
            Ok(())
        }
        (Some((_, _, run)), _, _) => run(console, rest.trim()),
        (None, [(_, _, run)], _) => run(console, rest.trim()),
        (None, [], _) => {
            Err(Error::says(format!("Undefined info command: \"{}\".  Try \"help info\".", harmless(word))))
        }
        (None, several, _) => {
            let names: Vec<&str> = several.iter().map(|(name, _, _)| *name).collect();
            Err(Error::says(format!("Ambiguous info command \"{word}\": {}.", names.join(", "))))
        }
    }
}

fn breakpoints(console: &mut Console, _text: &str) -> Result<()> {
    if console.debugger.breakpoints.list.is_empty() {
        console.say("No breakpoints or watchpoints.\n");
        return Ok(());
    }
    let mut text =
        format!("{:<7} {:<14} {:<4} {:<3} {:<18} {}\n", "Num", "Type", "Disp", "Enb", "Address", "What");
    for breakpoint in console.debugger.breakpoints.list.clone() {
        text.push_str(&row(&console.debugger, &breakpoint));
    }
    console.say(&text);
    Ok(())
}

fn row(debugger: &Debugger, breakpoint: &Breakpoint) -> String {
    let kind = match &breakpoint.kind {
        Kind::Code { .. } => "breakpoint",
        Kind::Catch(_) => "catchpoint",
        Kind::Watch(watch) if watch.reads_only => "read watchpoint",
        Kind::Watch(watch) if watch.access == Access::Any => "acc watchpoint",
        Kind::Watch(_) => "hw watchpoint",
    };
    let (address, what) = match &breakpoint.kind {
        Kind::Code { text, locations, .. } => match locations.as_slice() {
            [] => ("<PENDING>".to_owned(), harmless(text)),
            [only] => (format!("0x{:016x}", only.address), place(debugger, only)),
            _ => ("<MULTIPLE>".to_owned(), String::new()),
        },
        Kind::Watch(watch) => (String::new(), harmless(&watch.text)),
        Kind::Catch(catch) => (String::new(), caught(catch)),
    };
    let flag = if breakpoint.enabled { 'y' } else { 'n' };
    let keep = if breakpoint.temporary { "del" } else { "keep" };
    let mut text = format!("{:<7} {kind:<14} {keep:<4} {flag:<3} {address:<18} {what}", breakpoint.number);
    text.truncate(text.trim_end().len());
    text.push('\n');
    if let Some((condition, _)) = &breakpoint.condition {
        text.push_str(&format!("\tstop only if {}\n", harmless(condition)));
    }
    if let Some(question) = &breakpoint.question {
        text.push_str(&format!("\tstop only where {}\n", harmless(question.source())));
    }
    if let Some(thread) = breakpoint.thread {
        text.push_str(&format!("\tstop only in thread {thread}\n"));
    }
    match breakpoint.hits {
        0 => {}
        1 => text.push_str("\tbreakpoint already hit 1 time\n"),
        hits => text.push_str(&format!("\tbreakpoint already hit {hits} times\n")),
    }
    if breakpoint.ignore > 0 {
        text.push_str(&format!("\tignore next {} hits\n", breakpoint.ignore));
    }
    for command in &breakpoint.commands {
        text.push_str(&format!("        {}\n", harmless(command)));
    }
    if let Kind::Code { locations, .. } = &breakpoint.kind
        && locations.len() > 1
    {
        for (number, location) in locations.iter().enumerate() {
            let id = format!("{}.{}", breakpoint.number, number + 1);
            let place = place(debugger, location);
            text.push_str(&format!("{id:<27} {flag:<3} 0x{:016x} {place}\n", location.address));
        }
    }
    text
}

fn place(debugger: &Debugger, location: &crate::debug::program::locate::Location) -> String {
    let function = location.function.as_deref().map(harmless);
    match (&location.line, function) {
        (Some(line), Some(function)) => {
            format!("in {function} at {}:{}", harmless(&line.file.shown), line.line)
        }
        (Some(line), None) => format!("{}:{}", harmless(&line.file.shown), line.line),
        (None, _) => {
            let symbol = debugger.program.symbol(location.address, false);
            symbol.map(|(name, offset)| format!("<{}+{offset}>", harmless(&name))).unwrap_or_default()
        }
    }
}

fn caught(catch: &Catch) -> String {
    match catch {
        Catch::Syscall(list) if list.is_empty() => "<any syscall>".into(),
        Catch::Syscall(list) => {
            let names: Vec<String> = list.iter().map(|nr| calls::shown(*nr)).collect();
            let word = if list.len() == 1 { "syscall" } else { "syscalls" };
            format!("{word} \"{}\"", names.join(", "))
        }
        Catch::Fork => "fork".into(),
        Catch::Vfork => "vfork".into(),
        Catch::Exec => "exec".into(),
        Catch::Signal(list) if list.is_empty() => "<standard signals>".into(),
        Catch::Signal(list) => list.iter().map(|signo| signals::name(*signo)).collect::<Vec<_>>().join(" "),
    }
}

/// The variables of the chosen frame, a line each.
pub(super) fn locals_text(console: &mut Console) -> Result<String> {
    listed(console, false, "No locals.\n")
}

fn listed(console: &mut Console, arguments: bool, none: &str) -> Result<String> {
    let frame = console.debugger.frame().map_err(|_| Error::says("No frame selected."))?;
    let style = Style { format: None, ..console.debugger.style };
    let mut view = console.debugger.view(Some(frame));
    let list = view.locals(arguments)?;
    if list.is_empty() {
        return Ok(none.to_owned());
    }
    let rows = list
        .into_iter()
        .map(|(name, value)| format!("{} = {}\n", harmless(&name), print::always(&value, style, &mut view)));
    Ok(rows.collect())
}

fn locals(console: &mut Console, _text: &str) -> Result<()> {
    let text = locals_text(console)?;
    console.say(&text);
    Ok(())
}

fn args(console: &mut Console, _text: &str) -> Result<()> {
    let text = listed(console, true, "No arguments.\n")?;
    console.say(&text);
    Ok(())
}

fn info_registers(console: &mut Console, text: &str) -> Result<()> {
    let no = || Error::says("The program has no registers now.");
    let frame = console.debugger.frame().map_err(|_| no())?;
    let tid = console.debugger.tid;
    let words = console.debugger.process()?.words(tid)?;
    let program = &console.debugger.program;
    let symbol = |address| {
        program.symbol(address, false).map(|(name, offset)| with_offset(&name, offset)).unwrap_or_default()
    };
    let rows = registers::table(&words, |number| frame.registers.get(number), symbol);
    if text.is_empty() {
        let text: String = rows.iter().map(|(name, value)| format!("{name:<15}{value}\n")).collect();
        console.say(&text);
        return Ok(());
    }
    for word in text.split_whitespace() {
        let name = match word.trim_start_matches('$') {
            "pc" => "rip",
            "sp" => "rsp",
            "fp" => "rbp",
            name => name,
        };
        if let Some((name, value)) = rows.iter().find(|(known, _)| known == name) {
            console.say(&format!("{name:<15}{value}\n"));
        } else if registers::is_register(name) {
            one_register(console, name)?;
        } else {
            return Err(Error::says(format!("Invalid register `{}'", harmless(name))));
        }
    }
    Ok(())
}

fn one_register(console: &mut Console, name: &str) -> Result<()> {
    let style = console.debugger.style;
    let mut view = console.debugger.here();
    let value = view.dollar(name)?;
    let text = print::always(&value, style, &mut view);
    let raw = value.bytes(&mut view).map(|bytes| {
        let hex: String = bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect();
        format!("(raw 0x{hex})")
    });
    let line = format!("{name:<15}{text:<28} {}", raw.unwrap_or_default());
    console.say(&format!("{}\n", line.trim_end()));
    Ok(())
}

fn vector(console: &mut Console, _text: &str) -> Result<()> {
    crate::debug::run::needs_process(&console.debugger)
        .map_err(|_| Error::says("The program has no registers now."))?;
    registers::vector_names().iter().try_for_each(|name| one_register(console, name))
}

fn all_registers(console: &mut Console, _text: &str) -> Result<()> {
    info_registers(console, "")?;
    vector(console, "")
}

fn threads(console: &mut Console, _text: &str) -> Result<()> {
    let rows = console.debugger.threads();
    if rows.is_empty() {
        console.say("No threads.\n");
        return Ok(());
    }
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    console.say(&format!("  Id   Target Id  Frame \n{text}"));
    Ok(())
}

fn frame(console: &mut Console, _text: &str) -> Result<()> {
    let frame = console.debugger.frame()?;
    let level = console.debugger.level;
    let caller = console.debugger.frames(level + 2)?.0.get(level + 1).cloned();
    let program = &console.debugger.program;
    let name = frame.function(program).map(|name| format!(" in {}", harmless(&name))).unwrap_or_default();
    let line =
        frame.line(program).map(|l| format!(" ({}:{})", harmless(&l.file.shown), l.line)).unwrap_or_default();
    let mut text = format!("Stack level {level}, frame at {:#x}:\n", frame.cfa.unwrap_or(0));
    text.push_str(&format!(" rip = {:#x}{name}{line}", frame.pc));
    if let Some(caller) = &caller {
        text.push_str(&format!("; saved rip = {:#x}", caller.pc));
    }
    text.push('\n');
    if frame.inlined {
        text.push_str(&format!(" inlined into frame {}\n", level + 1));
    }
    if let Some(caller) = caller {
        text.push_str(&format!(" called by frame at {:#x}\n", caller.cfa.unwrap_or(0)));
    }
    console.say(&text);
    Ok(())
}

fn shared(console: &mut Console, _text: &str) -> Result<()> {
    let rows: Vec<String> = console
        .debugger
        .program
        .modules
        .iter()
        .skip(1)
        .filter(|module| module.binary.path.starts_with('/'))
        .filter_map(|module| {
            let (low, high) = (module.ranges.first()?.0, module.ranges.last()?.1);
            let known = if module.binary.info().is_some() { "Yes    " } else { "Yes (*)" };
            Some(format!("0x{low:016x}  0x{high:016x}  {known}     {}\n", harmless(&module.binary.path)))
        })
        .collect();
    if rows.is_empty() {
        console.say("No shared libraries loaded at this time.\n");
        return Ok(());
    }
    let starless = rows.iter().all(|row| !row.contains("(*)"));
    let mut text =
        String::from("From                To                  Syms Read   Shared Object Library\n");
    text.extend(rows);
    if !starless {
        text.push_str("(*): Shared library is missing debugging information.\n");
    }
    console.say(&text);
    Ok(())
}

fn program(console: &mut Console, _text: &str) -> Result<()> {
    let path = console.debugger.program.path().unwrap_or_default();
    let text = match &console.debugger.process {
        Some(process) => {
            let path = harmless(&path.to_string_lossy());
            format!("  Num  Description       Executable        \n* 1    process {} {path}\n", process.pid)
        }
        None => "The program being debugged is not being run.\n".to_owned(),
    };
    console.say(&text);
    Ok(())
}

fn info_signals(console: &mut Console, text: &str) -> Result<()> {
    let list: Vec<i32> = match text {
        "" => (1..32).collect(),
        text => vec![signals::number(text).ok_or_else(|| {
            Error::says("Only signals 1-64 are valid as numeric signals.\nUse \"info signals\" for a list of symbolic signals.")
        })?],
    };
    console.say(&super::settings::policy_table(console, &list));
    Ok(())
}

fn displays(console: &mut Console, _text: &str) -> Result<()> {
    if console.displays.is_empty() {
        console.say("There are no auto-display expressions now.\n");
        return Ok(());
    }
    let mut text = String::from("Auto-display expressions now in effect:\nNum Enb Expression\n");
    for display in &console.displays {
        let slash = if display.format.is_empty() { String::new() } else { format!("/{} ", display.format) };
        text.push_str(&format!("{}:   y  {slash}{}\n", display.number, harmless(&display.text)));
    }
    console.say(&text);
    Ok(())
}

fn source(console: &mut Console, _text: &str) -> Result<()> {
    let line = console.debugger.current_line();
    let line = line.ok_or_else(|| Error::says("No current source file."))?;
    let text = format!(
        "Current source file is {}\nLocated in {}\n",
        harmless(&line.file.shown),
        harmless(&console.debugger.sources.path(&line.file.full))
    );
    console.say(&text);
    Ok(())
}

fn line(console: &mut Console, text: &str) -> Result<()> {
    let spec = console.debugger.spec(text)?;
    let locations = console.debugger.program.locate(&spec)?;
    for location in locations {
        let place = console.debugger.program.place(location.address);
        let end = console.debugger.program.stretch(&place).map(|(stretch, _)| stretch.end);
        let Some(line) = location.line else { continue };
        let symbol = |console: &Console, address| {
            let found = console.debugger.program.symbol(address, false);
            found.map(|(name, offset)| format!(" <{}+{offset}>", harmless(&name))).unwrap_or_default()
        };
        let start = format!("{:#x}{}", location.address, symbol(console, location.address));
        let end = end.map(|end| format!(" and ends at {end:#x}{}", symbol(console, end))).unwrap_or_default();
        console.say(&format!(
            "Line {} of \"{}\" starts at address {start}{end}.\n",
            line.line,
            harmless(&line.file.shown)
        ));
    }
    Ok(())
}

fn symbol(console: &mut Console, text: &str) -> Result<()> {
    let address = super::data::address_of(console, text)?;
    let found = console.debugger.program.symbol(address, true);
    let text = match found {
        Some((name, 0)) => format!("{}\n", harmless(&name)),
        Some((name, offset)) => format!("{} + {offset}\n", harmless(&name)),
        None => format!("No symbol matches {}.\n", harmless(text)),
    };
    console.say(&text);
    Ok(())
}
