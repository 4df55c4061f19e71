//! Recordings of machines of another kind: what aarch64 and riscv64 recorded is replayed here, with their
//! numbers of calls, in every form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/json.rs"]
mod json;
mod support;

use std::fs;

use json::{TRACE, lines};
use support::TempDir;
use support::run::Run;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;
use trace::engine::sink::Sink;
use trace::event::{Call, End, Outcome, Program, Stamp, Started, Tid};
use trace::record::format::Meta;
use trace::record::writer::{Recorder, Setup, create};

const PATH: u64 = 0x7000_1000;
const BUFFER: u64 = 0x7000_2000;
const TIME: u64 = 0x7000_3000;

fn at(ns: u64) -> Stamp {
    Stamp { wall_ns: 1_800_000_000_000_000_000 + ns, mono_ns: ns }
}

/// A call by its name with these arguments.
fn call(abi: Abi, name: &str, args: &[u64], ns: u64) -> Call {
    let mut call = Call::new(Tid(7));
    call.regs.abi = abi;
    call.regs.nr = numbers::number(abi, name).unwrap_or_else(|| panic!("{name} of {abi:?}"));
    call.regs.args[..args.len()].copy_from_slice(args);
    call.signature = signatures::lookup(abi, call.regs.nr);
    call.entered = at(ns);
    call.left = at(ns + 500);
    call
}

/// Records a run of a machine of this kind.
fn record(dir: &TempDir, abi: Abi) -> String {
    let path = dir.join(&format!("{abi:?}.trace"));
    let file = create(&path).unwrap().begin().unwrap();
    let mut meta = Meta::default();
    meta.add("machine", abi.display_name());
    meta.add("capture", "256");
    let mut recorder =
        Recorder::start(file, path.clone(), Setup { program: "trace".into(), meta, ..Setup::default() })
            .unwrap();
    recorder.started(&Started { tid: Tid(7), process: Tid(7), parent: Tid(1), attached: false, at: at(0) });
    recorder.executed(&Program { process: Tid(7), exe: b"/bin/cat".to_vec(), ..Program::default() });
    let mut open = call(abi, "openat", &[-100_i64 as u64, PATH, 0, 0], 1_000);
    open.before.remember_text(PATH, b"/etc/hostname\0");
    // struct timespec: seconds and nanoseconds of 8 bytes each.
    let mut sleep = call(abi, "nanosleep", &[TIME, 0], 2_000);
    sleep.before.remember(TIME, 16, &[5_u64.to_le_bytes(), 42_u64.to_le_bytes()].concat());
    let mut read = call(abi, "read", &[3, BUFFER, 100], 3_000);
    for (call, value) in [(&mut open, 3), (&mut sleep, 0), (&mut read, 6)] {
        recorder.entered(call);
        if value == 6 {
            call.after.remember(BUFFER, 6, b"board\n");
        }
        call.outcome = Some(Outcome { value, failed: false });
        recorder.left(call);
    }
    let mut gone = call(abi, "unlinkat", &[-100_i64 as u64, PATH, 0], 4_000);
    gone.before.remember_text(PATH, b"/etc/hostname\0");
    recorder.entered(&gone);
    gone.outcome = Some(Outcome { value: -13, failed: true });
    recorder.left(&gone);
    recorder.ended(Tid(7), End::Exited(1), None, at(5_000));
    recorder.finish();
    path.to_str().unwrap().to_owned()
}

#[test]
fn other_machines_are_replayed_here() {
    let dir = TempDir::new("foreign");
    for abi in [Abi::Aarch64, Abi::Riscv64] {
        let file = record(&dir, abi);
        let replay = |options: &[&str]| {
            let back = dir.join("back");
            let words = [&[TRACE, "replay", &file, "-o", back.to_str().unwrap()], options].concat();
            let outcome = Run::bare(&dir, &words).finish();
            assert_eq!((outcome.code(), &*outcome.stderr), (0, ""), "{abi:?} {options:?}");
            fs::read_to_string(back).unwrap()
        };
        let text = replay(&["-a", "1"]);
        let wanted = [
            "openat(AT_FDCWD, \"/etc/hostname\", O_RDONLY) = 3",
            "nanosleep({tv_sec=5, tv_nsec=42}, NULL) = 0",
            "read(3, \"board\\n\", 100) = 6",
            "unlinkat(AT_FDCWD, \"/etc/hostname\", 0) = -1 EACCES (Permission denied)",
            "+++ exited with 1 +++",
        ];
        for line in wanted {
            assert!(text.lines().any(|shown| shown.ends_with(line)), "{abi:?}: no {line} in {text}");
        }
        assert_eq!(text.lines().count(), wanted.len(), "{abi:?}: {text}");
        let objects = lines(replay(&["--json"]).as_bytes());
        let calls: Vec<_> = objects.iter().filter(|object| object["type"] == "syscall").collect();
        assert_eq!(calls.len(), 4);
        assert!(calls.iter().all(|call| call["abi"] == abi.display_name()), "{calls:?}");
        assert_eq!(calls[1]["args"][0]["value"]["struct"]["tv_sec"], 5);
        assert!(replay(&["-c"]).contains(" unlinkat"));
        let failed = replay(&["--where", "errno == EACCES and path ~ \"host\""]);
        assert_eq!(failed.matches("unlinkat(").count(), 1, "{failed}");
        assert!(replay(&["--tree"]).contains("/bin/cat"), "{}", replay(&["--tree"]));
    }
}
