//! A [`Render`] that keeps the values of a call, each with its argument and its way into it.

use std::fmt::Arguments;
use std::net::IpAddr;

use syscall_tables::abi::Abi;
use syscall_tables::set::{Base, Set};
use syscall_tables::{sets, signal};

use crate::decode::render::{Group, Render, Text, ignored};

/// One value.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Which argument.
    pub arg: usize,
    /// Members that lead to it, outermost first.
    pub members: Vec<&'static str>,
    /// The kernel reads it.
    pub input: bool,
    /// Itself.
    pub value: Value,
}

/// A value as the decoder calls it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Number(i128),
    /// A word of a set.
    Word(SetRef, u64),
    /// A constant by name.
    Named(String, u64),
    Text {
        bytes: Vec<u8>,
        /// There is more of it than was read.
        more: bool,
    },
    Address(u64),
    Fd(i32),
    /// The working directory in place of a descriptor.
    Cwd,
    Ip(IpAddr),
}

/// A set; equal when it is the same one.
#[derive(Debug, Clone, Copy)]
pub(super) struct SetRef(pub &'static Set);

impl PartialEq for SetRef {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// The values so far.
#[derive(Debug, Default)]
pub(super) struct Gather {
    pub items: Vec<Item>,
    /// What comes now is what the kernel reads.
    pub input: bool,
    arg: Option<usize>,
    open: Vec<Group>,
    /// The member that is being shown, one for each open struct.
    members: Vec<&'static str>,
    /// An abstract socket address follows.
    hidden: bool,
}

impl Gather {
    fn push(&mut self, value: Value) {
        let Some(arg) = self.arg else { return };
        let members = self.members.iter().copied().filter(|name| !name.is_empty()).collect();
        self.items.push(Item { arg, members, input: self.input, value });
    }

    fn inside(&self, name: &str) -> bool {
        matches!(self.open.last(), Some(Group::Call(own)) if *own == name)
    }

    fn member(&mut self, name: &'static str) {
        if let Some(last) = self.members.last_mut() {
            *last = name;
        }
    }
}

/// The number in `htons(443)` or `8192*1024`.
fn wrapped(text: &str) -> Option<i128> {
    if let Some(kilo) = text.strip_suffix("*1024") {
        return Some(kilo.parse::<i128>().ok()? * 1024);
    }
    let inner = text.strip_prefix("htons(").or(text.strip_prefix("htonl("))?;
    inner.strip_suffix(')')?.parse().ok()
}

impl Render for Gather {
    ignored!(label pause item more becomes comment note);

    fn arg(&mut self, index: usize, name: &'static str) {
        self.arg = (!name.is_empty()).then_some(index);
        self.open.clear();
        self.members.clear();
        self.hidden = false;
    }

    fn number(&mut self, value: u64, signed: bool, _base: Base, _bytes: u8) {
        // The parts of a device number or of an ioctl command are no values of their own.
        if !matches!(self.open.last(), Some(Group::Call(_))) {
            let number = if signed { i128::from(value as i64) } else { i128::from(value) };
            self.push(Value::Number(number));
        }
    }

    fn set(&mut self, set: &'static Set, value: u64, _abi: Abi) {
        self.push(Value::Word(SetRef(set), value));
    }

    fn whole(&mut self, set: &'static Set, value: u64) {
        self.push(Value::Word(SetRef(set), value));
    }

    fn named(&mut self, name: &str, value: u64, _base: Base) {
        if self.inside("inet_pton") {
            self.member("sin6_addr");
            return;
        }
        for name in name.split(" or ") {
            self.push(Value::Named(name.to_owned(), value));
        }
    }

    fn mode(&mut self, _kind: Option<&'static str>, mode: u64) {
        self.push(Value::Word(SetRef(&sets::fs::MODE), mode));
    }

    fn address(&mut self, addr: u64) {
        self.push(Value::Address(addr));
    }

    fn text(&mut self, text: Text<'_>) {
        let spelled = || std::str::from_utf8(text.bytes).ok()?.parse::<IpAddr>().ok();
        if (self.inside("inet_addr") || self.inside("inet_pton"))
            && let Some(address) = spelled()
        {
            self.push(Value::Ip(address));
        }
        let mut bytes = Vec::with_capacity(text.bytes.len() + 1);
        if std::mem::take(&mut self.hidden) {
            bytes.push(b'@');
        }
        bytes.extend_from_slice(text.bytes);
        self.push(Value::Text { bytes, more: text.more });
    }

    fn fd(&mut self, fd: i32) {
        self.push(Value::Fd(fd));
    }

    fn cwd(&mut self) {
        self.push(Value::Cwd);
    }

    fn open(&mut self, group: Group) {
        self.open.push(group);
        if group == Group::Struct {
            self.members.push("");
        }
    }

    fn field(&mut self, name: &'static str) {
        self.hidden = false;
        self.member(name);
    }

    fn close(&mut self, group: Group) {
        self.open.pop();
        if group == Group::Struct {
            self.members.pop();
        }
    }

    fn word(&mut self, text: Arguments<'_>) {
        let word = text.to_string();
        match self.open.last() {
            Some(Group::Call(_) | Group::Members { negated: true }) => {}
            Some(Group::Members { negated: false }) => {
                let name = signal::number(&word).and_then(|number| Some((signal::name(number)?, number)));
                if let Some((name, number)) = name {
                    self.push(Value::Named(name.to_owned(), number.into()));
                }
            }
            _ if word == "@" => self.hidden = true,
            _ => match wrapped(&word) {
                Some(number) => self.push(Value::Number(number)),
                None => self.push(Value::Text { bytes: word.into_bytes(), more: false }),
            },
        }
    }
}
