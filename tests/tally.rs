//! The tally, the tree and the tables against events without sense: nothing panics, and nothing reaches the screen
//! but printable ASCII.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use proptest::prelude::*;
use syscall_tables::abi::Abi;
use syscall_tables::signatures;
use trace::decode::{self, Options, render::Quiet};
use trace::event::{Call, End, FdNote, Outcome, Program, Regs, Signal, Stamp, Started, Tid};
use trace::memory::Memory;
use trace::output::grid::Look;
use trace::output::tables::{self, Table};
use trace::output::tally::Tally;
use trace::output::text::color::Paint;
use trace::output::tree::{self, Detail};

/// Calls that a tally looks at more closely.
const NAMES: &[&str] = &[
    "read",
    "write",
    "openat",
    "close",
    "socket",
    "socketpair",
    "bind",
    "connect",
    "accept",
    "getsockname",
    "getpeername",
    "getsockopt",
    "sendto",
    "recvfrom",
    "sendmsg",
    "recvmsg",
    "sendmmsg",
    "recvmmsg",
    "sendfile",
    "splice",
    "execve",
    "chdir",
    "fchdir",
    "newfstatat",
    "renameat",
    "kill",
];

const TARGETS: &[&[u8]] =
    &[b"/etc/pass\x1b[2Jwd", b"pipe:[7]", b"socket:[5]", b"socket:[6]", b"anon_inode:[eventfd]", b""];

/// Memory that repeats a few bytes everywhere but at the lowest addresses.
#[derive(Clone)]
struct Noise(Vec<u8>);

impl Memory for Noise {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        if addr < 0x1000 || addr & 0xf000 == 0x3000 {
            return 0;
        }
        let room = buf.len().min(0x1000 - (addr & 0xfff) as usize);
        for (at, byte) in buf[..room].iter_mut().enumerate() {
            *byte = self.0[(addr as usize + at) % self.0.len()];
        }
        room
    }
}

#[derive(Debug, Clone)]
enum Step {
    Start { tid: i32, process: i32, parent: i32 },
    Exec { tid: i32, words: Vec<Vec<u8>> },
    Call { tid: i32, name: usize, args: [u64; 6], value: i64, noise: Vec<u8>, target: usize },
    Child { tid: i32, info: Vec<u8> },
    Rename { from: i32, to: i32 },
    End { tid: i32, how: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let tid = || 1..9i32;
    let bytes = |most: usize| prop::collection::vec(any::<u8>(), 1..most);
    let argument = prop_oneof![0..8u64, any::<u64>(), 0x1000..0x6000u64, Just(u64::from(u32::MAX) - 99)];
    let value = prop_oneof![0..5i64, -200..0i64, any::<i64>()];
    prop_oneof![
        (tid(), tid(), tid()).prop_map(|(tid, process, parent)| Step::Start { tid, process, parent }),
        (tid(), prop::collection::vec(bytes(12), 0..4)).prop_map(|(tid, words)| Step::Exec { tid, words }),
        (tid(), 0..NAMES.len(), prop::array::uniform6(argument), value, bytes(40), 0..TARGETS.len())
            .prop_map(|(tid, name, args, value, noise, target)| Step::Call {
                tid,
                name,
                args,
                value,
                noise,
                target
            }),
        (tid(), prop::collection::vec(any::<u8>(), 128)).prop_map(|(tid, info)| Step::Child { tid, info }),
        (tid(), tid()).prop_map(|(from, to)| Step::Rename { from, to }),
        (tid(), 0..5u8).prop_map(|(tid, how)| Step::End { tid, how }),
    ]
}

fn call(tid: i32, name: &str, args: [u64; 6], at: [Stamp; 2], noise: &Noise, target: usize) -> Call {
    let mut call = Call::new(Tid(tid));
    call.regs = Regs { abi: Abi::X86_64, nr: 0, args, ip: 0, sp: 0, resumes: None };
    call.signature = signatures::named(Abi::X86_64, name);
    assert!(call.signature.is_some(), "{name}");
    [call.entered, call.left] = at;
    let mut quiet = Quiet::default();
    decode::touch_entry(&mut call, noise.clone(), &Options::default(), &mut quiet);
    for fd in [args[0] as i32, args[1] as i32, 0, 1, 2, 3, 4, -100] {
        let shift = fd.unsigned_abs() as usize;
        let target = TARGETS[(target + shift) % TARGETS.len()].into();
        call.fds.push(FdNote { fd, target, deleted: false, late: shift.is_multiple_of(2), detail: None });
    }
    call
}

fn apply(tally: &mut Tally, step: Step, clock: u64) {
    let stamp = |mono_ns| Stamp { wall_ns: 0, mono_ns };
    let at = stamp(clock);
    match step {
        Step::Start { tid, process, parent } => {
            tally.started(&Started {
                tid: Tid(tid),
                process: Tid(process),
                parent: Tid(parent),
                attached: false,
                at,
            });
        }
        Step::Exec { tid, words } => {
            tally.executed(&Program {
                process: Tid(tid),
                argv: words,
                cwd: b"/\n".to_vec(),
                at,
                ..Program::default()
            });
        }
        Step::Call { tid, name, args, value, noise, target } => {
            let noise = Noise(noise);
            let mut call = call(tid, NAMES[name], args, [at, stamp(clock.wrapping_mul(3))], &noise, target);
            tally.entered(&call);
            call.outcome = Some(Outcome { value, failed: (-4095..0).contains(&value) });
            decode::touch_exit(&mut call, noise, &Options::default(), &mut Quiet::default());
            tally.left(&call);
        }
        Step::Child { tid, info } => {
            let info: [u8; 128] = info.try_into().unwrap();
            let stack = trace::event::stack::Stack::default();
            let info = Some(Box::new(info));
            tally.signal(&Signal {
                tid: Tid(tid),
                abi: Abi::X86_64,
                signo: 17,
                info,
                pids: vec![],
                fds: vec![],
                stack,
                ip: None,
                at,
            });
        }
        Step::Rename { from, to } => tally.renamed(Tid(from), Tid(to)),
        Step::End { tid, how } => {
            let end = match how {
                0 | 1 => End::Exited(i32::from(how)),
                2 => End::Killed { signo: 99, core: true },
                3 => End::Superseded { by: Tid(1) },
                _ => End::Detached,
            };
            tally.ended(Tid(tid), end, at);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_without_sense_are_harmless(steps in prop::collection::vec((step(), any::<u64>()), 1..60)) {
        let mut tally = Tally::new(Options::default());
        for (step, clock) in steps {
            apply(&mut tally, step, clock);
        }
        tally.finish();
        for width in [None, Some(1), Some(40), Some(80)] {
            let look = Look { width, unicode: false, paint: Paint::OFF };
            for detail in [Detail::Folded, Detail::Full] {
                let text = tree::draw(&tally, detail, look);
                prop_assert!(text.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)), "{text:?}");
            }
            for table in [Table::Files, Table::Net, Table::Procs, Table::Errors] {
                let text = tables::draw(&tally, table, 5, look);
                prop_assert!(text.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)), "{text:?}");
                prop_assert!(text.lines().count() <= 5 + 4, "{text}");
            }
        }
    }
}
