//! Calls that were never made: registers, memory and results as a test wants them.

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;
use trace::decode::render::Quiet;
use trace::decode::{self, Options};
use trace::event::ring::Operation;
use trace::event::{Call, FdNote, Outcome, Stamp, Tid};
use trace::memory::Memory;

/// Memory in pieces.
#[derive(Clone, Default)]
pub struct Pieces(pub Vec<(u64, Vec<u8>)>);

impl Memory for Pieces {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        let piece = self.0.iter().find(|(at, bytes)| addr >= *at && addr < at + bytes.len() as u64);
        let Some((at, bytes)) = piece else { return 0 };
        let from = &bytes[(addr - at) as usize..];
        let count = from.len().min(buf.len());
        buf[..count].copy_from_slice(&from[..count]);
        count
    }
}

/// Where [`memory`] has things.
pub const PATH: u64 = 0x1000;
pub const RELATIVE: u64 = 0x2000;
pub const INET: u64 = 0x3000;
pub const INET6: u64 = 0x3100;
pub const UNIX: u64 = 0x3200;
pub const ABSTRACT: u64 = 0x3300;
pub const ARGV: u64 = 0x4000;
pub const PAIR: u64 = 0x5000;
pub const SOCKETCALL: u64 = 0x6000;

/// Paths, socket addresses, an argv, a pair of descriptors, the arguments of an i386 connect.
pub fn memory() -> Pieces {
    let mut inet = vec![2, 0, 0x01, 0xbb, 10, 1, 2, 3];
    inet.resize(16, 0);
    let mut inet6 = vec![10, 0, 0, 53, 0, 0, 0, 0];
    inet6.extend([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0]);
    let argv: Vec<u8> = [ARGV + 0x100, ARGV + 0x104, 0].iter().flat_map(|p: &u64| p.to_le_bytes()).collect();
    let connect: Vec<u8> = [3u32, INET as u32, 16].iter().flat_map(|word| word.to_le_bytes()).collect();
    Pieces(vec![
        (PATH, b"/etc/passwd\0".to_vec()),
        (RELATIVE, b"./passwd\0".to_vec()),
        (INET, inet),
        (INET6, inet6),
        (UNIX, b"\x01\0/run/log\0".to_vec()),
        (ABSTRACT, b"\x01\0\0bus".to_vec()),
        (ARGV, argv),
        (ARGV + 0x100, b"cat\0-n\0".to_vec()),
        (PAIR, [5u32, 6].iter().flat_map(|word| word.to_le_bytes()).collect()),
        (SOCKETCALL, connect),
    ])
}

/// A call by number, captured as the engine does; `result` is its raw return value, a negative errno for an error.
pub fn numbered(abi: Abi, nr: u64, args: [u64; 6], result: Option<i64>) -> Call {
    captured(abi, nr, args, result).0
}

/// The same with the descriptors that decoding saw.
pub fn captured(abi: Abi, nr: u64, args: [u64; 6], result: Option<i64>) -> (Call, Vec<i32>) {
    let mut quiet = Quiet::default();
    let mut call = Call::new(Tid(7));
    (call.regs.abi, call.regs.nr, call.regs.args) = (abi, nr, args);
    call.signature = signatures::lookup(abi, nr);
    decode::demultiplex(&mut call, memory());
    call.entered = Stamp { wall_ns: 0, mono_ns: 1_000 };
    let options = Options { string_limit: 4096, ..Options::default() };
    decode::touch_entry(&mut call, memory(), &options, &mut quiet);
    if let Some(value) = result {
        call.outcome = Some(Outcome { value, failed: (-4095..0).contains(&value) });
        call.left = Stamp { wall_ns: 0, mono_ns: 5_001_000 };
        decode::touch_exit(&mut call, memory(), &options, &mut quiet);
    }
    (call, quiet.fds)
}

/// An operation of io_uring, captured as the engine does, as the call that it is, with the descriptors that decoding saw.
pub fn operation(abi: Abi, sqe: [u8; 64], result: Option<i32>) -> (Call, Vec<i32>) {
    let mut quiet = Quiet::default();
    let at = Stamp { wall_ns: 0, mono_ns: 1_000 };
    let mut operation = Operation::new(sqe, Tid(7), abi, at);
    let options = Options { string_limit: 4096, ..Options::default() };
    decode::ring::touch_submission(&mut operation, memory(), &options, &mut quiet);
    let Some(result) = result else { return (operation.call, quiet.fds) };
    let (before, at) = (operation.call.before.clone(), Stamp { wall_ns: 0, mono_ns: 5_001_000 });
    let mut operation = operation.completed(before, Vec::new(), result, at);
    decode::ring::touch_completion(&mut operation, memory(), &options, &mut quiet);
    (operation.call, quiet.fds)
}

/// A call of x86_64 by name.
pub fn named(name: &str, args: [u64; 6], result: Option<i64>) -> Call {
    numbered(Abi::X86_64, numbers::number(Abi::X86_64, name).unwrap(), args, result)
}

/// The same with a descriptor open on something.
pub fn open_on(mut call: Call, fd: i32, target: &str) -> Call {
    call.fds.push(FdNote { fd, target: target.as_bytes().into(), deleted: false, late: false, detail: None });
    call
}
