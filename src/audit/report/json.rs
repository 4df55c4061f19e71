//! JSON: everything, for programs. docs/audit.md names the fields; `version` rises when a reader would go wrong.

use serde_json::{Value, json};

use super::{Report, time};
use crate::audit::finding::Finding;

const VERSION: u32 = 1;

pub(super) fn finding(finding: &Finding) -> Value {
    let call = finding.evidence.as_ref().map(|call| {
        json!({
            "time": time(call.wall_ns),
            "pid": call.pid,
            "text": call.line,
            "times": call.times,
            "failed": call.failed.is_some(),
        })
    });
    json!({
        "id": finding.id,
        "level": finding.level.name(),
        "about": finding.about,
        "act": finding.act.map(|act| act.name()),
        "target": finding.target,
        "name": finding.name,
        "lineage": finding.lineage,
        "sha256": finding.sha256,
        "call": call,
        "new": finding.new,
        "details": finding.details,
        "more_details": finding.more,
    })
}

pub(super) fn write(report: &Report<'_>) -> String {
    let value = json!({
        "version": VERSION,
        "tool": { "name": "trace", "version": env!("CARGO_PKG_VERSION") },
        "command": report.command,
        "begun": time(report.begun_ns),
        "ended": report.ended,
        "status": report.status,
        "verdict": report.verdict().name(),
        "baseline": report.baseline,
        "runs": report.runs,
        "policy": report.policy,
        "processes": report.processes,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}
