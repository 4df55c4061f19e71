//! Types of sockets, lengths of addresses, I/O vectors: socket(2), accept(2), readv(2).

use syscall_tables::model::{Custom, Dir, Len, Shape};
use syscall_tables::set::Base;
use syscall_tables::sets;

use super::Decoder;
use super::interpret::{Frame, load};
use super::netlink::Speaks;
use super::render::{Group, Render};
use crate::memory::Memory;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The type of a socket with flags: flags go on behind a type that has a name.
    pub(super) fn socket_type(&mut self, raw: u64) {
        let kind = raw & 15;
        let rest = raw & !15;
        if rest == 0 || sets::net::SOCK_TYPE.name_of(self.abi, kind).is_none() {
            return self.render.set(&sets::net::SOCK, raw, self.abi);
        }
        self.render.whole(&sets::net::SOCK, raw);
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(&sets::net::SOCK_TYPE, kind, self.abi);
        self.render.item();
        self.render.set(&sets::net::SOCK_FLAGS, rest, self.abi);
        self.render.close(Group::Or);
    }

    /// The length of an address or of an option, behind a pointer: as it was at entry. An address that is NULL has none.
    fn socklen_before(&mut self, addr: u64) -> Option<u64> {
        let signature = self.signature?;
        let place =
            signature.args.iter().position(|arg| matches!(arg.kind.shape, Shape::Custom(Custom::SockLen)));
        let buffer = place.and_then(|place| place.checked_sub(1))?;
        if matches!(signature.args[buffer].kind.shape, Shape::Sockaddr(..)) && self.args[buffer] == 0 {
            return None;
        }
        let mut old = [0u8; 4];
        (addr != 0 && self.before.read(addr, &mut old) == 4).then(|| load(&old))
    }

    pub(super) fn socklen(&mut self, addr: u64) {
        match self.socklen_before(addr) {
            None => self.render.address(addr),
            Some(len) => {
                self.render.open(Group::Target);
                self.render.item();
                self.render.number(i64::from(len as u32 as i32) as u64, true, Base::Dec, 4);
            }
        }
    }

    pub(super) fn socklen_after(&mut self, addr: u64) {
        let Some(old) = self.socklen_before(addr) else { return };
        let new = self.number_at(addr, 4);
        if let Some(new) = new.filter(|&new| self.succeeded() && new != old) {
            self.render.becomes();
            self.render.number(i64::from(new as u32 as i32) as u64, true, Base::Dec, 4);
        }
        self.render.close(Group::Target);
    }

    /// The length of an address that the kernel wrote: no more than there was room for.
    pub(super) fn written_length(&mut self, len: Len, frame: Option<Frame<'_>>) -> u64 {
        let Len::At(pointer) = len else { return self.length(len, frame) };
        let addr = self.sibling(pointer, frame);
        let mut room = [0u8; 4];
        if addr == 0 || self.before.read(addr, &mut room) < 4 {
            return 0;
        }
        self.length(len, frame).min(load(&room))
    }

    /// I/O vectors whose buffers hold `budget` bytes at most.
    pub(super) fn iovec(&mut self, addr: u64, count: u64, budget: u64, dir: Dir) {
        self.iovec_of(None, addr, count, budget, dir);
    }

    /// The same, of whose buffers each begins with a message where the socket speaks netlink.
    pub(super) fn iovec_of(&mut self, speaks: Option<Speaks>, addr: u64, count: u64, budget: u64, dir: Dir) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut left = budget;
        let follow = dir == Dir::In || self.succeeded();
        self.elements(addr, count, 2 * word, |decoder, bytes, _| {
            let (base, len) = (load(&bytes[..word]), load(&bytes[word..]));
            let used = len.min(left);
            if budget != u64::MAX {
                left -= used;
            }
            decoder.render.open(Group::Struct);
            decoder.render.field("iov_base");
            match speaks {
                _ if !follow => decoder.render.address(base),
                Some(speaks) => decoder.messages(speaks, base, used),
                None => decoder.bytes(base, used),
            }
            decoder.render.field("iov_len");
            decoder.render.number(len, false, Base::Dec, word as u8);
            decoder.render.close(Group::Struct);
        });
    }
}
