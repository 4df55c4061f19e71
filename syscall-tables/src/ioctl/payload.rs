//! What the third argument of ioctl points to, by command.
//!
//! A command without a row takes a plain number, printed in hexadecimal. Terminals and interfaces have tables of their
//! own, for their structs need code. Source: ioctl_tty(2), netdevice(7), rtc(4), ioctl_ficlonerange(2), fs.h.

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape};
use crate::set::Set;
use crate::sets::{fs as files, misc as sets, net as nets};
use crate::structs::Struct;

crate::sets! {
    /// Blkpg_ioctl_arg.op.
    BLKPG_OP: Values, Hex, "BLKPG_???" {
        BLKPG_ADD_PARTITION = 1, BLKPG_DEL_PARTITION = 2, BLKPG_RESIZE_PARTITION = 3,
    }

    /// What RTC_VL_READ tells.
    RTC_VL: Bits, Hex, "RTC_VL_???" {
        RTC_VL_DATA_INVALID = 1, RTC_VL_BACKUP_LOW = 2, RTC_VL_BACKUP_EMPTY = 4, RTC_VL_ACCURACY_LOW = 8,
        RTC_VL_BACKUP_SWITCH = 0x10,
    }

    /// Line disciplines of terminals.
    LINE_DISCIPLINE: Values, Hex, "N_???" {
        N_TTY = 0, N_SLIP = 1, N_MOUSE = 2, N_PPP = 3, N_STRIP = 4, N_AX25 = 5, N_X25 = 6, N_6PACK = 7, N_MASC = 8,
        N_R3964 = 9, N_PROFIBUS_FDL = 10, N_IRDA = 11, N_SMSBLOCK = 12, N_HDLC = 13, N_SYNC_PPP = 14, N_HCI = 15,
        N_GIGASET_M101 = 16, N_SLCAN = 17, N_PPS = 18, N_V253 = 19, N_CAIF = 20, N_GSM0710 = 21, N_TI_WL = 22,
        N_TRACESINK = 23, N_TRACEROUTER = 24, N_NCI = 25, N_SPEAKUP = 26, N_NULL = 27, N_MCTP = 28,
        N_DEVELOPMENT = 29, N_CAN327 = 30,
    }
}

crate::structs! {
    /// `struct winsize`, see ioctl_tty(2).
    WINSIZE "winsize" { ws_row: U16, ws_col: U16, ws_xpixel: U16, ws_ypixel: U16 };
    /// `struct rtc_time`.
    RTC_TIME "rtc_time" {
        tm_sec: INT, tm_min: INT, tm_hour: INT, tm_mday: INT, tm_mon: INT, tm_year: INT, tm_wday: INT, tm_yday: INT,
        tm_isdst: INT,
    } brief [tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year];
    /// `struct rtc_wkalrm`.
    RTC_WKALRM "rtc_wkalrm" { enabled: U8, pending: U8, time: place(&RTC_TIME) };
    /// `struct rtc_pll_info`.
    RTC_PLL "rtc_pll_info" {
        pll_ctrl: INT, pll_value: INT, pll_max: INT, pll_min: INT, pll_posmult: INT, pll_negmult: INT, pll_clock: LONG,
    };
    /// `struct file_clone_range`.
    CLONE_RANGE "file_clone_range" {
        src_fd: FD, _high: UINT, src_offset: U64, src_length: U64, dest_offset: U64,
    } show [src_fd, src_offset, src_length, dest_offset];
    /// `struct fstrim_range`.
    TRIM "fstrim_range" { start: HEX64, len: U64, minlen: U64 };
    /// `struct fsxattr` as it is set.
    FSXATTR_SET "fsxattr" {
        fsx_xflags: bits(&files::FS_XFLAGS), fsx_extsize: UINT, fsx_nextents: UINT, fsx_projid: HEX,
        fsx_cowextsize: UINT, _pad: Kind::new(Shape::Inline(&U8, 8)),
    } show [fsx_xflags, fsx_extsize, fsx_projid, fsx_cowextsize];
    /// `struct fsxattr`.
    FSXATTR "fsxattr" {
        fsx_xflags: bits(&files::FS_XFLAGS), fsx_extsize: UINT, fsx_nextents: UINT, fsx_projid: HEX,
        fsx_cowextsize: UINT, _pad: Kind::new(Shape::Inline(&U8, 8)),
    };
    /// `struct blkpg_partition`.
    BLKPG_PARTITION "blkpg_partition" {
        start: I64, length: I64, pno: INT, devname: Kind::new(Shape::Custom(Custom::Net(crate::net::Net::Name(64)))),
        volname: Kind::new(Shape::Custom(Custom::Net(crate::net::Net::Name(64)))), _pad: Kind::new(Shape::Inline(&U8, 4)),
    };
    /// `struct blkpg_ioctl_arg`.
    BLKPG_ARG "blkpg_ioctl_arg" {
        op: bits(&BLKPG_OP), flags: INT, datalen: INT, data: input(&const { place(&BLKPG_PARTITION) }),
    };
}

pub(super) const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

pub(super) const fn set(of: &'static Set) -> Kind {
    bits(of)
}

const LABEL: Kind = Kind::new(Shape::Custom(Custom::Net(crate::net::Net::Name(255))));
const WINSIZE_HERE: Kind = place(&WINSIZE);
const TIME_HERE: Kind = place(&RTC_TIME);
const ALARM_HERE: Kind = place(&RTC_WKALRM);
const PLL_HERE: Kind = place(&RTC_PLL);
const CLONE_HERE: Kind = place(&CLONE_RANGE);
const TRIM_HERE: Kind = place(&TRIM);
const XATTR_SET_HERE: Kind = place(&FSXATTR_SET);
const XATTR_HERE: Kind = place(&FSXATTR);
const BLKPG_HERE: Kind = place(&BLKPG_ARG);
const RANGE: Kind = Kind::new(Shape::Inline(&U64, 2));
const LINES: Kind = set(&sets::TIOCM);
const FLAGS: Kind = set(&files::FS_IOC_FLAGS);
const VOLTAGE: Kind = set(&RTC_VL);

/// (command, direction, what is there).
pub static ROWS: &[(u64, Dir, &Kind)] = &[
    (0x5451, Dir::In, &ABSENT),
    (0x5450, Dir::In, &ABSENT),
    (0x540c, Dir::In, &ABSENT),
    (0x540d, Dir::In, &ABSENT),
    (0x541d, Dir::In, &ABSENT),
    (0x541f, Dir::In, &ABSENT),
    (0x5422, Dir::In, &ABSENT),
    (0x5427, Dir::In, &ABSENT),
    (0x5428, Dir::In, &ABSENT),
    (0x5437, Dir::In, &ABSENT),
    (0x125f, Dir::In, &ABSENT),
    (0x1261, Dir::In, &ABSENT),
    (0x1274, Dir::In, &ABSENT),
    (0x1275, Dir::In, &ABSENT),
    (0x1276, Dir::In, &ABSENT),
    (0xc004_5877, Dir::In, &ABSENT),
    (0xc004_5878, Dir::In, &ABSENT),
    (0x7001, Dir::In, &ABSENT),
    (0x7002, Dir::In, &ABSENT),
    (0x7003, Dir::In, &ABSENT),
    (0x7004, Dir::In, &ABSENT),
    (0x7005, Dir::In, &ABSENT),
    (0x7006, Dir::In, &ABSENT),
    (0x700f, Dir::In, &ABSENT),
    (0x7010, Dir::In, &ABSENT),
    (0x7014, Dir::In, &ABSENT),
    (0x5413, Dir::Out, &WINSIZE_HERE),
    (0x5414, Dir::In, &WINSIZE_HERE),
    (0x540f, Dir::Out, &PID),
    (0x5410, Dir::In, &PID),
    (0x5429, Dir::Out, &PID),
    (0x5411, Dir::Out, &INT),
    (0x5415, Dir::Out, &LINES),
    (0x5416, Dir::In, &LINES),
    (0x5417, Dir::In, &LINES),
    (0x5418, Dir::In, &LINES),
    (0x5419, Dir::Out, &INT),
    (0x541a, Dir::In, &INT),
    (0x541b, Dir::Out, &INT),
    (0x5420, Dir::In, &INT),
    (0x5421, Dir::In, &INT),
    (0x5423, Dir::In, &INT),
    (0x5424, Dir::Out, &INT),
    (0x5452, Dir::In, &INT),
    (0x8004_5430, Dir::Out, &INT),
    (0x4004_5431, Dir::In, &INT),
    (0x8004_5432, Dir::Out, &INT),
    (0x8004_5440, Dir::Out, &INT),
    (0x8901, Dir::In, &PID),
    (0x8902, Dir::In, &PID),
    (0x8903, Dir::Out, &PID),
    (0x8904, Dir::Out, &PID),
    (0x8905, Dir::Out, &INT),
    (0x8925, Dir::Out, &INT),
    (0x8926, Dir::In, &INT),
    (0x894b, Dir::Out, &INT),
    (0x125d, Dir::In, &INT),
    (0x125e, Dir::Out, &INT),
    (0x1260, Dir::Out, &ULONG),
    (0x1263, Dir::Out, &LONG),
    (0x1265, Dir::Out, &LONG),
    (0x1267, Dir::Out, &U16),
    (0x1268, Dir::Out, &INT),
    (0x1269, Dir::In, &BLKPG_HERE),
    (0x1277, Dir::In, &RANGE),
    (0x1278, Dir::Out, &UINT),
    (0x1279, Dir::Out, &UINT),
    (0x127a, Dir::Out, &INT),
    (0x127b, Dir::Out, &UINT),
    (0x127c, Dir::Out, &UINT),
    (0x127d, Dir::In, &RANGE),
    (0x127e, Dir::Out, &U16),
    (0x127f, Dir::In, &RANGE),
    (0x8008_1270, Dir::Out, &INT),
    (0x4008_1271, Dir::In, &INT),
    (0x8008_1272, Dir::Out, &U64),
    (0x8004_1270, Dir::Out, &INT),
    (0x4004_1271, Dir::In, &INT),
    (0x8004_1272, Dir::Out, &U64),
    (0x4020_940d, Dir::In, &CLONE_HERE),
    (0xc018_5879, Dir::In, &TRIM_HERE),
    (0x8008_6601, Dir::Out, &FLAGS),
    (0x4008_6602, Dir::In, &FLAGS),
    (0x8004_6601, Dir::Out, &FLAGS),
    (0x4004_6602, Dir::In, &FLAGS),
    (0x8100_9431, Dir::Out, &LABEL),
    (0x4100_9432, Dir::In, &LABEL),
    (0x801c_581f, Dir::Out, &XATTR_HERE),
    (0x401c_5820, Dir::In, &XATTR_SET_HERE),
    (0x8024_7008, Dir::Out, &TIME_HERE),
    (0x4024_7007, Dir::In, &TIME_HERE),
    (0x8024_7009, Dir::Out, &TIME_HERE),
    (0x4024_700a, Dir::In, &TIME_HERE),
    (0x4028_700f, Dir::In, &ALARM_HERE),
    (0x8028_7010, Dir::Out, &ALARM_HERE),
    (0x8020_7011, Dir::Out, &PLL_HERE),
    (0x4020_7012, Dir::In, &PLL_HERE),
    (0x801c_7011, Dir::Out, &PLL_HERE),
    (0x401c_7012, Dir::In, &PLL_HERE),
    (0x8004_7013, Dir::Out, &VOLTAGE),
    (0x8008_700b, Dir::Out, &ULONG),
    (0x8004_700b, Dir::Out, &ULONG),
    (0x8008_700d, Dir::Out, &ULONG),
    (0x8004_700d, Dir::Out, &ULONG),
];

/// Commands whose argument is a number itself.
pub static PLAIN: &[(u64, &Kind)] = &[
    (0x5409, &INT),
    (0x540a, &const { longbits(&sets::TCFLOW) }),
    (0x540b, &const { longbits(&sets::TCFLUSH) }),
    (0x540e, &INT),
    (0x5425, &INT),
    (0x1262, &LONG),
    (0x1264, &LONG),
    (0x4004_9409, &INT),
    (0x5412, &in_bytes(fixed(1))),
    (0x89a0, &custom(Custom::ShortText(Dir::In, 16))),
    (0x89a1, &custom(Custom::ShortText(Dir::In, 16))),
    (0x4008_700c, &ULONG),
    (0x4004_700c, &ULONG),
    (0x4008_700e, &ULONG),
    (0x4004_700e, &ULONG),
];

/// Attributes of terminals: command, direction, bytes of the struct.
pub static TERMINALS: &[(u64, Dir, u8)] = &[
    (0x5401, Dir::Out, 36),
    (0x5402, Dir::In, 36),
    (0x5403, Dir::In, 36),
    (0x5404, Dir::In, 36),
    (0x5456, Dir::Out, 36),
    (0x5457, Dir::In, 36),
    (0x5405, Dir::Out, 18),
    (0x5406, Dir::In, 18),
    (0x5407, Dir::In, 18),
    (0x5408, Dir::In, 18),
    (0x802c_542a, Dir::Out, 44),
    (0x402c_542b, Dir::In, 44),
    (0x402c_542c, Dir::In, 44),
    (0x402c_542d, Dir::In, 44),
];

/// The member of `struct ifreq` that a command is about.
#[derive(Debug, Clone, Copy)]
pub enum Member {
    /// A socket address.
    Address,
    /// A hardware address.
    Hardware,
    /// Flags in 16 bits.
    Flags,
    /// `int`.
    Int,
    /// A name.
    Name,
    /// `struct ifmap`.
    Map,
}

/// Commands about one interface: command, direction, name of the member, what it is.
pub static INTERFACES: &[(u64, Dir, &str, Member)] = &[
    (0x8913, Dir::Out, "ifr_flags", Member::Flags),
    (0x8914, Dir::In, "ifr_flags", Member::Flags),
    (0x8915, Dir::Out, "ifr_addr", Member::Address),
    (0x8916, Dir::In, "ifr_addr", Member::Address),
    (0x8917, Dir::Out, "ifr_dstaddr", Member::Address),
    (0x8918, Dir::In, "ifr_dstaddr", Member::Address),
    (0x8919, Dir::Out, "ifr_broadaddr", Member::Address),
    (0x891a, Dir::In, "ifr_broadaddr", Member::Address),
    (0x891b, Dir::Out, "ifr_netmask", Member::Address),
    (0x891c, Dir::In, "ifr_netmask", Member::Address),
    (0x891d, Dir::Out, "ifr_metric", Member::Int),
    (0x891e, Dir::In, "ifr_metric", Member::Int),
    (0x8921, Dir::Out, "ifr_mtu", Member::Int),
    (0x8922, Dir::In, "ifr_mtu", Member::Int),
    (0x8923, Dir::In, "ifr_newname", Member::Name),
    (0x8924, Dir::In, "ifr_hwaddr", Member::Hardware),
    (0x8927, Dir::Out, "ifr_hwaddr", Member::Hardware),
    (0x8929, Dir::Out, "ifr_slave", Member::Name),
    (0x8930, Dir::In, "ifr_slave", Member::Name),
    (0x8931, Dir::In, "ifr_hwaddr", Member::Hardware),
    (0x8932, Dir::In, "ifr_hwaddr", Member::Hardware),
    (0x8933, Dir::Out, "ifr_ifindex", Member::Int),
    (0x8937, Dir::In, "ifr_hwaddr", Member::Hardware),
    (0x8942, Dir::Out, "ifr_qlen", Member::Int),
    (0x8943, Dir::In, "ifr_qlen", Member::Int),
    (0x8970, Dir::Out, "ifr_map", Member::Map),
    (0x8971, Dir::In, "ifr_map", Member::Map),
];

/// Flags of interfaces.
pub static IFF: &Set = &nets::IFF;

/// Bytes of a hardware address, by its type; others fill the space there is.
pub const fn hardware_bytes(kind: u64) -> usize {
    match kind {
        0 | 3 => 7,
        1 | 6 | 772 | 774 | 780 | 801..=803 => 6,
        7 | 290 | 773 | 820..=822 => 1,
        15 => 2,
        27 | 804 | 805 | 825 | 826 => 8,
        270 | 271 => 5,
        768 | 776..=779 | 783 => 4,
        _ => 14,
    }
}
