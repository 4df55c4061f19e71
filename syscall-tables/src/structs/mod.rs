//! Structs of the kernel's ABI as field lists in kernel order.
//!
//! Offsets are computed for the data model of the ABI at hand (see [`crate::layout`]), never taken
//! from the host. `show` lists what is printed and in which order; `brief` what is left when
//! structs are abbreviated, followed by `...`.

use crate::model::{Kind, Scope, Sibling};

/// A member of a struct. A name that starts with `_` is padding and never printed.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Name as in the kernel's header.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A struct of the ABI.
#[derive(Debug)]
pub struct Struct {
    /// Tag as in the kernel's header.
    pub name: &'static str,
    /// Members in memory order.
    pub members: &'static [Member],
    /// What is printed, in printing order; empty means all members in memory order.
    pub show: &'static [Sibling],
    /// What is printed when abbreviated, before `...`; empty means the same as `show`.
    pub brief: &'static [Sibling],
    /// No padding between members.
    pub packed: bool,
}

/// A reference to member `index` of the struct being declared.
pub const fn member(index: u8) -> Sibling {
    Sibling { scope: Scope::Member, index }
}

/// Declares structs; members may refer to each other by name.
///
/// ```text
/// structs! {
///     /// See stat(2).
///     STAT "stat" { st_dev: DEV64, …, _pad: INT }
///         show [st_dev, st_ino] brief [st_mode, st_size];
///     /// See epoll_ctl(2).
///     EPOLL_EVENT "epoll_event" packed { events: bits(&EPOLL), data: U64 };
/// }
/// ```
#[macro_export]
macro_rules! structs {
    () => {};
    ($(#[$meta:meta])* $id:ident $tag:literal packed { $($body:tt)* } $($rest:tt)*) => {
        $crate::structs!(@one true [$(#[$meta])*] $id $tag { $($body)* } $($rest)*);
    };
    ($(#[$meta:meta])* $id:ident $tag:literal { $($body:tt)* } $($rest:tt)*) => {
        $crate::structs!(@one false [$(#[$meta])*] $id $tag { $($body)* } $($rest)*);
    };
    (@one $packed:literal [$(#[$meta:meta])*] $id:ident $tag:literal { $($name:ident : $kind:expr),* $(,)? }
        $(show [$($show:ident),* $(,)?])? $(brief [$($brief:ident),* $(,)?])? ; $($rest:tt)*) => {
        $(#[$meta])*
        pub static $id: $crate::structs::Struct = {
            #[allow(non_camel_case_types, dead_code, clippy::upper_case_acronyms)]
            enum Index { $($name),* }
            $(#[allow(non_upper_case_globals, dead_code)]
            const $name: $crate::model::Sibling = $crate::structs::member(Index::$name as u8);)*
            $crate::structs::Struct {
                name: $tag,
                members: &[$($crate::structs::Member { name: $crate::plain(stringify!($name)), kind: $kind }),*],
                show: &[$($($show),*)?],
                brief: &[$($($brief),*)?],
                packed: $packed,
            }
        };
        $crate::structs!($($rest)*);
    };
}

pub mod fs;
pub mod ipc;
pub mod mount;
pub mod process;
pub mod quota;
pub mod security;
pub mod sockaddr;
pub mod time;
pub mod trace;
pub mod uring;
