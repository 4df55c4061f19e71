//! Recordings that end early, are damaged, or are none; recorders that are killed or cannot write.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../fuzz/fuzz_targets/sink.rs"]
mod sink;
mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use support::run::{Outcome, Run};
use support::{TempDir, has_tool, missing};
use trace::engine::sink::Sink;
use trace::event::{Call, Signal, Tid};
use trace::filter::Wanted;
use trace::output::text::TextSink;
use trace::record::parse::Want;
use trace::record::reader::Recording;
use trace::record::replay::{Replayed, View, replay};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

fn run(dir: &TempDir, words: &[&str]) -> Outcome {
    Run::bare(dir, words).finish()
}

/// Prints everything to nowhere and keeps how many calls there were.
#[derive(Clone)]
struct Counter(Arc<Mutex<Vec<Tid>>>, Arc<Mutex<TextSink>>);

impl Counter {
    fn new() -> Self {
        Self(Arc::default(), Arc::new(Mutex::new(sink::text())))
    }
}

impl Sink for Counter {
    fn entered(&mut self, call: &Call) {
        self.1.lock().unwrap().entered(call);
    }

    fn left(&mut self, call: &Call) {
        self.1.lock().unwrap().left(call);
        self.0.lock().unwrap().push(call.tid);
    }

    fn signal(&mut self, signal: &Signal) {
        self.1.lock().unwrap().signal(signal);
    }
}

/// Replays bytes; `None` when they are refused.
fn replay_bytes(bytes: &[u8]) -> Option<(Replayed, bool, usize)> {
    let mut recording = Recording::new(bytes).ok()?;
    let counter = Counter::new();
    let mut sinks: Vec<Box<dyn Sink>> = vec![Box::new(counter.clone())];
    let view = View { wanted: Wanted::all(), want: Want::ALL, limit: None };
    let replayed = replay(&mut recording, &view, &mut sinks).unwrap();
    let calls = counter.0.lock().unwrap().len();
    Some((replayed, recording.finished, calls))
}

/// A recording of a real run with several frames: stops by job control make frames end.
fn real(dir: &TempDir) -> Vec<u8> {
    let file = dir.join("real.trace");
    let script = "ls -l / | wc -l; cat /etc/passwd | sort >/dev/null; sleep 0.7; ls /etc >/dev/null; sleep 0.7; true | true";
    let words = [TRACE, "record", "-k", "-o", file.to_str().unwrap(), "--", "sh", "-c", script];
    assert_eq!(run(dir, &words).code(), 0);
    fs::read(file).unwrap()
}

struct Random(u64);

impl Random {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        println!("seed {}", now.as_nanos() as u64);
        Self(now.as_nanos() as u64 | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

#[test]
fn truncated_anywhere_it_is_shorter_and_says_so() {
    let dir = TempDir::new("damage");
    let whole = real(&dir);
    let (good, finished, calls) = replay_bytes(&whole).unwrap();
    assert!(finished && good.complete && good.damage.is_empty() && calls > 200);
    let mut random = Random::new();
    let mut lengths: Vec<usize> = (0..300).map(|_| random.below(whole.len())).collect();
    lengths.extend((0..40).chain(whole.len() - 40..whole.len()));
    let mut most = 0;
    for length in lengths {
        let Some((replayed, finished, calls)) = replay_bytes(&whole[..length]) else {
            assert!(length < 16, "refused at {length}");
            continue;
        };
        assert!(!finished, "{length}: nobody would know");
        assert!(replayed.damage.is_empty(), "{length}: {:?}", replayed.damage);
        most = most.max(calls);
    }
    assert_eq!(most, calls, "without the index everything is there");
}

#[test]
fn flipped_anywhere_it_is_seen() {
    let dir = TempDir::new("damage");
    let whole = real(&dir);
    let (_, _, calls) = replay_bytes(&whole).unwrap();
    let mut random = Random::new();
    let mut partly = 0;
    for _ in 0..600 {
        let mut bad = whole.clone();
        let at = random.below(bad.len());
        bad[at] ^= 1 << random.below(8);
        let Some((replayed, finished, left)) = replay_bytes(&bad) else {
            assert!(at < 16, "refused for a flip at {at}");
            continue;
        };
        let seen = !finished || !replayed.damage.is_empty() || (12..16).contains(&at) || left == calls;
        assert!(seen, "a flip at {at} of {} lost {} calls in silence", bad.len(), calls - left);
        assert!(left <= calls);
        partly += usize::from(left > 0 && left < calls);
    }
    assert!(partly > 0, "damage to one frame costs only that frame");
}

#[test]
fn changed_within_frames_it_is_no_trouble() {
    use trace::record::frame::{self, Packer, Unpacker};
    use trace::record::parse::Parser;
    let dir = TempDir::new("damage");
    let whole = real(&dir);
    let mut recording = Recording::new(&whole[..]).unwrap();
    let frames = recording.index.frames.clone();
    let mut random = Random::new();
    let mut wrong = 0;
    for entry in frames.iter().filter(|entry| entry.events > 0) {
        let mut raw = Vec::new();
        recording.read(entry, &mut raw).unwrap().unwrap();
        for _ in 0..400 {
            let mut bad = raw.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(bad.len());
                bad[at] = random.below(256) as u8;
            }
            bad.truncate(if random.below(4) == 0 { random.below(bad.len()) } else { bad.len() });
            let mut sink = Counter::new();
            let mut tell = |told: trace::record::parse::Told<'_>| {
                if let trace::record::parse::Told::Left(call) = told {
                    sink.left(call);
                }
            };
            // Checksums as they should be: what a forger would make.
            let mut forged = Vec::new();
            Packer::new(1)
                .unwrap()
                .pack(trace::record::format::Kind::Events, 0, 1, &bad, &mut forged)
                .unwrap();
            let head = frame::head(&forged).unwrap();
            let mut back = Vec::new();
            Unpacker::new().unwrap().unpack(&head, &forged[frame::HEAD_BYTES..], &mut back).unwrap();
            wrong += usize::from(Parser::new(Want::ALL).frame(0, &back, &mut tell).is_err());
        }
    }
    assert!(wrong > 100, "only {wrong} were seen to be wrong");
}

/// The numbers that a killed recording holds: 0, 1, 2 … without a gap.
fn numbers(dir: &TempDir, file: &Path, name: &str) -> usize {
    let back = dir.join(&format!("back-{name}"));
    let words =
        [TRACE, "replay", file.to_str().unwrap(), "-e", "write", "-s", "20", "-o", back.to_str().unwrap()];
    let outcome = run(dir, &words);
    assert_eq!(outcome.code(), 1, "it is not whole: {}", outcome.stderr);
    if outcome.stderr.contains("the recording is empty") {
        return 0;
    }
    assert!(outcome.stderr.contains("ends early"), "{}", outcome.stderr);
    let log = fs::read_to_string(&back).unwrap();
    let of_call = |line: &str| line.split("write(1, \"").nth(1)?.split("\\n").next()?.parse::<usize>().ok();
    let found: Vec<usize> = log.lines().filter_map(of_call).collect();
    for (index, number) in found.iter().enumerate() {
        assert_eq!(index, *number, "{name}: there is a gap");
    }
    found.len()
}

#[test]
fn killed_at_fifty_moments_it_replays_up_to_there() {
    if !has_tool("python3") {
        return missing("killed_at_fifty_moments_it_replays_up_to_there", "python3");
    }
    let dir = TempDir::new("killed");
    let mut random = Random::new();
    let delays: Vec<usize> = (0..50).map(|_| random.below(1800)).collect();
    let script = "import os\nfor n in range(10**9): os.write(1, b'%d\\n' % n)";
    let one = |round: usize| {
        let file = dir.join(&format!("killed-{round}.trace"));
        let mut recorder = Command::new(TRACE);
        recorder.args(["record", "-o", file.to_str().unwrap(), "--", "python3", "-c", script]);
        let mut recorder = recorder.stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(delays[round] as u64));
        recorder.kill().unwrap();
        recorder.wait().unwrap();
        let count = if file.exists() { numbers(&dir, &file, &round.to_string()) } else { 0 };
        fs::remove_file(&file).ok();
        count
    };
    let mut counts = Vec::new();
    thread::scope(|scope| {
        let one = &one;
        let half = scope.spawn(move || (0..25).map(one).collect::<Vec<_>>());
        counts.extend((25..50).map(one));
        counts.extend(half.join().unwrap());
    });
    let some = counts.iter().filter(|count| **count > 0).count();
    println!("{some} of 50 recordings hold calls; the longest {:?}", counts.iter().max());
    assert!(some >= 5, "{counts:?}");
}

#[test]
fn what_is_no_recording_is_refused_in_a_sentence() {
    let dir = TempDir::new("refused");
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let newer = trace::record::format::head(77);
    let rows = [
        (dir.join("none").to_str().unwrap().to_owned(), "cannot open"),
        (file("text", b"execve(...) = 0\n"), "not a recording"),
        (file("empty", b""), "is empty"),
        (file("newer", &newer), "schema 77"),
        (dir.path().to_str().unwrap().to_owned(), "no regular file"),
        ("/dev/null".to_owned(), "no regular file"),
    ];
    for (name, part) in rows {
        let outcome = run(&dir, &[TRACE, "replay", &name]);
        assert_eq!(outcome.code(), 1, "{name}");
        assert!(outcome.stderr.contains(part) && outcome.stderr.contains(&name), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.trim_end().lines().count(), 1, "{}", outcome.stderr);
    }
    let bad: &[(&[&str], &str)] = &[
        (&["replay"], "no recording is named"),
        (&["replay", "a", "b"], "one recording at a time"),
        (&["replay", "-p", "1", "a"], "neither attached to"),
        (&["record", "-o", "/dev/ptmx", "true"], "is a terminal"),
        (&["record", "-o", "/nowhere/run.trace", "true"], "cannot write the recording"),
        (&["record", "-o", "/dev/full", "true"], "No space left"),
        (&["record", "--ring", "1", "true"], "a size from 64K"),
        (&["record", "--dump-on", "exit", "true"], "add --ring"),
        (&["record", "--environment", "some", "true"], "none, names or all"),
        (&["record", "--record", "x", "true"], "-o FILE names the recording"),
        (&["--ring", "1M", "true"], "--ring needs a recording"),
        (&["--text", "x", "true"], "use -o FILE"),
    ];
    for (words, part) in bad {
        let outcome = run(&dir, &[&[TRACE], *words].concat());
        assert_eq!(outcome.code(), 1, "{words:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(part), "{words:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_full_disk_ends_the_recording_not_the_program() {
    let dir = TempDir::new("full");
    let script = format!(
        "mount -t tmpfs -o size=64k none {0} && {TRACE} record -o {0}/run.trace -- sh -c 'for n in $(seq 3000); do stat -c %n-%i /proc/self/status/ >/dev/null 2>&1; done 2>/dev/null; cat /dev/urandom | head -c 400000 | tr a b >/dev/null; echo ran on' && cp {0}/run.trace copy",
        dir.path().join("mnt").display()
    );
    fs::create_dir(dir.join("mnt")).unwrap();
    let outcome = Run::bare(&dir, &["unshare", "-rm", "sh", "-c", &script]).current_dir(dir.path()).finish();
    if outcome.stderr.contains("unshare") || outcome.stderr.contains("mount:") {
        return missing("a_full_disk_ends_the_recording_not_the_program", "user and mount namespaces");
    }
    assert!(outcome.stdout.contains("ran on") && outcome.code() == 0, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("the program runs on").count(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("No space left on device"), "{}", outcome.stderr);
    let outcome = run(&dir, &[TRACE, "replay", dir.join("copy").to_str().unwrap(), "-c"]);
    assert!(outcome.code() == 1 && outcome.stderr.contains("ends early"), "{}", outcome.stderr);
}
