//! What is known of a command's runs, as a file that people review: TOML, sorted, one fact a line.
//!
//! docs/audit.md describes it for readers. The file is data from elsewhere: sizes are capped, unknown keys refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;

use super::deed::Act;

/// The version of the format.
pub const VERSION: u32 = 1;
/// A larger file is no baseline.
pub const MOST_BYTES: u64 = 64 << 20;

/// Facts about what was done: names by act.
pub type Facts = BTreeMap<Act, BTreeSet<String>>;

/// A file that was executed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// Digests of its contents; of what is built in the run there are none.
    pub sha256: BTreeSet<String>,
    /// The interpreter of a script.
    pub interpreter: Option<String>,
    /// It is made in the run, so that its content is not compared.
    pub built: bool,
}

/// What processes of one line of programs do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Process {
    /// There were none in some of the runs.
    pub optional: bool,
    /// What was done in every run.
    pub always: Facts,
    /// What was done in some.
    pub sometimes: Facts,
}

/// The facts of a command's runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// How many runs there were.
    pub runs: u32,
    /// The command of the first, escaped.
    pub command: Vec<String>,
    /// Executed files by name.
    pub programs: BTreeMap<String, Program>,
    /// Processes by the line of programs that led to them, the command's first.
    pub processes: BTreeMap<Vec<String>, Process>,
}

/// Why a text is no baseline: one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(pub String);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

#[derive(Deserialize)]
struct Versioned {
    version: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(rename = "version")]
    _version: u32,
    runs: u32,
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    program: Vec<ProgramForm>,
    #[serde(default)]
    process: Vec<ProcessForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgramForm {
    path: String,
    #[serde(default)]
    sha256: BTreeSet<String>,
    interpreter: Option<String>,
    #[serde(default)]
    built: bool,
}

/// Makes the forms of processes and of their occasional facts, which list facts alike. (A flattened form would take
/// unknown keys.)
macro_rules! with_facts {
    ($form:ident { $($field:ident: $type:ty),* }) => {
        #[derive(Deserialize, Default)]
        #[serde(deny_unknown_fields, default)]
        struct $form {
            $($field: $type,)*
            read: BTreeSet<String>,
            written: BTreeSet<String>,
            created: BTreeSet<String>,
            deleted: BTreeSet<String>,
            renamed: BTreeSet<String>,
            connected: BTreeSet<String>,
            bound: BTreeSet<String>,
        }

        impl $form {
            /// Takes the facts out.
            fn facts(&mut self) -> Facts {
                let rows = [
                    (Act::Read, &mut self.read),
                    (Act::Write, &mut self.written),
                    (Act::Create, &mut self.created),
                    (Act::Delete, &mut self.deleted),
                    (Act::Rename, &mut self.renamed),
                    (Act::Connect, &mut self.connected),
                    (Act::Bind, &mut self.bound),
                ];
                let taken = rows.into_iter().map(|(act, names)| (act, std::mem::take(names)));
                taken.filter(|(_, names)| !names.is_empty()).collect()
            }
        }
    };
}

with_facts!(FactsForm {});
with_facts!(ProcessForm { lineage: Vec<String>, optional: bool, sometimes: FactsForm });

/// What a TOML parser says, in one line with its place.
pub(super) fn toml_error(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| {
        let before = text.as_bytes().get(..span.start).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    });
    let what = error.message().lines().collect::<Vec<_>>().join(" ");
    let what = crate::output::shell::shown(what.as_bytes());
    match line {
        Some(line) => format!("line {line}: {what}"),
        None => what,
    }
}

impl Baseline {
    /// Reads a file's text.
    ///
    /// # Errors
    /// One sentence, to follow the name of the file.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bad = |error: toml::de::Error| Error(format!("is no baseline: {}", toml_error(text, &error)));
        let versioned: Versioned = toml::from_str(text).map_err(bad)?;
        match versioned.version {
            Some(VERSION) => {}
            Some(other) => {
                return Err(Error(format!(
                    "is a baseline of version {other}, and this trace reads version {VERSION}: record it anew"
                )));
            }
            None => {
                return Err(Error(
                    "is no baseline: it has no version; `trace audit record -o FILE -- COMMAND` makes one"
                        .into(),
                ));
            }
        }
        let form: FileForm = toml::from_str(text).map_err(bad)?;
        let program = |form: ProgramForm| {
            (form.path, Program { sha256: form.sha256, interpreter: form.interpreter, built: form.built })
        };
        let process = |mut form: ProcessForm| {
            let (always, sometimes) = (form.facts(), form.sometimes.facts());
            (form.lineage, Process { optional: form.optional, always, sometimes })
        };
        Ok(Self {
            runs: form.runs.max(1),
            command: form.command,
            programs: form.program.into_iter().map(program).collect(),
            processes: form.process.into_iter().map(process).collect(),
        })
    }

    /// The text of the file: the same facts give the same bytes.
    pub fn text(&self) -> String {
        let mut out = String::from(
            "# What a command did, recorded by `trace audit record` and compared by `trace audit check`.\n\
             # <dir>, <home>, <tmp> are the build's, the home and temporary directories; * is any name.\n",
        );
        writeln!(out, "version = {VERSION}\nruns = {}", self.runs).ok();
        let command: Vec<String> = self.command.iter().map(|word| quoted(word)).collect();
        writeln!(out, "command = [{}]", command.join(", ")).ok();
        for (path, program) in &self.programs {
            writeln!(out, "\n[[program]]\npath = {}", quoted(path)).ok();
            if let Some(interpreter) = &program.interpreter {
                writeln!(out, "interpreter = {}", quoted(interpreter)).ok();
            }
            if program.built {
                out.push_str("built = true\n");
            }
            list(&mut out, "sha256", &program.sha256);
        }
        for (lineage, process) in &self.processes {
            let names: Vec<String> = lineage.iter().map(|name| quoted(name)).collect();
            writeln!(out, "\n[[process]]\nlineage = [{}]", names.join(", ")).ok();
            if process.optional {
                out.push_str("optional = true\n");
            }
            facts(&mut out, &process.always);
            if process.sometimes.values().any(|names| !names.is_empty()) {
                out.push_str("[process.sometimes]\n");
                facts(&mut out, &process.sometimes);
            }
        }
        out
    }
}

fn facts(out: &mut String, facts: &Facts) {
    for (act, key) in Act::LISTED {
        if let Some(names) = facts.get(act) {
            list(out, key, names);
        }
    }
}

/// A list, one item a line, so that reviews show what came and went.
fn list(out: &mut String, key: &str, names: &BTreeSet<String>) {
    if names.is_empty() {
        return;
    }
    writeln!(out, "{key} = [").ok();
    for name in names {
        writeln!(out, "  {},", quoted(name)).ok();
    }
    out.push_str("]\n");
}

/// A TOML string; names are printable ASCII, which others are made here.
fn quoted(text: &str) -> String {
    let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if plain && !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    if plain && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(character),
            other => drop(write!(out, "\\U{:08X}", u32::from(other))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn sample() -> Baseline {
        let hostile = "<dir>/\\033]0;\\\"it's\\\"";
        let always = Facts::from([
            (Act::Read, set(&["/etc/passwd", hostile])),
            (Act::Rename, set(&["<dir>/a -> <dir>/b"])),
            (Act::Connect, set(&["tcp 127.0.0.1:<port>"])),
        ]);
        let sometimes = Facts::from([(Act::Create, set(&["<tmp>/*"]))]);
        let process = Process { optional: true, always, sometimes };
        let lineage = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Baseline {
            runs: 2,
            command: vec!["make".into(), "it's \"all\"\u{1b}".into()],
            programs: BTreeMap::from([
                ("/usr/bin/make".into(), Program { sha256: set(&["ab", "cd"]), ..Program::default() }),
                (
                    "<dir>/x.sh".into(),
                    Program { interpreter: Some("/usr/bin/dash".into()), built: true, ..Program::default() },
                ),
            ]),
            processes: BTreeMap::from([
                (lineage(&["/usr/bin/make"]), Process::default()),
                (lineage(&["/usr/bin/make", "<dir>/x.sh"]), process),
            ]),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let baseline = sample();
        let text = baseline.text();
        assert_eq!(Baseline::parse(&text).unwrap(), baseline, "{text}");
        assert_eq!(Baseline::parse(&text).unwrap().text(), text);
        assert!(text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{text}");
    }

    #[test]
    fn other_files_are_refused_in_one_sentence() {
        let rows = [
            ("", "has no version"),
            ("version = 2\nnew = true", "version 2"),
            ("version = 1\nruns = 1\nbogus = 3", "line 3: unknown field `bogus`"),
            ("version = 1\nruns = 1\n[[process]]\nlineage = 3", "line 4:"),
            ("{\"version\": 1}", "is no baseline: line 1"),
            ("\u{1b}[31m", "is no baseline"),
        ];
        for (text, want) in rows {
            let error = Baseline::parse(text).unwrap_err().to_string();
            assert!(error.contains(want), "{text:?}: {error}");
            assert!(!error.contains(['\n', '\u{1b}']), "{error:?}");
        }
    }
}
