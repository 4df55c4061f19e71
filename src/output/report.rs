//! The sink of trees and summary tables: one tally, drawn at the end.

use std::fs::File;
use std::io::Write;

use super::counting::Counting;
use super::grid::Look;
use super::tables::{self, Table};
use super::tally::Tally;
use super::tree::{self, Detail};
use crate::decode;
use crate::engine::sink::Sink;
use crate::output::losses;

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The tree of processes.
    pub tree: Option<Detail>,
    /// Tables, in order.
    pub tables: Vec<Table>,
    /// Most rows of a table.
    pub top: usize,
}

/// The sink that counts until the end, then draws to `out`. It needs the descriptors of calls noted. Calls are decoded
/// by `options`, which must not ask for more than is captured. With `rings`, operations of io_uring count.
pub fn sink(
    mut out: File,
    wanted: Wanted,
    look: Look,
    options: decode::Options,
    rings: bool,
) -> Box<dyn Sink> {
    Box::new(Counting::new(options, rings, move |tally| {
        if let Err(error) = out.write_all(wanted.text(tally, look).as_bytes()) {
            losses::say("the report", &error);
        }
    }))
}

impl Wanted {
    fn text(&self, tally: &Tally, look: Look) -> String {
        let mut parts = Vec::new();
        if let Some(detail) = self.tree {
            parts.push(tree::draw(tally, detail, look));
        }
        for table in &self.tables {
            parts.push(tables::draw(tally, *table, self.top, look));
        }
        let blind = tally.blind();
        if !blind.is_empty() {
            parts.push(format!("note: {blind}\n"));
        }
        parts.join("\n")
    }
}
