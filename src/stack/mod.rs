//! Stacks of stopped tasks: registers and memory in, frames with symbols out.
//!
//! [`Stacks`] keeps for each process what is mapped where, and for all of them the files behind, so that a
//! stack costs two kernel calls: registers and one stretch of memory. What is mapped is read again when an
//! address is found nowhere, after execve, and after calls that change code; the loop reports those.
//! The steps are pure and live in [`tables`] and [`unwind`].

pub mod image;
pub mod lines;
pub mod maps;
pub mod modules;
pub mod registers;
pub mod symbols;
pub mod tables;
pub mod unwind;
pub mod window;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use syscall_tables::abi::{Abi, numbers};

use crate::event::Regs;
use crate::event::stack::{Bottom, FileOffset, Found, Frame, RuntimeAddr, Stack};
use crate::memory::{Live, Memory};
use crate::sys::{process, ptrace};
use maps::Maps;
use modules::{FileId, Files};
use registers::Registers;
use tables::Row;
use unwind::Step;
use window::Window;

/// Addresses without a mapping that are remembered as such.
const MOST_MISSED: usize = 4096;

/// What is wanted of stacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Lines of source and inlined functions too.
    pub lines: bool,
    /// Most frames of a stack.
    pub limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { lines: false, limit: 256 }
    }
}

/// Whether a region's file was looked for.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Unknown,
    Absent,
    Open(FileId),
}

/// What is mapped in a process.
#[derive(Debug)]
struct Space {
    maps: Maps,
    /// The file of each executable region.
    slots: Vec<Slot>,
    /// Must be read again.
    stale: bool,
    /// Addresses that no mapping holds.
    missed: HashSet<u64>,
    /// Of the files, when the slots were filled.
    generation: u32,
}

impl Space {
    fn new() -> Self {
        Self { maps: Maps::default(), slots: Vec::new(), stale: true, missed: HashSet::new(), generation: 0 }
    }

    fn refresh(&mut self, tid: i32) {
        let maps = Maps::parse(&std::fs::read(format!("/proc/{tid}/maps")).unwrap_or_default());
        // The files of regions that are as they were stay known.
        let slots = maps.code.iter().map(|region| {
            let former = self.maps.find(region.start).filter(|&at| self.maps.code[at] == *region);
            former.map_or(Slot::Unknown, |at| self.slots[at])
        });
        self.slots = slots.collect();
        self.maps = maps;
        self.stale = false;
        self.missed.clear();
    }

    /// The executable region that holds an address.
    fn find(&mut self, tid: i32, address: u64) -> Option<usize> {
        if self.stale {
            self.refresh(tid);
        }
        if let Some(index) = self.maps.find(address) {
            return Some(index);
        }
        if self.missed.contains(&address) || self.missed.len() >= MOST_MISSED {
            return None;
        }
        self.refresh(tid);
        let found = self.maps.find(address);
        if found.is_none() {
            self.missed.insert(address);
        }
        found
    }
}

/// A task whose stacks are taken.
#[derive(Debug, Clone, Copy)]
struct Task {
    process: i32,
    /// Inside a call that changes what code is mapped.
    changes: bool,
}

/// Takes stacks.
pub struct Stacks {
    options: Options,
    files: Files,
    spaces: HashMap<i32, Space>,
    tasks: HashMap<i32, Task>,
    /// Kept for the next window.
    buffer: Vec<u8>,
}

impl Stacks {
    /// Nothing is known yet.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            files: Files::default(),
            spaces: HashMap::new(),
            tasks: HashMap::new(),
            buffer: Vec::new(),
        }
    }

    /// A task enters a call, reported or not; whether the call may change what code is mapped, so that
    /// [`Stacks::left`] must follow.
    pub fn entered(&mut self, tid: i32, regs: &Regs) -> bool {
        let Some(task) = self.tasks.get_mut(&tid) else { return false };
        let Some(space) = self.spaces.get(&task.process) else { return false };
        task.changes = changes_code(regs, &space.maps);
        task.changes
    }

    /// A task leaves the call.
    pub fn left(&mut self, tid: i32) {
        let Some(task) = self.tasks.get_mut(&tid).filter(|task| task.changes) else { return };
        task.changes = false;
        if let Some(space) = self.spaces.get_mut(&task.process) {
            space.stale = true;
        }
    }

    /// A process runs another program from now on.
    pub fn executed(&mut self, process: i32) {
        self.spaces.remove(&process);
        self.tasks.retain(|_, task| task.process != process);
    }

    /// A task is gone.
    pub fn forget(&mut self, tid: i32) {
        self.tasks.remove(&tid);
        self.spaces.remove(&tid);
    }

    /// Takes the stack of a stopped task. One that vanishes meanwhile has none. `calling` says that it is at the
    /// entry of a call: its instruction pointer then stands behind the instruction that made it.
    pub fn take(&mut self, tid: i32, calling: bool, into: &mut Stack) {
        into.clear();
        let Ok(registers) = ptrace::registers(tid) else { return };
        let registers = Registers::from(registers);
        let task = self.tasks.entry(tid).or_insert_with(|| Task { process: process_of(tid), changes: false });
        let space = self.spaces.entry(task.process).or_insert_with(Space::new);
        if space.generation != self.files.generation() {
            space.generation = self.files.generation();
            space.slots.fill(Slot::Unknown);
        }
        let mut walk = Walk { tid, space, files: &mut self.files, options: self.options };
        // Before the stack is read, so that its end is known.
        walk.space.find(tid, registers.ip());
        let end = walk.space.maps.data_end(registers.sp());
        let buffer = std::mem::take(&mut self.buffer);
        let mut window = Window::new(Live::new(tid), registers.sp(), end, buffer);
        walk.run(registers, calling, &mut window, into);
        self.buffer = window.into_buffer();
    }
}

fn process_of(tid: i32) -> i32 {
    process::status_field(tid, "Tgid").and_then(|text| text.parse().ok()).unwrap_or(tid)
}

/// Whether a call's stack is taken when it is entered. Those that return to where a signal interrupted the
/// task are told with that stack, as strace does; all others may not return, or to another program.
pub fn at_entry(regs: &Regs) -> bool {
    !matches!(numbers::name(regs.abi, regs.nr), Some("rt_sigreturn" | "sigreturn"))
}

/// Calls that may change which code is mapped where: a tracer that does not stop at every call must stop at
/// these, so that [`Stacks::entered`] and [`Stacks::left`] see them.
pub const CHANGE_CODE: &[&str] = &["mmap", "mmap2", "munmap", "mremap", "mprotect", "pkey_mprotect", "shmat"];

/// Whether a call may change which code is mapped where.
fn changes_code(regs: &Regs, maps: &Maps) -> bool {
    let [first, second, third, fourth, fifth, _] = regs.args;
    let (executable, fixed) = (libc::PROT_EXEC as u64, libc::MAP_FIXED as u64);
    match numbers::name(regs.abi, regs.nr) {
        // Its arguments are in memory.
        Some("mmap") if regs.abi == Abi::I386 => true,
        Some("mmap" | "mmap2") => {
            third & executable != 0 || (fourth & fixed != 0 && maps.overlaps(first, second))
        }
        Some("munmap") => maps.overlaps(first, second),
        Some("mremap") => {
            let fixed = fourth & libc::MREMAP_FIXED as u64 != 0;
            maps.overlaps(first, second) || (fixed && maps.overlaps(fifth, third))
        }
        Some("mprotect" | "pkey_mprotect") => third & executable != 0,
        Some("shmat") => third & libc::SHM_EXEC as u64 != 0,
        _ => false,
    }
}

/// A walk up one stack.
struct Walk<'a> {
    tid: i32,
    space: &'a mut Space,
    files: &'a mut Files,
    options: Options,
}

impl Walk<'_> {
    fn run(&mut self, mut registers: Registers, calling: bool, memory: &mut impl Memory, into: &mut Stack) {
        let (mut found, mut returning) = (Found::Registers, calling);
        loop {
            if into.frames.len() >= self.options.limit {
                into.end = Bottom::Limit;
                return;
            }
            let (frame, row) = self.frame(&registers, found, returning);
            into.frames.push(frame);
            let step = match &row {
                Some(row) => unwind::by_rules(&registers, row, memory),
                None => self.guess(&registers, memory),
            };
            match step {
                Step::Caller(caller) => registers = caller,
                Step::Bottom => return,
                Step::Lost => {
                    into.end = Bottom::Lost;
                    return;
                }
            }
            found = if row.is_some() { Found::Tables } else { Found::FramePointer };
            // What a signal interrupted was not calling.
            returning = row.is_none_or(|row| !row.signal);
        }
    }

    /// By the frame pointer, which is none unless it leads to code.
    fn guess(&mut self, registers: &Registers, memory: &mut impl Memory) -> Step {
        match unwind::by_frame_pointer(registers, memory) {
            Step::Caller(caller) if self.space.maps.find(caller.ip()).is_none() => Step::Lost,
            step => step,
        }
    }

    fn frame(&mut self, registers: &Registers, found: Found, returning: bool) -> (Frame, Option<Arc<Row>>) {
        let ip = registers.ip();
        let mut frame =
            Frame { ip: RuntimeAddr(ip), found, module: None, offset: FileOffset(ip), place: None };
        let Some(index) = self.space.find(self.tid, ip) else { return (frame, None) };
        let region = &self.space.maps.code[index];
        let offset = (ip - region.start).wrapping_add(region.offset);
        frame.module = region.path.clone();
        frame.offset = FileOffset(offset);
        let Some(file) = self.file(index).and_then(|id| self.files.get(id)) else { return (frame, None) };
        if file.machine() != registers.machine() {
            return (frame, None);
        }
        let Some(entry) = file.entry(offset, returning, self.options.lines) else { return (frame, None) };
        frame.place = Some(entry.place.clone());
        (frame, entry.row.clone())
    }

    fn file(&mut self, index: usize) -> Option<FileId> {
        match self.space.slots[index] {
            Slot::Open(id) => Some(id),
            Slot::Absent => None,
            Slot::Unknown => {
                let id = self.files.open(self.tid, &self.space.maps.code[index]);
                if self.space.generation != self.files.generation() {
                    self.space.generation = self.files.generation();
                    self.space.slots.fill(Slot::Unknown);
                }
                self.space.slots[index] = id.map_or(Slot::Absent, Slot::Open);
                id
            }
        }
    }
}
