//! What a call moves: the messages in its arguments, with their addresses. A [`Render`] that keeps those.

use syscall_tables::model::{Shape, Signature};
use syscall_tables::set::Base;

use crate::decode::render::{Group, Render, Text, ignored};

/// Most messages of a call: the kernel takes so many at once (UIO_MAXIOV).
const MOST: usize = 1024;
/// `sizeof(struct sockaddr_storage)`.
const ADDRESS: usize = 128;

/// One message, or the bytes of a stream.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// What it begins with.
    pub bytes: Vec<u8>,
    /// The socket address that it goes to or comes from; empty without one.
    pub address: Vec<u8>,
    /// Its length, where the call tells it by message.
    pub length: Option<u64>,
    /// The room of its buffers.
    room: u64,
    /// Nothing that follows in memory follows in the message.
    cut: bool,
}

impl Message {
    /// Its length: what the kernel says, else that of its buffers.
    pub fn size(&self) -> u64 {
        self.length.unwrap_or(self.room)
    }
}

/// What was found in a call.
#[derive(Debug, Default)]
pub(super) struct Messages {
    /// In order.
    pub list: Vec<Message>,
    /// Descriptors that go with them.
    pub fds: Vec<i32>,
    signature: Option<&'static Signature>,
    /// The argument is a buffer.
    buffer: bool,
    depth: u32,
    field: &'static str,
}

impl Messages {
    /// Forgets the call before; what follows is of a call with `signature`.
    pub fn begin(&mut self, signature: Option<&'static Signature>) {
        *self = Self { signature, ..Self::default() };
    }

    /// The first socket address.
    pub fn address(&self) -> Option<&[u8]> {
        self.list.first().map(|message| &message.address[..]).filter(|address| !address.is_empty())
    }

    fn last(&mut self) -> &mut Message {
        if self.list.is_empty() {
            self.list.push(Message::default());
        }
        let at = self.list.len() - 1;
        &mut self.list[at]
    }
}

impl Render for Messages {
    ignored!(label pause set named mode address cwd item more becomes comment note word);

    fn arg(&mut self, index: usize, _name: &'static str) {
        let shape = self.signature.and_then(|signature| signature.args.get(index)).map(|arg| arg.kind.shape);
        self.buffer = matches!(shape, Some(Shape::Bytes(..)));
        self.depth = 0;
        self.field = "";
    }
    fn number(&mut self, value: u64, _signed: bool, _base: Base, _bytes: u8) {
        match self.field {
            "iov_len" => {
                let message = self.last();
                message.room = message.room.saturating_add(value);
            }
            "msg_len" => self.last().length = Some(value),
            _ => {}
        }
    }
    fn text(&mut self, text: Text<'_>) {
        if self.buffer && self.depth == 0 || self.field == "iov_base" {
            let message = self.last();
            if !message.cut {
                message.bytes.extend_from_slice(text.bytes);
                message.cut = text.more;
            }
        }
    }
    fn fd(&mut self, fd: i32) {
        if self.depth > 0 && self.fds.len() < MOST {
            self.fds.push(fd);
        }
    }
    fn sockaddr(&mut self, bytes: &[u8]) {
        let message = self.last();
        message.address.clear();
        message.address.extend_from_slice(&bytes[..bytes.len().min(ADDRESS)]);
    }
    fn open(&mut self, _group: Group) {
        self.depth += 1;
    }
    fn field(&mut self, name: &'static str) {
        self.field = name;
        if name == "msg_hdr" && self.list.len() < MOST {
            self.list.push(Message::default());
        }
    }
    fn close(&mut self, _group: Group) {
        self.depth = self.depth.saturating_sub(1);
    }
}
