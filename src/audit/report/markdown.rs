//! Markdown, as job summaries and comments show it. Text of the command stands in code spans, where nothing is
//! markup. GitHub takes a summary of 1 MiB and a comment of 64 KiB: the worst findings come first, and the list ends
//! in time.

use std::fmt::Write as _;

use super::{Report, time};
use crate::audit::finding::{Finding, Level, Verdict};

/// Most bytes of findings, so that a comment holds them.
const MOST_BYTES: usize = 48 << 10;
/// So many details of a finding are shown.
const MOST_DETAILS: usize = 20;

/// A code span. Its fence is longer than any within.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Words of ours or of a policy outside of code: what is markup is escaped.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\`*_{}[]<>()#+!|~&".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn item(finding: &Finding) -> String {
    let mut out = String::new();
    writeln!(out, "- **{}**: {}", finding.id, plain(&finding.about)).ok();
    writeln!(out, "  - {}", code(&finding.sentence())).ok();
    if !finding.lineage.is_empty() {
        writeln!(out, "  - by {}", code(&finding.line())).ok();
    }
    if let Some(call) = &finding.evidence {
        let times = if call.times > 1 { format!(", {} times", call.times) } else { String::new() };
        writeln!(out, "  - {} pid {}{times}: {}", time(call.wall_ns), call.pid, code(&call.line)).ok();
    }
    if let Some(hash) = &finding.sha256 {
        writeln!(out, "  - SHA-256 of the program: {}", code(hash)).ok();
    }
    for detail in finding.details.iter().take(MOST_DETAILS) {
        writeln!(out, "  - {}", code(detail)).ok();
    }
    let more = finding.details.len().saturating_sub(MOST_DETAILS) + finding.more;
    if more > 0 {
        writeln!(out, "  - and {more} more").ok();
    }
    out
}

pub(super) fn write(report: &Report<'_>) -> String {
    let mut out = String::new();
    let mark = match report.verdict() {
        Verdict::Clean => "passed",
        Verdict::Drift => "failed: drift",
        Verdict::Violation => "failed: rules broken",
    };
    writeln!(out, "## Audit {mark}\n\n{}\n\n{}", code(&report.command), plain(&report.summary())).ok();
    if let Some(file) = &report.baseline {
        let runs = if report.runs == 1 { "1 run".to_owned() } else { format!("{} runs", report.runs) };
        writeln!(out, "\nCompared with {} ({runs}).", code(file)).ok();
    }
    let (mut shown, mut used) = (0, 0);
    for (level, title) in [(Level::Fail, "Failures"), (Level::Warn, "Warnings")] {
        if report.count(level) > 0 {
            writeln!(out, "\n### {title}\n").ok();
        }
        for finding in report.findings.iter().filter(|finding| finding.level == level) {
            let text = item(finding);
            if used + text.len() > MOST_BYTES {
                break;
            }
            used += text.len();
            shown += 1;
            out.push_str(&text);
        }
    }
    let more = report.findings.len() - shown;
    if more > 0 {
        writeln!(out, "\n{more} more findings are not shown; the JSON report has them all.").ok();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_cannot_be_left() {
        for (text, want) in
            [("a", "`a`"), ("`", "`` ` ``"), ("a``b", "```a``b```"), ("x`", "`` x` ``"), ("", "``")]
        {
            assert_eq!(code(text), want);
        }
        assert_eq!(plain("a <b> *c* | `d`"), "a \\<b\\> \\*c\\* \\| \\`d\\`");
    }

    #[test]
    fn a_flood_of_findings_ends_in_time() {
        let (checks, findings) = super::super::tests::hostile();
        let many: Vec<Finding> = findings.iter().cycle().take(5000).cloned().collect();
        let text = write(&super::super::tests::report(&checks, &many));
        assert!(text.len() < 60_000, "{}", text.len());
        assert!(text.contains("more findings are not shown"));
    }
}
