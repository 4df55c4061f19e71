//! The house rules, read from the source: imports point down, unsafe stays at home, files and
//! functions stay small.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from top to bottom; rooms of one rank do not import each other, but for the pairs below.
const RANKS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["view", "dap"],
    &["debug", "profile", "audit", "inject", "record"],
    &["output"],
    &["engine"],
    &["tracee", "spawn", "filter", "stack"],
    &["decode"],
    &["event", "memory", "arch", "bpf", "paths"],
    &["sys"],
];

fn rank(room: &str) -> Option<usize> {
    RANKS.iter().position(|rooms| rooms.contains(&room))
}

/// Rust sources below `dir`, as paths relative to the root.
fn sources(dir: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut todo = vec![root.join(dir)];
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    assert!(!found.is_empty(), "{dir} holds no source");
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The room of a file under src.
fn room(path: &Path) -> String {
    let first = path.components().nth(1).unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Rooms that a source text reaches by `crate::ROOM`.
fn reached(text: &str) -> Vec<String> {
    let parts = text.split("crate::").skip(1);
    parts.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
}

/// Arrows of a file that run up or sideways.
fn bad_arrows(own: &str, text: &str) -> Vec<String> {
    let Some(mine) = rank(own) else { return Vec::new() };
    let bad = |other: &String| other != own && rank(other).is_some_and(|theirs| theirs <= mine);
    reached(text).into_iter().filter(bad).collect()
}

fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or("")
}

fn uses_unsafe(text: &str) -> bool {
    text.lines().any(|line| {
        let line = code(line);
        line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe")
    })
}

/// Longest function of a formatted text: (name, lines).
fn longest_function(text: &str) -> (String, usize) {
    let mut longest = (String::new(), 0);
    let mut open: Option<(String, usize, usize)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let head = line.trim_start();
        let starts = [
            "fn ",
            "pub fn ",
            "pub(super) fn ",
            "pub(crate) fn ",
            "const fn ",
            "pub const fn ",
            "unsafe fn ",
        ];
        if open.is_none()
            && starts.iter().any(|s| head.starts_with(s))
            && !head.ends_with(';')
            && !head.ends_with('}')
        {
            open = Some((head.to_owned(), number, indent));
        } else if let Some((name, from, depth)) = &open
            && indent == *depth
            && head == "}"
        {
            if number - from > longest.1 {
                longest = (name.clone(), number - from);
            }
            open = None;
        }
    }
    longest
}

fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or("")
}

#[test]
fn imports_point_down() {
    for path in sources("src") {
        let bad = bad_arrows(&room(&path), before_tests(&read(&path)));
        assert!(bad.is_empty(), "{} reaches up or sideways to {bad:?}", path.display());
    }
    assert_eq!(
        bad_arrows("decode", "use crate::engine::Engine;"),
        ["engine"],
        "the rule must be able to fail"
    );
    assert_eq!(bad_arrows("event", "use crate::memory::Memory;"), ["memory"]);
    assert!(bad_arrows("engine", "use crate::decode::call;").is_empty());
}

#[test]
fn every_room_has_a_rank() {
    for path in sources("src") {
        let room = room(&path);
        assert!(
            room == "lib" || rank(&room).is_some(),
            "{}: give room {room} its place in RANKS",
            path.display()
        );
    }
}

#[test]
fn the_screen_imports_nothing_of_ours() {
    for path in sources("tui/src") {
        let text = read(&path);
        assert!(!text.contains("use trace::") && !text.contains("syscall_tables"), "{}", path.display());
    }
    let manifest = read(Path::new("tui/Cargo.toml"));
    let needs = manifest.split_once("[dependencies]").expect("dependencies of the screen").1;
    let ours = ["trace", "syscall-tables", "path"];
    assert!(!ours.iter().any(|name| needs.lines().any(|line| line.starts_with(name))), "{needs}");
    for path in sources("src") {
        let may = ["cli", "view"].contains(&room(&path).as_str());
        assert!(may || !read(&path).contains("trace_tui"), "{} knows the screen", path.display());
    }
}

#[test]
fn unsafe_stays_at_home() {
    for path in sources("src").into_iter().chain(sources("tui/src")) {
        let home = path.starts_with("src/sys") || path.starts_with("src/spawn/child");
        assert!(home || !uses_unsafe(&read(&path)), "{} is unsafe", path.display());
    }
    assert!(read(Path::new("syscall-tables/src/lib.rs")).contains("#![forbid(unsafe_code)]"));
    assert!(uses_unsafe("let x = unsafe { f() };") && !uses_unsafe("// unsafe\nunsafe_code"));
}

#[test]
fn files_and_functions_are_small() {
    for dir in ["src", "tui/src", "syscall-tables/src", "tests"] {
        for path in sources(dir) {
            let text = read(&path);
            let shown = path.display();
            let table = ["signatures", "structs", "sets", "constants", "ioctl", "class"]
                .iter()
                .any(|t| path.starts_with(format!("syscall-tables/src/{t}")));
            let lines = text.lines().count();
            assert!(
                table || text.to_lowercase().contains("generated by") || lines <= 600,
                "{shown}: {lines} lines"
            );
            let (name, length) = longest_function(&text);
            assert!(length <= 80, "{shown}: {name} has {length} lines");
        }
    }
    assert!(read(Path::new("src/main.rs")).lines().count() < 60);
    let long = format!("fn f() {{\n{}}}\n", "    g();\n".repeat(90));
    assert!(longest_function(&long).1 > 80, "the rule must be able to fail");
}

#[test]
fn no_unwrap_outside_tests() {
    for path in sources("src") {
        let text = read(&path);
        let bad =
            before_tests(&text).lines().map(code).find(|l| l.contains(".unwrap()") || l.contains(".expect("));
        assert!(bad.is_none(), "{}: {bad:?}", path.display());
    }
}
