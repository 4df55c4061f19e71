//! How large recordings are: what the compression must achieve on a dense loop and on a compile. A frame is written
//! when it is half a second old, so that a busy machine makes more of them: the events are recorded once more without
//! that, which gives the same size however long they took.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use support::run::Run;
use support::{TempDir, has_tool, missing, this_test};
use trace::filter::Wanted;
use trace::record::parse::Want;
use trace::record::privacy::{Environment, Policy};
use trace::record::reader::Recording;
use trace::record::replay::{View, replay};
use trace::record::writer::{Recorder, Setup, create};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Records `words`; the size of the recording and the number of calls in it.
fn recorded(dir: &TempDir, words: &[&str]) -> (u64, u64) {
    let file = dir.join("run.trace");
    let name = file.to_str().unwrap();
    let outcome = Run::bare(dir, &[&[TRACE, "record", "-o", name, "--"], words].concat())
        .current_dir(dir.path())
        .finish();
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    let table = Run::bare(dir, &[TRACE, "replay", name, "-c", "-U", "calls,name"]).finish().stderr;
    let total = table.lines().find(|line| line.ends_with(" total")).unwrap_or_else(|| panic!("{table}"));
    let calls = total.split_whitespace().next().unwrap().parse().unwrap();
    (quickly(dir, &file), calls)
}

/// The size of a recording whose events come as fast as they can be recorded.
fn quickly(dir: &TempDir, file: &Path) -> u64 {
    let path = dir.join("quick.trace");
    let target = create(&path).unwrap().begin().unwrap();
    let mut recording = Recording::open(file).unwrap();
    let meta = recording.meta.clone();
    let policy = Policy { environment: Environment::All, ..Policy::default() };
    let hour = Some(Duration::from_secs(3600));
    let setup = Setup { program: "trace".into(), meta, policy, deadline: hour, ..Setup::default() };
    let recorder = Recorder::start(target, path.clone(), setup).unwrap();
    let view = View { wanted: Wanted::all(), want: Want::ALL, limit: None };
    let replayed = replay(&mut recording, &view, &mut [Box::new(recorder)]).unwrap();
    assert!(replayed.complete && replayed.damage.is_empty());
    fs::metadata(path).unwrap().len()
}

#[test]
fn a_dense_loop_takes_few_bytes_an_event() {
    let dir = TempDir::new("size");
    let (bytes, calls) = recorded(&dir, &["dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=20000"]);
    assert!(calls > 40_000, "{calls}");
    println!("{:.1} bytes a call", bytes as f64 / calls as f64);
    // An event is an entry or a return; as a call is both, this is stricter than 25 bytes an event.
    assert!(bytes <= 25 * calls, "{bytes} bytes for {calls} calls");
}

#[test]
fn a_compile_is_an_eighth_of_a_text_log() {
    if !has_tool("gcc") || !has_tool("strace") {
        return missing(&this_test(), "gcc and strace (packages gcc, strace)");
    }
    let dir = TempDir::new("size");
    fs::write(dir.join("h.c"), "#include <stdio.h>\nint main(void) { return puts(\"hi\") < 0; }\n").unwrap();
    let script = "for n in 1 2 3 4 5 6 7 8; do gcc -O1 -c -o h$n.o h.c; done; gcc -o h h1.o";
    let (bytes, _) = recorded(&dir, &["sh", "-c", script]);
    let words = ["strace", "-f", "-o", "text", "sh", "-c", script];
    assert_eq!(Run::bare(&dir, &words).current_dir(dir.path()).finish().code(), 0);
    let text = fs::metadata(Path::new(&dir.join("text"))).unwrap().len();
    println!("text / recording: {:.1}", text as f64 / bytes as f64);
    assert!(8 * bytes <= text, "a recording of {bytes} bytes, a text of {text}");
}
