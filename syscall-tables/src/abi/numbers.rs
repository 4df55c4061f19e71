//! Syscall numbers and names of every ABI, up to Linux 7.0.
//!
//! Names are the kernel's, which strace prints unchanged. What the `syscalls` crate lacks or has wrong is corrected
//! here; a test holds the result against linux-raw-sys. Number to name is one array read.

use super::Abi;

/// Entries of each table; above every number in use.
const LENGTH: usize = 480;

/// Calls that are newer than the crate, whose numbers are the same on every ABI: Linux 6.19 and 7.0.
const NEWEST: [(usize, &str); 2] = [(470, "listns"), (471, "rseq_slice_yield")];

type Table = [Option<&'static str>; LENGTH];

/// The table of one module of the `syscalls` crate, with `(number, name)` corrections on top.
macro_rules! table {
    ($module:ident, $corrections:expr) => {{
        const fn build() -> Table {
            let corrections: &[(usize, Option<&'static str>)] = $corrections;
            let mut table: Table = [None; LENGTH];
            let mut nr = 0;
            while nr < LENGTH {
                if let Some(call) = syscalls::$module::Sysno::new(nr) {
                    table[nr] = Some(call.name());
                }
                nr += 1;
            }
            let mut row = 0;
            while row < NEWEST.len() {
                table[NEWEST[row].0] = Some(NEWEST[row].1);
                row += 1;
            }
            row = 0;
            while row < corrections.len() {
                table[corrections[row].0] = corrections[row].1;
                row += 1;
            }
            table
        }
        build()
    }};
}

static X86_64: Table = table!(x86_64, &[(335, Some("uretprobe")), (336, Some("uprobe"))]);
// The crate spells a Rust keyword with its raw prefix.
static I386: Table = table!(x86, &[(17, Some("break"))]);
// The crate lists the 64-bit time calls of 32-bit ABIs, which arm64 does not have.
static AARCH64: Table = table!(
    aarch64,
    &[
        (79, Some("newfstatat")),
        (403, None),
        (404, None),
        (405, None),
        (406, None),
        (407, None),
        (408, None),
        (409, None),
        (410, None),
        (411, None),
        (412, None),
        (413, None),
        (414, None),
        (416, None),
        (417, None),
        (418, None),
        (419, None),
        (420, None),
        (421, None),
        (422, None),
        (423, None),
    ]
);
static RISCV64: Table = table!(riscv64, &[]);

const fn table(abi: Abi) -> &'static Table {
    match abi {
        Abi::X86_64 => &X86_64,
        Abi::I386 => &I386,
        Abi::Aarch64 => &AARCH64,
        Abi::Riscv64 => &RISCV64,
    }
}

/// The name of syscall `nr`; none for a number that the ABI does not use (strace: `syscall_0x1f4`).
pub fn name(abi: Abi, nr: u64) -> Option<&'static str> {
    usize::try_from(nr).ok().and_then(|index| table(abi).get(index).copied().flatten())
}

/// The number of the syscall called `name`. Reads the table through: for options, not for every event.
pub fn number(abi: Abi, name: &str) -> Option<u64> {
    names(abi).find(|(_, known)| *known == name).map(|(nr, _)| nr)
}

/// Every number in use and its name, ascending.
pub fn names(abi: Abi) -> impl Iterator<Item = (u64, &'static str)> {
    (0..).zip(table(abi)).filter_map(|(nr, name)| name.map(|name| (nr, name)))
}

/// The number of i386 `socketcall`, whose first argument chooses one of [`socketcall`].
pub const I386_SOCKETCALL: u64 = 102;

/// The number of i386 `ipc`, whose first argument chooses one of [`ipc`].
pub const I386_IPC: u64 = 117;
/// Number of i386's mmap, whose arguments are in memory.
pub const I386_OLD_MMAP: u64 = 90;

/// Number of i386's first select, whose arguments are in memory.
pub const I386_OLD_SELECT: u64 = 82;

/// What `socketcall(call, …)` is printed as if its argument array can be read; the whole argument counts.
/// Source: include/uapi/linux/net.h.
pub fn socketcall(call: u32) -> Option<&'static str> {
    const CALLS: [&str; 20] = [
        "socket",
        "bind",
        "connect",
        "listen",
        "accept",
        "getsockname",
        "getpeername",
        "socketpair",
        "send",
        "recv",
        "sendto",
        "recvfrom",
        "shutdown",
        "setsockopt",
        "getsockopt",
        "sendmsg",
        "recvmsg",
        "accept4",
        "recvmmsg",
        "sendmmsg",
    ];
    CALLS.get(usize::try_from(call.checked_sub(1)?).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::process::Command;

    /// The sources of the linux-raw-sys dev-dependency, which carries every ABI as text.
    fn raw_sys() -> PathBuf {
        let metadata = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--offline", "--filter-platform"])
            // Without a platform, cargo wants the dependencies for Windows at hand too.
            .arg(format!("{}-unknown-linux-gnu", std::env::consts::ARCH))
            .arg("--manifest-path")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .output()
            .expect("cargo runs");
        let text = String::from_utf8(metadata.stdout).expect("UTF-8");
        let manifest = text
            .split("\"manifest_path\":\"")
            .filter_map(|part| part.split('"').next())
            .find(|path| path.contains("/linux-raw-sys-"))
            .expect("linux-raw-sys is a dev-dependency");
        PathBuf::from(manifest).parent().expect("a folder").join("src")
    }

    #[test]
    fn every_number_of_linux_raw_sys() {
        let sources = raw_sys();
        for (abi, folder) in [
            (Abi::X86_64, "x86_64"),
            (Abi::I386, "x86"),
            (Abi::Aarch64, "aarch64"),
            (Abi::Riscv64, "riscv64"),
        ] {
            let text = std::fs::read_to_string(sources.join(folder).join("general.rs")).expect("general.rs");
            let mut seen = 0;
            for row in text.split("pub const __NR_").skip(1) {
                let (known, rest) = row.split_once(':').expect("a type");
                let value = rest.split(['=', ';']).nth(1).expect("a value").trim();
                let nr: u64 = value.parse().expect("a number");
                assert_eq!(name(abi, nr), Some(known.trim()), "{abi:?} {nr}");
                seen += 1;
            }
            println!("{abi:?}: {} names, {seen} in linux-raw-sys", names(abi).count());
            assert!(seen > 320 && names(abi).count() >= seen);
        }
    }

    #[test]
    fn round_trip() {
        for abi in Abi::ALL {
            for (nr, known) in names(abi) {
                assert_eq!(name(abi, nr), Some(known));
                assert_eq!(number(abi, known), Some(nr), "{abi:?} {known}");
                assert!(
                    known.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                    "{known}"
                );
            }
            assert_eq!(names(abi).last(), Some((471, "rseq_slice_yield")));
            assert_eq!(name(abi, 500), None);
            assert_eq!(name(abi, u64::MAX), None);
        }
    }

    #[test]
    fn oddities() {
        for (nr, known) in [
            (17, "break"),
            (18, "oldstat"),
            (22, "umount"),
            (28, "oldfstat"),
            (52, "umount2"),
            (59, "oldolduname"),
            (82, "select"),
            (84, "oldlstat"),
            (90, "mmap"),
            (102, "socketcall"),
            (106, "stat"),
            (109, "olduname"),
            (117, "ipc"),
            (122, "uname"),
            (140, "_llseek"),
            (142, "_newselect"),
            (149, "_sysctl"),
            (180, "pread64"),
            (191, "ugetrlimit"),
            (192, "mmap2"),
            (195, "stat64"),
            (221, "fcntl64"),
            (239, "sendfile64"),
            (250, "fadvise64"),
            (272, "fadvise64_64"),
            (300, "fstatat64"),
            (422, "futex_time64"),
        ] {
            assert_eq!(name(Abi::I386, nr), Some(known));
        }
        for (nr, known) in [
            (17, "pread64"),
            (40, "sendfile"),
            (156, "_sysctl"),
            (166, "umount2"),
            (183, "afs_syscall"),
            (184, "tuxcall"),
            (185, "security"),
            (221, "fadvise64"),
            (236, "vserver"),
            (262, "newfstatat"),
            (335, "uretprobe"),
            (336, "uprobe"),
            (462, "mseal"),
        ] {
            assert_eq!(name(Abi::X86_64, nr), Some(known));
        }
        assert_eq!(name(Abi::X86_64, 337), None);
        assert_eq!(name(Abi::I386, 222), None);
        assert_eq!(name(Abi::Aarch64, 79), Some("newfstatat"));
        assert_eq!(name(Abi::Aarch64, 403), None);
        assert_eq!(name(Abi::Riscv64, 259), Some("riscv_flush_icache"));
    }

    #[test]
    fn calls_inside_calls() {
        assert_eq!(name(Abi::I386, I386_SOCKETCALL), Some("socketcall"));
        assert_eq!(name(Abi::I386, I386_IPC), Some("ipc"));
        assert_eq!(socketcall(0), None);
        assert_eq!(socketcall(1), Some("socket"));
        assert_eq!(socketcall(20), Some("sendmmsg"));
        assert_eq!(socketcall(21), None);
        assert_eq!(socketcall(0x1_0001), None);
    }
}
