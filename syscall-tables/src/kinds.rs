//! The vocabulary in which signatures and structs are written: short names for [`Kind`]s.

use crate::device::Device;
use crate::model::{Custom, Dir, Kind, Len, Shape, Sibling, Width};
use crate::net::Net;
use crate::piece::Piece;
use crate::set::{Base, Set};

const fn number(width: Width, signed: bool, base: Base) -> Kind {
    Kind::new(Shape::Number(width, signed, base))
}

/// `int`, decimal.
pub const INT: Kind = number(Width::W32, true, Base::Dec);
/// `unsigned int`, decimal.
pub const UINT: Kind = number(Width::W32, false, Base::Dec);
/// `unsigned int`, hexadecimal.
pub const HEX: Kind = number(Width::W32, false, Base::Hex);
/// `long`, decimal.
pub const LONG: Kind = number(Width::Long, true, Base::Dec);
/// `unsigned long`, decimal.
pub const ULONG: Kind = number(Width::Long, false, Base::Dec);
/// `unsigned long`, hexadecimal.
pub const HEXLONG: Kind = number(Width::Long, false, Base::Hex);
/// `size_t`.
pub const SIZE: Kind = ULONG;
/// `ssize_t`.
pub const SSIZE: Kind = LONG;
/// `off_t` of the ABI, one register.
pub const OFF: Kind = LONG;
/// `loff_t` in registers: two on 32-bit ABIs.
pub const LOFF: Kind = Kind::new(Shape::Wide(true, Base::Dec));
/// An unsigned 64-bit number in registers: two on 32-bit ABIs.
pub const WIDE: Kind = Kind::new(Shape::Wide(false, Base::Dec));
/// A 64-bit mask in registers: two on 32-bit ABIs.
pub const WIDEHEX: Kind = Kind::new(Shape::Wide(false, Base::Hex));
/// `time_t` of the ABI.
pub const TIME: Kind = LONG;
/// Signed byte.
pub const I8: Kind = number(Width::W8, true, Base::Dec);
/// Unsigned byte.
pub const U8: Kind = number(Width::W8, false, Base::Dec);
/// Signed 16 bits.
pub const I16: Kind = number(Width::W16, true, Base::Dec);
/// Unsigned 16 bits.
pub const U16: Kind = number(Width::W16, false, Base::Dec);
/// Signed 64 bits, in memory.
pub const I64: Kind = number(Width::W64, true, Base::Dec);
/// Unsigned 64 bits, in memory.
pub const U64: Kind = number(Width::W64, false, Base::Dec);
/// Byte, hexadecimal.
pub const HEX8: Kind = number(Width::W8, false, Base::Hex);
/// 16 bits, hexadecimal.
pub const HEX16: Kind = number(Width::W16, false, Base::Hex);
/// 64 bits, hexadecimal, in memory.
pub const HEX64: Kind = number(Width::W64, false, Base::Hex);
/// File descriptor.
pub const FD: Kind = Kind::new(Shape::Fd);
/// Directory descriptor or AT_FDCWD.
pub const DIRFD: Kind = Kind::new(Shape::DirFd);
/// Process, thread or process-group id.
pub const PID: Kind = Kind::new(Shape::Pid);
/// User or group id.
pub const ID: Kind = Kind::new(Shape::Id(Width::W32));
/// 16-bit user or group id of old calls.
pub const ID16: Kind = Kind::new(Shape::Id(Width::W16));
/// Signal number.
pub const SIGNO: Kind = Kind::new(Shape::Signal);
/// Permission bits: `umode_t`, whose upper half is not looked at.
pub const MODE: Kind = Kind::new(Shape::Mode(Width::W16));
/// Permission bits in 32 bits of memory.
pub const MODE32: Kind = Kind::new(Shape::Mode(Width::W32));
/// File type and permission bits, as mknod takes them and `st_mode` has them.
pub const FILEMODE: Kind = Kind::new(Shape::FileMode(Width::W32));
/// 16-bit file type and permission bits.
pub const FILEMODE16: Kind = Kind::new(Shape::FileMode(Width::W16));
/// 32-bit device number, as mknod takes it.
pub const DEV: Kind = Kind::new(Shape::Dev(Width::W32));
/// Device number of the size of `long`.
pub const DEVLONG: Kind = Kind::new(Shape::Dev(Width::Long));
/// 64-bit device number.
pub const DEV64: Kind = Kind::new(Shape::Dev(Width::W64));
/// Address that is not followed.
pub const ADDR: Kind = Kind::new(Shape::Address);
/// Path, never shortened.
pub const PATH: Kind = Kind::new(Shape::Path);
/// NUL-terminated string.
pub const STR: Kind = Kind::new(Shape::Str);
/// `argv`.
pub const ARGV: Kind = Kind::new(Shape::Strings);
/// `envp`.
pub const ENVP: Kind = Kind::new(Shape::Environment);
/// Nothing.
pub const ABSENT: Kind = Kind::new(Shape::Absent);
/// The call's return value as a length.
pub const RET: Len = Len::Ret;

/// Bits or a value of `set` in an `int`.
pub const fn bits(set: &'static Set) -> Kind {
    Kind::new(Shape::Set(set, Width::W32))
}
/// The same in a `long`.
pub const fn longbits(set: &'static Set) -> Kind {
    Kind::new(Shape::Set(set, Width::Long))
}
/// The same in 64 bits of memory.
pub const fn bits64(set: &'static Set) -> Kind {
    Kind::new(Shape::Set(set, Width::W64))
}
/// The same in 16 bits of memory.
pub const fn bits16(set: &'static Set) -> Kind {
    Kind::new(Shape::Set(set, Width::W16))
}
/// The same in a byte of memory.
pub const fn bits8(set: &'static Set) -> Kind {
    Kind::new(Shape::Set(set, Width::W8))
}
/// A value of `set` in an `int`; reads better than [`bits`] for enumerations.
pub const fn value(set: &'static Set) -> Kind {
    bits(set)
}
/// A buffer that the kernel reads.
pub const fn in_bytes(len: Len) -> Kind {
    Kind::new(Shape::Bytes(Dir::In, len))
}
/// A buffer that the kernel fills.
pub const fn out_bytes(len: Len) -> Kind {
    Kind::new(Shape::Bytes(Dir::Out, len))
}
/// A pointer to one thing that the kernel reads.
pub const fn input(kind: &'static Kind) -> Kind {
    Kind::new(Shape::Pointer(Dir::In, kind))
}
/// A pointer to one thing that the kernel writes.
pub const fn output(kind: &'static Kind) -> Kind {
    Kind::new(Shape::Pointer(Dir::Out, kind))
}
/// A pointer to one thing that the kernel reads and writes.
pub const fn inout(kind: &'static Kind) -> Kind {
    Kind::new(Shape::Pointer(Dir::InOut, kind))
}
/// An array that the kernel reads.
pub const fn in_array(kind: &'static Kind, len: Len) -> Kind {
    Kind::new(Shape::Array(Dir::In, kind, len))
}
/// An array that the kernel fills.
pub const fn out_array(kind: &'static Kind, len: Len) -> Kind {
    Kind::new(Shape::Array(Dir::Out, kind, len))
}
/// As many as a sibling says.
pub const fn of(sibling: Sibling) -> Len {
    Len::Of(sibling)
}
/// What the 32-bit number behind a sibling pointer says.
pub const fn at(sibling: Sibling) -> Len {
    Len::At(sibling)
}
/// A fixed count.
pub const fn fixed(count: u32) -> Len {
    Len::Fixed(count)
}
/// A signal set that the kernel reads.
pub const fn in_sigset(size: Len) -> Kind {
    Kind::new(Shape::SigSet(Dir::In, size))
}
/// A signal set that the kernel writes.
pub const fn out_sigset(size: Len) -> Kind {
    Kind::new(Shape::SigSet(Dir::Out, size))
}
/// Depends on a sibling's value.
pub const fn by(sibling: Sibling, cases: &'static [(u64, Kind)], other: &'static Kind) -> Kind {
    Kind::new(Shape::By(sibling, cases, other))
}
/// Depends on a sibling's value under a mask.
pub const fn by_masked(
    sibling: Sibling,
    mask: u64,
    cases: &'static [(u64, Kind)],
    other: &'static Kind,
) -> Kind {
    Kind::new(Shape::ByMasked(sibling, mask, cases, other))
}
/// A hexadecimal return with named bits behind it.
pub const fn flags_note(set: &'static Set) -> Kind {
    Kind::new(Shape::FlagsNote(set))
}
/// Decoded by a function of the interpreter.
pub const fn custom(custom: Custom) -> Kind {
    Kind::new(Shape::Custom(custom))
}
/// A member of a network struct.
pub const fn net(net: Net) -> Kind {
    custom(Custom::Net(net))
}
/// A member of a struct of a device.
pub const fn device(device: Device) -> Kind {
    custom(Custom::Device(device))
}
/// A member that is more than a number.
pub const fn piece(piece: Piece) -> Kind {
    custom(Custom::Piece(piece))
}
/// A socket address that the kernel reads.
pub const fn in_sockaddr(len: Len) -> Kind {
    Kind::new(Shape::Sockaddr(Dir::In, len))
}
/// A socket address that the kernel writes.
pub const fn out_sockaddr(len: Len) -> Kind {
    Kind::new(Shape::Sockaddr(Dir::Out, len))
}
/// `struct iovec` array whose buffers the kernel reads.
pub const fn in_iovec(count: Sibling) -> Kind {
    Kind::new(Shape::Iovec(Dir::In, Len::Of(count), Len::Fixed(u32::MAX)))
}
/// `struct iovec` array whose buffers the kernel fills up to the return value.
pub const fn out_iovec(count: Sibling) -> Kind {
    Kind::new(Shape::Iovec(Dir::Out, Len::Of(count), Len::Ret))
}

/// Cases of [`by`], which may be made by calls.
#[macro_export]
macro_rules! cases {
    ($($case:expr),* $(,)?) => { &const { [$($case),*] } };
}
