//! Arguments of ioctl(2) for trusted environments, virtual machines, lines of GPIO and performance counters. Source:
//! include/uapi/linux/tee.h, kvm.h, gpio.h, perf_event.h.

use syscall_tables::ioctl::argument::Trusted;
use syscall_tables::ioctl::{gpio, kvm, trusted};
use syscall_tables::set::Base;
use syscall_tables::structs::Struct;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Bytes of `struct tee_ioctl_buf_data` and of `struct tee_ioctl_param`.
const BUFFER: usize = 16;
const PARAMETER: usize = 32;
/// The longest struct before parameters.
const LONGEST: usize = 56;
/// `TEE_IOCTL_PARAM_ATTR_META`.
const META: u64 = 0x100;
/// Bytes of `struct kvm_cpuid_entry2`.
const CPUID: usize = 40;

/// Bytes before the parameters, and where their number is.
const fn head(what: Trusted) -> (usize, usize) {
    match what {
        Trusted::Open => (56, 52),
        Trusted::Invoke => (24, 20),
        Trusted::Receive => (8, 4),
        Trusted::Send => (8, 4),
    }
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `struct tee_ioctl_buf_data` with what it holds, asked and answered.
    pub(super) fn trusted(&mut self, addr: u64, what: Trusted) {
        let mut buf = [0u8; BUFFER];
        let whole = self.as_asked(|decoder| addr != 0 && decoder.read(addr, &mut buf) == BUFFER);
        if !whole {
            return self.render.address(addr);
        }
        let (at, size) = (load(&buf[..8]), load(&buf[8..]));
        self.render.open(Group::Struct);
        self.plain("buf_len", &buf[8..], Base::Dec);
        self.render.field("buf_ptr");
        let shown = self.as_asked(|decoder| decoder.trusted_argument(at, size, what, false));
        if shown && self.succeeded() {
            self.render.becomes();
            self.trusted_argument(at, size, what, true);
        }
        self.render.close(Group::Struct);
    }

    fn trusted_argument(&mut self, at: u64, size: u64, what: Trusted, done: bool) -> bool {
        let (head, count_at) = head(what);
        let mut buf = [0u8; LONGEST];
        let narrow = self.abi.data_model().word_bytes == 4;
        let reachable = at != 0 && !(narrow && at >> 32 != 0);
        if !reachable || size < head as u64 || self.read(at, &mut buf[..head]) < head {
            self.render.address(at);
            return false;
        }
        let count = load(&buf[count_at..count_at + 4]);
        if size != head as u64 + count * PARAMETER as u64 {
            self.render.address(at);
            return false;
        }
        self.render.open(Group::Struct);
        match (what, done) {
            (Trusted::Open, false) => self.opened(&buf),
            (Trusted::Open, true) => {
                self.plain("session", &buf[40..44], Base::Hex);
                self.trusted_result(&buf[44..52]);
            }
            (Trusted::Invoke, false) => {
                self.plain("func", &buf[..4], Base::Dec);
                self.plain("session", &buf[4..8], Base::Hex);
                self.plain("cancel_id", &buf[8..12], Base::Dec);
            }
            (Trusted::Invoke, true) => self.trusted_result(&buf[12..20]),
            (Trusted::Receive, false) => self.plain("func", &buf[..4], Base::Dec),
            (Trusted::Send, true) => self.plain("ret", &buf[..4], Base::Dec),
            (Trusted::Receive, true) | (Trusted::Send, false) => {}
        }
        if !done || what == Trusted::Receive {
            self.plain("num_params", &buf[count_at..count_at + 4], Base::Dec);
        }
        self.render.field("params");
        let parameters = at.wrapping_add(head as u64);
        if count == 0 {
            self.render.address(0);
        } else {
            self.elements(parameters, count, PARAMETER, |decoder, bytes, at| {
                decoder.strukt(parameter(load(&bytes[..8])), bytes, at);
            });
        }
        self.render.close(Group::Struct);
        true
    }

    fn opened(&mut self, buf: &[u8]) {
        self.render.field("uuid");
        let bytes = |from: usize, to: usize| (from..to).fold(0, |all, at| all << 8 | u64::from(buf[at]));
        self.render.word(format_args!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            bytes(0, 4),
            bytes(4, 6),
            bytes(6, 8),
            bytes(8, 10),
            bytes(10, 16)
        ));
        let login = load(&buf[32..36]);
        self.render.field("clnt_login");
        self.render.set(&trusted::TEE_LOGIN, login, self.abi);
        if matches!(login, 2 | 6) {
            // The group, where the kernel looks for it.
            self.plain("clnt_uuid", &buf[16..20], Base::Dec);
        } else if !matches!(login, 0 | 1 | 4 | 5) {
            self.render.field("clnt_uuid");
            self.render.open(Group::Array);
            for byte in &buf[16..32] {
                self.render.item();
                self.render.number(u64::from(*byte), false, Base::Hex, 1);
            }
            self.render.close(Group::Array);
        }
        self.plain("cancel_id", &buf[36..40], Base::Dec);
    }

    fn trusted_result(&mut self, bytes: &[u8]) {
        self.plain("ret", &bytes[..4], Base::Dec);
        self.render.field("ret_origin");
        self.render.set(&trusted::TEE_ORIGIN, load(&bytes[4..]), self.abi);
    }

    /// What a parameter of a trusted environment is.
    pub(super) fn trusted_attribute(&mut self, attribute: u64) {
        let attribute = attribute & 0xffff_ffff;
        self.render.set(&trusted::TEE_PARAM, attribute & !META, self.abi);
        if attribute & META != 0 {
            self.render.symbol(META, format_args!("|TEE_IOCTL_PARAM_ATTR_META"));
        }
    }

    /// `struct kvm_cpuid2`.
    pub(super) fn cpuid(&mut self, addr: u64, asked: bool) {
        let mut buf = [0u8; 8];
        let unknown = !asked && !self.succeeded();
        if unknown || addr == 0 || self.read(addr, &mut buf) < 8 {
            return self.render.address(addr);
        }
        let count = load(&buf[..4]);
        self.render.open(Group::Struct);
        self.plain("nent", &buf[..4], Base::Dec);
        self.render.field("entries");
        if self.options.abbreviate {
            self.render.open(Group::Array);
            if count > 0 {
                self.render.item();
                self.render.more();
            }
            self.render.close(Group::Array);
        } else {
            self.elements(addr.wrapping_add(8), count, CPUID, |decoder, bytes, at| {
                decoder.strukt(&kvm::CPUID_ENTRY, bytes, at);
            });
        }
        self.render.close(Group::Struct);
    }

    /// `struct perf_event_query_bpf`.
    pub(super) fn attached_programs(&mut self, addr: u64) {
        let mut buf = [0u8; 8];
        let asked = self.as_asked(|decoder| decoder.number_at(addr, 4));
        let Some(room) = asked else { return self.render.address(addr) };
        self.render.open(Group::Struct);
        self.render.field("ids_len");
        self.render.number(room, false, Base::Dec, 4);
        if self.succeeded() && self.read(addr, &mut buf) == 8 {
            self.plain("prog_cnt", &buf[4..], Base::Dec);
            self.render.field("ids");
            let count = load(&buf[4..]);
            self.elements(addr.wrapping_add(8), count, 4, |decoder, bytes, _| {
                decoder.render.number(load(bytes), false, Base::Dec, 4);
            });
        } else {
            self.render.item();
            self.render.more();
        }
        self.render.close(Group::Struct);
    }

    /// `struct gpio_v2_line_attribute`, and the mask behind it.
    pub(super) fn line_attribute(&mut self, bytes: &[u8], masked: bool, addr: u64) {
        let value = &bytes[8..16];
        self.render.open(Group::Struct);
        match load(&bytes[..4]) {
            1 => {
                self.render.field("flags");
                self.render.set(&gpio::LINE_V2_FLAGS, load(value), self.abi);
            }
            2 => self.plain("values", value, Base::Hex),
            3 => self.plain("debounce_period_us", &value[..4], Base::Dec),
            _ if masked => {
                self.render.field("attr");
                self.strukt(&gpio::ATTRIBUTE, &bytes[..16], addr);
            }
            _ => self.members(&gpio::ATTRIBUTE, &bytes[..16], addr),
        }
        if let Some(mask) = bytes.get(16..24) {
            self.plain("mask", mask, Base::Hex);
        }
        self.render.close(Group::Struct);
    }
}

/// The struct of a parameter by its attribute.
fn parameter(attribute: u64) -> &'static Struct {
    match attribute {
        0 => &trusted::NOTHING,
        5..=7 => &trusted::MEMORY,
        _ => &trusted::VALUES,
    }
}
