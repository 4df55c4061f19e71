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
    let tools = [("python3", "python3 (package python3)"), ("tshark", "tshark (package tshark)")];
    if let Some((_, what)) = tools.into_iter().find(|(tool, _)| !has_tool(tool)) {
        missing(&support::this_test(), what);
        return None;
    }
    let dir = TempDir::new("pcapng");
    let (trace, file) = (dir.join("run.trace"), dir.join("run.pcapng"));
    let words = ["--capture", capture, "-o", trace.to_str().unwrap(), "--", "python3", "-c", NETWORK];
    let outcome = Run::bare(&dir, &[&[TRACE, "record"], &words[..]].concat()).finish();
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    let words =
        [TRACE, "export", "--format", "pcapng", "-o", file.to_str().unwrap(), trace.to_str().unwrap()];
    let outcome = Run::bare(&dir, &words).finish();
    assert_eq!((outcome.code(), &*outcome.stderr), (0, ""));
    Some(Packets { _dir: dir, file })
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
    let rows = read(&file, "tcp && ip", &["ip.len", "frame.len", "frame.cap_len"]);
    let lost: u64 =
        rows.iter().map(|row| row[1].parse::<u64>().unwrap() - row[2].parse::<u64>().unwrap()).sum();
    let sum: u64 = rows.iter().map(|row| row[0].parse::<u64>().unwrap() - 40).sum();
    assert!((200_000..201_000).contains(&sum), "{sum}");
    assert!(rows.iter().all(|row| row[0] == row[1]), "{rows:?}");
    assert!((199_000..sum).contains(&lost), "{lost} of {sum}");
    assert!(rows.iter().all(|row| row[2].parse::<u64>().unwrap() <= 40 + 64), "{rows:?}");
}
