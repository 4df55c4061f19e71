//! `trace export --format parquet`: what DuckDB reads in the tables of real programs.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::process::Command;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::run::{Outcome, Run};
use support::{Build, TempDir, compile, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// Rows of a query as JSON: DuckDB's answer, dates and times as text.
const ASK: &str = "
import duckdb, json, sys
rows = duckdb.sql(sys.argv[1])
print(json.dumps([dict(zip(rows.columns, row)) for row in rows.fetchall()], default=str))
";

fn run(dir: &TempDir, words: &[&str]) -> Outcome {
    Run::bare(dir, words).finish()
}

/// Records a program and exports it to `fleet`; how many calls there are.
fn export(dir: &TempDir, name: &str, script: &str) -> usize {
    let file = dir.join(name);
    let file = file.to_str().unwrap();
    let outcome = run(dir, &[TRACE, "record", "-o", file, "--", "sh", "-c", script]);
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let outcome = run(dir, &[TRACE, "export", "--format", "parquet", "-o", "fleet", file]);
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let log = run(dir, &[TRACE, "replay", file, "--json", "-o", "/dev/stdout"]).stdout;
    log.lines().filter(|line| line.contains("\"type\":\"syscall\"")).count()
}

/// What DuckDB answers; `None` where it is missing.
fn ask(dir: &TempDir, query: &str) -> Option<Vec<Value>> {
    // The python of whoever runs the tests: the one that pip has installed for.
    let python = |words: &[&str]| Command::new("python3").args(words).current_dir(dir.path()).output();
    if !python(&["-c", "import duckdb"]).is_ok_and(|output| output.status.success()) {
        missing(&support::this_test(), "duckdb (python3 -m pip install duckdb)");
        return None;
    }
    let output = python(&["-c", ASK, query]).unwrap();
    assert!(output.status.success(), "{query}: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

const FLEET: &str = "read_parquet('fleet/*/*/*.parquet', hive_partitioning = true)";

#[test]
fn duckdb_reads_the_calls_of_several_runs() {
    let dir = TempDir::new("parquet");
    let first =
        export(&dir, "first.trace", "echo 12 > there; cat there | wc -c > count; cat none 2> errors || true");
    let second = export(&dir, "second.trace", "test -e none; test -e none; exit 0");
    let Some(sums) = ask(&dir, &format!("SELECT run, count(*) AS n FROM {FLEET} GROUP BY run ORDER BY run"))
    else {
        return;
    };
    let counts: Vec<u64> = sums.iter().map(|row| row["n"].as_u64().unwrap()).collect();
    assert_eq!(counts, [first as u64, second as u64], "{sums:?}");
    let rows = ask(
        &dir,
        &format!(
            "SELECT *, args->>'$[1].value.text' AS text, duration_ns >= 0 AS took, ts > TIMESTAMP '2020-01-01' AS late
             FROM {FLEET} WHERE comm = 'cat' AND name = 'openat' AND paths[1] LIKE '%/there'"
        ),
    )
    .unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!((&row["text"], &row["errno"], &row["ret"]), (&"there".into(), &Value::Null, &3.into()));
    assert_eq!((&row["took"], &row["late"], &row["fd"]), (&true.into(), &true.into(), &3.into()));
    let target = row["target"].as_str().unwrap();
    assert!(target.ends_with("/there") && row["paths"][0] == target, "{row}");
    assert!(row["exe"].as_str().unwrap().ends_with("/cat") && row["pid"] == row["tid"], "{row}");
    assert!(row["class"].as_array().unwrap().contains(&"file".into()), "{row}");
    let gone =
        ask(&dir, &format!("SELECT * FROM {FLEET} WHERE name = 'exit_group' AND comm = 'wc'")).unwrap();
    assert_eq!((gone.len(), &gone[0]["ret"], &gone[0]["duration_ns"]), (1, &Value::Null, &Value::Null));
    assert_eq!(gone[0]["paths"], Value::Array(Vec::new()));
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    assert_eq!(rows[0]["host"], host.trim());
}

#[test]
fn the_query_of_the_documents_runs() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/exports.md");
    let page = fs::read_to_string(page).unwrap();
    let query = page.split("```sql\n").nth(1).unwrap().split("```").next().unwrap();
    let dir = TempDir::new("parquet");
    for name in ["a.trace", "b.trace"] {
        export(&dir, name, "for i in 1 2 3 4 5 6 7 8 9; do test -e \"none $i\"; done; exit 0");
    }
    let Some(rows) = ask(&dir, query) else { return };
    let row =
        rows.iter().find(|row| row["errno"] == "ENOENT" && row["example"].as_str().unwrap().contains("none"));
    let row = row.unwrap_or_else(|| panic!("{rows:?}"));
    assert_eq!((&row["runs"], row["calls"].as_u64() >= Some(18)), (&2.into(), true), "{rows:?}");
}

#[test]
fn nothing_is_left_of_a_table_that_cannot_be_written() {
    let dir = TempDir::new("parquet");
    let file = dir.join("run.trace");
    let file = file.to_str().unwrap();
    assert_eq!(run(&dir, &[TRACE, "record", "-o", file, "--", "true"]).code(), 0);
    let refused = run(&dir, &[TRACE, "export", "--format", "parquet", file]);
    assert_eq!((refused.code(), refused.stderr.contains("-o DIRECTORY")), (1, true), "{}", refused.stderr);
    fs::write(dir.join("taken"), "").unwrap();
    let refused = run(&dir, &[TRACE, "export", "--format", "parquet", "-o", "taken", file]);
    assert_eq!((refused.code(), refused.stderr.contains("'taken'")), (1, true), "{}", refused.stderr);
    // A recording without calls that are wanted is a table without rows.
    let none = run(&dir, &[TRACE, "export", "--format", "parquet", "-o", "fleet", "-e", "trace=none", file]);
    assert_eq!((none.code(), &*none.stderr), (0, ""));
    let Some(rows) = ask(&dir, &format!("SELECT count(*) AS n FROM {FLEET}")) else { return };
    assert_eq!(rows[0]["n"], 0);
}

#[test]
fn operations_of_io_uring_are_rows_that_no_call_can_be_taken_for() {
    let dir = TempDir::new("parquet-rings");
    let Some(program) = compile(&dir, "rings", Build::Native) else { return };
    let program = program.to_str().unwrap();
    if run(&dir, &[program, "."]).code() == 77 {
        return missing(&support::this_test(), "io_uring (kernel.io_uring_disabled, or a seccomp profile)");
    }
    let outcome = run(&dir, &[TRACE, "record", "-o", "rings.trace", "--", program, ".", "files", "loopback"]);
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let outcome = run(&dir, &[TRACE, "export", "--format", "parquet", "-o", "fleet", "rings.trace"]);
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let rows = ask(
        &dir,
        &format!(
            "SELECT name, ret, errno, paths[1] AS path, fd, target, list_contains(class, 'file') AS file, comm,
             args->>'$[1].value.text' AS text, duration_ns > 0 AS took, pid = tid AS main
             FROM {FLEET} WHERE name LIKE 'io_uring:%' ORDER BY ts"
        ),
    );
    let Some(rows) = rows else { return };
    assert_eq!(rows.len(), 17, "{rows:?}");
    let opens: Vec<&Value> = rows.iter().filter(|row| row["name"] == "io_uring:openat").collect();
    assert_eq!(opens.len(), 2);
    let path = |row: &Value, name: &str| row["path"].as_str().is_some_and(|path| path.ends_with(name));
    assert!(path(opens[0], "/made") && path(opens[1], "/missing"), "{opens:?}");
    assert_eq!(
        (&opens[0]["ret"], &opens[0]["fd"], &opens[0]["text"]),
        (&4.into(), &4.into(), &"made".into())
    );
    assert_eq!((&opens[1]["ret"], &opens[1]["errno"]), (&Value::Null, &"ENOENT".into()));
    assert!(opens.iter().all(|row| row["file"] == true && row["took"] == true && row["main"] == true));
    let recv = rows.iter().find(|row| row["name"] == "io_uring:recv").unwrap();
    assert_eq!((&recv["ret"], &recv["comm"]), (&39.into(), &"rings".into()));
    assert!(recv["target"].as_str().unwrap().starts_with("socket:["), "{recv}");
    // Calls are as they were.
    let calls =
        ask(&dir, &format!("SELECT count(*) AS n FROM {FLEET} WHERE name = 'io_uring_enter'")).unwrap();
    assert_eq!(calls[0]["n"], 17);
}
