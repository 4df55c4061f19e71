//! Facts of processes: ids and /proc. Cold paths only.

use std::ffi::{CStr, CString};
use std::fs;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;

/// The calling thread's id.
pub fn gettid() -> i32 {
    // SAFETY: gettid cannot fail.
    unsafe { libc::gettid() }
}

/// The threads of process `pid`.
///
/// # Errors
/// What reading /proc/PID/task says; NotFound for no such process.
pub fn threads(pid: i32) -> io::Result<Vec<i32>> {
    let mut threads = Vec::new();
    for entry in fs::read_dir(format!("/proc/{pid}/task"))? {
        threads.extend(entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok()));
    }
    Ok(threads)
}

/// A field of /proc/PID/status, for example `TracerPid`.
pub fn status_field(pid: i32, name: &str) -> Option<String> {
    let [value] = status_fields(pid, [name])?;
    value
}

/// Several fields of /proc/PID/status, read once; each `None` where it lacks.
pub fn status_fields<const N: usize>(pid: i32, names: [&str; N]) -> Option<[Option<String>; N]> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    Some(names.map(|name| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(|value| value.trim().to_owned())
    }))
}

/// What a descriptor is open on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The link, without the mark of a deleted file.
    pub path: Arc<[u8]>,
    /// The file has no name any more.
    pub deleted: bool,
}

/// How the kernel marks a link to a file without a name; a name may end so too.
const DELETED: &[u8] = b" (deleted)";

/// What descriptor `fd` of task `tid` is open on; the working directory for AT_FDCWD (-100).
pub fn fd_target(tid: i32, fd: i32) -> Option<Target> {
    let link = if fd == -100 { format!("/proc/{tid}/cwd\0") } else { format!("/proc/{tid}/fd/{fd}\0") };
    read_link(libc::AT_FDCWD, CStr::from_bytes_with_nul(link.as_bytes()).ok()?)
}

/// The directory /proc/TID/fd, open, which makes asking for one descriptor cheaper.
#[derive(Debug)]
pub struct FdDir(OwnedFd);

impl FdDir {
    /// That of task `tid`; it stays with the task, not with the number.
    pub fn open(tid: i32) -> Option<Self> {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
        let file =
            fs::OpenOptions::new().read(true).custom_flags(flags).open(format!("/proc/{tid}/fd")).ok()?;
        Some(Self(file.into()))
    }

    /// What descriptor `fd` is open on.
    pub fn target(&self, fd: i32) -> Option<Target> {
        let mut name = [0u8; 12];
        let mut rest = &mut name[..];
        std::io::Write::write_fmt(&mut rest, format_args!("{fd}")).ok()?;
        read_link(self.0.as_raw_fd(), CStr::from_bytes_until_nul(&name).ok()?)
    }
}

fn read_link(dir: i32, path: &CStr) -> Option<Target> {
    let mut buffer = [0u8; libc::PATH_MAX as usize];
    // SAFETY: the kernel writes at most the length of the buffer.
    let length = unsafe { libc::readlinkat(dir, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) };
    let link = buffer.get(..usize::try_from(length).ok()?)?;
    let bare = link.strip_suffix(DELETED).filter(|_| {
        let own = CString::new(link)
            .ok()
            .and_then(|name| identity(libc::AT_FDCWD, &name, libc::AT_SYMLINK_NOFOLLOW));
        own.is_none() || own != identity(dir, path, 0)
    });
    Some(Target { path: bare.unwrap_or(link).into(), deleted: bare.is_some() })
}

/// The protocol of a socket that is descriptor `fd` of task `tid`, as the kernel names it. Source: sockfs's
/// system.sockprotoname attribute.
pub fn socket_protocol(tid: i32, fd: i32) -> Option<String> {
    let path = CString::new(format!("/proc/{tid}/fd/{fd}")).ok()?;
    let mut name = [0u8; 64];
    // SAFETY: the kernel writes at most the length of the buffer.
    let length = unsafe {
        libc::getxattr(path.as_ptr(), c"system.sockprotoname".as_ptr(), name.as_mut_ptr().cast(), name.len())
    };
    let name = name.get(..usize::try_from(length).ok()?)?;
    Some(String::from_utf8_lossy(name.strip_suffix(b"\0").unwrap_or(name)).into_owned())
}

/// The device that a special file stands for: whether it is a block device, major and minor number.
pub fn device(tid: i32, fd: i32) -> Option<(bool, u32, u32)> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let meta = fs::metadata(format!("/proc/{tid}/fd/{fd}")).ok()?;
    let kind = meta.file_type();
    let special = kind.is_block_device() || kind.is_char_device();
    special.then(|| (kind.is_block_device(), libc::major(meta.rdev()), libc::minor(meta.rdev())))
}

/// A line of /proc/TID/fdinfo/FD, for example `Pid`.
pub fn fd_info(tid: i32, fd: i32, name: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{tid}/fdinfo/{fd}")).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    Some(value.trim().to_owned())
}

/// What an eventfd is, by proc_pid_fdinfo(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eventfd {
    /// The counter.
    pub count: u64,
    /// Which eventfd it is; kernels before 5.2 do not tell.
    pub id: Option<u64>,
    /// Whether it was made with EFD_SEMAPHORE; kernels before 6.5 do not tell.
    pub semaphore: Option<bool>,
}

/// The eventfd that descriptor `fd` of a task is.
pub fn eventfd(tid: i32, fd: i32) -> Option<Eventfd> {
    let text = fs::read_to_string(format!("/proc/{tid}/fdinfo/{fd}")).ok()?;
    let value = |name: &str| Some(text.lines().find_map(|line| line.strip_prefix(name))?.trim());
    Some(Eventfd {
        count: u64::from_str_radix(value("eventfd-count:")?, 16).ok()?,
        id: value("eventfd-id:").and_then(|id| id.parse().ok()),
        semaphore: value("eventfd-semaphore:").map(|is| is == "1"),
    })
}

/// Device and inode of a file.
fn identity(dir: i32, path: &CStr, flags: i32) -> Option<(u64, u64)> {
    let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: the kernel fills the structure behind the valid pointer where it returns 0.
    unsafe {
        (libc::fstatat(dir, path.as_ptr(), stat.as_mut_ptr(), flags) == 0).then(|| {
            let stat = stat.assume_init();
            (stat.st_dev, stat.st_ino)
        })
    }
}

/// What two tasks may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// The set of descriptors (CLONE_FILES).
    Files,
    /// Working directory, root and umask (CLONE_FS).
    WorkingDirectory,
    /// Memory (CLONE_VM).
    Memory,
}

/// Whether two tasks share something; `None` where the kernel does not say. Source: kcmp(2).
pub fn share(one: i32, other: i32, what: Shared) -> Option<bool> {
    let kind: libc::c_int = match what {
        Shared::Files => 2,
        Shared::WorkingDirectory => 3,
        Shared::Memory => 1,
    };
    // SAFETY: kcmp takes no pointer for these kinds.
    match unsafe { libc::syscall(libc::SYS_kcmp, one, other, kind, 0, 0) } {
        0 => Some(true),
        1.. => Some(false),
        _ => None,
    }
}

/// A link of /proc/PID, for example `exe` or `cwd`.
pub fn link(pid: i32, name: &str) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    fs::read_link(format!("/proc/{pid}/{name}")).ok().map(|path| path.into_os_string().into_vec())
}

/// A file of /proc/PID that is text, for example `maps`.
pub fn text(pid: i32, name: &str) -> Option<String> {
    fs::read(format!("/proc/{pid}/{name}")).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The strings of /proc/PID/cmdline or environ, at most [`WORDS_MAX_BYTES`].
pub fn words(pid: i32, name: &str) -> Option<Vec<Vec<u8>>> {
    use std::io::Read;
    // Each read looks the process's memory up again: room for most at once.
    let mut bytes = Vec::with_capacity(16 << 10);
    fs::File::open(format!("/proc/{pid}/{name}")).ok()?.take(WORDS_MAX_BYTES).read_to_end(&mut bytes).ok()?;
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(&bytes);
    Some(if bytes.is_empty() { Vec::new() } else { bytes.split(|b| *b == 0).map(<[u8]>::to_vec).collect() })
}

/// The kernel's own limit for the strings of one execve is a quarter of the stack, 2 MiB as a rule.
const WORDS_MAX_BYTES: u64 = 8 << 20;

/// The name of task `tid`, as /proc/TID/comm has it, without the line's end.
pub fn comm(tid: i32) -> Option<Vec<u8>> {
    let mut name = fs::read(format!("/proc/{tid}/comm")).ok()?;
    name.pop_if(|last| *last == b'\n');
    Some(name)
}

/// The effective user id.
pub fn effective_uid() -> u32 {
    // SAFETY: geteuid cannot fail.
    unsafe { libc::geteuid() }
}

/// The effective group id.
pub fn effective_gid() -> u32 {
    // SAFETY: getegid cannot fail.
    unsafe { libc::getegid() }
}

/// Runs `what` with effective user id `uid` in the calling thread alone, as a user namespace belongs to, and
/// its limits are charged to, the effective user of the thread that makes it. Without the privilege to
/// change, `what` runs as it is.
pub(crate) fn as_effective_uid<T>(uid: Option<u32>, what: impl FnOnce() -> T) -> T {
    let own = effective_uid();
    let Some(uid) = uid.filter(|uid| *uid != own) else { return what() };
    // SAFETY: raw system calls, which change this thread only; libc's wrapper would change every thread.
    // A change of ids makes the process undumpable, which is set back as it was.
    unsafe {
        let dumpable = libc::prctl(libc::PR_GET_DUMPABLE, 0, 0, 0, 0);
        let set = |uid: u32| libc::syscall(libc::SYS_setresuid, u32::MAX, uid, u32::MAX);
        let changed = set(uid) == 0;
        let result = what();
        if changed {
            set(own);
            libc::prctl(libc::PR_SET_DUMPABLE, dumpable, 0, 0, 0);
        }
        result
    }
}

/// Makes process group `pgid` the foreground one of the terminal behind `fd`, also from the background.
pub fn give_foreground(fd: i32, pgid: i32) {
    let mask = super::signal::block(&[libc::SIGTTOU]);
    // SAFETY: a plain system call; a descriptor that is no terminal is refused.
    unsafe { libc::tcsetpgrp(fd, pgid) };
    super::signal::set_mask(&mask);
}

/// Makes this process's group the foreground one of the terminal behind `fd`, also from the background.
pub fn take_foreground(fd: i32) {
    // SAFETY: getpgrp cannot fail.
    give_foreground(fd, unsafe { libc::getpgrp() });
}

/// Makes this process the parent of orphans among its descendants (PR_SET_CHILD_SUBREAPER).
///
/// # Errors
/// None on Linux 3.4 and later.
pub fn become_subreaper() -> io::Result<()> {
    // SAFETY: a plain system call.
    super::check(i64::from(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) })).map(drop)
}

/// Fields of /proc/PID/stat after the command name, the state letter first.
pub fn stat(pid: i32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields = text.rsplit_once(')')?.1;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// Every process id in /proc.
///
/// # Errors
/// What reading /proc says.
pub fn all() -> io::Result<Vec<i32>> {
    let mut pids = Vec::new();
    for entry in fs::read_dir("/proc")? {
        pids.extend(entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok()));
    }
    Ok(pids)
}
