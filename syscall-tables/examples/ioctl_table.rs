//! Writes `src/ioctl/names.rs` (to standard output) from the installed kernel headers and the behaviour of the installed
//! strace.
//!
//! Every command that a header of the kernel defines, and every number of 16 bits, is issued on no descriptor; what
//! strace calls it is its name, with `or` where several subsystems gave out one number. Commands of newer kernels come
//! from crate `linux-raw-sys`, as far as strace has no name for their number. Needs strace, gcc and gcc -m32; arguments
//! are more folders of headers, such as those of package libdrm-dev.
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the kernel's headers are.
const FOLDERS: [&str; 11] = [
    "linux",
    "asm-generic",
    "x86_64-linux-gnu/asm",
    "sound",
    "drm",
    "rdma",
    "misc",
    "mtd",
    "scsi",
    "video",
    "xen",
];

/// Issues each number of its arguments' file, and every type and number with the commonest sizes.
const CALLER: &str = r#"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/syscall.h>
int main(int argc, char **argv)
{
	const int sizes[] = {1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 40};
	char line[64];
	FILE *file = fopen(argv[1], "r");
	while (fgets(line, sizeof line, file))
		syscall(SYS_ioctl, -1, strtoul(line, 0, 16), 0);
	for (unsigned dir = 1; dir < 4; dir++)
		for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
			for (unsigned low = 0; low < 0x10000; low++)
				syscall(SYS_ioctl, -1, dir << 30 | sizes[i] << 16 | low, 0);
	return 0;
}
"#;

type Names = BTreeMap<u32, String>;

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

/// Macros without arguments whose text calls one of the macros that make a command.
fn candidates(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let defined = joined.lines().filter_map(|line| line.trim_start().strip_prefix('#'));
    let defined = defined.filter_map(|line| line.trim_start().strip_prefix("define"));
    let parts = defined.filter_map(|line| line.trim_start().split_once([' ', '\t']));
    let makes = |body: &str| {
        body.split('(').rev().skip(1).any(|before| {
            let word: String =
                before.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let word: String = word.chars().rev().collect();
            word.contains("IO") && word.chars().all(|c| !c.is_ascii_lowercase())
        })
    };
    parts.filter(|(name, body)| !name.contains('(') && makes(body)).map(|(name, _)| name.to_owned()).collect()
}

/// The values of macros of one header; those that are no number are left out.
fn values(work: &Path, header: &Path, names: &[String], width: &str) -> Option<Vec<u32>> {
    // Headers of packages include each other by their own folder.
    let own = header.parent()?.to_str()?;
    let extra =
        if own.starts_with("/usr/include") { String::from("-I/usr/include") } else { format!("-I{own}") };
    let mut names = names.to_vec();
    for _ in 0..4 {
        let mut source = String::from(
            "#include <stdio.h>\n#include <stdint.h>\n#include <stddef.h>\n#include <sys/types.h>\n\
             #include <sys/socket.h>\n#include <sys/time.h>\n#include <linux/types.h>\n#include <linux/ioctl.h>\n",
        );
        writeln!(source, "#include \"{}\"\nint main(void) {{", header.display()).ok()?;
        let first = source.lines().count() + 1;
        for name in &names {
            writeln!(source, "printf(\"%lx\\n\", (unsigned long)({name}));").ok()?;
        }
        source.push_str("return 0; }\n");
        let file = work.join("values.c");
        let program = work.join("values");
        fs::write(&file, source).ok()?;
        let built = Command::new("gcc")
            .args([width, "-w"])
            .arg(&extra)
            .arg("-o")
            .arg(&program)
            .arg(&file)
            .output()
            .ok()?;
        if built.status.success() {
            let output = Command::new(&program).output().ok()?.stdout;
            let lines = String::from_utf8_lossy(&output).into_owned();
            return Some(lines.lines().filter_map(|l| u32::from_str_radix(l, 16).ok()).collect());
        }
        let errors = String::from_utf8_lossy(&built.stderr).into_owned();
        let bad: BTreeSet<usize> = errors
            .lines()
            .filter_map(|line| line.split_once("values.c:")?.1.split(':').next()?.parse().ok())
            .collect();
        let before = names.len();
        let kept = names.iter().enumerate().filter(|(at, _)| !bad.contains(&(first + at)));
        names = kept.map(|(_, name)| name.clone()).collect();
        if names.len() == before || names.is_empty() {
            return None;
        }
    }
    None
}

/// What strace calls each number.
fn named(work: &Path, numbers: &BTreeSet<u32>, width: &str) -> Result<Names, Box<dyn Error>> {
    let (file, program, list, log) =
        (work.join("caller.c"), work.join("caller"), work.join("list"), work.join("log"));
    fs::write(&file, CALLER)?;
    fs::write(&list, numbers.iter().fold(String::new(), |text, n| format!("{text}{n:x}\n")))?;
    Command::new("gcc").args([width, "-O1", "-o"]).arg(&program).arg(&file).status()?;
    // With numbers beside names, and without what has no name.
    let filter = format!("|grep -v '_IOC(_IOC' > {}", log.display());
    Command::new("strace")
        .args(["-X", "verbose", "-e", "trace=ioctl", "-o", &filter])
        .arg(&program)
        .arg(&list)
        .status()?;
    let mut names = Names::new();
    for call in fs::read_to_string(&log)?.lines().filter_map(|line| line.strip_prefix("ioctl(-1, 0x")) {
        let Some((number, rest)) = call.split_once(" /* ") else { continue };
        let Ok(number) = u32::from_str_radix(number, 16) else { continue };
        // Commands that carry a number in their name are known by code.
        let rest = ["MIXER_READ(", "MIXER_WRITE("]
            .iter()
            .find_map(|head| rest.strip_prefix(head)?.split_once(") or "))
            .map_or(rest, |(_, rest)| rest);
        let name = rest.split(" */").next().unwrap_or_default();
        if !name.contains('(') && !name.is_empty() {
            names.insert(number, name.to_owned());
        }
    }
    Ok(names)
}

/// Commands that crate `linux-raw-sys` knows, by number.
fn newer(architecture: &str) -> BTreeMap<u32, BTreeSet<String>> {
    let mut found: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let cargo = std::env::var("CARGO_HOME")
        .unwrap_or_else(|_| format!("{}/.cargo", std::env::var("HOME").unwrap_or_default()));
    let registry = Path::new(&cargo).join("registry/src");
    let crates = fs::read_dir(registry).into_iter().flatten().flatten();
    for folder in crates.map(|entry| entry.path().join("linux-raw-sys-0.12.1/src").join(architecture)) {
        let text = fs::read_to_string(folder.join("ioctl.rs")).unwrap_or_default();
        for line in text.lines().filter_map(|line| line.strip_prefix("pub const ")) {
            let Some((name, value)) = line.split_once(": u32 = ") else { continue };
            if let Ok(value) = value.trim_end_matches(';').parse() {
                found.entry(value).or_default().insert(name.to_owned());
            }
        }
    }
    found
}

fn table(names: &Names, architecture: &str) -> Names {
    let mut all = names.clone();
    for (number, known) in newer(architecture) {
        if let (Some(name), 1, false) = (
            known.first(),
            known.len(),
            all.contains_key(&number) || number <= 0xffff || known.iter().any(|n| n.contains("32_")),
        ) {
            all.insert(number, name.clone());
        }
    }
    all
}

fn print(id: &str, doc: &str, rows: &Names) {
    println!("/// {doc}");
    println!("#[rustfmt::skip]");
    println!("pub static {id}: &[(u32, &str)] = &[");
    for (number, name) in rows {
        println!("    ({number:#x}, \"{name}\"),");
    }
    println!("];");
}

fn main() -> Result<(), Box<dyn Error>> {
    let work = std::env::temp_dir().join(format!("ioctl_table.{}", std::process::id()));
    fs::create_dir_all(&work)?;
    let mut files = Vec::new();
    FOLDERS.iter().for_each(|folder| headers(&Path::new("/usr/include").join(folder), &mut files));
    std::env::args().skip(1).for_each(|folder| headers(Path::new(&folder), &mut files));
    let mut tables = Vec::new();
    for (width, architecture) in [("-m64", "x86_64"), ("-m32", "x86")] {
        let mut numbers: BTreeSet<u32> = (0..=0xffff).collect();
        for header in &files {
            let names = candidates(&fs::read_to_string(header).unwrap_or_default());
            if !names.is_empty() {
                match values(&work, header, &names, width) {
                    Some(found) => numbers.extend(found),
                    None => eprintln!("{} {width}: no value", header.display()),
                }
            }
        }
        let names = named(&work, &numbers, width)?;
        eprintln!("{width}: {} numbers, {} names", numbers.len(), names.len());
        tables.push(table(&names, architecture));
    }
    fs::remove_dir_all(&work)?;
    let narrow = tables.pop().unwrap_or_default();
    let wide = tables.pop().unwrap_or_default();
    let mut differing: Names = narrow
        .iter()
        .filter(|(number, name)| wide.get(number) != Some(name))
        .map(|(a, b)| (*a, b.clone()))
        .collect();
    differing.extend(
        wide.keys().filter(|number| !narrow.contains_key(number)).map(|number| (*number, String::new())),
    );
    println!("//! Commands of ioctl(2) by number, sorted.");
    println!("//!");
    println!(
        "//! Generated by examples/ioctl_table.rs from the kernel's headers, the behaviour of strace 6.1 and crate"
    );
    println!("//! `linux-raw-sys`. Do not edit.");
    println!();
    print("WIDE", "Commands of 64-bit ABIs.", &wide);
    println!();
    print("NARROW", "Commands of i386 that differ; without a name where it has none.", &differing);
    Ok(())
}
