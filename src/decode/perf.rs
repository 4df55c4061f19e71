//! `struct perf_event_attr` of perf_event_open(2): as much of it as its size says. Source: linux/perf_event.h.

use syscall_tables::set::{Base, Set};
use syscall_tables::sets::{misc as sets, time};

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// PERF_ATTR_SIZE_VER0, which a size of zero stands for; a smaller one is an error.
const FIRST_SIZE: u64 = 64;
/// PERF_ATTR_SIZE_VER9: what is known of the struct.
const KNOWN: usize = 144;
/// Where the part ends that is shown in brief.
const BRIEF: usize = 48;
/// Where the word of flags begins.
const FLAGS: usize = 40;

/// The flags of one bit, in order; the place of `precise_ip`, which has two, is empty.
const NAMES: [&str; 40] = [
    "disabled",
    "inherit",
    "pinned",
    "exclusive",
    "exclude_user",
    "exclude_kernel",
    "exclude_hv",
    "exclude_idle",
    "mmap",
    "comm",
    "freq",
    "inherit_stat",
    "enable_on_exec",
    "task",
    "watermark",
    "",
    "",
    "mmap_data",
    "sample_id_all",
    "exclude_host",
    "exclude_guest",
    "exclude_callchain_kernel",
    "exclude_callchain_user",
    "mmap2",
    "comm_exec",
    "use_clockid",
    "context_switch",
    "write_backward",
    "namespaces",
    "ksymbol",
    "bpf_event",
    "aux_output",
    "cgroup",
    "text_poke",
    "build_id",
    "inherit_thread",
    "remove_on_exec",
    "sigtrap",
    "defer_callchain",
    "defer_output",
];
/// The flags of what happens to the AUX area, in a word of their own.
const AUX: [&str; 3] = ["aux_start_paused", "aux_pause", "aux_resume"];
const FREQ: u32 = 10;
const WATERMARK: u32 = 14;
const PRECISE_IP: u32 = 15;
const USE_CLOCKID: u32 = 25;
const SKIDS: [&str; 4] = ["arbitrary skid", "constant skid", "requested to have 0 skid", "must have 0 skid"];

const HARDWARE: u64 = 0;
const SOFTWARE: u64 = 1;
const TRACEPOINT: u64 = 2;
const HW_CACHE: u64 = 3;
const BREAKPOINT: u64 = 5;
const SAMPLE_BRANCH_STACK: u64 = 0x800;
const SAMPLE_STACK_USER: u64 = 0x2000;

/// How a member is shown.
enum Shown {
    Dec,
    Hex,
    Bits(&'static Set),
}

/// The bytes of the struct, zero where the caller's ends, and its size.
struct Attr {
    bytes: [u8; KNOWN],
    size: u64,
}

impl Attr {
    fn number(&self, at: usize, bytes: usize) -> u64 {
        load(&self.bytes[at..at + bytes])
    }

    fn flag(&self, bit: u32) -> bool {
        self.number(FLAGS, 8) >> bit & 1 != 0
    }

    /// Whether the caller's struct reaches into the member at this place.
    fn has(&self, at: usize) -> bool {
        self.size > at as u64
    }
}

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// `struct perf_event_attr`.
    pub(super) fn perf_attr(&mut self, addr: u64) {
        let own = self.number_at(addr.wrapping_add(4), 4).filter(|_| addr != 0);
        let Some(own) = own else { return self.render.address(addr) };
        let size = if own == 0 { FIRST_SIZE } else { own };
        let known = if self.options.abbreviate { BRIEF } else { size.min(KNOWN as u64) as usize };
        let mut bytes = [0; KNOWN];
        if size < FIRST_SIZE || self.read(addr, &mut bytes[..known]) < known {
            return self.render.address(addr);
        }
        let attr = Attr { bytes, size };
        self.render.open(Group::Struct);
        self.perf_event(&attr);
        self.perf_flags(&attr);
        if self.options.abbreviate {
            self.render.item();
            self.render.more();
        } else {
            self.perf_members(&attr);
        }
        self.render.close(Group::Struct);
    }

    /// What is counted, and how often it is told.
    fn perf_event(&mut self, attr: &Attr) {
        self.render.field("type");
        self.render.set(&sets::PERF_TYPE, attr.number(0, 4), self.abi);
        self.render.field("size");
        self.render.set(&sets::PERF_ATTR_SIZE, attr.number(4, 4), self.abi);
        self.render.field("config");
        self.perf_config(attr.number(0, 4), attr.number(8, 8));
        let period = if attr.flag(FREQ) { "sample_freq" } else { "sample_period" };
        self.perf_member(attr, period, 16, 8, &Shown::Dec);
        self.perf_member(attr, "sample_type", 24, 8, &Shown::Bits(&sets::PERF_SAMPLE));
        self.perf_member(attr, "read_format", 32, 8, &Shown::Bits(&sets::PERF_READ_FORMAT));
    }

    fn perf_config(&mut self, kind: u64, config: u64) {
        let high = config >> 32;
        match kind {
            HARDWARE => {
                self.render.open(Group::Or);
                self.perf_upper(high, 32);
                self.render.item();
                self.render.set(&sets::PERF_HARDWARE, config & 0xffff_ffff, self.abi);
                self.render.close(Group::Or);
            }
            SOFTWARE => self.render.set(&sets::PERF_SOFTWARE, config, self.abi),
            TRACEPOINT => self.render.number(config, false, Base::Dec, 8),
            HW_CACHE => {
                self.render.open(Group::Or);
                self.perf_upper(high, 32);
                self.perf_upper(config >> 24 & 0xff, 24);
                for (set, shift) in
                    [(&sets::PERF_CACHE_RESULT, 16), (&sets::PERF_CACHE_OP, 8), (&sets::PERF_CACHE, 0)]
                {
                    self.render.item();
                    self.render.placed(set, config >> shift & 0xff, shift, self.abi);
                }
                self.render.close(Group::Or);
            }
            _ => self.render.number(config, false, Base::Hex, 8),
        }
    }

    /// Upper bits of a word, where there are any.
    fn perf_upper(&mut self, value: u64, shift: u32) {
        if value != 0 {
            self.render.item();
            self.render.spelled(value << shift, format_args!("{value:#x}<<{shift}"));
        }
    }

    /// The word of flags; those that are not set are left out of the short form.
    fn perf_flags(&mut self, attr: &Attr) {
        let flags = attr.number(FLAGS, 8);
        for (bit, name) in NAMES.iter().enumerate() {
            if bit == PRECISE_IP as usize {
                let precise = flags >> bit & 3;
                self.render.field("precise_ip");
                self.render.number(precise, false, Base::Dec, 8);
                self.render.comment(format_args!("{}", SKIDS[precise as usize]));
            }
            let value = flags >> bit & 1;
            if name.is_empty() || self.options.abbreviate && value == 0 {
                continue;
            }
            self.render.field(name);
            self.render.number(value, false, Base::Dec, 8);
        }
        self.perf_rest("__reserved_1", flags >> NAMES.len(), 63, NAMES.len());
    }

    /// The flags of the AUX area.
    fn perf_aux(&mut self, attr: &Attr) {
        if !attr.has(116) {
            return;
        }
        let flags = attr.number(116, 4);
        for (bit, name) in AUX.iter().enumerate() {
            self.render.field(name);
            self.render.number(flags >> bit & 1, false, Base::Dec, 4);
        }
        self.perf_rest("__reserved_3", flags >> AUX.len(), 31, AUX.len());
    }

    /// Bits without a name, unless all are zero.
    fn perf_rest(&mut self, name: &'static str, value: u64, high: usize, low: usize) {
        if value != 0 {
            self.render.field(name);
            self.render.number(value, false, Base::Hex, 8);
            self.render.comment(format_args!("Bits {high}..{low}"));
        }
    }

    fn perf_member(&mut self, attr: &Attr, name: &'static str, at: usize, bytes: usize, shown: &Shown) {
        if !attr.has(at) {
            return;
        }
        let value = attr.number(at, bytes);
        self.render.field(name);
        match shown {
            Shown::Dec => self.render.number(value, false, Base::Dec, bytes as u8),
            Shown::Hex => self.render.number(value, false, Base::Hex, bytes as u8),
            Shown::Bits(set) => self.render.set(set, value, self.abi),
        }
    }

    /// The members behind the flags.
    fn perf_members(&mut self, attr: &Attr) {
        let sampled = attr.number(24, 8);
        let wakeup = if attr.flag(WATERMARK) { "wakeup_watermark" } else { "wakeup_events" };
        self.perf_member(attr, wakeup, 48, 4, &Shown::Dec);
        if attr.number(0, 4) == BREAKPOINT {
            let kinds = match attr.number(52, 4) {
                5..=7 => &sets::PERF_BREAKPOINT_INVALID,
                _ => &sets::PERF_BREAKPOINT,
            };
            self.perf_member(attr, "bp_type", 52, 4, &Shown::Bits(kinds));
            self.perf_member(attr, "bp_addr", 56, 8, &Shown::Hex);
            self.perf_member(attr, "bp_len", 64, 8, &Shown::Dec);
        } else {
            self.perf_member(attr, "config1", 56, 8, &Shown::Hex);
            self.perf_member(attr, "config2", 64, 8, &Shown::Hex);
        }
        if sampled & SAMPLE_BRANCH_STACK != 0 {
            self.perf_member(attr, "branch_sample_type", 72, 8, &Shown::Bits(&sets::PERF_BRANCH));
        }
        self.perf_member(attr, "sample_regs_user", 80, 8, &Shown::Hex);
        if sampled & SAMPLE_STACK_USER != 0 {
            self.perf_member(attr, "sample_stack_user", 88, 4, &Shown::Hex);
        }
        if attr.flag(USE_CLOCKID) {
            self.perf_member(attr, "clockid", 92, 4, &Shown::Bits(&time::CLOCK));
        }
        self.perf_member(attr, "sample_regs_intr", 96, 8, &Shown::Hex);
        self.perf_member(attr, "aux_watermark", 104, 4, &Shown::Dec);
        self.perf_member(attr, "sample_max_stack", 108, 2, &Shown::Dec);
        self.perf_reserved(attr, 110, 2);
        self.perf_member(attr, "aux_sample_size", 112, 4, &Shown::Dec);
        self.perf_aux(attr);
        self.perf_member(attr, "sig_data", 120, 8, &Shown::Hex);
        self.perf_member(attr, "config3", 128, 8, &Shown::Hex);
        self.perf_member(attr, "config4", 136, 8, &Shown::Hex);
        if attr.size > KNOWN as u64 {
            self.render.item();
            self.render.more();
        }
    }

    /// Bytes that are kept for later, when they are not zero.
    fn perf_reserved(&mut self, attr: &Attr, at: usize, bytes: usize) {
        let value = attr.number(at, bytes);
        if value != 0 {
            self.render.comment(format_args!("bytes {at}..{}: {value:#x}", at + bytes - 1));
        }
    }
}
