//! Any file is opened and replayed to text: `cargo +nightly fuzz run recording`. A corpus is made of recordings:
//! `trace record -o fuzz/corpus/recording/a -- ls`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trace::engine::sink::Sink;
use trace::event::Call;
use trace::filter::Wanted;
use trace::output::text::render::{Spelling, TextRender};
use trace::record::parse::Want;
use trace::record::reader::Recording;
use trace::record::replay::{View, replay};

struct Decode(Vec<u8>);

impl Sink for Decode {
    fn left(&mut self, call: &Call) {
        self.0.clear();
        let spelling = Spelling { targets: true, pids: true, ..Spelling::default() };
        let mut render = TextRender::new(&mut self.0, &spelling, call, false);
        trace::decode::call(call, &trace::decode::Options::default(), &mut render);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut recording) = Recording::new(bytes) else { return };
    let mut sinks: Vec<Box<dyn Sink>> = vec![Box::new(Decode(Vec::new()))];
    let view = View { wanted: Wanted::all(), want: Want::ALL, limit: None };
    replay(&mut recording, &view, &mut sinks).ok();
});
