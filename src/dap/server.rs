//! The server's loop: requests in, responses and events out.

use std::collections::HashMap;
use std::io::BufReader;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use super::output::{Sender, Tap};
use super::transport::{self, Incoming};
use super::variables::Handles;
use crate::debug::debugger::Debugger;
use crate::sys::signal::Mask;

/// How often a server with nothing to do looks whether it has to end.
const TICK: Duration = Duration::from_millis(20);

/// What a request gives, or the sentence that says why not.
pub(super) type Answer = Result<Value, String>;

/// A request by its name, and who answers it.
type Row = (&'static str, fn(&mut Server, &Value) -> Answer);

/// Every request that is known.
const REQUESTS: &[Row] = &[
    ("initialize", initialize),
    ("launch", Server::launch),
    ("attach", Server::attach),
    ("setBreakpoints", Server::set_breakpoints),
    ("setFunctionBreakpoints", Server::set_function_breakpoints),
    ("setExceptionBreakpoints", |_, _| Ok(json!({ "breakpoints": [] }))),
    ("configurationDone", Server::configured),
    ("threads", Server::threads),
    ("stackTrace", Server::stack_trace),
    ("scopes", Server::scopes),
    ("variables", Server::variables),
    ("setVariable", Server::set_variable),
    ("evaluate", Server::evaluate),
    ("continue", Server::resume),
    ("next", Server::next),
    ("stepIn", Server::step_in),
    ("stepOut", Server::step_out),
    ("pause", Server::pause),
    ("disassemble", Server::disassemble),
    ("disconnect", Server::disconnect),
    ("terminate", Server::terminate),
];

/// What the program is to do when all requests are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// Nothing: there is none, or it stands still.
    Stay,
    /// Run on.
    Run,
    /// Step to another line: into functions, or over them; by instructions where the second is true.
    Into(bool),
    /// The same over functions.
    Over(bool),
    /// Until the frame returns.
    Out,
}

/// The server.
pub struct Server {
    pub(super) debugger: Debugger,
    pub(super) sender: Sender,
    pub(super) mask: Mask,
    pub(super) plan: Plan,
    /// The program has been let go once: breakpoints are set.
    pub(super) configured: bool,
    pub(super) stop_on_entry: bool,
    pub(super) handles: Handles,
    /// Breakpoints of a source file or of functions, by number.
    pub(super) owned: HashMap<String, Vec<u32>>,
    /// Texts of breakpoints that print and go on.
    pub(super) logs: HashMap<u32, String>,
    pub(super) taps: Vec<Tap>,
    pub(super) readers: Vec<JoinHandle<()>>,
    /// Messages that are sent behind the response.
    pub(super) afterwards: Vec<(&'static str, Value)>,
    pub(super) ends: bool,
    running: Arc<AtomicU8>,
    inbox: Receiver<Incoming>,
}

fn initialize(_server: &mut Server, _arguments: &Value) -> Answer {
    Ok(json!({
        "supportsConfigurationDoneRequest": true,
        "supportsFunctionBreakpoints": true,
        "supportsConditionalBreakpoints": true,
        "supportsHitConditionalBreakpoints": true,
        "supportsLogPoints": true,
        "supportsEvaluateForHovers": true,
        "supportsSetVariable": true,
        "supportsDisassembleRequest": true,
        "supportsSteppingGranularity": true,
        "supportsTerminateRequest": true,
        "supportTerminateDebuggee": true,
        "supportsDelayedStackTraceLoading": true,
    }))
}

/// Nothing of the program is waited for.
const IDLE: u8 = 0;
/// The program runs.
const RUNNING: u8 = 1;
/// The program makes a step.
const STEPPING: u8 = 2;

/// Whether a message cannot wait for the end of a step.
fn is_urgent(message: &Incoming) -> bool {
    match message {
        Incoming::Message(message) => {
            matches!(message["command"].as_str(), Some("pause" | "disconnect" | "terminate"))
        }
        Incoming::Bad(_) => false,
        Incoming::End => true,
    }
}

/// Serves one editor on standard input and output until it goes.
pub fn serve(debugger: Debugger, mask: Mask) {
    let sender = Sender::new(Box::new(std::io::stdout()));
    let running = Arc::new(AtomicU8::new(IDLE));
    let (outbox, inbox) = channel();
    let (flag, interrupt) = (running.clone(), debugger.interrupt.clone());
    let reader = move || {
        let mut input = BufReader::new(std::io::stdin());
        loop {
            let message = transport::read(&mut input);
            let end = message == Incoming::End;
            let urgent = is_urgent(&message);
            if outbox.send(message).is_err() {
                return;
            }
            // A program that runs is stopped for a moment, so that the message can be looked at; a step is not
            // given up for a message that can wait for its end.
            match flag.load(Ordering::Acquire) {
                RUNNING => interrupt.stop(),
                STEPPING if urgent => interrupt.stop(),
                _ => {}
            }
            if end {
                return;
            }
        }
    };
    if std::thread::Builder::new().name("messages".into()).spawn(reader).is_err() {
        return;
    }
    let mut server = Server {
        debugger,
        sender,
        mask,
        plan: Plan::Stay,
        configured: false,
        stop_on_entry: false,
        handles: Handles::default(),
        owned: HashMap::new(),
        logs: HashMap::new(),
        taps: Vec::new(),
        readers: Vec::new(),
        afterwards: Vec::new(),
        ends: false,
        running,
        inbox,
    };
    server.run();
    server.leave(true);
}

impl Server {
    fn run(&mut self) {
        while !self.ends && !self.debugger.interrupt.wants_end() {
            if self.plan == Plan::Stay || self.debugger.process.is_none() {
                self.debugger.interrupt.take_stop();
                match self.inbox.recv_timeout(TICK) {
                    Ok(message) => self.incoming(message),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                continue;
            }
            // A wish that was taken up already is over.
            self.debugger.interrupt.take_stop();
            let state = if self.plan == Plan::Run { RUNNING } else { STEPPING };
            self.running.store(state, Ordering::Release);
            // What came in before the flag was up is answered first.
            match self.inbox.try_recv() {
                Ok(message) => {
                    self.idle();
                    self.incoming(message);
                }
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    self.go();
                    self.idle();
                }
            }
        }
    }

    /// The program is waited for no longer: messages need not stop it. To be said before an editor is told that
    /// the program stopped, since it answers at once.
    pub(super) fn idle(&self) {
        self.running.store(IDLE, Ordering::Release);
        self.debugger.interrupt.take_stop();
    }

    fn incoming(&mut self, message: Incoming) {
        let message = match message {
            Incoming::Message(message) => message,
            Incoming::Bad(why) => {
                let text = format!("A message was not understood and is skipped: {why}.\n");
                return self.sender.event("output", json!({ "category": "stderr", "output": text }));
            }
            Incoming::End => {
                self.ends = true;
                return;
            }
        };
        // Responses to requests of ours: there are none.
        if message["type"] != "request" {
            return;
        }
        let command = message["command"].as_str().unwrap_or_default().to_owned();
        let found = REQUESTS.iter().find(|(name, _)| *name == command);
        let answer = match found {
            Some((_, answer)) => answer(self, &message["arguments"]),
            None => Err(format!("The request '{}' is not known.", crate::debug::numbers::harmless(&command))),
        };
        let number = message["seq"].as_u64().unwrap_or(0);
        let mut response = json!({ "request_seq": number, "command": command, "success": answer.is_ok() });
        match answer {
            Ok(Value::Null) => {}
            Ok(body) => response["body"] = body,
            Err(text) => {
                response["message"] = json!(text);
                response["body"] = json!({ "error": { "id": 1, "format": text, "showUser": true } });
            }
        }
        self.sender.send("response", response);
        for (event, body) in std::mem::take(&mut self.afterwards) {
            self.sender.event(event, body);
        }
    }

    /// The program goes: killed where it was launched here and `kill`, else let go.
    pub(super) fn leave(&mut self, kill: bool) {
        let launched = self.debugger.process.as_ref().map(|process| process.launched);
        match launched {
            Some(true) if kill => drop(self.debugger.kill()),
            Some(_) => drop(self.debugger.detach()),
            None => {}
        }
        self.drain(kill);
    }

    /// What the program has printed is told before its end is.
    pub(super) fn drain(&mut self, wait: bool) {
        for tap in self.taps.drain(..) {
            self.readers.push(tap.close());
        }
        for reader in self.readers.drain(..) {
            // A child of the program may hold the pipe: its end is not waited for.
            let mut left = 100;
            while wait && left > 0 && !reader.is_finished() {
                left -= 1;
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

/// A number in a request's arguments.
pub(super) fn number(arguments: &Value, name: &str) -> Option<i64> {
    arguments[name].as_i64()
}

/// A text in a request's arguments.
pub(super) fn text<'a>(arguments: &'a Value, name: &str) -> Option<&'a str> {
    arguments[name].as_str()
}
