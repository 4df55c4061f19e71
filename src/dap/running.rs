//! The program runs, steps and stops; threads, stacks and instructions of one that stands still.

use serde_json::{Value, json};

use super::breakpoints::source;
use super::server::{Answer, Plan, Server, number, text};
use crate::debug::debugger::{Event, Reason};
use crate::debug::disassemble::{Flavor, Line, instructions};
use crate::debug::error::Error;
use crate::debug::numbers::harmless;
use crate::debug::report::comm;
use crate::debug::signals;
use crate::debug::step::Step;
use crate::debug::value::Target;

/// Frames that one request may ask for.
const MOST_FRAMES: usize = 10_000;
/// Instructions that one request may ask for.
const MOST_INSTRUCTIONS: usize = 10_000;
/// Longest instruction of x86.
const LONGEST: u64 = 15;

impl Server {
    /// Does what is planned until the program stops, or a message came.
    pub(super) fn go(&mut self) {
        let plan = self.plan;
        let result = match plan {
            Plan::Stay => return,
            Plan::Run => self.debugger.resume(),
            Plan::Into(false) => self.debugger.step(Step::Into),
            Plan::Over(false) => self.debugger.step(Step::Over),
            Plan::Into(true) => self.debugger.step(Step::Instruction),
            Plan::Over(true) => self.debugger.step(Step::InstructionOver),
            Plan::Out => self.debugger.finish().map(|(event, _)| event),
        };
        self.idle();
        self.handles.clear();
        for remark in std::mem::take(&mut self.debugger.remarks) {
            let output = format!("{}\n", remark.trim());
            self.sender.event("output", json!({ "category": "console", "output": output }));
        }
        match result {
            Ok(event) => self.stopped(&event),
            Err(error) => {
                self.plan = Plan::Stay;
                let body = json!({ "category": "stderr", "output": format!("{error}\n") });
                self.sender.event("output", body);
                self.tell_stop("pause", self.debugger.tid, None, None);
            }
        }
    }

    fn stopped(&mut self, event: &Event) {
        let text = match &event.reason {
            Reason::Exited(_) | Reason::Killed(_) => return self.ended(&event.reason),
            // Only a message came, or a person wants it to stop.
            Reason::Interrupted => {
                // A step is interrupted only by what ends it.
                if self.plan != Plan::Run {
                    self.plan = Plan::Stay;
                    self.tell_stop("pause", event.tid, None, None);
                }
                return;
            }
            Reason::Breakpoint(numbers) => {
                let logs: Vec<String> = numbers.iter().filter_map(|n| self.logs.get(n).cloned()).collect();
                for log in &logs {
                    let text = self.log(log);
                    self.sender.event("output", json!({ "category": "console", "output": text }));
                }
                if logs.len() == numbers.len() {
                    self.plan = Plan::Run;
                    return;
                }
                None
            }
            Reason::Condition(_, error) => Some(format!("A condition cannot be found out: {error}")),
            Reason::Signal(signo) => Some(format!("{}, {}", signals::name(*signo), signals::meaning(*signo))),
            _ => None,
        };
        self.plan = Plan::Stay;
        let hits = match &event.reason {
            Reason::Breakpoint(numbers) => Some(numbers.clone()),
            _ => None,
        };
        let reason = match &event.reason {
            Reason::Breakpoint(_) | Reason::Condition(..) => "breakpoint",
            Reason::Signal(_) => "exception",
            Reason::Watch { .. } | Reason::Scope(_) => "data breakpoint",
            _ => "step",
        };
        self.tell_stop(reason, event.tid, text, hits);
    }

    fn tell_stop(&self, reason: &str, tid: i32, text: Option<String>, hits: Option<Vec<u32>>) {
        let mut body = json!({ "reason": reason, "threadId": tid, "allThreadsStopped": true });
        if let Some(text) = text {
            body["description"] = json!(text);
            body["text"] = json!(text);
        }
        if let Some(hits) = hits {
            body["hitBreakpointIds"] = json!(hits);
        }
        self.sender.event("stopped", body);
    }

    fn ended(&mut self, reason: &Reason) {
        self.plan = Plan::Stay;
        self.drain(true);
        let code = match reason {
            Reason::Exited(code) => *code,
            Reason::Killed(signo) => 128 + signo,
            _ => 0,
        };
        self.sender.event("exited", json!({ "exitCode": code }));
        self.sender.event("terminated", Value::Null);
    }

    /// The thread that a request names becomes the chosen one.
    fn choose(&mut self, arguments: &Value) -> Result<i32, String> {
        let process = self.debugger.process.as_ref().ok_or("There is no program.")?;
        let tid = number(arguments, "threadId").and_then(|tid| i32::try_from(tid).ok());
        let tid = tid.filter(|tid| process.threads.contains_key(tid)).ok_or("There is no such thread.")?;
        if tid != self.debugger.tid {
            self.debugger.forget_frames();
        }
        self.debugger.tid = tid;
        self.debugger.level = 0;
        Ok(tid)
    }

    fn plan(&mut self, arguments: &Value, plan: Plan) -> Answer {
        self.choose(arguments)?;
        self.plan = plan;
        Ok(Value::Null)
    }

    pub(super) fn resume(&mut self, arguments: &Value) -> Answer {
        self.plan(arguments, Plan::Run)?;
        Ok(json!({ "allThreadsContinued": true }))
    }

    pub(super) fn next(&mut self, arguments: &Value) -> Answer {
        self.plan(arguments, Plan::Over(text(arguments, "granularity") == Some("instruction")))
    }

    pub(super) fn step_in(&mut self, arguments: &Value) -> Answer {
        self.plan(arguments, Plan::Into(text(arguments, "granularity") == Some("instruction")))
    }

    pub(super) fn step_out(&mut self, arguments: &Value) -> Answer {
        self.plan(arguments, Plan::Out)
    }

    /// A program that runs has been stopped for this message already.
    pub(super) fn pause(&mut self, _arguments: &Value) -> Answer {
        let process = self.debugger.process.as_ref().ok_or("There is no program.")?;
        let tid =
            if process.threads.contains_key(&self.debugger.tid) { self.debugger.tid } else { process.pid };
        if self.plan != Plan::Stay {
            self.plan = Plan::Stay;
            let body = json!({ "reason": "pause", "threadId": tid, "allThreadsStopped": true });
            self.afterwards = vec![("stopped", body)];
        }
        Ok(Value::Null)
    }

    pub(super) fn threads(&mut self, _arguments: &Value) -> Answer {
        let list: Vec<i32> = match &self.debugger.process {
            Some(process) => process.threads.keys().copied().collect(),
            None => Vec::new(),
        };
        let list: Vec<Value> = list.into_iter().map(|tid| json!({ "id": tid, "name": comm(tid) })).collect();
        Ok(json!({ "threads": list }))
    }

    pub(super) fn stack_trace(&mut self, arguments: &Value) -> Answer {
        let tid = self.choose(arguments)?;
        let amount = |name| number(arguments, name).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let (from, levels) = (amount("startFrame"), amount("levels"));
        let levels = if levels == 0 { MOST_FRAMES } else { levels.min(MOST_FRAMES) };
        let frames = self.debugger.frames(from + levels + 1).map_err(|error| error.to_string())?.0.to_vec();
        let total = frames.len();
        let mut list = Vec::new();
        for (level, frame) in frames.iter().enumerate().skip(from).take(levels) {
            let name = frame.function(&self.debugger.program).unwrap_or_else(|| "??".into());
            let mut shown = json!({
                "id": self.handles.frame(tid, level),
                "name": harmless(&name),
                "line": 0,
                "column": 0,
                "instructionPointerReference": format!("{:#x}", frame.pc),
            });
            match frame.line(&self.debugger.program) {
                Some(line) => {
                    shown["line"] = json!(line.line);
                    shown["column"] = json!(1);
                    shown["source"] = source(&self.debugger.sources.path(&line.file.full));
                }
                None => shown["presentationHint"] = json!("subtle"),
            }
            list.push(shown);
        }
        Ok(json!({ "stackFrames": list, "totalFrames": total }))
    }

    pub(super) fn disassemble(&mut self, arguments: &Value) -> Answer {
        let reference = text(arguments, "memoryReference").unwrap_or_default();
        let base = reference.strip_prefix("0x").and_then(|hex| u64::from_str_radix(hex, 16).ok());
        let base = base.ok_or("'memoryReference' is an address in hexadecimal")?;
        let base = base.wrapping_add_signed(number(arguments, "offset").unwrap_or(0));
        let skip = number(arguments, "instructionOffset").unwrap_or(0);
        let count = number(arguments, "instructionCount").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let count = count.min(MOST_INSTRUCTIONS);
        let lines = self.around(base, skip, count);
        let mut list = Vec::new();
        for line in lines {
            let bytes: Vec<String> = line.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let mut shown = json!({
                "address": format!("{:#x}", line.address),
                "instruction": line.text,
            });
            if bytes.is_empty() {
                shown["presentationHint"] = json!("invalid");
            } else {
                shown["instructionBytes"] = json!(bytes.join(" "));
            }
            let location = self.debugger.program.location(line.address);
            if let Some(found) = location.line {
                shown["line"] = json!(found.line);
                shown["location"] = source(&found.file.full);
            }
            list.push(shown);
        }
        Ok(json!({ "instructions": list }))
    }

    /// As many instructions as were asked for, beginning so many before or behind an address. What cannot be read is
    /// told as such.
    fn around(&mut self, base: u64, skip: i64, count: usize) -> Vec<Line> {
        // Instructions cannot be read backwards: a function's own are counted from its beginning.
        let start = if skip < 0 {
            let symbol = self.debugger.program.symbol(base, false);
            symbol.map_or(base, |(_, distance)| base - distance)
        } else {
            base
        };
        let wanted = count + usize::try_from(skip.unsigned_abs()).unwrap_or(0).min(MOST_INSTRUCTIONS);
        let size = (base - start) + wanted as u64 * LONGEST;
        let mut bytes = vec![0; usize::try_from(size.min(1 << 22)).unwrap_or(0)];
        let got = self.debugger.here().memory().read(start, &mut bytes);
        let program = &self.debugger.program;
        let symbol = |address: u64| {
            let found = program.symbol(address, true);
            found.map(|(name, offset)| format!(" <{}+{offset}>", harmless(&name))).unwrap_or_default()
        };
        let all = instructions(&bytes[..got], start, Flavor::Att, usize::MAX, &symbol);
        let at = all.iter().position(|line| line.address >= base).unwrap_or(all.len()) as i64;
        let first = at + skip;
        let missing = |address: u64| Line { address, bytes: Vec::new(), text: "??".into() };
        (first..first + count as i64)
            .map(|number| match usize::try_from(number).ok().and_then(|number| all.get(number)) {
                Some(line) => line.clone(),
                None => missing(base.wrapping_add_signed(number - at)),
            })
            .collect()
    }

    /// An expression's value as text.
    pub(super) fn value_text(&mut self, expression: &str) -> Result<String, Error> {
        let expr = self.debugger.parse(expression)?;
        let value = self.debugger.eval(&expr)?;
        let style = self.debugger.style;
        crate::debug::print::plain(&value, style, &mut self.debugger.here())
    }
}
