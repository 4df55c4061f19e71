//! The decoder against random payloads of calls that carry formats of their own: every command of ioctl, and messages of
//! every protocol of netlink. It must not panic, end, and let no byte of the tracee reach the terminal unescaped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/noise.rs"]
mod noise;

use std::sync::Arc;

use noise::{Noise, register};
use proptest::prelude::*;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::{ioctl, netlink, signatures};
use trace::decode::{self, Options, render::Quiet};
use trace::event::descriptor::{Detail, Ends, FdNote, Socket};
use trace::event::{Call, Outcome, Regs, Tid};
use trace::memory::Memory;
use trace::output::text::render::{Constants, Spelling, TextRender};

/// The descriptor that the calls are about.
const FD: u64 = 3;
/// Where messages lie; behind them nothing can be read.
const BUFFER: u64 = 0x10_0000;

const fn options(string_limit: usize, abbreviate: bool) -> Options {
    Options { string_limit, abbreviate, raw: false, dereference: true }
}

/// The text of a call, entry and exit, by the memory that was kept of it.
fn show<M: Memory + Clone>(mut call: Call, outcome: Outcome, memory: M, options: Options) -> Vec<u8> {
    call.signature = signatures::lookup(call.regs.abi, call.regs.nr);
    decode::touch_entry(&mut call, memory.clone(), &options, &mut Quiet::default());
    let mut line = Vec::new();
    let spelling = Spelling { constants: Constants::Verbose, ..Spelling::default() };
    decode::entry(&call, &options, &mut TextRender::new(&mut line, &spelling, &call, false, false));
    call.outcome = Some(outcome);
    decode::touch_exit(&mut call, memory, &options, &mut Quiet::default());
    let mut render = TextRender::new(&mut line, &spelling, &call, true, true);
    decode::exit(&call, &options, &mut render);
    decode::result(&call, &options, &mut render);
    line
}

fn call(abi: Abi, name: &str, args: [u64; 6]) -> Call {
    let mut call = Call::new(Tid(1));
    let nr = numbers::number(abi, name).unwrap();
    call.regs = Regs { abi, nr, args, ip: 0, sp: 0, resumes: None };
    call
}

/// What is known of a socket of this protocol.
fn socket(protocol: u8) -> FdNote {
    let ends = Ends::Netlink { protocol, port: 7 };
    let socket = Socket { protocol: "NETLINK".into(), inode: 1, ends, families: None };
    let target: &[u8] = b"socket:[1]";
    let detail = Some(Arc::new(Detail::Socket(socket)));
    FdNote { fd: FD as i32, target: target.into(), deleted: false, late: false, detail }
}

fn printable(line: &[u8]) -> bool {
    line.iter().all(|byte| (b' '..=b'~').contains(byte))
}

/// Bytes at [`BUFFER`] and nothing else.
#[derive(Clone)]
struct Buffer<'a>(&'a [u8]);

impl Memory for Buffer<'_> {
    fn read(&mut self, addr: u64, buf: &mut [u8]) -> usize {
        let Some(rest) = addr.checked_sub(BUFFER).and_then(|at| self.0.get(at as usize..)) else { return 0 };
        let count = buf.len().min(rest.len());
        buf[..count].copy_from_slice(&rest[..count]);
        count
    }
}

/// An attribute with its length, type and padding; now and then the length is wrong.
fn attribute() -> impl Strategy<Value = Vec<u8>> {
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..48),
        prop::collection::vec((0..24u16, prop::collection::vec(any::<u8>(), 0..20)), 0..4).prop_map(
            |inner| { inner.into_iter().flat_map(|(kind, body)| attribute_of(kind, &body, 0)).collect() }
        ),
    ];
    let flags = prop_oneof![9 => Just(0u16), 1 => Just(0x8000), 1 => Just(0x4000)];
    let wrong = prop_oneof![9 => Just(0i16), 1 => -8..64i16];
    (0..140u16, flags, body, wrong)
        .prop_map(|(kind, flags, body, wrong)| attribute_of(kind | flags, &body, wrong))
}

fn attribute_of(kind: u16, body: &[u8], wrong: i16) -> Vec<u8> {
    let length = (body.len() as u16 + 4).wrapping_add_signed(wrong);
    let mut bytes = [length.to_le_bytes(), kind.to_le_bytes()].concat();
    bytes.extend_from_slice(body);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A message with a header of its type of any size, and attributes.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![4 => 0..0x80u16, 1 => 0..0x1000u16, 1 => any::<u16>()];
    let head = prop::collection::vec(prop_oneof![0..20u8, any::<u8>()], 0..80);
    let wrong = prop_oneof![9 => Just(0i32), 1 => -20..400i32];
    (kind, any::<u16>(), head, prop::collection::vec(attribute(), 0..5), wrong).prop_map(
        |(kind, flags, head, attributes, wrong)| {
            let mut body = head;
            body.resize(body.len().next_multiple_of(4), 0);
            body.extend(attributes.concat());
            let length = (body.len() as u32 + 16).wrapping_add_signed(wrong);
            let mut bytes = length.to_le_bytes().to_vec();
            bytes.extend_from_slice(&kind.to_le_bytes());
            bytes.extend_from_slice(&flags.to_le_bytes());
            bytes.extend_from_slice(&[1, 0, 0, 0, 2, 0, 0, 0]);
            bytes.extend(body);
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_command_of_ioctl(
        addr in register(),
        bytes in prop::collection::vec(prop_oneof![0..9u8, any::<u8>()], 1..400),
        end in prop_oneof![Just(0u64), Just(0x1000), 0..0x1000u64],
        value in prop_oneof![-4096..70_000i64, any::<i64>()],
        abbreviate in any::<bool>(),
        string_limit in 0..100usize,
    ) {
        let outcome = Outcome { value, failed: (-4095..0).contains(&value) };
        for abi in [Abi::X86_64, Abi::I386] {
            for (command, _) in ioctl::TABLES.iter().copied().flatten() {
                let call = call(abi, "ioctl", [FD, u64::from(*command), addr, 0, 0, 0]);
                let noise = Noise { bytes: &bytes, end, left: 500 };
                let line = show(call, outcome, noise, options(string_limit, abbreviate));
                prop_assert!(printable(&line), "{}", String::from_utf8_lossy(&line));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_of_netlink(
        messages in prop::collection::vec(message(), 1..4),
        missing in prop_oneof![Just(0usize), 0..200usize],
        abbreviate in any::<bool>(),
        string_limit in 0..100usize,
    ) {
        let all = messages.concat();
        let length = all.len() as u64;
        let memory = Buffer(&all[..all.len().saturating_sub(missing)]);
        for abi in [Abi::X86_64, Abi::I386] {
            // Protocols without a family, too.
            for protocol in 0..=netlink::FAMILIES.iter().map(|family| family.protocol).max().unwrap() + 1 {
                for name in ["sendto", "recvfrom"] {
                    let mut call = call(abi, name, [FD, BUFFER, length, 0, 0, 0]);
                    call.fds.push(socket(protocol));
                    let outcome = Outcome { value: length as i64, failed: false };
                    let line = show(call, outcome, memory.clone(), options(string_limit, abbreviate));
                    prop_assert!(printable(&line), "{}", String::from_utf8_lossy(&line));
                    prop_assert!(line.len() < 200 * all.len() + 1000, "{} bytes of {length}", line.len());
                }
            }
        }
    }
}

/// What is drawn at random reaches the tables: attributes of links and of unknown types are decoded.
#[test]
fn a_message_is_decoded() {
    let mut bytes = vec![0x28, 0, 0, 0, 16, 0, 5, 6, 1, 0, 0, 0, 2, 0, 0, 0];
    bytes.resize(32, 0);
    bytes.extend(attribute_of(3, b"lo\0", 0));
    let mut call = call(Abi::X86_64, "sendto", [FD, BUFFER, bytes.len() as u64, 0, 0, 0]);
    call.fds.push(socket(0));
    let outcome = Outcome { value: 40, failed: false };
    let line = show(call, outcome, Buffer(&bytes), options(32, true));
    let line = String::from_utf8(line).unwrap();
    assert!(line.contains(r#"[{nla_len=7, nla_type=0x3 /* IFLA_IFNAME */}, "lo"]"#), "{line}");
}
