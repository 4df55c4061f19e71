//! `trace diff` of runs that do several things at once: ten times the same, and nothing differs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;

use serde_json::Value;
use support::run::Run;
use support::{TempDir, has_tool, missing, this_test};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const ROUNDS: usize = 10;

/// Records `words` ten times in one directory, after `before`, and compares the first recording with each other one;
/// gives the comparisons of those that differ.
fn compared(files: &[(&str, &str)], before: &str, words: &[&str], how: &[&str]) -> Vec<String> {
    let (work, kept) = (TempDir::new("diff-work"), TempDir::new("diff-kept"));
    for (name, text) in files {
        fs::write(work.join(name), text).unwrap();
    }
    let name = |round: usize| kept.join(&format!("{round}.trace")).to_str().unwrap().to_owned();
    // A first time, whose traces (caches, directories) the others find.
    for round in 0..=ROUNDS {
        // What a run prints is kept elsewhere: a directory that grows is another one.
        let outcome = Run::bare(&kept, &["sh", "-c", before]).current_dir(work.path()).finish();
        assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
        let file = name(round);
        // The file behind standard output has another name, and another size, each time.
        let silent = ["sh", "-c", "exec \"$@\" > /dev/null 2>&1", "sh"];
        let words = [&silent, &[TRACE, "record", "-o", &file, "--"][..], words].concat();
        let outcome = Run::bare(&kept, &words).current_dir(work.path()).finish();
        assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    }
    let first = name(1);
    let mut differ = Vec::new();
    for round in 2..=ROUNDS {
        let other = name(round);
        let words = [&[TRACE, "diff"], how, &[&first, &other]].concat();
        let outcome = Run::bare(&kept, &words).finish();
        assert_eq!(outcome.stderr, "");
        if outcome.code() != 0 {
            differ.push(outcome.stdout);
        }
    }
    differ
}

fn same_each_time(words: &[&str]) {
    let differ = compared(&[], "true", words, &[]);
    assert!(differ.is_empty(), "{} of {} differ:\n{}", differ.len(), ROUNDS - 1, differ.join("\n"));
}

#[test]
fn pipelines_at_once() {
    let script = "
for i in 1 2 3; do ls /usr | sort | tr a b | uniq -c | wc -l & (cat /etc/passwd | head -n 3 | wc) & done; wait
x=$(seq 100 | sort -n | tail -n 1); echo $x; echo one | cat | cat | cat";
    same_each_time(&["sh", "-c", script]);
}

#[test]
fn a_make_with_four_jobs() {
    if !has_tool("gcc") || !has_tool("make") {
        return missing(&this_test(), "gcc and make (packages gcc, make)");
    }
    let makefile =
        "OBJS = a.o b.o c.o d.o e.o f.o\nprog: $(OBJS)\n\tgcc -o $@ $^\n%.o: %.c\n\tgcc -c -O1 -o $@ $<\n";
    let source = |name: char| match name {
        'a' => "int main(void) { return 0; }\n".to_owned(),
        name => format!("int {name}(void) {{ return 1; }}\n"),
    };
    let sources: Vec<(String, String)> =
        ('a'..='f').map(|name| (format!("{name}.c"), source(name))).collect();
    let mut files = vec![("Makefile", makefile)];
    files.extend(sources.iter().map(|(name, text)| (&**name, &**text)));
    // Make gives its input to one child at a time, and looks at what is made in the order in which children end: what
    // it does is not the same each time. Who is who is.
    for text in compared(&files, "rm -f *.o prog", &["make", "-j4"], &["--json"]) {
        let objects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for task in objects.iter().filter(|object| object["type"] == "task") {
            assert_eq!(task["op"], "changed", "{task}");
            assert_eq!(task["a"]["programs"], task["b"]["programs"]);
        }
        let summary = objects.last().unwrap();
        let count = |what: &str| summary["events"][what].as_u64().unwrap();
        assert!(count("removed") + count("added") + count("changed") < count("same") / 50, "{summary}");
    }
}

#[test]
fn python_threads_with_programs_of_their_own() {
    if !has_tool("python3") {
        return missing(&this_test(), "python3");
    }
    let script = "
import threading, subprocess, os, queue
q = queue.Queue()
def work(n):
    for i in range(20):
        with open('/etc/hostname') as f: f.read()
        os.getppid()
    out = subprocess.run(['sh', '-c', 'echo %d | cat' % n], capture_output=True).stdout
    q.put((n, out))
ts = [threading.Thread(target=work, args=(n,)) for n in range(6)]
[t.start() for t in ts]; [t.join() for t in ts]
print(sorted(q.get() for _ in ts))
";
    same_each_time(&["python3", "-c", script]);
}
