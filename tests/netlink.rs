//! Messages of netlink: live and from a recording, as text and as JSON; a number that is another socket by now.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::PathBuf;

use support::run::Run;
use support::{Build, TempDir, compile, is_stand_in};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// The program that talks to rtnetlink.
fn talker(dir: &TempDir) -> Option<PathBuf> {
    if is_stand_in() { None } else { compile(dir, "netlink_talk", Build::Native) }
}

fn log(dir: &TempDir, options: &[&str], program: &str) -> String {
    let mut words = vec![TRACE, "-o", "log"];
    words.extend_from_slice(options);
    words.push(program);
    let outcome = Run::bare(dir, &words).finish();
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    fs::read_to_string(dir.join("log")).unwrap()
}

#[test]
fn a_number_is_asked_again_once_it_is_another_socket() {
    let dir = TempDir::new("netlink");
    let Some(program) = talker(&dir) else { return };
    let program = program.to_str().unwrap();
    // With the calls that close descriptors answers are kept, without them they are not.
    for options in [&[][..], &["-e", "trace=sendto,recvfrom,sendmsg,recvmsg"]] {
        let log = log(&dir, options, program);
        let count = |wanted: &[&str]| {
            log.lines().filter(|line| wanted.iter().all(|part| line.contains(part))).count()
        };
        assert_eq!(count(&["sendto(", "[{nlmsg_len=28, nlmsg_type=RTM_GETADDR, "]), 2, "{log}");
        assert_eq!(count(&["sendmsg(", "iov_base=[{nlmsg_len=28, nlmsg_type=RTM_GETROUTE, "]), 2, "{log}");
        assert!(count(&["recvfrom(", "[{nlmsg_len=20, nlmsg_type=NLMSG_DONE, "]) >= 2, "{log}");
        assert!(count(&["recvmsg(", "[{nlmsg_len=20, nlmsg_type=NLMSG_DONE, "]) >= 2, "{log}");
        assert_eq!(count(&["sendto(", "\"\\34\\0\\0\\0"]), 2, "{log}");
        assert_eq!(count(&["recvfrom(", "\"\\34\\0\\0\\0"]), 2, "{log}");
    }
}

#[test]
fn a_recording_replays_messages_as_they_were() {
    let dir = TempDir::new("netlink");
    let Some(program) = talker(&dir) else { return };
    let program = program.to_str().unwrap();
    let words = [TRACE, "record", "-o", "run.trace", "--text", "live", "--", program];
    assert_eq!(Run::bare(&dir, &words).finish().code(), 0);
    let outcome = Run::bare(&dir, &[TRACE, "replay", "run.trace", "-o", "back"]).finish();
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
    let (live, back) = (read("live"), read("back"));
    assert!(live.contains("nlmsg_type=RTM_GETADDR") && live.contains("nla_type=IFA_ADDRESS"), "{live}");
    assert_eq!(live, back);
    // More of the same recording than the text had: everything is in it.
    let words = [TRACE, "replay", "run.trace", "-v", "-s", "200", "-o", "more"];
    assert_eq!(Run::bare(&dir, &words).finish().code(), 0);
    assert!(read("more").len() >= back.len());
}

#[test]
fn json_has_the_members_of_messages() {
    let dir = TempDir::new("netlink");
    let Some(program) = talker(&dir) else { return };
    let log = log(&dir, &["--json"], program.to_str().unwrap());
    let sent = log.lines().find(|line| line.contains("RTM_GETADDR") && line.contains("\"sendto\""));
    let sent: serde_json::Value = serde_json::from_str(sent.unwrap()).unwrap();
    let text = sent.to_string();
    for member in ["\"nlmsg_len\"", "\"nlmsg_type\"", "\"nlmsg_flags\"", "\"ifa_family\"", "\"AF_INET\""] {
        assert!(text.contains(member), "{member}: {text}");
    }
    let received = log.lines().find(|line| line.contains("IFA_ADDRESS") && line.contains("\"recvfrom\""));
    let received: serde_json::Value = serde_json::from_str(received.unwrap()).unwrap();
    assert!(received.to_string().contains("\"nla_type\""), "{received}");
}
