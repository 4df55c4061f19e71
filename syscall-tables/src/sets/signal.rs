//! Signals: the words of sigaction(2), sigprocmask(2), sigaltstack(2), signalfd(2) and of siginfo.
//!
//! Names and order only. Source: include/uapi of the kernel, through `constants`.

use crate::constants::*;
use crate::sets;

sets! {
    /// Sigaction.sa_flags.
    SIGACTION_FLAGS: Bits, Hex, "SA_???" {
        SA_RESTORER, SA_ONSTACK, SA_RESTART, SA_INTERRUPT = 0x2000_0000, SA_NODEFER, SA_RESETHAND,
        SA_SIGINFO, SA_NOCLDSTOP, SA_NOCLDWAIT
    }

    /// How of sigprocmask(2).
    SIGPROCMASK: Values, Hex, "SIG_???" {
        SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK
    }

    /// Stack_t.ss_flags of sigaltstack(2).
    SIGALTSTACK: Bits, Hex, "SS_???" {
        SS_ONSTACK, SS_DISABLE, SS_AUTODISARM
    }

    /// Flags of signalfd4(2).
    SIGNALFD: Bits, Hex, "SFD_???" {
        SFD_CLOEXEC = 0x8_0000, SFD_NONBLOCK = 0x800
    }

    /// Sigevent.sigev_notify.
    SIGEV: Values, Hex, "SIGEV_???" {
        SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID
    }

    /// Siginfo.si_code of any signal.
    SI_CODE: Values, Hex, "SI_???" {
        SI_USER, SI_KERNEL, SI_QUEUE = 0xffff_ffff, SI_TIMER = 0xffff_fffe, SI_MESGQ = 0xffff_fffd,
        SI_ASYNCIO = 0xffff_fffc, SI_SIGIO = 0xffff_fffb, SI_TKILL = 0xffff_fffa,
        SI_DETHREAD = 0xffff_fff9, SI_ASYNCNL = 0xffff_ffc4
    }

    /// Siginfo.si_code of SIGILL.
    SI_CODE_ILL: Values, Hex, "ILL_???" {
        ILL_ILLOPC, ILL_ILLOPN, ILL_ILLADR, ILL_ILLTRP, ILL_PRVOPC, ILL_PRVREG, ILL_COPROC, ILL_BADSTK,
        ILL_BADIADDR
    }

    /// Siginfo.si_code of SIGFPE.
    SI_CODE_FPE: Values, Hex, "FPE_???" {
        FPE_INTDIV, FPE_INTOVF, FPE_FLTDIV, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES, FPE_FLTINV, FPE_FLTSUB,
        FPE_FLTUNK, FPE_CONDTRAP
    }

    /// Siginfo.si_code of SIGSEGV.
    SI_CODE_SEGV: Values, Hex, "SEGV_???" {
        SEGV_MAPERR, SEGV_ACCERR, SEGV_BNDERR, SEGV_PKUERR, SEGV_ACCADI, SEGV_ADIDERR, SEGV_ADIPERR,
        SEGV_MTEAERR, SEGV_MTESERR, SEGV_CPERR
    }

    /// Siginfo.si_code of SIGBUS.
    SI_CODE_BUS: Values, Hex, "BUS_???" {
        BUS_ADRALN, BUS_ADRERR, BUS_OBJERR, BUS_MCEERR_AR, BUS_MCEERR_AO
    }

    /// Siginfo.si_code of SIGTRAP.
    SI_CODE_TRAP: Values, Hex, "TRAP_???" {
        TRAP_BRKPT, TRAP_TRACE, TRAP_BRANCH, TRAP_HWBKPT, TRAP_UNK, TRAP_PERF
    }

    /// Siginfo.si_code of SIGCHLD.
    SI_CODE_CHLD: Values, Hex, "CLD_???" {
        CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED
    }

    /// Siginfo.si_code of SIGIO.
    SI_CODE_POLL: Values, Hex, "POLL_???" {
        POLL_IN, POLL_OUT, POLL_MSG, POLL_ERR, POLL_PRI, POLL_HUP
    }

    /// Siginfo.si_code of SIGSYS.
    SI_CODE_SYS: Values, Hex, "SYS_???" {
        SYS_SECCOMP, SYS_USER_DISPATCH
    }

    /// Siginfo.si_code of SIGEMT.
    SI_CODE_EMT: Values, Hex, "EMT_???" {
        EMT_TAGOVF
    }
}
