//! Every syscall of the process, signal, time, IPC and other families has a signature on x86_64 and i386.
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::model::{Kind, Scope, Shape};
use syscall_tables::signatures::{ipc, misc, named, process, signal, time};

/// What belongs to other families: files, descriptors, sockets, mounts, memory, quota, swap, io_uring.
const ELSEWHERE: &str = "
read write open close stat fstat lstat poll lseek mmap mprotect munmap brk ioctl pread64 pwrite64 readv writev access
pipe select mremap msync mincore madvise dup dup2 sendfile socket connect accept sendto recvfrom sendmsg recvmsg
shutdown bind listen getsockname getpeername socketpair setsockopt getsockopt fcntl flock fsync fdatasync truncate
ftruncate getdents getcwd chdir fchdir rename mkdir rmdir creat link unlink symlink readlink chmod fchmod chown fchown
lchown umask mknod ustat statfs fstatfs mlock munlock mlockall munlockall pivot_root chroot sync mount umount2 umount
swapon swapoff quotactl readahead setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr
flistxattr removexattr lremovexattr fremovexattr io_setup io_destroy io_getevents io_submit io_cancel epoll_create
epoll_ctl_old epoll_wait_old remap_file_pages getdents64 fadvise64 epoll_wait epoll_ctl mbind set_mempolicy
get_mempolicy inotify_init inotify_add_watch inotify_rm_watch migrate_pages openat mkdirat mknodat fchownat newfstatat
unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 ppoll splice tee sync_file_range vmsplice
move_pages epoll_pwait eventfd fallocate accept4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev
recvmmsg fanotify_init fanotify_mark name_to_handle_at open_by_handle_at syncfs sendmmsg renameat2 memfd_create
userfaultfd mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free statx io_pgetevents
io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick close_range openat2
faccessat2 process_madvise epoll_pwait2 mount_setattr quotactl_fd memfd_secret set_mempolicy_home_node cachestat
fchmodat2 map_shadow_stack statmount listmount mseal setxattrat getxattrat listxattrat removexattrat open_tree_attr
file_getattr file_setattr
oldstat oldfstat oldlstat readdir socketcall _llseek _newselect mmap2 truncate64 ftruncate64 stat64 lstat64 fstat64
lchown32 fchown32 chown32 fcntl64 sendfile64 fadvise64_64 statfs64 fstatfs64 fstatat64 pselect6_time64 ppoll_time64
io_pgetevents_time64 recvmmsg_time64";

const OWN: [&[syscall_tables::model::Signature]; 10] = [
    process::TABLE,
    process::I386,
    signal::TABLE,
    signal::I386,
    time::TABLE,
    time::I386,
    ipc::TABLE,
    ipc::I386,
    misc::TABLE,
    misc::I386,
];

#[test]
fn every_name_has_a_row() {
    let elsewhere: Vec<_> = ELSEWHERE.split_whitespace().collect();
    for abi in [Abi::X86_64, Abi::I386] {
        let own: Vec<_> =
            numbers::names(abi).map(|(_, name)| name).filter(|name| !elsewhere.contains(name)).collect();
        let missing: Vec<_> = own.iter().filter(|name| named(abi, name).is_none()).collect();
        println!("{abi}: {} rows", own.len());
        assert!(missing.is_empty(), "{abi}: {missing:?}");
    }
}

#[test]
fn every_row_has_a_number() {
    for signature in OWN.into_iter().flatten() {
        let found = Abi::ALL.iter().any(|&abi| numbers::names(abi).any(|(_, name)| name == signature.name));
        assert!(found, "{}", signature.name);
    }
}

fn check(kind: &Kind, arity: usize, name: &str) {
    let inside = |sibling: syscall_tables::model::Sibling| {
        assert!(sibling.scope == Scope::Member || (sibling.index as usize) < arity, "{name}: {sibling:?}");
    };
    match kind.shape {
        Shape::By(sibling, cases, other) | Shape::ByMasked(sibling, _, cases, other) => {
            inside(sibling);
            let mut values: Vec<_> = cases.iter().map(|case| case.0).collect();
            values.dedup();
            assert!(values.is_sorted() && values.len() == cases.len(), "{name}: cases not in order");
            cases.iter().for_each(|case| check(&case.1, arity, name));
            check(other, arity, name);
        }
        Shape::Pointer(_, inner) => check(inner, arity, name),
        _ => {}
    }
}

#[test]
fn siblings_are_arguments() {
    for signature in OWN.into_iter().flatten() {
        for arg in signature.args {
            check(&arg.kind, signature.args.len(), signature.name);
        }
        check(&signature.ret, signature.args.len(), signature.name);
    }
}

#[test]
fn struct_sizes_are_the_kernels() {
    use syscall_tables::layout::size_of;
    use syscall_tables::structs::{ipc, misc, process, time};
    let (wide, narrow) = (Abi::X86_64.data_model(), Abi::I386.data_model());
    for (strukt, on_wide, on_narrow) in [
        (&time::TIMEX, 208, 128),
        (&time::TIMEX64, 208, 208),
        (&time::ITIMERSPEC64, 32, 32),
        (&process::RUSAGE, 144, 72),
        (&process::SCHED_ATTR, 56, 56),
        (&process::UTSNAME, 390, 390),
        (&process::SYSINFO, 112, 56),
        (&process::USER_REGS, 216, 108),
        (&ipc::PERM, 48, 36),
        (&ipc::SEMBUF, 6, 6),
        (&ipc::SEMINFO, 40, 40),
        (&ipc::MSGINFO, 32, 32),
        (&ipc::FUTEX_WAITV, 24, 24),
        (&ipc::MQ_ATTR, 32, 16),
        (&misc::LANDLOCK_PATH_BENEATH, 12, 12),
        (&misc::KEXEC_SEGMENT, 32, 16),
    ] {
        assert_eq!((size_of(strukt, wide), size_of(strukt, narrow)), (on_wide, on_narrow), "{}", strukt.name);
    }
    assert_eq!(size_of(&ipc::SHMID, wide), 112);
    assert_eq!(size_of(&ipc::SHMID_I386, narrow), 84);
    assert_eq!(size_of(&ipc::SEMID, wide), 104);
    assert_eq!(size_of(&ipc::SEMID, narrow), 64);
    assert_eq!(size_of(&ipc::MSQID, wide), 120);
    assert_eq!(size_of(&ipc::MSQID_I386, narrow), 88);
    assert_eq!(size_of(&process::USER_REGS_I386, narrow), 68);
}
