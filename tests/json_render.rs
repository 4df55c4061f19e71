//! The JSON renderer: a table of its forms, and every call of every ABI with random registers and memory, whose
//! lines must all be as the schema says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/json.rs"]
mod json;
#[path = "support/noise.rs"]
mod noise;
mod support;

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};

use noise::{Noise, register};
use proptest::prelude::*;
use support::{TempDir, serial};
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::set::Base;
use syscall_tables::{sets, signatures};
use trace::decode::render::{Group, Items, Quiet, Render, Text, WaitStatus};
use trace::decode::{self, Options};
use trace::engine::sink::Sink;
use trace::event::{Call, End, FdNote, Outcome, PidNote, Regs, Signal, Stamp, Tid};
use trace::output::choice::{Results, Signals};
use trace::output::json::header::Header;
use trace::output::json::render::{JsonRender, Notes};
use trace::output::json::{Format, JsonSink};
use trace::output::text::place::{self, Place, Prefix};
use trace::output::writer::Writer;

type Show = fn(&mut JsonRender<'_>);

fn text(bytes: &[u8]) -> Text<'_> {
    Text { bytes, more: false, hex: false }
}

/// What `show` writes, and how many values had no place.
fn rendered(show: Show) -> (String, usize) {
    let note = |fd: i32, target: &[u8]| FdNote {
        fd,
        target: target.into(),
        deleted: false,
        late: false,
        detail: None,
    };
    let fds = [
        note(-100, b"/home"),
        note(3, b"/etc/caf\xe9"),
        note(4, b"socket:[77]"),
        note(5, b"pipe:[78]"),
        note(6, b"anon_inode:[eventpoll]"),
        note(7, b"anon_inode:inotify"),
    ];
    let pids = [PidNote { pid: 2, host: 4711, comm: None }];
    let (mut out, mut frames) = (Vec::new(), Vec::new());
    let mut render =
        JsonRender::value(&mut out, &mut frames, Notes { fds: &fds, late: false, pids: &pids, raw: [0; 8] });
    show(&mut render);
    let lost = render.finish();
    (String::from_utf8(out).unwrap(), lost)
}

const SCALARS: &[(&str, Show)] = &[
    ("-5", |r| r.number(-5i64 as u64, true, Base::Dec, 8)),
    (r#""18446744073709551611""#, |r| r.number(-5i64 as u64, false, Base::Dec, 8)),
    ("255", |r| r.number(255, false, Base::Hex, 4)),
    (r#"{"octal":"0755","value":493}"#, |r| r.number(0o755, false, Base::Oct, 4)),
    (r#"{"octal":"0100644","value":33188,"file_type":"S_IFREG"}"#, |r| r.mode(Some("S_IFREG"), 0o100_644)),
    (r#"{"flags":["O_RDWR","O_CREAT"],"value":66}"#, |r| r.set(&sets::fs::OPEN, 0o102, Abi::X86_64)),
    (r#"{"flags":["O_RDONLY"],"value":2147483648,"unknown":2147483648}"#, |r| {
        r.set(&sets::fs::OPEN, 0x8000_0000, Abi::X86_64)
    }),
    (r#"{"name":"AF_INET","value":2}"#, |r| r.set(&sets::net::AF, 2, Abi::X86_64)),
    (r#"{"name":null,"value":999}"#, |r| r.set(&sets::net::AF, 999, Abi::X86_64)),
    (r#"{"name":"EVIOCGABS(AF_INET)","value":2}"#, |r| {
        assert!(r.begin_name(2));
        r.word(format_args!("EVIOCGABS("));
        r.set(&sets::net::AF, 2, Abi::X86_64);
        r.word(format_args!(")"));
        r.end_name(2);
    }),
    (r#"{"flags":["AF_UNIX","AF_INET"],"value":131073}"#, |r| {
        r.open(Group::Or);
        r.item();
        r.set(&sets::net::AF, 1, Abi::X86_64);
        r.item();
        r.placed_by(&sets::net::AF, 2, "IBSHIFT", 16, Abi::X86_64);
        r.item();
        r.word(format_args!(""));
        r.close(Group::Or);
    }),
    (r#"{"name":"SIGHUP","value":1}"#, |r| r.named("SIGHUP", 1, Base::Dec)),
    (r#"{"name":"SI_TKILL","value":-6}"#, |r| r.code("SI_TKILL", -6)),
    ("null", |r| r.address(0)),
    (r#"{"address":"0xffffffffff600000"}"#, |r| r.address(0xffff_ffff_ff60_0000)),
    (r#"{"text":"a\"b","encoding":"utf8"}"#, |r| r.text(text(b"a\"b"))),
    ("{\"text\":\"\u{ff}\",\"encoding\":\"latin1\",\"truncated\":true}", |r| {
        r.text(Text { bytes: b"\xff", more: true, hex: true })
    }),
    (r#"{"text":"x","encoding":"utf8","abstract":true}"#, |r| r.abstract_name(text(b"x"))),
    (r#"{"fd":9}"#, |r| r.fd(9)),
    ("{\"fd\":3,\"path\":{\"text\":\"/etc/caf\u{e9}\",\"encoding\":\"latin1\"}}", |r| r.fd(3)),
    (r#"{"fd":4,"socket":{"inode":77}}"#, |r| r.fd(4)),
    (r#"{"fd":5,"pipe":{"inode":78}}"#, |r| r.fd(5)),
    (r#"{"fd":6,"anon_inode":"eventpoll"}"#, |r| r.fd(6)),
    (r#"{"fd":7,"anon_inode":"inotify"}"#, |r| r.fd(7)),
    (r#"{"fd":-100,"name":"AT_FDCWD","path":{"text":"/home","encoding":"utf8"}}"#, |r| r.cwd()),
    (r#"{"pid":1}"#, |r| r.pid(1)),
    (r#"{"pid":2,"host_pid":4711}"#, |r| r.pid(2)),
    (r#"{"address":"0x10","variables":3}"#, |r| r.counted(16, 3, Items::Variables)),
    (r#"{"address":"0x10","variables":0,"truncated":true}"#, |r| {
        r.counted(16, 0, Items::UnterminatedVariables)
    }),
    (r#"{"address":"0x10","entries":1}"#, |r| r.counted(16, 1, Items::Entries)),
    (r#"{"major":8,"minor":1}"#, |r| r.device(8, 1)),
    (r#"{"ip":"127.0.0.1"}"#, |r| r.ipv4(Ipv4Addr::LOCALHOST)),
    ("443", |r| r.port(443)),
    ("2048", |r| r.spelled(2048, format_args!("2*1024"))),
    (r#"{"name":"__NR_read","value":0}"#, |r| r.symbol(0, format_args!("__NR_read"))),
    (r#"{"name":null,"value":3221250051,"dir":3,"ioctl_type":96,"nr":3,"size":0}"#, |r| r.ioctl(0xc000_6003)),
    (r#"{"signals":["SIGHUP","SIGQUIT"],"negated":true}"#, |r| r.signals(0b101, 64, true)),
    (r#"{"wait":"exited","status":3}"#, |r| r.wait_status(WaitStatus::of(0x300))),
    (r#"{"wait":"killed","signal":{"name":"SIGSEGV","value":11},"core":true}"#, |r| {
        r.wait_status(WaitStatus::of(0x8b))
    }),
    (r#"{"wait":"stopped","signal":{"name":"SIGTRAP","value":5},"syscall":true}"#, |r| {
        r.wait_status(WaitStatus::of(0x857f))
    }),
    (r#"{"wait":"stopped","signal":{"name":"SIGTRAP","value":5},"event":3}"#, |r| {
        r.wait_status(WaitStatus::of(0x3057f))
    }),
    (r#"{"wait":"killed","signal":{"name":"SIGKILL","value":9},"core":false,"event":1,"rest":256}"#, |r| {
        r.wait_status(WaitStatus::of(0x10109))
    }),
    (r#"{"wait":"unknown","status":4294967295}"#, |r| r.wait_status(WaitStatus::of(0xffff_ffff))),
    (r#"{"wait":"continued"}"#, |r| r.wait_status(WaitStatus::of(0xffff))),
    (r#"{"word":"<... resuming ...>"}"#, |r| r.word(format_args!("<... resuming ...>"))),
];

fn two(r: &mut JsonRender<'_>, group: Group) {
    r.open(group);
    for value in 1..=2 {
        r.item();
        r.number(value, false, Base::Dec, 4);
    }
}

const GROUPS: &[(&str, Show)] = &[
    (r#"{"array":[]}"#, |r| {
        r.open(Group::Array);
        r.close(Group::Array);
    }),
    (r#"{"array":[1,2]}"#, |r| {
        two(r, Group::Array);
        r.close(Group::Array);
    }),
    (r#"{"array":[3,4]}"#, |r| {
        r.open(Group::Array);
        r.item();
        r.index(format_args!("VINTR"));
        r.number(3, false, Base::Dec, 1);
        r.item();
        r.numbered(Some("IO_WQ_UNBOUND"), 1, "IO_WQ_???");
        r.number(4, false, Base::Dec, 4);
        r.close(Group::Array);
    }),
    (r#"{"array":[1,2],"truncated":true}"#, |r| {
        two(r, Group::Array);
        r.item();
        r.more();
        r.comment(format_args!("0x10"));
        r.close(Group::Array);
    }),
    ("7", |r| {
        r.open(Group::Target);
        r.item();
        r.number(7, true, Base::Dec, 4);
        r.close(Group::Target);
    }),
    (r#"{"flags":["O_RDWR","SIGCHLD"],"value":19}"#, |r| {
        r.open(Group::Or);
        r.item();
        r.set(&sets::fs::OPEN, 2, Abi::X86_64);
        r.item();
        r.named("SIGCHLD", 17, Base::Dec);
        r.close(Group::Or);
    }),
    (r#"{"struct":{"a":1,"b":{"struct":{"c":null}}},"abbreviated":true}"#, |r| {
        r.open(Group::Struct);
        r.field("a");
        r.number(1, false, Base::Dec, 4);
        r.field("b");
        r.open(Group::Struct);
        r.field("c");
        r.address(0);
        r.close(Group::Struct);
        r.item();
        r.more();
        r.close(Group::Struct);
    }),
    (r#"{"struct":{"sin6_addr":{"ip":"::1"},"sin6_scope_id":0}}"#, |r| {
        r.open(Group::Struct);
        r.ipv6("sin6_addr", Ipv6Addr::LOCALHOST);
        r.field("sin6_scope_id");
        r.number(0, false, Base::Dec, 4);
        r.close(Group::Struct);
    }),
    (r#"{"old":128,"new":16}"#, |r| {
        r.open(Group::Target);
        r.item();
        r.number(128, true, Base::Dec, 4);
        r.becomes();
        r.number(16, true, Base::Dec, 4);
        r.close(Group::Target);
    }),
    (r#"{"struct":{"a":{"old":{"struct":{}},"new":{"fd":9}},"b":1}}"#, |r| {
        r.open(Group::Struct);
        r.field("a");
        r.open(Group::Struct);
        r.close(Group::Struct);
        r.becomes();
        r.fd(9);
        r.field("b");
        r.number(1, false, Base::Dec, 4);
        r.close(Group::Struct);
    }),
    (r#"2,"details":{"in":{"array":[{"fd":9}]},"timeout":true}"#, |r| {
        r.number(2, true, Base::Dec, 4);
        r.detail("in");
        r.note(format_args!("in "));
        r.open(Group::Members { negated: false });
        r.item();
        r.fd(9);
        r.close(Group::Members { negated: false });
        r.detail("timeout");
        r.note(format_args!("Timeout"));
    }),
];

/// What decoding never tells so far; valid all the same.
const ODD: &[(&str, usize, Show)] = &[
    ("null", 0, |_| {}),
    ("1", 1, |r| {
        r.number(1, false, Base::Dec, 4);
        r.open(Group::Struct);
        r.field("lost");
        r.close(Group::Struct);
    }),
    (r#"{"struct":{"a":null,"b":{"old":1,"new":null}}}"#, 0, |r| {
        r.open(Group::Struct);
        r.field("a");
        r.field("b");
        r.number(1, false, Base::Dec, 4);
        r.becomes();
        r.close(Group::Struct);
        r.close(Group::Struct);
    }),
    (r#"{"array":[{"struct":{"a":null}}]}"#, 0, |r| {
        r.open(Group::Array);
        r.item();
        r.open(Group::Struct);
        r.field("a");
    }),
    ("null", 0, |r| {
        r.becomes();
        r.open(Group::Target);
        r.close(Group::Target);
        r.close(Group::Array);
    }),
];

#[test]
fn forms() {
    for (expected, show) in SCALARS.iter().chain(GROUPS) {
        assert_eq!(rendered(*show), ((*expected).to_owned(), 0));
    }
    for (expected, lost, show) in ODD {
        assert_eq!(rendered(*show), ((*expected).to_owned(), *lost));
    }
}

#[test]
fn the_schema_takes_the_forms_and_nothing_else() {
    let line = |value: &str| {
        let text = format!(
            r#"{{"type":"signal","ts":"1.000000000","pid":1,"tid":1,"name":"SIGHUP","signal":1,"info":{value}}}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    let whole = SCALARS.iter().chain(GROUPS).filter(|(text, _)| !text.contains("details"));
    for (text, _) in whole.clone() {
        assert_eq!(json::faults(&line(text)), Vec::<String>::new(), "{text}");
    }
    // Closed: an object with one more key is no form, and neither is one that lacks its key.
    for (text, _) in whole.filter(|(text, _)| text.ends_with('}')) {
        let more = format!("{},\"surprise\":1}}", &text[..text.len() - 1]);
        assert!(!json::faults(&line(&more)).is_empty(), "{more}");
    }
    for text in ["{}", "true", "1.5", "9007199254740992", "\"12\"", "[1]", r#"{"fd":"3"}"#, r#"{"text":"a"}"#]
    {
        assert!(!json::faults(&line(text)).is_empty(), "{text}");
    }
}

fn call(
    abi: Abi,
    nr: u64,
    args: [u64; 6],
    outcome: Option<Outcome>,
    noise: &Noise<'_>,
    options: &Options,
) -> Call {
    let mut call = Call::new(Tid(7));
    call.regs = Regs { abi, nr, args, ip: args[5], sp: args[4], resumes: None };
    call.signature = signatures::lookup(abi, nr);
    call.entered = Stamp { wall_ns: 1, mono_ns: 1 };
    call.left = Stamp { wall_ns: 5, mono_ns: 5 };
    call.fds = vec![
        FdNote { fd: 0, target: noise.bytes.into(), deleted: true, late: false, detail: None },
        FdNote { fd: 1, target: b"socket:[9]"[..].into(), deleted: false, late: true, detail: None },
    ];
    decode::demultiplex(&mut call, noise.clone());
    let mut quiet = Quiet::default();
    decode::touch_entry(&mut call, noise.clone(), options, &mut quiet);
    call.outcome = outcome;
    if outcome.is_some() {
        decode::touch_exit(&mut call, noise.clone(), options, &mut quiet);
    }
    call
}

/// How many values of a call had no place in its object.
fn lost(call: &Call, options: &Options) -> usize {
    let (mut out, mut frames) = (Vec::new(), Vec::new());
    let mut render = JsonRender::arguments(&mut out, &mut frames, Notes::default());
    decode::call(call, options, &mut render);
    let arguments = render.finish();
    let mut render = JsonRender::value(&mut out, &mut frames, Notes::default());
    if call.outcome.is_some_and(|outcome| !outcome.failed) {
        decode::result(call, options, &mut render);
    }
    arguments + render.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_call_with_random_registers_and_memory(
        args in prop::array::uniform6(register()),
        bytes in prop::collection::vec(any::<u8>(), 1..400),
        end in prop_oneof![Just(0u64), Just(0x1000), 0..0x1000u64],
        value in prop_oneof![-4096..70_000i64, any::<i64>()],
        abbreviate in any::<bool>(),
        string_limit in 0..100usize,
        returns in prop::bool::weighted(0.9),
        info in prop::collection::vec(any::<u8>(), 128),
    ) {
        let dir = TempDir::new("json-random");
        let path = dir.join(&format!("lines-{}", serial()));
        let options = Options { string_limit, abbreviate, raw: false, dereference: true };
        let place = Place::one(Writer::start().unwrap(), place::create(&path, false).unwrap(), Prefix::None, "trace");
        let format = Format { options, results: Results::ALL, signals: Signals::ALL, rings: true, header: Header::default(), separate: false };
        let mut sink = JsonSink::new(place, format);
        let outcome = returns.then_some(Outcome { value, failed: (-4095..0).contains(&value) });
        let noise = Noise { bytes: &bytes, end, left: 500 };
        let mut calls = 0;
        for abi in [Abi::X86_64, Abi::I386] {
            for (nr, _) in numbers::names(abi) {
                let call = call(abi, nr, args, outcome, &noise, &options);
                prop_assert_eq!(lost(&call, &options), 0, "{:?} of {:?}", call.signature.map(|s| s.name), call.regs);
                if returns {
                    sink.left(&call);
                } else {
                    sink.ended(Tid(7), End::Exited(0), Some(&call), Stamp { wall_ns: 9, mono_ns: 9 });
                }
                calls += 1;
            }
        }
        let mut data = [0u8; 128];
        data.copy_from_slice(&info);
        for signo in 1..=64u8 {
            data[..4].copy_from_slice(&[signo, 0, 0, 0]);
            let event = Signal {
                tid: Tid(7), abi: Abi::X86_64, signo: i32::from(signo), info: Some(Box::new(data)), pids: Vec::new(),
                fds: Vec::new(),
                stack: Default::default(), ip: None, at: Stamp::default(),
            };
            sink.signal(&event);
        }
        sink.finish();
        let objects = json::lines(&fs::read(&path).unwrap());
        prop_assert_eq!(objects.iter().filter(|object| object["type"] == "syscall").count(), calls);
        prop_assert_eq!(objects.iter().filter(|object| object["type"] == "signal").count(), 64);
    }
}
