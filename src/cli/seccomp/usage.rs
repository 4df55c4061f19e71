//! Tables of which program made which call, for a person who reads a profile.

use std::collections::{BTreeMap, BTreeSet};

use syscall_tables::abi::{Abi, numbers};

use crate::output::grid::{Column, Grid, Last, Look, Row};
use crate::output::{shell, units};
use crate::profile::collect::Used;

const PROGRAMS: &[Column] =
    &[Column::new("processes", 0), Column::new("calls", 0), Column::new("only here", 0)];
const CALLS: &[Column] =
    &[Column::new("made", 0), Column::new("call", 0).words(), Column::new("abi", 1).words()];

/// What is shown of a program's file.
pub(super) fn program(name: &[u8]) -> String {
    if name.is_empty() { "(before the program)".into() } else { shell::shown(name) }
}

fn call(abi: Abi, nr: u64) -> String {
    numbers::name(abi, nr).map_or_else(|| format!("syscall_{nr:#x}"), str::to_owned)
}

/// A row a program: its processes, its different calls, and those that no other made.
pub(super) fn programs(all: &[Used], look: Look) -> String {
    let named: Vec<&Used> = all.iter().filter(|used| !used.program.is_empty()).collect();
    let mut owners: BTreeMap<(Abi, u64), usize> = BTreeMap::new();
    for key in named.iter().flat_map(|used| used.calls.keys()) {
        *owners.entry(*key).or_default() += 1;
    }
    let row = |used: &Used| {
        let alone: Vec<String> =
            used.calls.keys().filter(|key| owners[key] == 1).map(|(abi, nr)| call(*abi, *nr)).collect();
        let cells = vec![
            units::count(used.processes),
            used.calls.len().to_string(),
            if named.len() < 2 {
                String::new()
            } else {
                units::unless_zero(alone.len() as u64, units::count)
            },
        ];
        let tail = if alone.is_empty() || named.len() < 2 { Vec::new() } else { vec![alone.join(" ")] };
        Row { cells, last: Last { body: program(&used.program), tail, ..Last::default() } }
    };
    let rows = named.iter().copied().map(row).collect();
    Grid { columns: PROGRAMS, head: "program", rows, total: None }.draw(look)
}

/// A row a call: how often it was made, and by which programs.
pub(super) fn calls(all: &[Used], look: Look) -> String {
    let mut users: BTreeMap<(String, Abi), (u64, BTreeSet<String>)> = BTreeMap::new();
    for used in all {
        for ((abi, nr), count) in &used.calls {
            let entry = users.entry((call(*abi, *nr), *abi)).or_default();
            entry.0 += count.made;
            entry.1.insert(program(shell::base(&used.program)));
        }
    }
    let row = |((name, abi), (made, programs)): ((String, Abi), (u64, BTreeSet<String>))| {
        let cells = vec![units::count(made), name, abi.display_name().to_owned()];
        let body = programs.into_iter().collect::<Vec<_>>().join(" ");
        Row { cells, last: Last { body, ..Last::default() } }
    };
    let rows = users.into_iter().map(row).collect();
    Grid { columns: CALLS, head: "programs", rows, total: None }.draw(look)
}
