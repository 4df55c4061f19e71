//! Recordings as the screen asks for them: rows by range, filters, searches, processes, counts, details; and that a
//! million events are opened by looking at the heads of frames only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use syscall_tables::abi::Abi;
use syscall_tables::signatures;
use trace::event::{Call, End, Outcome, Program, Signal, Stamp, Started, Tid};
use trace::record::encode::{Cut, Encoder};
use trace::record::format::{self, Kind, Meta};
use trace::record::frame::{self, Packer};
use trace::record::index::{Entry, Index};
use trace::record::reader::Source;
use trace::record::streams::Streams;
use trace::view::log::{Log, Shareable};
use trace_tui::model::{Direction, Filter, Row, Search, Timeline};

const BEGUN_NS: u64 = 1_700_000_000_000_000_000;

/// A recording in memory that counts what the screen's own thread reads of it.
#[derive(Clone)]
struct Counted {
    bytes: Arc<Vec<u8>>,
    read: Arc<AtomicU64>,
    reads: Arc<AtomicU64>,
}

impl Counted {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: Arc::new(bytes), read: Arc::default(), reads: Arc::default() }
    }

    fn take(&self) -> (u64, u64) {
        (self.read.swap(0, Ordering::SeqCst), self.reads.swap(0, Ordering::SeqCst))
    }
}

impl Source for Counted {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.as_slice().read_at(offset, buf)?;
        if std::thread::current().name() != Some("survey") {
            self.read.fetch_add(count as u64, Ordering::SeqCst);
            self.reads.fetch_add(1, Ordering::SeqCst);
        }
        Ok(count)
    }

    fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.bytes.len() as u64)
    }
}

impl Shareable for Counted {
    fn share(&self) -> io::Result<Self> {
        Ok(self.clone())
    }
}

/// Makes events that are always the same.
struct Maker {
    encoder: Encoder,
    now_ns: u64,
}

impl Maker {
    fn new() -> Self {
        Self { encoder: Encoder::default(), now_ns: 0 }
    }

    fn stamp(&mut self) -> Stamp {
        self.now_ns += 1000;
        Stamp { mono_ns: self.now_ns, wall_ns: BEGUN_NS + self.now_ns }
    }

    fn started(&mut self, tid: i32, process: i32, parent: i32) {
        let at = self.stamp();
        let (tid, process, parent) = (Tid(tid), Tid(process), Tid(parent));
        self.encoder.started(&Started { tid, process, parent, attached: false, at });
    }

    fn executed(&mut self, process: i32, argv: &[&str]) {
        let at = self.stamp();
        let argv = argv.iter().map(|word| word.as_bytes().to_vec()).collect();
        let program =
            Program { process: Tid(process), argv, comm: b"prog".to_vec(), at, ..Program::default() };
        self.encoder.executed(&program, &[]);
    }

    fn entered(&mut self, tid: i32, name: &str, path: &str) -> Call {
        let mut call = Call::new(Tid(tid));
        call.signature = signatures::named(Abi::X86_64, name);
        call.regs.nr = syscall_tables::abi::numbers::number(Abi::X86_64, name).unwrap();
        call.regs.args = [u64::MAX - 99, 0x1000, 0, 0, 0, 0];
        call.entered = self.stamp();
        call.before.remember_text(0x1000, &[path.as_bytes(), b"\0"].concat());
        self.encoder.entered(&call, &call.before);
        call
    }

    fn call(&mut self, tid: i32, path: &str, value: i64) {
        let mut call = self.entered(tid, "openat", path);
        call.outcome = Some(Outcome { value, failed: value < 0 });
        call.left = self.stamp();
        self.encoder.left(&call);
    }

    fn ended(&mut self, tid: i32, pending: bool) {
        let at = self.stamp();
        self.encoder.ended(Tid(tid), End::Exited(0), pending, at);
    }

    fn cut(&mut self) -> Cut {
        self.encoder.cut(Streams::default())
    }
}

/// A whole recording. With `counted`, the heads of its frames tell of rows; without, it is one of an older recorder.
fn file<'a>(frames: impl IntoIterator<Item = &'a Cut>, counted: bool) -> Vec<u8> {
    let mut packer = Packer::new(1).unwrap();
    let mut bytes = format::head(format::VERSION).to_vec();
    let mut meta = Meta::default();
    meta.add("begun", BEGUN_NS.to_string());
    meta.add("command", "prog\0argument");
    meta.add("capture", "256");
    let mut index = Index::default();
    let entry = |offset: usize, kind, events, calls| Entry {
        offset: offset as u64,
        kind,
        events,
        calls,
        first: Stamp::default(),
    };
    index.frames.push(entry(bytes.len(), Kind::Meta, 0, 0));
    packer.pack(Kind::Meta, 0, 0, &meta.to_bytes(), &mut bytes).unwrap();
    for (sequence, cut) in frames.into_iter().enumerate() {
        index.frames.push(entry(bytes.len(), Kind::Events, cut.events, cut.calls));
        let rows = if counted { cut.rows } else { 0 };
        packer.pack_streams(sequence as u32, (cut.events, rows), &cut.streams, &mut bytes).unwrap();
    }
    let offset = bytes.len();
    packer.pack(Kind::Index, 0, 0, &index.to_bytes(), &mut bytes).unwrap();
    bytes.extend_from_slice(&frame::end(offset as u64));
    bytes
}

fn open(bytes: Vec<u8>) -> Log<Counted> {
    Log::open(Counted::new(bytes), "test", None).unwrap()
}

/// Waits for what the surveyor does.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn scanned(log: &mut Log<Counted>) {
    until("the surveyor does not come to the end", || {
        let status = log.status();
        (status.all > 0 && status.scanned == status.all).then_some(())
    });
}

fn text(row: &Row) -> String {
    row.spans.iter().map(|span| span.text.as_str()).collect()
}

/// Three frames: a process, its thread and its child, a call over the border, an end within a call.
fn story(counted: bool) -> Vec<u8> {
    let mut maker = Maker::new();
    maker.started(10, 10, 1);
    maker.executed(10, &["make", "all"]);
    (0..300).for_each(|at| maker.call(10, &format!("/a/{at}"), 3));
    maker.started(11, 10, 1);
    maker.started(20, 20, 10);
    maker.entered(11, "openat", "/over/the/border");
    let first = maker.cut();
    maker.executed(20, &["cc", "-c"]);
    (0..200).for_each(|at| maker.call(20, &format!("/b/{at}"), if at % 2 == 0 { -2 } else { 4 }));
    let at = maker.stamp();
    let signal = Signal {
        tid: Tid(20),
        abi: Abi::X86_64,
        signo: 10,
        info: None,
        pids: Vec::new(),
        fds: Vec::new(),
        ip: None,
        stack: Default::default(),
        at,
    };
    maker.encoder.signal(&signal, false);
    maker.ended(20, false);
    let second = maker.cut();
    maker.call(10, "/c", 3);
    maker.ended(11, true);
    maker.ended(10, false);
    let third = maker.cut();
    assert_eq!((first.rows, second.rows, third.rows), (300, 202, 4));
    file([&first, &second, &third], counted)
}

#[test]
fn rows_are_given_by_range() {
    for counted in [true, false] {
        let mut log = open(story(counted));
        if counted {
            // Before anybody has read a frame.
            assert_eq!(log.status().rows, 506);
        }
        // Without counts, rows are known as frames are read.
        until("not all rows are found", || (log.status().scanned == 506).then_some(()));
        assert_eq!((log.status().rows, log.status().title.as_str()), (506, "prog argument"));
        let rows = log.rows(298..303);
        let texts: Vec<String> = rows.iter().map(text).collect();
        assert_eq!(texts[1], "openat(AT_FDCWD, \"/a/299\", O_RDONLY)");
        assert_eq!(texts[2], "openat(AT_FDCWD, \"/b/0\", O_RDONLY)");
        assert_eq!((rows[2].result.text.as_str(), rows[3].result.text.as_str()), ("ENOENT", "4"));
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [298, 299, 300, 301, 302]);
        assert_eq!((rows[0].task.as_str(), rows[0].took.as_str()), ("10", "1.00us"));
        let last = log.rows(500..9999);
        let texts: Vec<String> = last.iter().map(text).collect();
        assert_eq!(texts[..2], ["SIGUSR1", "exited with 0"]);
        assert_eq!(texts[3], "openat(AT_FDCWD, \"/over/the/border\", O_RDONLY)");
        assert_eq!(last[3].result.text, "?");
        assert_eq!(last.len(), 6);
        assert!(log.rows(600..700).is_empty());
    }
}

#[test]
fn filters_let_rows_through_and_count_them() {
    let mut log = open(story(true));
    let only = |expression: &str| Filter { expression: expression.into(), process: None };
    log.filter(&only("errno == ENOENT and comm == prog")).unwrap();
    scanned(&mut log);
    let status = log.status();
    assert_eq!((status.rows, status.all, status.filtered), (100, 506, true));
    let rows = log.rows(0..2);
    assert_eq!(
        rows.iter().map(text).collect::<Vec<_>>(),
        ["openat(AT_FDCWD, \"/b/0\", O_RDONLY)", "openat(AT_FDCWD, \"/b/2\", O_RDONLY)"]
    );
    assert_eq!((rows[1].number, log.position(302), log.position(303), log.position(400)), (302, 1, 1, 50));
    let counts = log.statistics();
    assert_eq!((counts.len(), counts[0].calls, counts[0].errors, counts[0].total_ns), (1, 100, 100, 100_000));
    // An expression that is wrong changes nothing.
    assert!(log.filter(&only("nmae == read")).unwrap_err().contains("nearest: name"));
    assert_eq!(log.status().rows, 100);
    let processes = log.processes();
    let shown: Vec<_> =
        processes.iter().map(|p| (p.pid, p.parent, p.command.as_str(), p.calls, p.errors)).collect();
    assert_eq!(shown, [(10, None, "make all", 301, 0), (20, Some(0), "cc -c", 200, 100)]);
    for (process, rows) in [((0, false), 304), ((0, true), 506), ((1, true), 202)] {
        log.filter(&Filter { expression: String::new(), process: Some(process) }).unwrap();
        scanned(&mut log);
        assert_eq!(log.status().rows, rows, "{process:?}");
    }
    log.filter(&Filter::default()).unwrap();
    assert_eq!(log.status().rows, 506);
}

fn search(log: &mut Log<Counted>, needle: &str, from: usize, direction: Direction) -> Search {
    log.search(needle, from, direction);
    until("the search does not end", || {
        let found = log.found();
        (found != Search::Searching).then_some(found)
    })
}

#[test]
fn searches_go_both_ways_and_round() {
    let mut log = open(story(true));
    use Direction::{Backward, Forward};
    let rows = [
        ("/a/7\"", 0, Forward, Search::Found(7)),
        ("/a/7\"", 7, Forward, Search::Found(7)),
        ("/a/7\"", 8, Forward, Search::Found(7)),
        ("/b/", 0, Forward, Search::Found(300)),
        ("/b/", 9999, Forward, Search::Found(300)),
        ("/b/", 299, Backward, Search::Found(499)),
        ("/b/", 499, Backward, Search::Found(499)),
        ("/b/", 498, Backward, Search::Found(498)),
        ("enoent", 301, Forward, Search::Found(302)),
        ("ENOENT", 301, Backward, Search::Found(300)),
        ("EnoENT", 301, Backward, Search::Nothing),
        ("sigusr1", 0, Forward, Search::Found(500)),
        ("/over/", 0, Forward, Search::Found(503)),
    ];
    for (needle, from, direction, found) in rows {
        assert_eq!(search(&mut log, needle, from, direction), found, "{needle} from {from}");
    }
    // Under a filter, rows are those that it lets through.
    log.filter(&Filter { expression: "failed".into(), process: None }).unwrap();
    scanned(&mut log);
    assert_eq!(search(&mut log, "/b/10\"", 0, Forward), Search::Found(5));
    assert_eq!(search(&mut log, "/b/11\"", 0, Forward), Search::Nothing);
    log.search("", 0, Forward);
    assert_eq!(log.found(), Search::Idle);
}

#[test]
fn details_tell_everything() {
    let mut log = open(story(true));
    let sections = log.detail(300);
    let titles: Vec<&str> = sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["openat", "Arguments", "Result", "Memory at entry: pathname 0x1000, 5 bytes"]);
    let lines = |at: usize| -> Vec<String> {
        let line =
            |spans: &Vec<trace_tui::model::Span>| spans.iter().map(|span| span.text.as_str()).collect();
        sections[at].lines.iter().map(line).collect()
    };
    assert_eq!(lines(1)[1], "pathname     \"/b/0\"  0x1000");
    assert_eq!(lines(2), ["ENOENT (No such file or directory)"]);
    assert_eq!(lines(3), [format!("+0000  {:<50}|/b/0.|", "2f 62 2f 30 00")]);
    assert_eq!(log.detail(500)[0].title, "Signal");
    assert_eq!(log.detail(505)[0].title, "End of a task");
    assert!(log.detail(506).is_empty());
}

#[test]
fn damage_is_shown_where_it_is() {
    let mut bytes = story(true);
    // The middle of the second frame of events.
    let starts: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == frame::MAGIC).collect();
    let middle = (starts[2] + starts[3]) / 2;
    bytes[middle] ^= 0xff;
    let mut log = open(bytes);
    scanned(&mut log);
    assert_eq!(log.status().rows, 506);
    assert!(log.status().messages[0].contains("is damaged at byte"), "{:?}", log.status().messages);
    let rows = log.rows(299..504);
    assert_eq!(rows.len(), 205);
    assert!(text(&rows[0]).contains("/a/299") && text(&rows[1]).contains("damaged"));
    assert!(log.detail(301)[0].title.contains("damaged"));
    assert_eq!(search(&mut log, "/c\"", 0, Direction::Forward), Search::Found(502));
}

#[test]
fn forged_numbers_of_rows_are_harmless() {
    let mut maker = Maker::new();
    maker.started(10, 10, 1);
    (0..50).for_each(|at| maker.call(10, &format!("/a/{at}"), 3));
    let mut cut = maker.cut();
    for (rows, shown) in [(10, 10), (1_000_000, 1_000_000)] {
        cut.rows = rows;
        let mut log = open(file([&cut], true));
        scanned(&mut log);
        assert_eq!(log.status().rows, shown);
        let last = log.rows(shown - 5..shown);
        assert_eq!(last.len(), 5);
        assert_eq!(text(&last[4]).contains("does not hold this row"), rows > 50, "{:?}", last[4]);
        assert_eq!(log.detail(shown - 1).is_empty(), rows > 50);
        log.filter(&Filter { expression: "succeeded".into(), process: None }).unwrap();
        scanned(&mut log);
        let count = log.status().rows;
        assert_eq!((count, log.rows(0..99).len()), (50, 50));
    }
}

#[test]
fn a_million_events_are_opened_by_their_heads() {
    const FRAMES: usize = 25;
    let mut maker = Maker::new();
    maker.started(10, 10, 1);
    (0..20_000).for_each(|at| maker.call(10, &format!("/some/where/{at}"), if at % 5 == 0 { -2 } else { 3 }));
    let cut = maker.cut();
    assert_eq!((cut.events, cut.rows), (40_001, 20_000));
    let bytes = file(std::iter::repeat_n(&cut, FRAMES), true);
    let (size, frame) = (bytes.len() as u64, (bytes.len() / FRAMES) as u64);
    let source = Counted::new(bytes);
    let begin = Instant::now();
    let mut log = Log::open(source.clone(), "test", None).unwrap();
    let status = log.status();
    let opened = begin.elapsed();
    assert_eq!((status.rows, status.filtered), (500_000, false));
    let (read, reads) = source.take();
    // The first bytes, the index and its end, and 32 bytes of each frame; three readers open the file.
    let heads = (FRAMES * frame::HEAD_BYTES) as u64;
    assert!(read < heads + 3 * 2048, "{read} of {size} bytes in {reads} reads to open it");
    let begin = Instant::now();
    let rows = log.rows(499_980..500_000);
    let drawn = begin.elapsed();
    assert!(text(&rows[19]).contains("/some/where/19999"), "{:?}", rows[19]);
    let (read, _) = source.take();
    assert!(read < frame + 4096, "{read} bytes for the last screen, of frames of {frame}");
    // Rows nearby are known already.
    let again = log.rows(499_900..499_920);
    assert_eq!((again.len(), source.take()), (20, (0, 0)));
    println!("{size} bytes opened in {opened:?}, last screen in {drawn:?}");
}
