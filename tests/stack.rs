//! Stacks of calls (`-k`, `-kk`) against strace's, frame by frame, and against what the programs are known to
//! do where strace cannot follow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::run::Run;
use support::{Build, ORACLE, TempDir, compile, has_tool, heavy, is_stand_in, missing, tracer};

/// A line of the log that is no frame, without the pid, and the frames below it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    line: String,
    frames: Vec<String>,
}

impl Group {
    /// What the line is about: a call's name, or a notice without its details.
    fn name(&self) -> &str {
        self.line.split(['(', '{']).next().unwrap_or("")
    }

    /// The functions of the frames, without distances.
    fn functions(&self) -> Vec<&str> {
        self.frames.iter().map(|frame| function(frame)).collect()
    }
}

fn function(frame: &str) -> &str {
    let inside = frame.split_once('(').map_or("", |(_, rest)| rest);
    inside.split(['+', ')', ' ']).next().unwrap_or("")
}

fn groups(log: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in log.lines() {
        match line.strip_prefix(" > ") {
            // strace's library leaves the distance in now and then where it knows no symbol.
            Some(frame) => {
                groups.last_mut().expect("a call before").frames.push(frame.replace("(+0x0)", "()"))
            }
            None => {
                let line = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().to_owned();
                groups.push(Group { line, frames: Vec::new() });
            }
        }
    }
    groups
}

fn trace(dir: &TempDir, tracer: &Path, options: &[&str], program: &Path, args: &[&str]) -> Vec<Group> {
    let mut words = vec![program.to_str().unwrap()];
    words.extend(args);
    let outcome = Run::traced(dir, tracer, options, &words).finish();
    assert_eq!(outcome.code(), 0, "{words:?}: {}{}", outcome.stderr, outcome.log);
    groups(&outcome.log)
}

fn ours(dir: &TempDir, options: &[&str], program: &Path, args: &[&str]) -> Vec<Group> {
    trace(dir, &tracer(), options, program, args)
}

/// The stack of the write whose text begins with `word`.
fn said<'a>(groups: &'a [Group], word: &str) -> &'a Group {
    let mark = format!("write(1, \"{word}");
    groups.iter().find(|group| group.line.starts_with(&mark)).unwrap_or_else(|| panic!("{word}: {groups:#?}"))
}

/// Whether `parts` appear in `whole` one after another, others between them allowed.
fn in_order(whole: &[&str], parts: &[&str]) -> bool {
    let mut rest = whole.iter();
    parts.iter().all(|part| rest.any(|name| name == part))
}

/// Every group of a program without children, against strace's.
fn same_as_strace(dir: &TempDir, program: &Path, args: &[&str]) -> usize {
    let theirs = trace(dir, Path::new(ORACLE), &["-k"], program, args);
    let mine = ours(dir, &["-k"], program, args);
    let mut frames = 0;
    for (theirs, mine) in theirs.iter().zip(&mine) {
        assert_eq!(theirs.name(), mine.name(), "{theirs:#?}\n{mine:#?}");
        let marked = mine.frames.last().is_some_and(|frame| frame == "cannot unwind further");
        let shown = mine.frames.len() - usize::from(marked);
        assert_eq!(theirs.frames, mine.frames[..shown], "{}", mine.line);
        frames += shown;
    }
    assert_eq!(theirs.len(), mine.len());
    frames
}

fn gcc(dir: &TempDir, source: &str, target: &str, compiler: &str, flags: &[&str]) -> Option<PathBuf> {
    if !has_tool(compiler) {
        missing(source, compiler);
        return None;
    }
    let target = dir.join(target);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(source);
    let output = Command::new(compiler).arg("-o").arg(&target).args(flags).arg(&source).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(target)
}

#[test]
fn frames_are_those_of_strace() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let Some(native) = compile(&dir, "stacks", Build::Native) else { return };
    let stripped = dir.join("stripped");
    fs::copy(&native, &stripped).unwrap();
    assert!(Command::new("strip").arg(&stripped).status().unwrap().success());
    let Some(fixed) =
        gcc(&dir, "stacks.c", "fixed", "gcc", &["-O2", "-no-pie", "-Wno-unused-result", "-Wno-nonnull"])
    else {
        return;
    };
    for program in [&native, &stripped, &fixed] {
        for mode in ["plain", "forever"] {
            let frames = same_as_strace(&dir, program, &[mode]);
            println!("{} {mode}: {frames} frames equal", program.display());
            assert!(frames > 100);
        }
    }
}

#[test]
fn shapes_of_stacks() {
    let dir = TempDir::new("stack");
    for build in [Build::Native, Build::Static] {
        if build == Build::Static && is_stand_in() {
            continue;
        }
        let Some(program) = compile(&dir, "stacks", build) else { continue };
        let all = ours(&dir, &["-k", "-e", "trace=write"], &program, &["plain"]);
        for (word, callers) in [
            ("deep", &["deep", "deep", "deep", "deep", "deep", "deep", "main"][..]),
            ("aligned", &["aligned", "main"]),
            ("handler", &["handler", "main"]),
            ("alternate", &["handler", "main"]),
            ("sorted", &["compare", "main"]),
        ] {
            let stack = said(&all, word);
            assert!(in_order(&stack.functions(), callers), "{build:?} {word}: {:#?}", stack.frames);
            assert_eq!(stack.functions().last(), Some(&"_start"), "{:#?}", stack.frames);
            assert!(!stack.frames.iter().any(|frame| frame.contains("unwind")), "{:#?}", stack.frames);
        }
        let notices = all.iter().filter(|group| group.line.starts_with("--- SIGUSR"));
        assert_eq!(notices.filter(|group| in_order(&group.functions(), &["main", "_start"])).count(), 2);
    }
}

#[test]
fn borrowed_stacks_and_code_of_the_kernel() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let Some(program) = compile(&dir, "stacks", Build::Native) else { return };
    let all = ours(&dir, &["-k"], &program, &["vfork"]);
    let vfork = all.iter().find(|group| group.line.contains("vfork resumed>") || group.name() == "vfork");
    let vfork = all.iter().find(|group| group.line.contains("vfork resumed>")).or(vfork).unwrap();
    assert!(in_order(&vfork.functions(), &["borrowed", "main", "_start"]), "{vfork:#?}");
    let all = ours(&dir, &["-k", "-e", "trace=clock_gettime"], &program, &["vdso"]);
    let call = &all[0];
    assert!(call.frames[0].starts_with("[vdso](") && !call.frames[0].starts_with("[vdso]()"), "{call:#?}");
    assert!(in_order(&call.functions(), &["clock_gettime", "main", "_start"]), "{call:#?}");
}

#[test]
fn fork_and_exec() {
    let dir = TempDir::new("stack");
    let Some(program) = compile(&dir, "stacks", Build::Native) else { return };
    let all = ours(&dir, &["-k", "-e", "trace=write"], &program, &["family"]);
    let theirs = trace(&dir, Path::new(ORACLE), &["-k", "-e", "trace=write"], &program, &["family"]);
    for word in ["parent", "child", "executed", "survivor"] {
        assert_eq!(said(&all, word).frames, said(&theirs, word).frames, "{word}");
        assert!(in_order(&said(&all, word).functions(), &["main", "_start"]));
    }
    let all = ours(&dir, &["-k", "-e", "trace=execve,exit_group"], &program, &["family"]);
    let inner = all.iter().find(|group| group.line.contains("\"executed\"")).unwrap();
    assert!(in_order(&inner.functions(), &["execl", "main", "_start"]), "{inner:#?}");
    let ends: Vec<&Group> = all.iter().filter(|group| group.line.starts_with("+++ exited")).collect();
    assert_eq!(ends.len(), 2);
    for end in ends {
        assert!(in_order(&end.functions(), &["exit", "_start"]), "below the exit notice: {end:#?}");
    }
}

#[test]
fn libraries_come_and_go() {
    let dir = TempDir::new("stack");
    let mut libraries = Vec::new();
    // Of one size, so that the second comes to lie where the first was.
    for (name, pad) in [("first", "-DPAD=16"), ("second", "-DPAD=400"), ("third", "-DPAD=48")] {
        let define = format!("-DNAME={name}");
        let flags = ["-O1", "-shared", "-fPIC", &define, pad];
        let Some(library) = gcc(&dir, "stacks_library.c", &format!("lib{name}.so"), "gcc", &flags) else {
            return;
        };
        libraries.push(library);
    }
    let Some(loader) = gcc(&dir, "stacks_loader.c", "loader", "gcc", &["-O1", "-ldl"]) else { return };
    let paths: Vec<&str> = libraries.iter().map(|library| library.to_str().unwrap()).collect();
    let all = ours(&dir, &["-k", "-e", "trace=write"], &loader, &paths);
    for (name, path) in ["first", "second", "third"].iter().zip(&paths) {
        let stack = said(&all, name);
        let inner = format!("{name}_inner");
        assert!(in_order(&stack.functions(), &[&inner, "entry", "main", "_start"]), "{stack:#?}");
        assert!(
            stack.frames.iter().any(|frame| frame.starts_with(&format!("{path}({inner}+"))),
            "{stack:#?}"
        );
    }
    let theirs = trace(&dir, Path::new(ORACLE), &["-k", "-e", "trace=write"], &loader, &paths);
    for name in ["first", "second", "third"] {
        assert_eq!(said(&all, name).frames, said(&theirs, name).frames);
    }
}

#[test]
fn a_program_without_a_name_any_more() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let Some(program) = compile(&dir, "stacks", Build::Native) else { return };
    let all = ours(&dir, &["-k", "-e", "trace=write"], &program, &["deleted"]);
    let stack = said(&all, "deep");
    assert!(in_order(&stack.functions(), &["deep", "deep", "deep", "main", "_start"]), "{stack:#?}");
    assert!(stack.frames[1].starts_with(&format!("{}(", program.display())), "{stack:#?}");
}

#[test]
fn stacks_that_are_none() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let Some(program) = compile(&dir, "stacks", Build::Native) else { return };
    let all = ours(&dir, &["-k", "-e", "trace=write"], &program, &["garbage"]);
    let stacks: Vec<&Group> = all.iter().filter(|group| group.line.contains("garbage")).collect();
    assert_eq!(stacks.len(), 5, "{all:#?}");
    for stack in stacks {
        assert!(stack.frames[0].contains("(main+") || stack.frames[0].contains("(garbage+"), "{stack:#?}");
        assert!(stack.frames.len() <= 257);
    }
}

#[test]
fn frames_have_a_limit() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let Some(program) = compile(&dir, "stacks", Build::Native) else { return };
    for (limit, shown) in [(None, 257), (Some("3"), 4)] {
        let option = limit.map(|limit| format!("--stack-trace-frame-limit={limit}"));
        let mut options = vec!["--stack-trace", "-e", "trace=write"];
        options.extend(option.as_deref());
        let all = ours(&dir, &options, &program, &["forever"]);
        let frames = &said(&all, "deep").frames;
        assert_eq!(frames.len(), shown);
        assert_eq!(frames.last().map(String::as_str), Some("too many stack frames"));
    }
}

#[test]
fn stacks_of_32_bit_programs() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let base = ["-m32", "-O1", "-nostdlib", "-static", "-fno-pie", "-no-pie"];
    let tables = [&base[..], &["-fasynchronous-unwind-tables"]].concat();
    let pointers = [&base[..], &["-fno-asynchronous-unwind-tables", "-fno-omit-frame-pointer"]].concat();
    for flags in [tables, pointers] {
        let Some(program) = gcc(&dir, "stacks_32.c", "stacks-32", "gcc", &flags) else { return };
        let all = ours(&dir, &["-k", "-e", "trace=write,exit"], &program, &[]);
        let stack = said(&all, "leaf");
        assert_eq!(stack.functions(), ["leaf", "middle", "start", "_start"], "{stack:#?}");
        assert_eq!(all.last().unwrap().functions(), ["start", "_start"]);
    }
}

#[test]
fn frame_pointers_are_followed_without_tables() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let flags = ["-O1", "-fno-asynchronous-unwind-tables", "-fno-omit-frame-pointer", "-w", "-static"];
    let Some(program) = gcc(&dir, "stacks.c", "pointers", "gcc", &flags) else { return };
    let all = ours(&dir, &["-k", "-e", "trace=write"], &program, &["plain"]);
    let stack = said(&all, "deep");
    assert!(
        in_order(&stack.functions(), &["say", "deep", "deep", "deep", "deep", "deep", "main"]),
        "{stack:#?}"
    );
}

#[test]
fn source_lines_and_inlined_functions() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let flags = ["-Copt-level=3", "-g", "--edition=2024"];
    let Some(program) = gcc(&dir, "stacks_inlined.rs", "inlined", "rustc", &flags) else { return };
    let all = ours(&dir, &["-kk", "-e", "trace=write"], &program, &[]);
    let frames = &said(&all, "inlined").frames;
    let place = |frame: &str| {
        let name = frame.split_once('(').unwrap().1.split([')', '+']).next().unwrap().to_owned();
        let line = frame.rsplit_once(".rs:").unwrap().1.trim_end_matches(')').to_owned();
        (name, line)
    };
    let shown: Vec<(String, String)> = frames[..3].iter().map(|frame| place(frame)).collect();
    let expected = [
        ("stacks_inlined::call [inlined]", "9"),
        ("stacks_inlined::middle [inlined]", "16"),
        ("stacks_inlined::outer", "21"),
    ];
    for ((name, line), (wanted, number)) in shown.iter().zip(expected) {
        assert_eq!((name.as_str(), line.as_str()), (wanted, number), "{frames:#?}");
    }
    assert!(frames.iter().any(|frame| frame.contains("(stacks_inlined::main+")), "{frames:#?}");
    let names = ours(&dir, &["--stack-trace=symbol", "-e", "trace=write"], &program, &[]);
    assert!(!said(&names, "inlined").frames.iter().any(|frame| frame.contains(".rs:")));
}

#[test]
fn names_of_cpp_are_demangled() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("stack");
    let Some(program) = gcc(&dir, "stacks_mangled.cc", "mangled", "g++", &["-O1", "-g"]) else { return };
    let all = ours(&dir, &["--stack-traces=source", "-e", "trace=write"], &program, &[]);
    let frames = &said(&all, "mangled").frames;
    assert!(frames[1].contains("(space::Box<int>::put(int, char const*)+0x"), "{frames:#?}");
    assert!(frames[1].ends_with("stacks_mangled.cc:8)"), "{frames:#?}");
}

/// Syscalls that our main thread made, by name, while it traced `calls` calls with stacks.
fn own_calls(dir: &TempDir, program: &Path, calls: u64) -> BTreeMap<String, u64> {
    let table = dir.join("table");
    let status = Command::new(tracer())
        .args(["--no-follow", "-c", "-o"])
        .arg(&table)
        .arg("--")
        .arg(tracer())
        .args(["-k", "-o", "/dev/null"])
        .arg(program)
        .args(["dense", &calls.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
    let text = fs::read_to_string(&table).unwrap();
    let rows = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let rows = rows.filter(|row| row.len() >= 5);
    let counts = rows.filter_map(|row| Some(((*row.last()?).to_owned(), row[3].parse().ok()?)));
    counts.collect()
}

#[test]
fn own_syscalls_per_stack() {
    if is_stand_in() {
        return;
    }
    let _heavy = heavy();
    let dir = TempDir::new("stack");
    let Some(program) = compile(&dir, "stacks", Build::Native) else { return };
    let (few, many) = (2_000, 12_000);
    let (before, after) = (own_calls(&dir, &program, few), own_calls(&dir, &program, many));
    let ratio = (after["total"] - before["total"]) as f64 / (many - few) as f64;
    println!("cost: {ratio:.3} own syscalls per traced syscall with its stack");
    assert!(ratio <= 8.5, "{ratio} own syscalls per traced syscall: {before:?} {after:?}");
    assert!(ratio >= 8.0, "{ratio}: registers and memory of each stack take two beside the six");
}
