//! Control messages of sockets: levels, types, and which form the data of a type have.
//!
//! Source: cmsg(3), unix(7), socket(7), ip(7), include/uapi of the kernel.

use crate::abi::DataModel;
use crate::kinds::*;
use crate::layout;
use crate::net::Net;
use crate::sets;
use crate::structs::Struct;
use crate::structs::time::{TIMESPEC, TIMESPEC64, TIMEVAL, TIMEVAL64};

sets! {
    /// Cmsghdr.cmsg_type at SOL_SOCKET.
    SCM: Values, Hex, "SCM_???" {
        SCM_RIGHTS = 1, SCM_CREDENTIALS = 2, SCM_SECURITY = 3, SCM_PIDFD = 4, SO_TIMESTAMP_OLD = 29,
        SO_TIMESTAMPNS_OLD = 35, SO_TIMESTAMPING_OLD = 37, SO_WIFI_STATUS = 41, SCM_TIMESTAMPING_OPT_STATS = 54,
        SCM_TIMESTAMPING_PKTINFO = 58, SO_TXTIME = 61, SO_TIMESTAMP_NEW = 63, SO_TIMESTAMPNS_NEW = 64,
        SO_TIMESTAMPING_NEW = 65, SCM_DEVMEM_LINEAR = 78, SCM_DEVMEM_DMABUF = 79, SCM_TS_OPT_ID = 81, SCM_INQ = 84,
    }

    /// Cmsghdr.cmsg_type at SOL_IP.
    IP_CMSG: Values, Hex, "IP_???" {
        IP_TOS = 1, IP_TTL = 2, SCM_SECURITY = 3, IP_RECVOPTS = 6, IP_RETOPTS = 7, IP_PKTINFO = 8, IP_RECVERR = 11,
        IP_ORIGDSTADDR = 20, IP_CHECKSUM = 23, IP_PROTOCOL = 52,
    }
}

/// Cmsghdr.cmsg_level: that of a socket option, with its own remark.
pub static LEVEL: crate::set::Set = crate::set::Set {
    id: "CMSG_LEVEL",
    unknown: "SOL_???",
    style: crate::set::Style::Values,
    base: crate::set::Base::Hex,
    rows: super::net::SOL.rows,
    variants: &[],
};

/// What the data of a control message are.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// Descriptors.
    Fds,
    /// Numbers of 32 bits.
    Ints,
    /// Bytes as numbers.
    Bytes,
    /// A string of full length.
    Text,
    /// A struct.
    Struct(&'static Struct),
    /// A time.
    Stamp(&'static Struct),
    /// Three times.
    Stamps(&'static Struct),
    /// A socket address.
    Address,
    /// `struct sock_extended_err` and the address of the offender.
    Error,
    /// A protocol of the Internet family.
    Protocol,
}

impl Form {
    /// Fewest bytes that are shown at all.
    pub fn least(self, model: DataModel) -> usize {
        match self {
            Self::Bytes | Self::Text | Self::Stamp(_) | Self::Stamps(_) => 1,
            Self::Fds | Self::Ints | Self::Protocol => 4,
            Self::Struct(strukt) => layout::size_of(strukt, model),
            Self::Address => 16,
            Self::Error => 32,
        }
    }
}

crate::structs! {
    /// `struct ucred`.
    UCRED "ucred" { pid: PID, uid: ID, gid: ID };
    /// `struct in_pktinfo`.
    PKTINFO "in_pktinfo" { ipi_ifindex: net(Net::Interface), ipi_spec_dst: net(Net::Inet), ipi_addr: net(Net::Inet) };
    /// `struct sock_extended_err`.
    EXTENDED_ERROR "sock_extended_err" {
        ee_errno: UINT, ee_origin: U8, ee_type: U8, ee_code: U8, _pad: U8, ee_info: UINT, ee_data: UINT,
    };
}

/// Level, type, form.
pub static FORMS: &[(u64, u64, Form)] = &[
    (0, 1, Form::Bytes),
    (0, 2, Form::Ints),
    (0, 3, Form::Text),
    (0, 6, Form::Bytes),
    (0, 7, Form::Bytes),
    (0, 8, Form::Struct(&PKTINFO)),
    (0, 11, Form::Error),
    (0, 20, Form::Address),
    (0, 23, Form::Ints),
    (0, 52, Form::Protocol),
    (1, 1, Form::Fds),
    (1, 2, Form::Struct(&UCRED)),
    (1, 3, Form::Text),
    (1, 4, Form::Fds),
    (1, 29, Form::Stamp(&TIMEVAL)),
    (1, 35, Form::Stamp(&TIMESPEC)),
    (1, 37, Form::Stamps(&TIMESPEC)),
    (1, 63, Form::Stamp(&TIMEVAL64)),
    (1, 64, Form::Stamp(&TIMESPEC64)),
    (1, 65, Form::Stamps(&TIMESPEC64)),
];
