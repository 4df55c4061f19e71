//! The files that a call names: its path arguments, in full where it is known what they are relative to.

use std::fmt::Arguments;

use syscall_tables::abi::Abi;
use syscall_tables::model::Shape;
use syscall_tables::set::{Base, Set};

use crate::decode::render::{Group, Render, Text};
use crate::decode::{self, Options};
use crate::event::Call;
use crate::output::tally::files;

/// AT_FDCWD.
const CWD: i32 = -100;

/// Paths of one call after another. Its buffers are reused.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// In the order of the arguments.
    pub paths: Vec<Vec<u8>>,
}

impl Targets {
    /// Takes the paths of a call.
    pub fn take(&mut self, call: &Call, options: &Options) {
        self.paths.clear();
        let mut gather = Gather { call, paths: &mut self.paths, dir: CWD, path: false };
        decode::call(call, options, &mut gather);
    }
}

struct Gather<'a> {
    call: &'a Call,
    paths: &'a mut Vec<Vec<u8>>,
    /// The directory's descriptor that stands before the argument.
    dir: i32,
    path: bool,
}

impl Render for Gather<'_> {
    fn arg(&mut self, index: usize, _name: &'static str) {
        let signature = self.call.signature;
        let shape = signature.and_then(|signature| signature.args.get(index)).map(|arg| arg.kind.shape);
        self.path = matches!(shape, Some(Shape::Path));
        if !self.path {
            self.dir = CWD;
        }
    }
    fn label(&mut self, _name: &'static str) {}
    fn pause(&mut self, _more: bool) {}
    fn number(&mut self, _value: u64, _signed: bool, _base: Base, _bytes: u8) {}
    fn set(&mut self, _set: &'static Set, _value: u64, _abi: Abi) {}
    fn named(&mut self, _name: &str, _value: u64, _base: Base) {}
    fn mode(&mut self, _kind: Option<&'static str>, _mode: u64) {}
    fn address(&mut self, _addr: u64) {}
    fn text(&mut self, text: Text<'_>) {
        if !self.path {
            return;
        }
        let dir = self.call.fd_note(self.dir, false).map(|note| &note.target[..]);
        self.paths.push(files::resolve(text.bytes, dir));
    }
    fn fd(&mut self, fd: i32) {
        self.dir = fd;
    }
    fn cwd(&mut self) {
        self.dir = CWD;
    }
    fn open(&mut self, _group: Group) {}
    fn field(&mut self, _name: &'static str) {}
    fn item(&mut self) {}
    fn close(&mut self, _group: Group) {}
    fn more(&mut self) {}
    fn becomes(&mut self) {}
    fn comment(&mut self, _text: Arguments<'_>) {}
    fn note(&mut self, _text: Arguments<'_>) {}
    fn word(&mut self, _text: Arguments<'_>) {}
}
