//! The programs of the differential test, one row each, and what may vary between two runs of them.

use regex::Regex;
use std::sync::OnceLock;

/// How two runs of a program are compared.
#[derive(Clone, Copy)]
pub enum Mode {
    /// Per process, the sequence of calls must be the same.
    Exact,
    /// Per process, how often each name occurs must be the same, give or take `slack`, but for the `free` names.
    Unordered {
        /// Names whose count the scheduler decides.
        free: &'static [&'static str],
        /// By how much other counts may differ.
        slack: usize,
    },
}

/// What inherently varies between two runs and is blanked before comparison.
#[derive(Clone, Copy)]
pub enum Vary {
    /// Random bytes: getrandom's buffer.
    Random,
    /// The processor's clock: times, counters of usage, deadlines.
    Time,
    /// Inode numbers and device numbers.
    Inode,
    /// Names with a random part (`XXXXXX` of mkstemp, git's tmp_obj_…).
    TempName,
    /// Bytes of files that hold times or pids (read and write payloads, and their lengths).
    Payload,
    /// Sizes of files under /proc and results that depend on free memory.
    System,
}

impl Vary {
    /// Blanks it in the text of one event.
    pub fn normalise(self, name: &str, text: String) -> String {
        static SOURCES: OnceLock<Vec<Regex>> = OnceLock::new();
        let regexes = SOURCES.get_or_init(|| {
            let sources = [
                r#"^getrandom\("[^"]*""#,
                r"tv_[nu]?sec=\d+|/\* \d{4}-\d\d-\d\dT[^*]+\*/|tms_\w+=\d+|(?:si_utime|si_stime)=\d+(?: /\* [0-9.]+ s \*/)?|ru_\w+=\d+|= \d{6,}$",
                r"st_ino=\d+|d_ino=\d+|stx_ino=\d+|st_dev=makedev\([^)]*\)",
                r"(tmp_\w+_|tmp|cc|\.tmp)[A-Za-z0-9_]{6,8}",
                r#""(?:[^"\\]|\\.)*"(?:\.\.\.)?|\d+"#,
                r"\d+",
            ];
            sources.iter().filter_map(|source| Regex::new(source).ok()).collect()
        });
        let applies = match self {
            Vary::Random => name == "getrandom",
            Vary::Payload => matches!(
                name,
                "read"
                    | "write"
                    | "pread64"
                    | "pwrite64"
                    | "writev"
                    | "sendto"
                    | "recvfrom"
                    | "lseek"
                    | "statfs"
            ),
            Vary::System => matches!(name, "sysinfo" | "statfs" | "fstatfs"),
            _ => true,
        };
        let index = self as usize;
        if applies { regexes[index].replace_all(&text, "_").into_owned() } else { text }
    }

    /// A line with every number, string and address blanked and lists cut to their first item.
    pub fn shape(text: &str) -> String {
        static SHAPE: OnceLock<Option<Regex>> = OnceLock::new();
        let regex = SHAPE.get_or_init(|| Regex::new(r#""(?:[^"\\]|\\.)*"(\.\.\.)?|0x[0-9a-f]+|-?\d+"#).ok());
        let blank =
            regex.as_ref().map_or_else(|| text.to_owned(), |regex| regex.replace_all(text, "_").into_owned());
        let mut out = String::new();
        let mut last = "";
        for part in blank.split_inclusive(", ") {
            if part != last {
                out.push_str(part);
            }
            last = part;
        }
        out
    }
}

/// One program.
pub struct Row {
    /// What it is called in reports.
    pub name: &'static str,
    /// Prepares the directory, untraced (sh).
    pub setup: &'static str,
    /// What is traced (sh).
    pub script: &'static str,
    /// How the logs are compared.
    pub mode: Mode,
    /// What varies between two runs.
    pub vary: &'static [Vary],
    /// Tools it needs, with the Debian package.
    pub needs: &'static [(&'static str, &'static str)],
    /// Why this mode and these variations.
    pub reason: &'static str,
    /// Calls and signals that come a varying number of times in the program itself, left out on both sides.
    pub uncounted: &'static [&'static str],
    /// Upper bound of differing lines, to be tightened.
    pub bound: usize,
}

const BASIC: &[Vary] = &[Vary::Random, Vary::Time, Vary::System];
const GCC: &[(&str, &str)] = &[("gcc", "gcc")];
const PYTHON: &[(&str, &str)] = &[("/usr/bin/python3", "python3")];
/// Processes that run at the same time: whether a wait or a read meets SIGCHLD is chance.
const PARALLEL: Mode = Mode::Unordered { free: &["wait4", "rt_sigreturn", "read"], slack: 2 };
const PLAIN: Row = Row {
    name: "",
    setup: "",
    script: "",
    mode: Mode::Exact,
    vary: BASIC,
    needs: &[],
    reason: "one thread of control per process: only random bytes, clocks and free space vary",
    uncounted: &[],
    bound: 0,
};
/// Children of a pipeline that end at the same time raise one SIGCHLD or two in the shell that waits for them.
const CHILDREN: &[&str] = &["SIGCHLD", "rt_sigreturn"];
const PARALLEL_REASON: &str =
    "processes run at the same time: a wait or read is interrupted by SIGCHLD or not";
/// What a thread does while it waits for others.
const THREADED: Mode = Mode::Unordered {
    free: &[
        "futex",
        "sched_yield",
        "mmap",
        "munmap",
        "mprotect",
        "madvise",
        "clock_nanosleep",
        "rt_sigreturn",
        "brk",
    ],
    slack: 4,
};
const THREADED_REASON: &str =
    "threads run at the same time: who waits, and which arena malloc takes, is the scheduler's choice";
const GO: Mode = Mode::Unordered {
    free: &[
        "futex",
        "nanosleep",
        "epoll_pwait",
        "madvise",
        "rt_sigprocmask",
        "sigaltstack",
        "gettid",
        "clone",
        "mmap",
        "tgkill",
        "rt_sigreturn",
        "getpid",
        "sched_yield",
        "munmap",
        "epoll_ctl",
        "epoll_create1",
        "pipe2",
        "fcntl",
    ],
    slack: 4,
};

/// The programs.
pub const ROWS: &[Row] = &[
    Row { name: "ls-subtree", script: "exec ls -laR /usr/share/doc/git* /usr/share/doc/b*", ..PLAIN },
    Row { name: "ls-doc", script: "exec ls -laR /usr/share/doc", ..PLAIN },
    Row {
        mode: PARALLEL,
        name: "find-grep",
        script: "find /etc | xargs grep -l root 2>/dev/null | sort | wc -l",
        bound: 24,
        reason: PARALLEL_REASON,
        ..PLAIN
    },
    Row {
        name: "git-clone",
        setup: "git init -q src && cd src && git config user.email a@b && git config user.name n &&
            for i in 1 2 3 4 5; do seq $i 200 > f$i; done && git add . &&
            GIT_AUTHOR_DATE='@1 +0000' GIT_COMMITTER_DATE='@1 +0000' git commit -qm one",
        script: "git clone -q --no-local src copy && git -C copy log --oneline | wc -l && ls copy",
        mode: Mode::Unordered { free: &["futex", "wait4", "rt_sigreturn", "read", "poll", "mprotect", "mmap", "munmap", "sched_yield", "madvise"], slack: 6 },
        needs: &[("git", "git")],
        reason: "index-pack and pack-objects use threads and pipes whose filling the scheduler decides",
        bound: 60,
        ..PLAIN
    },
    Row {
        name: "git-status",
        setup: "git init -q . && git config user.email a@b && git config user.name n && seq 9 > f && git add f && git commit -qm one && seq 8 > f",
        script: "git status --porcelain; git diff --stat; git log -1 --format=%s",
        vary: &[Vary::Random, Vary::Time, Vary::System, Vary::TempName, Vary::Payload],
        needs: &[("git", "git")],
        reason: "the index holds inode numbers and times of the copied tree",
        bound: 4,
        ..PLAIN
    },
    Row {
        name: "tar",
        setup: "mkdir -p tree/a/b && for i in $(seq 40); do seq $i 300 > tree/a/f$i; ln -s f$i tree/a/l$i; done; cp tree/a/f1 tree/a/b",
        script: "tar cf t.tar tree && mkdir out && tar xf t.tar -C out && diff -r tree out && tar tf t.tar | sort | wc -l",
        vary: &[Vary::Random, Vary::Time, Vary::System, Vary::Inode],
        reason: "directory entries come in the order of their hashes, which is kept by the copy; times do not vary",
        bound: 6,
        uncounted: CHILDREN,
        ..PLAIN
    },
    Row {
        name: "python-threads",
        script: "python3 -c \"
import threading, subprocess
def job(n):
    r.append(subprocess.run(['/bin/echo', str(n)], capture_output=True).stdout)
r = []
t = [threading.Thread(target=job, args=(n,)) for n in range(4)]
[x.start() for x in t]; [x.join() for x in t]
print(sorted(r))\"",
        mode: Mode::Unordered {
            free: &["futex", "mmap", "munmap", "mprotect", "madvise", "sched_yield", "brk", "rt_sigreturn", "poll", "select", "read"],
            slack: 8,
        },
        needs: PYTHON,
        reason: THREADED_REASON,
        bound: 40,
        ..PLAIN
    },
    Row {
        name: "python-single",
        script: "python3 -c \"import json, os, tempfile; print(json.dumps(sorted(os.listdir('.')))); print(sum(range(99)))\"",
        needs: PYTHON,
        ..PLAIN
    },
    Row {
        name: "gcc",
        setup: "printf '#include <stdio.h>\\nint main(void){puts(\"hi\");return 3;}\\n' > a.c",
        script: "gcc -O1 -o a a.c; ./a; echo $?",
        vary: &[Vary::Random, Vary::Time, Vary::System, Vary::TempName],
        needs: GCC,
        // Counted under the oracle alone: five or six calls, by how its random names fall out.
        uncounted: &["getrandom"],
        reason: "names of temporary files are random, and so is how often gcc draws for them",
        bound: 4,
        ..PLAIN
    },
    Row {
        name: "cargo-build",
        setup: "mkdir -p src && printf '[package]\\nname=\"tiny\"\\nversion=\"0.1.0\"\\nedition=\"2021\"\\n' > Cargo.toml &&
            printf 'fn main(){println!(\"tiny\");}\\n' > src/main.rs && cargo generate-lockfile --offline 2>/dev/null && rustc -V >/dev/null",
        script: "cargo build -q --offline -j1 && ./target/debug/tiny",
        mode: Mode::Unordered {
            free: &[
                "futex", "mmap", "munmap", "mprotect", "madvise", "sched_yield", "brk", "rt_sigreturn", "poll", "read",
                "getrandom", "sched_getaffinity", "epoll_wait", "wait4", "write", "set_robust_list", "rseq", "sigaltstack",
                "rt_sigprocmask", "prctl", "clone3", "exit", "statx", "getcwd", "lseek", "openat", "close",
            ],
            slack: 40,
        },
        needs: &[("cargo", "cargo")],
        reason: "rustc's and cargo's thread pools start as many threads as there is work left; file names are hashed",
        bound: 150,
        ..PLAIN
    },
    Row {
        name: "curl",
        script: "curl -sS http://127.0.0.1:$PORT/page | cksum",
        mode: Mode::Unordered { free: &["poll", "recvfrom", "read", "write", "futex", "rt_sigreturn", "wait4"], slack: 3 },
        needs: &[("curl", "curl"), ("/usr/bin/python3", "python3")],
        reason: "how many polls and reads a reply takes depends on the server's timing; the local port is ephemeral",
        bound: 24,
        ..PLAIN
    },
    Row {
        name: "static-binary",
        setup: "gcc -static -O1 -o s $PROGRAMS/hello_static.c",
        script: "exec ./s one two",
        needs: GCC,
        ..PLAIN
    },
    Row {
        name: "go",
        setup: "cp $PROGRAMS/hello.go hello.go && go build -o hello hello.go",
        script: "exec ./hello",
        mode: GO,
        needs: &[("go", "golang-go")],
        reason: "the Go runtime starts threads and preempts them with signals as time goes by",
        bound: 20,
        ..PLAIN
    },
    Row {
        name: "i386",
        setup: "gcc -m32 -O1 -o s $PROGRAMS/hello_static.c",
        script: "exec ./s one two",
        needs: &[("gcc", "gcc"), ("/usr/lib32/libc.so.6", "gcc-multilib")],
        ..PLAIN
    },
    Row {
        name: "bash-jobs-pty",
        setup: "cp $PROGRAMS/pty_jobs.py .",
        script: "exec python3 pty_jobs.py",
        mode: Mode::Unordered {
            free: &["read", "write", "poll", "select", "pselect6", "wait4", "rt_sigreturn", "rt_sigprocmask", "ioctl", "rt_sigaction", "kill", "setpgid"],
            slack: 6,
        },
        needs: &[("bash", "bash"), ("/usr/bin/python3", "python3")],
        reason: "two ends of a terminal read each other's echo in pieces; job control races by design",
        bound: 60,
        ..PLAIN
    },
    Row {
        mode: PARALLEL,
        name: "sed-awk",
        script: "seq 500 | sed -n 's/1/x/p' | awk '{ n += length($0) } END { print n }'; echo a:b | cut -d: -f2 | tr a-z A-Z",
        reason: PARALLEL_REASON,
        bound: 24,
        ..PLAIN
    },
    Row {
        vary: &[Vary::Random, Vary::Time, Vary::System, Vary::Payload],
        name: "sqlite3",
        script: "sqlite3 t.db 'create table t(a,b); insert into t values(1,2),(3,4); update t set b=5 where a=1; select * from t;'",
        needs: &[("sqlite3", "sqlite3")],
        bound: 4,
        ..PLAIN
    },
    Row {
        vary: &[Vary::Random, Vary::Time, Vary::System, Vary::Payload],
        name: "perl",
        script: "perl -e 'open F, \"<\", \"/etc/passwd\"; @l = <F>; print scalar(@l) > 0, \"\\n\"; print `echo sub`; system(\"true\"); kill 0, $$; unlink \"none\";'",
        needs: &[("perl", "perl")],
        ..PLAIN
    },
    Row {
        name: "make",
        setup: "printf 'all: a b\\na:\\n\\techo A > a\\nb: a\\n\\tcat a > b; echo B >> b\\n' > Makefile",
        script: "make -s && cat b && make -q; echo $?",
        needs: &[("make", "make")],
        bound: 4,
        ..PLAIN
    },
    Row {
        name: "dd",
        script: "dd if=/dev/zero of=z bs=4096 count=200 status=none conv=fsync && dd if=z of=y bs=64k skip=1 seek=2 status=none && cksum < y",
        ..PLAIN
    },
    Row {
        name: "sigterm-sleep",
        script: "sleep 30 & p=$!; while ! grep -q sleep /proc/$p/comm; do :; done; sleep 0.3; kill -TERM $p; wait $p; echo $?",
        mode: Mode::Unordered { free: &["clone", "fork", "vfork", "wait4", "rt_sigreturn"], slack: 2_000 },
        reason: "the shell polls until the sleep has started",
        bound: 400,
        ..PLAIN
    },
    Row {
        name: "sigterm-self",
        script: "echo before; kill -TERM $$; echo never",
        reason: "the shell dies by its own signal",
        ..PLAIN
    },
    Row {
        mode: PARALLEL,
        name: "trap",
        script: "trap 'echo usr1' USR1; trap 'echo bye' EXIT; kill -USR1 $$; sh -c 'kill -USR1 $PPID'; echo end",
        bound: 24,
        ..PLAIN
    },
    Row {
        name: "posix-spawn",
        script: "python3 -c \"
import os
for n in range(5):
    pid = os.posix_spawn('/bin/echo', ['echo', str(n)], {})
    print(os.waitpid(pid, 0)[1], flush=True)\"",
        needs: PYTHON,
        reason: "vfork: the parent stands still until the child has execed",
        bound: 5,
        ..PLAIN
    },
    Row {
        name: "xz-gzip",
        script: "seq 20000 > n; gzip -c n | gzip -dc | cmp - n; xz -T1 -c n > n.xz; xz -dc n.xz | cksum",
        mode: Mode::Unordered { free: &["read", "wait4", "rt_sigreturn", "write", "poll"], slack: 4 },
        needs: &[("xz", "xz-utils")],
        reason: "how full a pipe is when it is read is the scheduler's choice",
        bound: 24,
        ..PLAIN
    },
    Row { name: "id-getent", vary: &[Vary::Random, Vary::Time, Vary::System, Vary::Payload], script: "id; getent passwd root; getent hosts localhost; getent services ssh", ..PLAIN },
    Row {
        name: "mutexes",
        setup: "gcc -O1 -pthread -o m $PROGRAMS/mutexes.c",
        script: "exec ./m 4 200",
        mode: THREADED,
        needs: GCC,
        reason: THREADED_REASON,
        bound: 24,
        ..PLAIN
    },
    Row {
        name: "thread-exec",
        setup: "gcc -O1 -pthread -o x $PROGRAMS/thread_exec.c",
        script: "exec ./x 3",
        mode: THREADED,
        needs: GCC,
        reason: THREADED_REASON,
        bound: 24,
        ..PLAIN
    },
    Row {
        name: "signals-between",
        setup: "gcc -O1 -o p $PROGRAMS/ping_pong.c",
        script: "exec ./p 50",
        needs: GCC,
        reason: "two processes take turns by signal; each waits with its signals blocked",
        bound: 4,
        ..PLAIN
    },
    Row {
        name: "file-calls",
        script: "mkdir d && touch d/a && ln d/a d/b && ln -s a d/c && chmod 640 d/a && mv d/b d/e && cp -p d/a f && stat -c %s f d/c && du -s d | cut -f2 && rm -r d && mkfifo q && test -p q && df . >/dev/null && sync f && truncate -s 100 f && chown 0:0 f",
        vary: &[Vary::Random, Vary::Time, Vary::System, Vary::Inode],
        uncounted: CHILDREN,
        ..PLAIN
    },
];
