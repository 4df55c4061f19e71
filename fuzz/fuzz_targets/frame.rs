//! Any bytes are taken for what a frame holds, behind the checksums that stop most of `recording`:
//! `cargo +nightly fuzz run frame`.
#![no_main]

mod sink;

use libfuzzer_sys::fuzz_target;
use trace::engine::sink::Sink;
use trace::record::parse::{Parser, Told, Want};

fuzz_target!(|bytes: &[u8]| {
    let mut text = sink::text();
    let mut tell = |told: Told<'_>| match told {
        Told::Entered(call) => text.entered(call),
        Told::Left(call) => text.left(call),
        Told::Signal(signal) => text.signal(signal),
        Told::Ended(tid, end, pending, at) => text.ended(tid, end, pending, at),
        _ => {}
    };
    let mut parser = Parser::new(Want::ALL);
    parser.frame(0, bytes, &mut tell).ok();
    parser.frame(1, bytes, &mut tell).ok();
});
