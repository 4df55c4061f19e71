//! Frames of every view, at 80x24 and smaller, compared with the files in `tests/frames`.
//! `UPDATE_FRAMES=1 cargo test -p trace-tui` writes them anew, to be looked at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::ops::Range;
use std::path::Path;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};
use trace_tui::model::{
    Command, Direction, Filter, NoProgram, Process, Program, ProgramTerminal, Row, Search, Section, Span,
    Statistic, Status, Timeline, Tone,
};
use trace_tui::state::App;
use trace_tui::theme::Theme;
use trace_tui::{input, view};

/// A run of a hundred calls that is always the same.
struct Fake {
    live: bool,
    filtered: bool,
    search: Search,
}

impl Fake {
    fn new(live: bool) -> Self {
        Self { live, filtered: false, search: Search::Idle }
    }

    fn row(number: usize) -> Row {
        let span = Span::new;
        let failed = number % 3 == 1;
        let spans = vec![
            span(Tone::Name, "openat"),
            span(Tone::Plain, "("),
            span(Tone::Constant, "AT_FDCWD"),
            span(Tone::Plain, ", "),
            Span::new(Tone::Text, format!("\"/usr/share/locale/{number}/LC_MESSAGES/coreutils.mo\"")),
            span(Tone::Plain, ", "),
            span(Tone::Constant, "O_RDONLY"),
            span(Tone::Plain, ")"),
        ];
        Row {
            number,
            time: format!("0.{number:06}"),
            task: "4711".into(),
            took: "12.3us".into(),
            result: if failed { span(Tone::Bad, "ENOENT") } else { span(Tone::Plain, "3") },
            spans,
        }
    }

    fn count(&self) -> usize {
        if self.filtered { 33 } else { 100 }
    }
}

impl Timeline for Fake {
    fn status(&mut self) -> Status {
        Status {
            rows: self.count(),
            all: 100,
            scanned: 100,
            filtered: self.filtered,
            live: self.live,
            title: "ls -l /usr/share/locale --color=always".into(),
            ending: (!self.live).then(|| "exited with 0".into()),
            messages: Vec::new(),
            version: 1 + u64::from(self.filtered),
        }
    }

    fn rows(&mut self, range: Range<usize>) -> Vec<Row> {
        let step = if self.filtered { 3 } else { 1 };
        range.filter(|index| *index < self.count()).map(|index| Self::row(index * step)).collect()
    }

    fn detail(&mut self, index: usize) -> Vec<Section> {
        let line = |name: &str, text: &str| {
            vec![Span::new(Tone::Argument, format!("{name:<12} ")), Span::new(Tone::Text, text)]
        };
        let long =
            "a string that is much too long for one line, and goes on below where it began, as values do";
        let hex = (0..12).map(|at| vec![Span::new(Tone::Plain, format!("+{at:03x}0  68 69 0a 00  |hi..|"))]);
        vec![
            Section {
                title: "openat".into(),
                lines: vec![line("thread", "4711"), line("row", &index.to_string())],
            },
            Section {
                title: "Arguments".into(),
                lines: vec![line("dirfd", "AT_FDCWD"), line("pathname", long)],
            },
            Section { title: "Memory at entry".into(), lines: hex.collect() },
        ]
    }

    fn in_flight(&mut self) -> Vec<Row> {
        let spans = vec![Span::new(Tone::Name, "wait4"), Span::new(Tone::Plain, "(-1, ...)")];
        vec![Row { spans, result: Span::new(Tone::Dim, "1.5s ..."), ..Self::row(99) }]
    }

    fn position(&mut self, number: usize) -> usize {
        if self.filtered { number / 3 } else { number }
    }

    fn filter(&mut self, filter: &Filter) -> Result<(), String> {
        if filter.expression == "wrong" {
            let text = "no field is called 'wrong'; nearest: errno, at column 1: >>wrong<< and this goes on for more than one line";
            return Err(text.into());
        }
        self.filtered = *filter != Filter::default();
        Ok(())
    }

    fn search(&mut self, needle: &str, from: usize, _direction: Direction) {
        self.search = match needle {
            "" => Search::Idle,
            "slow" => Search::Searching,
            "locale/50" => Search::Found(50.max(from)),
            _ => Search::Nothing,
        };
    }

    fn found(&mut self) -> Search {
        self.search
    }

    fn processes(&mut self) -> Vec<Process> {
        let process = |id: usize, parent: Option<usize>, command: &str, ended: Option<Span>| Process {
            id,
            parent,
            pid: 4711 + id as i32,
            command: command.into(),
            took: if ended.is_some() { "1.21s".into() } else { String::new() },
            ended,
            calls: 1000 * (id as u64 + 1),
            errors: id as u64,
        };
        vec![
            process(0, None, "make -j8", None),
            process(1, Some(0), "sh -c 'cc -c a.c'", Some(Span::new(Tone::Dim, "exit 0"))),
            process(2, Some(1), "cc -c a.c", Some(Span::new(Tone::Bad, "exit 1"))),
            process(3, Some(0), "sh -c 'cc -c b.c -o a-very-long-name-of-an-object-file.o'", None),
        ]
    }

    fn statistics(&mut self) -> Vec<Statistic> {
        let row = |name: &str, calls: u64, errors: u64, total_ns: u64| Statistic {
            name: name.into(),
            calls,
            errors,
            total_ns,
            longest_ns: total_ns / 2,
            times: [total_ns, total_ns / calls, total_ns / 2].map(|ns| format!("{}us", ns / 1000)),
        };
        vec![row("read", 12, 0, 340_000), row("openat", 100, 33, 120_000), row("mmap", 7, 1, 900_000)]
    }
}

/// A program that has written once.
struct Shell(Vec<u8>, Vec<u8>);

impl Shell {
    fn new() -> Self {
        Self(
            b"\x1b]0;title\x07$ ls\r\n\x1b[1;31mred\x1b[0m \xe4\xb8\xad\xe6\x96\x87 end\r\n$ ".to_vec(),
            Vec::new(),
        )
    }
}

impl Program for Shell {
    fn is_running(&mut self) -> bool {
        true
    }
    fn at_leaving(&self) -> Command {
        Command::Kill
    }
    fn command(&mut self, _command: Command) {}
    fn terminal(&mut self) -> Option<&mut dyn ProgramTerminal> {
        Some(self)
    }
}

impl ProgramTerminal for Shell {
    fn read(&mut self, bytes: &mut Vec<u8>) -> bool {
        bytes.append(&mut self.0);
        !bytes.is_empty()
    }
    fn write(&mut self, bytes: &[u8]) {
        self.1.extend_from_slice(bytes);
    }
    fn resize(&mut self, rows: u16, columns: u16) {
        self.1.extend_from_slice(format!("<{rows}x{columns}>").as_bytes());
    }
}

/// A screen with a state, pressed by tests.
struct Bench<P> {
    app: App,
    timeline: Fake,
    program: P,
    screen: Terminal<TestBackend>,
    theme: Theme,
}

impl<P: Program> Bench<P> {
    fn new(size: (u16, u16), live: bool, mut program: P) -> Self {
        let app = App::new(size, live, program.terminal().is_some());
        let screen = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let mut bench = Self { app, timeline: Fake::new(live), program, screen, theme: Theme::new(true) };
        bench.draw();
        bench
    }

    fn draw(&mut self) {
        self.app.refresh(&mut self.timeline, &mut self.program);
        let (app, theme) = (&self.app, self.theme);
        self.screen.draw(|frame| view::draw(frame, app, theme)).unwrap();
    }

    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        let event = Event::Key(KeyEvent::new(code, modifiers));
        input::event(&mut self.app, &event, &mut self.timeline, &mut self.program);
        self.draw();
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        for letter in keys.chars() {
            let code = match letter {
                '\n' => KeyCode::Enter,
                '\x1b' => KeyCode::Esc,
                '\t' => KeyCode::Tab,
                other => KeyCode::Char(other),
            };
            self.key(code, KeyModifiers::NONE);
        }
        self
    }

    fn text(&self) -> String {
        let buffer = self.screen.backend().buffer();
        let width = usize::from(buffer.area.width);
        let mut text = String::new();
        for line in buffer.content.chunks(width) {
            let mut skip = 0;
            let mut shown = String::new();
            for cell in line {
                if skip == 0 {
                    shown.push_str(cell.symbol());
                }
                // The second column of a wide character is empty.
                skip = if skip > 0 {
                    skip - 1
                } else {
                    usize::from(cell.symbol().chars().any(|c| c >= '\u{2e80}'))
                };
            }
            text.push_str(shown.trim_end());
            text.push('\n');
        }
        text
    }

    fn is(&mut self, name: &str) {
        self.draw();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frames").join(format!("{name}.txt"));
        let text = self.text();
        if std::env::var_os("UPDATE_FRAMES").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, expected, "{name} is now:\n{text}");
    }
}

fn recording(size: (u16, u16)) -> Bench<NoProgram> {
    Bench::new(size, false, NoProgram)
}

#[test]
fn events() {
    recording((80, 24)).is("events");
    recording((40, 8)).is("events-small");
    recording((120, 24)).press("jj").is("events-wide");
    Bench::new((80, 24), true, NoProgram).is("events-live");
}

#[test]
fn details() {
    recording((80, 24)).press("jjj\n").is("details");
    recording((50, 12)).press("jjj\n").is("details-small");
    let mut bench = recording((160, 24));
    bench.press("\n");
    bench.key(KeyCode::PageDown, KeyModifiers::NONE);
    bench.is("details-beside");
}

#[test]
fn processes() {
    recording((80, 24)).press("2").is("processes");
    recording((80, 24)).press("2j-").is("processes-folded");
    recording((40, 8)).press("2").is("processes-small");
}

#[test]
fn counts() {
    recording((80, 24)).press("3").is("counts");
    recording((80, 24)).press("3oor").is("counts-reversed");
    recording((40, 8)).press("3").is("counts-small");
}

#[test]
fn help() {
    recording((80, 24)).press("?").is("help");
    recording((120, 30)).press("?").is("help-wide");
    let mut bench = recording((40, 8));
    bench.press("?");
    bench.key(KeyCode::PageDown, KeyModifiers::NONE);
    bench.is("help-small");
}

#[test]
fn lines_that_are_typed() {
    recording((80, 24)).press("/locale/50").is("search");
    recording((80, 24)).press("/nowhere").is("search-nothing");
    recording((80, 24)).press("wwrong\n").is("where-wrong");
    recording((80, 24)).press("wfailed\n").is("where");
    recording((40, 8)).press("wwrong\n").is("where-small");
    // What was typed can be given up, and nothing has happened.
    let mut bench = recording((80, 24));
    bench.press("jj/locale/50");
    assert_eq!(bench.app.list.selected, 50);
    bench.press("\x1b");
    assert_eq!(bench.app.list.selected, 2);
    bench.is("given-up");
}

#[test]
fn the_program() {
    let mut bench = Bench::new((80, 24), true, Shell::new());
    bench.is("program");
    bench.press("ils");
    bench.key(KeyCode::Char('c'), KeyModifiers::CONTROL);
    bench.is("program-typing");
    // Ctrl-], as terminals send it, comes back, and is typed by pressing it again.
    bench.key(KeyCode::Char('5'), KeyModifiers::CONTROL);
    bench.press("q");
    bench.is("program-question");
    bench.press("\x1b");
    bench.key(KeyCode::Char('5'), KeyModifiers::CONTROL);
    assert_eq!(bench.program.1, b"<7x80>ls\x03\x1d");
    bench.key(KeyCode::Char('5'), KeyModifiers::CONTROL);
    bench.press("z").is("program-zoomed");
    assert!(bench.program.1.ends_with(b"<21x80>"));
    bench.press("zt").is("program-hidden");
    bench.press("t");
    Bench::new((50, 10), true, Shell::new()).press("i").is("program-small");
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    recording((39, 24)).is("too-small");
    for width in (0..60).step_by(3) {
        for height in 0..16 {
            for keys in ["", "\n", "2", "3", "?", "/x", "wwrong\n", "i", "z"] {
                Bench::new((width.max(1), height.max(1)), true, Shell::new()).press(keys);
            }
        }
    }
}

#[test]
fn colours_mean_something_and_can_be_off() {
    let mut bench = recording((80, 24));
    bench.press("j");
    let colored = |bench: &Bench<NoProgram>| {
        let cells = &bench.screen.backend().buffer().content;
        cells.iter().filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset).count()
    };
    let cell = |bench: &Bench<NoProgram>, x: u16, y: u16| {
        bench.screen.backend().buffer().cell((x, y)).unwrap().clone()
    };
    assert!(colored(&bench) > 100);
    // An error, and the bar of the cursor.
    assert_eq!(
        (cell(&bench, 31, 6).symbol().to_owned(), cell(&bench, 31, 6).fg),
        ("T".to_owned(), Color::Red)
    );
    assert!(cell(&bench, 0, 3).modifier.contains(Modifier::REVERSED));
    bench.theme = Theme::new(false);
    bench.press("/locale/50");
    assert_eq!(colored(&bench), 0);
}

#[test]
fn a_paused_screen_stays_and_then_catches_up() {
    let mut bench = Bench::new((80, 24), true, NoProgram);
    bench.press("p");
    bench.timeline.filtered = true;
    bench.draw();
    assert_eq!(bench.app.status.rows, 100);
    bench.press("p");
    assert_eq!(bench.app.status.rows, 33);
    assert!(bench.app.list.follow && bench.app.list.selected == 32);
}

/// The emulator takes any bytes, at any size.
#[test]
fn hostile_output_moves_nothing_but_the_emulator() {
    let mut state = 0x1234_5678_9abc_def0_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let pieces: &[&[u8]] = &[
        b"\x1b[",
        b"\x1b]0;",
        b"\x07",
        b"\x1b\\",
        b"?1049h",
        b"?1049l",
        b"9999;9999H",
        b"2J",
        b"65535A",
        b"r",
        b"L",
        b"M",
        b"P",
        b"@",
        b"\xe4\xb8\xad",
        b"\xcc\x81",
        b"\xff",
        b"\r\n",
        b"\t",
        b"\x08",
        b"1;1r",
        b"5;3r",
        b"38;2;1;2;3m",
        b"\x1bM",
        b"\x1bc",
        b"\x1b7",
        b"\x1b8",
        b"x",
        b"\xf0\x9f\x91\xa9\xe2\x80\x8d",
        b";",
        b"0",
        b"6n",
        b"\0",
        b"S",
        b"T",
    ];
    let mut bench = Bench::new((60, 16), true, Shell::new());
    for _ in 0..3000 {
        for _ in 0..random(12) {
            bench.program.0.extend_from_slice(pieces[random(pieces.len() as u64) as usize]);
        }
        if random(10) == 0 {
            let (width, height) = (random(100) as u16, random(40) as u16);
            input::event(
                &mut bench.app,
                &Event::Resize(width, height),
                &mut bench.timeline,
                &mut bench.program,
            );
            bench.screen.backend_mut().resize(width.max(1), height.max(1));
        }
        bench.draw();
        let control = |cell: &ratatui::buffer::Cell| cell.symbol().chars().any(char::is_control);
        assert!(!bench.screen.backend().buffer().content.iter().any(control));
    }
}
