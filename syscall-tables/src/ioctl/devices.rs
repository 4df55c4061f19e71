//! What the third argument of ioctl points to, for devices: disks, loops, consoles, clocks, user faults and others.
//!
//! Source: the kernel's headers for each, ioctl_console(2), ioctl_userfaultfd(2), ioctl_ns(2), random(4), loop(4), and
//! the behaviour of strace 6.1.

use super::argument::{Argument, Code, Loop, Row, place};
use super::kernel;
use crate::device::Device;
use crate::kinds::*;
use crate::model::{Dir, Kind, Shape};
use crate::sets::fs as files;

crate::sets! {
    /// Scopes of PERF_EVENT_IOC_ENABLE, _DISABLE and _RESET.
    PERF_IOC: Bits, Hex, "PERF_IOC_FLAG_???" { PERF_IOC_FLAG_GROUP = 1 }

    /// HDIO_SET_BUSSTATE.
    BUS_STATE: Values, Hex, "BUSSTATE_???" { BUSSTATE_OFF = 0, BUSSTATE_ON = 1, BUSSTATE_TRISTATE = 2 }

    /// HDIO_SET_NICE.
    IDE_NICE: Bits, Hex, "IDE_NICE_???" {
        "1 << IDE_NICE_DSC_OVERLAP" = 1, "1 << IDE_NICE_ATAPI_OVERLAP" = 2, "1 << IDE_NICE_1" = 8, "1 << IDE_NICE_0" = 4,
        "1 << IDE_NICE_2" = 0x10,
    }

    /// KDSETMODE.
    CONSOLE_MODE: Values, Hex, "KD_???" { KD_TEXT = 0, KD_GRAPHICS = 1, KD_TEXT0 = 2, KD_TEXT1 = 3 }

    /// KDGKBTYPE.
    KEYBOARD_TYPE: Values, Hex, "KB_???" { KB_84 = 1, KB_101 = 2, KB_OTHER = 3 }

    /// KDSKBMODE.
    KEYBOARD_MODE: Values, Dec, "K_???" { K_RAW = 0, K_XLATE = 1, K_MEDIUMRAW = 2, K_UNICODE = 3, K_OFF = 4 }

    /// KDSKBMETA.
    META_KEY: Values, Hex, "K_???" { K_METABIT = 3, K_ESCPREFIX = 4 }

    /// KDSETLED.
    LEDS: Bits, Hex, "LED_???" { LED_SCR = 1, LED_NUM = 2, LED_CAP = 4 }

    /// KDSKBLED: what is shown, and what is set.
    KEYBOARD_LEDS: Bits, Hex, "LED_???" {
        LED_SCR = 1, LED_NUM = 2, LED_CAP = 4, "LED_SCR<<4" = 0x10, "LED_NUM<<4" = 0x20, "LED_CAP<<4" = 0x40,
    }

    /// MTDFILEMODE.
    MTD_MODE: Values, Hex, "MTD_FILE_MODE_???" {
        MTD_FILE_MODE_NORMAL = 0, MTD_FILE_MODE_OTP_FACTORY = 1, MTD_FILE_MODE_OTP_USER = 2, MTD_FILE_MODE_RAW = 3,
    }

    /// OTPSELECT.
    MTD_OTP: Values, Hex, "MTD_OTP_???" { MTD_OTP_OFF = 0, MTD_OTP_FACTORY = 1, MTD_OTP_USER = 2 }

    /// NBD_SET_FLAGS.
    NBD_FLAGS: Bits, Hex, "NBD_IOC_FLAG_???" {
        NBD_FLAG_HAS_FLAGS = 1, NBD_FLAG_READ_ONLY = 2, NBD_FLAG_SEND_FLUSH = 4, NBD_FLAG_SEND_FUA = 8,
        NBD_FLAG_ROTATIONAL = 0x10, NBD_FLAG_SEND_TRIM = 0x20, NBD_FLAG_SEND_WRITE_ZEROES = 0x40,
        NBD_FLAG_SEND_DF = 0x80, NBD_FLAG_CAN_MULTI_CONN = 0x100, NBD_FLAG_SEND_RESIZE = 0x200,
        NBD_FLAG_SEND_CACHE = 0x400,
    }

    /// BTRFS_IOC_BALANCE_CTL.
    BALANCE_CTL: Values, Hex, "BTRFS_BALANCE_CTL_???" { BTRFS_BALANCE_CTL_PAUSE = 1, BTRFS_BALANCE_CTL_CANCEL = 2 }

    /// Modes of infrared devices.
    LIRC_MODE: Values, Hex, "LIRC_MODE_???" {
        LIRC_MODE_RAW = 1, LIRC_MODE_PULSE = 2, LIRC_MODE_MODE2 = 4, LIRC_MODE_SCANCODE = 8, LIRC_MODE_LIRCCODE = 0x10,
    }

    /// Loop_info.lo_encrypt_type.
    LOOP_CRYPT: Values, Hex, "LO_CRYPT_???" {
        LO_CRYPT_NONE = 0, LO_CRYPT_XOR = 1, LO_CRYPT_DES = 2, LO_CRYPT_FISH2 = 3, LO_CRYPT_BLOW = 4,
        LO_CRYPT_CAST128 = 5, LO_CRYPT_IDEA = 6, LO_CRYPT_DUMMY = 9, LO_CRYPT_SKIPJACK = 10, LO_CRYPT_CRYPTOAPI = 18,
    }

    /// Uffdio_api.features.
    FAULT_FEATURES: Bits, Hex, "UFFD_FEATURE_???" {
        UFFD_FEATURE_PAGEFAULT_FLAG_WP = 1, UFFD_FEATURE_EVENT_FORK = 2, UFFD_FEATURE_EVENT_REMAP = 4,
        UFFD_FEATURE_EVENT_REMOVE = 8, UFFD_FEATURE_MISSING_HUGETLBFS = 0x10, UFFD_FEATURE_MISSING_SHMEM = 0x20,
        UFFD_FEATURE_EVENT_UNMAP = 0x40, UFFD_FEATURE_SIGBUS = 0x80, UFFD_FEATURE_THREAD_ID = 0x100,
        UFFD_FEATURE_MINOR_HUGETLBFS = 0x200, UFFD_FEATURE_MINOR_SHMEM = 0x400, UFFD_FEATURE_EXACT_ADDRESS = 0x800,
        UFFD_FEATURE_WP_HUGETLBFS_SHMEM = 0x1000, UFFD_FEATURE_WP_UNPOPULATED = 0x2000,
        UFFD_FEATURE_POISON = 0x4000, UFFD_FEATURE_WP_ASYNC = 0x8000, UFFD_FEATURE_MOVE = 0x10000,
    }

    /// Uffdio_api.ioctls.
    FAULT_COMMANDS: Bits, Hex, "_UFFDIO_???" {
        "1<<_UFFDIO_REGISTER" = 1, "1<<_UFFDIO_UNREGISTER" = 2, "1<<_UFFDIO_API" = 0x8000000000000000,
    }

    /// Uffdio_register.ioctls.
    RANGE_COMMANDS: Bits, Hex, "UFFDIO_???" {
        "1<<_UFFDIO_WAKE" = 4, "1<<_UFFDIO_COPY" = 8, "1<<_UFFDIO_ZEROPAGE" = 0x10,
        "1<<_UFFDIO_MOVE" = 0x20, "1<<_UFFDIO_WRITEPROTECT" = 0x40, "1<<_UFFDIO_CONTINUE" = 0x80,
        "1<<_UFFDIO_POISON" = 0x100,
    }

    /// Uffdio_register.mode.
    REGISTER_MODE: Bits, Hex, "UFFDIO_REGISTER_MODE_???" {
        UFFDIO_REGISTER_MODE_MISSING = 1, UFFDIO_REGISTER_MODE_WP = 2, UFFDIO_REGISTER_MODE_MINOR = 4,
    }

    /// Uffdio_copy.mode.
    COPY_MODE: Bits, Hex, "UFFDIO_COPY_???" { UFFDIO_COPY_MODE_DONTWAKE = 1, UFFDIO_COPY_MODE_WP = 2 }

    /// Uffdio_zeropage.mode.
    ZERO_MODE: Bits, Hex, "UFFDIO_ZEROPAGE_???" { UFFDIO_ZEROPAGE_MODE_DONTWAKE = 1 }

    /// Kvm_userspace_memory_region.flags.
    KVM_MEM: Bits, Hex, "KVM_MEM_???" { KVM_MEM_LOG_DIRTY_PAGES = 1, KVM_MEM_READONLY = 2, KVM_MEM_GUEST_MEMFD = 4 }

    /// Seccomp_notif_addfd.flags.
    ADDFD_FLAGS: Bits, Hex, "SECCOMP_ADDFD_FLAG_???" { SECCOMP_ADDFD_FLAG_SETFD = 1, SECCOMP_ADDFD_FLAG_SEND = 2 }

    /// KVM_CHECK_EXTENSION.
    KVM_CAP: Values, Hex, "KVM_CAP_???" {
        KVM_CAP_IRQCHIP = 0, KVM_CAP_HLT = 1, KVM_CAP_MMU_SHADOW_CACHE_CONTROL = 2, KVM_CAP_USER_MEMORY = 3,
        KVM_CAP_SET_TSS_ADDR = 4, KVM_CAP_VAPIC = 6, KVM_CAP_EXT_CPUID = 7, KVM_CAP_CLOCKSOURCE = 8,
        KVM_CAP_NR_VCPUS = 9, KVM_CAP_NR_MEMSLOTS = 10, KVM_CAP_PIT = 11, KVM_CAP_NOP_IO_DELAY = 12, KVM_CAP_PV_MMU
        = 13, KVM_CAP_MP_STATE = 14, KVM_CAP_COALESCED_MMIO = 15, KVM_CAP_SYNC_MMU = 16, KVM_CAP_IOMMU = 18,
        KVM_CAP_DESTROY_MEMORY_REGION_WORKS = 21, KVM_CAP_USER_NMI = 22, KVM_CAP_SET_GUEST_DEBUG = 23,
        KVM_CAP_REINJECT_CONTROL = 24, KVM_CAP_IRQ_ROUTING = 25, KVM_CAP_IRQ_INJECT_STATUS = 26,
        KVM_CAP_ASSIGN_DEV_IRQ = 29, KVM_CAP_JOIN_MEMORY_REGIONS_WORKS = 30, KVM_CAP_MCE = 31, KVM_CAP_IRQFD = 32,
        KVM_CAP_PIT2 = 33, KVM_CAP_SET_BOOT_CPU_ID = 34, KVM_CAP_PIT_STATE2 = 35, KVM_CAP_IOEVENTFD = 36,
        KVM_CAP_SET_IDENTITY_MAP_ADDR = 37, KVM_CAP_XEN_HVM = 38, KVM_CAP_ADJUST_CLOCK = 39,
        KVM_CAP_INTERNAL_ERROR_DATA = 40, KVM_CAP_VCPU_EVENTS = 41, KVM_CAP_S390_PSW = 42, KVM_CAP_PPC_SEGSTATE =
        43, KVM_CAP_HYPERV = 44, KVM_CAP_HYPERV_VAPIC = 45, KVM_CAP_HYPERV_SPIN = 46, KVM_CAP_PCI_SEGMENT = 47,
        KVM_CAP_PPC_PAIRED_SINGLES = 48, KVM_CAP_INTR_SHADOW = 49, KVM_CAP_DEBUGREGS = 50,
        KVM_CAP_X86_ROBUST_SINGLESTEP = 51, KVM_CAP_PPC_OSI = 52, KVM_CAP_PPC_UNSET_IRQ = 53, KVM_CAP_ENABLE_CAP =
        54, KVM_CAP_XSAVE = 55, KVM_CAP_XCRS = 56, KVM_CAP_PPC_GET_PVINFO = 57, KVM_CAP_PPC_IRQ_LEVEL = 58,
        KVM_CAP_ASYNC_PF = 59, KVM_CAP_TSC_CONTROL = 60, KVM_CAP_GET_TSC_KHZ = 61, KVM_CAP_PPC_BOOKE_SREGS = 62,
        KVM_CAP_SPAPR_TCE = 63, KVM_CAP_PPC_SMT = 64, KVM_CAP_PPC_RMA = 65, KVM_CAP_MAX_VCPUS = 66, KVM_CAP_PPC_HIOR
        = 67, KVM_CAP_PPC_PAPR = 68, KVM_CAP_SW_TLB = 69, KVM_CAP_ONE_REG = 70, KVM_CAP_S390_GMAP = 71,
        KVM_CAP_TSC_DEADLINE_TIMER = 72, KVM_CAP_S390_UCONTROL = 73, KVM_CAP_SYNC_REGS = 74, KVM_CAP_PCI_2_3 = 75,
        KVM_CAP_KVMCLOCK_CTRL = 76, KVM_CAP_SIGNAL_MSI = 77, KVM_CAP_PPC_GET_SMMU_INFO = 78, KVM_CAP_S390_COW = 79,
        KVM_CAP_PPC_ALLOC_HTAB = 80, KVM_CAP_READONLY_MEM = 81, KVM_CAP_IRQFD_RESAMPLE = 82,
        KVM_CAP_PPC_BOOKE_WATCHDOG = 83, KVM_CAP_PPC_HTAB_FD = 84, KVM_CAP_S390_CSS_SUPPORT = 85, KVM_CAP_PPC_EPR =
        86, KVM_CAP_ARM_PSCI = 87, KVM_CAP_ARM_SET_DEVICE_ADDR = 88, KVM_CAP_DEVICE_CTRL = 89, KVM_CAP_IRQ_MPIC =
        90, KVM_CAP_PPC_RTAS = 91, KVM_CAP_IRQ_XICS = 92, KVM_CAP_ARM_EL1_32BIT = 93, KVM_CAP_SPAPR_MULTITCE = 94,
        KVM_CAP_EXT_EMUL_CPUID = 95, KVM_CAP_HYPERV_TIME = 96, KVM_CAP_IOAPIC_POLARITY_IGNORED = 97,
        KVM_CAP_ENABLE_CAP_VM = 98, KVM_CAP_S390_IRQCHIP = 99, KVM_CAP_IOEVENTFD_NO_LENGTH = 100,
        KVM_CAP_VM_ATTRIBUTES = 101, KVM_CAP_ARM_PSCI_0_2 = 102, KVM_CAP_PPC_FIXUP_HCALL = 103,
        KVM_CAP_PPC_ENABLE_HCALL = 104, KVM_CAP_CHECK_EXTENSION_VM = 105, KVM_CAP_S390_USER_SIGP = 106,
        KVM_CAP_S390_VECTOR_REGISTERS = 107, KVM_CAP_S390_MEM_OP = 108, KVM_CAP_S390_USER_STSI = 109,
        KVM_CAP_S390_SKEYS = 110, KVM_CAP_MIPS_FPU = 111, KVM_CAP_MIPS_MSA = 112, KVM_CAP_S390_INJECT_IRQ = 113,
        KVM_CAP_S390_IRQ_STATE = 114, KVM_CAP_PPC_HWRNG = 115, KVM_CAP_DISABLE_QUIRKS = 116, KVM_CAP_X86_SMM = 117,
        KVM_CAP_MULTI_ADDRESS_SPACE = 118, KVM_CAP_GUEST_DEBUG_HW_BPS = 119, KVM_CAP_GUEST_DEBUG_HW_WPS = 120,
        KVM_CAP_SPLIT_IRQCHIP = 121, KVM_CAP_IOEVENTFD_ANY_LENGTH = 122, KVM_CAP_HYPERV_SYNIC = 123, KVM_CAP_S390_RI
        = 124, KVM_CAP_SPAPR_TCE_64 = 125, KVM_CAP_ARM_PMU_V3 = 126, KVM_CAP_VCPU_ATTRIBUTES = 127,
        KVM_CAP_MAX_VCPU_ID = 128, KVM_CAP_X2APIC_API = 129, KVM_CAP_S390_USER_INSTR0 = 130, KVM_CAP_MSI_DEVID =
        131, KVM_CAP_PPC_HTM = 132, KVM_CAP_SPAPR_RESIZE_HPT = 133, KVM_CAP_PPC_MMU_RADIX = 134,
        KVM_CAP_PPC_MMU_HASH_V3 = 135, KVM_CAP_IMMEDIATE_EXIT = 136, KVM_CAP_MIPS_VZ = 137, KVM_CAP_MIPS_TE = 138,
        KVM_CAP_MIPS_64BIT = 139, KVM_CAP_S390_GS = 140, KVM_CAP_S390_AIS = 141, KVM_CAP_SPAPR_TCE_VFIO = 142,
        KVM_CAP_X86_DISABLE_EXITS = 143, KVM_CAP_ARM_USER_IRQ = 144, KVM_CAP_S390_CMMA_MIGRATION = 145,
        KVM_CAP_PPC_FWNMI = 146, KVM_CAP_PPC_SMT_POSSIBLE = 147, KVM_CAP_HYPERV_SYNIC2 = 148,
        KVM_CAP_HYPERV_VP_INDEX = 149, KVM_CAP_S390_AIS_MIGRATION = 150, KVM_CAP_PPC_GET_CPU_CHAR = 151,
        KVM_CAP_S390_BPB = 152, KVM_CAP_GET_MSR_FEATURES = 153, KVM_CAP_HYPERV_EVENTFD = 154,
        KVM_CAP_HYPERV_TLBFLUSH = 155, KVM_CAP_S390_HPAGE_1M = 156, KVM_CAP_NESTED_STATE = 157,
        KVM_CAP_ARM_INJECT_SERROR_ESR = 158, KVM_CAP_MSR_PLATFORM_INFO = 159, KVM_CAP_PPC_NESTED_HV = 160,
        KVM_CAP_HYPERV_SEND_IPI = 161, KVM_CAP_COALESCED_PIO = 162, KVM_CAP_HYPERV_ENLIGHTENED_VMCS = 163,
        KVM_CAP_EXCEPTION_PAYLOAD = 164, KVM_CAP_ARM_VM_IPA_SIZE = 165, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT = 166,
        KVM_CAP_HYPERV_CPUID = 167, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 = 168, KVM_CAP_PPC_IRQ_XIVE = 169,
        KVM_CAP_ARM_SVE = 170, KVM_CAP_ARM_PTRAUTH_ADDRESS = 171, KVM_CAP_ARM_PTRAUTH_GENERIC = 172,
        KVM_CAP_PMU_EVENT_FILTER = 173, KVM_CAP_ARM_IRQ_LINE_LAYOUT_2 = 174, KVM_CAP_HYPERV_DIRECT_TLBFLUSH = 175,
        KVM_CAP_PPC_GUEST_DEBUG_SSTEP = 176, KVM_CAP_ARM_NISV_TO_USER = 177, KVM_CAP_ARM_INJECT_EXT_DABT = 178,
        KVM_CAP_S390_VCPU_RESETS = 179, KVM_CAP_S390_PROTECTED = 180, KVM_CAP_PPC_SECURE_GUEST = 181,
        KVM_CAP_HALT_POLL = 182, KVM_CAP_ASYNC_PF_INT = 183, KVM_CAP_LAST_CPU = 184, KVM_CAP_SMALLER_MAXPHYADDR =
        185, KVM_CAP_S390_DIAG318 = 186, KVM_CAP_STEAL_TIME = 187, KVM_CAP_X86_USER_SPACE_MSR = 188,
        KVM_CAP_X86_MSR_FILTER = 189, KVM_CAP_ENFORCE_PV_FEATURE_CPUID = 190, KVM_CAP_SYS_HYPERV_CPUID = 191,
        KVM_CAP_DIRTY_LOG_RING = 192, KVM_CAP_X86_BUS_LOCK_EXIT = 193, KVM_CAP_PPC_DAWR1 = 194,
        KVM_CAP_SET_GUEST_DEBUG2 = 195, KVM_CAP_SGX_ATTRIBUTE = 196, KVM_CAP_VM_COPY_ENC_CONTEXT_FROM = 197,
        KVM_CAP_PTP_KVM = 198, KVM_CAP_HYPERV_ENFORCE_CPUID = 199, KVM_CAP_SREGS2 = 200, KVM_CAP_EXIT_HYPERCALL =
        201, KVM_CAP_PPC_RPT_INVALIDATE = 202, KVM_CAP_BINARY_STATS_FD = 203, KVM_CAP_EXIT_ON_EMULATION_FAILURE =
        204, KVM_CAP_ARM_MTE = 205, KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM = 206, KVM_CAP_VM_GPA_BITS = 207,
        KVM_CAP_XSAVE2 = 208, KVM_CAP_SYS_ATTRIBUTES = 209, KVM_CAP_PPC_AIL_MODE_3 = 210,
        KVM_CAP_S390_MEM_OP_EXTENSION = 211, KVM_CAP_PMU_CAPABILITY = 212, KVM_CAP_DISABLE_QUIRKS2 = 213,
        KVM_CAP_VM_TSC_CONTROL = 214, KVM_CAP_SYSTEM_EVENT_DATA = 215, KVM_CAP_ARM_SYSTEM_SUSPEND = 216,
        KVM_CAP_S390_PROTECTED_DUMP = 217, KVM_CAP_X86_TRIPLE_FAULT_EVENT = 218, KVM_CAP_X86_NOTIFY_VMEXIT = 219,
        KVM_CAP_VM_DISABLE_NX_HUGE_PAGES = 220, KVM_CAP_S390_ZPCI_OP = 221, KVM_CAP_S390_CPU_TOPOLOGY = 222,
        KVM_CAP_DIRTY_LOG_RING_ACQ_REL = 223, KVM_CAP_S390_PROTECTED_ASYNC_DISABLE = 224, KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP = 225, KVM_CAP_PMU_EVENT_MASKED_EVENTS = 226, KVM_CAP_COUNTER_OFFSET = 227, KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE = 228, KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES = 229, KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES = 230, KVM_CAP_USER_MEMORY2 = 231, KVM_CAP_MEMORY_FAULT_INFO = 232, KVM_CAP_MEMORY_ATTRIBUTES = 233, KVM_CAP_GUEST_MEMFD = 234, KVM_CAP_VM_TYPES = 235, KVM_CAP_PRE_FAULT_MEMORY = 236, KVM_CAP_X86_APIC_BUS_CYCLES_NS = 237, KVM_CAP_X86_GUEST_MODE = 238, KVM_CAP_ARM_WRITABLE_IMP_ID_REGS = 239, KVM_CAP_ARM_EL2 = 240, KVM_CAP_ARM_EL2_E2H0 = 241, KVM_CAP_RISCV_MP_STATE_RESET = 242, KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED = 243, KVM_CAP_GUEST_MEMFD_FLAGS = 244, KVM_CAP_ARM_SEA_TO_USER = 245, KVM_CAP_S390_USER_OPEREXEC = 246, KVM_CAP_S390_KEYOP = 247, KVM_CAP_S390_VSIE_ESAMODE = 248, KVM_CAP_S390_HPAGE_2G = 249,
    }
}

crate::structs! {
    /// `struct hd_geometry`.
    GEOMETRY "hd_geometry" { heads: U8, sectors: U8, cylinders: U16, start: ULONG };
    /// `struct sg_scsi_id`.
    SCSI_ID "sg_scsi_id" {
        host_no: INT, channel: INT, scsi_id: HEX, lun: INT, scsi_type: HEX, h_cmd_per_lun: I16, d_queue_depth: I16,
        _unused: Kind::new(Shape::Inline(&INT, 2)),
    } show [host_no, channel, scsi_id, lun, scsi_type, h_cmd_per_lun, d_queue_depth];
    /// `struct uffdio_range`.
    FAULT_RANGE "uffdio_range" { start: HEX64, len: HEX64 };
    /// `struct uffdio_api` as it is asked.
    FAULT_API "uffdio_api" { api: HEX64, features: bits64(&FAULT_FEATURES), ioctls: HEX64 } show [api, features];
    /// `struct uffdio_api`.
    FAULT_API_DONE "uffdio_api" {
        api: HEX64, features: bits64(&FAULT_FEATURES), ioctls: bits64(&FAULT_COMMANDS),
    };
    /// `struct uffdio_register` as it is asked.
    FAULT_REGISTER "uffdio_register" {
        range: place(&FAULT_RANGE), mode: bits64(&REGISTER_MODE), ioctls: HEX64,
    } show [range, mode];
    /// `struct uffdio_register`.
    FAULT_REGISTER_DONE "uffdio_register" {
        range: place(&FAULT_RANGE), mode: bits64(&REGISTER_MODE), ioctls: bits64(&RANGE_COMMANDS),
    };
    /// `struct uffdio_copy` as it is asked.
    FAULT_COPY "uffdio_copy" {
        dst: HEX64, src: HEX64, len: HEX64, mode: bits64(&COPY_MODE), copy: HEX64,
    } show [dst, src, len, mode];
    /// `struct uffdio_copy`.
    FAULT_COPY_DONE "uffdio_copy" { dst: HEX64, src: HEX64, len: HEX64, mode: bits64(&COPY_MODE), copy: HEX64 };
    /// `struct uffdio_zeropage` as it is asked.
    FAULT_ZERO "uffdio_zeropage" {
        range: place(&FAULT_RANGE), mode: bits64(&ZERO_MODE), zeropage: HEX64,
    } show [range, mode];
    /// `struct uffdio_zeropage`.
    FAULT_ZERO_DONE "uffdio_zeropage" { range: place(&FAULT_RANGE), mode: bits64(&ZERO_MODE), zeropage: HEX64 };
    /// `struct input_absinfo`.
    ABSOLUTE "input_absinfo" {
        value: UINT, minimum: UINT, maximum: UINT, fuzz: UINT, flat: UINT, resolution: UINT,
    } brief [value, minimum];
    /// `struct input_absinfo` with something behind it.
    ABSOLUTE_LONG "input_absinfo" {
        value: UINT, minimum: UINT, maximum: UINT, fuzz: UINT, flat: UINT, resolution: UINT,
        more: device(Device::More),
    } brief [value, minimum];
    /// `struct input_absinfo` of Linux before 2.6.31.
    ABSOLUTE_OLD "input_absinfo" { value: UINT, minimum: UINT, maximum: UINT, fuzz: UINT, flat: UINT } brief [value, minimum];
    /// `struct input_id`.
    INPUT_ID "input_id" { bustype: U16, vendor: U16, product: U16, version: U16 };
    /// `struct kvm_userspace_memory_region`.
    MEMORY_REGION "kvm_userspace_memory_region" {
        slot: UINT, flags: bits(&KVM_MEM), guest_phys_addr: HEX64, memory_size: U64, userspace_addr: HEX64,
    };
    /// `struct erase_info_user`.
    ERASE "erase_info_user" { start: HEX, length: HEX };
    /// `struct erase_info_user64`.
    ERASE64 "erase_info_user64" { start: HEX64, length: HEX64 };
    /// `struct seccomp_notif_addfd`.
    NOTIF_ADDFD "seccomp_notif_addfd" {
        id: HEX64, flags: bits(&ADDFD_FLAGS), srcfd: FD, newfd: INT, newfd_flags: bits(&files::OPEN_FLAGS),
    };
}

/// How a disk is divided.
pub static GEOMETRIES: &[Row] = &[(&[0x301], Argument::told(&const { place(&GEOMETRY) }))];

/// Commands of generic SCSI devices.
pub static GENERIC: &[Row] = &[
    (&[0x2202], Argument::Nothing),
    (&[0x2204], Argument::Value(&HEX)),
    (&[0x2201, 0x2271, 0x2275, 0x2279, 0x227b, 0x227e, 0x2283, 0x2287], Argument::given(&INT)),
    (
        &[0x2203, 0x2205, 0x2270, 0x2272, 0x227a, 0x227c, 0x227d, 0x227f, 0x2282, 0x2288, 0x2289],
        Argument::told(&INT),
    ),
    (&[0x2276], Argument::told(&const { place(&SCSI_ID) })),
];

/// Commands of counters.
pub static COUNTERS: &[Row] = &[(&[0x3e01, 0x3e02], Argument::Nothing)];

/// Commands of consoles and keyboards.
pub static CONSOLES: &[Row] = &[
    (&[0x4b36, 0x4b37, 0x4b3c, 0x4b3d, 0x4b6d], Argument::Nothing),
    (&[0x4b3a], Argument::Value(&const { bits(&CONSOLE_MODE) })),
    (&[0x4b45], Argument::Value(&const { bits(&KEYBOARD_MODE) })),
    (&[0x4b63], Argument::Value(&const { bits(&META_KEY) })),
    (&[0x4b32], Argument::Value(&const { bits8(&LEDS) })),
    (&[0x4b65], Argument::Value(&const { bits8(&KEYBOARD_LEDS) })),
    (&[0x4b2f], Argument::Coded(Code::Tone(false))),
    (&[0x4b30], Argument::Coded(Code::Tone(true))),
    (&[0x4b31], Argument::told(&const { bits8(&LEDS) })),
    (&[0x4b64], Argument::told(&const { bits8(&KEYBOARD_LEDS) })),
    (&[0x4b33], Argument::told(&const { bits8(&KEYBOARD_TYPE) })),
    (&[0x4b3b], Argument::told(&const { bits(&CONSOLE_MODE) })),
    (&[0x4b44], Argument::told(&const { bits(&KEYBOARD_MODE) })),
    (&[0x4b62], Argument::told(&const { bits(&META_KEY) })),
];

/// Commands of loop devices.
pub static LOOPS: &[Row] = &[
    (&[0x4c01, 0x4c07, 0x4c82], Argument::Nothing),
    (&[0x4c08, 0x4c09], Argument::Value(&ULONG)),
    (&[0x4c80, 0x4c81], Argument::Value(&INT)),
    (&[0x4c00, 0x4c06], Argument::Value(&FD)),
    (&[0x4c02], Argument::Coded(Code::Loop(Dir::In, Loop::Old))),
    (&[0x4c03], Argument::Coded(Code::Loop(Dir::Out, Loop::Old))),
    (&[0x4c04], Argument::Coded(Code::Loop(Dir::In, Loop::New))),
    (&[0x4c05], Argument::Coded(Code::Loop(Dir::Out, Loop::New))),
    (&[0x4c0a], Argument::Coded(Code::Loop(Dir::In, Loop::Config))),
];

/// Commands of volumes of UBI.
pub static UBI_VOLUMES: &[Row] = &[
    (&[0x4f08, 0x4080_4f07], Argument::Nothing),
    (&[0x4004_4f01, 0x4004_4f04, 0x8004_4f05], Argument::given(&INT)),
    (&[0x4008_4f00], Argument::given(&I64)),
];

/// Commands of the random number generator.
pub static RANDOM: &[Row] = &[
    (&[0x5204, 0x5206, 0x5207], Argument::Nothing),
    (&[0x4004_5201], Argument::given(&INT)),
    (&[0x8004_5200], Argument::told(&INT)),
];

/// Commands of btrfs.
pub static BTRFS: &[Row] = &[
    (&[0x9406, 0x9407, 0x9408, 0x941c, 0x942e, 0x5000_9402, 0x5000_940c], Argument::Nothing),
    (&[0x4004_9421], Argument::Value(&const { bits(&BALANCE_CTL) })),
    (&[0xc018_9436], Argument::Coded(Code::Dedupe)),
    (&[0x4008_9413, 0x4008_9416], Argument::given(&U64)),
    (&[0x8008_9418], Argument::told(&U64)),
];

/// Commands of network block devices.
pub static NETWORK_BLOCKS: &[Row] = &[
    (&[0xab03, 0xab04, 0xab05, 0xab06, 0xab08], Argument::Nothing),
    (&[0xab01, 0xab02, 0xab07, 0xab09], Argument::Value(&ULONG)),
    (&[0xab00], Argument::Value(&FD)),
    (&[0xab0a], Argument::Value(&const { bits(&NBD_FLAGS) })),
];

/// Commands of namespaces.
pub static NAMESPACES: &[Row] = &[
    (&[0xb701, 0xb702, 0xb703], Argument::Nothing),
    (&[0x8004_b706, 0x8004_b707, 0x8004_b708, 0x8004_b709], Argument::Value(&INT)),
    (&[0xb704], Argument::told(&ID)),
    (&[0x8008_b705, 0x8008_b70d], Argument::told(&HEX64)),
    (&[0x8010_b70a, 0x8010_b70b, 0x8010_b70c], Argument::told(&const { place(&kernel::MOUNT_NAMESPACE) })),
];

/// Commands of watchdogs.
pub static WATCHDOGS: &[Row] = &[
    (&[0x8004_5705], Argument::Nothing),
    (&[0x8004_5701, 0x8004_5702, 0x8004_5703, 0x8004_5707, 0x8004_5709, 0x8004_570a], Argument::told(&INT)),
    (&[0xc004_5706, 0xc004_5708], Argument::given(&INT)),
    (&[0x8028_5700], Argument::told(&const { place(&kernel::WATCHDOG_INFO) })),
    (&[0x8004_5704], Argument::given(&const { bits(&kernel::WATCHDOG_SET) })),
];

/// Commands of disks that are known of programs whose words have 64 bits.
pub static DISKS: &[Row] = &[
    (&[0x321, 0x322, 0x323, 0x324, 0x325, 0x326, 0x327, 0x32a, 0x32b, 0x32c, 0x32f], Argument::Value(&ULONG)),
    (&[0x32d], Argument::Value(&const { longbits(&BUS_STATE) })),
    (&[0x329], Argument::Value(&const { longbits(&IDE_NICE) })),
    (&[0x302, 0x304, 0x308, 0x309, 0x30a, 0x30b, 0x30e, 0x30f, 0x310], Argument::told(&ULONG)),
    (&[0x30c], Argument::told(&const { longbits(&IDE_NICE) })),
    (&[0x31a], Argument::told(&const { longbits(&BUS_STATE) })),
];

/// Commands of performance counters.
pub static COUNTED: &[Row] = &[
    (&[0x4004_2409], Argument::Value(&ULONG)),
    (&[0x2402], Argument::Value(&INT)),
    (&[0x2405, 0x4004_2408], Argument::Value(&FD)),
    (&[0x2400, 0x2401, 0x2403], Argument::Value(&const { bits(&PERF_IOC) })),
    (&[0x4008_2404], Argument::given(&U64)),
    (&[0x8008_2407], Argument::told(&U64)),
];

/// Commands of input devices.
pub static INPUTS: &[Row] = &[
    (&[0x4004_4590, 0x4004_4591], Argument::Value(&ULONG)),
    (&[0x4004_4581], Argument::Value(&INT)),
    (&[0x4004_45a0], Argument::given(&UINT)),
    (&[0x8004_4584], Argument::told(&UINT)),
    (&[0x8004_4501], Argument::told(&HEX)),
    (&[0x4008_4503], Argument::given(&const { Kind::new(Shape::Inline(&UINT, 2)) })),
    (&[0x8008_4503], Argument::told(&const { Kind::new(Shape::Inline(&UINT, 2)) })),
    (&[0x8008_4502], Argument::told(&const { place(&INPUT_ID) })),
];

/// Commands of virtual machines.
pub static MACHINES: &[Row] = &[
    (&[0xae41], Argument::Value(&UINT)),
    (&[0xae03], Argument::Value(&const { longbits(&KVM_CAP) })),
    (&[0x4020_ae46], Argument::given(&const { place(&MEMORY_REGION) })),
];

/// Commands of inotify.
pub static NOTIFICATIONS: &[Row] = &[(&[0x4004_4900], Argument::Value(&INT))];

/// Commands of memory technology devices.
pub static FLASH: &[Row] = &[
    (&[0x4d13], Argument::Value(&const { longbits(&MTD_MODE) })),
    (&[0x8004_4d07], Argument::told(&INT)),
    (&[0x4004_4d0e], Argument::told(&UINT)),
    (&[0x4008_4d0b, 0x4008_4d0c], Argument::given(&U64)),
    (&[0x8004_4d0d], Argument::given(&const { bits(&MTD_OTP) })),
    (&[0x4008_4d02, 0x4008_4d05, 0x4008_4d06, 0x8008_4d17], Argument::given(&const { place(&ERASE) })),
    (&[0x4010_4d14], Argument::given(&const { place(&ERASE64) })),
];

/// Commands of seccomp's listeners.
pub static LISTENERS: &[Row] = &[
    (&[0x4008_2104], Argument::Value(&const { longbits(&kernel::NOTIF_FLAGS) })),
    (&[0x4008_2102, 0x8008_2102], Argument::given(&HEX64)),
    (&[0x4018_2103], Argument::given(&const { place(&NOTIF_ADDFD) })),
];

/// Commands of UBI itself.
pub static UBI: &[Row] = &[(&[0x4004_6f01, 0x4004_6f04, 0x4004_6f05, 0x4004_6f41], Argument::given(&INT))];

/// Commands of infrared devices.
pub static INFRARED: &[Row] = &[
    (
        &[
            0x4004_6913,
            0x4004_6914,
            0x4004_6915,
            0x4004_6918,
            0x4004_6919,
            0x4004_691d,
            0x4004_691f,
            0x4004_6923,
        ],
        Argument::given(&UINT),
    ),
    (&[0x8004_6907, 0x8004_6908, 0x8004_6909, 0x8004_690f, 0x8004_6924], Argument::told(&UINT)),
    (&[0x4004_6917], Argument::given(&HEX)),
    (&[0x4004_6911, 0x4004_6912], Argument::given(&const { bits(&LIRC_MODE) })),
    (&[0x8004_6901, 0x8004_6902], Argument::told(&const { bits(&LIRC_MODE) })),
];

/// Commands of userfaultfd.
pub static FAULTS: &[Row] = &[
    (&[0x8010_aa01, 0x8010_aa02], Argument::given(&const { place(&FAULT_RANGE) })),
    (&[0xc018_aa06], Argument::given(&const { place(&kernel::PROTECT) })),
    (&[0xc018_aa3f], Argument::Continued(&const { place(&FAULT_API) }, &const { place(&FAULT_API_DONE) })),
    (
        &[0xc020_aa00],
        Argument::Continued(&const { place(&FAULT_REGISTER) }, &const { place(&FAULT_REGISTER_DONE) }),
    ),
    (&[0xc028_aa03], Argument::Continued(&const { place(&FAULT_COPY) }, &const { place(&FAULT_COPY_DONE) })),
    (&[0xc020_aa04], Argument::Continued(&const { place(&FAULT_ZERO) }, &const { place(&FAULT_ZERO_DONE) })),
    (
        &[0xc028_aa05],
        Argument::Continued(&const { place(&kernel::MOVE) }, &const { place(&kernel::MOVE_DONE) }),
    ),
    (
        &[0xc020_aa07],
        Argument::Continued(&const { place(&kernel::CONTINUE) }, &const { place(&kernel::CONTINUE_DONE) }),
    ),
    (
        &[0xc020_aa08],
        Argument::Continued(&const { place(&kernel::POISON) }, &const { place(&kernel::POISON_DONE) }),
    ),
];

/// Commands of epoll.
pub static POLLING: &[Row] = &[
    (&[0x4008_8a01], Argument::given(&const { place(&kernel::EPOLL_PARAMS) })),
    (&[0x8008_8a02], Argument::told(&const { place(&kernel::EPOLL_PARAMS) })),
];

/// Commands of file systems.
pub static FILE_SYSTEMS: &[Row] = &[
    (&[0x8011_1500], Argument::told(&const { place(&kernel::FILE_SYSTEM_ID) })),
    (&[0x8081_1501], Argument::told(&const { place(&kernel::SYSFS_PATH) })),
    (&[0xc010_1502], Argument::told(&const { place(&kernel::BLOCK_METADATA_CAP) })),
];
