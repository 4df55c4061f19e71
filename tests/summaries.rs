//! `--summary=` tables and `--summary-interval` on real programs, against numbers that are known beforehand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;

use support::run::{Outcome, Run};
use support::{TempDir, has_tool, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

fn run(dir: &TempDir, options: &[&str], words: &[&str]) -> Outcome {
    let outcome = Run::traced(dir, Path::new(TRACE), options, words).finish();
    assert_eq!(outcome.leftovers, 0, "{words:?}");
    outcome
}

/// A table of a report: its heads, and its rows by cell, the last cell with spaces.
struct Table {
    text: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    total: Vec<String>,
}

impl Table {
    /// The tables of a report, which an empty line parts.
    fn all(text: &str) -> Vec<Table> {
        text.trim_end().split("\n\n").map(Table::parse).collect()
    }

    fn parse(text: &str) -> Table {
        let lines: Vec<&str> = text.lines().collect();
        let mut columns = Vec::new();
        let mut at = 0;
        for dashes in lines[1].split(' ') {
            columns.push((at, at + dashes.len()));
            at += dashes.len() + 1;
        }
        columns.last_mut().unwrap().1 = usize::MAX;
        let cells = |line: &str| -> Vec<String> {
            let cell = |&(from, to): &(usize, usize)| {
                line.get(from..to.min(line.len())).unwrap_or("").trim().to_owned()
            };
            columns.iter().map(cell).collect()
        };
        let rules: Vec<usize> = (0..lines.len()).filter(|&at| lines[at] == lines[1]).collect();
        assert_eq!(rules, [1, lines.len() - 2], "{text}");
        let rows = lines[2..rules[1]].iter().map(|line| cells(line)).collect();
        Table { text: text.to_owned(), heads: cells(lines[0]), rows, total: cells(lines[lines.len() - 1]) }
    }

    fn number(&self, cells: &[String], head: &str) -> u64 {
        let Some(at) = self.heads.iter().position(|name| name == head) else { return 0 };
        match &*cells[at] {
            "" => 0,
            text => text.parse().unwrap_or_else(|_| panic!("{head}: {text} in\n{}", self.text)),
        }
    }

    /// The number under `head` in the row whose last cell is `name`.
    fn get(&self, name: &str, head: &str) -> u64 {
        let row = self.rows.iter().find(|row| row.last().unwrap() == name);
        self.number(row.unwrap_or_else(|| panic!("no {name} in\n{}", self.text)), head)
    }

    fn column(&self, head: &str) -> Vec<u64> {
        self.rows.iter().map(|row| self.number(row, head)).collect()
    }
}

#[test]
fn files_are_counted_to_the_byte() {
    let dir = TempDir::new("summaries");
    let here = fs::canonicalize(dir.path()).unwrap();
    let here = here.to_str().unwrap();
    fs::write(dir.join("in"), vec![b'x'; 7000]).unwrap();
    let outcome =
        run(&dir, &["--summary=files", "--summary-top=1000"], &["dd", "if=in", "of=out", "bs=1000"]);
    let table = Table::parse(&outcome.log);
    let (input, output) = (format!("{here}/in"), format!("{here}/out"));
    // Seven blocks and the end of the file.
    let read = ["opens", "reads", "writes", "read", "written", "errors"].map(|head| table.get(&input, head));
    assert_eq!(read, [1, 8, 0, 7000, 0, 0], "{}", table.text);
    let written =
        ["opens", "reads", "writes", "read", "written", "errors"].map(|head| table.get(&output, head));
    assert_eq!(written, [1, 0, 7, 0, 7000, 0], "{}", table.text);
    for head in ["calls", "opens", "reads", "writes", "read", "written", "errors"] {
        assert_eq!(table.number(&table.total, head), table.column(head).iter().sum::<u64>(), "{head}");
    }
    let calls = table.column("calls");
    assert!(calls.is_sorted_by(|a, b| a >= b), "{}", table.text);
}

#[test]
fn a_descriptor_leads_to_its_path_whoever_opened_it() {
    let dir = TempDir::new("summaries");
    let here = fs::canonicalize(dir.path()).unwrap();
    // Opened by the shell, written by three children, through a duplicate and through a directory that changed.
    let shell = "mkdir sub; cd sub; exec 5>../log; printf 123 >&5; (printf 4567 >&5); sh -c 'printf 89 >&5'; cat ../log";
    let outcome = run(&dir, &["--summary=files", "--summary-top=1000"], &["sh", "-c", shell]);
    let table = Table::parse(&outcome.log);
    let log = format!("{}/log", here.display());
    assert_eq!(outcome.stdout, "123456789");
    assert_eq!((table.get(&log, "written"), table.get(&log, "read")), (9, 9), "{}", table.text);
    assert_eq!(table.get(&log, "opens"), 2);
    assert!(
        table.rows.iter().any(|row| *row.last().unwrap() == format!("{}/sub", here.display())),
        "{}",
        table.text
    );
}

#[test]
fn failures_are_told_apart_by_what_they_are_about() {
    let dir = TempDir::new("summaries");
    let here = fs::canonicalize(dir.path()).unwrap();
    fs::write(dir.join("file"), "").unwrap();
    let shell = "cat missing 2>/dev/null; cat missing 2>/dev/null; cat ./missing 2>/dev/null; cat file/x 2>/dev/null; :";
    let outcome = run(&dir, &["--summary=errors", "--summary-top=1000"], &["sh", "-c", shell]);
    let table = Table::parse(&outcome.log);
    let find = |path: String, error: &str| {
        let row =
            table.rows.iter().find(|row| *row.last().unwrap() == path && row.contains(&error.to_owned()));
        table.number(row.unwrap_or_else(|| panic!("no {path} {error} in\n{}", table.text)), "times")
    };
    assert_eq!(find(format!("{}/missing", here.display()), "ENOENT"), 3);
    assert_eq!(find(format!("{}/file/x", here.display()), "ENOTDIR"), 1);
    assert_eq!(table.number(&table.total, "times"), table.column("times").iter().sum::<u64>());
}

#[test]
fn the_table_has_as_many_rows_as_asked_and_sums_of_all() {
    let dir = TempDir::new("summaries");
    let words = ["ls", "/"];
    let all = Table::parse(&run(&dir, &["--summary=files", "--summary-top=1000"], &words).log);
    let few = Table::parse(&run(&dir, &["--summary=files", "--summary-top=2"], &words).log);
    assert_eq!(few.rows.len(), 2);
    assert_eq!(*few.total.last().unwrap(), format!("total, 2 of {} paths shown", all.rows.len()));
    assert_eq!(few.number(&few.total, "calls"), all.number(&all.total, "calls"));
}

const LOOPBACK: &str = r#"
import socket, threading
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
def serve():
    for _ in range(2):
        client, _ = server.accept()
        while client.recv(4096): pass
        client.sendall(b"x" * 3000)
        client.close()
thread = threading.Thread(target=serve)
thread.start()
for _ in range(2):
    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b"y" * 50)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096): pass
thread.join()
one, two = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
one.bind(("127.0.0.1", 0))
two.sendto(b"z" * 10, one.getsockname())
_, back = one.recvfrom(100)
one.sendto(b"w" * 20, back)
two.recvfrom(100)
closed = socket.socket()
closed.bind(("127.0.0.1", 0))
for _ in range(3):
    try: socket.create_connection(closed.getsockname())
    except ConnectionRefusedError: pass
unix = socket.socket(socket.AF_UNIX)
unix.bind("sock"); unix.listen()
left = socket.socket(socket.AF_UNIX); left.connect("sock")
right, _ = unix.accept()
left.sendmsg([b"12", b"345"]); right.recv(10)
print(server.getsockname()[1], one.getsockname()[1], closed.getsockname()[1])
"#;

#[test]
fn peers_of_a_loopback_server() {
    if !has_tool("/usr/bin/python3") {
        return missing("peers_of_a_loopback_server", "python3");
    }
    let dir = TempDir::new("summaries");
    fs::write(dir.join("loopback.py"), LOOPBACK).unwrap();
    let outcome = run(&dir, &["--summary=net"], &["/usr/bin/python3", "loopback.py"]);
    let ports: Vec<&str> = outcome.stdout.split_whitespace().collect();
    assert_eq!(ports.len(), 3, "{}{}", outcome.stdout, outcome.stderr);
    let table = Table::parse(&outcome.log);
    let row = |way: &str, peer: &str| -> [u64; 4] {
        let row = table.rows.iter().find(|row| row[1] == way && row.last().unwrap() == peer);
        let row = row.unwrap_or_else(|| panic!("no {way} {peer} in\n{}", table.text));
        ["connects", "in", "out", "failures"].map(|head| table.number(row, head))
    };
    let [tcp, udp, closed] = [ports[0], ports[1], ports[2]].map(|port| format!("127.0.0.1:{port}"));
    assert_eq!(row("out", &tcp), [2, 6000, 100, 0], "{}", table.text);
    assert_eq!(row("in", &format!("127.0.0.1 to {tcp}")), [2, 100, 6000, 0], "{}", table.text);
    assert_eq!(row("out", &udp), [0, 20, 10, 0], "{}", table.text);
    assert_eq!(row("in", &format!("127.0.0.1 to {udp}")), [0, 10, 20, 0], "{}", table.text);
    assert_eq!(row("out", &closed), [0, 0, 0, 3], "{}", table.text);
    assert_eq!(row("out", "sock"), [1, 0, 5, 0], "{}", table.text);
    let protocols: Vec<&str> = table.rows.iter().map(|row| row[0].as_str()).collect();
    assert!(["tcp", "udp", "unix"].iter().all(|name| protocols.contains(name)), "{}", table.text);
}

#[test]
fn processes_with_their_times() {
    let dir = TempDir::new("summaries");
    let burn = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
    let shell = format!("sh -c '{burn}'; sleep 0.2; ls /nowhere 2>/dev/null; :");
    let outcome = run(&dir, &["--summary=procs"], &["sh", "-c", &shell]);
    let table = Table::parse(&outcome.log);
    let cell = |command: &str, head: &str| -> String {
        let row = table.rows.iter().find(|row| row.last().unwrap().starts_with(command));
        let row = row.unwrap_or_else(|| panic!("no {command} in\n{}", table.text));
        row[table.heads.iter().position(|name| name == head).unwrap()].clone()
    };
    assert_eq!(table.rows.len(), 4, "{}", table.text);
    assert_eq!(cell("ls /nowhere", "end"), "2");
    // It slept in one call for at least its time; how much longer is the machine's affair.
    let seconds = |text: &str| match text.strip_suffix("ms") {
        Some(ms) => ms.parse::<f64>().unwrap() / 1e3,
        None => text.strip_suffix('s').unwrap().parse::<f64>().unwrap(),
    };
    assert!(seconds(&cell("sleep 0.2", "in calls")) >= 0.2, "{}", table.text);
    assert!(seconds(&cell("sleep 0.2", "wall")) >= 0.2, "{}", table.text);
    // The shell's SIGCHLD said so, in ticks of ten milliseconds; of the shell itself nobody was told.
    assert!(seconds(&cell("sh -c 'i=0", "cpu")) >= 0.01, "{}", table.text);
    assert_eq!(cell("sh -c 'sh -c", "cpu"), "", "{}", table.text);
}

#[test]
fn several_tables_and_the_tree_come_from_one_run() {
    let dir = TempDir::new("summaries");
    let options = ["--tree", "--summary=errors,procs", "--summary=files"];
    let outcome = run(&dir, &options, &["sh", "-c", "cat /nowhere 2>/dev/null; :"]);
    let tables = Table::all(&outcome.log);
    let last: Vec<&str> = tables.iter().map(|table| table.heads.last().unwrap().as_str()).collect();
    assert_eq!(last, ["command", "about", "command", "path"], "{}", outcome.log);
    let errors = tables[1].number(&tables[1].total, "times");
    assert!(errors > 0);
    assert_eq!(tables[2].number(&tables[2].total, "errors"), errors);
    assert_eq!(tables[0].number(&tables[0].total, "errs"), errors);
    assert_eq!(tables[2].number(&tables[2].total, "calls"), tables[0].number(&tables[0].total, "calls"));
}

#[test]
fn calls_are_the_same_as_those_of_the_summary() {
    let dir = TempDir::new("summaries");
    let words = ["ls", "/usr"];
    let with = run(&dir, &["--summary=procs", "-c", "-U", "calls,errors,name"], &words);
    let line = with.log.lines().find(|line| line.ends_with(" total")).unwrap();
    let counted: Vec<u64> = line.split_whitespace().take(2).map(|word| word.parse().unwrap()).collect();
    let table = Table::parse(with.log.split(" total\n").nth(1).unwrap());
    let own = ["calls", "errors"].map(|head| table.number(&table.total, head));
    // exit_group never returns, and is counted by neither.
    assert_eq!(counted, own, "{}", with.log);
}

/// A process that is killed in a call.
const KILLED: &str = "$child = fork // die; $child or sleep 100;
    do { open F, \"/proc/$child/syscall\"; } until <F> =~ /^230 /; kill 9, $child; wait";

#[test]
fn a_call_in_which_its_task_dies_is_not_counted() {
    let (dir, asked) = (TempDir::new("summaries"), "trace=clock_nanosleep,kill");
    let asked = ["-c", "-S", "name", "-U", "calls,name", "-e", asked];
    let words = ["perl", "-e", KILLED];
    let strict = |program: &Path| {
        let outcome = Run::traced(&dir, program, &asked, &words).finish();
        assert_eq!((outcome.code(), outcome.leftovers), (0, 0), "{}", outcome.stderr);
        Table::parse(&outcome.log).rows
    };
    let link = dir.join("strace");
    std::os::unix::fs::symlink(TRACE, &link).unwrap();
    let ours = strict(&link);
    assert_eq!(ours, [["1", "kill"]]);
    if has_tool("strace") {
        assert_eq!(strict(Path::new("strace")), ours);
    } else {
        missing("calls in which tasks die", "strace (package strace)");
    }
    let file = dir.join("run.trace");
    let record = [&[TRACE, "record", "-o", file.to_str().unwrap(), "--"], &words[..]].concat();
    assert_eq!(Run::bare(&dir, &record).finish().code(), 0);
    for (columns, table) in
        [("calls,name", vec![vec!["1", "kill"]]), ("calls,errors,name", vec![vec!["1", "", "kill"]])]
    {
        let words =
            [TRACE, "replay", file.to_str().unwrap(), "-c", "-U", columns, "-e", asked[6], "-o", "counts"];
        assert_eq!(Run::bare(&dir, &words).finish().code(), 0);
        assert_eq!(Table::parse(&fs::read_to_string(dir.join("counts")).unwrap()).rows, table);
    }
}

#[test]
fn summary_without_a_value_is_strace_s() {
    let dir = TempDir::new("summaries");
    for option in ["-C", "--summary"] {
        let outcome = run(&dir, &[option], &["true"]);
        assert!(
            outcome.log.contains("execve(") && outcome.log.contains("% time"),
            "{option}: {}",
            outcome.log
        );
    }
}

#[test]
fn a_live_summary_in_a_file_is_tables_with_their_time() {
    let dir = TempDir::new("summaries");
    let words = ["sh", "-c", "i=0; while [ $i -lt 10 ]; do i=$((i+1)); sleep 0.05; done"];
    let outcome = run(&dir, &["--summary-interval", "50ms"], &words);
    let heads: Vec<&str> = outcome.log.lines().filter(|line| line.ends_with(" s:")).collect();
    assert!(heads.len() >= 3, "{}", outcome.log);
    let after = |line: &&str| -> f64 {
        line.split(" after ").nth(1).unwrap().trim_end_matches(" s:").parse().unwrap()
    };
    let times: Vec<f64> = heads.iter().map(after).collect();
    assert!(times.is_sorted() && times[0] >= 0.05, "{times:?}");
    assert!(!outcome.log.contains('\x1b'));
    let totals: Vec<u64> = outcome
        .log
        .lines()
        .filter(|line| line.ends_with(" total"))
        .map(|line| line.split_whitespace().nth(3).unwrap().parse().unwrap())
        .collect();
    assert_eq!(totals.len(), heads.len());
    assert!(totals.is_sorted() && totals[0] < *totals.last().unwrap(), "{totals:?}");
    // The last one is what -c says at the end.
    let last = outcome.log.rsplit(" s:\n").next().unwrap();
    assert!(last.contains("clock_nanosleep"), "{last}");
    let sleeps = last.lines().find(|line| line.ends_with("clock_nanosleep")).unwrap();
    assert_eq!(sleeps.split_whitespace().nth(3), Some("10"), "{last}");
}

/// What a live summary of `shell` sends to a terminal.
fn live_on_screen(dir: &TempDir, shell: &str) -> String {
    fs::write(dir.join("shell"), shell).unwrap();
    let command = format!(
        "stty cols 80 rows 24; {TRACE} --summary-interval 50ms -e trace=write,openat,execve sh shell"
    );
    let outcome = Run::bare(dir, &["script", "-qec", &command, "/dev/null"]).finish();
    assert_eq!(outcome.leftovers, 0);
    outcome.stdout.replace('\r', "")
}

#[test]
fn a_live_summary_on_a_terminal_is_drawn_in_place_and_spares_what_the_program_wrote() {
    if !has_tool("script") {
        return missing("a_live_summary_on_a_terminal", "script (package bsdutils)");
    }
    let dir = TempDir::new("summaries");
    let quiet = live_on_screen(&dir, "for i in 1 2 3 4 5; do sleep 0.06; done");
    let tables: Vec<&str> = quiet.split("% time").collect();
    assert!(tables.len() > 3, "{quiet:?}");
    // Every table but the first begins by going up as many lines as the one before has, and clearing them.
    for pair in tables[1..].windows(2) {
        let lines = pair[0].matches('\n').count();
        assert!(pair[0].ends_with(&format!("\x1b[{lines}A\x1b[J")), "{pair:?}");
    }
    let noisy = live_on_screen(&dir, "for i in 1 2 3; do echo line $i; sleep 0.3; done; echo end");
    for line in ["line 1\n", "line 2\n", "line 3\n", "end\n"] {
        let after = noisy.split(line).nth(1).unwrap_or_else(|| panic!("no {line} in {noisy:?}"));
        // What comes next is a table below it, not one that goes up over it.
        assert!(after.starts_with("% time"), "{line}: {noisy:?}");
    }
}
