//! Writes `src/ioctl/newer.rs` (to standard output) from the headers of a kernel that is newer than the installed
//! strace.
//!
//! Arguments are folders of headers, as `make headers_install` makes them, of that kernel: the one with `linux/` first,
//! then where the rest of what they include is. What the installed headers define is the matter of `ioctl_table`; here
//! are the names that only the newer ones have, beside those that the number had before. Needs gcc and gcc -m32.
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use syscall_tables::abi::Abi;
use syscall_tables::ioctl;

/// Beginnings of names that are commands of other architectures, or no commands.
const OTHERS: [&str; 8] =
    ["__", "KVM_ARM_", "KVM_PPC_", "KVM_RISCV_", "KVM_S390_", "MDIO_", "VIRTIO_", "EXT4_IOC32_"];

/// What stands before a header that does not stand alone; the first that compiles is taken.
const BEFORE: [&str; 4] = [
    "#include <linux/types.h>\n#include <linux/ioctl.h>\n",
    "#include <stdint.h>\n#include <stddef.h>\n#include <stdbool.h>\n#include <linux/types.h>\n#include <linux/ioctl.h>\n",
    "#include <stdint.h>\n#include <sys/types.h>\n#include <sys/time.h>\n#include <linux/types.h>\n",
    "#include <linux/time.h>\n#include <linux/types.h>\n#include <linux/ioctl.h>\n",
];

type Values = BTreeMap<u32, BTreeSet<String>>;

fn headers(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            headers(&path, found);
        } else if path.extension().is_some_and(|e| e == "h") {
            found.push(path);
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Macros without arguments whose text calls one of the macros that make a command.
fn candidates(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let defined = joined.lines().filter_map(|line| line.trim_start().strip_prefix('#'));
    let defined = defined.filter_map(|line| line.trim_start().strip_prefix("define"));
    let parts = defined.filter_map(|line| line.trim_start().split_once([' ', '\t']));
    let makes = |body: &str| {
        body.split('(').rev().skip(1).any(|before| {
            let word = words(before).last().unwrap_or_default();
            before.trim_end().ends_with(word)
                && word.contains("IO")
                && word.chars().all(|c| !c.is_ascii_lowercase())
        })
    };
    parts.filter(|(name, body)| !name.contains('(') && makes(body)).map(|(name, _)| name.to_owned()).collect()
}

/// Compiles a program that prints the names with their values. Gives what it prints, or the lines that are wrong.
fn attempt(
    work: &Path,
    source: &str,
    include: &[String],
    width: &str,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let (file, program) = (work.join("values.c"), work.join("values"));
    fs::write(&file, source)?;
    let built = Command::new("gcc")
        .args([width, "-w", "-ftrack-macro-expansion=0", "-o"])
        .args([&program, &file])
        .args(include)
        .output()?;
    if !built.status.success() {
        return Err(String::from_utf8_lossy(&built.stderr).into());
    }
    Ok(String::from_utf8_lossy(&Command::new(&program).output()?.stdout).into_owned())
}

/// The values of macros of one header; those that are no number are left out.
fn values(work: &Path, header: &Path, names: &[String], include: &[String], width: &str) -> Values {
    let mut found = Values::new();
    for before in BEFORE {
        let mut names = names.to_vec();
        for _ in 0..4 {
            let mut source = format!("{before}#include \"{}\"\n", header.display());
            source.push_str("int printf(const char *, ...);\nint main(void) {\n");
            let first = source.lines().count() + 1;
            for name in &names {
                let _ = writeln!(source, "printf(\"{name} %lx\\n\", (unsigned long)({name}));");
            }
            source.push_str("return 0; }\n");
            match attempt(work, &source, include, width) {
                Ok(text) => {
                    for (name, value) in text.lines().filter_map(|line| line.split_once(' ')) {
                        if let Ok(value) = u64::from_str_radix(value, 16) {
                            found.entry(value as u32).or_default().insert(name.to_owned());
                        }
                    }
                    return found;
                }
                Err(errors) => {
                    let errors = errors.to_string();
                    let bad: BTreeSet<usize> = errors
                        .lines()
                        .filter_map(|line| line.split_once("values.c:")?.1.split(':').next()?.parse().ok())
                        .collect();
                    let kept = names.iter().enumerate().filter(|(at, _)| !bad.contains(&(first + at)));
                    let kept: Vec<_> = kept.map(|(_, name)| name.clone()).collect();
                    if kept.len() == names.len() {
                        break;
                    }
                    names = kept;
                }
            }
        }
    }
    eprintln!("{} {width}: no value", header.display());
    found
}

/// The names of each number: those that it had and the new ones.
fn together(abi: Abi, new: &Values) -> BTreeMap<u32, String> {
    let row = |(number, names): (&u32, &BTreeSet<String>)| {
        let had = ioctl::names_of_old(abi, *number).unwrap_or_default();
        let mut all: BTreeSet<&str> = had.split(" or ").filter(|name| !name.is_empty()).collect();
        all.extend(names.iter().map(String::as_str));
        (*number, all.into_iter().collect::<Vec<_>>().join(" or "))
    };
    new.iter().map(row).collect()
}

fn print(id: &str, doc: &str, rows: &BTreeMap<u32, String>) {
    println!("\n/// {doc}");
    println!("#[rustfmt::skip]");
    println!("pub static {id}: &[(u32, &str)] = &[");
    for (number, name) in rows {
        println!("    ({number:#x}, \"{name}\"),");
    }
    println!("];");
}

fn main() -> Result<(), Box<dyn Error>> {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let include: Vec<String> =
        folders.iter().flat_map(|folder| ["-isystem".to_owned(), folder.clone()]).collect();
    let work = std::env::temp_dir().join(format!("ioctl_newer.{}", std::process::id()));
    fs::create_dir_all(&work)?;
    let mut installed = Vec::new();
    headers(Path::new("/usr/include"), &mut installed);
    let mut known = BTreeSet::new();
    for header in installed {
        let text = String::from_utf8_lossy(&fs::read(header)?).into_owned();
        known.extend(words(&text).map(str::to_owned));
    }
    let mut files = Vec::new();
    headers(Path::new(folders.first().ok_or("no folder of headers")?), &mut files);
    files.sort();
    let mut tables = Vec::new();
    for (width, abi) in [("-m64", Abi::X86_64), ("-m32", Abi::I386)] {
        let mut all = Values::new();
        for header in &files {
            let text = String::from_utf8_lossy(&fs::read(header)?).into_owned();
            let mut names = candidates(&text);
            names.retain(|name| {
                let no_command = ["_VERSION", "_LAST"].iter().any(|end| name.ends_with(end))
                    || OTHERS.iter().any(|head| name.starts_with(head));
                !known.contains(name) && !no_command
            });
            if !names.is_empty() {
                for (number, names) in values(&work, header, &names, &include, width) {
                    all.entry(number).or_default().extend(names);
                }
            }
        }
        tables.push(together(abi, &all));
    }
    fs::remove_dir_all(&work)?;
    let (wide, mut narrow) = (&tables[0], tables[1].clone());
    narrow.retain(|number, name| wide.get(number) != Some(name));
    println!("//! Commands of ioctl(2) that are newer than strace 6.1, by number, sorted.");
    println!("//!");
    println!("//! Generated by examples/ioctl_newer.rs from the headers of Linux 7.2. Do not edit.");
    print("WIDE", "Commands of 64-bit ABIs.", wide);
    print("NARROW", "Commands of i386 whose number is another.", &narrow);
    Ok(())
}
