//! A conversation with the kernel's rtnetlink: one request, its answers, its ack.
//!
//! It turns refusals into [`Error`]s with the step they belong to; it decides nothing.

use std::fs::File;
use std::io;

use super::netlink::{Answer, LinkFacts, Request, answers, find, list};
use super::{Error, Step};
use crate::sys::netlink::Socket;

/// One datagram: the kernel fills at most 32 KiB of a list at a time (NLMSG_GOODSIZE and its callers).
const BUFFER_BYTES: usize = 64 << 10;

/// A refused request.
#[derive(Debug)]
pub(super) struct Refusal {
    errno: i32,
    detail: Option<String>,
}

/// Why a request brought nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// The kernel said no.
    Refused(Refusal),
    /// The socket failed.
    Socket(io::Error),
    /// The answer made no sense.
    Answer,
}

impl Failure {
    /// The kernel's error number, 0 when it was not the kernel.
    pub(super) const fn errno(&self) -> i32 {
        match self {
            Self::Refused(refusal) => refusal.errno,
            _ => 0,
        }
    }

    /// The error of `step` on `what`.
    pub(super) fn at(self, step: Step, what: impl ToString) -> Error {
        match self {
            Self::Refused(Refusal { errno: libc::EPERM, .. }) => Error::Privilege(step),
            Self::Refused(Refusal { errno, detail }) => {
                Error::Kernel { step, what: what.to_string(), errno, detail }
            }
            Self::Socket(error) => Error::Socket(error),
            Self::Answer => Error::Answer,
        }
    }
}

/// A socket and the number of its last request.
#[derive(Debug)]
pub(super) struct Route {
    socket: Socket,
    sequence: u32,
}

impl Route {
    /// In the caller's network namespace.
    pub(super) fn here() -> Result<Self, Error> {
        Ok(Self { socket: Socket::open().map_err(Error::Socket)?, sequence: 0 })
    }

    /// In the network namespace of process `pid`.
    pub(super) fn of(pid: i32) -> Result<Self, Error> {
        let file = File::open(format!("/proc/{pid}/ns/net")).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::Gone(pid),
            _ => Error::Enter(pid, error),
        })?;
        let socket = Socket::open_in(&file).map_err(|error| Error::Enter(pid, error))?;
        Ok(Self { socket, sequence: 0 })
    }

    /// Sends a request and waits for its end; returns the interfaces that were told of.
    pub(super) fn ask(&mut self, request: Request) -> Result<Vec<LinkFacts>, Failure> {
        self.sequence += 1;
        self.socket.send(&request.finish(self.sequence)).map_err(Failure::Socket)?;
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut links = Vec::new();
        loop {
            let length = self.socket.receive(&mut buffer).map_err(Failure::Socket)?;
            let answers = answers(&buffer[..length]).ok_or(Failure::Answer)?;
            for (_, answer) in answers.into_iter().filter(|(sequence, _)| *sequence == self.sequence) {
                match answer {
                    Answer::End { errno: 0, .. } => return Ok(links),
                    Answer::End { errno, text } => {
                        return Err(Failure::Refused(Refusal { errno, detail: text }));
                    }
                    Answer::Link(facts) => links.push(facts),
                    Answer::Other => {}
                }
            }
        }
    }

    /// The interface called `name`, if there is one.
    pub(super) fn find(&mut self, name: &str) -> Result<Option<LinkFacts>, Error> {
        match self.ask(find(name)) {
            Ok(links) => Ok(links.into_iter().next()),
            Err(failure) if failure.errno() == libc::ENODEV => Ok(None),
            Err(failure) => Err(failure.at(Step::Find, name)),
        }
    }

    /// How many interfaces are in the bridge.
    pub(super) fn ports(&mut self, bridge: u32) -> Result<usize, Error> {
        let links = self.ask(list()).map_err(|failure| failure.at(Step::Find, "all interfaces"))?;
        Ok(links.iter().filter(|link| link.master == bridge).count())
    }
}
