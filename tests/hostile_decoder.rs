//! The decoder against random registers and random memory: it must not panic, whatever it reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/noise.rs"]
mod noise;

use noise::{Noise, register};
use proptest::prelude::*;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;
use trace::decode::{self, Options, render::Quiet};
use trace::event::{Call, Outcome, Regs, Tid};
use trace::output::text::render::{Constants, Spelling, TextRender};

fn show(abi: Abi, nr: u64, args: [u64; 6], outcome: Outcome, noise: Noise<'_>, options: Options) -> Vec<u8> {
    let mut call = Call::new(Tid(1));
    call.regs = Regs { abi, nr, args, ip: 0, sp: 0, resumes: None };
    call.signature = signatures::lookup(abi, nr);
    decode::demultiplex(&mut call, noise.clone());
    decode::touch_entry(&mut call, noise.clone(), &options, &mut Quiet::default());
    let mut line = Vec::new();
    let spelling = Spelling { constants: Constants::Verbose, ..Spelling::default() };
    decode::entry(&call, &options, &mut TextRender::new(&mut line, &spelling, &call, false, false));
    call.outcome = Some(outcome);
    decode::touch_exit(&mut call, noise, &options, &mut Quiet::default());
    let mut render = TextRender::new(&mut line, &spelling, &call, true, true);
    decode::exit(&call, &options, &mut render);
    decode::result(&call, &options, &mut render);
    line
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_registers_and_memory(
        args in prop::array::uniform6(register()),
        bytes in prop::collection::vec(any::<u8>(), 1..400),
        end in prop_oneof![Just(0u64), Just(0x1000), 0..0x1000u64],
        value in prop_oneof![-4096..70_000i64, any::<i64>()],
        abbreviate in any::<bool>(),
        string_limit in 0..100usize,
    ) {
        let options = Options { string_limit, abbreviate, raw: false };
        let outcome = Outcome { value, failed: (-4095..0).contains(&value) };
        for abi in [Abi::X86_64, Abi::I386] {
            for (nr, _) in numbers::names(abi) {
                let line = show(abi, nr, args, outcome, Noise { bytes: &bytes, end, left: 500 }, options);
                // No byte of the tracee reaches the terminal unescaped.
                prop_assert!(line.iter().all(|b| (b' '..=b'~').contains(b)), "{}", String::from_utf8_lossy(&line));
            }
        }
    }
}
