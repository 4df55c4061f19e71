//! Plain lines for a terminal or a log: each finding with the programs that led to it, the time and the call.

use std::fmt::Write as _;

use super::{Report, time};

/// So many findings are shown; other formats have them all.
const MOST: usize = 50;
/// So many details of one.
const MOST_DETAILS: usize = 5;

pub(super) fn write(report: &Report<'_>) -> String {
    let mut out = String::new();
    for finding in report.findings.iter().take(MOST) {
        writeln!(out, "{}: {}: {}", finding.level.name(), finding.id, finding.sentence()).ok();
        if finding.lineage.len() > 1 {
            writeln!(out, "    by {}", finding.line()).ok();
        }
        if let Some(call) = &finding.evidence {
            let times = if call.times > 1 { format!(" ({} times)", call.times) } else { String::new() };
            writeln!(out, "    {} pid {}: {}{times}", time(call.wall_ns), call.pid, call.line).ok();
        }
        for detail in finding.details.iter().take(MOST_DETAILS) {
            writeln!(out, "    - {detail}").ok();
        }
        let more = finding.details.len().saturating_sub(MOST_DETAILS) + finding.more;
        if more > 0 {
            writeln!(out, "    - and {more} more").ok();
        }
    }
    let more = report.findings.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "and {more} more findings: --report json=FILE has them all").ok();
    }
    writeln!(out, "audit: {}", report.summary()).ok();
    out
}
