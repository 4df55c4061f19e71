//! What ioctl takes and gives for terminals. Source: ioctl_tty(2), termios(3).

use super::argument::{Argument, Code, Row, place};
use crate::kinds::*;
use crate::model::Dir;
use crate::sets::misc as sets;

crate::sets! {
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
}

/// Commands of terminals.
pub static ROWS: &[Row] = &[
    (&[0x5401, 0x5456], Argument::Coded(Code::Terminal(Dir::Out, 36))),
    (&[0x5402, 0x5403, 0x5404, 0x5457], Argument::Coded(Code::Terminal(Dir::In, 36))),
    (&[0x5405], Argument::Coded(Code::Terminal(Dir::Out, 18))),
    (&[0x5406, 0x5407, 0x5408], Argument::Coded(Code::Terminal(Dir::In, 18))),
    (&[0x802c_542a], Argument::Coded(Code::Terminal(Dir::Out, 44))),
    (&[0x402c_542b, 0x402c_542c, 0x402c_542d], Argument::Coded(Code::Terminal(Dir::In, 44))),
    (&[0x5409, 0x540e, 0x5425], Argument::Value(&INT)),
    (&[0x540a], Argument::Value(&const { longbits(&sets::TCFLOW) })),
    (&[0x540b], Argument::Value(&const { longbits(&sets::TCFLUSH) })),
    (&[0x5412], Argument::Value(&in_bytes(fixed(1)))),
    (&[0x5451, 0x5450, 0x540c, 0x540d, 0x541d, 0x541f, 0x5422, 0x5427, 0x5428, 0x5437], Argument::Nothing),
    (&[0x5413], Argument::told(&const { place(&WINSIZE) })),
    (&[0x5414], Argument::given(&const { place(&WINSIZE) })),
    (&[0x540f, 0x5429], Argument::told(&PID)),
    (&[0x5410], Argument::given(&PID)),
    (&[0x5411, 0x5419, 0x541b, 0x5424, 0x8004_5430, 0x8004_5432, 0x8004_5440], Argument::told(&INT)),
    (&[0x5415], Argument::told(&const { bits(&sets::TIOCM) })),
    (&[0x5416, 0x5417, 0x5418], Argument::given(&const { bits(&sets::TIOCM) })),
    (&[0x541a, 0x5420, 0x5421, 0x5423, 0x5452, 0x4004_5431], Argument::given(&INT)),
];
