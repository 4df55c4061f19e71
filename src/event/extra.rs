//! What the kernel tells of a call beyond its arguments and its memory, when somebody asked: why a virtual CPU came
//! back, which namespaces a task entered, the SELinux contexts of what a call names.

/// All of it; empty where nobody asked or nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extra {
    /// The virtual CPU that an ioctl(KVM_RUN) ran.
    pub vcpu: Option<Vcpu>,
    /// The namespaces that the call made or entered, as the kernel names them: `net:[4026531840]`.
    pub namespaces: Vec<String>,
    /// The context of the task.
    pub own: Option<String>,
    /// Contexts of what the call names.
    pub contexts: Vec<Context>,
}

/// What has a context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A file, by the bytes of the path in the call.
    Path(Vec<u8>),
    /// What a descriptor is open on.
    Fd(i32),
    /// A process, by the id that the tracee knows.
    Pid(i32),
}

/// A context and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Whose.
    pub of: Subject,
    /// As it is shown.
    pub text: String,
    /// It was asked for when the call returned.
    pub late: bool,
}

impl Extra {
    /// The context of a subject; of several the first, or with `late` the last.
    pub fn context(&self, of: &Subject, late: bool) -> Option<&str> {
        let mut all = self.contexts.iter().filter(|context| context.of == *of);
        let found = if late { all.next_back() } else { all.next() };
        found.map(|context| &*context.text)
    }
}

/// A virtual CPU of KVM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vcpu {
    /// Its number within its machine.
    pub number: u32,
    /// The begin of its `struct kvm_run` before it ran, when somebody asked for that.
    pub before: Vec<u8>,
    /// The same after it ran.
    pub after: Vec<u8>,
}

impl Vcpu {
    /// KVM_EXIT_*, once it has run.
    pub fn reason(&self) -> Option<u32> {
        reason(&self.after)
    }
}

/// KVM_EXIT_* in the begin of a `struct kvm_run`.
pub fn reason(run: &[u8]) -> Option<u32> {
    let at = syscall_tables::kvm::REASON_AT;
    Some(u32::from_le_bytes(run.get(at..at + 4)?.try_into().ok()?))
}
