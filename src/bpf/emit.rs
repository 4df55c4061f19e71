//! The compiler's pen: writes instructions through the assembler and remembers which word of the data A holds, so that
//! no word is loaded twice on the same way.
//!
//! Jumps only go forward: when a label is placed, every way to it is known.

use std::collections::BTreeMap;

use super::assemble::{Assembler, Error, Label};
use super::compile::{Cmp, Cond};
use super::op::{AND_K, LD_ABS, RET_K, Test};
use super::{Action, Program};

/// What A holds at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// No way leads here yet.
    Unreached,
    /// The word at this offset.
    Word(u32),
    /// Different things on different ways, or no word.
    Anything,
}

impl Held {
    fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unreached, held) | (held, Self::Unreached) => held,
            (a, b) if a == b => a,
            _ => Self::Anything,
        }
    }
}

/// See the module.
pub(super) struct Emitter {
    asm: Assembler,
    now: Held,
    arriving: BTreeMap<Label, Held>,
    returns: BTreeMap<Action, Label>,
}

impl Emitter {
    pub(super) fn new() -> Self {
        Self {
            asm: Assembler::new(),
            now: Held::Anything,
            arriving: BTreeMap::new(),
            returns: BTreeMap::new(),
        }
    }

    pub(super) fn label(&mut self) -> Label {
        self.asm.label()
    }

    /// The place that returns an action; written at the end, once for all who want it.
    pub(super) fn returning(&mut self, action: Action) -> Label {
        let asm = &mut self.asm;
        *self.returns.entry(action).or_insert_with(|| asm.label())
    }

    pub(super) fn bind(&mut self, label: Label) {
        let arriving = self.arriving.get(&label).copied().unwrap_or(Held::Unreached);
        self.now = self.now.meet(arriving);
        self.asm.bind(label);
    }

    pub(super) fn load(&mut self, offset: u32) {
        if self.now != Held::Word(offset) {
            self.asm.insn(LD_ABS, offset);
            self.now = Held::Word(offset);
        }
    }

    pub(super) fn branch(&mut self, test: Test, k: u32, yes: Label, no: Label) {
        self.asm.branch(test, k, yes, no);
        self.leave(yes);
        self.leave(no);
        self.now = Held::Unreached;
    }

    pub(super) fn jump(&mut self, to: Label) {
        self.asm.jump(to);
        self.leave(to);
        self.now = Held::Unreached;
    }

    fn leave(&mut self, to: Label) {
        let now = self.now;
        let arriving = self.arriving.entry(to).or_insert(Held::Unreached);
        *arriving = arriving.meet(now);
    }

    /// Writes the returns and lays the program out.
    pub(super) fn finish(mut self) -> Result<Program, Error> {
        for (action, label) in &self.returns {
            self.asm.bind(*label);
            self.asm.insn(RET_K, action.to_ret());
        }
        self.asm.finish()
    }

    /// Tests a condition that is neither always nor never true. `wide`: the upper half of an argument may be set.
    pub(super) fn condition(&mut self, cond: &Cond, wide: bool, yes: Label, no: Label) {
        let arg = Arg { low: 16 + 8 * u32::from(cond.arg), wide };
        match cond.cmp {
            Cmp::Eq => self.masked(arg, u64::MAX, cond.value, yes, no),
            Cmp::Ne => self.masked(arg, u64::MAX, cond.value, no, yes),
            Cmp::MaskedEq(mask) => self.masked(arg, mask, cond.value, yes, no),
            Cmp::Lt => self.less(arg, cond.value, false, yes, no),
            Cmp::Le => self.less(arg, cond.value, true, yes, no),
            Cmp::Ge => self.less(arg, cond.value, false, no, yes),
            Cmp::Gt => self.less(arg, cond.value, true, no, yes),
        }
    }

    /// `arg & mask == value`. The lower half goes first: it is the one that tells values apart.
    fn masked(&mut self, arg: Arg, mask: u64, value: u64, yes: Label, no: Label) {
        let low = (arg.low, low(mask), low(value));
        let high = (arg.low + 4, high(mask), high(value));
        match (low.1 != 0, arg.wide && high.1 != 0) {
            (true, true) => {
                let rest = self.label();
                self.half(low, rest, no);
                self.bind(rest);
                self.half(high, yes, no);
            }
            (false, true) => self.half(high, yes, no),
            (_, false) => self.half(low, yes, no),
        }
    }

    /// `word & mask == value` on one word.
    fn half(&mut self, (offset, mask, value): (u32, u32, u32), yes: Label, no: Label) {
        self.load(offset);
        if mask == u32::MAX {
            self.branch(Test::Eq, value, yes, no);
        } else if value == 0 {
            self.branch(Test::Set, mask, no, yes);
        } else if mask.is_power_of_two() {
            self.branch(Test::Set, mask, yes, no);
        } else {
            self.asm.insn(AND_K, mask);
            self.now = Held::Anything;
            self.branch(Test::Eq, value, yes, no);
        }
    }

    /// `arg < value`, or `arg <= value`.
    fn less(&mut self, arg: Arg, value: u64, or_equal: bool, yes: Label, no: Label) {
        let beyond = if or_equal { Test::Gt } else { Test::Ge };
        if arg.wide {
            let top = high(value);
            self.load(arg.low + 4);
            if low(value) == (if or_equal { u32::MAX } else { 0 }) {
                // Where the upper halves are equal the lower ones have nothing to say.
                return self.branch(beyond, top, no, yes);
            }
            let (equal, rest) = (self.label(), self.label());
            match top {
                0 => self.branch(Test::Eq, top, rest, no),
                u32::MAX => self.branch(Test::Eq, top, rest, yes),
                _ => {
                    self.branch(Test::Gt, top, no, equal);
                    self.bind(equal);
                    self.branch(Test::Eq, top, rest, yes);
                }
            }
            self.bind(rest);
        }
        self.load(arg.low);
        self.branch(beyond, low(value), no, yes);
    }
}

/// An argument: offset of its lower half, and whether there is an upper one.
#[derive(Clone, Copy)]
struct Arg {
    low: u32,
    wide: bool,
}

const fn low(value: u64) -> u32 {
    (value & 0xffff_ffff) as u32
}

const fn high(value: u64) -> u32 {
    (value >> 32) as u32
}
