//! Signal numbers and names, in the kernel's counting: SIGRTMIN is 32.
//!
//! Source: include/uapi/asm-generic/signal.h; equal on every ABI here. Names of real-time signals as strace prints them.

/// The name of a signal, 1 to 64: `SIGHUP`, `SIGRTMIN` (32), `SIGRT_1` (33) to `SIGRT_32` (64).
pub fn name(signo: u32) -> Option<&'static str> {
    NAMES.get(usize::try_from(signo.checked_sub(1)?).ok()?).copied()
}

/// The name without `SIG`, as in a signal set: `[HUP RT_1]`.
pub fn short(signo: u32) -> Option<&'static str> {
    name(signo)?.strip_prefix("SIG")
}

/// The number of a signal name, in any case and with or without `SIG`. No aliases (SIGPOLL, SIGCLD, SIGIOT,
/// SIGRTMAX): strace refuses them too.
pub fn number(name: &str) -> Option<u32> {
    let short = match name.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("SIG") => name.get(3..)?,
        _ => name,
    };
    (1..)
        .zip(NAMES)
        .find(|(_, known)| known.get(3..).is_some_and(|k| k.eq_ignore_ascii_case(short)))
        .map(|(n, _)| n)
}

#[rustfmt::skip]
static NAMES: [&str; 64] = [
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
    "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
    "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
    "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS", "SIGRTMIN",
    "SIGRT_1", "SIGRT_2", "SIGRT_3", "SIGRT_4", "SIGRT_5", "SIGRT_6", "SIGRT_7", "SIGRT_8",
    "SIGRT_9", "SIGRT_10", "SIGRT_11", "SIGRT_12", "SIGRT_13", "SIGRT_14", "SIGRT_15", "SIGRT_16",
    "SIGRT_17", "SIGRT_18", "SIGRT_19", "SIGRT_20", "SIGRT_21", "SIGRT_22", "SIGRT_23", "SIGRT_24",
    "SIGRT_25", "SIGRT_26", "SIGRT_27", "SIGRT_28", "SIGRT_29", "SIGRT_30", "SIGRT_31", "SIGRT_32",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        for signo in 1..=64 {
            assert_eq!(name(signo).and_then(number), Some(signo));
            assert_eq!(short(signo).and_then(number), Some(signo));
        }
        assert_eq!((name(0), name(65)), (None, None));
    }

    #[test]
    fn oddities() {
        for (signo, known) in [
            (6, "SIGABRT"),
            (16, "SIGSTKFLT"),
            (17, "SIGCHLD"),
            (29, "SIGIO"),
            (31, "SIGSYS"),
            (32, "SIGRTMIN"),
            (33, "SIGRT_1"),
            (34, "SIGRT_2"),
            (64, "SIGRT_32"),
        ] {
            assert_eq!(name(signo), Some(known));
        }
        assert_eq!(number("hup"), Some(1));
        for alias in ["SIGPOLL", "SIGCLD", "SIGIOT", "SIGRTMAX", "SIG", "", "é"] {
            assert_eq!(number(alias), None, "{alias}");
        }
    }
}
