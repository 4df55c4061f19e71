//! The stack of a call or signal as JSON: frames innermost first, with what their addresses mean.

use super::write::{self, digits, hex, raw};
use crate::event::stack::{Bottom, Found, Frame, Line, Place, Stack};

/// Appends the member `stack`, if a stack was taken.
pub fn write(out: &mut Vec<u8>, stack: &Stack) {
    if stack.is_empty() {
        return;
    }
    raw(out, ",\"stack\":{\"frames\":[");
    for (index, frame) in stack.frames.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_frame(out, frame);
    }
    raw(out, "],\"end\":\"");
    raw(
        out,
        match stack.end {
            Bottom::Reached => "reached",
            Bottom::Limit => "limit",
            Bottom::Lost => "lost",
        },
    );
    raw(out, "\"}");
}

fn write_frame(out: &mut Vec<u8>, frame: &Frame) {
    raw(out, "{\"ip\":");
    hex(out, frame.ip.0);
    raw(out, ",\"found\":\"");
    raw(
        out,
        match frame.found {
            Found::Registers => "registers",
            Found::Tables => "tables",
            Found::FramePointer => "frame_pointer",
        },
    );
    raw(out, "\",\"module\":");
    match &frame.module {
        Some(module) => {
            write::text(out, module, false);
            raw(out, "},\"offset\":");
            hex(out, frame.offset.0);
        }
        None => raw(out, "null"),
    }
    if let Some(place) = &frame.place {
        write_place(out, place);
    }
    out.push(b'}');
}

fn write_place(out: &mut Vec<u8>, place: &Place) {
    if let Some(symbol) = &place.symbol {
        raw(out, ",\"symbol\":");
        write::string(out, &symbol.name);
        raw(out, ",\"symbol_offset\":");
        hex(out, symbol.offset);
    }
    write_line(out, place.line.as_ref());
    if place.inlined.is_empty() {
        return;
    }
    raw(out, ",\"inlined\":[");
    for (index, function) in place.inlined.iter().enumerate() {
        raw(out, if index > 0 { ",{\"symbol\":" } else { "{\"symbol\":" });
        write::string(out, &function.name);
        write_line(out, function.line.as_ref());
        out.push(b'}');
    }
    out.push(b']');
}

fn write_line(out: &mut Vec<u8>, line: Option<&Line>) {
    if let Some(line) = line {
        raw(out, ",\"file\":");
        write::string(out, &line.file);
        raw(out, ",\"line\":");
        digits(out, u64::from(line.number));
    }
}
