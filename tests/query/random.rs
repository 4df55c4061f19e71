//! Random expressions and calls that have something to do with each other; the same for the same seed.

use syscall_tables::abi::{Abi, numbers};

use crate::calls;

/// xorshift64*.
pub struct Random(pub u64);

const NAMES: &[&str] = &[
    "read",
    "write",
    "openat",
    "open",
    "close",
    "connect",
    "mmap",
    "fcntl",
    "kill",
    "pipe2",
    "poll",
    "sendmsg",
    "lseek",
    "getpid",
    "socketcall",
    "ipc",
    "pread64",
    "ftruncate",
    "dup2",
    "execve",
    "ioctl",
    "mmap2",
    "_llseek",
    "clone",
    "socket",
    "getrandom",
    "fadvise64",
    "truncate64",
    "accept4",
    "setitimer",
    "prlimit64",
    "openat2",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "5",
    "64",
    "100",
    "0x40",
    "0x7fffffff",
    "0x80000000",
    "0xffffffff",
    "0x100000000",
    "0xffffffffffffffff",
];

const SIGNED: &[&str] = &["-1", "-100", "-2147483648", "0", "3", "0x7fffffff", "0xffffffff", "0x1000"];

const ARGS: &[&str] = &[
    "arg.fd",
    "arg.flags",
    "arg.count",
    "arg.offset",
    "arg.sig",
    "arg.whence",
    "arg.mode",
    "arg.pid",
    "arg.len",
    "arg.prot",
    "arg.addr",
    "arg.dirfd",
    "arg.cmd",
    "arg.arg",
    "arg.length",
    "arg.oldfd",
    "arg.domain",
    "arg.type",
];

/// Tests that stand for themselves.
const FIXED: &[&str] = &[
    "arg.flags has O_CREAT",
    "arg.flags has O_CREAT|O_EXCL",
    "arg.flags has O_RDONLY",
    "arg.flags == O_RDONLY|O_CLOEXEC",
    "arg.flags != O_WRONLY",
    "arg.flags has MAP_PRIVATE",
    "arg.flags has 0",
    "arg.prot has PROT_READ|PROT_WRITE",
    "arg.prot in (PROT_NONE, PROT_READ)",
    "arg.whence == SEEK_CUR",
    "arg.whence has SEEK_END",
    "arg.sig == SIGKILL",
    "arg.sig != SIGKILL",
    "arg.sig in (SIGHUP, SIGINT)",
    "arg.dirfd == AT_FDCWD",
    "arg.dirfd != AT_FDCWD",
    "arg.fd == AT_FDCWD",
    "arg.type has SOCK_STREAM",
    "arg.domain == AF_INET",
    "arg.addr == NULL",
    "arg.addr.sin_port == 443",
    "arg.pathname ~ \"passwd\"",
    "arg.pathname != \"x\"",
    "arg.buf has \"etc\"",
    "arg.argv == \"-n\"",
    "path ~ \"^/etc\"",
    "path != \"/etc\"",
    "peer.port == 443",
    "peer.port != 1",
    "peer.addr == \"10.0.0.0/8\"",
    "peer.path ~ \"run\"",
    "failed",
    "succeeded",
    "unfinished",
    "errno == ENOENT",
    "bytes > 0",
    "dur > 1ms",
    "comm == cat",
    "comm != cat",
    "depth == 1",
    "abi == x86_64",
    "abi != i386",
    "class == file",
    "class != desc",
    "class in (network, memory)",
    "name ~ \"^(open|sock)\"",
    "name !~ \"^(open|sock)\"",
    "name != socketcall",
    "name == renameat",
    "name == \"io_uring:openat\"",
    "io_uring",
];

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 11) % end as u64) as usize
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// An expression with at most `depth` levels.
    pub fn expression(&mut self, depth: u32) -> String {
        if depth == 0 || self.below(4) == 0 {
            return self.test();
        }
        let (one, two) = (self.expression(depth - 1), self.expression(depth - 1));
        match self.below(5) {
            0 | 1 => format!("({one}) and ({two})"),
            2 | 3 => format!("({one}) or ({two})"),
            _ => format!("not ({one})"),
        }
    }

    fn test(&mut self) -> String {
        let op = self.of(&["==", "!=", "<", "<=", ">", ">="]);
        match self.below(8) {
            0 => format!("name {} {}", self.of(&["==", "!="]), self.of(NAMES)),
            1 => format!("arg{} {op} {}", self.below(6), self.of(NUMBERS)),
            2 => format!("fd {op} {}", self.of(SIGNED)),
            3 => format!("{} has {}", self.of(ARGS), self.of(NUMBERS)),
            4 => format!(
                "{} {}in ({}, {})",
                self.of(ARGS),
                self.of(&["", "not "]),
                self.of(NUMBERS),
                self.of(SIGNED)
            ),
            5 => format!("{} {op} {}", self.of(ARGS), self.of(SIGNED)),
            6 => format!("{} {op} {}", self.of(&["nr", "ret", "bytes", "tid", "pid"]), self.of(SIGNED)),
            _ => self.of(FIXED).to_owned(),
        }
    }

    fn register(&mut self) -> u64 {
        match self.below(8) {
            0 => self.next(),
            1 => self.of(&[calls::PATH, calls::RELATIVE, calls::INET, calls::UNIX, calls::ARGV, calls::PAIR]),
            2 => calls::SOCKETCALL,
            3 => self.of(&[0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0003, u64::MAX, 0xffff_ff9c]),
            4 => 1 << self.below(64),
            _ => self.of(&[0, 1, 2, 3, 5, 9, 16, 64, 100, 0o301, 0o2_000_000]),
        }
    }

    /// ABI, submission entry and result of an operation of io_uring.
    pub fn operation(&mut self) -> (Abi, [u8; 64], Option<i32>) {
        let mut sqe = [0; 64];
        for at in (0..64).step_by(8) {
            sqe[at..at + 8].copy_from_slice(&self.register().to_le_bytes());
        }
        let descriptor: i32 = self.of(&[3, 5, -100, 0x7fff_ffff]);
        sqe[4..8].copy_from_slice(&descriptor.to_le_bytes());
        sqe[0] = if self.below(8) == 0 { self.next() as u8 } else { self.below(63) as u8 };
        sqe[1] = self.of(&[0, 0, 0, 1, 4]);
        let result = self.of(&[None, Some(0), Some(3), Some(64), Some(-2), Some(-22)]);
        (self.of(&[Abi::X86_64, Abi::I386]), sqe, result)
    }

    /// ABI, number, registers and result of a call.
    pub fn call(&mut self) -> (Abi, u64, [u64; 6], Option<i64>) {
        let abi = self.of(&[Abi::X86_64, Abi::I386]);
        let name = self.of(NAMES);
        let nr = match self.below(3) {
            0 => self.below(480) as u64,
            _ => numbers::number(abi, name).unwrap_or(999),
        };
        let mut args = std::array::from_fn(|_| self.register());
        if abi == Abi::I386 {
            args.iter_mut().for_each(|arg| *arg &= 0xffff_ffff);
        }
        let result = self.of(&[None, Some(0), Some(3), Some(64), Some(-2), Some(-22), Some(8)]);
        (abi, nr, args, result)
    }
}
