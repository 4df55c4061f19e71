//! Syscall numbers and names of every ABI, up to Linux 7.0.
//!
//! Names are the kernel's, which strace prints unchanged. What the `syscalls` crate lacks or has wrong is corrected
//! here; a test holds the result against linux-raw-sys. Number to name is one array read.

use super::Abi;

/// Entries of each table; above every number in use.
const LENGTH: usize = 548;

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

const X86_64_TABLE: Table = table!(x86_64, &[(335, Some("uretprobe")), (336, Some("uprobe"))]);
static X86_64: Table = X86_64_TABLE;
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

/// The first number of the calls that x32 has for itself, of [`X32_OWN`].
const X32_FIRST: usize = 512;

/// The calls that x32 has for itself, from 512 on. Source: arch/x86/entry/syscalls/syscall_64.tbl.
pub const X32_OWN: [&str; 36] = [
    "rt_sigaction",
    "rt_sigreturn",
    "ioctl",
    "readv",
    "writev",
    "recvfrom",
    "sendmsg",
    "recvmsg",
    "execve",
    "ptrace",
    "rt_sigpending",
    "rt_sigtimedwait",
    "rt_sigqueueinfo",
    "sigaltstack",
    "timer_create",
    "mq_notify",
    "kexec_load",
    "waitid",
    "set_robust_list",
    "get_robust_list",
    "vmsplice",
    "move_pages",
    "preadv",
    "pwritev",
    "rt_tgsigqueueinfo",
    "recvmmsg",
    "sendmmsg",
    "process_vm_readv",
    "process_vm_writev",
    "setsockopt",
    "getsockopt",
    "io_setup",
    "io_submit",
    "execveat",
    "preadv2",
    "pwritev2",
];

/// Numbers below those that are not x32's, as they are called where x32 makes them. Source: the same.
const X32_WIDE: &[(usize, &str)] = &[
    (13, "rt_sigaction#64"),
    (15, "rt_sigreturn#64"),
    (16, "ioctl#64"),
    (19, "readv#64"),
    (20, "writev#64"),
    (45, "recvfrom#64"),
    (46, "sendmsg#64"),
    (47, "recvmsg#64"),
    (54, "setsockopt#64"),
    (55, "getsockopt#64"),
    (59, "execve#64"),
    (101, "ptrace#64"),
    (127, "rt_sigpending#64"),
    (128, "rt_sigtimedwait#64"),
    (129, "rt_sigqueueinfo#64"),
    (131, "sigaltstack#64"),
    (134, "uselib#64"),
    (156, "_sysctl#64"),
    (174, "create_module#64"),
    (177, "get_kernel_syms#64"),
    (178, "query_module#64"),
    (180, "nfsservctl#64"),
    (205, "set_thread_area#64"),
    (206, "io_setup#64"),
    (209, "io_submit#64"),
    (211, "get_thread_area#64"),
    (214, "epoll_ctl_old#64"),
    (215, "epoll_wait_old#64"),
    (222, "timer_create#64"),
    (236, "vserver#64"),
    (244, "mq_notify#64"),
    (246, "kexec_load#64"),
    (247, "waitid#64"),
    (273, "set_robust_list#64"),
    (274, "get_robust_list#64"),
    (278, "vmsplice#64"),
    (279, "move_pages#64"),
    (295, "preadv#64"),
    (296, "pwritev#64"),
    (297, "rt_tgsigqueueinfo#64"),
    (299, "recvmmsg#64"),
    (307, "sendmmsg#64"),
    (310, "process_vm_readv#64"),
    (311, "process_vm_writev#64"),
    (322, "execveat#64"),
    (327, "preadv2#64"),
    (328, "pwritev2#64"),
];

static X32: Table = {
    let mut table = X86_64_TABLE;
    let mut row = 0;
    while row < X32_WIDE.len() {
        table[X32_WIDE[row].0] = Some(X32_WIDE[row].1);
        row += 1;
    }
    let mut own = 0;
    while own < X32_OWN.len() {
        table[X32_FIRST + own] = Some(X32_OWN[own]);
        own += 1;
    }
    table
};

/// The name of a call without the mark of one that is not x32's own.
pub fn plain(name: &str) -> &str {
    name.strip_suffix("#64").unwrap_or(name)
}

const fn table(abi: Abi) -> &'static Table {
    match abi {
        Abi::X86_64 => &X86_64,
        Abi::I386 => &I386,
        Abi::Aarch64 => &AARCH64,
        Abi::Riscv64 => &RISCV64,
        Abi::X32 => &X32,
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
                    plain(known).bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                    "{known}"
                );
            }
            let last = if abi == Abi::X32 { (547, "pwritev2") } else { (471, "rseq_slice_yield") };
            assert_eq!(names(abi).last(), Some(last));
            assert_eq!(name(abi, 500), None);
            assert_eq!(name(abi, u64::MAX), None);
        }
    }

    /// Against the kernel's header, where it is installed.
    #[test]
    fn every_number_of_x32() {
        let read = |name: &str| std::fs::read_to_string(format!("/usr/include/x86_64-linux-gnu/asm/{name}"));
        let (Ok(own), Ok(wide)) = (read("unistd_x32.h"), read("unistd_64.h")) else {
            println!("no header of x32: linux-libc-dev for x86_64 has it");
            return;
        };
        let rows = |text: &str| -> Vec<(String, u64)> {
            let row = |line: &str| {
                let (known, value) = line.strip_prefix("#define __NR_")?.split_once(' ')?;
                let digits = value.trim_end_matches(')').rsplit(' ').next()?;
                Some((known.to_owned(), digits.parse().ok()?))
            };
            text.lines().filter_map(row).collect()
        };
        let own = rows(&own);
        for (known, nr) in &own {
            assert_eq!(name(Abi::X32, *nr), Some(&**known));
        }
        for (known, nr) in rows(&wide).iter().filter(|row| !own.contains(row)) {
            assert_eq!(name(Abi::X32, *nr), Some(&*format!("{known}#64")));
        }
        assert!(own.len() > 300);
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
