//! The debugger and the kernel: threads, forks, signals, system calls, libraries, attaching; and what a person may
//! get wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

#[path = "debug/session.rs"]
mod session;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use session::{TRACE, build, debug, finish};
use support::{TempDir, procfs};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn conditions_counts_and_commands() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_counts.c", &["-g", "-O0"]) else { return };
    let program = program.to_str().unwrap();
    let said = debug(
        &dir,
        &[program, "3000"],
        &[
            "break work if i == 2999",
            "run",
            "p i",
            "p total",
            "info breakpoints",
            "condition 1",
            "continue",
            "p i",
            "kill",
        ],
    );
    said.has(&[
        "Breakpoint 1, work (i=2999)",
        "$1 = 2999",
        "$2 = 8991002",
        "stop only if i == 2999",
        "already hit 1 time",
        "now unconditional",
        "work (i=3000)",
    ]);
    let said = debug(
        &dir,
        &[program],
        &[
            "break work",
            "ignore 1 50",
            "run",
            "p i",
            "info breakpoints",
            "continue 10",
            "p i",
            "delete",
            "continue",
        ],
    );
    said.has(&[
        "work (i=50)",
        "$1 = 50",
        "already hit 51 times",
        "work (i=60)",
        "$2 = 60",
        "[Inferior 1 (process",
        "exited normally]",
    ]);
    let said = debug(
        &dir,
        &[program],
        &["break work if nosuch > 1", "break work if (", "break work", "disable", "run"],
    );
    assert!(said.errors.contains("No symbol \"nosuch\" in current context.\n"), "{}", said.errors);
    assert!(said.errors.contains("A syntax error in expression"), "{}", said.errors);
    said.has(&["exited normally]"]);
    // A condition that cannot be found out stops, and says why.
    let said = debug(&dir, &[program], &["break work if *(int*)0 == i", "run", "kill"]);
    said.has(&[
        "Error in testing condition for breakpoint 1:\nCannot access memory at address 0x0\n",
        "Breakpoint 1, work (i=0)",
    ]);
}

#[test]
fn scripts_on_standard_input_need_no_terminal() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_counts.c", &["-g", "-O0"]) else { return };
    let mut command = Command::new(TRACE);
    command.args(["debug", program.to_str().unwrap(), "20"]).current_dir(dir.path()).env("TERM", "dumb");
    let script = "break work if i % 7 == 0\ncommands\nsilent\nprintf \"i is %d\\n\", i\ncontinue\nend\ndisplay last\nrun\nquit 4\n";
    let said = finish(command, Some(script));
    said.has(&["i is 0\n", "i is 7\n", "i is 14\n", "exited normally]"]);
    assert_eq!(said.code, Some(4), "{}", said.errors);
}

/// While a condition is asked all the time, debugger and program share a CPU; nobody is left there.
#[test]
fn a_second_run_has_all_processors() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_counts.c", &["-g", "-O0"]) else { return };
    let processors = Command::new("nproc").output().unwrap().stdout;
    let said = debug(
        &dir,
        &[program.to_str().unwrap(), "3000"],
        &["break work if i < 0", "run", "run", "delete", "file /usr/bin/nproc", "run", "kill"],
    );
    let wanted =
        format!("Reading symbols from /usr/bin/nproc...\n{}", String::from_utf8(processors).unwrap());
    said.has(&["exited normally]", &wanted]);
}

#[test]
fn watchpoints_tell_old_and_new() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_counts.c", &["-g", "-O0"]) else { return };
    let program = program.to_str().unwrap();
    let said = debug(
        &dir,
        &[program],
        &[
            "watch last",
            "start",
            "watch last",
            "continue",
            "continue",
            "info watchpoints",
            "delete",
            "watch last if last > 60",
            "continue",
            "p last",
            "kill",
        ],
    );
    assert!(said.errors.contains("Watchpoints need a process"), "{}", said.errors);
    said.has(&[
        "Hardware watchpoint 2: last",
        "Hardware watchpoint 2: last\n\nOld value = 0\nNew value = 10\n",
        "Old value = 10\nNew value = 20\n",
        "hw watchpoint",
        "already hit 2 times",
        "Old value = 60\nNew value = 70",
        "$1 = 70",
    ]);
    // A local's watchpoint goes with its frame.
    let said = debug(
        &dir,
        &[program],
        &[
            "break local",
            "run",
            "next",
            "watch sum",
            "continue",
            "continue",
            "continue",
            "info watchpoints",
            "continue",
        ],
    );
    said.has(&[
        "New value = 1\n",
        "New value = 3\n",
        "Watchpoint 2 deleted because the program has left the block in\nwhich its expression is valid.\n",
        "exited normally]",
    ]);
    let said = debug(
        &dir,
        &[program],
        &["start", "awatch last", "rwatch total", "watch last", "watch total", "watch last", "kill"],
    );
    said.has(&[
        "Hardware access (read/write) watchpoint 2: last",
        "Hardware read watchpoint 3: total",
        "Hardware watchpoint 5: total",
    ]);
    assert!(said.errors.contains("4 debug registers"), "{}", said.errors);
}

#[test]
fn calls_signals_and_programs_are_caught() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_process.c", &["-g", "-O0"]) else { return };
    let program = program.to_str().unwrap();
    let said = debug(
        &dir,
        &[program, "write"],
        &["catch syscall write", "info breakpoints", "run", "bt", "continue", "continue"],
    );
    said.has(&[
        "Catchpoint 1 (syscall 'write' [1])",
        "syscall \"write\"",
        "Catchpoint 1 (call to syscall write)",
        "write(1, \"hello\\n\", 6)\n",
        "in main (",
        "hello\n",
        "Catchpoint 1 (returned from syscall write)",
        "write(1, \"hello\\n\", 6) = 6\n",
        "exited normally]",
    ]);
    calls_are_caught_by_questions(&dir, program);
    let said = debug(&dir, &[program], &["catch signal SIGUSR1", "run", "delete", "continue"]);
    said.has(&["Catchpoint 1 (signal SIGUSR1)", "caught 10\n", "exited normally]"]);
    let said = debug(&dir, &[program], &["handle SIGUSR1 nostop noprint nopass", "run"]);
    said.has(&["SIGUSR1       No\tNo\tNo", "caught 0\n"]);
    let said = debug(&dir, &[program], &["run", "signal 0"]);
    said.has(&["Program received signal SIGUSR1, User defined signal 1.\n", "caught 0\n"]);
    let said = debug(&dir, &[program, "exec"], &["catch exec", "run", "continue"]);
    said.has(&["is executing new program: ", "Catchpoint 1 (exec'd ", "executed\n", "exited normally]"]);
    let said = debug(&dir, &[program, "crash"], &["run", "bt", "p argc", "continue"]);
    said.has(&[
        "Program received signal SIGSEGV, Segmentation fault.\n",
        "#0  ",
        "main (argc=2",
        "$1 = 2",
        "Program terminated with signal SIGSEGV, Segmentation fault.\nThe program no longer exists.\n",
    ]);
}

#[test]
fn children_run_free_and_clean() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_process.c", &["-g", "-O0"]) else { return };
    let program = program.to_str().unwrap();
    // The child comes through the function with the breakpoint: an int3 left there would kill it.
    let said = debug(&dir, &[program, "fork"], &["break visited", "run", "continue", "continue"]);
    said.has(&[
        "[Detaching after fork from child process",
        "Breakpoint 1, visited (who=1)",
        "Breakpoint 1, visited (who=2)",
        "child 7 signal 0\n",
        "exited normally]",
    ]);
    let said = debug(&dir, &[program, "vfork"], &["break visited", "run", "continue", "continue"]);
    said.has(&[
        "[Detaching after vfork from child process",
        "Breakpoint 1, visited (who=1)",
        "Breakpoint 1, visited (who=2)",
        "child 0 signal 0\n",
        "exited normally]",
    ]);
    let said =
        debug(&dir, &[program, "fork"], &["set follow-fork-mode child", "break visited", "run", "continue"]);
    said.has(&["[Attaching after process", "Breakpoint 1, visited (who=10)", "exited with code 07]"]);
    let said = debug(&dir, &[program, "fork"], &["catch fork", "run", "continue"]);
    said.has(&["Catchpoint 1 (forked process ", "child 7 signal 0\n"]);
}

#[test]
fn breakpoints_wait_for_libraries() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_process.c", &["-g", "-O0"]) else { return };
    let Some(library) = build(&dir, "debug_late.c", &["-g", "-O0", "-shared", "-fPIC"]) else { return };
    let said = debug(
        &dir,
        &[program.to_str().unwrap(), "load", library.to_str().unwrap()],
        &["break late", "info breakpoints", "run", "bt", "p n", "info sharedlibrary", "finish", "continue"],
    );
    said.has(&[
        "Breakpoint 1 (late) pending.",
        "<PENDING>",
        "Breakpoint 1, late (n=20) at debug_late.c:4",
        "#1  0x",
        "in loads (",
        "$1 = 20",
        "libc.so",
        "debug_late",
        "Value returned is $2 = 40",
        "late 40\n",
        "exited normally]",
    ]);
    assert!(said.errors.contains("Function \"late\" not defined."), "{}", said.errors);
}

#[test]
fn every_thread_comes_to_a_breakpoint() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_threads.c", &["-g", "-O0"]) else { return };
    let program = program.to_str().unwrap();
    let mut commands = vec![
        "break greet if done[number] == 0",
        "run",
        "info threads",
        "print mine - number",
        "thread apply all bt 1",
        "thread 1",
        "bt",
    ];
    commands.extend(["continue"; 6]);
    let said = debug(&dir, &[program], &commands);
    let numbers = said
        .text
        .lines()
        .filter(|l| l.starts_with("Thread ") && l.contains("hit Breakpoint 1, greet (number="));
    let mut seen: Vec<&str> =
        numbers.filter_map(|line| line.split("number=").nth(1)?.split(')').next()).collect();
    seen.sort_unstable();
    seen.dedup();
    // A thread may come twice before it is done; every one comes.
    assert_eq!(seen, ["0", "1", "2", "3", "4", "5"], "{}", said.text);
    said.has(&[
        "[New LWP ",
        "* ",
        "LWP ",
        "$1 = 51",
        "\nThread 7 (LWP ",
        "#0  ",
        "\nThread 1 (LWP ",
        "[Switching to thread 1",
        "main () at debug_threads.c",
    ]);
    // 1,200 crossings by six threads, none of which is lost.
    let said = debug(&dir, &[program], &["break greet if number > 99", "ignore 1 3", "run"]);
    said.has(&["sum 21\n", "exited normally]"]);
    let said =
        debug(&dir, &[program], &["break greet", "ignore 1 1199", "run", "info breakpoints", "continue"]);
    said.has(&["hit Breakpoint 1, greet (", "breakpoint already hit 1200 times", "sum 21\n"]);
}

#[test]
fn a_process_is_attached_to_and_let_go_as_it_was() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_process.c", &["-g", "-O0"]) else { return };
    let mut child = Command::new(&program).arg("loop").stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let pid = child.id().to_string();
    let attach = |commands: &[&str]| {
        let mut command = Command::new(TRACE);
        command.args(["debug", "-p", &pid, "--batch"]).current_dir(dir.path());
        for line in commands {
            command.args(["-ex", line]);
        }
        finish(command, None)
    };
    let said = attach(&["break visited", "continue", "bt", "p shared"]);
    said.has(&[
        "Attaching to process ",
        "Breakpoint 1, visited (who=0)",
        "in loops () at debug_process.c",
        "$1 = 1",
    ]);
    let field = |name: &str| {
        let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        text.lines().find_map(|l| l.strip_prefix(name)).unwrap().trim().to_owned()
    };
    assert_eq!(field("TracerPid:"), "0");
    assert!(!field("State:").starts_with('T') && !field("State:").starts_with('t'));
    let said = attach(&["break visited if who == 0", "continue", "set var shared = 0", "detach"]);
    said.has(&["[Inferior 1 (process ", "detached]"]);
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut out, &mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("released\n", Some(5)));
}

#[test]
fn a_debugger_that_is_ended_lets_go() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_process.c", &["-g", "-O0"]) else { return };
    let mut child = Command::new(&program).arg("loop").stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let pid = child.id().to_string();
    let mut debugger = Command::new(TRACE)
        .args(["debug", "-p", &pid, "--batch", "-ex", "break visited if who == 5", "-ex", "continue"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(debugger.stdout.take().unwrap());
    while !line.starts_with("Breakpoint 1 at") {
        line.clear();
        assert_ne!(told.read_line(&mut line).unwrap(), 0);
    }
    procfs::kill(debugger.id() as i32, libc::SIGTERM);
    assert_eq!(debugger.wait().unwrap().code(), Some(143));
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    assert!(status.contains("TracerPid:\t0\n"), "{status}");
    // It runs on through the place where the breakpoint was.
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(child.try_wait().unwrap(), None);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn mistakes_are_told_and_leave_nothing() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_process.c", &["-O0"]) else { return };
    std::fs::write(dir.join("text"), "no program\n").unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(TRACE);
        command.arg("debug").args(args).current_dir(dir.path());
        finish(command, None)
    };
    for (args, code, sentence) in [
        (
            &["--batch", "--", "./nowhere"][..],
            1,
            "trace: Can't stat './nowhere': No such file or directory\n",
        ),
        (
            &["--batch", "--", "./text"],
            1,
            "trace: ./text: not in executable format: file format not recognized.\n",
        ),
        (&["--frobnicate"], 1, "trace: unrecognized option '--frobnicate'\n"),
        (&["-p", "x"], 1, "trace: invalid process id: 'x'\n"),
        (&["-p", "1", "true"], 1, "trace: debug: give a program or -p PID, not both\n"),
        (&["-x", "no-script", "--batch"], 1, "trace: no-script: No such file or directory\n"),
        (
            &["--batch", "-ex", "run"],
            1,
            "No executable file specified.\nUse the \"file\" or \"exec-file\" command.\n",
        ),
        (&["--batch", "-ex", "bt"], 1, "No stack.\n"),
        (&["--batch", "-ex", "frobnicate"], 1, "Undefined command: \"frobnicate\".  Try \"help\".\n"),
        (&["--batch", "-ex", "frame 1", "-ex", "help step"], 0, "No stack.\n"),
        (&["--batch", "-ex", "next"], 1, "The program is not being run.\n"),
    ] {
        let said = run(args);
        assert!(said.errors.starts_with(sentence), "{args:?}: {}", said.errors);
        assert_eq!(said.code, Some(code), "{args:?}: {}", said.errors);
    }
    let said = run(&["-p", "4194304", "--batch"]);
    assert!(said.errors.contains("there is no process 4194304") && said.code == Some(1), "{}", said.errors);
    // Without debug information functions are still found, and nothing is made up.
    let said = run(&[
        "--batch",
        "-ex",
        "break visited",
        "-ex",
        "run",
        "-ex",
        "bt",
        "-ex",
        "info locals",
        "-ex",
        "p shared",
        "--",
        program.to_str().unwrap(),
        "fork",
    ]);
    said.has(&[
        "(No debugging symbols found in ",
        "Breakpoint 1 at 0x",
        "in visited ()",
        "#1  0x",
        " in forks ()",
        " in main ()",
    ]);
    assert!(
        said.errors.contains("No symbol table info available.")
            && said.errors.contains("'shared' has unknown type"),
        "{}",
        said.errors
    );
    // The program was killed with its session.
    assert!(procfs::wait_until(LIMIT, || procfs::children(std::process::id() as i32).is_empty()));
}

/// Debug information with bytes of it overwritten, as a damaged or hostile file has it.
#[test]
fn damaged_debug_information_is_survived() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_values.c", &["-g", "-O0"]) else { return };
    let bytes = std::fs::read(&program).unwrap();
    let file = std::fs::File::open(&program).unwrap();
    let image = trace::stack::image::Image::open(trace::stack::image::Bytes::File(file)).unwrap();
    let parts: Vec<(usize, usize)> = image
        .sections()
        .iter()
        .filter(|header| header.name.starts_with(b".debug_") || *header.name == *b".eh_frame")
        .map(|header| (header.offset as usize, header.size_bytes as usize))
        .collect();
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for round in 0..40 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + round {
            let (offset, size) = parts[random(parts.len())];
            damaged[offset + random(size)] = random(256) as u8;
        }
        // A new file each time: one that runs cannot be written.
        let path = dir.join(&format!("damaged-{round}"));
        support::copy_program(&program, &path);
        std::fs::write(&path, &damaged).unwrap();
        let said = debug(
            &dir,
            &[path.to_str().unwrap()],
            &[
                "info line main",
                "ptype first",
                "break square",
                "run",
                "bt",
                "info args",
                "up",
                "info locals",
                "ptype first",
                "finish",
                "next",
                "step",
                "info frame",
                "kill",
            ],
        );
        let code = said.code;
        assert!(matches!(code, Some(0 | 1)), "round {round}: {code:?} {}\n{}", said.text, said.errors);
        assert!(!said.errors.contains("panicked"), "round {round}: {}", said.errors);
        std::fs::remove_file(&path).unwrap();
    }
}

/// A question about what is known at entry stops there and at the return, one about results only at the return.
fn calls_are_caught_by_questions(dir: &TempDir, program: &str) {
    let said = debug(
        dir,
        &[program, "write"],
        &[
            "catch syscall write where ret ==",
            "catch syscall write where fd == 1 and arg.count == 6",
            "catch syscall write where ret == 6",
            "catch syscall where arg.count == 7777",
            "info breakpoints",
            "run",
            "delete 1",
            "continue",
            "continue",
        ],
    );
    assert!(said.errors.contains("ret =="), "{}", said.errors);
    said.has(&[
        "Catchpoint 1 (syscall 'write' [1] where fd == 1 and arg.count == 6)",
        "Catchpoint 2 (syscall 'write' [1] where ret == 6)",
        "stop only where fd == 1 and arg.count == 6\n",
        "Catchpoint 1 (call to syscall write)",
        "Catchpoint 2 (returned from syscall write)",
        "write(1, \"hello\\n\", 6) = 6\n",
        "exited normally]",
    ]);
}
