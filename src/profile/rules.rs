//! From the words of a profile to rules, as runc and libseccomp understand them.
//!
//! - The native architecture is always there; calls of one that is not listed kill the thread (SCMP_ACT_KILL).
//! - A rule whose action is the default action is no rule: a later one for the same call is still looked at.
//! - Conditions of a rule must all hold, unless two of them are about one argument: then each condition of the rule is a
//!   rule of its own. That is what runc's matchCall does, and it is why `[arg0 >= 3, arg0 <= 7]` matches everything.
//! - On 32-bit x86 values and masks are cut to 32 bits.
//! - A rule for a call that 32-bit x86 can also make through `socketcall` or `ipc` concerns that way too. Arguments
//!   cannot be seen there, so a rule with conditions forbids the whole call that way if it forbids, and does nothing if
//!   it permits; libseccomp permits the whole call.

use std::collections::BTreeSet;

use syscall_tables::abi::{Abi, numbers};

use super::actions::{ACTIONS, ARCHES, Arch, OPS, find};
use super::oci::{Arg, Error, Host, Profile, Syscalls, Warning, When};
use crate::bpf::Action;
use crate::bpf::compile::{Cmp, Cond, Rule, Rules, Table, X32, X32_BIT};

/// Docker's name for the architecture that profiles are made for.
const NATIVE: &str = "amd64";

/// Its name in profiles.
const NATIVE_ARCH: &str = "SCMP_ARCH_X86_64";

/// Greatest error number that the kernel returns (MAX_ERRNO).
const MAX_ERRNO: u32 = 4095;

/// What runc takes where a profile gives no errnoRet.
const EPERM: u32 = 1;

/// What a call gives that the kernel does not have.
const ENOSYS: u16 = 38;

/// The rules of a profile. `daemon` resolves Docker's conditions; without it every rule is there.
pub(super) fn rules(
    profile: &Profile,
    daemon: Option<&Host>,
    host: &Host,
    warnings: &mut Vec<Warning>,
) -> Result<Rules, Error> {
    let default = action(&profile.default_action, profile.default_errno_ret)?;
    let arches = arches(profile)?;
    let x32 = arches.contains(&Arch::X32);
    let mut tables: Vec<Table> = [Abi::X86_64, Abi::I386]
        .into_iter()
        .filter(|abi| arches.contains(&Arch::Abi(*abi)))
        .map(|abi| Table { abi, rules: Vec::new(), beyond: None })
        .collect();
    let mut unknown = BTreeSet::new();
    for call in profile.syscalls.iter().flatten() {
        let answer = action(&call.action, call.errno_ret)?;
        let alternatives = alternatives(call.args.as_deref().unwrap_or_default())?;
        let names = names(call)?;
        if !applies(call, daemon)? {
            continue;
        }
        for name in names {
            if !known(name) && unknown.insert(name) {
                warnings.push(Warning::UnknownSyscall(name.to_owned()));
            }
            for table in &mut tables {
                if let Some(nr) = number(table.abi, name) {
                    let last = table.beyond.map_or(nr, |(last, _)| last.max(nr));
                    table.beyond = Some((last, Action::Errno(ENOSYS)));
                }
                if answer != default {
                    add(&mut table.rules, table.abi, x32, name, &alternatives, answer);
                }
            }
        }
    }
    // A tracer or a supervisor that sees every call can answer for new ones itself; runc thinks so of TRACE.
    if !host.enosys_beyond || default.permits() || matches!(default, Action::Trace(_)) {
        tables.iter_mut().for_each(|table| table.beyond = None);
    }
    let x32 = if x32 { X32::Default } else { X32::BadArch };
    Ok(Rules { default, bad_arch: Action::KillThread, x32, tables })
}

fn action(name: &str, errno: Option<u32>) -> Result<Action, Error> {
    let make = find(ACTIONS, name).ok_or_else(|| Error::Action(name.to_owned()))?;
    let errno = errno.unwrap_or(EPERM);
    let data = u16::try_from(errno).ok().filter(|_| errno <= MAX_ERRNO).ok_or(Error::Errno(errno))?;
    Ok(make(data))
}

/// The architectures that the profile is about, the native one first.
fn arches(profile: &Profile) -> Result<Vec<Arch>, Error> {
    let listed = profile.architectures.as_deref().unwrap_or_default();
    let map = profile.arch_map.as_deref().unwrap_or_default();
    if !listed.is_empty() && !map.is_empty() {
        return Err(Error::TwoArchitectures);
    }
    let one = |name: &String| find(ARCHES, name).ok_or_else(|| Error::Arch(name.clone()));
    let mut arches = vec![Arch::Abi(Abi::X86_64)];
    for name in listed {
        arches.push(one(name)?);
    }
    for entry in map {
        one(&entry.architecture)?;
        for name in entry.sub_architectures.iter().flatten() {
            let arch = one(name)?;
            if entry.architecture == NATIVE_ARCH {
                arches.push(arch);
            }
        }
    }
    Ok(arches)
}

fn names(call: &Syscalls) -> Result<Vec<&str>, Error> {
    let mut names: Vec<&str> = call.names.iter().flatten().map(String::as_str).collect();
    if let Some(name) = call.name.as_deref().filter(|name| !name.is_empty()) {
        if !names.is_empty() {
            return Err(Error::TwoNames(name.to_owned()));
        }
        names.push(name);
    }
    if names.iter().any(|name| name.trim().is_empty()) { Err(Error::EmptyName) } else { Ok(names) }
}

/// Whether Docker's daemon would hand the rule to the runtime.
fn applies(call: &Syscalls, daemon: Option<&Host>) -> Result<bool, Error> {
    let Some(host) = daemon else { return Ok(true) };
    let has = |cap: &String| host.caps.contains(cap);
    let native = |arches: &Vec<String>| arches.iter().any(|arch| arch == NATIVE);
    let mut applies = true;
    if let Some(When { caps, arches, min_kernel }) = &call.includes {
        applies &= caps.iter().flatten().all(has);
        applies &= arches.as_ref().is_none_or(|arches| arches.is_empty() || native(arches));
        applies &= reached(min_kernel.as_deref(), host)?.unwrap_or(true);
    }
    if let Some(When { caps, arches, min_kernel }) = &call.excludes {
        applies &= !caps.iter().flatten().any(has);
        applies &= !arches.as_ref().is_some_and(native);
        applies &= !reached(min_kernel.as_deref(), host)?.unwrap_or(false);
    }
    Ok(applies)
}

/// Whether the kernel is at least `wanted`; none if nothing is wanted.
fn reached(wanted: Option<&str>, host: &Host) -> Result<Option<bool>, Error> {
    let Some(text) = wanted.filter(|text| !text.is_empty()) else { return Ok(None) };
    let parsed = text.split_once('.').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let wanted: (u32, u32) = parsed.ok_or_else(|| Error::Kernel(text.to_owned()))?;
    Ok(Some(host.kernel.is_none_or(|kernel| kernel >= wanted)))
}

/// The conditions under which a rule matches: any of the alternatives, in each of which all must hold.
fn alternatives(args: &[Arg]) -> Result<Vec<Vec<Cond>>, Error> {
    let mut conditions = Vec::new();
    for arg in args {
        let index = u8::try_from(arg.index).ok().filter(|index| *index < 6);
        let index = index.ok_or(Error::Argument(arg.index))?;
        let make = find(OPS, &arg.op).ok_or_else(|| Error::Op(arg.op.clone()))?;
        let (cmp, value) = make(arg.value, arg.value_two.unwrap_or(0));
        conditions.push(Cond { arg: index, cmp, value });
    }
    let indexes: BTreeSet<u8> = conditions.iter().map(|cond| cond.arg).collect();
    if indexes.len() == conditions.len() {
        return Ok(vec![conditions]);
    }
    Ok(conditions.into_iter().map(|cond| vec![cond]).collect())
}

fn number(abi: Abi, name: &str) -> Option<u32> {
    numbers::number(abi, name).and_then(|nr| u32::try_from(nr).ok())
}

/// The number of `name` within `socketcall` or `ipc`, and how the first argument shows it.
fn within(name: &str) -> Option<(u64, Cond)> {
    // Both have fewer than 30 calls, numbered from 1.
    (1..30).find_map(|call: u32| {
        let (nr, cmp) = if numbers::socketcall(call) == Some(name) {
            (numbers::I386_SOCKETCALL, Cmp::Eq)
        } else if syscall_tables::signatures::ipc::called(call) == Some(name) {
            // The upper half is an interface version.
            (numbers::I386_IPC, Cmp::MaskedEq(0xffff))
        } else {
            return None;
        };
        Some((nr, Cond { arg: 0, cmp, value: call.into() }))
    })
}

/// Whether any kernel table has the name.
fn known(name: &str) -> bool {
    Abi::ALL.into_iter().any(|abi| number(abi, name).is_some()) || within(name).is_some()
}

/// Adds the rules of one name on one ABI.
fn add(rules: &mut Vec<Rule>, abi: Abi, x32: bool, name: &str, alternatives: &[Vec<Cond>], action: Action) {
    let narrow = abi == Abi::I386;
    let mut push = |nr: u32| {
        for conditions in alternatives {
            let fit = |cond: &Cond| if narrow { cut(*cond) } else { *cond };
            rules.push(Rule { nr, conditions: conditions.iter().map(fit).collect(), action });
        }
    };
    if let Some(nr) = number(abi, name) {
        push(nr);
    }
    if x32 && abi == Abi::X86_64 {
        let own = (512..).zip(numbers::X32_OWN).find(|(_, own)| *own == name).map(|(nr, _)| nr);
        if let Some(nr) = own.or_else(|| number(abi, name)) {
            push(nr | X32_BIT);
        }
    }
    let blind = alternatives.iter().any(|conditions| !conditions.is_empty());
    if narrow
        && !(blind && action.permits())
        && let Some((nr, cond)) = within(name)
        && let Ok(nr) = u32::try_from(nr)
    {
        rules.push(Rule { nr, conditions: vec![cond], action });
    }
}

/// A condition on an argument of 32 bits.
const fn cut(cond: Cond) -> Cond {
    const LOW: u64 = 0xffff_ffff;
    let cmp = match cond.cmp {
        Cmp::MaskedEq(mask) => Cmp::MaskedEq(mask & LOW),
        other => other,
    };
    Cond { cmp, value: cond.value & LOW, ..cond }
}
