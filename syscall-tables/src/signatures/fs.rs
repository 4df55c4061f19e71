//! Files, directories, descriptors, polling: open(2), stat(2), read(2), fcntl(2), poll(2), epoll(7).

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Len, Shape};
use crate::sets::{fs, io, misc, mount};
use crate::structs::fs as s;
use crate::structs::time::{TS, TS64, TV};

const STAT: Kind = Kind::new(Shape::Struct(&s::STAT));
const STAT64: Kind = Kind::new(Shape::Struct(&s::STAT64_I386));
const STATX: Kind = Kind::new(Shape::Struct(&s::STATX));
const STATFS: Kind = Kind::new(Shape::Struct(&s::STATFS));
const FLOCK: Kind = Kind::new(Shape::Struct(&s::FLOCK));
const FLOCK_OUT: Kind = Kind::new(Shape::Struct(&s::FLOCK_OUT));
const FLOCK64: Kind = Kind::new(Shape::Struct(&s::FLOCK64));
const OWNER: Kind = Kind::new(Shape::Struct(&s::OWNER));
const EPOLL_EVENT: Kind = Kind::new(Shape::Struct(&s::EPOLL_EVENT));
const OPEN_HOW: Kind = Kind::new(Shape::Struct(&s::OPEN_HOW));
const OPEN: Kind = bits(&fs::OPEN);
const PIPE_FDS: Kind = Kind::new(Shape::Inline(&FD, 2));
/// O_CREAT or __O_TMPFILE.
const CREATES: u64 = 0o20_000_100;

/// The third argument of fcntl, by command.
const FCNTL_ARG: &[(u64, Kind)] = &[
    (0, INT),
    (1030, INT),
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
    (12, output(&FLOCK64)),
    (13, input(&FLOCK64)),
    (14, input(&FLOCK64)),
    (15, input(&OWNER)),
    (16, output(&OWNER)),
    (36, output(&FLOCK_OUT)),
    (37, input(&FLOCK)),
    (38, input(&FLOCK)),
    (1024, bits(&fs::LOCK_TYPE)),
    (1025, ABSENT),
    (1026, bits(&fs::NOTIFY)),
    (1031, INT),
    (1032, ABSENT),
    (1033, bits(&fs::SEALS)),
    (1034, ABSENT),
];
/// What fcntl returns, by command.
const FCNTL_RET: &[(u64, Kind)] = &[
    (0, FD),
    (1030, FD),
    (1, flags_note(&fs::FD_FLAGS)),
    (3, flags_note(&fs::OPEN)),
    (1034, flags_note(&fs::SEALS)),
    (11, SIGNO),
    (1025, bits(&fs::LOCK_TYPE)),
];

crate::signatures! {
    /// The family's rows.
    TABLE:
    read(fd: FD, buf: out_bytes(RET), count: SIZE) -> SIZE;
    write(fd: FD, buf: in_bytes(of(count)), count: SIZE) -> SIZE;
    open(pathname: PATH, flags: OPEN, mode: MODE.when(flags, CREATES)) -> FD;
    openat(dirfd: DIRFD, pathname: PATH, flags: OPEN, mode: MODE.when(flags, CREATES)) -> FD;
    openat2(dirfd: DIRFD, pathname: PATH, how: input(&OPEN_HOW), size: SIZE) -> FD;
    creat(pathname: PATH, mode: MODE) -> FD;
    close(fd: FD) -> INT;
    close_range(first: UINT, last: UINT, flags: bits(&fs::CLOSE_RANGE)) -> INT;
    stat(pathname: PATH, statbuf: output(&STAT)) -> INT;
    lstat(pathname: PATH, statbuf: output(&STAT)) -> INT;
    fstat(fd: FD, statbuf: output(&STAT)) -> INT;
    newfstatat(dirfd: DIRFD, pathname: PATH, statbuf: output(&STAT), flags: bits(&fs::AT)) -> INT;
    statx(dirfd: DIRFD, pathname: PATH, flags: bits(&fs::AT_STATX), mask: bits(&fs::STATX_MASK), statxbuf: output(&STATX)) -> INT;
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
    pipe(pipefd: output(&PIPE_FDS)) -> INT;
    pipe2(pipefd: output(&PIPE_FDS), flags: bits(&fs::OPEN_FLAGS)) -> INT;
    fcntl(fd: FD, cmd: bits(&fs::FCNTL), arg: by(cmd, FCNTL_ARG, &HEXLONG)) -> by(cmd, FCNTL_RET, &INT);
    flock(fd: FD, operation: bits(&fs::FLOCK)) -> INT;
    fsync(fd: FD) -> INT;
    fdatasync(fd: FD) -> INT;
    sync() -> INT;
    syncfs(fd: FD) -> INT;
    sync_file_range(fd: FD, offset: LOFF, nbytes: LOFF, flags: bits(&io::SYNC_FILE_RANGE)) -> INT;
    truncate(path: PATH, length: LONG) -> INT;
    ftruncate(fd: FD, length: LONG) -> INT;
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
    mknod(pathname: PATH, mode: FILEMODE, dev: DEV.when_in(mode, 0o170_000, &[0o020_000, 0o060_000])) -> INT;
    mknodat(dirfd: DIRFD, pathname: PATH, mode: FILEMODE, dev: DEV.when_in(mode, 0o170_000, &[0o020_000, 0o060_000])) -> INT;
    readv(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG) -> SIZE;
    writev(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG) -> SIZE;
    pread64(fd: FD, buf: out_bytes(RET), count: SIZE, offset: LOFF) -> SIZE;
    pwrite64(fd: FD, buf: in_bytes(of(count)), count: SIZE, offset: LOFF) -> SIZE;
    preadv(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LONG) -> SIZE;
    pwritev(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LONG) -> SIZE;
    preadv2(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LONG, pos_h: ABSENT, flags: bits(&io::RWF)) -> SIZE;
    pwritev2(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LONG, pos_h: ABSENT, flags: bits(&io::RWF)) -> SIZE;
    sendfile(out_fd: FD, in_fd: FD, offset: inout(&I64), count: SIZE) -> SIZE;
    copy_file_range(fd_in: FD, off_in: inout(&I64), fd_out: FD, off_out: inout(&I64), len: SIZE, flags: HEX) -> SIZE;
    splice(fd_in: FD, off_in: inout(&I64), fd_out: FD, off_out: inout(&I64), len: SIZE, flags: bits(&io::SPLICE)) -> SIZE;
    tee(fd_in: FD, fd_out: FD, len: SIZE, flags: bits(&io::SPLICE)) -> SIZE;
    vmsplice(fd: FD, iov: in_iovec(nr_segs), nr_segs: ULONG, flags: bits(&io::SPLICE)) -> SIZE;
    ioctl(fd: FD, request: custom(Custom::IoctlCommand), argp: custom(Custom::IoctlArg)) -> INT;
    poll(fds: custom(Custom::PollFds(nfds)), nfds: UINT, timeout: INT) -> custom(Custom::PollReturn);
    ppoll(fds: custom(Custom::PollFds(nfds)), nfds: UINT, tmo_p: input(&TS), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> custom(Custom::PollReturn);
    select(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TV)) -> custom(Custom::SelectReturn);
    pselect6(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TS), sigmask: custom(Custom::PselectMask)) -> custom(Custom::SelectReturn);
    epoll_create(size: INT) -> FD;
    epoll_create1(flags: bits(&io::EPOLL_CREATE)) -> FD;
    epoll_ctl(epfd: FD, op: bits(&io::EPOLL_CTL), fd: FD, event: by(op, &[(2, ADDR)], &input(&EPOLL_EVENT))) -> INT;
    epoll_wait(epfd: FD, events: out_array(&EPOLL_EVENT, RET), maxevents: INT, timeout: INT) -> INT;
    epoll_pwait(epfd: FD, events: out_array(&EPOLL_EVENT, RET), maxevents: INT, timeout: INT, sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    epoll_pwait2(epfd: FD, events: out_array(&EPOLL_EVENT, RET), maxevents: INT, timeout: input(&TS64), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    eventfd(initval: UINT) -> FD;
    eventfd2(initval: UINT, flags: bits(&io::EVENTFD)) -> FD;
    inotify_init() -> FD;
    inotify_init1(flags: bits(&io::INOTIFY_INIT)) -> FD;
    inotify_add_watch(fd: FD, pathname: PATH, mask: bits(&io::INOTIFY_MASK)) -> INT;
    inotify_rm_watch(fd: FD, wd: INT) -> INT;
    fanotify_init(flags: HEX, event_f_flags: OPEN) -> FD;
    fanotify_mark(fanotify_fd: FD, flags: bits(&io::FANOTIFY_MARK), mask: WIDEHEX, dirfd: DIRFD, pathname: PATH) -> INT;
    setxattr(path: PATH, name: STR, value: in_bytes(of(size)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    lsetxattr(path: PATH, name: STR, value: in_bytes(of(size)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    fsetxattr(fd: FD, name: STR, value: in_bytes(of(size)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    getxattr(path: PATH, name: STR, value: out_bytes(RET), size: SIZE) -> INT;
    lgetxattr(path: PATH, name: STR, value: out_bytes(RET), size: SIZE) -> INT;
    fgetxattr(fd: FD, name: STR, value: out_bytes(RET), size: SIZE) -> INT;
    listxattr(path: PATH, list: out_bytes(RET), size: SIZE) -> INT;
    llistxattr(path: PATH, list: out_bytes(RET), size: SIZE) -> INT;
    flistxattr(fd: FD, list: out_bytes(RET), size: SIZE) -> INT;
    removexattr(path: PATH, name: STR) -> INT;
    lremovexattr(path: PATH, name: STR) -> INT;
    fremovexattr(fd: FD, name: STR) -> INT;
    setxattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR, args: ADDR, size: SIZE) -> INT;
    getxattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR, args: ADDR, size: SIZE) -> INT;
    listxattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), list: out_bytes(RET), size: SIZE) -> INT;
    removexattrat(dirfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR) -> INT;
    file_getattr(dirfd: DIRFD, pathname: PATH, attr: ADDR, size: SIZE, at_flags: bits(&fs::AT)) -> INT;
    file_setattr(dirfd: DIRFD, pathname: PATH, attr: ADDR, size: SIZE, at_flags: bits(&fs::AT)) -> INT;
    name_to_handle_at(dirfd: DIRFD, pathname: PATH, handle: ADDR, mount_id: ADDR, flags: bits(&fs::AT_HANDLE)) -> INT;
    open_by_handle_at(mount_fd: DIRFD, handle: ADDR, flags: OPEN) -> FD;
    mount(source: PATH, target: PATH, filesystemtype: STR, mountflags: longbits(&mount::MOUNT), data: STR) -> INT;
    umount2(target: PATH, flags: bits(&mount::UMOUNT)) -> INT;
    pivot_root(new_root: PATH, put_old: PATH) -> INT;
    fsopen(fs_name: STR, flags: bits(&mount::FSOPEN)) -> FD;
    fsconfig(fd: FD, cmd: bits(&mount::FSCONFIG), key: STR, value: ADDR, aux: INT) -> INT;
    fsmount(fs_fd: FD, flags: bits(&mount::FSMOUNT), attr_flags: bits(&mount::MOUNT_ATTR)) -> FD;
    fspick(dirfd: DIRFD, path: PATH, flags: bits(&mount::FSPICK)) -> FD;
    open_tree(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::OPEN_TREE)) -> FD;
    open_tree_attr(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::OPEN_TREE), attr: ADDR, size: SIZE) -> FD;
    move_mount(from_dirfd: DIRFD, from_pathname: PATH, to_dirfd: DIRFD, to_pathname: PATH, flags: bits(&mount::MOVE_MOUNT)) -> INT;
    mount_setattr(dirfd: DIRFD, pathname: PATH, flags: HEX, attr: ADDR, size: SIZE) -> INT;
    statmount(req: ADDR, buf: ADDR, bufsize: SIZE, flags: HEX) -> INT;
    listmount(req: ADDR, mnt_ids: ADDR, nr_mnt_ids: SIZE, flags: HEX) -> INT;
    swapon(path: PATH, swapflags: bits(&mount::SWAP)) -> INT;
    swapoff(path: PATH) -> INT;
    quotactl(cmd: HEX, special: PATH, id: UINT, addr: ADDR) -> INT;
    quotactl_fd(fd: FD, cmd: HEX, id: UINT, addr: ADDR) -> INT;
    io_setup(nr_events: UINT, ctx_idp: ADDR) -> INT;
    io_destroy(ctx_id: HEXLONG) -> INT;
    io_submit(ctx_id: HEXLONG, nr: LONG, iocbpp: ADDR) -> INT;
    io_cancel(ctx_id: HEXLONG, iocb: ADDR, result: ADDR) -> INT;
    io_getevents(ctx_id: HEXLONG, min_nr: LONG, nr: LONG, events: ADDR, timeout: input(&TS)) -> INT;
    io_pgetevents(ctx_id: HEXLONG, min_nr: LONG, nr: LONG, events: ADDR, timeout: input(&TS), usig: ADDR) -> INT;
    io_uring_setup(entries: UINT, params: ADDR) -> FD;
    io_uring_enter(fd: FD, to_submit: UINT, min_complete: UINT, flags: bits(&io::IO_URING_ENTER), sig: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    io_uring_register(fd: FD, opcode: bits(&io::IO_URING_REGISTER), arg: ADDR, nr_args: UINT) -> INT;
    lookup_dcookie(cookie: WIDE, buf: out_bytes(RET), len: SIZE) -> INT;
    sysfs(option: INT, arg1: HEXLONG, arg2: HEXLONG) -> INT;
    acct(filename: PATH) -> INT;
    getrandom(buf: custom(Custom::HexBytes(Dir::Out, Len::Ret)), buflen: SIZE, flags: bits(&misc::GETRANDOM)) -> SIZE;
    cachestat(fd: FD, cstat_range: ADDR, cstat: ADDR, flags: HEX) -> INT;
}
crate::signatures! {
    /// Rows of i386 alone.
    I386:
    stat(pathname: PATH, statbuf: ADDR) -> INT;
    lstat(pathname: PATH, statbuf: ADDR) -> INT;
    fstat(fd: FD, statbuf: ADDR) -> INT;
    oldstat(pathname: PATH, statbuf: ADDR) -> INT;
    oldlstat(pathname: PATH, statbuf: ADDR) -> INT;
    oldfstat(fd: FD, statbuf: ADDR) -> INT;
    stat64(pathname: PATH, statbuf: output(&STAT64)) -> INT;
    lstat64(pathname: PATH, statbuf: output(&STAT64)) -> INT;
    fstat64(fd: FD, statbuf: output(&STAT64)) -> INT;
    fstatat64(dirfd: DIRFD, pathname: PATH, statbuf: output(&STAT64), flags: bits(&fs::AT)) -> INT;
    statfs64(path: PATH, size: SIZE, buf: ADDR) -> INT;
    fstatfs64(fd: FD, size: SIZE, buf: ADDR) -> INT;
    _llseek(fd: FD, offset_high: custom(Custom::HighHalf(offset_low)), offset_low: ABSENT, result: output(&I64), whence: bits(&fs::SEEK)) -> INT;
    fcntl64(fd: FD, cmd: bits(&fs::FCNTL), arg: by(cmd, FCNTL_ARG, &HEXLONG)) -> by(cmd, FCNTL_RET, &INT);
    truncate64(path: PATH, length: LOFF) -> INT;
    ftruncate64(fd: FD, length: LOFF) -> INT;
    sendfile(out_fd: FD, in_fd: FD, offset: inout(&INT), count: SIZE) -> SIZE;
    sendfile64(out_fd: FD, in_fd: FD, offset: inout(&I64), count: SIZE) -> SIZE;
    fadvise64_64(fd: FD, offset: LOFF, len: LOFF, advice: bits(&fs::FADVISE)) -> INT;
    readdir(fd: FD, dirp: ADDR, count: UINT) -> INT;
    umount(target: PATH) -> INT;
    select(args: ADDR) -> custom(Custom::PollReturn);
    _newselect(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TV)) -> custom(Custom::SelectReturn);
    ppoll_time64(fds: custom(Custom::PollFds(nfds)), nfds: UINT, tmo_p: input(&TS64), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> custom(Custom::PollReturn);
    pselect6_time64(nfds: INT, readfds: Kind::new(Shape::FdSet(nfds)), writefds: Kind::new(Shape::FdSet(nfds)), exceptfds: Kind::new(Shape::FdSet(nfds)), timeout: input(&TS64), sigmask: custom(Custom::PselectMask)) -> custom(Custom::PollReturn);
    io_pgetevents_time64(ctx_id: HEXLONG, min_nr: LONG, nr: LONG, events: ADDR, timeout: input(&TS64), usig: ADDR) -> INT;
    chown32(pathname: PATH, owner: ID, group: ID) -> INT;
    lchown32(pathname: PATH, owner: ID, group: ID) -> INT;
    fchown32(fd: FD, owner: ID, group: ID) -> INT;
    chown(pathname: PATH, owner: ID16, group: ID16) -> INT;
    lchown(pathname: PATH, owner: ID16, group: ID16) -> INT;
    fchown(fd: FD, owner: ID16, group: ID16) -> INT;
}
