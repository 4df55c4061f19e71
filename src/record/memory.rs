//! Memory of a call in a frame: where the stretches are, apart from what they hold.
//!
//! A stretch lies at an argument, or so far from the end of the one before it, the first from the stack pointer.

use super::format::Malformed;
use super::wire::{Wire, put, put_step};
use crate::event::{Regs, Snapshot};

/// How an address is written that is no argument.
const BY_STEP: u64 = 6;
/// Bits of the word that tells the size of a stretch, below it: less could be read; it is a string.
const SHORT: u64 = 1;
const TEXT: u64 = 2;
/// Most bytes of one side of a call.
const MOST_BYTES: usize = 64 << 20;

/// Writes where the stretches of a snapshot are; their bytes are those of the snapshot.
pub(super) fn write(layout: &mut Vec<u8>, snapshot: &Snapshot, args: &[u64; 6], sp: u64) {
    layout.clear();
    put(layout, snapshot.stretches() as u64);
    let mut end = sp;
    for part in snapshot.parts() {
        match args.iter().position(|arg| *arg == part.addr) {
            Some(index) => layout.push(index as u8),
            None => {
                put(layout, BY_STEP);
                put_step(layout, end, part.addr);
            }
        }
        let bit = |holds: bool, bit: u64| if holds { bit } else { 0 };
        let short = part.data.len() != part.want as usize;
        put(layout, u64::from(part.want) << 2 | bit(short, SHORT) | bit(part.text, TEXT));
        if short {
            put(layout, part.data.len() as u64);
        }
        end = part.addr.wrapping_add(u64::from(part.want));
    }
}

/// One stretch as it is written, but for its address.
struct Stretch {
    want: usize,
    got: usize,
    text: bool,
}

fn stretch(wire: &mut Wire<'_>) -> Result<Stretch, Malformed> {
    let word = wire.get()?;
    let want = u32::try_from(word >> 2).map_err(|_| Malformed("a stretch of memory is too long"))? as usize;
    let got = if word & SHORT == 0 { Some(want) } else { usize::try_from(wire.get()?).ok() };
    let got = got.filter(|got| *got <= want).ok_or(Malformed("more memory than was asked for"))?;
    Ok(Stretch { want, got, text: word & TEXT != 0 })
}

/// Reads over a layout.
pub(super) fn skip(wire: &mut Wire<'_>) -> Result<(), Malformed> {
    for _ in 0..wire.count()? {
        if wire.get()? == BY_STEP {
            wire.signed()?;
        }
        stretch(wire)?;
    }
    Ok(())
}

/// Fills `snapshot` by a layout and the bytes at `data`, which goes on behind them.
pub(super) fn read(
    layout: &[u8],
    data: &mut Wire<'_>,
    regs: &Regs,
    snapshot: &mut Snapshot,
) -> Result<(), Malformed> {
    snapshot.clear();
    if layout.is_empty() {
        return Ok(());
    }
    let mut wire = Wire::new(layout);
    let mut end = regs.sp;
    for _ in 0..wire.count()? {
        let addr = match wire.get()? {
            BY_STEP => wire.step(end)?,
            index => {
                let arg = usize::try_from(index).ok().and_then(|at| regs.args.get(at));
                *arg.ok_or(Malformed("an unknown argument"))?
            }
        };
        let Stretch { want, got, text } = stretch(&mut wire)?;
        if snapshot.size_bytes() + got > MOST_BYTES {
            return Err(Malformed("too much memory"));
        }
        let bytes = data.take(got)?;
        if text && got == want {
            snapshot.remember_text(addr, bytes);
        } else {
            snapshot.remember(addr, want, bytes);
        }
        end = addr.wrapping_add(want as u64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use syscall_tables::abi::Abi;

    use super::*;

    fn regs(args: [u64; 6], sp: u64) -> Regs {
        Regs { abi: Abi::X86_64, nr: 0, args, ip: 0, sp, resumes: None }
    }

    proptest! {
        #[test]
        fn any_memory_comes_back(parts in prop::collection::vec((0u64..90, 0u32..99, 0u32..9, any::<bool>()), 0..40)) {
            let mut snapshot = Snapshot::default();
            for (at, got, more, text) in parts {
                let data = vec![at as u8; got as usize];
                match text {
                    true => snapshot.remember_text(0x7000 + at, &data),
                    false => snapshot.remember(0x7000 + at, (got + more) as usize, &data),
                }
            }
            let (args, sp) = ([0x7000, 0x7010, 5, 0, 0, 0], 0x7100);
            let mut layout = Vec::new();
            write(&mut layout, &snapshot, &args, sp);
            let (mut back, mut data) = (Snapshot::default(), Wire::new(snapshot.bytes()));
            read(&layout, &mut data, &regs(args, sp), &mut back).unwrap();
            prop_assert_eq!(data.left(), 0);
            prop_assert!(back.parts().eq(snapshot.parts()));
            let mut wire = Wire::new(&layout);
            skip(&mut wire).unwrap();
            prop_assert_eq!(wire.left(), 0);
        }

        #[test]
        fn any_bytes_are_no_trouble(layout: Vec<u8>, data: Vec<u8>, args: [u64; 6]) {
            read(&layout, &mut Wire::new(&data), &regs(args, u64::MAX - 3), &mut Snapshot::default()).ok();
            skip(&mut Wire::new(&layout)).ok();
        }
    }
}
