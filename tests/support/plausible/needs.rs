//! What the arguments of a call, or the members of a struct, say of each other: lengths, counts and commands.

use syscall_tables::layout;
use syscall_tables::model::{Custom, Dir, Kind, Len, Scope, Shape, Sibling};

use super::Maker;

/// Bytes of a buffer: more than is shown.
pub const BUFFER: u64 = 64;
/// Elements of an array.
pub const ELEMENTS: u64 = 2;
/// Bytes of the socket address.
pub const SOCKADDR: u64 = 16;

/// Values that siblings have to have, and what the call has to return.
#[derive(Default)]
pub struct Needs {
    pub siblings: Vec<(Sibling, u64)>,
    pub returned: Option<u64>,
}

impl Needs {
    /// The value that a sibling has to have.
    pub fn of(&self, sibling: Sibling) -> Option<u64> {
        self.siblings.iter().find(|(other, _)| *other == sibling).map(|(_, value)| *value)
    }

    fn sibling(&mut self, sibling: Sibling, value: u64) {
        self.siblings.push((sibling, value));
    }

    fn length(&mut self, len: Len, value: u64) {
        match len {
            Len::Of(sibling) => self.sibling(sibling, value),
            Len::Ret => self.returned = Some(value),
            Len::RetUpTo(sibling) => {
                self.returned = Some(value);
                self.sibling(sibling, value);
            }
            Len::Fixed(_) | Len::At(_) | Len::LongAt(_) | Len::Field(..) => {}
        }
    }

    /// Adds what `kind` needs of others.
    pub fn add(&mut self, kind: &Kind, maker: &Maker) {
        match kind.shape {
            Shape::Bytes(_, len) => self.length(len, BUFFER),
            Shape::Array(_, _, len) => self.length(len, ELEMENTS),
            Shape::SigSet(_, len) => self.length(len, 8),
            Shape::FdSet(count) => self.sibling(count, 8),
            Shape::Iovec(_, count, bytes) => {
                self.length(count, ELEMENTS);
                self.length(bytes, ELEMENTS * BUFFER);
            }
            Shape::Sockaddr(_, len) => self.length(len, SOCKADDR),
            Shape::By(sibling, cases, _) | Shape::ByMasked(sibling, _, cases, _) => {
                if let Some((value, kind)) = cases.first() {
                    self.sibling(sibling, *value);
                    self.add(kind, maker);
                }
            }
            Shape::Custom(custom) => self.custom(custom, maker),
            _ => {}
        }
    }

    fn custom(&mut self, custom: Custom, maker: &Maker) {
        match custom {
            Custom::PollFds(count) | Custom::Iocbs(count) => self.sibling(count, ELEMENTS),
            Custom::MmsgHdr(_, count) => {
                self.sibling(count, ELEMENTS);
                self.returned = Some(ELEMENTS);
            }
            Custom::MsgHdr(_) => self.returned = Some(BUFFER),
            // SOL_SOCKET and SO_REUSEADDR, whatever was found for them, and the size of an int.
            Custom::SockOpt(dir) => {
                let of = |(index, value)| (argument(index), value);
                self.siblings.splice(..0, [(1, 1), (2, 2)].map(of));
                self.siblings.extend((dir == Dir::In).then(|| of((4, 4))));
            }
            Custom::CloneArgs => self.sibling(argument(1), 88),
            Custom::Few(_, count, _) => self.sibling(count, ELEMENTS),
            Custom::MsgBuf(_, len) | Custom::HexBytes(_, len) | Custom::Capped(_, len, ..) => {
                self.length(len, BUFFER);
            }
            Custom::Value64(len, _) => self.length(len, BUFFER),
            Custom::Groups(_, len, _) => self.length(len, ELEMENTS),
            Custom::CpuSet(_, len) => self.length(len, 8),
            Custom::NodeMask(_, bits) => self.sibling(bits, 65),
            Custom::Residency(length) => self.sibling(length, 2 * 4096),
            Custom::SchedAttr(_, Some(size)) => self.sibling(size, 56),
            Custom::SyscallInfo(_, size) => self.sibling(size, 88),
            Custom::RegisterSet(_, kind) => self.sibling(kind, 1),
            Custom::Ruleset(size) => self.sibling(size, 16),
            Custom::Sized(_, strukt, size, _) => {
                self.sibling(size, layout::size_of(strukt, maker.model()) as u64);
            }
            Custom::KeyText(size, _) | Custom::StatMount(size) => self.sibling(size, 512),
            Custom::GotXattr(size) | Custom::Ldt(size) | Custom::FilterMetadata(size) => {
                self.sibling(size, 16)
            }
            Custom::LsmContext(size) => self.sibling(size, 40),
            Custom::Blob(size) => self.sibling(size, 32),
            Custom::BpfAttributes(command, size) => {
                self.sibling(command, 0);
                self.sibling(size, 72);
            }
            Custom::Dirents | Custom::Dirents64 => self.returned = Some(super::memory::DIRENTS),
            Custom::PathOut => self.returned = Some(super::memory::DIRECTORY.len() as u64),
            Custom::BpfOut | Custom::SigInfos | Custom::LsmContexts | Custom::PollReturn => {
                self.returned = Some(1);
            }
            _ => {}
        }
    }
}

/// An argument of the call.
fn argument(index: u8) -> Sibling {
    Sibling { scope: Scope::Arg, index }
}
