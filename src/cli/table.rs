//! Option tables: one row is an option's names, value, help and effect. The parser, the help and every
//! message come from the rows. Options end at the first word that is not one: the rest is the command.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Why a command line was refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub text: String,
    /// It is about how options are written, so that the help is pointed at.
    pub usage: bool,
    /// What is said before it.
    pub notices: Vec<String>,
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self { text, usage: true, notices: Vec::new() }
    }
}

impl From<&str> for Refusal {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// What an effect says of a value that it cannot read; the message names the option as it was written.
pub(super) const fn invalid() -> String {
    String::new()
}

/// What an option does to a `T`; the second form takes a value, the third one after `=` if there is one.
pub(super) enum Effect<T> {
    Flag(fn(&mut T)),
    Value(fn(&mut T, &OsStr) -> Result<(), String>),
    Optional(fn(&mut T, Option<&OsStr>) -> Result<(), String>),
}

/// One option.
pub(super) struct Row<T> {
    pub short: Option<u8>,
    pub long: &'static str,
    pub value: &'static str,
    pub about: &'static str,
    pub effect: Effect<T>,
    /// Further long names, which the help does not show.
    pub aliases: &'static [&'static str],
    /// Refusals of its value point at the help.
    pub usage: bool,
}

impl<T> Row<T> {
    /// The same with further long names.
    pub const fn also(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The same, whose refusals are about something else than how options are written.
    pub const fn plain(mut self) -> Self {
        self.usage = false;
        self
    }

    /// What help, manual and completions say of it.
    pub fn entry(&self) -> Entry {
        let value = match &self.effect {
            Effect::Flag(_) => Takes::Nothing,
            Effect::Value(_) => Takes::Value(self.value),
            Effect::Optional(_) => Takes::Perhaps(self.value),
        };
        Entry { short: self.short.map(char::from), long: self.long, value, about: self.about }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.long).chain(self.aliases.iter().copied()).filter(|name| !name.is_empty())
    }
}

pub(super) const fn flag<T>(
    short: u8,
    long: &'static str,
    about: &'static str,
    effect: fn(&mut T),
) -> Row<T> {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value: "", about, effect: Effect::Flag(effect), aliases: &[], usage: true }
}

pub(super) const fn value<T>(
    short: u8,
    long: &'static str,
    value: &'static str,
    about: &'static str,
    effect: fn(&mut T, &OsStr) -> Result<(), String>,
) -> Row<T> {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value, about, effect: Effect::Value(effect), aliases: &[], usage: true }
}

pub(super) const fn optional<T>(
    short: u8,
    long: &'static str,
    value: &'static str,
    about: &'static str,
    effect: fn(&mut T, Option<&OsStr>) -> Result<(), String>,
) -> Row<T> {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value, about, effect: Effect::Optional(effect), aliases: &[], usage: true }
}

/// A word's option in one of several tables, ready to be applied.
trait Found<T> {
    fn takes_value(&self) -> bool;
    fn takes_none(&self) -> bool;
    fn usage(&self) -> bool;
    fn apply(&self, target: &mut T, value: Option<&OsStr>) -> Result<(), String>;
}

impl<T> Found<T> for Row<T> {
    fn takes_value(&self) -> bool {
        matches!(self.effect, Effect::Value(_))
    }

    fn takes_none(&self) -> bool {
        matches!(self.effect, Effect::Flag(_))
    }

    fn usage(&self) -> bool {
        self.usage
    }

    fn apply(&self, target: &mut T, value: Option<&OsStr>) -> Result<(), String> {
        match &self.effect {
            Effect::Flag(effect) => {
                effect(target);
                Ok(())
            }
            Effect::Optional(effect) => effect(target, value),
            Effect::Value(effect) => effect(target, value.unwrap_or_default()),
        }
    }
}

/// A table of another type that applies to a part of `T`.
pub(super) struct Group<T: 'static, P: 'static> {
    pub rows: &'static [Row<P>],
    pub part: fn(&mut T) -> &mut P,
}

struct InGroup<'a, T: 'static, P: 'static>(&'a Row<P>, fn(&mut T) -> &mut P);

impl<T, P> Found<T> for InGroup<'_, T, P> {
    fn takes_value(&self) -> bool {
        self.0.takes_value()
    }

    fn takes_none(&self) -> bool {
        self.0.takes_none()
    }

    fn usage(&self) -> bool {
        self.0.usage
    }

    fn apply(&self, target: &mut T, value: Option<&OsStr>) -> Result<(), String> {
        self.0.apply((self.1)(target), value)
    }
}

/// The options that a program takes.
struct Known<'a, T: 'static, P: 'static> {
    tables: &'a [&'a [Row<T>]],
    group: Option<&'a Group<T, P>>,
}

impl<'a, T, P> Known<'a, T, P> {
    fn find(&self, is: impl Fn(Option<u8>, &str) -> bool) -> Option<Box<dyn Found<T> + 'a>> {
        fn fits<R>(row: &Row<R>, is: &impl Fn(Option<u8>, &str) -> bool) -> bool {
            is(row.short, "") || row.names().any(|name| is(None, name))
        }
        if let Some(row) = self.tables.iter().copied().flatten().find(|row| fits(row, &is)) {
            return Some(Box::new(InGroup(row, |whole: &mut T| whole)));
        }
        let group = self.group?;
        let row = group.rows.iter().find(|row| fits(row, &is))?;
        Some(Box::new(InGroup(row, group.part)))
    }

    /// An option by its long name or by a beginning of it that no other has, as getopt_long(3) does.
    fn long(&self, name: &str, written: &str) -> Result<(String, Box<dyn Found<T> + 'a>), String> {
        let exact = |name: &str| self.find(|_, known| !known.is_empty() && known == name);
        if let Some(found) = exact(name) {
            return Ok((name.to_owned(), found));
        }
        let own =
            self.tables.iter().copied().flatten().map(|row| (row.long, row.names().collect::<Vec<_>>()));
        let grouped = self.group.into_iter().flat_map(|group| group.rows);
        let grouped = grouped.map(|row| (row.long, row.names().collect()));
        let mut fitting: Vec<(&str, &str)> = own
            .chain(grouped)
            .filter_map(|(row, names)| Some((row, *names.iter().find(|known| known.starts_with(name))?)))
            .collect();
        fitting.sort_unstable();
        fitting.dedup_by_key(|(row, _)| *row);
        match fitting.as_slice() {
            [(_, only)] => match exact(only) {
                Some(found) => Ok(((*only).to_owned(), found)),
                None => Err(format!("unrecognized option '--{written}'")),
            },
            [] => Err(format!("unrecognized option '--{written}'")),
            several => {
                let several: Vec<String> = several.iter().map(|(_, name)| format!("'--{name}'")).collect();
                Err(format!("option '--{written}' is ambiguous; possibilities: {}", several.join(" ")))
            }
        }
    }
}

/// Applies an option, and completes what it says of its value.
fn apply<T>(
    found: &dyn Found<T>,
    target: &mut T,
    written: &str,
    value: Option<&OsStr>,
) -> Result<(), Refusal> {
    found.apply(target, value).map_err(|text| {
        let text = if text.is_empty() {
            format!("invalid {written} argument: '{}'", value.unwrap_or_default().to_string_lossy())
        } else {
            text
        };
        let usage = found.usage() || text.starts_with("incorrect personality designator");
        Refusal { text, usage, notices: Vec::new() }
    })
}

/// Applies the options at the head of `args` to `target`; returns the words after them. Of rows with the same
/// name, in different tables, the first counts.
///
/// # Errors
/// One sentence that names the option and the value.
pub(super) fn parse<T, P>(
    target: &mut T,
    tables: &[&[Row<T>]],
    group: Option<&Group<T, P>>,
    args: &[OsString],
) -> Result<Vec<OsString>, Refusal> {
    let known = Known { tables, group };
    let mut args = args.iter();
    while let Some(word) = args.as_slice().first() {
        let bytes = word.as_bytes();
        if bytes == b"--" {
            args.next();
            break;
        }
        if bytes.len() < 2 || bytes[0] != b'-' {
            break;
        }
        args.next();
        if let Some(long) = bytes.strip_prefix(b"--") {
            let (name, inline) = match long.iter().position(|&b| b == b'=') {
                Some(at) => (&long[..at], Some(OsStr::from_bytes(&long[at + 1..]))),
                None => (long, None),
            };
            let (name, found) = known.long(&String::from_utf8_lossy(name), &String::from_utf8_lossy(long))?;
            if found.takes_none() && inline.is_some() {
                return Err(format!("option '--{name}' doesn't allow an argument").into());
            }
            let wants = found.takes_value() && inline.is_none();
            let next = if wants { args.next().map(OsString::as_os_str) } else { None };
            if wants && next.is_none() {
                return Err(format!("option '--{name}' requires an argument").into());
            }
            apply(&*found, target, &format!("--{name}"), inline.or(next))?;
            continue;
        }
        let mut cluster = &bytes[1..];
        while let Some((&letter, rest)) = cluster.split_first() {
            let found = known.find(|short, _| short == Some(letter));
            let found = found.ok_or_else(|| format!("invalid option -- '{}'", letter.escape_ascii()))?;
            cluster = rest;
            let written = format!("-{}", letter as char);
            if found.takes_value() {
                let inline = (!rest.is_empty()).then(|| OsString::from_vec(rest.to_vec()));
                let text = inline.or_else(|| args.next().cloned());
                let text =
                    text.ok_or_else(|| format!("option requires an argument -- '{}'", letter as char))?;
                apply(&*found, target, &written, Some(&text))?;
                break;
            }
            apply(&*found, target, &written, None)?;
        }
    }
    Ok(args.cloned().collect())
}

/// Whether an option takes a value, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Value(&'static str),
    Perhaps(&'static str),
}

/// An option as it is described.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub short: Option<char>,
    /// Empty where it has a letter only.
    pub long: &'static str,
    pub value: Takes,
    pub about: &'static str,
}

impl Entry {
    /// Both names and the value.
    pub fn spelled(&self) -> String {
        let value = match self.value {
            Takes::Nothing => String::new(),
            Takes::Value(value) => format!("={value}"),
            Takes::Perhaps(value) => format!("[={value}]"),
        };
        match (self.short, self.long) {
            (Some(short), "") => format!("-{short}"),
            (Some(short), long) => format!("-{short}, --{long}{value}"),
            (None, long) => format!("    --{long}{value}"),
        }
    }
}

/// The help of options, a line each.
pub(super) fn help(entries: impl IntoIterator<Item = Entry>) -> String {
    let mut text = String::new();
    for entry in entries {
        text.push_str(&format!("  {:<32} {}\n", entry.spelled(), entry.about));
    }
    text
}
