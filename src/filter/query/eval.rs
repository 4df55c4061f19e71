//! Whether an expression holds for a call.
//!
//! There are two answers, no third: a comparison with something that the call does not have is false, whatever the
//! operator, and `not` makes it true. Where a field has several values (two paths, an array), one that fits is
//! enough; `!=` and `!~` ask that there is one and that none fits.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::net::IpAddr;

use syscall_tables::abi::Abi;
use syscall_tables::class;
use syscall_tables::model::{Custom, Kind, Shape, Width};
use syscall_tables::set::Base;

use super::ast::{ArgPath, Constant, Expr, Field, Op, Operand, Test};
use super::gather::{Gather, Item, Value};
use super::{Context, Facts};
use crate::decode::{self, Options};
use crate::event::Call;
use crate::event::descriptor::{Detail, Ends};

/// AT_FDCWD of linux/fcntl.h.
const AT_FDCWD: i32 = -100;

/// A call that is asked about; what is decoded of it is decoded once.
pub(super) struct Subject<'a> {
    call: &'a Call,
    context: &'a dyn Context,
    options: Options,
    /// Whether something that the kernel writes is asked for.
    outputs: bool,
    facts: OnceCell<Option<Facts<'a>>>,
    items: OnceCell<Vec<Item>>,
}

/// A value that a field has.
#[derive(Debug, Clone, Copy)]
enum Datum<'a> {
    Number(i128),
    Text(&'a [u8], bool),
    Value(&'a Value),
    Ip(IpAddr),
    Class(class::Class),
    Abi(Abi),
}

impl<'a> Subject<'a> {
    pub fn new(call: &'a Call, context: &'a dyn Context, string_bytes: usize, outputs: bool) -> Self {
        // Structs are looked at in full: what was captured of them is all of them.
        let options =
            Options { string_limit: string_bytes, abbreviate: false, raw: false, dereference: true };
        Self { call, context, options, outputs, facts: OnceCell::new(), items: OnceCell::new() }
    }

    pub fn holds(&self, expr: &Expr) -> bool {
        match expr {
            Expr::And(parts) => parts.iter().all(|part| self.holds(part)),
            Expr::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Expr::Not(inner) => !self.holds(inner),
            Expr::Test(test) => self.test(test),
        }
    }

    fn facts(&self) -> Option<&Facts<'a>> {
        self.facts.get_or_init(|| self.context.process(self.call.tid)).as_ref()
    }

    fn items(&self) -> &[Item] {
        self.items.get_or_init(|| {
            let mut gather = Gather::default();
            gather.input = true;
            decode::inputs(self.call, &self.options, &mut gather);
            if self.outputs && self.call.outcome.is_some() {
                gather.input = false;
                decode::call(self.call, &self.options, &mut gather);
            }
            gather.items
        })
    }

    fn test(&self, test: &Test) -> bool {
        let call = self.call;
        let outcome = call.outcome;
        let number = |value: Option<i128>| self.compare(test, value.map(Datum::Number).into_iter());
        match &test.field {
            Field::Name => {
                let names = [Some(call.name()), call.entry.map(|_| call.title())];
                let names = names.iter().flatten().map(|name| Datum::Text(name.as_bytes(), false));
                self.compare(test, names)
            }
            Field::Class => self.one(test, Datum::Class(class::membership(&call.name()))),
            Field::IoUring => call.entry.is_some(),
            Field::Nr => number(call.entry.is_none().then(|| call.regs.nr.into())),
            Field::Abi => self.one(test, Datum::Abi(call.regs.abi)),
            Field::Tid => number(Some(call.tid.0.into())),
            Field::Pid => number(self.facts().map(|facts| facts.pid.into())),
            Field::Depth => number(self.facts().map(|facts| facts.depth.into())),
            Field::Comm => self.name_of(test, |facts| facts.comm),
            Field::Exe => self.name_of(test, |facts| facts.exe),
            Field::Register(index) => number(self.register(*index)),
            Field::Arg(way) => self.compare(test, self.argument(way).map(Datum::Value)),
            Field::Path => self.path(test),
            Field::Fd => {
                let fd = |item: &&Item| item.input && matches!(item.value, Value::Fd(_));
                self.compare(test, self.items().iter().filter(fd).map(|item| Datum::Value(&item.value)))
            }
            Field::PeerPort => self.peer_port(test),
            Field::PeerPath => self.peer_path(test),
            Field::PeerAddr => {
                let address = |item: &Item| match item.value {
                    Value::Ip(address) => Some(Datum::Ip(address)),
                    _ => None,
                };
                let known = self.sockets().filter_map(|ends| match ends {
                    Ends::Inet { peer, .. } => peer.map(|peer| Datum::Ip(peer.ip())),
                    _ => None,
                });
                self.compare(test, self.items().iter().filter_map(address).chain(known))
            }
            Field::Ret => number(outcome.map(|o| if o.failed { -1 } else { self.returned(o.value) })),
            Field::Errno => number(outcome.and_then(|o| o.errno()).map(Into::into)),
            Field::Failed => outcome.is_some_and(|o| o.failed),
            Field::Succeeded => outcome.is_some_and(|o| !o.failed),
            Field::Unfinished => outcome.is_none(),
            Field::Duration => {
                let ns = call.left.mono_ns.saturating_sub(call.entered.mono_ns);
                number(outcome.map(|_| ns.into()))
            }
            Field::Bytes => {
                let moved = outcome.filter(|o| !o.failed && call.signature.is_some_and(|s| is_size(&s.ret)));
                number(moved.map(|o| o.value.into()))
            }
        }
    }

    fn register(&self, index: u8) -> Option<i128> {
        // An operation has no registers.
        let value = *self.call.regs.args.get(usize::from(index)).filter(|_| self.call.entry.is_none())?;
        let narrow = self.call.regs.abi.data_model().word_bytes == 4;
        Some(if narrow { value & 0xffff_ffff } else { value }.into())
    }

    fn one(&self, test: &Test, datum: Datum<'_>) -> bool {
        self.compare(test, std::iter::once(datum))
    }

    fn name_of(&self, test: &Test, name: impl Fn(&Facts<'a>) -> &'a [u8]) -> bool {
        // What is not known is an empty name.
        let name = self.facts().map(name).filter(|name| !name.is_empty());
        self.compare(test, name.map(|name| Datum::Text(name, false)).into_iter())
    }

    /// A value that is no error, as it is printed: addresses are not negative.
    fn returned(&self, value: i64) -> i128 {
        let address = self
            .call
            .signature
            .is_some_and(|s| matches!(s.ret.shape, Shape::Address | Shape::Number(_, false, Base::Hex)));
        match (address, self.call.regs.abi.data_model().word_bytes) {
            (true, 4) => i128::from(value as u64 & 0xffff_ffff),
            (true, _) => i128::from(value as u64),
            (false, _) => i128::from(value),
        }
    }

    fn argument<'s>(&'s self, way: &'s ArgPath) -> impl Iterator<Item = &'s Value> {
        let args = self.call.signature.map_or(&[][..], |signature| signature.args);
        let index = args.iter().position(|arg| arg.name == way.name);
        let items = if index.is_some() { self.items() } else { &[] };
        let fits = move |item: &&Item| {
            Some(item.arg) == index && item.members.iter().copied().eq(way.members.iter().map(String::as_str))
        };
        items.iter().filter(fits).map(|item| &item.value)
    }

    /// The addresses of the sockets that the call's descriptors are.
    fn sockets(&self) -> impl Iterator<Item = &Ends> {
        self.call.fds.iter().filter_map(|note| match note.detail.as_deref() {
            Some(Detail::Socket(socket)) => Some(&socket.ends),
            _ => None,
        })
    }

    fn peer_port(&self, test: &Test) -> bool {
        let known = self.sockets().filter_map(|ends| match ends {
            Ends::Inet { peer, .. } => peer.map(|peer| Datum::Number(peer.port().into())),
            _ => None,
        });
        self.compare(test, self.members(&["sin_port", "sin6_port"]).chain(known))
    }

    /// An abstract name begins with `@`, as it is printed.
    fn peer_path(&self, test: &Test) -> bool {
        let names: Vec<Cow<'_, [u8]>> = self
            .sockets()
            .filter_map(|ends| match ends {
                Ends::Unix { name: Some(name), .. } => Some(match name.split_first() {
                    Some((0, rest)) => Cow::Owned([b"@", rest].concat()),
                    _ => Cow::Borrowed(name.split(|b| *b == 0).next().unwrap_or(name)),
                }),
                _ => None,
            })
            .collect();
        let known = names.iter().map(|name| Datum::Text(name, false));
        self.compare(test, self.members(&["sun_path"]).chain(known))
    }

    fn members<'s>(&'s self, members: &'static [&'static str]) -> impl Iterator<Item = Datum<'s>> {
        let fits = move |item: &&Item| item.members.last().is_some_and(|last| members.contains(last));
        self.items().iter().filter(fits).map(|item| Datum::Value(&item.value))
    }

    /// Paths as they are given, those below a descriptor also from the root, and what descriptors are open on.
    fn path(&self, test: &Test) -> bool {
        let args = self.call.signature.map_or(&[][..], |signature| signature.args);
        let target = |fd: i32| self.call.fd_note(fd, false).map(|note| &*note.target);
        let mut paths: Vec<Cow<'_, [u8]>> = Vec::new();
        for item in self.items().iter().filter(|item| item.members.is_empty()) {
            let Value::Text { bytes, .. } = &item.value else { continue };
            if !args.get(item.arg).is_some_and(|arg| is_path(&arg.kind)) {
                continue;
            }
            let base = item.arg.checked_sub(1).and_then(|before| {
                self.items().iter().find_map(|other| match other.value {
                    Value::Fd(fd) if other.arg == before => target(fd),
                    Value::Cwd if other.arg == before => target(AT_FDCWD),
                    _ => None,
                })
            });
            if let Some(base) = base.filter(|_| !bytes.is_empty() && !bytes.starts_with(b"/")) {
                let slash: &[u8] = if base.ends_with(b"/") { b"" } else { b"/" };
                paths.push(Cow::Owned([base, slash, bytes.strip_prefix(b"./").unwrap_or(bytes)].concat()));
            }
            paths.push(Cow::Borrowed(bytes));
        }
        let open = self.call.fds.iter().filter(|note| note.fd != AT_FDCWD);
        paths.extend(open.map(|note| Cow::Borrowed(&*note.target)));
        self.compare(test, paths.iter().map(|path| Datum::Text(path, false)))
    }

    /// Whether one of `data` fits one of the operands; for a denial, whether one could and none does.
    fn compare<'d>(&self, test: &Test, data: impl Iterator<Item = Datum<'d>>) -> bool {
        let abi = self.call.regs.abi;
        let op = test.op.denied().unwrap_or(test.op);
        let (mut could, mut fits) = (false, false);
        for datum in data {
            for operand in &test.operands {
                let answer = datum.fits(op, operand, abi);
                could |= answer.is_some();
                fits |= answer == Some(true);
            }
        }
        if test.op == op { fits } else { could && !fits }
    }
}

impl Datum<'_> {
    /// Whether it fits; none where the two cannot be compared.
    fn fits(self, op: Op, operand: &Operand, abi: Abi) -> Option<bool> {
        match (self, operand) {
            (Self::Class(own), Operand::Class(class)) => Some(own.intersects(*class)),
            (Self::Abi(own), Operand::Abi(abi)) => Some(own == *abi),
            (Self::Ip(own), Operand::Net(net)) => Some(net.contains(own)),
            (Self::Number(own), Operand::Number(number)) => Some(ordered(op, own.cmp(number))),
            (Self::Text(own, more), _) => text(own, more, op, operand),
            (Self::Value(value), _) => fits(value, op, operand, abi),
            _ => None,
        }
    }
}

fn fits(value: &Value, op: Op, operand: &Operand, abi: Abi) -> Option<bool> {
    match (value, operand) {
        (Value::Text { bytes, more }, _) => text(bytes, *more, op, operand),
        (Value::Word(set, own), Operand::Constant(constant)) => {
            let masked = constant.in_set(set.0, abi)?;
            Some(match op {
                Op::Has => masked.is_in(*own),
                _ => ordered(op, own.cmp(&masked.value)),
            })
        }
        (Value::Named(own, value), Operand::Constant(constant)) => match constant.single() {
            Some(name) => matches!(op, Op::Eq | Op::Has).then_some(name == own),
            None => bits(i128::from(*value), op, constant),
        },
        (Value::Cwd, Operand::Constant(constant)) => named("AT_FDCWD", op, constant),
        (Value::Fd(fd), Operand::Constant(constant)) if constant.single() == Some("AT_FDCWD") => {
            matches!(op, Op::Eq | Op::Has).then_some(*fd == AT_FDCWD)
        }
        // Signals and handlers that have no name are others than those that have one.
        (Value::Number(_) | Value::Address(_), Operand::Constant(constant)) if is_signal(constant) => {
            matches!(op, Op::Eq | Op::Has).then_some(false)
        }
        (Value::Address(own), Operand::Constant(constant)) if constant.single() == Some("NULL") => {
            matches!(op, Op::Eq | Op::Has).then_some(*own == 0)
        }
        (_, Operand::Constant(constant)) => bits(numeric(value)?, op, constant),
        (_, Operand::Number(number)) => Some(ordered(op, numeric(value)?.cmp(number))),
        _ => None,
    }
}

/// Whether it is a signal, or what stands for a handler of one.
pub(super) fn is_signal(constant: &Constant) -> bool {
    constant.single().is_some_and(|name| name.starts_with("SIG"))
}

fn named(own: &str, op: Op, constant: &Constant) -> Option<bool> {
    matches!(op, Op::Eq | Op::Has).then_some(constant.single() == Some(own))
}

/// Bits that were given as numbers.
fn bits(own: i128, op: Op, constant: &Constant) -> Option<bool> {
    let wanted = i128::from(constant.bits);
    let plain = constant.names.is_empty();
    plain.then(|| match op {
        Op::Has if wanted == 0 => own == 0,
        Op::Has => own & wanted == wanted,
        _ => ordered(op, own.cmp(&wanted)),
    })
}

fn numeric(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Word(_, value) | Value::Named(_, value) | Value::Address(value) => Some((*value).into()),
        Value::Fd(fd) => Some((*fd).into()),
        Value::Cwd => Some(AT_FDCWD.into()),
        Value::Text { .. } | Value::Ip(_) => None,
    }
}

fn text(own: &[u8], more: bool, op: Op, operand: &Operand) -> Option<bool> {
    match operand {
        // What was cut off is longer than any string that it is compared with.
        Operand::Text(wanted) => Some(match op {
            Op::Has => wanted.is_empty() || own.windows(wanted.len()).any(|window| window == wanted),
            _ => !more && ordered(op, own.cmp(wanted)),
        }),
        Operand::Regex(regex) => Some(regex.is_match(own)),
        _ => None,
    }
}

fn ordered(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq | Op::Has => order.is_eq(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Is | Op::Ne | Op::Match | Op::NoMatch => false,
    }
}

/// Whether an argument of this kind is a path.
pub(super) fn is_path(kind: &Kind) -> bool {
    match kind.shape {
        Shape::Path | Shape::Custom(Custom::PathOut) => true,
        Shape::By(_, cases, other) => cases.iter().map(|(_, kind)| kind).chain([other]).any(is_path),
        _ => false,
    }
}

/// Whether a return value of this kind counts bytes.
pub(super) fn is_size(kind: &Kind) -> bool {
    matches!(kind.shape, Shape::Number(Width::Long, false, Base::Dec))
}
