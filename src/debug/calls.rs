//! Caught system calls: told at entry and return, decoded as a trace prints them.

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;

use super::debugger::{Debugger, Event, Reason};
use super::error::Result;
use crate::decode::{self, Options, render::Quiet};
use crate::engine::details::Wishes;
use crate::event::{Call, Outcome, Regs, Stamp, Tid};
use crate::memory::Live;
use crate::output::text::color::Paint;
use crate::output::text::quote::HexStrings;
use crate::output::text::render::{Constants, Spelling, TextRender};
use crate::sys::clock;
use crate::sys::ptrace::SyscallInfo;

fn spelling() -> Spelling {
    Spelling {
        constants: Constants::Abbrev,
        hex: HexStrings::Never,
        names: false,
        paint: Paint::OFF,
        fds: Wishes::default(),
        host_pids: false,
        pid_names: false,
    }
}

/// A call's name.
fn name(call: &Call) -> String {
    let known =
        call.signature.map(|signature| signature.name).or_else(|| numbers::name(call.regs.abi, call.regs.nr));
    known.map_or_else(|| call.regs.nr.to_string(), str::to_owned)
}

/// A call as a line, as far as it is known.
fn line(call: &Call) -> String {
    let (spelling, options) = (spelling(), Options::default());
    let mut out = name(call).into_bytes();
    out.push(b'(');
    let mut render = TextRender::new(&mut out, &spelling, call, false, false);
    decode::entry(call, &options, &mut render);
    match call.outcome {
        // What the kernel fills is not known yet.
        None if decode::halfway(call) || out.ends_with(b", ") => out.extend_from_slice(b"...)"),
        None => out.push(b')'),
        Some(outcome) => {
            let continued = decode::halfway(call);
            let mut render = TextRender::new(&mut out, &spelling, call, true, continued);
            decode::exit(call, &options, &mut render);
            out.extend_from_slice(b") = ");
            if outcome.failed {
                let code = outcome.errno().unwrap_or(0);
                let name = syscall_tables::errno::name(code).unwrap_or("?");
                let text = syscall_tables::errno::text(code).unwrap_or("unknown error");
                out.extend_from_slice(format!("-1 {name} ({text})").as_bytes());
            } else {
                let mut render = TextRender::new(&mut out, &spelling, call, true, false);
                decode::result(call, &options, &mut render);
                render.finish();
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The number of a call by name or number.
pub fn number(word: &str) -> Option<u64> {
    word.parse().ok().or_else(|| numbers::number(Abi::X86_64, word))
}

/// A call's name by number.
pub fn shown(nr: u64) -> String {
    numbers::name(Abi::X86_64, nr).map_or_else(|| nr.to_string(), str::to_owned)
}

fn now() -> Stamp {
    Stamp { wall_ns: clock::wall_ns(), mono_ns: clock::mono_ns() }
}

impl Debugger {
    /// A thread enters or leaves a call.
    ///
    /// # Errors
    /// When the process is gone.
    pub(super) fn call(&mut self, tid: i32, info: SyscallInfo) -> Result<Option<Event>> {
        match info {
            SyscallInfo::Entry { arch, ip, sp, nr, args } => {
                let abi = Abi::from_audit_arch(arch).unwrap_or(Abi::X86_64);
                let mut call = Box::new(Call::new(Tid(tid)));
                call.regs = Regs { abi, nr, args, ip, sp, resumes: None };
                call.signature = signatures::lookup(abi, nr);
                decode::demultiplex(&mut call, Live::new(tid));
                call.entered = now();
                decode::touch_entry(&mut call, Live::new(tid), &self.looks(), &mut Quiet::default());
                if let Some(thread) = self.process()?.threads.get_mut(&tid) {
                    thread.inside_call = true;
                }
                let event = self.caught(tid, "call to", &mut call);
                self.calls.insert(tid, call);
                Ok(event)
            }
            SyscallInfo::Exit { value, failed } => {
                let was_inside = match self.process()?.threads.get_mut(&tid) {
                    Some(thread) => std::mem::take(&mut thread.inside_call),
                    None => false,
                };
                let Some(mut call) = self.calls.remove(&tid).filter(|_| was_inside) else { return Ok(None) };
                call.outcome = Some(Outcome { value, failed });
                call.left = now();
                decode::touch_exit(&mut call, Live::new(tid), &self.looks(), &mut Quiet::default());
                Ok(self.caught(tid, "returned from", &mut call))
            }
            _ => Ok(None),
        }
    }

    /// How calls are looked at: for what is shown of them, and for what catchpoints ask.
    fn looks(&self) -> Options {
        let string_limit = self.breakpoints.string_bytes();
        Options { string_limit, abbreviate: false, ..Options::default() }
    }

    fn caught(&mut self, tid: i32, how: &str, call: &mut Call) -> Option<Event> {
        let breakpoint = self.breakpoints.catching_call(call)?;
        if !breakpoint.hit() {
            return None;
        }
        let what = format!("{how} syscall {}", name(call));
        Some(Event { tid, reason: Reason::Catch { number: breakpoint.number, what, line: Some(line(call)) } })
    }
}
