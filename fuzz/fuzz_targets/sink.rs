//! What the targets print with, and the test of damaged recordings.

use std::fs::File;
use std::sync::OnceLock;

use trace::decode;
use trace::engine::details::Wishes;
use trace::output::text::place::{Place, Prefix};
use trace::output::text::render::Spelling;
use trace::output::text::time::{Clock, Times};
use trace::output::text::{Format, TextSink, stack};
use trace::output::writer::Writer;

/// A sink that prints everything to nowhere.
pub fn text() -> TextSink {
    static WRITER: OnceLock<Writer> = OnceLock::new();
    let writer = WRITER.get_or_init(|| Writer::start().unwrap()).clone();
    let format = Format {
        spelling: Spelling { fds: Wishes::ALL, host_pids: true, pid_names: true, ..Spelling::default() },
        options: decode::Options { string_limit: 100, abbreviate: false, raw: false },
        column: 40,
        times: Times { clock: Clock::Micros, relative: true, duration: true },
        ip: true,
        number: true,
        quiet_attach: true,
        quiet_exit: false,
        quiet_personality: false,
        quiet_superseded: false,
        only: None,
        signals: true,
        rings: true,
        stacks: stack::Detail::Lines,
    };
    let file = File::options().write(true).open("/dev/null").unwrap();
    TextSink::new(Place::one(writer, file, Prefix::Always, "fuzz"), format)
}
