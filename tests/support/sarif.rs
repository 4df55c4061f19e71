//! What SARIF 2.1.0 requires, as far as it is used here, as a JSON Schema in words of our own. Source: the text of the
//! standard, sections 3.13 to 3.58.

use serde_json::{Value, json};

/// What SARIF 2.1.0 requires of a result, as far as it is used here, from the text of the standard.
fn result() -> Value {
    let text = json!({ "type": "string" });
    let artifact = json!({ "uri": { "type": "string", "pattern": "^[A-Za-z0-9._~/:%-]+$" } });
    let region = json!({ "startLine": { "type": "integer", "minimum": 1 } });
    let location = json!({
        "type": "object",
        "properties": {
            "physicalLocation": {
                "type": "object",
                "required": ["artifactLocation"],
                "properties": {
                    "artifactLocation": { "type": "object", "properties": artifact },
                    "region": { "type": "object", "properties": region },
                },
            },
            "logicalLocations": { "type": "array", "items": {
                "type": "object",
                "properties": { "name": text, "fullyQualifiedName": text, "kind": text },
            } },
        },
    });
    json!({
        "type": "object",
        "required": ["message"],
        "properties": {
            "ruleId": text,
            "ruleIndex": { "type": "integer", "minimum": 0 },
            "level": { "enum": ["none", "note", "warning", "error"] },
            "message": { "type": "object", "required": ["text"], "properties": { "text": text } },
            "locations": { "type": "array", "items": location },
            "partialFingerprints": { "type": "object", "additionalProperties": text },
            "properties": { "type": "object" },
        },
        "additionalProperties": false,
    })
}

/// The schema of a log.
pub fn schema() -> Value {
    let (result, level) = (result(), json!({ "enum": ["none", "note", "warning", "error"] }));
    let message =
        json!({ "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } });
    let rule = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": { "type": "string" },
            "shortDescription": message,
            "defaultConfiguration": { "type": "object", "properties": { "level": level } },
        },
        "additionalProperties": false,
    });
    let invocation = json!({
        "type": "object",
        "required": ["executionSuccessful"],
        "properties": {
            "executionSuccessful": { "type": "boolean" },
            "exitCode": { "type": "integer" },
            "commandLine": { "type": "string" },
            "startTimeUtc": { "type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" },
        },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["version", "runs"],
        "properties": {
            "$schema": { "type": "string" },
            "version": { "const": "2.1.0" },
            "runs": { "type": "array", "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": { "type": "object", "required": ["driver"], "properties": { "driver": {
                        "type": "object",
                        "required": ["name"],
                        "properties": { "name": { "type": "string" }, "rules": {
                            "type": "array", "items": rule, "uniqueItems": true } },
                    } } },
                    "invocations": { "type": "array", "items": invocation },
                    "results": { "type": "array", "items": result },
                },
            } },
        },
        "additionalProperties": false,
    })
}
