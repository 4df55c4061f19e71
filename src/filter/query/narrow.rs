//! The push-down: which calls an expression can match at all, by number and by registers.
//!
//! It evaluates the tree without a call. Each comparison answers, for each call number, when it may be true and when it
//! may be false, as a disjunction of conditions on registers; what cannot be said so may be both. A call that is left
//! out surely does not match: what is left in may.

use std::collections::HashMap;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::class;
use syscall_tables::model::{Custom, Kind, Shape, Signature, When, Width};
use syscall_tables::{layout, signal, signatures, uring};

use super::ast::{ArgPath, Constant, Expr, Field, Masked, Op, Operand, Test};
use super::eval::{is_path, is_signal, is_size};
use super::shapes::may_hold;
use crate::bpf::compile::{Cmp, Cond};
use crate::filter::{NUMBERS, Wanted};

/// Conditions that must hold together.
pub type All = Vec<Cond>;

/// Alternatives that are kept; more become "may be".
const MOST_WAYS: usize = 8;
/// Conditions of one alternative that are kept; the others are left out, which lets more calls through.
const MOST_CONDITIONS: usize = 6;

/// ABIs that a filter can be made for.
const LIVE: [Abi; 2] = [Abi::X86_64, Abi::I386];

/// Which calls can match.
#[derive(Debug, Clone)]
pub struct Pushdown {
    /// By number.
    pub wanted: Wanted,
    /// For some of them, by registers: one of the alternatives must hold.
    pub ways: HashMap<(Abi, u32), Vec<All>>,
}

/// When something may be: one of the alternatives holds. None of them is never, an empty one is always.
#[derive(Debug, Clone, PartialEq, Eq)]
struct May(Vec<All>);

impl May {
    fn never() -> Self {
        Self(Vec::new())
    }

    fn always() -> Self {
        Self(vec![Vec::new()])
    }

    fn when(holds: bool) -> Self {
        if holds { Self::always() } else { Self::never() }
    }

    fn only(cond: Cond) -> Self {
        Self(vec![vec![cond]])
    }

    fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        if self.0.iter().any(Vec::is_empty) || self.0.len() > MOST_WAYS { Self::always() } else { self }
    }

    fn and(self, other: Self) -> Self {
        if self.0.len() * other.0.len() > MOST_WAYS {
            return if self.0.len() <= other.0.len() { self } else { other };
        }
        let mut ways = Vec::new();
        for one in &self.0 {
            for two in &other.0 {
                let mut all = one.clone();
                all.extend(two.iter().filter(|cond| !one.contains(cond)));
                all.truncate(MOST_CONDITIONS);
                ways.push(all);
            }
        }
        Self(ways)
    }
}

/// When a comparison may be true, and when it may be false.
struct Both {
    yes: May,
    no: May,
}

impl Both {
    fn unknown() -> Self {
        Self { yes: May::always(), no: May::always() }
    }

    fn known(holds: bool) -> Self {
        Self { yes: May::when(holds), no: May::when(!holds) }
    }
}

/// A call of which only the number is known.
struct Shadow {
    abi: Abi,
    /// None for the numbers that have no name.
    nr: Option<u64>,
    signature: Option<&'static Signature>,
    /// What it may be printed as; empty when it could be anything.
    names: Vec<&'static str>,
    /// Its registers are not the arguments that are shown: it stands for other calls, or they are in memory.
    multiplexed: bool,
    /// It is an operation of io_uring: it has a signature, but neither number nor registers.
    operation: bool,
}

/// Whether an expression may hold for an operation of io_uring.
pub(super) fn holds_for_operations(expr: &Expr) -> bool {
    let holds = |shadow: Shadow| !may(expr, true, &shadow).0.is_empty();
    LIVE.iter().any(|abi| {
        let unknown = Shadow { operation: true, ..Shadow::nameless(*abi) };
        uring::TABLE.iter().any(|row| holds(Shadow::operation(*abi, row))) || holds(unknown)
    })
}

impl Pushdown {
    /// `operations` of io_uring are asked too.
    pub(super) fn of(expr: &Expr, operations: bool) -> Self {
        let mut ways = HashMap::new();
        let mut table = |abi: Abi, nr: u64| {
            // What goes over a ring with it is in memory.
            if operations && numbers::name(abi, nr) == Some("io_uring_enter") {
                return true;
            }
            let may = may(expr, true, &Shadow::new(abi, nr));
            let some = !may.0.is_empty();
            if some && !may.0.iter().any(Vec::is_empty) {
                ways.insert((abi, nr as u32), may.0);
            }
            some
        };
        let mut by_number: [Vec<bool>; Abi::ALL.len()] = std::array::from_fn(|_| Vec::new());
        for abi in LIVE {
            by_number[abi as usize] = (0..NUMBERS as u64).map(|nr| table(abi, nr)).collect();
        }
        let nameless = LIVE.iter().any(|abi| !may(expr, true, &Shadow::nameless(*abi)).0.is_empty());
        let has = |abi: Abi, nr: u64| by_number[abi as usize].get(nr as usize).copied().unwrap_or(true);
        Self { wanted: Wanted::of(has, nameless), ways }
    }

    /// How many named calls of `abi` can match, and how many of them under conditions.
    pub fn count(&self, abi: Abi) -> (usize, usize) {
        let named = numbers::names(abi).filter(|(nr, _)| self.wanted.has(abi, *nr)).count();
        (
            named,
            self.ways
                .keys()
                .filter(|(own, nr)| *own == abi && numbers::name(abi, (*nr).into()).is_some())
                .count(),
        )
    }
}

impl Shadow {
    fn new(abi: Abi, nr: u64) -> Self {
        let Some(name) = numbers::name(abi, nr) else {
            return Self { nr: Some(nr), ..Self::nameless(abi) };
        };
        let (mut names, mut multiplexed) = (vec![name], false);
        let inner: Option<fn(u32) -> Option<&'static str>> = match (abi, nr) {
            (Abi::I386, numbers::I386_SOCKETCALL) => Some(numbers::socketcall),
            (Abi::I386, numbers::I386_IPC) => Some(syscall_tables::signatures::ipc::called),
            _ => None,
        };
        if let Some(inner) = inner {
            names.extend((0..64).filter_map(inner));
            multiplexed = true;
        }
        // Its arguments are in memory, like those of the multiplexers.
        multiplexed |= (abi, nr) == (Abi::I386, numbers::I386_OLD_MMAP);
        let signature = signatures::lookup(abi, nr);
        names.extend(signature.map(|s| s.name));
        Self { abi, nr: Some(nr), signature, names, multiplexed, operation: false }
    }

    fn nameless(abi: Abi) -> Self {
        Self { abi, nr: None, signature: None, names: Vec::new(), multiplexed: false, operation: false }
    }

    fn operation(abi: Abi, row: &'static uring::Operation) -> Self {
        let name = row.signature.name;
        let names = vec![name, uring::title(name)];
        Self { signature: Some(&row.signature), names, operation: true, ..Self::nameless(abi) }
    }

    /// Bits of a register.
    fn word_bits(&self) -> u32 {
        8 * u32::from(self.abi.data_model().word_bytes)
    }

    /// The register that holds argument `index` alone.
    fn register(&self, index: usize) -> Option<u8> {
        let signature = self.signature.filter(|_| !self.multiplexed && !self.operation)?;
        let wide = |kind: &Kind| self.word_bits() == 32 && matches!(kind.shape, Shape::Wide(..));
        let before = signature.args[..index].iter().filter(|arg| wide(&arg.kind)).count();
        let register = index + before;
        (register < 6 && !wide(&signature.args[index].kind)).then_some(register as u8)
    }
}

/// When `expr` may come out as `wanted`.
fn may(expr: &Expr, wanted: bool, call: &Shadow) -> May {
    let all = |parts: &[Expr]| parts.iter().map(|part| may(part, wanted, call)).fold(May::always(), May::and);
    let any = |parts: &[Expr]| parts.iter().map(|part| may(part, wanted, call)).fold(May::never(), May::or);
    match (expr, wanted) {
        (Expr::And(parts), true) | (Expr::Or(parts), false) => all(parts),
        (Expr::And(parts), false) | (Expr::Or(parts), true) => any(parts),
        (Expr::Not(inner), _) => may(inner, !wanted, call),
        (Expr::Test(test), true) => comparison(test, call).yes,
        (Expr::Test(test), false) => comparison(test, call).no,
    }
}

fn comparison(test: &Test, call: &Shadow) -> Both {
    match &test.field {
        Field::Name => names(test, call, |name| operands(test, |operand| text_fits(name, operand))),
        Field::Class => names(test, call, |name| {
            let own = class::membership(name);
            operands(test, |operand| matches!(operand, Operand::Class(class) if own.intersects(*class)))
        }),
        Field::Abi => {
            Both::known(operands(test, |operand| matches!(operand, Operand::Abi(abi) if *abi == call.abi)))
        }
        Field::IoUring => Both::known(call.operation),
        // An operation has neither.
        Field::Nr | Field::Register(_) if call.operation => Both::known(false),
        Field::Nr => match call.nr {
            Some(nr) => Both::known(operands(test, |operand| number_fits(nr.into(), test.op, operand))),
            None => Both::unknown(),
        },
        Field::Register(_) if call.multiplexed => Both::unknown(),
        Field::Register(index) => {
            let slot = Slot { arg: *index, bits: call.word_bits(), signed: false, whole: true };
            slot.test(test, |operand| match operand {
                Operand::Number(number) => Some(Is::Number(*number)),
                _ => None,
            })
        }
        Field::Arg(way) => argument(way, test, call),
        Field::Fd => descriptor(test, call),
        Field::Path => present(call, |signature| {
            let fd = |shape: Shape| matches!(shape, Shape::Fd | Shape::DirFd);
            let own = |kind: &Kind| is_path(kind) || may_hold(kind, &fd);
            signature.args.iter().any(|arg| own(&arg.kind)) || may_hold(&signature.ret, &fd)
        }),
        Field::PeerPort | Field::PeerAddr | Field::PeerPath => present(call, |signature| {
            let holds = |shape: Shape| matches!(shape, Shape::Sockaddr(..) | Shape::Fd | Shape::DirFd);
            signature.args.iter().any(|arg| may_hold(&arg.kind, &holds)) || may_hold(&signature.ret, &holds)
        }),
        Field::Bytes => present(call, |signature| is_size(&signature.ret)),
        Field::Pid
        | Field::Tid
        | Field::Comm
        | Field::Exe
        | Field::Depth
        | Field::Ret
        | Field::Errno
        | Field::Failed
        | Field::Succeeded
        | Field::Unfinished
        | Field::Duration => Both::unknown(),
    }
}

/// A field that a call either may have or surely lacks, which makes the comparison false.
fn present(call: &Shadow, has: impl Fn(&'static Signature) -> bool) -> Both {
    match call.signature {
        _ if call.multiplexed => Both::unknown(),
        Some(signature) if has(signature) => Both::unknown(),
        // A call without signature has bare registers only.
        _ => Both::known(false),
    }
}

/// A question about the name alone, for each name that the call may have.
fn names(test: &Test, call: &Shadow, fits: impl Fn(&str) -> bool) -> Both {
    if call.names.is_empty() {
        // Numbers without a name are called syscall_0x…, which an expression may fit.
        let plain = || test.operands.iter().all(|operand| matches!(operand, Operand::Text(_)));
        return match test.field {
            Field::Class => Both::known(test.op.denied().is_some()),
            // Operations without one are called operation_…, and no such name is taken.
            Field::Name if call.operation && plain() => Both::known(test.op.denied().is_some()),
            _ => Both::unknown(),
        };
    }
    let yes = call.names.iter().any(|name| fits(name));
    let no = call.names.iter().any(|name| !fits(name));
    Both { yes: May::when(yes), no: May::when(no) }
}

/// Whether a value that is there fits, given how it does with each operand.
fn operands(test: &Test, fits: impl Fn(&Operand) -> bool) -> bool {
    test.operands.iter().any(fits) != test.op.denied().is_some()
}

fn text_fits(own: &str, operand: &Operand) -> bool {
    match operand {
        Operand::Text(text) => own.as_bytes() == text.as_slice(),
        Operand::Regex(regex) => regex.is_match(own.as_bytes()),
        _ => false,
    }
}

fn number_fits(own: i128, op: Op, operand: &Operand) -> bool {
    let Operand::Number(number) = operand else { return false };
    match op.denied().unwrap_or(op) {
        Op::Eq => own == *number,
        Op::Lt => own < *number,
        Op::Le => own <= *number,
        Op::Gt => own > *number,
        Op::Ge => own >= *number,
        _ => false,
    }
}

/// An argument that lies in one register.
#[derive(Clone, Copy)]
struct Slot {
    arg: u8,
    /// How many of the register's bits count.
    bits: u32,
    signed: bool,
    /// No bit of the register is left out.
    whole: bool,
}

/// What a slot is compared with.
enum Is {
    Number(i128),
    Masked(Masked),
}

impl Slot {
    fn mask(self) -> u64 {
        if self.bits >= 64 { u64::MAX } else { (1 << self.bits) - 1 }
    }

    /// The bits of a number; none where the slot never has this value.
    fn pattern(self, number: i128) -> Option<u64> {
        let span = 1i128 << self.bits;
        let (low, high) = if self.signed { (-(span / 2), span / 2) } else { (0, span) };
        (low..high).contains(&number).then_some((number as u64) & self.mask())
    }

    fn masked(self, mask: u64, value: u64) -> May {
        May::only(Cond { arg: self.arg, cmp: Cmp::MaskedEq(mask & self.mask()), value })
    }

    fn equals(self, pattern: u64) -> May {
        if self.whole {
            return May::only(Cond { arg: self.arg, cmp: Cmp::Eq, value: pattern });
        }
        self.masked(u64::MAX, pattern)
    }

    fn differs(self, pattern: u64) -> May {
        if self.whole {
            return May::only(Cond { arg: self.arg, cmp: Cmp::Ne, value: pattern });
        }
        May::always()
    }

    /// One of the bits is not there; `mask` is not empty.
    fn lacks(self, masked: Masked) -> May {
        if masked.mask != masked.value {
            return May::always();
        }
        (0..64)
            .filter(|bit| masked.mask >> bit & 1 != 0)
            .map(|bit| self.masked(1 << bit, 0))
            .fold(May::never(), May::or)
    }

    fn one(self, op: Op, is: &Is) -> Both {
        match is {
            Is::Number(number) => self.number(op, *number),
            Is::Masked(masked) if op == Op::Has && !masked.whole && masked.mask != 0 => {
                if masked.mask & !self.mask() != 0 {
                    return Both::unknown();
                }
                Both { yes: self.masked(masked.mask, masked.value), no: self.lacks(*masked) }
            }
            Is::Masked(masked) if matches!(op, Op::Has | Op::Eq) => {
                if masked.value & !self.mask() != 0 {
                    return Both::known(false);
                }
                Both { yes: self.equals(masked.value), no: self.differs(masked.value) }
            }
            Is::Masked(_) => Both::unknown(),
        }
    }

    fn number(self, op: Op, number: i128) -> Both {
        if op == Op::Eq {
            return match self.pattern(number) {
                Some(pattern) => Both { yes: self.equals(pattern), no: self.differs(pattern) },
                None => Both::known(false),
            };
        }
        let (Ok(value), false, true) = (u64::try_from(number), self.signed, self.whole) else {
            return Both::unknown();
        };
        let (yes, no) = match op {
            Op::Lt => (Cmp::Lt, Cmp::Ge),
            Op::Le => (Cmp::Le, Cmp::Gt),
            Op::Gt => (Cmp::Gt, Cmp::Le),
            Op::Ge => (Cmp::Ge, Cmp::Lt),
            _ => return Both::unknown(),
        };
        let cond = |cmp| May::only(Cond { arg: self.arg, cmp, value });
        Both { yes: cond(yes), no: cond(no) }
    }

    /// The comparison of a value that is there, read by `read`; none where the two are never compared.
    fn test(self, test: &Test, read: impl Fn(&Operand) -> Option<Is>) -> Both {
        let op = test.op.denied().unwrap_or(test.op);
        let known: Vec<Is> = test.operands.iter().filter_map(read).collect();
        if known.is_empty() {
            // Nothing to compare with: false, a denial too.
            return Both::known(false);
        }
        let mut yes = May::never();
        let mut no = May::always();
        for is in &known {
            let one = self.one(op, is);
            yes = yes.or(one.yes);
            no = no.and(one.no);
        }
        if test.op == op { Both { yes, no } } else { Both { yes: no, no: yes } }
    }
}

/// A named argument, where it lies in a register and is always there; else it may be anything if the call has it.
fn argument(way: &ArgPath, test: &Test, call: &Shadow) -> Both {
    let Some(signature) = call.signature.filter(|_| !call.multiplexed) else {
        return if call.multiplexed { Both::unknown() } else { Both::known(false) };
    };
    let Some(index) = signature.args.iter().position(|arg| arg.name == way.name) else {
        return Both::known(false);
    };
    let kind = &signature.args[index].kind;
    if way.members.is_empty() && foreign(kind, test, call.abi) {
        return Both::known(false);
    }
    let slot = call.register(index).and_then(|register| slot(kind, register, call));
    let Some((slot, sort)) = slot.filter(|_| way.members.is_empty()) else { return Both::unknown() };
    let signal = |operand: &Operand| matches!(operand, Operand::Constant(constant) if is_signal(constant));
    if matches!(sort, Sort::Plain | Sort::Fd) && test.operands.iter().any(signal) {
        return Both::unknown();
    }
    let both = slot.test(test, |operand| read(operand, test.op, sort, call.abi));
    let maybe = kind.when != When::Always;
    if maybe { Both { no: May::always(), ..both } } else { both }
}

/// Whether a word of several parts is asked for constants that none of its parts has.
fn foreign(kind: &Kind, test: &Test, abi: Abi) -> bool {
    let Shape::Custom(Custom::HugeFlags(low, set, _)) = kind.shape else { return false };
    let knows = |name: &str| {
        let low = low.is_some_and(|low| low.value_of(abi, name).is_some());
        low || set.value_of(abi, name).is_some()
    };
    test.op == Op::Has
        && !operands(test, |operand| match operand {
            Operand::Constant(constant) => constant.names.iter().all(|name| knows(name)),
            _ => true,
        })
}

/// What constants mean in a register.
#[derive(Clone, Copy)]
enum Sort {
    Plain,
    Set(&'static syscall_tables::set::Set),
    Fd,
    Signal,
}

fn slot(kind: &Kind, arg: u8, call: &Shadow) -> Option<(Slot, Sort)> {
    let of = |width: Width, signed: bool| {
        let bits = 8 * layout::width(width, call.abi.data_model()).size as u32;
        Slot { arg, bits, signed, whole: bits >= call.word_bits() }
    };
    Some(match kind.shape {
        Shape::Number(width, signed, _) => (of(width, signed), Sort::Plain),
        Shape::Set(set, width) => (of(width, false), Sort::Set(set)),
        Shape::Mode(width) => (of(width, false), Sort::Plain),
        Shape::Fd | Shape::DirFd => (of(Width::W32, true), Sort::Fd),
        Shape::Pid => (of(Width::W32, true), Sort::Plain),
        Shape::Signal => (of(Width::W32, true), Sort::Signal),
        _ => return None,
    })
}

/// An operand in terms of a register, in the way of [`super::eval`]; none where the two are never equal.
fn read(operand: &Operand, op: Op, sort: Sort, abi: Abi) -> Option<Is> {
    let constant = |constant: &Constant| {
        if let Sort::Set(set) = sort {
            return constant.in_set(set, abi).map(Is::Masked);
        }
        match (sort, constant.single()) {
            (Sort::Fd, Some("AT_FDCWD")) => Some(Is::Number(-100)),
            (Sort::Signal, Some(name)) => {
                let number = signal::number(name)?;
                (signal::name(number) == Some(name)).then(|| Is::Number(number.into()))
            }
            _ if constant.names.is_empty() && op != Op::Has => Some(Is::Number(constant.bits.into())),
            _ if constant.names.is_empty() => {
                Some(Is::Masked(Masked { value: constant.bits, mask: constant.bits, whole: false }))
            }
            _ => None,
        }
    };
    match operand {
        Operand::Number(number) => Some(Is::Number(*number)),
        Operand::Constant(own) => constant(own),
        _ => None,
    }
}

/// Any descriptor that is given: those in registers, unless there may be others in memory.
fn descriptor(test: &Test, call: &Shadow) -> Both {
    let Some(signature) = call.signature.filter(|_| !call.multiplexed) else {
        return if call.multiplexed { Both::unknown() } else { Both::known(false) };
    };
    let is_fd = |shape: Shape| matches!(shape, Shape::Fd | Shape::DirFd);
    let mut yes = May::never();
    for (index, arg) in signature.args.iter().enumerate().filter(|(_, arg)| may_hold(&arg.kind, &is_fd)) {
        let register = call.register(index).filter(|_| is_fd(arg.kind.shape));
        let Some((slot, sort)) = register.and_then(|register| slot(&arg.kind, register, call)) else {
            return Both::unknown();
        };
        // A denial asks all descriptors together, so that one alone says nothing.
        yes = if test.op.denied().is_some() {
            May::always()
        } else {
            yes.or(slot.test(test, |operand| read(operand, test.op, sort, call.abi)).yes)
        };
    }
    Both { yes, no: May::always() }
}
