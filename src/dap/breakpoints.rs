//! Breakpoints as an editor has them: all of a file, or all functions, in one request that replaces those of before.

use serde_json::{Value, json};

use super::server::{Answer, Server, text};
use crate::debug::breakpoints::Kind;

impl Server {
    /// The breakpoints of a source file.
    pub(super) fn set_breakpoints(&mut self, arguments: &Value) -> Answer {
        let source = &arguments["source"];
        let path = text(source, "path").or_else(|| text(source, "name")).unwrap_or_default().to_owned();
        if path.is_empty() {
            return Err("setBreakpoints needs the path of the source".into());
        }
        let mut list = Vec::new();
        for wanted in arguments["breakpoints"].as_array().into_iter().flatten() {
            let line = wanted["line"].as_u64().unwrap_or(0);
            list.push((format!("{path}:{line}"), wanted.clone()));
        }
        // Editors that know lines only.
        for line in arguments["lines"].as_array().into_iter().flatten() {
            if arguments["breakpoints"].is_null() {
                list.push((format!("{path}:{line}"), Value::Null));
            }
        }
        Ok(self.replace(path, &list))
    }

    /// The breakpoints of functions.
    pub(super) fn set_function_breakpoints(&mut self, arguments: &Value) -> Answer {
        let list = arguments["breakpoints"].as_array().cloned().unwrap_or_default();
        let named = |wanted: Value| (text(&wanted, "name").unwrap_or_default().to_owned(), wanted);
        let list: Vec<(String, Value)> = list.into_iter().map(named).collect();
        Ok(self.replace("functions of the program".into(), &list))
    }

    fn replace(&mut self, owner: String, list: &[(String, Value)]) -> Value {
        for number in self.owned.remove(&owner).unwrap_or_default() {
            self.debugger.delete(number);
            self.logs.remove(&number);
        }
        let mut numbers = Vec::new();
        let mut told = Vec::new();
        for (place, wanted) in list {
            let condition = text(wanted, "condition").filter(|text| !text.trim().is_empty());
            match self.debugger.add_breakpoint(place, condition, false, true) {
                Ok(number) => {
                    numbers.push(number);
                    if let Some(log) = text(wanted, "logMessage").filter(|log| !log.is_empty()) {
                        self.logs.insert(number, log.to_owned());
                    }
                    // So many hits, of which the last stops.
                    let hits = text(wanted, "hitCondition").and_then(|hits| hits.trim().parse::<u64>().ok());
                    if let (Some(hits), Some(breakpoint)) = (hits, self.debugger.breakpoints.get(number)) {
                        breakpoint.ignore = hits.saturating_sub(1);
                    }
                    told.push(self.breakpoint(number));
                }
                Err(error) => told.push(json!({ "verified": false, "message": error.to_string() })),
            }
        }
        self.owned.insert(owner, numbers);
        json!({ "breakpoints": told })
    }

    /// A breakpoint as the editor is told of it.
    fn breakpoint(&mut self, number: u32) -> Value {
        let Some(breakpoint) = self.debugger.breakpoints.get(number) else {
            return json!({ "verified": false });
        };
        let Kind::Code { locations, .. } = &breakpoint.kind else { return json!({ "verified": false }) };
        let Some(first) = locations.first() else {
            let message = "No such place in the files that are loaded; it waits for a library that has it.";
            return json!({ "id": number, "verified": false, "message": message });
        };
        let mut shown = json!({
            "id": number,
            "verified": true,
            "instructionReference": format!("{:#x}", first.address),
        });
        if let Some(line) = &first.line {
            shown["line"] = json!(line.line);
            shown["source"] = source(&line.file.full);
        }
        shown
    }

    /// The text of a breakpoint that prints, with the values of what stands in braces.
    pub(super) fn log(&mut self, template: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            let Some(end) = rest[at..].find('}') else { break };
            out.push_str(&rest[..at]);
            let expression = &rest[at + 1..at + end];
            out.push_str(&self.value_text(expression).unwrap_or_else(|error| format!("<{error}>")));
            rest = &rest[at + end + 1..];
        }
        out + rest + "\n"
    }
}

/// A source file as the editor knows it.
pub(super) fn source(full: &str) -> Value {
    let name = full.rsplit('/').next().unwrap_or(full);
    json!({ "name": name, "path": full })
}
