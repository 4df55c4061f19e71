//! A long-lived container: an init that holds the namespaces and mounts of a plan, and runs programs in them on request.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use trace::spawn::container::{Container, Run, Sync};
//! use trace::spawn::{launch::Request, namespaces::Namespaces, plan::Plan};
//! let mut plan = Plan::new("", vec!["container".into()]);
//! plan.namespaces = Namespaces::PID.with(Namespaces::MOUNT).with(Namespaces::NET);
//! let mut container = Container::start(&Request::new(plan))?;
//! let exit = container.run(&Run::new("/bin/true", vec!["true".into()]), Sync::None)?;
//! container.ping()?;
//! for trouble in container.destroy() {
//!     eprintln!("{trouble}");
//! }
//! # Ok(()) }
//! ```
//!
//! **The init.** [`Container::start`] executes the caller's own program again, as `PROGRAM container-init` and as process 1
//! of a new pid namespace: the `main` of a program that uses this must call [`serve`] for that word before it does
//! anything else ([`is_init`]), as `trace` does; or [`Container::start_with`] names a `trace`. The init is executed before the
//! mounts are made and makes them itself, so that the container's root needs neither its file nor its libraries.
//!
//! **The plan.** Namespaces (a pid namespace must be among them), id maps (with a root inside), names, mounts, root and
//! working directory, cgroup, network, nice value, affinity, personality and no_new_privs are the container's.
//! Ids, limits, capabilities, filters, descriptors, environment and arguments belong to a [`Run`]; a plan that limits its
//! program in one of these ways is refused rather than obeyed in part. Its program, arguments, environment
//! and descriptors are not looked at.
//!
//! **The channel.** A pair of sockets that keep messages apart. Descriptors come as SCM_RIGHTS. Each message carries the
//! kernel's word on its sender (SCM_CREDENTIALS): the init hears only who is outside its pid namespace, the
//! launcher only the init, which speaks as the program's process where it tells the program's id. What the init
//! says is taken as hostile all the same: a program that runs inside as root may take it over, so give programs
//! an identity, or drop their capabilities.
//!
//! **The end.** One program runs at a time. When it ends, all that it left running inside ends with it. When the container
//! is destroyed or dropped, or its launcher dies, the kernel kills everything in the pid namespace; mounts and
//! namespaces go with it, and cgroup and network are taken away.

mod error;
mod run;
mod serve;
mod wire;

use std::fs::{File, OpenOptions};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use error::Error;
pub use run::Run;
pub use serve::serve;

use super::cgroup::Cgroup;
use super::check;
use super::error::Error as LaunchError;
use super::idmap;
use super::launch::{Request, Started};
use super::namespaces::Namespaces;
use super::plan::{self, Capabilities, IdMaps, Identity, Plan, Program, Terminal, Traced};
use super::points::Points;
use super::process::Exit;
use crate::sys::message::{self, Sender};
use crate::sys::{channel, clone, process, wake};
use run::{Fault, Setup, body};
use wire::{Channel, Got, Kind, Message, VERSION};

/// The word that an init is started with.
pub const COMMAND: &str = "container-init";
/// Longest wait for an init that has nothing else to do: a stopped one answers never.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether this process was started as a container's init: its `main` is to call [`serve`] then, and to exit with what it
/// returns.
pub fn is_init() -> bool {
    std::env::args_os().nth(1).is_some_and(|word| word == COMMAND)
}

/// A function of the launcher that is called with the program's process id, as the launcher sees it.
pub enum Sync<'a> {
    /// None.
    None,
    /// When the program is set up, before its execve. An error: the program is never executed.
    BeforeExec(&'a mut dyn FnMut(i32) -> Result<(), String>),
    /// When the program has been executed; it is running already. An error: the program is killed.
    AfterExec(&'a mut dyn FnMut(i32) -> Result<(), String>),
}

impl std::fmt::Debug for Sync<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::BeforeExec(_) => "BeforeExec",
            Self::AfterExec(_) => "AfterExec",
        })
    }
}

/// A running container. Dropping it destroys it, without a word.
#[derive(Debug)]
pub struct Container {
    started: Option<Started>,
    channel: Channel,
    serial: u32,
    /// The init's process and user id, as seen from here.
    init: (i32, u32),
    maps: Option<IdMaps>,
    points: Points,
}

/// A program that runs in a container. Dropping it kills it.
#[derive(Debug)]
pub struct Running<'a> {
    container: &'a mut Container,
    pid: i32,
    pidfd: Option<OwnedFd>,
    serial: u32,
    ended: bool,
}

impl Container {
    /// Starts a container whose init is this program executed again, see above.
    ///
    /// # Errors
    /// As [`Container::start_with`].
    pub fn start(request: &Request) -> Result<Self, Error> {
        Self::start_with(request, Path::new("/proc/self/exe"))
    }

    /// Starts a container whose init is the program at `init`, outside the container: a `trace`, or one that serves as
    /// it does.
    ///
    /// # Errors
    /// A plan that is no container's, an init that cannot be started or is none, a mount that fails (with its step);
    /// nothing is left behind.
    pub fn start_with(request: &Request, init: &Path) -> Result<Self, Error> {
        let plan = &request.plan;
        check::check(plan).map_err(LaunchError::Invalid)?;
        fits(plan)?;
        let io = |error| Error::Channel(error);
        let (ours, theirs) = channel::pair().map_err(io)?;
        for end in [&ours, &theirs] {
            message::tell_senders(end.as_fd()).map_err(io)?;
        }
        let null = OpenOptions::new().read(true).write(true).open("/dev/null").map_err(io)?;
        let file = OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(init);
        let file = file.map_err(|error| Error::Init(init.to_owned(), error))?;
        let request = Request { plan: init_plan(plan, &file, &null, &theirs), ..request.clone() };
        let points = Points::missing(plan);
        let started = request.start()?;
        drop(theirs);
        let root = plan.maps.as_ref().and_then(|maps| idmap::outside(&maps.uid, 0));
        let init = (started.process().pid(), root.unwrap_or_else(process::effective_uid));
        let mut container = Self {
            started: Some(started),
            channel: Channel::new(ours),
            serial: 0,
            init,
            maps: plan.maps.clone(),
            points,
        };
        match container.hear(0, Some(PATIENCE)) {
            Ok(Message { kind: Kind::Hello, body, .. }) if body == VERSION.to_ne_bytes() => {}
            Ok(_) => return Err(Error::Answer("as one of another version".into())),
            Err(Error::Gone(_) | Error::Silent) => {
                return Err(Error::Gone(
                    "before it said a word (its program must serve, see container::serve)",
                ));
            }
            Err(error) => return Err(error),
        }
        let setup = Setup {
            fs: plan.fs.clone(),
            workdir: plan.workdir.clone().unwrap_or_else(|| PathBuf::from("/")),
            setgroups: plan.maps.as_ref().is_none_or(|maps| maps.setgroups),
        };
        container.ask(Kind::Setup, &wire::bytes(&setup), None)?;
        Ok(container)
    }

    /// The init's process id, as seen from here.
    pub fn pid(&self) -> i32 {
        self.init.0
    }

    /// The container's cgroup, where it has one of its own.
    pub fn cgroup(&self) -> Option<&Cgroup> {
        self.started.as_ref().and_then(Started::cgroup)
    }

    /// Asks the init whether it is there.
    ///
    /// # Errors
    /// [`Error::Gone`], [`Error::Silent`].
    pub fn ping(&mut self) -> Result<(), Error> {
        self.ask(Kind::Ping, &[], Some(PATIENCE))
    }

    /// Starts a program inside; its descriptors may be closed when this returns.
    ///
    /// # Errors
    /// What is wrong with the run, the step that failed, the function's own refusal; no process is left and the
    /// container goes on. [`Error::Gone`] when the init has ended.
    pub fn launch(&mut self, run: &Run, sync: Sync<'_>) -> Result<Running<'_>, Error> {
        run.check(self.maps.as_ref())?;
        let (job, fds) = run.job(matches!(sync, Sync::BeforeExec(_)));
        let serial = self.next();
        self.say(Kind::Run, serial, &body(&job)?, &fds)?;
        let (mut before, mut after) = match sync {
            Sync::None => (None, None),
            Sync::BeforeExec(function) => (Some(function), None),
            Sync::AfterExec(function) => (None, Some(function)),
        };
        let running = loop {
            let message = self.hear(serial, None)?;
            match message.kind {
                Kind::Waiting => {
                    let pid = message.sender.pid;
                    let function = before.take().ok_or_else(|| odd(&message))?;
                    Word { container: self, serial, said: false }.ask(|| function(pid))?;
                }
                Kind::Started => {
                    let pid = message.sender.pid;
                    let pidfd = message.fds.into_iter().next();
                    break Running { container: self, pid, pidfd, serial, ended: false };
                }
                Kind::Failed => return Err(fault(&message)),
                _ => return Err(odd(&message)),
            }
        };
        if let Some(Err(text)) = after.take().map(|function| function(running.pid)) {
            running.kill();
            running.wait()?;
            return Err(Error::SyncAfterExec(text));
        }
        Ok(running)
    }

    /// Runs a program inside to its end.
    ///
    /// # Errors
    /// As [`Container::launch`] and [`Running::wait`].
    pub fn run(&mut self, run: &Run, sync: Sync<'_>) -> Result<Exit, Error> {
        self.launch(run, sync)?.wait()
    }

    /// Kills and reaps everything inside and takes away what was made; what went wrong with that, a sentence each.
    pub fn destroy(mut self) -> Vec<String> {
        self.end()
    }

    fn end(&mut self) -> Vec<String> {
        let Some(started) = self.started.take() else { return Vec::new() };
        // The end of process 1 is the end of all: the kernel kills and reaps them before it can be reaped itself.
        started.process().destroy();
        let troubles = started.finish();
        drop(std::mem::take(&mut self.points));
        troubles
    }

    fn next(&mut self) -> u32 {
        self.serial = self.serial.wrapping_add(1).max(1);
        self.serial
    }

    fn say(&self, kind: Kind, serial: u32, body: &[u8], fds: &[i32]) -> Result<(), Error> {
        self.channel.say(kind, serial, body, fds, None).map_err(|error| match error.kind() {
            std::io::ErrorKind::BrokenPipe => Error::Gone("already"),
            _ => Error::Channel(error),
        })
    }

    /// The next answer to `serial`; answers to what nobody waits for any more are passed over.
    fn hear(&self, serial: u32, limit: Option<Duration>) -> Result<Message, Error> {
        loop {
            let [heard] = wake::readable([self.channel.as_fd()], limit).map_err(Error::Channel)?;
            if !heard {
                return Err(Error::Silent);
            }
            match self.channel.receive(|sender| self.knows(sender)).map_err(Error::Channel)? {
                Got::End => return Err(Error::Gone("by now")),
                Got::Message(message) if message.serial == serial => {
                    let named = matches!(message.kind, Kind::Waiting | Kind::Started);
                    if named || message.sender.pid == self.init.0 {
                        return Ok(message);
                    }
                }
                Got::Message(_) | Got::Stray => {}
            }
        }
    }

    /// Whether a sender may be the init or speak as a program's process: of its user, and a process at all.
    fn knows(&self, sender: Sender) -> bool {
        sender.uid == self.init.1 && sender.pid > 0
    }

    fn ask(&mut self, kind: Kind, body: &[u8], limit: Option<Duration>) -> Result<(), Error> {
        let serial = self.next();
        self.say(kind, serial, body, &[])?;
        let message = self.hear(serial, limit)?;
        match message.kind {
            Kind::Pong => Ok(()),
            Kind::Failed => Err(fault(&message)),
            _ => Err(odd(&message)),
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.end();
    }
}

impl Running<'_> {
    /// Its process id, as seen from here.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Its pidfd, to wait and signal without a race; `None` where the kernel has none.
    pub fn pidfd(&self) -> Option<BorrowedFd<'_>> {
        self.pidfd.as_ref().map(AsFd::as_fd)
    }

    /// Sends it a signal; one that has ended is passed over.
    ///
    /// # Errors
    /// EPERM; EBADF where the kernel has no pidfd.
    pub fn signal(&self, signo: i32) -> std::io::Result<()> {
        let pidfd = self.pidfd().ok_or_else(|| std::io::Error::from_raw_os_error(libc::EBADF))?;
        match clone::pidfd_signal(pidfd, signo) {
            Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Ok(()),
            other => other,
        }
    }

    /// Kills it and everything else inside but the init.
    pub fn kill(&self) {
        self.container.say(Kind::Kill, self.serial, &[], &[]).ok();
    }

    /// Waits until it has ended, and all that it left; how it ended.
    ///
    /// # Errors
    /// [`Error::Gone`] when the init has ended.
    pub fn wait(mut self) -> Result<Exit, Error> {
        self.await_end()
    }

    fn await_end(&mut self) -> Result<Exit, Error> {
        self.ended = true;
        let message = self.container.hear(self.serial, None)?;
        match (message.kind, wire::whole::<(u8, i32)>(&message.body)) {
            (Kind::Ended, Some((0, status))) => Ok(Exit::Status(status)),
            (Kind::Ended, Some((_, signo))) => Ok(Exit::Signal(signo)),
            _ => Err(odd(&message)),
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.kill();
            self.await_end().ok();
        }
    }
}

/// The launcher's word to a program that waits before its execve; a function that panics refuses.
struct Word<'a> {
    container: &'a Container,
    serial: u32,
    said: bool,
}

impl Word<'_> {
    fn ask(mut self, function: impl FnOnce() -> Result<(), String>) -> Result<(), Error> {
        let answer = function();
        self.said = true;
        match answer {
            Ok(()) => self.container.say(Kind::Go, self.serial, &[], &[]),
            Err(text) => self.container.say(Kind::Refuse, self.serial, &wire::bytes(&text), &[]),
        }
    }
}

impl Drop for Word<'_> {
    fn drop(&mut self) {
        if !self.said {
            self.container.say(Kind::Refuse, self.serial, &wire::bytes(&String::new()), &[]).ok();
        }
    }
}

fn fault(message: &Message) -> Error {
    wire::whole::<Fault>(&message.body).map_or_else(|| odd(message), Fault::error)
}

fn odd(message: &Message) -> Error {
    Error::Answer(format!("'{:?}' where that makes no sense", message.kind))
}

/// What a container's plan lacks, or holds that belongs to a run.
fn fits(plan: &Plan) -> Result<(), Error> {
    if !plan.all_namespaces().has(Namespaces::PID) {
        return Err(Error::Needs("a pid namespace of its own, which ends all that runs inside: add pid"));
    }
    let no_root =
        |maps: &IdMaps| idmap::outside(&maps.uid, 0).is_none() || idmap::outside(&maps.gid, 0).is_none();
    if plan.all_namespaces().has(Namespaces::USER) && plan.maps.as_ref().is_none_or(no_root) {
        return Err(Error::Needs("a root inside, which mounts: map user and group id 0"));
    }
    let rows = [
        (plan.identity.is_some(), "ids"),
        (!plan.limits.is_empty(), "resource limits"),
        (plan.caps != Capabilities::default(), "capabilities"),
        (plan.seccomp.is_some(), "a seccomp filter"),
        (plan.terminal != Terminal::default(), "a terminal, session or process group"),
        (plan.traced != Traced::No, "tracing"),
        (plan.mask.is_some(), "a signal mask"),
    ];
    rows.iter().find(|(held, _)| *held).map_or(Ok(()), |(_, what)| Err(Error::Belongs(what)))
}

/// The plan of the init: the container's without its mounts, which the init makes itself.
fn init_plan(plan: &Plan, init: &File, null: &File, channel: &OwnedFd) -> Plan {
    let mut own = plan.clone();
    own.program = Program::Fd(init.as_raw_fd());
    own.argv = vec!["trace".into(), COMMAND.into()];
    own.env = Some(Vec::new());
    own.workdir = None;
    own.fs = plan::Filesystem::default();
    if own.all_namespaces().has(Namespaces::USER) {
        own.identity = Some(Identity { uid: Some(0), gid: Some(0), ..Identity::default() });
    }
    // Ctrl-C is for the launcher.
    own.terminal.setsid = true;
    let null = null.as_raw_fd();
    own.fds.map = (0..3).map(|fd| (fd, Some(null))).collect();
    own.fds.map.push((serve::FD, Some(channel.as_raw_fd())));
    own.fds.only_listed = true;
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A container whose init is the other end of a channel in this very process.
    fn with_init(init: (i32, u32)) -> (Container, Channel) {
        let (ours, theirs) = channel::pair().unwrap();
        message::tell_senders(ours.as_fd()).unwrap();
        let points = Points::default();
        let container =
            Container { started: None, channel: Channel::new(ours), serial: 0, init, maps: None, points };
        (container, Channel::new(theirs))
    }

    fn heard(init: (i32, u32), kind: Kind, serial: u32) -> Result<Kind, Error> {
        let (container, other) = with_init(init);
        other.say(kind, serial, &[], &[], None).unwrap();
        container.hear(7, Some(Duration::ZERO)).map(|message| message.kind)
    }

    #[test]
    fn only_the_init_is_heard() {
        let (pid, uid) = (std::process::id() as i32, process::effective_uid());
        assert_eq!(heard((pid, uid), Kind::Pong, 7).unwrap(), Kind::Pong);
        for init in [(pid + 1, uid), (pid, uid + 1)] {
            assert!(matches!(heard(init, Kind::Pong, 7), Err(Error::Silent)), "{init:?}");
        }
        // Another process of the init's user is named only where that is what is said.
        assert_eq!(heard((pid + 1, uid), Kind::Started, 7).unwrap(), Kind::Started);
        assert!(matches!(heard((pid + 1, uid), Kind::Ended, 7), Err(Error::Silent)));
        assert!(
            matches!(heard((pid, uid), Kind::Pong, 6), Err(Error::Silent)),
            "an answer that came too late"
        );
    }

    #[test]
    fn what_the_init_says_is_not_believed() {
        let (pid, uid) = (std::process::id() as i32, process::effective_uid());
        let (container, other) = with_init((pid, uid));
        let text = "\u{1b}[2Jgone";
        let fault =
            Fault { step: Some(text.into()), call: None, errno: i32::MIN, refused: false, text: text.into() };
        other.say(Kind::Failed, 7, &wire::bytes(&fault), &[], None).unwrap();
        other.say(Kind::Failed, 7, b"no fault", &[], None).unwrap();
        message::send(other.as_fd(), b"short", &[], None).unwrap();
        let hear = || container.hear(7, Some(Duration::ZERO));
        assert_eq!(super::fault(&hear().unwrap()).to_string(), "\\u{1b}[2Jgone");
        assert!(matches!(super::fault(&hear().unwrap()), Error::Answer(_)));
        assert!(matches!(hear(), Err(Error::Silent)));
        drop(other);
        assert!(matches!(hear(), Err(Error::Gone(_))));
    }
}
