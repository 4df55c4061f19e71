//! Every option that strace has too, under each of its names and with each value that has a name, stands in a row of a
//! test beside strace or beside the words of its manual. A new option, name or value without a row fails here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use trace::cli::manual::{Spoken, spoken};

/// The files whose rows count.
const TESTS: &[&str] = &[
    "options.rs",
    "options_values.rs",
    "options_sets.rs",
    "options_together.rs",
    "options_later.rs",
    "personalities.rs",
];

/// Options of ours in the same table, which other tests are for.
const OURS: &[(&str, &str)] = &[
    ("--no-follow", "where.rs"),
    ("--placement", "placement.rs"),
    ("--no-seccomp", "filtered.rs"),
    ("--expr", "options_values.rs"),
];

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words of all rows: what stands between spaces and quotes.
fn rows() -> Vec<String> {
    let all = TESTS.iter().map(|name| text(name)).collect::<Vec<_>>().join("\n");
    let words = all.split(|c: char| c.is_whitespace() || c == '"');
    let bare = words.map(|word| word.trim_end_matches([',', ')', ']', ';']));
    bare.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Lists of values that a test puts behind an option itself.
const LISTS: &[(&str, &str)] = &[
    ("--summary-sort-by", "names_of_columns"),
    ("--summary-columns", "names_of_columns"),
    ("--summary-sort-by", "columns_of_the_time_that_went_by"),
    ("--summary-columns", "columns_of_the_time_that_went_by"),
];

/// The words of the function `name` in a test.
fn function(name: &str) -> Vec<String> {
    let all = TESTS.iter().map(|file| text(file)).collect::<Vec<_>>().join("\n");
    let body = all.split_once(&format!("fn {name}()")).unwrap_or_else(|| panic!("no {name}")).1;
    let body = body.split_once("\n}\n").map_or(body, |(body, _)| body);
    body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The values that rows give to a form of an option, and whether a row has it at all.
fn values<'a>(rows: &'a [String], form: &str) -> (bool, Vec<&'a str>) {
    let (mut there, mut values) = (false, Vec::new());
    for (at, word) in rows.iter().enumerate() {
        let next = rows.get(at + 1).map_or("", String::as_str);
        let value = if let Some(qualifier) = form.strip_prefix("-e ") {
            if word != "-e" {
                continue;
            }
            next.strip_prefix(qualifier).and_then(|rest| rest.strip_prefix('='))
        } else if form.starts_with("--") {
            if word == form {
                Some("")
            } else {
                word.strip_prefix(form).and_then(|rest| rest.strip_prefix('='))
            }
        } else {
            // A letter, perhaps several times: -tt.
            let letter = form.trim_start_matches('-');
            let repeated = word
                .strip_prefix('-')
                .is_some_and(|rest| !rest.is_empty() && rest.replace(letter, "").is_empty());
            repeated.then_some(next)
        };
        if let Some(value) = value {
            there = true;
            values.extend(
                value.split(',').map(|word| word.trim_start_matches('!').rsplit(':').next().unwrap_or("")),
            );
        }
    }
    (there, values)
}

#[test]
fn every_form_and_value_has_a_row() {
    let rows = rows();
    let mut missing = Vec::new();
    for Spoken { forms, values: wanted } in spoken() {
        if OURS.iter().any(|(name, _)| forms.iter().any(|form| form == name))
            && !forms.contains(&"-e".to_owned())
        {
            continue;
        }
        let mut known = Vec::new();
        for form in forms.iter().filter(|form| !OURS.iter().any(|row| row.0 == **form)) {
            let (there, given) = values(&rows, form);
            if !there {
                missing.push(form.clone());
            }
            known.extend(given);
        }
        let lists = LISTS.iter().filter(|(form, _)| forms.iter().any(|own| own == form));
        let listed: Vec<String> = lists.flat_map(|(_, name)| function(name)).collect();
        known.extend(listed.iter().map(String::as_str));
        for value in wanted.iter().filter(|value| !known.contains(value)) {
            missing.push(format!("{}={value}", forms.last().unwrap()));
        }
    }
    assert!(missing.is_empty(), "{} without a row in {TESTS:?}:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn options_of_ours_have_tests_of_their_own() {
    for (option, file) in OURS {
        assert!(text(file).contains(option), "{option} is not in {file}");
    }
}
