//! The families of NETLINK_GENERIC that the kernel has, by name: genetlink, linux/genetlink.h.

use std::io;

use super::netlink::Socket;

/// NETLINK_GENERIC, and the family that tells of all: GENL_ID_CTRL, CTRL_CMD_GETFAMILY of linux/genetlink.h.
const GENERIC: libc::c_int = 16;
const CONTROL: u16 = 0x10;
const GET_FAMILY: u8 = 3;
/// NLM_F_REQUEST | NLM_F_DUMP, NLMSG_ERROR, NLMSG_DONE of linux/netlink.h.
const DUMP: u16 = 0x301;
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME.
const ID: u16 = 1;
const NAME: u16 = 2;
/// The kernel's datagrams of a dump are at most this long, in bytes.
const DATAGRAM: usize = 32 * 1024;

/// Number and name of every family.
///
/// # Errors
/// Those of [`Socket::open`], [`Socket::send`] and [`Socket::receive`].
pub fn families() -> io::Result<Vec<(u16, Box<str>)>> {
    let socket = Socket::open_protocol(GENERIC)?;
    let mut message = Vec::with_capacity(20);
    message.extend_from_slice(&20u32.to_ne_bytes());
    message.extend_from_slice(&CONTROL.to_ne_bytes());
    message.extend_from_slice(&DUMP.to_ne_bytes());
    message.extend_from_slice(&[0; 8]);
    message.extend_from_slice(&[GET_FAMILY, 1, 0, 0]);
    socket.send(&message)?;
    let (mut found, mut buffer) = (Vec::new(), vec![0; DATAGRAM]);
    loop {
        let length = socket.receive(&mut buffer)?;
        let mut rest = &buffer[..length];
        while let Some((kind, body, more)) = message_of(rest) {
            rest = more;
            match kind {
                DONE | ERROR => return Ok(found),
                CONTROL => found.extend(family(body.get(4..).unwrap_or_default())),
                _ => {}
            }
        }
    }
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// The first message of a datagram: its type, its body, and what follows.
fn message_of(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let length = u32::from_ne_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let body = bytes.get(16..length)?;
    Some((half(bytes, 4)?, body, bytes.get(length.next_multiple_of(4)..).unwrap_or_default()))
}

/// What the attributes of a message say.
fn family(mut rest: &[u8]) -> Option<(u16, Box<str>)> {
    let (mut id, mut name) = (None, None);
    while let Some(length) = half(rest, 0).map(usize::from) {
        let Some(value) = rest.get(4..length) else { break };
        match half(rest, 2) {
            Some(ID) => id = half(value, 0),
            Some(NAME) => {
                let text = value.split(|byte| *byte == 0).next().unwrap_or_default();
                name = std::str::from_utf8(text).ok().map(Box::from);
            }
            _ => {}
        }
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Some((id?, name?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_name_a_family() {
        let mut bytes = vec![8, 0, 2, 0, b'a', b'b', 0, 0];
        assert_eq!(family(&bytes), None);
        bytes.extend_from_slice(&[6, 0, 1, 0, 0x20, 0, 0, 0]);
        assert_eq!(family(&bytes), Some((0x20, "ab".into())));
        // A length that is not true ends the list.
        bytes.extend_from_slice(&[200, 0, 1, 0, 0x21, 0, 0, 0]);
        assert_eq!(family(&bytes), Some((0x20, "ab".into())));
        assert_eq!(family(&[3, 0, 0]), None);
    }
}
