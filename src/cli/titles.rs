//! Under which title of the help each option of strace's table stands, in order.

use super::options::Options;
use super::rows::ROWS;
use super::table::{Entry, Row};

/// Titles, which are strace's, and options: by their long names, else by their letters.
const TITLES: &[(&str, &[&str])] = &[
    ("General", &["expr"]),
    ("Startup", &["env", "attach", "user", "argv0"]),
    (
        "Tracing",
        &[
            "detach-on",
            "D",
            "daemonize",
            "f",
            "follow-forks",
            "no-follow",
            "F",
            "interruptible",
            "kill-on-exit",
            "syscall-limit",
        ],
    ),
    (
        "Filtering",
        &["trace", "trace-fds", "signal", "status", "trace-path", "successful-only", "failed-only"],
    ),
    (
        "Output format",
        &[
            "columns",
            "abbrev",
            "verbose",
            "raw",
            "read",
            "write",
            "q",
            "quiet",
            "kvm",
            "namespace",
            "y",
            "decode-fds",
            "Y",
            "decode-pids",
            "pidns-translation",
            "secontext",
            "instruction-pointer",
            "stack-trace",
            "stack-trace-frame-limit",
            "syscall-number",
            "arg-names",
            "output",
            "output-append-mode",
            "output-separately",
            "always-show-pid",
            "color",
            "relative-timestamps",
            "string-limit",
            "t",
            "absolute-timestamps",
            "syscall-times",
            "no-abbrev",
            "x",
            "strings-in-hex",
            "const-print-style",
        ],
    ),
    (
        "Statistics",
        &[
            "summary-only",
            "summary",
            "summary-syscall-overhead",
            "summary-sort-by",
            "summary-columns",
            "summary-wall-clock",
        ],
    ),
    ("Tampering", &["inject", "fault"]),
    ("Miscellaneous", &["debug", "help", "seccomp-bpf", "no-seccomp", "placement", "tips", "version"]),
];

fn is(row: &Row<Options>, name: &str) -> bool {
    row.long == name || row.long.is_empty() && row.short.is_some_and(|short| name.as_bytes() == [short])
}

/// Every option of strace's table under its title.
pub(super) fn titled() -> Vec<(&'static str, Vec<Entry>)> {
    let under = |names: &&[&str]| -> Vec<Entry> {
        names.iter().filter_map(|name| ROWS.iter().find(|row| is(row, name))).map(Row::entry).collect()
    };
    TITLES.iter().map(|(title, names)| (*title, under(names))).collect()
}

#[cfg(test)]
mod tests {
    use super::{ROWS, TITLES, is};

    #[test]
    fn every_option_stands_under_one_title() {
        let names: Vec<&str> = TITLES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for row in ROWS {
            let titles = names.iter().filter(|name| is(row, name)).count();
            assert_eq!(titles, 1, "--{} -{:?}", row.long, row.short.map(char::from));
        }
        assert_eq!(names.len(), ROWS.len());
    }
}
