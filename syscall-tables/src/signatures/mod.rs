//! Signatures of the syscalls by family, and the look-up by ABI and number.

/// Declares signatures; arguments refer to each other by name, checked by the compiler.
///
/// ```text
/// signatures! { TABLE:
///     openat(dirfd: DIRFD, pathname: PATH, flags: bits(&OPEN), mode: MODE.when(flags, O_CREAT)) -> FD;
/// }
/// ```
#[macro_export]
macro_rules! signatures {
    ($(#[$meta:meta])* $table:ident: $($name:ident ( $($arg:ident : $kind:expr),* $(,)? ) -> $ret:expr;)*) => {
        $(#[$meta])*
        pub static $table: &[$crate::model::Signature] = &[$(
            {
                #[allow(non_camel_case_types, dead_code, clippy::upper_case_acronyms)]
                enum Index { $($arg,)* End }
                $(#[allow(non_upper_case_globals, dead_code)]
                const $arg: $crate::model::Sibling = $crate::model::Sibling {
                    scope: $crate::model::Scope::Arg, index: Index::$arg as u8,
                };)*
                $crate::model::Signature {
                    name: $crate::plain(stringify!($name)),
                    args: &[$($crate::model::Arg { name: $crate::plain(stringify!($arg)), kind: $kind }),*],
                    ret: $ret,
                }
            }
        ),*];
    };
}

pub mod fs;
pub mod ipc;
pub mod keys;
pub mod mem;
pub mod misc;
pub mod mount;
pub mod net;
pub mod prctl;
pub mod process;
pub mod signal;
pub mod time;
pub mod trace;

use std::sync::LazyLock;

use crate::abi::{Abi, numbers};
use crate::model::Signature;

/// Every family's rows, in no particular order.
pub static FAMILIES: &[&[Signature]] = &[
    fs::TABLE,
    ipc::TABLE,
    keys::TABLE,
    mem::TABLE,
    misc::TABLE,
    mount::TABLE,
    net::TABLE,
    process::TABLE,
    signal::TABLE,
    time::TABLE,
];

/// Rows that hold on i386 only and go before those of the families.
pub static I386: &[&[Signature]] =
    &[fs::I386, ipc::I386, mem::I386, misc::I386, process::I386, signal::I386, time::I386];

static BY_NUMBER: LazyLock<[Vec<Option<&'static Signature>>; Abi::ALL.len()]> =
    LazyLock::new(|| Abi::ALL.map(index));

fn index(abi: Abi) -> Vec<Option<&'static Signature>> {
    let mut table = Vec::new();
    for (nr, name) in numbers::names(abi) {
        let nr = nr as usize;
        if table.len() <= nr {
            table.resize(nr + 1, None);
        }
        table[nr] = match (abi, named(abi, numbers::plain(name))) {
            // Calls of another ABI go by a name of their own; there are few.
            (Abi::X32, Some(known)) if known.name != name => {
                Some(&*Box::leak(Box::new(Signature { name, args: known.args, ret: known.ret })))
            }
            (_, known) => known,
        };
    }
    table
}

/// The signature of `name` on `abi`.
pub fn named(abi: Abi, name: &str) -> Option<&'static Signature> {
    let own = if abi == Abi::I386 { I386 } else { &[] };
    own.iter().chain(FAMILIES).flat_map(|table| table.iter()).find(|s| s.name == name)
}

/// The signature of `name` that holds on every ABI without one of its own.
pub fn common(name: &str) -> Option<&'static Signature> {
    FAMILIES.iter().flat_map(|table| table.iter()).find(|s| s.name == name)
}

/// The signature of call number `nr` on `abi`; one array read.
pub fn lookup(abi: Abi, nr: u64) -> Option<&'static Signature> {
    BY_NUMBER[abi as usize].get(usize::try_from(nr).ok()?).copied().flatten()
}
