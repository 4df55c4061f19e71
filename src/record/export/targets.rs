//! The files that a call names: its path arguments, in full where it is known what they are relative to.

use syscall_tables::model::Shape;

use crate::decode::render::{Render, Text, ignored};
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
    ignored!(label pause number set named mode address open field item close more becomes comment note word);

    fn arg(&mut self, index: usize, _name: &'static str) {
        let signature = self.call.signature;
        let shape = signature.and_then(|signature| signature.args.get(index)).map(|arg| arg.kind.shape);
        self.path = matches!(shape, Some(Shape::Path));
        if !self.path {
            self.dir = CWD;
        }
    }
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
}
