//! The query language on calls that were never made: what is refused, what holds, and that what the seccomp filter drops
//! would not have matched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "query/calls.rs"]
mod calls;
#[path = "query/random.rs"]
mod random;

use calls::*;
use syscall_tables::abi::{Abi, numbers};
use trace::bpf::run::run;
use trace::bpf::{Action, Data, check};
use trace::event::{Call, Tid};
use trace::filter::program;
use trace::filter::query::{Context, Facts, Query};

/// AT_FDCWD as a register holds it.
const CWD: u64 = -100i32 as u32 as u64;

/// One process, 42, that runs cat.
struct Cat;

impl Context for Cat {
    fn process(&self, _tid: Tid) -> Option<Facts<'_>> {
        Some(Facts { pid: 42, comm: b"cat", exe: b"/usr/bin/cat", depth: 1 })
    }
}

fn holds(expression: &str, call: &Call) -> bool {
    Query::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}")).matches(call, &Cat)
}

/// Each expression with what it must be.
fn table(call: &Call, rows: &[(&str, bool)]) {
    for (expression, wanted) in rows {
        assert_eq!(holds(expression, call), *wanted, "{expression}");
        assert_eq!(holds(&format!("not ({expression})"), call), !wanted, "not ({expression})");
    }
}

#[test]
fn refusals_name_the_place_and_the_nearest() {
    let rows = [
        ("", "a field is wanted here"),
        ("name", "'name' must be compared"),
        ("nmae == openat", "there is no field 'nmae'; nearest: name"),
        ("flags has O_CREAT", "the argument is 'arg.flags'"),
        ("openat", "the syscall is 'name == openat'"),
        ("name == opneat", "no syscall is called 'opneat'; nearest: openat"),
        ("name ~ \"^opeen\"", "no syscall has a name like this"),
        ("name == 3", "the name of a syscall is wanted here"),
        ("class == fiel", "no class is called 'fiel'; nearest: file"),
        ("arg.flasg has O_CREAT", "no argument is called 'flasg'; nearest: flags"),
        ("arg.flasg has O_CREAT", "at column 5: arg.>>flasg<< has O_CREAT"),
        ("arg.flags has O_CRAET", "no value of 'arg.flags' is called 'O_CRAET'; nearest: O_CREAT"),
        ("arg.flags has O_CREAT|SEEK_CUR", "no value of 'arg.flags' is called 'SEEK_CUR'"),
        ("arg.flags has O_CREAT|MAP_FIXED", "no call has O_CREAT and MAP_FIXED together"),
        ("arg.flags == \"O_CREAT\"", "write its value without quotes"),
        ("arg.flags ~ \"CREAT\"", "is no string"),
        ("arg.pathname == etc", "strings stand in quotes"),
        ("arg.statbuf.st_szie > 3", "'arg.statbuf' has no member called 'st_szie'; nearest: st_size"),
        ("arg.fd.x == 3", "'arg.fd' has no member called 'x'; it has no members"),
        ("arg.addr.sin_prot == 3", "nearest: sin_port"),
        ("errno == ENOENTT", "no error is called 'ENOENTT'; nearest: ENOENT"),
        ("errno < 3", "'errno' cannot be compared so"),
        ("failed == 1", "true or false by itself"),
        ("dur > 10", "a time with its unit is wanted here"),
        ("dur > 10min", "a time with its unit is wanted here"),
        ("ret == 1x", "a number is wanted here"),
        ("ret == 99999999999999999999", "a number is wanted here"),
        ("arg0 == -1", "never negative"),
        ("abi == x86", "no ABI is called 'x86'"),
        ("peer.addr == \"10.0.0.0/33\"", "no IP address"),
        ("peer.addr ~ \"10\"", "cannot be compared so"),
        ("path == /etc/passwd", "paths and expressions stand in quotes"),
        ("path ~ \"(\"", "does not compile"),
        ("path ~ etc", "a regular expression in quotes"),
        ("path == \"etc", "no end"),
        ("path == \"\\xg0\"", "two hexadecimal digits"),
        ("ret == 0 ret", "'and', 'or' or the end is wanted here"),
        ("(ret == 0", "')' is wanted here"),
        ("ret in 3", "a list is wanted after 'in'"),
        ("ret in (3 4)", "',' or ')' is wanted here"),
        ("ret == 0 and", "a field is wanted here"),
        ("ret & 3", "means nothing here"),
    ];
    for (expression, sentence) in rows {
        let error = Query::parse(expression).expect_err(expression).to_string();
        assert!(error.contains(sentence), "{expression}: {error}");
        assert!(!error.contains('\n'), "{expression}: {error}");
    }
    let deep = format!("{}ret == 0{}", "(".repeat(5000), ")".repeat(5000));
    assert!(Query::parse(&deep).unwrap_err().to_string().contains("inside each other"));
}

#[test]
fn an_open_that_failed() {
    let call = named("openat", [CWD, PATH, 0o301, 0o644, 0, 0], Some(-2));
    table(
        &call,
        &[
            ("name == openat", true),
            ("name in (open, openat)", true),
            ("name not in (open, openat)", false),
            ("name ~ \"^open\"", true),
            ("name != openat", false),
            ("class == file", true),
            ("class has %file", true),
            ("class == network", false),
            ("class != network", true),
            ("nr == 257", true),
            ("abi == x86_64", true),
            ("abi != x86_64", false),
            ("pid == 42 and tid == 7", true),
            ("comm == cat and exe ~ \"/cat$\" and depth == 1", true),
            ("comm has \"a\" and comm !~ \"dog\"", true),
            ("arg.flags has O_CREAT", true),
            ("arg.flags has O_CREAT|O_EXCL", true),
            ("arg.flags has O_CREAT | O_TRUNC", false),
            ("arg.flags has O_WRONLY", true),
            ("arg.flags has O_RDONLY", false),
            ("arg.flags == O_WRONLY|O_CREAT|O_EXCL", true),
            ("arg.flags == 0301", true),
            ("arg.flags has 0x40", true),
            ("arg.flags in (O_RDONLY, O_WRONLY|O_CREAT|O_EXCL)", true),
            ("arg.mode == 0644", true),
            ("arg.mode >= 0o600 and arg.mode < 0x1ff", true),
            ("arg.dirfd == AT_FDCWD", true),
            ("arg.dirfd != AT_FDCWD", false),
            ("arg.pathname == \"/etc/passwd\"", true),
            ("arg.pathname ~ \"^/etc/\"", true),
            ("arg.pathname has \"pass\"", true),
            ("arg.pathname == NULL", false),
            ("arg1 == 0x1000", true),
            ("path ~ \"^/etc/\"", true),
            ("path !~ \"^/usr\"", true),
            ("fd == 3", false),
            ("ret == -1", true),
            ("ret < 0", true),
            ("ret == -2", false),
            ("errno == ENOENT", true),
            ("errno in (EACCES, ENOENT)", true),
            ("errno != EACCES", true),
            ("errno == 2", true),
            ("failed", true),
            ("succeeded", false),
            ("unfinished", false),
            ("dur == 5ms", true),
            ("dur > 4999us and dur < 0.006s and dur == 5000000ns", true),
            ("bytes >= 0", false),
            ("peer.port == 443", false),
            ("failed && !succeeded || unfinished", true),
            ("unfinished or failed and succeeded", false),
        ],
    );
}

#[test]
fn what_is_absent_makes_every_comparison_false() {
    let call = named("close", [3, 0, 0, 0, 0, 0], None);
    for absent in ["ret", "errno", "arg.flags", "arg.mode", "bytes"] {
        for op in ["==", "!="] {
            assert!(!holds(&format!("{absent} {op} 0"), &call), "{absent} {op} 0");
            assert!(holds(&format!("not {absent} {op} 0"), &call), "not {absent} {op} 0");
        }
    }
    table(
        &call,
        &[
            ("dur >= 0ns", false),
            ("failed", false),
            ("succeeded", false),
            ("unfinished", true),
            ("path !~ \"x\"", false),
            ("peer.port != 3", false),
            ("fd == 3", true),
            ("fd != 3", false),
            ("fd != 4", true),
            ("arg.fd == 3", true),
        ],
    );
    let unknown = Query::parse("pid != 3 or comm != x or exe != x or depth != 7").unwrap();
    assert!(!unknown.matches(&call, &()), "a context that knows nothing");
}

#[test]
fn names_mean_something_in_their_own_set_only() {
    // O_CREAT is 0100; so is MAP_STACK's neighbourhood of mmap, where the name says nothing.
    let call = named("mmap", [0, 4096, 3, 0o100 | 2, u64::MAX, 0], Some(0x7f00_0000_0000));
    table(
        &call,
        &[
            ("arg.flags has O_CREAT", false),
            ("arg.flags != O_CREAT", false),
            ("arg.flags has MAP_PRIVATE", true),
            ("arg.prot == PROT_READ|PROT_WRITE", true),
            ("arg.addr == NULL", true),
            ("arg.fd == -1", true),
            ("ret == 0x7f0000000000", true),
        ],
    );
    let call = named("lseek", [3, 0, 1, 0, 0, 0], Some(0));
    table(
        &call,
        &[
            ("arg.whence == SEEK_CUR", true),
            ("arg.whence has SEEK_DATA", false),
            ("arg.whence < SEEK_END", true),
        ],
    );
    let call = named("kill", [42, 9, 0, 0, 0, 0], Some(0));
    table(&call, &[("arg.sig == SIGKILL", true), ("arg.sig != SIGTERM", true), ("arg.sig == 9", true)]);
    let call = named("kill", [42, 0, 0, 0, 0, 0], Some(0));
    table(&call, &[("arg.sig != SIGKILL", true), ("arg.sig == 0", true)]);
}

#[test]
fn peers_paths_and_what_lies_in_memory() {
    let call = named("connect", [3, INET, 16, 0, 0, 0], Some(0));
    table(
        &call,
        &[
            ("peer.port == 443", true),
            ("peer.port in (80, 443)", true),
            ("peer.addr == \"10.0.0.0/8\"", true),
            ("peer.addr in (\"192.168.0.0/16\", \"10.1.2.3\")", true),
            ("peer.addr != \"10.0.0.0/8\"", false),
            ("peer.path ~ \".\"", false),
            ("arg.addr.sin_port == 443", true),
            ("arg.addr.sa_family == AF_INET", true),
            ("arg.addr.sin_addr ~ \"^10[.]\"", true),
        ],
    );
    let call = named("connect", [3, INET6, 28, 0, 0, 0], Some(0));
    table(
        &call,
        &[
            ("peer.port == 53", true),
            ("peer.addr == \"fe80::/10\"", true),
            ("arg.addr.sin6_addr == \"fe80::7\"", true),
        ],
    );
    table(&named("connect", [3, UNIX, 110, 0, 0, 0], Some(0)), &[("peer.path ~ \".\"", false)]);
    table(&named("connect", [3, UNIX, 11, 0, 0, 0], Some(0)), &[("peer.path == \"/run/log\"", true)]);
    table(&named("connect", [3, ABSTRACT, 6, 0, 0, 0], Some(0)), &[("peer.path == \"@bus\"", true)]);
    let call = named("execve", [PATH, ARGV, 0, 0, 0, 0], Some(0));
    table(&call, &[("arg.argv == \"-n\"", true), ("arg.argv == \"-x\"", false), ("arg.argv ~ \"^c\"", true)]);
    let call = named("pipe", [PAIR, 0, 0, 0, 0, 0], Some(0));
    table(&call, &[("arg.pipefd == 5", true), ("arg.pipefd == 7", false), ("fd == 5", false)]);
    let call = named("openat", [9, RELATIVE, 0, 0, 0, 0], Some(4));
    let call = open_on(open_on(call, 9, "/etc"), 4, "/private/etc/passwd");
    table(
        &call,
        &[
            ("path == \"/etc/passwd\"", true),
            ("path == \"./passwd\"", true),
            ("path ~ \"^/private/\"", true),
            ("path == \"/etc\"", true),
            ("fd == 9", true),
            ("fd == 4", false),
        ],
    );
    let call = open_on(named("openat", [CWD, RELATIVE, 0, 0, 0, 0], Some(4)), -100, "/etc");
    table(&call, &[("path == \"/etc/passwd\"", true), ("path == \"/etc\"", false)]);
    let call = numbered(Abi::I386, numbers::I386_SOCKETCALL, [3, SOCKETCALL, 0, 0, 0, 0], Some(0));
    table(&call, &[("name == connect and peer.port == 443", true), ("name == socketcall", false)]);
}

#[test]
fn long_strings_are_read_as_far_as_they_are_needed() {
    assert_eq!(Query::parse("arg.buf == \"hello\"").unwrap().needs().string_bytes, 6);
    assert_eq!(Query::parse("arg.buf ~ \"hello\"").unwrap().needs().string_bytes, 4096);
    assert_eq!(Query::parse("ret == 0").unwrap().needs().string_bytes, 0);
    // The buffer is /etc/passwd and a NUL: what begins like it is not it.
    let call = named("write", [1, PATH, 12, 0, 0, 0], Some(12));
    table(
        &call,
        &[
            ("arg.buf == \"/etc/passwd\"", false),
            ("arg.buf == \"/etc/passwd\\0\"", true),
            ("arg.buf == \"/etc/\"", false),
            ("arg.buf != \"/etc/\"", true),
            ("arg.buf has \"pass\"", true),
            ("bytes == 12", true),
        ],
    );
}

#[test]
fn needs_say_what_must_be_captured() {
    let needs = |expression: &str| Query::parse(expression).unwrap().needs();
    let free = needs("name == openat and arg.flags has O_CREAT and nr > 3 and arg0 == 3");
    assert!(!free.memory && !free.results && !free.fd_targets && !free.times && !free.processes);
    assert!(needs("fd == 3").memory && !needs("fd == 3").results, "descriptors of poll lie in memory");
    assert!(needs("path == x").fd_targets && needs("path == x").results);
    assert!(needs("arg.pathname ~ \"x\"").memory && !needs("arg.pathname ~ \"x\"").results);
    assert!(needs("arg.statbuf.st_size > 3").results);
    assert!(needs("dur > 1ms").times && needs("dur > 1ms").results);
    assert!(needs("comm == x").processes && !needs("comm == x").results);
    assert!(needs("failed").results && needs("errno == 2").results && needs("bytes > 2").results);
}

#[test]
fn what_is_pushed_down() {
    let stops = |expression: &str, name: &str, args: [u64; 6]| {
        let pushdown = Query::parse(expression).unwrap().pushdown();
        let program = program::program(&pushdown.wanted, &pushdown.ways, &[]).unwrap();
        check::check(&program).unwrap();
        let abi = Abi::X86_64;
        let nr = numbers::number(abi, name).unwrap() as i32;
        let data = Data { nr, arch: abi.audit_arch(), ip: 0, args };
        Action::from_ret(run(&program, &data).unwrap().ret) != Action::Allow
    };
    let first = |arg| [arg, 0, 0, 0, 0, 0];
    for (expression, name, args, wanted) in [
        ("name == openat and failed", "openat", [0; 6], true),
        ("name == openat and failed", "read", [0; 6], false),
        ("not name == openat", "openat", [0; 6], false),
        ("name == openat or errno == ENOENT", "read", [0; 6], true),
        ("class == file", "close", [0; 6], false),
        ("fd == 3", "close", first(3), true),
        ("fd == 3", "close", first(4), false),
        ("fd == 3", "close", first(0xffff_ffff_0000_0003), true),
        ("fd == 3", "poll", first(4), true),
        ("fd == 3", "getpid", first(3), false),
        ("arg.flags has O_CREAT", "openat", [0, 0, 0o100, 0, 0, 0], true),
        ("arg.flags has O_CREAT", "openat", [0, 0, 0o200, 0, 0, 0], false),
        ("arg.flags has O_CREAT", "mmap", [0, 0, 0, 0o100, 0, 0], false),
        ("not arg.flags has O_CREAT", "openat", [0, 0, 0o100, 0, 0, 0], false),
        ("not arg.flags has O_CREAT", "read", [0; 6], true),
        ("arg.flags has O_RDONLY", "openat", [0, 0, 0o100, 0, 0, 0], true),
        ("arg.flags has O_RDONLY", "openat", [0, 0, 0o101, 0, 0, 0], false),
        ("arg0 == 3", "read", first(3), true),
        ("arg0 == 3", "read", first(0x1_0000_0003), false),
        ("arg.count > 4096", "read", [0, 0, 4096, 0, 0, 0], false),
        ("arg.count > 4096", "read", [0, 0, 1 << 40, 0, 0, 0], true),
        ("arg.count > 4096 and ret == 0", "read", [0, 0, 4097, 0, 0, 0], true),
        ("arg.sig in (SIGKILL, SIGTERM)", "kill", [1, 9, 0, 0, 0, 0], true),
        ("arg.sig in (SIGKILL, SIGTERM)", "kill", [1, 0, 0, 0, 0, 0], false),
        ("peer.port == 443", "connect", [0; 6], true),
        ("peer.port == 443", "read", [0; 6], true),
        ("peer.port == 443", "getpid", [0; 6], false),
        ("path ~ \"x\"", "openat", [0; 6], true),
        ("path ~ \"x\"", "getpid", [0; 6], false),
        ("bytes > 3", "getpid", [0; 6], false),
        ("abi == i386", "openat", [0; 6], false),
    ] {
        assert_eq!(stops(expression, name, args), wanted, "{expression}: {name} {args:x?}");
    }
}

#[test]
fn what_the_filter_drops_does_not_match() {
    let mut random = random::Random(0x5eed);
    let (mut dropped, mut matched, mut asked) = (0, 0, 0);
    for _ in 0..1500 {
        let expression = random.expression(3);
        let query = Query::parse(&expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
        let pushdown = query.pushdown();
        let program = program::program(&pushdown.wanted, &pushdown.ways, &[]).unwrap();
        for _ in 0..60 {
            let (abi, nr, args, result) = random.call();
            let data = Data { nr: nr as i32, arch: abi.audit_arch(), ip: 0, args };
            let drops = Action::from_ret(run(&program, &data).unwrap().ret) == Action::Allow;
            let (mut call, seen) = captured(abi, nr, args, result);
            if seen.contains(&3) {
                call = open_on(call, 3, "/etc/passwd");
            }
            let holds = query.matches(&call, &Cat);
            asked += 1;
            dropped += u32::from(drops);
            matched += u32::from(holds);
            let unwanted = drops || !pushdown.wanted.has(abi, nr);
            assert!(!(unwanted && holds), "{expression}: dropped {abi} {nr} {args:x?} -> {result:?}");
        }
    }
    println!("{asked} calls asked, {dropped} dropped, {matched} matched");
    assert!(
        dropped > asked / 5 && matched > asked / 10,
        "{asked} asked, {dropped} dropped, {matched} matched"
    );
}

#[test]
fn what_cannot_hold_for_an_operation_does_not() {
    let mut random = random::Random(0xf00d);
    let (mut cannot, mut matched, mut asked) = (0, 0, 0);
    for _ in 0..600 {
        let expression = random.expression(3);
        let query = Query::parse(&expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
        let query = query.with_operations();
        let pushdown = query.pushdown();
        let program = program::program(&pushdown.wanted, &pushdown.ways, &[]).unwrap();
        let stops = [Abi::X86_64, Abi::I386].map(|abi| {
            let nr = numbers::number(abi, "io_uring_enter").unwrap() as i32;
            let data = Data { nr, arch: abi.audit_arch(), ip: 0, args: [3, 1, 1, 1, 0, 0] };
            Action::from_ret(run(&program, &data).unwrap().ret) != Action::Allow
        });
        assert!(!query.needs().rings || stops == [true; 2], "{expression}");
        for _ in 0..30 {
            let (abi, sqe, result) = random.operation();
            let (mut call, seen) = calls::operation(abi, sqe, result);
            if seen.contains(&3) {
                call = open_on(call, 3, "/etc/passwd");
            }
            let holds = query.matches(&call, &Cat);
            asked += 1;
            cannot += u32::from(!query.needs().rings);
            matched += u32::from(holds);
            assert!(
                query.needs().rings || !holds,
                "{expression}: {} {abi} {sqe:x?} -> {result:?}",
                call.title()
            );
        }
    }
    println!("{asked} operations asked, {cannot} of questions that cannot hold for one, {matched} matched");
    assert!(cannot > asked / 50 && matched > asked / 10, "{asked} asked, {cannot} cannot, {matched} matched");
}
