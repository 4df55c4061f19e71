//! `trace tui` itself in a terminal (tmux): what is seen, what keys do, and that nothing is left behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::procfs::{self, wait_until};
use support::{TempDir, has_tool, missing, this_test};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");
const PATIENCE: Duration = Duration::from_secs(30);

/// A shell in a terminal of its own.
struct Screen {
    socket: String,
    dir: TempDir,
}

impl Screen {
    /// None after saying what is missing.
    fn open(width: u32, height: u32) -> Option<Self> {
        if !has_tool("tmux") {
            missing(&this_test(), "tmux (package tmux)");
            return None;
        }
        let screen = Self {
            socket: format!("trace-tui-{}-{}", std::process::id(), support::serial()),
            dir: TempDir::new("tui"),
        };
        let (width, height) = (width.to_string(), height.to_string());
        let shell = "exec env -u NO_COLOR TERM=screen-256color PS1='ready> ' bash --norc --noprofile";
        screen.tmux(&["-f", "/dev/null", "new-session", "-d", "-x", &width, "-y", &height, shell]);
        screen.shows("ready>");
        let dir = screen.dir.path().display();
        screen.line(&format!("cd {dir}; trace() {{ {TRACE} \"$@\"; }}; clear"));
        Some(screen)
    }

    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").args(["-L", &self.socket]).args(args).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn text(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Types text and nothing else.
    fn types(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    /// Types a line.
    fn line(&self, text: &str) {
        self.types(text);
        self.keys(&["Enter"]);
    }

    /// Presses keys by tmux's names.
    fn keys(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    fn waits_for(&self, what: &str, holds: impl Fn(&str) -> bool) {
        assert!(wait_until(PATIENCE, || holds(&self.text())), "{what} in\n{}", self.text());
    }

    fn shows(&self, what: &str) {
        self.waits_for(&format!("no '{what}'"), |text| text.contains(what));
    }

    fn hides(&self, what: &str) {
        self.waits_for(&format!("still '{what}'"), |text| !text.contains(what));
    }

    /// The shell has its terminal back.
    fn is_back(&self) {
        self.waits_for("no prompt at the end", |text| text.trim_end().ends_with("ready>"));
    }

    /// The settings of the terminal.
    fn settings(&self, file: &str) -> String {
        self.line(&format!("stty -a > {file}; stty -g >> {file}; echo done >> {file}"));
        let path = self.dir.join(file);
        let text = || std::fs::read_to_string(&path).unwrap_or_default();
        assert!(wait_until(PATIENCE, || text().ends_with("done\n")), "{}", self.text());
        self.is_back();
        text()
    }

    /// The modes that a screen changes: the other screen, the cursor, keys, pasting.
    fn modes(&self) -> String {
        self.tmux(&[
            "display-message",
            "-p",
            "#{alternate_on} #{cursor_flag} #{keypad_cursor_flag} #{pane_title}",
        ])
    }

    fn foreground(&self, name: &str) -> i32 {
        let mut found = 0;
        let tty = self.tmux(&["display-message", "-p", "#{pane_pid}"]);
        let shell: i32 = tty.trim().parse().unwrap();
        let named = |pid: &i32| {
            std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim() == name
        };
        let there = wait_until(PATIENCE, || {
            found = procfs::children(shell).into_iter().find(named).unwrap_or(0);
            found != 0
        });
        assert!(there, "no {name} below the shell:\n{}", self.text());
        found
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// A process that ends with the test.
struct Background(Child);

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A loop that makes the same few calls again and again, slowly.
const LOOP: &str = "sh -c 'while :; do echo tick; sleep 0.1; done'";

#[test]
fn a_live_run_is_followed_and_paused() {
    let Some(screen) = Screen::open(80, 24) else { return };
    screen.line(&format!("trace tui --where 'name == write' -- {LOOP}"));
    screen.shows("live, following");
    screen.shows("TIME THREAD         RESULT  CALL");
    screen.shows("write(1, \"tick\\n\", 5)");
    // The program's terminal has what it wrote.
    screen.waits_for("no output", |text| text.lines().filter(|line| line.trim() == "tick").count() > 2);
    screen.keys(&["p"]);
    screen.shows("paused");
    let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
    let before = last(&screen.text());
    screen.keys(&["Up", "Up"]);
    screen.waits_for("a cursor that stays", |text| last(text) != before);
    screen.hides("following");
    screen.keys(&["p"]);
    screen.hides("paused");
    screen.keys(&["G"]);
    screen.shows("following");
    screen.keys(&["q"]);
    screen.shows("The program still runs. k: kill it and leave");
    screen.keys(&["Escape"]);
    screen.hides("kill it and leave");
    screen.keys(&["q", "k"]);
    screen.is_back();
}

#[test]
fn rows_are_searched_and_filtered_and_counted() {
    let Some(screen) = Screen::open(80, 24) else { return };
    screen
        .line("trace record -o run.trace sh -c 'cat /etc/passwd /nonexistent-1; cat /nonexistent-2'; clear");
    screen.is_back();
    screen.line("trace tui run.trace");
    screen.shows("execve(");
    screen.shows("sh -c 'cat /etc/passwd");
    // Incrementally: the first row appears while the text is typed, and goes with it.
    screen.keys(&["/"]);
    screen.types("NONEXISTENT-");
    screen.shows("no row holds 'NONEXISTENT-'");
    screen.keys(&["C-u"]);
    screen.types("CWD, \"/nonexistent-");
    screen.shows("\"/nonexistent-1\", O_RDONLY)");
    screen.keys(&["Enter", "n"]);
    screen.shows("\"/nonexistent-2\"");
    screen.keys(&["N"]);
    screen.shows("\"/nonexistent-1\", O_RDONLY)");
    // An expression: what is wrong with it is told where it is typed.
    screen.keys(&["w"]);
    screen.types("name == opena");
    screen.keys(&["Enter"]);
    screen.shows("no syscall is called 'opena'; nearest: open");
    screen.keys(&["C-u"]);
    screen.types("name == openat and errno == ENOENT and path ~ \"nonexist\"");
    screen.keys(&["Enter"]);
    screen.shows("only where name == openat");
    screen.waits_for("not two rows", |text| {
        text.lines().filter(|line| line.contains("ENOENT  openat(AT_FDCWD, \"/nonexistent-")).count() == 2
    });
    screen.waits_for("no 2 of all", |text| text.lines().last().is_some_and(|line| line.contains("/2 of ")));
    screen.keys(&["3"]);
    screen.waits_for("no counts of the filter", |text| text.contains("  openat") && !text.contains("mmap"));
    screen.keys(&["x", "3"]);
    screen.shows("mmap");
    screen.keys(&["o"]);
    screen.shows("v CALLS");
    screen.keys(&["o", "o", "o", "o"]);
    screen.shows("SYSCALL v");
    screen.shows("  access");
    screen.keys(&["r"]);
    screen.shows("  write");
    screen.keys(&["Enter"]);
    screen.shows("only where name == write");
    screen.keys(&["q"]);
    screen.is_back();
}

#[test]
fn processes_fold_and_filter() {
    let Some(screen) = Screen::open(100, 30) else { return };
    screen.line("trace tui -- sh -c 'sh -c \"cat /dev/null; true\"; cat /dev/null; exit 3'");
    screen.shows("exited with 3");
    screen.keys(&["2"]);
    screen.shows("COMMAND");
    screen.waits_for("not all", |text| text.matches("    cat /dev/null").count() == 2);
    screen.shows("exit 3");
    screen.keys(&["Down", "-"]);
    screen.waits_for("nothing folded", |text| {
        text.contains("+ sh -c 'cat /dev/null; true'") && text.matches("    cat /dev/null").count() == 1
    });
    screen.keys(&["+", "Enter"]);
    screen.shows("only process ");
    // The inner shell starts a program; what that does is not its own.
    screen.keys(&["/"]);
    screen.types("fadvise64");
    screen.shows("no row holds");
    screen.keys(&["Escape"]);
    screen.hides("fadvise64");
    screen.keys(&["2", "s"]);
    screen.shows("and below");
    screen.keys(&["/"]);
    screen.types("fadvise64");
    screen.shows("fadvise64(");
    screen.keys(&["Enter", "x"]);
    screen.hides("and below");
    screen.keys(&["q"]);
    screen.is_back();
}

#[test]
fn details_have_every_argument_memory_and_the_stack() {
    let Some(screen) = Screen::open(100, 50) else { return };
    let source = "#include <unistd.h>\n__attribute__((noinline)) void hello(void) { write(1, \"hello, details\\n\", 15); }\nint main(void) { hello(); return 0; }\n";
    std::fs::write(screen.dir.join("hello.c"), source).unwrap();
    let gcc =
        Command::new("gcc").args(["-O0", "-o", "hello", "hello.c"]).current_dir(screen.dir.path()).status();
    if !gcc.is_ok_and(|status| status.success()) {
        return missing(&this_test(), "gcc (package gcc)");
    }
    screen.line("trace tui -k --where 'name == write' -- ./hello");
    screen.shows("exited with 0");
    screen.shows("only where name == write");
    screen.shows("write(1, \"hello, details\\n\", 15)");
    screen.keys(&["Enter"]);
    screen.shows("── event ");
    screen.shows("fd           1</dev/pts/");
    screen.shows("buf          \"hello, details\\n\"");
    screen.shows("count        15");
    screen.shows("68 65 6c 6c 6f 2c 20 64  65 74 61 69 6c 73 0a     |hello, details.|");
    screen.keys(&["PageDown"]);
    screen.shows("Stack");
    screen.waits_for("no stack", |text| text.contains("hello(hello+0x") && text.contains("hello(main+0x"));
    screen.keys(&["Enter"]);
    screen.hides("── event ");
    screen.keys(&["q"]);
    screen.is_back();
}

#[test]
fn the_program_has_a_terminal_of_its_own() {
    let Some(screen) = Screen::open(80, 24) else { return };
    let python = has_tool("python3");
    if !python {
        missing(&this_test(), "python3 (package python3)");
        return;
    }
    screen.line("trace tui -- python3 -q -i -S");
    screen.shows(">>>");
    screen.keys(&["i"]);
    screen.shows("Keys go to the program");
    screen.line("print(6 * 7, 'q' * 3)");
    screen.shows("42 qqq");
    screen.line("import os; print(os.get_terminal_size(), os.isatty(0), os.ttyname(0)[:9])");
    screen.shows("columns=80, lines=7) True /dev/pts/");
    screen.keys(&["C-]"]);
    screen.hides("Keys go to the program");
    screen.keys(&["z", "i"]);
    screen.line("print(os.get_terminal_size(), os.environ['TERM'])");
    screen.shows("columns=80, lines=21) xterm-256color");
    // A control key reaches the program and not the screen.
    screen.keys(&["C-c"]);
    screen.shows("KeyboardInterrupt");
    screen.line("raise SystemExit(5)");
    screen.shows("exited with 5");
    screen.keys(&["C-]", "z"]);
    screen.shows("exit_group(5)");
    screen.keys(&["q"]);
    screen.is_back();
}

#[test]
fn a_running_process_is_attached_to_and_let_go() {
    let Some(screen) = Screen::open(80, 24) else { return };
    let sleeper = Command::new("sh").args(["-c", "while :; do sleep 0.7; done"]).stdin(Stdio::null()).spawn();
    let sleeper = Background(sleeper.unwrap());
    let pid = sleeper.0.id() as i32;
    screen.line(&format!("trace tui -p {pid}"));
    screen.shows("live, following");
    // What it waits in stands below the list, with the time that it has waited.
    screen.waits_for("no call in flight", |text| {
        text.lines().any(|line| line.contains("s ...  wait4(-1, ...)"))
    });
    screen.shows(&format!("process {pid}"));
    assert_ne!(procfs::tracer_of(pid), 0);
    screen.keys(&["q"]);
    screen.shows("The program is still traced. d: let it run on and leave");
    screen.keys(&["d"]);
    screen.is_back();
    assert_eq!(procfs::tracer_of(pid), 0);
    // A signal lets it go too, without a question.
    screen.line(&format!("clear; trace tui -p {pid}"));
    screen.shows("live, following");
    assert!(procfs::kill(screen.foreground("trace"), libc::SIGTERM));
    screen.is_back();
    assert_eq!(procfs::tracer_of(pid), 0);
    assert!(
        wait_until(PATIENCE, || matches!(procfs::state(pid), Some('S' | 'R'))),
        "{:?}",
        procfs::state(pid)
    );
}

#[test]
fn the_terminal_is_as_it_was() {
    let Some(screen) = Screen::open(80, 24) else { return };
    let (settings, modes) = (screen.settings("before"), screen.modes());
    // Signals: the program ends with the screen, whose status tells of the signal.
    for (signal, status) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        screen.line(&format!("trace tui -- {LOOP}"));
        screen.shows("live, following");
        let pid = screen.foreground("trace");
        let program = *procfs::children(pid).first().unwrap();
        let number = match signal {
            "TERM" => libc::SIGTERM,
            "INT" => libc::SIGINT,
            _ => libc::SIGHUP,
        };
        assert!(procfs::kill(pid, number));
        screen.is_back();
        screen.line("echo \"it was $?\"");
        screen.shows(&format!("it was {status}"));
        assert!(
            wait_until(PATIENCE, || procfs::state(program).is_none_or(|state| state == 'Z')),
            "{program} runs"
        );
        assert_eq!(screen.settings("after"), settings, "after SIG{signal}");
        assert_eq!(screen.modes(), modes, "after SIG{signal}");
        screen.line("clear");
    }
    // The program is killed from outside, and the screen stays until it is left.
    screen.line(&format!("trace tui -- {LOOP}"));
    screen.shows("live, following");
    let program = *procfs::children(screen.foreground("trace")).first().unwrap();
    assert!(procfs::kill(program, libc::SIGKILL));
    screen.shows("killed by SIGKILL");
    screen.keys(&["q"]);
    screen.is_back();
    assert_eq!((screen.settings("last"), screen.modes()), (settings, modes));
}

#[test]
fn nothing_of_the_program_reaches_the_terminal_unescaped() {
    let Some(screen) = Screen::open(80, 24) else { return };
    let modes = screen.modes();
    // A file name, an argument, and output that sets the title, the clipboard and modes, and clears the screen.
    let script = "import os,sys\nname='\\x1b]0;TITLE\\x07\\x1b[2J\\x1b[31mX\\u202e'\ntry: open(name)\nexcept OSError: pass\nos.write(1, b'\\x1b]0;TITLE\\x07\\x1b]52;c;aGk=\\x07\\x1b[?1000h\\x1b[?1049hshown\\r\\n\\x1b[?7l\\x1b(0')\n";
    std::fs::write(screen.dir.join("hostile.py"), script).unwrap();
    if !has_tool("python3") {
        return missing(&this_test(), "python3 (package python3)");
    }
    screen.line("trace tui -- python3 -S hostile.py $'\\e[5m\\e]0;TITLE\\a'");
    screen.shows("exited with 0");
    screen.shows("shown");
    screen.shows("python3 -S hostile.py $'\\033");
    screen.keys(&["/"]);
    screen.types("[31mX\\342\\200\\256");
    screen.shows("TITLE\\7\\33[2J\\33[31mX\\342\\200\\256");
    screen.keys(&["Enter", "Enter", "2"]);
    screen.shows("COMMAND");
    screen.keys(&["q"]);
    screen.is_back();
    assert_eq!(screen.modes(), modes);
    assert_eq!(screen.tmux(&["show-buffer"]), "", "the clipboard was written");
}

#[test]
fn sizes_change_and_small_ones_say_so() {
    let Some(screen) = Screen::open(80, 24) else { return };
    screen.line("trace tui -- sh -c 'stty size; read x; stty size'");
    screen.shows("7 80");
    // It had this size from the start.
    screen.keys(&["g"]);
    screen.shows("0  execve(");
    screen.hides("SIGWINCH");
    screen.tmux(&["resize-window", "-x", "120", "-y", "40"]);
    screen.shows("TOOK");
    screen.keys(&["i", "Enter"]);
    screen.shows("14 120");
    screen.keys(&["C-]"]);
    screen.tmux(&["resize-window", "-x", "30", "-y", "5"]);
    screen.shows("40x8 needed, this is 30x5");
    screen.tmux(&["resize-window", "-x", "80", "-y", "24"]);
    screen.shows("exited with 0");
    screen.keys(&["?"]);
    screen.shows("leave");
    screen.shows("Everywhere");
    screen.keys(&["?", "q"]);
    screen.is_back();
}

#[test]
fn the_recording_is_kept_where_that_is_asked_for() {
    let Some(screen) = Screen::open(80, 24) else { return };
    screen.line("trace tui -o kept.trace -- sh -c 'echo kept; exit 4'");
    screen.shows("exited with 4");
    screen.keys(&["q"]);
    screen.is_back();
    let output =
        Command::new(TRACE).args(["replay", "-e", "write"]).arg(screen.dir.join("kept.trace")).output();
    let text = String::from_utf8_lossy(&output.unwrap().stderr).into_owned();
    assert!(text.contains("write(1, \"kept\\n\", 5)") && text.contains("+++ exited with 4 +++"), "{text}");
    // A killed one is shown as far as it goes, and says so.
    let bytes = std::fs::read(screen.dir.join("kept.trace")).unwrap();
    std::fs::write(screen.dir.join("cut.trace"), &bytes[..bytes.len() - 40]).unwrap();
    screen.line("clear; trace tui cut.trace");
    screen.shows("the recording ends early");
    screen.shows("execve(");
    screen.keys(&["Down"]);
    screen.hides("the recording ends early");
    screen.keys(&["q"]);
    screen.is_back();
}

#[test]
fn bad_input_is_one_sentence() {
    let dir = TempDir::new("tui-bad");
    std::fs::write(dir.join("text.trace"), "#!/bin/sh\n").unwrap();
    std::fs::write(dir.join("empty.trace"), "").unwrap();
    std::fs::create_dir(dir.join("dir.trace")).unwrap();
    let rows: &[(&[&str], &str)] = &[
        (&[], "trace: must have PROG [ARGS] or -p PID"),
        (&["--no-such"], "trace: unrecognized option '--no-such'"),
        (&["missing.trace"], "trace: cannot open 'missing.trace': No such file or directory"),
        (&["text.trace"], "trace: 'text.trace': not a recording"),
        (&["empty.trace"], "trace: 'empty.trace': the recording is empty"),
        (&["dir.trace"], "trace: 'dir.trace' is no regular file"),
        (
            &["no-such-program"],
            "trace: Can't stat 'no-such-program': No such file or directory, nor is it a recording",
        ),
        (&["--", "no-such-program"], "trace: Can't stat 'no-such-program': No such file or directory\n"),
        (&["--where", "nmae == read", "--", "true"], "trace: --where: "),
        (&["-c", "--", "true"], "trace: tui: the screen shows calls and counts itself"),
        (&["-p", "0"], "trace: Invalid process id: '0'"),
        (&["--", "true"], "trace: tui: standard input and output must be a terminal"),
        (&["-p", "1"], "trace: tui: standard input and output must be a terminal"),
    ];
    for (words, text) in rows {
        let mut trace = Command::new(TRACE);
        trace.arg("tui").args(*words).current_dir(dir.path()).stdin(Stdio::null());
        let output = trace.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.starts_with(text), "{words:?}: {said}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{words:?}: {said}");
    }
    let help = Command::new(TRACE).args(["tui", "-h"]).output().unwrap();
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).starts_with("Usage: trace tui"));
    // In a terminal: what can only be refused by trying.
    let Some(screen) = Screen::open(100, 24) else { return };
    screen.line("trace tui -p 2147483646; echo \"it was $?\"");
    screen.shows("there is no process 2147483646");
    screen.shows("it was 1");
    std::fs::write(screen.dir.join("bad"), "#!/no/such/interpreter\n").unwrap();
    screen.line("chmod +x bad; clear; trace tui -- ./bad; echo \"it was $?\"");
    screen.shows("exec: No such file or directory");
    screen.keys(&["q"]);
    screen.shows("trace: exec: No such file or directory");
    screen.shows("it was 1");
}

#[test]
fn a_killed_screen_leaves_no_program() {
    let Some(screen) = Screen::open(80, 24) else { return };
    screen.line("trace tui -- sleep 1000");
    screen.shows("live, following");
    let pid = screen.foreground("trace");
    let sleeper = *procfs::children(pid).first().unwrap();
    assert!(procfs::kill(pid, libc::SIGKILL));
    assert!(
        wait_until(PATIENCE, || procfs::state(sleeper).is_none_or(|state| state == 'Z')),
        "{sleeper} runs"
    );
}
