//! Events through frames and back, cut at any point: nothing is lost, and a reader that begins at any frame knows
//! the calls that tasks are inside of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::sync::Arc;

use proptest::prelude::*;
use syscall_tables::abi::Abi;
use syscall_tables::signatures;
use trace::event::descriptor::Detail;
use trace::event::extra::{Context, Extra, Subject, Vcpu};
use trace::event::ring::{Completion, Operation, Traffic, Trouble};
use trace::event::stack::{Bottom, FileOffset, Found, Frame, Place, RuntimeAddr, Stack, Symbol};
use trace::event::{
    Call, End, FdNote, Note, Outcome, PidNote, Program, Regs, Signal, Snapshot, Stamp, Started, Tampered, Tid,
};
use trace::record::encode::{Cut, Encoder};
use trace::record::parse::{Parser, Told, Want};
use trace::record::streams::Streams;

/// What happens, with a seed for its details.
#[derive(Debug, Clone, Copy)]
enum Step {
    Enter(u8, u64),
    Leave(u8, u64),
    End(u8, u64),
    Rename(u8, u8),
    Signal(u8, u64),
    Start(u8),
    Execute(u8, u64),
    Note(u8, u64),
    Population(u8),
    Cut,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let task = 0u8..5;
    let step = prop_oneof![
        8 => (task.clone(), any::<u64>()).prop_map(|(t, s)| Step::Enter(t, s)),
        8 => (task.clone(), any::<u64>()).prop_map(|(t, s)| Step::Leave(t, s)),
        1 => (task.clone(), any::<u64>()).prop_map(|(t, s)| Step::End(t, s)),
        1 => (task.clone(), task.clone()).prop_map(|(a, b)| Step::Rename(a, b)),
        1 => (task.clone(), any::<u64>()).prop_map(|(t, s)| Step::Signal(t, s)),
        1 => task.clone().prop_map(Step::Start),
        1 => (task.clone(), any::<u64>()).prop_map(|(t, s)| Step::Execute(t, s)),
        1 => (task.clone(), any::<u64>()).prop_map(|(t, s)| Step::Note(t, s)),
        1 => task.prop_map(Step::Population),
        2 => Just(Step::Cut),
    ];
    prop::collection::vec(step, 1..120)
}

/// Details out of a seed.
struct Seed(u64);

impl Seed {
    fn next(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn word(&mut self) -> u64 {
        match self.next(5) {
            0 => self.next(10),
            1 => 0x7fff_0000_0000 + self.next(4096),
            2 => 0x5555_0000_0000 + self.next(100_000),
            3 => u64::MAX - self.next(200),
            _ => self.0,
        }
    }

    fn memory(&mut self, args: &[u64; 6]) -> Snapshot {
        let mut memory = Snapshot::default();
        for _ in 0..self.next(4) {
            let addr = if self.next(2) == 0 { args[self.next(6) as usize] } else { self.word() };
            let data = vec![self.next(3) as u8; self.next(60) as usize];
            match self.next(3) {
                0 => memory.remember_text(addr, &data),
                n => memory.remember(addr, data.len() + n as usize - 1, &data),
            }
        }
        memory
    }

    fn stack(&mut self) -> Stack {
        let mut stack = Stack::default();
        for n in 0..self.next(3) {
            let symbol = Some(Symbol { name: format!("f{n}"), offset: n });
            let place = Some(Arc::new(Place { symbol, line: None, inlined: Vec::new() }));
            let module: Option<Arc<[u8]>> = Some(Arc::from(&b"/lib/x"[..]));
            let (ip, offset) = (RuntimeAddr(self.word()), FileOffset(self.next(99)));
            stack.frames.push(Frame { ip, found: Found::Tables, module, offset, place });
            stack.end = Bottom::Limit;
        }
        stack
    }

    fn stamp(&mut self, clock: &mut u64) -> Stamp {
        *clock += self.next(100_000);
        Stamp { mono_ns: *clock, wall_ns: *clock + 1_700_000_000_000_000_000 + self.next(3) }
    }

    fn call(&mut self, tid: Tid, clock: &mut u64) -> Call {
        let mut call = Call::new(tid);
        let abi = if self.next(3) == 0 { Abi::I386 } else { Abi::X86_64 };
        let nr = self.next(12) * 40;
        call.signature = signatures::lookup(abi, nr);
        let resumes = (self.next(9) == 0).then(|| signatures::named(abi, "nanosleep").unwrap().name);
        let mut args = [0; 6];
        args.fill_with(|| self.word());
        // Registers that the call does not have are not kept.
        let kept = call.signature.map_or(6, |s| if abi == Abi::I386 { 6 } else { s.args.len() });
        if call.signature.is_some() {
            args[kept.min(if abi == Abi::I386 { 0 } else { 6 })..].fill(0);
        }
        call.regs = Regs { abi, nr, args, ip: self.word(), sp: self.word(), resumes };
        call.entered = self.stamp(clock);
        call.before = self.memory(&args);
        call.fds = self.fds();
        call.pids = (0..self.next(2)).map(|n| self.pid(n as i32)).collect();
        if self.next(3) == 0 {
            call.stack = self.stack();
        }
        call.ring = self.ring(clock);
        call.tampered = self.tampered();
        call.extra = self.extra();
        call
    }

    fn extra(&mut self) -> Option<Box<Extra>> {
        if self.next(4) != 0 {
            return None;
        }
        let of = match self.next(3) {
            0 => Subject::Path(vec![self.next(256) as u8; 3]),
            1 => Subject::Fd(self.next(9) as i32 - 1),
            _ => Subject::Pid(self.next(900) as i32),
        };
        Some(Box::new(Extra {
            vcpu: (self.next(3) == 0).then(|| Vcpu { number: 1, before: vec![1], after: vec![2; 9] }),
            namespaces: vec!["net:[4]".to_owned(); self.next(3) as usize],
            own: (self.next(2) == 0).then(|| "user_t".to_owned()),
            contexts: vec![Context { of, text: "etc_t".to_owned(), late: self.next(2) == 0 }],
        }))
    }

    fn tampered(&mut self) -> Tampered {
        let bits = if self.next(3) == 0 { self.next(8) } else { 0 };
        Tampered { result: bits & 1 != 0, arguments: bits & 2 != 0, delayed: bits & 4 != 0 }
    }

    fn pid(&mut self, pid: i32) -> PidNote {
        PidNote {
            pid,
            host: self.next(99) as i32,
            comm: (self.next(2) == 0).then(|| Arc::from(&b"comm"[..])),
        }
    }

    fn operation(&mut self, clock: &mut u64) -> Operation {
        let at = self.stamp(clock);
        let mut operation = Operation::new([self.next(9) as u8; 64], Tid(3), Abi::I386, at);
        let (fds, before, result) = (self.fds(), self.memory(&[0; 6]), self.next(90) as i32 - 40);
        if self.next(2) == 0 {
            operation.call.fds = fds;
            return operation;
        }
        operation.completed(before, fds, result, at)
    }

    fn completion(&mut self, clock: &mut u64) -> Completion {
        let operation = (self.next(2) == 0).then(|| Box::new(self.operation(clock)));
        let extra = (self.next(2) == 0).then(|| [self.word(), self.word()]);
        Completion { user_data: self.word(), result: -5, flags: self.next(9) as u32, extra, operation }
    }

    fn ring(&mut self, clock: &mut u64) -> Option<Box<Traffic>> {
        (self.next(5) == 0).then(|| {
            Box::new(Traffic {
                trouble: (self.next(4) == 0).then_some(Trouble::Alike),
                told: self.next(2) == 0,
                polled: self.next(2) == 0,
                arrived: (0..self.next(2)).map(|_| self.completion(clock)).collect(),
                submitted: (0..self.next(3)).map(|_| self.operation(clock)).collect(),
                completed: (0..self.next(3)).map(|_| self.completion(clock)).collect(),
                unseen_submissions: self.next(3) as u32,
                unseen_completions: self.next(3) as u32,
            })
        })
    }

    fn fds(&mut self) -> Vec<FdNote> {
        let note = |seed: &mut Self| FdNote {
            fd: seed.next(9) as i32 - 1,
            target: format!("/x/{}", seed.next(4)).into_bytes().into(),
            deleted: seed.next(2) == 0,
            late: seed.next(2) == 0,
            detail: (seed.next(3) == 0).then(|| Arc::new(Detail::Process(seed.next(3) as i32))),
        };
        (0..self.next(3)).map(|_| note(self)).collect()
    }
}

fn calls(call: &Call) -> String {
    let memory = |memory: &Snapshot| format!("{:?}", memory.parts().collect::<Vec<_>>());
    let signature = call.signature.map(|s| s.name);
    format!(
        "{:?} {:?} {signature:?} {:?} {:?} {} {} {:?} {:?} {:?} {:?} {:?}",
        call.tid,
        call.regs,
        call.entered,
        call.outcome,
        memory(&call.before),
        memory(&call.after),
        call.fds,
        call.pids,
        call.stack,
        call.tampered,
        call.extra
    )
}

/// A run that is being written.
#[derive(Default)]
struct Writer {
    encoder: Encoder,
    /// What the events of the frame say.
    said: Vec<String>,
    frames: Vec<(Cut, Vec<String>)>,
    inside: [Option<Call>; 5],
    clock: u64,
}

fn tid(task: u8) -> Tid {
    Tid(100 + i32::from(task))
}

impl Writer {
    fn step(&mut self, step: Step) {
        match step {
            Step::Enter(task, seed) => {
                let call = Seed(seed).call(tid(task), &mut self.clock);
                self.said.push(format!("entered {} {:?}", calls(&call), call.ring));
                self.encoder.entered(&call, &call.before);
                self.inside[usize::from(task)] = Some(call);
            }
            Step::Leave(task, seed) => self.leave(task, Seed(seed)),
            Step::End(task, seed) => {
                let mut seed = Seed(seed);
                let ends = [
                    End::Exited(-3),
                    End::Killed { signo: 9, core: true },
                    End::Superseded { by: Tid(7) },
                    End::Detached,
                ];
                let end = ends[seed.next(4) as usize];
                let at = seed.stamp(&mut self.clock);
                self.end(task, end, at);
            }
            Step::Rename(from, to) if from != to => {
                // As the engine does it: the leader has ended before.
                if self.inside[usize::from(to)].is_some() {
                    self.end(to, End::Superseded { by: tid(from) }, Stamp::default());
                }
                self.said.push(format!("renamed {:?} {:?}", tid(from), tid(to)));
                self.encoder.renamed(tid(from), tid(to));
                self.inside[usize::from(to)] = self.inside[usize::from(from)].take().map(|mut call| {
                    call.tid = tid(to);
                    call
                });
            }
            Step::Rename(..) => {}
            Step::Cut => self.cut(),
            other => self.remark(other),
        }
    }

    fn leave(&mut self, task: u8, mut seed: Seed) {
        let Some(mut call) = self.inside[usize::from(task)].take() else { return };
        call.left = seed.stamp(&mut self.clock);
        call.outcome = Some(Outcome { value: seed.word() as i64, failed: seed.next(2) == 0 });
        call.after = seed.memory(&call.regs.args);
        call.fds.extend(seed.fds());
        if call.stack.is_empty() {
            call.stack = seed.stack();
        }
        call.ring = seed.ring(&mut self.clock);
        // What was changed at entry stays changed.
        let more = seed.tampered();
        call.tampered.result |= more.result;
        call.tampered.arguments |= more.arguments;
        call.tampered.delayed |= more.delayed;
        call.extra = seed.extra().or(call.extra);
        self.said.push(format!("left {:?} {} {:?}", call.left, calls(&call), call.ring));
        self.encoder.left(&call);
    }

    fn end(&mut self, task: u8, end: End, at: Stamp) {
        let pending = self.inside[usize::from(task)].take();
        self.said.push(format!("ended {:?} {end:?} {:?} {at:?}", tid(task), pending.as_ref().map(calls)));
        self.encoder.ended(tid(task), end, pending.is_some(), at);
    }

    fn cut(&mut self) {
        if !self.encoder.is_empty() {
            self.frames.push((self.encoder.cut(Streams::default()), std::mem::take(&mut self.said)));
        }
    }

    /// Everything that is no call.
    fn remark(&mut self, step: Step) {
        match step {
            Step::Signal(task, seed) => {
                let mut seed = Seed(seed);
                let mut info = Box::new([0; 128]);
                info[..4].fill(seed.next(200) as u8);
                let (pids, stack) = (vec![seed.pid(3)], seed.stack());
                let (signo, at) = (seed.next(64) as i32, seed.stamp(&mut self.clock));
                let info = (seed.next(2) == 0).then_some(info);
                let fds = seed.fds();
                let signal =
                    Signal { tid: tid(task), abi: Abi::X86_64, signo, info, pids, fds, stack, ip: None, at };
                let stopped = seed.next(2) == 0;
                self.said.push(format!("{stopped} {signal:?}"));
                self.encoder.signal(&signal, stopped);
            }
            Step::Start(task) => {
                let (at, attached) = (Stamp { wall_ns: 9, mono_ns: 5 }, task % 2 == 0);
                let started = Started { tid: tid(task), process: Tid(1), parent: Tid(0), attached, at };
                self.said.push(format!("{started:?}"));
                self.encoder.started(&started);
            }
            Step::Execute(task, seed) => {
                let mut seed = Seed(seed);
                let words = vec![b"a".to_vec(), Vec::new(), b"a".to_vec()];
                let program = Program {
                    process: tid(task),
                    exe: b"/bin/x".to_vec(),
                    argv: words.clone(),
                    env: (seed.next(2) == 0).then_some(words),
                    cwd: b"/".to_vec(),
                    comm: b"x".to_vec(),
                    attached: seed.next(2) == 0,
                    at: seed.stamp(&mut self.clock),
                };
                self.said.push(format!("{program:?} [1, 2]"));
                self.encoder.executed(&program, &[1, 2]);
            }
            Step::Note(task, seed) => {
                let mut seed = Seed(seed);
                let note =
                    [Note::Attached, Note::Detached, Note::Personality(Abi::I386)][seed.next(3) as usize];
                let at = seed.stamp(&mut self.clock);
                self.said.push(format!("{:?} {note:?} {at:?}", tid(task)));
                self.encoder.note(tid(task), note, at);
                self.said.push(format!("{:?} {:?}", tid(task), b"new"));
                self.encoder.named(tid(task), b"new");
            }
            Step::Population(tasks) => {
                self.said.push(format!("{tasks} tasks"));
                self.encoder.population(usize::from(tasks));
            }
            _ => {}
        }
    }
}

/// Runs the steps; gives the frames, each with what its events say.
fn write(steps: &[Step]) -> Vec<(Cut, Vec<String>)> {
    let mut writer = Writer { clock: 1000, ..Writer::default() };
    for step in steps {
        writer.step(*step);
    }
    writer.encoder.finish();
    writer.said.push("finish".into());
    writer.cut();
    writer.frames
}

fn say(told: &Told<'_>) -> String {
    match told {
        Told::Started(started) => format!("{started:?}"),
        Told::Executed(program, id) => format!("{program:?} {id:?}"),
        Told::Entered(call) => format!("entered {} {:?}", calls(call), call.ring),
        Told::Left(call) => format!("left {:?} {} {:?}", call.left, calls(call), call.ring),
        Told::Signal(signal) => format!("false {signal:?}"),
        Told::Stopped(signal) => format!("true {signal:?}"),
        Told::Ended(tid, end, pending, at) => {
            format!("ended {tid:?} {end:?} {:?} {at:?}", pending.map(calls))
        }
        Told::Renamed(from, to) => format!("renamed {from:?} {to:?}"),
        Told::Named(tid, comm) => format!("{tid:?} {comm:?}"),
        Told::Note(tid, note, at) => format!("{tid:?} {note:?} {at:?}"),
        Told::Population(tasks) => format!("{tasks} tasks"),
        Told::Flush => "flush".into(),
        Told::Finish => "finish".into(),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_from_any_frame_on(steps in steps()) {
        let frames = write(&steps);
        for from in 0..frames.len() {
            let mut parser = Parser::new(Want::ALL);
            for (number, (cut, said)) in frames.iter().enumerate().skip(from) {
                let mut raw = Vec::new();
                cut.streams.join(&mut raw);
                let mut heard = Vec::new();
                let mut rows = 0;
                let mut tell = |told: Told<'_>| {
                    rows += match told {
                        Told::Left(_) | Told::Signal(_) | Told::Stopped(_) => 1,
                        Told::Ended(_, _, pending, _) => 1 + u32::from(pending.is_some()),
                        _ => 0,
                    };
                    heard.push(say(&told));
                };
                parser.frame(number as u32, &raw, &mut tell).unwrap();
                prop_assert_eq!(cut.rows, rows, "frame {} from {}", number, from);
                prop_assert_eq!(&heard, said, "frame {} of {}, from {}", number, frames.len(), from);
                prop_assert_eq!(cut.events as usize, said.len());
            }
        }
    }
}
