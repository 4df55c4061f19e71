//! What the targets print with, and the test of damaged recordings.

use std::fs::File;
use std::sync::OnceLock;

use trace::decode;
use trace::engine::details::Wishes;
use trace::output::choice::{Quiet, Results, Signals};
use trace::output::text::place::{Place, Prefix};
use trace::output::text::render::Spelling;
use trace::output::text::time::{Clock, Precision, Times};
use trace::output::text::{Format, TextSink, stack};
use trace::output::writer::Writer;

/// A sink that prints everything to nowhere.
pub fn text() -> TextSink {
    static WRITER: OnceLock<Writer> = OnceLock::new();
    let writer = WRITER.get_or_init(|| Writer::start().unwrap()).clone();
    let format = Format {
        spelling: Spelling { fds: Wishes::ALL, host_pids: true, pid_names: true, ..Spelling::default() },
        options: decode::Options { string_limit: 100, abbreviate: false, raw: false, dereference: true },
        column: 40,
        times: Times {
            clock: Clock::Time,
            precision: Precision::MICROS,
            relative: Some(Precision::MICROS),
            duration: Some(Precision::MICROS),
        },
        ip: true,
        number: true,
        quiet: Quiet::times(0),
        results: Results::ALL,
        signals: Signals::ALL,
        manner: None,
        dumps: Default::default(),
        rings: true,
        stacks: stack::Detail::Lines,
    };
    let file = File::options().write(true).open("/dev/null").unwrap();
    TextSink::new(Place::one(writer, file, Prefix::Always, "fuzz"), format)
}
