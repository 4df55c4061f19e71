//! `siginfo_t`: which members a signal carries, by number and code. Source: sigaction(2).

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::set::{Base, Set};
use syscall_tables::{errno, sets, signal};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

const SIZE: usize = 128;
const SI_USER: i32 = 0;
const SI_TIMER: i32 = -2;
const SI_SIGIO: i32 = -5;
const SI_TKILL: i32 = -6;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn siginfo_at(&mut self, addr: u64) {
        let mut buf = [0u8; SIZE];
        if addr == 0 || self.read(addr, &mut buf) < SIZE {
            return self.render.address(addr);
        }
        siginfo(self.abi, self.abi, &buf, self.render);
    }
}

fn codes(signo: u32) -> &'static Set {
    match signo {
        4 => &sets::signal::SI_CODE_ILL,
        5 => &sets::signal::SI_CODE_TRAP,
        7 => &sets::signal::SI_CODE_BUS,
        8 => &sets::signal::SI_CODE_FPE,
        11 => &sets::signal::SI_CODE_SEGV,
        17 => &sets::signal::SI_CODE_CHLD,
        29 => &sets::signal::SI_CODE_POLL,
        31 => &sets::signal::SI_CODE_SYS,
        _ => &sets::signal::SI_CODE,
    }
}

fn code<R: Render>(abi: Abi, signo: u32, code: i32, render: &mut R) {
    let value = u64::from(code as u32);
    let set = codes(signo);
    match sets::signal::SI_CODE.name_of(abi, value).or_else(|| set.name_of(abi, value)) {
        Some(name) => render.code(name, code),
        None => render.number(value, false, Base::Hex, 4),
    }
}

fn signo_name<R: Render>(signo: u32, render: &mut R) {
    match signal::name(signo) {
        Some(name) => render.named(name, u64::from(signo), Base::Dec),
        None => render.number(i64::from(signo as i32) as u64, true, Base::Dec, 4),
    }
}

fn member<R: Render>(render: &mut R, name: &'static str, value: i64) {
    render.field(name);
    render.number(value as u64, true, Base::Dec, 8);
}

/// Shows the 128 bytes of a `siginfo_t` laid out for `abi`, which a task that runs as `task` has or gets.
pub fn siginfo<R: Render>(abi: Abi, task: Abi, info: &[u8; SIZE], render: &mut R) {
    let int = |at: usize| load(&info[at..at + 4]) as u32 as i32;
    let word = usize::from(abi.data_model().word_bytes);
    let at_union = if word == 8 { 16 } else { 12 };
    let long = |at: usize| load(&info[at..at + word]);
    let (signo, error, si_code) = (int(0) as u32, int(4), int(8));
    render.open(Group::Struct);
    if signo == 0 {
        return render.close(Group::Struct);
    }
    render.field("si_signo");
    signo_name(signo, render);
    render.field("si_code");
    code(abi, signo, si_code, render);
    if error != 0 {
        render.field("si_errno");
        match errno::name(error as u32) {
            Some(name) => render.named(name, error as u64, Base::Dec),
            None => render.number(u64::from(error as u32), false, Base::Dec, 4),
        }
    }
    let at = at_union;
    let sender = |render: &mut R| {
        render.field("si_pid");
        render.pid(int(at));
        member(render, "si_uid", uid(int(at + 4)));
    };
    let pointer = long(at + 8);
    match (signo, si_code) {
        (_, SI_USER | SI_TKILL) => sender(render),
        (_, SI_TIMER) => {
            render.field("si_timerid");
            render.number(u64::from(int(at) as u32), false, Base::Hex, 4);
            member(render, "si_overrun", i64::from(int(at + 4)));
            value(render, int(at + 8), pointer);
        }
        (_, SI_SIGIO) => poll(render, long(at), word, int(at + word)),
        (17, 1..) => child(abi, info, at, si_code, render),
        (4 | 5 | 7 | 8 | 11, 1..) => fault(abi, info, at, (signo, si_code), render),
        (29, 1..=6) => poll(render, long(at), word, int(at + word)),
        (29, 7..) => {}
        (31, 1..) => seccomp((abi, task), info, at, render),
        (_, i32::MIN..0) => {
            sender(render);
            if pointer != 0 {
                value(render, int(at + 8), pointer);
            }
        }
        _ => {
            if int(at) != 0 || int(at + 4) != 0 {
                sender(render);
            }
            if pointer != 0 {
                value(render, int(at + 8), pointer);
            }
        }
    }
    render.close(Group::Struct);
}

/// A user id; all ones stand for none.
fn uid(id: i32) -> i64 {
    if id == -1 { -1 } else { i64::from(id as u32) }
}

/// What a SIGIO carries: the events and the descriptor.
fn poll<R: Render>(render: &mut R, band: u64, word: usize, fd: i32) {
    let band = if word == 4 { i64::from(band as u32 as i32) } else { band as i64 };
    member(render, "si_band", band);
    render.field("si_fd");
    render.fd(fd);
}

/// What a SIGCHLD carries: the child, its status and its times.
fn child<R: Render>(abi: Abi, info: &[u8; SIZE], at: usize, code: i32, render: &mut R) {
    let int = |at: usize| load(&info[at..at + 4]) as u32 as i32;
    let word = usize::from(abi.data_model().word_bytes);
    render.field("si_pid");
    render.pid(int(at));
    member(render, "si_uid", uid(int(at + 4)));
    render.field("si_status");
    if code == 1 {
        render.number(i64::from(int(at + 8)) as u64, true, Base::Dec, 4);
    } else {
        signo_name(int(at + 8) as u32, render);
    }
    let times = at + if word == 8 { 16 } else { 12 };
    for (name, at) in [("si_utime", times), ("si_stime", times + word)] {
        render.field(name);
        let ticks = load(&info[at..at + word]);
        let ticks = if word == 4 { i64::from(ticks as u32 as i32) as u64 } else { ticks };
        render.ticks(ticks);
    }
}

/// What a fault carries: the address, and what the code adds to it.
fn fault<R: Render>(abi: Abi, info: &[u8; SIZE], at: usize, what: (u32, i32), render: &mut R) {
    let word = usize::from(abi.data_model().word_bytes);
    let long = |at: usize| load(&info[at..at + word]);
    render.field("si_addr");
    render.address(long(at));
    // The least bits are a short, in a union that is aligned like a pointer.
    match what {
        (7, 4 | 5) => {
            render.field("si_addr_lsb");
            render.number(load(&info[at + word..at + word + 2]), false, Base::Hex, 2);
        }
        (11, 3) => {
            render.field("si_lower");
            render.address(long(at + 2 * word));
            render.field("si_upper");
            render.address(long(at + 3 * word));
        }
        (11, 4) => {
            render.field("si_pkey");
            render.number(load(&info[at + 2 * word..at + 2 * word + 4]), false, Base::Dec, 4);
        }
        _ => {}
    }
}

/// What a SIGSYS carries: the call that a seccomp filter trapped. A call of another ABI than the task's is a number.
fn seccomp<R: Render>((abi, task): (Abi, Abi), info: &[u8; SIZE], at: usize, render: &mut R) {
    let word = usize::from(abi.data_model().word_bytes);
    render.field("si_call_addr");
    render.address(load(&info[at..at + word]));
    render.field("si_syscall");
    let nr = load(&info[at + word..at + word + 4]);
    let arch = load(&info[at + word + 4..at + word + 8]) as u32;
    syscall(nr, 4, arch, task, render);
    render.field("si_arch");
    render.set(&sets::security::AUDIT_ARCH, u64::from(arch), abi);
}

/// The number of a syscall of an architecture, of `width` bytes, for a task that runs as `task`: a call of another ABI is
/// a number with its name beside it.
pub(super) fn syscall<R: Render>(nr: u64, width: u8, arch: u32, task: Abi, render: &mut R) {
    let of = Abi::from_audit_arch(arch);
    match of.and_then(|abi| numbers::name(abi, nr)) {
        Some(name) if of == Some(task) => render.syscall(nr, name),
        Some(name) => {
            render.number(nr, false, Base::Dec, width);
            render.remark(format_args!("{name}"));
        }
        None => render.number(nr, width == 4, Base::Dec, width),
    }
}

/// `si_value`, as both of its readings.
fn value<R: Render>(render: &mut R, int: i32, ptr: u64) {
    render.field("si_int");
    render.number(i64::from(int) as u64, true, Base::Dec, 4);
    render.field("si_ptr");
    render.address(ptr);
}
