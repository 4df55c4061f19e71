//! What a decoded call costs on its way to text: `cargo bench --bench decode`.
//!
//! One plausible call of every syscall of both ABIs goes through the text sink, from the registers and the captured
//! memory to the padded line in the buffer of the output file: once as a call that succeeds, once as one that fails.
//! Nothing is traced. A second table has what capturing the memory of the same calls costs. `-- --lines` shows the
//! lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "shared/batches.rs"]
mod batches;
#[path = "../tests/support/plausible/mod.rs"]
mod plausible;

use std::fs::File;
use std::hint::black_box;
use std::time::Duration;

use allocation_counter::measure;
use batches::{Batches, Spent};
use plausible::Plausible;
use syscall_tables::abi::Abi;
use trace::decode::{Options, render::Quiet};
use trace::engine::sink::Sink;
use trace::output::choice::{self, Results, Signals};
use trace::output::text::place::{Place, Prefix};
use trace::output::text::{Format, TextSink, stack, time::Times};
use trace::output::writer::Writer;

const BATCHES: Batches = Batches { count: 15, length: Duration::from_micros(100) };
/// What a call may cost on average.
const BAR_NS: f64 = 400.0;
/// The dearest calls that are listed.
const LISTED: usize = 20;

/// What one call costs.
struct Cost {
    name: &'static str,
    spent: Spent,
    /// For each call.
    allocations: f64,
}

/// The sink of a plain run with `-o FILE`.
fn sink(file: File) -> TextSink {
    let format = Format {
        spelling: Default::default(),
        options: Options::default(),
        column: 40,
        times: Times::default(),
        ip: false,
        number: false,
        quiet: choice::Quiet::times(0),
        results: Results::ALL,
        signals: Signals::ALL,
        stacks: stack::Detail::None,
        rings: false,
        manner: None,
        dumps: Default::default(),
    };
    let writer = Writer::start().expect("a thread");
    TextSink::new(Place::one(writer, file, Prefix::Always, "trace"), format)
}

/// Times `operation` in batches.
fn cost(name: &'static str, mut operation: impl FnMut()) -> Cost {
    let size = BATCHES.warm(&mut operation);
    let (mut times, mut spent) = (Vec::with_capacity(BATCHES.count), None);
    let allocated = measure(|| spent = Some(BATCHES.time(size, &mut operation, &mut times)));
    let spent = spent.expect("it was timed");
    let allocations = allocated.count_total as f64 / f64::from(size) / BATCHES.count as f64;
    Cost { name, spent, allocations }
}

fn mean(costs: &[Cost], value: impl Fn(&Cost) -> f64) -> f64 {
    costs.iter().map(value).sum::<f64>() / costs.len() as f64
}

fn row(what: &str, costs: &[Cost]) {
    let (least, median) = (mean(costs, |cost| cost.spent.least_ns), mean(costs, |cost| cost.spent.median_ns));
    let allocations = mean(costs, |cost| cost.allocations);
    println!("{what:<32} {:>6} {least:>10.1} {median:>10.1} {allocations:>12.4}", costs.len());
}

/// Costs of all calls, by a function that times one.
fn table(title: &str, mut one: impl FnMut(&mut Plausible) -> Cost) -> Vec<Cost> {
    println!("\n{:<32} {:>6} {:>10} {:>10} {:>12}", title, "calls", "least ns", "median ns", "allocations");
    let mut all = Vec::new();
    for abi in [Abi::X86_64, Abi::I386] {
        for failed in [false, true] {
            let mut calls = plausible::all(abi, failed);
            calls.iter_mut().for_each(|call| call.capture(&Options::default(), &mut Quiet::default()));
            let costs: Vec<Cost> = calls.iter_mut().map(&mut one).collect();
            row(&format!("{abi}, {}", if failed { "failed" } else { "done" }), &costs);
            all.extend(costs);
        }
    }
    row("all", &all);
    all.sort_by(|a, b| b.spent.least_ns.total_cmp(&a.spent.least_ns));
    let dearest = all.iter().take(LISTED).map(|cost| format!("{} {:.0}", cost.name, cost.spent.least_ns));
    println!("dearest: {}", dearest.collect::<Vec<_>>().join(", "));
    all
}

fn lines() {
    let mut sink = sink(File::options().append(true).open("/dev/stdout").expect("standard output"));
    for abi in [Abi::X86_64, Abi::I386] {
        for failed in [false, true] {
            for mut call in plausible::all(abi, failed) {
                call.capture(&Options::default(), &mut Quiet::default());
                call.tell(&mut sink);
            }
        }
    }
    sink.finish();
}

fn main() {
    if std::env::args().any(|arg| arg == "--lines") {
        return lines();
    }
    let null = || File::options().write(true).open("/dev/null").expect("/dev/null");
    let mut sink = sink(null());
    // The buffer of the output reaches its size.
    let mut calls = plausible::all(Abi::X86_64, false);
    (0..20).for_each(|_| calls.iter_mut().for_each(|call| call.tell(&mut sink)));
    let text =
        table("captured call to text", |call| cost(call.name, || black_box(&mut *call).tell(&mut sink)));
    let mut quiet = Quiet::default();
    let options = Options::default();
    let memory = table("memory to captured call", |call| {
        cost(call.name, || black_box(&mut *call).capture(&options, &mut quiet))
    });
    let least = mean(&text, |cost| cost.spent.least_ns);
    println!(
        "\na decoded call costs {least:.0} ns on average; the bar is {BAR_NS:.0}: {}",
        if least <= BAR_NS { "held" } else { "missed" }
    );
    for cost in text.iter().chain(&memory) {
        assert!(cost.allocations == 0.0, "{} allocates {} times a call", cost.name, cost.allocations);
    }
}
