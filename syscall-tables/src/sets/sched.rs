//! Scheduling and I/O priority.
//!
//! Names and order only. Source: include/uapi of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Policy of sched_setscheduler(2); the low bits of the word.
    SCHED_POLICY: Values, Hex, "SCHED_???" {
        SCHED_OTHER = 0, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_ISO = 4, SCHED_IDLE, SCHED_DEADLINE,
        SCHED_EXT
    }

    /// The flag that rides on policy of sched_setscheduler(2).
    SCHED_RESET: Bits, Hex, "SCHED_???" {
        SCHED_RESET_ON_FORK
    }

    /// Sched_attr.sched_flags.
    SCHED_ATTR_FLAGS: Bits, Hex, "SCHED_FLAG_???" {
        SCHED_FLAG_RESET_ON_FORK, SCHED_FLAG_RECLAIM, SCHED_FLAG_DL_OVERRUN, SCHED_FLAG_KEEP_POLICY,
        SCHED_FLAG_KEEP_PARAMS, SCHED_FLAG_UTIL_CLAMP_MIN, SCHED_FLAG_UTIL_CLAMP_MAX
    }

    /// Which of ioprio_get(2), ioprio_set(2).
    IOPRIO_WHO: Values, Hex, "IOPRIO_WHO_???" {
        IOPRIO_WHO_PROCESS, IOPRIO_WHO_PGRP, IOPRIO_WHO_USER
    }

    /// The class inside ioprio of ioprio_set(2).
    IOPRIO_CLASS: Values, Hex, "IOPRIO_CLASS_???" {
        IOPRIO_CLASS_NONE, IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE
    }
}
