//! From permitted calls to a profile: what the rest gets, and in which format it is written.
//!
//! A call that is not permitted fails with EPERM; with ENOSYS where a libc tries a newer call first and takes the older
//! one only if the kernel says that it has none, and where the call is newer than the tables here. A program built for a
//! newer kernel then runs on as on an older one. Everything is sorted: the same calls make the same file.

use syscall_tables::abi::{Abi, numbers};

use super::allowed::Allowed;
use super::base::{ALWAYS, Consumer};
use super::{oci_writer, systemd};
use crate::bpf::compile::{self, Rule, Rules, Table, X32};
use crate::bpf::{Action, Program};

/// EPERM.
pub const EPERM: u16 = 1;

/// ENOSYS.
pub const ENOSYS: u16 = 38;

/// From this number on, calls have the same number on all ABIs (but for the 64-bit time calls of 32-bit ones, which
/// begin here): all came with Linux 5.1 or later, and libc has an older way for each that it needs.
const NEWER: u32 = 403;

/// Older calls for which libc or its usual callers take another way on ENOSYS, and on nothing else.
const FALL_BACK: &[(&str, &str)] = &[
    ("copy_file_range", "cp reads and writes"),
    ("getrandom", "libraries read /dev/urandom"),
    ("memfd_create", "programs make a temporary file"),
    ("preadv2", "libc calls preadv"),
    ("pwritev2", "libc calls pwritev"),
    ("renameat2", "libc calls renameat"),
    ("rseq", "libc does without"),
    ("statx", "libc and coreutils call stat"),
];

/// The forms of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON of runtime-spec, which Docker and Podman read too.
    Oci,
    /// Instructions, as bubblewrap reads them from a descriptor.
    Bpf,
    /// A drop-in for a unit of systemd.
    Systemd,
}

impl Format {
    /// Every format with its name in `--format` and the usual file.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Oci, "oci", "seccomp.json"),
        (Self::Bpf, "bpf", "seccomp.bpf"),
        (Self::Systemd, "systemd", "seccomp.conf"),
    ];

    /// The format of a name.
    ///
    /// # Errors
    /// The names there are.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(format, ..)| *format);
        found.ok_or_else(|| format!("unknown format '{name}': oci, bpf and systemd are known"))
    }

    /// The file that is written where none is named.
    pub fn file(self) -> &'static str {
        Self::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(.., file)| file)
    }
}

/// Adds to the calls of programs what they may do unseen, and what `consumer` does before they begin; the number of
/// names that this added.
pub fn complete(allowed: &mut Allowed, consumer: Option<&Consumer>) -> usize {
    let before = allowed.names().len();
    allowed.add_names(ALWAYS.iter().map(|(name, _)| *name));
    for (name, _) in consumer.into_iter().flat_map(Consumer::all) {
        if let Some(nr) = numbers::number(Abi::X86_64, name) {
            allowed.add(Abi::X86_64, nr);
        }
    }
    allowed.names().len() - before
}

/// The error with which a call fails that is not permitted.
pub fn refusal(nr: u32, name: &str) -> u16 {
    let falls_back = nr >= NEWER || FALL_BACK.iter().any(|(known, _)| *known == name);
    if falls_back { ENOSYS } else { EPERM }
}

/// The calls of an ABI that are not permitted, with the error of each.
pub fn refused(allowed: &Allowed, abi: Abi) -> impl Iterator<Item = (u32, &'static str, u16)> {
    let known = numbers::names(abi).filter_map(|(nr, name)| Some((u32::try_from(nr).ok()?, name)));
    known.filter(move |(nr, _)| !allowed.has(abi, *nr)).map(|(nr, name)| (nr, name, refusal(nr, name)))
}

/// The filter itself. Unlike the text forms it tells the ABIs apart: a call that only 32-bit programs made is
/// permitted to 32-bit programs only.
///
/// # Errors
/// Rules that make no program; those of the tables do.
pub fn program(allowed: &Allowed) -> Result<Program, compile::Error> {
    let table = |abi| {
        let refused = refused(allowed, abi).filter(|(.., errno)| *errno == EPERM);
        let refused = refused.map(|(nr, ..)| Rule::always(nr, Action::Errno(EPERM)));
        let permitted = allowed.numbers(abi).map(|nr| Rule::always(nr, Action::Allow));
        Table { abi, rules: permitted.chain(refused).collect(), beyond: None }
    };
    let tables = allowed.abis().map(table).collect();
    let (default, bad_arch) = (Action::Errno(ENOSYS), Action::KillProcess);
    compile::compile(&Rules { default, bad_arch, x32: X32::BadArch, tables })
}

/// The profile as bytes of a file.
///
/// # Errors
/// As [`program`].
pub fn write(allowed: &Allowed, format: Format) -> Result<Vec<u8>, compile::Error> {
    Ok(match format {
        Format::Oci => oci_writer::write(allowed).into_bytes(),
        Format::Bpf => program(allowed)?.to_bytes(),
        Format::Systemd => systemd::write(allowed).into_bytes(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bpf::run::run;
    use crate::bpf::{Data, check};
    use crate::profile::{self, Host};

    fn some() -> Allowed {
        let mut allowed = Allowed::default();
        allowed.add_abi(Abi::I386);
        allowed.add_names(["read", "write", "openat", "mmap2", "clone3"]);
        complete(&mut allowed, Consumer::named("crun").ok());
        allowed
    }

    fn answer(program: &Program, abi: Abi, nr: u32) -> Action {
        let data = Data { nr: nr.cast_signed(), arch: abi.audit_arch(), ..Data::default() };
        Action::from_ret(run(program, &data).unwrap().ret)
    }

    fn named(program: &Program, abi: Abi, name: &str) -> Action {
        answer(program, abi, u32::try_from(numbers::number(abi, name).unwrap()).unwrap())
    }

    #[test]
    fn what_is_not_permitted_fails_as_libc_expects() {
        let program = program(&some()).unwrap();
        check::check(&program).unwrap();
        let (wide, narrow) = (Abi::X86_64, Abi::I386);
        for (abi, name, wanted) in [
            (wide, "read", Action::Allow),
            (wide, "clone3", Action::Allow),
            (wide, "capset", Action::Allow),
            (wide, "mkdir", Action::Errno(EPERM)),
            (wide, "statx", Action::Errno(ENOSYS)),
            (wide, "openat2", Action::Errno(ENOSYS)),
            (narrow, "mmap2", Action::Allow),
            (narrow, "sigreturn", Action::Allow),
            (narrow, "capset", Action::Errno(EPERM)),
            (narrow, "clock_gettime64", Action::Allow),
            (narrow, "futex_time64", Action::Errno(ENOSYS)),
        ] {
            assert_eq!(named(&program, abi, name), wanted, "{abi} {name}");
        }
        assert_eq!(answer(&program, wide, 900), Action::Errno(ENOSYS), "newer than the tables");
        assert_eq!(answer(&program, wide, 0x4000_0000), Action::KillProcess, "x32");
        let foreign = Data { arch: 7, ..Data::default() };
        assert_eq!(Action::from_ret(run(&program, &foreign).unwrap().ret), Action::KillProcess);
    }

    #[test]
    fn all_formats_say_the_same() {
        let allowed = some();
        let host = Host { enosys_beyond: true, ..Host::default() };
        let load = |format| {
            let bytes = write(&allowed, format).unwrap();
            assert_eq!(bytes, write(&allowed, format).unwrap(), "the same calls make the same file");
            let loaded = profile::load(&bytes, &host).unwrap();
            assert_eq!(loaded.warnings, []);
            loaded.program
        };
        let [oci, bpf, unit] = [Format::Oci, Format::Bpf, Format::Systemd].map(load);
        for (abi, nr) in
            [Abi::X86_64, Abi::I386].into_iter().flat_map(|abi| (0..600).map(move |nr| (abi, nr)))
        {
            let exact = answer(&bpf, abi, nr);
            let text = [answer(&oci, abi, nr), answer(&unit, abi, nr)];
            if allowed.has(abi, nr) {
                assert_eq!((exact, text), (Action::Allow, [Action::Allow; 2]), "{abi} {nr}");
            } else if !numbers::name(abi, u64::from(nr)).is_some_and(|name| allowed.names().contains(name)) {
                assert_eq!(exact, text[0], "{abi} {nr}");
                let implied = |name| systemd::IMPLICIT.contains(&name);
                let permitted = numbers::name(abi, u64::from(nr)).is_some_and(implied);
                let wanted = if permitted { Action::Allow } else { Action::Errno(EPERM) };
                assert_eq!(text[1], wanted, "{abi} {nr}");
            }
        }
    }

    #[test]
    fn names_of_formats() {
        assert_eq!(Format::named("bpf"), Ok(Format::Bpf));
        assert!(Format::named("json").is_err_and(|text| text.contains("oci, bpf and systemd")));
        assert_eq!(Format::Systemd.file(), "seccomp.conf");
    }
}
