//! The program runs until something happens that the person wants to know.
//!
//! All threads stop when one is reported. What happens and is not wanted (a false condition, a quiet signal, a
//! library that is loaded) costs one thread its stop; the others never notice.

use super::breakpoints::{Catch, Kind};
use super::debugger::{Debugger, Event, Reason, Temp};
use super::error::{Error, Result};
use super::expr::eval;
use super::frame::{self, Frame};
use super::process::watch::Access;
use super::process::{How, RIP, Raw, State, Words};
use super::value::Target;
use crate::memory::Memory;
use crate::stack::registers::Registers;
use crate::sys::ptrace::{self, UserRegs};
use crate::tracee::Stop;

/// What is to be done with a thread that has stopped.
#[derive(Debug)]
pub(super) enum Look {
    /// It goes on.
    Go,
    /// It has gone on already.
    Gone,
    /// The person is told.
    Report(Event),
}

impl Debugger {
    /// Lets all threads go and waits until one stops for a reason, `temps` among them; then all are stopped.
    ///
    /// # Errors
    /// When there is no process, or the kernel refuses.
    pub fn run_until(&mut self, temps: &[Temp]) -> Result<Event> {
        self.forget_frames();
        self.level = 0;
        let mut inserted = Vec::new();
        for temp in temps {
            if self.process()?.add_site(temp.address).is_ok() {
                inserted.push(temp.address);
            }
        }
        self.temps = temps.to_vec();
        let result = self.run_inner();
        self.temps.clear();
        if let Some(process) = &mut self.process {
            inserted.iter().for_each(|address| process.remove_site(*address));
        }
        self.forget_frames();
        result
    }

    fn run_inner(&mut self) -> Result<Event> {
        let event = match self.start_all()? {
            Some(event) => event,
            None => self.wait()?,
        };
        self.settle(event)
    }

    /// Stops what still runs behind an event, and makes its thread the chosen one.
    pub(super) fn settle(&mut self, event: Event) -> Result<Event> {
        let ended = match &mut self.process {
            Some(process) => process.stop_all()?,
            None => None,
        };
        if let Some(raw) = ended {
            return Ok(self.ended(&raw));
        }
        if let Some(process) = &mut self.process {
            let known = process.threads.contains_key(&event.tid);
            self.tid = if known { event.tid } else { process.pid };
            self.remarks.append(&mut process.news);
        }
        self.level = 0;
        Ok(event)
    }

    /// How threads are let go when they run freely.
    fn how(&self) -> How {
        if self.breakpoints.wants_syscalls() { How::Call } else { How::Run }
    }

    /// Lets every thread go; an event where one of them had stopped for something that was not looked at yet.
    fn start_all(&mut self) -> Result<Option<Event>> {
        let tids: Vec<i32> = self.process()?.threads.keys().copied().collect();
        for tid in &tids {
            let thread = self.process()?.threads.get_mut(tid);
            if thread.is_some_and(|thread| thread.pending.is_some())
                && let Look::Report(event) = self.look_pending(*tid)?
            {
                return Ok(Some(event));
            }
        }
        // First those that need the others to stand still.
        for tid in &tids {
            if self.stands_at_site(*tid) {
                let pc = self.process()?.pc(*tid);
                if !self.process()?.enter_slot(*tid, pc)?
                    && let Some(event) = self.step_alone(*tid)?
                {
                    return Ok(Some(event));
                }
            }
        }
        let how = self.how();
        let process = self.process()?;
        let still: Vec<i32> = process.threads.keys().copied().collect();
        for tid in still {
            process.resume(tid, how);
        }
        Ok(None)
    }

    fn look_pending(&mut self, tid: i32) -> Result<Look> {
        let Some(thread) = self.process()?.threads.get_mut(&tid) else { return Ok(Look::Go) };
        let Some(stop) = thread.pending.take() else { return Ok(Look::Go) };
        self.look_at(tid, stop, false)
    }

    fn stands_at_site(&mut self, tid: i32) -> bool {
        let Some(process) = &mut self.process else { return false };
        let Some(thread) = process.threads.get(&tid) else { return false };
        let passed = thread.passed;
        if !matches!(thread.state, State::Stopped(_)) {
            return false;
        }
        let pc = process.pc(tid);
        // One that was on its way to a breakpoint while others stopped still has to come to it.
        process.sites.is_inserted(pc) && (tid == self.tid || passed == Some(pc))
    }

    /// One instruction of a thread while all others stand still; an event where that is more than a step.
    ///
    /// # Errors
    /// When the process is gone.
    pub(super) fn step_alone(&mut self, tid: i32) -> Result<Option<Event>> {
        self.forget_frames();
        loop {
            let process = self.process()?;
            let pc = process.pc(tid);
            let lifted = process.sites.is_inserted(pc);
            if lifted {
                process.lift_site(pc, true)?;
            }
            process.resume(tid, How::Step);
            let raw = loop {
                match process.next_change()? {
                    Raw::Stopped(other) if other != tid => {
                        // A new thread, which waits for its turn.
                    }
                    Raw::Interrupted | Raw::ThreadEnded(_) if process.threads.contains_key(&tid) => {}
                    raw => break raw,
                }
            };
            if lifted {
                process.lift_site(pc, false).ok();
            }
            match raw {
                Raw::Stopped(_) => {}
                Raw::ThreadEnded(_) | Raw::Interrupted => {
                    return Ok(Some(Event { tid, reason: Reason::Stepped }));
                }
                raw => return Ok(Some(self.ended(&raw))),
            }
            let Some(stop) = self.process()?.stop_of(tid) else { return Ok(None) };
            let is_step = stop == Stop::Signal(libc::SIGTRAP);
            match self.look_at(tid, stop, true)? {
                Look::Report(event) if event.reason == Reason::Stepped => return Ok(None),
                Look::Report(event) => return Ok(Some(event)),
                Look::Go if is_step => return Ok(None),
                Look::Go => {}
                Look::Gone => return Ok(None),
            }
        }
    }

    /// Waits for something that the person is told.
    fn wait(&mut self) -> Result<Event> {
        loop {
            if self.interrupt.wants_end() {
                return Ok(Event { tid: self.tid, reason: Reason::Interrupted });
            }
            if let Some(by_terminal) = self.interrupt.take_stop() {
                return self.interrupted(by_terminal);
            }
            let raw = self.process()?.next_change()?;
            let tid = match raw {
                Raw::Interrupted | Raw::ThreadEnded(_) => continue,
                Raw::Stopped(tid) => tid,
                raw => return Ok(self.ended(&raw)),
            };
            let Some(stop) = self.process()?.stop_of(tid) else { continue };
            match self.look_at(tid, stop, false)? {
                Look::Report(event) => return Ok(event),
                Look::Gone => {}
                Look::Go => {
                    let how = self.how();
                    // A child that was followed has taken the place of all threads.
                    let process = self.process()?;
                    let tid = if process.threads.contains_key(&tid) { tid } else { process.pid };
                    if let Some(site) = process.threads.get(&tid).and_then(|thread| thread.passed)
                        && process.pc(tid) == site
                        && process.sites.is_inserted(site)
                    {
                        let words = process.words(tid)?;
                        match self.pass(tid, site, &words)? {
                            Look::Report(event) => return Ok(event),
                            _ => continue,
                        }
                    }
                    process.resume(tid, how);
                }
            }
        }
    }

    fn interrupted(&mut self, by_terminal: bool) -> Result<Event> {
        if let Some(raw) = self.process()?.stop_all()? {
            return Ok(self.ended(&raw));
        }
        let chosen = self.tid;
        let process = self.process()?;
        let launched = process.launched;
        // Where the terminal sent its signal to the program too, that is this stop.
        let mut had = None;
        for thread in process.threads.values_mut() {
            if thread.pending == Some(Stop::Signal(libc::SIGINT)) {
                thread.pending = None;
                had = Some(thread.tid);
            }
        }
        let known = process.threads.contains_key(&chosen);
        let pid = process.pid;
        self.expects_interrupt = by_terminal && launched && had.is_none();
        let tid = had.unwrap_or(if known { self.tid } else { pid });
        Ok(Event { tid, reason: Reason::Interrupted })
    }

    /// The process is gone.
    pub(super) fn ended(&mut self, raw: &Raw) -> Event {
        let tid = self.process.as_ref().map_or(0, |process| process.pid);
        if let Some(process) = &mut self.process {
            self.remarks.append(&mut process.news);
        }
        self.gone();
        let reason = match raw {
            Raw::Killed(signo, _) => Reason::Killed(*signo),
            Raw::Exited(code) => Reason::Exited(*code),
            _ => Reason::Exited(0),
        };
        Event { tid, reason }
    }

    /// Finds out what a stop is about.
    pub(super) fn look_at(&mut self, tid: i32, stop: Stop, stepping: bool) -> Result<Look> {
        let told = |event: Option<Event>| event.map_or(Look::Go, Look::Report);
        match stop {
            Stop::Signal(libc::SIGTRAP) => self.trap(tid, stepping),
            Stop::Signal(signo) => Ok(self.signal(tid, signo)),
            Stop::Child(child) => self.forked(tid, child).map(told),
            Stop::Exec(_) => self.executed(tid).map(told),
            Stop::Syscall(info) => self.call(tid, info).map(told),
            Stop::Group(_) => Ok(Look::Go),
            Stop::Trap => {
                let process = self.process()?;
                if process.vforking == Some(tid) {
                    process.vforking = None;
                    process.lift_all(false);
                }
                if !process.watches.is_empty() {
                    process.watch_thread(tid).ok();
                }
                Ok(Look::Go)
            }
        }
    }

    fn signal(&mut self, tid: i32, signo: i32) -> Look {
        if signo == libc::SIGINT && self.expects_interrupt {
            self.expects_interrupt = false;
            return Look::Go;
        }
        let policy = self.signals.of(signo);
        if let Some(process) = &mut self.process
            && let Some(thread) = process.threads.get_mut(&tid)
        {
            thread.signal = if policy.pass { signo } else { 0 };
        }
        let caught = self.breakpoints.catching(|what| match what {
            Catch::Signal(list) => list.contains(&signo) || list.is_empty() && signo != libc::SIGINT,
            _ => false,
        });
        if let Some(breakpoint) = caught
            && breakpoint.hit()
        {
            let what = format!("signal {}", super::signals::name(signo));
            return Look::Report(Event {
                tid,
                reason: Reason::Catch { number: breakpoint.number, what, line: None },
            });
        }
        if policy.stop {
            return Look::Report(Event { tid, reason: Reason::Signal(signo) });
        }
        if policy.print {
            let (name, meaning) = (super::signals::name(signo), super::signals::meaning(signo));
            self.remarks.push(format!("\nProgram received signal {name}, {meaning}."));
        }
        Look::Go
    }

    /// A breakpoint, a watchpoint, a step, or a trap of the program's own.
    fn trap(&mut self, tid: i32, stepping: bool) -> Result<Look> {
        let seen = self.process()?.seen(tid);
        if seen != 0
            && let Some(event) = self.watched(tid, seen)?
        {
            return Ok(Look::Report(event));
        }
        let words = self.process()?.words(tid)?;
        let site = words[RIP].wrapping_sub(1);
        // SI_KERNEL: an int3 was carried out; a step says TRAP_TRACE.
        let by_int3 = || ptrace::signal_info(tid).is_ok_and(|info| info[8..12] == 0x80i32.to_le_bytes());
        if self.process()?.sites.is_inserted(site) && (!stepping || by_int3()) {
            return self.at_site(tid, site, words);
        }
        if seen != 0 {
            return Ok(if stepping {
                Look::Report(Event { tid, reason: Reason::Stepped })
            } else {
                Look::Go
            });
        }
        if stepping {
            return Ok(Look::Report(Event { tid, reason: Reason::Stepped }));
        }
        // A breakpoint that was taken away while this thread was on its way to report it.
        let mut byte = [0];
        if by_int3() && self.process()?.read(site, &mut byte) == 1 && byte[0] != super::process::sites::INT3 {
            self.process()?.jump(tid, site)?;
            return Ok(Look::Go);
        }
        Ok(self.signal(tid, libc::SIGTRAP))
    }

    /// A thread has come to a breakpoint.
    fn at_site(&mut self, tid: i32, site: u64, mut words: Words) -> Result<Look> {
        words[RIP] = site;
        let registers = Registers::from(UserRegs::X86_64(words));
        let wanted = |temp: &&Temp| {
            temp.address == site
                && temp.tid.is_none_or(|wanted| wanted == tid)
                && temp.above.is_none_or(|above| registers.sp() > above)
        };
        if let Some(reason) = self.hits(tid, site, &registers) {
            self.stand(tid, site, &words)?;
            return Ok(Look::Report(Event { tid, reason }));
        }
        if self.temps.iter().any(|temp| wanted(&temp)) {
            self.stand(tid, site, &words)?;
            return Ok(Look::Report(Event { tid, reason: Reason::Temp }));
        }
        if let Some(number) = self.left_scope(tid, site, registers.sp()) {
            self.stand(tid, site, &words)?;
            self.delete(number);
            return Ok(Look::Report(Event { tid, reason: Reason::Scope(number) }));
        }
        if self.loader == Some(site) {
            self.libraries_changed();
        }
        self.pass(tid, site, &words)
    }

    /// A thread stands at a breakpoint that was told.
    fn stand(&mut self, tid: i32, site: u64, words: &Words) -> Result<()> {
        let process = self.process()?;
        process.set_words(tid, words)?;
        if let Some(thread) = process.threads.get_mut(&tid) {
            thread.passed = Some(site);
        }
        Ok(())
    }

    /// A thread goes on past a breakpoint that nobody is told of.
    fn pass(&mut self, tid: i32, site: u64, words: &Words) -> Result<Look> {
        let how = self.how();
        let process = self.process()?;
        process.expect_words(tid, words);
        if process.enter_slot(tid, site)? {
            process.resume(tid, how);
            return Ok(Look::Gone);
        }
        process.set_words(tid, words)?;
        // Without a slot the others have to stand still while the breakpoint is lifted.
        if let Some(raw) = process.stop_all()? {
            return Ok(Look::Report(self.ended(&raw)));
        }
        if let Some(event) = self.step_alone(tid)? {
            return Ok(Look::Report(event));
        }
        if let Some(event) = self.start_all()? {
            return Ok(Look::Report(event));
        }
        Ok(Look::Gone)
    }

    /// Which breakpoints of the person's are hit at an address.
    pub(super) fn hits(&mut self, tid: i32, site: u64, registers: &Registers) -> Option<Reason> {
        let mut numbers = Vec::new();
        for at in 0..self.breakpoints.list.len() {
            let breakpoint = &self.breakpoints.list[at];
            let here = match &breakpoint.kind {
                Kind::Code { locations, .. } => locations.iter().any(|location| location.address == site),
                _ => false,
            };
            if !here || !breakpoint.enabled {
                continue;
            }
            let number = breakpoint.number;
            if let Some(wanted) = breakpoint.thread
                && self.process.as_ref().and_then(|p| p.threads.get(&tid)).is_some_and(|t| t.number != wanted)
            {
                continue;
            }
            if breakpoint.condition.is_some() {
                match self.holds(tid, at, registers) {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(error) => return Some(Reason::Condition(number, error.to_string())),
                }
            }
            if self.breakpoints.list[at].hit() {
                numbers.push(number);
            }
        }
        (!numbers.is_empty()).then_some(Reason::Breakpoint(numbers))
    }

    /// Whether the condition of a breakpoint holds for a thread that has come to it. Only what the condition names
    /// is read.
    fn holds(&mut self, tid: i32, at: usize, registers: &Registers) -> Result<bool> {
        // Taken out while it is asked: the view borrows everything else.
        let Some(condition) = self.breakpoints.list[at].condition.take() else { return Ok(true) };
        let pc = registers.ip();
        let place = self.program.place(pc);
        let depth = self.program.scope(&place).map_or(0, |scope| scope.blocks.len());
        let cfa = match &mut self.process {
            Some(process) => frame::cfa(registers, &place, process),
            None => None,
        };
        let frame = Frame {
            registers: *registers,
            pc,
            place,
            cfa,
            depth,
            call: None,
            signal: false,
            newest: true,
            inlined: false,
        };
        let tid_before = std::mem::replace(&mut self.tid, tid);
        let mut view = self.view(Some(frame));
        let truth =
            eval::eval(&condition.1, &mut view).and_then(|value| value.is_true(&mut view as &mut dyn Target));
        self.tid = tid_before;
        self.breakpoints.list[at].condition = Some(condition);
        truth
    }

    /// A watchpoint whose frame has returned.
    fn left_scope(&self, tid: i32, site: u64, sp: u64) -> Option<u32> {
        let _ = tid;
        self.breakpoints.list.iter().find_map(|breakpoint| match &breakpoint.kind {
            Kind::Watch(watch) => {
                let (caller, cfa) = watch.frame?;
                (caller == site && sp >= cfa).then_some(breakpoint.number)
            }
            _ => None,
        })
    }

    /// Which watchpoints a thread has run into, by the debug registers that saw it.
    fn watched(&mut self, tid: i32, seen: u64) -> Result<Option<Event>> {
        for at in 0..self.breakpoints.list.len() {
            let breakpoint = &self.breakpoints.list[at];
            let Kind::Watch(watch) = &breakpoint.kind else { continue };
            if !breakpoint.enabled || !watch.registers.iter().any(|number| seen >> number & 1 == 1) {
                continue;
            }
            let (old, access, reads_only) = (watch.old.clone(), watch.access, watch.reads_only);
            let new = self.watch_value(at);
            let changed = match (&old, &new) {
                (Some((_, old)), Some((_, new))) => old != new,
                (None, None) => false,
                _ => true,
            };
            if let Kind::Watch(watch) = &mut self.breakpoints.list[at].kind {
                watch.old.clone_from(&new);
            }
            let told = if reads_only { !changed } else { changed || access == Access::Any };
            if !told {
                continue;
            }
            if self.breakpoints.list[at].condition.is_some() {
                let registers = self.process()?.registers(tid)?;
                match self.holds(tid, at, &registers) {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(error) => {
                        let number = self.breakpoints.list[at].number;
                        return Ok(Some(Event { tid, reason: Reason::Condition(number, error.to_string()) }));
                    }
                }
            }
            if !self.breakpoints.list[at].hit() {
                continue;
            }
            let number = self.breakpoints.list[at].number;
            let text =
                |value: Option<(String, Vec<u8>)>| value.map_or("<unreadable>".into(), |(text, _)| text);
            let old = changed.then(|| text(old));
            return Ok(Some(Event { tid, reason: Reason::Watch { number, old, new: text(new) } }));
        }
        Ok(None)
    }

    /// What a watchpoint watches, as text and as bytes.
    pub(super) fn watch_value(&mut self, at: usize) -> Option<(String, Vec<u8>)> {
        let Kind::Watch(watch) = &self.breakpoints.list[at].kind else { return None };
        let watch = watch.clone();
        let mut bytes = vec![0; usize::try_from(watch.size_bytes).ok()?];
        let got = self.process.as_mut()?.read(watch.address, &mut bytes);
        if got < bytes.len() {
            return None;
        }
        let value =
            super::value::Value::new(watch.ty.clone(), super::dwarf::location::Place::Bytes(bytes.clone()));
        let style = self.style;
        let text = super::print::always(&value, style, &mut self.view(None));
        Some((text, bytes))
    }
}

/// A process is needed for what was asked.
pub fn needs_process(debugger: &Debugger) -> Result<()> {
    if debugger.process.is_some() { Ok(()) } else { Err(Error::NotRunning) }
}
