//! `trace audit`: exit statuses, bad input, policies, merges, reports, and what must not be missed: io_uring, programs
//! without a file, links, renames, chroot, names from DNS.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/audit.rs"]
mod audit;
#[path = "support/sarif.rs"]
mod sarif;
mod support;

use std::fs;
use std::net::UdpSocket;
use std::path::Path;
use std::process::Command;

use audit::{DRIFT, Found, Place, TROUBLE, VIOLATION, listener, named};
use serde_json::{Value, json};
use support::{Build, compile, copy_program, has_tool, missing, this_test};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Id, act and name of a finding.
type Deed = (String, String, String);

fn fails(found: &[Found]) -> Vec<Deed> {
    named(found, |_| true)
}

fn row(id: &str, act: &str, name: &str) -> Deed {
    (id.into(), act.into(), name.into())
}

#[test]
fn a_command_that_does_as_before_keeps_its_status() {
    let place = Place::new("audit-status");
    place.files(&[("run.sh", "#!/bin/sh\ncat run.sh >out\nexit $1\n")]);
    place.record(&[], &["./run.sh", "0"]);
    for status in ["0", "1", "3", "120"] {
        let (outcome, found) = place.check(&[], &["./run.sh", status]);
        assert_eq!(outcome.code().to_string(), status, "{}", outcome.stderr);
        assert_eq!(fails(&found), [], "{}", outcome.stderr);
    }
    let (outcome, _) = place.check(&[], &["sh", "-c", "kill -TERM $$"]);
    assert_eq!(outcome.code(), DRIFT, "another command is drift: {}", outcome.stderr);
    place.record(&["--any-status"], &["./run.sh", "0"]);
    fs::write(place.project().join("run.sh"), "#!/bin/sh\nkill -TERM $$\n").unwrap();
    let place_policy =
        place.write("policy.toml", "version = 1\n[drift]\nnew = \"ignore\"\nmissing = \"ignore\"\n");
    let (outcome, found) = place.check(&["--policy", &place_policy], &["./run.sh", "0"]);
    assert_eq!((outcome.code(), &fails(&found)[..]), (128 + libc::SIGTERM, &[][..]), "{}", outcome.stderr);
}

#[test]
fn drift_and_broken_rules_have_statuses_of_their_own() {
    let place = Place::new("audit-drift");
    place.files(&[("run.sh", "#!/bin/sh\ncat run.sh >out\n"), ("other", "x\n")]);
    place.record(&[], &["./run.sh"]);
    // Another content of the script, another file read, another written.
    fs::write(place.project().join("run.sh"), "#!/bin/sh\ncat other >out2\n").unwrap();
    let (outcome, found) = place.check(&[], &["./run.sh"]);
    assert_eq!(outcome.code(), DRIFT, "{}", outcome.stderr);
    let want = [
        row("changed-program", "", "<dir>/run.sh"),
        row("new-create", "create", "<dir>/out2"),
        row("new-read", "read", "<dir>/other"),
    ];
    assert_eq!(fails(&found), want, "{}", outcome.stderr);
    let missing: Vec<_> = found.iter().filter(|finding| finding.id == "missing").collect();
    assert_eq!(missing.len(), 2, "cat and the shell did less: {missing:?}");
    assert!(outcome.stderr.contains("audit: other than the baseline has it: 3 failures, 2 warnings"));
    fs::write(place.project().join("run.sh"), "#!/bin/sh\ncat ~/.ssh/id_rsa >out\n").unwrap();
    let (outcome, found) = place.check(&[], &["./run.sh"]);
    assert_eq!(outcome.code(), VIOLATION, "{}", outcome.stderr);
    assert!(fails(&found).contains(&row("read-ssh-keys", "read", "<home>/.ssh/id_rsa")), "{found:?}");
}

#[test]
fn what_is_wrong_is_said_before_anything_runs() {
    let place = Place::new("audit-bad");
    let path = |name: &str| place.path(name);
    let baseline = place.write("old.toml", "version = 7\n");
    let junk = place.write("junk.toml", "\x1b[31m = [\n");
    let policy = place.write("policy.toml", "version = 1\n[[rule]]\nid = \"x\"\naction = \"deny\"\n");
    fs::write(place.dir.join("binary"), b"\xff\xfe\0").unwrap();
    place.record(&[], &["true"]);
    let good = path("baseline.toml");
    let none = path("none.toml");
    let rows: &[(&[&str], &str)] = &[
        (&[], "audit: record or check is wanted"),
        (&["frobnicate"], "audit: 'frobnicate' is neither record nor check"),
        (&["record"], "audit: no command"),
        (&["record", "--bogus", "true"], "unrecognized option '--bogus'"),
        (&["check", "--merge", "true"], "unrecognized option '--merge'"),
        (&["check", "-b"], "option requires an argument -- 'b'"),
        (&["check", "-b", &none, "touch", "ran"], "there is no baseline '"),
        (
            &["check", "-b", &baseline, "touch", "ran"],
            "is a baseline of version 7, and this trace reads version 1",
        ),
        (&["check", "-b", &junk, "touch", "ran"], "is no baseline: line 1: "),
        (&["check", "-b", &path("binary"), "touch", "ran"], "is no text: it is none"),
        (&["check", "-b", &path(""), "touch", "ran"], "Is a directory"),
        (&["check", "-b", &good, "--policy", &none, "touch", "ran"], "No such file or directory"),
        (&["check", "-b", &good, "--policy", &policy, "touch", "ran"], "line 4: unknown variant `deny`"),
        (&["check", "-b", &good, "--report", "xml", "touch", "ran"], "text, markdown, json, sarif, junit"),
        (&["check", "-b", &good, "--report", "json=", "touch", "ran"], "the name of the file is missing"),
        (&["check", "-b", &good, "--report", "json=/nowhere/x", "touch", "ran"], "No such file or directory"),
        (&["record", "-o", "/nowhere/x", "touch", "ran"], "-o '/nowhere/x': No such file or directory"),
        (&["record", "-o", &path("x"), "no-such-program-here"], "Can't stat 'no-such-program-here'"),
    ];
    for (words, sentence) in rows {
        let outcome = place.audit(words);
        let first = outcome.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with("trace: ") && first.contains(sentence), "{words:?}: {first}");
        assert_eq!(outcome.code(), 1, "{words:?}");
        assert!(!outcome.stderr.contains('\x1b'), "{words:?}");
    }
    assert!(!place.project().join("ran").exists(), "nothing was run");
    assert!(!place.dir.join("x").exists(), "nothing was left");
    let help = place.audit(&["check", "-h"]);
    assert_eq!(help.code(), 0);
    assert!(help.stdout.contains("--report"), "{}", help.stdout);
}

#[test]
fn an_audit_that_comes_to_nothing_says_so() {
    let place = Place::new("audit-trouble");
    fs::create_dir(place.dir.join("reports")).unwrap();
    place.record(&[], &["true"]);
    let report = format!("json={}", place.path("reports/x.json"));
    let reports = place.path("reports");
    let (baseline, words) = (place.path("baseline.toml"), ["rm", "-r", &reports]);
    let words = [&["check", "-q", "-b", &baseline, "--report", &report, "--"][..], &words].concat();
    let outcome = place.audit(&words);
    assert_eq!(outcome.code(), TROUBLE, "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with("trace: audit: cannot write '"), "{}", outcome.stderr);
}

#[test]
fn a_baseline_of_a_failed_command_is_not_kept() {
    let place = Place::new("audit-failed");
    let file = place.path("b.toml");
    let outcome = place.audit(&["record", "-o", &file, "--", "false"]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    assert!(!Path::new(&file).exists() && outcome.stderr.contains("--any-status"), "{}", outcome.stderr);
    let outcome = place.audit(&["record", "--any-status", "-o", &file, "--", "false"]);
    assert!(outcome.code() == 1 && Path::new(&file).exists(), "{}", outcome.stderr);
}

#[test]
fn the_same_run_gives_the_same_bytes_and_merging_learns() {
    let place = Place::new("audit-merge");
    let script = "#!/bin/sh\ncat run.sh >/dev/null\necho x >out-$(head -c6 /dev/urandom | od -An -tx1 | tr -d ' ')\n\
                  test -e extra && cat extra\nt=$(mktemp) && rm $t\n";
    place.files(&[("run.sh", script)]);
    place.record(&[], &["./run.sh"]);
    let one = place.read("baseline.toml");
    assert!(one.contains("\"<tmp>/*\"") && one.contains("runs = 1"), "{one}");
    let (outcome, found) = place.check(&[], &["./run.sh"]);
    assert_eq!(outcome.code(), DRIFT, "a name of chance in the project is news: {}", outcome.stderr);
    assert_eq!(fails(&found).len(), 1, "{}", outcome.stderr);
    place.record(&["--merge"], &["./run.sh"]);
    let two = place.read("baseline.toml");
    assert!(two.contains("\"<dir>/*\"") && two.contains("runs = 2"), "{two}");
    for _ in 0..2 {
        let (outcome, found) = place.check(&[], &["./run.sh"]);
        assert_eq!((outcome.code(), &fails(&found)[..]), (0, &[][..]), "{}", outcome.stderr);
    }
    // What is done in some runs only is no drift, and not missed.
    fs::write(place.project().join("extra"), "").unwrap();
    let (outcome, _) = place.check(&[], &["./run.sh"]);
    assert_eq!(outcome.code(), DRIFT, "{}", outcome.stderr);
    place.record(&["--merge"], &["./run.sh"]);
    let three = place.read("baseline.toml");
    assert!(three.contains("[process.sometimes]\nread = [\n  \"<dir>/extra\",\n]"), "{three}");
    fs::remove_file(place.project().join("extra")).unwrap();
    let (outcome, found) = place.check(&[], &["./run.sh"]);
    assert_eq!((outcome.code(), found.len()), (0, 0), "{}", outcome.stderr);
    // Without chance, the same run is the same file.
    place.record(&[], &["cat", "run.sh"]);
    let first = place.read("baseline.toml");
    place.record(&[], &["cat", "run.sh"]);
    assert_eq!(place.read("baseline.toml"), first);
}

#[test]
fn programs_have_digests_and_scripts_their_interpreters() {
    let place = Place::new("audit-digest");
    place.files(&[("run.sh", "#!/bin/sh\n./tool\n")]);
    copy_program("/bin/true", place.project().join("tool"));
    place.record(&[], &["./run.sh"]);
    let text = place.read("baseline.toml");
    let sha256 = |path: &Path| {
        let output = Command::new("sha256sum").arg(path).output().unwrap();
        String::from_utf8_lossy(&output.stdout)[..64].to_owned()
    };
    for name in ["run.sh", "tool"] {
        let path = format!("path = \"<dir>/{name}\"");
        let entry = text.split("[[program]]").find(|entry| entry.contains(&path)).unwrap();
        assert!(entry.contains(&sha256(&place.project().join(name))), "{entry}");
        assert_eq!(entry.contains("interpreter = "), name == "run.sh", "{entry}");
    }
    assert!(text.contains("lineage = [\"<dir>/run.sh\", \"<dir>/tool\"]"), "{text}");
    copy_program("/bin/echo", place.project().join("tool"));
    let (outcome, found) = place.check(&[], &["./run.sh"]);
    assert_eq!(outcome.code(), DRIFT, "{}", outcome.stderr);
    assert!(fails(&found).contains(&row("changed-program", "", "<dir>/tool")), "{found:?}");
}

#[test]
fn policies_decide_before_the_rules_that_come_with_trace() {
    let place = Place::new("audit-policy");
    place.files(&[("run.sh", "#!/bin/sh\ncat ~/.ssh/id_rsa >copy\n")]);
    place.record(&[], &["./run.sh"]);
    let (outcome, found) = place.check(&[], &["./run.sh"]);
    assert_eq!(outcome.code(), VIOLATION, "a rule holds whatever the baseline has: {}", outcome.stderr);
    assert_eq!(fails(&found), [row("read-ssh-keys", "read", "<home>/.ssh/id_rsa")]);
    assert_eq!(place.json()["findings"][0]["new"], false);
    type Rows<'a> = (&'a str, i32, &'a [(&'a str, &'a str, &'a str)]);
    let rows: &[Rows<'_>] = &[
        (
            "[[rule]]\nid = \"key\"\naction = \"allow\"\nread = [\"~/.ssh/id_rsa\"]\nprograms = [\"/usr/bin/cat\", \"/bin/cat\"]",
            0,
            &[],
        ),
        ("[[rule]]\nid = \"read-ssh-keys\"\naction = \"warn\"", 0, &[]),
        (
            "[[rule]]\nid = \"read-ssh-keys\"\naction = \"allow\"\n[[rule]]\nid = \"no-copies\"\naction = \"fail\"\nwrite = [\"cop*\"]",
            VIOLATION,
            &[("no-copies", "create", "<dir>/copy")],
        ),
        (
            "[[rule]]\nid = \"read-ssh-keys\"\naction = \"allow\"\n[[rule]]\nid = \"no-cat\"\naction = \"fail\"\nexecute = [\"**/cat\"]",
            VIOLATION,
            &[("no-cat", "execute", "/usr/bin/cat")],
        ),
    ];
    for (rules, status, want) in rows {
        fs::remove_file(place.project().join("copy")).ok();
        let policy = place.write("policy.toml", &format!("version = 1\n{rules}\n"));
        let (outcome, found) = place.check(&["--policy", &policy], &["./run.sh"]);
        assert_eq!(outcome.code(), *status, "{rules}: {}", outcome.stderr);
        let want: Vec<_> = want.iter().map(|(id, act, name)| row(id, act, name)).collect();
        assert_eq!(fails(&found), want, "{rules}");
    }
    let condition = "version = 1\nshipped = false\n[[rule]]\nid = \"no-listing\"\naction = \"fail\"\n\
                     where = 'name == getdents64 and exe ~ \"/ls$\"'\n";
    let policy = place.write("policy.toml", condition);
    place.record(&[], &["ls", "-d", "/"]);
    let (outcome, _) = place.check(&["--policy", &policy], &["ls", "-d", "/"]);
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    let (outcome, found) = place.check(&["--policy", &policy], &["ls", "/"]);
    assert_eq!(outcome.code(), VIOLATION, "{}", outcome.stderr);
    assert_eq!(named(&found, |id| id == "no-listing").len(), 1, "{found:?}");
}

#[test]
fn the_policy_and_the_baseline_of_the_documentation_are_some() {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/audit.md")).unwrap();
    let blocks: Vec<&str> =
        docs.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [baseline, policy] = blocks[..] else { panic!("{} blocks of TOML", blocks.len()) };
    let place = Place::new("audit-docs");
    place.record(&[], &["true"]);
    let policy = place.write("policy.toml", policy);
    let (outcome, found) = place.check(&["--policy", &policy], &["true"]);
    assert_eq!((outcome.code(), found.len()), (0, 0), "{}", outcome.stderr);
    place.write("baseline.toml", baseline);
    let (outcome, _) = place.check(&["--policy", &policy], &["true"]);
    assert_eq!(outcome.code(), DRIFT, "it is the baseline of another command: {}", outcome.stderr);
}

#[test]
fn every_rule_is_in_the_documentation() {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/audit.md")).unwrap();
    let rules = trace::audit::rules::SHIPPED.iter().map(|rule| rule.id);
    for id in rules.chain(trace::audit::drift::KINDS.iter().map(|kind| kind.0)) {
        assert!(docs.contains(&format!("`{id}`")), "docs/audit.md lacks {id}");
    }
}

#[test]
fn the_audit_guards_its_own_files() {
    let place = Place::new("audit-guard");
    place.record(&[], &["true"]);
    let baseline = place.path("baseline.toml");
    let before = place.read("baseline.toml");
    let script = format!("echo version = 1 >{baseline}");
    let (outcome, found) = place.check(&[], &["sh", "-c", &script]);
    assert_eq!(outcome.code(), VIOLATION, "{}", outcome.stderr);
    assert_eq!(named(&found, |id| id == "write-audit").len(), 1, "{found:?}");
    assert_ne!(place.read("baseline.toml"), before, "it is told, not prevented");
}

/// A place with the program of `tests/programs/audit_acts.c`, recorded doing nothing of interest.
fn acts(label: &str) -> Option<(Place, String)> {
    acts_of(label, Build::Native)
}

fn acts_of(label: &str, build: Build) -> Option<(Place, String)> {
    let place = Place::new(label);
    let program = compile(&place.dir, "audit_acts", build)?;
    fs::write(place.project().join("plain"), "").unwrap();
    let own = place.project().join("acts");
    copy_program(program, &own);
    place.record(&[], &["./acts", "read", "plain"]);
    Some((place, "./acts".to_owned()))
}

#[test]
fn deeds_that_hide_are_found() {
    let Some((place, acts)) = acts("audit-hidden") else { return };
    let (_listener, port, connected) = listener();
    let key = place.home().join(".ssh/id_rsa");
    let key = key.to_str().unwrap();
    let home = place.home();
    std::os::unix::fs::symlink(key, place.project().join("innocent")).unwrap();
    let workflows = place.project().join(".github/workflows");
    fs::create_dir_all(&workflows).unwrap();
    let read = row("read-ssh-keys", "read", "<home>/.ssh/id_rsa");
    let port = port.to_string();
    type Row<'a> = (&'a [&'a str], Vec<Deed>);
    let rows: &[Row<'_>] = &[
        (&["read", key], vec![read.clone()]),
        (&["read", "innocent"], vec![read.clone()]),
        (&["link", key, "hard"], vec![row("new-create", "create", "<dir>/hard"), read.clone()]),
        (&["dirfd", home.to_str().unwrap(), ".ssh/id_rsa"], vec![read.clone()]),
        (&["ring-open", key], vec![read.clone()]),
        (&["ring-open", "innocent"], vec![read.clone()]),
        (&["ring-open-and-leave", key], vec![read]),
        (&["ring-connect", &port], vec![row("new-connect", "connect", &connected)]),
        (
            &["rename", ".github/workflows/ci.yml"],
            vec![row("write-workflow", "rename", "<dir>/plain -> <dir>/.github/workflows/ci.yml")],
        ),
        (&["read", "/proc/1/environ"], vec![row("read-other-process", "read", "/proc/<pid>/environ")]),
    ];
    for (words, want) in rows {
        let (outcome, found) = place.check(&[], &[&[&acts[..]][..], words].concat());
        if words[0].starts_with("ring") && outcome.code() == 77 {
            missing(&this_test(), "io_uring (kernel.io_uring_disabled, or a seccomp profile)");
            continue;
        }
        let mut got = fails(&found);
        got.retain(|(id, _, name)| id != "new-process" && !name.ends_with("/plain"));
        assert_eq!(&got, want, "{words:?}: {}", outcome.stderr);
    }
    // A thread of the kernel takes what is submitted to such a ring: that is told.
    let (outcome, found) = place.check(&[], &[&acts, "ring-polled"]);
    let told = found.iter().any(|finding| finding.id == "audit-incomplete" && finding.level == "warn");
    assert!(told || outcome.code() == 77, "{}", outcome.stderr);
    let tried = place.home().join(".ssh/none");
    let (_, found) = place.check(&[], &[&acts, "read", tried.to_str().unwrap()]);
    assert_eq!(fails(&found), [row("read-ssh-keys", "read", "<home>/.ssh/none")], "an attempt counts");
    assert_eq!(place.json()["findings"][0]["call"]["failed"], true);
}

#[test]
fn programs_of_32_bits_are_no_way_around() {
    let Some((place, acts)) = acts_of("audit-32", Build::M32) else { return };
    let (_listener, port, connected) = listener();
    let (key, home) = (place.home().join(".ssh/id_rsa"), place.home());
    let (key, home, port) = (key.to_str().unwrap(), home.to_str().unwrap(), port.to_string());
    let read = row("read-ssh-keys", "read", "<home>/.ssh/id_rsa");
    let rows: &[(&[&str], &Deed)] = &[
        (&["read", key], &read),
        (&["dirfd", home, ".ssh/id_rsa"], &read),
        (&["ring-open", key], &read),
        (&["ring-connect", &port], &row("new-connect", "connect", &connected)),
        (&["memory", "/bin/true"], &row("run-from-memory", "execute", "/memfd:payload")),
    ];
    for (words, want) in rows {
        let (outcome, found) = place.check(&[], &[&[&acts[..]][..], words].concat());
        if outcome.code() == 77 {
            missing(&this_test(), "io_uring (kernel.io_uring_disabled, or a seccomp profile)");
            continue;
        }
        assert!(fails(&found).contains(want), "{words:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_thread_that_executes_is_its_process() {
    let place = Place::new("audit-thread");
    let Some(program) = compile(&place.dir, "lone_exec", Build::Native) else { return };
    copy_program(program, place.project().join("lone"));
    place.record(&[], &["./lone"]);
    let text = place.read("baseline.toml");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("lineage")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert_eq!(lines[0], "lineage = [\"<dir>/lone\"]");
    assert!(lines[1].starts_with("lineage = [\"<dir>/lone\", ") && lines[1].ends_with("/true\"]"), "{text}");
}

#[test]
fn a_program_without_a_file_is_found() {
    let Some((place, acts)) = acts("audit-memory") else { return };
    let (outcome, found) = place.check(&[], &[&acts, "memory", "/bin/true"]);
    assert_eq!(outcome.code(), VIOLATION, "{}", outcome.stderr);
    let got = named(&found, |id| id == "run-from-memory");
    assert_eq!(got, [row("run-from-memory", "execute", "/memfd:payload")], "{}", outcome.stderr);
}

#[test]
fn paths_of_another_root_are_the_machine_s() {
    let Some((place, acts)) = acts("audit-chroot") else { return };
    if trace::sys::process::effective_uid() != 0 {
        return missing(&this_test(), "root");
    }
    let root = place.project().join("root");
    fs::create_dir_all(root.join("real")).unwrap();
    for name in ["in", "real/gone"] {
        fs::write(root.join(name), "").unwrap();
    }
    std::os::unix::fs::symlink("/real", root.join("link")).unwrap();
    let (outcome, found) = place.check(&[], &[&acts, "chroot", "root"]);
    assert_eq!(outcome.code(), DRIFT, "{}", outcome.stderr);
    let want =
        [row("new-delete", "delete", "<dir>/root/real/gone"), row("new-read", "read", "<dir>/root/in")];
    assert_eq!(fails(&found), want, "{}", outcome.stderr);
}

#[test]
fn peers_have_the_names_that_were_asked_for() {
    let Some((place, acts)) = acts("audit-dns") else { return };
    let (_listener, port, connected) = listener();
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let own = server.local_addr().unwrap().port().to_string();
    let answer = std::thread::spawn(move || {
        let mut question = [0; 512];
        let (count, from) = server.recv_from(&mut question).unwrap();
        let mut answer = question[..count].to_vec();
        (answer[2], answer[7]) = (0x81, 1);
        answer.extend(b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x7f\0\0\x01");
        server.send_to(&answer, from).unwrap();
    });
    let (outcome, found) = place.check(&[], &[&acts, "dns", &own, &port.to_string()]);
    answer.join().unwrap();
    assert_eq!(outcome.code(), DRIFT, "{}", outcome.stderr);
    let names: Vec<String> = fails(&found).into_iter().map(|(_, _, name)| name).collect();
    assert!(names.contains(&connected.replace("127.0.0.1", "registry.test")), "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("udp 127.0.0.1:")), "{names:?}");
}

#[test]
fn reports_are_what_their_readers_take_whatever_files_are_called() {
    let Some((place, acts)) = acts("audit-reports") else { return };
    let strange = "a\x1b[31m`|<b>&]]>'\"\\ -> *\u{e9}\n.yml";
    fs::create_dir_all(place.project().join(".github/workflows")).unwrap();
    let file = format!(".github/workflows/{strange}");
    let formats = ["markdown", "sarif", "junit", "text"];
    let reports: Vec<String> = formats.iter().map(|name| format!("{name}={}", place.path(name))).collect();
    let mut options = Vec::new();
    for report in &reports {
        options.extend(["--report", report]);
    }
    let (outcome, found) = place.check(&options, &[&acts, "touch", &file]);
    assert_eq!(outcome.code(), VIOLATION, "{}", outcome.stderr);
    let id = "write-workflow";
    assert_eq!(named(&found, |own| own == id).len(), 1, "{found:?}");
    let texts =
        formats.iter().map(|name| place.read(name)).chain([outcome.stderr, place.read("report.json")]);
    for text in texts {
        assert!(text.contains(id), "{text}");
        let strange = text.bytes().find(|byte| *byte != b'\n' && !(b' '..=b'~').contains(byte));
        assert_eq!(strange, None, "{text}");
    }
    let sarif: Value = serde_json::from_str(&place.read("sarif")).unwrap();
    let validator = jsonschema::validator_for(&sarif::schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&sarif).map(|error| error.to_string()).collect();
    assert_eq!(errors, [] as [String; 0]);
    assert!(!validator.is_valid(&json!({ "version": "2.1.0" })), "the schema must be able to fail");
    let run = &sarif["runs"][0];
    let result = run["results"].as_array().unwrap().iter().find(|result| result["ruleId"] == id).unwrap();
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!((&rule["id"], &result["level"]), (&json!(id), &json!("error")));
    if !has_tool("python3") {
        return missing(&this_test(), "python3");
    }
    let script = "import sys, xml.etree.ElementTree as e; r = e.parse(sys.argv[1]).getroot(); \
                  f = [c.get('name') for c in r.iter('testcase') if c.find('failure') is not None]; \
                  print(r.tag, r.get('failures'), ','.join(f))";
    let output = Command::new("python3").args(["-c", script, &place.path("junit")]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("testsuites ") && said.contains(id), "{said}{output:?}");
}

#[test]
fn no_privilege_is_needed() {
    let place = Place::new("audit-nobody");
    if trace::sys::process::effective_uid() != 0 {
        place.record(&[], &["true"]);
        return;
    }
    if !has_tool("setpriv") {
        return missing(&this_test(), "setpriv (package util-linux)");
    }
    let program = place.dir.join("trace");
    copy_program(TRACE, &program);
    let open = Command::new("chmod").args(["-R", "a+rwX"]).arg(place.dir.path()).status().unwrap();
    assert!(open.success());
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let program = program.to_str().unwrap().to_owned();
    let baseline = place.path("baseline.toml");
    let script = "cat ~/.ssh/id_rsa >out; true";
    let record =
        [&nobody[..], &[&program, "audit", "record", "-o", &baseline, "--", "sh", "-c", "true"]].concat();
    let outcome = place.command(&record);
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    let check =
        [&nobody[..], &[&program, "audit", "check", "-b", &baseline, "--", "sh", "-c", script]].concat();
    let outcome = place.command(&check);
    assert_eq!(outcome.code(), VIOLATION, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("fail: read-ssh-keys: "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("O_RDONLY) = 3"), "{}", outcome.stderr);
}
