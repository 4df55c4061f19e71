//! What a listener of seccomp is notified of, and other structs that the kernel's own devices fill: seccomp_unotify(2),
//! random(4), include/uapi/linux/rtc.h, fiemap.h, mtd/ubi-user.h.

use syscall_tables::abi::{Abi, numbers};
use syscall_tables::ioctl::{flash, notify, volumes};
use syscall_tables::set::{Base, Set};
use syscall_tables::sets::security::AUDIT_ARCH;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render, Short};
use crate::memory::Memory;

/// Bytes of `struct seccomp_notif`.
const NOTIFICATION: usize = 80;
/// The bit of the numbers of calls of x32.
const X32: u64 = 0x4000_0000;
/// Bytes of `struct rtc_param`.
const PARAMETER: usize = 24;
/// Bytes of `struct fiemap`.
const EXTENTS: usize = 32;
/// Bytes of `struct ubi_rnvol_req`, of its head and of an entry, and most entries.
const RENAMES: usize = 4368;
const RENAME_HEAD: usize = 16;
const RENAME: usize = 136;
const MOST_RENAMES: u64 = 32;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// What the caller has there, if anything.
    pub(super) fn notification(&mut self, addr: u64) {
        let mut buf = [0u8; NOTIFICATION];
        if addr == 0 || self.read(addr, &mut buf) < NOTIFICATION {
            return self.render.address(addr);
        }
        if buf.iter().any(|&byte| byte != 0) {
            self.notified(&buf, addr);
        }
    }

    pub(super) fn notification_answer(&mut self, addr: u64) {
        let (mut buf, mut asked) = ([0u8; NOTIFICATION], [0u8; NOTIFICATION]);
        if !self.was_readable(addr, NOTIFICATION) || self.before.read(addr, &mut asked) < NOTIFICATION {
            return;
        }
        let told = asked.iter().any(|&byte| byte != 0);
        if told {
            self.render.becomes();
        }
        if !self.succeeded() || self.read(addr, &mut buf) < NOTIFICATION {
            return self.render.address(addr);
        }
        self.notified(&buf, addr);
    }

    fn notified(&mut self, buf: &[u8; NOTIFICATION], addr: u64) {
        let architecture = load(&buf[20..24]);
        self.render.open(Group::Struct);
        self.every_member(&notify::NOTIFICATION, &buf[..16], addr);
        self.render.field("data");
        self.render.open(Group::Struct);
        self.render.field("nr");
        self.call_number(load(&buf[16..20]), architecture);
        self.render.field("arch");
        self.render.set(&AUDIT_ARCH, architecture, self.abi);
        self.every_member(&notify::CALL, &buf[24..], addr);
        self.render.close(Group::Struct);
        self.render.close(Group::Struct);
    }

    /// The number of a call of an architecture: by name where it is that of the caller.
    fn call_number(&mut self, number: u64, architecture: u64) {
        let known = [Abi::X86_64, Abi::I386];
        let abi = Abi::from_audit_arch(architecture as u32).filter(|abi| known.contains(abi));
        let x32 = abi == Some(Abi::X86_64) && number & X32 != 0;
        let abi = if x32 { Some(Abi::X32) } else { abi };
        match abi.and_then(|abi| numbers::name(abi, if x32 { number & !X32 } else { number })) {
            Some(name) if abi == Some(self.abi) => {
                self.render.named_decimal(Short::of(format_args!("__NR_{name}")).text(), number);
            }
            Some(name) => {
                self.render.number(number, false, Base::Dec, 4);
                self.render.remark(format_args!("{}", numbers::plain(name)));
            }
            None => self.render.number(number, false, Base::Dec, 4),
        }
    }

    /// `struct rtc_param`: what its value means goes by which it is.
    pub(super) fn clock_parameter(&mut self, addr: u64, set: bool) {
        let mut buf = [0u8; PARAMETER];
        if addr == 0 || self.read(addr, &mut buf) < PARAMETER {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.flagged("param", &notify::PARAMETER, &buf[..8]);
        if set {
            self.clock_value(&buf);
        }
        self.plain("index", &buf[16..20], Base::Dec);
        self.clock_padding(&buf);
        self.render.close(Group::Struct);
    }

    pub(super) fn clock_parameter_answer(&mut self, addr: u64) {
        let mut buf = [0u8; PARAMETER];
        if !self.was_readable(addr, PARAMETER) {
            return;
        }
        self.render.becomes();
        if !self.succeeded() || self.read(addr, &mut buf) < PARAMETER {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.clock_value(&buf);
        self.clock_padding(&buf);
        self.render.close(Group::Struct);
    }

    fn clock_value(&mut self, buf: &[u8; PARAMETER]) {
        let value = &buf[8..16];
        let set: &'static Set = match load(&buf[..8]) {
            0 => &notify::FEATURES,
            2 => &notify::BACKUP,
            1 => {
                self.render.field("svalue");
                return self.render.number(load(value), true, Base::Dec, 8);
            }
            _ => return self.plain("uvalue", value, Base::Hex),
        };
        self.flagged("uvalue", set, value);
    }

    fn clock_padding(&mut self, buf: &[u8; PARAMETER]) {
        if load(&buf[20..]) != 0 {
            self.plain("__pad", &buf[20..], Base::Hex);
        }
    }

    /// `struct rand_pool_info`.
    pub(super) fn entropy(&mut self, addr: u64) {
        let mut buf = [0u8; 8];
        if addr == 0 || self.read(addr, &mut buf) < 8 {
            return self.render.address(addr);
        }
        let signed = |bytes: &[u8]| i64::from(load(bytes) as u32 as i32) as u64;
        self.render.open(Group::Struct);
        for (name, at) in [("entropy_count", 0), ("buf_size", 4)] {
            self.render.field(name);
            self.render.number(signed(&buf[at..at + 4]), true, Base::Dec, 4);
        }
        self.render.field("buf");
        self.bytes(addr.wrapping_add(8), signed(&buf[4..]));
        self.render.close(Group::Struct);
    }

    /// `struct fiemap`.
    pub(super) fn extents(&mut self, addr: u64) {
        self.pointed(&volumes::EXTENTS_HERE, addr);
    }

    pub(super) fn extents_answer(&mut self, addr: u64) {
        let mut buf = [0u8; EXTENTS];
        if !self.was_readable(addr, EXTENTS) {
            return;
        }
        self.render.becomes();
        if self.read(addr, &mut buf) < EXTENTS {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.every_member(&volumes::EXTENTS_DONE, &buf, addr);
        if self.options.abbreviate {
            self.render.item();
            self.render.more();
        } else {
            self.render.field("fm_extents");
            self.array(&volumes::EXTENT_HERE, addr.wrapping_add(EXTENTS as u64), load(&buf[20..24]));
        }
        self.render.close(Group::Struct);
    }

    /// `struct ubi_rnvol_req`.
    pub(super) fn volume_names(&mut self, addr: u64) {
        let mut head = [0u8; RENAMES];
        if addr == 0 || self.read(addr, &mut head) < RENAMES {
            return self.render.address(addr);
        }
        let count = i64::from(load(&head[..4]) as u32 as i32);
        self.render.open(Group::Struct);
        self.render.field("count");
        self.render.number(count as u64, true, Base::Dec, 4);
        self.render.field("ents");
        let shown = u64::try_from(count).unwrap_or(0).min(MOST_RENAMES);
        let entries = addr.wrapping_add(RENAME_HEAD as u64);
        self.elements_up_to(self.most().min(MOST_RENAMES), entries, shown, RENAME, |decoder, bytes, at| {
            decoder.strukt(&flash::RENAMED, bytes, at);
        });
        self.render.close(Group::Struct);
    }
}
