//! Where a function's own code begins: behind what sets up its frame, so that its arguments can be read.
//!
//! Compilers of LLVM mark the place in the line table; for others the frame's set-up is recognised, and the line
//! that follows it begins the code. A function that sets up no frame begins at once.

use crate::debug::dwarf::Info;
use crate::debug::dwarf::index::Function;
use crate::stack::image::Image;

/// Bytes of a function that are looked at.
const HEAD_BYTES: usize = 64;

/// The address, in the file's own address space, at which a breakpoint on a function belongs.
pub fn end(info: &Info, image: &Image, function: &Function) -> u64 {
    let unit = function.at.unit;
    let lines = info.lines(unit);
    let high = function.ranges.iter().find(|(low, high)| (*low..*high).contains(&function.low));
    let high = high.map_or(function.low.saturating_add(1), |(_, high)| *high);
    let rows = lines.rows();
    let from = rows.partition_point(|row| row.address < function.low);
    let own = || rows[from..].iter().take_while(|row| row.address < high && !row.end);
    let marked = own().find(|row| row.prologue_end && row.address > function.low).map(|row| row.address);
    let llvm = info.units()[unit].producer.contains("clang");
    if llvm {
        // The second line of the function, where nothing is marked.
        let second = || {
            let first = own().next()?.line;
            own().find(|row| {
                row.address > function.low && row.line != 0 && (row.line != first || row.statement)
            })
        };
        return marked.or_else(|| second().map(|row| row.address)).unwrap_or(function.low);
    }
    let Some(framed) = framed(image, function.low) else { return function.low };
    let next = own().find(|row| row.address >= framed && row.line != 0);
    next.map_or(framed, |row| row.address)
}

/// The same for a function that only the symbol table knows.
pub fn bare(image: &Image, low: u64) -> u64 {
    framed(image, low).unwrap_or(low)
}

/// The address behind `push %rbp; mov %rsp,%rbp`, where a function begins with that.
fn framed(image: &Image, low: u64) -> Option<u64> {
    let code = code(image, low, HEAD_BYTES)?;
    set_up(&code).map(|size| low.wrapping_add(size as u64))
}

/// Bytes of the set-up of a frame at the head of some code.
fn set_up(code: &[u8]) -> Option<usize> {
    let mut at = 0;
    // endbr64
    if code.starts_with(&[0xf3, 0x0f, 0x1e, 0xfa]) {
        at += 4;
    }
    if code.get(at) != Some(&0x55) {
        return None;
    }
    at += 1;
    let rest = code.get(at..)?;
    let moves = rest.starts_with(&[0x48, 0x89, 0xe5]) || rest.starts_with(&[0x48, 0x8b, 0xec]);
    moves.then_some(at + 3)
}

/// Code of a file at an address of its own address space.
pub fn code(image: &Image, address: u64, size: usize) -> Option<Vec<u8>> {
    let inside = |h: &&crate::stack::image::Header| {
        h.address != 0 && address.checked_sub(h.address).is_some_and(|skip| skip < h.size_bytes)
    };
    let section = image.sections().iter().find(inside)?;
    let offset = section.offset.saturating_add(address - section.address);
    let mut bytes = vec![0; size];
    let got = image.bytes().read_at(offset, &mut bytes);
    bytes.truncate(got);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_recognised() {
        assert_eq!(set_up(&[0x55, 0x48, 0x89, 0xe5, 0x90]), Some(4));
        assert_eq!(set_up(&[0xf3, 0x0f, 0x1e, 0xfa, 0x55, 0x48, 0x8b, 0xec]), Some(8));
        assert_eq!(set_up(&[0x48, 0x83, 0xec, 0x08]), None);
        assert_eq!(set_up(&[0x55, 0x53]), None);
        assert_eq!(set_up(&[]), None);
    }
}
