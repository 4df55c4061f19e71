//! `trace export` on recordings of real programs: the command itself, folded stacks and graphs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/export.rs"]
mod export;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use export::{HOSTILE, TRACE, compiled, pipeline, server, stacks, threads, tool};
use support::run::Run;
use support::{TempDir, has_tool, missing};

/// Names and weights of folded stacks, each line of the form that flame graphs read.
fn folded(text: &str) -> BTreeMap<String, u64> {
    let row = |line: &str| {
        let (stack, weight) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no weight: {line}"));
        assert!(!stack.is_empty() && !stack.chars().any(char::is_control), "{line:?}");
        (stack.to_owned(), weight.parse().unwrap())
    };
    let rows: Vec<(String, u64)> = text.lines().map(row).collect();
    let map: BTreeMap<_, _> = rows.iter().cloned().collect();
    assert_eq!(map.len(), rows.len(), "a stack has one line");
    map
}

#[test]
fn a_refusal_names_what_to_do() {
    let dir = TempDir::new("export");
    fs::write(dir.join("text"), "no recording").unwrap();
    let file = pipeline().file.to_str().unwrap();
    let formats = "--format takes ";
    let rows: &[(&[&str], &[&str])] = &[
        (&[], &["no format is named", formats, "dot", "folded", "mermaid"]),
        (&["--format", "svg", file], &["there is no format 'svg'", formats]),
        (&["--format", "dot"], &["no recording is named", "trace export --format dot FILE"]),
        (&["--format", "dot", file, file], &["one recording at a time"]),
        (&["--format", "dot", "nowhere"], &["cannot open 'nowhere'"]),
        (&["--format", "dot", "text"], &["not a recording", "trace record"]),
        (&["--format", "dot", file, "-o", "no/such"], &["cannot write 'no/such'", "No such file"]),
        (&["--format", "dot", file, "-o", "/dev/full"], &["could not be written", "No space left"]),
        (&["--format", "dot", "--where", "nam == 1", file], &["--where", "name"]),
        (&["--format", "folded", "--weight", "bytes", file], &["'bytes'", "calls or time"]),
        (&["--format", "dot", "--weight", "time", file], &["--weight", "folded"]),
        (&["--format", "dot", "-o", file, file], &["is the recording itself", "-o"]),
        (&["--format", "dot", "-c", file], &["invalid option -- 'c'"]),
    ];
    for (args, says) in rows {
        let outcome = Run::bare(&dir, &[&[TRACE, "export"], *args].concat()).finish();
        assert_eq!((outcome.code(), &*outcome.stdout), (1, ""), "{args:?}");
        for part in *says {
            assert!(outcome.stderr.contains(part), "{args:?}: {part}\n{}", outcome.stderr);
        }
    }
    let mut left: Vec<_> = fs::read_dir(dir.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    left.retain(|name| !name.to_string_lossy().starts_with("out-"));
    assert_eq!(left, ["text"], "nothing is left behind");
    let help = Run::bare(&dir, &[TRACE, "export", "-h"]).finish();
    assert!(help.code() == 0 && help.stdout.contains("Formats:\n"), "{}", help.stdout);
}

#[test]
fn a_damaged_recording_is_exported_as_far_as_it_goes() {
    let whole = pipeline();
    let bytes = fs::read(&whole.file).unwrap();
    let cut = whole.dir.join("cut.trace");
    fs::write(&cut, &bytes[..bytes.len() * 2 / 3]).unwrap();
    let cut = cut.to_str().unwrap();
    for format in formats() {
        let to = whole.dir.join(&format!("cut.{format}"));
        let words = [TRACE, "export", "--format", &format, "-o", to.to_str().unwrap(), cut];
        let outcome = Run::bare(&whole.dir, &words).finish();
        assert_eq!(outcome.code(), 1, "{format}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("ends early"), "{format}: {}", outcome.stderr);
        assert!(to.exists(), "{format}");
    }
}

/// The names that the help lists.
fn formats() -> Vec<String> {
    let help = Run::bare(&pipeline().dir, &[TRACE, "export", "-h"]).finish().stdout;
    let list = help.split("Formats:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    list.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn every_format_is_told_of_in_the_documents() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/exports.md")).unwrap();
    let formats = formats();
    assert!(formats.len() >= 3 && formats.is_sorted(), "{formats:?}");
    for format in formats {
        assert!(page.contains(&format!("`{format}`")), "docs/exports.md does not speak of {format}");
    }
}

#[test]
fn calls_are_counted_as_a_replay_has_them() {
    let recorded = pipeline();
    let stacks = folded(&recorded.text("folded", &[]));
    let log = Run::bare(
        &recorded.dir,
        &[TRACE, "replay", recorded.file.to_str().unwrap(), "-o", "log", "-e", "signal=none"],
    );
    assert_eq!(log.finish().code(), 0);
    let log = fs::read_to_string(recorded.dir.join("log")).unwrap();
    let calls = log.lines().filter(|line| line.contains(") ") && line.contains("= ")).count();
    assert_eq!(stacks.values().sum::<u64>(), calls as u64);
    for name in ["sh;execve", "ls;openat", "sort;read", "wc;read", "date;write", "sh;kill"] {
        assert!(stacks.contains_key(name), "{name}: {stacks:?}");
    }
    assert_eq!(stacks.get("env;execve"), Some(&1), "the call that starts the next program is the former's");
    // The options of a replay choose.
    let chosen = folded(&recorded.text("folded", &["--where", "name == openat and comm == cat"]));
    assert!(chosen.keys().all(|key| key == "cat;openat"), "{chosen:?}");
    let failed = folded(&recorded.text("folded", &["-Z", "-e", "trace=openat,kill"]));
    assert!(failed.contains_key("cat;openat") && !failed.contains_key("sh;kill"), "{failed:?}");
    let good = folded(&recorded.text("folded", &["-z", "-e", "trace=kill,openat"]));
    assert!(good.contains_key("sh;kill"), "{good:?}");
    let few = folded(&recorded.text("folded", &["--syscall-limit", "7"]));
    assert_eq!(few.values().sum::<u64>(), 7);
}

#[test]
fn stacks_are_folded_from_the_outermost_function() {
    let Some(recorded) = stacks() else { return };
    let calls = folded(&recorded.text("folded", &[]));
    let deep = calls.keys().filter(|key| key.split(';').any(|frame| frame == "main")).count();
    assert!(deep > 0, "{calls:?}");
    for key in calls.keys().filter(|key| key.contains(";main;")) {
        let frames: Vec<&str> = key.split(';').collect();
        let main = frames.iter().position(|frame| *frame == "main").unwrap();
        assert!(main >= 1 && main < frames.len() - 1, "{key}");
    }
    let times = folded(&recorded.text("folded", &["--weight", "time"]));
    assert!(times.keys().all(|key| calls.contains_key(key)));
    assert!(times.values().sum::<u64>() > calls.values().sum::<u64>(), "nanoseconds");
}

/// Boxes of a graph in the language of Graphviz: their labels.
fn boxes(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix('p')?.split_once(" [label=").map(|(_, l)| l))
        .collect()
}

#[test]
fn graphviz_draws_the_processes() {
    let Some(compiled) = compiled() else { return };
    let recordings = [Some(pipeline()), Some(compiled), threads(), server()];
    for recorded in recordings.into_iter().flatten() {
        let text = recorded.text("dot", &[]);
        let boxes = boxes(&text);
        assert!(!boxes.is_empty(), "{text}");
        if !has_tool("dot") {
            return missing("graphviz_draws_the_processes", "dot (package graphviz)");
        }
        let (ok, svg) = tool(&["dot", "-Tsvg"], &text);
        let content = !svg.lines().any(|line| line.starts_with("Warning:") || line.starts_with("Error:"));
        assert!(ok && content, "{svg}\n{text}");
        assert_eq!(svg.matches("class=\"node\"").count(), boxes.len());
        assert_eq!(svg.matches("class=\"edge\"").count(), text.matches(" -> ").count());
    }
    let text = pipeline().text("dot", &[]);
    let boxes = boxes(&text);
    let one = |part: &str| {
        let found: Vec<_> = boxes.iter().filter(|label| label.contains(part)).collect();
        assert_eq!(found.len(), 1, "{part}: {text}");
        *found[0]
    };
    assert!(one("exec date").contains("⇒ date\\l"), "{text}");
    assert!(one("SIGTERM").contains("#cf222e"), "{text}");
    assert!(one("cat ").contains("exit 1"), "{text}");
    assert!(one("× 3").contains("/bin/true"), "{text}");
    assert!(text.is_ascii() || !text.contains('\u{e9}'), "names are escaped: {text}");
}

#[test]
fn mermaid_reads_the_processes() {
    let recordings = [Some(pipeline()), compiled(), threads(), server()];
    for recorded in recordings.into_iter().flatten() {
        let (text, dot) = (recorded.text("mermaid", &[]), recorded.text("dot", &[]));
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("flowchart LR"));
        let (mut nodes, mut arrows) = (0, 0);
        for line in lines {
            let line = line.strip_prefix("  ").unwrap_or_else(|| panic!("{line}"));
            let number = |word: &str| word.strip_prefix('p').is_some_and(|n| n.parse::<usize>().is_ok());
            if let Some((id, label)) = line.split_once("[\"") {
                nodes += 1;
                let label = label.strip_suffix("\"]").unwrap_or_else(|| panic!("{line}"));
                assert!(number(id) && plain(label), "{line}");
            } else if let [from, "-->" | "-.->", to] = line.split(' ').collect::<Vec<_>>()[..] {
                arrows += 1;
                assert!(number(from) && number(to), "{line}");
            } else {
                assert!(line.starts_with("class"), "{line}");
            }
        }
        assert_eq!((nodes, arrows), (boxes(&dot).len(), dot.matches(" -> ").count()));
    }
    let text = pipeline().text("mermaid", &[]);
    assert!(!text.contains("<script") && !text.contains(HOSTILE), "{text}");
}

/// Whether a label holds only what is no syntax: letters, a few signs, codes of characters and ends of lines.
fn plain(label: &str) -> bool {
    label.split("<br/>").all(|line| {
        let mut parts = line.split('#');
        let first = parts.next().unwrap_or_default();
        let bare =
            |text: &str| text.chars().all(|c| c.is_alphanumeric() || !c.is_ascii() || " ./=,:+-".contains(c));
        bare(first)
            && parts.all(|part| {
                part.split_once(';').is_some_and(|(code, rest)| code.parse::<u32>().is_ok() && bare(rest))
            })
    })
}
