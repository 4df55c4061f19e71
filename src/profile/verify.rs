//! A sink that asks a profile's filter about each call of a run, and keeps those that it denies.
//!
//! The answer comes from the interpreter, at the call's entry, before the kernel acts: the same sink serves a run that
//! carries the filter, one that does not, and a replay. Denies nothing itself. [`advice`] says what to write where.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use syscall_tables::abi::{Abi, numbers};

use super::Format;
use super::allowed::ABIS;
use super::base::Need;
use super::who::Who;
use crate::bpf::run::run;
use crate::bpf::{Action, Data, Program};
use crate::decode::Options;
use crate::engine::sink::{Processes, Sink};
use crate::event::{Call, End, Program as Executed, Regs, Stamp, Started, Tid};
use crate::output::text;

/// Most different denials that are kept; the rest is counted.
const MOST: usize = 1000;

/// A call that the profile denies to a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// Its ABI.
    pub abi: Abi,
    /// Its number.
    pub nr: u64,
    /// What the filter answers.
    pub action: Action,
    /// The file of the program; empty for what ran before the first execve.
    pub program: Vec<u8>,
    /// The process that made it first.
    pub process: Tid,
    /// The call as it was made first, printable.
    pub call: String,
    /// How often it was made.
    pub count: u64,
}

impl Denial {
    /// The name of the call; none for a number without one.
    pub fn name(&self) -> Option<&'static str> {
        numbers::name(self.abi, self.nr)
    }
}

/// Whether the whole ABI of a denied call is foreign to the filter, not only this call.
pub fn of_abi(denial: &Denial, filter: &Program) -> bool {
    let same = |(nr, _)| ask(filter, &data(denial.abi, nr, [0; 6])) == denial.action;
    denial.abi != ABIS[0].0 && numbers::names(denial.abi).all(same)
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What is denied, in the order in which it was met first.
    pub denials: Vec<Denial>,
    /// Denials beyond those that are kept.
    pub more: u64,
    /// Calls that were made.
    pub calls: u64,
    /// Different ones among them.
    pub different: usize,
    /// A program was executed.
    pub began: bool,
}

#[derive(Debug)]
struct State {
    filter: Program,
    who: Who,
    index: HashMap<(usize, Abi, u64, Action), usize>,
    seen: BTreeSet<(Abi, u64)>,
    verdict: Verdict,
}

/// The sink.
#[derive(Debug)]
pub struct Verifier(Rc<RefCell<State>>);

/// What a verifier has found, to be read when the run is over.
#[derive(Debug)]
pub struct Found(Rc<RefCell<State>>);

impl Verifier {
    /// A sink that asks `filter`, and the way to what it finds.
    pub fn new(filter: Program) -> (Self, Found) {
        let (who, index, seen) = (Who::default(), HashMap::new(), BTreeSet::new());
        let state = Rc::new(RefCell::new(State { filter, who, index, seen, verdict: Verdict::default() }));
        (Self(Rc::clone(&state)), Found(state))
    }
}

impl Found {
    /// What was found.
    pub fn verdict(&self) -> Verdict {
        let state = self.0.borrow();
        Verdict { different: state.seen.len(), ..state.verdict.clone() }
    }
}

/// What a filter sees of a call of these numbers.
fn data(abi: Abi, nr: u64, args: [u64; 6]) -> Data {
    let nr = u32::try_from(nr & 0xffff_ffff).unwrap_or(u32::MAX).cast_signed();
    Data { nr, arch: abi.audit_arch(), ip: 0, args }
}

/// The registers as the kernel shows them to a filter. Of i386's multiplexed calls the event holds what they stand
/// for; the number of the inner call, all that a filter can use of them, is put back.
fn seen_by_filter(call: &Call) -> Data {
    let Regs { abi, nr, ip, args, .. } = call.regs;
    let inner = call.signature.map_or("", |signature| signature.name);
    let within = |named: fn(u32) -> Option<&'static str>| (1..30).find(|n| named(*n) == Some(inner));
    let args = match nr {
        numbers::I386_SOCKETCALL if abi == Abi::I386 => {
            within(numbers::socketcall).map_or(args, |n| [u64::from(n), 0, 0, 0, 0, 0])
        }
        numbers::I386_IPC if abi == Abi::I386 => {
            within(syscall_tables::signatures::ipc::called).map_or(args, |n| [u64::from(n), 0, 0, 0, 0, 0])
        }
        _ => args,
    };
    Data { ip, ..data(abi, nr, args) }
}

/// The answer of a filter; what is no program kills, as the kernel would not have taken it.
fn ask(filter: &Program, data: &Data) -> Action {
    run(filter, data).map_or(Action::KillProcess, |outcome| Action::from_ret(outcome.ret))
}

impl State {
    fn ask(&mut self, call: &Call) {
        let Regs { abi, nr, .. } = call.regs;
        self.verdict.calls += 1;
        if self.seen.len() < MOST * 4 {
            self.seen.insert((abi, nr));
        }
        let action = ask(&self.filter, &seen_by_filter(call));
        if action.permits() {
            return;
        }
        let program = self.who.of(call.tid);
        if let Some(&at) = self.index.get(&(program, abi, nr, action)) {
            self.verdict.denials[at].count += 1;
            return;
        }
        if self.verdict.denials.len() == MOST {
            self.verdict.more += 1;
            return;
        }
        self.index.insert((program, abi, nr, action), self.verdict.denials.len());
        self.verdict.denials.push(Denial {
            abi,
            nr,
            action,
            program: self.who.name(program).to_vec(),
            process: self.who.process(call.tid),
            call: text::parts::asked(call, &Options::default()),
            count: 1,
        });
    }
}

impl Sink for Verifier {
    fn results(&self) -> bool {
        false
    }

    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.0.borrow_mut().who.started(started);
    }

    fn executed(&mut self, program: &Executed) {
        let mut state = self.0.borrow_mut();
        state.verdict.began = true;
        state.who.executed(program);
    }

    fn entered(&mut self, call: &Call) {
        self.0.borrow_mut().ask(call);
    }

    fn ended(&mut self, tid: Tid, end: End, _pending: Option<&Call>, _at: Stamp) {
        self.0.borrow_mut().who.ended(tid, end);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.0.borrow_mut().who.renamed(from, to);
    }
}

/// What a filter answers to calls that are needed, those that it denies.
pub fn unmet<'a>(
    filter: &Program,
    needs: impl IntoIterator<Item = &'a Need>,
) -> Vec<(&'static str, &'static str, Action)> {
    let abi = ABIS[0].0;
    let mut unmet: Vec<(&str, &str, Action)> = Vec::new();
    for &(name, why) in needs {
        let Some(nr) = numbers::number(abi, name) else { continue };
        let action = ask(filter, &data(abi, nr, [0; 6]));
        if !action.permits() && unmet.iter().all(|(known, ..)| *known != name) {
            unmet.push((name, why, action));
        }
    }
    unmet
}

/// The line that permits a call, and where it belongs; none for raw BPF, in which nobody writes lines.
pub fn line(format: Format, name: &str) -> Option<(String, &'static str)> {
    match format {
        Format::Oci => Some((
            format!("{{ \"names\": [\"{name}\"], \"action\": \"SCMP_ACT_ALLOW\" }},"),
            "as the first rule of \"syscalls\"",
        )),
        Format::Systemd => Some((format!("SystemCallFilter={name}"), "at the end of [Service]")),
        Format::Bpf => None,
    }
}

/// The line that lets programs of an ABI run, and where it belongs.
pub fn abi_line(format: Format, abi: Abi) -> Option<(String, &'static str)> {
    let (.., oci) = ABIS.iter().find(|(own, ..)| *own == abi)?;
    match format {
        Format::Oci => Some((format!("\"{oci}\","), "as the first of \"architectures\"")),
        Format::Systemd if abi == Abi::I386 => {
            Some(("SystemCallArchitectures=x86".into(), "at the end of [Service]"))
        }
        _ => None,
    }
}

/// What permits a denied call: lines to write and where, in the format of the profile.
pub fn advice(denial: &Denial, filter: &Program, format: Format) -> Vec<(String, &'static str)> {
    let mut lines = Vec::new();
    if of_abi(denial, filter) {
        lines.extend(abi_line(format, denial.abi));
    }
    lines.extend(denial.name().and_then(|name| line(format, name)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Host, load};

    fn filter(text: &str) -> Program {
        load(text.as_bytes(), &Host::default()).unwrap().program
    }

    const READ: &str =
        r#"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}"#;

    #[test]
    fn what_is_denied_is_told_once_with_its_count() {
        let (mut sink, found) = Verifier::new(filter(READ));
        for (tid, abi, nr) in
            [(5, Abi::X86_64, 0), (5, Abi::X86_64, 83), (6, Abi::X86_64, 83), (6, Abi::I386, 3)]
        {
            let mut call = Call::new(Tid(tid));
            (call.regs.abi, call.regs.nr) = (abi, nr);
            call.signature = syscall_tables::signatures::lookup(abi, nr);
            sink.entered(&call);
        }
        let verdict = found.verdict();
        assert_eq!((verdict.calls, verdict.different, verdict.denials.len()), (4, 3, 2));
        let [mkdir, foreign] = &verdict.denials[..] else { panic!("{verdict:?}") };
        assert_eq!((mkdir.name(), mkdir.count, mkdir.action), (Some("mkdir"), 2, Action::Errno(1)));
        assert_eq!(mkdir.call, "mkdir(NULL, 000)");
        let lines = |denial, format| -> Vec<String> {
            advice(denial, &filter(READ), format).into_iter().map(|(line, _)| line).collect()
        };
        let rule = |name: &str| format!("{{ \"names\": [\"{name}\"], \"action\": \"SCMP_ACT_ALLOW\" }},");
        assert_eq!(lines(mkdir, Format::Oci), [rule("mkdir")]);
        assert_eq!(lines(foreign, Format::Oci), ["\"SCMP_ARCH_X86\",".to_owned(), rule("read")]);
        assert_eq!(lines(mkdir, Format::Systemd), ["SystemCallFilter=mkdir"]);
        assert!(lines(mkdir, Format::Bpf).is_empty());
    }

    #[test]
    fn a_multiplexed_call_is_asked_about_as_it_was_made() {
        let socket = r#"{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"],
            "syscalls":[{"names":["socket"],"action":"SCMP_ACT_ALLOW"}]}"#;
        let (mut sink, found) = Verifier::new(filter(socket));
        for name in ["socket", "bind"] {
            let mut call = Call::new(Tid(5));
            (call.regs.abi, call.regs.nr) = (Abi::I386, numbers::I386_SOCKETCALL);
            call.regs.args = [2, 1, 0, 0, 0, 0];
            call.signature = syscall_tables::signatures::named(Abi::I386, name);
            sink.entered(&call);
        }
        let verdict = found.verdict();
        assert_eq!(verdict.denials.len(), 1, "{verdict:?}");
        assert!(verdict.denials[0].call.starts_with("bind("), "{verdict:?}");
    }

    #[test]
    fn a_consumers_own_calls_are_asked_for() {
        let unmet: Vec<_> =
            unmet(&filter(READ), crate::profile::base::BWRAP).into_iter().map(|(n, ..)| n).collect();
        assert_eq!(unmet, ["execve", "exit_group", "wait4", "write"]);
    }
}
