//! Unwinding against damaged files, random rules and random memory: it must not panic, and must end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::sync::Arc;

use proptest::prelude::*;
use support::{Build, TempDir, compile};
use trace::memory::Memory;
use trace::stack::image::Bytes;
use trace::stack::maps::Maps;
use trace::stack::modules::Module;
use trace::stack::registers::{Machine, Registers};
use trace::stack::tables::{Cfa, Row, Rule, Section, Tables};
use trace::stack::unwind::{Step, by_frame_pointer, by_rules};
use trace::stack::window::Window;

/// Memory in which every word is some other address, near or wild.
#[derive(Clone, Copy)]
struct Noise(u64);

impl Memory for Noise {
    fn read(&mut self, address: u64, buf: &mut [u8]) -> usize {
        for (at, byte) in buf.iter_mut().enumerate() {
            let mixed = (address.wrapping_add(at as u64) >> 3).wrapping_mul(self.0 | 1);
            *byte = (mixed >> (8 * (at % 8))) as u8;
        }
        buf.len() - (address as usize & buf.len().min(1))
    }
}

fn program() -> &'static [u8] {
    static PROGRAM: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    PROGRAM.get_or_init(|| {
        let dir = TempDir::new("hostile-stack");
        compile(&dir, "stacks", Build::Native).map_or_else(Vec::new, |path| fs::read(path).unwrap())
    })
}

/// Looks up addresses all over a file, and walks from each.
fn exercise(bytes: Vec<u8>, noise: u64) -> usize {
    let size = bytes.len() as u64;
    let Some(mut module) = Module::new(Bytes::Memory(bytes.into())) else { return 0 };
    let mut known = 0;
    for offset in (0..size).step_by(97) {
        let returning = offset % 2 == 1;
        let Some(entry) = module.entry(offset, returning, true).cloned() else { continue };
        known += usize::from(entry.place.symbol.is_some());
        let mut memory = Window::new(Noise(noise), noise, None, Vec::new());
        let mut registers = Registers::unknown(Machine::X86_64);
        for number in 0..17 {
            registers.set(number, Some(noise.rotate_left(u32::from(number))));
        }
        for _ in 0..16 {
            let step = match &entry.row {
                Some(row) => by_rules(&registers, row, &mut memory),
                None => by_frame_pointer(&registers, &mut memory),
            };
            let Step::Caller(caller) = step else { break };
            registers = caller;
        }
    }
    known
}

#[test]
fn a_file_as_it_is() {
    if !program().is_empty() {
        assert!(exercise(program().to_vec(), 12345) > 10);
    }
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Undefined),
        Just(Rule::Same),
        any::<i64>().prop_map(Rule::At),
        any::<i64>().prop_map(Rule::Is),
        any::<u16>().prop_map(Rule::Register),
        any::<u64>().prop_map(Rule::Constant),
        proptest::collection::vec(any::<u8>(), 0..24).prop_map(|code| Rule::AtExpression(code.into())),
        proptest::collection::vec(any::<u8>(), 0..24).prop_map(|code| Rule::IsExpression(code.into())),
    ]
}

fn cfa() -> impl Strategy<Value = Cfa> {
    prop_oneof![
        (0..20u16, any::<i64>()).prop_map(|(register, offset)| Cfa::Register(register, offset)),
        proptest::collection::vec(any::<u8>(), 0..24).prop_map(|code| Cfa::Expression(code.into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..200),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
        noise in any::<u64>(),
    ) {
        let mut bytes = program().to_vec();
        prop_assume!(!bytes.is_empty());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        exercise(bytes, noise);
    }

    #[test]
    fn damaged_tables(
        bytes in proptest::collection::vec(prop_oneof![Just(0u8), any::<u8>(), Just(0xff)], 0..300),
        header in proptest::collection::vec(any::<u8>(), 0..64),
        form in any::<bool>(),
        address in prop_oneof![any::<u64>(), 0..4096u64],
        word_bytes in prop_oneof![Just(4u8), Just(8u8)],
    ) {
        let mut header = header;
        if form && header.len() >= 4 {
            header[..4].copy_from_slice(&[1, 0x1b, 3, 0x3b]);
        }
        let section = |bytes: &[u8], address| Some(Section { address, bytes: Arc::from(bytes) });
        let mut tables = Tables::new(
            section(&bytes, 0x1000), section(&header, 0x800), section(&bytes, 0), 0x2000, word_bytes,
        );
        for address in [address, 0, u64::MAX, 0x1000] {
            tables.row(address);
        }
    }

    #[test]
    fn random_rules(
        cfa in cfa(),
        rules in proptest::collection::vec((0..20u16, rule()), 0..6),
        return_register in 0..20u16,
        signal in any::<bool>(),
        machine in prop_oneof![Just(Machine::X86_64), Just(Machine::I386)],
        values in proptest::collection::vec(proptest::option::of(any::<u64>()), 17),
        noise in any::<u64>(),
    ) {
        let word_bytes = machine.word_bytes() as u8;
        let row = Row { cfa, rules: rules.into(), return_register, signal, word_bytes };
        let mut registers = Registers::unknown(machine);
        for (number, value) in values.into_iter().enumerate() {
            registers.set(number as u16, value);
        }
        for _ in 0..64 {
            let Step::Caller(caller) = by_rules(&registers, &row, &mut Noise(noise)) else { break };
            prop_assert!(signal || caller.sp() >= registers.sp());
            registers = caller;
        }
        by_frame_pointer(&registers, &mut Noise(noise));
    }

    #[test]
    fn random_maps(text in "[0-9a-f]{1,18}-[0-9a-f]{1,18} [r-][w-][x-][ps] [0-9a-f]{1,9} [0-9a-f:]{1,8} [0-9]{1,22} .{0,20}\n{0,2}") {
        let maps = Maps::parse(text.as_bytes());
        for address in [0, 1 << 40, u64::MAX] {
            maps.find(address);
            maps.data_end(address);
            maps.overlaps(address, address);
        }
    }
}
