//! The operations of io_uring: a signature for each opcode, and where its arguments lie in the submission.
//!
//! An operation is a call that is written down instead of made: it has the arguments of one, though in the
//! places that `struct io_uring_sqe` has for them. It holds no code but the look-up. Sources: io_uring_enter(2),
//! include/uapi/linux/io_uring.h, io_uring/opdef.c and the operations' `prep` functions of the kernel.

use crate::constants::{
    IORING_ASYNC_CANCEL_FD, IORING_ASYNC_CANCEL_OP, IORING_RECVSEND_FIXED_BUF, IORING_TIMEOUT_UPDATE,
    O_CREAT, SPLICE_F_FD_IN_FIXED,
};
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape, Signature, Width};
use crate::sets::{fs, io, ipc, mem, net, process, uring};
use crate::structs::fs as s;
use crate::structs::time::TS64;

/// A number in a `struct io_uring_sqe`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Offset of its first byte.
    pub at: u8,
    /// Its size.
    pub bytes: u8,
    /// It is sign-extended.
    pub signed: bool,
}

const fn field(at: u8, bytes: u8) -> Field {
    Field { at, bytes, signed: false }
}

/// Size of a submission without the extension of IORING_SETUP_SQE128.
pub const SQE_BYTES: usize = 64;
/// `opcode`.
pub const OPCODE: Field = field(0, 1);
/// `flags`, IOSQE_*.
pub const FLAGS: Field = field(1, 1);
/// `ioprio`.
pub const IOPRIO: Field = field(2, 2);
/// `fd`.
pub const FILE: Field = Field { at: 4, bytes: 4, signed: true };
/// `off`, also `addr2`.
pub const OFF: Field = field(8, 8);
/// `cmd_op`.
pub const CMD_OP: Field = field(8, 4);
/// `addr`, also `splice_off_in`.
pub const ADDRESS: Field = field(16, 8);
/// `len`.
pub const LENGTH: Field = field(24, 4);
/// `rw_flags` and its other names.
pub const OP_FLAGS: Field = field(28, 4);
/// `user_data`.
pub const USER_DATA: Field = field(32, 8);
/// `buf_index`, also `buf_group`.
pub const BUFFER: Field = field(40, 2);
/// `personality`.
pub const PERSONALITY: Field = field(42, 2);
/// `file_index`, also `splice_fd_in`.
pub const FILE_INDEX: Field = Field { at: 44, bytes: 4, signed: true };
/// `addr_len`.
pub const ADDR_LEN: Field = field(44, 2);
/// `addr3`.
pub const ADDR3: Field = field(48, 8);

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// IORING_OP_*.
    pub opcode: u8,
    /// Its name in lower case, its arguments and what it results in.
    pub signature: Signature,
    /// Where each argument lies.
    pub fields: &'static [Field],
}

/// What stands before an operation's name where system calls stand too.
pub const PREFIX: &str = "io_uring:";

/// An operation's name with [`PREFIX`]; `io_uring:?` for one that is not in the table.
pub fn title(name: &str) -> &'static str {
    TITLES.iter().find(|(known, _)| *known == name).map_or("io_uring:?", |(_, title)| title)
}

/// The operation with an opcode; `None` for one that is not known.
pub fn operation(opcode: u8) -> Option<&'static Operation> {
    TABLE.get(usize::from(opcode))
}

/// Declares operations in the order of their opcodes; an argument is `name @ FIELD: kind`.
macro_rules! operations {
    ($($opcode:literal $name:ident ( $($arg:ident @ $field:ident : $kind:expr),* $(,)? ) -> $ret:expr;)*) => {
        /// Every operation; the index is the opcode.
        pub static TABLE: &[Operation] = &[$(
            {
                #[allow(non_camel_case_types, dead_code, clippy::upper_case_acronyms)]
                enum Index { $($arg,)* End }
                $(#[allow(non_upper_case_globals, dead_code)]
                const $arg: $crate::model::Sibling = $crate::model::Sibling {
                    scope: $crate::model::Scope::Arg, index: Index::$arg as u8,
                };)*
                Operation {
                    opcode: $opcode,
                    signature: Signature {
                        name: $crate::plain(stringify!($name)),
                        args: &[$($crate::model::Arg { name: $crate::plain(stringify!($arg)), kind: $kind }),*],
                        ret: $ret,
                    },
                    fields: &[$($field),*],
                }
            }
        ),*];

        /// Names of operations, and what they are called beside system calls.
        pub static TITLES: &[(&str, &str)] =
            &[$(($crate::plain(stringify!($name)), concat!("io_uring:", stringify!($name)))),*];
    };
}

const OPEN: Kind = bits(&fs::OPEN);
const OPEN_HOW: Kind = Kind::new(Shape::Struct(&s::OPEN_HOW));
const STATX: Kind = Kind::new(Shape::Struct(&s::STATX));
const EPOLL_EVENT: Kind = Kind::new(Shape::Struct(&s::EPOLL_EVENT));
const PIPE_FDS: Kind = Kind::new(Shape::Inline(&FD, 2));
const RW: Kind = bits(&io::RWF);
const MSG: Kind = bits(&net::MSG);
/// O_CREAT and __O_TMPFILE: a mode is looked at.
const CREATES: u64 = O_CREAT | 0x40_0000;
/// The user_data of another submission.
const TARGET: Kind = HEX64;
/// A slot of the table of registered files, counted from 1; -1 for any.
const SLOT: Kind = INT;
/// The protocol of a socket, by family.
const PROTOCOLS: &[(u64, Kind)] =
    &[(2, bits(&net::IPPROTO)), (10, bits(&net::IPPROTO)), (16, bits(&net::NETLINK_PROTOCOL))];
const EVENTS: Kind = bits(&io::POLL);
const UPDATE: u64 = IORING_TIMEOUT_UPDATE;
const BY_FD: u64 = IORING_ASYNC_CANCEL_FD;
const BY_OP: u64 = IORING_ASYNC_CANCEL_OP;
const IN_FIXED: u64 = SPLICE_F_FD_IN_FIXED;
const FIXED_BUF: u64 = IORING_RECVSEND_FIXED_BUF;

operations! {
    0 nop(flags @ OP_FLAGS: bits(&uring::NOP).when_not(flags, 0)) -> INT;
    1 readv(fd @ FILE: FD, iov @ ADDRESS: out_iovec(iovcnt), iovcnt @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW) -> SIZE;
    2 writev(fd @ FILE: FD, iov @ ADDRESS: in_iovec(iovcnt), iovcnt @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW) -> SIZE;
    3 fsync(fd @ FILE: FD, flags @ OP_FLAGS: bits(&uring::FSYNC), offset @ OFF: I64.when_not(len, 0), len @ LENGTH: UINT.when_not(len, 0)) -> INT;
    4 read_fixed(fd @ FILE: FD, buf @ ADDRESS: out_bytes(RET), count @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW, buf_index @ BUFFER: U16) -> SIZE;
    5 write_fixed(fd @ FILE: FD, buf @ ADDRESS: in_bytes(of(count)), count @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW, buf_index @ BUFFER: U16) -> SIZE;
    6 poll_add(fd @ FILE: FD, events @ OP_FLAGS: EVENTS, flags @ LENGTH: bits(&uring::POLL_FLAGS)) -> EVENTS;
    7 poll_remove(target @ ADDRESS: TARGET, flags @ LENGTH: bits(&uring::POLL_FLAGS), events @ OP_FLAGS: EVENTS.when_not(flags, 0), new_user_data @ OFF: TARGET.when_not(flags, 0)) -> INT;
    8 sync_file_range(fd @ FILE: FD, offset @ OFF: I64, nbytes @ LENGTH: UINT, flags @ OP_FLAGS: bits(&io::SYNC_FILE_RANGE)) -> INT;
    9 sendmsg(sockfd @ FILE: FD, msg @ ADDRESS: custom(Custom::MsgHdr(Dir::In)), flags @ OP_FLAGS: MSG, ioprio @ IOPRIO: bits16(&uring::SEND).when_not(ioprio, 0)) -> SIZE;
    10 recvmsg(sockfd @ FILE: FD, msg @ ADDRESS: custom(Custom::MsgHdr(Dir::Out)), flags @ OP_FLAGS: MSG, ioprio @ IOPRIO: bits16(&uring::RECV).when_not(ioprio, 0)) -> SIZE;
    11 timeout(ts @ ADDRESS: input(&TS64), count @ OFF: U64, flags @ OP_FLAGS: bits(&uring::TIMEOUT)) -> INT;
    12 timeout_remove(target @ ADDRESS: TARGET, flags @ OP_FLAGS: bits(&uring::TIMEOUT), ts @ OFF: input(&TS64).when(flags, UPDATE)) -> INT;
    13 accept(sockfd @ FILE: FD, addr @ ADDRESS: out_sockaddr(at(addrlen)), addrlen @ OFF: custom(Custom::SockLen), flags @ OP_FLAGS: bits(&net::SOCK_FLAGS), ioprio @ IOPRIO: bits16(&uring::ACCEPT).when_not(ioprio, 0), file_index @ FILE_INDEX: SLOT.when_not(file_index, 0)) -> FD;
    14 async_cancel(target @ ADDRESS: TARGET.when_in(flags, BY_FD, &[0]), fd @ FILE: FD.when(flags, BY_FD), opcode @ LENGTH: value(&io::IO_URING_OP).when(flags, BY_OP), flags @ OP_FLAGS: bits(&uring::CANCEL)) -> INT;
    15 link_timeout(ts @ ADDRESS: input(&TS64), flags @ OP_FLAGS: bits(&uring::TIMEOUT)) -> INT;
    16 connect(sockfd @ FILE: FD, addr @ ADDRESS: in_sockaddr(of(addrlen)), addrlen @ OFF: U64) -> INT;
    17 fallocate(fd @ FILE: FD, mode @ LENGTH: bits(&fs::FALLOCATE), offset @ OFF: I64, len @ ADDRESS: I64) -> INT;
    18 openat(dirfd @ FILE: DIRFD, pathname @ ADDRESS: PATH, flags @ OP_FLAGS: OPEN, mode @ LENGTH: MODE.when(flags, CREATES), file_index @ FILE_INDEX: SLOT.when_not(file_index, 0)) -> FD;
    19 close(fd @ FILE: FD.when_is(file_index, 0), file_index @ FILE_INDEX: SLOT.when_not(file_index, 0)) -> INT;
    20 files_update(fds @ ADDRESS: in_array(&INT, of(nr)), nr @ LENGTH: UINT, offset @ OFF: U64) -> INT;
    21 statx(dirfd @ FILE: DIRFD, pathname @ ADDRESS: PATH, flags @ OP_FLAGS: custom(Custom::Class(&fs::AT_STATX_SYNC, 0x6000, &fs::AT_STATX, Width::W32)), mask @ LENGTH: bits(&fs::STATX_MASK), statxbuf @ OFF: output(&STATX)) -> INT;
    22 read(fd @ FILE: FD, buf @ ADDRESS: out_bytes(RET), count @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW.when_not(flags, 0)) -> SIZE;
    23 write(fd @ FILE: FD, buf @ ADDRESS: in_bytes(of(count)), count @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW.when_not(flags, 0)) -> SIZE;
    24 fadvise(fd @ FILE: FD, offset @ OFF: I64, len @ LENGTH: UINT.when_is(long_len, 0), long_len @ ADDRESS: I64.when_not(long_len, 0), advice @ OP_FLAGS: value(&fs::FADVISE)) -> INT;
    25 madvise(addr @ ADDRESS: ADDR, len @ LENGTH: UINT.when_is(long_len, 0), long_len @ OFF: I64.when_not(long_len, 0), advice @ OP_FLAGS: value(&mem::MADVISE)) -> INT;
    26 send(sockfd @ FILE: FD, buf @ ADDRESS: in_bytes(of(len)), len @ LENGTH: UINT, flags @ OP_FLAGS: MSG, dest_addr @ OFF: in_sockaddr(of(addrlen)).when_not(dest_addr, 0), addrlen @ ADDR_LEN: U16.when_not(dest_addr, 0), ioprio @ IOPRIO: bits16(&uring::SEND).when_not(ioprio, 0)) -> SIZE;
    27 recv(sockfd @ FILE: FD, buf @ ADDRESS: out_bytes(RET), len @ LENGTH: UINT, flags @ OP_FLAGS: MSG, ioprio @ IOPRIO: bits16(&uring::RECV).when_not(ioprio, 0)) -> SIZE;
    28 openat2(dirfd @ FILE: DIRFD, pathname @ ADDRESS: PATH, how @ OFF: input(&OPEN_HOW), size @ LENGTH: UINT, file_index @ FILE_INDEX: SLOT.when_not(file_index, 0)) -> FD;
    29 epoll_ctl(epfd @ FILE: FD, op @ LENGTH: value(&io::EPOLL_CTL), fd @ OFF: FD, event @ ADDRESS: by(op, &[(2, ADDR)], &input(&EPOLL_EVENT))) -> INT;
    30 splice(fd_in @ FILE_INDEX: FD.when_in(flags, IN_FIXED, &[0]), file_in @ FILE_INDEX: SLOT.when(flags, IN_FIXED), off_in @ ADDRESS: I64, fd_out @ FILE: FD, off_out @ OFF: I64, len @ LENGTH: UINT, flags @ OP_FLAGS: bits(&uring::URING_SPLICE)) -> SIZE;
    31 provide_buffers(addr @ ADDRESS: ADDR, len @ LENGTH: UINT, nr @ FILE: INT, buf_group @ BUFFER: U16, bid @ OFF: U64) -> INT;
    32 remove_buffers(nr @ FILE: INT, buf_group @ BUFFER: U16) -> INT;
    33 tee(fd_in @ FILE_INDEX: FD.when_in(flags, IN_FIXED, &[0]), file_in @ FILE_INDEX: SLOT.when(flags, IN_FIXED), fd_out @ FILE: FD, len @ LENGTH: UINT, flags @ OP_FLAGS: bits(&uring::URING_SPLICE)) -> SIZE;
    34 shutdown(sockfd @ FILE: FD, how @ LENGTH: value(&net::SHUT)) -> INT;
    35 renameat(olddirfd @ FILE: DIRFD, oldpath @ ADDRESS: PATH, newdirfd @ LENGTH: DIRFD, newpath @ OFF: PATH, flags @ OP_FLAGS: bits(&fs::RENAME)) -> INT;
    36 unlinkat(dirfd @ FILE: DIRFD, pathname @ ADDRESS: PATH, flags @ OP_FLAGS: bits(&fs::AT)) -> INT;
    37 mkdirat(dirfd @ FILE: DIRFD, pathname @ ADDRESS: PATH, mode @ LENGTH: MODE) -> INT;
    38 symlinkat(target @ ADDRESS: PATH, newdirfd @ FILE: DIRFD, linkpath @ OFF: PATH) -> INT;
    39 linkat(olddirfd @ FILE: DIRFD, oldpath @ ADDRESS: PATH, newdirfd @ LENGTH: DIRFD, newpath @ OFF: PATH, flags @ OP_FLAGS: bits(&fs::AT)) -> INT;
    40 msg_ring(ring_fd @ FILE: FD, command @ ADDRESS: Kind::new(Shape::Set(&uring::MSG_RING, Width::W64)), len @ LENGTH: INT.when_is(command, 0), source @ ADDR3: U64.when_is(command, 1), file_index @ FILE_INDEX: SLOT.when_not(file_index, 0), user_data @ OFF: TARGET, flags @ OP_FLAGS: bits(&uring::MSG_RING_FLAGS)) -> INT;
    41 fsetxattr(fd @ FILE: FD, name @ ADDRESS: STR, value @ OFF: in_bytes(of(size)), size @ LENGTH: UINT, flags @ OP_FLAGS: bits(&fs::XATTR)) -> INT;
    42 setxattr(path @ ADDR3: PATH, name @ ADDRESS: STR, value @ OFF: in_bytes(of(size)), size @ LENGTH: UINT, flags @ OP_FLAGS: bits(&fs::XATTR)) -> INT;
    43 fgetxattr(fd @ FILE: FD, name @ ADDRESS: STR, value @ OFF: out_bytes(RET), size @ LENGTH: UINT) -> SIZE;
    44 getxattr(path @ ADDR3: PATH, name @ ADDRESS: STR, value @ OFF: out_bytes(RET), size @ LENGTH: UINT) -> SIZE;
    45 socket(domain @ FILE: value(&net::AF), r#type @ OFF: bits(&net::SOCK), protocol @ LENGTH: by(domain, PROTOCOLS, &INT), file_index @ FILE_INDEX: SLOT.when_not(file_index, 0)) -> FD;
    46 uring_cmd(fd @ FILE: FD, cmd_op @ CMD_OP: HEX, addr @ ADDRESS: HEX64, len @ LENGTH: UINT, flags @ OP_FLAGS: bits(&uring::URING_CMD)) -> INT;
    47 send_zc(sockfd @ FILE: FD, buf @ ADDRESS: in_bytes(of(len)), len @ LENGTH: UINT, flags @ OP_FLAGS: MSG, dest_addr @ OFF: in_sockaddr(of(addrlen)).when_not(dest_addr, 0), addrlen @ ADDR_LEN: U16.when_not(dest_addr, 0), ioprio @ IOPRIO: bits16(&uring::SEND).when_not(ioprio, 0), buf_index @ BUFFER: U16.when(ioprio, FIXED_BUF)) -> SIZE;
    48 sendmsg_zc(sockfd @ FILE: FD, msg @ ADDRESS: custom(Custom::MsgHdr(Dir::In)), flags @ OP_FLAGS: MSG, ioprio @ IOPRIO: bits16(&uring::SEND).when_not(ioprio, 0), buf_index @ BUFFER: U16.when(ioprio, FIXED_BUF)) -> SIZE;
    49 read_multishot(fd @ FILE: FD, count @ LENGTH: UINT, offset @ OFF: I64) -> SIZE;
    50 waitid(idtype @ LENGTH: value(&process::ID_TYPE), id @ FILE: PID, infop @ OFF: custom(Custom::SigInfo(Dir::Out)), options @ FILE_INDEX: bits(&process::WAIT), flags @ OP_FLAGS: HEX) -> INT;
    51 futex_wait(uaddr @ ADDRESS: ADDR, val @ OFF: U64, mask @ ADDR3: HEX64, futex_flags @ FILE: bits(&ipc::FUTEX2), flags @ OP_FLAGS: HEX) -> INT;
    52 futex_wake(uaddr @ ADDRESS: ADDR, nr @ OFF: U64, mask @ ADDR3: HEX64, futex_flags @ FILE: bits(&ipc::FUTEX2), flags @ OP_FLAGS: HEX) -> INT;
    53 futex_waitv(waiters @ ADDRESS: ADDR, nr_futexes @ LENGTH: UINT, flags @ OP_FLAGS: HEX) -> INT;
    54 fixed_fd_install(fd @ FILE: FD, flags @ OP_FLAGS: bits(&uring::INSTALL_FD)) -> FD;
    55 ftruncate(fd @ FILE: FD, length @ OFF: I64) -> INT;
    56 bind(sockfd @ FILE: FD, addr @ ADDRESS: in_sockaddr(of(addrlen)), addrlen @ OFF: U64) -> INT;
    57 listen(sockfd @ FILE: FD, backlog @ LENGTH: INT) -> INT;
    58 recv_zc(sockfd @ FILE: FD, len @ LENGTH: UINT, zcrx_ifq_idx @ FILE_INDEX: UINT, ioprio @ IOPRIO: bits16(&uring::RECV)) -> SIZE;
    59 epoll_wait(epfd @ FILE: FD, events @ ADDRESS: out_array(&EPOLL_EVENT, RET), maxevents @ LENGTH: INT) -> INT;
    60 readv_fixed(fd @ FILE: FD, iov @ ADDRESS: out_iovec(iovcnt), iovcnt @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW, buf_index @ BUFFER: U16) -> SIZE;
    61 writev_fixed(fd @ FILE: FD, iov @ ADDRESS: in_iovec(iovcnt), iovcnt @ LENGTH: UINT, offset @ OFF: I64, flags @ OP_FLAGS: RW, buf_index @ BUFFER: U16) -> SIZE;
    62 pipe(pipefd @ ADDRESS: output(&PIPE_FDS), flags @ OP_FLAGS: bits(&fs::OPEN_FLAGS), file_index @ FILE_INDEX: SLOT.when_not(file_index, 0)) -> INT;
    63 nop128(flags @ OP_FLAGS: bits(&uring::NOP).when_not(flags, 0)) -> INT;
    64 uring_cmd128(fd @ FILE: FD, cmd_op @ CMD_OP: HEX, addr @ ADDRESS: HEX64, len @ LENGTH: UINT, flags @ OP_FLAGS: bits(&uring::URING_CMD)) -> INT;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::Abi;

    #[test]
    fn opcodes_and_names_are_the_kernels() {
        for (index, operation) in TABLE.iter().enumerate() {
            assert_eq!(usize::from(operation.opcode), index);
            let name = format!("IORING_OP_{}", operation.signature.name.to_uppercase());
            assert_eq!(io::IO_URING_OP.value_of(Abi::X86_64, &name), Some(index as u64), "{name}");
            assert_eq!(operation.signature.args.len(), operation.fields.len(), "{name}");
            assert_eq!(title(operation.signature.name), format!("{PREFIX}{}", operation.signature.name));
            assert!(operation.fields.len() <= 8, "{name}: the decoder has room for eight arguments");
        }
        assert_eq!(TABLE.len(), io::IO_URING_OP.rows.len());
    }
}
