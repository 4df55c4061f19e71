//! What io_uring_register(2) and io_uring_enter(2) point to. Source: include/uapi/linux/io_uring.h.

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Scope, Shape, Sibling};
use crate::net::Net;
use crate::piece::Piece;
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
const fn array(element: &'static Kind, count: u16) -> Kind {
    Kind::new(Shape::Inline(element, count))
}
/// What is kept for later: shown where it is not zero.
const fn reserved(kind: &'static Kind) -> Kind {
    piece(Piece::NonZero(kind))
}
const WIDE_ADDR: Kind = custom(Custom::Address64);
/// What a 64-bit pointer leads to.
const fn behind(strukt: &'static crate::structs::Struct) -> Kind {
    Kind::new(Shape::Custom(Custom::WideStruct(strukt)))
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
        pad: reserved(&const { array(&HEX8, 7) }), pad2: reserved(&const { array(&HEX64, 3) }),
    };
    /// `struct io_uring_file_index_range`.
    FILE_RANGE "io_uring_file_index_range" { off: UINT, len: UINT, resv: HEX64.when(resv, ALL) };
    /// `struct io_uring_clock_register`.
    CLOCK "io_uring_clock_register" { clockid: bits(&time::CLOCK), __resv: reserved(&const { array(&HEX, 3) }) }
        show [clockid, __resv];
    /// `struct io_uring_clone_buffers`.
    CLONED "io_uring_clone_buffers" {
        src_fd: FD, flags: bits(&CLONE_BUFFERS), src_off: UINT, dst_off: UINT, nr: UINT, pad: reserved(&const { array(&HEX, 3) }),
    };
    /// `struct io_uring_region_desc`.
    REGION_DESC "io_uring_region_desc" {
        user_addr: WIDE_ADDR, size: U64, flags: bits(&uring::REGION_TYPE), id: UINT, mmap_offset: HEX64.answered(),
        __resv: reserved(&const { array(&HEX64, 4) }),
    } show [user_addr, size, flags, id, mmap_offset, __resv];
    /// `struct io_uring_mem_region_reg`.
    MEM_REGION "io_uring_mem_region_reg" {
        region_uptr: behind(&REGION_DESC), flags: bits64(&REGION), __resv: reserved(&const { array(&HEX64, 2) }),
    } show [region_uptr, flags, __resv];
    /// `struct io_uring_napi`.
    NAPI "io_uring_napi" {
        busy_poll_to: UINT, prefer_busy_poll: U8, opcode: bits8(&NAPI_OPERATION), pad: reserved(&const { array(&HEX8, 2) }),
        op_param: by(opcode, cases![(0, bits(&NAPI_TRACKING))], &UINT), resv: HEX.when(resv, ALL),
    };
    /// `struct io_uring_buf_status`.
    BUFFER_STATUS "io_uring_buf_status" {
        buf_group: UINT, head: UINT.answered(), resv: reserved(&const { array(&HEX, 8) }),
    };
    /// `struct io_uring_getevents_arg`.
    GETEVENTS "io_uring_getevents_arg" {
        sigmask: wide(&const { Kind::new(Shape::SigSet(Dir::In, Len::Of(SIGMASK_SIZE))) }), sigmask_sz: UINT,
        min_wait_usec: UINT, ts: wide(&const { input(&TS64) }),
    };
    /// `struct io_uring_reg_wait`.
    REG_WAIT "io_uring_reg_wait" {
        ts: TS64, min_wait_usec: UINT, flags: bits(&uring::RING_WAIT),
        sigmask: wide(&const { Kind::new(Shape::SigSet(Dir::In, Len::Of(LATER_SIGMASK_SIZE))) }), sigmask_sz: UINT,
        pad: reserved(&const { array(&HEX, 3) }), pad2: reserved(&const { array(&HEX64, 2) }),
    };
    /// `struct io_uring_zcrx_area_reg`.
    ZCRX_AREA "io_uring_zcrx_area_reg" {
        addr: WIDE_ADDR, len: U64, rq_area_token: HEX64.answered(), flags: bits(&uring::ZCRX_AREA), dmabuf_fd: FD,
        __resv2: reserved(&const { array(&HEX64, 2) }),
    } show [addr, len, rq_area_token, flags, dmabuf_fd, __resv2];
    /// `struct io_uring_zcrx_offsets`.
    ZCRX_OFFSETS "io_uring_zcrx_offsets" {
        head: UINT, tail: UINT, rqes: UINT, __resv2: reserved(&HEX), __resv: reserved(&const { array(&HEX64, 2) }),
    } show [head, tail, rqes, __resv2, __resv];
    /// `struct io_uring_zcrx_ifq_reg`.
    ZCRX_QUEUE "io_uring_zcrx_ifq_reg" {
        if_idx: net(Net::Interface), if_rxq: UINT, rq_entries: UINT, flags: bits(&uring::ZCRX_REGISTER),
        area_ptr: behind(&ZCRX_AREA), region_ptr: behind(&REGION_DESC),
        offsets: Kind::new(Shape::Struct(&ZCRX_OFFSETS)).answered(), zcrx_id: UINT.answered(), rx_buf_len: UINT,
        __resv: reserved(&const { array(&HEX64, 3) }),
    } show [if_idx, if_rxq, rq_entries, flags, area_ptr, region_ptr, offsets, zcrx_id, rx_buf_len, __resv];
    /// `struct zcrx_ctrl_flush_rq`.
    ZCRX_FLUSH "zcrx_ctrl_flush_rq" { __resv: reserved(&const { array(&HEX64, 6) }) } show [__resv];
    /// `struct zcrx_ctrl_export`.
    ZCRX_EXPORT "zcrx_ctrl_export" { zcrx_fd: FD.answered(), __resv1: reserved(&const { array(&HEX, 11) }) }
        show [zcrx_fd, __resv1];
    /// `struct zcrx_ctrl_arm_event`.
    ZCRX_ARM "zcrx_ctrl_arm_event" { event_type: bits(&uring::ZCRX_EVENT), __resv: reserved(&const { array(&HEX, 11) }) }
        show [event_type, __resv];
    /// The beginning of `struct zcrx_ctrl`.
    ZCRX_CONTROL "zcrx_ctrl" {
        zcrx_id: UINT, op: bits(&uring::ZCRX_CONTROL), __resv: reserved(&const { array(&HEX64, 2) }),
    } show [zcrx_id, op, __resv];
    /// `struct io_uring_query_opcode`.
    QUERIED_OPCODES "io_uring_query_opcode" {
        nr_request_opcodes: UINT, nr_register_opcodes: UINT, feature_flags: bits64(&io::IO_URING_FEATURES),
        ring_setup_flags: bits64(&io::IO_URING_SETUP), enter_flags: bits64(&io::IO_URING_ENTER),
        sqe_flags: bits64(&io::IO_URING_SQE), nr_query_opcodes: UINT, __pad: reserved(&HEX),
    } show [
        nr_request_opcodes, nr_register_opcodes, feature_flags, ring_setup_flags, enter_flags, sqe_flags,
        nr_query_opcodes, __pad,
    ];
    /// `struct io_uring_query_zcrx`.
    QUERIED_ZCRX "io_uring_query_zcrx" {
        register_flags: bits64(&uring::ZCRX_REGISTER), area_flags: bits64(&uring::ZCRX_AREA), nr_ctrl_opcodes: UINT,
        features: bits(&uring::ZCRX_FEATURES), rq_hdr_size: UINT, rq_hdr_alignment: UINT, __resv2: reserved(&HEX64),
    } show [register_flags, area_flags, nr_ctrl_opcodes, features, rq_hdr_size, rq_hdr_alignment, __resv2];
    /// `struct io_uring_query_scq`.
    QUERIED_SCQ "io_uring_query_scq" { hdr_size: U64, hdr_alignment: U64 };
    /// `struct io_uring_query_zcrx_notif`.
    QUERIED_NOTIF "io_uring_query_zcrx_notif" {
        notif_flags: HEX, notif_stats_size: UINT, notif_stats_off_alignment: UINT, __resv1: reserved(&HEX),
        __resv2: reserved(&const { array(&HEX64, 4) }),
    } show [notif_flags, notif_stats_size, notif_stats_off_alignment, __resv1, __resv2];
}
const SIGMASK_SIZE: Sibling = crate::structs::member(1);
const LATER_SIGMASK_SIZE: Sibling = crate::structs::member(4);

/// What each operation of a query fills.
pub const QUERIED: &[(u64, &crate::structs::Struct)] =
    &[(0, &QUERIED_OPCODES), (1, &QUERIED_ZCRX), (2, &QUERIED_SCQ), (3, &QUERIED_NOTIF)];

/// What the union of `struct zcrx_ctrl` holds, by operation, and what it is called.
pub const CONTROLLED: &[(u64, &str, &crate::structs::Struct)] =
    &[(0, "zc_flush", &ZCRX_FLUSH), (1, "zc_export", &ZCRX_EXPORT), (2, "zc_arm_event", &ZCRX_ARM)];

const fn one(of: &'static Kind) -> Kind {
    input(of)
}
const fn sized(of: &'static crate::structs::Struct) -> Kind {
    Kind::new(Shape::Custom(Custom::Sized(Dir::In, of, COUNT, 32)))
}

/// What io_uring_enter takes with IORING_ENTER_EXT_ARG, by its size: the kernel takes no other.
pub const EVENTS: &[(u64, Kind)] = &[(24, one(&const { Kind::new(Shape::Struct(&GETEVENTS)) }))];

/// The same with IORING_ENTER_EXT_ARG_REG. The kernel takes an offset in a region that was registered: where that is no
/// address, it is shown as a number.
pub const WAIT: &[(u64, Kind)] = &[(64, one(&const { Kind::new(Shape::Struct(&REG_WAIT)) }))];

/// What is shown as it was asked and, after success, with what the kernel filled.
const fn answered(of: &'static crate::structs::Struct) -> Kind {
    Kind::new(Shape::Custom(Custom::Answered(of)))
}

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
    (26, answered(&BUFFER_STATUS)),
    (27, one(&const { Kind::new(Shape::Struct(&NAPI)) })),
    (28, output(&const { Kind::new(Shape::Struct(&NAPI)) })),
    (29, one(&const { Kind::new(Shape::Struct(&CLOCK)) })),
    (30, one(&const { Kind::new(Shape::Struct(&CLONED)) })),
    (31, custom(Custom::UringSubmission)),
    (32, answered(&ZCRX_QUEUE)),
    (33, custom(Custom::UringParams(true))),
    (34, answered(&MEM_REGION)),
    (35, custom(Custom::UringQuery)),
    (36, custom(Custom::UringControl)),
];
