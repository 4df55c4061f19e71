//! Any bytes are taken for what a frame holds, behind the checksums that stop most of `recording`:
//! `cargo +nightly fuzz run frame`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trace::output::text::render::{Spelling, TextRender};
use trace::record::parse::{Parser, Told, Want};

fuzz_target!(|bytes: &[u8]| {
    let mut line = Vec::new();
    let mut tell = |told: Told<'_>| {
        if let Told::Left(call) = told {
            line.clear();
            let spelling = Spelling::default();
            let mut render = TextRender::new(&mut line, &spelling, call, false);
            trace::decode::call(call, &trace::decode::Options::default(), &mut render);
        }
    };
    let mut parser = Parser::new(Want::ALL);
    parser.frame(0, bytes, &mut tell).ok();
    parser.frame(1, bytes, &mut tell).ok();
});
