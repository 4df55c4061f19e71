//! The guard of the terminal in a real one (tmux): whatever ends the program, the terminal is as it was.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use ratatui::widgets::Paragraph;
use trace_tui::terminal;

/// How the other process ends.
const HOW: &str = "TRACE_TUI_ENDS";

/// Runs in the terminal, in a process of its own; elsewhere it does nothing.
#[test]
fn inside() {
    let Ok(how) = std::env::var(HOW) else { return };
    let (mut screen, guard) = terminal::enter().unwrap();
    screen.draw(|frame| frame.render_widget(Paragraph::new("the screen is taken"), frame.area())).unwrap();
    thread::sleep(Duration::from_millis(300));
    match how.as_str() {
        "returns" => drop(guard),
        "panics" => panic!("on purpose"),
        "another" => {
            thread::spawn(|| panic!("on purpose")).join().unwrap_err();
            assert!(terminal::is_broken());
            // What is drawn from now on goes nowhere.
            screen.draw(|frame| frame.render_widget(Paragraph::new("a late frame"), frame.area())).unwrap();
            thread::sleep(Duration::from_millis(300));
        }
        other => panic!("unknown: {other}"),
    }
}

struct Tmux(String);

impl Tmux {
    fn run(&self, args: &[&str]) -> String {
        let output =
            Command::new("tmux").args(["-L", &self.0, "-f", "/dev/null"]).args(args).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn line(&self, text: &str) {
        self.run(&["send-keys", "-l", text]);
        self.run(&["send-keys", "Enter"]);
    }

    fn shows(&self, what: &str) {
        let begin = Instant::now();
        loop {
            let text = self.run(&["capture-pane", "-p"]);
            if text.contains(what) {
                return;
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "no '{what}' in\n{text}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn state(&self) -> String {
        self.run(&["display-message", "-p", "#{alternate_on} #{cursor_flag} #{pane_in_mode}"])
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn the_terminal_is_given_back() {
    if Command::new("tmux").arg("-V").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "the_terminal_is_given_back: skipped, missing tmux");
        return eprintln!("the_terminal_is_given_back: skipped, missing tmux (package tmux)");
    }
    let tmux = Tmux(format!("trace-guard-{}", std::process::id()));
    tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", "env PS1='ready> ' bash --norc --noprofile"]);
    tmux.shows("ready>");
    let own = std::env::current_exe().unwrap();
    tmux.line(&format!(
        "run() {{ RUST_BACKTRACE=0 {HOW}=$1 {} inside --exact --nocapture; stty -g | md5sum; }}",
        own.display()
    ));
    tmux.line("clear; stty -g | md5sum; echo be''gin");
    tmux.shows("begin");
    let sum = tmux.run(&["capture-pane", "-p"]).split_whitespace().next().unwrap().to_owned();
    let state = tmux.state();
    for how in ["returns", "panics", "another"] {
        tmux.line(&format!("clear; run {how}; echo en''ded"));
        tmux.shows("the screen is taken");
        tmux.shows("ended");
        assert_eq!(tmux.state(), state, "{how}");
        let text = tmux.run(&["capture-pane", "-p"]);
        assert!(text.contains(&sum), "{how}: other settings than {sum}:\n{text}");
        assert!(!text.contains("the screen is taken") && !text.contains("a late frame"), "{how}:\n{text}");
        assert_eq!(text.contains("on purpose"), how != "returns", "{how}:\n{text}");
    }
}
