//! The debugged process: its threads, their registers, its memory with breakpoints in it.
//!
//! Everything here happens on the thread that launched or attached, as ptrace(2) wants it. Memory is shown as
//! the program has it: the bytes of breakpoints are put over by what they replaced.

pub mod sites;
pub mod slots;
pub mod watch;

use std::collections::{BTreeMap, HashSet};

use super::error::{Error, Result};
use crate::engine::placement::{Mode, Placement};
use crate::memory::Memory;
use crate::stack::registers::Registers;
use crate::sys::process::{self, Shared};
use crate::sys::ptrace::{self, UserRegs};
use crate::sys::{signal, vm, wait};
use crate::tracee::{self, Change, Stop, Stopped};
use sites::Sites;
use slots::Slots;

/// The general registers, as `struct user_regs_struct` has them.
pub type Words = [u64; 27];
/// Word of the instruction pointer.
pub const RIP: usize = 16;
/// Word of the stack pointer.
pub const RSP: usize = 19;
/// Word of the result of a call.
pub const RAX: usize = 10;
/// Word of the number of the call that the thread is in, -1 for none.
pub const ORIG_RAX: usize = 15;

/// What a thread does.
#[derive(Debug)]
pub enum State {
    /// It runs, or sleeps in the kernel.
    Running,
    /// It stands still, held by us.
    Stopped(Stopped),
    /// Job control has stopped it.
    Listening,
}

/// How a thread is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Freely.
    Run,
    /// For one instruction.
    Step,
    /// To the next boundary of a system call.
    Call,
}

/// A thread.
#[derive(Debug)]
pub struct Thread {
    /// Its id.
    pub tid: i32,
    /// Its number in this session, from 1.
    pub number: u32,
    /// What it does.
    pub state: State,
    /// A stop that nobody has looked at yet.
    pub pending: Option<Stop>,
    /// A signal to be delivered when it goes on.
    pub signal: i32,
    /// It is between entry and return of a call that was seen to be entered.
    pub inside_call: bool,
    /// The breakpoint that it has come to and been looked at for: it goes on past it.
    pub passed: Option<u64>,
    registers: Option<Words>,
}

/// What wait says.
#[derive(Debug)]
pub enum Raw {
    /// A thread stopped.
    Stopped(i32),
    /// A thread ended; others go on.
    ThreadEnded(i32),
    /// The process is gone, with a status.
    Exited(i32),
    /// The process is gone, by a signal; true when it left a core file.
    Killed(i32, bool),
    /// A signal of our own came.
    Interrupted,
}

/// The process.
pub struct Process {
    /// Its id.
    pub pid: i32,
    /// Its threads by id.
    pub threads: BTreeMap<i32, Thread>,
    /// It was launched here and dies with us.
    pub launched: bool,
    /// Breakpoints in its code.
    pub sites: Sites,
    /// Where instructions under breakpoints are carried out.
    pub slots: Slots,
    /// The debug registers that every thread is to have: addresses and the control word.
    pub watches: watch::Watches,
    /// The thread whose vfork child still uses the memory.
    pub vforking: Option<i32>,
    /// Child processes that have stopped before their parents told of them.
    pub born: HashSet<i32>,
    placement: Placement,
    next_number: u32,
    /// Threads that have begun since they were asked for last, and those that have ended.
    pub news: Vec<String>,
}

impl Process {
    /// A process whose leader is stopped.
    pub fn new(pid: i32, launched: bool) -> Self {
        // Only tasks that die with us are moved.
        let mut placement = Placement::new(if launched { Mode::Auto } else { Mode::Free });
        placement.launched(pid, false);
        let mut process = Self {
            pid,
            threads: BTreeMap::new(),
            launched,
            sites: Sites::default(),
            slots: Slots::default(),
            watches: watch::Watches::default(),
            vforking: None,
            born: HashSet::new(),
            placement,
            next_number: 1,
            news: Vec::new(),
        };
        process.add(pid, State::Stopped(Stopped { tid: pid, stop: Stop::Trap }));
        process
    }

    /// A thread that was found.
    pub fn add(&mut self, tid: i32, state: State) {
        let number = self.next_number;
        self.next_number += 1;
        if number > 1 {
            self.news.push(format!("[New LWP {tid}]"));
            self.placement.born(tid, Some(self.pid));
        }
        let thread = Thread {
            tid,
            number,
            state,
            pending: None,
            signal: 0,
            inside_call: false,
            passed: None,
            registers: None,
        };
        self.threads.insert(tid, thread);
    }

    /// The thread with a number.
    pub fn numbered(&self, number: u32) -> Option<&Thread> {
        self.threads.values().find(|thread| thread.number == number)
    }

    /// A thread that stands still, any: memory and code are changed through it.
    pub fn still(&self) -> Option<i32> {
        let still = |thread: &&Thread| matches!(thread.state, State::Stopped(_));
        self.threads.values().find(still).map(|thread| thread.tid)
    }

    /// Whether a thread runs.
    pub fn any_running(&self) -> bool {
        self.threads.values().any(|thread| matches!(thread.state, State::Running))
    }

    /// The registers of a stopped thread.
    ///
    /// # Errors
    /// When it is gone, or runs 32-bit code.
    pub fn words(&mut self, tid: i32) -> Result<Words> {
        let thread = self.threads.get_mut(&tid).ok_or(Error::NotRunning)?;
        if let Some(words) = thread.registers {
            return Ok(words);
        }
        match ptrace::registers(tid).map_err(|error| Error::kernel("Couldn't get registers", &error))? {
            UserRegs::X86_64(words) => {
                thread.registers = Some(words);
                Ok(words)
            }
            UserRegs::I386(_) => Err(Error::says("32-bit code cannot be debugged.")),
        }
    }

    /// Changes the registers of a stopped thread.
    ///
    /// # Errors
    /// When it is gone or the values cannot be.
    pub fn set_words(&mut self, tid: i32, words: &Words) -> Result<()> {
        ptrace::set_registers(tid, words)
            .map_err(|error| Error::kernel("Couldn't write registers", &error))?;
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.registers = Some(*words);
        }
        Ok(())
    }

    /// Registers that are about to be written with more changes.
    pub fn expect_words(&mut self, tid: i32, words: &Words) {
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.registers = Some(*words);
        }
    }

    /// Moves a stopped thread to another instruction. A call that it was in is not taken up again.
    ///
    /// # Errors
    /// As [`Process::set_words`].
    pub fn jump(&mut self, tid: i32, address: u64) -> Result<()> {
        let mut words = self.words(tid)?;
        words[RIP] = address;
        words[ORIG_RAX] = u64::MAX;
        self.set_words(tid, &words)
    }

    /// The registers by DWARF numbers.
    ///
    /// # Errors
    /// As [`Process::words`].
    pub fn registers(&mut self, tid: i32) -> Result<Registers> {
        Ok(Registers::from(UserRegs::X86_64(self.words(tid)?)))
    }

    /// Where a stopped thread is; 0 when it is gone.
    pub fn pc(&mut self, tid: i32) -> u64 {
        self.words(tid).map_or(0, |words| words[RIP])
    }

    /// Changes memory, also where the program itself may not. Breakpoints stay in place.
    ///
    /// # Errors
    /// [`Error::Memory`].
    pub fn write(&mut self, address: u64, bytes: &[u8]) -> Result<()> {
        let mut real = bytes.to_vec();
        self.sites.put_under(address, &mut real);
        if vm::write(self.pid, address, &real) {
            return Ok(());
        }
        self.poke(address, &real)
    }

    /// Changes memory through a stopped thread.
    pub(super) fn poke(&self, address: u64, bytes: &[u8]) -> Result<()> {
        let tid = self.still().ok_or(Error::NotRunning)?;
        let mut at = address;
        let mut rest = bytes;
        while !rest.is_empty() {
            let start = at & !7;
            let skip = (at - start) as usize;
            let count = rest.len().min(8 - skip);
            let mut word = [0u8; 8];
            if vm::read(tid, start, &mut word) < 8 {
                return Err(Error::Memory(at));
            }
            word[skip..skip + count].copy_from_slice(&rest[..count]);
            ptrace::poke(tid, start, u64::from_le_bytes(word)).map_err(|_| Error::Memory(at))?;
            at += count as u64;
            rest = &rest[count..];
        }
        Ok(())
    }

    /// Lets a stopped thread go. Threads that are not stopped stay as they are.
    pub fn resume(&mut self, tid: i32, how: How) {
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let state = std::mem::replace(&mut thread.state, State::Running);
        let State::Stopped(stopped) = state else {
            thread.state = state;
            return;
        };
        thread.registers = None;
        let signo = std::mem::take(&mut thread.signal);
        if matches!(stopped.stop, Stop::Group(_)) && how != How::Step {
            thread.state = State::Listening;
            return stopped.listen();
        }
        self.placement.resumed(tid);
        match how {
            How::Run => stopped.run(signo),
            How::Step => stopped.step(signo),
            How::Call => stopped.resume(signo),
        }
    }

    /// Waits for something to happen to any thread.
    ///
    /// # Errors
    /// A failure of wait itself.
    pub fn next_change(&mut self) -> Result<Raw> {
        loop {
            let (tid, status) = match wait::wait(-1) {
                Ok(found) => found,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                    self.placement.tick();
                    return Ok(Raw::Interrupted);
                }
                Err(error) if error.raw_os_error() == Some(libc::ECHILD) => return Ok(Raw::Exited(0)),
                Err(error) => return Err(Error::kernel("wait", &error)),
            };
            match tracee::change(tid, status) {
                Change::Vanished => {}
                Change::Exited(code) if tid == self.pid => {
                    self.over();
                    return Ok(Raw::Exited(code));
                }
                Change::Killed(signo, core) if tid == self.pid => {
                    self.over();
                    return Ok(Raw::Killed(signo, core));
                }
                Change::Exited(_) | Change::Killed(..) => {
                    if self.threads.remove(&tid).is_some() {
                        self.placement.ended(tid);
                        self.news.push(format!("[LWP {tid} exited]"));
                        return Ok(Raw::ThreadEnded(tid));
                    }
                }
                Change::Stopped(stopped) => {
                    if self.stopped(stopped) {
                        return Ok(Raw::Stopped(tid));
                    }
                }
            }
        }
    }

    /// It is gone: whoever shared a CPU with it does so no longer.
    fn over(&mut self) {
        for tid in self.threads.keys() {
            self.placement.ended(*tid);
        }
    }

    /// Notes a stop; whether it is one of this process.
    fn stopped(&mut self, stopped: Stopped) -> bool {
        let tid = stopped.tid;
        if let Stop::Exec(former) = stopped.stop
            && former != tid
        {
            // The thread that called execve goes by the leader's id from now on.
            self.threads.remove(&former);
        }
        if !self.threads.contains_key(&tid) {
            if !self.owns(tid) {
                // A child that stops before its parent's stop was seen; it is dealt with at that stop.
                self.born.insert(tid);
                return false;
            }
            self.add(tid, State::Running);
        }
        self.placement.stopped(tid);
        let Some(thread) = self.threads.get_mut(&tid) else { return false };
        thread.registers = None;
        thread.state = State::Stopped(stopped);
        self.leave_slot(tid);
        true
    }

    /// Whether a task is a thread of this process.
    pub fn owns(&self, tid: i32) -> bool {
        tid == self.pid
            || process::status_field(tid, "Tgid").is_some_and(|group| group == self.pid.to_string())
    }

    /// Why a thread is stopped.
    pub fn stop_of(&self, tid: i32) -> Option<Stop> {
        match &self.threads.get(&tid)?.state {
            State::Stopped(stopped) => Some(stopped.stop.clone()),
            _ => None,
        }
    }

    /// Stops every thread. What they stop for is kept for later, breakpoints that they have just reached are
    /// reached again.
    ///
    /// # Errors
    /// A failure of wait. The end of the process comes back as what it was.
    pub fn stop_all(&mut self) -> Result<Option<Raw>> {
        let listening = |thread: &Thread| matches!(thread.state, State::Listening);
        for thread in self.threads.values_mut() {
            if listening(thread) {
                thread.state = State::Running;
            }
            if matches!(thread.state, State::Running) {
                ptrace::interrupt(thread.tid).ok();
            }
        }
        self.await_all()
    }

    /// Waits until all threads have stopped; how the process ended, if it did.
    fn await_all(&mut self) -> Result<Option<Raw>> {
        while self.any_running() {
            match self.next_change()? {
                Raw::Stopped(tid) => self.keep(tid)?,
                Raw::ThreadEnded(_) | Raw::Interrupted => {}
                ended => return Ok(Some(ended)),
            }
        }
        Ok(None)
    }

    /// Collects traps that threads ran into just before they were stopped: the kernel tells of an interrupt first, and whoever
    /// is let go with the SIGTRAP of a breakpoint or a step before him dies of it.
    fn take_traps(&mut self) -> Result<Option<Raw>> {
        let interrupted = |thread: &&Thread| match &thread.state {
            State::Stopped(stopped) => stopped.stop == Stop::Trap && thread.pending.is_none(),
            _ => false,
        };
        let all = self.threads.values().filter(interrupted).map(|thread| thread.tid);
        let trapped: Vec<i32> = all.filter(|tid| trap_is_pending(*tid)).collect();
        // No instruction is carried out before the signal is told.
        trapped.into_iter().for_each(|tid| self.resume(tid, How::Run));
        self.await_all()
    }

    /// What a thread stopped for while others were being stopped.
    fn keep(&mut self, tid: i32) -> Result<()> {
        let Some(stop) = self.stop_of(tid) else { return Ok(()) };
        if stop == Stop::Signal(libc::SIGTRAP) {
            let pc = self.pc(tid);
            if self.sites.is_inserted(pc.wrapping_sub(1)) {
                return self.jump(tid, pc - 1);
            }
        }
        if let Stop::Child(child) = stop {
            // Threads are threads; a child process is dealt with when this stop is looked at.
            if self.owns(child) {
                if !self.threads.contains_key(&child) {
                    self.add(child, State::Running);
                }
                return Ok(());
            }
        }
        if let Some(thread) = self.threads.get_mut(&tid)
            && !matches!(stop, Stop::Trap | Stop::Group(_))
        {
            thread.pending = Some(stop);
        }
        Ok(())
    }

    /// Whether two tasks have one memory.
    pub fn shares_memory(&self, child: i32) -> bool {
        process::share(self.pid, child, Shared::Memory) == Some(true)
    }

    /// Takes everything away that was put into the process and lets it go, each thread with `signo` where it is
    /// about to get a signal.
    ///
    /// # Errors
    /// A failure of wait.
    pub fn detach(mut self) -> Result<()> {
        if self.stop_all()?.is_some() || self.take_traps()?.is_some() {
            return Ok(());
        }
        self.remove_sites();
        self.clear_watches();
        let tids: Vec<i32> = self.threads.keys().copied().collect();
        for tid in tids {
            self.placement.let_go(tid);
            let Some(thread) = self.threads.remove(&tid) else { continue };
            let State::Stopped(stopped) = thread.state else { continue };
            let signo = match thread.pending.as_ref().unwrap_or(&stopped.stop) {
                Stop::Signal(libc::SIGTRAP) => 0,
                Stop::Signal(signo) if thread.pending.is_some() => *signo,
                Stop::Group(signo) => *signo,
                _ => thread.signal,
            };
            stopped.detach(signo);
        }
        Ok(())
    }

    /// Kills it and waits for its end.
    pub fn kill(mut self) {
        signal::kill(self.pid, libc::SIGKILL).ok();
        loop {
            match self.next_change() {
                Ok(Raw::Exited(_) | Raw::Killed(..)) | Err(_) => return,
                // At its exit nobody holds it; a stop before that is let go.
                Ok(Raw::Stopped(tid)) => self.resume(tid, How::Run),
                Ok(_) => {}
            }
        }
    }
}

/// Whether SIGTRAP waits for a thread, by the set of /proc/TID/status.
fn trap_is_pending(tid: i32) -> bool {
    let pending = process::status_field(tid, "SigPnd").and_then(|set| u64::from_str_radix(&set, 16).ok());
    pending.is_some_and(|set| set >> (libc::SIGTRAP - 1) & 1 != 0)
}

/// Memory of a process without its breakpoints.
pub struct Shown<'a>(pub &'a Process);

impl Memory for Shown<'_> {
    fn read(&mut self, address: u64, buf: &mut [u8]) -> usize {
        let got = vm::read(self.0.pid, address, buf);
        self.0.sites.put_over(address, &mut buf[..got]);
        got
    }
}
