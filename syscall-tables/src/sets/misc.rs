//! Everything else: reboot, modules, kexec, perf, syslog, random, terminals.
//!
//! Names and order only. Source: include/uapi of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Flags of getrandom(2).
    GETRANDOM: Bits, Hex, "GRND_???" {
        GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE
    }

    /// Magic of reboot(2).
    REBOOT_MAGIC1: Values, Hex, "LINUX_REBOOT_MAGIC_???" {
        LINUX_REBOOT_MAGIC1
    }

    /// Magic2 of reboot(2).
    REBOOT_MAGIC2: Values, Hex, "LINUX_REBOOT_MAGIC_???" {
        LINUX_REBOOT_MAGIC2, LINUX_REBOOT_MAGIC2A, LINUX_REBOOT_MAGIC2B, LINUX_REBOOT_MAGIC2C
    }

    /// Op of reboot(2).
    REBOOT_CMD: Values, Hex, "LINUX_REBOOT_CMD_???" {
        LINUX_REBOOT_CMD_CAD_OFF, LINUX_REBOOT_CMD_RESTART, LINUX_REBOOT_CMD_POWER_OFF,
        LINUX_REBOOT_CMD_KEXEC, LINUX_REBOOT_CMD_CAD_ON, LINUX_REBOOT_CMD_RESTART2,
        LINUX_REBOOT_CMD_HALT, LINUX_REBOOT_CMD_SW_SUSPEND
    }

    /// Flags of kexec_load(2) below the architecture.
    KEXEC_FLAGS: Bits, Hex, "KEXEC_???" {
        KEXEC_ON_CRASH = 0x1, KEXEC_PRESERVE_CONTEXT = 0x2, KEXEC_UPDATE_ELFCOREHDR = 0x4,
        KEXEC_CRASH_HOTPLUG_SUPPORT = 0x8
    }

    /// The architecture in flags of kexec_load(2).
    KEXEC_ARCH: Values, Hex, "KEXEC_ARCH_???" {
        KEXEC_ARCH_DEFAULT = 0, KEXEC_ARCH_386 = 0x3_0000, KEXEC_ARCH_68K = 0x4_0000,
        KEXEC_ARCH_PARISC = 0xf_0000, KEXEC_ARCH_X86_64 = 0x3e_0000, KEXEC_ARCH_PPC = 0x14_0000,
        KEXEC_ARCH_PPC64 = 0x15_0000, KEXEC_ARCH_IA_64 = 0x32_0000, KEXEC_ARCH_ARM = 0x28_0000,
        KEXEC_ARCH_S390 = 0x16_0000, KEXEC_ARCH_SH = 0x2a_0000, KEXEC_ARCH_MIPS_LE = 0xa_0000,
        KEXEC_ARCH_MIPS = 0x8_0000, KEXEC_ARCH_AARCH64 = 0xb7_0000, KEXEC_ARCH_RISCV = 0xf3_0000,
        KEXEC_ARCH_LOONGARCH = 0x102_0000
    }

    /// Flags of kexec_file_load(2).
    KEXEC_FILE: Bits, Hex, "KEXEC_FILE_???" {
        KEXEC_FILE_UNLOAD = 0x1, KEXEC_FILE_ON_CRASH = 0x2, KEXEC_FILE_NO_INITRAMFS = 0x4,
        KEXEC_FILE_DEBUG = 0x8, KEXEC_FILE_NO_CMA = 0x10, KEXEC_FILE_FORCE_DTB = 0x20
    }

    /// Flags of finit_module(2).
    MODULE_INIT: Bits, Hex, "MODULE_INIT_???" {
        MODULE_INIT_IGNORE_MODVERSIONS = 0x1, MODULE_INIT_IGNORE_VERMAGIC = 0x2,
        MODULE_INIT_COMPRESSED_FILE = 0x4
    }

    /// Flags of delete_module(2).
    DELETE_MODULE: Bits, Hex, "O_???" {
        O_NONBLOCK, O_TRUNC
    }

    /// Type of syslog(2).
    SYSLOG: Values, Dec, "SYSLOG_ACTION_???" {
        SYSLOG_ACTION_CLOSE = 0, SYSLOG_ACTION_OPEN = 1, SYSLOG_ACTION_READ = 2,
        SYSLOG_ACTION_READ_ALL = 3, SYSLOG_ACTION_READ_CLEAR = 4, SYSLOG_ACTION_CLEAR = 5,
        SYSLOG_ACTION_CONSOLE_OFF = 6, SYSLOG_ACTION_CONSOLE_ON = 7, SYSLOG_ACTION_CONSOLE_LEVEL = 8,
        SYSLOG_ACTION_SIZE_UNREAD = 9, SYSLOG_ACTION_SIZE_BUFFER = 10
    }

    /// The level of SYSLOG_ACTION_CONSOLE_LEVEL.
    LOGLEVEL: Values, Dec, "LOGLEVEL_???" {
        LOGLEVEL_EMERG = 0, LOGLEVEL_ALERT = 1, LOGLEVEL_CRIT = 2, LOGLEVEL_ERR = 3, LOGLEVEL_WARNING = 4,
        LOGLEVEL_NOTICE = 5, LOGLEVEL_INFO = 6, LOGLEVEL_DEBUG = 7
    }

    /// Flags of perf_event_open(2).
    PERF_FLAGS: Bits, Hex, "PERF_FLAG_???" {
        PERF_FLAG_FD_NO_GROUP = 0x1, PERF_FLAG_FD_OUTPUT = 0x2, PERF_FLAG_PID_CGROUP = 0x4,
        PERF_FLAG_FD_CLOEXEC = 0x8
    }

    /// Perf_event_attr.type.
    PERF_TYPE: Values, Hex, "PERF_TYPE_???" {
        PERF_TYPE_HARDWARE = 0, PERF_TYPE_SOFTWARE = 1, PERF_TYPE_TRACEPOINT = 2,
        PERF_TYPE_HW_CACHE = 3, PERF_TYPE_RAW = 4, PERF_TYPE_BREAKPOINT = 5
    }

    /// Perf_event_attr.config for PERF_TYPE_HARDWARE.
    PERF_HARDWARE: Values, Hex, "PERF_COUNT_HW_???" {
        PERF_COUNT_HW_CPU_CYCLES = 0, PERF_COUNT_HW_INSTRUCTIONS = 1,
        PERF_COUNT_HW_CACHE_REFERENCES = 2, PERF_COUNT_HW_CACHE_MISSES = 3,
        PERF_COUNT_HW_BRANCH_INSTRUCTIONS = 4, PERF_COUNT_HW_BRANCH_MISSES = 5,
        PERF_COUNT_HW_BUS_CYCLES = 6, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND = 7,
        PERF_COUNT_HW_STALLED_CYCLES_BACKEND = 8, PERF_COUNT_HW_REF_CPU_CYCLES = 9
    }

    /// Perf_event_attr.config for PERF_TYPE_SOFTWARE.
    PERF_SOFTWARE: Values, Hex, "PERF_COUNT_SW_???" {
        PERF_COUNT_SW_CPU_CLOCK = 0, PERF_COUNT_SW_TASK_CLOCK = 1, PERF_COUNT_SW_PAGE_FAULTS = 2,
        PERF_COUNT_SW_CONTEXT_SWITCHES = 3, PERF_COUNT_SW_CPU_MIGRATIONS = 4,
        PERF_COUNT_SW_PAGE_FAULTS_MIN = 5, PERF_COUNT_SW_PAGE_FAULTS_MAJ = 6,
        PERF_COUNT_SW_ALIGNMENT_FAULTS = 7, PERF_COUNT_SW_EMULATION_FAULTS = 8, PERF_COUNT_SW_DUMMY = 9,
        PERF_COUNT_SW_BPF_OUTPUT = 10, PERF_COUNT_SW_CGROUP_SWITCHES = 11
    }

    /// Perf_event_attr.sample_type.
    PERF_SAMPLE: Bits, Hex, "PERF_SAMPLE_???" {
        PERF_SAMPLE_IP = 0x1, PERF_SAMPLE_TID = 0x2, PERF_SAMPLE_TIME = 0x4, PERF_SAMPLE_ADDR = 0x8,
        PERF_SAMPLE_READ = 0x10, PERF_SAMPLE_CALLCHAIN = 0x20, PERF_SAMPLE_ID = 0x40,
        PERF_SAMPLE_CPU = 0x80, PERF_SAMPLE_PERIOD = 0x100, PERF_SAMPLE_STREAM_ID = 0x200,
        PERF_SAMPLE_RAW = 0x400, PERF_SAMPLE_BRANCH_STACK = 0x800, PERF_SAMPLE_REGS_USER = 0x1000,
        PERF_SAMPLE_STACK_USER = 0x2000, PERF_SAMPLE_WEIGHT = 0x4000, PERF_SAMPLE_DATA_SRC = 0x8000,
        PERF_SAMPLE_IDENTIFIER = 0x1_0000, PERF_SAMPLE_TRANSACTION = 0x2_0000,
        PERF_SAMPLE_REGS_INTR = 0x4_0000, PERF_SAMPLE_PHYS_ADDR = 0x8_0000, PERF_SAMPLE_AUX = 0x10_0000,
        PERF_SAMPLE_CGROUP = 0x20_0000, PERF_SAMPLE_DATA_PAGE_SIZE = 0x40_0000,
        PERF_SAMPLE_CODE_PAGE_SIZE = 0x80_0000, PERF_SAMPLE_WEIGHT_STRUCT = 0x100_0000
    }

    /// Perf_event_attr.read_format.
    PERF_READ_FORMAT: Bits, Hex, "PERF_FORMAT_???" {
        PERF_FORMAT_TOTAL_TIME_ENABLED = 0x1, PERF_FORMAT_TOTAL_TIME_RUNNING = 0x2,
        PERF_FORMAT_ID = 0x4, PERF_FORMAT_GROUP = 0x8, PERF_FORMAT_LOST = 0x10
    }

    /// Termios.c_iflag.
    TERMIOS_IFLAG: Bits, Hex, "I???" {
        IGNBRK, BRKINT, IGNPAR, PARMRK, INPCK, ISTRIP, INLCR, IGNCR, ICRNL, IUCLC, IXON, IXANY, IXOFF,
        IMAXBEL, IUTF8
    }

    /// Termios.c_oflag without its delays.
    TERMIOS_OUTPUT: Bits, Hex, "O???" {
        OPOST, OLCUC, ONLCR, OCRNL, ONOCR, ONLRET, OFILL, OFDEL
    }

    /// Termios.c_oflag under NLDLY.
    NEWLINE_DELAY: Values, Hex, "NL???" { NL0, NL1 }
    /// Termios.c_oflag under CRDLY.
    RETURN_DELAY: Values, Hex, "CR???" { CR0, CR1, CR2, CR3 }
    /// Termios.c_oflag under TABDLY.
    TAB_DELAY: Values, Hex, "TAB???" { TAB0, TAB1, TAB2, XTABS }
    /// Termios.c_oflag under BSDLY.
    BACKSPACE_DELAY: Values, Hex, "BS???" { BS0, BS1 }
    /// Termios.c_oflag under VTDLY.
    VERTICAL_DELAY: Values, Hex, "VT???" { VT0, VT1 }
    /// Termios.c_oflag under FFDLY.
    FORM_DELAY: Values, Hex, "FF???" { FF0, FF1 }

    /// Termios.c_cflag under CBAUD.
    BAUD: Values, Hex, "B???" {
        B0, B50, B75, B110, B134, B150, B200, B300, B600, B1200, B1800, B2400, B4800, B9600, B19200, B38400,
        BOTHER = 0x1000,
        B57600, B115200, B230400, B460800, B500000, B576000, B921600, B1000000, B1152000, B1500000, B2000000, B2500000,
        B3000000, B3500000, B4000000
    }

    /// Termios.c_cflag under CSIZE.
    CHARACTER_SIZE: Values, Hex, "CS???" { CS5, CS6, CS7, CS8 }

    /// Termios.c_cflag without speed and size.
    TERMIOS_CONTROL: Bits, Hex, "C???" {
        CSTOPB, CREAD, PARENB, PARODD, HUPCL, CLOCAL, CMSPAR, CRTSCTS
    }

    /// Termios.c_lflag.
    TERMIOS_LFLAG: Bits, Hex, "L???" {
        ISIG, ICANON, XCASE, ECHO, ECHOE, ECHOK, ECHONL, NOFLSH, IEXTEN, ECHOCTL, ECHOPRT, ECHOKE,
        FLUSHO, PENDIN, TOSTOP, EXTPROC
    }

    /// Argument of ioctl TCFLSH.
    TCFLUSH: Values, Hex, "TC???" {
        TCIFLUSH, TCOFLUSH, TCIOFLUSH
    }

    /// Argument of ioctl TCXONC.
    TCFLOW: Values, Hex, "TC???" {
        TCOOFF, TCOON, TCIOFF, TCION
    }

    /// Argument of ioctl TIOCMGET, TIOCMSET.
    TIOCM: Bits, Hex, "TIOCM_???" {
        TIOCM_LE, TIOCM_DTR, TIOCM_RTS, TIOCM_ST, TIOCM_SR, TIOCM_CTS, TIOCM_CAR, TIOCM_RNG, TIOCM_DSR,
        TIOCM_OUT1, TIOCM_OUT2, TIOCM_LOOP
    }

    /// Loop_info64.lo_flags.
    LOOP_FLAGS: Bits, Hex, "LO_FLAGS_???" {
        LO_FLAGS_READ_ONLY, LO_FLAGS_USE_AOPS = 2, LO_FLAGS_AUTOCLEAR, LO_FLAGS_PARTSCAN, LO_FLAGS_DIRECT_IO
    }

    /// Flags of riscv_flush_icache(2).
    RISCV_FLUSH_ICACHE: Bits, Hex, "SYS_RISCV_FLUSH_ICACHE_???" {
        SYS_RISCV_FLUSH_ICACHE_LOCAL = 1
    }

    /// Func of modify_ldt(2).
    MODIFY_LDT: Values, Dec, "LDT_???" {
        LDT_READ = 0, LDT_WRITE_OLD = 1, LDT_READ_DEFAULT = 2, LDT_WRITE = 0x11
    }
}

/// The delays of termios.c_oflag, in their printing order.
pub static TERMIOS_DELAY: [&crate::set::Set; 6] =
    [&NEWLINE_DELAY, &RETURN_DELAY, &TAB_DELAY, &BACKSPACE_DELAY, &VERTICAL_DELAY, &FORM_DELAY];
