//! Processes come and go: launched, attached to, killed, let go, replaced by execve, doubled by fork.

use std::ffi::OsString;

use super::breakpoints::{Catch, Kind};
use super::debugger::{Debugger, Event, Follow, Reason};
use super::error::{Error, Result};
use super::process::{How, Process, Raw, State};
use crate::sys::{process, ptrace, wait};
use crate::tracee::{Stop, Stopped};

/// ADDR_NO_RANDOMIZE of personality(2), as gdb runs programs.
const NO_RANDOMIZE: u64 = 0x0004_0000;
/// What a process is traced with: threads, forks and programs are seen.
const OPTIONS: u64 = ptrace::OPTIONS_BASE | ptrace::OPTIONS_FOLLOW | ptrace::OPTION_VFORK_DONE;
/// Attempts to find threads that are born while others are seized.
const MOST_ROUNDS: usize = 64;

impl Debugger {
    /// Starts the program, stopped before its first instruction. `args` replace those of before.
    ///
    /// # Errors
    /// What the launch says, in one sentence; nothing is left behind.
    pub fn launch(&mut self, args: Option<Vec<OsString>>) -> Result<()> {
        let request = self.request.as_mut().ok_or_else(|| {
            Error::says("No executable file specified.\nUse the \"file\" or \"exec-file\" command.")
        })?;
        if let Some(args) = args {
            request.plan.argv.truncate(1);
            request.plan.argv.extend(args);
        }
        let options = OPTIONS | ptrace::OPTION_EXITKILL;
        let own = request.plan.personality;
        request.plan.personality.get_or_insert(NO_RANDOMIZE);
        let mut started = request.trace(options);
        request.plan.personality = own;
        // Containers forbid that personality as a rule; addresses are random then.
        if started.is_err() && own.is_none() {
            let random = request.trace(options);
            if random.is_ok() {
                self.remarks.push("warning: address space randomization could not be disabled".into());
                started = random;
            }
        }
        let (launched, held) = started.map_err(|error| Error::says(error.to_string()))?;
        let pid = launched.pid;
        self.held = Some(held);
        let mut process = Process::new(pid, true);
        process.resume(pid, How::Run);
        loop {
            match process.next_change()? {
                Raw::Stopped(tid) => {
                    if matches!(process.stop_of(tid), Some(Stop::Exec(_))) {
                        break;
                    }
                    process.resume(tid, How::Run);
                }
                Raw::Interrupted | Raw::ThreadEnded(_) => {}
                Raw::Exited(_) | Raw::Killed(..) => {
                    let why = launched.exec_failure().unwrap_or_else(|| "it ended before its execve".into());
                    self.release();
                    return Err(Error::says(format!("Cannot run the program: {why}.")));
                }
            }
        }
        self.launched = Some(launched);
        self.process = Some(process);
        self.tid = pid;
        self.sources.forget();
        if let Some(path) = self.program.path() {
            // It may have been built anew.
            self.program.open(&path).ok();
        }
        self.loaded(pid)
    }

    /// What the parent of a launch holds is taken away.
    pub(super) fn release(&mut self) {
        self.launched = None;
        if let Some(held) = self.held.take() {
            self.remarks.extend(held.release());
        }
    }

    /// A process has another program: its files are found and its breakpoints put in.
    fn loaded(&mut self, pid: i32) -> Result<()> {
        self.program.refresh(pid);
        self.known.clear();
        self.forget_frames();
        self.level = 0;
        self.loader = None;
        if self
            .program
            .main()
            .is_some_and(|m| m.binary.image().machine() != crate::stack::registers::Machine::X86_64)
        {
            let launched = self.process.as_ref().is_some_and(|process| process.launched);
            if launched { self.kill() } else { self.detach() }?;
            return Err(Error::says("32-bit programs cannot be debugged; trace them instead."));
        }
        self.hook_loader();
        self.resolve_all();
        Ok(())
    }

    /// Puts a breakpoint where the loader tells of libraries.
    fn hook_loader(&mut self) {
        let named = |name| self.program.named_symbol(name).map(|(address, _, _)| address);
        let Some(address) = named("_dl_debug_state").or_else(|| named("dl_debug_state")) else { return };
        if let Some(process) = &mut self.process
            && process.add_site(address).is_ok()
        {
            self.loader = Some(address);
        }
    }

    /// Libraries were loaded or unloaded: what is mapped is looked at anew.
    pub(super) fn libraries_changed(&mut self) {
        let Some(process) = &self.process else { return };
        if self.program.refresh(process.pid) {
            self.known.clear();
            self.forget_frames();
            self.resolve_all();
        }
    }

    /// Attaches to a process and stops it.
    ///
    /// # Errors
    /// What the kernel says; the front end knows why and what to do.
    pub fn attach(&mut self, pid: i32) -> std::result::Result<(), std::io::Error> {
        ptrace::seize(pid, OPTIONS)?;
        let mut process = Process::new(pid, false);
        if let Some(thread) = process.threads.get_mut(&pid) {
            thread.state = State::Running;
        }
        // Threads are born while others are seized; those of seized ones come by themselves.
        for _ in 0..MOST_ROUNDS {
            let mut new = false;
            for tid in process::threads(pid)? {
                if !process.threads.contains_key(&tid) && ptrace::seize(tid, OPTIONS).is_ok() {
                    process.add(tid, State::Running);
                    new = true;
                }
            }
            if !new {
                break;
            }
        }
        process.news.clear();
        let ended = process.stop_all().map_err(|_| std::io::Error::from_raw_os_error(libc::ESRCH))?;
        if ended.is_some() {
            return Err(std::io::Error::from_raw_os_error(libc::ESRCH));
        }
        self.process = Some(process);
        self.tid = pid;
        if self.program.modules.is_empty() || self.program.path().is_none() {
            let exe = std::path::PathBuf::from(format!("/proc/{pid}/exe"));
            self.program.open(&exe).ok();
        }
        self.loaded(pid).map_err(|_| std::io::Error::from_raw_os_error(libc::ENOEXEC))
    }

    /// Lets the process go, as it was.
    ///
    /// # Errors
    /// When there is none.
    pub fn detach(&mut self) -> Result<i32> {
        let process = self.process.take().ok_or(Error::NotRunning)?;
        let pid = process.pid;
        let result = process.detach();
        self.gone();
        result.map(|()| pid)
    }

    /// Kills the process.
    ///
    /// # Errors
    /// When there is none.
    pub fn kill(&mut self) -> Result<i32> {
        let process = self.process.take().ok_or(Error::NotRunning)?;
        let pid = process.pid;
        process.kill();
        self.gone();
        Ok(pid)
    }

    /// There is no process any more.
    pub(super) fn gone(&mut self) {
        self.process = None;
        self.release();
        self.program.unload();
        self.known.clear();
        self.forget_frames();
        self.loader = None;
        self.temps.clear();
        self.calls.clear();
        self.level = 0;
        self.tid = 0;
        self.breakpoints.forget_process();
        // A watched local is gone with its process.
        self.breakpoints.list.retain(|b| !matches!(&b.kind, Kind::Watch(watch) if watch.frame.is_some()));
    }

    /// A thread has made another task. Threads are debugged too; a process by what was chosen.
    ///
    /// # Errors
    /// When the process is gone.
    pub(super) fn forked(&mut self, tid: i32, child: i32) -> Result<Option<Event>> {
        let process = self.process.as_mut().ok_or(Error::NotRunning)?;
        if process.owns(child) {
            if !process.threads.contains_key(&child) {
                process.add(child, State::Running);
            }
            return Ok(None);
        }
        let shares = process.shares_memory(child);
        // The child stops before its first instruction.
        while !process.born.remove(&child) {
            match wait::wait(child) {
                Ok((_, wait::Status::Stopped { event: 0, .. })) => {
                    ptrace::cont(child, 0).ok();
                }
                Ok((_, wait::Status::Stopped { .. })) => break,
                Ok(_) => return Ok(None),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Ok(None),
            }
        }
        let what = if shares { Catch::Vfork } else { Catch::Fork };
        let caught = self.breakpoints.catching(|catch| *catch == what).map(|b| (b.number, b.hit()));
        if self.follow == Follow::Child {
            self.follow_child(child, shares)?;
            self.remarks.push(format!("[Attaching after process {tid} fork to child process {child}]"));
        } else {
            let process = self.process.as_mut().ok_or(Error::NotRunning)?;
            if shares {
                process.lift_all(true);
                process.vforking = Some(tid);
            } else {
                process.clean_child(child);
            }
            Stopped { tid: child, stop: Stop::Trap }.detach(0);
            self.remarks.push(format!(
                "[Detaching after {} from child process {child}]",
                if shares { "vfork" } else { "fork" }
            ));
        }
        let word = if shares { "vforked" } else { "forked" };
        Ok(caught.filter(|(_, told)| *told).map(|(number, _)| Event {
            tid: self
                .process
                .as_ref()
                .map_or(tid, |process| if process.threads.contains_key(&tid) { tid } else { process.pid }),
            reason: Reason::Catch { number, what: format!("{word} process {child}"), line: None },
        }))
    }

    /// The child is debugged from now on; the parent runs free.
    fn follow_child(&mut self, child: i32, shares: bool) -> Result<()> {
        let parent = self.process.take().ok_or(Error::NotRunning)?;
        let mut process = Process::new(child, parent.launched);
        parent.clean_child(child);
        // With a memory of their own the parent's goes clean; a vfork child's is the same.
        let _ = shares;
        parent.detach()?;
        self.breakpoints.forget_process();
        process.news.clear();
        self.process = Some(process);
        self.tid = child;
        self.loader = None;
        self.calls.clear();
        self.hook_loader();
        self.resolve_all();
        Ok(())
    }

    /// The process runs another program.
    ///
    /// # Errors
    /// When the process is gone.
    pub(super) fn executed(&mut self, tid: i32) -> Result<Option<Event>> {
        let process = self.process.as_mut().ok_or(Error::NotRunning)?;
        process.forget_sites();
        process.watches = super::process::watch::Watches::default();
        process.vforking = None;
        if let Some(thread) = process.threads.get_mut(&tid) {
            thread.inside_call = false;
        }
        let pid = process.pid;
        self.breakpoints.forget_process();
        self.breakpoints.list.retain(|b| !matches!(b.kind, Kind::Watch(_)));
        self.temps.clear();
        let path = process::link(pid, "exe").map(|path| String::from_utf8_lossy(&path).into_owned());
        let path = path.unwrap_or_default();
        let shown = super::numbers::harmless(&path);
        self.remarks.push(format!("process {pid} is executing new program: {shown}"));
        self.program.modules.clear();
        self.tid = tid;
        self.loaded(pid)?;
        let caught = self.breakpoints.catching(|catch| *catch == Catch::Exec).map(|b| (b.number, b.hit()));
        Ok(caught.filter(|(_, told)| *told).map(|(number, _)| Event {
            tid,
            reason: Reason::Catch { number, what: format!("exec'd {shown}"), line: None },
        }))
    }
}
