//! The decoder against random registers and random memory: it must not panic, whatever it reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/noise.rs"]
mod noise;

use noise::{Noise, register};
use proptest::prelude::*;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::signatures;
use trace::decode::{self, Options, render::Quiet, ring};
use trace::event::ring::{Completion, Operation, Traffic};
use trace::event::{Call, Outcome, Regs, Stamp, Tid};
use trace::output::choice::{self, Results, Signals};
use trace::output::text::render::{Constants, Spelling, TextRender};
use trace::output::text::time::Times;
use trace::output::text::{Format, rings};

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

fn format(string_limit: usize) -> Format {
    Format {
        spelling: Spelling { constants: Constants::Verbose, ..Spelling::default() },
        options: Options { string_limit, abbreviate: true, raw: false, dereference: true },
        column: 40,
        times: Times::default(),
        ip: false,
        number: false,
        quiet: choice::Quiet::times(3),
        results: Results::ALL,
        signals: Signals::ALL,
        manner: None,
        dumps: Default::default(),
        stacks: trace::output::text::stack::Detail::None,
        rings: true,
    }
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
        let options = Options { string_limit, abbreviate, raw: false, dereference: true };
        let outcome = Outcome { value, failed: (-4095..0).contains(&value) };
        for abi in [Abi::X86_64, Abi::I386] {
            for (nr, _) in numbers::names(abi) {
                let line = show(abi, nr, args, outcome, Noise { bytes: &bytes, end, left: 500 }, options);
                // No byte of the tracee reaches the terminal unescaped.
                prop_assert!(line.iter().all(|b| (b' '..=b'~').contains(b)), "{}", String::from_utf8_lossy(&line));
            }
        }
    }

    #[test]
    fn random_operations_of_io_uring(
        half in prop::array::uniform32(any::<u8>()),
        words in prop::array::uniform4(register()),
        bytes in prop::collection::vec(any::<u8>(), 1..400),
        end in prop_oneof![Just(0u64), Just(0x1000), 0..0x1000u64],
        result in prop_oneof![-4096..70_000i32, any::<i32>()],
        (flags, extra) in any::<(u32, [u64; 2])>(),
        string_limit in 0..100usize,
    ) {
        let format = format(string_limit);
        let mut sqe = [0u8; 64];
        sqe[..32].copy_from_slice(&half);
        sqe[32..].copy_from_slice(&half);
        for (at, word) in [8, 16, 24, 48].into_iter().zip(words) {
            sqe[at..at + 8].copy_from_slice(&word.to_le_bytes());
        }
        for (opcode, abi) in (0..=255).flat_map(|opcode| [(opcode, Abi::X86_64), (opcode, Abi::I386)]) {
            sqe[0] = opcode;
            let noise = Noise { bytes: &bytes, end, left: 500 };
            let new = || Operation::new(sqe, Tid(1), abi, Stamp::default());
            let mut submitted = new();
            ring::touch_submission(&mut submitted, noise.clone(), &format.options, &mut Quiet::default());
            let before = submitted.call.before.clone();
            let mut operation = new().completed(before, Vec::new(), result, Stamp::default());
            ring::touch_completion(&mut operation, noise, &format.options, &mut Quiet::default());
            let user_data = operation.user_data();
            let operation = Some(Box::new(operation));
            let completion = Completion { user_data, result, flags, extra: Some(extra), operation };
            let traffic =
                Traffic { submitted: vec![submitted], completed: vec![completion], ..Traffic::default() };
            let mut line = Vec::new();
            rings::write(&mut line, &traffic, format.look());
            let printable = |byte: &u8| *byte == b'\n' || (b' '..=b'~').contains(byte);
            prop_assert!(line.iter().all(printable), "{}", String::from_utf8_lossy(&line));
            prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 2);
        }
    }
}
