//! What the pure parts cost: decoding a call to text, asking a filter, running and compiling BPF.
//!
//! `cargo bench --bench micro`. Each figure is the median of batches, in nanoseconds per operation, next to the
//! least batch; nothing is traced and no kernel call is made in a batch.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

#[path = "shared/batches.rs"]
mod batches;

use std::hint::black_box;
use std::time::Duration;

use batches::Batches;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;
use trace::bpf::compile::{Cmp, Cond, Rule, Rules, Table, X32, compile};
use trace::bpf::{Action, Data, Program, check::check, run::run};
use trace::decode::{self, Options, render::Quiet};
use trace::event::{Call, Outcome, Regs, Tid};
use trace::filter::{Wanted, program::program};
use trace::memory::Memory;
use trace::output::text::render::{Spelling, TextRender};

const BATCHES: Batches = Batches { count: 15, length: Duration::from_millis(10) };
/// Where the tracee's memory begins, and how much it has.
const BASE: u64 = 0x7f00_0000_0000;
const SIZE: usize = 0x3000;
/// Places in it: a path, a buffer, a struct stat.
const PATH: u64 = BASE;
const BUFFER: u64 = BASE + 0x1000;
const STAT: u64 = BASE + 0x2000;

/// The memory of a tracee that never ran.
struct Image(Vec<u8>);

impl Image {
    fn new() -> Self {
        let mut bytes = vec![0; SIZE];
        let mut put = |at: u64, text: &[u8]| {
            let at = (at - BASE) as usize;
            bytes[at..at + text.len()].copy_from_slice(text);
        };
        put(PATH, b"/usr/lib/x86_64-linux-gnu/libc.so.6\0");
        put(BUFFER, &b"\x7fELF\x02\x01\x01\x03\0\0\0\0\0\0\0\0".repeat(52));
        // struct stat of x86_64: st_mode at 24, st_size at 48.
        put(STAT + 24, &0o100_644_u32.to_le_bytes());
        put(STAT + 48, &1_922_136_u64.to_le_bytes());
        Self(bytes)
    }
}

impl Memory for &Image {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        let from = addr.checked_sub(BASE).and_then(|at| self.0.get(at as usize..)).unwrap_or(&[]);
        let count = from.len().min(buf.len());
        buf[..count].copy_from_slice(&from[..count]);
        count
    }
}

fn main() {
    println!("{:<44} {:>12} {:>12}", "operation", "median ns", "least ns");
    decoding();
    filters();
    bpf();
}

/// Times `operation` and prints its line.
fn report(name: &str, mut operation: impl FnMut()) {
    let size = BATCHES.warm(&mut operation);
    let spent = BATCHES.time(size, &mut operation, &mut Vec::new());
    println!("{name:<44} {:>12.1} {:>12.1}", spent.median_ns, spent.least_ns);
}

fn number(name: &str) -> u64 {
    numbers::number(Abi::X86_64, name).expect("a call of x86_64")
}

/// A finished call with its memory captured.
fn captured(name: &str, args: [u64; 6], value: i64, image: &Image, options: &Options) -> Call {
    let mut call = Call::new(Tid(1));
    let nr = number(name);
    call.regs = Regs { abi: Abi::X86_64, nr, args, ip: 0, sp: 0, resumes: None };
    call.signature = signatures::lookup(Abi::X86_64, nr);
    call.outcome = Some(Outcome { value, failed: value < 0 });
    capture(&mut call, image, options, &mut Quiet::default());
    call
}

fn capture(call: &mut Call, image: &Image, options: &Options, quiet: &mut Quiet) {
    decode::touch_entry(call, image, options, quiet);
    decode::touch_exit(call, image, options, quiet);
}

fn render(line: &mut Vec<u8>, call: &Call, spelling: &Spelling, options: &Options) {
    line.clear();
    decode::entry(call, options, &mut TextRender::new(line, spelling, call, false, false));
    let mut text = TextRender::new(line, spelling, call, true, true);
    decode::exit(call, options, &mut text);
    decode::result(call, options, &mut text);
    text.finish();
}

/// Memory to snapshot, and snapshot to text.
fn decoding() {
    let (image, options, spelling) = (Image::new(), Options::default(), Spelling::default());
    let at_cwd = u64::from(libc::AT_FDCWD.cast_unsigned());
    let rows: [(&str, [u64; 6], i64); 5] = [
        ("getppid", [0; 6], 1000),
        ("read", [3, BUFFER, 832, 0, 0, 0], 832),
        ("openat", [at_cwd, PATH, 0o2_000_000, 0, 0, 0], 3),
        ("stat", [PATH, STAT, 0, 0, 0, 0], 0),
        ("openat", [at_cwd, PATH, 0, 0, 0, 0], -2),
    ];
    for (name, args, value) in rows {
        let mut call = captured(name, args, value, &image, &options);
        let mut line = Vec::new();
        render(&mut line, &call, &spelling, &options);
        assert!(name == "getppid" || line.len() > 20, "{name} decodes to {}", String::from_utf8_lossy(&line));
        let failed = if value < 0 { ", failed" } else { "" };
        report(&format!("decode: {name}{failed}, snapshot to text"), || {
            render(&mut line, black_box(&call), &spelling, &options);
            black_box(&line);
        });
        let mut quiet = Quiet::default();
        report(&format!("decode: {name}{failed}, memory to snapshot"), || {
            quiet.clear();
            capture(black_box(&mut call), &image, &options, &mut quiet);
        });
    }
}

/// Expressions, look-ups, and the program made of an expression.
fn filters() {
    let wanted = Wanted::parse("%file").expect("an expression");
    let numbers: Vec<u64> = (0..512).collect();
    let mut next = 0;
    report("filter: Wanted::has", || {
        next = (next + 1) % numbers.len();
        black_box(wanted.has(Abi::X86_64, black_box(numbers[next])));
    });
    for text in ["openat", "%file", "/^get"] {
        report(&format!("filter: Wanted::parse({text})"), || {
            black_box(Wanted::parse(black_box(text)).expect("an expression"));
        });
    }
    for text in ["openat", "%file", "!openat"] {
        let wanted = Wanted::parse(text).expect("an expression");
        let name = format!("filter: program of {text}, {} insns", made(&wanted).insns().len());
        report(&name, || {
            black_box(made(black_box(&wanted)));
        });
    }
}

fn made(wanted: &Wanted) -> Program {
    program(wanted, &trace::filter::program::Ways::new(), &[]).expect("a program")
}

/// Running filters over calls, and compiling an allow-list with conditions.
fn bpf() {
    for text in ["openat", "%file", "!openat"] {
        let program = made(&Wanted::parse(text).expect("an expression"));
        for (name, what) in [("getppid", "a cheap call"), ("openat", "openat")] {
            let arch = Abi::X86_64.audit_arch();
            let data = Data { nr: number(name) as i32, arch, ip: 0, args: [0; 6] };
            let steps = run(&program, &data).expect("a run").steps;
            report(&format!("bpf: run {text} on {what}, {steps} steps"), || {
                black_box(run(&program, black_box(&data)).expect("a run"));
            });
        }
    }
    let rules = allow_list();
    let program = compile(&rules).expect("a program");
    report(&format!("bpf: compile 300 rules, {} insns", program.insns().len()), || {
        black_box(compile(black_box(&rules)).expect("a program"));
    });
    report("bpf: check the same", || {
        check(black_box(&program)).expect("a legal program");
    });
}

/// 300 calls of x86_64; every tenth with two conditions.
fn allow_list() -> Rules {
    let conditions = |nr: u32| {
        if !nr.is_multiple_of(10) {
            return Vec::new();
        }
        let of = |arg, cmp, value| Cond { arg, cmp, value };
        vec![of(0, Cmp::Eq, 1), of(2, Cmp::MaskedEq(0xff), 3)]
    };
    let rule = |nr: u32| Rule { nr, conditions: conditions(nr), action: Action::Allow };
    let table = Table { abi: Abi::X86_64, rules: (0..300).map(rule).collect(), beyond: None };
    Rules { default: Action::Errno(1), bad_arch: Action::KillProcess, x32: X32::BadArch, tables: vec![table] }
}
