//! Folded stacks: `process;function;…;syscall WEIGHT`, a line for each stack, for flame graphs.
//!
//! Without recorded stacks (`trace record -k`) a line is `process;syscall`. The weight is the number of calls, or
//! the nanoseconds spent in them. Format: what flamegraph.pl, inferno and speedscope read.

use std::collections::HashMap;

use super::Setup;
use super::out::Out;
use super::roster::Roster;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::Completion;
use crate::event::stack::{Bottom, Frame, Stack};
use crate::event::{Call, End, Program, Stamp, Started, Tid};
use crate::output::json::write::digits;
use crate::output::shell;
use crate::output::text::pieces;

/// Most stacks that are told apart; those of further ones are summed by process and call.
const MOST_STACKS: usize = 500_000;

/// What a stack weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// The number of calls.
    #[default]
    Calls,
    /// Nanoseconds spent in calls.
    Time,
}

struct Folded {
    out: Out,
    weight: Weight,
    roster: Roster,
    sums: HashMap<Vec<u8>, u64>,
    key: Vec<u8>,
}

/// The exporter.
pub(super) fn sink(setup: Setup, out: Out) -> Box<dyn Sink> {
    let weight = setup.weight;
    Box::new(Folded { out, weight, roster: Roster::default(), sums: HashMap::new(), key: Vec::new() })
}

impl Folded {
    fn count(&mut self, call: &Call, until: Stamp) {
        let weight = match self.weight {
            Weight::Calls => 1,
            Weight::Time => until.mono_ns.saturating_sub(call.entered.mono_ns),
        };
        let process = self.roster.of(call.tid);
        let mut head = Vec::new();
        match &process.comm[..] {
            [] => word(&mut head, process.name().as_bytes()),
            comm => word(&mut head, comm),
        }
        let name = pieces::name(call);
        self.key.clear();
        self.key.extend_from_slice(&head);
        frames(&mut self.key, &call.stack);
        self.key.push(b';');
        self.key.extend_from_slice(name.as_bytes());
        if let Some(sum) = self.sums.get_mut(&self.key) {
            *sum = sum.saturating_add(weight);
            return;
        }
        if self.sums.len() >= MOST_STACKS {
            self.key = [&head[..], b";[other stacks];", name.as_bytes()].concat();
        }
        let sum = self.sums.entry(self.key.clone()).or_default();
        *sum = sum.saturating_add(weight);
    }
}

/// Appends `;FUNCTION` for each frame, the outermost first.
fn frames(key: &mut Vec<u8>, stack: &Stack) {
    if !stack.is_empty() {
        match stack.end {
            Bottom::Reached => {}
            Bottom::Limit => key.extend_from_slice(b";[more frames]"),
            Bottom::Lost => key.extend_from_slice(b";[lost]"),
        }
    }
    for frame in stack.frames.iter().rev() {
        key.push(b';');
        function(key, frame);
        for inlined in frame.place.iter().flat_map(|place| place.inlined.iter().rev()) {
            key.push(b';');
            word(key, inlined.name.as_bytes());
        }
    }
}

fn function(key: &mut Vec<u8>, frame: &Frame) {
    match (frame.place.as_ref().and_then(|place| place.symbol.as_ref()), &frame.module) {
        (Some(symbol), _) => word(key, symbol.name.as_bytes()),
        (None, Some(module)) => {
            key.push(b'[');
            word(key, shell::base(module));
            key.push(b']');
        }
        (None, None) => key.extend_from_slice(b"[unknown]"),
    }
}

/// Appends a name: text, without what has a meaning in the format.
fn word(key: &mut Vec<u8>, name: &[u8]) {
    for character in String::from_utf8_lossy(name).chars() {
        let character = match character {
            ';' => ':',
            c if c.is_control() => '?',
            c => c,
        };
        key.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl Sink for Folded {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.roster.started(started);
    }

    fn executed(&mut self, program: &Program) {
        self.roster.executed(program);
    }

    fn entered(&mut self, call: &Call) {
        self.roster.entered(call.tid);
    }

    fn left(&mut self, call: &Call) {
        self.count(call, call.left);
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        if let Some(operation) = &completion.operation {
            // Who completes an operation runs its program, whether its call is told or not.
            self.roster.entered(operation.call.tid);
            self.count(&operation.call, operation.call.left);
        }
    }

    fn ended(&mut self, tid: Tid, _end: End, pending: Option<&Call>, at: Stamp) {
        if let Some(call) = pending {
            self.count(call, at);
        }
        self.roster.ended(tid);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.roster.renamed(from, to);
    }

    fn finish(&mut self) {
        let mut rows: Vec<(Vec<u8>, u64)> = std::mem::take(&mut self.sums).into_iter().collect();
        rows.sort();
        for (key, weight) in rows.into_iter().filter(|(_, weight)| *weight > 0) {
            self.out.buffer.extend_from_slice(&key);
            self.out.buffer.push(b' ');
            digits(&mut self.out.buffer, weight);
            self.out.buffer.push(b'\n');
            self.out.send();
        }
        self.out.finish();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::event::stack::{FileOffset, Found, Inlined, Place, RuntimeAddr, Symbol};

    fn frame(module: Option<&[u8]>, symbol: Option<&str>, inlined: &[&str]) -> Frame {
        let place = symbol.map(|name| {
            let symbol = Some(Symbol { name: name.into(), offset: 4 });
            let inlined = inlined.iter().map(|name| Inlined { name: (*name).into(), line: None }).collect();
            Arc::new(Place { symbol, line: None, inlined })
        });
        let module = module.map(Arc::from);
        Frame { ip: RuntimeAddr(1), found: Found::Tables, module, offset: FileOffset(2), place }
    }

    #[test]
    fn frames_run_from_the_outermost_to_the_innermost() {
        let list = vec![
            frame(Some(b"/lib/libc.so.6"), Some("read"), &[]),
            frame(Some(b"/bin/a"), Some("work"), &["inner", "outer"]),
            frame(Some(b"/bin/a;b\n"), None, &[]),
            frame(None, None, &[]),
        ];
        let mut key = b"a".to_vec();
        frames(&mut key, &Stack { frames: list, end: Bottom::Lost });
        let text = String::from_utf8(key).unwrap();
        assert_eq!(text, "a;[lost];[unknown];[a:b?];work;outer;inner;read");
        let mut key = Vec::new();
        frames(&mut key, &Stack { frames: Vec::new(), end: Bottom::Lost });
        assert!(key.is_empty(), "nobody asked for a stack");
    }
}
