//! Every option of strace's table, a row each: what Debian's strace prints with it, byte for byte but for numbers that
//! two runs do not share, and for options that it lacks what the manual says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::path::Path;

use support::ORACLE;
use support::bench::{Bench, compare, outcome};

const FEW: &str = "-e trace=getppid,chdir,dup,write";

fn few(options: &[&str]) {
    let rows: Vec<String> = options.iter().map(|option| format!("{option} {FEW}")).collect();
    compare(&rows.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn startup() {
    few(&[
        "-E X=1",
        "-E PATH",
        "-E =x",
        "--env=X=1",
        "-u root",
        "--user=root",
        "-u no-such-user",
        "-D",
        "-DD",
        "-DDD",
        "--daemonize=pgroup",
        "-I 1",
        "-I 2",
        "-I 3",
        "--interruptible=never",
        "-I 5",
    ]);
    compare(&["-b execve -e trace=execve | exec", "-f -b execve -e trace=none | children", "-b foo"]);
}

#[test]
fn following() {
    compare(&[
        "-e trace=getppid | children",
        "-f -qq -e trace=getppid | children",
        "-F -qq -e trace=none | children",
        "--follow-forks -q -e trace=chdir | children",
        "-p 0 | -",
        "-p x | -",
        "-p 99999999 | -",
        "-p 4194300 -e trace=chdir",
        "-c -ff",
        "-ff -e trace=chdir",
    ]);
}

#[test]
fn calls_that_are_traced() {
    compare(&[
        "-e trace=chdir",
        "-e t=chdir,dup",
        "--trace=chdir",
        "-e chdir",
        "-e !write,read,mmap",
        "-e trace=%file",
        "-e trace=file",
        "-e trace=/^ch|^du",
        "-e trace=?foo,chdir",
        "-e trace=foo",
        "-e trace=80",
        "-e trace=999999",
        "-e trace=none",
        "-e trace=chdir@64",
        "-e trace=%desc",
        "-e trace=%creds",
        "-e trace=%signal",
        "-e trace=%pure",
        "-e trace=!all",
        "-e trace=chdir -e trace=dup",
        "-e foo=bar",
        "-e",
        "-P DIR/file | files DIR/file",
        "--trace-path=DIR/file | files DIR/file",
        "-P / | files DIR/file",
    ]);
}

#[test]
fn signals_that_are_printed() {
    compare(&[
        "-e trace=none -e signal=USR1 | signals",
        "-e trace=none -e signal=!SIGUSR1 | signals",
        "-e trace=none --signal=none | signals",
        "-e trace=none -e s=10,hup | signals",
        "-e signal=FOO",
        "-e signal=99 -e trace=none",
    ]);
}

#[test]
fn results_that_are_printed() {
    few(&[
        "-z",
        "-Z",
        "--successful-only",
        "--failed-only",
        "-e status=successful",
        "-e status=failed,unfinished",
        "--status=!failed",
        "-e status=none",
        "-e status=all",
        "-e status=unavailable",
        "-e status=detached",
        "-z -Z",
        "-z -e status=failed",
        "-e status=foo",
    ]);
    compare(&["-e status=unfinished -e trace=exit_group", "-Z -f -qq -e trace=getppid,chdir | children"]);
}

#[test]
fn notices() {
    compare(&[
        "-q -e trace=none",
        "-qq -e trace=none",
        "-qqq -f -e trace=none | children",
        "-e quiet=exit -e trace=none",
        "-e quiet=!attach -e trace=none",
        "--quiet=all -e trace=none",
        "-e silent=attach -f -e trace=none | children",
        "-e quiet=foo",
        "-q -e quiet=exit",
        "--quiet=personality,exit -e trace=none",
    ]);
}

#[test]
fn manners_of_decoding() {
    compare(&[
        "-e trace=fstat,newfstatat -e abbrev=none | strings",
        "-e trace=execve,newfstatat -e abbrev=execve | strings",
        "-v -e trace=newfstatat,execve | strings",
        "-v -e abbrev=newfstatat -e trace=newfstatat | strings",
        "-e verbose=none -e trace=!getrandom | data",
        "-e verbose=!writev -e trace=writev,readv | data",
        "-e raw=chdir -e trace=chdir,dup",
        "-e raw=all -e trace=chdir,dup",
        "-e x=dup -e trace=chdir,dup",
        "-e abbrev=foo",
        "-X raw -e trace=openat,write | files DIR/file",
        "-X verbose -e trace=openat | files DIR/file",
        "-X abbrev -e trace=openat | files DIR/file",
        "-X foo",
        "--const-print-style=raw -e trace=openat | files DIR/file",
    ]);
}

#[test]
fn dumps() {
    let calls = "-e trace=read,write,readv,writev,sendmsg,recvmsg,sendto,recvfrom";
    let rows = [
        format!("-e write=4 {calls} | data"),
        format!("-e read=all -e write=all {calls} | data"),
        format!("--read=3 {calls} | data"),
        format!("-e write=!4 {calls} | data"),
        format!("-e r=3 -s 2 {calls} | data"),
        "-e read=x".to_owned(),
    ];
    compare(&rows.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn strings_and_columns() {
    compare(&[
        "-e trace=write -x | strings",
        "-e trace=write -xx | strings",
        "-e trace=write --strings-in-hex=none | strings",
        "-e trace=write --strings-in-hex=non-ascii-chars | strings",
        "-e trace=write --strings-in-hex=non-ascii | strings",
        "-e trace=write --strings-in-hex=all | strings",
        "-e trace=write --strings-in-hex | strings",
        "--strings-in-hex=foo",
        "-s 2 -e trace=write,chdir",
        "-s 0 -e trace=write",
        "--string-limit=3 -e trace=write",
        "-s x",
        "-s -1",
        "-a 20 -e trace=write,dup",
        "-a 0 -e trace=dup",
        "--columns=60 -e trace=dup",
        "-a x",
    ]);
}

#[test]
fn times_and_places() {
    few(&[
        "-t",
        "-tt",
        "-ttt",
        "-tttt",
        "--absolute-timestamps",
        "--absolute-timestamps=unix,ns",
        "--absolute-timestamps=ms",
        "--absolute-timestamps=format:unix,precision:us",
        "--absolute-timestamps=none",
        "--absolute-timestamps=foo",
        "-r",
        "--relative-timestamps=ms",
        "--relative-timestamps=ns",
        "-r -t",
        "-T",
        "--syscall-times=ns",
        "--syscall-times=s",
        "--syscall-times=foo",
        "-n",
        "--syscall-number",
        "-n -f",
        "-i -qq -e signal=none",
        "-k -qq",
    ]);
}

#[test]
fn descriptors_and_ids() {
    compare(&[
        "-y -e trace=%desc | files DIR/file",
        "--decode-fds=path -e trace=read,close | files DIR/file",
        "-yy -e trace=read,close,openat | files DIR/file",
        "--decode-fds=foo",
        "--decode-pids=foo",
        "-y -e trace=chdir,openat | files DIR/file",
    ]);
}

#[test]
fn destinations() {
    compare(&[
        "-o |cat~>&2 -e trace=chdir,dup",
        "-o !cat~>&2 -e trace=chdir,dup",
        "-o |cat -ff",
        "-o DIR/none/file",
        "-A -e trace=chdir",
    ]);
    let Some(bench) = Bench::new() else { return };
    let logs = [Path::new(ORACLE), &bench.ours].map(|tracer| {
        let log = bench.dir.join("appended");
        for _ in 0..2 {
            let words = bench.words(&format!("-A -o {} -e trace=chdir", log.display()));
            outcome(tracer, &words);
        }
        let text = fs::read_to_string(&log).unwrap();
        fs::remove_file(&log).unwrap();
        text
    });
    assert_eq!(logs[0], logs[1]);
    assert_eq!(logs[0].lines().count(), 4, "{}", logs[0]);
}

#[test]
fn statistics() {
    compare(&[
        "-c -S name -U name,calls,errors",
        "-c -S calls -U calls,name -e trace=getppid,chdir",
        "-c -S nothing -U name,calls,errors",
        "-c -w -S name -U calls,name -e trace=getppid,chdir",
        "-C -S name -U calls,errors,name -e trace=getppid,chdir",
        "-c -S errors -U errors,name -e trace=getppid,chdir",
        "-c -U name -e trace=none",
        "-c -C",
        "-w",
        "-S time -e trace=none",
        "-U calls",
        "-c -S foo",
        "-c -U foo",
        "-c -U calls,calls",
        "-O x",
        "-c -O 1us -U calls,name -e trace=chdir",
        "-c -f -S name -U name,calls | children",
        "-c -i -U calls,name -e trace=chdir",
        "-c -n -U calls,name -e trace=chdir",
        "-c -r -U calls,name -e trace=chdir",
        "-c -t -U calls,name -e trace=chdir",
        "-c -T -U calls,name -e trace=chdir",
        "-c -y -U calls,name -e trace=chdir",
        "-c -k -U calls,name -e trace=chdir",
    ]);
}

/// Heads and rules of every column that both know.
#[test]
fn columns_of_the_summary() {
    let Some(bench) = Bench::new() else { return };
    for list in [
        "time-percent,total-time,min-time,max-time,avg-time,calls,errors,name",
        "max-time,name,min-time",
        "name",
    ] {
        let head = |tracer: &Path| {
            let text = outcome(tracer, &bench.words(&format!("-c -U {list} -e trace=getppid")));
            text.lines().take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(head(&bench.ours), head(Path::new(ORACLE)), "{list}");
    }
}

#[test]
fn tampering() {
    let calls = "-e trace=getppid,chdir,dup,write,getpid";
    let rules = [
        "inject=getppid:retval=7",
        "inject=getppid:error=EPERM",
        "inject=getppid:error=EPERM:when=2",
        "inject=getppid:error=7:when=1..2",
        "inject=getppid:error=1:when=1+2",
        "inject=getppid:error=1:when=2+",
        "inject=getppid:signal=SIGUSR1",
        "inject=getppid:signal=10:retval=3",
        "inject=getppid:delay_enter=2000",
        "inject=getppid:delay_exit=2ms:error=5",
        "inject=write:poke_enter=@arg2=585858",
        "inject=write:poke_enter=@arg2=58:retval=3",
        "inject=write:poke_enter=@arg2=58:error=EPERM:delay_enter=5",
        "inject=write:poke_exit=@arg2=585858",
        "inject=write:syscall=getpid:retval=9",
        "inject=dup:retval=12",
        "inject=chdir:retval=0",
        "inject=chdir:error=4095",
        "inject=getppid:error=512",
        "inject=getppid:retval=0x10",
        "inject=%desc:error=EIO:when=50",
        "fault=getppid",
        "fault=getppid:error=EPERM:when=3",
        "inject=",
        "inject=foo:error=1",
        "inject=getppid",
        "inject=getppid:error=EFOO",
        "inject=getppid:error=5000",
        "inject=getppid:error=1:retval=1",
        "inject=getppid:error=1:when=0",
        "inject=getppid:bar=1",
        "inject=getppid:signal=99",
        "inject=getppid:syscall=open:error=1",
        "inject=getppid:delay_enter=x",
        "inject=getppid:poke_enter=@arg9=00",
        "inject=getppid:poke_enter=@arg1=0",
        "fault=getppid:retval=1",
    ];
    let mut rows: Vec<String> = rules.iter().map(|rule| format!("-e {rule} {calls}")).collect();
    rows.push("-f -qq -e inject=getppid:error=EPERM:when=2 -e trace=getppid | children".into());
    rows.push("-e trace=chdir -e inject=getppid:error=EPERM".into());
    rows.push("--inject=chdir:retval=0 -e trace=chdir".into());
    rows.push("--fault=chdir:error=EIO -e trace=chdir".into());
    compare(&rows.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn other_words() {
    compare(&[
        "--seccomp-bpf -e trace=chdir",
        "--seccomp-bpf -f -e trace=chdir",
        "--seccomp-bpf -f -b execve -e trace=none | exec",
        "--foo",
        "-j",
        "--fol -qq -e trace=chdir | children",
        "--str=1",
        "--output",
        "-o",
        "--no-abbrev=1",
    ]);
}

/// What strace 6.1 lacks, by the words of the manual of 7.2.
#[test]
fn options_that_came_later() {
    let Some(bench) = Bench::new() else { return };
    let ours = |row: &str| outcome(&bench.ours, &bench.words(row));
    // Only calls on these descriptors, or on the path.
    let text = ours("--trace-fds=3 -e quiet=exit | files DIR/file");
    assert!(
        text.lines().all(|line| line.contains("(3") || line.contains(", 3, ") || line.starts_with("exit")),
        "{text}"
    );
    assert!(text.contains("read(3, \"c\", 1)"), "{text}");
    // The process id on every line, of the first process too.
    let text = ours("--always-show-pid -e trace=chdir");
    assert!(text.lines().next().unwrap().starts_with("[pid N] chdir("), "{text}");
    // Names of arguments.
    assert!(ours("-N -e trace=dup").contains("dup(oldfd=0) = 3"), "{}", ours("-N -e trace=dup"));
    assert!(ours("--arg-names -e trace=dup").contains("dup(oldfd=0) = 3"));
    // After so many calls everything goes on untraced.
    let text = ours("--syscall-limit=2 -e trace=getppid");
    assert_eq!(text.matches("getppid()").count(), 2, "{text}");
    // argv[0] of the program.
    assert!(ours("--argv0=other -e trace=execve").contains("[\"other\", \"calls\"]"));
    // A user without name, and without supplementary groups.
    assert!(ours("-u 65534:65534 -e trace=chdir").contains("chdir("));
    assert!(ours("--color=always -e trace=chdir").contains("\u{1b}["));
    assert!(ours("--kill-on-exit -e trace=chdir").contains("chdir("));
    assert!(ours("--stack-trace-frame-limit=1 -k -e trace=chdir").contains("> /"));
}

/// What strace cannot: several rules for one call, and arguments that are rewritten and put back.
#[test]
fn tampering_beyond() {
    let Some(bench) = Bench::new() else { return };
    let ours = |row: &str| outcome(&bench.ours, &bench.words(row));
    let text = ours("-e inject=getppid:retval=1:when=1 -e inject=getppid:error=EIO:when=3 -e trace=getppid");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "getppid() = 1 (INJECTED)");
    assert!(lines[1].starts_with("getppid() = N"), "{text}");
    assert_eq!(lines[2], "getppid() = -1 EIO (Input/output error) (INJECTED)");
    let text = ours("-e inject=write:arg3=2 -e trace=write");
    assert_eq!(text.lines().next().unwrap(), "write(1, \"ab\", 2) = 2 (INJECTED: args)");
}

/// Beyond strace: a table for each process, and one option for the good decoders.
#[test]
fn tables_of_processes_and_a_useful_view() {
    let Some(bench) = Bench::new() else { return };
    let trace = Path::new(env!("CARGO_BIN_EXE_trace"));
    let log = bench.dir.join("tables");
    let words =
        bench.words(&format!("-c -ff -U calls,name -e trace=getppid,chdir -o {} | children", log.display()));
    let text = outcome(trace, &words);
    assert!(text.contains("exit status: 0"), "{text}");
    let files = fs::read_dir(bench.dir.path()).unwrap().map(|entry| entry.unwrap());
    let tables: Vec<_> =
        files.filter(|entry| entry.file_name().to_str().unwrap().starts_with("tables.")).collect();
    assert_eq!(tables.len(), 2, "one for each child that made such calls: {tables:?}");
    for table in tables {
        let text = fs::read_to_string(table.path()).unwrap();
        assert!(text.contains("        3 getppid\n") && text.contains("        1 chdir\n"), "{text}");
    }
    let text = outcome(trace, &bench.words("--useful -e trace=read | files DIR/file"));
    assert!(text.contains("/file>, buf=\"c\", count=1) = 1 <T"), "{text}");
}
