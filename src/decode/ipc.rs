//! Values of IPC: flags with permissions, commands, messages, `struct sigevent`. Source: svipc(7), sigevent(3type).

use syscall_tables::layout;
use syscall_tables::model::{Dir, Kind, Len, Shape};
use syscall_tables::set::{Base, Set};
use syscall_tables::sets;

use super::Decoder;
use super::interpret::{Frame, load};
use super::render::{Group, Render};
use crate::memory::Memory;

/// The flag that asks for the 64-bit structs.
const IPC_64: u64 = 0x100;
/// Permissions in the low bits of the flags.
const PERMISSIONS: u64 = 0o777;
/// Commands of semctl that fill `struct seminfo`.
const IPC_INFO: u64 = 3;
const SEM_INFO: u64 = 19;
/// Room for `struct semid64_ds`.
const MOST_SEMID: usize = 128;
/// Where the size of huge pages is stored in flags.
pub(super) const HUGE_SHIFT: u32 = 26;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    pub(super) fn ipc_flags(&mut self, set: &'static Set, shift: Option<&'static str>, raw: u64) {
        let raw = raw & 0xffff_ffff;
        let huge = if shift.is_some() { raw >> HUGE_SHIFT } else { 0 };
        let flags = (raw & !PERMISSIONS) - (huge << HUGE_SHIFT);
        self.render.open(Group::Or);
        if flags != 0 {
            self.render.item();
            self.bare_flags(set, flags);
        }
        if let Some(name) = shift.filter(|_| huge != 0) {
            self.render.item();
            self.render.huge(huge, HUGE_SHIFT, name);
        }
        self.render.item();
        self.render.number(raw & PERMISSIONS, false, Base::Oct, 4);
        self.render.close(Group::Or);
    }

    /// Flags that go on in the same word, so that bits without a name need no remark.
    fn bare_flags(&mut self, set: &'static Set, flags: u64) {
        if set.parts(self.abi, flags).next().is_some() {
            self.render.set(set, flags, self.abi);
        } else {
            self.render.number(flags, false, Base::Hex, 4);
        }
    }

    pub(super) fn ipc_command(&mut self, set: &'static Set, raw: u64) {
        let raw = raw & 0xffff_ffff;
        if raw & IPC_64 == 0 {
            return self.render.set(set, raw, self.abi);
        }
        self.render.open(Group::Or);
        self.render.item();
        self.render.named("IPC_64", IPC_64, Base::Hex);
        self.render.item();
        self.render.set(set, raw & !IPC_64, self.abi);
        self.render.close(Group::Or);
    }

    /// A call of the multiplexer that is not known, and its version.
    pub(super) fn ipc_call(&mut self, raw: u64) {
        let (version, call) = (raw >> 16, raw & 0xffff);
        self.render.open(Group::Or);
        if version != 0 {
            self.render.item();
            self.render.spelled(version << 16, format_args!("{version}<<16"));
        }
        self.render.item();
        self.render.number(call, false, Base::Dec, 4);
        self.render.close(Group::Or);
    }

    /// An argument that ipc of i386 takes from memory. Tells whether it was shown.
    pub(super) fn multiplexed_argument(&mut self, kind: &Kind, raw: u64) -> bool {
        let is = |index: usize| {
            self.signature.and_then(|s| s.args.get(index)).is_some_and(|arg| std::ptr::eq(&arg.kind, kind))
        };
        match self.multiplexed() {
            Some("semctl") if is(3) => self.semctl_union(kind, raw),
            Some("msgrcv") if is(1) => match self.unpacked_message() {
                Some(packed) => {
                    self.render.address(packed);
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    /// The union of semctl as ipc of i386 has it behind a pointer: in brackets where it is not a struct that can be
    /// shown. Tells whether it was shown.
    pub(super) fn semctl_union(&mut self, kind: &Kind, raw: u64) -> bool {
        // Of the limits, the address has no brackets.
        if self.regs.args[4] == 0 || [IPC_INFO, SEM_INFO].contains(&(self.args[2] & 0xff)) {
            return false;
        }
        if let Shape::Pointer(dir, target) = self.resolve(kind, None).shape {
            let size = layout::kind(target, self.abi.data_model()).size.min(MOST_SEMID);
            let known = dir == Dir::In || self.succeeded();
            if raw != 0 && known && self.read(raw, &mut [0u8; MOST_SEMID][..size]) == size {
                return false;
            }
        }
        self.render.open(Group::Target);
        self.render.item();
        self.render.address(raw);
        self.render.close(Group::Target);
        true
    }

    /// `struct msgbuf`: a type and bytes.
    pub(super) fn message(&mut self, addr: u64, len: Len, frame: Option<Frame<'_>>) {
        let word = self.abi.data_model().word_bytes;
        // The struct has one byte of text and is padded to two words.
        let mut whole = [0u8; 16];
        let size = 2 * usize::from(word);
        if addr == 0 || self.read(addr, &mut whole[..size]) < size {
            return self.render.address(addr);
        }
        let kind = load(&whole[..usize::from(word)]);
        let kind = if word == 4 { i64::from(kind as u32 as i32) as u64 } else { kind };
        let len = self.length(len, frame);
        self.render.open(Group::Struct);
        self.render.field("mtype");
        self.render.number(kind, true, Base::Dec, word);
        self.render.field("mtext");
        self.bytes(addr.wrapping_add(u64::from(word)), len);
        self.render.close(Group::Struct);
    }

    /// `struct sigevent`.
    pub(super) fn sigevent(&mut self, addr: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 32];
        let size = 3 * word + 8;
        if addr == 0 || self.read(addr, &mut buf[..size]) < size {
            return self.render.address(addr);
        }
        let int = |at: usize| load(&buf[at..at + 4]);
        let long = |at: usize| load(&buf[at..at + word]);
        let (value, signo, notify, rest) = (long(0), int(word), int(word + 4), word + 8);
        self.render.open(Group::Struct);
        if value != 0 {
            self.render.field("sigev_value");
            self.render.open(Group::Struct);
            self.render.field("sival_int");
            self.render.number(i64::from(value as u32 as i32) as u64, true, Base::Dec, 4);
            self.render.field("sival_ptr");
            self.render.address(value);
            self.render.close(Group::Struct);
        }
        self.render.field("sigev_signo");
        match notify {
            0 | 2 | 4 => self.signal_number(signo as u32),
            _ => self.render.number(signo, false, Base::Dec, 4),
        }
        self.render.field("sigev_notify");
        self.render.set(&sets::signal::SIGEV, notify, self.abi);
        match notify {
            2 => {
                self.render.field("sigev_notify_function");
                self.render.address(long(rest));
                self.render.field("sigev_notify_attributes");
                self.render.address(long(rest + word));
            }
            4 => {
                self.render.field("sigev_notify_thread_id");
                self.render.pid(int(rest) as i32);
            }
            _ => {}
        }
        self.render.close(Group::Struct);
    }
}
