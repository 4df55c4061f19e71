//! Labels resolved to distances.
//!
//! A conditional jump reaches 255 instructions and jumps only go forward, so the program is laid out from its end: when
//! a jump is placed, everything behind it has its final distance. A target out of reach gets a stepping stone right
//! after the jump: an unconditional jump, or the return itself where the target returns a constant. Knows nothing of
//! what the instructions mean; [`super::check`] does.

use std::fmt;

use super::op::{self, RET_K, Test};
use super::{Insn, MAX_INSNS, Program};

/// A place in the program, known before it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(usize);

/// A program under construction, in the order of execution.
#[derive(Debug, Default)]
pub struct Assembler {
    items: Vec<Item>,
    labels: usize,
}

#[derive(Debug, Clone, Copy)]
enum Item {
    Insn(Insn),
    Jump(Label),
    Branch { code: u16, k: u32, yes: Label, no: Label },
    Bind(Label),
}

/// Why a program could not be laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// A jump to a label that no place was given.
    Unbound(Label),
    /// A label with two places.
    BoundTwice(Label),
    /// A jump to a place before it.
    Backward(Label),
    /// A jump to the end, where no instruction follows.
    AtEnd(Label),
    /// More instructions than the kernel takes.
    TooLong {
        /// Instructions.
        insns: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbound(label) => write!(f, "label {} is jumped to and has no place", label.0),
            Self::BoundTwice(label) => write!(f, "label {} has two places", label.0),
            Self::Backward(label) => write!(f, "label {} is jumped to from behind its place", label.0),
            Self::AtEnd(label) => write!(f, "label {} is jumped to and no instruction follows it", label.0),
            Self::TooLong { insns } => write!(
                f,
                "the program would have {insns} instructions, the kernel takes at most {MAX_INSNS}; use fewer rules"
            ),
        }
    }
}

impl std::error::Error for Error {}

impl Assembler {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new label, without a place.
    pub const fn label(&mut self) -> Label {
        self.labels += 1;
        Label(self.labels - 1)
    }

    /// Gives a label its place: before the next instruction.
    pub fn bind(&mut self, label: Label) {
        self.items.push(Item::Bind(label));
    }

    /// Adds an instruction that does not jump.
    pub fn insn(&mut self, code: u16, k: u32) {
        self.items.push(Item::Insn(Insn::new(code, k)));
    }

    /// Adds an unconditional jump; one to the next instruction takes no room.
    pub fn jump(&mut self, to: Label) {
        self.items.push(Item::Jump(to));
    }

    /// Adds a conditional jump on A and a constant.
    pub fn branch(&mut self, test: Test, k: u32, yes: Label, no: Label) {
        self.items.push(if yes == no {
            Item::Jump(yes)
        } else {
            Item::Branch { code: test.code(), k, yes, no }
        });
    }

    /// Lays the program out.
    pub fn finish(self) -> Result<Program, Error> {
        let mut layout = Layout { insns: Vec::new(), spots: vec![None; self.labels] };
        let place = |label: Label| self.items.iter().any(|i| matches!(i, Item::Bind(l) if *l == label));
        let found = |result: Result<(), Error>| match result {
            Err(Error::Unbound(label)) if place(label) => Err(Error::Backward(label)),
            other => other,
        };
        for item in self.items.iter().rev() {
            match *item {
                Item::Insn(insn) => layout.insns.push(insn),
                Item::Bind(label) => layout.bind(label)?,
                Item::Jump(to) => found(layout.jump(to))?,
                Item::Branch { code, k, yes, no } => found(layout.branch(code, k, yes, no))?,
            }
        }
        if layout.insns.len() > MAX_INSNS {
            return Err(Error::TooLong { insns: layout.insns.len() });
        }
        layout.insns.reverse();
        Ok(Program::new(layout.insns))
    }
}

/// Where a label is, counted in instructions from the end: its own place, and the nearest stepping stone to it.
#[derive(Clone, Copy)]
struct Spot {
    own: usize,
    near: usize,
}

/// The program from its end: `insns` is in reverse.
struct Layout {
    insns: Vec<Insn>,
    spots: Vec<Option<Spot>>,
}

impl Layout {
    fn bind(&mut self, label: Label) -> Result<(), Error> {
        let here = self.insns.len();
        match self.spots.get_mut(label.0) {
            Some(spot @ None) => *spot = Some(Spot { own: here, near: here }),
            Some(Some(_)) => return Err(Error::BoundTwice(label)),
            None => return Err(Error::Unbound(label)),
        }
        Ok(())
    }

    /// The spot of a label and the instruction there.
    fn spot(&self, label: Label) -> Result<(Spot, Insn), Error> {
        let spot = self.spots.get(label.0).copied().flatten().ok_or(Error::Unbound(label))?;
        let insn = spot.own.checked_sub(1).and_then(|index| self.insns.get(index));
        Ok((spot, *insn.ok_or(Error::AtEnd(label))?))
    }

    /// What leads to a label from here without a condition.
    fn step(&self, label: Label) -> Result<Insn, Error> {
        let (spot, there) = self.spot(label)?;
        if there.code == RET_K {
            return Ok(there);
        }
        // Programs whose distances exceed 32 bits are refused for their length long before.
        let distance = u32::try_from(self.insns.len() - spot.own).unwrap_or(u32::MAX);
        Ok(Insn::new(op::JA, distance))
    }

    fn jump(&mut self, to: Label) -> Result<(), Error> {
        if self.spot(to)?.0.own != self.insns.len() {
            let step = self.step(to)?;
            self.insns.push(step);
        }
        Ok(())
    }

    /// The distance of a conditional jump to a label; none when out of reach.
    fn reach(&self, label: Label) -> Result<Option<u8>, Error> {
        Ok(u8::try_from(self.insns.len() - self.spot(label)?.0.near).ok())
    }

    fn branch(&mut self, code: u16, k: u32, yes: Label, no: Label) -> Result<(), Error> {
        loop {
            let far = match (self.reach(yes)?, self.reach(no)?) {
                (Some(jt), Some(jf)) => {
                    self.insns.push(Insn { code, jt, jf, k });
                    return Ok(());
                }
                (None, _) => yes,
                (_, None) => no,
            };
            // The stone for one may push the other out of reach: hence the loop, which runs three times at most.
            let step = self.step(far)?;
            self.insns.push(step);
            let here = self.insns.len();
            if let Some(Some(spot)) = self.spots.get_mut(far.0) {
                spot.near = here;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::check::check;
    use crate::bpf::op::{JA, LD_ABS, LD_IMM, RET_A};
    use crate::bpf::run::run;
    use crate::bpf::{Action, Data};

    #[test]
    fn near_labels() {
        let mut asm = Assembler::new();
        let (yes, no) = (asm.label(), asm.label());
        asm.insn(LD_ABS, 0);
        asm.branch(Test::Eq, 39, yes, no);
        asm.bind(yes);
        asm.insn(RET_K, 1);
        asm.bind(no);
        asm.insn(RET_K, 2);
        let program = asm.finish().unwrap();
        assert_eq!(program.insns()[1], Insn { code: 0x15, jt: 0, jf: 1, k: 39 });
    }

    /// Tests of nr one after the other, `between` fillers in front of what they jump to.
    fn far(between: usize, ret: u16) -> Program {
        let mut asm = Assembler::new();
        let ends: Vec<Label> = (0..300).map(|_| asm.label()).collect();
        asm.insn(LD_ABS, 0);
        for (nr, end) in (0..).zip(&ends) {
            let next = asm.label();
            asm.branch(Test::Eq, nr, *end, next);
            asm.bind(next);
        }
        asm.insn(RET_K, 9999);
        for _ in 0..between {
            asm.insn(LD_IMM, 0);
        }
        for (nr, end) in (0..).zip(&ends) {
            asm.bind(*end);
            asm.insn(LD_IMM, nr + 1000);
            asm.insn(ret, nr + 1000);
        }
        asm.finish().unwrap()
    }

    #[test]
    fn far_labels() {
        for between in [0, 1, 200, 253, 254, 255, 256, 257, 1000] {
            let program = far(between, RET_A);
            check(&program).unwrap();
            for nr in 0..300 {
                let outcome = run(&program, &Data { nr, ..Data::default() }).unwrap();
                assert_eq!(outcome.ret, nr.cast_unsigned() + 1000, "{between}");
            }
            let outcome = run(&program, &Data { nr: 300, ..Data::default() }).unwrap();
            assert_eq!(outcome.ret, 9999);
        }
    }

    #[test]
    fn a_far_return_is_copied() {
        let mut asm = Assembler::new();
        let (end, next) = (asm.label(), asm.label());
        asm.insn(LD_ABS, 0);
        asm.branch(Test::Eq, 1, end, next);
        asm.bind(next);
        for _ in 0..300 {
            asm.insn(LD_IMM, 0);
        }
        asm.insn(RET_K, 5);
        asm.bind(end);
        asm.insn(RET_K, Action::Allow.to_ret());
        let program = asm.finish().unwrap();
        assert_eq!(program.insns()[2], Insn::new(RET_K, Action::Allow.to_ret()));
        assert!(program.insns().iter().all(|insn| insn.code != JA));
    }

    #[test]
    fn errors() {
        let ret = |asm: &mut Assembler| asm.insn(RET_K, 0);
        let mut asm = Assembler::new();
        let lost = asm.label();
        asm.jump(lost);
        ret(&mut asm);
        assert_eq!(asm.finish(), Err(Error::Unbound(lost)));

        let mut asm = Assembler::new();
        let back = asm.label();
        asm.bind(back);
        ret(&mut asm);
        asm.jump(back);
        ret(&mut asm);
        assert_eq!(asm.finish(), Err(Error::Backward(back)));

        let mut asm = Assembler::new();
        let end = asm.label();
        asm.jump(end);
        ret(&mut asm);
        asm.bind(end);
        assert_eq!(asm.finish(), Err(Error::AtEnd(end)));

        let mut asm = Assembler::new();
        let twice = asm.label();
        asm.bind(twice);
        ret(&mut asm);
        asm.bind(twice);
        ret(&mut asm);
        assert_eq!(asm.finish(), Err(Error::BoundTwice(twice)));

        let mut asm = Assembler::new();
        (0..4097).for_each(|_| ret(&mut asm));
        assert_eq!(asm.finish(), Err(Error::TooLong { insns: 4097 }));
    }
}
