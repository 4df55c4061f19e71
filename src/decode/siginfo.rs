//! `siginfo_t`: which members a signal carries, by number and code. Source: sigaction(2).

use syscall_tables::abi::Abi;
use syscall_tables::set::{Base, Set};
use syscall_tables::{errno, sets, signal};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

const SIZE: usize = 128;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn siginfo_at(&mut self, addr: u64) {
        let mut buf = [0u8; SIZE];
        if addr == 0 || self.read(addr, &mut buf) < SIZE {
            return self.render.address(addr);
        }
        siginfo(self.abi, &buf, self.render);
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
        None => render.set(set, value, abi),
    }
}

fn signo_name<R: Render>(signo: u32, render: &mut R) {
    match signal::name(signo) {
        Some(name) => render.named(name, u64::from(signo), Base::Dec),
        None => render.number(u64::from(signo), true, Base::Dec, 4),
    }
}

fn member<R: Render>(render: &mut R, name: &'static str, value: i64) {
    render.field(name);
    render.number(value as u64, true, Base::Dec, 8);
}

/// Shows the 128 bytes of a `siginfo_t` laid out for `abi`.
pub fn siginfo<R: Render>(abi: Abi, info: &[u8; SIZE], render: &mut R) {
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
            None => render.number(error as u64, true, Base::Dec, 4),
        }
    }
    let sender = |render: &mut R| {
        render.field("si_pid");
        render.pid(int(at_union));
        member(render, "si_uid", i64::from(int(at_union + 4) as u32));
    };
    match (signo, si_code) {
        (_, 0 | -6) => sender(render),
        (_, -2) => {
            member(render, "si_timerid", i64::from(int(at_union)));
            member(render, "si_overrun", i64::from(int(at_union + 4)));
            value(render, int(at_union + 8), long(at_union + 8));
        }
        (_, i32::MIN..0) => {
            sender(render);
            value(render, int(at_union + 8), long(at_union + 8));
        }
        (_, 0x80) => {}
        (17, _) => {
            sender(render);
            render.field("si_status");
            if si_code == 1 {
                render.number(i64::from(int(at_union + 8)) as u64, true, Base::Dec, 4);
            } else {
                signo_name(int(at_union + 8) as u32, render);
            }
            let times = at_union + if word == 8 { 16 } else { 12 };
            for (name, at) in [("si_utime", times), ("si_stime", times + word)] {
                render.field(name);
                let ticks = long(at);
                render.number(ticks, true, Base::Dec, 8);
                if ticks != 0 {
                    render.comment(format_args!("{}.{:02} s", ticks / 100, ticks % 100));
                }
            }
        }
        (4 | 7 | 8 | 11 | 5, _) => {
            render.field("si_addr");
            render.address(long(at_union));
        }
        (29, _) => {
            member(render, "si_band", long(at_union) as i64);
            member(render, "si_fd", i64::from(int(at_union + word)));
        }
        (31, _) => seccomp(abi, info, at_union, render),
        _ => sender(render),
    }
    render.close(Group::Struct);
}

/// What a SIGSYS carries: the call that a seccomp filter trapped.
fn seccomp<R: Render>(abi: Abi, info: &[u8; SIZE], at: usize, render: &mut R) {
    let word = usize::from(abi.data_model().word_bytes);
    render.field("si_call_addr");
    render.address(load(&info[at..at + word]));
    render.field("si_syscall");
    let nr = load(&info[at + word..at + word + 4]);
    let arch = load(&info[at + word + 4..at + word + 8]) as u32;
    let name = Abi::from_audit_arch(arch).and_then(|a| syscall_tables::abi::numbers::name(a, nr));
    match name {
        Some(name) => render.symbol(nr, format_args!("__NR_{name}")),
        None => render.number(nr, true, Base::Dec, 4),
    }
    render.field("si_arch");
    render.set(&sets::security::AUDIT_ARCH, u64::from(arch), abi);
}

/// `si_value`, as both of its readings.
fn value<R: Render>(render: &mut R, int: i32, ptr: u64) {
    render.field("si_int");
    render.number(i64::from(int) as u64, true, Base::Dec, 4);
    render.field("si_ptr");
    render.address(ptr);
}
