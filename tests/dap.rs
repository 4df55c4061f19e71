//! `trace dap` driven by npm's `@vscode/debugadapter-testsupport`, every message valid against the protocol's
//! published types (`tests/dap/drive.js`); and what an editor never sends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

#[path = "debug/session.rs"]
mod session;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use session::{TRACE, build, debug, finish};
use support::{TempDir, has_tool, missing, procfs, this_test};

/// The packages that the driver needs, installed once below the target directory; `None` after saying what is missing.
fn packages() -> Option<PathBuf> {
    for (tool, package) in [("node", "node (package nodejs)"), ("npm", "npm (package npm)")] {
        if !has_tool(tool) {
            missing(&this_test(), package);
            return None;
        }
    }
    let wanted = include_str!("dap/package.json");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dap-npm");
    let done = directory.join("installed.json");
    if fs::read_to_string(&done).is_ok_and(|text| text == wanted) {
        return Some(directory);
    }
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("package.json"), wanted).unwrap();
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock"]).current_dir(&directory);
    let said = finish(npm, None);
    if said.code != Some(0) {
        missing(&this_test(), &format!("the npm packages of tests/dap/package.json: {}", said.errors));
        return None;
    }
    fs::write(done, wanted).unwrap();
    Some(directory)
}

#[test]
fn an_editor_debugs_a_program() {
    let Some(packages) = packages() else { return };
    let dir = TempDir::new("dap");
    let Some(values) = build(&dir, "debug_values.c", &["-g", "-O0"]) else { return };
    let Some(looping) = build(&dir, "debug_process.c", &["-g", "-O0"]) else { return };
    let driver = packages.join("drive.js");
    fs::write(&driver, include_str!("dap/drive.js")).unwrap();
    let mut node = Command::new("node");
    node.arg(&driver).arg(TRACE).arg(values).arg(looping).arg(dir.path()).current_dir(&packages);
    let said = finish(node, None);
    assert_eq!(said.code, Some(0), "{}{}", said.text, said.errors);
    said.has(&["looksAndSteps: ", "functionsCountsAndLogs: ", "attachPauseLeave: ", "mistakes: "]);
}

#[test]
fn an_editor_that_goes_leaves_no_program() {
    let dir = TempDir::new("dap");
    let Some(program) = build(&dir, "debug_process.c", &["-g", "-O0"]) else { return };
    let request = |seq: u32, command: &str, arguments: &str| {
        let text = format!(
            "{{\"seq\":{seq},\"type\":\"request\",\"command\":\"{command}\",\"arguments\":{arguments}}}"
        );
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    };
    let launch =
        format!("{{\"program\":\"{}\",\"args\":[\"loop\"],\"stopOnEntry\":true}}", program.display());
    let input = request(1, "initialize", "{}")
        + &request(2, "launch", &launch)
        + &request(3, "configurationDone", "{}");
    let mut command = Command::new(TRACE);
    command.arg("dap");
    let said = finish(command, Some(&input));
    said.has(&[
        "\"command\":\"launch\"",
        "\"success\":true",
        "\"event\":\"initialized\"",
        "\"reason\":\"entry\"",
    ]);
    let name = program.display().to_string();
    let alive = || {
        fs::read_dir("/proc").unwrap().any(|entry| {
            let line = fs::read(entry.unwrap().path().join("cmdline")).unwrap_or_default();
            line.starts_with(name.as_bytes())
        })
    };
    assert!(procfs::wait_until(std::time::Duration::from_secs(30), || !alive()));
    let mut command = Command::new(TRACE);
    command.args(["dap", "--port", "1"]);
    let said = finish(command, None);
    assert!(
        said.code == Some(1) && said.errors.starts_with("trace: dap: unexpected '--port'"),
        "{}",
        said.errors
    );
    // The console, too, leaves nothing.
    debug(&dir, &[&name, "loop"], &["break visited", "run"]).has(&["Breakpoint 1, visited (who=0)"]);
    assert!(procfs::wait_until(std::time::Duration::from_secs(30), || !alive()));
}
