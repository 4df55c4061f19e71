//! Exports of recordings that somebody else made: whatever is in them, an exporter does not panic, and what it
//! writes is still of its form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/export.rs"]
mod export;
mod support;

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;
use std::time::SystemTime;

use export::{Recorded, compiled, pipeline, server, stacks, threads};
use support::run::Run;
use trace::decode;
use trace::engine::details::Wishes;
use trace::engine::sink::Sink;
use trace::filter::Wanted;
use trace::output::choice::Signals;
use trace::output::json::header::Header;
use trace::output::text::render::Spelling;
use trace::record::export::out::{Out, Trouble};
use trace::record::export::{FORMATS, Format, Make, Setup, Weight};
use trace::record::format::{Kind, Meta, VERSION, head};
use trace::record::frame::Packer;
use trace::record::parse::Want;
use trace::record::reader::Recording;
use trace::record::replay::{View, replay};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Keeps what is written.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn setup() -> Setup {
    Setup {
        header: Header { command: vec![b"</script>\xff".to_vec()], ..Header::default() },
        host: "host".into(),
        options: decode::Options { string_limit: 100, abbreviate: false, raw: false, dereference: true },
        manner: None,
        capture_bytes: 256,
        spelling: Spelling { fds: Wishes::ALL, ..Spelling::default() },
        signals: Signals::ALL,
        weight: Weight::Time,
    }
}

/// The export of `recording`; files of a directory one behind the other.
fn exported(format: &Format, recording: &[u8]) -> Vec<u8> {
    let dir = support::TempDir::new("damage");
    let kept = Kept::default();
    let trouble = Trouble::default();
    let sink: Box<dyn Sink> = match format.make {
        Make::Stream { sink, .. } => sink(setup(), Out::new(Box::new(kept.clone()), trouble.clone())),
        Make::Directory { sink } => sink(setup(), dir.path(), trouble.clone()).unwrap(),
    };
    let mut sinks = vec![sink];
    let view = View { wanted: Wanted::all(), want: Want::ALL, limit: None };
    replay(&mut Recording::new(recording).unwrap(), &view, &mut sinks).unwrap();
    assert!(trouble.take().is_none());
    drop(sinks);
    kept.0.take()
}

/// What holds for every export, whatever was recorded.
fn is_of_its_form(format: &Format, bytes: &[u8]) {
    let json = |text: &str| {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(text);
        parsed.unwrap_or_else(|error| panic!("{}: {error}", format.name))
    };
    let text = String::from_utf8_lossy(bytes);
    match format.name {
        "chrome" | "otlp" => drop(json(&text)),
        "html" => {
            let data = text.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
            assert!(!data.contains('<'));
            json(data);
        }
        "folded" => {
            assert!(text.lines().all(|line| {
                line.rsplit_once(' ').is_some_and(|(_, weight)| weight.parse::<u64>().is_ok())
            }))
        }
        "dot" => assert!(text.starts_with("digraph") && text.ends_with("}\n")),
        "pcapng" => blocks_add_up(bytes),
        "mermaid" => assert!(text.starts_with("flowchart") && text.len() <= 50_000),
        _ => {}
    }
}

/// Every block says its length before and behind.
fn blocks_add_up(mut bytes: &[u8]) {
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    while !bytes.is_empty() {
        let length = word(bytes, 4);
        assert_eq!((word(bytes, length - 4), length % 4), (length, 0));
        bytes = &bytes[length..];
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Events of a recording, frame by frame.
fn frames(path: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(path).unwrap();
    let mut recording = Recording::new(&bytes[..]).unwrap();
    let entries = recording.index.frames.clone();
    let mut frames = Vec::new();
    for entry in entries.iter().filter(|entry| entry.kind == Kind::Events) {
        let mut raw = Vec::new();
        recording.read(entry, &mut raw).unwrap().unwrap();
        frames.push(raw);
    }
    frames
}

/// A recording of these frames, with checksums as they should be.
fn forged(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = head(VERSION).to_vec();
    let mut packer = Packer::new(1).unwrap();
    packer.pack(Kind::Meta, 0, 0, &Meta::default().to_bytes(), &mut bytes).unwrap();
    for (sequence, raw) in frames.iter().enumerate() {
        packer.pack(Kind::Events, sequence as u32 + 1, 1, raw, &mut bytes).unwrap();
    }
    bytes
}

#[test]
fn forged_recordings_are_exported_without_panic() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    println!("seed {}", now.as_nanos() as u64);
    let mut random = Random(now.as_nanos() as u64 | 1);
    let recordings: Vec<&Recorded> =
        [Some(pipeline()), compiled(), threads(), server(), stacks()].into_iter().flatten().collect();
    for recorded in &recordings {
        let frames = frames(&recorded.file);
        for format in FORMATS {
            is_of_its_form(format, &exported(format, &forged(&frames)));
        }
        for _ in 0..6 {
            let mut bad = frames.clone();
            for raw in &mut bad {
                for _ in 0..=random.below(20) {
                    let at = random.below(raw.len());
                    raw[at] = random.below(256) as u8;
                }
                // A stretch from elsewhere: whole events out of their place, with other times and ids.
                if random.below(2) == 0 {
                    let size = random.below(raw.len().min(4000));
                    let (from, to) = (random.below(raw.len() - size), random.below(raw.len() - size));
                    let stretch = raw[from..from + size].to_vec();
                    raw.splice(to..to, stretch);
                }
            }
            let recording = forged(&bad);
            for format in FORMATS {
                is_of_its_form(format, &exported(format, &recording));
            }
        }
    }
}

/// The exit status of a command on a recording, and what it says.
fn outcome(dir: &support::TempDir, words: &[&str]) -> (i32, String) {
    let outcome = Run::bare(dir, &[&[TRACE], words].concat()).finish();
    (outcome.code(), outcome.stderr)
}

/// How many lines of a text say that something is missing.
fn complaints(stderr: &str) -> usize {
    stderr
        .lines()
        .filter(|line| line.contains(" ends early, after ") || line.contains(" is damaged at "))
        .count()
}

#[test]
fn what_is_missing_is_said_by_all_and_the_rest_is_there() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    println!("seed {}", now.as_nanos() as u64);
    let mut random = Random(now.as_nanos() as u64 | 1);
    let dir = support::TempDir::new("damage");
    let file = dir.join("bad.trace");
    let (name, out, slices) = (file.to_str().unwrap(), dir.join("out"), dir.join("slices"));
    // Stops make frames: some are whole.
    let whole = pipeline();
    let bytes = fs::read(&whole.file).unwrap();
    let good = whole.file.to_str().unwrap();
    let calls = |path: &Path| fs::read_to_string(path).unwrap().matches("\"ph\":\"X\"").count();
    let export = |format: &str, to: &Path, file: &str| {
        outcome(&dir, &["export", "--format", format, "-o", to.to_str().unwrap(), file])
    };
    assert_eq!(export("chrome", &slices, good), (0, String::new()));
    let all = calls(&slices);
    let mut cases = vec![bytes[..bytes.len() - 1].to_vec(), bytes[..bytes.len() / 2].to_vec()];
    for _ in 0..8 {
        cases.push(bytes[..16 + random.below(bytes.len() - 16)].to_vec());
        let mut flipped = bytes.clone();
        // Not in the head of the file, and not in the index: what is there is in frames.
        let at = 16 + random.below(bytes.len() * 2 / 3);
        flipped[at] ^= 1 << random.below(8);
        cases.push(flipped);
    }
    for bad in cases {
        fs::write(&file, &bad).unwrap();
        let (code, said) = outcome(&dir, &["replay", name, "-o", "/dev/null"]);
        let seen = complaints(&said);
        // A flip in what the recording is of as a whole costs no event.
        assert!(code == i32::from(seen > 0) && said.lines().count() == seen, "{code}: {said}");
        for format in FORMATS {
            let made = export(format.name, &out, name);
            assert_eq!((made.0, complaints(&made.1)), (code, seen), "{}: {}", format.name, made.1);
            assert!(out.exists(), "{}", format.name);
            if out.is_dir() {
                fs::remove_dir_all(&out).unwrap();
            } else {
                is_of_its_form(format, &fs::read(&out).unwrap());
                fs::remove_file(&out).unwrap();
            }
        }
        assert_eq!(export("chrome", &slices, name).0, code);
        assert!(calls(&slices) <= all);
        let (code, said) = outcome(&dir, &["diff", "--summary", good, name]);
        assert_eq!((code == 2, complaints(&said)), (seen > 0, seen), "{said}");
    }
}
