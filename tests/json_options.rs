//! `--json` with the other options: stacks, attaching, choices by result, a file per task, the table, 32-bit
//! programs; and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/json.rs"]
mod json;
mod support;

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use json::{TRACE, Trace, arg, bytes};
use serde_json::{Value, json};
use support::run::Run;
use support::{Build, TempDir, compile, copy_program, has_tool, missing};

#[test]
fn stacks_have_functions_and_lines() {
    if !has_tool("gcc") {
        return missing("stacks_have_functions_and_lines", "gcc (package gcc)");
    }
    let dir = TempDir::new("json-stack");
    let source = "#include <unistd.h>\n__attribute__((noinline)) int inner(void) {\n    return write(1, \"x\", 1) + 1;\n}\nint main(void) {\n    return inner() == 7;\n}\n";
    fs::write(dir.join("a.c"), source).unwrap();
    assert_eq!(Run::bare(&dir, &["gcc", "-g", "-O0", "-o", "a", "a.c"]).finish().code(), 0);
    for (option, lines) in [("-k", false), ("-kk", true)] {
        let trace = Trace::run(&dir, &[option, "-e", "trace=write"], &["./a"]);
        let write = trace.one("write", |_| true);
        assert_eq!(write["stack"]["end"], "reached", "{write}");
        let frames = write["stack"]["frames"].as_array().unwrap();
        let frame = |name: &str| frames.iter().find(|frame| frame["symbol"] == name).unwrap();
        assert!(bytes(&frame("inner")["module"]).ends_with(b"/a"));
        assert_eq!(frames[0]["found"], "registers");
        for (name, line) in [("inner", 3), ("main", 6)] {
            assert_eq!(frame(name).get("line"), lines.then(|| json!(line)).as_ref(), "{write}");
            assert_eq!(frame(name)["file"].as_str().is_some_and(|file| file.ends_with("a.c")), lines);
        }
    }
    let without = Trace::run(&dir, &["-e", "trace=write"], &["./a"]);
    assert!(without.one("write", |_| true).get("stack").is_none());
}

#[test]
fn only_what_succeeded_or_failed() {
    let dir = TempDir::new("json-only");
    let words = ["sh", "-c", "cat /nonexistent /dev/null"];
    let all = Trace::run(&dir, &[], &words);
    let good = Trace::run(&dir, &["-z"], &words);
    let bad = Trace::run(&dir, &["-Z"], &words);
    assert!(
        good.of("syscall").count() > 20
            && good.of("syscall").all(|call| call["errno"].is_null() && call["ret"].is_i64())
    );
    assert!(bad.of("syscall").count() > 2 && bad.of("syscall").all(|call| call["errno"].is_object()));
    bad.one("openat", |call| arg(call, "pathname")["text"] == "/nonexistent");
    let ended = all.of("syscall").filter(|call| call.get("why").is_none());
    // How often the shell waits varies by one.
    let both = good.of("syscall").count() + bad.of("syscall").count();
    assert!(ended.count().abs_diff(both) <= 2);
    let quiet = Trace::run(&dir, &["-e", "signal=none", "-e", "trace=execve"], &words);
    assert_eq!(
        (quiet.of("signal").count(), quiet.of("syscall").count()),
        (0, quiet.of("exec").count() + bad.calls("execve").count())
    );
    // Spelling is for text.
    let spelled =
        Trace::run(&dir, &["-xx", "-X", "raw", "-t", "-r", "-n", "-i", "-N", "-e", "trace=openat"], &words);
    let open = spelled.one("openat", |call| arg(call, "pathname")["text"] == "/nonexistent");
    assert_eq!(arg(open, "flags")["flags"], json!(["O_RDONLY"]));
    // Undecoded arguments are numbers.
    let raw = Trace::run(&dir, &["-e", "raw=all", "-e", "trace=openat"], &words);
    let open = raw.calls("openat").next().unwrap();
    assert_eq!(arg(open, "dirfd"), 0xffff_ff9c_u32);
    assert_eq!(open["args"][0]["raw"], "0xffffff9c");
}

#[test]
fn structs_are_abbreviated_until_v() {
    let dir = TempDir::new("json-verbose");
    let words = ["ls", "-l", "/proc/self/fd"];
    let brief = Trace::run(&dir, &[], &words);
    let stat = brief.of("syscall").find(|c| !arg(c, "statbuf")["struct"].is_null()).unwrap();
    assert_eq!(arg(stat, "statbuf")["abbreviated"], true);
    assert!(brief.calls("getdents64").any(|call| arg(call, "dirp")["entries"].as_u64() > Some(3)));
    let full = Trace::run(&dir, &["-v"], &words);
    let stat = full.of("syscall").find(|c| !arg(c, "statbuf")["struct"].is_null()).unwrap();
    let members = arg(stat, "statbuf");
    assert!(members.get("abbreviated").is_none());
    assert!(
        members["struct"]["st_dev"]["major"].is_u64() && members["struct"]["st_mtime"].is_i64(),
        "{members}"
    );
    let entries = full.calls("getdents64").find(|call| call["ret"] != 0).unwrap();
    let entries = arg(entries, "dirp")["array"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["struct"]["d_name"]["text"] == "0"), "{entries:?}");
    let execve = full.calls("execve").next().unwrap();
    assert!(arg(execve, "envp")["array"].as_array().unwrap().iter().any(|v| v["text"] == "LANG=C"));
}

#[test]
fn a_running_process_is_attached_to_and_let_go() {
    let dir = TempDir::new("json-attach");
    let mut target = Run::bare(&dir, &["sh", "-c", "while :; do sleep 0.01; done"]).start();
    let file = dir.join("attached");
    let pid = target.pid().to_string();
    let words = [TRACE, "--json", "-o", file.to_str().unwrap(), "-p", &pid];
    let mut tracer = Run::bare(&dir, &words).start();
    while !fs::read(&file).unwrap_or_default().windows(7).any(|w| w == b"\"clone\"" || w == b"\"vfork\"") {
        assert!(tracer.child.try_wait().unwrap().is_none(), "the tracer has ended");
        sleep(Duration::from_millis(10));
    }
    support::procfs::kill(tracer.pid(), libc::SIGINT);
    let trace = Trace::read(tracer.finish(), &file);
    target.stop();
    let attached: Vec<i64> = trace.of("attach").map(|attach| attach["pid"].as_i64().unwrap()).collect();
    assert_eq!(attached, [i64::from(target.pid())]);
    assert_eq!(trace.objects[0]["attached"], json!(attached));
    let exec = trace.one("exec", |exec| exec["attached"] == true);
    assert_eq!(bytes(&exec["argv"][1]), b"-c");
    assert!(trace.of("detach").any(|detach| detach["pid"] == attached[0]));
}

#[test]
fn a_32_bit_program_and_a_change_of_mode() {
    let dir = TempDir::new("json-m32");
    let test = "a_32_bit_program_and_a_change_of_mode";
    let Some(program) = compile(&dir, "dense", Build::M32) else { return missing(test, "gcc-multilib") };
    let script = format!("{} 3; exit 0", program.display());
    let trace = Trace::run(&dir, &[], &["sh", "-c", &script]);
    let calls: Vec<&Value> = trace.calls("getppid").filter(|call| call["abi"] == "i386").collect();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|call| call["nr"] == 64));
    let note = trace.one("note", |_| true);
    assert_eq!(
        (&note["note"], &note["abi"], &note["pid"]),
        (&"personality".into(), &"i386".into(), &calls[0]["pid"])
    );
    let map = trace.of("syscall").find(|call| call["abi"] == "i386" && call["name"] == "mmap2").unwrap();
    assert_eq!(arg(map, "prot")["flags"].as_array().map(Vec::is_empty), Some(false), "{map}");
}

#[test]
fn int_0x80_of_a_64_bit_program_is_of_the_other_abi() {
    if !has_tool("gcc") {
        return missing("int_0x80_of_a_64_bit_program_is_of_the_other_abi", "gcc (package gcc)");
    }
    let dir = TempDir::new("json-int80");
    let source = "int main(void) { long r; __asm__ volatile(\"int $0x80\" : \"=a\"(r) : \"a\"(20), \"b\"(0)); return r <= 0; }";
    fs::write(dir.join("a.c"), source).unwrap();
    assert_eq!(Run::bare(&dir, &["gcc", "-o", "a", "a.c"]).finish().code(), 0);
    let trace = Trace::run(&dir, &[], &["./a"]);
    if trace.outcome.code() != 0 {
        return missing(
            "int_0x80_of_a_64_bit_program_is_of_the_other_abi",
            "a kernel with CONFIG_IA32_EMULATION",
        );
    }
    let call = trace.one("getpid", |call| call["abi"] == "i386");
    assert_eq!((&call["nr"], &call["ret"]), (&20.into(), &call["pid"]));
}

/// The files `BASE.PID` of a run with a file per task.
fn files(dir: &TempDir, base: &str) -> Vec<(i64, PathBuf)> {
    let found = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let pid = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix(base)?.strip_prefix('.')?.parse().ok()
    };
    found.filter_map(|path| pid(&path).map(|pid| (pid, path))).collect()
}

#[test]
fn a_file_for_each_task() {
    let dir = TempDir::new("json-each");
    let base = dir.join("each");
    let words =
        [TRACE, "--json", "-ff", "-o", base.to_str().unwrap(), "sh", "-c", "cat /dev/null | cat; true"];
    assert_eq!(Run::bare(&dir, &words).finish().code(), 0);
    let files = files(&dir, "each");
    assert_eq!(files.len(), 3);
    for (pid, path) in files {
        let objects = json::lines(&fs::read(path).unwrap());
        assert_eq!(objects[0]["type"], "header");
        assert_eq!(objects[1]["type"], "fork");
        assert!(objects[1..].iter().all(|object| object["tid"] == pid));
        assert_eq!(objects.last().unwrap()["type"], "exit");
    }
}

#[test]
fn an_execve_in_a_thread_goes_on_under_the_id_of_the_process() {
    let dir = TempDir::new("json-thread-exec");
    let Some(program) = compile(&dir, "thread_exec", Build::Native) else { return };
    let program = program.to_str().unwrap();
    let trace = Trace::finish(&dir, &[], &[program, "2"], |run| run);
    assert_eq!(trace.outcome.code(), 9);
    let root = trace.of("fork").next().unwrap()["tid"].as_i64().unwrap();
    assert_eq!(trace.of("exec").filter(|exec| exec["pid"] == root).count(), 3);
    assert_eq!(
        trace.of("rename").filter(|rename| rename["tid"] == root && rename["from"] != root).count(),
        2
    );
    let superseded = trace.of("exit").filter(|exit| exit["how"] == "superseded" && exit["tid"] == root);
    assert!(superseded.count() >= 1);
    for flag in ["--json", "-y"] {
        let base = dir.join(&format!("each{flag}"));
        let words = [TRACE, flag, "-ff", "-o", base.to_str().unwrap(), program, "2"];
        assert_eq!(Run::bare(&dir, &words).finish().code(), 9);
        let files = files(&dir, &format!("each{flag}"));
        let text = fs::read_to_string(&files.iter().min().unwrap().1).unwrap();
        // What the process did before the thread took over its id is still there.
        let execs = text
            .lines()
            .filter(|line| line.starts_with("execve(") || line.contains("\"type\":\"exec\""))
            .count();
        assert!(execs >= if flag == "--json" { 3 } else { 1 }, "{text}");
        assert!(text.contains("write"), "{text}");
        if flag == "--json" {
            let kinds: Vec<Value> = json::lines(text.as_bytes()).iter().map(|o| o["type"].clone()).collect();
            assert_eq!(kinds.iter().filter(|kind| *kind == "header").count(), 1, "{kinds:?}");
        }
    }
}

#[test]
fn the_table_is_objects_too() {
    let dir = TempDir::new("json-table");
    let words = ["cat", "/dev/null", "/nonexistent"];
    let trace = Trace::run(&dir, &["-c"], &words);
    let names: HashSet<&str> = trace.of("summary").map(|row| row["name"].as_str().unwrap()).collect();
    assert!(names.contains("openat") && names.len() > 5);
    let open = trace.of("summary").find(|row| row["name"] == "openat").unwrap();
    assert_eq!(open["errors"], 1);
    assert!(open["calls"].as_u64() > Some(1) && open["duration"].as_f64() > Some(0.0), "{open}");
    assert_eq!(trace.of("syscall").count(), 0);
    let both = Trace::run(&dir, &["-C", "-U", "calls"], &words);
    for row in both.of("summary") {
        let calls = both.calls(row["name"].as_str().unwrap());
        assert_eq!(row["calls"], calls.count(), "{row}");
        assert!(row.get("errors").is_none());
    }
    assert!(both.of("summary").count() > 5);
}

#[test]
fn lines_go_to_standard_error_without_a_file() {
    let dir = TempDir::new("json-stderr");
    let outcome = Run::bare(&dir, &[TRACE, "--json", "--", "cat", "/dev/null"]).finish();
    assert_eq!(outcome.code(), 0);
    let objects = json::lines(outcome.stderr.as_bytes());
    assert!(objects.len() > 20 && objects[0]["type"] == "header");
}

#[test]
fn strace_has_no_such_option() {
    let dir = TempDir::new("json-strict");
    let strict = dir.join("strace");
    copy_program(TRACE, &strict);
    let outcome = Run::bare(&dir, &[strict.to_str().unwrap(), "--json", "true"]).finish();
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr.contains("unrecognized option '--json'"), "{}", outcome.stderr);
    let help = Run::bare(&dir, &[strict.to_str().unwrap(), "-h"]).finish();
    assert!(help.stdout.contains("--output") && !help.stdout.contains("--json"), "{}", help.stdout);
}

/// The blocks of a document that a shell can run.
fn shell_blocks(text: &str) -> Vec<&str> {
    text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_examples_of_the_document_work() {
    let test = "the_examples_of_the_document_work";
    let text = include_str!("../docs/json.md");
    let dir = TempDir::new("json-doc");
    let bin = std::path::Path::new(TRACE).parent().unwrap().display();
    let (mut ran, mut skipped) = (0, false);
    for block in shell_blocks(text) {
        let tool = ["jq", "python3"].into_iter().find(|tool| block.contains(tool) && !has_tool(tool));
        if let Some(tool) = tool {
            skipped = true;
            missing(test, &format!("{tool} (package {tool})"));
            continue;
        }
        let script = format!("PATH={bin}:$PATH\n{block}");
        let outcome = Run::bare(&dir, &["sh", "-ec", &script]).finish();
        assert_eq!(outcome.code(), 0, "{block}\n{}", outcome.stderr);
        assert!(!outcome.stdout.trim().is_empty(), "{block}");
        if block.contains("errno") {
            assert!(outcome.stdout.contains("ENOENT /nonexistent\n"), "{}", outcome.stdout);
        }
        if block.contains("pipe") {
            assert!(outcome.stdout.contains("\"encoding\":\"utf8\""), "{}", outcome.stdout);
        }
        ran += 1;
    }
    assert!(skipped || ran == 6, "{ran} blocks");
    // The line that is shown is one.
    let shown = text.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(json::faults(&serde_json::from_str(shown).unwrap()), Vec::<String>::new());
}
