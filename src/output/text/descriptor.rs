//! What stands in angle brackets behind a descriptor.

use std::io::Write;

use syscall_tables::abi::Abi;
use syscall_tables::sets::net::NETLINK_PROTOCOL;
use syscall_tables::signal;

use super::quote::{HexStrings, escaped};
use crate::engine::details::Wishes;
use crate::event::FdNote;
use crate::event::descriptor::{Detail, Ends, Eventfd, Socket};

/// Appends `<…>` with what `wishes` want of a note, if that is anything; names are spelled as `hex` says.
pub(super) fn write(out: &mut Vec<u8>, note: &FdNote, wishes: Wishes, hex: HexStrings) {
    let wanted = |detail: &&Detail| match detail {
        Detail::Socket(_) => wishes.sockets,
        Detail::Device { .. } => wishes.devices,
        Detail::Process(_) => wishes.pidfds,
        Detail::Signals(_) => wishes.signalfds,
        Detail::Event(_) => wishes.eventfds,
    };
    let detail = note.detail.as_deref().filter(wanted);
    // A socket of which nothing is known is its number.
    let socket = wishes.sockets && note.target.starts_with(b"socket:[");
    if detail.is_none() && !wishes.paths && !socket {
        return;
    }
    out.push(b'<');
    match detail {
        Some(Detail::Socket(socket)) => write_socket(out, socket, hex),
        Some(Detail::Process(pid)) => drop(write!(out, "pid:{pid}")),
        Some(Detail::Signals(mask)) => signals(out, *mask),
        Some(Detail::Event(event)) => eventfd(out, *event),
        Some(Detail::Device { block, major, minor }) => {
            escaped(out, &note.target, hex, b'>');
            let kind = if *block { "block" } else { "char" };
            write!(out, "<{kind} {major}:{minor}>").ok();
        }
        None => escaped(out, &note.target, hex, b'>'),
    }
    out.extend_from_slice(if note.deleted { b">(deleted)" } else { b">" });
}

fn write_socket(out: &mut Vec<u8>, socket: &Socket, hex: HexStrings) {
    let Socket { protocol, inode, ends, .. } = socket;
    match ends {
        Ends::Unknown => drop(write!(out, "{protocol}:[{inode}]")),
        Ends::Inet { local, peer: None } => drop(write!(out, "{protocol}:[{local}]")),
        Ends::Inet { local, peer: Some(peer) } => drop(write!(out, "{protocol}:[{local}->{peer}]")),
        Ends::Unix { peer, name } => {
            write!(out, "{protocol}:[{inode}").ok();
            if let Some(peer) = peer {
                write!(out, "->{peer}").ok();
            }
            if let Some(name) = name {
                let (mark, name) = match name.split_first() {
                    Some((0, rest)) => (&b",@\""[..], rest),
                    // The kernel's name of a path counts its end.
                    _ => (&b",\""[..], name.split(|b| *b == 0).next().unwrap_or(name)),
                };
                out.extend_from_slice(mark);
                escaped(out, name, hex, b'"');
                out.push(b'"');
            }
            out.push(b']');
        }
        Ends::Netlink { protocol: family, port } => {
            let name = NETLINK_PROTOCOL.name_of(Abi::X86_64, u64::from(*family));
            match name.and_then(|name| name.strip_prefix("NETLINK_")) {
                Some(name) => drop(write!(out, "{protocol}:[{name}:{port}]")),
                None => drop(write!(out, "{protocol}:[{family}:{port}]")),
            }
        }
    }
}

fn eventfd(out: &mut Vec<u8>, event: Eventfd) {
    let hex = if event.count > 0 { "0x" } else { "" };
    write!(out, "{{eventfd-count={hex}{:x}", event.count).ok();
    if let Some(id) = event.id {
        write!(out, ", eventfd-id={id}").ok();
    }
    if let Some(semaphore) = event.semaphore {
        write!(out, ", eventfd-semaphore={}", u8::from(semaphore)).ok();
    }
    out.push(b'}');
}

fn signals(out: &mut Vec<u8>, mask: u64) {
    out.extend_from_slice(b"signalfd:[");
    for (index, signo) in (1..=64).filter(|signo| mask >> (signo - 1) & 1 != 0).enumerate() {
        let space = if index > 0 { " " } else { "" };
        match signal::short(signo) {
            Some(name) => drop(write!(out, "{space}{name}")),
            None => drop(write!(out, "{space}{signo}")),
        }
    }
    out.push(b']');
}
