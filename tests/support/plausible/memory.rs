//! What pointers point to where the tables leave it to code.

use syscall_tables::abi::Abi;
use syscall_tables::model::{Custom, Width};

use super::Maker;
use super::needs::{BUFFER, ELEMENTS};

/// A path.
pub const PATH: &[u8] = b"/usr/lib/x86_64-linux-gnu/libc.so.6\0";
/// A text.
pub const TEXT: &[u8] = b"en_GB.UTF-8\0";
/// A directory.
pub const DIRECTORY: &[u8] = b"/home/user/src\0";
/// Bytes of the directory entries.
pub const DIRENTS: u64 = 3 * 32;
/// Seconds since 1970.
const SECONDS: u64 = 1_700_000_000;

impl Maker {
    pub fn buffer(&mut self) -> u64 {
        self.image.put(&b"\x7fELF\x02\x01\x01\x03\0\0\0\0\0\0\0\0".repeat(BUFFER as usize / 16))
    }

    pub fn strings(&mut self) -> u64 {
        let words: Vec<u64> = ["make", "-j4", "HOME=/home/user", "LANG=en_GB.UTF-8"]
            .iter()
            .map(|text| self.image.put(format!("{text}\0").as_bytes()))
            .chain([0])
            .collect();
        self.image.words(&words)
    }

    pub fn iovec(&mut self) -> u64 {
        let buffers = [self.buffer(), self.buffer()];
        self.image.words(&[buffers[0], BUFFER, buffers[1], BUFFER])
    }

    pub fn sockaddr(&mut self) -> u64 {
        // AF_INET, port 443.
        self.image.put(&[2, 0, 1, 0xbb, 192, 0, 2, 80, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    fn msghdr(&mut self) -> [u64; 7] {
        let (name, iovec) = (self.sockaddr(), self.iovec());
        // SCM_RIGHTS with one descriptor.
        let control = match self.abi {
            Abi::I386 => self.image.ints(&[16, 1, 1, 5]),
            _ => self.image.ints(&[20, 0, 1, 1, 5, 0]),
        };
        let size = if self.abi == Abi::I386 { 16 } else { 24 };
        [name, 16, iovec, ELEMENTS, control, size, 0]
    }

    fn messages(&mut self) -> u64 {
        let (one, two) = (self.msghdr(), self.msghdr());
        let all: Vec<u64> = one.into_iter().chain([BUFFER]).chain(two).chain([BUFFER]).collect();
        self.image.words(&all)
    }

    /// Three records of 32 bytes: `old` ones have the type in their last byte.
    fn dirents(&mut self, old: bool) -> u64 {
        let word = if old { usize::from(self.model().word_bytes) } else { 8 };
        let mut bytes = Vec::new();
        for (inode, name) in [(2_u64, "."), (3, ".."), (4, "a.c")] {
            let mut record = vec![0; 32];
            record[..word].copy_from_slice(&inode.to_le_bytes()[..word]);
            record[word..2 * word].copy_from_slice(&(inode << 8).to_le_bytes()[..word]);
            record[2 * word] = 32;
            let at = if old { 2 * word + 2 } else { 2 * word + 3 };
            record[at..at + name.len()].copy_from_slice(name.as_bytes());
            record[if old { 31 } else { 2 * word + 2 }] = 4;
            bytes.extend(record);
        }
        self.image.put(&bytes)
    }

    /// SIGCHLD of a child that exited.
    fn siginfo(&mut self) -> u64 {
        let mut words = vec![17, 0, 1];
        words.extend((self.abi != Abi::I386).then_some(0));
        words.extend([4242, 1000, 3]);
        words.resize(32, 0);
        self.image.ints(&words)
    }

    /// Loads the architecture, compares and returns.
    fn filter(&mut self) -> u64 {
        self.image
            .put(&[0x20, 0, 0, 0, 4, 0, 0, 0, 0x15, 0, 0, 1, 0x3e, 0, 0, 0xc0, 6, 0, 0, 0, 0, 0, 0xff, 0x7f])
    }

    fn file_handle(&mut self) -> u64 {
        self.image.ints(&[8, 1, 0x0123_4567, 0x89ab_cdef])
    }

    fn sigaction(&mut self) -> u64 {
        let handler = self.image.room(16);
        // SA_RESTART, SA_RESTORER.
        self.image.words(&[handler, 0x1400_0000, handler, 0x4202, 0])
    }

    /// A value of a kind that code decodes.
    pub fn custom(&mut self, custom: Custom) -> u64 {
        match custom {
            Custom::PollFds(_) => self.image.ints(&[3, 0x1_0001, 4, 0x4_0005]),
            Custom::PselectMask => {
                let set = self.image.longs(&[0x4202]);
                self.image.words(&[set, 8])
            }
            Custom::Dirents => self.dirents(true),
            Custom::Dirents64 => self.dirents(false),
            Custom::SigInfo(_) | Custom::SigInfos => self.siginfo(),
            Custom::SigAction(_) => self.sigaction(),
            Custom::OldSigAction(_) => {
                let handler = self.image.room(16);
                self.image.ints(&[handler as u32, 0x4202, 0x1400_0000, handler as u32])
            }
            Custom::WaitStatus => self.image.ints(&[0x300]),
            Custom::MsgHdr(_) => {
                let header = self.msghdr();
                self.image.words(&header)
            }
            Custom::MmsgHdr(..) => self.messages(),
            Custom::SockOpt(_) => self.image.ints(&[1]),
            Custom::SockLen => self.image.ints(&[16]),
            // TCGETS.
            Custom::IoctlCommand => 0x5401,
            Custom::IoctlArg => {
                let addr = self.image.ints(&[0x500, 5, 0xbf, 0x8a3b]);
                self.image.put(b"\0\x03\x1c\x7f\x15\x04\0\x01\0\x11\x13\x1a\0\x12\x0f\x17\x16\0\0\0");
                addr
            }
            // FUTEX_WAIT_PRIVATE.
            Custom::FutexOp => 128,
            Custom::CloneArgs => {
                let stack = self.image.room(64);
                self.image.longs(&[0x3d_0f00, stack, stack, stack, 0, stack, 0x9000, stack, 0, 0, 0])
            }
            // CLONE_CHILD_CLEARTID, CLONE_CHILD_SETTID, SIGCHLD.
            Custom::CloneFlags => 0x0120_0011,
            Custom::UtimeSpecs(true) => self.image.longs(&[SECONDS, 5, SECONDS, 7]),
            Custom::UtimeSpecs(false) => self.image.words(&[SECONDS, 5, SECONDS, 7]),
            Custom::Date(_) | Custom::Seconds => SECONDS,
            Custom::Remaining(kind) | Custom::Reaped(kind) => match kind.shape {
                syscall_tables::model::Shape::Pointer(_, target) => self.pointer(target),
                syscall_tables::model::Shape::Custom(inner) => self.custom(inner),
                _ => self.pointer(kind),
            },
            Custom::Bpf => {
                let filter = self.filter();
                self.image.words(&[3, filter])
            }
            Custom::BpfOut => self.filter(),
            Custom::SigEvent => self.image.words(&[5, 10, 0, 0]),
            other => self.structs(other),
        }
    }

    fn structs(&mut self, custom: Custom) -> u64 {
        match custom {
            Custom::MsgBuf(..) => {
                let addr = self.image.words(&[1]);
                self.image.put(TEXT);
                self.image.room(64);
                addr
            }
            Custom::NodeMask(..) => self.image.longs(&[1, 0]),
            Custom::Residency(_) => self.image.put(&[1, 0]),
            Custom::CapHeader => self.image.ints(&[0x2008_0522, 0]),
            Custom::CapData(_) => self.image.ints(&[0x00a8_25fb, 0x00a8_25fb, 0, 0, 0, 0]),
            Custom::SchedAttr(..) => self.image.ints(&[56, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Custom::SyscallInfo(..) => {
                self.image.ints(&[1, 0xc000_003e, 0x1000, 0, 0x2000, 0, 1, 0, 3, 0, 5])
            }
            Custom::RegisterSet(..) => {
                let registers = self.image.room(216);
                self.image.words(&[registers, 216])
            }
            Custom::Ruleset(_) => self.image.longs(&[0x1fff, 3]),
            Custom::Groups(_, _, Width::W16) => self.image.put(&[4, 0, 24, 0]),
            Custom::Groups(..) => self.image.ints(&[4, 24]),
            Custom::KeyText(..) => self.image.put(b"user;1000;100;3f010000;name\0"),
            Custom::KeyCapabilities => self.image.put(&[0xff, 3]),
            Custom::Sized(_, strukt, ..) => self.strukt(strukt),
            Custom::OwnSize(strukt, _) => {
                let addr = self.strukt(strukt);
                let size = syscall_tables::layout::size_of(strukt, self.model()) as u32;
                self.image.write(addr, &size.to_le_bytes());
                addr
            }
            Custom::Capped(..) | Custom::HexBytes(..) | Custom::Blob(_) | Custom::Value64(..) => {
                self.buffer()
            }
            Custom::FileHandle(_) => self.file_handle(),
            Custom::Iocbs(_) => {
                let blocks = [self.iocb(), self.iocb()];
                self.image.words(&blocks)
            }
            Custom::Iocb => self.iocb(),
            Custom::StatMount(_) => self.image.ints(&[512; 128]),
            Custom::GotXattr(_) => {
                let buffer = self.buffer();
                self.image.longs(&[buffer, 16])
            }
            Custom::LsmContexts | Custom::LsmContext(_) => {
                let addr = self.image.longs(&[101, 0, 40, 8]);
                self.image.put(b"unconfi\0");
                addr
            }
            Custom::Few(kind, ..) => self.array(kind),
            Custom::Ldt(_) | Custom::UserDesc => self.image.ints(&[6, 0xf7d8_9500, 0xf_ffff, 0x51]),
            Custom::Name(..) | Custom::ShortText(..) => self.image.put(TEXT),
            Custom::FilterMetadata(_) => self.image.longs(&[0, 1]),
            Custom::CpuSet(..) => self.image.longs(&[3]),
            Custom::PathOut => self.image.put(DIRECTORY),
            Custom::MountId(..) | Custom::RobustList => self.image.room(64),
            Custom::OldDirent => self.image.ints(&[2, 256, 0x632e_0003, 0]),
            Custom::BpfAttributes(..) => {
                self.image.ints(&[1, 4, 8, 1024, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            }
            Custom::Handler | Custom::Address64 | Custom::Opaque | Custom::OldMmap => self.image.room(64),
            _ => 1,
        }
    }

    /// IOCB_CMD_PREAD.
    fn iocb(&mut self) -> u64 {
        let buffer = self.buffer();
        self.image.longs(&[7, 0, 3 << 32, buffer, BUFFER, 4096, 0, 0])
    }
}
