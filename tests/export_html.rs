//! `trace export --format html` in a headless browser: what is on the page, that nothing of the traced program acts
//! in it, and that a hundred thousand calls are no trouble.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/export.rs"]
mod export;
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use export::{Recorded, TRACE, compiled, pipeline, server, threads};
use support::run::Run;
use support::{TempDir, has_tool, missing};

/// The browser, after saying that there is none.
fn browser() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| has_tool(name));
    if found.is_none() {
        missing("export_html", "chromium (package chromium)");
    }
    found
}

/// Runs the browser on a page; what it prints.
fn browse(page: &Path, hash: &str, options: &[&str]) -> Option<String> {
    let profile = TempDir::new("browser");
    let mut command = Command::new("timeout");
    command.args([
        "-k",
        "5",
        "120",
        browser()?,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
    ]);
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.args(options).arg(format!("file://{}#{hash}", page.display()));
    let output = command.output().expect("timeout (package coreutils)");
    assert!(output.status.success(), "{hash}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The document of a page as the browser has it once its script ran.
fn document(page: &Path, hash: &str) -> Option<String> {
    let text = browse(page, hash, &["--dump-dom"])?;
    // The data and the page's own script.
    assert_eq!(text.matches("<script").count(), 2, "{hash}: an element came in through a name");
    assert_eq!(text.matches("</script").count(), 2, "{hash}");
    let body = text.split("<body>").nth(1).unwrap_or_else(|| panic!("no body: {text}"));
    Some(body.split("<script").next().unwrap().to_owned())
}

/// The text of a document without its elements.
fn text(document: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in document.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
}

fn rows(document: &str) -> usize {
    document.matches("<tr>").count()
}

#[test]
fn a_page_asks_nothing_of_the_network() {
    for recorded in [Some(pipeline()), compiled(), threads(), server()].into_iter().flatten() {
        let page = recorded.text("html", &[]);
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
        assert!(page.contains("default-src 'none'"), "the browser is told to load nothing");
        let (head, rest) = page.split_once("id=\"data\">").unwrap();
        let (data, script) = rest.split_once("</script>").unwrap();
        for part in [head, script] {
            assert!(!part.contains("http:") && !part.contains("https:") && !part.contains("src=\""));
        }
        assert!(!data.contains('<'), "nothing can end the data");
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        let calls = data["calls"]["name"].as_array().unwrap().len();
        for column in ["task", "start", "length", "failed", "ret", "args"] {
            assert_eq!(data["calls"][column].as_array().unwrap().len(), calls, "{column}");
        }
        let summed =
            data["syscalls"].as_array().unwrap().iter().map(|row| row[1].as_u64().unwrap()).sum::<u64>();
        assert_eq!(data["total"]["calls"], summed);
        let tasks = data["tasks"].as_array().unwrap().len() as u64;
        assert!(data["calls"]["task"].as_array().unwrap().iter().all(|task| task.as_u64() < Some(tasks)));
    }
}

#[test]
fn the_views_of_a_pipeline() {
    let page = pipeline().file("html", &[]);
    let Some(processes) = document(&page, "processes") else { return };
    let shown = text(&processes);
    // The command line with the hostile name, as text.
    assert!(shown.contains("</script><script>alert(1)</script>"), "{shown}");
    for part in ["sort", "wc -l", "⇒ date", "SIGTERM", "/bin/true", "× 3"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let calls = text(&document(&page, "calls").unwrap());
    assert!(calls.contains("execve(\"") && calls.contains("= -1 ENOENT"), "{calls}");
    // A link that carries a search.
    let found = document(&page, "calls=openat%20enoent%20.none").unwrap();
    assert_eq!(rows(&found), 2, "a head and the one call: {}", text(&found));
    assert!(text(&found).contains("<script>alert(1)</script>"), "{}", text(&found));
    let files = text(&document(&page, "files").unwrap());
    assert!(files.contains("(pipes)") && files.contains("/lines "), "{files}");
    let errors = text(&document(&page, "errors=.none").unwrap());
    assert!(errors.contains("openat ENOENT 1 "), "{errors}");
    let slow = text(&document(&page, "slow=wait4").unwrap());
    assert!(slow.contains("wait4(-1,"), "{slow}");
    let syscalls = text(&document(&page, "syscalls=kill").unwrap());
    assert!(syscalls.contains(" kill 1 "), "{syscalls}");
    let none = text(&document(&page, "network=nowhere").unwrap());
    assert!(none.contains("Nothing fits the search."), "{none}");
}

#[test]
fn peers_threads_and_programs_are_on_the_page() {
    let (Some(server), Some(threads), Some(compiled)) = (server(), threads(), compiled()) else { return };
    let Some(net) = document(&server.file("html", &[]), "network") else { return };
    let net = text(&net);
    assert!(net.contains("tcp out 1 50 500") && net.contains("tcp in 1 500 50"), "{net}");
    let threads = text(&document(&threads.file("html", &[]), "processes").unwrap());
    assert!(threads.contains("5 threads"), "{threads}");
    let compiled = text(&document(&compiled.file("html", &[]), "processes=cc1").unwrap());
    // What fits the search, and who started it.
    assert!(compiled.contains("/cc1 -quiet") && compiled.contains("gcc -O1 -o m m.c"), "{compiled}");
    assert!(!compiled.contains("collect2"), "{compiled}");
}

#[test]
fn the_timeline_is_drawn() {
    let page = pipeline().file("html", &[]);
    let picture = pipeline().dir.join("timeline.png");
    let options =
        ["--hide-scrollbars", "--window-size=1200,700", &format!("--screenshot={}", picture.display())];
    if browse(&page, "timeline", &options).is_none() {
        return;
    }
    let size = fs::metadata(&picture).map_or(0, |meta| meta.len());
    assert!(size > 20_000, "an empty picture is smaller: {size}");
}

#[test]
fn more_calls_than_a_browser_should_hold() {
    let dir = TempDir::new("export");
    let file = dir.join("dense.trace");
    let words = [
        TRACE,
        "record",
        "-o",
        file.to_str().unwrap(),
        "--",
        "dd",
        "if=/dev/zero",
        "of=/dev/null",
        "bs=1",
        "count=52000",
    ];
    let outcome = Run::bare(&dir, &words).finish();
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    let recorded = Recorded { dir, file };
    let page = recorded.file("html", &[]);
    assert!(fs::metadata(&page).unwrap().len() < 30 << 20);
    let Some(timeline) = document(&page, "timeline") else { return };
    let shown = text(&timeline);
    assert!(
        timeline.contains("<canvas") && shown.contains("longest") && shown.contains("left out"),
        "{shown}"
    );
    // Every call is counted all the same.
    let syscalls = text(&document(&page, "syscalls=write").unwrap());
    assert!(syscalls.contains(" write 52,0"), "{syscalls}");
}
