//! What the third argument of ioctl points to, by command.
//!
//! A command without a row takes a plain number, printed in hexadecimal.

use crate::constants::*;
use crate::kinds::*;
use crate::model::{Dir, Kind, Shape};
use crate::sets::misc::{TERMIOS_CFLAG, TERMIOS_IFLAG, TERMIOS_LFLAG, TERMIOS_OFLAG};

crate::structs! {
    /// `struct winsize`, see ioctl_tty(2).
    WINSIZE "winsize" { ws_row: U16, ws_col: U16, ws_xpixel: U16, ws_ypixel: U16 };
    /// `struct termios` of the kernel, see ioctl_tty(2).
    TERMIOS "termios" {
        c_iflag: bits(&TERMIOS_IFLAG), c_oflag: bits(&TERMIOS_OFLAG), c_cflag: bits(&TERMIOS_CFLAG),
        c_lflag: bits(&TERMIOS_LFLAG), c_line: HEX8, c_cc: Kind::new(Shape::Octets(19)),
    } brief [c_iflag, c_oflag, c_cflag, c_lflag];
}

const WINSIZE_IN_PLACE: Kind = Kind::new(Shape::Struct(&WINSIZE));
const TERMIOS_IN_PLACE: Kind = Kind::new(Shape::Struct(&TERMIOS));

/// (command, direction, what is there).
pub static ROWS: &[(u64, Dir, &Kind)] = &[
    (FIOCLEX, Dir::In, &ABSENT),
    (FIONCLEX, Dir::In, &ABSENT),
    (TIOCEXCL, Dir::In, &ABSENT),
    (TIOCNXCL, Dir::In, &ABSENT),
    (TIOCNOTTY, Dir::In, &ABSENT),
    (TCGETS, Dir::Out, &TERMIOS_IN_PLACE),
    (TCSETS, Dir::In, &TERMIOS_IN_PLACE),
    (TCSETSW, Dir::In, &TERMIOS_IN_PLACE),
    (TCSETSF, Dir::In, &TERMIOS_IN_PLACE),
    (TIOCGWINSZ, Dir::Out, &WINSIZE_IN_PLACE),
    (TIOCSWINSZ, Dir::In, &WINSIZE_IN_PLACE),
    (TIOCGPGRP, Dir::Out, &PID),
    (TIOCSPGRP, Dir::In, &PID),
    (TIOCGSID, Dir::Out, &PID),
    (TIOCOUTQ, Dir::Out, &INT),
    (TIOCGPTN, Dir::Out, &UINT),
    (TIOCSPTLCK, Dir::In, &INT),
    (FIONREAD, Dir::Out, &INT),
    (FIONBIO, Dir::In, &INT),
    (FIOASYNC, Dir::In, &INT),
    (BLKGETSIZE64, Dir::Out, &U64),
    (BLKSSZGET, Dir::Out, &INT),
];
