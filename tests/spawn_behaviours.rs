//! Which test shows which behaviour of other launchers that ours is to have: Go's os/exec and syscall packages,
//! containerd's user namespaces, go-sandbox; and the traps that none of them has a test for. The table is checked: a
//! test that is renamed or gone fails here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::time::Duration;

use support::child::{group_name, needs_cgroup2, sh};
use support::procfs::wait_until;
use support::spawn::needs_root;
use trace::spawn::cgroup::{Cgroup, Layout, Parts};
use trace::spawn::error::Error;
use trace::spawn::process::Exit;
use trace::spawn::start::{Hooks, start};

/// Behaviour, file of its test, name of its test.
type Row = (&'static str, &'static str, &'static str);

const GO: &[Row] = &[
    ("own id mapped to root, setgroups denied", "spawn_go", "go_01_ones_own_id_as_root"),
    ("setgroups allowed: root may", "spawn_go", "go_02_setgroups_allowed_for_root"),
    (
        "setgroups allowed: others are refused",
        "spawn_go",
        "go_02_setgroups_allowed_is_refused_to_another_user",
    ),
    ("empty credential with setgroups denied", "spawn_go", "go_03_an_empty_credential_with_setgroups_denied"),
    ("a net namespace has only lo", "spawn_go", "go_04_a_net_namespace_has_only_lo"),
    ("credentials without groups drop all", "spawn_go", "go_05_credentials_without_groups_drop_all"),
    ("the same in a user namespace", "spawn_go", "go_06_the_same_in_a_user_namespace"),
    ("a mount after unshare is invisible outside", "spawn_go", "go_07_a_mount_after_unshare_is_invisible"),
    ("the same with chroot", "spawn_go", "go_08_the_same_with_chroot"),
    ("an ordinary user changes the root", "spawn_go", "go_09_an_ordinary_user_unshares_and_changes_the_root"),
    ("cgroup from the first instruction", "spawn_go", "go_10_the_cgroup_holds_from_the_first_instruction"),
    ("another time namespace", "spawn_go", "go_11_a_time_namespace"),
    ("signal by pidfd", "spawn_go", "go_12_a_signal_by_pidfd"),
    ("the same with a user namespace", "spawn_go", "go_13_the_same_with_a_user_namespace"),
    ("with and without clone3", "spawn_go", "go_14_with_and_without_clone3"),
    ("two ambient capabilities", "spawn_go", "go_15_two_ambient_capabilities_of_nobody"),
    ("the same in a user namespace", "spawn_go", "go_16_the_same_in_a_user_namespace"),
    ("death signal after a change of user", "spawn_go", "go_17_the_death_signal_reaches_a_changed_user"),
    ("nothing asked keeps the group", "spawn_go", "go_18_nothing_asked_keeps_the_group"),
    ("a group of its own", "spawn_go", "go_19_a_group_of_its_own"),
    ("an existing group", "spawn_go", "go_20_an_existing_group"),
    ("foreground child owns the terminal", "spawn_go", "go_21_a_foreground_child_owns_the_terminal"),
    ("no SIGTTIN or SIGTTOU for the parent", "spawn_go", "go_22_the_parent_gets_no_stop_of_the_terminal"),
    (
        "contradictions before fork",
        "spawn_go",
        "go_23_contradictions_of_the_terminal_are_found_before_the_fork",
    ),
    ("exec of a many-threaded process", "spawn_go", "go_24_launches_of_many_threads"),
    ("the original NOFILE", "spawn_go", "go_25_the_limit_of_files_is_the_original"),
    ("no argv, no attributes", "spawn_go", "go_26_no_arguments_and_no_attributes"),
    ("TRACEME", "spawn_go", "go_27_a_traced_start_stops_at_its_execve"),
    ("exec of / with permuted stdio", "spawn_go", "go_28_a_directory_with_permuted_descriptors"),
    ("prlimit on self, other, inherited", "spawn_go", "go_29_limits_of_oneself_of_another_and_inherited"),
    ("pidfds after failures and the end", "spawn_go", "go_30_pidfds_after_failures_and_after_the_end"),
];

const CONTAINERD: &[Row] = &[
    (
        "namespaces, maps and setgroups in the callback",
        "spawn_sandbox",
        "containerd_namespaces_of_a_user_namespace",
    ),
    ("pid namespace", "spawn_sandbox", "containerd_a_pid_namespace_has_the_holder_as_its_first_process"),
    ("NEWUSER refused, callback error, killed child, CLONE_IO", "spawn_sandbox", "containerd_errors"),
];

const SANDBOX: &[Row] = &[
    ("DropCaps in a user namespace", "spawn_sandbox", "sandbox_capabilities_are_dropped_in_a_user_namespace"),
    (
        "ETXTBSY is located; copied echo runs",
        "spawn_sandbox",
        "sandbox_a_file_open_for_writing_is_a_located_error_and_a_copy_runs",
    ),
    ("missing mount source is located", "spawn_sandbox", "sandbox_a_missing_mount_source_is_a_located_error"),
    ("set cred", "spawn_sandbox", "sandbox_credentials"),
    ("container: success", "container", "sandbox_container_success"),
    ("container: success with sync", "container", "sandbox_container_success_with_sync"),
    ("container: missing binary, with and without sync", "container", "sandbox_container_missing_binary"),
    ("container: sync error", "container", "sandbox_container_sync_error"),
    ("container: sync error after exec", "container", "sandbox_container_sync_error_after_exec"),
    ("container: answers ping and runs again", "container", "sandbox_container_success"),
    ("container: set cred", "container_life", "sandbox_container_sets_credentials"),
    ("container: fds over SCM_RIGHTS", "container", "sandbox_container_descriptors"),
    ("container: credentials over SCM_CREDENTIALS", "container", "container_hears_the_launcher_alone"),
    ("cgroup nesting: limits, pids", "spawn_sandbox", "sandbox_nested_cgroups_with_limits_and_usage"),
    (
        "cgroup nesting: cpuset, memory, pids; cpu, memory read",
        "spawn_behaviours",
        "sandbox_nested_cgroups_of_every_controller",
    ),
    ("mount flag helpers and string forms", "spawn_sandbox", "sandbox_mount_flags_and_their_words"),
    ("mount target as dir or file", "spawn_sandbox", "sandbox_mount_targets_are_made_of_their_sources_kind"),
    ("rlimit prepare and strings", "spawn_sandbox", "sandbox_limits_are_prepared_and_worded"),
    ("pipe buffer: to EOF", "collect", "sandbox_pipe_buffer_reads_to_the_end"),
    ("pipe buffer: max bytes", "collect", "sandbox_pipe_buffer_keeps_no_more_than_its_limit"),
    (
        "VM read over a page, up to NUL",
        "spawn_sandbox",
        "sandbox_memory_is_read_over_a_page_boundary_and_up_to_a_hole",
    ),
    ("file set: exact", "paths", "sandbox_file_sets_match_exact_paths"),
    ("file set: dir/", "paths", "sandbox_file_sets_match_a_directory_with_all_below"),
    ("file set: dir/*", "paths", "sandbox_file_sets_match_direct_children_alone"),
    ("file set: root", "paths", "sandbox_file_sets_match_the_root_alone"),
    ("/proc/self/fd/0-2 allowed", "paths", "sandbox_proc_aliases_of_standard_descriptors_are_allowed"),
    ("other /proc/PID dangerous", "paths", "sandbox_proc_aliases_of_anything_else_are_dangerous"),
    ("open flags that only read", "paths", "sandbox_open_flags_that_only_read"),
    ("openat2 how: sizes, versions", "paths", "sandbox_openat2_sizes_and_versions"),
    ("openat2 how: flags", "paths", "sandbox_openat2_flags_that_only_read"),
];

const TRAPS: &[Row] = &[
    ("parent dumpable after vfork and setuid", "spawn_traps", "own_parent_stays_dumpable"),
    ("SigIgn and SigBlk equality", "spawn_traps", "own_signals_are_those_of_the_starter"),
    ("zombie-aware liveness", "spawn_traps", "own_liveness_knows_a_zombie"),
    ("pdeathsig by thread exit", "spawn_traps", "own_death_signal_comes_with_the_launching_thread"),
    ("NEWPID with pdeathsig", "spawn_traps", "own_death_signal_and_pid_namespace_start_the_program"),
    ("time offset windows", "spawn_traps", "own_time_offsets_hold_from_the_first_instruction"),
    ("341-line map", "spawn_traps", "own_341_line_map_is_refused_and_340_lines_work"),
    ("setgroups after exec", "spawn_traps", "own_setgroups_is_written_before_exec"),
    ("cgroup.kill on a frozen group", "spawn_traps", "own_kill_of_a_frozen_cgroup"),
    ("32-bit child", "spawn_traps", "own_32_bit_program_in_every_namespace"),
    ("error location of every step", "spawn_traps", "own_every_place_of_failure_is_a_step"),
    (
        "error location of every step, shown",
        "spawn_steps",
        "every_step_that_fails_says_so_and_leaves_nothing",
    ),
];

/// Whether a test of this name is in a text, written out or as a row of a macro of tests.
fn has_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let written = format!("fn {name}() {{");
    let row = format!("{name}, ");
    let own = lines.windows(2).any(|pair| pair[0] == "#[test]" && pair[1] == written);
    own || text.contains("behaviours! {") && lines.iter().any(|line| line.starts_with(&row))
}

#[test]
fn every_behaviour_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut missing = Vec::new();
    for (behaviour, file, test) in [GO, CONTAINERD, SANDBOX, TRAPS].concat() {
        let text = fs::read_to_string(root.join(file).with_extension("rs")).unwrap();
        if !has_test(&text, test) {
            missing.push(format!("{behaviour}: no test {test} in tests/{file}.rs"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(!has_test("#[test]\nfn other() {\n", "fn_name") && !has_test("fn name() {\n", "name"));
    assert_eq!([GO.len(), CONTAINERD.len(), SANDBOX.len(), TRAPS.len()], [31, 3, 30, 12]);
}

#[test]
fn sandbox_nested_cgroups_of_every_controller() {
    let test = "sandbox_nested_cgroups_of_every_controller";
    if !needs_root(test, "CAP_SYS_ADMIN") || !needs_cgroup2(test) {
        return;
    }
    let layout = Layout::detect().unwrap();
    // By the names of whichever version has the controller here.
    let mut wanted = vec![("pids.max", "20"), ("cpuset.cpus", "0")];
    wanted.push(match layout.v1_of("memory") {
        Some(_) => ("memory.limit_in_bytes", "67108864"),
        None => ("memory.max", "67108864"),
    });
    if layout.v1_of("cpuacct").is_some() {
        wanted.push(("cpuacct.usage", "0"));
    }
    let settings: Vec<(String, String)> =
        wanted.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let outer = group_name();
    let made = Cgroup::open_or_create(&layout, Path::new(&format!("{outer}/inner")), &settings);
    let group = match made {
        Err(error @ trace::spawn::cgroup::Error::NoController { .. }) => {
            return support::missing(test, &format!("the controllers cpuset, memory, pids: {error}"));
        }
        other => other.unwrap(),
    };
    for (name, value) in &wanted[..3] {
        let holds = |dir: &Path| fs::read_to_string(dir.join(name)).is_ok_and(|text| text.trim() == *value);
        assert!(group.dirs().any(holds), "{name} = {value}");
    }
    let mut plan = sh("while :; do :; done");
    plan.cgroup = group.fd().map(|fd| fd.as_raw_fd());
    let mut join = |pid: i32| group.add(pid, Parts::V1).map_err(Error::Cgroup);
    let process = start(&plan, Hooks { joining: Some(&mut join), sync: None }).unwrap();
    let used = || {
        let usage = group.usage();
        usage.pids == Some(1)
            && usage.cpu_ns.is_some_and(|ns| ns > 1_000_000)
            && usage.memory_bytes.is_some_and(|bytes| bytes > 0 && bytes <= 67_108_864)
    };
    assert!(wait_until(Duration::from_secs(60), used), "{:?}", group.usage());
    let status = fs::read_to_string(format!("/proc/{}/status", process.pid())).unwrap();
    assert!(status.contains("Cpus_allowed_list:\t0\n"), "{status}");
    group.kill().unwrap();
    assert_eq!(process.wait().unwrap(), Exit::Signal(libc::SIGKILL));
    assert!(wait_until(Duration::from_secs(60), || group.pids().unwrap().is_empty()));
    let made = group.made();
    group.remove().unwrap();
    assert!(!made.is_empty() && made.iter().all(|dir| !dir.exists()), "both levels are gone: {made:?}");
}
