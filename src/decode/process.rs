//! Values of process calls: ids, wait status, clone, futex, CPU sets, dates.

use syscall_tables::abi::Abi;
use syscall_tables::kinds::{FD, PID};
use syscall_tables::model::{Kind, Width};
use syscall_tables::set::Base;
use syscall_tables::{sets, signal};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, WaitStatus};
use crate::memory::Memory;

/// Size of `struct clone_args` up to `cgroup`.
const CLONE_ARGS: usize = 88;
/// Where `cgroup` begins in it.
const CLONE_CGROUP: u64 = 80;
/// Bytes of `struct clone_args` that are looked at: a page.
const MOST_CLONE_ARGS: u64 = 4096;
/// MAX_PID_NS_LEVEL of the kernel.
const MOST_TIDS: u64 = 32;
/// Bytes of a set of CPUs that are looked at: 1,024 CPUs, as many as the C library has.
const CPU_SET: usize = 128;
const CLONE_PIDFD: u64 = 0x1000;
const CLONE_PARENT_SETTID: u64 = 0x0010_0000;
const CLONE_CHILD_TID: u64 = 0x0120_0000;
const CLONE_SETTLS: u64 = 0x0008_0000;
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn id(&mut self, id: u64, width: Width) {
        let none = if width == Width::W16 { 0xffff } else { 0xffff_ffff };
        if id == none {
            self.render.number(u64::MAX, true, Base::Dec, 4)
        } else {
            self.render.number(id, false, Base::Dec, 4)
        }
    }

    /// What is known of a child, once there is one.
    pub(super) fn reaped(&mut self, kind: &'static Kind, addr: u64) {
        let nobody = self.outcome.is_none_or(|o| o.failed || o.value == 0);
        if nobody { self.render.address(addr) } else { self.target(kind, addr) }
    }

    /// An array of group ids; more than NGROUPS_MAX is no count.
    pub(super) fn groups(&mut self, addr: u64, count: u64, width: Width) {
        if addr == 0 || count > 65536 {
            return self.render.address(addr);
        }
        let size = if width == Width::W16 { 2 } else { 4 };
        self.elements(addr, count, size, |decoder, bytes, _| decoder.id(load(bytes), width));
    }

    /// Ticks of the clock of times(2), of which a second has a hundred.
    pub(super) fn clock_ticks(&mut self, raw: u64) {
        let narrow = self.abi.data_model().word_bytes == 4;
        let raw = if narrow { i64::from(raw as u32 as i32) as u64 } else { raw };
        self.render.ticks(raw);
    }

    pub(super) fn wait_status(&mut self, addr: u64) {
        let nobody = self.outcome.is_none_or(|o| o.failed || o.value == 0);
        let status = if nobody { None } else { self.number_at(addr, 4) };
        let Some(status) = status else { return self.render.address(addr) };
        self.render.wait_status(WaitStatus::of(status as u32));
    }

    pub(super) fn clone_flags(&mut self, raw: u64) {
        let (flags, signo) = (raw & !0xff, (raw & 0xff) as u32);
        if flags == 0 && signo == 0 {
            return self.render.number(0, false, Base::Hex, 8);
        }
        self.render.open(Group::Or);
        if flags != 0 {
            self.render.item();
            self.render.set(&sets::process::CLONE, flags, self.abi);
        }
        if signo != 0 {
            self.render.item();
            self.signal_number(signo);
        }
        self.render.close(Group::Or);
    }

    fn clone_args_words(&mut self, addr: u64) -> Option<[u64; CLONE_ARGS / 8]> {
        let size = self.args[1].min(CLONE_ARGS as u64) as usize;
        let mut buf = [0u8; CLONE_ARGS];
        if addr == 0 || size < 64 || self.read(addr, &mut buf[..size]) < size {
            return None;
        }
        let mut words = [0; CLONE_ARGS / 8];
        for (word, bytes) in words.iter_mut().zip(buf.chunks_exact(8)) {
            *word = load(bytes);
        }
        Some(words)
    }

    pub(super) fn clone_args(&mut self, addr: u64) {
        let Some([flags, pidfd, child, parent, signo, stack, stack_size, tls, set_tid, set_tid_size, cgroup]) =
            self.clone_args_words(addr)
        else {
            return self.render.address(addr);
        };
        self.render.open(Group::Struct);
        self.render.field("flags");
        self.render.set(&sets::process::CLONE3, flags, self.abi);
        let address = |decoder: &mut Self, when: bool, name: &'static str, value: u64| {
            if when {
                decoder.render.field(name);
                decoder.render.address(value);
            }
        };
        address(self, flags & CLONE_PIDFD != 0, "pidfd", pidfd);
        address(self, flags & CLONE_CHILD_TID != 0, "child_tid", child);
        address(self, flags & CLONE_PARENT_SETTID != 0, "parent_tid", parent);
        self.render.field("exit_signal");
        match u32::try_from(signo).ok().filter(|signo| signal::name(*signo).is_some()) {
            Some(signo) => self.signal_number(signo),
            None => self.render.number(signo, false, Base::Dec, 8),
        }
        address(self, true, "stack", stack);
        self.render.field("stack_size");
        self.render.number(stack_size, false, Base::Hex, 8);
        if self.abi == Abi::I386 && flags & CLONE_SETTLS != 0 {
            self.render.field("tls");
            self.user_desc(tls);
        } else {
            address(self, flags & CLONE_SETTLS != 0, "tls", tls);
        }
        if set_tid != 0 || set_tid_size != 0 {
            self.render.field("set_tid");
            if set_tid_size == 0 || set_tid_size > MOST_TIDS {
                self.render.address(set_tid);
            } else {
                self.elements(set_tid, set_tid_size, 4, |d, bytes, _| d.render.pid(load(bytes) as i32));
            }
            self.render.field("set_tid_size");
            self.render.number(set_tid_size, false, Base::Dec, 8);
        }
        if self.args[1] > CLONE_CGROUP && (flags & CLONE_INTO_CGROUP != 0 || cgroup != 0) {
            self.render.field("cgroup");
            self.render.number(cgroup, false, Base::Dec, 8);
        }
        self.beyond(addr, CLONE_ARGS, self.args[1]);
        self.render.close(Group::Struct);
    }

    /// Whether something is told of what the struct has beyond its known members.
    fn clone_args_has_rest(&mut self, addr: u64) -> bool {
        let (known, end) = (CLONE_ARGS as u64, self.args[1].min(MOST_CLONE_ARGS));
        let mut buf = [0u8; MOST_CLONE_ARGS as usize];
        let size = end.saturating_sub(known) as usize;
        let readable = self.read(addr.wrapping_add(known), &mut buf[..size]) == size;
        addr != 0 && size != 0 && (!readable || buf[..size].iter().any(|byte| *byte != 0))
    }

    pub(super) fn clone_args_after(&mut self, addr: u64) {
        if !self.succeeded() {
            return;
        }
        let Some([flags, pidfd, _, parent, ..]) = self.clone_args_words(addr) else { return };
        if flags & (CLONE_PIDFD | CLONE_PARENT_SETTID) == 0 && !self.clone_args_has_rest(addr) {
            return;
        }
        self.render.becomes();
        self.render.open(Group::Struct);
        if flags & CLONE_PIDFD != 0 {
            self.render.field("pidfd");
            self.target(&FD, pidfd);
        }
        if flags & CLONE_PARENT_SETTID != 0 {
            self.render.field("parent_tid");
            self.target(&PID, parent);
        }
        self.beyond(addr, CLONE_ARGS, self.args[1]);
        self.render.close(Group::Struct);
    }

    pub(super) fn futex_op(&mut self, op: u32) {
        self.render.set(&sets::ipc::FUTEX, u64::from(op), self.abi);
    }

    pub(super) fn cpu_set(&mut self, addr: u64, size: u64) {
        let mut buf = [0u8; CPU_SET];
        let size = size & 0xffff_ffff;
        let known = (size as usize).min(CPU_SET);
        if addr == 0 || self.read(addr, &mut buf[..known]) < known {
            return self.render.address(addr);
        }
        self.render.open(Group::Members { negated: false });
        for cpu in (0..known * 8).filter(|cpu| buf[cpu / 8] >> (cpu % 8) & 1 != 0) {
            self.render.item();
            self.render.number(cpu as u64, false, Base::Dec, 4);
        }
        if size > CPU_SET as u64 {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Members { negated: false });
    }

    /// Time left, which the kernel writes when a sleep is interrupted.
    pub(super) fn remaining(&mut self, kind: &'static Kind, addr: u64) {
        let interrupted = self.outcome.is_some_and(|o| matches!(o.errno(), Some(4 | 512..=516)));
        if interrupted { self.target(kind, addr) } else { self.render.address(addr) }
    }

    pub(super) fn utime_specs(&mut self, addr: u64, wide: bool) {
        let word = if wide { 8 } else { usize::from(self.abi.data_model().word_bytes) };
        let mut both = [0u8; 32];
        if self.read(addr, &mut both[..4 * word]) < 4 * word {
            return self.render.address(addr);
        }
        self.elements(addr, 2, 2 * word, |decoder, bytes, _| {
            let (sec, nsec) = (load(&bytes[..word]), load(&bytes[word..]));
            let sec = if word == 4 { i64::from(sec as u32 as i32) as u64 } else { sec };
            let name = match nsec {
                0x3fff_ffff => Some("UTIME_NOW"),
                0x3fff_fffe => Some("UTIME_OMIT"),
                _ => None,
            };
            if name.is_some_and(|name| decoder.render.stands_for(name, nsec)) {
                return;
            }
            decoder.render.open(Group::Struct);
            decoder.render.field("tv_sec");
            decoder.render.number(sec, true, Base::Dec, word as u8);
            decoder.render.field("tv_nsec");
            decoder.render.number(nsec, false, Base::Dec, word as u8);
            decoder.render.close(Group::Struct);
            match name {
                Some(name) => decoder.render.remark(format_args!("{name}")),
                None => decoder.stamp(sec, nsec, 9),
            }
        });
    }

    pub(super) fn date(&mut self, seconds: u64, nanoseconds: u64) {
        let narrow = self.abi.data_model().word_bytes == 4 && seconds >> 32 == 0;
        let seconds = if narrow { i64::from(seconds as u32 as i32) as u64 } else { seconds };
        self.render.number(seconds, true, Base::Dec, 8);
        self.stamp(seconds, nanoseconds, 9);
    }

    /// The date as an explanation of a return value.
    pub(super) fn date_note(&mut self, seconds: u64) {
        let Some(date) = crate::sys::clock::local(seconds as i64).filter(|_| seconds != 0) else { return };
        let sign = if date.offset_minutes < 0 { '-' } else { '+' };
        let offset = date.offset_minutes.abs();
        let [year, month, day, hour, minute, second] = date.fields;
        self.render.note(format_args!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{:02}{:02}",
            offset / 60,
            offset % 60
        ));
    }

    /// The date with a fraction of so many digits.
    pub(super) fn date_comment(&mut self, seconds: u64, fraction: u64, digits: u8) {
        self.date_beside(seconds, fraction, digits, |render, text| render.comment(text));
    }

    /// The same, as something that tells it.
    pub(super) fn date_beside(
        &mut self,
        seconds: u64,
        fraction: u64,
        digits: u8,
        tell: impl Fn(&mut R, std::fmt::Arguments<'_>),
    ) {
        if let Some(date) = crate::sys::clock::local(seconds as i64).filter(|_| seconds != 0 || fraction != 0)
        {
            let width = usize::from(digits);
            let sign = if date.offset_minutes < 0 { '-' } else { '+' };
            let offset = date.offset_minutes.abs();
            let [year, month, day, hour, minute, second] = date.fields;
            let (hours, minutes) = (offset / 60, offset % 60);
            if fraction > 0 && fraction < 10u64.pow(u32::from(digits)) {
                let text = format_args!(
                    "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:0width$}\
                     {sign}{hours:02}{minutes:02}"
                );
                tell(self.render, text);
            } else {
                let text = format_args!(
                    "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{hours:02}{minutes:02}"
                );
                tell(self.render, text);
            }
        }
    }

    /// A personality(2): the domain and its flags.
    pub(super) fn personality(&mut self, raw: u64, result: bool) {
        let raw = raw & 0xffff_ffff;
        if raw == 0xffff_ffff {
            return self.render.number(raw, false, Base::Hex, 4);
        }
        if result {
            self.render.number(raw, false, Base::Hex, 4);
            self.render.detail("personality");
            self.render.note(format_args!(""));
        }
        let domain = raw & 0xff;
        if raw == domain {
            return self.render.set(&sets::process::PERSONALITY, domain, self.abi);
        }
        self.render.open(Group::Or);
        self.render.item();
        self.render.set(&sets::process::PERSONALITY, domain, self.abi);
        self.render.item();
        if sets::process::PERSONALITY_FLAGS.parts(self.abi, raw - domain).next().is_some() {
            self.render.set(&sets::process::PERSONALITY_FLAGS, raw - domain, self.abi);
        } else {
            self.render.number(raw - domain, false, Base::Hex, 4);
        }
        self.render.close(Group::Or);
    }

    /// What restart_syscall takes up again.
    pub(super) fn resumed(&mut self) {
        let name = self.regs.resumes.unwrap_or("system call");
        self.render.word(format_args!("<... resuming interrupted {name} ...>"));
    }

    /// `struct user_desc` of asm/ldt.h.
    pub(super) fn user_desc(&mut self, addr: u64) {
        let mut buf = [0u8; 16];
        if addr == 0 || self.read(addr, &mut buf) < 16 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.user_desc_entry(load(&buf[..4]));
        self.user_desc_rest(&buf);
        self.render.close(Group::Struct);
    }

    /// The same where the kernel fills what follows the entry that was asked for.
    pub(super) fn user_desc_filled(&mut self, addr: u64) {
        let (mut entry, mut buf) = ([0u8; 4], [0u8; 16]);
        if addr == 0 || self.before.read(addr, &mut entry) < 4 {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.user_desc_entry(load(&entry));
        if self.succeeded() && self.read(addr, &mut buf) == 16 {
            self.user_desc_rest(&buf);
        } else {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Struct);
    }

    fn user_desc_entry(&mut self, entry: u64) {
        self.render.field("entry_number");
        if entry as u32 == u32::MAX {
            self.render.number(u64::MAX, true, Base::Dec, 4);
        } else {
            self.render.number(entry, false, Base::Dec, 4);
        }
    }

    fn user_desc_rest(&mut self, buf: &[u8; 16]) {
        let word = |index: usize| load(&buf[4 * index..4 * index + 4]);
        let bits = word(3);
        for (name, value) in [("base_addr", word(1)), ("limit", word(2))] {
            self.render.field(name);
            self.padded(value);
        }
        let fields = [
            ("seg_32bit", 0, 1),
            ("contents", 1, 3),
            ("read_exec_only", 3, 1),
            ("limit_in_pages", 4, 1),
            ("seg_not_present", 5, 1),
            ("useable", 6, 1),
            ("lm", 7, 1),
        ];
        // The last is of 64-bit programs alone.
        let count = fields.len() - usize::from(self.abi != Abi::X86_64);
        for (name, shift, mask) in &fields[..count] {
            self.render.field(name);
            self.render.number(bits >> shift & mask, false, Base::Dec, 4);
        }
    }

    /// A number of eight hexadecimal places, the prefix among them; zero has none.
    fn padded(&mut self, value: u64) {
        if value == 0 {
            self.render.spelled(0, format_args!("00000000"));
        } else {
            self.render.spelled(value, format_args!("{value:#08x}"));
        }
    }

    /// The entry that set_thread_area took, where the struct could be read that asked for one.
    pub(super) fn user_desc_return(&mut self, raw: u64) {
        self.render.number(raw, true, Base::Dec, 4);
        let whole = self.before.read(self.args[0], &mut [0u8; 16]) == 16;
        if let Some(entry) = self.number_at(self.args[0], 4).filter(|_| whole) {
            self.render.detail("entry_number");
            self.render.note(format_args!("entry_number="));
            self.render.spelled(entry, format_args!("{entry}"));
        }
    }

    /// A resource limit; `wide` for the 64-bit calls.
    pub(super) fn limit(&mut self, raw: u64, wide: bool) {
        let narrow = !wide && self.abi.data_model().word_bytes == 4;
        let infinity = if narrow { 0xffff_ffff } else { u64::MAX };
        if raw == infinity {
            let name = if narrow { "RLIM_INFINITY" } else { "RLIM64_INFINITY" };
            return self.render.named_decimal(name, raw);
        }
        if raw > 1024 && raw.is_multiple_of(1024) {
            return self.render.multiple(raw);
        }
        self.render.number(raw, false, Base::Dec, 8);
    }
}
