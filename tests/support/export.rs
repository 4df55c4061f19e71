//! Recordings of real programs, each made once for a test binary, and their exports.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};

use crate::support::run::{Outcome, Run};
use crate::support::{Build, TempDir, compile, has_tool, missing, serial};

/// The tracer.
pub const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// A file name that closes the element that a page keeps it in.
pub const HOSTILE: &str = "</script><script>alert(1)</script>.\"'\\;\u{7f}\u{e9}";

/// A shell that starts others in a row, side by side, and in vain; it dies of a signal.
const PIPELINE: &str = r#"
ls -l / | sort | wc -l > lines
env A=1 sh -c 'exec date' > date
mkdir -p "${1%/*}"; touch "$1"; cat "$1" "$1.none" 2> errors
for i in 1 2 3; do true $i; /bin/true; done
kill $$
"#;

/// Threads that wait for each other, and one that reads from a pipe before it is written to. The main thread looks in
/// /proc whether they wait.
pub const THREADS: &str = "
import os, threading, time
def blocked(thread, call):
    while True:
        with open('/proc/self/task/%d/syscall' % thread.native_id) as f:
            if f.read().split()[0] == str(call): break
        time.sleep(0.01)
    time.sleep(0.1)
r, w = os.pipe()
got = []
reader = threading.Thread(target=lambda: got.append(os.read(r, 10)))
reader.start()
blocked(reader, 0)
os.write(w, b'late')
reader.join()
gate = threading.Condition()
opened = False
waiting = 0
def wait():
    global waiting
    with gate:
        waiting += 1
        while not opened: gate.wait()
all = [threading.Thread(target=wait) for _ in range(3)]
for t in all: t.start()
while waiting < 3: time.sleep(0.01)
for t in all: blocked(t, 202)
with gate:
    opened = True
    gate.notify_all()
for t in all: t.join()
assert got == [b'late']
";

/// A server and its client on the loopback interface.
const SERVER: &str = "
import os, socket
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
if os.fork() == 0:
    c = socket.create_connection(s.getsockname()); c.sendall(b'hello' * 100); assert len(c.recv(100)) > 0
    os._exit(7)
c, a = s.accept(); c.sendall(c.recv(1000)[:50]); c.close(); os.wait()
try: socket.create_connection(('127.0.0.1', 1))
except OSError: pass
";

/// A recording in its directory.
pub struct Recorded {
    /// The directory in which it ran.
    pub dir: TempDir,
    /// The recording.
    pub file: PathBuf,
}

fn record(name: &str, options: &[&str], words: &[&str], code: i32) -> Recorded {
    let dir = TempDir::of_build(name);
    let file = dir.join(&format!("{name}.trace"));
    let all = [&[TRACE, "record", "-o", file.to_str().unwrap()], options, &["--"], words].concat();
    let outcome = Run::bare(&dir, &all).finish();
    assert_eq!((outcome.code(), &*outcome.stderr), (code, ""), "{words:?}");
    Recorded { dir, file }
}

fn python(test: &str) -> bool {
    let has = has_tool("python3");
    if !has {
        missing(test, "python3 (package python3)");
    }
    has
}

/// The recording of a shell pipeline.
pub fn pipeline() -> &'static Recorded {
    static ONCE: OnceLock<Recorded> = OnceLock::new();
    ONCE.get_or_init(|| record("pipeline", &[], &["sh", "-c", PIPELINE, "sh", HOSTILE], 128 + 15))
}

/// The recording of a Python program with threads.
pub fn threads() -> Option<&'static Recorded> {
    static ONCE: OnceLock<Option<Recorded>> = OnceLock::new();
    ONCE.get_or_init(|| python("threads").then(|| record("threads", &[], &["python3", "-c", THREADS], 0)))
        .as_ref()
}

/// The recording of a server and its client.
pub fn server() -> Option<&'static Recorded> {
    static ONCE: OnceLock<Option<Recorded>> = OnceLock::new();
    ONCE.get_or_init(|| python("server").then(|| record("server", &[], &["python3", "-c", SERVER], 0)))
        .as_ref()
}

/// The recording of a compile.
pub fn compiled() -> Option<&'static Recorded> {
    static ONCE: OnceLock<Option<Recorded>> = OnceLock::new();
    ONCE.get_or_init(|| {
        if !has_tool("gcc") {
            missing("compile", "gcc (package gcc)");
            return None;
        }
        let source = "echo 'int main(void) { return 0; }' > m.c; gcc -O1 -o m m.c && ./m";
        Some(record("compile", &[], &["sh", "-c", source], 0))
    })
    .as_ref()
}

/// The recording of a program with threads, with stacks.
pub fn stacks() -> Option<&'static Recorded> {
    static ONCE: OnceLock<Option<Recorded>> = OnceLock::new();
    ONCE.get_or_init(|| {
        let dir = TempDir::new("export");
        let program = compile(&dir, "stacks", Build::Native)?;
        Some(record("stacks", &["-k"], &[program.to_str().unwrap()], 0))
    })
    .as_ref()
}

/// The recording of a program whose files and sockets are used over io_uring; `None` after saying that the kernel has none.
pub fn rings() -> Option<&'static Recorded> {
    static ONCE: OnceLock<Option<Recorded>> = OnceLock::new();
    ONCE.get_or_init(|| {
        let dir = TempDir::new("rings");
        let program = compile(&dir, "rings", Build::Native)?;
        let scenes = [program.to_str().unwrap(), ".", "files", "loopback"];
        if Run::bare(&dir, &scenes[..2]).finish().code() == 77 {
            missing("rings", "io_uring (kernel.io_uring_disabled, or a seccomp profile)");
            return None;
        }
        Some(record("rings", &["--capture", "4096"], &scenes, 0))
    })
    .as_ref()
}

impl Recorded {
    /// Runs `trace export --format FORMAT` with `options`.
    pub fn run(&self, format: &str, options: &[&str]) -> Outcome {
        let words = [TRACE, "export", "--format", format, self.file.to_str().unwrap()];
        Run::bare(&self.dir, &[&words[..], options].concat()).finish()
    }

    /// The export to a file of its own, which must succeed.
    pub fn file(&self, format: &str, options: &[&str]) -> PathBuf {
        let path = self.dir.join(&format!("export-{}.{format}", serial()));
        let outcome = self.run(format, &[options, &["-o", path.to_str().unwrap()]].concat());
        assert_eq!((outcome.code(), &*outcome.stderr, &*outcome.stdout), (0, "", ""), "{format} {options:?}");
        path
    }

    /// The same as text.
    pub fn text(&self, format: &str, options: &[&str]) -> String {
        fs::read_to_string(self.file(format, options)).expect("UTF-8")
    }
}

/// What an oracle in `tests/export/` says of `file`; `None` after saying what is missing. Exit status 77 says that
/// a package is.
pub fn oracle(script: &str, file: &Path, package: &str) -> Option<String> {
    if !python(script) {
        return None;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export").join(script);
    let output = Command::new("python3").arg(path).arg(file).stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) {
        missing(script, &format!("{package} ({})", errors.trim_end()));
        return None;
    }
    assert!(output.status.success(), "{script}: {errors}\n{text}");
    Some(text)
}

/// Runs a tool that reads `input`; what it prints, and whether it was content.
pub fn tool(words: &[&str], input: &str) -> (bool, String) {
    // One at a time, as these are slow.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock();
    let dir = TempDir::new("tool");
    let file = dir.join("input");
    fs::write(&file, input).unwrap();
    let mut command = Command::new(words[0]);
    let output = command.args(&words[1..]).stdin(fs::File::open(&file).unwrap()).output().unwrap();
    let text = [&output.stdout[..], &output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}
