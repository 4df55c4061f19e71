//! For tests of audits: a command with a home, a project and a directory for reports, and what was found.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::TempDir;
use crate::support::run::{Outcome, Run};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Exit statuses of `trace audit check`.
pub const DRIFT: i32 = 120;
pub const VIOLATION: i32 = 121;
pub const TROUBLE: i32 = 125;

/// A place where a command is audited: `home` with a key, `project`, and the rest for the audit.
pub struct Place {
    pub dir: TempDir,
    env: Vec<(String, String)>,
}

/// A finding: level, id, act and name, the last program without its directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub level: String,
    pub id: String,
    pub act: String,
    pub name: String,
    pub program: String,
}

impl Place {
    pub fn new(label: &str) -> Place {
        let place = Place { dir: TempDir::new(label), env: Vec::new() };
        fs::create_dir_all(place.home().join(".ssh")).unwrap();
        fs::write(place.home().join(".ssh/id_rsa"), "a key\n").unwrap();
        fs::create_dir_all(place.project()).unwrap();
        place
    }

    /// One more variable for the commands.
    pub fn env(mut self, name: &str, value: &str) -> Place {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn home(&self) -> PathBuf {
        self.dir.join("home")
    }

    pub fn project(&self) -> PathBuf {
        self.dir.join("project")
    }

    /// Where the evil twin puts what it runs: in a temporary directory, outside of project and home.
    pub fn payload(&self) -> PathBuf {
        self.dir.join("payload")
    }

    /// Makes the project anew of these files.
    pub fn files(&self, files: &[(&str, &str)]) {
        fs::remove_dir_all(self.project()).unwrap();
        fs::create_dir_all(self.project()).unwrap();
        fs::remove_file(self.payload()).ok();
        for (name, text) in files {
            let path = self.project().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
    }

    /// A file for the audit.
    pub fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.dir.join(name), text).unwrap();
        self.path(name)
    }

    pub fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_owned()
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir.join(name)).unwrap_or_default()
    }

    /// `trace audit` with these words, in the project.
    pub fn audit(&self, words: &[&str]) -> Outcome {
        self.command(&[&[TRACE, "audit"][..], words].concat())
    }

    /// Any command there.
    pub fn command(&self, words: &[&str]) -> Outcome {
        let home = self.home();
        let mut run = Run::bare(&self.dir, words)
            .current_dir(&self.project())
            .env("HOME", home.to_str().unwrap())
            .env("TMPDIR", std::env::temp_dir().to_str().unwrap());
        for (name, value) in &self.env {
            run = run.env(name, value);
        }
        run.finish()
    }

    /// Records into `baseline.toml`; the command must succeed.
    pub fn record(&self, options: &[&str], command: &[&str]) {
        let baseline = self.path("baseline.toml");
        let words = [&["record", "-o", &baseline][..], options, &["--"], command].concat();
        let outcome = self.audit(&words);
        assert_eq!(outcome.code(), 0, "{}{}", outcome.stdout, outcome.stderr);
    }

    /// Checks against `baseline.toml`: the exit status, and what was found.
    pub fn check(&self, options: &[&str], command: &[&str]) -> (Outcome, Vec<Found>) {
        let (baseline, report) = (self.path("baseline.toml"), self.path("report.json"));
        fs::remove_file(&report).ok();
        let json = format!("json={report}");
        let words = [&["check", "-b", &baseline, "--report", &json][..], options, &["--"], command].concat();
        let outcome = self.audit(&words);
        let found = if Path::new(&report).exists() { found(&self.json()) } else { Vec::new() };
        (outcome, found)
    }

    /// The last JSON report.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.read("report.json")).unwrap()
    }
}

/// What a JSON report found.
pub fn found(report: &Value) -> Vec<Found> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = |finding: &Value| {
        let last = finding["lineage"].as_array().and_then(|line| line.last()).map(text).unwrap_or_default();
        Found {
            level: text(&finding["level"]),
            id: text(&finding["id"]),
            act: text(&finding["act"]),
            name: text(&finding["name"]),
            program: last.rsplit('/').next().unwrap_or_default().to_owned(),
        }
    };
    report["findings"].as_array().unwrap().iter().map(found).collect()
}

/// `(id, act, name)` of the findings that fail and whose id `wanted` holds, each once, sorted.
pub fn named(found: &[Found], wanted: impl Fn(&str) -> bool) -> Vec<(String, String, String)> {
    let mut list: Vec<_> = found
        .iter()
        .filter(|finding| finding.level == "fail" && wanted(&finding.id))
        .map(|finding| (finding.id.clone(), finding.act.clone(), finding.name.clone()))
        .collect();
    list.sort();
    list.dedup();
    list
}

/// Whether an id is one of drift.
pub fn is_drift(id: &str) -> bool {
    id.starts_with("new-") || id == "changed-program" || id == "missing"
}

/// A server on the loopback that takes connections, its port, and the name of a connection to it in baselines.
pub fn listener() -> (TcpListener, u16, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // What chance gives is above this, unless the machine was set up otherwise.
    let shown = if port >= 32_768 { "<port>".to_owned() } else { port.to_string() };
    (listener, port, format!("tcp 127.0.0.1:{shown}"))
}
