//! The decoder against random arguments of every command of ioctl, which random registers rarely name: it must not panic,
//! and no byte of the tracee may reach the terminal unescaped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/noise.rs"]
mod noise;

use noise::{Noise, register};
use proptest::prelude::*;
use serde_json::Value;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::{ioctl, signatures};
use trace::decode::{self, Options, render::Quiet};
use trace::event::{Call, Outcome, Regs, Tid};
use trace::memory::Memory;
use trace::output::json::render::{JsonRender, Notes};
use trace::output::text::render::{Constants, Spelling, TextRender};

/// The descriptor that the calls are about.
const FD: u64 = 3;

const fn options(string_limit: usize, abbreviate: bool) -> Options {
    Options { string_limit, abbreviate, raw: false, dereference: true }
}

/// The text of a call, entry and exit, by the memory that was kept of it.
fn show<M: Memory + Clone>(call: &mut Call, outcome: Outcome, memory: M, options: Options) -> Vec<u8> {
    call.signature = signatures::lookup(call.regs.abi, call.regs.nr);
    decode::touch_entry(call, memory.clone(), &options, &mut Quiet::default());
    let mut line = Vec::new();
    let spelling = Spelling { constants: Constants::Verbose, ..Spelling::default() };
    decode::entry(call, &options, &mut TextRender::new(&mut line, &spelling, call, false, false));
    call.outcome = Some(outcome);
    decode::touch_exit(call, memory, &options, &mut Quiet::default());
    let mut render = TextRender::new(&mut line, &spelling, call, true, true);
    decode::exit(call, &options, &mut render);
    decode::result(call, &options, &mut render);
    line
}

/// The arguments of a call that was shown, as JSON, and how many values had no place in it.
fn json(call: &Call, options: &Options) -> (String, usize) {
    let (mut out, mut frames) = (vec![b'['], Vec::new());
    let mut render = JsonRender::arguments(&mut out, &mut frames, Notes::default());
    decode::call(call, options, &mut render);
    let lost = render.finish();
    out.push(b']');
    (String::from_utf8(out).unwrap(), lost)
}

fn call(abi: Abi, name: &str, args: [u64; 6]) -> Call {
    let mut call = Call::new(Tid(1));
    let nr = numbers::number(abi, name).unwrap();
    call.regs = Regs { abi, nr, args, ip: 0, sp: 0, resumes: None };
    call
}

fn printable(line: &[u8]) -> bool {
    line.iter().all(|byte| (b' '..=b'~').contains(byte))
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
                let mut call = call(abi, "ioctl", [FD, u64::from(*command), addr, 0, 0, 0]);
                let noise = Noise { bytes: &bytes, end, left: 500 };
                let options = options(string_limit, abbreviate);
                let line = show(&mut call, outcome, noise, options);
                prop_assert!(printable(&line), "{}", String::from_utf8_lossy(&line));
                let (arguments, lost) = json(&call, &options);
                prop_assert!(serde_json::from_str::<Value>(&arguments).is_ok() && lost == 0, "{lost}: {arguments}");
            }
        }
    }
}

#[test]
fn every_number_of_a_command_has_one_form() {
    let options = options(32, true);
    for (abi, size) in [(Abi::X86_64, 0), (Abi::X86_64, 8), (Abi::X86_64, 0x22b1), (Abi::I386, 4)] {
        for number in 0..1u64 << 18 {
            let (direction, kind) = (number >> 16 << 30, number & 0xffff);
            let call = call(abi, "ioctl", [FD, direction | size << 16 | kind, 8, 0, 0, 0]);
            let call = Call { signature: signatures::lookup(abi, call.regs.nr), ..call };
            let (arguments, lost) = json(&call, &options);
            assert!(lost == 0 && arguments.len() > 60, "{lost}: {arguments}");
        }
    }
}
