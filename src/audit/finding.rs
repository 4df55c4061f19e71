//! What an audit has to say: a finding, its weight, and the verdict of all of them. All text in it is printable.

use super::deed::{Act, Evidence};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The check fails.
    Fail,
    /// It is told, and changes nothing.
    Warn,
}

impl Level {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
        }
    }
}

/// Where a finding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A rule of the policy, or a shipped one.
    Rule,
    /// The comparison with the baseline.
    Drift,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, or the kind of drift.
    pub id: String,
    /// Its weight.
    pub level: Level,
    /// Where it comes from.
    pub origin: Origin,
    /// What that means, in a sentence without a full stop.
    pub about: String,
    /// What was done; `None` for what was not done.
    pub act: Option<Act>,
    /// What it was done to, in full.
    pub target: String,
    /// The same by the name that it has in baselines.
    pub name: String,
    /// The programs that led to it; the last did it.
    pub lineage: Vec<String>,
    /// The same by their names in baselines.
    pub process: Vec<String>,
    /// SHA-256 of the last program, where it could be read.
    pub sha256: Option<String>,
    /// The call.
    pub evidence: Option<Evidence>,
    /// The baseline does not have it; `None` without a baseline.
    pub new: Option<bool>,
    /// What else belongs to it.
    pub details: Vec<String>,
    /// How many details there are, as not all are kept.
    pub more: usize,
    /// Line of the policy that says so.
    pub policy_line: Option<usize>,
}

impl Finding {
    /// A warning about `name` of a process, with nothing else in it.
    pub fn named(process: Vec<String>, name: String) -> Self {
        Self {
            id: String::new(),
            level: Level::Warn,
            origin: Origin::Rule,
            about: String::new(),
            act: None,
            target: String::new(),
            name,
            lineage: Vec::new(),
            process,
            sha256: None,
            evidence: None,
            new: None,
            details: Vec::new(),
            more: 0,
            policy_line: None,
        }
    }

    /// What happened, in a sentence without a full stop.
    pub fn sentence(&self) -> String {
        // Who runs a program is the one before it.
        let from_end = if self.act == Some(Act::Execute) { 1 } else { 0 };
        let who = self.lineage.iter().rev().nth(from_end).map_or("the command", String::as_str);
        match self.act {
            Some(act) => {
                let failed = self.evidence.as_ref().is_some_and(|call| call.failed.is_some());
                let tries = if failed { "tried: " } else { "" };
                format!("{tries}{who} {} {}", act.verb(), self.target)
            }
            None => self.target.clone(),
        }
    }

    /// The programs that led to it, as one text.
    pub fn line(&self) -> String {
        self.lineage.join(" > ")
    }
}

/// What an audit is asked for, to be told in reports even where nothing was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The rule, or the kind of drift.
    pub id: String,
    /// What it means.
    pub about: String,
    /// How much it weighs.
    pub level: Level,
    /// Where it comes from.
    pub origin: Origin,
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing that fails.
    Clean,
    /// The command did what its baseline does not have.
    Drift,
    /// A rule was broken.
    Violation,
}

impl Verdict {
    /// That of all findings.
    pub fn of(findings: &[Finding]) -> Self {
        let fails = |origin| findings.iter().any(|f| f.level == Level::Fail && f.origin == origin);
        match (fails(Origin::Rule), fails(Origin::Drift)) {
            (true, _) => Self::Violation,
            (false, true) => Self::Drift,
            (false, false) => Self::Clean,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Drift => "drift",
            Self::Violation => "violation",
        }
    }
}
