//! What io_uring_register(2) and io_uring_enter(2) point to. Source: include/uapi/linux/io_uring.h.

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Scope, Shape, Sibling};
use crate::sets::{io, time, uring};
use crate::structs::time::TS64;

crate::sets! {
    /// Io_uring_clone_buffers.flags.
    CLONE_BUFFERS: Bits, Hex, "IORING_REGISTER_???" {
        IORING_REGISTER_SRC_REGISTERED = 1, IORING_REGISTER_DST_REPLACE = 2,
    }

    /// Io_uring_buf_reg.flags.
    BUFFER_RING: Bits, Hex, "IOU_PBUF_RING_???" { IOU_PBUF_RING_MMAP = 1, IOU_PBUF_RING_INC = 2 }

    /// Io_uring_napi.opcode.
    NAPI_OPERATION: Values, Hex, "IO_URING_NAPI_???" {
        IO_URING_NAPI_REGISTER_OP = 0, IO_URING_NAPI_STATIC_ADD_ID = 1, IO_URING_NAPI_STATIC_DEL_ID = 2,
    }

    /// Io_uring_napi.op_param of IO_URING_NAPI_REGISTER_OP.
    NAPI_TRACKING: Values, Hex, "IO_URING_NAPI_TRACKING_???" {
        IO_URING_NAPI_TRACKING_DYNAMIC = 0, IO_URING_NAPI_TRACKING_STATIC = 1, IO_URING_NAPI_TRACKING_INACTIVE = 255,
    }

    /// Io_uring_mem_region_reg.flags.
    REGION: Bits, Hex, "IORING_MEM_REGION_REG_???" { IORING_MEM_REGION_REG_WAIT_ARG = 1 }
}

/// The fourth argument: how many.
const COUNT: Sibling = Sibling { scope: Scope::Arg, index: 3 };
/// A 64-bit pointer to something, in memory of every ABI.
const fn wide(kind: &'static Kind) -> Kind {
    Kind::new(Shape::Custom(Custom::Wide64(kind)))
}
const fn some(element: &'static Kind, count: Sibling) -> Kind {
    Kind::new(Shape::Array(Dir::In, element, Len::Of(count)))
}
const fn words(count: u16) -> Kind {
    Kind::new(Shape::Inline(&HEX64, count))
}
const IOVEC_HERE: Kind = Kind::new(Shape::Struct(&IOVEC));
const NR: Sibling = crate::structs::member(0);
const LATER_NR: Sibling = crate::structs::member(4);
const ALL: u64 = u64::MAX;

crate::structs! {
    /// `struct iovec` whose memory is not looked at.
    IOVEC "iovec" { iov_base: ADDR, iov_len: ULONG };
    /// `struct io_uring_files_update`.
    FILES_UPDATE "io_uring_files_update" {
        offset: UINT, resv: HEX.when(resv, ALL), fds: wide(&const { some(&FD, COUNT) }),
    };
    /// `struct io_uring_rsrc_register` of descriptors.
    FILES "io_uring_rsrc_register" {
        nr: UINT, flags: bits(&io::IO_URING_RSRC), resv2: HEX64.when(resv2, ALL),
        data: wide(&const { some(&FD, NR) }), tags: wide(&const { some(&HEX64, NR) }),
    };
    /// `struct io_uring_rsrc_register` of buffers.
    BUFFERS "io_uring_rsrc_register" {
        nr: UINT, flags: bits(&io::IO_URING_RSRC), resv2: HEX64.when(resv2, ALL),
        data: wide(&const { some(&IOVEC_HERE, NR) }), tags: wide(&const { some(&HEX64, NR) }),
    };
    /// `struct io_uring_rsrc_update2` of descriptors.
    FILES_UPDATE2 "io_uring_rsrc_update2" {
        offset: UINT, resv: HEX.when(resv, ALL), data: wide(&const { some(&FD, LATER_NR) }),
        tags: wide(&const { some(&HEX64, LATER_NR) }), nr: UINT, resv2: HEX.when(resv2, ALL),
    };
    /// `struct io_uring_rsrc_update2` of buffers.
    BUFFERS_UPDATE "io_uring_rsrc_update2" {
        offset: UINT, resv: HEX.when(resv, ALL), data: wide(&const { some(&IOVEC_HERE, LATER_NR) }),
        tags: wide(&const { some(&HEX64, LATER_NR) }), nr: UINT, resv2: HEX.when(resv2, ALL),
    };
    /// `struct io_uring_rsrc_update` of a ring that gets a number.
    RING_FD "io_uring_rsrc_update" { offset: ID, resv: HEX.when(resv, ALL), data: INT, _high: UINT };
    /// `struct io_uring_rsrc_update` of a ring that loses its number.
    RING_FD_GONE "io_uring_rsrc_update" { offset: UINT, resv: HEX.when(resv, ALL), data: HEX64.when(data, ALL) };
    /// `struct io_uring_sync_cancel_reg`.
    SYNC_CANCEL "io_uring_sync_cancel_reg" {
        addr: HEX64, fd: FD, flags: bits(&uring::CANCEL), timeout: TS64, opcode: bits8(&io::IO_URING_OP),
        _pad: Kind::new(Shape::Inline(&U8, 7)), _pad2: words(3),
    };
    /// `struct io_uring_file_index_range`.
    FILE_RANGE "io_uring_file_index_range" { off: UINT, len: UINT, resv: HEX64.when(resv, ALL) };
    /// `struct io_uring_clock_register`.
    CLOCK "io_uring_clock_register" { clockid: bits(&time::CLOCK), _resv: Kind::new(Shape::Inline(&UINT, 3)) };
    /// `struct io_uring_clone_buffers`.
    CLONED "io_uring_clone_buffers" {
        src_fd: FD, flags: bits(&CLONE_BUFFERS), src_off: UINT, dst_off: UINT, nr: UINT, _pad: Kind::new(Shape::Inline(&UINT, 3)),
    };
    /// `struct io_uring_mem_region_reg`.
    MEM_REGION "io_uring_mem_region_reg" { region_uptr: wide(&ADDR), flags: bits64(&REGION), _resv: words(2) };
    /// `struct io_uring_napi`.
    NAPI "io_uring_napi" {
        busy_poll_to: UINT, prefer_busy_poll: U8, opcode: bits8(&NAPI_OPERATION), pad: HEX16.when(pad, ALL),
        op_param: by(opcode, cases![(0, bits(&NAPI_TRACKING))], &UINT), resv: HEX.when(resv, ALL),
    };
    /// `struct io_uring_buf_status`.
    BUFFER_STATUS "io_uring_buf_status" {
        buf_group: UINT, head: UINT, resv: Kind::new(Shape::Inline(&HEX, 8)).when(resv, ALL),
    };
    /// `struct io_uring_getevents_arg`.
    GETEVENTS "io_uring_getevents_arg" {
        sigmask: wide(&const { Kind::new(Shape::SigSet(Dir::In, Len::Of(SIGMASK_SIZE))) }), sigmask_sz: UINT,
        min_wait_usec: UINT, ts: wide(&const { input(&TS64) }),
    };
}
const SIGMASK_SIZE: Sibling = crate::structs::member(1);

const fn one(of: &'static Kind) -> Kind {
    input(of)
}
const fn sized(of: &'static crate::structs::Struct) -> Kind {
    Kind::new(Shape::Custom(Custom::Sized(Dir::In, of, COUNT, 32)))
}

/// What io_uring_enter takes with IORING_ENTER_EXT_ARG, by its size: the kernel takes no other.
pub const EVENTS: &[(u64, Kind)] = &[(24, one(&const { Kind::new(Shape::Struct(&GETEVENTS)) }))];

/// What an operation of io_uring_register takes; an address where it takes nothing, or more than is known.
pub const REGISTER: &[(u64, Kind)] = &[
    (0, some(&IOVEC_HERE, COUNT)),
    (2, some(&FD, COUNT)),
    (4, some(&FD, COUNT)),
    (6, one(&const { Kind::new(Shape::Struct(&FILES_UPDATE)) })),
    (7, some(&FD, COUNT)),
    (8, Kind::new(Shape::Custom(Custom::UringProbe(COUNT)))),
    (11, Kind::new(Shape::Custom(Custom::UringRestrictions(COUNT)))),
    (13, sized(&FILES)),
    (14, sized(&FILES_UPDATE2)),
    (15, sized(&BUFFERS)),
    (16, sized(&BUFFERS_UPDATE)),
    (17, Kind::new(Shape::Custom(Custom::CpuSet(Dir::In, Len::Of(COUNT))))),
    (19, Kind::new(Shape::Custom(Custom::UringWorkers(COUNT)))),
    (20, some(&const { Kind::new(Shape::Struct(&RING_FD)) }, COUNT)),
    (21, some(&const { Kind::new(Shape::Struct(&RING_FD_GONE)) }, COUNT)),
    (22, Kind::new(Shape::Custom(Custom::UringBuffers))),
    (23, Kind::new(Shape::Custom(Custom::UringBuffers))),
    (24, one(&const { Kind::new(Shape::Struct(&SYNC_CANCEL)) })),
    (25, one(&const { Kind::new(Shape::Struct(&FILE_RANGE)) })),
    (26, output(&const { Kind::new(Shape::Struct(&BUFFER_STATUS)) })),
    (27, one(&const { Kind::new(Shape::Struct(&NAPI)) })),
    (29, one(&const { Kind::new(Shape::Struct(&CLOCK)) })),
    (30, one(&const { Kind::new(Shape::Struct(&CLONED)) })),
    (34, one(&const { Kind::new(Shape::Struct(&MEM_REGION)) })),
];
