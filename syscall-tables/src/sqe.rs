//! The members of `struct io_uring_sqe` as they are shown of a submission that a call points to: what the unions in it
//! hold, by opcode.
//!
//! Each [`Row`] is a part of the entry; of the rows of a part the first that fits is shown. It holds no code but the
//! look-up. Source: include/uapi/linux/io_uring.h, and the operations' `prep` functions of the kernel.

use crate::kinds::*;
use crate::model::{Custom, Kind, Shape, Width};
use crate::piece::Piece;
use crate::sets::{fs, io, mem, net, uring};
use crate::structs::Struct;

/// Size of an entry.
pub const SHORT: usize = 64;
/// Size of one whose opcode ends in 128.
pub const LONG: usize = 128;
/// Opcodes of long entries.
pub const LONG_OPCODES: &[u8] = &[63, 64];
/// Opcodes of commands, whose number means something to the file alone.
pub const COMMANDS: &[u8] = &[46, 64];

/// A part of an entry.
#[derive(Debug)]
pub struct Row {
    /// The opcodes that have it; none for all.
    pub opcodes: &'static [u8],
    /// The commands of a socket that have it, none for all; `None` where the file does not matter.
    pub commands: Option<&'static [u32]>,
    /// Offset of its first byte.
    pub at: u8,
    /// Its members.
    pub part: &'static Struct,
}

const fn any(at: u8, part: &'static Struct) -> Row {
    Row { opcodes: &[], commands: None, at, part }
}
const fn of(opcodes: &'static [u8], at: u8, part: &'static Struct) -> Row {
    Row { opcodes, commands: None, at, part }
}
const fn socket(commands: &'static [u32], at: u8, part: &'static Struct) -> Row {
    Row { opcodes: COMMANDS, commands: Some(commands), at, part }
}
const fn nonzero(kind: &'static Kind) -> Kind {
    piece(Piece::NonZero(kind))
}
const WIDE_ADDR: Kind = custom(Custom::Address64);
const STATX_FLAGS: Kind = custom(Custom::Class(&fs::AT_STATX_SYNC, 0x6000, &fs::AT_STATX, Width::W32));

crate::structs! {
    /// What is being asked for.
    OPERATION "io_uring_sqe" { opcode: bits8(&io::IO_URING_OP), flags: bits8(&io::IO_URING_SQE) };
    /// The priority, or flags that found no room elsewhere.
    IOPRIO "io_uring_sqe" { ioprio: HEX16 };
    /// The same of operations that send.
    IOPRIO_SEND "io_uring_sqe" { ioprio: bits16(&uring::SEND) };
    /// The same of operations that receive.
    IOPRIO_RECV "io_uring_sqe" { ioprio: bits16(&uring::RECV) };
    /// The same of accept.
    IOPRIO_ACCEPT "io_uring_sqe" { ioprio: bits16(&uring::ACCEPT) };
    /// The file.
    FILE "io_uring_sqe" { fd: FD };
    /// The file by its number among the registered ones.
    FIXED_FILE "io_uring_sqe" { fd: INT };
    /// Where in the file.
    OFFSET "io_uring_sqe" { off: U64 };
    /// The number of a command.
    COMMAND "io_uring_sqe" { cmd_op: HEX, __pad1: nonzero(&HEX) } show [cmd_op, __pad1];
    /// The same of a socket.
    SOCKET_COMMAND "io_uring_sqe" { cmd_op: bits(&uring::SOCKET_COMMAND), __pad1: nonzero(&HEX) } show [cmd_op, __pad1];
    /// Memory.
    ADDRESS "io_uring_sqe" { addr: WIDE_ADDR };
    /// Where in the other file.
    SPLICE_OFFSET "io_uring_sqe" { splice_off_in: U64 };
    /// An option of a socket.
    OPTION "io_uring_sqe" { level: bits(&net::SOL), optname: by(level, crate::signatures::net::OPTIONS, &HEX) };
    /// How much.
    LENGTH "io_uring_sqe" { len: UINT };
    /// Flags, by the names that they have.
    RW "io_uring_sqe" { rw_flags: bits(&io::RWF) };
    /// Of an operation that has no flags.
    NO_FLAGS "io_uring_sqe" { rw_flags: HEX };
    /// See above.
    FSYNC "io_uring_sqe" { fsync_flags: bits(&uring::FSYNC) };
    /// See above.
    POLL "io_uring_sqe" { poll32_events: bits(&io::POLL) };
    /// See above.
    SYNC_RANGE "io_uring_sqe" { sync_range_flags: bits(&io::SYNC_FILE_RANGE) };
    /// See above.
    MSG "io_uring_sqe" { msg_flags: bits(&net::MSG) };
    /// See above.
    TIMEOUT "io_uring_sqe" { timeout_flags: bits(&uring::TIMEOUT) };
    /// See above.
    ACCEPT "io_uring_sqe" { accept_flags: bits(&net::SOCK_FLAGS) };
    /// See above.
    CANCEL "io_uring_sqe" { cancel_flags: bits(&uring::CANCEL) };
    /// See above.
    OPEN "io_uring_sqe" { open_flags: bits(&fs::OPEN) };
    /// See above.
    STATX "io_uring_sqe" { statx_flags: STATX_FLAGS };
    /// See above.
    FADVISE "io_uring_sqe" { fadvise_advice: value(&fs::FADVISE) };
    /// See above.
    MADVISE "io_uring_sqe" { fadvise_advice: value(&mem::MADVISE) };
    /// See above.
    SPLICE "io_uring_sqe" { splice_flags: bits(&uring::URING_SPLICE) };
    /// See above.
    RENAME "io_uring_sqe" { rename_flags: bits(&fs::RENAME) };
    /// See above.
    UNLINK "io_uring_sqe" { unlink_flags: bits(&fs::AT) };
    /// See above.
    HARDLINK "io_uring_sqe" { hardlink_flags: bits(&fs::AT) };
    /// See above.
    XATTR "io_uring_sqe" { xattr_flags: bits(&fs::XATTR) };
    /// See above.
    MSG_RING "io_uring_sqe" { msg_ring_flags: bits(&uring::MSG_RING_FLAGS) };
    /// See above.
    URING_CMD "io_uring_sqe" { uring_cmd_flags: bits(&uring::URING_CMD) };
    /// See above.
    WAITID "io_uring_sqe" { waitid_flags: HEX };
    /// See above.
    FUTEX "io_uring_sqe" { futex_flags: HEX };
    /// See above.
    INSTALL_FD "io_uring_sqe" { install_fd_flags: bits(&uring::INSTALL_FD) };
    /// See above.
    NOP "io_uring_sqe" { nop_flags: bits(&uring::NOP) };
    /// See above.
    PIPE "io_uring_sqe" { pipe_flags: bits(&fs::OPEN_FLAGS) };
    /// What comes back, the buffer, and who asks.
    IDENTITY "io_uring_sqe" { user_data: HEX64, buf_index: U16, personality: U16 };
    /// A slot of the table of registered files.
    SLOT "io_uring_sqe" { file_index: UINT };
    /// The other file.
    SPLICE_FILE "io_uring_sqe" { splice_fd_in: FD };
    /// The length of an address.
    ADDR_LEN "io_uring_sqe" { addr_len: U16, __pad3: nonzero(&const { Kind::new(Shape::Inline(&HEX16, 1)) }) } show [addr_len, __pad3];
    /// The queue of a device.
    QUEUE "io_uring_sqe" { zcrx_ifq_idx: UINT };
    /// The length of an option.
    OPTION_LEN "io_uring_sqe" { optlen: UINT };
    /// More memory.
    ADDRESS3 "io_uring_sqe" { addr3: WIDE_ADDR, __pad2: nonzero(&const { Kind::new(Shape::Inline(&HEX64, 1)) }) } show [addr3, __pad2];
    /// What else goes with bytes.
    ATTRIBUTES "io_uring_sqe" { attr_ptr: WIDE_ADDR, attr_type_mask: bits64(&uring::RW_ATTRIBUTES) };
    /// The value of an option.
    OPTION_VALUE "io_uring_sqe" { optval: WIDE_ADDR };
    /// What a command comes with.
    PAYLOAD "io_uring_sqe" { cmd: custom(Custom::Escapes(16, None)) };
    /// The same in a long entry.
    LONG_PAYLOAD "io_uring_sqe" { cmd: custom(Custom::Escapes(80, None)) };
}

const RW_OPCODES: &[u8] = &[1, 2, 4, 5, 22, 23, 49, 60, 61];
/// Commands of a socket that have an option.
const OPTIONS: &[u32] = &[2, 3];

/// The parts in the order in which they are shown, but for the file.
pub static BEFORE: &[&[Row]] = &[
    &[any(0, &OPERATION)],
    &[
        of(&[9, 26, 47, 48], 2, &IOPRIO_SEND),
        of(&[10, 27, 58], 2, &IOPRIO_RECV),
        of(&[13], 2, &IOPRIO_ACCEPT),
        any(2, &IOPRIO),
    ],
];

/// The parts behind the file.
pub static BEHIND: &[&[Row]] = &[
    &[socket(&[], 8, &SOCKET_COMMAND), of(COMMANDS, 8, &COMMAND), any(8, &OFFSET)],
    &[socket(OPTIONS, 16, &OPTION), of(&[30, 33], 16, &SPLICE_OFFSET), any(16, &ADDRESS)],
    &[any(24, &LENGTH)],
    FLAGS,
    &[any(32, &IDENTITY)],
    &[
        of(&[30, 33], 44, &SPLICE_FILE),
        of(&[26, 47], 44, &ADDR_LEN),
        of(&[58], 44, &QUEUE),
        socket(OPTIONS, 44, &OPTION_LEN),
        any(44, &SLOT),
    ],
    &[
        of(RW_OPCODES, 48, &ATTRIBUTES),
        socket(OPTIONS, 48, &OPTION_VALUE),
        of(&[46], 48, &PAYLOAD),
        of(&[64], 48, &LONG_PAYLOAD),
        any(48, &ADDRESS3),
    ],
];

static FLAGS: &[Row] = &[
    of(RW_OPCODES, 28, &RW),
    of(&[3], 28, &FSYNC),
    of(&[6, 7], 28, &POLL),
    of(&[8], 28, &SYNC_RANGE),
    of(&[9, 10, 26, 27, 47, 48, 58], 28, &MSG),
    of(&[11, 12, 15], 28, &TIMEOUT),
    of(&[13], 28, &ACCEPT),
    of(&[14], 28, &CANCEL),
    of(&[18], 28, &OPEN),
    of(&[21], 28, &STATX),
    of(&[24], 28, &FADVISE),
    of(&[25], 28, &MADVISE),
    of(&[30, 33], 28, &SPLICE),
    of(&[35], 28, &RENAME),
    of(&[36], 28, &UNLINK),
    of(&[39], 28, &HARDLINK),
    of(&[40], 28, &MSG_RING),
    of(&[41, 42, 43, 44], 28, &XATTR),
    of(COMMANDS, 28, &URING_CMD),
    of(&[50], 28, &WAITID),
    of(&[51, 52, 53], 28, &FUTEX),
    of(&[54], 28, &INSTALL_FD),
    of(&[0, 63], 28, &NOP),
    of(&[62], 28, &PIPE),
    any(28, &NO_FLAGS),
];

/// The row of a part that an entry has; `command` is that of a socket.
pub fn row(part: &'static [Row], opcode: u8, command: Option<u32>) -> Option<&'static Row> {
    part.iter().find(|row| {
        let fits = row.opcodes.is_empty() || row.opcodes.contains(&opcode);
        let meant = |known: &[u32]| command.is_some_and(|one| known.is_empty() || known.contains(&one));
        fits && row.commands.is_none_or(meant)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::Abi;
    use crate::layout;

    #[test]
    fn the_parts_of_an_entry_fill_it() {
        for abi in [Abi::X86_64, Abi::I386] {
            let size = |part: &Struct| layout::offset_of(part, part.members.len(), abi.data_model());
            for opcode in 0..=u8::MAX {
                for command in [None, Some(0), Some(2), Some(99)] {
                    let mut end = 0;
                    for &part in BEFORE.iter().chain(BEHIND) {
                        let row = row(part, opcode, command).expect("the last row of a part fits all");
                        // The file lies between.
                        end += if end == 4 { size(&FILE) } else { 0 };
                        assert_eq!(usize::from(row.at), end, "{opcode} {}", row.part.members[0].name);
                        end += size(row.part);
                    }
                    assert!([56, SHORT, LONG].contains(&end), "{opcode}: {end}");
                }
            }
        }
    }

    #[test]
    fn every_operation_that_has_flags_has_a_name_for_them() {
        for operation in crate::uring::TABLE {
            let flags = operation.fields.contains(&crate::uring::OP_FLAGS);
            let row = row(FLAGS, operation.opcode, None).expect("the last row fits all");
            let named = !std::ptr::eq(row.part, &raw const NO_FLAGS);
            assert!(!flags || named, "{}", operation.signature.name);
        }
    }
}
