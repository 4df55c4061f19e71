//! What a descriptor is open on as JSON: members of the descriptor's object.

use std::net::SocketAddr;

use syscall_tables::abi::Abi;
use syscall_tables::sets::net::NETLINK_PROTOCOL;
use syscall_tables::signal;

use super::write::{self, raw, unsigned};
use crate::event::FdNote;
use crate::event::descriptor::{Detail, Ends, Socket};

/// Appends the members.
pub fn write(out: &mut Vec<u8>, note: &FdNote) {
    match note.detail.as_deref() {
        Some(Detail::Socket(socket)) => write_socket(out, socket),
        Some(Detail::Process(pid)) => {
            target(out, &note.target);
            raw(out, ",\"pidfd\":");
            write::signed(out, i64::from(*pid));
        }
        Some(Detail::Signals(mask)) => {
            target(out, &note.target);
            signals(out, *mask);
        }
        Some(Detail::Event(event)) => {
            target(out, &note.target);
            raw(out, ",\"eventfd\":{\"count\":");
            unsigned(out, event.count);
            if let Some(id) = event.id {
                number(out, "id", id);
            }
            if let Some(semaphore) = event.semaphore {
                raw(out, if semaphore { ",\"semaphore\":true" } else { ",\"semaphore\":false" });
            }
            out.push(b'}');
        }
        Some(Detail::Device { block, major, minor }) => {
            target(out, &note.target);
            raw(
                out,
                if *block { ",\"device\":{\"type\":\"block\"" } else { ",\"device\":{\"type\":\"char\"" },
            );
            number(out, "major", u64::from(*major));
            number(out, "minor", u64::from(*minor));
            out.push(b'}');
        }
        None => target(out, &note.target),
    }
    if note.deleted {
        raw(out, ",\"deleted\":true");
    }
}

fn number(out: &mut Vec<u8>, name: &str, value: u64) {
    raw(out, ",\"");
    raw(out, name);
    raw(out, "\":");
    unsigned(out, value);
}

/// The name in /proc.
fn target(out: &mut Vec<u8>, target: &[u8]) {
    let bracket = |kind: &str| {
        let rest = target.strip_prefix(kind.as_bytes())?.strip_prefix(b":[")?.strip_suffix(b"]")?;
        std::str::from_utf8(rest).ok()
    };
    for kind in ["socket", "pipe"] {
        if let Some(inode) = bracket(kind).and_then(|inode| inode.parse().ok()) {
            raw(out, ",\"");
            raw(out, kind);
            raw(out, "\":{\"inode\":");
            unsigned(out, inode);
            return out.push(b'}');
        }
    }
    let anonymous = bracket("anon_inode").or_else(|| {
        let rest = target.strip_prefix(b"anon_inode:")?;
        std::str::from_utf8(rest).ok()
    });
    if let Some(name) = anonymous {
        raw(out, ",\"anon_inode\":");
        return write::string(out, name);
    }
    raw(out, ",\"path\":");
    write::text(out, target, false);
    out.push(b'}');
}

fn write_socket(out: &mut Vec<u8>, socket: &Socket) {
    raw(out, ",\"socket\":{\"inode\":");
    unsigned(out, socket.inode);
    raw(out, ",\"protocol\":");
    write::string(out, &socket.protocol);
    match &socket.ends {
        Ends::Unknown => {}
        Ends::Inet { local, peer } => {
            end(out, "local", *local);
            if let Some(peer) = peer {
                end(out, "peer", *peer);
            }
        }
        Ends::Unix { peer, name } => {
            if let Some(peer) = peer {
                number(out, "peer_inode", u64::from(*peer));
            }
            if let Some(name) = name {
                let (member, name) = match name.split_first() {
                    Some((0, rest)) => (",\"abstract\":", rest),
                    _ => (",\"path\":", name.split(|b| *b == 0).next().unwrap_or(name)),
                };
                raw(out, member);
                write::text(out, name, false);
                out.push(b'}');
            }
        }
        Ends::Netlink { protocol, port } => {
            let family = u64::from(*protocol);
            match NETLINK_PROTOCOL.name_of(Abi::X86_64, family) {
                Some(name) => {
                    raw(out, ",\"family\":");
                    write::string(out, name);
                }
                None => number(out, "family", family),
            }
            number(out, "port", u64::from(*port));
        }
    }
    out.push(b'}');
}

fn end(out: &mut Vec<u8>, name: &str, address: SocketAddr) {
    raw(out, ",\"");
    raw(out, name);
    raw(out, "\":{\"addr\":");
    write::string(out, &address.ip().to_string());
    number(out, "port", u64::from(address.port()));
    out.push(b'}');
}

fn signals(out: &mut Vec<u8>, mask: u64) {
    raw(out, ",\"signals\":[");
    for (index, signo) in (1..=64).filter(|signo| mask >> (signo - 1) & 1 != 0).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match signal::name(signo) {
            Some(name) => write::string(out, name),
            None => unsigned(out, u64::from(signo)),
        }
    }
    out.push(b']');
}
