//! What descriptors are open on, without asking the kernel each time.
//!
//! A table per set of descriptors that tasks share (files_struct) and per working directory (fs_struct), filled by
//! readlink(2) of /proc/TID/fd. An answer is kept until a call begins that may change it: one that closes or
//! replaces descriptors, renames or unmounts. While such a call runs, and between tasks whose calls are not all
//! seen, nothing is kept. What others do to a file's name shows after [`FRESH_NS`] at the latest. New
//! descriptors need no attention, however they come (SCM_RIGHTS, pidfd_getfd, ioctl): their numbers were free,
//! so nothing is kept of them. Sources: proc_pid_fd(5), clone(2), kcmp(2), io_uring(7).

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use syscall_tables::abi::{Abi, numbers};

use super::details::{Details, Wishes};
use crate::event::descriptor::Detail;
use crate::event::{FdNote, Regs};
use crate::filter::Wanted;
use crate::sys::clock;
use crate::sys::process::{self, FdDir, Shared, Target};

/// How long an answer is believed, in nanoseconds.
const FRESH_NS: u64 = 10_000_000;
/// Directories of /proc that are kept open at most.
const DIRS: usize = 128;
/// Names there end by themselves: /proc/PID/net forgets a file when it is looked up again.
const PROC: &[u8] = b"/proc/";
/// AT_FDCWD.
const CWD: i32 = -100;
/// CLONE_FS, CLONE_FILES.
const CLONE_FS: u64 = 0x200;
const CLONE_FILES: u64 = 0x400;
/// CLOSE_RANGE_UNSHARE.
const CLOSE_RANGE_UNSHARE: u64 = 2;

/// What a call may do to what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// The descriptor in this argument is closed or replaced.
    Drops(usize),
    /// Many descriptors are closed; the set may become the task's own.
    DropsRange,
    /// The task gets a set of its own without some descriptors.
    Execs,
    /// The sets become the task's own.
    Unshares,
    /// The working directory, or what it is called, changes.
    Moves,
    /// Names of files change, for everybody.
    Renames,
    /// Descriptors may be closed at any time without a call.
    Rings,
    /// A task begins that may share the sets.
    Forks,
}

const EFFECTS: &[(&str, Effect)] = &[
    ("close", Effect::Drops(0)),
    ("dup2", Effect::Drops(1)),
    ("dup3", Effect::Drops(1)),
    ("close_range", Effect::DropsRange),
    ("execve", Effect::Execs),
    ("execveat", Effect::Execs),
    ("unshare", Effect::Unshares),
    ("chdir", Effect::Moves),
    ("fchdir", Effect::Moves),
    ("chroot", Effect::Moves),
    ("setns", Effect::Moves),
    ("rename", Effect::Renames),
    ("renameat", Effect::Renames),
    ("renameat2", Effect::Renames),
    ("unlink", Effect::Renames),
    ("unlinkat", Effect::Renames),
    ("rmdir", Effect::Renames),
    ("mount", Effect::Renames),
    ("umount", Effect::Renames),
    ("umount2", Effect::Renames),
    ("move_mount", Effect::Renames),
    ("pivot_root", Effect::Renames),
    ("io_uring_setup", Effect::Rings),
    ("io_uring_enter", Effect::Rings),
    ("fork", Effect::Forks),
    ("vfork", Effect::Forks),
    ("clone", Effect::Forks),
    ("clone3", Effect::Forks),
];

/// Calls whose data may be messages of netlink.
const NETLINK: &[&str] = &["sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg"];

/// An answer.
#[derive(Debug)]
struct Known {
    target: Target,
    /// What is known beyond the name, where that stays.
    detail: Option<Option<Arc<Detail>>>,
    asked_ns: u64,
    epoch: u64,
}

/// What is known of one set of descriptors, or of one working directory.
#[derive(Debug, Default)]
struct Table {
    known: HashMap<i32, Known>,
    /// The netlink sockets whose protocol is known, and what is none.
    netlink: HashMap<i32, Option<(Target, Arc<Detail>)>>,
    /// Calls that run now and change it.
    changing: u32,
    /// Nothing may be kept.
    off: bool,
}

impl Table {
    fn forget(&mut self) {
        self.known.clear();
        self.netlink.clear();
    }

    fn forget_one(&mut self, fd: i32) {
        self.known.remove(&fd);
        self.netlink.remove(&fd);
    }
}

type Link = Rc<RefCell<Table>>;

#[derive(Debug, Default)]
struct Task {
    files: Link,
    cwd: Link,
    running: Option<(Effect, [u64; 6])>,
    dir: Option<FdDir>,
}

/// Every table, by task.
#[derive(Debug)]
pub(super) struct Fds {
    /// Somebody wants to know.
    wanted: bool,
    /// Names are wanted also where nothing more is known.
    paths: bool,
    /// Sockets are wanted, if only by their numbers.
    sockets: bool,
    /// Every call that changes something is seen, so that answers can be kept.
    keeps: bool,
    /// The same of calls that change what is a netlink socket, and there are calls that need to know it.
    keeps_netlink: bool,
    /// New tasks are traced.
    follows: bool,
    /// By ABI and number.
    effects: [Vec<Option<Effect>>; 2],
    tasks: HashMap<i32, Task>,
    /// Counts the changes of names.
    epoch: u64,
    /// Calls that run now and change names.
    renaming: u32,
    dirs: usize,
    details: Details,
}

impl Fds {
    /// Tables for a run in which `calls` are seen at entry and, with `results`, at exit.
    pub(super) fn new(wishes: Wishes, calls: &Wanted, results: bool, follows: bool) -> Self {
        let wanted = wishes.any();
        let mut effects = [Vec::new(), Vec::new()];
        let mut keeps = wanted && results;
        let asks =
            |name: &&str| numbers::number(Abi::X86_64, name).is_some_and(|nr| calls.has(Abi::X86_64, nr));
        let mut keeps_netlink = results && NETLINK.iter().any(asks);
        for (table, abi) in effects.iter_mut().zip([Abi::X86_64, Abi::I386]) {
            for &(name, effect) in EFFECTS {
                let Some(nr) = numbers::number(abi, name) else { continue };
                let seen = effect == Effect::Forks && follows || calls.has(abi, nr);
                keeps &= seen;
                keeps_netlink &= seen || matches!(effect, Effect::Renames | Effect::Moves);
                let index = nr as usize;
                if table.len() <= index {
                    table.resize(index + 1, None);
                }
                table[index] = Some(effect);
            }
        }
        let (paths, sockets, details) = (wishes.paths, wishes.sockets, Details::new(wishes));
        Self {
            wanted,
            paths,
            sockets,
            keeps,
            keeps_netlink,
            follows,
            effects,
            tasks: HashMap::new(),
            epoch: 0,
            renaming: 0,
            dirs: 0,
            details,
        }
    }

    /// A task that is traced from now on; `parent` made it, where that is known. What it shares is asked of
    /// the kernel; where the kernel does not say, nothing is kept of either.
    pub(super) fn born(&mut self, tid: i32, parent: Option<i32>) {
        if !self.keeps && !self.keeps_netlink {
            return;
        }
        let known = parent.filter(|parent| self.tasks.contains_key(parent)).or_else(|| self.relative(tid));
        let mut task = self.tasks.remove(&tid).unwrap_or_default();
        if let Some((id, mother)) = known.and_then(|id| Some((id, self.tasks.get(&id)?))) {
            join(&mut task.files, &mother.files, process::share(id, tid, Shared::Files));
            if self.keeps {
                join(&mut task.cwd, &mother.cwd, process::share(id, tid, Shared::WorkingDirectory));
            }
        } else if !self.follows && process::threads(tid).map_or(0, |threads| threads.len()) > 1 {
            task.files.borrow_mut().off = true;
            task.cwd.borrow_mut().off = true;
        }
        self.tasks.insert(tid, task);
    }

    /// A traced task that may share with the new `tid`: its process's first thread, or its parent.
    fn relative(&self, tid: i32) -> Option<i32> {
        let field = |name| process::status_field(tid, name)?.parse::<i32>().ok();
        let candidates = [field("Tgid").filter(|group| *group != tid), field("PPid")];
        candidates.into_iter().flatten().find(|id| self.tasks.contains_key(id))
    }

    /// A task is traced no longer.
    pub(super) fn ended(&mut self, tid: i32) {
        self.left(tid, false);
        if let Some(task) = self.tasks.remove(&tid) {
            self.dirs -= usize::from(task.dir.is_some());
        }
    }

    /// The task goes by another id.
    pub(super) fn renamed(&mut self, from: i32, to: i32) {
        self.ended(to);
        if let Some(mut task) = self.tasks.remove(&from) {
            self.dirs -= usize::from(task.dir.take().is_some());
            self.tasks.insert(to, task);
        }
    }

    /// A task enters a call whose descriptors have been noted.
    pub(super) fn entered(&mut self, tid: i32, regs: &Regs) {
        if !self.keeps && !self.keeps_netlink {
            return;
        }
        let Ok(nr) = usize::try_from(regs.nr) else { return };
        let table = &self.effects[usize::from(regs.abi == Abi::I386)];
        let Some(effect) = table.get(nr).copied().flatten() else { return };
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        match effect {
            Effect::Renames => self.renaming += 1,
            Effect::Moves => task.cwd.borrow_mut().changing += 1,
            Effect::Rings => task.files.borrow_mut().off = true,
            Effect::Forks if self.follows => return,
            Effect::Forks => {
                task.files.borrow_mut().off = true;
                task.cwd.borrow_mut().off = true;
            }
            Effect::Drops(_) | Effect::DropsRange | Effect::Execs | Effect::Unshares => {
                task.files.borrow_mut().changing += 1;
            }
        }
        task.running = Some((effect, regs.args));
    }

    /// A task has left the call that it was in, or will never; what that may have changed is forgotten. Sets
    /// become the task's own only where it succeeded.
    pub(super) fn left(&mut self, tid: i32, succeeded: bool) {
        let Some(task) = self.tasks.get_mut(&tid) else { return };
        let Some((effect, args)) = task.running.take() else { return };
        let mut own_files = false;
        match effect {
            Effect::Renames => {
                self.renaming -= 1;
                self.epoch += 1;
            }
            Effect::Moves => end_change(&task.cwd, Table::forget),
            Effect::Drops(arg) => {
                end_change(&task.files, |table| table.forget_one(args[arg] as i32));
            }
            Effect::DropsRange => {
                end_change(&task.files, Table::forget);
                own_files = args[2] & CLOSE_RANGE_UNSHARE != 0;
            }
            Effect::Execs => {
                end_change(&task.files, Table::forget);
                // Tasks that are not traced may still rename what it has open.
                own_files = self.follows || !task.files.borrow().off;
            }
            Effect::Unshares => {
                end_change(&task.files, Table::forget);
                own_files = args[0] & CLONE_FILES != 0;
                if succeeded && args[0] & CLONE_FS != 0 {
                    task.cwd = Link::default();
                }
            }
            Effect::Rings | Effect::Forks => {}
        }
        if succeeded && own_files {
            task.files = Link::default();
        }
    }

    /// Adds what `fds` of task `tid` are open on to `notes`, unless they are noted; `late` after the call.
    pub(super) fn note(&mut self, tid: i32, fds: &[i32], late: bool, notes: &mut Vec<FdNote>) {
        if !self.wanted {
            return;
        }
        for &fd in fds {
            if notes.iter().any(|note| note.fd == fd && note.late == late) {
                continue;
            }
            if let Some((Target { path, deleted }, detail)) = self.target(tid, fd)
                && (self.paths || detail.is_some() || self.sockets && path.starts_with(b"socket:["))
            {
                notes.push(FdNote { fd, target: path, deleted, late, detail });
            }
        }
    }

    /// Adds what `fd` is open on, whatever is wanted, for the name of a command depends on it.
    pub(super) fn name(&mut self, tid: i32, fd: i32, notes: &mut Vec<FdNote>) {
        if notes.iter().any(|note| note.fd == fd) {
            return;
        }
        if let Some(Target { path, deleted }) = process::fd_target(tid, fd) {
            notes.push(FdNote { fd, target: path, deleted, late: false, detail: None });
        }
    }

    /// Adds what `fd` is, whatever is wanted, if it is a netlink socket: its protocol says what is sent over it. Whether
    /// it is one.
    pub(super) fn netlink(&mut self, tid: i32, fd: i32, notes: &mut Vec<FdNote>) -> bool {
        let table = self.tasks.get(&tid).filter(|_| self.keeps_netlink).map(|task| &task.files);
        let table = table.filter(|table| !table.borrow().off && table.borrow().changing == 0);
        let kept = table.and_then(|table| table.borrow().netlink.get(&fd).cloned());
        let known = match kept {
            Some(known) => known,
            None => {
                let (found, stays) = self.details.netlink(tid, fd);
                if let Some(table) = table.filter(|_| stays) {
                    table.borrow_mut().netlink.insert(fd, found.clone());
                }
                found
            }
        };
        let Some((Target { path, deleted }, detail)) = known else { return false };
        notes.retain(|note| note.fd != fd || note.late);
        notes.push(FdNote { fd, target: path, deleted, late: false, detail: Some(detail) });
        true
    }

    fn target(&mut self, tid: i32, fd: i32) -> Option<(Target, Option<Arc<Detail>>)> {
        let Some(task) = self.tasks.get_mut(&tid) else {
            let target = process::fd_target(tid, fd)?;
            let (detail, _) = self.details.of(tid, fd, &target);
            return Some((target, detail));
        };
        let mut table = if fd == CWD { task.cwd.borrow_mut() } else { task.files.borrow_mut() };
        let keeps = !table.off && table.changing == 0 && self.renaming == 0;
        let now = clock::coarse_ns();
        if keeps
            && let Some(known) = table.known.get(&fd)
            && known.epoch == self.epoch
            && now.saturating_sub(known.asked_ns) < FRESH_NS
        {
            let target = known.target.clone();
            let detail = known.detail.clone().unwrap_or_else(|| self.details.of(tid, fd, &target).0);
            return Some((target, detail));
        }
        if task.dir.is_none() && self.dirs < DIRS {
            task.dir = FdDir::open(tid);
            self.dirs += usize::from(task.dir.is_some());
        }
        let target = match &task.dir {
            Some(dir) if fd != CWD => dir.target(fd),
            _ => process::fd_target(tid, fd),
        }?;
        let (detail, stays) = if fd == CWD { (None, true) } else { self.details.of(tid, fd, &target) };
        if keeps && !target.path.starts_with(PROC) {
            let detail = stays.then(|| detail.clone());
            let known = Known { target: target.clone(), detail, asked_ns: now, epoch: self.epoch };
            table.known.insert(fd, known);
        }
        Some((target, detail))
    }
}

/// A call that changed `table` has ended.
fn end_change(table: &Link, forget: impl FnOnce(&mut Table)) {
    let mut table = table.borrow_mut();
    table.changing -= 1;
    forget(&mut table);
}

/// Makes `own` the same as `other` where the kernel says that it is.
fn join(own: &mut Link, other: &Link, same: Option<bool>) {
    match same {
        Some(true) if !Rc::ptr_eq(own, other) => {
            let changing = own.borrow().changing;
            let mut theirs = other.borrow_mut();
            theirs.forget();
            theirs.changing += changing;
            theirs.off |= own.borrow().off;
            drop(theirs);
            *own = Rc::clone(other);
        }
        Some(_) => {}
        None => {
            own.borrow_mut().off = true;
            other.borrow_mut().off = true;
        }
    }
}
