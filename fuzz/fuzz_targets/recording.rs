//! Any file is opened and replayed to text: `cargo +nightly fuzz run recording`. A corpus is made of recordings:
//! `trace record -o fuzz/corpus/recording/a -- ls`.
#![no_main]

mod sink;

use libfuzzer_sys::fuzz_target;
use trace::engine::sink::Sink;
use trace::filter::Wanted;
use trace::record::parse::Want;
use trace::record::reader::Recording;
use trace::record::replay::{View, replay};

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut recording) = Recording::new(bytes) else { return };
    let mut sinks: Vec<Box<dyn Sink>> = vec![Box::new(sink::text())];
    let view = View { wanted: Wanted::all(), want: Want::ALL, limit: None };
    replay(&mut recording, &view, &mut sinks).ok();
});
