//! `trace export --format otlp`, read back by OpenTelemetry's own definitions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/export.rs"]
mod export;
mod support;

use std::collections::{HashMap, HashSet};

use export::{Recorded, compiled, oracle, pipeline, server, threads};
use serde_json::{Value, json};

/// The spans of an export, after what holds for all was checked.
fn spans(recorded: &Recorded, options: &[&str]) -> Option<(Value, Vec<Value>)> {
    let file = recorded.file("otlp", options);
    let text = oracle("read_otlp.py", &file, "pip's protobuf and opentelemetry-proto")?;
    let all: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&all["scope"], &all["resource"]["os.type"]), (&json!("trace"), &json!("linux")));
    let spans = all["spans"].as_array().unwrap().clone();
    let by_id: HashMap<&str, &Value> =
        spans.iter().map(|span| (span["id"].as_str().unwrap(), span)).collect();
    assert_eq!(by_id.len(), spans.len(), "ids are unique");
    let traces: HashSet<&str> = spans.iter().map(|span| span["trace"].as_str().unwrap()).collect();
    assert_eq!(traces.len(), 1, "one run is one trace");
    let roots = spans.iter().filter(|span| span["parent"] == "").count();
    assert_eq!(roots, 1, "one process has no parent");
    for span in &spans {
        let number = |value: &Value| value.as_u64().unwrap();
        assert!(number(&span["start"]) <= number(&span["end"]), "{span}");
        assert_eq!(span["kind"], 1);
        if span["parent"] != "" {
            let parent = by_id[span["parent"].as_str().unwrap()];
            assert_eq!(
                parent["attributes"]["process.pid"], span["attributes"]["process.parent_pid"],
                "{span}"
            );
            assert!(number(&parent["start"]) <= number(&span["start"]), "{span}");
        }
    }
    Some((all["resource"].clone(), spans))
}

fn one(spans: &[Value], is: impl Fn(&Value) -> bool) -> &Value {
    let found: Vec<&Value> = spans.iter().filter(|span| is(span)).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0]
}

#[test]
fn a_pipeline_is_a_tree_of_spans() {
    let Some((resource, spans)) = spans(pipeline(), &[]) else { return };
    assert_eq!(resource["service.name"], "sh");
    assert!(resource["host.arch"].is_string() && resource["host.name"].is_string(), "{resource}");
    let shell = one(&spans, |span| span["parent"] == "");
    assert_eq!((&shell["name"], &shell["status"]), (&json!("sh"), &json!(2)));
    assert_eq!(shell["message"], "killed by SIGTERM");
    assert_eq!(shell["attributes"]["error.type"], "SIGTERM");
    let sort = one(&spans, |span| span["name"] == "sort");
    assert_eq!((&sort["parent"], &sort["status"]), (&shell["id"], &json!(0)));
    assert_eq!(sort["attributes"]["process.exit.code"], 0);
    assert!(sort["attributes"]["process.executable.path"].as_str().unwrap().ends_with("/sort"));
    // The exec chain of one process.
    let date = one(&spans, |span| span["name"] == "date");
    let ran: Vec<&Value> = date["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["name"] == "exec")
        .map(|event| &event["attributes"]["process.command_args"][0])
        .collect();
    assert_eq!(ran, ["env", "sh", "date"]);
    assert_eq!(date["attributes"]["process.command_line"], "date");
    let cat = one(&spans, |span| span["name"] == "cat");
    assert_eq!((&cat["status"], &cat["message"]), (&json!(2), &json!("exited with 1")));
    let argument = cat["attributes"]["process.command_args"][1].as_str().unwrap();
    assert!(argument.contains("</script><script>") && argument.contains('\u{e9}'), "{argument}");
    assert!(cat["attributes"]["trace.syscall.errors"].as_u64().unwrap() > 0);
}

#[test]
fn a_compile_a_server_and_threads() {
    for recorded in [compiled(), server(), threads()].into_iter().flatten() {
        let Some((_, spans)) = spans(recorded, &[]) else { return };
        assert!(!spans.is_empty());
    }
    let Some((_, spans)) = server().and_then(|recorded| spans(recorded, &["-e", "signal=none"])) else {
        return;
    };
    let child = one(&spans, |span| span["parent"] != "");
    assert_eq!((&child["name"], &child["attributes"]["process.exit.code"]), (&json!("python3"), &json!(7)));
    assert!(spans.iter().all(|span| span["events"].as_array().unwrap().iter().all(|e| e["name"] == "exec")));
    let Some((_, spans)) = threads().and_then(|recorded| self::spans(recorded, &[])) else { return };
    assert_eq!(spans[0]["attributes"]["trace.thread.count"], 5);
}
