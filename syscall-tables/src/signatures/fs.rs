//! Files, directories, descriptors, polling: open(2), stat(2), read(2), fcntl(2), poll(2), epoll(7).

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Scope, Shape, Sibling, Width};
use crate::set::Base;
use crate::sets::{fs, io, misc};
use crate::structs::fs as s;
use crate::structs::time::{TS, TS64, TV};

const STAT: Kind = Kind::new(Shape::Struct(&s::STAT));
const STAT64: Kind = Kind::new(Shape::Struct(&s::STAT64_I386));
const STATX: Kind = Kind::new(Shape::Struct(&s::STATX));
const STATFS: Kind = Kind::new(Shape::Struct(&s::STATFS));
const FLOCK: Kind = Kind::new(Shape::Struct(&s::FLOCK));
const FLOCK_OUT: Kind = Kind::new(Shape::Struct(&s::FLOCK_OUT));
const FLOCK64: Kind = Kind::new(Shape::Struct(&s::FLOCK64));
const FLOCK64_OUT: Kind = Kind::new(Shape::Struct(&s::FLOCK64_OUT));
const OWNER: Kind = Kind::new(Shape::Struct(&s::OWNER));
const EPOLL_EVENT: Kind = Kind::new(Shape::Struct(&s::EPOLL_EVENT));
const OPEN: Kind = bits(&fs::OPEN);
const IO_EVENT: Kind = Kind::new(Shape::Struct(&s::IO_EVENT));
const CACHESTAT_RANGE: Kind = Kind::new(Shape::Struct(&s::CACHESTAT_RANGE));
const CACHESTAT: Kind = Kind::new(Shape::Struct(&s::CACHESTAT));
const STAT32: Kind = Kind::new(Shape::Struct(&s::STAT_I386));
const OLD_STAT: Kind = Kind::new(Shape::Struct(&s::OLD_STAT));
const STATFS64: Kind = Kind::new(Shape::Struct(&s::STATFS64_I386));
const DELEGATION: Kind = Kind::new(Shape::Struct(&s::DELEGATION));
const HINT: Kind = bits64(&fs::RW_HINT);
const PIPE_FDS: Kind = out_array(&FD, fixed(2));
/// O_CREAT or __O_TMPFILE.
const CREATES: u64 = 0o20_000_100;

/// The third argument of fcntl, by command.
const FCNTL_ARG: &[(u64, Kind)] = &[
    (0, I64),
    (1030, I64),
    (1, ABSENT),
    (2, bits(&fs::FD_FLAGS)),
    (3, ABSENT),
    (4, OPEN),
    (5, output(&FLOCK_OUT)),
    (6, input(&FLOCK)),
    (7, input(&FLOCK)),
    (8, INT),
    (9, ABSENT),
    (10, SIGNO),
    (11, ABSENT),
    (15, input(&OWNER)),
    (16, output(&OWNER)),
    (36, output(&FLOCK_OUT)),
    (37, input(&FLOCK)),
    (38, input(&FLOCK)),
    (1024, longbits(&fs::LOCK_TYPE)),
    (1025, ABSENT),
    (1026, longbits(&fs::NOTIFY)),
    (1027, FD),
    (1028, ABSENT),
    (1031, I64),
    (1032, ABSENT),
    (1033, longbits(&fs::SEALS)),
    (1034, ABSENT),
    (1035, output(&HINT)),
    (1036, input(&HINT)),
    (1037, output(&HINT)),
    (1038, input(&HINT)),
    (1039, output(&DELEGATION)),
    (1040, input(&DELEGATION)),
];
/// The third argument of fcntl64, where it differs.
const FCNTL64_ARG: &[(u64, Kind)] = &[
    (12, output(&FLOCK64_OUT)),
    (13, input(&FLOCK64)),
    (14, input(&FLOCK64)),
    (36, output(&FLOCK64_OUT)),
    (37, input(&FLOCK64)),
    (38, input(&FLOCK64)),
];
/// The same of fcntl of i386: locks of open files are 64 bits wide in all calls.
const OFD_ARG: &[(u64, Kind)] = &[(36, output(&FLOCK64_OUT)), (37, input(&FLOCK64)), (38, input(&FLOCK64))];
/// What fcntl returns, by command.
const FCNTL_RET: &[(u64, Kind)] = &[
    (0, FD),
    (1030, FD),
    (1, flags_note(&fs::FD_FLAGS)),
    (3, flags_note(&fs::OPEN)),
    (1034, flags_note(&fs::SEALS)),
    (11, custom(Custom::SignalReturn)),
    (1025, custom(Custom::Noted(Base::Hex, &const { longbits(&fs::LOCK_TYPE) }))),
];

/// Names of attributes: none where there is no room.
const NAMES: &[(u64, Kind)] = &[(0, ADDR)];

crate::signatures! {
    /// The family's rows.
    TABLE:
    read(fd: FD, buf: out_bytes(RET), count: SIZE) -> SIZE;
    write(fd: FD, buf: in_bytes(of(count)), count: SIZE) -> SIZE;
    open(pathname: PATH, flags: OPEN, mode: MODE.when(flags, CREATES)) -> FD;
    openat(dirfd: DIRFD, pathname: PATH, flags: OPEN, mode: MODE.when(flags, CREATES)) -> FD;
    openat2(dirfd: DIRFD, pathname: PATH, how: custom(Custom::Sized(Dir::In, &s::OPEN_HOW, size, 24)), size: SIZE) -> FD;
    creat(pathname: PATH, mode: MODE) -> FD;
    close(fd: FD) -> INT;
    close_range(first: UINT, last: UINT, flags: bits(&fs::CLOSE_RANGE)) -> INT;
    stat(pathname: PATH, statbuf: output(&STAT)) -> INT;
    lstat(pathname: PATH, statbuf: output(&STAT)) -> INT;
    fstat(fd: FD, statbuf: output(&STAT)) -> INT;
    newfstatat(dirfd: DIRFD, pathname: PATH, statbuf: output(&STAT), flags: bits(&fs::AT)) -> INT;
    statx(dirfd: DIRFD, pathname: PATH, flags: custom(Custom::Class(&fs::AT_STATX_SYNC, 0x6000, &fs::AT_STATX, Width::W32)), mask: bits(&fs::STATX_MASK), statxbuf: output(&STATX)) -> INT;
    statfs(path: PATH, buf: output(&STATFS)) -> INT;
    fstatfs(fd: FD, buf: output(&STATFS)) -> INT;
    ustat(dev: DEV, ubuf: ADDR) -> INT;
    lseek(fd: FD, offset: OFF, whence: bits(&fs::SEEK)) -> LONG;
    access(pathname: PATH, mode: bits(&fs::ACCESS)) -> INT;
    faccessat(dirfd: DIRFD, pathname: PATH, mode: bits(&fs::ACCESS)) -> INT;
    faccessat2(dirfd: DIRFD, pathname: PATH, mode: bits(&fs::ACCESS), flags: bits(&fs::AT_FACCESSAT)) -> INT;
    dup(oldfd: FD) -> FD;
    dup2(oldfd: FD, newfd: FD) -> FD;
    dup3(oldfd: FD, newfd: FD, flags: bits(&fs::OPEN_FLAGS)) -> FD;
    pipe(pipefd: PIPE_FDS) -> INT;
    pipe2(pipefd: PIPE_FDS, flags: bits(&fs::OPEN_FLAGS)) -> INT;
    fcntl(fd: FD, cmd: bits(&fs::FCNTL), arg: by(cmd, FCNTL_ARG, &HEXLONG)) -> by(cmd, FCNTL_RET, &INT);
    flock(fd: FD, operation: bits(&fs::FLOCK)) -> INT;
    fsync(fd: FD) -> INT;
    fdatasync(fd: FD) -> INT;
    sync() -> INT;
    syncfs(fd: FD) -> INT;
    sync_file_range(fd: FD, offset: LOFF, nbytes: LOFF, flags: bits(&io::SYNC_FILE_RANGE)) -> INT;
    truncate(path: PATH, length: ULONG) -> INT;
    ftruncate(fd: FD, length: ULONG) -> INT;
    fallocate(fd: FD, mode: bits(&fs::FALLOCATE), offset: LOFF, len: LOFF) -> INT;
    fadvise64(fd: FD, offset: LOFF, len: SIZE, advice: bits(&fs::FADVISE)) -> INT;
    readahead(fd: FD, offset: LOFF, count: SIZE) -> INT;
    getdents(fd: FD, dirp: custom(Custom::Dirents), count: UINT) -> INT;
    getdents64(fd: FD, dirp: custom(Custom::Dirents64), count: UINT) -> INT;
    getcwd(buf: custom(Custom::PathOut), size: SIZE) -> INT;
    chdir(path: PATH) -> INT;
    fchdir(fd: FD) -> INT;
    chroot(path: PATH) -> INT;
    rename(oldpath: PATH, newpath: PATH) -> INT;
    renameat(olddirfd: DIRFD, oldpath: PATH, newdirfd: DIRFD, newpath: PATH) -> INT;
    renameat2(olddirfd: DIRFD, oldpath: PATH, newdirfd: DIRFD, newpath: PATH, flags: bits(&fs::RENAME)) -> INT;
    mkdir(pathname: PATH, mode: MODE) -> INT;
    mkdirat(dirfd: DIRFD, pathname: PATH, mode: MODE) -> INT;
    rmdir(pathname: PATH) -> INT;
    link(oldpath: PATH, newpath: PATH) -> INT;
    linkat(olddirfd: DIRFD, oldpath: PATH, newdirfd: DIRFD, newpath: PATH, flags: bits(&fs::AT)) -> INT;
    unlink(pathname: PATH) -> INT;
    unlinkat(dirfd: DIRFD, pathname: PATH, flags: bits(&fs::AT)) -> INT;
    symlink(target: PATH, linkpath: PATH) -> INT;
    symlinkat(target: PATH, newdirfd: DIRFD, linkpath: PATH) -> INT;
    readlink(pathname: PATH, buf: out_bytes(RET), bufsiz: SIZE) -> INT;
    readlinkat(dirfd: DIRFD, pathname: PATH, buf: out_bytes(RET), bufsiz: SIZE) -> INT;
    chmod(pathname: PATH, mode: MODE) -> INT;
    fchmod(fd: FD, mode: MODE) -> INT;
    fchmodat(dirfd: DIRFD, pathname: PATH, mode: MODE) -> INT;
    fchmodat2(dirfd: DIRFD, pathname: PATH, mode: MODE, flags: bits(&fs::AT)) -> INT;
    chown(pathname: PATH, owner: ID, group: ID) -> INT;
    lchown(pathname: PATH, owner: ID, group: ID) -> INT;
    fchown(fd: FD, owner: ID, group: ID) -> INT;
    fchownat(dirfd: DIRFD, pathname: PATH, owner: ID, group: ID, flags: bits(&fs::AT)) -> INT;
    umask(mask: MODE) -> MODE;
    mknod(pathname: PATH, mode: FILEMODE16, dev: DEV.when_in(mode, 0o170_000, &[0o020_000, 0o060_000])) -> INT;
    mknodat(dirfd: DIRFD, pathname: PATH, mode: FILEMODE16, dev: DEV.when_in(mode, 0o170_000, &[0o020_000, 0o060_000])) -> INT;
    readv(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG) -> SIZE;
    writev(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG) -> SIZE;
    pread64(fd: FD, buf: out_bytes(RET), count: SIZE, offset: LOFF) -> SIZE;
    pwrite64(fd: FD, buf: in_bytes(of(count)), count: SIZE, offset: LOFF) -> SIZE;
    preadv(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LONG) -> SIZE;
    pwritev(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LONG) -> SIZE;
    preadv2(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LONG, pos_h: ABSENT, flags: bits(&io::RWF)) -> SIZE;
    pwritev2(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LONG, pos_h: ABSENT, flags: bits(&io::RWF)) -> SIZE;
    sendfile(out_fd: FD, in_fd: FD, offset: inout(&U64), count: SIZE) -> SIZE;
    copy_file_range(fd_in: FD, off_in: input(&I64), fd_out: FD, off_out: input(&I64), len: SIZE, flags: UINT) -> SIZE;
    splice(fd_in: FD, off_in: input(&I64), fd_out: FD, off_out: input(&I64), len: SIZE, flags: bits(&io::SPLICE)) -> SIZE;
    tee(fd_in: FD, fd_out: FD, len: SIZE, flags: bits(&io::SPLICE)) -> SIZE;
    vmsplice(fd: FD, iov: in_iovec(nr_segs), nr_segs: ULONG, flags: bits(&io::SPLICE)) -> SIZE;
    ioctl(fd: FD, request: custom(Custom::IoctlCommand), argp: custom(Custom::IoctlArg)) -> custom(Custom::IoctlReturn);
    poll(fds: custom(Custom::PollFds(nfds)), nfds: UINT, timeout: INT) -> custom(Custom::PollReturn);
    ppoll(fds: custom(Custom::PollFds(nfds)), nfds: UINT, tmo_p: input(&TS), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> custom(Custom::PollReturn);
    select(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TV)) -> custom(Custom::SelectReturn);
    pselect6(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TS), sigmask: custom(Custom::PselectMask)) -> custom(Custom::SelectReturn);
    epoll_create(size: INT) -> FD;
    epoll_create1(flags: bits(&io::EPOLL_CREATE)) -> FD;
    epoll_ctl(epfd: FD, op: bits(&io::EPOLL_CTL), fd: FD, event: by(op, &[(2, ADDR)], &input(&EPOLL_EVENT))) -> INT;
    epoll_wait(epfd: FD, events: out_array(&EPOLL_EVENT, RET), maxevents: INT, timeout: INT) -> INT;
    epoll_pwait(epfd: FD, events: out_array(&EPOLL_EVENT, RET), maxevents: INT, timeout: INT, sigmask: out_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    epoll_pwait2(epfd: FD, events: out_array(&EPOLL_EVENT, RET), maxevents: INT, timeout: output(&TS64), sigmask: out_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    eventfd(initval: UINT) -> FD;
    eventfd2(initval: UINT, flags: bits(&io::EVENTFD)) -> FD;
    inotify_init() -> FD;
    inotify_init1(flags: bits(&io::INOTIFY_INIT)) -> FD;
    inotify_add_watch(fd: FD, pathname: PATH, mask: bits(&io::INOTIFY_MASK)) -> INT;
    inotify_rm_watch(fd: FD, wd: INT) -> INT;
    setxattr(path: PATH, name: STR, value: custom(Custom::Capped(Dir::In, of(size), s::XATTR_SIZE, true)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    lsetxattr(path: PATH, name: STR, value: custom(Custom::Capped(Dir::In, of(size), s::XATTR_SIZE, true)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    fsetxattr(fd: FD, name: STR, value: custom(Custom::Capped(Dir::In, of(size), s::XATTR_SIZE, true)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    getxattr(path: PATH, name: STR, value: custom(Custom::Capped(Dir::Out, RET, s::XATTR_SIZE, true)), size: SIZE) -> INT;
    lgetxattr(path: PATH, name: STR, value: custom(Custom::Capped(Dir::Out, RET, s::XATTR_SIZE, true)), size: SIZE) -> INT;
    fgetxattr(fd: FD, name: STR, value: custom(Custom::Capped(Dir::Out, RET, s::XATTR_SIZE, true)), size: SIZE) -> INT;
    listxattr(path: PATH, list: by(size, NAMES, &const { out_bytes(RET) }), size: SIZE) -> INT;
    llistxattr(path: PATH, list: by(size, NAMES, &const { out_bytes(RET) }), size: SIZE) -> INT;
    flistxattr(fd: FD, list: by(size, NAMES, &const { out_bytes(RET) }), size: SIZE) -> INT;
    removexattr(path: PATH, name: STR) -> INT;
    lremovexattr(path: PATH, name: STR) -> INT;
    fremovexattr(fd: FD, name: STR) -> INT;
    setxattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR, args: custom(Custom::Sized(Dir::In, &s::SET_XATTR, size, 16)), size: SIZE) -> INT;
    getxattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR, args: custom(Custom::GotXattr(size)), size: SIZE) -> INT;
    listxattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), list: by(size, NAMES, &const { out_bytes(RET) }), size: SIZE) -> INT;
    removexattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR) -> INT;
    file_getattr(dirfd: DIRFD, pathname: PATH, attr: custom(Custom::Sized(Dir::Out, &s::FILE_ATTR, size, 24)), size: SIZE, at_flags: bits(&fs::AT)) -> INT;
    file_setattr(dirfd: DIRFD, pathname: PATH, attr: custom(Custom::Sized(Dir::In, &s::FILE_ATTR, size, 24)), size: SIZE, at_flags: bits(&fs::AT)) -> INT;
    io_setup(nr_events: UINT, ctx_idp: output(&ADDR)) -> INT;
    io_destroy(ctx_id: ADDR) -> INT;
    io_submit(ctx_id: ADDR, nr: LONG, iocbpp: custom(Custom::Iocbs(nr))) -> INT;
    io_cancel(ctx_id: ADDR, iocb: custom(Custom::Iocb), result: output(&IO_EVENT)) -> INT;
    io_getevents(ctx_id: ADDR, min_nr: LONG, nr: LONG, events: out_array(&IO_EVENT, RET), timeout: input(&TS)) -> INT;
    io_pgetevents(ctx_id: ADDR, min_nr: LONG, nr: LONG, events: out_array(&IO_EVENT, RET), timeout: input(&TS), usig: custom(Custom::PselectMask)) -> INT;
    io_uring_setup(entries: UINT, params: custom(Custom::UringParams(false))) -> FD;
    io_uring_enter(fd: FD, to_submit: UINT, min_complete: UINT, flags: bits(&io::IO_URING_ENTER), sig: by_masked(flags, 0x48, crate::cases![(8, by(sigsetsize, crate::structs::uring::EVENTS, &ADDR)), (0x40, by(sigsetsize, crate::structs::uring::WAIT, &ADDR)), (0x48, by(sigsetsize, crate::structs::uring::WAIT, &ADDR))], &const { in_sigset(Len::Of(Sibling { scope: Scope::Arg, index: 5 })) }), sigsetsize: SIZE) -> INT;
    io_uring_register(fd: FD, opcode: by_masked(opcode, 0x8000_0000, crate::cases![(0x8000_0000, custom(Custom::UringOperation))], &bits(&io::IO_URING_REGISTER)), arg: by_masked(opcode, 0x7fff_ffff, crate::structs::uring::REGISTER, &ADDR), nr_args: UINT) -> INT;
    lookup_dcookie(cookie: WIDE, buf: out_bytes(RET), len: SIZE) -> INT;
    sysfs(option: HEXLONG, arg1: HEXLONG, arg2: HEXLONG) -> INT;
    acct(filename: PATH) -> INT;
    getrandom(buf: custom(Custom::HexBytes(Dir::Out, Len::Ret)), buflen: SIZE, flags: bits(&misc::GETRANDOM)) -> SIZE;
    cachestat(fd: FD, cstat_range: input(&CACHESTAT_RANGE), cstat: output(&CACHESTAT), flags: HEX) -> INT;
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
    stat(pathname: PATH, statbuf: output(&STAT32)) -> INT;
    lstat(pathname: PATH, statbuf: output(&STAT32)) -> INT;
    fstat(fd: FD, statbuf: output(&STAT32)) -> INT;
    oldstat(pathname: PATH, statbuf: output(&OLD_STAT)) -> INT;
    oldlstat(pathname: PATH, statbuf: output(&OLD_STAT)) -> INT;
    oldfstat(fd: FD, statbuf: output(&OLD_STAT)) -> INT;
    stat64(pathname: PATH, statbuf: output(&STAT64)) -> INT;
    lstat64(pathname: PATH, statbuf: output(&STAT64)) -> INT;
    fstat64(fd: FD, statbuf: output(&STAT64)) -> INT;
    fstatat64(dirfd: DIRFD, pathname: PATH, statbuf: output(&STAT64), flags: bits(&fs::AT)) -> INT;
    statfs64(path: PATH, size: SIZE, buf: by(size, &const { [(84, output(&STATFS64))] }, &ADDR)) -> INT;
    fstatfs64(fd: FD, size: SIZE, buf: by(size, &const { [(84, output(&STATFS64))] }, &ADDR)) -> INT;
    _llseek(fd: FD, offset_high: custom(Custom::HighHalf(offset_low)), offset_low: ABSENT, result: output(&U64), whence: bits(&fs::SEEK)) -> INT;
    preadv(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LOFF) -> SIZE;
    pwritev(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LOFF) -> SIZE;
    preadv2(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LOFF, flags: bits(&io::RWF)) -> SIZE;
    pwritev2(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LOFF, flags: bits(&io::RWF)) -> SIZE;
    fcntl(fd: FD, cmd: bits(&fs::FCNTL), arg: by(cmd, OFD_ARG, &const { by(cmd, FCNTL_ARG, &HEXLONG) })) -> by(cmd, FCNTL_RET, &INT);
    fcntl64(fd: FD, cmd: bits(&fs::FCNTL), arg: by(cmd, FCNTL64_ARG, &const { by(cmd, FCNTL_ARG, &HEXLONG) })) -> by(cmd, FCNTL_RET, &INT);
    truncate64(path: PATH, length: WIDE) -> INT;
    ftruncate64(fd: FD, length: WIDE) -> INT;
    sendfile(out_fd: FD, in_fd: FD, offset: inout(&UINT), count: SIZE) -> SIZE;
    sendfile64(out_fd: FD, in_fd: FD, offset: inout(&U64), count: SIZE) -> SIZE;
    fadvise64_64(fd: FD, offset: LOFF, len: LOFF, advice: bits(&fs::FADVISE)) -> INT;
    readdir(fd: FD, dirp: custom(Custom::OldDirent), count: UINT.when_not(count, 1)) -> INT;
    umount(target: PATH) -> INT;
    select(args: ADDR) -> INT;
    _newselect(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TV)) -> custom(Custom::SelectReturn);
    ppoll_time64(fds: custom(Custom::PollFds(nfds)), nfds: UINT, tmo_p: input(&TS64), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> custom(Custom::PollReturn);
    pselect6_time64(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TS64), sigmask: custom(Custom::PselectMask)) -> custom(Custom::SelectReturn);
    io_pgetevents_time64(ctx_id: ADDR, min_nr: LONG, nr: LONG, events: out_array(&IO_EVENT, RET), timeout: input(&TS64), usig: custom(Custom::PselectMask)) -> INT;
    chown32(pathname: PATH, owner: ID, group: ID) -> INT;
    lchown32(pathname: PATH, owner: ID, group: ID) -> INT;
    fchown32(fd: FD, owner: ID, group: ID) -> INT;
    chown(pathname: PATH, owner: ID16, group: ID16) -> INT;
    lchown(pathname: PATH, owner: ID16, group: ID16) -> INT;
    fchown(fd: FD, owner: ID16, group: ID16) -> INT;
}
