//! SARIF 2.1.0, as code-scanning dashboards take it. Source: the OASIS standard, sections 3.13 to 3.58.
//!
//! What a program did has no line of source: a result is anchored to the line of the policy that speaks, else to the
//! baseline, and names the programs as logical locations. Fingerprints are of rule, program and target by their
//! names in baselines, so that the same finding is the same in every run. Dashboards show 5,000 results at most.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Report, time};
use crate::audit::finding::{Check, Finding, Level, Verdict};
use crate::audit::programs::fingerprint;

const MOST_RESULTS: usize = 5000;
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

const fn level(level: Level) -> &'static str {
    match level {
        Level::Fail => "error",
        Level::Warn => "warning",
    }
}

/// A file name as a relative or absolute URI reference.
fn uri(path: &str) -> String {
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn rule(check: &Check) -> Value {
    json!({
        "id": check.id,
        "shortDescription": { "text": format!("{}.", check.about) },
        "defaultConfiguration": { "level": level(check.level) },
    })
}

fn result(report: &Report<'_>, index: &BTreeMap<&str, usize>, finding: &Finding) -> Value {
    let file = match (finding.policy_line, &report.policy, &report.baseline) {
        (Some(line), Some(policy), _) => Some((policy, line)),
        (_, _, Some(baseline)) => Some((baseline, 1)),
        (_, Some(policy), None) => Some((policy, 1)),
        (_, None, None) => None,
    };
    let mut location = json!({});
    if let Some((file, line)) = file {
        location["physicalLocation"] = json!({
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": line },
        });
    }
    if let Some(program) = finding.lineage.last() {
        location["logicalLocations"] = json!([{
            "name": program,
            "fullyQualifiedName": finding.line(),
            "kind": "process",
        }]);
    }
    let program = finding.lineage.last().map_or("", String::as_str);
    let act = finding.act.map_or("", |act| act.name());
    let mark = fingerprint(&[&finding.id, act, program, &finding.name].join("\n"));
    let call = finding.evidence.as_ref().map(|call| format!("\n{}", call.line)).unwrap_or_default();
    let mut value = json!({
        "ruleId": finding.id,
        "level": level(finding.level),
        "message": { "text": format!("{}: {}.{call}", finding.about, finding.sentence()) },
        "locations": [location],
        "partialFingerprints": { "traceAudit/v1": mark },
        "properties": super::json::finding(finding),
    });
    if let Some(at) = index.get(finding.id.as_str()) {
        value["ruleIndex"] = json!(at);
    }
    value
}

pub(super) fn write(report: &Report<'_>) -> String {
    let index: BTreeMap<&str, usize> =
        report.checks.iter().enumerate().map(|(at, check)| (check.id.as_str(), at)).collect();
    let results: Vec<Value> =
        report.findings.iter().take(MOST_RESULTS).map(|finding| result(report, &index, finding)).collect();
    let value = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "trace audit",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": report.checks.iter().map(rule).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "commandLine": report.command,
                "startTimeUtc": time(report.begun_ns),
                "executionSuccessful": report.verdict() == Verdict::Clean,
                "exitCode": report.status,
            }],
            "results": results,
        }],
    });
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_uri_references() {
        assert_eq!(uri("base line.toml"), "base%20line.toml");
        assert_eq!(uri("/etc/a#b"), "file:///etc/a%23b");
    }
}
