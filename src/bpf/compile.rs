//! Rules to a program.
//!
//! The numbers of an ABI are cut into segments of equal treatment; a decision tree finds the segment by binary search,
//! arguments are looked at last, halves of 32 bits each. A way to an answer that reads no argument uses only `arch` and
//! `nr`: the kernel (since 5.11) finds such calls that are allowed when it loads the filter, and then runs no BPF for
//! them. Knows nothing of names, files and formats.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use syscall_tables::abi::Abi;

use super::assemble::{self, Label};
use super::emit::Emitter;
use super::op::Test;
use super::{Action, Program};

/// Numbers with this bit are calls of the x32 ABI, which has x86_64's AUDIT_ARCH (__X32_SYSCALL_BIT).
pub const X32_BIT: u32 = 0x4000_0000;

/// The number of a call that a tracer has cancelled. It belongs to no ABI and gets the default action.
const CANCELLED: u32 = u32::MAX;

/// A comparison, unsigned, of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cmp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Equal in the bits of a mask; false if the value has other bits.
    MaskedEq(u64),
}

/// A condition on one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cond {
    /// Which argument, from 0 to 5.
    pub arg: u8,
    /// How it is compared.
    pub cmp: Cmp,
    /// With what.
    pub value: u64,
}

/// What happens to one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The number, x32 bit included.
    pub nr: u32,
    /// All must hold; none always holds.
    pub conditions: Vec<Cond>,
    /// The answer.
    pub action: Action,
}

impl Rule {
    /// A rule for every call of a number.
    pub const fn always(nr: u32, action: Action) -> Self {
        Self { nr, conditions: Vec::new(), action }
    }
}

/// The rules of one ABI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The ABI.
    pub abi: Abi,
    /// In any order of numbers; of the rules of one number the first that matches wins.
    pub rules: Vec<Rule>,
    /// Numbers above this one without a rule get this action in place of the default, for calls that are newer than
    /// the rules. Neither x32 numbers nor -1 are concerned.
    pub beyond: Option<(u32, Action)>,
}

/// What happens to x32 calls that no rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum X32 {
    /// They are of a foreign architecture: [`Rules::bad_arch`].
    #[default]
    BadArch,
    /// They are calls like others: [`Rules::default`].
    Default,
}

/// Everything that a filter decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// For calls that no rule matches.
    pub default: Action,
    /// For calls of an ABI without a table.
    pub bad_arch: Action,
    /// For x32 calls, if there is a table for x86_64.
    pub x32: X32,
    /// At most one per ABI; the first is asked for first.
    pub tables: Vec<Table>,
}

/// Why rules make no program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// A condition on an argument that calls do not have.
    Argument {
        /// Number of the call.
        nr: u32,
        /// The argument.
        arg: u8,
    },
    /// Two tables for one ABI.
    TwoTables(Abi),
    /// The program cannot be laid out; in practice, it is too long.
    Layout(assemble::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument { nr, arg } => {
                write!(f, "a rule for syscall {nr} asks for argument {arg}, arguments are 0 to 5")
            }
            Self::TwoTables(abi) => write!(f, "there are two lists of rules for {abi}, join them"),
            Self::Layout(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Makes the program.
pub fn compile(rules: &Rules) -> Result<Program, Error> {
    let mut emitter = Emitter::new();
    let mut blocks = Vec::new();
    for (index, table) in rules.tables.iter().enumerate() {
        if rules.tables[..index].iter().any(|earlier| earlier.abi == table.abi) {
            return Err(Error::TwoTables(table.abi));
        }
        let mut block = Block::new(rules, table)?;
        let only = match block.segments.as_slice() {
            [(_, leaf)] if leaf.rules.is_empty() => Some(leaf.last),
            _ => None,
        };
        if only == Some(rules.bad_arch) {
            continue;
        }
        let start = match only {
            Some(action) => emitter.returning(action),
            None => emitter.label(),
        };
        block.start = only.is_none().then_some(start);
        blocks.push((table.abi.audit_arch(), start, block));
    }
    let foreign = emitter.returning(rules.bad_arch);
    for (index, (arch, start, _)) in blocks.iter().enumerate() {
        emitter.load(4);
        let next = if index + 1 == blocks.len() { foreign } else { emitter.label() };
        emitter.branch(Test::Eq, *arch, *start, next);
        if next != foreign {
            emitter.bind(next);
        }
    }
    for (.., block) in blocks {
        block.emit(&mut emitter);
    }
    emitter.finish().map_err(Error::Layout)
}

/// What happens to a number: conditional rules in order, then an action.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Leaf {
    rules: Vec<(Vec<Cond>, Action)>,
    last: Action,
}

impl Leaf {
    /// Whatever cannot make a difference is left out, so that equal treatment looks equal.
    fn new(rules: &[&Rule], otherwise: Action, max: u64) -> Result<Self, Error> {
        let mut leaf = Self { rules: Vec::new(), last: otherwise };
        for rule in rules {
            let mut conditions: Vec<Cond> = Vec::new();
            let mut possible = true;
            for cond in &rule.conditions {
                if cond.arg > 5 {
                    return Err(Error::Argument { nr: rule.nr, arg: cond.arg });
                }
                match settled(cond, max) {
                    Some(holds) => possible &= holds,
                    None if !conditions.contains(cond) => conditions.push(*cond),
                    None => {}
                }
            }
            if possible && conditions.is_empty() {
                leaf.last = rule.action;
                break;
            }
            let before =
                |earlier: &(Vec<Cond>, Action)| earlier.0.iter().all(|cond| conditions.contains(cond));
            if possible && !leaf.rules.iter().any(before) {
                leaf.rules.push((conditions, rule.action));
            }
        }
        while leaf.rules.pop_if(|(_, action)| *action == leaf.last).is_some() {}
        Ok(leaf)
    }
}

/// Whether a condition holds for all arguments up to `max` (all bits set), or for none; none if it depends.
const fn settled(cond: &Cond, max: u64) -> Option<bool> {
    let value = cond.value;
    match cond.cmp {
        Cmp::Eq if value > max => Some(false),
        Cmp::Ne if value > max => Some(true),
        Cmp::Lt if value == 0 => Some(false),
        Cmp::Lt if value > max => Some(true),
        Cmp::Le if value >= max => Some(true),
        Cmp::Gt if value >= max => Some(false),
        Cmp::Ge if value == 0 => Some(true),
        Cmp::Ge if value > max => Some(false),
        Cmp::MaskedEq(mask) if value & !(mask & max) != 0 => Some(false),
        Cmp::MaskedEq(mask) if mask & max == 0 => Some(true),
        _ => None,
    }
}

/// The part of the program for one ABI.
struct Block {
    /// Where it begins; none if it is one action, which needs no code of its own.
    start: Option<Label>,
    wide: bool,
    /// First number and treatment, ascending; the first begins at 0, neighbours differ.
    segments: Vec<(u32, Leaf)>,
}

/// Segments with the places of their treatments.
type Segments<'a> = &'a [(u32, Label)];

impl Block {
    fn new(rules: &Rules, table: &Table) -> Result<Self, Error> {
        let wide = table.abi.data_model().word_bytes == 8;
        let max = if wide { u64::MAX } else { u32::MAX.into() };
        let x86_64 = table.abi == Abi::X86_64;
        let otherwise = |nr: u32| match table.beyond {
            _ if nr == CANCELLED => rules.default,
            _ if x86_64 && nr >= X32_BIT => match rules.x32 {
                X32::BadArch => rules.bad_arch,
                X32::Default => rules.default,
            },
            Some((above, action)) if nr > above => action,
            _ => rules.default,
        };
        let mut by_number: BTreeMap<u32, Vec<&Rule>> = BTreeMap::new();
        for rule in &table.rules {
            by_number.entry(rule.nr).or_default().push(rule);
        }
        let mut starts = BTreeSet::from([0, X32_BIT, CANCELLED]);
        starts.extend(table.beyond.and_then(|(above, _)| above.checked_add(1)));
        starts.extend(by_number.keys());
        starts.extend(by_number.keys().filter_map(|nr| nr.checked_add(1)));
        let mut segments: Vec<(u32, Leaf)> = Vec::new();
        for start in starts {
            let own = by_number.get(&start).map_or(&[][..], Vec::as_slice);
            let leaf = Leaf::new(own, otherwise(start), max)?;
            if segments.last().is_none_or(|(_, before)| *before != leaf) {
                segments.push((start, leaf));
            }
        }
        Ok(Self { start: None, wide, segments })
    }

    fn emit(self, emitter: &mut Emitter) {
        let Some(start) = self.start else { return };
        let mut places: HashMap<&Leaf, Label> = HashMap::new();
        let mut chains = Vec::new();
        let mut labelled = Vec::new();
        for (first, leaf) in &self.segments {
            let label = *places.entry(leaf).or_insert_with(|| {
                if leaf.rules.is_empty() {
                    return emitter.returning(leaf.last);
                }
                let label = emitter.label();
                chains.push((label, leaf));
                label
            });
            labelled.push((*first, label));
        }
        emitter.bind(start);
        // With one treatment for all numbers the number does not matter.
        if labelled.len() > 1 {
            emitter.load(0);
        }
        tree(emitter, &labelled, u32::MAX);
        for (label, leaf) in chains {
            emitter.bind(label);
            chain(emitter, leaf, self.wide);
        }
    }
}

/// Most single numbers that are asked for one by one: with four, halving first asks less.
const IN_A_ROW: usize = 3;

/// Finds the segment of A among `segments`, whose last one ends with `end`.
fn tree(emitter: &mut Emitter, segments: Segments<'_>, end: u32) {
    if let Some((singles, rest)) = exceptions(segments, end) {
        for (index, (nr, label)) in singles.iter().enumerate() {
            let next = if index + 1 == singles.len() { rest } else { emitter.label() };
            emitter.branch(Test::Eq, *nr, *label, next);
            if next != rest {
                emitter.bind(next);
            }
        }
        if singles.is_empty() {
            emitter.jump(rest);
        }
        return;
    }
    let (lower, upper) = segments.split_at(segments.len() / 2);
    let Some((middle, _)) = upper.first() else { return };
    let mut side = |half: Segments<'_>| match half {
        [(_, label)] => (*label, false),
        _ => (emitter.label(), true),
    };
    let ((below, below_more), (above, above_more)) = (side(lower), side(upper));
    emitter.branch(Test::Ge, *middle, above, below);
    if below_more {
        emitter.bind(below);
        tree(emitter, lower, middle - 1);
    }
    if above_more {
        emitter.bind(above);
        tree(emitter, upper, end);
    }
}

/// The single numbers of a stretch that is otherwise treated alike, if they are few, and the place for the others.
fn exceptions(segments: Segments<'_>, end: u32) -> Option<(Vec<(u32, Label)>, Label)> {
    let ends = segments.iter().skip(1).map(|(start, _)| start - 1).chain([end]);
    let spans = || segments.iter().zip(ends.clone());
    let (_, last) = segments.last()?;
    let rest = spans().find(|((start, _), end)| start != end).map_or(*last, |((_, label), _)| *label);
    let others: Vec<_> = spans().filter(|((_, label), _)| *label != rest).collect();
    let single = others.iter().all(|((start, _), end)| start == end);
    (single && others.len() <= IN_A_ROW).then(|| (others.iter().map(|(pair, _)| **pair).collect(), rest))
}

/// Asks for the conditions of one number.
fn chain(emitter: &mut Emitter, leaf: &Leaf, wide: bool) {
    let otherwise = emitter.returning(leaf.last);
    for (index, (conditions, action)) in leaf.rules.iter().enumerate() {
        let matched = emitter.returning(*action);
        let is_last = index + 1 == leaf.rules.len();
        let next = if is_last { otherwise } else { emitter.label() };
        for (at, cond) in conditions.iter().enumerate() {
            let more = at + 1 < conditions.len();
            let yes = if more { emitter.label() } else { matched };
            emitter.condition(cond, wide, yes, next);
            if more {
                emitter.bind(yes);
            }
        }
        if !is_last {
            emitter.bind(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::check::check;
    use crate::bpf::run::run;
    use crate::bpf::{Data, Insn};

    fn rules(table: Vec<Rule>) -> Rules {
        Rules {
            default: Action::Errno(1),
            bad_arch: Action::KillThread,
            x32: X32::BadArch,
            tables: vec![Table { abi: Abi::X86_64, rules: table, beyond: None }],
        }
    }

    fn answer(rules: &Rules, nr: u32, args: [u64; 6]) -> Action {
        let program = compile(rules).unwrap();
        check(&program).unwrap();
        let arch = Abi::X86_64.audit_arch();
        let data = Data { nr: nr.cast_signed(), arch, ip: 0, args };
        Action::from_ret(run(&program, &data).unwrap().ret)
    }

    #[test]
    fn one_answer_for_all_is_one_instruction() {
        let all = Rules { bad_arch: Action::Errno(1), ..rules(vec![Rule::always(3, Action::Errno(1))]) };
        assert_eq!(compile(&all).unwrap().insns(), [Insn::new(6, 0x0005_0001)]);
        let none = Rules { tables: Vec::new(), ..all };
        assert_eq!(compile(&none).unwrap().insns().len(), 1);
    }

    #[test]
    fn numbers_of_other_abis() {
        let mut rules = rules(vec![Rule::always(0, Action::Allow), Rule::always(X32_BIT + 7, Action::Log)]);
        for (nr, expected) in [
            (0, Action::Allow),
            (1, Action::Errno(1)),
            (X32_BIT - 1, Action::Errno(1)),
            (X32_BIT, Action::KillThread),
            (X32_BIT + 7, Action::Log),
            (u32::MAX - 1, Action::KillThread),
            (u32::MAX, Action::Errno(1)),
        ] {
            assert_eq!(answer(&rules, nr, [0; 6]), expected, "{nr:#x}");
        }
        rules.x32 = X32::Default;
        assert_eq!(answer(&rules, X32_BIT, [0; 6]), Action::Errno(1));
        rules.tables[0].beyond = Some((400, Action::Errno(38)));
        assert_eq!(answer(&rules, 400, [0; 6]), Action::Errno(1));
        assert_eq!(answer(&rules, 401, [0; 6]), Action::Errno(38));
        assert_eq!(answer(&rules, X32_BIT + 401, [0; 6]), Action::Errno(1));
        assert_eq!(answer(&rules, u32::MAX, [0; 6]), Action::Errno(1));
    }

    #[test]
    fn the_first_rule_that_matches() {
        let cond = |arg, cmp, value| Cond { arg, cmp, value };
        let rule = |conditions, action| Rule { nr: 5, conditions, action };
        let rules = rules(vec![
            rule(vec![cond(0, Cmp::Eq, 1 << 33), cond(5, Cmp::Lt, 9)], Action::Trap(1)),
            rule(vec![cond(0, Cmp::MaskedEq(0xf0), 0x10)], Action::Trap(2)),
            rule(vec![cond(0, Cmp::Le, 3)], Action::Allow),
            rule(Vec::new(), Action::Log),
            rule(Vec::new(), Action::Trap(3)),
        ]);
        assert_eq!(answer(&rules, 5, [1 << 33, 0, 0, 0, 0, 8]), Action::Trap(1));
        assert_eq!(answer(&rules, 5, [1 << 33, 0, 0, 0, 0, 9]), Action::Log);
        assert_eq!(answer(&rules, 5, [0xf_0000_001f, 0, 0, 0, 0, 0]), Action::Trap(2));
        assert_eq!(answer(&rules, 5, [3, 0, 0, 0, 0, 0]), Action::Allow);
        assert_eq!(answer(&rules, 6, [3, 0, 0, 0, 0, 0]), Action::Errno(1));
    }

    #[test]
    fn small_filters_are_small() {
        let one = Rules { bad_arch: Action::Errno(1), ..rules(vec![Rule::always(59, Action::Trace(0))]) };
        // ld arch, jeq, ld nr, jeq, two returns.
        assert_eq!(compile(&one).unwrap().insns().len(), 6);
        let every_other = (0..500).map(|nr| Rule::always(2 * nr, Action::Allow)).collect();
        let program = compile(&rules(every_other)).unwrap();
        let steps = (0..1000)
            .map(|nr| run(&program, &Data { nr, arch: Abi::X86_64.audit_arch(), ..Data::default() }))
            .map(|outcome| outcome.unwrap().steps);
        // Three for the architecture and the number, one to return, ten to find one of a thousand, one stepping stone.
        assert_eq!(steps.max(), Some(15));
    }

    #[test]
    fn errors() {
        let cond = Cond { arg: 6, cmp: Cmp::Eq, value: 0 };
        let bad = rules(vec![Rule { nr: 1, conditions: vec![cond], action: Action::Allow }]);
        assert_eq!(compile(&bad), Err(Error::Argument { nr: 1, arg: 6 }));
        let mut twice = rules(Vec::new());
        twice.tables.push(twice.tables[0].clone());
        assert_eq!(compile(&twice), Err(Error::TwoTables(Abi::X86_64)));
        let many = (0..3000).map(|nr| Rule::always(nr, Action::Errno((nr % 4000) as u16))).collect();
        assert!(matches!(compile(&rules(many)), Err(Error::Layout(assemble::Error::TooLong { .. }))));
    }
}
