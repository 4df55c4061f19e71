//! The workloads, a row each: what runs, with which options, what must come out, and the bar.
//!
//! A size is such that one round under the slowest tracer takes no more than about three seconds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A demand on the measured ratios.
#[derive(Debug, Clone, Copy)]
pub enum Bar {
    /// At least so many times faster than strace.
    Strace(f64),
    /// At least so many times faster than strace pinned to one CPU.
    Pinned(f64),
    /// At most so many times the bare run's time.
    Bare(f64),
}

/// How trace's output is held against strace's.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The same number of calls in the log.
    Exact,
    /// The same number of calls but for this part, which scheduling decides.
    Within(f64),
    /// The same number in this row of the table.
    Summary(&'static str),
    /// The same number of calls, and as many frames of this function.
    Frames(&'static str),
}

/// One workload.
pub struct Workload {
    /// As `--only` names it.
    pub name: &'static str,
    /// The command in the temporary directory; `{n}` is the size.
    pub command: &'static [&'static str],
    /// The size.
    pub size: u64,
    /// Options of strace and trace alike, beside `-f -o FILE`.
    pub options: &'static [&'static str],
    /// What strace gets besides.
    pub strace: &'static [&'static str],
    /// Options of `perf trace`, when it has an output that compares.
    pub perf: Option<&'static [&'static str]>,
    /// What the log must hold.
    pub check: Check,
    /// A directory to empty before each run, and the number of files that it must hold afterwards.
    pub fresh: Option<(&'static str, usize)>,
    /// Whether it is a server: the time is that of its clients.
    pub server: bool,
    /// Programs without which it cannot run.
    pub needs: &'static [&'static str],
    /// The bars.
    pub bars: &'static [Bar],
}

/// Files that the parallel compile has.
const UNITS: usize = 24;
/// Directories of the tree, and files in each.
const TREE: (usize, usize) = (60, 50);

const PLAIN: Workload = Workload {
    name: "",
    command: &[],
    size: 1,
    options: &[],
    strace: &[],
    perf: Some(&[]),
    check: Check::Exact,
    fresh: None,
    server: false,
    needs: &["cc"],
    bars: &[],
};

const OPENAT: Workload = Workload {
    options: &["-e", "trace=openat"],
    strace: &["--seccomp-bpf"],
    perf: Some(&["-e", "openat"]),
    bars: &[Bar::Strace(1.0)],
    ..PLAIN
};

const EXECVE: Workload = Workload {
    options: &["-e", "trace=execve"],
    strace: &["--seccomp-bpf"],
    perf: Some(&["-e", "execve"]),
    ..PLAIN
};

const COMPILE: Workload = Workload {
    command: &["make", "-s", "-j2"],
    check: Check::Within(0.02),
    fresh: Some(("objects", UNITS)),
    needs: &["cc", "make"],
    ..PLAIN
};

/// All of them, in the order of the table.
pub const ALL: &[Workload] = &[
    Workload {
        name: "dense",
        command: &["./dense", "{n}"],
        size: 10_000,
        bars: &[Bar::Strace(6.0), Bar::Pinned(1.2)],
        ..PLAIN
    },
    Workload {
        name: "open-close-y",
        command: &["./open_close", "{n}"],
        size: 4_000,
        options: &["-y"],
        perf: None,
        bars: &[Bar::Strace(6.0), Bar::Pinned(1.5)],
        ..PLAIN
    },
    Workload {
        name: "open-close-yy",
        command: &["./open_close", "{n}"],
        size: 4_000,
        options: &["-yy"],
        perf: None,
        bars: &[Bar::Strace(6.0), Bar::Pinned(1.5)],
        ..PLAIN
    },
    Workload {
        name: "dd-bs1",
        command: &["dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count={n}", "status=none"],
        size: 5_000,
        needs: &["dd"],
        ..PLAIN
    },
    Workload { name: "openat-of-dense", command: &["./dense", "{n}"], size: 1_500_000, ..OPENAT },
    Workload {
        name: "openat-of-dd",
        command: &["dd", "if=/dev/zero", "of=/dev/null", "bs=512", "count={n}", "status=none"],
        size: 500_000,
        needs: &["dd"],
        ..OPENAT
    },
    Workload {
        name: "openat-of-compile",
        options: OPENAT.options,
        strace: OPENAT.strace,
        perf: OPENAT.perf,
        bars: &[Bar::Strace(1.2)],
        ..COMPILE
    },
    Workload {
        name: "execs-of-compile",
        options: EXECVE.options,
        strace: EXECVE.strace,
        perf: EXECVE.perf,
        check: Check::Exact,
        bars: &[Bar::Bare(1.1)],
        ..COMPILE
    },
    Workload {
        name: "execs-of-forks",
        command: &["./execs", "{n}", "./nothing"],
        size: 300,
        bars: &[Bar::Bare(1.25)],
        ..EXECVE
    },
    Workload {
        name: "count-dense",
        command: &["./dense", "{n}"],
        size: 10_000,
        options: &["-c"],
        perf: Some(&["-s"]),
        check: Check::Summary("getppid"),
        bars: &[Bar::Strace(6.0)],
        ..PLAIN
    },
    Workload {
        name: "stacks",
        command: &["./stacks", "{n}"],
        size: 600,
        options: &["-k"],
        perf: None,
        check: Check::Frames("main"),
        bars: &[Bar::Strace(10.0)],
        ..PLAIN
    },
    Workload {
        name: "cpu-pair",
        command: &["./pair", "{n}"],
        size: 200_000_000,
        bars: &[Bar::Bare(1.05)],
        ..PLAIN
    },
    Workload { name: "compile", bars: &[Bar::Strace(2.5), Bar::Pinned(1.2)], ..COMPILE },
    Workload {
        name: "find",
        command: &["find", "tree", "-type", "f", "-size", "+1000"],
        needs: &["find"],
        ..PLAIN
    },
    Workload {
        name: "http-server",
        command: &["python3", "server.py", "{n}"],
        size: 200,
        check: Check::Within(0.05),
        server: true,
        needs: &["python3"],
        ..PLAIN
    },
];

impl Workload {
    /// The command's words for a size that is `divisor` times smaller.
    pub fn words(&self, divisor: u64) -> Vec<String> {
        let size = (self.size / divisor).max(1).to_string();
        self.command.iter().map(|word| word.replace("{n}", &size)).collect()
    }

    /// The first program that is missing.
    pub fn missing(&self) -> Option<&'static str> {
        self.needs.iter().copied().find(|name| find(name).is_none())
    }

    /// Empties the directory that a run fills.
    pub fn refresh(&self, dir: &Path) -> Result<(), String> {
        let Some((name, _)) = self.fresh else { return Ok(()) };
        fs::remove_dir_all(dir.join(name)).ok();
        fs::create_dir(dir.join(name)).map_err(|e| format!("{name}: {e}"))
    }

    /// Whether the run left what it had to leave.
    pub fn proves(&self, dir: &Path) -> Result<(), String> {
        let Some((name, wanted)) = self.fresh else { return Ok(()) };
        let found = fs::read_dir(dir.join(name)).map_err(|e| format!("{name}: {e}"))?.count();
        if found == wanted { Ok(()) } else { Err(format!("{found} files in {name} instead of {wanted}")) }
    }
}

/// Where PATH has a program.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// The interpreter itself rather than a script that looks for it.
pub fn python() -> Option<String> {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

const PROGRAMS: &[(&str, &str)] = &[
    ("dense", include_str!("../../tests/programs/dense.c")),
    ("open_close", include_str!("programs/open_close.c")),
    ("execs", include_str!("programs/execs.c")),
    ("pair", include_str!("programs/pair.c")),
    ("stacks", include_str!("programs/stacks.c")),
    ("nothing", "int main(void) { return 0; }\n"),
];

/// Builds everything in `dir`; what has no compiler is left out, and its rows say so.
pub fn build(dir: &Path) -> Result<(), String> {
    let write = |name: &str, text: &str| fs::write(dir.join(name), text).map_err(|e| format!("{name}: {e}"));
    write("server.py", include_str!("programs/server.py"))?;
    write("page.html", &"<p>A page of about a kilobyte.</p>\n".repeat(30))?;
    tree(&dir.join("tree")).map_err(|e| format!("tree: {e}"))?;
    write("Makefile", &makefile())?;
    for unit in 0..UNITS {
        write(&format!("unit{unit}.c"), &unit_text(unit))?;
    }
    if find("cc").is_none() {
        return Ok(());
    }
    for (name, text) in PROGRAMS {
        let source = format!("{name}.c");
        write(&source, text)?;
        let mut cc = Command::new("cc");
        // Tail calls would take frames away from the stacks.
        cc.args(["-O1", "-g", "-fno-optimize-sibling-calls", "-o", name, &source]).current_dir(dir);
        let status = cc.status().map_err(|e| format!("cc: {e}"))?;
        if !status.success() {
            return Err(format!("cc does not compile {source}: are the headers of libc installed?"));
        }
    }
    Ok(())
}

fn tree(root: &Path) -> std::io::Result<()> {
    for dir in 0..TREE.0 {
        let dir = root.join(format!("dir{dir}"));
        fs::create_dir_all(&dir)?;
        for file in 0..TREE.1 {
            fs::write(dir.join(format!("file{file}")), b"x")?;
        }
    }
    Ok(())
}

fn makefile() -> String {
    let objects: Vec<_> = (0..UNITS).map(|unit| format!("objects/unit{unit}.o")).collect();
    format!("all: {}\nobjects/%.o: %.c\n\tcc -O1 -c -o $@ $<\n", objects.join(" "))
}

fn unit_text(unit: usize) -> String {
    let mut text = String::from("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n");
    for function in 0..8 {
        text += &format!(
            "int f{unit}_{function}(char *s, int n) {{\n    for (int i = 0; i < n; i++)\n        \
             s[i] = (char)(s[i] * {function} + i);\n    return printf(\"%s %zu\\n\", s, strlen(s));\n}}\n"
        );
    }
    text
}
