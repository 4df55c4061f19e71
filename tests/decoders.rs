//! Grids of arguments print as the oracle prints them, line by line: every call of processes, signals, time, memory,
//! IPC, keys, ptrace and sockets with every kind of memory. Nothing is carried out: see tests/programs/decode.h.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::path::Path;

use support::run::Run;
use support::{Build, ORACLE, TempDir, compile, has_tool, heavy, is_stand_in, missing, tracer};

/// Option sets that every program runs with.
const STYLES: [&[&str]; 5] = [&[], &["-v"], &["-X", "raw"], &["-X", "verbose"], &["-xx"]];

/// What programs of files run with, too.
const PATHS: &[&str] = &["-y"];

/// Calls whose lines may differ from those of the oracle, which is strace 6.1, and why.
const NEWER: &[(&str, &str)] = &[
    ("landlock_create_ruleset", "network and scope rights of Linux 6.7 and 6.12, errata of 6.15"),
    ("landlock_add_rule", "rules of ports, Linux 6.7; rights of Linux 6.2 and 6.10"),
    ("landlock_restrict_self", "flags of Linux 6.15"),
    ("sched_setscheduler", "SCHED_EXT of Linux 6.12"),
    ("sched_get_priority_m", "SCHED_EXT of Linux 6.12"),
    ("sched_getattr", "SCHED_EXT of Linux 6.12"),
    ("pidfd_open", "PIDFD_THREAD of Linux 6.9"),
    ("pidfd_send_signal", "flags of Linux 6.9"),
    ("membarrier", "MEMBARRIER_CMD_GET_REGISTRATIONS of Linux 6.3"),
    ("memfd_create", "MFD_NOEXEC_SEAL and MFD_EXEC of Linux 6.3"),
    ("memfd_secret", "the remark beside unknown flags is not there in the oracle"),
    ("mmap", "MAP_ABOVE4G of Linux 6.6, MAP_DROPPABLE of 6.11"),
    ("remap_file_pages", "MAP_ABOVE4G of Linux 6.6, MAP_DROPPABLE of 6.11; rubbish above its flags"),
    ("mbind", "MPOL_WEIGHTED_INTERLEAVE of Linux 6.9"),
    ("set_mempolicy", "MPOL_WEIGHTED_INTERLEAVE of Linux 6.9"),
    ("pkey_alloc", "PKEY_DISABLE_READ of Linux 6.13"),
    ("prctl(PR_SET_SECUREBITS", "SECBIT_EXEC_ of Linux 6.14"),
    ("prctl(PR_GET_SECUREBITS", "SECBIT_EXEC_ of Linux 6.14"),
    ("prctl(0x1c", "SECBIT_EXEC_ of Linux 6.14"),
    ("prctl(0x4", "options of Linux 6.3 to 6.16"),
    ("arch_prctl", "XFEATURE_APX of Linux 6.16, the 0x4000s and 0x5000s of 6.4 and 6.6"),
    ("ptrace(0x42", "requests of Linux 6.4 and 6.16"),
    ("ptrace(PTRACE_SECCOMP_GET_METADATA", "the kernel's answer, which no test can give, is not shown"),
    ("ptrace(PTRACE_GETREGSET", "parts of floating-point registers stay an address"),
    ("ptrace(PTRACE_SETREGSET", "parts of floating-point registers stay an address"),
    ("prctl(PR_SET_SYSCALL_USER_DISPATCH", "PR_SYS_DISPATCH_INCLUSIVE_ON of Linux 6.19"),
    ("prctl(0x3b", "PR_SYS_DISPATCH_INCLUSIVE_ON of Linux 6.19"),
    ("wait4", "statuses with bits that no kernel sets"),
    ("waitpid", "statuses with bits that no kernel sets"),
    ("clone3", "a struct whose size ends inside a member"),
    ("keyctl", "lengths in a struct that can be read in part"),
    ("semget", "flags without a name run into the permissions in the oracle"),
    ("msgget", "flags without a name run into the permissions in the oracle"),
    ("ipc", "i386: the version of an unknown call"),
    ("shmat", "i386: the multiplexer stores the address"),
    ("msgrcv", "i386: the multiplexer with memory that cannot be read"),
    ("semctl", "i386: the multiplexer with memory that cannot be read"),
    ("rt_sigqueueinfo", "SEGV_CPERR of Linux 6.6"),
    ("restart_syscall", "nothing was interrupted"),
    ("*f_type=0x7655821,", "RDTGROUP_SUPER_MAGIC, which the oracle does not know"),
    ("*f_type=0xca451a4e,", "BCACHEFS_SUPER_MAGIC of Linux 6.7"),
    ("fsmount(*MOUNT_ATTR_", "attributes of mount_setattr, Linux 5.12, which the oracle knows only there"),
    ("mount_setattr(*= 0<", "the oracle takes the result for a descriptor"),
    ("move_mount(", "MOVE_MOUNT_BENEATH of Linux 6.5"),
    ("mount_setattr(*MOUNT_ATTR_NOATIME|MOUNT_ATTR_STRICTATIME", "MOUNT_ATTR__ATIME by name"),
    ("quotactl*0x5 /* QFMT", "QFMT_SHMEM of Linux 6.6"),
    ("fanotify_init(", "flags of Linux 6.13 and 6.14"),
    ("fanotify_mark(", "events of Linux 6.14"),
    ("kexec_file_load(", "flags of Linux 6.8 and 6.17"),
    ("kexec_load(*KEXEC_ARCH", "flags of Linux 6.8 and 6.10"),
    ("name_to_handle_at(", "flags of Linux 6.5 to 6.13"),
    ("statx", "masks and attributes of Linux 6.8 to 6.16"),
    ("fallocate(*0x80 /*", "FALLOC_FL_WRITE_ZEROES of Linux 6.17"),
    ("fallocate(*|0xffffff80", "FALLOC_FL_WRITE_ZEROES of Linux 6.17"),
    ("*|0xffffffe0", "RWF_NOAPPEND to RWF_NOSIGNAL of Linux 6.9 to 6.18"),
    ("fcntl*F_ADD_SEALS, ", "F_SEAL_EXEC of Linux 6.3"),
    ("fcntl*F_GET_SEALS)", "F_SEAL_EXEC of Linux 6.3"),
    ("fcntl*, 0x40", "hints of Linux 4.13, which the oracle does not know, delegations of 6.19"),
    ("fcntl*, 0x41", "F_SETDELEG of Linux 6.19"),
    ("epoll_ctl(*|0xfffd800", "EPOLL_URING_WAKE of Linux 6.2"),
    ("io_*aio_reqprio=0x", "a priority in bare numbers: the oracle's own are decimal elsewhere"),
    ("io_uring_register(*REGISTER_PBUF_RING", "flags of Linux 6.4"),
    ("io_uring_register(*0x16", "flags of Linux 6.4"),
    ("io_uring_register(*0x17", "flags of Linux 6.4"),
    ("poll(*, ...])", "the oracle stops at a kilobyte of what is ready"),
    ("epoll_*0x8000000 /*", "EPOLL_URING_WAKE of Linux 6.2"),
];

/// Why the oracle lacks a name that the headers of Linux 7.2 have.
const LINUX_7_2: &str = "Linux 6.2 to 7.2";

/// Names that the oracle lacks, and why.
const LATER: &[(&str, &str)] = &[
    ("MSG_SOCK_DEVMEM", "Linux 6.12"),
    ("XDP_USE_SG", "Linux 6.6"),
    ("IPPROTO_SMC", "Linux 6.11"),
    ("IPPROTO_AGGFRAG", "Linux 6.14"),
    ("BPF_F_BEFORE", "Linux 6.6"),
    ("BPF_F_AFTER", "Linux 6.6"),
    ("BPF_F_ID", "Linux 6.6"),
    ("BPF_F_PREORDER", "Linux 6.15"),
    ("BPF_F_LINK", "Linux 6.6"),
    ("BPF_F_PATH_FD", "Linux 6.5"),
    ("BPF_F_VTYPE_BTF_OBJ_FD", "Linux 6.9"),
    ("BPF_F_TOKEN_FD", "Linux 6.9"),
    ("BPF_F_SEGV_ON_FAULT", "Linux 6.9"),
    ("BPF_F_NO_USER_CONV", "Linux 6.9"),
    ("BPF_F_XDP_HAS_FRAGS", "Linux 5.18, which the oracle leaves out"),
    ("BPF_F_XDP_DEV_BOUND_ONLY", "Linux 6.3"),
    ("BPF_F_TEST_REG_INVARIANTS", "Linux 6.8"),
    ("KVM_MEM_GUEST_MEMFD", "Linux 6.8"),
    ("UFFD_FEATURE_WP_UNPOPULATED", "Linux 6.4"),
    ("UFFD_FEATURE_POISON", "Linux 6.6"),
    ("UFFD_FEATURE_WP_ASYNC", "Linux 6.7"),
    ("UFFD_FEATURE_MOVE", "Linux 6.8"),
    ("_UFFDIO_MOVE", "Linux 6.8"),
    ("_UFFDIO_POISON", "Linux 6.6"),
    ("BPF_PROG_ASSOC_STRUCT_OPS", LINUX_7_2),
    ("BPF_F_RB_OVERWRITE", LINUX_7_2),
    ("RXRPC_MANAGE_RESPONSE", LINUX_7_2),
    ("ETH_P_GRE_OSI", LINUX_7_2),
    ("OPEN_TREE_NAMESPACE", LINUX_7_2),
    ("FSMOUNT_NAMESPACE", LINUX_7_2),
    ("PR_RSEQ_SLICE_EXTENSION", LINUX_7_2),
    ("PR_GET_CFI", LINUX_7_2),
    ("PR_SET_CFI", LINUX_7_2),
    ("NT_X86_XSAVE_LAYOUT", LINUX_7_2),
    ("ABS_SND_PROFILE", LINUX_7_2),
    ("FS_XFLAG_VERITY", LINUX_7_2),
    ("FS_XFLAG_CASEFOLD", LINUX_7_2),
    ("VFIO_DEVICE_ATTACH_IOMMUFD_PT", LINUX_7_2),
    ("SNDRV_TIMER_IOCTL_TRIGGER", LINUX_7_2),
    ("SCARLETT2_IOCTL_", LINUX_7_2),
    ("PWM_IOCTL_", LINUX_7_2),
    ("PMIC_", LINUX_7_2),
    ("PIDFD_GET_", LINUX_7_2),
    ("PCITEST_", LINUX_7_2),
    ("LIVEUPDATE_", LINUX_7_2),
    ("IOMMU_", LINUX_7_2),
    ("IOC_OPAL_STACK_RESET", LINUX_7_2),
    ("FCP_IOCTL_", LINUX_7_2),
    ("F2FS_IOC_START_ATOMIC_REPLACE", LINUX_7_2),
    ("EXT4_IOC_", LINUX_7_2),
    ("BLOCK_URING_CMD_DISCARD", LINUX_7_2),
    ("IORING_OP_READ_MULTISHOT", "Linux 6.5 to 6.19"),
    ("IORING_OP_WAITID", "Linux 6.5 to 6.19"),
    ("IORING_OP_FUTEX_WAIT", "Linux 6.5 to 6.19"),
    ("IORING_OP_FIXED_FD_INSTALL", "Linux 6.5 to 6.19"),
    ("IORING_OP_FTRUNCATE", "Linux 6.5 to 6.19"),
    ("IORING_OP_RECV_ZC", "Linux 6.5 to 6.19"),
    ("IORING_OP_EPOLL_WAIT", "Linux 6.5 to 6.19"),
    ("IORING_OP_WRITEV_FIXED", "Linux 6.5 to 6.19"),
    ("IORING_OP_NOP128", "Linux 6.5 to 6.19"),
];

/// The lines behind the call that installs the filter, without pids.
fn calls(log: &str) -> Vec<String> {
    let lines = log.lines().filter(|line| !line.contains("resumed>") && !line.contains("<unfinished"));
    let lines = lines.map(|line| line.split_once(' ').unwrap().1.trim_start().to_owned());
    lines.skip_while(|line| !line.starts_with("seccomp(")).skip(1).collect()
}

/// Whether a line begins as the pattern says and, where that has a star, holds what follows it.
fn matches(line: &str, pattern: &str) -> bool {
    let (start, inside) = pattern.split_once('*').unwrap_or((pattern, ""));
    line.strip_prefix(start).is_some_and(|rest| rest.contains(inside))
}

fn compare(name: &str, build: Build, least: usize) {
    compare_results(name, build, least, &["0", "-22", "88"]);
}

/// The same with some results only: all styles show the first, one shows the others.
fn compare_results(name: &str, build: Build, least: usize, results: &[&str]) {
    if is_stand_in() {
        return;
    }
    if !has_tool(ORACLE) {
        return missing(name, "strace (package strace)");
    }
    let _alone = heavy();
    let dir = TempDir::new(name);
    let Some(program) = compile(&dir, name, build) else { return };
    let files = ["decode_fs", "decode_io", "decode_mount"].contains(&name);
    for &result in results {
        let styles = STYLES.iter().copied().chain(files.then_some(PATHS));
        for options in styles {
            if result != results[0] && !options.is_empty() {
                continue;
            }
            // strace 6.1 gives up on a long set of signals in this style.
            if name == "decode_signal" && options == ["-X", "verbose"] {
                continue;
            }
            let words = [program.to_str().unwrap(), result];
            let run = |tracer: &Path| Run::traced(&dir, tracer, options, &words).fixed();
            let oracle = run(Path::new(ORACLE)).pinned().start();
            let (ours, oracle) = (run(&tracer()).finish(), oracle.finish());
            assert_eq!((oracle.code(), ours.code()), (0, 0), "{name} {options:?}: {}", ours.stderr);
            let (oracle, ours) = (calls(&oracle.log), calls(&ours.log));
            assert!(oracle.len() > least, "{name}: {} lines", oracle.len());
            assert_eq!(oracle.len(), ours.len(), "{name} {options:?}");
            let differing: Vec<_> = oracle.iter().zip(&ours).filter(|(a, b)| a != b).collect();
            let expected = |line: &str| NEWER.iter().any(|(pattern, _)| matches(line, pattern));
            let later = |line: &str| LATER.iter().any(|(name, _)| line.contains(name));
            let surprising: Vec<_> = differing.iter().filter(|(a, b)| !expected(a) && !later(b)).collect();
            println!(
                "{name} {build:?} {result} {options:?}: {} lines, {} differing, {} unexpected",
                oracle.len(),
                differing.len(),
                surprising.len()
            );
            for (a, b) in surprising.iter().take(20) {
                println!("- {a}\n+ {b}");
            }
            assert!(surprising.is_empty(), "{} lines differ", surprising.len());
        }
    }
}

/// Calls that are newer than the oracle print what the program that makes them expects.
#[test]
fn newer_calls_print_what_their_program_tells() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("tell");
    let programs = ["tell_files", "tell_kernel"].map(|name| [(name, Build::Native), (name, Build::M32)]);
    for (name, build) in programs.into_iter().flatten() {
        let Some(program) = compile(&dir, name, build) else { continue };
        let program = program.to_str().unwrap();
        let styles: [&[&str]; 3] = [&["-a1"], &["-a1", "-X", "raw"], &["-a1", "-X", "verbose"]];
        for (style, options) in ["0", "1", "2"].into_iter().zip(styles) {
            for result in ["0", "5", "-22"] {
                let told = Run::bare(&dir, &[program, result, style, "tell"]).finish();
                let made = Run::traced(&dir, &tracer(), options, &[program, result, style]).finish();
                assert_eq!((told.code(), made.code()), (0, 0), "{}", made.stderr);
                let told: Vec<_> = told.stdout.lines().map(str::to_owned).collect();
                let mut made = calls(&made.log);
                made.retain(|line| !line.starts_with("exit_group(") && !line.starts_with("+++"));
                println!("{name} {build:?} {result} {options:?}: {} lines", told.len());
                assert!(!told.is_empty());
                assert_eq!(told, made, "{name} {build:?} {result} {options:?}");
            }
        }
    }
}

#[test]
fn ipc_prints_as_the_oracle_prints_it() {
    compare("decode_ipc", Build::Native, 8000);
    compare("decode_ipc", Build::M32, 8000);
}

#[test]
fn signals_print_as_the_oracle_prints_them() {
    compare("decode_signal", Build::Native, 3000);
    compare("decode_signal", Build::M32, 3000);
}

#[test]
fn time_prints_as_the_oracle_prints_it() {
    compare("decode_time", Build::Native, 7000);
    compare("decode_time", Build::M32, 10000);
}

#[test]
fn memory_prints_as_the_oracle_prints_it() {
    compare("decode_mem", Build::Native, 5000);
    compare("decode_mem", Build::M32, 5000);
}

#[test]
fn processes_print_as_the_oracle_prints_them() {
    compare("decode_process", Build::Native, 10000);
    compare("decode_process", Build::M32, 10000);
}

#[test]
fn prctl_and_ptrace_print_as_the_oracle_prints_them() {
    compare("decode_prctl", Build::Native, 10000);
    compare("decode_prctl", Build::M32, 10000);
}

#[test]
fn files_print_as_the_oracle_prints_them() {
    compare("decode_fs", Build::Native, 7000);
    compare("decode_fs", Build::M32, 8000);
}

#[test]
fn descriptors_print_as_the_oracle_prints_them() {
    compare("decode_io", Build::Native, 10000);
    compare("decode_io", Build::M32, 15000);
}

#[test]
fn mounts_print_as_the_oracle_prints_them() {
    compare("decode_mount", Build::Native, 10000);
    compare("decode_mount", Build::M32, 10000);
}

#[test]
fn sockets_print_as_the_oracle_prints_them() {
    compare_results("decode_net", Build::Native, 7000, &["0", "-22"]);
    compare_results("decode_net", Build::M32, 7000, &["0", "-22"]);
}

#[test]
fn socket_options_print_as_the_oracle_prints_them() {
    compare_results("decode_sockopt", Build::Native, 7000, &["0", "-22"]);
    compare_results("decode_sockopt", Build::M32, 7000, &["0", "-22"]);
}

#[test]
fn messages_print_as_the_oracle_prints_them() {
    compare_results("decode_message", Build::Native, 5000, &["88", "-22"]);
    compare_results("decode_message", Build::M32, 5000, &["88", "-22"]);
}

#[test]
fn bpf_prints_as_the_oracle_prints_it() {
    compare_results("decode_bpf", Build::Native, 4000, &["0", "-22"]);
    compare_results("decode_bpf", Build::M32, 4000, &["0", "-22"]);
}

#[test]
fn ioctls_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl", Build::Native, 40_000, &["0", "-22"]);
    compare_results("decode_ioctl", Build::M32, 40_000, &["0", "-22"]);
}

#[test]
fn rings_print_as_the_oracle_prints_them() {
    compare("decode_uring", Build::Native, 5000);
    compare("decode_uring", Build::M32, 5000);
}

#[test]
fn keys_print_as_the_oracle_prints_them() {
    compare("decode_keys", Build::Native, 5000);
    compare("decode_keys", Build::M32, 5000);
}
