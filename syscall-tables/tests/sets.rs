//! Properties that every set has.
use std::collections::HashSet;

use syscall_tables::abi::Abi;
use syscall_tables::set::{Row, Set, Style};
use syscall_tables::sets::{ALL, fs, mem, mount, net};

fn each(check: impl Fn(&Set, Abi, &[Row])) {
    for set in ALL {
        for abi in Abi::ALL {
            check(set, abi, set.rows_for(abi));
        }
    }
}

/// The names of `value`, joined by `|`, and what is left of it.
fn print(set: &Set, abi: Abi, value: u64) -> (String, u64) {
    let mut parts = set.parts(abi, value);
    let names: Vec<_> = parts.by_ref().map(|row| row.name).collect();
    (names.join("|"), parts.rest())
}

#[test]
fn identifiers_are_unique() {
    let mut seen = HashSet::new();
    for set in ALL {
        assert!(seen.insert(set.id), "{} twice", set.id);
    }
}

#[test]
fn names_are_unique_inside_a_set() {
    each(|set, abi, rows| {
        let mut seen = HashSet::new();
        for row in rows {
            assert!(seen.insert(row.name), "{} {abi:?}: {} twice", set.id, row.name);
        }
    });
}

#[test]
fn values_fit_their_masks() {
    each(|set, abi, rows| {
        for row in rows {
            assert_eq!(row.value & !row.mask, 0, "{} {abi:?}: {}", set.id, row.name);
        }
    });
}

#[test]
fn values_are_unique_inside_a_set() {
    each(|set, abi, rows| {
        let mut seen = HashSet::new();
        for row in rows {
            let mask = if set.style == Style::Bits { row.mask } else { 0 };
            assert!(seen.insert((row.value, mask)), "{} {abi:?}: {} repeats a value", set.id, row.name);
        }
    });
}

#[test]
fn every_row_prints_and_parses_back() {
    each(|set, abi, rows| {
        for row in rows {
            let (text, rest) = print(set, abi, row.value);
            // Some rows stand for several names that go together.
            let parsed = set.value_of(abi, &text).map(|value| value | rest).unwrap_or_else(|| {
                text.split('|').filter_map(|name| set.value_of(abi, name)).fold(rest, |all, v| all | v)
            });
            assert_eq!(parsed, row.value, "{} {abi:?}: {} printed {text}", set.id, row.name);
        }
    });
}

#[test]
fn flag_words_print_as_strace_prints_them() {
    let cases: &[(&Set, u64, &str, u64)] = &[
        (&fs::OPEN, 0, "O_RDONLY", 0),
        (&fs::OPEN, 0x8_0000, "O_RDONLY|O_CLOEXEC", 0),
        (&fs::OPEN, 0xc2, "O_RDWR|O_CREAT|O_EXCL", 0),
        (&fs::OPEN, 0x29_0800, "O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_PATH|O_DIRECTORY", 0),
        (&fs::OPEN, 0x10_1000, "O_RDONLY|O_SYNC", 0),
        (&fs::OPEN, 0x1003, "O_ACCMODE|O_DSYNC", 0),
        (&fs::FLOCK, 0xa0, "LOCK_MAND|LOCK_WRITE", 0),
        (&fs::STATX_MASK, 0xfff, "STATX_ALL", 0),
        (&fs::STATX_MASK, 0x17ff, "STATX_BASIC_STATS|STATX_MNT_ID", 0),
        (&mem::MMAP, 0x4020, "MAP_ANONYMOUS|MAP_NORESERVE", 0),
        (&mem::MMAP_TYPE, 0, "MAP_FILE", 0),
        (&mem::PROT, 0, "PROT_NONE", 0),
        (&mem::PROT, 0x3, "PROT_READ|PROT_WRITE", 0),
        (&net::SOCK, 0x8_0801, "SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK", 0),
        (&mount::MOUNT, 0xc0ed_0001, "MS_MGC_VAL|MS_RDONLY", 0),
        (&mount::MOUNT, 0x200, "", 0x200),
    ];
    for (set, value, text, rest) in cases {
        assert_eq!(print(set, Abi::X86_64, *value), ((*text).to_owned(), *rest), "{} {value:#x}", set.id);
    }
    assert_eq!(print(&fs::OPEN, Abi::Aarch64, 0x4000).0, "O_RDONLY|O_DIRECTORY");
}
