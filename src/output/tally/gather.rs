//! What tallies and audits want of a call's arguments: paths, socket addresses, lengths. A [`Render`] that keeps those and
//! formats nothing.

use syscall_tables::model::{Shape, Signature};
use syscall_tables::set::Base;

use crate::decode::render::{Render, Text, ignored};

/// Most addresses and messages of a call that are kept; the kernel takes 1,024 messages at once.
const MOST: usize = 1024;
/// `sizeof(struct sockaddr_storage)`.
const ADDRESS: usize = 128;

/// A path argument.
#[derive(Debug, Clone, Copy)]
struct PathArg {
    start: usize,
    end: usize,
    /// The directory descriptor before it; AT_FDCWD (-100) where there is none.
    dir: i32,
}

/// What was found in a call's arguments. Its buffers are reused from call to call.
#[derive(Debug, Default)]
pub struct Gathered {
    bytes: Vec<u8>,
    paths: Vec<PathArg>,
    /// First string of an argument vector.
    first: Option<(usize, usize)>,
    /// The first socket address.
    address: Vec<u8>,
    /// Bytes of each message of a vector of messages, by the lengths of its buffers or as the kernel wrote them.
    messages: Vec<u64>,
    /// The number that getsockopt wrote.
    value: Option<u64>,
    shapes: Shapes,
    dir: i32,
    field: &'static str,
}

/// What the argument that is being decoded is.
#[derive(Debug, Clone, Copy, Default)]
struct Shapes {
    signature: Option<&'static Signature>,
    path: bool,
    strings: bool,
    option: bool,
}

impl Gathered {
    /// Forgets the call before; what follows is of a call with `signature`.
    pub fn begin(&mut self, signature: Option<&'static Signature>) {
        self.bytes.clear();
        self.paths.clear();
        self.first = None;
        self.address.clear();
        self.messages.clear();
        self.value = None;
        self.shapes = Shapes { signature, ..Shapes::default() };
        self.dir = -100;
        self.field = "";
    }

    /// The path arguments, each with the directory descriptor that it is relative to.
    pub fn paths(&self) -> impl Iterator<Item = (&[u8], i32)> {
        self.paths.iter().map(|path| (&self.bytes[path.start..path.end], path.dir))
    }

    /// The first string of an argument vector.
    pub fn first_string(&self) -> Option<&[u8]> {
        self.first.map(|(start, end)| &self.bytes[start..end])
    }

    /// The first socket address, as the kernel has it.
    pub fn address(&self) -> Option<&[u8]> {
        (!self.address.is_empty()).then_some(&self.address[..])
    }

    /// Sizes in bytes of the first `count` messages together.
    pub fn message_bytes(&self, count: usize) -> u64 {
        self.messages.iter().take(count).fold(0, |sum, size| sum.saturating_add(*size))
    }

    /// The number that a socket option holds.
    pub fn option_value(&self) -> Option<u64> {
        self.value
    }

    fn keep(&mut self, bytes: &[u8]) -> (usize, usize) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        (start, self.bytes.len())
    }
}

impl Render for Gathered {
    ignored!(label pause set mode address open item close more becomes comment note word);

    fn arg(&mut self, index: usize, _name: &'static str) {
        let Some(signature) = self.shapes.signature else { return };
        let shape = signature.args.get(index).map(|arg| arg.kind.shape);
        self.shapes.path = matches!(shape, Some(Shape::Path));
        self.shapes.strings = matches!(shape, Some(Shape::Strings));
        self.shapes.option = matches!(shape, Some(Shape::Custom(syscall_tables::model::Custom::SockOpt(_))));
        if !matches!(shape, Some(Shape::Path)) {
            self.dir = -100;
        }
    }
    fn number(&mut self, value: u64, _signed: bool, _base: Base, _bytes: u8) {
        if self.shapes.option {
            self.value.get_or_insert(value);
        }
        let Some(message) = self.messages.last_mut() else { return };
        match self.field {
            "iov_len" => *message = message.saturating_add(value),
            "msg_len" => *message = value,
            _ => {}
        }
    }
    fn named(&mut self, _name: &str, value: u64, _base: Base) {
        if self.shapes.option {
            self.value.get_or_insert(value);
        }
    }
    fn text(&mut self, text: Text<'_>) {
        if self.shapes.path {
            let (start, end) = self.keep(text.bytes);
            self.paths.push(PathArg { start, end, dir: self.dir });
        } else if self.shapes.strings && self.first.is_none() {
            self.first = Some(self.keep(text.bytes));
        }
    }
    fn fd(&mut self, fd: i32) {
        self.dir = fd;
    }
    fn cwd(&mut self) {
        self.dir = -100;
    }
    fn sockaddr(&mut self, bytes: &[u8]) {
        if self.address.is_empty() {
            self.address.extend_from_slice(&bytes[..bytes.len().min(ADDRESS)]);
        }
    }
    fn field(&mut self, name: &'static str) {
        self.field = name;
        if name == "msg_hdr" && self.messages.len() < MOST {
            self.messages.push(0);
        }
    }
}
