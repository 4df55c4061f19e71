//! Job control of a program that the launch puts into the foreground of a terminal, in a real one (tmux): Ctrl-Z
//! gives the shell its terminal back, fg goes on, Ctrl-C ends, for `trace spawn` and for `trace`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::process::Command;
use std::time::Duration;

use support::procfs::wait_until;
use support::{TempDir, has_tool, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// A shell in a terminal of its own.
struct Screen(String);

impl Screen {
    fn open(name: &str) -> Self {
        let screen = Self(format!("trace-{name}-{}", std::process::id()));
        screen.tmux(&[
            "new-session",
            "-d",
            "-x",
            "160",
            "-y",
            "40",
            "env PS1='ready> ' bash --norc --noprofile",
        ]);
        screen.shows("ready>");
        screen
    }

    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").args(["-L", &self.0]).args(args).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn text(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-J"])
    }

    fn types(&self, line: &str) {
        self.tmux(&["send-keys", "-l", line]);
        self.tmux(&["send-keys", "Enter"]);
    }

    fn key(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    fn shows(&self, what: &str) {
        let shown = wait_until(Duration::from_secs(20), || self.text().contains(what));
        assert!(shown, "'{what}' does not appear in\n{}", self.text());
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

fn job_control(name: &str, command: &str) {
    if !has_tool("tmux") {
        return missing(name, "tmux (package tmux)");
    }
    let screen = Screen::open(name);
    // The marks are assembled by the shell, so that the typed line does not hold them.
    screen.types(&format!("{command} sh -c 'm=up; echo is-$m; exec sleep 100'"));
    screen.shows("is-up");
    screen.key("C-z");
    screen.shows("Stopped");
    screen.types("m=has; echo shell-$m-it");
    screen.shows("shell-has-it");
    screen.types("fg");
    // The shell echoes the command that goes on; then the terminal is the program's.
    assert!(wait_until(Duration::from_secs(20), || screen.text().matches("exec sleep 100").count() >= 3));
    screen.key("C-c");
    screen.types("echo status=$?");
    screen.shows("status=130");
    screen.types("m=end; echo at-$m");
    screen.shows("at-end");
}

#[test]
fn a_launched_foreground_program_stops_and_goes_on() {
    job_control("launched", &format!("{TRACE} spawn --foreground --"));
}

#[test]
fn a_traced_foreground_program_stops_and_goes_on() {
    let dir = TempDir::new("foreground");
    let log = dir.join("log");
    job_control("traced", &format!("{TRACE} -o {} --foreground", log.display()));
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(log.contains("--- stopped by SIGTSTP ---") && log.contains("killed by SIGINT"), "{log}");
}
