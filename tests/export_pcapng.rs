//! `trace export --format pcapng`: what tshark reads in the packets of real programs on the loopback interface.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::path::{Path, PathBuf};

use support::run::Run;
use support::{TempDir, has_tool, missing};

const TRACE: &str = env!("CARGO_BIN_EXE_trace");

/// A web server and its client, messages over IPv4, IPv6 and Unix sockets, and a file that the kernel sends.
const NETWORK: &str = "
import http.server, os, socket, threading, urllib.request
body = b'0123456789' * 20000
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *a): pass
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
assert urllib.request.urlopen('http://127.0.0.1:%d/hello?x=1' % server.server_port).read() == body
server.shutdown()
def message(family, address, text):
    r = socket.socket(family, socket.SOCK_DGRAM); r.bind((address, 0))
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.sendto(text, r.getsockname()); assert r.recvfrom(100)[0] == text
message(socket.AF_INET, '127.0.0.1', b'datagram one')
a, b = socket.socketpair(); a.sendall(b'over unix'); b.recv(4); b.recv(100)
c, d = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); c.send(b'three'); c.send(b'four'); d.recv(9, socket.MSG_PEEK); d.recv(9); d.recv(9)
with open('file', 'wb') as f: f.write(b'x' * 100)
with open('file', 'rb') as f: os.sendfile(a.fileno(), f.fileno(), 0, 100)
b.recv(100)
e, f = socket.socketpair(); e.sendall(b'y' * 100000); f.recv(100000)
";

struct Packets {
    _dir: TempDir,
    file: PathBuf,
}

/// Records the program with so many bytes of each string and exports its packets; `None` where a tool is missing.
fn packets(capture: &str) -> Option<Packets> {
    exported(&["--capture", capture], NETWORK)
}

/// Fields of the packets that a display filter lets through, checksums looked at.
fn read(file: &Path, filter: &str, fields: &[&str]) -> Vec<Vec<String>> {
    let dir = TempDir::new("tshark");
    let mut words = vec!["tshark", "-n", "-r", file.to_str().unwrap(), "-d", "tcp.port==2-65535,http"];
    for check in ["tcp.check_checksum:TRUE", "udp.check_checksum:TRUE", "ip.check_checksum:TRUE"] {
        words.extend(["-o", check]);
    }
    words.extend(["-Y", filter, "-T", "fields"]);
    fields.iter().for_each(|field| words.extend(["-e", field]));
    let outcome = Run::bare(&dir, &words).finish();
    assert_eq!(outcome.code(), 0, "{filter}: {}", outcome.stderr);
    outcome.stdout.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn tshark_reads_http_of_a_loopback_server() {
    let Some(Packets { file, _dir }) = packets("1000000") else { return };
    let request = read(&file, "http.request", &["http.request.method", "http.request.uri", "frame.comment"]);
    assert_eq!(request.len(), 1, "{request:?}");
    assert_eq!(request[0][..2], ["GET", "/hello?x=1"]);
    let comment = &request[0][2];
    assert!(comment.starts_with("pid ") && comment.contains(" python3: sendto("), "{comment}");
    let response =
        read(&file, "http.response", &["http.response.code", "http.content_length", "http.file_data"]);
    assert_eq!(response.len(), 1, "{response:?}");
    assert_eq!(response[0][..2], ["200", "200000"]);
    // Text or hexadecimal digits, as versions have it.
    assert!(response[0][2].len() >= 200_000, "{}", response[0][2].len());
    // Each byte stands there once, in packets that have room for it.
    let sizes = read(&file, "tcp.port!=1 && tcp.len>0", &["tcp.len", "ip.len", "tcp.analysis.flags"]);
    let sum: u64 = sizes.iter().map(|row| row[0].parse::<u64>().unwrap()).sum();
    assert!((200_000..201_000).contains(&sum), "{sum}");
    assert!(sizes.iter().all(|row| row[1].parse::<u32>().unwrap() <= 65_535), "{sizes:?}");
    assert!(sizes.iter().all(|row| row.get(2).is_none_or(String::is_empty)), "{sizes:?}");
    let bad = "tcp.checksum.status==0 || udp.checksum.status==0 || ip.checksum.status==0 || _ws.malformed";
    assert_eq!(read(&file, bad, &["frame.number"]), Vec::<Vec<String>>::new());
    let good = read(&file, "tcp.checksum.status==1 || udp.checksum.status==1", &["frame.number"]);
    assert_eq!(
        good.len() + 1,
        read(&file, "ip || ipv6", &["frame.number"]).len(),
        "all but what sendfile sent"
    );
}

#[test]
fn messages_and_unix_sockets_are_packets() {
    let Some(Packets { file, _dir }) = packets("1000000") else { return };
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sent = read(&file, "udp && ip", &["ip.src", "ip.dst", "data.data"]);
    assert_eq!(sent, [["127.0.0.1", "127.0.0.1", &hex("datagram one")]]);
    let local = read(&file, "udp && ipv6", &["udp.port", "data.data"]);
    let texts: Vec<&str> = local.iter().map(|row| &*row[1]).collect();
    assert_eq!(texts, [hex("three"), hex("four")], "what is only peeked at is not there twice");
    let stream =
        read(&file, "tcp.port==1", &["tcp.seq_raw", "tcp.len", "ipv6.src", "frame.len", "frame.cap_len"]);
    let lengths: Vec<(&str, &str)> = stream.iter().map(|row| (&*row[0], &*row[1])).collect();
    // The last is too long for one packet.
    assert_eq!(lengths, [("1", "9"), ("10", "100"), ("1", "65495"), ("65496", "34505")], "{stream:?}");
    assert!(stream[0][2].starts_with("fd74:7261:6365:"), "{stream:?}");
    let captured: Vec<u64> =
        stream.iter().map(|row| row[3].parse::<u64>().unwrap() - row[4].parse::<u64>().unwrap()).collect();
    assert_eq!(captured, [0, 100, 0, 0], "of what the kernel sends from a file nothing is known");
}

#[test]
fn what_was_captured_in_part_says_so() {
    let Some(Packets { file, _dir }) = packets("64") else { return };
    let rows = read(&file, "tcp.len>0 && ip", &["ip.len", "frame.len", "frame.cap_len"]);
    let lost: u64 =
        rows.iter().map(|row| row[1].parse::<u64>().unwrap() - row[2].parse::<u64>().unwrap()).sum();
    let sum: u64 = rows.iter().map(|row| row[0].parse::<u64>().unwrap() - 40).sum();
    assert!((200_000..201_000).contains(&sum), "{sum}");
    assert!(rows.iter().all(|row| row[0] == row[1]), "{rows:?}");
    assert!((199_000..sum).contains(&lost), "{lost} of {sum}");
    assert!(rows.iter().all(|row| row[2].parse::<u64>().unwrap() <= 40 + 64), "{rows:?}");
}

/// A connection half closed by its client, one over IPv6 that its server closes, one made in the background, two that
/// are refused, one that is reset, and one that a child ends.
const CONNECTIONS: &str = "
import os, select, socket, threading
def listen(family=socket.AF_INET, host='127.0.0.1'):
    l = socket.socket(family); l.bind((host, 0)); l.listen(); return l
def serve(l):
    c, _ = l.accept(); got = b''
    while True:
        d = c.recv(1000)
        if not d: break
        got += d
    c.sendall(b'answer:' + got); c.close()
l = listen(); t = threading.Thread(target=serve, args=(l,)); t.start()
c = socket.create_connection(l.getsockname()); c.sendall(b'question'); c.shutdown(socket.SHUT_WR); got = b''
while True:
    d = c.recv(4)
    if not d: break
    got += d
assert got == b'answer:question'; c.close(); t.join()
six = listen(socket.AF_INET6, '::1'); c = socket.create_connection(six.getsockname()[:2]); s, _ = six.accept()
s.sendall(b'hello'); s.close(); assert c.recv(100) == b'hello' and c.recv(100) == b''; c.close()
n = socket.socket(); n.setblocking(False)
try: n.connect(l.getsockname())
except BlockingIOError: pass
select.select([], [n], []); assert n.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
s, _ = l.accept(); n.send(b'nb'); s.recv(10); n.close(); s.close()
port = l.getsockname()[1]; l.close()
r = socket.socket()
try: r.connect(('127.0.0.1', port))
except ConnectionRefusedError: pass
r.close(); r = socket.socket(); r.setblocking(False); r.bind(('127.0.0.1', 0))
try: r.connect(('127.0.0.1', port))
except BlockingIOError: pass
select.select([], [r], []); assert r.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 111; r.close()
l = listen(); a = socket.create_connection(l.getsockname()); b, _ = l.accept(); a.send(b'unread'); b.close()
try: a.recv(10)
except ConnectionResetError: pass
a.close(); a = socket.create_connection(l.getsockname()); b, _ = l.accept(); pid = os.fork()
if pid == 0:
    a.close(); b.send(b'child'); os._exit(0)
b.close(); os.waitpid(pid, 0); a.recv(10); a.recv(10); a.close()
";

/// Exports what a Python program does, recorded with these options; `None` where a tool is missing.
fn exported(record: &[&str], program: &str) -> Option<Packets> {
    let dir = TempDir::new("pcapng");
    let tools = [("python3", "python3 (package python3)"), ("tshark", "tshark (package tshark)")];
    if let Some((_, what)) = tools.into_iter().find(|(tool, _)| !has_tool(tool)) {
        missing(&support::this_test(), what);
        return None;
    }
    let (trace, file) = (dir.join("run.trace"), dir.join("run.pcapng"));
    let head = [TRACE, "record", "-o", trace.to_str().unwrap()];
    let outcome = Run::bare(&dir, &[&head, record, &["--", "python3", "-c", program]].concat()).finish();
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let words =
        [TRACE, "export", "--format", "pcapng", "-o", file.to_str().unwrap(), trace.to_str().unwrap()];
    let outcome = Run::bare(&dir, &words).finish();
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    Some(Packets { _dir: dir, file })
}

/// What tshark finds remarkable, without how often: what is wrong, and what is a beginning or an end.
fn remarks(file: &Path) -> Vec<String> {
    let dir = TempDir::new("tshark");
    let outcome =
        Run::bare(&dir, &["tshark", "-n", "-r", file.to_str().unwrap(), "-q", "-z", "expert"]).finish();
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
    let told =
        |line: &&str| !line.contains(" Comment ") && line.contains(" TCP ") || line.contains("Malformed");
    let summary = |line: &str| line.split_once(" TCP ").map_or(line, |(_, rest)| rest).trim().to_owned();
    let mut all: Vec<String> = outcome.stdout.lines().filter(told).map(summary).collect();
    all.iter_mut().for_each(|line| line.truncate(line.find(": server port").unwrap_or(line.len())));
    all.sort();
    all.dedup();
    all
}

/// What is in order about a connection.
const IN_ORDER: [&str; 6] = [
    "Connection establish acknowledge (SYN+ACK)",
    "Connection establish request (SYN)",
    "Connection finish (FIN)",
    "Connection reset (RST)",
    "This frame initiates the connection closing",
    "This frame undergoes the connection closing",
];

#[test]
fn connections_begin_and_end() {
    let Some(Packets { file, _dir }) = exported(&[], CONNECTIONS) else { return };
    let strange: Vec<String> =
        remarks(&file).into_iter().filter(|remark| !IN_ORDER.contains(&&**remark)).collect();
    assert_eq!(strange, Vec::<String>::new());
    let analysis = read(&file, "tcp.analysis.flags", &["frame.number", "_ws.col.Info"]);
    assert_eq!(analysis, Vec::<Vec<String>>::new());
    let rows = read(&file, "tcp", &["tcp.stream", "tcp.flags", "tcp.len"]);
    let mut streams: Vec<String> = Vec::new();
    for row in &rows {
        let at: usize = row[0].parse().unwrap();
        streams.resize(streams.len().max(at + 1), String::new());
        let flags = u32::from_str_radix(row[1].trim_start_matches("0x"), 16).unwrap();
        let name = match flags {
            0x02 => "S",
            0x12 => "Sa",
            0x10 => "a",
            0x11 => "F",
            0x14 => "R",
            0x18 => "d",
            other => panic!("flags {other:#x}"),
        };
        // Who reads before the writer's call has returned is told of first, by its own pieces.
        if name != "d" || !streams[at].ends_with("d ") {
            streams[at].push_str(name);
            streams[at].push(' ');
        }
    }
    // Half closed: data follows on the first end. Refused: from no port, and from one that is known.
    let wanted = [
        "S Sa a d F d F a ",
        "S Sa a d F F a ",
        "S Sa a d F F a ",
        "S R ",
        "S R ",
        "S Sa a d R ",
        "S Sa a d F F a ",
    ];
    assert_eq!(streams, wanted);
    let payloads = read(&file, "tcp.stream==0 && tcp.len>0", &["tcp.payload"]);
    let text: String = payloads.iter().map(|row| row[0].replace(':', "")).collect();
    let hexadecimal: String = b"questionanswer:question".iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text, hexadecimal);
    // The handshake is whole, and so is the end.
    let whole = read(&file, "tcp.completeness == 31", &["tcp.stream"]);
    let whole: std::collections::BTreeSet<&str> = whole.iter().map(|row| &*row[0]).collect();
    assert_eq!(whole.into_iter().collect::<Vec<_>>(), ["0", "1", "2", "6"]);
}

#[test]
fn a_connection_that_nobody_saw_begin_has_no_beginning() {
    // Of the calls that make and close sockets nothing is recorded.
    let only = ["-e", "trace=sendto,recvfrom"];
    let Some(Packets { file, _dir }) = exported(&only, CONNECTIONS) else { return };
    assert_eq!(read(&file, "tcp.flags.syn==1", &["frame.number"]), Vec::<Vec<String>>::new());
    // A read that finds the end is proof of it.
    assert!(!read(&file, "tcp.flags.fin==1", &["frame.number"]).is_empty());
    assert!(!read(&file, "tcp.len>0", &["frame.number"]).is_empty());
    let strange: Vec<String> =
        remarks(&file).into_iter().filter(|remark| !IN_ORDER.contains(&&**remark)).collect();
    assert_eq!(strange, Vec::<String>::new());
}

#[test]
fn a_client_alone_tells_of_its_connection() {
    use std::io::{Read, Write};
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let answers = std::thread::spawn(move || {
        let (mut peer, _) = server.accept().unwrap();
        let mut got = [0; 4];
        peer.read_exact(&mut got).unwrap();
        peer.write_all(b"pong").unwrap();
        let mut rest = Vec::new();
        peer.read_to_end(&mut rest).unwrap();
    });
    let program = format!(
        "import socket\nc = socket.create_connection(('127.0.0.1', {port})); c.sendall(b'ping'); c.recv(4); c.close()"
    );
    let packets = exported(&[], &program);
    if packets.is_none() {
        drop(std::net::TcpStream::connect(("127.0.0.1", port)).map(|mut client| client.write_all(b"ping")));
    }
    answers.join().unwrap();
    let Some(Packets { file, _dir }) = packets else { return };
    let rows = read(&file, "tcp", &["tcp.flags", "tcp.dstport", "tcp.len", "frame.comment"]);
    let to_server = |row: &Vec<String>| row[1] == port.to_string();
    let flags: Vec<(&str, bool)> =
        rows.iter().map(|row| (&row[0][row[0].len() - 2..], to_server(row))).collect();
    let wanted = [("02", true), ("12", false), ("10", true), ("18", true), ("18", false), ("11", true)];
    assert_eq!(flags, wanted, "{rows:?}");
    assert!(rows[..3].iter().all(|row| row[3].contains(": connect(")), "{rows:?}");
}
