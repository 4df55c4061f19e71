//! `--tree` on real programs: who started whom, what each ran, and numbers that are known beforehand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use support::run::Run;
use support::{Build, TempDir, compile, has_tool, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// A tree as it was printed to a file: heads, and rows of cells by head, the last one being the command with its lines.
struct Tree {
    text: String,
    rows: Vec<Vec<(String, String)>>,
}

impl Tree {
    /// Cells stand below the ends of their heads, as the rule under them shows.
    fn parse(text: &str) -> Tree {
        let lines: Vec<&str> = text.lines().collect();
        let rule = lines[1];
        let mut columns = Vec::new();
        let mut at = 0;
        for dashes in rule.split(' ') {
            columns.push((at, at + dashes.len()));
            at += dashes.len() + 1;
        }
        let last = columns.pop().unwrap().0;
        let cell = |line: &str, from: usize, to: usize| {
            line.get(from..to.min(line.len())).unwrap_or("").trim().to_owned()
        };
        let row = |line: &&str| {
            let mut cells: Vec<_> =
                columns.iter().map(|&(from, to)| (cell(lines[0], from, to), cell(line, from, to))).collect();
            cells.push(("command".into(), line.get(last..).unwrap_or("").to_owned()));
            cells
        };
        let rows = lines[2..].iter().filter(|line| !line.starts_with("--")).map(row).collect();
        Tree { text: text.to_owned(), rows }
    }

    fn commands(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.last().unwrap().1.as_str()).collect()
    }

    /// The row whose command holds `what`.
    fn row(&self, what: &str) -> &[(String, String)] {
        let found = self.rows.iter().find(|row| row.last().unwrap().1.contains(what));
        found.unwrap_or_else(|| panic!("no {what} in:\n{}", self.text))
    }

    fn cell(&self, what: &str, head: &str) -> &str {
        self.row(what).iter().find(|(name, _)| name == head).map_or("", |(_, cell)| cell)
    }
}

fn tree_of(dir: &TempDir, options: &[&str], words: &[&str]) -> Tree {
    let all = [&["--tree"], options].concat();
    let outcome = Run::traced(dir, Path::new(TRACE), &all, words).finish();
    assert_eq!(outcome.leftovers, 0, "{words:?}");
    assert!(!outcome.stderr.contains("trace"), "{words:?}: {}", outcome.stderr);
    Tree::parse(&outcome.log)
}

fn script(dir: &TempDir, name: &str, text: &str) {
    let path = dir.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_pipeline_and_its_numbers() {
    let dir = TempDir::new("tree");
    let shell = "dd if=/dev/zero bs=1000 count=7 2>/dev/null | cat > out; exit 3";
    let tree = tree_of(&dir, &[], &["sh", "-c", shell]);
    let here = fs::canonicalize(dir.path()).unwrap();
    let top = format!("sh -c '{shell}' [in {}]", here.display());
    let commands = tree.commands();
    assert_eq!(commands.len(), 4, "{}", tree.text);
    assert_eq!(commands[0], top);
    // The shell starts both before either ends, in this order.
    assert_eq!(commands[1..], ["|- dd if=/dev/zero bs=1000 count=7", "`- cat", "3 processes"]);
    // What the kernel moved besides: the head of libc, and nothing is written but the seven thousand bytes and
    // dd's own report.
    let written: u64 = tree.cell("- dd if=", "wrote").parse().unwrap();
    let report: u64 = written - 7000;
    assert!((1..200).contains(&report), "{}", tree.text);
    assert_eq!(tree.cell("- cat", "wrote"), "7000", "{}", tree.text);
    assert_eq!(fs::metadata(dir.join("out")).unwrap().len(), 7000);
    assert_eq!(tree.cell("sh -c", "end"), "3");
    assert_eq!(tree.cell("- cat", "end"), "0");
}

#[test]
fn one_process_that_becomes_another_and_another() {
    let dir = TempDir::new("tree");
    let tree = tree_of(&dir, &[], &["env", "A=1", "sh", "-c", "exec true 'a b'"]);
    let commands = tree.commands();
    assert!(commands[0].starts_with("env A=1 sh -c 'exec true '\\''a b'\\''' [in "), "{}", tree.text);
    assert_eq!(commands[1..], ["   => sh -c 'exec true '\\''a b'\\'''", "   => true 'a b'", "1 process"]);
}

#[test]
fn scripts_are_told_from_shells_that_read_them() {
    let dir = TempDir::new("tree");
    script(&dir, "plain.sh", "#!/bin/sh\ntrue\n");
    script(&dir, "with-option.sh", "#!/bin/sh -e\n/bin/true\n");
    let tree = tree_of(
        &dir,
        &[],
        &["sh", "-c", "./plain.sh 'x  y'; ./with-option.sh; sh ./plain.sh; sh -c /bin/true"],
    );
    let commands = tree.commands();
    let expected = [
        "|- ./plain.sh 'x  y' [script of /bin/sh]",
        "|- ./with-option.sh [script of /bin/sh -e]",
        "|  `- /bin/true",
        "|- sh ./plain.sh",
        "`- sh -c /bin/true",
    ];
    assert_eq!(commands[1..6], expected, "{}", tree.text);
    // Some shells become the last command, others start it.
    assert!(["      => /bin/true", "   `- /bin/true"].contains(&commands[6]), "{}", tree.text);
}

#[test]
fn directories_ends_and_forks() {
    let dir = TempDir::new("tree");
    fs::create_dir(dir.join("sub dir")).unwrap();
    let shell =
        "(cd 'sub dir'; /bin/true; sh -c 'kill -9 $$'; :); (/bin/true; exec sh -c 'kill -TERM $$'); false";
    let tree = tree_of(&dir, &[], &["sh", "-c", shell]);
    let here = fs::canonicalize(dir.path()).unwrap();
    let expected = [
        "|- (sh) [forked]".to_owned(),
        format!("|  |- /bin/true [in {}/sub dir]", here.display()),
        format!("|  `- sh -c 'kill -9 $$' [in {}/sub dir]", here.display()),
        "`- (sh) [forked]".to_owned(),
        "   |  => sh -c 'kill -TERM $$'".to_owned(),
        "   `- /bin/true".to_owned(),
        "6 processes".to_owned(),
    ];
    assert_eq!(tree.commands()[1..], expected, "{}", tree.text);
    let end = |row: usize| tree.rows[row].iter().find(|(head, _)| head == "end").unwrap().1.as_str();
    let ends: Vec<&str> = (0..7).map(end).collect();
    assert_eq!(ends, ["1", "0", "0", "SIGKILL", "SIGTERM", "", "0"], "{}", tree.text);
}

#[test]
fn equal_siblings_are_one_line() {
    let dir = TempDir::new("tree");
    let shell =
        "for i in 1 2 3 4 5 6 7; do ls /nowhere 2>/dev/null; done; /bin/true; ls /nowhere 2>/dev/null; :";
    let tree = tree_of(&dir, &[], &["sh", "-c", shell]);
    assert_eq!(tree.commands()[1..], ["|- ls /nowhere x 8", "`- /bin/true", "10 processes"], "{}", tree.text);
    assert_eq!(tree.cell("- ls /nowhere", "end"), "2");
    // Alone it makes the same number of calls each time.
    let one = tree_of(&dir, &[], &["sh", "-c", "ls /nowhere 2>/dev/null; :"]);
    let calls = |tree: &Tree| tree.cell("- ls /nowhere", "calls").parse::<u64>().unwrap();
    assert_eq!(calls(&tree), 8 * calls(&one), "{}\n{}", tree.text, one.text);
}

#[test]
fn threads_are_folded_into_their_process() {
    if !has_tool("/usr/bin/python3") {
        return missing("threads_are_folded_into_their_process", "python3");
    }
    let dir = TempDir::new("tree");
    let program = "import threading\nts = [threading.Thread(target=lambda: None) for _ in range(11)]\n[t.start() for t in ts]\n[t.join() for t in ts]\n";
    fs::write(dir.join("threads.py"), program).unwrap();
    let tree = tree_of(&dir, &[], &["/usr/bin/python3", "threads.py"]);
    assert!(tree.commands()[0].contains(" [12 threads] [in "), "{}", tree.text);
    assert_eq!(tree.commands()[1], "1 process");
}

#[test]
fn a_thread_that_runs_another_program_takes_its_process_with_it() {
    let dir = TempDir::new("tree");
    let Some(program) = compile(&dir, "thread_exec", Build::Native) else { return };
    let program = program.to_str().unwrap();
    let tree = tree_of(&dir, &[], &[program, "2"]);
    let commands = tree.commands();
    // Two times the leader and three threads, of which one goes on as the next leader, and the last program alone.
    assert!(commands[0].starts_with(&format!("{program} 2 [7 threads] [in ")), "{}", tree.text);
    let became = [1, 0].map(|n| format!("   => {program} {n}"));
    assert_eq!(commands[1..], [&became[0], &became[1], "1 process"], "{}", tree.text);
    assert_eq!(tree.rows[0].iter().find(|(head, _)| head == "end").unwrap().1, "9");
}

#[test]
fn an_attached_process_is_shown_with_what_it_runs() {
    let dir = TempDir::new("tree");
    let busy = Run::bare(&dir, &["sh", "-c", "while :; do sleep 0.05; done"]).start();
    let pid = busy.pid().to_string();
    let tracer =
        Run::traced(&dir, Path::new(TRACE), &["--tree", "--syscall-limit=300", "-p"], &[&pid]).finish();
    let tree = Tree::parse(&tracer.log);
    let command = tree.commands()[0].to_owned();
    let mut busy = busy;
    busy.child.kill().unwrap();
    busy.finish();
    assert!(command.starts_with("sh -c 'while :; do sleep 0.05; done' [was running] [in "), "{}", tree.text);
    assert_eq!(tree.rows[0].iter().find(|(head, _)| head == "end").unwrap().1, "let go", "{}", tree.text);
    assert!(tree.row("- sleep 0.05").len() > 3, "{}", tree.text);
}

#[test]
fn hostile_arguments_are_harmless_and_can_be_pasted() {
    let dir = TempDir::new("tree");
    let hostile = "\u{1b}]0;title\u{7}\nnew'line\u{202e}";
    let tree = tree_of(&dir, &[], &["printf", "%s", hostile]);
    assert!(tree.text.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)), "{:?}", tree.text);
    let command = tree.commands()[0].split(" [in ").next().unwrap();
    if !has_tool("bash") {
        return missing("hostile_arguments_are_harmless_and_can_be_pasted", "bash");
    }
    let again = std::process::Command::new("bash").arg("-c").arg(command).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&again.stdout), hostile);
}

#[test]
fn a_tree_of_starts_alone_costs_no_stops_and_is_the_same_tree() {
    let dir = TempDir::new("tree");
    let words = ["sh", "-c", "ls / | cat > /dev/null; sh -c 'exec true'; (cd /; pwd > /dev/null)"];
    let cheap = tree_of(&dir, &["-e", "trace=none"], &words);
    let full = tree_of(&dir, &[], &words);
    assert_eq!(cheap.commands(), full.commands());
    assert!(!cheap.text.contains("calls"), "columns without numbers are left out:\n{}", cheap.text);
}

#[test]
fn a_make_with_a_compiler() {
    if !has_tool("make") || !has_tool("gcc") {
        return missing("a_make_with_a_compiler", "make and gcc");
    }
    let dir = TempDir::new("tree");
    let sources = ["one", "two", "main"];
    for name in sources {
        fs::write(dir.join(&format!("{name}.c")), format!("int {name}(void) {{ return 0; }}\n")).unwrap();
    }
    let rule = "prog: one.o two.o main.o\n\tgcc -o prog one.o two.o main.o\n%.o: %.c\n\tgcc -c $< -o $@\n";
    fs::write(dir.join("Makefile"), rule).unwrap();
    let tree = tree_of(&dir, &[], &["make", "-s"]);
    for name in sources {
        let row = tree.row(&format!("- gcc -c {name}.c -o {name}.o"));
        assert_eq!(row.iter().find(|(head, _)| head == "end").unwrap().1, "0");
    }
    assert_eq!(
        tree.commands().iter().filter(|command| command.contains("/cc1 ")).count(),
        3,
        "{}",
        tree.text
    );
    assert_eq!(
        tree.commands().iter().filter(|command| command.contains("- as ")).count(),
        3,
        "{}",
        tree.text
    );
    assert!(tree.text.contains("- gcc -o prog one.o two.o main.o"), "{}", tree.text);
    // ld is below collect2, which is below gcc.
    assert!(tree.commands().iter().any(|command| command.contains("/collect2 ")), "{}", tree.text);
    assert!(
        tree.commands().iter().any(|command| command.starts_with("      `- /usr/bin/ld ")),
        "{}",
        tree.text
    );
}

/// What `trace OPTIONS sh -c SHELL` shows on a terminal of so many columns, in a locale.
fn on_screen(dir: &TempDir, columns: u32, locale: &str, options: &str, shell: &str) -> String {
    fs::write(dir.join("shell"), shell).unwrap();
    let command = format!("stty cols {columns} rows 24; LC_ALL={locale} {TRACE} {options} sh shell");
    let outcome = Run::bare(dir, &["script", "-qec", &command, "/dev/null"]).finish();
    assert_eq!(outcome.leftovers, 0);
    outcome.stdout.replace('\r', "")
}

#[test]
fn a_tree_fits_its_screen() {
    if !has_tool("script") {
        return missing("a_tree_fits_its_screen", "script (package bsdutils)");
    }
    let dir = TempDir::new("tree");
    let shell = "sh -c \"(/bin/true; sh -c '/bin/true; env A=1 sh -c \\\"exec ls -d /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb /end\\\"'; :); :\" 2>/dev/null";
    for columns in [40, 80, 132] {
        let text = on_screen(&dir, columns, "C.UTF-8", "--color=never --tree", shell);
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns as usize, "{columns}:\n{text}");
        assert!(text.contains("└─ ") && text.contains("⇒ "), "{text}");
        assert!(text.contains('…') && text.lines().any(|line| line.ends_with("/end")), "{columns}:\n{text}");
    }
    let ascii = on_screen(&dir, 80, "C", "--color=never --tree", shell);
    assert!(ascii.is_ascii() && ascii.contains("`- ") && ascii.contains("..."), "{ascii}");
    let full = on_screen(&dir, 80, "C", "--color=never --tree=full", shell);
    assert!(full.contains("/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb /end"), "{full}");
    let colored = on_screen(&dir, 80, "C", "--tree", "false");
    assert!(colored.contains("\u{1b}[31m1\u{1b}[0m"), "{colored:?}");
}

#[test]
fn many_siblings_of_a_program_are_folded_on_a_screen_but_not_those_that_failed() {
    if !has_tool("script") {
        return missing("many_siblings_of_a_program_are_folded_on_a_screen", "script (package bsdutils)");
    }
    let dir = TempDir::new("tree");
    let shell = "i=0; while [ $i -lt 40 ]; do i=$((i+1)); test $i = 30 && /bin/false x; sh -c \"exit \\$(($i == 35))\"; done; :";
    let text = on_screen(&dir, 100, "C", "--color=never --tree -e trace=none", shell);
    // Equal command lines with equal ends are one line each; the failing one is another.
    assert!(text.contains("sh -c 'exit $((1 == 35))'"), "{text}");
    assert!(text.contains("sh -c 'exit $((35 == 35))'"), "{text}");
    assert!(text.contains("false x"), "{text}");
    assert!(!text.contains("$((36 == 35))") && text.contains("... 31 more of sh"), "{text}");
    assert!(text.contains("42 processes"), "{text}");
    let full = on_screen(&dir, 100, "C", "--color=never --tree=full -e trace=none", shell);
    assert!(full.contains("$((36 == 35))") && !full.contains("more of"), "{full}");
}

#[test]
fn bad_values_and_strict_names_are_refused() {
    let dir = TempDir::new("tree");
    let strict = dir.join("strace");
    std::os::unix::fs::symlink(TRACE, &strict).unwrap();
    let said = |program: &Path, options: &[&str]| {
        let outcome = Run::traced(&dir, program, options, &["true"]).finish();
        assert_eq!(outcome.code(), 1, "{options:?}: {}", outcome.stderr);
        outcome.stderr
    };
    let own = Path::new(TRACE);
    assert!(said(own, &["--tree=ful"]).contains("'ful': full is wanted"));
    assert!(said(own, &["--tree", "--output-separately"]).contains("a file per task"));
    assert!(said(own, &["--summary=files,pear"]).contains("unknown summary 'pear'"));
    assert!(said(own, &["--summary-top", "0"]).contains("a number from 1"));
    for bad in ["0", "-1", "x", "1h", "nan", "inf", "1e99"] {
        assert!(said(own, &["--summary-interval", bad]).contains("10ms to 86400s"), "{bad}");
    }
    for option in ["--tree", "--summary-top=3", "--summary-interval=1"] {
        assert!(said(&strict, &[option]).contains("unrecognized option"), "{option}");
    }
    assert!(said(&strict, &["--summary=files"]).contains("doesn't allow an argument"));
}
