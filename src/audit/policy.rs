//! What a command may do: the rules of a policy file before those that come with the program; the first rule that
//! fits a deed decides.
//!
//! docs/audit.md describes the file. It is read before the command starts, so that the command cannot change it.

use serde::Deserialize;

use super::baseline::{Error, toml_error};
use super::deed::{Act, Target};
use super::finding::{Check, Level, Origin};
use super::glob::{Parted, Patterns};
use super::hosts::Host;
use super::places::Places;
use super::rules::SHIPPED;
use crate::filter::query::Query;

/// The version of the format.
pub const VERSION: u32 = 1;
/// A larger file is no policy.
pub const MOST_BYTES: u64 = 4 << 20;

/// What becomes of what a rule fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The check fails.
    Fail,
    /// It is told.
    Warn,
    /// It is right, and no drift either.
    Allow,
}

/// What becomes of drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDrift {
    /// The check fails.
    Fail,
    /// It is told.
    Warn,
    /// Nothing.
    Ignore,
}

impl OnDrift {
    /// The weight; `None` for what is not told.
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Fail => Some(Level::Fail),
            Self::Warn => Some(Level::Warn),
            Self::Ignore => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    version: u32,
    #[serde(default = "yes")]
    shipped: bool,
    #[serde(default)]
    drift: DriftForm,
    #[serde(default)]
    rule: Vec<toml::Spanned<RuleForm>>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DriftForm {
    new: OnDrift,
    missing: OnDrift,
}

impl Default for DriftForm {
    fn default() -> Self {
        Self { new: OnDrift::Fail, missing: OnDrift::Warn }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleForm {
    id: String,
    about: Option<String>,
    action: Action,
    #[serde(default)]
    read: Vec<String>,
    #[serde(default)]
    write: Vec<String>,
    #[serde(default)]
    execute: Vec<String>,
    #[serde(default)]
    connect: Vec<String>,
    #[serde(default)]
    bind: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    programs: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(rename = "where")]
    condition: Option<String>,
}

impl RuleForm {
    fn is_bare(&self) -> bool {
        let lists = [&self.read, &self.write, &self.execute, &self.connect, &self.bind];
        lists.iter().all(|list| list.is_empty()) && self.condition.is_none()
    }
}

/// A rule, ready to be asked.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it means, as a sentence without a full stop.
    pub about: String,
    /// What becomes of what it fits.
    pub action: Action,
    /// Its line in the policy file; `None` for a shipped one.
    pub line: Option<usize>,
    read: Patterns,
    write: Patterns,
    execute: Patterns,
    connect: Vec<Host>,
    bind: Vec<Host>,
    except: Patterns,
    programs: Option<Patterns>,
    unless: Patterns,
    condition: Option<Query>,
}

impl Rule {
    fn path_fits(&self, act: Act, path: &Parted<'_>) -> bool {
        let patterns = match act {
            Act::Read => &self.read,
            Act::Write | Act::Create | Act::Delete | Act::Rename => &self.write,
            Act::Execute => &self.execute,
            Act::Connect | Act::Bind | Act::Call => return false,
        };
        let found = patterns.find_parted(path);
        // The closer pattern knows the path better.
        found.is_some() && self.except.find_parted(path).is_none_or(|except| Some(except) < found)
    }

    fn program_fits(&self, program: &[u8]) -> bool {
        self.programs.as_ref().is_none_or(|programs| programs.find(program).is_some())
            && self.unless.find(program).is_none()
    }

    /// Whether it fits what `program` did to a target, whose paths are `paths`.
    fn fits(&self, position: usize, act: Act, target: &Target, paths: &[Parted<'_>], program: &[u8]) -> bool {
        let fits = match target {
            Target::Path(_) | Target::Move(..) => paths.iter().any(|path| self.path_fits(act, path)),
            Target::Peer(peer) => {
                let hosts = if act == Act::Bind { &self.bind } else { &self.connect };
                hosts.iter().any(|host| host.fits(peer))
            }
            Target::Rule(rule) => *rule == position,
        };
        fits && self.program_fits(program)
    }
}

/// The path by which rules know a file: those of the process `own` in /proc are its own.
fn ruled(path: &[u8], own: i32) -> Vec<u8> {
    match path.strip_prefix(format!("/proc/{own}/").as_bytes()) {
        Some(rest) => [b"/proc/self/", rest].concat(),
        None => path.to_vec(),
    }
}

/// All rules, in the order in which they are asked.
#[derive(Debug, Clone)]
pub struct Policy {
    rules: Vec<Rule>,
    /// Conditions of rules on calls, with the position of the rule.
    pub conditions: Vec<(usize, Query)>,
    /// What becomes of what the baseline does not have.
    pub new: OnDrift,
    /// What becomes of what only the baseline has.
    pub missing: OnDrift,
}

/// The id of the rule that guards the audit's own files.
const GUARD: &str = "write-audit";

impl Policy {
    /// The policy of a file's text, or of none, in these places. `guarded` are files that the command must not change:
    /// baseline, policy, reports.
    ///
    /// # Errors
    /// One sentence, to follow the name of the file.
    pub fn new(text: Option<&str>, places: &Places, guarded: &[Vec<u8>]) -> Result<Self, Error> {
        let text = text.unwrap_or("version = 1\n");
        let form: FileForm = toml::from_str(text)
            .map_err(|error| Error(format!("is no policy: {}", toml_error(text, &error))))?;
        if form.version != VERSION {
            let version = form.version;
            return Err(Error(format!(
                "is a policy of version {version}, and this trace reads version {VERSION}"
            )));
        }
        let mut rules = Vec::new();
        let mut changed: Vec<(String, Action, usize)> = Vec::new();
        for spanned in form.rule {
            let line = 1 + text.as_bytes()[..spanned.span().start].iter().filter(|b| **b == b'\n').count();
            let rule = spanned.into_inner();
            let shipped = SHIPPED.iter().any(|shipped| shipped.id == rule.id);
            match (rule.is_bare(), shipped && form.shipped) {
                (true, true) => changed.push((rule.id, rule.action, line)),
                (true, false) => {
                    let id = &rule.id;
                    return Err(Error(format!(
                        "line {line}: rule '{id}' names nothing: give it read, write, execute, connect, bind or where, or the id of a shipped rule"
                    )));
                }
                (false, _) => rules.push(compile(rule, line, places)?),
            }
        }
        rules.push(guard(guarded));
        if form.shipped {
            rules.extend(SHIPPED.iter().map(|row| shipped(row, places)).collect::<Result<Vec<_>, _>>()?);
        }
        for (id, action, line) in changed {
            for rule in rules.iter_mut().filter(|rule| rule.id == id && rule.line.is_none()) {
                (rule.action, rule.line) = (action, Some(line));
            }
        }
        let conditions = rules.iter().enumerate();
        let conditions = conditions.filter_map(|(at, rule)| Some((at, rule.condition.clone()?))).collect();
        Ok(Self { rules, conditions, new: form.drift.new, missing: form.drift.missing })
    }

    /// The rule that decides about a deed of `program`, in process `own`.
    pub fn decide(&self, act: Act, target: &Target, program: &[u8], own: i32) -> Option<&Rule> {
        let paths: Vec<Vec<u8>> = match target {
            Target::Path(path) => vec![ruled(path, own)],
            Target::Move(from, to) => vec![ruled(from, own), ruled(to, own)],
            Target::Peer(_) | Target::Rule(_) => Vec::new(),
        };
        let paths: Vec<Parted<'_>> = paths.iter().map(|path| Parted::new(path)).collect();
        let mut rules = self.rules.iter().enumerate();
        rules.find(|(at, rule)| rule.fits(*at, act, target, &paths, program)).map(|(_, rule)| rule)
    }

    /// Whether a deed that failed is worth a look.
    pub fn tried(&self, act: Act, path: &[u8]) -> bool {
        let path = Parted::new(path);
        self.rules.iter().any(|rule| rule.action != Action::Allow && rule.path_fits(act, &path))
    }

    /// What is checked, each rule's name once: by the heaviest of its name.
    pub fn checks(&self) -> Vec<Check> {
        let mut checks: Vec<Check> = Vec::new();
        for rule in &self.rules {
            let level = match rule.action {
                Action::Fail => Level::Fail,
                Action::Warn => Level::Warn,
                Action::Allow => continue,
            };
            match checks.iter_mut().find(|check| check.id == rule.id) {
                Some(known) => known.level = known.level.min(level),
                None => {
                    let (id, about) = (rule.id.clone(), rule.about.clone());
                    checks.push(Check { id, about, level, origin: Origin::Rule });
                }
            }
        }
        checks
    }
}

/// A rule of the file.
fn compile(form: RuleForm, line: usize, places: &Places) -> Result<Rule, Error> {
    let id = form.id.clone();
    let fail = |what: String| Error(format!("line {line}: rule '{id}': {what}"));
    let plain = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if form.id.is_empty() || !form.id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
        return Err(Error(format!("line {line}: an id is of letters, digits and - _ . alone")));
    }
    if !form.about.as_deref().is_none_or(plain) {
        return Err(fail("about is printable ASCII".into()));
    }
    let patterns = |list: &[String]| {
        Patterns::new(list.iter().map(String::as_str), places)
            .map_err(|(text, why)| fail(format!("'{}': {why}", crate::output::shell::shown(text.as_bytes()))))
    };
    let hosts = |list: &[String]| {
        list.iter().map(|text| Host::parse(text, places)).collect::<Result<Vec<_>, _>>().map_err(&fail)
    };
    let condition = form.condition.as_deref().map(Query::parse).transpose();
    let condition = condition.map(|query| query.map(Query::with_operations));
    let programs = if form.programs.is_empty() { None } else { Some(patterns(&form.programs)?) };
    Ok(Rule {
        about: form.about.clone().unwrap_or_else(|| format!("the policy's rule {}", form.id)),
        action: form.action,
        line: Some(line),
        read: patterns(&form.read)?,
        write: patterns(&form.write)?,
        execute: patterns(&form.execute)?,
        connect: hosts(&form.connect)?,
        bind: hosts(&form.bind)?,
        except: patterns(&form.except)?,
        programs,
        unless: patterns(&form.unless)?,
        condition: condition.map_err(|error| fail(format!("where: {error}")))?,
        id: form.id,
    })
}

/// A rule that comes with the program.
fn shipped(row: &super::rules::Shipped, places: &Places) -> Result<Rule, Error> {
    let fail = |what: String| Error(format!("{}: {what}", row.id));
    let patterns = |list: &[&str]| {
        Patterns::new(list.iter().copied(), places).map_err(|(text, why)| fail(format!("'{text}': {why}")))
    };
    let connect = row.connect.iter().map(|text| Host::parse(text, places)).collect::<Result<Vec<_>, _>>();
    Ok(Rule {
        id: row.id.into(),
        about: row.about.into(),
        action: if row.level == Level::Fail { Action::Fail } else { Action::Warn },
        line: None,
        read: patterns(row.read)?,
        write: patterns(row.write)?,
        execute: patterns(row.execute)?,
        connect: connect.map_err(fail)?,
        bind: Vec::new(),
        except: patterns(row.except)?,
        programs: None,
        unless: patterns(row.unless)?,
        condition: None,
    })
}

/// The rule that guards the audit's own files, whose names are read by their letters.
fn guard(files: &[Vec<u8>]) -> Rule {
    Rule {
        id: GUARD.into(),
        about: "a file of this audit is changed".into(),
        action: Action::Fail,
        line: None,
        read: Patterns::default(),
        write: Patterns::exactly(files),
        execute: Patterns::default(),
        connect: Vec::new(),
        bind: Vec::new(),
        except: Patterns::default(),
        programs: None,
        unless: Patterns::default(),
        condition: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::places::tests::places;

    fn policy(text: &str) -> Policy {
        Policy::new(Some(text), &places(), &[b"/home/me/build/baseline.toml".to_vec()]).unwrap()
    }

    fn decided(policy: &Policy, act: Act, path: &str, program: &str) -> Option<(String, Action)> {
        let rule = policy.decide(act, &Target::Path(path.into()), program.as_bytes(), 7)?;
        Some((rule.id.clone(), rule.action))
    }

    #[test]
    fn shipped_rules_fit_what_they_say() {
        let policy = policy("version = 1");
        let rows: &[(Act, &str, &str, Option<&str>)] = &[
            (Act::Read, "/srv/me/.ssh/id_rsa", "/usr/bin/node", Some("read-ssh-keys")),
            (Act::Read, "/srv/me/.ssh/known_hosts", "/usr/bin/node", None),
            (Act::Read, "/home/other/.ssh/id_rsa", "/usr/bin/node", Some("read-ssh-keys")),
            (Act::Read, "/srv/me/.ssh/id_rsa", "/usr/bin/ssh", None),
            (Act::Create, "/home/me/build/.github/workflows/x.yml", "/bin/sh", Some("write-workflow")),
            (Act::Read, "/home/me/build/.github/workflows/x.yml", "/bin/sh", None),
            (Act::Write, "/home/me/.bashrc", "/bin/sh", Some("write-shell-start")),
            (Act::Execute, "/tmp/evil", "/tmp/evil", Some("run-from-tmp")),
            (Act::Execute, "/home/me/build/x", "/home/me/build/x", None),
            (Act::Execute, "/memfd:x", "/memfd:x", Some("run-from-memory")),
            (Act::Read, "/proc/8/environ", "/bin/cat", Some("read-other-process")),
            (Act::Read, "/proc/7/environ", "/bin/cat", None),
            (Act::Write, "/etc/cron.d/x", "/bin/sh", Some("write-cron")),
            (Act::Write, "/usr/bin/ls", "/bin/sh", Some("write-system")),
            (Act::Create, "/usr/lib/python3/__pycache__/a.pyc", "/usr/bin/python3", None),
            (Act::Write, "/home/me/build/baseline.toml", "/bin/sh", Some("write-audit")),
        ];
        for (act, path, program, want) in rows {
            let got = decided(&policy, *act, path, program).map(|(id, _)| id);
            assert_eq!(got.as_deref(), *want, "{act:?} {path} {program}");
        }
        let rename = Target::Move(b"/tmp/x".to_vec(), b"/srv/me/.ssh/authorized_keys".to_vec());
        assert_eq!(policy.decide(Act::Rename, &rename, b"/bin/mv", 7).unwrap().id, "write-ssh");
    }

    #[test]
    fn the_first_rule_decides() {
        let policy = policy(
            r#"
version = 1
[drift]
missing = "ignore"
[[rule]]
id = "our-keys"
action = "allow"
read = ["~/.ssh/deploy"]
programs = ["/usr/bin/rsync"]
[[rule]]
id = "run-from-tmp"
action = "warn"
[[rule]]
id = "docs"
about = "documents stay as they are"
action = "fail"
write = ["docs/"]
except = ["docs/generated/**"]
"#,
        );
        let decided = |act, path, program| decided(&policy, act, path, program);
        let key = "/srv/me/.ssh/deploy";
        assert_eq!(decided(Act::Read, key, "/usr/bin/rsync"), Some(("our-keys".into(), Action::Allow)));
        assert_eq!(decided(Act::Read, key, "/bin/cat"), Some(("read-ssh-keys".into(), Action::Fail)));
        assert_eq!(decided(Act::Execute, "/tmp/x", ""), Some(("run-from-tmp".into(), Action::Warn)));
        let docs = "/home/me/build/docs/a.md";
        assert_eq!(decided(Act::Write, docs, ""), Some(("docs".into(), Action::Fail)));
        assert_eq!(decided(Act::Write, "/home/me/build/docs/generated/a", ""), None);
        assert_eq!((policy.new, policy.missing), (OnDrift::Fail, OnDrift::Ignore));
        assert_eq!(policy.decide(Act::Write, &Target::Path(docs.into()), b"", 7).unwrap().line, Some(13));
    }

    #[test]
    fn other_files_are_refused_in_one_sentence() {
        let rows = [
            ("version = 3", "version 3"),
            ("version = 1\nbogus = 1", "line 2: unknown field `bogus`"),
            ("version = 1\n[[rule]]\nid = \"x\"\naction = \"deny\"", "line 4: unknown variant `deny`"),
            ("version = 1\n[[rule]]\nid = \"x\"\naction = \"fail\"", "rule 'x' names nothing"),
            ("version = 1\n[[rule]]\nid = \"x\"\naction = \"fail\"\nconnect = [\"a b\"]", "'a b' is no peer"),
            ("version = 1\n[[rule]]\nid = \"x\"\naction = \"fail\"\nwhere = \"nmae == x\"", "where: "),
            ("version = 1\n[[rule]]\nid = \"x\"\naction = \"fail\"\nread = [\"\"]", "an empty pattern"),
            ("version = 1\n[[rule]]\nid = \"x y\"\naction = \"fail\"\nread = [\"/\"]", "an id is of letters"),
        ];
        for (text, want) in rows {
            let error = Policy::new(Some(text), &places(), &[]).unwrap_err().to_string();
            assert!(error.contains(want) && !error.contains('\n'), "{text:?}: {error}");
        }
    }
}
