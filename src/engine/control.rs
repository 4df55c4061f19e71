//! How other threads and signals reach the loop while it waits.
//!
//! A watcher thread takes the tracer's own signals with sigwait and turns each into a [`Wish`]; it then
//! interrupts the loop's wait, again and again until the wish was taken, so that no wake-up is lost
//! between the loop's look and its wait.

use std::sync::Arc;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use crate::sys::{process, signal};

/// Interrupts the loop's wait; a real-time signal that nobody else sends.
pub const NUDGE: i32 = 40;
/// Pause between two nudges.
const NUDGE_EVERY: Duration = Duration::from_millis(5);
/// Signals that the watcher takes.
const WATCHED: [i32; 5] = [libc::SIGINT, libc::SIGQUIT, libc::SIGTERM, libc::SIGHUP, libc::SIGTSTP];

/// What somebody wants of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Let everything go and end.
    Detach,
    /// Pass a signal on to the launched program.
    Forward(i32),
    /// The terminal stops the job: stop when the program stops.
    StopToo,
    /// End everything that is traced.
    Kill,
    /// Look whether something is due.
    Look,
}

/// The loop's end of the line.
#[derive(Debug, Clone, Default)]
pub struct Control {
    wishes: Arc<Mutex<Vec<Wish>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Control {
    /// The oldest wish that was not granted yet.
    pub fn take(&self) -> Option<Wish> {
        let mut wishes = lock(&self.wishes);
        (!wishes.is_empty()).then(|| wishes.remove(0))
    }

    fn pending(&self) -> bool {
        !lock(&self.wishes).is_empty()
    }

    /// Leaves a wish and wakes thread `tid` of process `pid`, whose loop takes it, unless it is gone.
    fn deliver(&self, wish: Wish, pid: i32, tid: i32) {
        lock(&self.wishes).push(wish);
        while self.pending() && signal::send_to_thread(pid, tid, NUDGE).is_ok() {
            thread::sleep(NUDGE_EVERY);
        }
    }

    /// Makes the loop, on whose thread this is called, look around after some time.
    pub(super) fn look_after(&self, time: Duration) {
        let (pid, tid) = (std::process::id() as i32, process::gettid());
        let control = self.clone();
        let waiting = thread::Builder::new().name("delay".into()).spawn(move || {
            thread::sleep(time);
            control.deliver(Wish::Look, pid, tid);
        });
        if waiting.is_err() {
            thread::sleep(time);
        }
    }
}

/// The other end of the line, for any thread.
#[derive(Debug, Clone)]
pub struct Remote {
    control: Control,
    /// Process and thread of the loop.
    at: (i32, i32),
}

impl Remote {
    /// Says a wish and waits until the loop has taken it, or is gone.
    pub fn ask(&self, wish: Wish) {
        self.control.deliver(wish, self.at.0, self.at.1);
    }
}

/// A line to the loop that will run on the calling thread, for those who ask by themselves and watch no signals.
pub fn line() -> (Control, Remote) {
    signal::interrupting(NUDGE);
    let control = Control::default();
    let remote = Remote { control: control.clone(), at: (std::process::id() as i32, process::gettid()) };
    (control, remote)
}

/// Blocks the tracer's signals in the calling thread; returns the mask that tracees start with.
pub fn block_signals() -> signal::Mask {
    signal::block(&WATCHED)
}

/// Waits for one of the tracer's signals, which must be blocked, and takes it.
///
/// # Errors
/// What sigwaitinfo(2) says.
pub fn next_signal() -> std::io::Result<i32> {
    signal::wait_info(&WATCHED).map(|(signo, _)| signo)
}

/// Starts the watcher. `launched`: terminal signals reach the program by themselves and are left to it. Unless the
/// tracer is `interruptible` it takes no notice of any.
///
/// To be called on the loop's thread, after the launch, with the signals of [`block_signals`] blocked.
///
/// # Errors
/// When no thread can be started.
pub fn watch(launched: bool, interruptible: bool) -> std::io::Result<Control> {
    let (control, remote) = line();
    thread::Builder::new().name("signals".into()).spawn(move || {
        while let Ok((signo, by_terminal)) = signal::wait_info(&WATCHED) {
            let wish = match signo {
                _ if !interruptible => continue,
                libc::SIGTSTP => Wish::StopToo,
                libc::SIGINT | libc::SIGQUIT if launched && by_terminal => continue,
                _ if launched => Wish::Forward(signo),
                _ => Wish::Detach,
            };
            remote.ask(wish);
        }
    })?;
    Ok(control)
}
