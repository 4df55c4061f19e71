//! Tampering with calls on purpose: what `--inject` and `--fault` of strace(1) ask for, and arguments that are rewritten.
//!
//! A rule holds for the calls of a set for which its condition holds, at some of the times that a task makes them. Of rules for one call the last
//! that holds decides. Registers that carry arguments are put back when the call returns, so that the program only
//! sees what it was meant to see.

mod parse;

pub use crate::filter::condition::Condition;
pub use parse::{Error, duration_ns};

use std::collections::HashMap;

use syscall_tables::abi::{Abi, numbers};

use crate::engine::tool::{Hand, Tool, Verdict};
use crate::event::{Call, Outcome, Tid};
use crate::filter::Wanted;

/// Bytes that are written to where an argument points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poke {
    /// The argument, from 0.
    pub argument: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a call returns instead of what it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// An errno.
    Error(u32),
    /// A value.
    Value(i64),
}

/// What is done to a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Action {
    /// It is not carried out and returns this.
    pub answer: Option<Answer>,
    /// It is replaced by this one, without arguments.
    pub instead: Option<&'static str>,
    /// A signal that the task gets.
    pub signal: Option<i32>,
    /// How long it waits before, in nanoseconds.
    pub delay_enter_ns: Option<u64>,
    /// How long it waits after, in nanoseconds.
    pub delay_exit_ns: Option<u64>,
    /// Written before.
    pub poke_enter: Vec<Poke>,
    /// Written after.
    pub poke_exit: Vec<Poke>,
    /// Arguments, from 0, and what they become.
    pub arguments: Vec<(usize, u64)>,
}

/// At which of the times that a task makes a call: from the `first` to the `last`, every `step`th.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// From 1.
    pub first: u32,
    /// Not after this one.
    pub last: u32,
    /// 0 for once.
    pub step: u32,
}

impl Default for When {
    fn default() -> Self {
        Self { first: 1, last: u32::MAX, step: 1 }
    }
}

impl When {
    /// Whether the `time`th time is one.
    pub fn holds(self, time: u32) -> bool {
        match time.checked_sub(self.first) {
            None => false,
            Some(0) => true,
            Some(past) => time <= self.last && self.step > 0 && past % self.step == 0,
        }
    }
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// For which calls.
    pub calls: Wanted,
    /// What is done.
    pub action: Action,
    /// When, of the times that the condition holds.
    pub when: When,
    /// Only calls for which this holds.
    pub condition: Option<Condition>,
}

/// What is still to be done to the call of a task.
#[derive(Debug)]
struct Pending {
    rule: usize,
    /// Registers that are put back, by argument.
    saved: Vec<(usize, u64)>,
    replaces: bool,
}

/// Applies rules.
#[derive(Debug)]
pub struct Injector {
    /// The name that begins messages.
    program: String,
    rules: Vec<Rule>,
    /// How often a task has made a call that a rule is for.
    times: HashMap<(Tid, usize, Abi, u64), u32>,
    pending: HashMap<Tid, Pending>,
}

impl Injector {
    /// By rules, of which later ones count more.
    pub fn new(program: &str, rules: Vec<Rule>) -> Self {
        Self { program: program.to_owned(), rules, times: HashMap::new(), pending: HashMap::new() }
    }

    /// The rule for this call, and counts it for all.
    fn rule(&mut self, call: &Call) -> Option<usize> {
        let (abi, nr) = (call.regs.abi, call.regs.nr);
        let mut found = None;
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.calls.has(abi, nr)) {
            if rule.condition.as_ref().is_some_and(|condition| !condition.holds(call)) {
                continue;
            }
            let time = self.times.entry((call.tid, index, abi, nr)).or_default();
            *time = time.saturating_add(1);
            if rule.when.holds(*time) {
                found = Some(index);
            }
        }
        found
    }
}

/// Writes to where arguments point, and says of which arguments the call has none; whether there was anything to write.
fn poke(program: &str, pokes: &[Poke], call: &Call, hand: &mut Hand) -> bool {
    let mut written = false;
    for poke in pokes {
        let name = call.signature.map_or("", |signature| signature.name);
        let has = call.signature.map_or(call.regs.args.len(), |signature| signature.args.len());
        match call.regs.args.get(poke.argument) {
            Some(&address) if poke.argument < has => {
                hand.write(address, &poke.bytes);
                written = true;
            }
            _ => hand.say(format!(
                "{program}: poke_tcb: Failed to tamper with process {}: requested to tamper with argument #{}, but system \
                 call '{name}' has only {has} arguments",
                call.tid.0,
                poke.argument + 1
            )),
        }
    }
    written
}

impl Tool for Injector {
    fn calls(&self) -> Option<Wanted> {
        self.rules.iter().map(|rule| rule.calls.clone()).reduce(|all, more| all.or(&more))
    }

    fn entry(&mut self, call: &mut Call, hand: &mut Hand) -> Verdict {
        let Some(index) = self.rule(call) else { return Verdict::Go };
        let action = &self.rules[index].action;
        let mut saved = Vec::new();
        for &(argument, value) in &action.arguments {
            saved.push((argument, call.regs.args[argument]));
            hand.set_argument(call.regs.abi, argument, value);
            call.regs.args[argument] = value;
            call.tampered.arguments = true;
        }
        call.tampered.arguments |= poke(&self.program, &action.poke_enter, call, hand);
        let instead = action.instead.and_then(|name| numbers::number(call.regs.abi, name));
        match instead {
            Some(nr) => hand.set_number(call.regs.abi.kernel_number(nr)),
            None if action.answer.is_some() => hand.skip(),
            None => {}
        }
        if let Some(signo) = action.signal {
            hand.signal(signo);
        }
        if let Some(delay_ns) = action.delay_enter_ns {
            hand.delay(delay_ns);
            call.tampered.delayed = true;
        }
        let replaces = instead.is_some();
        self.pending.insert(call.tid, Pending { rule: index, saved, replaces });
        Verdict::Go
    }

    fn exit(&mut self, call: &mut Call, outcome: &mut Outcome, hand: &mut Hand) -> Verdict {
        let Some(pending) = self.pending.remove(&call.tid) else { return Verdict::Go };
        let action = &self.rules[pending.rule].action;
        // A program that execve has begun has its own registers.
        let begun = !outcome.failed && call.signature.is_some_and(|s| s.name.starts_with("execve"));
        if !begun {
            for (argument, value) in pending.saved {
                hand.set_argument(call.regs.abi, argument, value);
            }
            if pending.replaces {
                hand.set_number(call.regs.abi.kernel_number(call.regs.nr));
            }
        }
        call.tampered.arguments |= poke(&self.program, &action.poke_exit, call, hand);
        if let Some(answer) = action.answer {
            let (value, failed) = match answer {
                Answer::Error(errno) => (-i64::from(errno), true),
                Answer::Value(value) => (value, false),
            };
            hand.set_result(value);
            *outcome = Outcome { value, failed };
            call.tampered.result = true;
        }
        if let Some(delay_ns) = action.delay_exit_ns {
            hand.delay(delay_ns);
            call.tampered.delayed = true;
        }
        Verdict::Go
    }

    fn ended(&mut self, tid: Tid) {
        self.pending.remove(&tid);
        self.times.retain(|key, _| key.0 != tid);
    }
}

#[cfg(test)]
mod tests {
    use super::When;

    #[test]
    fn times() {
        let rows: &[(When, &[u32])] = &[
            (When::default(), &[1, 2, 3, 4, 5, 6]),
            (When { first: 2, last: u32::MAX, step: 0 }, &[2]),
            (When { first: 2, last: u32::MAX, step: 2 }, &[2, 4, 6]),
            (When { first: 2, last: 4, step: 1 }, &[2, 3, 4]),
            (When { first: 1, last: 5, step: 3 }, &[1, 4]),
        ];
        for (when, times) in rows {
            let holding: Vec<u32> = (1..=6).filter(|time| when.holds(*time)).collect();
            assert_eq!(holding, *times, "{when:?}");
        }
    }
}
