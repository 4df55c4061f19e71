//! The debugger's console, driven from the command line on small programs of C and Rust; where gdb is installed,
//! line by line against its output.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

#[path = "debug/session.rs"]
mod session;

use session::{build, comparable, debug, gdb};
use support::{TempDir, has_tool, missing, this_test};

/// The compilers' ways that every comparison is made with.
const BUILDS: &[&[&str]] = &[
    &["-g", "-O0"],
    &["-g", "-O0", "-gdwarf-4", "-no-pie"],
    &["-g", "-O0", "-fno-omit-frame-pointer", "-gdwarf-5"],
];

/// Runs the same commands in both debuggers and compares what they say, line by line.
#[track_caller]
fn same_as_gdb(dir: &TempDir, program: &[&str], commands: &[&str]) {
    if !has_tool("/usr/bin/gdb") {
        return missing(&this_test(), "gdb (package gdb)");
    }
    let (ours, theirs) = (debug(dir, program, commands), gdb(dir, program, commands));
    let (our_lines, their_lines) = (comparable(&ours.text), comparable(&theirs.text));
    for (number, (our, their)) in our_lines.iter().zip(&their_lines).enumerate() {
        assert_eq!(
            our, their,
            "line {number} of\n{}\nerrors: {}\ngdb:\n{}",
            ours.text, ours.errors, theirs.text
        );
    }
    assert_eq!(our_lines.len(), their_lines.len(), "{}\ngdb:\n{}", ours.text, theirs.text);
}

#[test]
fn breakpoints_steps_and_stacks_are_gdbs() {
    let dir = TempDir::new("debug");
    let commands = [
        "break square",
        "tbreak fib",
        "break debug_values.c:69 if i == 3",
        "info breakpoints",
        "run",
        "bt",
        "info args",
        "finish",
        "next",
        "next",
        "step",
        "step",
        "info locals",
        "up",
        "frame",
        "down",
        "delete 1",
        "continue",
        "print i",
        "ignore 3 5",
        "disable 3",
        "continue",
        "bt 2",
        "finish",
        "tbreak half",
        "continue",
        "finish",
        "next",
        "info breakpoints",
        "continue",
    ];
    for flags in BUILDS {
        let Some(program) = build(&dir, "debug_values.c", flags) else { return };
        same_as_gdb(&dir, &[program.to_str().unwrap()], &commands);
    }
}

#[test]
fn values_and_types_of_c_are_gdbs() {
    let dir = TempDir::new("debug");
    let commands: Vec<&str> = include_str!("debug/values.gdb").lines().collect();
    for flags in BUILDS {
        let Some(program) = build(&dir, "debug_values.c", flags) else { return };
        same_as_gdb(&dir, &[program.to_str().unwrap()], &commands);
    }
}

#[test]
fn optimised_code_has_its_frames_and_arguments() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_values.c", &["-g", "-O2"]) else { return };
    let program = program.to_str().unwrap();
    let said = debug(
        &dir,
        &[program],
        &[
            "break square",
            "run",
            "bt",
            "p n",
            "finish",
            "delete",
            "break half",
            "continue",
            "p value",
            "kill",
        ],
    );
    said.has(&[
        "Breakpoint 1, square (n=1)",
        "#0  square (n=1)",
        "#1  ",
        " in main (",
        "$1 = 1",
        "Breakpoint 2, half (value=4)",
        " = 4",
    ]);
    // Wherever a function is, the caller is found, without a frame pointer too.
    let mut commands = vec!["break square", "run"];
    for _ in 0..12 {
        commands.extend(["bt", "stepi"]);
    }
    for flags in [&["-g", "-O2", "-fomit-frame-pointer"][..], &["-g", "-O0"]] {
        let Some(program) = build(&dir, "debug_values.c", flags) else { return };
        let said = debug(&dir, &[program.to_str().unwrap()], &commands);
        let outermost = said.text.lines().filter(|line| line.starts_with('#') && line.contains("main ("));
        assert!(outermost.count() >= 12, "{}", said.text);
    }
}

#[test]
fn inlined_functions_are_frames() {
    let dir = TempDir::new("debug");
    for flags in [&["-g", "-O0"][..], &["-g", "-O2"]] {
        let Some(program) = build(&dir, "debug_values.c", flags) else { return };
        let said = debug(
            &dir,
            &[program.to_str().unwrap()],
            &["break twice", "run", "bt", "up", "info frame", "down", "p v", "kill"],
        );
        said.has(&[
            "Breakpoint 1, twice (v=55)",
            "#0  twice (v=55)",
            "#1  main (argc=1",
            "#1  main (",
            "#0  twice",
            "$1 = 55",
        ]);
    }
}

#[test]
fn registers_memory_and_instructions() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_values.c", &["-g", "-O0"]) else { return };
    let program = program.to_str().unwrap();
    same_as_gdb(
        &dir,
        &[program],
        &[
            "break square",
            "run",
            "x/6i $pc",
            "disassemble",
            "set disassembly-flavor intel",
            "x/6i $pc",
            "kill",
        ],
    );
    let said = debug(
        &dir,
        &[program],
        &[
            "break half",
            "run",
            "info registers rip eflags",
            "p $xmm0",
            "info registers xmm0",
            "p $eax",
            "set var $xmm0[0] = 1",
            "set var value = 9",
            "p $rsp > 0",
            "finish",
            "kill",
        ],
    );
    said.has(&[
        "rip            0x",
        "<half+",
        "eflags         0x",
        "$1 = {4, 0}",
        "xmm0",
        "{4, 0}",
        "Value returned is $",
        "= 4.5",
    ]);
}

/// What the commands of `debug/values.rust` are told, in order.
const RUST_VALUES: &[&str] = &[
    "Breakpoint 1 at ",
    "Breakpoint 2, debug_values::stop",
    "#1  ",
    "in debug_values::show (name=\"abc\"",
    "name = \"abc\"",
    "$1 = \"abc\"",
    "$2 = Vec(size=3) = {10, 20, 30}",
    "$3 = 20",
    "$4 = \"grüße\"",
    "$5 = debug_values::Shape::Rect{w: 2, h: 3}",
    "$6 = core::option::Option<i32>::Some(4)",
    "::None",
    "$8 = debug_values::Point {x: 5, y: 6}",
    "$9 = 6",
    "$10 = [1, 2, 3]",
    "$11 = (1, 120 'x', true)",
    "$12 = 120 'x'",
    "$13 = debug_values::Pair(7, 1.5)",
    "$14 = 1.5",
    "$15 = debug_values::Color::Green",
    "::Some(0x",
    "::Err(\"bad\")",
    "Vec(size=0)",
    "Vec(size=2) = {debug_values::Point {x: 1, y: 2}, debug_values::Point {x: 3, y: 4}}",
    " = 4",
    "&[debug_values::Point](size=1) = {debug_values::Point {x: 1, y: 2}}",
    "= 170141183460469231731687303715884105727",
    " = 97",
    "::Some(core::option::Option<&str>::Some(\"in\"))",
    " = true",
    " = true",
    " = true",
    "type = enum debug_values::Shape {\n  Empty,\n  Circle(f64),\n  Rect{w: u32, h: u32},\n}",
    "type = struct debug_values::Point {\n  x: i32,\n  y: i32,\n}",
    "type = alloc::vec::Vec<i32",
    " = 42",
    " = 43",
    " = 5",
    " = 305",
];

#[test]
fn values_of_rust() {
    let dir = TempDir::new("debug");
    let commands: Vec<&str> = include_str!("debug/values.rust").lines().collect();
    let Some(program) = build(&dir, "debug_values.rs", &["-g"]) else { return };
    let said = debug(&dir, &[program.to_str().unwrap()], &commands);
    said.has(RUST_VALUES);
    assert!(said.errors.contains("index 9 is outside of its 3 elements"), "{}", said.errors);
}

#[test]
fn generic_functions_have_many_places() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_values.rs", &["-g"]) else { return };
    let said = debug(
        &dir,
        &[program.to_str().unwrap()],
        &["break debug_values::id", "info breakpoints", "run", "finish", "continue", "bt", "kill"],
    );
    said.has(&[
        "(2 locations)",
        "<MULTIPLE>",
        "1.1 ",
        "1.2 ",
        "Breakpoint 1, debug_values::id (value=5)",
        "Breakpoint 1, debug_values::id (value=2.5)",
        "#1  0x",
        "in debug_values::main ()",
    ]);
}

#[test]
fn optimised_rust_has_arguments() {
    let dir = TempDir::new("debug");
    let Some(program) = build(&dir, "debug_values.rs", &["-g", "-O"]) else { return };
    let said = debug(
        &dir,
        &[program.to_str().unwrap()],
        &["break debug_values::total", "run", "bt", "info args", "continue"],
    );
    said.has(&[
        "Breakpoint 1, debug_values::total (",
        "#0  debug_values::total",
        "in debug_values::show (",
        "in debug_values::main ()",
        "[Inferior 1 (process",
    ]);
}
