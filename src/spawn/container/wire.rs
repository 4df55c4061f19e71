//! What the launcher and the init of a container say to each other, as bytes.
//!
//! A message is a header (kind, serial, length of the body) and the body, in packets; descriptors come with the first.
//! Both ends are of one build or at least of one [`VERSION`]. Each takes the other's bytes as hostile: a program that
//! has taken over the init may say anything.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use super::super::caps::CapSet;
use super::super::plan::{
    Capabilities, Filesystem, FilterInsn, Groups, Identity, Mount, MountKind, Rlimit, Root,
};
use crate::sys::message::{self, Sender};

/// Version of all that is said.
pub(super) const VERSION: u32 = 1;
/// Longest body: more arguments than the kernel takes for a program.
pub(super) const MOST_BYTES: usize = 16 << 20;
/// Longest packet, well below what a socket holds by default.
const PACKET: usize = 32 << 10;
const HEADER: usize = 12;

/// What a message says. Those of the launcher are answered in its serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Launcher: mount this. Answered with Pong or Failed.
    Setup = 1,
    /// Launcher: are you there? Answered with Pong.
    Ping,
    /// Launcher: run this. Answered with Failed, or Started and Ended, with Waiting before where it was asked for.
    Run,
    /// Launcher, to Waiting: go on.
    Go,
    /// Launcher, to Waiting: do not.
    Refuse,
    /// Launcher: end the program that runs.
    Kill,
    /// Init, unasked: its version.
    Hello,
    /// Init: yes.
    Pong,
    /// Init: the program is set up and waits before its execve. Sent as from the program's process.
    Waiting,
    /// Init: the program runs. Sent as from the program's process, with its pidfd.
    Started,
    /// Init: the program and all that it left have ended.
    Ended,
    /// Init: it could not be done.
    Failed,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::Setup,
        Self::Ping,
        Self::Run,
        Self::Go,
        Self::Refuse,
        Self::Kill,
        Self::Hello,
        Self::Pong,
        Self::Waiting,
        Self::Started,
        Self::Ended,
        Self::Failed,
    ];
}

/// A message that arrived.
#[derive(Debug)]
pub(super) struct Message {
    pub kind: Kind,
    pub serial: u32,
    pub body: Vec<u8>,
    pub fds: Vec<OwnedFd>,
    pub sender: Sender,
}

/// What [`Channel::receive`] found.
#[derive(Debug)]
pub(super) enum Got {
    /// A message.
    Message(Message),
    /// Something that is none, or of a sender who has no say here. It is gone.
    Stray,
    /// The other end is closed.
    End,
}

/// One end.
#[derive(Debug)]
pub(super) struct Channel(OwnedFd);

impl Channel {
    /// Takes over a connected socket that tells senders.
    pub fn new(end: OwnedFd) -> Self {
        Self(end)
    }

    /// Says something; with `about` as from that process.
    pub fn say(
        &self,
        kind: Kind,
        serial: u32,
        body: &[u8],
        fds: &[RawFd],
        about: Option<i32>,
    ) -> io::Result<()> {
        let mut head = Vec::with_capacity(HEADER + body.len().min(PACKET));
        for word in [kind as u32, serial, u32::try_from(body.len()).unwrap_or(u32::MAX)] {
            head.extend_from_slice(&word.to_ne_bytes());
        }
        let (first, rest) = body.split_at(body.len().min(PACKET - HEADER));
        head.extend_from_slice(first);
        message::send(self.as_fd(), &head, fds, about)?;
        rest.chunks(PACKET).try_for_each(|part| message::send(self.as_fd(), part, &[], None))
    }

    /// Blocks for what comes next; only packets of senders that `heard` takes count.
    pub fn receive(&self, heard: impl Fn(Sender) -> bool) -> io::Result<Got> {
        let mut buf = vec![0; PACKET];
        let got = message::receive(self.as_fd(), &mut buf)?;
        if got.length == 0 {
            return Ok(Got::End);
        }
        let Some(sender) = got.sender.filter(|sender| heard(*sender)) else { return Ok(Got::Stray) };
        let mut words = Reader(&buf[..got.length]);
        let head = (words.get::<u32>(), words.get::<u32>(), words.get::<u32>());
        let (Some(kind), Some(serial), Some(length)) = head else { return Ok(Got::Stray) };
        let kind = Kind::ALL.into_iter().find(|known| *known as u32 == kind);
        let length = length as usize;
        let mut body = words.0.to_vec();
        let Some(kind) = kind.filter(|_| !got.truncated && length <= MOST_BYTES) else {
            return Ok(Got::Stray);
        };
        while body.len() < length {
            let part = message::receive(self.as_fd(), &mut buf)?;
            if part.length == 0 {
                return Ok(Got::End);
            }
            if part.sender == Some(sender) {
                body.extend_from_slice(&buf[..part.length]);
            }
        }
        body.truncate(length);
        Ok(Got::Message(Message { kind, serial, body, fds: got.fds, sender }))
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Bytes that are left to be read; each read takes from their front, and is `None` when they do not hold it.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next value.
    pub fn get<T: Wire>(&mut self) -> Option<T> {
        T::get(self)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }
}

/// A value that is all of a body.
pub(super) fn whole<T: Wire>(body: &[u8]) -> Option<T> {
    let mut reader = Reader(body);
    let value = reader.get()?;
    reader.0.is_empty().then_some(value)
}

/// The bytes of a value.
pub(super) fn bytes<T: Wire>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}

/// A value that can be said.
pub(super) trait Wire: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn get(from: &mut Reader<'_>) -> Option<Self>;
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl Wire for $kind {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_ne_bytes());
            }
            fn get(from: &mut Reader<'_>) -> Option<Self> {
                let head = from.take(size_of::<Self>())?;
                Some(Self::from_ne_bytes(head.try_into().ok()?))
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64, i32);

/// A structure as its fields in this order.
macro_rules! fields {
    ($kind:ident { $($field:ident),* $(,)? }) => {
        impl $crate::spawn::container::wire::Wire for $kind {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }
            fn get(from: &mut $crate::spawn::container::wire::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: from.get()?),* })
            }
        }
    };
}
pub(super) use fields;

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        u8::from(*self).put(out);
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        Some(from.get::<u8>()? != 0)
    }
}

impl Wire for OsString {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        let length = from.get::<u32>()? as usize;
        Some(Self::from_vec(from.take(length)?.to_vec()))
    }
}

impl Wire for PathBuf {
    fn put(&self, out: &mut Vec<u8>) {
        self.clone().into_os_string().put(out);
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        Some(from.get::<OsString>()?.into())
    }
}

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        OsString::from(self).put(out);
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        Some(from.get::<OsString>()?.to_string_lossy().into_owned())
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        Some(if from.get()? { Some(from.get()?) } else { None })
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        self.iter().for_each(|value| value.put(out));
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        // Grown as it is read: the count is the other side's word.
        let mut list = Self::new();
        for _ in 0..from.get::<u32>()? {
            list.push(from.get()?);
        }
        Some(list)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        Some((from.get()?, from.get()?))
    }
}

impl Wire for CapSet {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self(from.get()?))
    }
}

impl Wire for MountKind {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Bind(source) => (0u8, source.clone()).put(out),
            Self::Fs { kind, options } => (1u8, (kind.clone(), options.clone())).put(out),
        }
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        match from.get::<u8>()? {
            0 => Some(Self::Bind(from.get()?)),
            1 => Some(Self::Fs { kind: from.get()?, options: from.get()? }),
            _ => None,
        }
    }
}

impl Wire for Root {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Chroot(dir) => (0u8, dir.clone()).put(out),
            Self::Pivot { dir, readonly } => (1u8, (dir.clone(), *readonly)).put(out),
        }
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        match from.get::<u8>()? {
            0 => Some(Self::Chroot(from.get()?)),
            1 => Some(Self::Pivot { dir: from.get()?, readonly: from.get()? }),
            _ => None,
        }
    }
}

impl Wire for Groups {
    fn put(&self, out: &mut Vec<u8>) {
        let list = match self {
            Self::Set(list) => Some(list.clone()),
            Self::Keep => None,
        };
        list.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Option<Self> {
        Some(from.get::<Option<Vec<u32>>>()?.map_or(Self::Keep, Self::Set))
    }
}

fields!(Mount { kind, target, attributes });
fields!(Filesystem { mounts, masked, readonly, root });
fields!(Identity { uid, gid, groups });
fields!(Rlimit { resource, soft, hard });
fields!(Capabilities { drop, add, ambient, securebits });
fields!(FilterInsn { code, jt, jf, k });

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::run::{Fault, Job, Setup};
    use super::*;

    fn full() -> Setup {
        let fs = MountKind::Fs {
            kind: "overlay".into(),
            options: vec![
                ("ro".into(), None),
                ("lowerdir".into(), Some(OsString::from_vec(b"/\xff".to_vec()))),
            ],
        };
        let mount = |kind, attributes| Mount { kind, target: "/t".into(), attributes };
        Setup {
            fs: Filesystem {
                mounts: vec![mount(fs, u64::MAX), mount(MountKind::Bind("/b".into()), 1)],
                masked: vec!["/m".into()],
                readonly: Vec::new(),
                root: Some(Root::Pivot { dir: None, readonly: true }),
            },
            workdir: "/w".into(),
            setgroups: true,
        }
    }

    #[test]
    fn what_is_said_is_what_is_heard() {
        let said = bytes(&full());
        let heard: Setup = whole(&said).unwrap();
        assert_eq!((heard.fs, heard.workdir, heard.setgroups), (full().fs, full().workdir, true));
        let who = Identity { uid: Some(7), gid: None, groups: Groups::Set(vec![1, 2]) };
        assert_eq!(whole::<Identity>(&bytes(&who)), Some(who));
        // Not a byte may be missing or too many.
        for length in 0..said.len() {
            assert!(whole::<Setup>(&said[..length]).is_none(), "{length}");
        }
        assert!(whole::<Setup>(&[said, vec![0]].concat()).is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_fail(body in prop::collection::vec(any::<u8>(), 0..200)) {
            whole::<Setup>(&body);
            whole::<Job>(&body);
            whole::<Fault>(&body).map(Fault::error).map(|error| error.to_string());
        }
    }
}
