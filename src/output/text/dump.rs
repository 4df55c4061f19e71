//! The data of calls on chosen descriptors in full, as bytes and characters (`-e read=`, `-e write=` of strace(1)).

use std::io::Write;

use syscall_tables::abi::Abi;

use crate::event::{Call, Snapshot};
use crate::output::choice::Fds;

/// Bytes in a row.
const ROW_BYTES: usize = 16;
/// Most buffers of a vector, UIO_MAXIOV.
const MOST_BUFFERS: u64 = 1024;

/// Which data is dumped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dumps {
    /// Of descriptors that are read from.
    pub read: Fds,
    /// Of descriptors that are written to.
    pub write: Fds,
}

impl Dumps {
    /// Whether any data is.
    pub fn any(&self) -> bool {
        !self.read.is_empty() || !self.write.is_empty()
    }
}

/// Where the data of a call is.
#[derive(Debug, Clone, Copy)]
enum Data {
    /// Argument 1 points to as many bytes as the call returned.
    Buffer,
    /// Argument 1 points to vectors, argument 2 counts them.
    Vectors,
    /// Argument 1 points to a message.
    Message,
    /// Argument 1 points to messages, of which the call returned the number.
    Messages,
}

/// Calls that carry data: whether they read, and where the data is.
const CALLS: &[(&str, bool, Data)] = &[
    ("read", true, Data::Buffer),
    ("pread64", true, Data::Buffer),
    ("recv", true, Data::Buffer),
    ("recvfrom", true, Data::Buffer),
    ("readv", true, Data::Vectors),
    ("preadv", true, Data::Vectors),
    ("preadv2", true, Data::Vectors),
    ("recvmsg", true, Data::Message),
    ("recvmmsg", true, Data::Messages),
    ("recvmmsg_time64", true, Data::Messages),
    ("write", false, Data::Buffer),
    ("pwrite64", false, Data::Buffer),
    ("send", false, Data::Buffer),
    ("sendto", false, Data::Buffer),
    ("writev", false, Data::Vectors),
    ("pwritev", false, Data::Vectors),
    ("pwritev2", false, Data::Vectors),
    ("vmsplice", false, Data::Vectors),
    ("sendmsg", false, Data::Message),
    ("sendmmsg", false, Data::Messages),
];

/// Appends the data of `call`, if it is wanted.
pub(super) fn write(out: &mut Vec<u8>, call: &Call, dumps: &Dumps) {
    let Some(signature) = call.signature.filter(|_| dumps.any()) else { return };
    let Some((_, reads, data)) = CALLS.iter().find(|row| row.0 == signature.name) else { return };
    let fds = if *reads { &dumps.read } else { &dumps.write };
    let Some(outcome) = call.outcome.filter(|outcome| !outcome.failed && outcome.value > 0) else { return };
    if !fds.has(call.regs.args[0] as i32) {
        return;
    }
    let dump = Dump { call, late: *reads };
    let (addr, returned) = (call.regs.args[1], outcome.value as u64);
    match data {
        Data::Buffer => dump.buffer(out, addr, returned),
        Data::Vectors => dump.vectors(out, addr, call.regs.args[2], returned),
        Data::Message => dump.message(out, addr, returned),
        Data::Messages => {
            for index in 0..returned.min(MOST_BUFFERS) {
                dump.numbered(out, addr, index);
            }
        }
    }
}

struct Dump<'a> {
    call: &'a Call,
    /// The data is there when the call has returned.
    late: bool,
}

impl Dump<'_> {
    fn word_bytes(&self) -> u64 {
        if self.call.regs.abi == Abi::I386 { 4 } else { 8 }
    }

    fn recall(&self, addr: u64, buf: &mut [u8]) -> bool {
        let known = |memory: &Snapshot, buf: &mut [u8]| memory.recall(addr, buf) == Some(buf.len());
        let (first, second) = if self.late {
            (&self.call.after, &self.call.before)
        } else {
            (&self.call.before, &self.call.after)
        };
        known(first, buf) || known(second, buf)
    }

    fn word(&self, addr: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        let size = self.word_bytes() as usize;
        self.recall(addr, &mut bytes[..size]).then(|| u64::from_le_bytes(bytes))
    }

    fn buffer(&self, out: &mut Vec<u8>, addr: u64, len: u64) {
        let mut data = vec![0; usize::try_from(len).unwrap_or(0).min(1 << 20)];
        if self.recall(addr, &mut data) {
            rows(out, &data);
        }
    }

    /// Each buffer under a line that says how much of `left` bytes is in it.
    fn vectors(&self, out: &mut Vec<u8>, addr: u64, count: u64, mut left: u64) {
        let word = self.word_bytes();
        for index in 0..count.min(MOST_BUFFERS) {
            let at = addr.wrapping_add(index * 2 * word);
            let (Some(base), Some(len)) = (self.word(at), self.word(at.wrapping_add(word))) else { return };
            let here = len.min(left);
            if here == 0 {
                return;
            }
            left -= here;
            writeln!(out, " * {here} bytes in buffer {index}").ok();
            self.buffer(out, base, here);
        }
    }

    /// Where the vectors of a `struct msghdr` are, and how many: behind msg_name and msg_namelen, a word each.
    fn vectors_of(&self, addr: u64) -> Option<(u64, u64)> {
        let word = self.word_bytes();
        Some((self.word(addr.wrapping_add(2 * word))?, self.word(addr.wrapping_add(3 * word))?))
    }

    fn message(&self, out: &mut Vec<u8>, addr: u64, left: u64) {
        if let Some((vectors, count)) = self.vectors_of(addr) {
            self.vectors(out, vectors, count, left);
        }
    }

    /// The `struct mmsghdr` of a position: a message of seven words and the number of its bytes.
    fn numbered(&self, out: &mut Vec<u8>, addr: u64, index: u64) {
        let word = self.word_bytes();
        let at = addr.wrapping_add(index * 8 * word);
        let (Some((vectors, count)), Some(len)) = (self.vectors_of(at), self.word(at.wrapping_add(7 * word)))
        else {
            return;
        };
        writeln!(out, " = {count} buffers in vector {index}").ok();
        self.vectors(out, vectors, count, len & 0xffff_ffff);
    }
}

fn rows(out: &mut Vec<u8>, data: &[u8]) {
    for (index, row) in data.chunks(ROW_BYTES).enumerate() {
        write!(out, " | {:05x} ", index * ROW_BYTES).ok();
        for at in 0..ROW_BYTES {
            if at == ROW_BYTES / 2 {
                out.push(b' ');
            }
            match row.get(at) {
                Some(byte) => drop(write!(out, " {byte:02x}")),
                None => out.extend_from_slice(b"   "),
            }
        }
        out.extend_from_slice(b"  ");
        for at in 0..ROW_BYTES {
            out.push(match row.get(at) {
                Some(byte @ b' '..=b'~') => *byte,
                Some(_) => b'.',
                None => b' ',
            });
        }
        out.extend_from_slice(b" |\n");
    }
}
