//! Any call with any registers, on both ABIs, over any memory: `cargo +nightly fuzz run decode`. It must not panic, and no
//! byte of the tracee may reach the terminal unescaped.
//!
//! The first bytes choose the ABI, the number, the styles, the result and the registers, whether the second argument is a
//! command of ioctl, and whether the first is a netlink socket; the rest is memory, which is repeated in every page up to
//! an offset.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use syscall_tables::abi::Abi;
use syscall_tables::{ioctl, signatures};
use trace::decode::{self, Options, render::Quiet};
use trace::event::descriptor::{Detail, Ends, FdNote, Socket};
use trace::event::{Call, Outcome, Regs, Tid};
use trace::memory::Memory;
use trace::output::text::render::{Constants, Spelling, TextRender};

/// Bytes before those of the memory.
const HEAD: usize = 64;
/// Reads that succeed: noise would make vectors without an end.
const READS: u32 = 500;

/// Memory in which every page is the same and can be read up to an offset.
#[derive(Clone)]
struct Pages<'a> {
    bytes: &'a [u8],
    end: u64,
    left: u32,
}

impl Memory for Pages<'_> {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return 0;
        }
        let room = self.end.saturating_sub(addr & 0xfff) as usize;
        let count = buf.len().min(room);
        for (index, byte) in buf[..count].iter_mut().enumerate() {
            *byte = self.bytes[(addr as usize).wrapping_add(index) % self.bytes.len()];
        }
        count
    }
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// What is known of a netlink socket.
fn socket(fd: i32, protocol: u8) -> FdNote {
    let ends = Ends::Netlink { protocol, port: 7 };
    let socket = Socket { protocol: "NETLINK".into(), inode: 1, ends, families: None };
    let target: &[u8] = b"socket:[1]";
    FdNote {
        fd,
        target: target.into(),
        deleted: false,
        late: false,
        detail: Some(Arc::new(Detail::Socket(socket))),
    }
}

fuzz_target!(|input: &[u8]| {
    if input.len() <= HEAD {
        return;
    }
    let (head, bytes) = input.split_at(HEAD);
    let abi = if head[0] & 1 == 0 { Abi::X86_64 } else { Abi::I386 };
    let constants = [Constants::Abbrev, Constants::Raw, Constants::Verbose][usize::from(head[0] >> 1) % 3];
    let options = Options {
        string_limit: usize::from(head[1]),
        abbreviate: head[0] & 0x40 == 0,
        raw: head[0] & 0x80 != 0,
        dereference: head[6] & 2 == 0,
    };
    let nr = u64::from(head[2]) | u64::from(head[3] & 1) << 8;
    let end = 16 * u64::from(head[4]).min(256);
    let value = i64::from(head[5] as i8) * if head[6] & 1 == 0 { 1 } else { 1 << 20 };
    let outcome = Outcome { value, failed: (-4095..0).contains(&value) };
    let mut args = [0; 6];
    for (index, arg) in args.iter_mut().enumerate() {
        *arg = word(head, 8 + 8 * index);
    }
    if head[7] & 1 != 0 {
        let commands = ioctl::TABLES.iter().copied().flatten();
        let at = args[1] as usize % commands.clone().count();
        args[1] = commands.clone().nth(at).map_or(0, |row| u64::from(row.0));
    }
    let memory = Pages { bytes, end, left: READS };
    let mut call = Call::new(Tid(1));
    call.regs = Regs { abi, nr, args, ip: 0, sp: word(head, 56), resumes: None };
    call.signature = signatures::lookup(abi, nr);
    if head[7] & 2 != 0 {
        call.fds.push(socket(args[0] as i32, head[7] >> 3));
    }
    decode::demultiplex(&mut call, memory.clone());
    decode::touch_entry(&mut call, memory.clone(), &options, &mut Quiet::default());
    let spelling = Spelling { constants, ..Spelling::default() };
    let mut line = Vec::new();
    decode::entry(&call, &options, &mut TextRender::new(&mut line, &spelling, &call, false, false));
    call.outcome = Some(outcome);
    decode::touch_exit(&mut call, memory, &options, &mut Quiet::default());
    let mut render = TextRender::new(&mut line, &spelling, &call, true, true);
    decode::exit(&call, &options, &mut render);
    decode::result(&call, &options, &mut render);
    assert!(line.iter().all(|byte| (b' '..=b'~').contains(byte)), "{}", String::from_utf8_lossy(&line));
});
