//! Clocks and timers.
//!
//! Names and order only. Source: include/uapi of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Clockid of clock_gettime(2), timer_create(2), timerfd_create(2).
    CLOCK: Values, Hex, "CLOCK_???" {
        CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
        CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,
        CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM, CLOCK_SGI_CYCLE, CLOCK_TAI
    }

    /// The clock kind in the low bits of a per-process clockid.
    CPU_CLOCK: Values, Hex, "CPUCLOCK_???" {
        CPUCLOCK_PROF = 0, CPUCLOCK_VIRT = 1, CPUCLOCK_SCHED = 2
    }

    /// Flags of timer_settime(2), clock_nanosleep(2).
    TIMER_FLAGS: Bits, Hex, "TIMER_???" {
        TIMER_ABSTIME
    }

    /// Flags of timerfd_create(2), timerfd_settime(2).
    TIMERFD: Bits, Hex, "TFD_???" {
        TFD_TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET, TFD_CLOEXEC, TFD_NONBLOCK
    }

    /// Which of getitimer(2), setitimer(2).
    ITIMER: Values, Hex, "ITIMER_???" {
        ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF
    }

    /// Timex.modes.
    ADJTIMEX_MODES: Bits, Hex, "ADJ_???" {
        ADJ_OFFSET_SS_READ, ADJ_OFFSET_SINGLESHOT, ADJ_OFFSET, ADJ_FREQUENCY, ADJ_MAXERROR,
        ADJ_ESTERROR, ADJ_STATUS, ADJ_TIMECONST, ADJ_TAI, ADJ_SETOFFSET, ADJ_MICRO, ADJ_NANO, ADJ_TICK
    }

    /// Timex.status.
    ADJTIMEX_STATUS: Bits, Hex, "STA_???" {
        STA_PLL, STA_PPSFREQ, STA_PPSTIME, STA_FLL, STA_INS, STA_DEL, STA_UNSYNC, STA_FREQHOLD,
        STA_PPSSIGNAL, STA_PPSJITTER, STA_PPSWANDER, STA_PPSERROR, STA_CLOCKERR, STA_NANO, STA_MODE,
        STA_CLK
    }

    /// Result of adjtimex(2).
    ADJTIMEX_STATE: Values, Hex, "TIME_???" {
        TIME_OK, TIME_INS, TIME_DEL, TIME_OOP, TIME_WAIT, TIME_ERROR
    }
}
