//! Why a virtual CPU of KVM comes back from KVM_RUN, and what `struct kvm_run` tells of it. Source:
//! include/uapi/linux/kvm.h of Linux 6.18.

/// The number of KVM_RUN: `_IO(KVMIO, 0x80)`.
pub const RUN: u64 = 0xae80;

/// Bytes of `struct kvm_run` that are looked at.
pub const RUN_BYTES: usize = 64;

/// Exit reasons by number, without `KVM_EXIT_`.
const REASONS: [&str; 41] = [
    "UNKNOWN",
    "EXCEPTION",
    "IO",
    "HYPERCALL",
    "DEBUG",
    "HLT",
    "MMIO",
    "IRQ_WINDOW_OPEN",
    "SHUTDOWN",
    "FAIL_ENTRY",
    "INTR",
    "SET_TPR",
    "TPR_ACCESS",
    "S390_SIEIC",
    "S390_RESET",
    "DCR",
    "NMI",
    "INTERNAL_ERROR",
    "OSI",
    "PAPR_HCALL",
    "S390_UCONTROL",
    "WATCHDOG",
    "S390_TSCH",
    "EPR",
    "SYSTEM_EVENT",
    "S390_STSI",
    "IOAPIC_EOI",
    "HYPERV",
    "ARM_NISV",
    "X86_RDMSR",
    "X86_WRMSR",
    "DIRTY_RING_FULL",
    "AP_RESET_HOLD",
    "X86_BUS_LOCK",
    "XEN",
    "RISCV_SBI",
    "RISCV_CSR",
    "NOTIFY",
    "LOONGARCH_IOCSR",
    "MEMORY_FAULT",
    "TDX",
];

/// The name of an exit reason, without `KVM_EXIT_`.
pub fn reason(number: u32) -> Option<&'static str> {
    REASONS.get(usize::try_from(number).ok()?).copied()
}

/// A member of `struct kvm_run`: its name, where it begins, its bytes, and whether it is an address or the like, which
/// is shown in hexadecimal.
pub type Member = (&'static str, usize, usize, bool);

/// Members that every exit has, but for the reason, on x86.
pub const COMMON: [Member; 7] = [
    ("request_interrupt_window", 0, 1, false),
    ("immediate_exit", 1, 1, false),
    ("ready_for_interrupt_injection", 12, 1, false),
    ("if_flag", 13, 1, false),
    ("flags", 14, 2, true),
    ("cr8", 16, 8, true),
    ("apic_base", 24, 8, true),
];

/// The exit reason: where it begins.
pub const REASON_AT: usize = 8;

/// What belongs to a reason: the member of the union and its own members.
pub fn details(reason: u32) -> Option<(&'static str, &'static [Member])> {
    const HARDWARE: &[Member] = &[("hardware_exit_reason", 32, 8, true)];
    const ENTRY: &[Member] = &[("hardware_entry_failure_reason", 32, 8, true), ("cpu", 40, 4, false)];
    const EXCEPTION: &[Member] = &[("exception", 32, 4, false), ("error_code", 36, 4, true)];
    const IO: &[Member] = &[
        ("direction", 32, 1, false),
        ("size", 33, 1, false),
        ("port", 34, 2, true),
        ("count", 36, 4, false),
        ("data_offset", 40, 8, true),
    ];
    const MMIO: &[Member] = &[
        ("phys_addr", 32, 8, true),
        ("data", 40, 8, true),
        ("len", 48, 4, false),
        ("is_write", 52, 1, false),
    ];
    const INTERNAL: &[Member] = &[("suberror", 32, 4, false), ("ndata", 36, 4, false)];
    const SYSTEM: &[Member] = &[("type", 32, 4, false), ("ndata", 36, 4, false)];
    const EOI: &[Member] = &[("vector", 32, 1, false)];
    const MSR: &[Member] =
        &[("error", 32, 1, false), ("reason", 40, 4, true), ("index", 44, 4, true), ("data", 48, 8, true)];
    const FAULT: &[Member] = &[("flags", 32, 8, true), ("gpa", 40, 8, true), ("size", 48, 8, true)];
    Some(match reason {
        0 => ("hw", HARDWARE),
        1 => ("ex", EXCEPTION),
        2 => ("io", IO),
        6 => ("mmio", MMIO),
        9 => ("fail_entry", ENTRY),
        17 => ("internal", INTERNAL),
        24 => ("system_event", SYSTEM),
        26 => ("eoi", EOI),
        29 | 30 => ("msr", MSR),
        39 => ("memory_fault", FAULT),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{COMMON, RUN_BYTES, details, reason};

    #[test]
    fn reasons() {
        for (number, name) in
            [(0, "UNKNOWN"), (6, "MMIO"), (17, "INTERNAL_ERROR"), (24, "SYSTEM_EVENT"), (40, "TDX")]
        {
            assert_eq!(reason(number), Some(name));
        }
        assert_eq!(reason(41), None);
        assert_eq!(reason(u32::MAX), None);
    }

    #[test]
    fn members_are_within_what_is_read() {
        let unions = (0..64).filter_map(details).flat_map(|(_, members)| members);
        for (name, at, bytes, _) in COMMON.iter().chain(unions) {
            assert!(at + bytes <= RUN_BYTES && matches!(bytes, 1 | 2 | 4 | 8), "{name}");
        }
    }
}
