//! The summary tables: files, peers, processes, failures. Each draws a part of a [`Tally`].

use syscall_tables::errno;

use super::grid::{Column, Grid, Last, Look, Row};
use super::shell;
use super::tally::failures::About;
use super::tally::files::FileUse;
use super::tally::lineage::Counts;
use super::tally::sockets::{Direction, Peer, PeerAddress, Traffic};
use super::tally::{Bounded, Tally};
use super::tree;
use super::units;

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Paths.
    Files,
    /// Peers of sockets.
    Net,
    /// Processes.
    Procs,
    /// Failures.
    Errors,
}

/// Names of tables, as `--summary=` takes them.
const NAMES: &[(&[&str], Table)] = &[
    (&["files", "file"], Table::Files),
    (&["net", "network", "peers"], Table::Net),
    (&["procs", "processes", "process"], Table::Procs),
    (&["errors", "error", "failures"], Table::Errors),
];

impl Table {
    /// A comma list of names.
    ///
    /// # Errors
    /// The name that is no table.
    pub fn parse(list: &str) -> Result<Vec<Self>, String> {
        let mut tables = Vec::new();
        for name in list.split(',') {
            let row = NAMES.iter().find(|row| row.0.contains(&name));
            let (_, table) = row
                .ok_or_else(|| format!("unknown summary '{name}': files, net, procs or errors is wanted"))?;
            if !tables.contains(table) {
                tables.push(*table);
            }
        }
        Ok(tables)
    }
}

/// A table as text: its `top` first rows, and the sum of all.
pub fn draw(tally: &Tally, table: Table, top: usize, look: Look) -> String {
    match table {
        Table::Files => files(tally, top, look),
        Table::Net => net(tally, top, look),
        Table::Procs => procs(tally, top, look),
        Table::Errors => errors(tally, top, look),
    }
}

fn count(value: u64) -> String {
    units::unless_zero(value, units::count)
}

fn bytes(value: u64) -> String {
    units::unless_zero(value, units::bytes)
}

fn row(cells: Vec<String>, body: String) -> Row {
    Row { cells, last: Last { body, ..Last::default() } }
}

/// A grid of the first `top` of `rows`, in their order.
fn listed(
    columns: &'static [Column],
    head: &'static str,
    mut rows: Vec<Row>,
    top: usize,
    total: Vec<String>,
    what: &str,
) -> Grid<'static> {
    let (all, shown) = (rows.len(), rows.len().min(top));
    rows.truncate(top);
    let body = if shown < all {
        format!("total, {shown} of {all} {what} shown")
    } else {
        format!("total of {all} {what}")
    };
    Grid { columns, head, rows, total: Some(row(total, body)) }
}

/// Keys and values of a bounded map, sorted by `order`, the rest last under no key.
pub fn sorted<K: Ord + std::hash::Hash, V: Default, O: Ord>(
    map: &Bounded<K, V>,
    order: impl Fn(&V) -> O,
) -> Vec<(Option<&K>, &V)> {
    let mut rows: Vec<(&K, &V)> = map.rows().collect();
    rows.sort_by(|(a, x), (b, y)| order(y).cmp(&order(x)).then_with(|| a.cmp(b)));
    let others = map.others().map(|value| (None, value));
    rows.into_iter().map(|(key, value)| (Some(key), value)).chain(others).collect()
}

const FILES: &[Column] = &[
    Column::new("calls", 0),
    Column::new("opens", 2),
    Column::new("reads", 6),
    Column::new("writes", 6),
    Column::new("read", 1),
    Column::new("written", 1),
    Column::new("time", 3),
    Column::bad("errors", 2),
];

fn file_cells(sum: &FileUse) -> Vec<String> {
    vec![
        count(sum.calls),
        count(sum.opens),
        count(sum.reads),
        count(sum.writes),
        bytes(sum.read_bytes),
        bytes(sum.written_bytes),
        units::duration(sum.time_ns),
        count(sum.errors),
    ]
}

fn files(tally: &Tally, top: usize, look: Look) -> String {
    let sorted = sorted(tally.files(), |sum| sum.calls);
    let total = sorted.iter().fold(FileUse::default(), |all, (_, sum)| FileUse {
        calls: all.calls + sum.calls,
        opens: all.opens + sum.opens,
        reads: all.reads + sum.reads,
        writes: all.writes + sum.writes,
        read_bytes: all.read_bytes.saturating_add(sum.read_bytes),
        written_bytes: all.written_bytes.saturating_add(sum.written_bytes),
        time_ns: all.time_ns.saturating_add(sum.time_ns),
        errors: all.errors + sum.errors,
    });
    let name = |path: Option<&Vec<u8>>| path.map_or("(other paths)".to_owned(), |path| shell::shown(path));
    let rows = sorted.into_iter().map(|(path, sum)| row(file_cells(sum), name(path))).collect();
    listed(FILES, "path", rows, top, file_cells(&total), "paths").draw(look)
}

/// Who began.
pub fn way(peer: &Peer) -> &'static str {
    match peer.direction {
        Direction::Out => "out",
        Direction::In => "in",
        Direction::Unknown => "-",
    }
}

/// A peer's address, and the own one where that says more.
pub fn peer_name(peer: &Peer) -> String {
    let mut text = match &peer.address {
        Some(PeerAddress::Full(address)) => address.to_string(),
        Some(PeerAddress::Host(host)) => host.clone(),
        None => "(no address)".to_owned(),
    };
    if let Some(local) = &peer.local {
        text.push_str(&format!(" to {local}"));
    }
    text
}

/// What a failure was about.
pub fn about_text(about: &About) -> String {
    match about {
        About::Path(path) => shell::shown(path),
        About::Peer(address) => address.to_string(),
        About::Nothing => String::new(),
    }
}

const NET: &[Column] = &[
    Column::new("proto", 0).words(),
    Column::new("way", 0).words(),
    Column::new("connects", 2),
    Column::new("in", 0),
    Column::new("out", 0),
    Column::bad("failures", 1),
];

fn traffic_cells(peer: Option<&Peer>, sum: &Traffic) -> Vec<String> {
    vec![
        peer.map_or("", |peer| peer.protocol).to_owned(),
        peer.map_or("", way).to_owned(),
        count(sum.connects),
        bytes(sum.in_bytes),
        bytes(sum.out_bytes),
        count(sum.failures),
    ]
}

fn net(tally: &Tally, top: usize, look: Look) -> String {
    let sorted =
        sorted(tally.peers(), |sum| (sum.in_bytes.saturating_add(sum.out_bytes), sum.connects, sum.failures));
    let total = sorted.iter().fold(Traffic::default(), |all, (_, sum)| Traffic {
        connects: all.connects + sum.connects,
        in_bytes: all.in_bytes.saturating_add(sum.in_bytes),
        out_bytes: all.out_bytes.saturating_add(sum.out_bytes),
        failures: all.failures + sum.failures,
    });
    let rows = sorted
        .into_iter()
        .map(|(peer, sum)| row(traffic_cells(peer, sum), peer.map_or("(other peers)".to_owned(), peer_name)))
        .collect();
    listed(NET, "peer", rows, top, traffic_cells(None, &total), "peers").draw(look)
}

const PROCS: &[Column] = &[
    Column::new("pid", 3),
    Column::new("calls", 0),
    Column::bad("errors", 1),
    Column::new("in calls", 2),
    Column::new("wall", 0),
    Column::new("cpu", 1),
    Column::bad("end", 0),
];

fn process_cells(pid: String, counts: &Counts, end: String) -> Vec<String> {
    let cpu = match (counts.cpu_known, counts.cpu_ns) {
        (0, _) => String::new(),
        // The kernel tells it in clock ticks.
        (_, 0) => "<10ms".to_owned(),
        (_, ns) => units::duration(ns),
    };
    vec![
        pid,
        count(counts.calls),
        count(counts.errors),
        units::duration(counts.in_calls_ns),
        units::duration(counts.wall_ns),
        cpu,
        end,
    ]
}

fn procs(tally: &Tally, top: usize, look: Look) -> String {
    let mut sum = Counts::default();
    let mut rows = Vec::new();
    let mut processes = 0;
    for (_, node) in tally.lineage().nodes() {
        sum.add(&node.counts);
        processes += node.times;
        let mut body = match node.images.last() {
            Some((image, _)) => tree::command(image),
            None => format!("({})", shell::shown(&node.inherited)),
        };
        if node.times > 1 {
            body = format!("{body} {} {}", if look.unicode { "×" } else { "x" }, node.times);
        }
        if let Some(operations) = tree::operations(&node.counts) {
            body = format!("{body} [{operations}]");
        }
        rows.push((node.counts, process_cells(node.pid.to_string(), &node.counts, tree::end(node)), body));
        for fold in &node.folds {
            sum.add(&fold.counts);
            processes += fold.processes;
            let name = fold.program.as_ref().map_or("programs".to_owned(), |name| shell::shown(name));
            let end = if fold.failed > 0 { format!("{} bad", fold.failed) } else { String::new() };
            let body = format!("({} more of {name})", fold.processes);
            rows.push((fold.counts, process_cells(String::new(), &fold.counts, end), body));
        }
    }
    rows.sort_by_key(|(counts, _, _)| std::cmp::Reverse((counts.calls, counts.wall_ns)));
    let rows: Vec<Row> = rows.into_iter().map(|(_, cells, body)| row(cells, body)).collect();
    sum.wall_ns = tally.length_ns();
    let total = process_cells(String::new(), &sum, String::new());
    let entries = rows.len();
    let mut grid = listed(PROCS, "command", rows, top, total, "entries");
    if let Some(total) = &mut grid.total {
        let shown = entries.min(top);
        total.last.body = match shown < entries {
            true => format!("total of {processes} processes, {shown} of {entries} entries shown"),
            false => format!("total of {processes} process{}", if processes == 1 { "" } else { "es" }),
        };
    }
    grid.draw(look)
}

const ERRORS: &[Column] = &[
    Column::new("times", 0),
    Column::new("time", 3),
    Column::new("syscall", 0).words(),
    Column::bad("error", 0).words(),
];

fn errors(tally: &Tally, top: usize, look: Look) -> String {
    let sorted = sorted(tally.failures().rows(), |often| often.times);
    let total = sorted.iter().fold((0u64, 0u64), |(times, ns), (_, often)| {
        (times + often.times, ns.saturating_add(often.time_ns))
    });
    let error = |errno: u32| errno::name(errno).map_or_else(|| format!("errno {errno}"), str::to_owned);
    let rows = sorted
        .into_iter()
        .map(|(failure, often)| {
            let (name, errno) =
                failure.map_or((String::new(), String::new()), |f| (f.name.into(), error(f.errno)));
            let cells = vec![count(often.times), units::duration(often.time_ns), name, errno];
            row(cells, failure.map_or("(others)".to_owned(), |f| about_text(&f.about)))
        })
        .collect();
    let total = vec![count(total.0), units::duration(total.1), String::new(), String::new()];
    listed(ERRORS, "about", rows, top, total, "kinds").draw(look)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_tables() {
        assert_eq!(Table::parse("errors,files,errors"), Ok(vec![Table::Errors, Table::Files]));
        assert!(Table::parse("files,nett").is_err_and(|text| text.contains("'nett'")));
        assert!(Table::parse("").is_err());
    }
}
