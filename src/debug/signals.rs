//! What is done about the program's signals: whether it stops, whether that is told, whether the program gets it.

use syscall_tables::signal;

/// What is done about one signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The program stops.
    pub stop: bool,
    /// It is told.
    pub print: bool,
    /// The program gets it.
    pub pass: bool,
}

/// Most signals.
const COUNT: usize = 65;

/// What is done about every signal.
#[derive(Debug, Clone)]
pub struct Policies([Policy; COUNT]);

impl Default for Policies {
    fn default() -> Self {
        let all = Policy { stop: true, print: true, pass: true };
        let mut policies = Self([all; COUNT]);
        for quiet in [
            libc::SIGALRM,
            libc::SIGURG,
            libc::SIGIO,
            libc::SIGVTALRM,
            libc::SIGPROF,
            libc::SIGCHLD,
            libc::SIGWINCH,
            32,
            33,
        ] {
            policies.0[quiet as usize] = Policy { stop: false, print: false, pass: true };
        }
        for own in [libc::SIGINT, libc::SIGTRAP] {
            policies.0[own as usize].pass = false;
        }
        policies
    }
}

impl Policies {
    /// What is done about a signal.
    pub fn of(&self, signo: i32) -> Policy {
        let all = Policy { stop: true, print: true, pass: true };
        usize::try_from(signo).ok().and_then(|at| self.0.get(at)).copied().unwrap_or(all)
    }

    /// Changes that by one of gdb's words; whether the word is one.
    pub fn change(&mut self, signo: i32, word: &str) -> bool {
        let Some(policy) = usize::try_from(signo).ok().and_then(|at| self.0.get_mut(at)) else {
            return false;
        };
        match word {
            // Who wants to stop wants to be told, and who does not want to be told does not want to stop.
            "stop" => (policy.stop, policy.print) = (true, true),
            "nostop" => policy.stop = false,
            "print" => policy.print = true,
            "noprint" => (policy.stop, policy.print) = (false, false),
            "pass" | "noignore" => policy.pass = true,
            "nopass" | "ignore" => policy.pass = false,
            _ => return false,
        }
        true
    }
}

/// A signal's number by its name, with or without `SIG`, or by its number.
pub fn number(name: &str) -> Option<i32> {
    if let Ok(number) = name.parse() {
        return (1..COUNT as i32).contains(&number).then_some(number);
    }
    let upper = name.to_ascii_uppercase();
    let full = if upper.starts_with("SIG") { upper } else { format!("SIG{upper}") };
    (1..32).find(|number| signal::name(*number as u32) == Some(full.as_str()))
}

/// A signal's name.
pub fn name(signo: i32) -> String {
    signal::name(signo as u32).map_or_else(|| format!("SIG{signo}"), str::to_owned)
}

/// What a signal means, in gdb's words.
pub fn meaning(signo: i32) -> &'static str {
    match signo {
        libc::SIGHUP => "Hangup",
        libc::SIGINT => "Interrupt",
        libc::SIGQUIT => "Quit",
        libc::SIGILL => "Illegal instruction",
        libc::SIGTRAP => "Trace/breakpoint trap",
        libc::SIGABRT => "Aborted",
        libc::SIGFPE => "Arithmetic exception",
        libc::SIGKILL => "Killed",
        libc::SIGBUS => "Bus error",
        libc::SIGSEGV => "Segmentation fault",
        libc::SIGSYS => "Bad system call",
        libc::SIGPIPE => "Broken pipe",
        libc::SIGALRM => "Alarm clock",
        libc::SIGTERM => "Terminated",
        libc::SIGURG => "Urgent I/O condition",
        libc::SIGSTOP => "Stopped (signal)",
        libc::SIGTSTP => "Stopped (user)",
        libc::SIGCONT => "Continued",
        libc::SIGCHLD => "Child status changed",
        libc::SIGTTIN => "Stopped (tty input)",
        libc::SIGTTOU => "Stopped (tty output)",
        libc::SIGIO => "I/O possible",
        libc::SIGXCPU => "CPU time limit exceeded",
        libc::SIGXFSZ => "File size limit exceeded",
        libc::SIGVTALRM => "Virtual timer expired",
        libc::SIGPROF => "Profiling timer expired",
        libc::SIGWINCH => "Window size changed",
        libc::SIGUSR1 => "User defined signal 1",
        libc::SIGUSR2 => "User defined signal 2",
        libc::SIGPWR => "Power fail/restart",
        _ => "Real-time event",
    }
}
