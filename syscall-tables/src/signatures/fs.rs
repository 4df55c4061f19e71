//! Files and directories by path: open(2), stat(2), unlink(2), chmod(2) and their `at` relatives.

use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::structs::fs as s;

const STAT: Kind = Kind::new(Shape::Struct(&s::STAT));

crate::signatures! {
    /// The family's rows.
    TABLE:
    access(pathname: PATH, mode: INT) -> INT;
    stat(pathname: PATH, statbuf: output(&STAT)) -> INT;
    read(fd: FD, buf: out_bytes(RET), count: SIZE) -> SIZE;
    write(fd: FD, buf: in_bytes(of(count)), count: SIZE) -> SIZE;
    mknod(pathname: PATH, mode: FILEMODE, dev: DEV.when(mode, 0x2000)) -> INT;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
}
