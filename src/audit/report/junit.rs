//! JUnit XML, as test dashboards take it: a test case for each thing that is looked for, a failure for what was found.
//! Source: the format of Ant's junitreport, the subset that every reader knows.

use std::fmt::Write as _;

use super::{Report, time};
use crate::audit::finding::{Check, Finding, Level, Origin};

/// So many findings of one check are told.
const MOST: usize = 100;

/// Text of an element or attribute. What XML 1.0 cannot hold has been escaped before; it would be a `?`.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            ' '..='~' => out.push(character),
            _ => out.push('?'),
        }
    }
    out
}

fn body(findings: &[&Finding]) -> String {
    let mut out = String::new();
    for finding in findings.iter().take(MOST) {
        writeln!(out, "{}", finding.sentence()).ok();
        if !finding.lineage.is_empty() {
            writeln!(out, "  by {}", finding.line()).ok();
        }
        if let Some(call) = &finding.evidence {
            writeln!(out, "  {} pid {}: {}", time(call.wall_ns), call.pid, call.line).ok();
        }
        for detail in &finding.details {
            writeln!(out, "  - {detail}").ok();
        }
    }
    let more = findings.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "and {more} more").ok();
    }
    out
}

fn case(out: &mut String, report: &Report<'_>, check: &Check) {
    let of_it = |level: Level| -> Vec<&Finding> {
        report.findings.iter().filter(|f| f.id == check.id && f.level == level).collect()
    };
    let (fails, warns) = (of_it(Level::Fail), of_it(Level::Warn));
    let class = if check.origin == Origin::Drift { "audit.drift" } else { "audit.rules" };
    write!(out, "    <testcase classname=\"{class}\" name=\"{}\" time=\"0\"", xml(&check.id)).ok();
    if fails.is_empty() && warns.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    if !fails.is_empty() {
        let message = xml(&format!("{} ({})", check.about, fails.len()));
        let text = xml(&body(&fails));
        writeln!(out, "      <failure type=\"{}\" message=\"{message}\">{text}</failure>", xml(&check.id))
            .ok();
    }
    if !warns.is_empty() {
        writeln!(out, "      <system-out>{}</system-out>", xml(&body(&warns))).ok();
    }
    out.push_str("    </testcase>\n");
}

pub(super) fn write(report: &Report<'_>) -> String {
    let failed = |check: &&Check| {
        report.findings.iter().any(|finding| finding.id == check.id && finding.level == Level::Fail)
    };
    let (tests, failures) = (report.checks.len(), report.checks.iter().filter(failed).count());
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writeln!(out, "<testsuites tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">").ok();
    writeln!(
        out,
        "  <testsuite name=\"trace audit\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\" timestamp=\"{}\">",
        // The format has no zone and no fraction.
        &time(report.begun_ns)[..19]
    )
    .ok();
    writeln!(out, "    <properties>").ok();
    for (name, value) in [("command", &report.command), ("ended", &report.ended)] {
        writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", xml(value)).ok();
    }
    writeln!(out, "    </properties>").ok();
    for check in report.checks {
        case(&mut out, report, check);
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
