//! Recordings of what was asked of the kernel beyond calls: a replay tells it as the run did, and the recording has a
//! schema that older readers refuse instead of losing it in silence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/json.rs"]
mod json;
mod support;

use std::fs;
use std::process::Command;

use json::{TRACE, lines};
use support::run::Run;
use support::{TempDir, missing, this_test};

#[test]
fn a_replay_names_the_namespaces_that_were_entered() {
    let unshare = |options: &[&str]| {
        Command::new("unshare").args(options).arg("true").status().is_ok_and(|status| status.success())
    };
    let user: &[&str] = if unshare(&["-n"]) { &[] } else { &["-U", "-r"] };
    if !unshare(&[user, &["-n", "-u"]].concat()) {
        return missing(&this_test(), "namespaces");
    }
    let dir = TempDir::new("extras");
    let command = [&["unshare"][..], user, &["-n", "-u", "true"]].concat();
    for shows in [&["-a", "1"][..], &["--json"]] {
        let live =
            [&[TRACE, "--record", "run.trace", "-o", "live", "--namespace=new"], shows, &["--"], &command];
        let outcome = Run::bare(&dir, &live.concat()).current_dir(dir.path()).finish();
        assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
        let back = [&[TRACE, "replay", "run.trace", "-o", "back"], shows];
        let outcome = Run::bare(&dir, &back.concat()).current_dir(dir.path()).finish();
        assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
        let [live, back] = ["live", "back"].map(|name| fs::read_to_string(dir.join(name)).unwrap());
        if shows == ["--json"] {
            // The header's clock is that of the sink's beginning.
            let body = |text: &str| text.split_once('\n').unwrap().1.to_owned();
            assert_eq!(body(&live), body(&back));
            let told: Vec<_> =
                lines(back.as_bytes()).into_iter().filter(|object| object["namespaces"].is_array()).collect();
            assert_eq!(told.len(), 1, "{back}");
            assert!(told[0]["namespaces"].as_array().unwrap().len() >= 2, "{back}");
        } else {
            assert_eq!(live, back);
            assert!(back.contains(", uts:[") || back.contains("(uts:["), "{back}");
        }
        assert_eq!(fs::read(dir.join("run.trace")).unwrap()[8..12], 2_u32.to_le_bytes());
    }
}
