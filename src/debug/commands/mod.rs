//! The console's commands: names and abbreviations as gdb has them, one row each. The help is made from the rows.

mod breaking;
mod data;
mod info;
mod running;
mod settings;
mod stack;

use super::console::Console;
use super::error::{Error, Result};

/// A command.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Other names, and abbreviations that mean it though others begin so too.
    pub short: &'static [&'static str],
    /// What stands behind it.
    pub args: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Which list of the help it is in.
    pub class: &'static str,
    /// An empty line does it again.
    pub again: bool,
    /// Does it.
    pub run: fn(&mut Console, &str) -> Result<()>,
}

const fn row(
    name: &'static str,
    short: &'static [&'static str],
    args: &'static str,
    class: &'static str,
    run: fn(&mut Console, &str) -> Result<()>,
    about: &'static str,
) -> Command {
    Command { name, short, args, about, class, again: false, run }
}

const fn again(command: Command) -> Command {
    Command { again: true, ..command }
}

/// All commands, by name.
pub const COMMANDS: &[Command] = &[
    row(
        "advance",
        &[],
        "LOCATION",
        "running",
        running::advance,
        "Continue to a place, or until the frame returns.",
    ),
    row("attach", &[], "PID", "running", running::attach, "Attach to a running process."),
    row(
        "awatch",
        &[],
        "EXPRESSION",
        "breakpoints",
        breaking::awatch,
        "Stop when a value is read or written.",
    ),
    row(
        "backtrace",
        &["bt", "where"],
        "[COUNT|full]",
        "stack",
        stack::backtrace,
        "Print the frames of the stack.",
    ),
    row(
        "break",
        &["b", "br", "bre", "brea"],
        "[LOCATION] [thread N] [if CONDITION]",
        "breakpoints",
        breaking::set,
        "Stop at a function, line or address.",
    ),
    row(
        "catch",
        &[],
        "syscall [NAME…] [where EXPR] | fork | vfork | exec | signal [NAME…]",
        "breakpoints",
        breaking::catch,
        "Stop at what the process does with the kernel.",
    ),
    row("clear", &[], "[LOCATION]", "breakpoints", breaking::clear, "Delete the breakpoints at a place."),
    row(
        "commands",
        &[],
        "[NUMBER]",
        "breakpoints",
        breaking::commands,
        "Give a breakpoint commands that are run when it is hit.",
    ),
    row(
        "condition",
        &[],
        "NUMBER [CONDITION]",
        "breakpoints",
        breaking::condition,
        "Give a breakpoint a condition, or take it away.",
    ),
    again(row(
        "continue",
        &["c", "fg"],
        "[COUNT]",
        "running",
        running::resume,
        "Go on; with COUNT, pass the breakpoint so often.",
    )),
    row(
        "delete",
        &["d", "del"],
        "[NUMBER…] | display [NUMBER…]",
        "breakpoints",
        breaking::delete,
        "Delete breakpoints, or all of them.",
    ),
    row("detach", &[], "", "running", running::detach, "Let the process go; it runs on."),
    row(
        "disable",
        &["disa", "dis"],
        "[NUMBER…]",
        "breakpoints",
        breaking::disable,
        "Make breakpoints count no longer.",
    ),
    row(
        "disassemble",
        &["disas"],
        "[/mrs] [LOCATION | START,END | START,+SIZE]",
        "data",
        data::disassemble,
        "Print the instructions of a function.",
    ),
    row(
        "display",
        &[],
        "[/FORMAT] [EXPRESSION]",
        "data",
        data::display,
        "Print an expression at every stop.",
    ),
    again(row("down", &[], "[COUNT]", "stack", stack::down, "Choose the frame that the chosen one called.")),
    row("echo", &[], "TEXT", "support", settings::echo, "Print a text."),
    row("enable", &["en"], "[NUMBER…]", "breakpoints", breaking::enable, "Make breakpoints count again."),
    row("file", &[], "PATH", "files", settings::file, "Debug this program."),
    again(row("finish", &["fin"], "", "running", running::finish, "Go on until the chosen frame returns.")),
    row("frame", &["f"], "[NUMBER]", "stack", stack::frame, "Choose and print a frame."),
    row(
        "handle",
        &[],
        "SIGNAL [stop|nostop|print|noprint|pass|nopass]…",
        "running",
        settings::handle,
        "Say what is done about a signal.",
    ),
    row("help", &["h"], "[COMMAND]", "support", settings::help, "Print this list, or what a command does."),
    row("ignore", &[], "NUMBER COUNT", "breakpoints", breaking::ignore, "Pass a breakpoint so often."),
    row(
        "info",
        &["i", "inf"],
        "breakpoints|locals|args|registers|frame|threads|sharedlibrary|signals|line|symbol|display|source|program",
        "status",
        info::info,
        "Print what is known of something.",
    ),
    row("inspect", &[], "[/FORMAT] EXPRESSION", "data", data::print, "Print a value."),
    row("jump", &["j"], "LOCATION", "running", running::jump, "Go on at another place."),
    row("kill", &["k"], "", "running", running::kill, "Kill the program."),
    again(row("list", &["l"], "[LINE|FUNCTION|FIRST,LAST|-]", "files", data::list, "Print lines of source.")),
    again(row("next", &["n"], "[COUNT]", "running", running::next, "Step to another line, over functions.")),
    again(row("nexti", &["ni"], "[COUNT]", "running", running::nexti, "Step one instruction, over calls.")),
    row("output", &[], "[/FORMAT] EXPRESSION", "data", data::output, "Print a value and nothing else."),
    row("print", &["p", "call"], "[/FORMAT] EXPRESSION", "data", data::print, "Print a value."),
    row("printf", &[], "\"FORMAT\", EXPRESSION…", "data", data::printf, "Print values as C's printf does."),
    row("ptype", &[], "TYPE|EXPRESSION", "data", data::ptype, "Print what a type is made of."),
    row("pwd", &[], "", "files", settings::pwd, "Print the working directory."),
    row(
        "quit",
        &["q", "exit"],
        "[STATUS]",
        "support",
        settings::quit,
        "Leave; a program that was started here is killed.",
    ),
    row("run", &["r"], "[ARGUMENTS]", "running", running::run, "Start the program."),
    row("rwatch", &[], "EXPRESSION", "breakpoints", breaking::rwatch, "Stop when a value is read."),
    row(
        "set",
        &[],
        "[var] EXPRESSION | args … | listsize N | print …",
        "data",
        settings::set,
        "Change a value or a setting.",
    ),
    row(
        "show",
        &[],
        "args|listsize|follow-fork-mode|version|…",
        "support",
        settings::show,
        "Print a setting.",
    ),
    row("signal", &[], "SIGNAL|0", "running", running::signal, "Go on with a signal, or without one."),
    row("start", &[], "[ARGUMENTS]", "running", running::start, "Start the program and stop in main."),
    row(
        "starti",
        &[],
        "[ARGUMENTS]",
        "running",
        running::starti,
        "Start the program and stop at its first instruction.",
    ),
    again(row("step", &["s"], "[COUNT]", "running", running::step, "Step to another line, into functions.")),
    again(row("stepi", &["si"], "[COUNT]", "running", running::stepi, "Step one instruction.")),
    row(
        "tbreak",
        &["tb", "tbr"],
        "[LOCATION] [if CONDITION]",
        "breakpoints",
        breaking::tbreak,
        "As break, for one hit.",
    ),
    row(
        "thread",
        &["t"],
        "[NUMBER | apply NUMBER…|all COMMAND | name TEXT]",
        "running",
        stack::thread,
        "Choose a thread, or do something in several.",
    ),
    row("undisplay", &[], "[NUMBER…]", "data", data::undisplay, "Print expressions at stops no longer."),
    again(row("until", &["u"], "[LOCATION]", "running", running::until, "As next, but forward only.")),
    again(row("up", &[], "[COUNT]", "stack", stack::up, "Choose the frame that called the chosen one.")),
    row(
        "watch",
        &["wa"],
        "[-location] EXPRESSION [if CONDITION]",
        "breakpoints",
        breaking::watch,
        "Stop when a value changes.",
    ),
    row("whatis", &[], "TYPE|EXPRESSION", "data", data::whatis, "Print a type's name."),
    again(row("x", &[], "[/COUNT FORMAT SIZE] ADDRESS", "data", data::examine, "Print memory.")),
];

/// Tells where a process is that was attached to.
///
/// # Errors
/// When it is gone.
pub fn attached(console: &mut Console, pid: i32) -> Result<()> {
    running::attached(console, pid)
}

/// A command by what was typed: a name, an abbreviation, or the head of one name alone.
///
/// # Errors
/// For what no command begins with, and for what several do.
pub fn find(word: &str) -> Result<&'static Command> {
    let exact = |command: &&Command| command.name == word || command.short.contains(&word);
    if let Some(command) = COMMANDS.iter().find(exact) {
        return Ok(command);
    }
    let begins: Vec<&Command> = COMMANDS.iter().filter(|command| command.name.starts_with(word)).collect();
    match begins.as_slice() {
        [] => Err(Error::says(format!(
            "Undefined command: \"{}\".  Try \"help\".",
            super::numbers::harmless(word)
        ))),
        [only] => Ok(only),
        several => {
            let names: Vec<&str> = several.iter().map(|command| command.name).collect();
            Err(Error::says(format!("Ambiguous command \"{word}\": {}.", names.join(", "))))
        }
    }
}

/// A line as a command's word and the rest: `x/4xw $sp` and `print/x y` have no blank between.
pub fn split(line: &str) -> (&str, &str) {
    let line = line.trim();
    let end = line.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(line.len());
    (&line[..end], line[end..].trim_start())
}

/// The help: all commands by class, or one.
///
/// # Errors
/// As [`find`].
pub fn help(word: &str) -> Result<String> {
    if !word.is_empty() {
        let command = find(word)?;
        let mut names = vec![command.name];
        names.extend(command.short);
        return Ok(format!("{}\n{} {}\n", names.join(", "), command.name, command.args)
            + &format!("{}\n", command.about));
    }
    let mut text =
        String::from("Commands, by what they are about. \"help NAME\" tells more; names may be cut short.\n");
    for class in ["running", "breakpoints", "stack", "data", "status", "files", "support"] {
        text.push_str(&format!("\n{class}:\n"));
        for command in COMMANDS.iter().filter(|command| command.class == class) {
            let names =
                command.short.first().map_or(command.name.to_owned(), |s| format!("{} ({s})", command.name));
            text.push_str(&format!("  {names:<18} {}\n", command.about));
        }
    }
    Ok(text)
}

/// Numbers in a list: `1 3-5`.
///
/// # Errors
/// For what is no number.
pub fn numbers(text: &str) -> Result<Vec<u32>> {
    let mut list = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        let bad = || Error::says(format!("Bad breakpoint argument: '{word}'"));
        // A place of a breakpoint that has several counts as the breakpoint.
        let word_number =
            |text: &str| text.split('.').next().unwrap_or(text).parse::<u32>().map_err(|_| bad());
        match word.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (word_number(from)?, word_number(to)?);
                list.extend(from..=to.min(from.saturating_add(10_000)));
            }
            None => list.push(word_number(word)?),
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_abbreviations() {
        for (typed, wanted) in [
            ("b", "break"),
            ("c", "continue"),
            ("s", "step"),
            ("si", "stepi"),
            ("ni", "nexti"),
            ("i", "info"),
            ("p", "print"),
            ("bt", "backtrace"),
            ("disas", "disassemble"),
            ("cont", "continue"),
            ("fin", "finish"),
            ("u", "until"),
            ("th", "thread"),
        ] {
            let found = find(typed).map(|command| command.name);
            assert_eq!(found, Ok(wanted), "{typed}");
        }
        assert!(find("frobnicate").is_err_and(|error| error.to_string().contains("Undefined command")));
        assert!(find("wat").is_ok());
        assert!(find("st").is_err_and(|error| error.to_string().contains("Ambiguous")));
    }

    #[test]
    fn lines_are_split() {
        assert_eq!(split("x/4xw $sp"), ("x", "/4xw $sp"));
        assert_eq!(split("  print  a + b "), ("print", "a + b"));
        assert_eq!(split("break *0x401000"), ("break", "*0x401000"));
        assert_eq!(numbers("1 3-5"), Ok(vec![1, 3, 4, 5]));
        assert!(numbers("x").is_err());
    }
}
