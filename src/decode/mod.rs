//! From registers and memory to values: the interpreter of the tables.
//!
//! It takes a call's registers, two memories (at entry and at exit) and drives a [`Render`]. It never
//! fails and never panics: unknown numbers, bits and pointers are ordinary output, and every length
//! has a cap.

mod aio;
mod argument;
mod btrfs;
mod console;
mod custom;
mod device;
mod dirents;
mod ebpf;
mod file;
mod files;
mod filter;
mod input;
mod interface;
mod interpret;
mod ioctl;
mod ipc;
mod mapper;
mod mem;
mod member;
mod message;
mod mounts;
mod netlink;
mod notify;
mod object;
mod perf;
mod piece;
mod process;
mod quiet;
mod recorder;
mod registration;
pub mod render;
pub mod ring;
mod sched;
mod scsi;
mod security;
mod siginfo;
mod signal;
mod sockaddr;
mod socket;
mod sockopt;
mod strings;
mod structs;
mod submission;
mod terminal;
mod trace;
mod trusted;
mod uring;
mod video;

pub use netlink::descriptor as netlink_descriptor;
pub use object::described;
pub use siginfo::siginfo;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::model::{Custom, Dir, Shape, Signature};
use syscall_tables::signatures;

use crate::event::{Call, FdNote, Outcome, Regs, Snapshot, Stamp};
use crate::memory::Memory;
use recorder::Recorder;
use render::Render;

/// A descriptor in a call whose values depend on what it is open on.
pub fn asking(call: &Call) -> Option<i32> {
    ioctl::shared_command(call).or_else(|| described(call)).or_else(|| submission::commanded(call))
}

/// How much of a value is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Longest string shown, in bytes; paths are exempt.
    pub string_limit: usize,
    /// Structs are shortened to their brief form.
    pub abbreviate: bool,
    /// Arguments stay undecoded numbers.
    pub raw: bool,
    /// Structs and arrays behind pointers are looked at; strings always are.
    pub dereference: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { string_limit: 32, abbreviate: true, raw: false, dereference: true }
    }
}

impl Memory for &Snapshot {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        self.recall(addr, buf).unwrap_or(0)
    }

    fn read_text(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        self.recall_text(addr, buf).unwrap_or(0)
    }
}

/// Which memory is being looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Entry,
    Exit,
}

/// `bytes` as a little-endian number, as tracees have them.
pub fn number(bytes: &[u8]) -> u64 {
    interpret::load(bytes)
}

/// The state of decoding one call.
pub(crate) struct Decoder<'a, I, O, R> {
    pub(crate) abi: Abi,
    pub(crate) regs: &'a Regs,
    pub(crate) args: [u64; 8],
    pub(crate) outcome: Option<Outcome>,
    pub(crate) options: Options,
    signature: Option<&'static Signature>,
    before: I,
    after: O,
    side: Side,
    /// What descriptors are open on, as far as it is known.
    fds: &'a [FdNote],
    /// When the call was entered, as far as that is known.
    entered: Stamp,
    pub(crate) render: &'a mut R,
}

/// Everything of a call: arguments as far as they are known.
pub fn call<R: Render>(call: &Call, options: &Options, render: &mut R) {
    if let Some(entry) = call.entry {
        return ring::of_call(call, entry, options, render);
    }
    let mut decoder = Decoder::of(call, options, render);
    decoder.entry();
    if call.outcome.is_some() {
        decoder.exit();
    }
}

/// The arguments that are known when the call is entered; of an operation of io_uring all of them as far as they are known.
pub fn entry<R: Render>(call: &Call, options: &Options, render: &mut R) {
    if let Some(entry) = call.entry {
        return ring::of_call(call, entry, options, render);
    }
    Decoder::of(call, options, render).entry();
}

/// The arguments that follow those of [`entry`], known when the call has returned.
pub fn exit<R: Render>(call: &Call, options: &Options, render: &mut R) {
    if call.entry.is_some() {
        return;
    }
    Decoder::of(call, options, render).exit();
}

/// The arguments that the kernel reads, all of them, in the order of the signature: what can be known of a call
/// before it returns.
pub fn inputs<R: Render>(call: &Call, options: &Options, render: &mut R) {
    if let Some(entry) = call.entry {
        return ring::inputs(call, entry, options, render);
    }
    Decoder::of(call, options, render).all_inputs();
}

/// The return value of a call that did not fail.
pub fn result<R: Render>(call: &Call, options: &Options, render: &mut R) {
    if let Some(entry) = call.entry {
        return ring::result_of_call(call, entry, options, render);
    }
    Decoder::of(call, options, render).result();
}

/// Turns a multiplexed call (i386 `socketcall` and `ipc`) into the call that it stands for.
pub fn demultiplex<M: Memory>(call: &mut Call, mut memory: M) {
    if call.regs.abi != Abi::I386 {
        return;
    }
    let [number, array, ..] = call.regs.args;
    match call.regs.nr {
        numbers::I386_SOCKETCALL => {
            let Some(target) =
                numbers::socketcall(number as u32).and_then(|n| signatures::named(Abi::I386, n))
            else {
                return;
            };
            let mut bytes = [0u8; 24];
            let size = 4 * target.args.len().min(6);
            if memory.read(array & 0xffff_ffff, &mut bytes[..size]) < size {
                return;
            }
            for (arg, word) in call.regs.args.iter_mut().zip(bytes.chunks_exact(4)) {
                *arg = interpret::load(word);
            }
            call.signature = Some(target);
        }
        numbers::I386_IPC => demultiplex_ipc(call, &mut memory),
        numbers::I386_OLD_MMAP => {
            if let Some(args) = words::<6>(&mut memory, number) {
                call.regs.args = args;
                call.signature = signatures::common("mmap");
            }
        }
        numbers::I386_OLD_SELECT => {
            if let Some([nfds, read, write, except, timeout]) = words(&mut memory, number) {
                call.regs.args = [nfds, read, write, except, timeout, 0];
                call.signature = signatures::common("select");
            }
        }
        _ => {}
    }
}

/// Marks the pointer to what msgrcv takes from memory in its first version.
const UNPACKED: u64 = 1 << 32;

/// The `ipc` multiplexer: each call takes its arguments from its own registers.
fn demultiplex_ipc<M: Memory>(call: &mut Call, memory: &mut M) {
    let all = call.regs.args.map(|arg| arg & 0xffff_ffff);
    let Some(row) = signatures::ipc::IPC_CALLS.iter().find(|row| u64::from(row.call) == all[0] & 0xffff)
    else {
        return;
    };
    let mut args = [0; 6];
    for (arg, &from) in args.iter_mut().zip(row.from) {
        *arg = all[usize::from(from)];
    }
    match row.name {
        // The union is behind the pointer; what is told of it depends on whether that could be read.
        "semctl" => {
            if let Some([word]) = words(memory, all[4]) {
                args[3] = word;
                args[4] = 1;
            }
        }
        // The first version has the buffer and the type behind the pointer, which is told where it is all there is.
        "msgrcv" if all[0] >> 16 == 0 => {
            args[5] = UNPACKED | all[4];
            if let Some([buffer, kind]) = words(memory, all[4]) {
                args[1] = buffer;
                args[3] = kind;
            }
        }
        // The address is stored behind a pointer.
        "shmat" => args[3] = all[3],
        _ => {}
    }
    call.regs.args = args;
    call.signature = signatures::named(Abi::I386, row.name);
}

/// `N` words of i386 behind a pointer.
fn words<const N: usize>(memory: &mut impl Memory, addr: u64) -> Option<[u64; N]> {
    let mut values = [0; N];
    for (index, value) in values.iter_mut().enumerate() {
        let mut bytes = [0u8; 4];
        let at = (addr & 0xffff_ffff) + 4 * index as u64;
        if memory.read(at, &mut bytes) < 4 {
            return None;
        }
        *value = interpret::load(&bytes);
    }
    Some(values)
}

/// Reads through `memory` everything that decoding needs at entry.
pub fn touch_entry<M: Memory, R: Render>(call: &mut Call, memory: M, options: &Options, render: &mut R) {
    let mut before = std::mem::take(&mut call.before);
    before.clear();
    let mut ahead = None;
    let reader = Recorder::new(memory, &mut before, &mut ahead);
    let nothing = crate::memory::Nothing;
    let decoder = Decoder::new(&call.regs, call.signature, None, options, reader, nothing, render);
    Decoder { fds: &call.fds, ..decoder }.all_inputs();
    call.before = before;
}

/// Reads through `memory` everything that decoding needs at exit.
pub fn touch_exit<M: Memory, R: Render>(call: &mut Call, memory: M, options: &Options, render: &mut R) {
    let mut after = std::mem::take(&mut call.after);
    after.clear();
    {
        let mut ahead = None;
        let reader = Recorder::new(memory, &mut after, &mut ahead);
        let decoder =
            Decoder::new(&call.regs, call.signature, call.outcome, options, &call.before, reader, render);
        let mut decoder = Decoder { fds: &call.fds, ..decoder };
        decoder.exit();
        decoder.result();
    }
    call.after = after;
}

impl<'a, R: Render> Decoder<'a, &'a Snapshot, &'a Snapshot, R> {
    fn of(call: &'a Call, options: &'a Options, render: &'a mut R) -> Self {
        let (fds, entered) = (&call.fds, call.entered);
        let decoder =
            Self::new(&call.regs, call.signature, call.outcome, options, &call.before, &call.after, render);
        Self { fds, entered, ..decoder }
    }
}

/// How much of a call's values can be told: of x32 no structs, and nothing of a call that is not its own.
fn seen(abi: Abi, signature: Option<&Signature>, options: Options) -> Options {
    if abi != Abi::X32 {
        return options;
    }
    let foreign = signature.is_some_and(|signature| signature.name != numbers::plain(signature.name));
    Options { dereference: false, raw: options.raw || foreign, ..options }
}

impl<'a, I: Memory, O: Memory, R: Render> Decoder<'a, I, O, R> {
    fn new(
        regs: &'a Regs,
        signature: Option<&'static Signature>,
        outcome: Option<Outcome>,
        options: &'a Options,
        before: I,
        after: O,
        render: &'a mut R,
    ) -> Self {
        let args = assign(regs, signature);
        let options = seen(regs.abi, signature, *options);
        Self {
            abi: regs.abi,
            regs,
            args,
            outcome,
            options,
            signature,
            before,
            after,
            side: Side::Entry,
            fds: &[],
            entered: Stamp::default(),
            render,
        }
    }

    /// Copies tracee bytes of the side that is being decoded; none where only addresses are wanted.
    pub(crate) fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        if self.options.dereference { self.read_data(addr, buf) } else { 0 }
    }

    /// The same for data, which is shown in any case.
    pub(crate) fn read_data(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        match self.side {
            Side::Entry => self.before.read(addr, buf),
            Side::Exit => self.after.read(addr, buf),
        }
    }

    /// The same for a string.
    pub(crate) fn read_text(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        match self.side {
            Side::Entry => self.before.read_text(addr, buf),
            Side::Exit => self.after.read_text(addr, buf),
        }
    }

    /// Whether results can be looked at.
    pub(crate) fn succeeded(&self) -> bool {
        self.outcome.is_some_and(|o| !o.failed)
    }

    /// The name of a call that was made through ipc of i386.
    fn multiplexed(&self) -> Option<&'static str> {
        let through = self.abi == Abi::I386 && self.regs.nr == numbers::I386_IPC;
        self.signature.filter(|_| through).map(|signature| signature.name)
    }

    /// The pointer to buffer and type of a msgrcv in its first version, where they are not shown.
    fn unpacked_message(&self) -> Option<u64> {
        let [_, buffer, _, _, _, packed] = self.regs.args;
        let unread = packed == UNPACKED | buffer || self.outcome.is_some_and(|outcome| outcome.failed);
        let first = self.multiplexed() == Some("msgrcv") && packed & UNPACKED != 0;
        (first && unread).then_some(packed & !UNPACKED)
    }

    fn shown(&self, index: usize) -> bool {
        if index == 3 && self.unpacked_message().is_some() {
            return false;
        }
        self.signature.is_some_and(|s| {
            let kind = &s.args[index].kind;
            self.holds(kind.when, None) && !self.is_absent(self.resolve(kind, None).shape)
        })
    }

    /// The argument at a printing position.
    fn at(&self, position: usize) -> usize {
        let order = self.signature.filter(|_| !self.options.raw).and_then(|s| interpret::order(s, self.abi));
        order.and_then(|o| o.get(position)).map_or(position, |&i| usize::from(i))
    }

    /// Printing position of the first argument that cannot be finished at entry.
    fn split(&self) -> usize {
        let Some(signature) = self.signature else { return 0 };
        let count = signature.args.len();
        if self.options.raw {
            return count;
        }
        let late = |&position: &usize| {
            let index = self.at(position);
            self.shown(index) && self.dir(&signature.args[index].kind) != Dir::In
        };
        // clone's optional arguments are all left for the exit.
        let most = if interpret::order(signature, self.abi).is_some() { 2 } else { count };
        (0..most).find(late).unwrap_or(most)
    }

    fn begin(&mut self, signature: &'static Signature, index: usize) {
        let name = signature.args[index].name;
        self.render.arg(index, name);
        if !self.options.raw && interpret::order(signature, self.abi).is_some() {
            self.render.label(name);
        }
    }

    fn entry(&mut self) {
        self.side = Side::Entry;
        let Some(signature) = self.signature else { return self.unknown() };
        let split = self.split();
        let mut any = false;
        for position in 0..split {
            let index = self.at(position);
            if !self.options.raw && !self.shown(index) {
                continue;
            }
            any = true;
            self.begin(signature, index);
            if self.options.raw {
                self.hex(self.args[index]);
            } else {
                self.argument(&signature.args[index].kind, self.args[index]);
            }
        }
        if split == signature.args.len() {
            return;
        }
        let index = self.at(split);
        let kind = &signature.args[index].kind;
        if self.dir(kind) == Dir::InOut {
            self.begin(signature, index);
            self.first_half(kind, self.args[index]);
        } else if interpret::order(signature, self.abi).is_none() {
            self.render.pause(any);
        }
    }

    fn exit(&mut self) {
        let Some(signature) = self.signature else { return };
        let split = self.split();
        for position in split..signature.args.len() {
            let index = self.at(position);
            if !self.shown(index) {
                continue;
            }
            let kind = &signature.args[index].kind;
            let raw = self.args[index];
            let dir = self.dir(kind);
            if position > split || dir != Dir::InOut {
                self.begin(signature, index);
            }
            match dir {
                Dir::In => {
                    self.side = Side::Entry;
                    self.argument(kind, raw);
                }
                Dir::Out => {
                    self.side = Side::Exit;
                    self.argument(kind, raw);
                }
                Dir::InOut => {
                    if position > split {
                        self.side = Side::Entry;
                        self.first_half(kind, raw);
                    }
                    self.side = Side::Exit;
                    self.second_half(kind, raw);
                }
            }
        }
    }

    /// Decodes every argument that the kernel reads, for its memory.
    fn all_inputs(&mut self) {
        let Some(signature) = self.signature else { return };
        if self.options.raw {
            return;
        }
        for index in 0..signature.args.len() {
            if !self.shown(index) {
                continue;
            }
            let kind = &signature.args[index].kind;
            self.begin(signature, index);
            match self.dir(kind) {
                Dir::In => self.argument(kind, self.args[index]),
                Dir::InOut => self.first_half(kind, self.args[index]),
                Dir::Out => self.lengths(kind, self.args[index]),
            }
        }
    }

    fn result(&mut self) {
        self.side = Side::Exit;
        let Some(outcome) = self.outcome else { return };
        let Some(signature) = self.signature else {
            return self.hex(outcome.value as u64);
        };
        if self.options.raw {
            return self.hex(outcome.value as u64);
        }
        self.returned(&signature.ret, outcome.value as u64);
    }

    fn unknown(&mut self) {
        for index in 0..6 {
            self.render.arg(index, "");
            self.hex(self.regs.args[index]);
        }
    }

    /// A bare register, as strace prints what it does not decode.
    pub(crate) fn hex(&mut self, value: u64) {
        self.render.number(value, false, syscall_tables::set::Base::Hex, 8);
    }
}

/// Distributes registers over arguments: a 64-bit argument takes two on 32-bit ABIs.
fn assign(regs: &Regs, signature: Option<&'static Signature>) -> [u64; 8] {
    let mut args = [0; 8];
    let narrow = regs.abi.data_model().word_bytes == 4;
    let Some(signature) = signature.filter(|_| narrow) else {
        args[..6].copy_from_slice(&regs.args);
        return args;
    };
    let mut register = regs.args.iter().map(|&r| r & 0xffff_ffff);
    for (slot, arg) in args.iter_mut().zip(signature.args) {
        let low = register.next().unwrap_or(0);
        *slot = match arg.kind.shape {
            Shape::Wide(..) | Shape::Custom(Custom::WideSet(_)) => low | register.next().unwrap_or(0) << 32,
            _ => low,
        };
    }
    args
}

/// The values of the call's arguments by index, before any decoding: registers, two for a 64-bit number on a
/// 32-bit ABI.
pub fn arguments(call: &Call) -> [u64; 8] {
    if let Some(entry) = call.entry {
        return entry.args();
    }
    assign(&call.regs, call.signature)
}

/// Whether the arguments that [`exit`] shows follow one that was half shown at entry, so that the
/// next needs a separator.
pub fn halfway(call: &Call) -> bool {
    if call.entry.is_some() {
        return false;
    }
    let options = Options::default();
    let mut quiet = render::Quiet::default();
    let decoder = Decoder::of(call, &options, &mut quiet);
    let Some(signature) = call.signature else { return false };
    let split = decoder.split();
    let ordered = interpret::order(signature, decoder.abi).is_some();
    split < signature.args.len()
        && (ordered || decoder.dir(&signature.args[decoder.at(split)].kind) == Dir::InOut)
}
