//! The values of `--inject` and `--fault`: `SET[:error=E|:retval=V][:signal=S][:syscall=NAME][:delay_enter=T]
//! [:delay_exit=T][:poke_enter=@argN=HEX,…][:poke_exit=…][:argN=V][:when=FIRST[..LAST][+[STEP]]]`, see strace(1);
//! and at the end `:where=EXPR`, a condition in the language of `--where`.

use syscall_tables::class::{self, Class};
use syscall_tables::errno;

use super::{Action, Answer, Condition, Poke, Rule, When};
use crate::filter::{self, Wanted};
use crate::output::choice::Signals;

/// ENOSYS, what a fault is unless another is asked for.
const ENOSYS: u32 = 38;
/// Largest errno that the kernel reports.
const MOST_ERRNO: u32 = 4095;
/// Largest count of `when=`; the last time is before it.
const MOST_TIMES: u32 = 65535;
/// Arguments that are in registers.
const REGISTERS: usize = 6;
/// Most arguments that can be named; what no call has does nothing.
const MOST_ARGUMENTS: usize = 7;

/// Why a rule was refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// The set of calls.
    Calls(filter::Error),
    /// What is to be done, or when.
    Action,
    /// The condition, and why.
    Condition(String),
}

impl Rule {
    /// The rule that `text` asks for; `fault` when only errors may be injected.
    ///
    /// # Errors
    /// Whether the set of calls or the rest is wrong.
    pub fn parse(text: &str, fault: bool) -> Result<Self, Error> {
        // Whatever stands behind it is part of the condition.
        let (text, condition) = match text.split_once(":where=") {
            Some((head, condition)) => (head, Some(Condition::early(condition).map_err(Error::Condition)?)),
            None => (text, None),
        };
        let mut parts = text.split(':');
        let calls = parts.next().unwrap_or_default();
        if calls.is_empty() {
            return Err(Error::Calls(filter::Error::Unknown(String::new())));
        }
        let calls = Wanted::parse(calls).map_err(Error::Calls)?;
        let mut rule = Self { calls, action: Action::default(), when: When::default(), condition };
        for part in parts {
            rule.part(part, fault).ok_or(Error::Action)?;
        }
        if fault {
            rule.action.answer.get_or_insert(Answer::Error(ENOSYS));
        }
        let action = &rule.action;
        // Another call alone would be no tampering that the program could see.
        let bare = Action { instead: None, ..action.clone() } == Action::default();
        if bare { Err(Error::Action) } else { Ok(rule) }
    }

    /// What is to be said of it that does not refuse it.
    pub fn doubt(&self) -> Option<String> {
        match self.action.answer {
            Some(Answer::Value(value)) => doubt(value as u64),
            _ => None,
        }
    }

    fn part(&mut self, part: &str, fault: bool) -> Option<()> {
        let action = &mut self.action;
        let (key, value) = part.split_once('=')?;
        match key {
            "when" => self.when = when(value)?,
            "error" if action.answer.is_none() => action.answer = Some(Answer::Error(error(value)?)),
            _ if fault => return None,
            "retval" if action.answer.is_none() => action.answer = Some(Answer::Value(number(value)? as i64)),
            "signal" if action.signal.is_none() => action.signal = Some(signal(value)?),
            "syscall" if action.instead.is_none() => action.instead = Some(pure(value)?),
            "delay_enter" if action.delay_enter_ns.is_none() => {
                action.delay_enter_ns = Some(duration_ns(value)?)
            }
            "delay_exit" if action.delay_exit_ns.is_none() => {
                action.delay_exit_ns = Some(duration_ns(value)?)
            }
            "poke_enter" if action.poke_enter.is_empty() => action.poke_enter = pokes(value)?,
            "poke_exit" if action.poke_exit.is_empty() => action.poke_exit = pokes(value)?,
            _ => {
                let register = argument(key).filter(|index| *index < REGISTERS)?;
                action.arguments.push((register, number(value)?));
            }
        }
        Some(())
    }
}

fn error(text: &str) -> Option<u32> {
    let code = match text.parse::<u32>() {
        Ok(code) => code,
        Err(_) => (1..MOST_ERRNO)
            .find(|code| errno::name(*code).is_some_and(|name| name.eq_ignore_ascii_case(text)))?,
    };
    (1..=MOST_ERRNO).contains(&code).then_some(code)
}

fn number(text: &str) -> Option<u64> {
    if let Some(digits) = text.strip_prefix('-') {
        return digits.parse::<i64>().ok().map(|value| -value as u64);
    }
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

fn signal(text: &str) -> Option<i32> {
    let number = text.parse().ok().or_else(|| Signals::number(text))?;
    (1..=64).contains(&number).then_some(number as i32)
}

/// A call that changes nothing and takes no arguments.
fn pure(text: &str) -> Option<&'static str> {
    let known = syscall_tables::signatures::common(text)?;
    let class = Class::named("%pure")?;
    class::membership(known.name).intersects(class).then_some(known.name)
}

/// What is to be said of a value that is returned, by strace(1): programs of 32 bits see less of it, and some values
/// are taken for errors.
fn doubt(value: u64) -> Option<String> {
    let error = |value: u64, of: u64| of.wrapping_sub(value).wrapping_add(1);
    let is_error = |error: u64| (1..=u64::from(MOST_ERRNO)).contains(&error);
    let (low, wide) = (value & u64::from(u32::MAX), error(value, u64::MAX));
    let narrow = error(low, u64::from(u32::MAX));
    if is_error(wide) {
        return Some(format!("Inadvertent injection of error {wide} is possible for retval={value}"));
    }
    if is_error(narrow) {
        return Some(format!(
            "Inadvertent injection of error {narrow} is possible in compat personality for retval={value}"
        ));
    }
    (low != value)
        .then(|| format!("Injected return value {value} will be clipped to {low} in compat personality"))
}

/// A duration in nanoseconds: a number with s, ms, us or ns behind it; microseconds where none is.
pub fn duration_ns(text: &str) -> Option<u64> {
    let units = [("ns", 1.0), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("", 1e3)];
    let (digits, unit) = units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)))?;
    let value: f64 = digits.parse().ok()?;
    (value.is_finite()
        && (0.0..1e22).contains(&(value * unit))
        && digits.starts_with(|c: char| c.is_ascii_digit()))
    .then_some((value * unit) as u64)
}

/// `argN`, from 1, as an index from 0.
fn argument(text: &str) -> Option<usize> {
    let number: usize = text.strip_prefix("arg")?.parse().ok()?;
    number.checked_sub(1).filter(|index| *index < MOST_ARGUMENTS)
}

/// At most one for each argument.
fn pokes(text: &str) -> Option<Vec<Poke>> {
    let mut pokes: Vec<Poke> = Vec::new();
    for word in text.split(',').filter(|word| !word.is_empty()) {
        let poke = poke(word)?;
        if pokes.iter().any(|other| other.argument == poke.argument) {
            return None;
        }
        pokes.push(poke);
    }
    (!pokes.is_empty()).then_some(pokes)
}

fn poke(text: &str) -> Option<Poke> {
    let (name, hex) = text.strip_prefix('@')?.split_once('=')?;
    if hex.is_empty() || hex.len() % 2 != 0 || !hex.is_ascii() {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    let bytes = (0..hex.len()).step_by(2).map(byte).collect::<Option<_>>()?;
    Some(Poke { argument: argument(name)?, bytes })
}

/// `FIRST[..LAST][+[STEP]]`.
fn when(text: &str) -> Option<When> {
    let (range, step) = match text.split_once('+') {
        None => (text, None),
        Some((range, "")) => (range, Some(1)),
        Some((range, step)) => (range, Some(count(step)?)),
    };
    let (first, last) = match range.split_once("..") {
        Some((first, last)) => (count(first)?, Some(count(last).filter(|last| *last < MOST_TIMES)?)),
        None => (count(range)?, None),
    };
    if last.is_some_and(|last| last < first) {
        return None;
    }
    // A single number is one time, a range all of its times.
    let step = step.unwrap_or(u32::from(last.is_some()));
    Some(When { first, last: last.unwrap_or(u32::MAX), step })
}

fn count(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| (1..=MOST_TIMES).contains(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        let rule = |text| Rule::parse(text, false).unwrap();
        assert_eq!(rule("getppid:error=EPERM:when=2+3").when, When { first: 2, last: u32::MAX, step: 3 });
        assert_eq!(rule("getppid:error=7").action.answer, Some(Answer::Error(7)));
        assert_eq!(rule("dup:retval=0x10:when=3").when, When { first: 3, last: u32::MAX, step: 0 });
        assert_eq!(rule("dup:retval=-2").action.answer, Some(Answer::Value(-2)));
        assert_eq!(rule("write:delay_enter=1.5ms").action.delay_enter_ns, Some(1_500_000));
        assert_eq!(rule("write:delay_exit=7").action.delay_exit_ns, Some(7_000));
        assert_eq!(rule("write:arg3=2:arg1=0x5").action.arguments, [(2, 2), (0, 5)]);
        let poked = rule("write:poke_enter=@arg2=5859,@arg1=00").action.poke_enter;
        assert_eq!(poked[0], Poke { argument: 1, bytes: vec![0x58, 0x59] });
        assert_eq!(Rule::parse("getppid", true).unwrap().action.answer, Some(Answer::Error(ENOSYS)));
    }

    #[test]
    fn what_is_refused() {
        for text in [
            "getppid",
            "getppid:when=2",
            "getppid:error=EFOO",
            "getppid:error=5000",
            "getppid:error=0",
            "getppid:retval=x",
            "getppid:error=1:retval=1",
            "getppid:error=1:when=0",
            "getppid:error=1:when=2..1",
            "getppid:bar=1",
            "getppid:signal=99",
            "getppid:syscall=open:error=1",
            "getppid:syscall=getpid",
            "getppid:delay_enter=x",
            "getppid:poke_enter=@arg9=00",
            "getppid:poke_enter=@arg1=0",
            "getppid:poke_enter=@arg0=00",
            "getppid:poke_enter=@arg1=00,@arg1=00",
            "getppid:poke_enter=,",
            "getppid:error=1:when=1..65535",
            "getppid:arg7=1",
        ] {
            assert_eq!(Rule::parse(text, false).unwrap_err(), Error::Action, "{text}");
        }
        assert!(matches!(Rule::parse("", false), Err(Error::Calls(_))));
        assert!(matches!(Rule::parse("getppid:error=1:where=", false), Err(Error::Condition(_))));
        assert!(matches!(Rule::parse("getppid:error=1:where=ret < 0", false), Err(Error::Condition(_))));
        assert_eq!(Rule::parse("getppid:where=fd == 1", false).unwrap_err(), Error::Action);
        assert!(matches!(Rule::parse("foo:error=1", false), Err(Error::Calls(_))));
        assert_eq!(Rule::parse("getppid:retval=1", true).unwrap_err(), Error::Action);
    }
}
