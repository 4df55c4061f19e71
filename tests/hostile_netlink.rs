//! Messages of netlink that nobody means: trees of attributes of any type, true and false lengths, memory that ends. No
//! family of messages panics, shows a byte of the program unescaped, or loses a value on the way to JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/noise.rs"]
mod noise;

use std::sync::Arc;

use noise::Noise;
use proptest::prelude::*;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::netlink::FAMILIES;
use syscall_tables::signatures;
use trace::decode::{self, Options, render::Quiet};
use trace::event::descriptor::{Detail, Ends, Socket};
use trace::event::{Call, FdNote, Outcome, Regs, Tid};
use trace::output::json::render::{JsonRender, Notes};
use trace::output::text::render::{Constants, Spelling, TextRender};

/// Where the message stands: at the begin of what [`Noise`] repeats.
fn address(bytes: &[u8], room: u64) -> u64 {
    let end = 0x10_1000 - room.min(0x800);
    end - end % bytes.len() as u64
}

/// A list of attributes, each with a length that may be off by some, and padded as it says.
fn attributes() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![0..70u16, 0..6u16, any::<u16>()];
    let off = prop_oneof![9 => Just(0i16), 1 => -9..9i16];
    let payload = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        prop::collection::vec(prop_oneof![0..4u8, b'a'..=b'z'], 0..40),
        prop_oneof![Just(b"bridge\0".to_vec()), Just(b"tun\0".to_vec()), Just(b"can\0".to_vec())],
    ];
    payload.prop_recursive(4, 40, 5, move |inner| {
        prop::collection::vec((kind.clone(), off.clone(), inner), 0..5).prop_map(|list| {
            let mut bytes = Vec::new();
            for (kind, off, payload) in list {
                let length = (payload.len() as u16 + 4).wrapping_add_signed(off);
                bytes.extend_from_slice(&length.to_le_bytes());
                bytes.extend_from_slice(&kind.to_le_bytes());
                bytes.extend_from_slice(&payload);
                bytes.resize(bytes.len().next_multiple_of(4), 0);
            }
            bytes
        })
    })
}

fn call(abi: Abi, protocol: u8, args: [u64; 6], noise: &Noise<'_>, options: &Options) -> Call {
    let mut call = Call::new(Tid(7));
    let nr = numbers::number(abi, "sendto").unwrap();
    call.regs = Regs { abi, nr, args, ip: 0, sp: 0, resumes: None };
    call.signature = signatures::lookup(abi, nr);
    let ends = Ends::Netlink { protocol, port: 7 };
    let socket = Socket { protocol: "NETLINK".to_owned(), inode: 9, ends, families: None };
    let detail = Some(Arc::new(Detail::Socket(socket)));
    call.fds = vec![FdNote { fd: 3, target: b"socket:[9]"[..].into(), deleted: false, late: false, detail }];
    decode::touch_entry(&mut call, noise.clone(), options, &mut Quiet::default());
    call.outcome = Some(Outcome { value: 0, failed: false });
    call
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_of_every_family(
        (family, message) in (0..FAMILIES.len(), any::<prop::sample::Index>()),
        head in prop::collection::vec(prop_oneof![0..12u8, any::<u8>()], 0..44),
        tree in attributes(),
        (flags, off, more, room) in (any::<u16>(), prop_oneof![8 => Just(0i32), 1 => -20..20], 0..30u64, prop_oneof![Just(0x800), 0..200u64]),
        (abbreviate, string_limit) in (any::<bool>(), 0..50usize),
    ) {
        let family = FAMILIES[family];
        let kinds: Vec<u16> = family.messages.iter().flat_map(|list| list.iter()).flat_map(|row| row.types).copied().collect();
        let kind = if kinds.is_empty() { message.index(200) as u16 } else { kinds[message.index(kinds.len())] };
        let mut bytes = vec![0; 16];
        bytes.extend_from_slice(&head);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend_from_slice(&tree);
        let length = (bytes.len() as u32).wrapping_add_signed(off);
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        bytes[4..6].copy_from_slice(&kind.to_le_bytes());
        bytes[6..8].copy_from_slice(&flags.to_le_bytes());
        let options = Options { string_limit, abbreviate, raw: false, dereference: true };
        let noise = Noise { bytes: &bytes, end: 0x1000, left: 500 };
        let args = [3, address(&bytes, room), bytes.len() as u64 + more, 0, 0, 0];
        for abi in [Abi::X86_64, Abi::I386] {
            let call = call(abi, family.protocol, args, &noise, &options);
            for constants in [Constants::Abbrev, Constants::Raw, Constants::Verbose] {
                let spelling = Spelling { constants, ..Spelling::default() };
                let mut line = Vec::new();
                decode::call(&call, &options, &mut TextRender::new(&mut line, &spelling, &call, true, true));
                prop_assert!(line.iter().all(|b| (b' '..=b'~').contains(b)), "{}", String::from_utf8_lossy(&line));
            }
            let (mut out, mut frames) = (Vec::new(), Vec::new());
            let mut render = JsonRender::arguments(&mut out, &mut frames, Notes::default());
            decode::call(&call, &options, &mut render);
            prop_assert_eq!(render.finish(), 0, "{}", String::from_utf8_lossy(&out));
        }
    }
}
