//! Transient scopes against a mock of systemd's manager on a private bus: what is sent, to the letter, and how
//! each answer is taken.
#![cfg(feature = "systemd")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::pin::pin;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use support::TempDir;
use trace::spawn::cgroup::systemd::{Bus, Error, Mode, Plan, Scope};
use zbus::connection::Builder;
use zbus::export::futures_core::Stream;
use zbus::{Connection, Message, MessageStream, ObjectPath, OwnedVariant, Variant};

const NAME: &str = "org.freedesktop.systemd1";
const PATH: &str = "/org/freedesktop/systemd1";
const MANAGER: &str = "org.freedesktop.systemd1.Manager";

/// How the mock takes a start.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    /// The job ends so, and says it before the call is answered.
    Early(&'static str),
    /// The job ends so after the answer.
    Late(&'static str),
    /// The call is an error.
    Refuse,
    /// The job never ends.
    Never,
}

/// What the mock saw: member, signature, and the body in debug form.
type Seen = (String, String, String);

struct Daemon {
    child: Child,
    address: String,
    _dir: TempDir,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A private bus; says what is missing otherwise.
fn daemon() -> Option<Daemon> {
    let dir = TempDir::new("bus");
    let socket = format!("--address=unix:path={}", dir.path().join("bus").display());
    let mut command = Command::new("dbus-daemon");
    command.args(["--session", "--print-address", "--nofork", &socket]).stdout(Stdio::piped());
    let Ok(mut child) = command.stderr(Stdio::null()).spawn() else {
        support::missing(&support::this_test(), "dbus-daemon (package dbus-daemon)");
        return None;
    };
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    Some(Daemon { child, address: address.trim().to_owned(), _dir: dir })
}

fn job(number: u32) -> ObjectPath<'static> {
    ObjectPath::try_from(format!("{PATH}/job/{number}")).unwrap()
}

async fn removed(bus: &Connection, number: u32, result: &str) {
    let body = (number, job(number), "run.scope", result);
    bus.emit_signal(None::<&str>, PATH, MANAGER, "JobRemoved", &body).await.unwrap();
}

async fn answer(bus: &Connection, call: &Message, how: Answer) {
    let header = call.header();
    let member = header.member().unwrap().to_string();
    match member.as_str() {
        "StartTransientUnit" if how == Answer::Refuse => {
            let name = "org.freedesktop.systemd1.UnitExists";
            bus.reply_error(&header, name, &"Unit run.scope already exists.").await.unwrap();
        }
        "StartTransientUnit" => {
            // Another job's end must not be taken for ours.
            removed(bus, 6, "failed").await;
            if let Answer::Early(result) = how {
                removed(bus, 7, result).await;
            }
            bus.reply(&header, &job(7)).await.unwrap();
            if let Answer::Late(result) = how {
                removed(bus, 7, result).await;
            }
        }
        "GetUnit" => {
            let unit = ObjectPath::try_from("/org/freedesktop/systemd1/unit/run_2escope").unwrap();
            bus.reply(&header, &unit).await.unwrap();
        }
        "Get" => bus.reply(&header, &Variant::from("/work.slice/run.scope")).await.unwrap(),
        "StopUnit" => bus.reply(&header, &job(8)).await.unwrap(),
        _ => bus.reply(&header, &()).await.unwrap(),
    }
}

type Transient = (String, String, Vec<(String, OwnedVariant)>, Vec<(String, Vec<(String, OwnedVariant)>)>);

fn body(call: &Message) -> String {
    let body = call.body();
    if let Ok((name, mode, properties, aux)) = body.deserialize::<Transient>() {
        let text = |v: &OwnedVariant| format!("{} {:?}", v.value_signature(), **v);
        let all: BTreeMap<_, _> = properties.iter().map(|(k, v)| (k.clone(), text(v))).collect();
        return format!("{name} {mode} {all:?} {}", aux.len());
    }
    if let Ok((name, whom, signo)) = body.deserialize::<(String, String, i32)>() {
        return format!("{name} {whom} {signo}");
    }
    body.deserialize::<(String, String)>().map(|(a, b)| format!("{a} {b}")).unwrap_or_default()
}

/// Owns systemd's name on the bus in a thread that ends with the bus.
fn mock(address: &str, how: Answer) -> Receiver<Seen> {
    let (seen, told): (Sender<Seen>, _) = channel();
    let (ready, wait) = channel();
    let address = address.to_owned();
    std::thread::spawn(move || {
        zbus::block_on(async move {
            let bus = Builder::address(address.as_str()).build().await.unwrap();
            let mut calls = pin!(MessageStream::from(&bus));
            bus.request_name(NAME).await.unwrap();
            ready.send(()).unwrap();
            while let Some(Ok(call)) = poll_fn(|context| calls.as_mut().poll_next(context)).await {
                if call.message_type() != zbus::message::Type::MethodCall {
                    continue;
                }
                let member = call.header().member().unwrap().to_string();
                let signature = call.body().signature().to_string_no_parens();
                seen.send((member, signature, body(&call))).ok();
                answer(&bus, &call, how).await;
            }
        });
    });
    wait.recv_timeout(Duration::from_secs(10)).unwrap();
    told
}

fn plan() -> Plan {
    Plan {
        name: "run.scope".into(),
        mode: Mode::Fail,
        pids: vec![41, 42],
        slice: Some("work.slice".into()),
        description: "a run".into(),
        delegate: true,
        memory_max_bytes: Some(64 << 20),
        tasks_max: Some(32),
        cpu_quota_us: Some(500_000),
        patience: Duration::from_secs(10),
    }
}

fn members(told: &Receiver<Seen>) -> Vec<String> {
    told.try_iter().map(|(member, ..)| member).collect()
}

#[test]
fn row_36_scope_is_asked_for_to_the_letter() {
    let Some(bus) = daemon() else { return };
    let told = mock(&bus.address, Answer::Late("done"));
    let scope = Scope::start(&Bus::Address(bus.address.clone()), &plan()).unwrap();
    assert_eq!(scope.control_group(), Path::new("/work.slice/run.scope"));
    assert_eq!(scope.name(), "run.scope");
    scope.kill(9).unwrap();
    scope.stop().unwrap();
    let seen: Vec<Seen> = told.try_iter().collect();
    let names: Vec<&str> = seen.iter().map(|(member, ..)| member.as_str()).collect();
    assert_eq!(names, ["Subscribe", "StartTransientUnit", "GetUnit", "Get", "KillUnit", "StopUnit"]);
    assert_eq!(seen[1].1, "ssa(sv)a(sa(sv))");
    for wanted in [
        "run.scope fail {",
        "\"PIDs\": \"au ",
        "\"Slice\": \"s Str(",
        "\"Delegate\": \"b Bool(true)\"",
        "\"Description\": \"s Str(",
        "\"MemoryMax\": \"t U64(67108864)\"",
        "\"TasksMax\": \"t U64(32)\"",
        "\"CPUQuotaPerSecUSec\": \"t U64(500000)\"",
        "} 0",
    ] {
        assert!(seen[1].2.contains(wanted), "{wanted} is missing in {}", seen[1].2);
    }
    assert!(seen[1].2.contains("U32(41)") && seen[1].2.contains("U32(42)"), "{}", seen[1].2);
    assert_eq!((seen[4].1.as_str(), seen[4].2.as_str()), ("ssi", "run.scope all 9"));
    assert_eq!((seen[5].1.as_str(), seen[5].2.as_str()), ("ss", "run.scope fail"));
}

#[test]
fn row_36_scope_takes_a_job_that_ends_before_the_reply() {
    let Some(bus) = daemon() else { return };
    let told = mock(&bus.address, Answer::Early("done"));
    let mut bare = plan();
    (bare.slice, bare.memory_max_bytes, bare.mode) = (None, None, Mode::Replace);
    drop(Scope::start(&Bus::Address(bus.address.clone()), &bare).unwrap());
    let seen: Vec<Seen> = told.try_iter().collect();
    assert!(seen[1].2.starts_with("run.scope replace"));
    assert!(!seen[1].2.contains("Slice") && !seen[1].2.contains("MemoryMax"));
    assert_eq!(seen.last().unwrap().0, "StopUnit", "a dropped scope is stopped");
}

#[test]
fn row_36_scope_failures_are_sentences() {
    for (how, wanted) in [
        (Answer::Late("failed"), "the job ended with 'failed'; see `journalctl -u run.scope`"),
        (Answer::Early("dependency"), "the job ended with 'dependency'"),
        (Answer::Refuse, "Unit run.scope already exists."),
        (Answer::Never, "did not answer within 300 ms"),
    ] {
        let Some(bus) = daemon() else { return };
        let told = mock(&bus.address, how);
        let mut plan = plan();
        if how == Answer::Never {
            plan.patience = Duration::from_millis(300);
        }
        let said = Scope::start(&Bus::Address(bus.address.clone()), &plan).unwrap_err().to_string();
        assert!(said.contains(wanted), "{said}");
        assert_eq!(members(&told), ["Subscribe", "StartTransientUnit"]);
    }
}

#[test]
fn row_36_scope_without_a_manager_or_a_bus() {
    let Some(bus) = daemon() else { return };
    let lonely = Scope::start(&Bus::Address(bus.address.clone()), &plan()).unwrap_err();
    assert!(matches!(&lonely, Error::Call { method: "Subscribe", .. }), "{lonely}");
    let no_bus = Scope::start(&Bus::Address("unix:path=/nonexistent/bus".into()), &plan()).unwrap_err();
    assert!(no_bus.to_string().contains("cannot reach systemd's bus"), "{no_bus}");
}
