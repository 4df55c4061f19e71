//! A plausible call of every syscall: registers that fit its signature and the memory that they point to, made from
//! the tables alone.
//!
//! Every pointer can be read, structs are filled, lengths and counts fit what they count, flags and commands have
//! names. What the tables leave to code is filled in `memory`.
#![allow(dead_code)]

mod image;
mod memory;
mod needs;

use syscall_tables::abi::{Abi, DataModel, numbers};
use syscall_tables::layout;
use syscall_tables::model::{Kind, Scope, Shape, Sibling, Signature, Width};
use syscall_tables::set::{Set, Style};
use syscall_tables::signatures;
use syscall_tables::structs::Struct;
use trace::decode::{self, Options, render::Quiet};
use trace::engine::sink::Sink;
use trace::event::{Call, Outcome, Regs, Tid};

pub use image::Image;
use needs::{ELEMENTS, Needs};

/// A call and its memory.
pub struct Plausible {
    /// The name by which the ABI knows it.
    pub name: &'static str,
    /// The call; its memory is not captured yet.
    pub call: Call,
    /// What its pointers point to.
    pub image: Image,
}

impl Plausible {
    /// Takes the memory of the call, as the engine does at its two stops.
    pub fn capture(&mut self, options: &Options, quiet: &mut Quiet) {
        let outcome = self.call.outcome.take();
        quiet.clear();
        decode::touch_entry(&mut self.call, &self.image, options, quiet);
        self.call.outcome = outcome;
        decode::touch_exit(&mut self.call, &self.image, options, quiet);
    }

    /// Tells a sink of the call, as the engine does at its two stops.
    pub fn tell(&mut self, sink: &mut dyn Sink) {
        let outcome = self.call.outcome.take();
        sink.entered(&self.call);
        self.call.outcome = outcome;
        sink.left(&self.call);
    }
}

/// One call of every syscall of `abi`: those that succeed, or those that fail.
pub fn all(abi: Abi, failed: bool) -> Vec<Plausible> {
    numbers::names(abi).map(|(nr, name)| plausible(abi, nr, name, failed)).collect()
}

fn plausible(abi: Abi, nr: u64, name: &'static str, failed: bool) -> Plausible {
    let mut call = Call::new(Tid(4242));
    call.signature = signatures::lookup(abi, nr);
    let mut maker = Maker { abi, image: Image::new(abi.data_model()) };
    let (args, value) = call.signature.map_or(([1, 2, 3, 4, 5, 6], 0), |signature| maker.call(signature));
    let sp = maker.image.room(1024);
    call.regs = Regs { abi, nr, args: maker.multiplexed(name).unwrap_or(args), ip: sp, sp, resumes: None };
    decode::demultiplex(&mut call, &maker.image);
    let value = if failed { -i64::from(libc::ENOENT) } else { value as i64 };
    call.outcome = Some(Outcome { value, failed });
    Plausible { name, call, image: maker.image }
}

/// Makes calls.
pub struct Maker {
    abi: Abi,
    image: Image,
}

impl Maker {
    fn model(&self) -> DataModel {
        self.abi.data_model()
    }

    /// The registers of a call, and what it returns.
    fn call(&mut self, signature: &'static Signature) -> ([u64; 6], u64) {
        let mut needs = Needs::default();
        signature.args.iter().for_each(|arg| needs.add(&arg.kind, self));
        needs.add(&signature.ret, self);
        let mut registers = Vec::new();
        for (index, arg) in signature.args.iter().enumerate() {
            let this = Sibling { scope: Scope::Arg, index: index as u8 };
            let value = match arg.name {
                "sigsetsize" => 8,
                "optlen" if needs.of(this).is_none() => self.image.ints(&[4]),
                _ => needs.of(this).unwrap_or_else(|| self.value(&arg.kind, &needs)),
            };
            registers.push(value);
            // On a 32-bit ABI it takes two registers.
            let wide = matches!(arg.kind.shape, Shape::Wide(..));
            registers.extend((wide && self.abi == Abi::I386).then_some(value >> 32));
        }
        registers.resize(6, 0);
        let returned = match (needs.returned, signature.ret.shape) {
            (Some(value), _) => value,
            (None, Shape::Number(..)) => 0,
            _ => self.value(&signature.ret, &needs),
        };
        (std::array::from_fn(|at| registers[at]), returned)
    }

    /// The registers of calls that stand for others: send, and semget.
    fn multiplexed(&mut self, name: &str) -> Option<[u64; 6]> {
        match name {
            "socketcall" => {
                let buffer = self.buffer();
                Some([9, self.image.ints(&[3, buffer as u32, 64, 0x4000]), 0, 0, 0, 0])
            }
            "ipc" => Some([2, 5, 1, 0o1600, 0, 0]),
            _ => None,
        }
    }

    /// The kind that holds where others have what is needed of them.
    fn resolve<'k>(&self, kind: &'k Kind, needs: &Needs) -> &'k Kind
    where
        'static: 'k,
    {
        match kind.shape {
            Shape::By(sibling, cases, other) | Shape::ByMasked(sibling, _, cases, other) => {
                let value = needs.of(sibling).unwrap_or(0);
                let found = cases.iter().find(|(case, _)| *case == value).map_or(other, |(_, kind)| kind);
                self.resolve(found, needs)
            }
            _ => kind,
        }
    }

    /// A value of a register or of a member that is one: a number, or the address of what was put.
    pub fn value(&mut self, kind: &Kind, needs: &Needs) -> u64 {
        match self.resolve(kind, needs).shape {
            Shape::Set(set, _) | Shape::FlagsNote(set) => some(set, self.abi),
            Shape::Fd => 3,
            Shape::DirFd => u64::from(libc::AT_FDCWD.cast_unsigned()),
            Shape::Pid => 4242,
            Shape::Id(_) => 1000,
            Shape::Signal => 10,
            Shape::Mode(_) => 0o644,
            Shape::FileMode(_) => 0o100_644,
            Shape::Dev(_) => 0x0801,
            Shape::Address => self.image.room(64),
            Shape::Path => self.image.put(memory::PATH),
            Shape::Str => self.image.put(memory::TEXT),
            Shape::Bytes(..) => self.buffer(),
            Shape::Pointer(_, target) => self.pointer(target),
            Shape::Array(_, element, _) => self.array(element),
            Shape::Strings | Shape::Environment => self.strings(),
            Shape::SigSet(..) => self.image.longs(&[0x0001_4202]),
            Shape::FdSet(_) => self.image.longs(&[0x28]),
            Shape::Iovec(..) => self.iovec(),
            Shape::Sockaddr(..) => self.sockaddr(),
            Shape::Signals(_) => 0x0001_4202,
            Shape::Custom(custom) => self.custom(custom),
            Shape::Absent => 0,
            Shape::Number(Width::W8 | Width::W16, ..) => 7,
            Shape::Number(..) | Shape::Wide(..) => 4096,
            _ => 1,
        }
    }

    /// Puts one thing.
    pub fn pointer(&mut self, kind: &Kind) -> u64 {
        let addr = self.image.room(layout::kind(kind, self.model()).size);
        self.fill(kind, addr, &Needs::default());
        addr
    }

    /// Puts some things in a row.
    pub fn array(&mut self, element: &Kind) -> u64 {
        let size = layout::kind(element, self.model()).size;
        let addr = self.image.room(size * ELEMENTS as usize);
        for index in 0..ELEMENTS {
            self.fill(element, addr + index * size as u64, &Needs::default());
        }
        addr
    }

    /// Puts a struct.
    pub fn strukt(&mut self, strukt: &'static Struct) -> u64 {
        let addr = self.image.room(layout::size_of(strukt, self.model()));
        self.members(strukt, addr);
        addr
    }

    fn members(&mut self, strukt: &'static Struct, addr: u64) {
        let mut needs = Needs::default();
        strukt.members.iter().for_each(|member| needs.add(&member.kind, self));
        for (index, member) in strukt.members.iter().enumerate() {
            let at = addr + layout::offset_of(strukt, index, self.model()) as u64;
            let this = Sibling { scope: Scope::Member, index: index as u8 };
            match needs.of(this) {
                Some(value) => self.store(&member.kind, at, value),
                None => self.fill(&member.kind, at, &needs),
            }
        }
    }

    /// Writes a value in place.
    fn fill(&mut self, kind: &Kind, addr: u64, needs: &Needs) {
        let kind = self.resolve(kind, needs);
        match kind.shape {
            Shape::Struct(strukt) => self.members(strukt, addr),
            Shape::Inline(element, count) => {
                let size = layout::kind(element, self.model()).size as u64;
                (0..u64::from(count)).for_each(|at| self.fill(element, addr + at * size, needs));
            }
            Shape::Chars(size) | Shape::Octets(size) => {
                let text = &memory::TEXT[..memory::TEXT.len().min(usize::from(size))];
                self.image.write(addr, text);
            }
            _ => {
                let value = self.value(kind, needs);
                self.store(kind, addr, value);
            }
        }
    }

    fn store(&mut self, kind: &Kind, addr: u64, value: u64) {
        let size = layout::kind(kind, self.model()).size.min(8);
        self.image.write(addr, &value.to_le_bytes()[..size]);
    }
}

/// A value that has names: one in the middle, or two bits.
fn some(set: &Set, abi: Abi) -> u64 {
    let rows = set.rows_for(abi);
    let Some(middle) = rows.get(rows.len() / 2) else { return 0 };
    match (set.style, rows.iter().find(|row| row.value != 0 && row.mask & middle.mask == 0)) {
        (Style::Bits, Some(other)) => other.value | middle.value,
        _ => middle.value,
    }
}
