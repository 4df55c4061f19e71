//! The sink that records, and the thread that compresses and writes.
//!
//! The tracing thread only encodes, under a lock that nobody else holds for long. A full frame goes to the
//! worker through a short queue; a frame that is not full goes when its first event is [`DEADLINE`] old, so that a
//! recorder that is killed has lost no more than that. When the file cannot be written the recording is given up,
//! which is said once, and the program runs on.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::build_id;
use super::encode::{Cut, Encoder};
use super::format::Meta;
use super::frame::Packer;
use super::privacy::{Environment, Policy};
use super::ring::{Out, Packed, Ring};
use super::streams::Streams;
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::{Call, End, Note, Program, Signal, Stamp, Started, Tid};

/// Longest time that an event waits before its frame is written; the write itself comes on top.
pub const DEADLINE: Duration = Duration::from_millis(500);
/// Most frames that wait for the worker; then the tracing thread waits too.
const QUEUE: usize = 4;
/// zstd's level: the compression runs beside the program.
const LEVEL: i32 = 3;

/// When a ring is dumped at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AtEnd {
    /// Always.
    #[default]
    Dump,
    /// When the program failed: another exit status than 0, or a signal.
    DumpOnFailure,
    /// Never.
    Drop,
}

/// How a recording is made.
#[derive(Default)]
pub struct Setup {
    /// The name before messages.
    pub program: String,
    /// Facts of the recording.
    pub meta: Meta,
    /// What is kept of environments.
    pub policy: Policy,
    /// Size of the ring in packed bytes; `None` writes everything.
    pub ring_bytes: Option<u64>,
    /// When the ring is dumped at the end.
    pub at_end: AtEnd,
    /// What goes over the rings of io_uring is recorded.
    pub io_uring: bool,
    /// Longest time that an event waits; [`DEADLINE`] where nothing is said.
    pub deadline: Option<Duration>,
    /// Where messages go instead of standard error.
    pub messages: Option<Sender<String>>,
}

/// The opened file of a recording that has not begun. Where it does not begin, what was in the file stays there, and a
/// file that was not there goes.
#[derive(Debug)]
pub struct Place {
    file: Option<File>,
    path: PathBuf,
    new: bool,
}

/// Opens the file of a recording.
///
/// # Errors
/// One sentence.
pub fn create(path: &Path) -> Result<Place, String> {
    let shown = path.display();
    let new = File::options().write(true).create_new(true).open(path);
    let place = |file, new| Place { file: Some(file), path: path.to_owned(), new };
    let place = match new {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            File::options().create(true).truncate(false).write(true).open(path).map(|file| place(file, false))
        }
        other => other.map(|file| place(file, true)),
    };
    let place = place.map_err(|error| format!("cannot write the recording '{shown}': {error}"))?;
    if place.file.as_ref().is_some_and(File::is_terminal) {
        return Err(format!("'{shown}' is a terminal, and a recording is no text: name a file with -o FILE"));
    }
    Ok(place)
}

impl Place {
    /// Empties the file for a recording that begins now.
    ///
    /// # Errors
    /// One sentence.
    pub fn begin(mut self) -> Result<File, String> {
        let shown = self.path.display();
        let Some(file) = self.file.take() else { return Err(format!("'{shown}' has begun")) };
        match file.set_len(0) {
            // A pipe or a device has no length.
            Err(error) if error.raw_os_error() != Some(libc::EINVAL) => {
                Err(format!("cannot empty the recording '{shown}': {error}"))
            }
            _ => Ok(file),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.new && self.file.is_some() {
            std::fs::remove_file(&self.path).ok();
        }
    }
}

#[derive(Debug, Default)]
struct State {
    encoder: Encoder,
    queue: VecDeque<Cut>,
    spare: Vec<Streams>,
    /// When the frame of the encoder got its first event.
    since: Option<Instant>,
    closing: bool,
    /// The program failed.
    failed: bool,
    dumps: u32,
    given_up: bool,
}

impl State {
    fn cut(&mut self) -> Cut {
        self.since = None;
        let spare = self.spare.pop().unwrap_or_default();
        self.encoder.cut(spare)
    }
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// There is something for the worker.
    work: Condvar,
    /// There is room in the queue.
    room: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for a dump of a ring, from any thread.
#[derive(Debug, Clone)]
pub struct Remote(Arc<Shared>);

impl Remote {
    /// Asks for a dump.
    pub fn dump(&self) {
        self.0.lock().dumps += 1;
        self.0.work.notify_one();
    }
}

/// The sink that records.
pub struct Recorder {
    shared: Arc<Shared>,
    worker: Option<JoinHandle<()>>,
    policy: Policy,
    rings: bool,
    /// Processes whose failure is the run's.
    roots: Vec<Tid>,
}

impl Recorder {
    /// Begins a recording in `file`, which is called `path`.
    ///
    /// # Errors
    /// The first bytes cannot be written, or no thread can be started.
    pub fn start(file: File, path: PathBuf, setup: Setup) -> io::Result<Self> {
        let mut packer = Packer::new(LEVEL)?;
        let target = match setup.ring_bytes {
            None => Target::File(Out::begin(file, &mut packer, &setup.meta)?),
            Some(limit) => Target::Ring { ring: Ring::new(limit), first: Some(file), path, count: 0 },
        };
        let shared = Arc::new(Shared::default());
        let worker = Worker {
            shared: Arc::clone(&shared),
            packer,
            target,
            sequence: 0,
            buffer: Vec::new(),
            program: setup.program,
            meta: setup.meta,
            at_end: setup.at_end,
            deadline: setup.deadline.unwrap_or(DEADLINE),
            messages: setup.messages,
        };
        let worker = thread::Builder::new().name("record".into()).spawn(move || worker.run())?;
        let (policy, rings) = (setup.policy, setup.io_uring);
        Ok(Self { shared, worker: Some(worker), policy, rings, roots: Vec::new() })
    }

    /// Something by which other threads ask for dumps.
    pub fn remote(&self) -> Remote {
        Remote(Arc::clone(&self.shared))
    }

    fn tell(&mut self, what: impl FnOnce(&mut Encoder)) {
        let mut state = self.shared.lock();
        if state.given_up {
            return;
        }
        what(&mut state.encoder);
        if state.encoder.is_full() {
            let cut = state.cut();
            state.queue.push_back(cut);
            self.shared.work.notify_one();
            while state.queue.len() > QUEUE && !state.given_up {
                state = self.shared.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        } else if state.since.is_none() {
            state.since = Some(Instant::now());
            self.shared.work.notify_one();
        }
    }

    fn close(&mut self) {
        let Some(worker) = self.worker.take() else { return };
        self.shared.lock().closing = true;
        self.shared.work.notify_one();
        worker.join().ok();
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.close();
    }
}

impl Sink for Recorder {
    fn processes(&self) -> Processes {
        match self.policy.environment {
            Environment::None => Processes::Programs,
            Environment::Names | Environment::All => Processes::Environments,
        }
    }

    fn started(&mut self, started: &Started) {
        if started.attached && started.tid == started.process || self.roots.is_empty() {
            self.roots.push(started.tid);
        }
        self.tell(|encoder| encoder.started(started));
    }

    fn executed(&mut self, program: &Program) {
        let id = build_id::of_process(program.process.0);
        let program = self.policy.program(program);
        self.tell(|encoder| encoder.executed(&program, &id));
    }

    fn entered(&mut self, call: &Call) {
        match self.policy.memory(call) {
            Some(covered) => self.tell(|encoder| encoder.entered(call, &covered)),
            None => self.tell(|encoder| encoder.entered(call, &call.before)),
        }
    }

    fn left(&mut self, call: &Call) {
        self.tell(|encoder| encoder.left(call));
    }

    fn signal(&mut self, signal: &Signal) {
        self.tell(|encoder| encoder.signal(signal, false));
    }

    fn stopped(&mut self, signal: &Signal) {
        self.tell(|encoder| encoder.signal(signal, true));
    }

    fn ended(&mut self, tid: Tid, end: End, pending: Option<&Call>, at: Stamp) {
        if !matches!(end, End::Exited(0) | End::Detached | End::Superseded { .. })
            && self.roots.contains(&tid)
        {
            self.shared.lock().failed = true;
        }
        self.tell(|encoder| encoder.ended(tid, end, pending.is_some(), at));
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.tell(|encoder| encoder.renamed(from, to));
    }

    fn rings(&self) -> Rings {
        if self.rings { Rings::Within } else { Rings::None }
    }

    fn named(&mut self, tid: Tid, comm: &[u8]) {
        self.tell(|encoder| encoder.named(tid, comm));
    }

    fn note(&mut self, tid: Tid, note: Note, at: Stamp) {
        self.tell(|encoder| encoder.note(tid, note, at));
    }

    fn population(&mut self, tasks: usize) {
        self.tell(|encoder| encoder.population(tasks));
    }

    fn flush(&mut self) {
        self.tell(Encoder::flush);
    }

    fn finish(&mut self) {
        self.tell(Encoder::finish);
        self.close();
    }
}

/// Where frames go.
#[derive(Debug)]
enum Target {
    File(Out),
    Ring { ring: Ring, first: Option<File>, path: PathBuf, count: u32 },
    Nowhere,
}

struct Worker {
    shared: Arc<Shared>,
    packer: Packer,
    target: Target,
    sequence: u32,
    buffer: Vec<u8>,
    program: String,
    meta: Meta,
    at_end: AtEnd,
    deadline: Duration,
    messages: Option<Sender<String>>,
}

/// What the worker has to do.
enum Job {
    Frame(Cut),
    Dump,
    Close { failed: bool },
}

impl Worker {
    fn run(mut self) {
        loop {
            match self.next() {
                Job::Frame(cut) => self.frame(cut),
                Job::Dump => self.dump(),
                Job::Close { failed } => return self.close(failed),
            }
        }
    }

    fn next(&self) -> Job {
        let mut state = self.shared.lock();
        loop {
            if let Some(cut) = state.queue.pop_front() {
                self.shared.room.notify_one();
                return Job::Frame(cut);
            }
            let due = state.since.map(|since| self.deadline.saturating_sub(since.elapsed()));
            let asked = state.closing || state.dumps > 0;
            if !state.encoder.is_empty() && (asked || due.is_some_and(|due| due.is_zero())) {
                return Job::Frame(state.cut());
            }
            if state.dumps > 0 {
                state.dumps -= 1;
                return Job::Dump;
            }
            if state.closing {
                return Job::Close { failed: state.failed };
            }
            let wait = due.unwrap_or(Duration::from_secs(3600));
            let woken = self.shared.work.wait_timeout(state, wait);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn frame(&mut self, mut cut: Cut) {
        let buffer = std::mem::take(&mut self.buffer);
        let packed = Packed::new(&mut self.packer, self.sequence, &mut cut, buffer);
        // The last number stands for none.
        self.sequence = (self.sequence + 1) % (u32::MAX - 1);
        let done = packed.and_then(|packed| match &mut self.target {
            Target::File(out) => {
                let done = out.append(&packed);
                self.buffer = packed.into_buffer();
                done
            }
            Target::Ring { ring, .. } => {
                ring.push(packed);
                Ok(())
            }
            Target::Nowhere => Ok(()),
        });
        self.shared.lock().spare.push(cut.streams);
        if let Err(error) = done {
            self.give_up(&error);
        }
    }

    fn say(&self, text: &str) {
        match &self.messages {
            // Whoever does not listen any more has no screen any more either.
            Some(messages) => drop(messages.send(text.to_owned())),
            None => eprintln!("{}: {text}", self.program),
        }
    }

    /// Says once that the recording ends here.
    fn give_up(&mut self, error: &io::Error) {
        let events = if let Target::File(out) = &self.target { out.events() } else { 0 };
        self.say(&format!(
            "the recording could not be written and ends after {events} events; the program runs on: {error}"
        ));
        self.target = Target::Nowhere;
        let mut state = self.shared.lock();
        state.given_up = true;
        state.queue.clear();
        self.shared.room.notify_one();
    }

    fn dump(&mut self) {
        let Target::Ring { ring, first, path, count } = &mut self.target else { return };
        *count += 1;
        let mut name = path.clone().into_os_string();
        if *count > 1 {
            name.push(format!(".{count}"));
        }
        let name = PathBuf::from(name);
        let file = first.take().map_or_else(|| create(&name).and_then(Place::begin), Ok);
        let done = file.and_then(|file| {
            ring.dump(file, &mut self.packer, &self.meta)
                .map_err(|error| format!("the ring could not be dumped to '{}': {error}", name.display()))
        });
        match done {
            Ok(events) => self.say(&format!("the last {events} events are in {}", name.display())),
            Err(text) => self.say(&text),
        }
    }

    fn close(mut self, failed: bool) {
        let wanted = match self.at_end {
            AtEnd::Dump => true,
            AtEnd::DumpOnFailure => failed,
            AtEnd::Drop => false,
        };
        match std::mem::replace(&mut self.target, Target::Nowhere) {
            Target::File(out) => {
                if let Err(error) = out.finish(&mut self.packer) {
                    self.say(&format!("the index of the recording could not be written: {error}"));
                }
            }
            ring @ Target::Ring { .. } => {
                let unused = |target: &Target| matches!(target, Target::Ring { first: Some(_), .. });
                self.target = ring;
                if wanted {
                    self.dump();
                } else if unused(&self.target)
                    && let Target::Ring { path, .. } = &self.target
                {
                    // Nothing was asked for, and an empty file would look like a failure.
                    std::fs::remove_file(path).ok();
                }
            }
            Target::Nowhere => {}
        }
    }
}
