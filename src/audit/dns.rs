//! Names for addresses, from the answers that the command itself got over UDP. Source: RFC 1035.
//!
//! An answer is hostile: counts and lengths are believed only as far as there are bytes, and what is remembered is
//! bounded.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// So many addresses have names.
const MOST_NAMES: usize = 20_000;
/// So many records of an answer are looked at.
const MOST_RECORDS: usize = 128;
/// A name is at most so long.
const MOST_NAME: usize = 255;
const A: u16 = 1;
const AAAA: u16 = 28;

/// Which address was the answer for which name.
#[derive(Debug, Default)]
pub(super) struct Answers(HashMap<IpAddr, String>);

impl Answers {
    /// The name that was asked for when this address was the answer.
    pub(super) fn name(&self, address: IpAddr) -> Option<&str> {
        self.0.get(&address).map(String::as_str)
    }

    /// Learns from a datagram, if it is an answer.
    pub(super) fn learn(&mut self, datagram: &[u8]) {
        let Some((name, addresses)) = parse(datagram) else { return };
        for address in addresses {
            if self.0.len() < MOST_NAMES || self.0.contains_key(&address) {
                self.0.insert(address, name.clone());
            }
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

/// The name at `at` and where the bytes behind it begin. Only names that a host can have are taken.
fn name(bytes: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1;
        if length == 0 {
            return Some((name.to_ascii_lowercase(), at));
        }
        let label = bytes.get(at..at + length).filter(|_| length < 64)?;
        if !label.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)) {
            return None;
        }
        if !name.is_empty() {
            name.push('.');
        }
        name.extend(label.iter().map(|byte| char::from(*byte)));
        if name.len() > MOST_NAME {
            return None;
        }
        at += length;
    }
}

/// Where the bytes behind a name begin, which may end in a pointer.
fn skip(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match usize::from(*bytes.get(at)?) {
            0 => return Some(at + 1),
            length @ 1..64 => at += 1 + length,
            192.. => return Some(at + 2),
            _ => return None,
        }
    }
}

/// The name of the only question and the addresses of the answer.
fn parse(bytes: &[u8]) -> Option<(String, Vec<IpAddr>)> {
    let flags = word(bytes, 2)?;
    // A response without an error to one question.
    if flags & 0x8000 == 0 || flags & 0xf != 0 || word(bytes, 4)? != 1 {
        return None;
    }
    let (question, mut at) = name(bytes, 12)?;
    at += 4;
    let mut found = Vec::new();
    for _ in 0..usize::from(word(bytes, 6)?).min(MOST_RECORDS) {
        // An answer that was cut is good as far as it goes.
        let Some(head) = skip(bytes, at) else { break };
        let (Some(kind), Some(length)) = (word(bytes, head), word(bytes, head + 8)) else { break };
        let Some(data) = bytes.get(head + 10..head + 10 + usize::from(length)) else { break };
        match (kind, data) {
            (A, &[a, b, c, d]) => found.push(Ipv4Addr::new(a, b, c, d).into()),
            (AAAA, data) => {
                if let Ok(octets) = <[u8; 16]>::try_from(data) {
                    found.push(Ipv6Addr::from(octets).to_canonical());
                }
            }
            _ => {}
        }
        at = head + 10 + usize::from(length);
    }
    (!question.is_empty()).then_some((question, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Vec<u8> {
        let mut bytes =
            b"\x12\x34\x81\x80\0\x01\0\x02\0\0\0\0\x03Www\x07example\x03org\0\0\x01\0\x01".to_vec();
        bytes.extend(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01a\xc0\x10");
        bytes.extend(b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x0a\x01\x02\x03");
        bytes
    }

    #[test]
    fn an_address_has_the_name_that_was_asked_for() {
        let mut answers = Answers::default();
        answers.learn(&answer());
        assert_eq!(answers.name([10, 1, 2, 3].into()), Some("www.example.org"));
        assert_eq!(answers.name([10, 1, 2, 4].into()), None);
    }

    #[test]
    fn nonsense_is_nothing_and_never_too_much() {
        let good = answer();
        for cut in 0..good.len() {
            drop(parse(&good[..cut]));
        }
        for at in 0..good.len() {
            for byte in [0, 0x3f, 0x40, 0xc0, 0xff] {
                let mut bad = good.clone();
                bad[at] = byte;
                drop(parse(&bad));
            }
        }
        let question = [&good[..2], b"\x01\0", &good[4..]].concat();
        assert_eq!(parse(&question), None);
        let escape = good.iter().map(|b| if *b == b'x' { 0x1b } else { *b }).collect::<Vec<_>>();
        assert_eq!(parse(&escape), None);
    }
}
