//! Requests that begin and end a session: launch, attach, configurationDone, disconnect, terminate.

use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::output::Tap;
use super::server::{Answer, Plan, Server, number, text};
use crate::spawn::find;
use crate::spawn::launch::Request;
use crate::spawn::plan::Plan as Launch;
use crate::sys::process;

impl Server {
    /// Starts the program; it waits until the editor has set its breakpoints.
    pub(super) fn launch(&mut self, arguments: &Value) -> Answer {
        if self.debugger.process.is_some() {
            return Err("A program is being debugged already.".into());
        }
        let program = text(arguments, "program").ok_or("launch needs 'program': the path of the program")?;
        let path = std::env::var_os("PATH");
        let found = find::find(program.as_ref(), path.as_deref()).map_err(|error| error.to_string())?;
        self.debugger.program.open(&found).map_err(|error| error.to_string())?;
        let mut argv = vec![OsString::from(program)];
        for word in arguments["args"].as_array().into_iter().flatten() {
            argv.push(word.as_str().ok_or("'args' is a list of texts")?.into());
        }
        let mut plan = Launch::new(found, argv);
        plan.mask = Some(self.mask);
        plan.workdir = text(arguments, "cwd").map(PathBuf::from);
        plan.env = environment(&arguments["env"])?;
        for (fd, category) in [(1, "stdout"), (2, "stderr")] {
            let tap = Tap::start(category, self.sender.clone()).map_err(|error| error.to_string())?;
            plan.fds.map.push((fd, Some(tap.fd())));
            self.taps.push(tap);
        }
        let null = std::fs::File::open("/dev/null").map_err(|error| error.to_string())?;
        plan.fds.map.push((0, Some(std::os::fd::AsRawFd::as_raw_fd(&null))));
        self.debugger.request = Some(Request::new(plan));
        let result = self.debugger.launch(None);
        for tap in self.taps.drain(..) {
            self.readers.push(tap.close());
        }
        result.map_err(|error| error.to_string())?;
        self.stop_on_entry = arguments["stopOnEntry"].as_bool().unwrap_or(false);
        let body = json!({
            "name": program,
            "systemProcessId": self.debugger.tid,
            "isLocalProcess": true,
            "startMethod": "launch",
        });
        self.afterwards = vec![("process", body), ("initialized", Value::Null)];
        Ok(Value::Null)
    }

    /// Attaches to a process.
    pub(super) fn attach(&mut self, arguments: &Value) -> Answer {
        if self.debugger.process.is_some() {
            return Err("A program is being debugged already.".into());
        }
        let pid = number(arguments, "pid").or_else(|| number(arguments, "processId"));
        let pid = pid.and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 0);
        let pid = pid.ok_or("attach needs 'pid': the id of the process")?;
        self.debugger.attach(pid).map_err(|error| {
            let tracer = process::status_field(pid, "TracerPid").filter(|tracer| tracer != "0");
            let why = crate::spawn::error::errno_text(error.raw_os_error().unwrap_or(0));
            match tracer {
                Some(tracer) => format!("Process {pid} is already traced by process {tracer}; end that one first."),
                None => format!("Cannot attach to process {pid}: {why}. It must be yours, and Yama must allow it (kernel.yama.ptrace_scope)."),
            }
        })?;
        self.stop_on_entry = arguments["stopOnEntry"].as_bool().unwrap_or(false);
        self.afterwards = vec![("initialized", Value::Null)];
        Ok(Value::Null)
    }

    /// The breakpoints are set: the program goes on.
    pub(super) fn configured(&mut self, _arguments: &Value) -> Answer {
        if self.debugger.process.is_none() {
            return Err("There is no program: launch or attach first.".into());
        }
        if self.stop_on_entry && !self.configured {
            let body = json!({ "reason": "entry", "threadId": self.debugger.tid, "allThreadsStopped": true });
            self.afterwards = vec![("stopped", body)];
        } else {
            self.plan = Plan::Run;
        }
        self.configured = true;
        Ok(Value::Null)
    }

    /// The editor leaves.
    pub(super) fn disconnect(&mut self, arguments: &Value) -> Answer {
        let launched = self.debugger.process.as_ref().is_some_and(|process| process.launched);
        self.leave(arguments["terminateDebuggee"].as_bool().unwrap_or(launched));
        self.ends = true;
        Ok(Value::Null)
    }

    /// The program is ended.
    pub(super) fn terminate(&mut self, _arguments: &Value) -> Answer {
        if self.debugger.process.is_some() {
            self.debugger.kill().map_err(|error| error.to_string())?;
            self.drain(true);
            self.plan = Plan::Stay;
            self.afterwards = vec![("terminated", Value::Null)];
        }
        Ok(Value::Null)
    }
}

/// The environment with an editor's changes; a name without a value is taken out.
fn environment(changes: &Value) -> Result<Option<Vec<OsString>>, String> {
    let Some(changes) = changes.as_object() else { return Ok(None) };
    let mut list = Vec::new();
    for (name, value) in std::env::vars_os() {
        if !changes.contains_key(name.to_string_lossy().as_ref()) {
            let mut variable = name;
            variable.push("=");
            variable.push(value);
            list.push(variable);
        }
    }
    for (name, value) in changes {
        match value {
            Value::Null => {}
            Value::String(value) => list.push(format!("{name}={value}").into()),
            _ => return Err(format!("env: the value of '{name}' is a text, or null")),
        }
    }
    Ok(Some(list))
}
