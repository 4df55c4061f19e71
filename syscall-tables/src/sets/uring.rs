//! Operations of io_uring: the flag words of submissions and completions that no syscall takes.
//!
//! Names and order only. Source: include/uapi/linux/io_uring.h of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Io_uring_cqe.flags; the upper half is a buffer id where IORING_CQE_F_BUFFER is set.
    CQE: Bits, Hex, "IORING_CQE_F_???" {
        IORING_CQE_F_BUFFER, IORING_CQE_F_MORE, IORING_CQE_F_SOCK_NONEMPTY, IORING_CQE_F_NOTIF,
        IORING_CQE_F_BUF_MORE, IORING_CQE_F_SKIP = 0x20, IORING_CQE_F_32 = 0x8000
    }

    /// Io_uring_sqe.nop_flags.
    NOP: Bits, Hex, "IORING_NOP_???" {
        IORING_NOP_INJECT_RESULT, IORING_NOP_FILE, IORING_NOP_FIXED_FILE, IORING_NOP_FIXED_BUFFER,
        IORING_NOP_TW, IORING_NOP_CQE32 = 0x20
    }

    /// Io_uring_sqe.fsync_flags.
    FSYNC: Bits, Hex, "IORING_FSYNC_???" {
        IORING_FSYNC_DATASYNC
    }

    /// Io_uring_sqe.timeout_flags.
    TIMEOUT: Bits, Hex, "IORING_TIMEOUT_???" {
        IORING_TIMEOUT_ABS, IORING_TIMEOUT_UPDATE, IORING_TIMEOUT_BOOTTIME, IORING_TIMEOUT_REALTIME,
        IORING_LINK_TIMEOUT_UPDATE, IORING_TIMEOUT_ETIME_SUCCESS, IORING_TIMEOUT_MULTISHOT,
        IORING_TIMEOUT_IMMEDIATE_ARG = 0x80
    }

    /// Io_uring_sqe.len of IORING_OP_POLL_ADD and IORING_OP_POLL_REMOVE.
    POLL_FLAGS: Bits, Hex, "IORING_POLL_???" {
        IORING_POLL_ADD_MULTI, IORING_POLL_UPDATE_EVENTS, IORING_POLL_UPDATE_USER_DATA,
        IORING_POLL_ADD_LEVEL
    }

    /// Io_uring_sqe.cancel_flags.
    CANCEL: Bits, Hex, "IORING_ASYNC_CANCEL_???" {
        IORING_ASYNC_CANCEL_ALL, IORING_ASYNC_CANCEL_FD, IORING_ASYNC_CANCEL_ANY,
        IORING_ASYNC_CANCEL_FD_FIXED, IORING_ASYNC_CANCEL_USERDATA, IORING_ASYNC_CANCEL_OP
    }

    /// Io_uring_sqe.ioprio of operations that send.
    SEND: Bits, Hex, "IORING_SEND_???" {
        IORING_RECVSEND_POLL_FIRST, IORING_RECVSEND_FIXED_BUF, IORING_SEND_ZC_REPORT_USAGE,
        IORING_RECVSEND_BUNDLE, IORING_SEND_VECTORIZED
    }

    /// Io_uring_sqe.ioprio of operations that receive.
    RECV: Bits, Hex, "IORING_RECV_???" {
        IORING_RECVSEND_POLL_FIRST, IORING_RECV_MULTISHOT, IORING_RECVSEND_FIXED_BUF,
        IORING_RECVSEND_BUNDLE
    }

    /// Io_uring_sqe.ioprio of IORING_OP_ACCEPT.
    ACCEPT: Bits, Hex, "IORING_ACCEPT_???" {
        IORING_ACCEPT_MULTISHOT, IORING_ACCEPT_DONTWAIT, IORING_ACCEPT_POLL_FIRST
    }

    /// Io_uring_sqe.addr of IORING_OP_MSG_RING.
    MSG_RING: Values, Hex, "IORING_MSG_???" {
        IORING_MSG_DATA, IORING_MSG_SEND_FD
    }

    /// Io_uring_sqe.msg_ring_flags.
    MSG_RING_FLAGS: Bits, Hex, "IORING_MSG_RING_???" {
        IORING_MSG_RING_CQE_SKIP, IORING_MSG_RING_FLAGS_PASS
    }

    /// Io_uring_sqe.install_fd_flags.
    INSTALL_FD: Bits, Hex, "IORING_FIXED_FD_???" {
        IORING_FIXED_FD_NO_CLOEXEC
    }

    /// Io_uring_sqe.uring_cmd_flags.
    URING_CMD: Bits, Hex, "IORING_URING_CMD_???" {
        IORING_URING_CMD_FIXED, IORING_URING_CMD_MULTISHOT = 2
    }

    /// Io_uring_sqe.splice_flags.
    URING_SPLICE: Bits, Hex, "SPLICE_F_???" {
        SPLICE_F_MOVE, SPLICE_F_NONBLOCK, SPLICE_F_MORE, SPLICE_F_GIFT, SPLICE_F_FD_IN_FIXED
    }

    /// Io_uring_region_desc.flags.
    REGION_TYPE: Bits, Hex, "IORING_MEM_REGION_TYPE_???" {
        IORING_MEM_REGION_TYPE_USER
    }

    /// Io_uring_zcrx_area_reg.flags.
    ZCRX_AREA: Bits, Hex, "IORING_ZCRX_AREA_???" {
        IORING_ZCRX_AREA_DMABUF
    }

    /// Io_uring_zcrx_ifq_reg.flags.
    ZCRX_REGISTER: Bits, Hex, "ZCRX_REG_???" {
        ZCRX_REG_IMPORT = 1, ZCRX_REG_NODEV = 2
    }

    /// Zcrx_ctrl.op.
    ZCRX_CONTROL: Values, Hex, "ZCRX_CTRL_???" {
        ZCRX_CTRL_FLUSH_RQ = 0, ZCRX_CTRL_EXPORT = 1, ZCRX_CTRL_ARM_EVENT = 2
    }

    /// Io_uring_query_zcrx.features.
    ZCRX_FEATURES: Bits, Hex, "ZCRX_FEATURE_???" {
        ZCRX_FEATURE_RX_PAGE_SIZE = 1, ZCRX_FEATURE_EVENT = 2
    }

    /// Zcrx_ctrl_arm_event.event_type.
    ZCRX_EVENT: Values, Hex, "ZCRX_EVENT_???" {
        ZCRX_EVENT_ALLOC_FAIL = 0, ZCRX_EVENT_COPY = 1
    }

    /// Io_uring_query_hdr.query_op.
    QUERY: Values, Hex, "IO_URING_QUERY_???" {
        IO_URING_QUERY_OPCODES = 0, IO_URING_QUERY_ZCRX = 1, IO_URING_QUERY_SCQ = 2, IO_URING_QUERY_ZCRX_NOTIF = 3
    }

    /// Io_uring_sqe.attr_type_mask.
    RW_ATTRIBUTES: Bits, Hex, "IORING_RW_ATTR_FLAG_???" {
        IORING_RW_ATTR_FLAG_PI
    }

    /// Io_uring_reg_wait.flags.
    RING_WAIT: Bits, Hex, "IORING_REG_WAIT_???" {
        IORING_REG_WAIT_TS
    }

    /// Io_uring_sqe.cmd_op of a socket.
    SOCKET_COMMAND: Values, Hex, "SOCKET_URING_OP_???" {
        SOCKET_URING_OP_SIOCINQ, SOCKET_URING_OP_SIOCOUTQ, SOCKET_URING_OP_GETSOCKOPT,
        SOCKET_URING_OP_SETSOCKOPT, SOCKET_URING_OP_TX_TIMESTAMP, SOCKET_URING_OP_GETSOCKNAME = 5
    }
}
