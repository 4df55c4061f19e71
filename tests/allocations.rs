//! What the text path allocates: nothing for a call, however it is shown.
//!
//! The counter counts what the thread allocates that asks for it: the one that traces.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/plausible/mod.rs"]
mod plausible;
mod support;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use allocation_counter::measure;
use support::{Build, TempDir, compile};
use syscall_tables::abi::Abi;
use trace::decode::{Options, render::Quiet};
use trace::engine::details::Wishes;
use trace::engine::sink::Sink;
use trace::engine::{Config, Engine, Finish, control, placement};
use trace::event::descriptor::{Detail, Ends, Socket};
use trace::event::{Call, FdNote, PidNote};
use trace::filter::Wanted;
use trace::output::choice::{self, Results, Signals};
use trace::output::text::place::{Place, Prefix};
use trace::output::text::render::Spelling;
use trace::output::text::time::{Clock, Precision, Times};
use trace::output::text::{Format, TextSink, stack};
use trace::output::writer::Writer;
use trace::spawn::launch::Request;
use trace::spawn::plan::Plan;
use trace::sys::ptrace;

/// What a plain run prints.
fn plain() -> Format {
    Format {
        spelling: Spelling::default(),
        options: Options::default(),
        column: 40,
        times: Times::default(),
        ip: false,
        number: false,
        quiet: choice::Quiet::times(3),
        results: Results::ALL,
        signals: Signals::ALL,
        stacks: stack::Detail::None,
        rings: false,
        manner: None,
        dumps: Default::default(),
    }
}

/// `-f -i -n -r -tt -T -yy -Y -N`: everything that stands beside a call.
fn everything() -> Format {
    let clock = Times { clock: Clock::Time, precision: Precision::MICROS, ..Times::default() };
    let times = Times { relative: Some(Precision::MICROS), duration: Some(Precision::MICROS), ..clock };
    let spelling =
        Spelling { fds: Wishes::ALL, pid_names: true, host_pids: true, names: true, ..Spelling::default() };
    Format { spelling, times, ip: true, number: true, ..plain() }
}

fn sink(format: Format, file: &Path) -> TextSink {
    let file = File::options().append(true).create(true).open(file).unwrap();
    TextSink::new(Place::one(Writer::start().unwrap(), file, Prefix::Always, "trace"), format)
}

/// Every call of both ABIs, as it was captured.
fn calls(failed: bool) -> Vec<plausible::Plausible> {
    let mut calls: Vec<_> =
        [Abi::X86_64, Abi::I386].into_iter().flat_map(|abi| plausible::all(abi, failed)).collect();
    calls.iter_mut().for_each(|call| call.capture(&Options::default(), &mut Quiet::default()));
    calls
}

/// What is known of the descriptors and the process in a call.
fn annotate(call: &mut Call) {
    let local = "192.0.2.1:54321".parse().unwrap();
    let ends = Ends::Inet { local, peer: Some("192.0.2.80:443".parse().unwrap()) };
    let socket = Detail::Socket(Socket { protocol: "TCP".into(), inode: 4711, ends, families: None });
    let device = Detail::Device { block: false, major: 1, minor: 3 };
    let note = |fd, target: &str, detail: Detail| {
        let detail = Some(Arc::new(detail));
        FdNote { fd, target: target.as_bytes().into(), deleted: fd == 5, late: false, detail }
    };
    call.fds.push(note(3, "socket:[4711]", socket));
    call.fds.push(note(5, "/dev/null", device));
    call.fds.push(note(4, "anon_inode:[signalfd]", Detail::Signals(0x4202)));
    call.fds.push(note(-100, "anon_inode:[pidfd]", Detail::Process(4242)));
    call.pids.push(PidNote { pid: 4242, host: 77, comm: Some(b"make\x1b".as_slice().into()) });
}

/// What something allocates that was done before, every time: a buffer that doubles does so for the calls to come.
fn again(mut what: impl FnMut()) -> u64 {
    what();
    let least = (0..4).map(|_| measure(&mut what).count_total).min();
    least.unwrap()
}

#[test]
fn no_call_allocates_on_its_way_to_text() {
    let mut sinks = [plain(), everything()].map(|format| sink(format, Path::new("/dev/null")));
    for mut call in [false, true].into_iter().flat_map(calls) {
        annotate(&mut call.call);
        for (which, sink) in ["plain", "everything"].iter().zip(&mut sinks) {
            let allocated = again(|| call.tell(sink));
            assert_eq!(allocated, 0, "{} of {}, {which}", call.name, call.call.regs.abi);
        }
    }
}

#[test]
fn no_call_allocates_while_its_memory_is_captured() {
    let (options, mut quiet) = (Options::default(), Quiet::default());
    for mut call in [false, true].into_iter().flat_map(calls) {
        let allocated = again(|| call.capture(&options, &mut quiet));
        assert_eq!(allocated, 0, "{} of {}", call.name, call.call.regs.abi);
    }
}

#[test]
fn the_calls_are_plausible_and_the_counter_counts() {
    let dir = TempDir::new("plausible");
    let log = dir.join("log");
    let mut sink = sink(plain(), &log);
    calls(false).iter_mut().for_each(|call| call.tell(&mut sink));
    sink.finish();
    let text = std::fs::read_to_string(&log).unwrap();
    for line in [
        r#"stat("/usr/lib/x86_64-linux-gnu/libc.so.6", {st_mode=S_IFREG|0644, st_size=4096, ...}) = 0"#,
        r#"readlink("/usr/lib/x86_64-linux-gnu/libc.so.6", "\177ELF\2\1\1\3\0\0\0\0\0\0\0\0\177ELF\2\1\1\3\0\0\0\0\0\0\0\0"..., 4096) = 64"#,
        r#"connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.80")}, 16) = 0"#,
        r#"getsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], [4]) = 0"#,
        r#"getdents64(3, 0x7f1234567000 /* 3 entries */, 4096) = 96"#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    // A call that names a pointer and has nothing behind it is shown as its address.
    let bare = text.lines().filter(|line| line.contains("(0x7f")).count();
    assert!(bare * 10 < text.lines().count(), "{bare} calls begin with an address:\n{text}");
    assert_eq!(again(|| drop(std::hint::black_box(vec![1]))), 1);
}

/// What a run of `program` allocates on the tracing thread.
fn run(program: &Path, calls: u64, format: Format) -> u64 {
    let config = Config {
        capture: format.options,
        wanted: Wanted::all(),
        narrowed: false,
        fds: format.spelling.fds,
        follows: true,
        pid_namespaces: false,
        // Names of tasks that are not traced are asked for each time.
        names: false,
        foreground: None,
        filtered: false,
        placement: placement::Mode::Auto,
        times: format.times.wanted(),
        system_times: false,
        numbers: format.number,
        stacks: None,
        ips: format.ip,
        detach_on_execve: false,
        yields: false,
        extras: Default::default(),
    };
    let plan = Plan::new(program, vec![program.into(), calls.to_string().into()]);
    let options = ptrace::OPTIONS_BASE | ptrace::OPTIONS_FOLLOW | ptrace::OPTION_EXITKILL;
    let (launched, _held) = Request::new(plan).trace(options).unwrap();
    let sinks: Vec<Box<dyn Sink>> = vec![Box::new(sink(format, Path::new("/dev/null")))];
    let mut engine = Engine::new(config, sinks, Vec::new(), control::line().0);
    engine.launched(launched.pid);
    let mut finish = None;
    let allocated = measure(|| finish = engine.run().ok());
    assert_eq!(finish, Some(Finish::Exited(0)));
    allocated.count_total
}

/// Allocations for each call of a long run, beyond those of a short one.
fn each(program: &Path, rounds: u64, calls: u64, format: &Format) -> f64 {
    let few = run(program, rounds / 20, format.clone());
    let many = run(program, rounds, format.clone());
    many.saturating_sub(few) as f64 / (calls * (rounds - rounds / 20)) as f64
}

/// Less than one kind of call in five would take. What the tracer does now and then, such as finding the CPUs of its
/// tasks, goes by time and not by calls.
const FEW: f64 = 0.05;

/// The only test here that starts programs: its engine waits for every child of this process.
#[test]
fn a_run_allocates_nothing_for_a_call() {
    let dir = TempDir::new("allocations");
    let (Some(dense), Some(memory)) =
        (compile(&dir, "dense", Build::Native), compile(&dir, "memory_calls", Build::Native))
    else {
        return;
    };
    let rows = [
        ("getppid", &dense, 100_000, 1, plain(), FEW),
        ("getppid, everything beside it", &dense, 40_000, 1, everything(), FEW),
        ("open, read, write, stat, close", &memory, 10_000, 5, plain(), FEW),
        // What a descriptor is open on has to be asked when it is new, and again after some milliseconds.
        ("the same, everything beside it", &memory, 4_000, 5, everything(), 4.0),
    ];
    for (what, program, rounds, calls, format, most) in rows {
        let each = each(program, rounds, calls, &format);
        println!("{what}: {each:.5} allocations a call");
        assert!(each <= most, "{what}: {each} allocations a call");
    }
}
