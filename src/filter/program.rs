//! From the set of wanted calls to the seccomp filter that stops a task for them and for nothing else.
//!
//! Of some calls only those are wanted whose registers fulfil conditions: [`Ways`].
//! Besides what is wanted it stops where a task loads a filter of its own, which could answer calls before
//! the tracer sees them: from there on the task is stopped at every call. Calls of an unknown architecture
//! are left to the tracer.

use syscall_tables::abi::{Abi, numbers};

use std::collections::HashMap;

use super::{NUMBERS, Wanted};
use crate::bpf::compile::{Cmp, Cond, Error, Rule, Rules, Table, X32, compile};
use crate::bpf::{Action, Program};

/// SECCOMP_RET_DATA of this filter, by which its stops are told from those of a tracee's own.
pub const MARK: u16 = 0x5452;

/// For some calls, conditions on their registers: those that fulfil none of the lists are not wanted.
pub type Ways = HashMap<(Abi, u32), Vec<Vec<Cond>>>;

/// PR_SET_SECCOMP of prctl(2).
const PR_SET_SECCOMP: u64 = 22;

/// Whether call `nr` of `abi` with first argument `arg0` loads a seccomp filter.
pub fn loads_filter(abi: Abi, nr: u64, arg0: u64) -> bool {
    match numbers::name(abi, nr) {
        Some("seccomp") => true,
        Some("prctl") => arg0 == PR_SET_SECCOMP,
        _ => false,
    }
}

/// The filter for `wanted` under the conditions of `ways`, and for the calls named in `always`, which the tracer itself
/// has to see. Conditions for which a program has no room are left out: it then stops for more.
///
/// # Errors
/// When the rules make no program; those of a [`Wanted`] do.
pub fn program(wanted: &Wanted, ways: &Ways, always: &[&str]) -> Result<Program, Error> {
    match narrowed(wanted, ways, always) {
        Err(Error::Layout(_)) if !ways.is_empty() => narrowed(wanted, &Ways::new(), always),
        made => made,
    }
}

fn narrowed(wanted: &Wanted, ways: &Ways, always: &[&str]) -> Result<Program, Error> {
    let stop = Action::Trace(MARK);
    let (default, other) = if wanted.others { (stop, Action::Allow) } else { (Action::Allow, stop) };
    let table = |abi: Abi| {
        let mut rules = Vec::new();
        for nr in 0..NUMBERS as u32 {
            let has = wanted.has(abi, u64::from(nr));
            if let Some(ways) = ways.get(&(abi, nr)).filter(|_| has) {
                let way = |all: &Vec<Cond>| Rule { nr, conditions: all.clone(), action: stop };
                rules.extend(ways.iter().map(way));
                rules.push(Rule::always(nr, Action::Allow));
            } else if has != wanted.others {
                rules.push(Rule::always(nr, other));
            }
        }
        let number = |name: &str| numbers::number(abi, name).and_then(|nr| u32::try_from(nr).ok());
        // Where such a call is wanted, or every other is, it stops anyway; the first rule that fits wins.
        for nr in ["seccomp"].iter().chain(always).filter_map(|name| number(name)) {
            rules.insert(0, Rule::always(nr, stop));
        }
        if let Some(nr) = number("prctl") {
            let loads = Cond { arg: 0, cmp: Cmp::Eq, value: PR_SET_SECCOMP };
            rules.insert(0, Rule { nr, conditions: vec![loads], action: stop });
        }
        Table { abi, rules, beyond: None }
    };
    let tables = vec![table(Abi::X86_64), table(Abi::I386)];
    compile(&Rules { default, bad_arch: stop, x32: X32::BadArch, tables })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::run::run;
    use crate::bpf::{Data, check};

    fn answer(program: &Program, abi: Abi, nr: u64, args: [u64; 6]) -> Action {
        let data = Data { nr: nr as i32, arch: abi.audit_arch(), ip: 0, args };
        Action::from_ret(run(program, &data).unwrap().ret)
    }

    #[test]
    fn stops_for_what_is_wanted_and_for_filters() {
        for text in ["openat", "!openat", "%file", "none", "all", "/^get", "execve,openat@32"] {
            let wanted = Wanted::parse(text).unwrap();
            let program = program(&wanted, &Ways::new(), &[]).unwrap();
            check::check(&program).unwrap();
            for abi in [Abi::X86_64, Abi::I386] {
                for nr in (0..600).chain([1023, 1024, 5000]) {
                    let stops = answer(&program, abi, nr, [0; 6]) == Action::Trace(MARK);
                    let must = wanted.has(abi, nr) || loads_filter(abi, nr, 0);
                    assert_eq!(stops, must, "{text} {abi:?} {nr}");
                }
                let prctl = numbers::number(abi, "prctl").unwrap();
                assert_eq!(answer(&program, abi, prctl, [22, 0, 0, 0, 0, 0]), Action::Trace(MARK), "{text}");
            }
            let foreign = Data { nr: 0, arch: 0xdead, ip: 0, args: [0; 6] };
            assert_eq!(Action::from_ret(run(&program, &foreign).unwrap().ret), Action::Trace(MARK));
        }
    }

    #[test]
    fn a_short_list_is_a_short_program() {
        let few =
            program(&Wanted::parse("openat,connect").unwrap(), &Ways::new(), &["sched_getaffinity"]).unwrap();
        assert!(few.insns().len() < 40, "{}", few.insns().len());
        for nr in 0..450 {
            let data = Data { nr, arch: Abi::X86_64.audit_arch(), ip: 0, args: [0; 6] };
            assert!(run(&few, &data).unwrap().steps < 14);
        }
    }
}
