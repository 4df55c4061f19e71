//! Option tables: one row is an option's names, value, help and effect. The parser, the help and every
//! message come from the rows. Options end at the first word that is not one: the rest is the command.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

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
}

pub(super) const fn flag<T>(
    short: u8,
    long: &'static str,
    about: &'static str,
    effect: fn(&mut T),
) -> Row<T> {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value: "", about, effect: Effect::Flag(effect) }
}

pub(super) const fn value<T>(
    short: u8,
    long: &'static str,
    value: &'static str,
    about: &'static str,
    effect: fn(&mut T, &OsStr) -> Result<(), String>,
) -> Row<T> {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value, about, effect: Effect::Value(effect) }
}

pub(super) const fn optional<T>(
    short: u8,
    long: &'static str,
    value: &'static str,
    about: &'static str,
    effect: fn(&mut T, Option<&OsStr>) -> Result<(), String>,
) -> Row<T> {
    let short = if short == 0 { None } else { Some(short) };
    Row { short, long, value, about, effect: Effect::Optional(effect) }
}

/// A word's option in one of several tables, ready to be applied.
trait Found<T> {
    fn takes_value(&self) -> bool;
    fn apply(&self, target: &mut T, value: Option<&OsStr>) -> Result<(), String>;
}

impl<T> Found<T> for Row<T> {
    fn takes_value(&self) -> bool {
        matches!(self.effect, Effect::Value(_))
    }

    fn apply(&self, target: &mut T, value: Option<&OsStr>) -> Result<(), String> {
        match (&self.effect, value) {
            (Effect::Flag(_), Some(_)) => Err(format!("option '--{}' takes no value", self.long)),
            (Effect::Flag(effect), None) => {
                effect(target);
                Ok(())
            }
            (Effect::Optional(effect), value) => effect(target, value),
            (Effect::Value(effect), Some(value)) => effect(target, value),
            (Effect::Value(_), None) => {
                Err(format!("option '--{}' requires an argument: {}", self.long, self.value))
            }
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

    fn apply(&self, target: &mut T, value: Option<&OsStr>) -> Result<(), String> {
        self.0.apply((self.1)(target), value)
    }
}

fn find<'a, T, P>(
    tables: &[&'a [Row<T>]],
    group: Option<&'a Group<T, P>>,
    is: impl Fn(Option<u8>, &str) -> bool,
) -> Option<Box<dyn Found<T> + 'a>> {
    if let Some(row) = tables.iter().copied().flatten().find(|row| is(row.short, row.long)) {
        return Some(Box::new(InGroup(row, |whole: &mut T| whole)));
    }
    let group = group?;
    let row = group.rows.iter().find(|row| is(row.short, row.long))?;
    Some(Box::new(InGroup(row, group.part)))
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
) -> Result<Vec<OsString>, String> {
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
            let found = find(tables, group, |_, known| known.as_bytes() == name);
            let found =
                found.ok_or_else(|| format!("unrecognized option '--{}'", String::from_utf8_lossy(name)))?;
            let wants = found.takes_value() && inline.is_none();
            let next = if wants { args.next().map(OsString::as_os_str) } else { None };
            found.apply(target, inline.or(next))?;
            continue;
        }
        let mut cluster = &bytes[1..];
        while let Some((&letter, rest)) = cluster.split_first() {
            let found = find(tables, group, |short, _| short == Some(letter));
            let found = found.ok_or_else(|| format!("invalid option -- '{}'", letter.escape_ascii()))?;
            cluster = rest;
            if found.takes_value() {
                let inline = (!rest.is_empty()).then(|| OsString::from_vec(rest.to_vec()));
                let text = inline.or_else(|| args.next().cloned());
                let text =
                    text.ok_or_else(|| format!("option requires an argument -- '{}'", letter as char))?;
                found.apply(target, Some(&text))?;
                break;
            }
            found.apply(target, None)?;
        }
    }
    Ok(args.cloned().collect())
}

/// The help of `rows`, a line each.
pub(super) fn help<'a, T: 'a>(rows: impl IntoIterator<Item = &'a Row<T>>) -> String {
    let mut text = String::new();
    for row in rows {
        let short = row.short.map_or("    ".into(), |c| format!("-{}, ", c as char));
        let long = match &row.effect {
            Effect::Flag(_) => row.long.to_owned(),
            Effect::Value(_) => format!("{}={}", row.long, row.value),
            Effect::Optional(_) => format!("{}[={}]", row.long, row.value),
        };
        text.push_str(&format!("  {short}--{long:<26} {}\n", row.about));
    }
    text
}
