//! Reports: what was found, for people and for machines. A format is a function from a report to text.
//!
//! Everything of the tracee in a report was escaped to printable ASCII when it was named; each format escapes what is
//! special to it. No report holds a value of an environment variable.

mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

use super::finding::{Check, Finding, Level, Verdict};

/// A check, ready to be told.
#[derive(Debug)]
pub struct Report<'a> {
    /// The command, escaped, ready to paste.
    pub command: String,
    /// When it began, in nanoseconds since 1970.
    pub begun_ns: u64,
    /// How it ended: `exit status 3` or `killed by SIGTERM`.
    pub ended: String,
    /// The status that the audit exits with.
    pub status: u8,
    /// The baseline's file.
    pub baseline: Option<String>,
    /// The policy's file.
    pub policy: Option<String>,
    /// How many runs the baseline is of.
    pub runs: u32,
    /// How many lines of programs were seen.
    pub processes: usize,
    /// What was looked for.
    pub checks: &'a [Check],
    /// What was found, the worst first.
    pub findings: &'a [Finding],
}

impl Report<'_> {
    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.findings)
    }

    /// How many findings of a level there are.
    fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// The verdict in a sentence.
    fn summary(&self) -> String {
        let plural =
            |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let what = match self.verdict() {
            Verdict::Clean if self.baseline.is_some() => "as the baseline has it",
            Verdict::Clean => "no rule was broken",
            Verdict::Drift => "other than the baseline has it",
            Verdict::Violation => "rules were broken",
        };
        let (fails, warns) = (self.count(Level::Fail), self.count(Level::Warn));
        format!(
            "{what}: {}, {}; the command ended with {}",
            plural(fails, "failure"),
            plural(warns, "warning"),
            self.ended
        )
    }
}

/// A moment as 2026-11-30T14:36:37.123Z.
fn time(wall_ns: u64) -> String {
    // Days to date by the civil calendar, of which 1970-01-01 is day 719468 counted from 0000-03-01.
    let (seconds, millis) = (wall_ns / 1_000_000_000, wall_ns / 1_000_000 % 1000);
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let second = seconds % 86_400;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// A format by name.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Makes the text.
    pub text: fn(&Report<'_>) -> String,
}

/// Every format.
pub const FORMATS: &[Format] = &[
    Format { name: "text", text: text::write },
    Format { name: "markdown", text: markdown::write },
    Format { name: "json", text: json::write },
    Format { name: "sarif", text: sarif::write },
    Format { name: "junit", text: junit::write },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::deed::{Act, Evidence};
    use crate::audit::finding::Origin;

    /// A report of a command that gave its files the worst names.
    pub(super) fn hostile() -> (Vec<Check>, Vec<Finding>) {
        let evidence = Evidence {
            pid: 4711,
            wall_ns: 1_796_049_397_123_456_789,
            line: r#"openat(AT_FDCWD, "`|<b>&]]>\33[0m", O_RDONLY) = 3"#.into(),
            times: 2,
            failed: None,
        };
        let finding = Finding {
            id: "read-ssh-keys".into(),
            level: Level::Fail,
            origin: Origin::Rule,
            about: "keys & settings of SSH are read".into(),
            act: Some(Act::Read),
            target: r"/srv/me/.ssh/`|<b>&]]>\033[0m".into(),
            name: r"<home>/.ssh/`|<b>&]]>\033[0m".into(),
            lineage: vec!["/usr/bin/make".into(), "<dir>/``x``".into()],
            process: Vec::new(),
            sha256: Some("ab".repeat(32)),
            evidence: Some(evidence),
            new: Some(true),
            details: vec!["`detail`".into()],
            more: 3,
            policy_line: Some(7),
        };
        let missing = Finding {
            id: "missing".into(),
            level: Level::Warn,
            origin: Origin::Drift,
            act: None,
            evidence: None,
            new: Some(false),
            ..finding.clone()
        };
        let check = |finding: &Finding| Check {
            id: finding.id.clone(),
            about: finding.about.clone(),
            level: finding.level,
            origin: finding.origin,
        };
        let quiet = Check {
            id: "write-cron".into(),
            about: "a job".into(),
            level: Level::Fail,
            origin: Origin::Rule,
        };
        (vec![check(&finding), check(&missing), quiet], vec![finding, missing])
    }

    pub(super) fn report<'a>(checks: &'a [Check], findings: &'a [Finding]) -> Report<'a> {
        Report {
            command: "make 'it''s'".into(),
            begun_ns: 1_796_049_397_000_000_000,
            ended: "exit status 0".into(),
            status: 121,
            baseline: Some("base line.toml".into()),
            policy: None,
            runs: 2,
            processes: 3,
            checks,
            findings,
        }
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(time(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(time(951_827_696_789_000_000), "2000-02-29T12:34:56.789Z");
        assert_eq!(time(1_796_049_397_123_456_789), "2026-11-30T14:36:37.123Z");
    }

    #[test]
    fn no_format_lets_a_byte_through_that_a_terminal_acts_on() {
        let (checks, findings) = hostile();
        for format in FORMATS {
            let text = (format.text)(&report(&checks, &findings));
            assert!(text.ends_with('\n'), "{}", format.name);
            let strange = text.bytes().find(|byte| *byte != b'\n' && !(b' '..=b'~').contains(byte));
            assert_eq!(strange, None, "{}: {text}", format.name);
        }
    }
}
