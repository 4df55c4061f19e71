//! Every syscall of both ABIs has a signature, and every argument that is shown as a bare address or a bare
//! hexadecimal number has a reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::model::{Custom, Kind, Shape};
use syscall_tables::set::Base;
use syscall_tables::signatures;

/// Why an argument is shown by its bits alone: the reason, and `call.argument` of all that have it.
const REASONS: &[(&str, &[&str])] = &[
    (
        "an address that the call works on and reads nothing from",
        &[
            "brk.addr",
            "get_mempolicy.addr",
            "madvise.addr",
            "map_shadow_stack.addr",
            "mbind.addr",
            "mincore.addr",
            "mlock.addr",
            "mlock2.addr",
            "mmap.addr",
            "mmap2.addr",
            "mprotect.addr",
            "mremap.new_address",
            "mremap.old_address",
            "mseal.addr",
            "msync.addr",
            "munlock.addr",
            "munmap.addr",
            "pkey_mprotect.addr",
            "remap_file_pages.addr",
            "set_mempolicy_home_node.start",
            "shmat.shmaddr",
            "shmdt.shmaddr",
            "kexec_load.entry",
        ],
    ),
    ("an offset in a file, in hexadecimal as in /proc/PID/maps", &["mmap.offset"]),
    (
        "an address that the kernel keeps and writes to later",
        &[
            "clone.child_stack",
            "clone.child_tidptr",
            "clone.tls",
            "getcpu.tcache",
            "rseq.rseq",
            "set_robust_list.head",
            "set_tid_address.tidptr",
        ],
    ),
    (
        "a word that is waited on, and what it is compared with",
        &[
            "futex.uaddr",
            "futex.uaddr2",
            "futex_time64.uaddr",
            "futex_time64.uaddr2",
            "futex_wait.uaddr",
            "futex_wait.val",
            "futex_wait.mask",
            "futex_wake.uaddr",
            "futex_wake.mask",
        ],
    ),
    (
        "no flag is defined",
        &[
            "futex_requeue.flags",
            "futex_waitv.flags",
            "cachestat.flags",
            "listns.flags",
            "lsm_list_modules.flags",
            "lsm_set_self_attr.flags",
            "mseal.flags",
            "pidfd_getfd.flags",
            "pkey_alloc.flags",
            "process_madvise.flags",
            "process_mrelease.flags",
            "set_mempolicy_home_node.flags",
        ],
    ),
    ("numbers of rseq(2) that the oracle shows so, too", &["rseq.flags", "rseq.rseq_len", "rseq.sig"]),
    (
        "a handle of the kernel",
        &[
            "io_cancel.ctx_id",
            "io_destroy.ctx_id",
            "io_getevents.ctx_id",
            "io_pgetevents.ctx_id",
            "io_pgetevents_time64.ctx_id",
            "io_submit.ctx_id",
        ],
    ),
    ("the bytes of a module, which no line can hold", &["init_module.module_image"]),
    ("ports of the machine, which are known in hexadecimal", &["ioperm.from", "ioperm.num"]),
    (
        "seen only where the arguments of the call that it stands for cannot be read",
        &[
            "ipc.first",
            "ipc.second",
            "ipc.third",
            "ipc.ptr",
            "ipc.fifth",
            "mmap.args",
            "select.args",
            "socketcall.args",
        ],
    ),
    (
        "a call that Linux no longer has: the oracle shows its registers",
        &[
            "afs_syscall.arg1",
            "afs_syscall.arg2",
            "afs_syscall.arg3",
            "afs_syscall.arg4",
            "afs_syscall.arg5",
            "bdflush.data",
            "bdflush.func",
            "create_module.name",
            "create_module.size",
            "epoll_ctl_old.arg1",
            "epoll_ctl_old.arg2",
            "epoll_ctl_old.arg3",
            "epoll_ctl_old.arg4",
            "epoll_wait_old.arg1",
            "epoll_wait_old.arg2",
            "epoll_wait_old.arg3",
            "epoll_wait_old.arg4",
            "get_kernel_syms.table",
            "getpmsg.arg1",
            "getpmsg.arg2",
            "getpmsg.arg3",
            "getpmsg.arg4",
            "getpmsg.arg5",
            "gtty.arg1",
            "gtty.arg2",
            "nfsservctl.argp",
            "nfsservctl.cmd",
            "nfsservctl.resp",
            "profil.arg1",
            "profil.arg2",
            "profil.arg3",
            "profil.arg4",
            "putpmsg.arg1",
            "putpmsg.arg2",
            "putpmsg.arg3",
            "putpmsg.arg4",
            "putpmsg.arg5",
            "query_module.buf",
            "query_module.bufsize",
            "query_module.name",
            "query_module.ret",
            "query_module.which",
            "security.arg1",
            "security.arg2",
            "security.arg3",
            "stty.arg1",
            "stty.arg2",
            "tuxcall.arg1",
            "tuxcall.arg2",
            "tuxcall.arg3",
            "ulimit.arg1",
            "ulimit.arg2",
            "vserver.arg4",
            "vserver.arg5",
            "vserver.cmd",
            "vserver.data",
            "vserver.id",
        ],
    ),
    (
        "an old call of which the oracle shows the registers",
        &[
            "oldolduname.buf",
            "olduname.buf",
            "sysfs.arg1",
            "sysfs.arg2",
            "sysfs.option",
            "ustat.ubuf",
            "vm86.arg3",
            "vm86.arg4",
            "vm86.arg5",
            "vm86.func",
            "vm86.v86",
            "vm86old.v86",
        ],
    ),
];

/// Whether nothing is said of a value but its bits.
fn bare(kind: &Kind) -> bool {
    matches!(
        kind.shape,
        Shape::Address
            | Shape::Number(_, _, Base::Hex)
            | Shape::Wide(_, Base::Hex)
            | Shape::Custom(Custom::Opaque | Custom::OldMmap | Custom::RobustList)
    )
}

/// Bare arguments of one ABI, and how many arguments there are.
fn found(abi: Abi) -> (BTreeSet<String>, usize) {
    let (mut found, mut count) = (BTreeSet::new(), 0);
    for (_, name) in numbers::names(abi) {
        let signature =
            signatures::named(abi, name).unwrap_or_else(|| panic!("{abi:?} {name}: no signature"));
        count += signature.args.len();
        for arg in signature.args.iter().filter(|arg| bare(&arg.kind)) {
            found.insert(format!("{name}.{}", arg.name));
        }
    }
    (found, count)
}

#[test]
fn every_bare_argument_has_a_reason() {
    let known: BTreeSet<&str> = REASONS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let mut stale = known.clone();
    let mut without = BTreeSet::new();
    for abi in [Abi::X86_64, Abi::I386] {
        let (bare, count) = found(abi);
        println!("{abi:?}: {} calls, {count} arguments, {} bare", numbers::names(abi).count(), bare.len());
        for argument in &bare {
            stale.remove(argument.as_str());
            if !known.contains(argument.as_str()) {
                without.insert(format!("{abi:?} {argument}"));
            }
        }
    }
    assert!(without.is_empty(), "shown by their bits without a reason: {without:?}");
    assert!(stale.is_empty(), "reasons for arguments that are decoded: {stale:?}");
}
