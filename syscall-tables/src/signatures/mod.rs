//! Signatures of the syscalls by family, and the look-up by ABI and number.

/// Declares signatures; arguments refer to each other by name, checked by the compiler.
///
/// ```ignore
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
