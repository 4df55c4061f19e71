//! Stacks in a frame: frames and what stands at their addresses are written once and named by number.
//!
//! The things behind an `Arc` are told apart by where they are; the dictionary keeps them alive, so that no place
//! is used twice.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use super::format::Malformed;
use super::slots::Fast;
use super::wire::{Wire, put, put_bytes};
use crate::event::stack::{
    Bottom, FileOffset, Found, Frame, Inlined, Line, Place, RuntimeAddr, Stack, Symbol,
};

/// Most frames of one stack.
const MOST_FRAMES: usize = 1 << 16;

/// Frames that were written.
#[derive(Debug, Default)]
pub(super) struct Known {
    frames: HashMap<(u64, u64, u8, usize, usize), u32, BuildHasherDefault<Fast>>,
    alive: Vec<Frame>,
}

impl Known {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.frames.clear();
        self.alive.clear();
    }
}

fn found(found: Found) -> u8 {
    match found {
        Found::Registers => 0,
        Found::Tables => 1,
        Found::FramePointer => 2,
    }
}

/// Appends a stack.
pub(super) fn write(out: &mut Vec<u8>, known: &mut Known, stack: &Stack) {
    let frames = &stack.frames[..stack.frames.len().min(MOST_FRAMES)];
    put(out, frames.len() as u64);
    out.push(match stack.end {
        Bottom::Reached => 0,
        Bottom::Limit => 1,
        Bottom::Lost => 2,
    });
    for frame in frames {
        let module = frame.module.as_ref().map_or(0, |m| Arc::as_ptr(m).cast::<u8>() as usize);
        let place = frame.place.as_ref().map_or(0, |p| Arc::as_ptr(p) as usize);
        let key = (frame.ip.0, frame.offset.0, found(frame.found), module, place);
        match known.frames.get(&key) {
            Some(index) => put(out, u64::from(*index) + 1),
            None => {
                known.frames.insert(key, known.alive.len() as u32);
                known.alive.push(frame.clone());
                out.push(0);
                write_frame(out, frame);
            }
        }
    }
}

fn write_frame(out: &mut Vec<u8>, frame: &Frame) {
    put(out, frame.ip.0);
    put(out, frame.offset.0);
    out.push(found(frame.found));
    match &frame.module {
        None => out.push(0),
        Some(name) => {
            out.push(1);
            put_bytes(out, name);
        }
    }
    let Some(place) = &frame.place else { return out.push(0) };
    out.push(1);
    match &place.symbol {
        None => out.push(0),
        Some(symbol) => {
            out.push(1);
            put_bytes(out, symbol.name.as_bytes());
            put(out, symbol.offset);
        }
    }
    write_line(out, place.line.as_ref());
    put(out, place.inlined.len() as u64);
    for function in &place.inlined {
        put_bytes(out, function.name.as_bytes());
        write_line(out, function.line.as_ref());
    }
}

fn write_line(out: &mut Vec<u8>, line: Option<&Line>) {
    let Some(line) = line else { return out.push(0) };
    out.push(1);
    put_bytes(out, line.file.as_bytes());
    put(out, u64::from(line.number));
}

/// Reads a stack into `stack`; `known` are the frames that this frame of the recording has told so far.
pub(super) fn read(wire: &mut Wire<'_>, known: &mut Vec<Frame>, stack: &mut Stack) -> Result<(), Malformed> {
    stack.clear();
    let count = wire.count()?;
    if count > MOST_FRAMES {
        return Err(Malformed("a stack is too deep"));
    }
    stack.end = match wire.byte()? {
        0 => Bottom::Reached,
        1 => Bottom::Limit,
        2 => Bottom::Lost,
        _ => return Err(Malformed("a stack ends in an unknown way")),
    };
    for _ in 0..count {
        let index = wire.get()?;
        if index == 0 {
            known.push(read_frame(wire)?);
        }
        let index = if index == 0 { known.len() as u64 } else { index } - 1;
        let frame = usize::try_from(index).ok().and_then(|at| known.get(at));
        stack.frames.push(frame.ok_or(Malformed("an unknown frame of a stack"))?.clone());
    }
    Ok(())
}

fn text(wire: &mut Wire<'_>) -> Result<String, Malformed> {
    Ok(String::from_utf8_lossy(wire.bytes()?).into_owned())
}

fn flag(wire: &mut Wire<'_>) -> Result<bool, Malformed> {
    Ok(wire.byte()? != 0)
}

fn read_frame(wire: &mut Wire<'_>) -> Result<Frame, Malformed> {
    let (ip, offset) = (RuntimeAddr(wire.get()?), FileOffset(wire.get()?));
    let found = match wire.byte()? {
        0 => Found::Registers,
        1 => Found::Tables,
        2 => Found::FramePointer,
        _ => return Err(Malformed("a frame of a stack was found in an unknown way")),
    };
    let module = if flag(wire)? { Some(Arc::from(wire.bytes()?)) } else { None };
    let mut frame = Frame { ip, found, module, offset, place: None };
    if flag(wire)? {
        let mut place = Place::default();
        if flag(wire)? {
            place.symbol = Some(Symbol { name: text(wire)?, offset: wire.get()? });
        }
        place.line = read_line(wire)?;
        for _ in 0..wire.count()? {
            place.inlined.push(Inlined { name: text(wire)?, line: read_line(wire)? });
        }
        frame.place = Some(Arc::new(place));
    }
    Ok(frame)
}

fn read_line(wire: &mut Wire<'_>) -> Result<Option<Line>, Malformed> {
    if !flag(wire)? {
        return Ok(None);
    }
    let file = text(wire)?;
    let number = u32::try_from(wire.get()?).map_err(|_| Malformed("a line number is too large"))?;
    Ok(Some(Line { file, number }))
}
