//! Files, directories, descriptors, waiting, asynchronous I/O, mounting.

use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Shape, Width};
use crate::sets::{fs, io, mount};
use crate::structs::fs as s;
use crate::structs::time::{TS, TS64, TV};

const STAT: Kind = Kind::new(Shape::Struct(&s::STAT));
const STAT_I386: Kind = Kind::new(Shape::Struct(&s::STAT_I386));
const OLD_STAT: Kind = Kind::new(Shape::Struct(&s::OLD_STAT));
const STATFS: Kind = Kind::new(Shape::Struct(&s::STATFS));
const STATFS64: Kind = Kind::new(Shape::Struct(&s::STATFS64));
const STATX: Kind = Kind::new(Shape::Struct(&s::STATX));
const FLOCK: Kind = Kind::new(Shape::Struct(&s::FLOCK));
const FLOCK_GET: Kind = Kind::new(Shape::Struct(&s::FLOCK_GET));
const FLOCK64: Kind = Kind::new(Shape::Struct(&s::FLOCK64));
const FLOCK64_GET: Kind = Kind::new(Shape::Struct(&s::FLOCK64_GET));
const IO_EVENT: Kind = Kind::new(Shape::Struct(&s::IO_EVENT));
const IOVEC: Kind = Kind::new(Shape::Struct(&s::IOVEC));
const UTIMBUF: Kind = Kind::new(Shape::Struct(&s::UTIMBUF));
const STAT64: Kind = Kind::new(Shape::Struct(&s::STAT64_I386));
const OWNER: Kind = Kind::new(Shape::Struct(&s::F_OWNER_EX));
const HOW: Kind = Kind::new(Shape::Struct(&s::OPEN_HOW));
const EVENT: Kind = Kind::new(Shape::Struct(&s::EPOLL_EVENT));
const ATTR: Kind = Kind::new(Shape::Struct(&s::MOUNT_ATTR));
const URING: Kind = Kind::new(Shape::Struct(&s::IO_URING_PARAMS));
const IOCB: Kind = custom(Custom::Iocb);
const UMODE: Kind = Kind::new(Shape::Mode(Width::W16));

macro_rules! fdset {
    ($nfds:expr) => {
        Kind::new(Shape::FdSet($nfds))
    };
}
macro_rules! fcntl {
    ($cmd:expr, $set:expr, $get:expr, $set64:expr, $get64:expr) => {
        by(
            $cmd,
            &[
                (0, INT),
                (1, ABSENT),
                (2, bits(&fs::FD_FLAGS)),
                (3, ABSENT),
                (4, bits(&fs::OPEN)),
                (5, output(&$get)),
                (6, input(&$set)),
                (7, input(&$set)),
                (8, INT),
                (9, ABSENT),
                (10, SIGNO),
                (11, ABSENT),
                (12, $get64),
                (13, $set64),
                (14, $set64),
                (15, input(&OWNER)),
                (16, output(&OWNER)),
                (36, output(&FLOCK64_GET)),
                (37, input(&FLOCK64)),
                (38, input(&FLOCK64)),
                (1024, value(&fs::LOCK_TYPE)),
                (1025, ABSENT),
                (1026, longbits(&fs::NOTIFY)),
                (1030, INT),
                (1031, INT),
                (1032, ABSENT),
                (1033, bits(&fs::SEALS)),
                (1034, ABSENT),
            ],
            &HEXLONG,
        )
    };
}
macro_rules! fcntl_return {
    ($cmd:expr) => {
        by(
            $cmd,
            &[
                (0, FD),
                (1, flags_note(&fs::FD_FLAGS)),
                (3, flags_note(&fs::OPEN)),
                (1025, Kind::new(Shape::SetNote(&fs::LOCK_TYPE, ""))),
                (1030, FD),
                (1034, Kind::new(Shape::SetNote(&fs::SEALS, "seals "))),
            ],
            &INT,
        )
    };
}
/// An argument of mount that some flags make the kernel ignore.
macro_rules! ignored {
    ($flags:expr, $bits:expr, $kind:expr) => {
        by_masked($flags, $bits, &[(0, $kind)], &ADDR)
    };
}
macro_rules! quota_id {
    ($cmd:expr) => {
        by_masked(
            $cmd,
            0xffff_ff00,
            &[
                (0x80000100, ABSENT),
                (0x80000300, ABSENT),
                (0x80000400, ABSENT),
                (0x80000500, ABSENT),
                (0x80000600, ABSENT),
                (0x580100, ABSENT),
                (0x580200, ABSENT),
                (0x580500, ABSENT),
                (0x580600, ABSENT),
                (0x580700, ABSENT),
                (0x580800, ABSENT),
                (0x80000200, value(&mount::QUOTA_FORMAT)),
            ],
            &UINT,
        )
    };
}
macro_rules! quota_addr {
    ($cmd:expr) => {
        by_masked(
            $cmd,
            0xffff_ff00,
            &[(0x80000100, ABSENT), (0x80000300, ABSENT), (0x580700, ABSENT), (0x80000200, PATH)],
            &ADDR,
        )
    };
}

crate::signatures! {
    /// The family's rows.
    TABLE:
    access(pathname: PATH, mode: bits(&fs::ACCESS)) -> INT;
    faccessat(dirfd: DIRFD, pathname: PATH, mode: bits(&fs::ACCESS)) -> INT;
    faccessat2(dirfd: DIRFD, pathname: PATH, mode: bits(&fs::ACCESS), flags: bits(&fs::AT_FACCESSAT)) -> INT;
    open(pathname: PATH, flags: bits(&fs::OPEN), mode: UMODE.when(flags, 0x40_0040)) -> FD;
    openat(dirfd: DIRFD, pathname: PATH, flags: bits(&fs::OPEN), mode: UMODE.when(flags, 0x40_0040)) -> FD;
    openat2(dirfd: DIRFD, pathname: PATH, how: input(&HOW), size: SIZE) -> FD;
    creat(pathname: PATH, mode: UMODE) -> FD;
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
    read(fd: FD, buf: out_bytes(RET), count: SIZE) -> SIZE;
    write(fd: FD, buf: in_bytes(of(count)), count: SIZE) -> SIZE;
    pread64(fd: FD, buf: out_bytes(RET), count: SIZE, offset: LOFF) -> SIZE;
    pwrite64(fd: FD, buf: in_bytes(of(count)), count: SIZE, offset: LOFF) -> SIZE;
    readv(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG) -> SIZE;
    writev(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG) -> SIZE;
    preadv(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LOFF) -> SIZE;
    pwritev(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LOFF) -> SIZE;
    preadv2(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LOFF, _offset_high: ABSENT, flags: bits(&io::RWF)) -> SIZE;
    pwritev2(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LOFF, _offset_high: ABSENT, flags: bits(&io::RWF)) -> SIZE;
    lseek(fd: FD, offset: OFF, whence: value(&fs::SEEK)) -> OFF;
    mknod(pathname: PATH, mode: FILEMODE16, dev: by_masked(mode, 0xf000, &[(0x2000, DEV), (0x6000, DEV)], &ABSENT)) -> INT;
    mknodat(dirfd: DIRFD, pathname: PATH, mode: FILEMODE16, dev: by_masked(mode, 0xf000, &[(0x2000, DEV), (0x6000, DEV)], &ABSENT)) -> INT;
    mkdir(pathname: PATH, mode: UMODE) -> INT;
    mkdirat(dirfd: DIRFD, pathname: PATH, mode: UMODE) -> INT;
    rmdir(pathname: PATH) -> INT;
    unlink(pathname: PATH) -> INT;
    unlinkat(dirfd: DIRFD, pathname: PATH, flags: bits(&fs::AT)) -> INT;
    link(oldpath: PATH, newpath: PATH) -> INT;
    linkat(olddirfd: DIRFD, oldpath: PATH, newdirfd: DIRFD, newpath: PATH, flags: bits(&fs::AT)) -> INT;
    symlink(target: PATH, linkpath: PATH) -> INT;
    symlinkat(target: PATH, newdirfd: DIRFD, linkpath: PATH) -> INT;
    rename(oldpath: PATH, newpath: PATH) -> INT;
    renameat(olddirfd: DIRFD, oldpath: PATH, newdirfd: DIRFD, newpath: PATH) -> INT;
    renameat2(olddirfd: DIRFD, oldpath: PATH, newdirfd: DIRFD, newpath: PATH, flags: bits(&fs::RENAME)) -> INT;
    readlink(pathname: PATH, buf: out_bytes(RET), bufsiz: SIZE) -> SIZE;
    readlinkat(dirfd: DIRFD, pathname: PATH, buf: out_bytes(RET), bufsiz: SIZE) -> SIZE;
    chmod(pathname: PATH, mode: UMODE) -> INT;
    fchmod(fd: FD, mode: UMODE) -> INT;
    fchmodat(dirfd: DIRFD, pathname: PATH, mode: UMODE) -> INT;
    fchmodat2(dirfd: DIRFD, pathname: PATH, mode: UMODE, flags: bits(&fs::AT)) -> INT;
    chown(pathname: PATH, owner: ID, group: ID) -> INT;
    lchown(pathname: PATH, owner: ID, group: ID) -> INT;
    fchown(fd: FD, owner: ID, group: ID) -> INT;
    fchownat(dirfd: DIRFD, pathname: PATH, owner: ID, group: ID, flags: bits(&fs::AT)) -> INT;
    umask(mask: UMODE) -> Kind::new(Shape::Number(Width::W32, false, crate::set::Base::Oct));
    truncate(path: PATH, length: ULONG) -> INT;
    ftruncate(fd: FD, length: ULONG) -> INT;
    getcwd(buf: custom(Custom::PathOut), size: SIZE) -> LONG;
    chdir(path: PATH) -> INT;
    fchdir(fd: FD) -> INT;
    chroot(path: PATH) -> INT;
    pivot_root(new_root: PATH, put_old: PATH) -> INT;
    utime(filename: PATH, times: input(&UTIMBUF)) -> INT;
    utimes(filename: PATH, times: in_array(&TV, fixed(2))) -> INT;
    futimesat(dirfd: DIRFD, pathname: PATH, times: in_array(&TV, fixed(2))) -> INT;
    utimensat(dirfd: DIRFD, pathname: PATH, times: custom(Custom::UtimeSpecs), flags: bits(&fs::AT)) -> INT;
    getdents(fd: FD, dirp: custom(Custom::Dirents), count: UINT) -> INT;
    getdents64(fd: FD, dirp: custom(Custom::Dirents64), count: UINT) -> INT;
    dup(oldfd: FD) -> FD;
    dup2(oldfd: FD, newfd: FD) -> FD;
    dup3(oldfd: FD, newfd: FD, flags: bits(&fs::OPEN_FLAGS)) -> FD;
    pipe(pipefd: out_array(&FD, fixed(2))) -> INT;
    pipe2(pipefd: out_array(&FD, fixed(2)), flags: bits(&fs::OPEN_FLAGS)) -> INT;
    fcntl(fd: FD, cmd: value(&fs::FCNTL), arg: fcntl!(cmd, FLOCK, FLOCK_GET, ADDR, ADDR)) -> fcntl_return!(cmd);
    ioctl(fd: FD, request: custom(Custom::IoctlCommand), argp: custom(Custom::IoctlArg)) -> INT;
    flock(fd: FD, operation: bits(&fs::FLOCK)) -> INT;
    fsync(fd: FD) -> INT;
    fdatasync(fd: FD) -> INT;
    sync() -> INT;
    syncfs(fd: FD) -> INT;
    sync_file_range(fd: FD, offset: LOFF, nbytes: LOFF, flags: bits(&io::SYNC_FILE_RANGE)) -> INT;
    fallocate(fd: FD, mode: bits(&fs::FALLOCATE), offset: LOFF, len: LOFF) -> INT;
    fadvise64(fd: FD, offset: LOFF, len: SIZE, advice: value(&fs::FADVISE)) -> INT;
    readahead(fd: FD, offset: LOFF, count: SIZE) -> SIZE;
    setxattr(path: PATH, name: STR, value: in_bytes(of(size)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    lsetxattr(path: PATH, name: STR, value: in_bytes(of(size)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    fsetxattr(fd: FD, name: STR, value: in_bytes(of(size)), size: SIZE, flags: bits(&fs::XATTR)) -> INT;
    getxattr(path: PATH, name: STR, value: by(size, &[(0, ADDR)], &out_bytes(RET)), size: SIZE) -> SIZE;
    lgetxattr(path: PATH, name: STR, value: by(size, &[(0, ADDR)], &out_bytes(RET)), size: SIZE) -> SIZE;
    fgetxattr(fd: FD, name: STR, value: by(size, &[(0, ADDR)], &out_bytes(RET)), size: SIZE) -> SIZE;
    listxattr(path: PATH, list: by(size, &[(0, ADDR)], &out_bytes(RET)), size: SIZE) -> SIZE;
    llistxattr(path: PATH, list: by(size, &[(0, ADDR)], &out_bytes(RET)), size: SIZE) -> SIZE;
    flistxattr(fd: FD, list: by(size, &[(0, ADDR)], &out_bytes(RET)), size: SIZE) -> SIZE;
    removexattr(path: PATH, name: STR) -> INT;
    lremovexattr(path: PATH, name: STR) -> INT;
    fremovexattr(fd: FD, name: STR) -> INT;
    setxattrat(dfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR, uargs: ADDR, usize: SIZE) -> INT;
    getxattrat(dfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR, uargs: ADDR, usize: SIZE) -> SIZE;
    listxattrat(dfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), list: by(size, &[(0, ADDR)], &out_bytes(RET)), size: SIZE) -> SIZE;
    removexattrat(dfd: DIRFD, pathname: PATH, at_flags: bits(&fs::AT), name: STR) -> INT;
    file_getattr(dfd: DIRFD, pathname: PATH, ufattr: ADDR, usize: SIZE, at_flags: bits(&fs::AT)) -> INT;
    file_setattr(dfd: DIRFD, pathname: PATH, ufattr: ADDR, usize: SIZE, at_flags: bits(&fs::AT)) -> INT;
    poll(fds: custom(Custom::PollFds(nfds)), nfds: UINT, timeout: INT) -> custom(Custom::PollReturn);
    ppoll(fds: custom(Custom::PollFds(nfds)), nfds: UINT, tmo_p: input(&TS), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> custom(Custom::PollReturn);
    select(nfds: INT, readfds: fdset!(nfds), writefds: fdset!(nfds), exceptfds: fdset!(nfds), timeout: input(&TV)) -> custom(Custom::SelectReturn);
    pselect6(nfds: INT, readfds: fdset!(nfds), writefds: fdset!(nfds), exceptfds: fdset!(nfds), timeout: input(&TS), sigmask: custom(Custom::PselectMask)) -> custom(Custom::SelectReturn);
    epoll_create(size: INT) -> FD;
    epoll_create1(flags: bits(&io::EPOLL_CREATE)) -> FD;
    epoll_ctl(epfd: FD, op: value(&io::EPOLL_CTL), fd: FD, event: by(op, &[(2, ADDR)], &input(&EVENT))) -> INT;
    epoll_wait(epfd: FD, events: out_array(&EVENT, RET), maxevents: INT, timeout: INT) -> INT;
    epoll_pwait(epfd: FD, events: out_array(&EVENT, RET), maxevents: INT, timeout: INT, sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    epoll_pwait2(epfd: FD, events: out_array(&EVENT, RET), maxevents: INT, timeout: input(&TS64), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> INT;
    epoll_ctl_old(epfd: HEXLONG, op: HEXLONG, fd: HEXLONG, event: HEXLONG) -> INT;
    epoll_wait_old(epfd: HEXLONG, events: HEXLONG, maxevents: HEXLONG, timeout: HEXLONG) -> INT;
    eventfd(initval: UINT) -> FD;
    eventfd2(initval: UINT, flags: bits(&io::EVENTFD)) -> FD;
    inotify_init() -> FD;
    inotify_init1(flags: bits(&io::INOTIFY_INIT)) -> FD;
    inotify_add_watch(fd: FD, pathname: PATH, mask: bits(&io::INOTIFY_MASK)) -> INT;
    inotify_rm_watch(fd: FD, wd: INT) -> INT;
    fanotify_init(flags: bits(&io::FANOTIFY_INIT), event_f_flags: bits(&fs::OPEN)) -> FD;
    fanotify_mark(fanotify_fd: FD, flags: bits(&io::FANOTIFY_MARK), mask: bits64(&io::FANOTIFY_EVENT), dirfd: DIRFD, pathname: PATH) -> INT;
    sendfile(out_fd: FD, in_fd: FD, offset: inout(&OFF), count: SIZE) -> SIZE;
    splice(fd_in: FD, off_in: input(&I64), fd_out: FD, off_out: input(&I64), len: SIZE, flags: bits(&io::SPLICE)) -> SIZE;
    tee(fd_in: FD, fd_out: FD, len: SIZE, flags: bits(&io::SPLICE)) -> SIZE;
    vmsplice(fd: FD, iov: in_iovec(nr_segs), nr_segs: ULONG, flags: bits(&io::SPLICE)) -> SIZE;
    copy_file_range(fd_in: FD, off_in: input(&I64), fd_out: FD, off_out: input(&I64), len: SIZE, flags: UINT) -> SIZE;
    io_setup(nr_events: UINT, ctx_idp: output(&ADDR)) -> INT;
    io_destroy(ctx_id: ADDR) -> INT;
    io_submit(ctx_id: ADDR, nr: LONG, iocbpp: in_array(&IOCB, of(nr))) -> INT;
    io_cancel(ctx_id: ADDR, iocb: custom(Custom::Iocb), result: output(&IO_EVENT)) -> INT;
    io_getevents(ctx_id: ADDR, min_nr: LONG, nr: LONG, events: out_array(&IO_EVENT, RET), timeout: input(&TS)) -> INT;
    io_pgetevents(ctx_id: ADDR, min_nr: LONG, nr: LONG, events: out_array(&IO_EVENT, RET), timeout: input(&TS), usig: custom(Custom::PselectMask)) -> INT;
    io_uring_setup(entries: UINT, params: output(&URING)) -> FD;
    io_uring_enter(fd: FD, to_submit: UINT, min_complete: UINT, flags: bits(&io::IO_URING_ENTER), argp: ADDR, argsz: SIZE) -> INT;
    io_uring_register(fd: FD, opcode: value(&io::IO_URING_REGISTER), arg: by(opcode, &[(0, in_array(&IOVEC, of(nr_args))), (2, in_array(&FD, of(nr_args))), (4, in_array(&FD, fixed(1))), (7, in_array(&FD, fixed(1)))], &ADDR), nr_args: UINT) -> INT;
    mount(source: ignored!(mountflags, 0x20000, PATH), target: PATH, filesystemtype: ignored!(mountflags, 0x1e_3020, STR), mountflags: longbits(&mount::MOUNT), data: ignored!(mountflags, 0x1e_3000, STR)) -> INT;
    umount2(target: PATH, flags: bits(&mount::UMOUNT)) -> INT;
    open_tree(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::OPEN_TREE)) -> FD;
    open_tree_attr(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::OPEN_TREE), attr: input(&ATTR), size: SIZE) -> FD;
    move_mount(from_dirfd: DIRFD, from_pathname: PATH, to_dirfd: DIRFD, to_pathname: PATH, flags: bits(&mount::MOVE_MOUNT)) -> INT;
    fsopen(fsname: STR, flags: bits(&mount::FSOPEN)) -> FD;
    fsconfig(fd: FD, cmd: bits(&mount::FSCONFIG), key: by(cmd, &[(6, ADDR), (7, ADDR), (8, ADDR)], &STR), value: by(cmd, &[(1, STR), (2, in_bytes(of(aux))), (3, PATH), (4, PATH)], &ADDR), aux: by(cmd, &[(3, DIRFD), (4, DIRFD), (5, FD)], &INT)) -> INT;
    fsmount(fsfd: FD, flags: bits(&mount::FSMOUNT), attr_flags: bits(&mount::MOUNT_ATTR)) -> FD;
    fspick(dirfd: DIRFD, pathname: PATH, flags: bits(&mount::FSPICK)) -> FD;
    mount_setattr(dirfd: DIRFD, pathname: PATH, flags: bits(&fs::AT), attr: input(&ATTR), size: SIZE) -> INT;
    statmount(req: ADDR, buf: ADDR, bufsize: SIZE, flags: HEX) -> INT;
    listmount(req: ADDR, mnt_ids: ADDR, nr_mnt_ids: SIZE, flags: bits(&mount::LISTMOUNT)) -> LONG;
    quotactl(cmd: custom(Custom::QuotaCommand), special: PATH, id: quota_id!(cmd), addr: quota_addr!(cmd)) -> INT;
    quotactl_fd(fd: FD, cmd: custom(Custom::QuotaCommand), id: quota_id!(cmd), addr: quota_addr!(cmd)) -> INT;
    swapon(path: PATH, swapflags: custom(Custom::SwapFlags)) -> INT;
    swapoff(path: PATH) -> INT;
    name_to_handle_at(dirfd: DIRFD, pathname: PATH, handle: custom(Custom::FileHandle(Dir::InOut)), mount_id: output(&INT), flags: bits(&fs::AT_HANDLE)) -> INT;
    open_by_handle_at(mount_fd: FD, handle: custom(Custom::FileHandle(Dir::In)), flags: bits(&fs::OPEN)) -> FD;
    lookup_dcookie(cookie: WIDE, buffer: out_bytes(RET), len: SIZE) -> SIZE;
    uselib(library: PATH) -> INT;
    sysfs(option: HEXLONG, arg1: HEXLONG, arg2: HEXLONG) -> INT;
    vhangup() -> INT;
}

crate::signatures! {
    /// Rows of i386 alone.
    I386:
    stat(pathname: PATH, statbuf: output(&STAT_I386)) -> INT;
    lstat(pathname: PATH, statbuf: output(&STAT_I386)) -> INT;
    fstat(fd: FD, statbuf: output(&STAT_I386)) -> INT;
    oldstat(pathname: PATH, statbuf: output(&OLD_STAT)) -> INT;
    oldlstat(pathname: PATH, statbuf: output(&OLD_STAT)) -> INT;
    oldfstat(fd: FD, statbuf: output(&OLD_STAT)) -> INT;
    stat64(pathname: PATH, statbuf: output(&STAT64)) -> INT;
    lstat64(pathname: PATH, statbuf: output(&STAT64)) -> INT;
    fstat64(fd: FD, statbuf: output(&STAT64)) -> INT;
    fstatat64(dirfd: DIRFD, pathname: PATH, statbuf: output(&STAT64), flags: bits(&fs::AT)) -> INT;
    statfs64(path: PATH, sz: SIZE, buf: output(&STATFS64)) -> INT;
    fstatfs64(fd: FD, sz: SIZE, buf: output(&STATFS64)) -> INT;
    preadv2(fd: FD, iov: out_iovec(iovcnt), iovcnt: ULONG, offset: LOFF, flags: bits(&io::RWF)) -> SIZE;
    pwritev2(fd: FD, iov: in_iovec(iovcnt), iovcnt: ULONG, offset: LOFF, flags: bits(&io::RWF)) -> SIZE;
    _llseek(fd: FD, offset: Kind::new(Shape::WideHigh(true, crate::set::Base::Dec)), result: output(&I64), whence: value(&fs::SEEK)) -> INT;
    fcntl(fd: FD, cmd: value(&fs::FCNTL), arg: fcntl!(cmd, FLOCK, FLOCK_GET, input(&FLOCK64), output(&FLOCK64_GET))) -> fcntl_return!(cmd);
    fcntl64(fd: FD, cmd: value(&fs::FCNTL64), arg: fcntl!(cmd, FLOCK, FLOCK_GET, input(&FLOCK64), output(&FLOCK64_GET))) -> fcntl_return!(cmd);
    truncate64(path: PATH, length: WIDE) -> INT;
    ftruncate64(fd: FD, length: WIDE) -> INT;
    fadvise64_64(fd: FD, offset: LOFF, len: LOFF, advice: value(&fs::FADVISE)) -> INT;
    sendfile64(out_fd: FD, in_fd: FD, offset: inout(&I64), count: SIZE) -> SIZE;
    chown(pathname: PATH, owner: ID16, group: ID16) -> INT;
    lchown(pathname: PATH, owner: ID16, group: ID16) -> INT;
    fchown(fd: FD, owner: ID16, group: ID16) -> INT;
    chown32(pathname: PATH, owner: ID, group: ID) -> INT;
    lchown32(pathname: PATH, owner: ID, group: ID) -> INT;
    fchown32(fd: FD, owner: ID, group: ID) -> INT;
    readdir(fd: FD, dirp: ADDR, count: UINT.when_not(count, 1)) -> INT;
    umount(target: PATH) -> INT;
    select(args: custom(Custom::OldSelect)) -> custom(Custom::SelectReturn);
    _newselect(nfds: INT, readfds: fdset!(nfds), writefds: fdset!(nfds), exceptfds: fdset!(nfds), timeout: input(&TV)) -> custom(Custom::SelectReturn);
    ppoll_time64(fds: custom(Custom::PollFds(nfds)), nfds: UINT, tmo_p: input(&TS64), sigmask: in_sigset(of(sigsetsize)), sigsetsize: SIZE) -> custom(Custom::PollReturn);
    pselect6_time64(nfds: INT, readfds: fdset!(nfds), writefds: fdset!(nfds), exceptfds: fdset!(nfds), timeout: input(&TS64), sigmask: custom(Custom::PselectMask)) -> custom(Custom::SelectReturn);
    utimensat_time64(dirfd: DIRFD, pathname: PATH, times: custom(Custom::UtimeSpecs), flags: bits(&fs::AT)) -> INT;
    io_pgetevents_time64(ctx_id: ADDR, min_nr: LONG, nr: LONG, events: out_array(&IO_EVENT, RET), timeout: input(&TS64), usig: custom(Custom::PselectMask)) -> INT;
}
