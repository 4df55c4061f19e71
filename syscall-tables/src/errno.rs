//! Error numbers: names and texts.
//!
//! Numbers of include/uapi/asm-generic/errno.h, equal on every ABI here, and those of include/linux/errno.h that a
//! tracer sees before the kernel hides them. Texts are glibc's.

/// Name and text of an error number.
type Entry = Option<(&'static str, &'static str)>;

/// The first number that only the kernel itself uses.
const INTERNAL: u32 = 512;

/// The name of an error number. None where strace prints `(errno N)`: 0, 41, 58, from 134 to 511, 519
/// (the kernel's ENOPARAM), 520 and above 530.
pub fn name(errno: u32) -> Option<&'static str> {
    entry(errno).map(|(name, _)| name)
}

/// The text of an error number that has a name, in the C locale.
pub fn text(errno: u32) -> Option<&'static str> {
    entry(errno).map(|(_, text)| text)
}

/// The error number of a name, in any case. No aliases (EWOULDBLOCK, EDEADLOCK, ENOTSUP): strace refuses them too.
pub fn number(name: &str) -> Option<u32> {
    (0..).zip(&UAPI).chain((INTERNAL..).zip(&KERNEL)).find_map(|(errno, entry)| {
        entry.is_some_and(|(known, _)| known.eq_ignore_ascii_case(name)).then_some(errno)
    })
}

/// Whether the call will be restarted, or would be: printed as `? ERESTARTSYS (…)` in place of `-1 EINTR (…)`.
pub const fn is_restart(errno: u32) -> bool {
    matches!(errno, 512..=514 | 516)
}

fn entry(errno: u32) -> Entry {
    let (table, index): (&[Entry], u32) =
        if errno < INTERNAL { (&UAPI, errno) } else { (&KERNEL, errno - INTERNAL) };
    table.get(usize::try_from(index).ok()?).copied().flatten()
}

/// By number, from 0.
#[rustfmt::skip]
static UAPI: [Entry; 134] = [
    None,
    Some(("EPERM", "Operation not permitted")),
    Some(("ENOENT", "No such file or directory")),
    Some(("ESRCH", "No such process")),
    Some(("EINTR", "Interrupted system call")),
    Some(("EIO", "Input/output error")),
    Some(("ENXIO", "No such device or address")),
    Some(("E2BIG", "Argument list too long")),
    Some(("ENOEXEC", "Exec format error")),
    Some(("EBADF", "Bad file descriptor")),
    Some(("ECHILD", "No child processes")),
    Some(("EAGAIN", "Resource temporarily unavailable")),
    Some(("ENOMEM", "Cannot allocate memory")),
    Some(("EACCES", "Permission denied")),
    Some(("EFAULT", "Bad address")),
    Some(("ENOTBLK", "Block device required")),
    Some(("EBUSY", "Device or resource busy")),
    Some(("EEXIST", "File exists")),
    Some(("EXDEV", "Invalid cross-device link")),
    Some(("ENODEV", "No such device")),
    Some(("ENOTDIR", "Not a directory")),
    Some(("EISDIR", "Is a directory")),
    Some(("EINVAL", "Invalid argument")),
    Some(("ENFILE", "Too many open files in system")),
    Some(("EMFILE", "Too many open files")),
    Some(("ENOTTY", "Inappropriate ioctl for device")),
    Some(("ETXTBSY", "Text file busy")),
    Some(("EFBIG", "File too large")),
    Some(("ENOSPC", "No space left on device")),
    Some(("ESPIPE", "Illegal seek")),
    Some(("EROFS", "Read-only file system")),
    Some(("EMLINK", "Too many links")),
    Some(("EPIPE", "Broken pipe")),
    Some(("EDOM", "Numerical argument out of domain")),
    Some(("ERANGE", "Numerical result out of range")),
    Some(("EDEADLK", "Resource deadlock avoided")),
    Some(("ENAMETOOLONG", "File name too long")),
    Some(("ENOLCK", "No locks available")),
    Some(("ENOSYS", "Function not implemented")),
    Some(("ENOTEMPTY", "Directory not empty")),
    Some(("ELOOP", "Too many levels of symbolic links")),
    None,
    Some(("ENOMSG", "No message of desired type")),
    Some(("EIDRM", "Identifier removed")),
    Some(("ECHRNG", "Channel number out of range")),
    Some(("EL2NSYNC", "Level 2 not synchronized")),
    Some(("EL3HLT", "Level 3 halted")),
    Some(("EL3RST", "Level 3 reset")),
    Some(("ELNRNG", "Link number out of range")),
    Some(("EUNATCH", "Protocol driver not attached")),
    Some(("ENOCSI", "No CSI structure available")),
    Some(("EL2HLT", "Level 2 halted")),
    Some(("EBADE", "Invalid exchange")),
    Some(("EBADR", "Invalid request descriptor")),
    Some(("EXFULL", "Exchange full")),
    Some(("ENOANO", "No anode")),
    Some(("EBADRQC", "Invalid request code")),
    Some(("EBADSLT", "Invalid slot")),
    None,
    Some(("EBFONT", "Bad font file format")),
    Some(("ENOSTR", "Device not a stream")),
    Some(("ENODATA", "No data available")),
    Some(("ETIME", "Timer expired")),
    Some(("ENOSR", "Out of streams resources")),
    Some(("ENONET", "Machine is not on the network")),
    Some(("ENOPKG", "Package not installed")),
    Some(("EREMOTE", "Object is remote")),
    Some(("ENOLINK", "Link has been severed")),
    Some(("EADV", "Advertise error")),
    Some(("ESRMNT", "Srmount error")),
    Some(("ECOMM", "Communication error on send")),
    Some(("EPROTO", "Protocol error")),
    Some(("EMULTIHOP", "Multihop attempted")),
    Some(("EDOTDOT", "RFS specific error")),
    Some(("EBADMSG", "Bad message")),
    Some(("EOVERFLOW", "Value too large for defined data type")),
    Some(("ENOTUNIQ", "Name not unique on network")),
    Some(("EBADFD", "File descriptor in bad state")),
    Some(("EREMCHG", "Remote address changed")),
    Some(("ELIBACC", "Can not access a needed shared library")),
    Some(("ELIBBAD", "Accessing a corrupted shared library")),
    Some(("ELIBSCN", ".lib section in a.out corrupted")),
    Some(("ELIBMAX", "Attempting to link in too many shared libraries")),
    Some(("ELIBEXEC", "Cannot exec a shared library directly")),
    Some(("EILSEQ", "Invalid or incomplete multibyte or wide character")),
    Some(("ERESTART", "Interrupted system call should be restarted")),
    Some(("ESTRPIPE", "Streams pipe error")),
    Some(("EUSERS", "Too many users")),
    Some(("ENOTSOCK", "Socket operation on non-socket")),
    Some(("EDESTADDRREQ", "Destination address required")),
    Some(("EMSGSIZE", "Message too long")),
    Some(("EPROTOTYPE", "Protocol wrong type for socket")),
    Some(("ENOPROTOOPT", "Protocol not available")),
    Some(("EPROTONOSUPPORT", "Protocol not supported")),
    Some(("ESOCKTNOSUPPORT", "Socket type not supported")),
    Some(("EOPNOTSUPP", "Operation not supported")),
    Some(("EPFNOSUPPORT", "Protocol family not supported")),
    Some(("EAFNOSUPPORT", "Address family not supported by protocol")),
    Some(("EADDRINUSE", "Address already in use")),
    Some(("EADDRNOTAVAIL", "Cannot assign requested address")),
    Some(("ENETDOWN", "Network is down")),
    Some(("ENETUNREACH", "Network is unreachable")),
    Some(("ENETRESET", "Network dropped connection on reset")),
    Some(("ECONNABORTED", "Software caused connection abort")),
    Some(("ECONNRESET", "Connection reset by peer")),
    Some(("ENOBUFS", "No buffer space available")),
    Some(("EISCONN", "Transport endpoint is already connected")),
    Some(("ENOTCONN", "Transport endpoint is not connected")),
    Some(("ESHUTDOWN", "Cannot send after transport endpoint shutdown")),
    Some(("ETOOMANYREFS", "Too many references: cannot splice")),
    Some(("ETIMEDOUT", "Connection timed out")),
    Some(("ECONNREFUSED", "Connection refused")),
    Some(("EHOSTDOWN", "Host is down")),
    Some(("EHOSTUNREACH", "No route to host")),
    Some(("EALREADY", "Operation already in progress")),
    Some(("EINPROGRESS", "Operation now in progress")),
    Some(("ESTALE", "Stale file handle")),
    Some(("EUCLEAN", "Structure needs cleaning")),
    Some(("ENOTNAM", "Not a XENIX named type file")),
    Some(("ENAVAIL", "No XENIX semaphores available")),
    Some(("EISNAM", "Is a named type file")),
    Some(("EREMOTEIO", "Remote I/O error")),
    Some(("EDQUOT", "Disk quota exceeded")),
    Some(("ENOMEDIUM", "No medium found")),
    Some(("EMEDIUMTYPE", "Wrong medium type")),
    Some(("ECANCELED", "Operation canceled")),
    Some(("ENOKEY", "Required key not available")),
    Some(("EKEYEXPIRED", "Key has expired")),
    Some(("EKEYREVOKED", "Key has been revoked")),
    Some(("EKEYREJECTED", "Key was rejected by service")),
    Some(("EOWNERDEAD", "Owner died")),
    Some(("ENOTRECOVERABLE", "State not recoverable")),
    Some(("ERFKILL", "Operation not possible due to RF-kill")),
    Some(("EHWPOISON", "Memory page has hardware error")),
];

/// By number, from [`INTERNAL`].
#[rustfmt::skip]
static KERNEL: [Entry; 19] = [
    Some(("ERESTARTSYS", "To be restarted if SA_RESTART is set")),
    Some(("ERESTARTNOINTR", "To be restarted")),
    Some(("ERESTARTNOHAND", "To be restarted if no handler")),
    Some(("ENOIOCTLCMD", "Unknown error 515")),
    Some(("ERESTART_RESTARTBLOCK", "Interrupted by signal")),
    Some(("EPROBE_DEFER", "Unknown error 517")),
    Some(("EOPENSTALE", "Unknown error 518")),
    None,
    None,
    Some(("EBADHANDLE", "Unknown error 521")),
    Some(("ENOTSYNC", "Unknown error 522")),
    Some(("EBADCOOKIE", "Unknown error 523")),
    Some(("ENOTSUPP", "Unknown error 524")),
    Some(("ETOOSMALL", "Unknown error 525")),
    Some(("ESERVERFAULT", "Unknown error 526")),
    Some(("EBADTYPE", "Unknown error 527")),
    Some(("EJUKEBOX", "Unknown error 528")),
    Some(("EIOCBQUEUED", "Unknown error 529")),
    Some(("ERECALLCONFLICT", "Unknown error 530")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let known: Vec<u32> = (0..600).filter(|errno| name(*errno).is_some()).collect();
        for errno in &known {
            assert_eq!(name(*errno).and_then(number), Some(*errno));
            assert!(text(*errno).is_some());
        }
        println!("{} errors", known.len());
        assert_eq!(known.len(), 131 + 17);
    }

    #[test]
    fn as_linux_raw_sys() {
        use linux_raw_sys::errno as raw;
        for (value, expected) in [
            (raw::EPERM, "EPERM"),
            (raw::EAGAIN, "EAGAIN"),
            (raw::EWOULDBLOCK, "EAGAIN"),
            (raw::EDEADLOCK, "EDEADLK"),
            (raw::EOPNOTSUPP, "EOPNOTSUPP"),
            (raw::EHWPOISON, "EHWPOISON"),
            (raw::EBFONT, "EBFONT"),
            (raw::ENOTRECOVERABLE, "ENOTRECOVERABLE"),
        ] {
            assert_eq!(name(value), Some(expected));
        }
    }

    #[test]
    fn texts() {
        assert_eq!(text(2), Some("No such file or directory"));
        assert_eq!(text(95), Some("Operation not supported"));
        assert_eq!(text(512), Some("To be restarted if SA_RESTART is set"));
        assert_eq!(text(516), Some("Interrupted by signal"));
        assert_eq!(text(524), Some("Unknown error 524"));
        assert_eq!(number("enoent"), Some(2));
        assert_eq!(number("ENOTSUP"), None);
        for errno in [0, 41, 58, 134, 511, 519, 520, 531, u32::MAX] {
            assert_eq!(name(errno), None, "{errno}");
        }
        assert!(is_restart(516) && !is_restart(515));
    }
}
