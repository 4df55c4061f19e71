//! Grids of arguments print as the oracle prints them, line by line: every call of processes, signals, time, memory,
//! IPC, keys, ptrace and sockets with every kind of memory. Nothing is carried out: see tests/programs/decode.h.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;
use support::run::Run;
use support::{Build, ORACLE, TempDir, compile, has_tool, heavy, is_stand_in, missing, newer, tracer};
use syscall_tables::ioctl::names;

/// Option sets that every program runs with.
const STYLES: [&[&str]; 5] = [&[], &["-v"], &["-X", "raw"], &["-X", "verbose"], &["-xx"]];

/// What some programs run with, too.
fn more_styles(name: &str) -> &'static [&'static [&'static str]] {
    match name {
        "decode_fs" | "decode_io" | "decode_siginfo" => &[&["-y"]],
        "decode_mount" => &[&["-y"], &["-s", "300"]],
        "decode_link" | "decode_traffic" => &[&["-x"], &["-s", "0"]],
        _ => &[],
    }
}

/// Programs of messages that look alike on every ABI: the other one shows them in two styles.
const ONE_LAYOUT: &[&str] =
    &["decode_diag", "decode_link", "decode_netfilter", "decode_netlink", "decode_route", "decode_traffic"];

/// Calls whose lines may differ from those of the oracle, which is strace 6.1, and why.
const NEWER: &[(&str, &str)] = &[
    ("ioctl(-1, PERF_EVENT_IOC_MODIFY*, ...}", "members of Linux 6.3 and 6.19"),
    ("ioctl(-1, 0x4008240b*, ...}", "members of Linux 6.3 and 6.19"),
    ("ioctl(-1, 0x4004240b*, ...}", "members of Linux 6.3 and 6.19"),
    ("ioctl(-1, UBI_IOCATT, {", "members of Linux 6.2 and 6.7"),
    ("ioctl(-1, 0x40186f40, {", "members of Linux 6.2 and 6.7"),
    ("ioctl(-1, 0x40186f40 /* UBI_IOCATT */, {", "members of Linux 6.2 and 6.7"),
    ("ioctl(-1, WDIOC_SETOPTIONS", "decoded since strace 6.11"),
    ("ioctl(-1, WDIOC_GETSUPPORT", "decoded since strace 6.11"),
    ("ioctl(-1, 0x80045704", "decoded since strace 6.11"),
    ("ioctl(-1, 0x80285700", "decoded since strace 6.11"),
    ("ioctl(-1, UFFDIO_WRITEPROTECT", "decoded since strace 6.6"),
    ("ioctl(-1, UFFDIO_CONTINUE", "decoded since strace 6.6"),
    ("ioctl(-1, 0xc018aa06", "decoded since strace 6.6"),
    ("ioctl(-1, 0xc020aa07", "decoded since strace 6.6"),
    ("landlock_create_ruleset", "network and scope rights of Linux 6.7 and 6.12, errata of 6.15"),
    ("landlock_add_rule", "rules of ports, Linux 6.7; rights of Linux 6.2 and 6.10"),
    ("prctl(PR_SET_SECUREBITS", "SECBIT_EXEC_ of Linux 6.14"),
    ("prctl(PR_GET_SECUREBITS", "SECBIT_EXEC_ of Linux 6.14"),
    ("prctl(0x1c", "SECBIT_EXEC_ of Linux 6.14"),
    ("statx(*stx_attributes_mask=", "members of Linux 6.10 to 6.16"),
    ("statx(*, , ", "the oracle shows nothing where bare numbers are wanted and the value is zero"),
    ("statx(*, |0x", "the oracle shows nothing where bare numbers are wanted and the value is zero"),
    ("name_to_handle_at(*|0x", "AT_HANDLE_MNT_ID_UNIQUE of Linux 6.12: the id has 64 bits"),
    ("name_to_handle_at(*, 0x", "AT_HANDLE_MNT_ID_UNIQUE of Linux 6.12: the id has 64 bits"),
    ("prctl(*/* PR_SPEC_??? */)", "the oracle repeats what it said of the call before"),
    ("prctl(0x4", "options of Linux 6.3 to 6.16"),
    ("arch_prctl(*0x13", "XFEATURE_APX of Linux 6.16"),
    ("arch_prctl(ARCH_REQ_*(XFEATURE_MASK_", "the oracle repeats what it said of the call before"),
    ("arch_prctl(0x4", "options of Linux 6.4"),
    ("arch_prctl(0x5", "options of Linux 6.6"),
    ("ptrace(0x42", "requests of Linux 6.4 and 6.16"),
    ("prctl(PR_SET_SYSCALL_USER_DISPATCH", "PR_SYS_DISPATCH_INCLUSIVE_ON of Linux 6.19"),
    ("prctl(0x3b", "PR_SYS_DISPATCH_INCLUSIVE_ON of Linux 6.19"),
    ("*sa_family=AF_TIPC, sa_data", "addresses that strace 6.15 shows first"),
    ("*sa_family=0x1e, sa_data", "addresses that strace 6.15 shows first"),
    ("*sa_family=0x1e /* AF_TIPC */, sa_data", "addresses that strace 6.15 shows first"),
    ("setsockopt(*, 0x26", "TCP_AO_ADD_KEY of Linux 6.7"),
    ("semget", "flags without a name run into the permissions in the oracle"),
    ("msgget", "flags without a name run into the permissions in the oracle"),
    ("*f_type=0x7655821,", "RDTGROUP_SUPER_MAGIC, which the oracle does not know"),
    ("*f_type=0xca451a4e,", "BCACHEFS_SUPER_MAGIC of Linux 6.7"),
    ("mount_setattr(*= 0<", "the oracle takes the result for a descriptor"),
    ("io_uring_register(*IORING_OP_??? */", "operations of Linux 6.7 and later, whose numbers are decimal"),
    ("io_uring_register(*REGISTER_PBUF_RING", "flags of Linux 6.4"),
    ("io_uring_register(*, 0x16", "flags of Linux 6.4"),
    ("io_uring_register(*, 0x17", "flags of Linux 6.4"),
    ("io_uring_register(*, 0x8", "IORING_REGISTER_USE_REGISTERED_RING of Linux 6.3"),
    ("io_uring_setup(*resv2=", "user_addr of Linux 6.5"),
    ("bpf(BPF_PROG_LOAD*fd_array=", "members of Linux 5.17 to 6.18"),
    ("bpf(0x5*fd_array=", "members of Linux 5.17 to 6.18"),
    ("bpf(0x26", "BPF_PROG_ASSOC_STRUCT_OPS of Linux 6.19"),
    ("fcntl*, 0x40", "hints of Linux 4.13, which the oracle does not know, delegations of 6.19"),
    ("fcntl*, 0x41", "F_SETDELEG of Linux 6.19"),
    ("poll(*, ...])", "the oracle stops at a kilobyte of what is ready"),
    ("*si_signo=SIGSEGV, si_code=0xa,", "SEGV_CPERR of Linux 6.6"),
    ("*si_signo=11 /* SIGSEGV */, si_code=0xa,", "SEGV_CPERR of Linux 6.6"),
    ("pidfd_send_signal(*, 0x", "flags of Linux 6.9"),
    ("*sa_family=AF_XDP, sxdp_flags=", "XDP_USE_SG of Linux 6.6"),
    ("*sa_family=0x2c /* AF_XDP */, sxdp_flags=", "XDP_USE_SG of Linux 6.6"),
    ("sendto(*/* DEVCONF_??? */]=", "settings of Linux 6.6 and 6.17"),
    ("sendto(*nlmsg_type=0x38", "messages of Linux 6.14 that are shown as those about addresses are"),
    ("sendto(*nlmsg_type=0x39", "messages of Linux 6.14 that are shown as those about addresses are"),
    ("sendto(*nlmsg_type=0x3c", "messages of Linux 6.14 that are shown as those about addresses are"),
    ("sendto(*nlmsg_type=0x3d", "messages of Linux 6.14 that are shown as those about addresses are"),
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
    compare_input(name, build, least, results, "");
}

/// The same for a program that reads a file with this text.
fn compare_input(name: &str, build: Build, least: usize, results: &[&str], input: &str) {
    if is_stand_in() {
        return;
    }
    if !has_tool(ORACLE) {
        return missing(name, "strace (package strace)");
    }
    let _alone = heavy();
    let dir = TempDir::new(name);
    let Some(program) = compile(&dir, name, build) else { return };
    let file = dir.join("input");
    std::fs::write(&file, input).unwrap();
    for &result in results {
        let styles = STYLES.iter().chain(more_styles(name)).copied();
        for options in styles {
            if result != results[0] && !options.is_empty() {
                continue;
            }
            if build == Build::M32 && ONE_LAYOUT.contains(&name) && !(options.is_empty() || options == ["-v"])
            {
                continue;
            }
            // strace 6.1 gives up on a long set of signals in this style.
            if name == "decode_signal" && options == ["-X", "verbose"] {
                continue;
            }
            let words = [program.to_str().unwrap(), result, file.to_str().unwrap()];
            let run = |tracer: &Path| Run::traced(&dir, tracer, options, &words).fixed();
            let oracle = run(Path::new(ORACLE)).pinned().start();
            let (ours, oracle) = (run(&tracer()).finish(), oracle.finish());
            assert_eq!((oracle.code(), ours.code()), (0, 0), "{name} {options:?}: {}", ours.stderr);
            let (oracle, ours) = (calls(&oracle.log), calls(&ours.log));
            assert!(oracle.len() > least, "{name}: {} lines", oracle.len());
            assert_eq!(oracle.len(), ours.len(), "{name} {options:?}");
            let differing: Vec<_> = oracle.iter().zip(&ours).filter(|(a, b)| a != b).collect();
            let expected = |line: &str| NEWER.iter().any(|(pattern, _)| matches(line, pattern));
            let surprising: Vec<_> = differing
                .iter()
                .filter(|(a, b)| {
                    !expected(a)
                        && !newer::ioctl(a, b, options == ["-v"])
                        && !newer::same(a, b)
                        && !newer::grown(a, b)
                        && !newer::goes_on(a, b)
                        && !newer::looks_behind(a, b)
                })
                .collect();
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
    let programs = [
        "tell_bpf",
        "tell_files",
        "tell_kernel",
        "tell_link",
        "tell_netlink",
        "tell_ring",
        "tell_route",
        "tell_socket",
    ]
    .map(|name| [(name, Build::Native), (name, Build::M32)]);
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

/// The same for commands of ioctl that nothing is known of: all is shown of their memory where all is wanted.
#[test]
fn unknown_commands_print_their_memory() {
    if is_stand_in() {
        return;
    }
    let dir = TempDir::new("tell-ioctl");
    for build in [Build::Native, Build::M32] {
        let Some(program) = compile(&dir, "tell_ioctl", build) else { continue };
        let program = program.to_str().unwrap();
        for result in ["0", "5", "-22"] {
            let told = Run::bare(&dir, &[program, result, "0", "tell"]).finish();
            let made = Run::traced(&dir, &tracer(), &["-a1", "-v"], &[program, result]).finish();
            assert_eq!((told.code(), made.code()), (0, 0), "{}", made.stderr);
            let told: Vec<_> = told.stdout.lines().collect();
            let mut made = calls(&made.log);
            made.retain(|line| line.starts_with("ioctl("));
            assert_eq!(told, made, "{build:?} {result}");
            let brief = Run::traced(&dir, &tracer(), &["-a1"], &[program, result]).finish();
            assert!(calls(&brief.log).iter().all(|line| !line.contains("\\x")), "{}", brief.log);
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
fn contents_of_signals_print_as_the_oracle_prints_them() {
    compare("decode_siginfo", Build::Native, 25_000);
    compare("decode_siginfo", Build::M32, 25_000);
}

#[test]
fn signals_that_are_delivered_print_as_the_oracle_prints_them() {
    if is_stand_in() {
        return;
    }
    if !has_tool(ORACLE) {
        return missing("delivered", "strace (package strace)");
    }
    let dir = TempDir::new("delivered");
    let signals = |log: &str| -> Vec<String> {
        let lines = log.lines().filter_map(|line| line.split_once("--- "));
        // SEGV_CPERR is newer than the oracle.
        lines.map(|(_, signal)| signal.to_owned()).filter(|line| !line.contains("si_code=0xa")).collect()
    };
    for build in [Build::Native, Build::M32] {
        let Some(program) = compile(&dir, "delivered", build) else { continue };
        for style in [&["-X", "abbrev"][..], &["-X", "raw"], &["-X", "verbose"], &["-y"]] {
            let options = [style, &["-e", "trace=none"]].concat();
            let run =
                |tracer| Run::traced(&dir, tracer, &options, &[program.to_str().unwrap()]).fixed().finish();
            let (oracle, ours) = (run(Path::new(ORACLE)), run(&tracer()));
            assert_eq!((oracle.code(), ours.code()), (0, 0), "{}", ours.stderr);
            let oracle = signals(&oracle.log);
            let mut ours = signals(&ours.log);
            ours.retain(|line| !line.contains("SEGV_CPERR"));
            assert!(oracle.len() > 5000, "{} lines", oracle.len());
            let differing: Vec<_> = oracle.iter().zip(&ours).filter(|(a, b)| a != b).take(20).collect();
            assert!(
                oracle.len() == ours.len() && differing.is_empty(),
                "{build:?} {style:?}: {differing:#?}"
            );
        }
    }
}

#[test]
fn addresses_of_sockets_print_as_the_oracle_prints_them() {
    compare_results("decode_sockaddr", Build::Native, 25_000, &["0", "-22"]);
    compare_results("decode_sockaddr", Build::M32, 25_000, &["0", "-22"]);
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
fn netlink_prints_as_the_oracle_prints_it() {
    compare_results("decode_netlink", Build::Native, 5000, &["0", "-22", "4096"]);
    compare_results("decode_netlink", Build::M32, 5000, &["0", "-22", "4096"]);
    compare_results("decode_netlink_cut", Build::Native, 600, &["0"]);
}

#[test]
fn links_print_as_the_oracle_prints_them() {
    compare_results("decode_link", Build::Native, 20_000, &["0", "-22"]);
    compare_results("decode_link", Build::M32, 20_000, &["0", "-22"]);
}

#[test]
fn traffic_control_prints_as_the_oracle_prints_it() {
    compare_results("decode_traffic", Build::Native, 8000, &["0", "-22"]);
    compare_results("decode_traffic", Build::M32, 8000, &["0", "-22"]);
}

#[test]
fn routes_print_as_the_oracle_prints_them() {
    compare_results("decode_route", Build::Native, 10_000, &["0"]);
    compare_results("decode_route", Build::M32, 10_000, &["0"]);
}

#[test]
fn bpf_prints_as_the_oracle_prints_it() {
    compare_results("decode_bpf", Build::Native, 4000, &["0", "-22"]);
    compare_results("decode_bpf", Build::M32, 4000, &["0", "-22"]);
}

/// What differs between two runs of a program that makes maps and programs.
fn told_of_objects(log: &str) -> Vec<String> {
    let lines = log.lines().filter(|line| line.contains("bpf("));
    let differing = [
        (r"^[0-9]+ +", ""),
        // Members of Linux 5.17 to 6.18.
        (r", (btf_vmlinux_id|map_extra|hash|hash_size|attach_btf_obj_id)=[^,}]*", ""),
        (r"(verified_insns=[0-9]+), attach_btf_id=0", "$1"),
        (r", (core_relo_cnt|core_relos|core_relo_rec_size|log_true_size|prog_token_fd)=[^,}]*", ""),
        (r", (fd_array_cnt|signature|signature_size|keyring_id)=[^,}]*", ""),
        (r" id=[0-9]+", " id=N"),
        (r"map_ids=\[[0-9]+\]", "map_ids=[N]"),
        (r"load_time=[1-9][0-9]* ", "load_time=T "),
        (r"load_time=[1-9][0-9]*,", "load_time=T,"),
        (r"/\* [0-9]{4}-[^ ]* \*/", "/* D */"),
        (r#"jited_prog_insns="[^"]*""#, "jited_prog_insns=J"),
        (r"imm=0x[0-9a-f]+", "imm=N"),
    ];
    let differing = differing.map(|(pattern, to)| (Regex::new(pattern).unwrap(), to));
    let plain = |line: &str| {
        differing
            .iter()
            .fold(line.to_owned(), |line, (pattern, to)| pattern.replace_all(&line, *to).into_owned())
    };
    lines.skip_while(|line| !line.contains("0x20") && !line.contains("MAP_CREATE")).map(plain).collect()
}

/// What the kernel tells of maps and programs depends on which of the two a descriptor is.
#[test]
fn objects_of_bpf_print_as_the_oracle_prints_them() {
    if is_stand_in() {
        return;
    }
    if !has_tool(ORACLE) {
        return missing("bpf_infos", "strace (package strace)");
    }
    let dir = TempDir::new("bpf-infos");
    let Some(program) = compile(&dir, "bpf_infos", Build::Native) else { return };
    let program = program.to_str().unwrap();
    if Run::bare(&dir, &[program]).finish().code() == 77 {
        return missing("bpf_infos", "the right to load programs of extended BPF");
    }
    for options in STYLES.iter().copied().chain([&["-y"][..], &["-v", "-X", "raw"], &["-v", "-X", "verbose"]])
    {
        let run = |tracer: &Path| Run::traced(&dir, tracer, options, &[program]).fixed().finish();
        let (oracle, ours) = (run(Path::new(ORACLE)), run(&tracer()));
        assert_eq!((oracle.code(), ours.code()), (0, 0), "{}", ours.stderr);
        let (oracle, ours) = (told_of_objects(&oracle.log), told_of_objects(&ours.log));
        assert!(oracle.len() > 200, "{} lines", oracle.len());
        assert_eq!(oracle, ours, "{options:?}");
    }
}

#[test]
fn events_print_as_the_oracle_prints_them() {
    compare_results("decode_perf", Build::Native, 9000, &["0"]);
    compare_results("decode_perf", Build::M32, 9000, &["-22"]);
}

#[test]
fn ioctls_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl", Build::Native, 40_000, &["0", "-22"]);
    compare_results("decode_ioctl", Build::M32, 40_000, &["0", "-22"]);
}

/// Every command that has a name, as far as the oracle knows it.
#[test]
fn named_ioctls_print_as_the_oracle_prints_them() {
    let mut commands: BTreeSet<_> =
        [names::WIDE, names::NARROW].concat().into_iter().map(|row| row.0).collect();
    // NS_GET_NSTYPE that fails prints what the oracle had in mind from another call.
    commands.remove(&0xb703);
    let input: Vec<_> = commands.iter().map(|command| format!("{command:x}")).collect();
    compare_input("decode_ioctl_named", Build::Native, 13_000, &["0", "-22"], &input.join("\n"));
    compare_input("decode_ioctl_named", Build::M32, 13_000, &["0", "-22"], &input.join("\n"));
}

#[test]
fn ioctls_of_video_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_video", Build::Native, 15_000, &["0", "-22"]);
    compare_results("decode_ioctl_video", Build::M32, 15_000, &["0", "-22"]);
}

#[test]
fn ioctls_of_input_devices_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_input", Build::Native, 20_000, &["88", "0", "-22"]);
    compare_results("decode_ioctl_input", Build::M32, 20_000, &["88", "0", "-22"]);
}

#[test]
fn ioctls_of_consoles_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_console", Build::Native, 10_000, &["0", "-22"]);
    compare_results("decode_ioctl_console", Build::M32, 10_000, &["0", "-22"]);
}

#[test]
fn ioctls_of_devices_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_devices", Build::Native, 3000, &["0", "-22"]);
    compare_results("decode_ioctl_devices", Build::M32, 3000, &["0", "-22"]);
}

#[test]
fn device_mapper_ioctls_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_dm", Build::Native, 2000, &["0", "-22"]);
    compare_results("decode_ioctl_dm", Build::M32, 2000, &["0", "-22"]);
}

#[test]
fn btrfs_ioctls_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_btrfs", Build::Native, 15_000, &["0", "-22"]);
    compare_results("decode_ioctl_btrfs", Build::M32, 15_000, &["0", "-22"]);
}

#[test]
fn storage_ioctls_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_storage", Build::Native, 1000, &["0", "-22"]);
    compare_results("decode_ioctl_storage", Build::M32, 1000, &["0", "-22"]);
}

#[test]
fn kernel_ioctls_print_as_the_oracle_prints_them() {
    compare_results("decode_ioctl_kernel", Build::Native, 400, &["0", "-22", "88"]);
    compare_results("decode_ioctl_kernel", Build::M32, 400, &["0", "-22", "88"]);
}

#[test]
fn rings_and_counters_print_as_the_oracle_prints_them() {
    compare("decode_ring", Build::Native, 1500);
    compare("decode_ring", Build::M32, 1500);
}

#[test]
fn rings_print_as_the_oracle_prints_them() {
    compare("decode_uring", Build::Native, 5000);
    compare("decode_uring", Build::M32, 5000);
}

#[test]
fn keys_print_as_the_oracle_prints_them() {
    compare("decode_keys", Build::Native, 20_000);
    compare("decode_keys", Build::M32, 20_000);
}

#[test]
fn sockets_that_are_asked_about_print_as_the_oracle_prints_them() {
    compare_results("decode_diag", Build::Native, 30_000, &["0", "-22"]);
    compare_results("decode_diag", Build::M32, 30_000, &["0", "-22"]);
}

#[test]
fn netfilter_and_its_neighbours_print_as_the_oracle_prints_them() {
    compare_results("decode_netfilter", Build::Native, 15_000, &["0", "-22"]);
    compare_results("decode_netfilter", Build::M32, 15_000, &["0", "-22"]);
}
