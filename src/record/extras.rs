//! What is known of a call beyond its arguments, as bytes in a frame: what the tracer changed of it; virtual CPUs,
//! namespaces, SELinux contexts.

use super::encode::Encoder;
use super::flags::of_tampered;
use super::format::{Malformed, record};
use super::wire::{Wire, put, put_bytes, put_signed};
use crate::event::Tampered;
use crate::event::extra::{Context, Extra, Subject, Vcpu};

/// Most contexts or namespaces that are read of a call; more than any call has.
const MOST: usize = 4096;

impl Encoder {
    /// Writes it for the call that follows, where anything is known.
    pub(super) fn also(&mut self, tampered: Tampered, extra: Option<&Extra>) {
        if tampered != Tampered::default() {
            self.streams().control.extend_from_slice(&[record::TAMPERED, of_tampered(tampered)]);
        }
        if let Some(extra) = extra {
            self.streams().control.push(record::EXTRA);
            self.string(&to_bytes(extra));
        }
    }
}

/// As bytes.
pub(super) fn to_bytes(extra: &Extra) -> Vec<u8> {
    let mut out = vec![u8::from(extra.vcpu.is_some()) | u8::from(extra.own.is_some()) << 1];
    if let Some(vcpu) = &extra.vcpu {
        put(&mut out, u64::from(vcpu.number));
        put_bytes(&mut out, &vcpu.before);
        put_bytes(&mut out, &vcpu.after);
    }
    if let Some(own) = &extra.own {
        put_bytes(&mut out, own.as_bytes());
    }
    put(&mut out, extra.namespaces.len() as u64);
    for name in &extra.namespaces {
        put_bytes(&mut out, name.as_bytes());
    }
    put(&mut out, extra.contexts.len() as u64);
    for context in &extra.contexts {
        let late = u8::from(context.late);
        match &context.of {
            Subject::Path(path) => {
                out.push(late);
                put_bytes(&mut out, path);
            }
            Subject::Fd(fd) => {
                out.push(late | 2);
                put_signed(&mut out, i64::from(*fd));
            }
            Subject::Pid(pid) => {
                out.push(late | 4);
                put_signed(&mut out, i64::from(*pid));
            }
        }
        put_bytes(&mut out, context.text.as_bytes());
    }
    out
}

fn text(wire: &mut Wire<'_>) -> Result<String, Malformed> {
    // It is shown: nothing that drives a terminal, as the kernel's own words have.
    let bytes = wire.bytes()?;
    match std::str::from_utf8(bytes) {
        Ok(text) if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => Ok(text.to_owned()),
        _ => Err(Malformed("a context or a namespace is no plain text")),
    }
}

fn count(wire: &mut Wire<'_>) -> Result<usize, Malformed> {
    wire.count().and_then(|count| if count <= MOST { Ok(count) } else { Err(Malformed("too many contexts")) })
}

/// From bytes.
pub(super) fn parse(bytes: &[u8]) -> Result<Extra, Malformed> {
    let wire = &mut Wire::new(bytes);
    let has = wire.byte()?;
    let mut extra = Extra::default();
    if has & 1 != 0 {
        let number = u32::try_from(wire.get()?).map_err(|_| Malformed("a number is too large"))?;
        let (before, after) = (wire.bytes()?.to_vec(), wire.bytes()?.to_vec());
        extra.vcpu = Some(Vcpu { number, before, after });
    }
    if has & 2 != 0 {
        extra.own = Some(text(wire)?);
    }
    for _ in 0..count(wire)? {
        extra.namespaces.push(text(wire)?);
    }
    for _ in 0..count(wire)? {
        let kind = wire.byte()?;
        let of = match kind >> 1 {
            0 => Subject::Path(wire.bytes()?.to_vec()),
            1 => Subject::Fd(wire.int()?),
            2 => Subject::Pid(wire.int()?),
            _ => return Err(Malformed("an unknown kind of context")),
        };
        extra.contexts.push(Context { of, text: text(wire)?, late: kind & 1 != 0 });
    }
    Ok(extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_comes_back() {
        let context =
            |of, late| Context { of, text: "unconfined_u:object_r:user_home_t:s0".to_owned(), late };
        let whole = Extra {
            vcpu: Some(Vcpu { number: 3, before: vec![1, 2], after: vec![0; 40] }),
            namespaces: vec!["net:[4026531840]".to_owned()],
            own: Some("unconfined_t".to_owned()),
            contexts: vec![
                context(Subject::Path(b"/etc/\xff".to_vec()), false),
                context(Subject::Fd(-100), true),
                context(Subject::Pid(7), true),
            ],
        };
        for extra in [Extra::default(), whole] {
            let bytes = to_bytes(&extra);
            assert_eq!(parse(&bytes), Ok(extra));
            assert!((0..bytes.len()).all(|end| parse(&bytes[..end]).is_err()));
        }
        assert!(parse(&[2, 1, 27, 0, 0]).is_err(), "an escape");
    }
}
