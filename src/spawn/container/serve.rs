//! The init of a container: process 1 of its pid namespace, which mounts once and then runs programs one by one.
//!
//! It listens to the launcher alone: the kernel says of each message who sent it, and the launcher is the one outside
//! the pid namespace. When the launcher is gone the init ends, and the kernel ends with it all that runs inside.
//! Whoever ends inside is reaped here; when a program ends, what it left running ends too, before the launcher
//! hears of it.

use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use super::super::compile;
use super::super::error::Error;
use super::super::plan::Plan;
use super::super::process::Process;
use super::super::start::{self, Hooks};
use super::run::{Fault, Job, Setup};
use super::wire::{self, Channel, Got, Kind, Message, VERSION};
use crate::sys::message::{self, Sender};
use crate::sys::signal::{self, Mask};
use crate::sys::wait::{self, Status};
use crate::sys::wake::{self, Children};

/// The descriptor that an init is started with.
pub(super) const FD: RawFd = 3;

/// Why the init ends.
enum Stop {
    /// The launcher is gone, or wants no more.
    Launcher,
    /// The channel failed.
    Channel,
}

/// Whether a message is the launcher's: its process has no id in here.
fn outside(sender: Sender) -> bool {
    sender.pid == 0
}

struct Init {
    channel: Channel,
    children: Children,
    mask: Mask,
    setgroups: bool,
}

/// Serves the launcher until it is gone; the exit status.
///
/// # Errors
/// One sentence where this process was not started as a container's init.
pub fn serve() -> Result<u8, String> {
    let by_hand = "this is the init of a container, started by the library: see trace::spawn::container";
    if std::process::id() != 1 {
        return Err(by_hand.into());
    }
    let end = message::inherited(FD).map_err(|_| by_hand.to_owned())?;
    let (children, mask) = Children::new().map_err(|error| format!("signalfd: {error}"))?;
    let mut init = Init { channel: Channel::new(end), children, mask, setgroups: true };
    match init.listen() {
        Stop::Launcher => Ok(0),
        Stop::Channel => Ok(1),
    }
}

impl Init {
    fn say(&self, kind: Kind, serial: u32, body: &[u8]) -> Result<(), Stop> {
        self.channel.say(kind, serial, body, &[], None).map_err(|_| Stop::Channel)
    }

    /// Waits until a child has ended or there is something to hear; children are reaped.
    fn wait(&self, mut ended: impl FnMut(i32, Status)) -> Result<Option<Message>, Stop> {
        let fds = [self.channel.as_fd(), self.children.as_fd()];
        let [heard, changed] = wake::readable(fds, None).map_err(|_| Stop::Channel)?;
        if changed {
            self.children.clear();
            while let Some((pid, status)) = wait::any_ended() {
                ended(pid, status);
            }
        }
        if heard { self.hear() } else { Ok(None) }
    }

    /// What the launcher says; `None` for what others say.
    fn hear(&self) -> Result<Option<Message>, Stop> {
        match self.channel.receive(outside) {
            Ok(Got::Message(message)) => Ok(Some(message)),
            Ok(Got::Stray) => Ok(None),
            Ok(Got::End) => Err(Stop::Launcher),
            Err(_) => Err(Stop::Channel),
        }
    }

    fn listen(&mut self) -> Stop {
        if let Err(stop) = self.say(Kind::Hello, 0, &VERSION.to_ne_bytes()) {
            return stop;
        }
        loop {
            let done = match self.wait(|_, _| {}) {
                Ok(Some(message)) => self.answer(message),
                Ok(None) => Ok(()),
                Err(stop) => Err(stop),
            };
            if let Err(stop) = done {
                return stop;
            }
        }
    }

    fn answer(&mut self, message: Message) -> Result<(), Stop> {
        let serial = message.serial;
        match message.kind {
            Kind::Ping => self.say(Kind::Pong, serial, &[]),
            Kind::Setup => match wire::whole::<Setup>(&message.body).map(|setup| self.set_up(setup)) {
                Some(Ok(())) => self.say(Kind::Pong, serial, &[]),
                Some(Err(error)) => {
                    self.say(Kind::Failed, serial, &wire::bytes(&Fault::of(&error)))?;
                    // Half of the mounts are no container.
                    Err(Stop::Launcher)
                }
                None => Err(Stop::Channel),
            },
            Kind::Run => match wire::whole::<Job>(&message.body) {
                Some(job) => self.run(serial, job, message.fds),
                None => Err(Stop::Channel),
            },
            // A word to a program that has ended meanwhile.
            _ => Ok(()),
        }
    }

    fn set_up(&mut self, setup: Setup) -> Result<(), Error> {
        self.setgroups = setup.setgroups;
        let mut plan = Plan::new("", vec!["init".into()]);
        plan.fs = setup.fs;
        plan.workdir = Some(setup.workdir);
        start::apply(&compile::mounts(&plan)?)
    }

    fn run(&self, serial: u32, job: Job, fds: Vec<OwnedFd>) -> Result<(), Stop> {
        let synchronize = job.synchronize;
        let Some(plan) = job.inside(&fds, self.mask, self.setgroups) else { return Err(Stop::Channel) };
        let mut stop = None;
        let mut sync = |pid: i32| {
            self.ask(serial, pid).unwrap_or_else(|why| {
                stop = Some(why);
                Err("the launcher is gone".into())
            })
        };
        let mut hooks = Hooks::default();
        if synchronize {
            hooks.sync = Some(&mut sync);
        }
        let started = start::start(&plan, hooks);
        // The program has its own: a pipe must end when the program closes it.
        drop(fds);
        if let Some(stop) = stop {
            return Err(stop);
        }
        match started {
            Ok(process) => self.attend(serial, &process),
            Err(error) => self.say(Kind::Failed, serial, &wire::bytes(&Fault::of(&error))),
        }
    }

    /// Tells the launcher that `pid` is set up and waits for its word.
    fn ask(&self, serial: u32, pid: i32) -> Result<Result<(), String>, Stop> {
        self.channel.say(Kind::Waiting, serial, &[], &[], Some(pid)).map_err(|_| Stop::Channel)?;
        loop {
            match self.hear()? {
                Some(message) if message.kind == Kind::Go && message.serial == serial => return Ok(Ok(())),
                Some(message) if message.kind == Kind::Refuse && message.serial == serial => {
                    return Ok(Err(wire::whole(&message.body).unwrap_or_default()));
                }
                _ => {}
            }
        }
    }

    /// Stays with a program until it and all that it left have ended.
    fn attend(&self, serial: u32, process: &Process) -> Result<(), Stop> {
        let main = process.pid();
        let fds: Vec<RawFd> = process.pidfd().iter().map(AsRawFd::as_raw_fd).collect();
        self.channel.say(Kind::Started, serial, &[], &fds, Some(main)).map_err(|_| Stop::Channel)?;
        let mut end = None;
        while end.is_none() {
            let message = self.wait(|pid, status| {
                if pid == main {
                    end = Some(status);
                }
            })?;
            match message {
                Some(Message { kind: Kind::Kill, .. }) => {
                    signal::kill(-1, libc::SIGKILL).ok();
                }
                Some(Message { kind: Kind::Ping, serial, .. }) => self.say(Kind::Pong, serial, &[])?,
                _ => {}
            }
        }
        // Everybody but process 1; again as long as somebody is there.
        loop {
            signal::kill(-1, libc::SIGKILL).ok();
            match wait::wait(-1) {
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let end = match end {
            Some(Status::Killed { signo, .. }) => (1u8, signo),
            Some(Status::Exited(status)) => (0, status),
            _ => (0, -1),
        };
        self.say(Kind::Ended, serial, &wire::bytes(&end))
    }
}
