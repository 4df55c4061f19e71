//! Which ways of opening a file only read it: flags of open(2), and `struct open_how` of openat2(2).
//!
//! Everything that is not known to be harmless is not read-only: a new flag is a question, not a yes. The numbers of
//! the flags that write are the same on every ABI here; those that differ (O_DIRECTORY, O_NOFOLLOW, O_DIRECT,
//! O_LARGEFILE) are all harmless. Source: open(2), openat2(2), build_open_flags in fs/open.c.

use std::fmt;

use syscall_tables::constants as c;

/// Flags that change no file, whatever they are combined with; O_RDONLY is 0.
const HARMLESS: u64 = c::O_APPEND
    | c::O_NONBLOCK
    | c::O_SYNC
    | c::O_DSYNC
    | c::FASYNC
    | c::O_NOCTTY
    | c::O_DIRECT
    | c::O_LARGEFILE
    | c::O_DIRECTORY
    | c::O_NOFOLLOW
    | c::O_NOATIME
    | c::O_CLOEXEC
    | c::O_PATH;

/// Flags that openat2 knows; it refuses others, where open ignores them.
const KNOWN: u64 = HARMLESS | c::O_ACCMODE | c::O_CREAT | c::O_EXCL | c::O_TRUNC | c::__O_TMPFILE;

/// RESOLVE_* that openat2 knows.
const RESOLVE: u64 = c::RESOLVE_NO_XDEV
    | c::RESOLVE_NO_MAGICLINKS
    | c::RESOLVE_NO_SYMLINKS
    | c::RESOLVE_BENEATH
    | c::RESOLVE_IN_ROOT
    | c::RESOLVE_CACHED;

/// Bytes of the first version of `struct open_how`.
pub const HOW_SIZE: usize = 24;
/// The longest structure that the kernel looks at: a page.
const HOW_MOST: u64 = 4096;

/// Whether open(2) or openat(2) with these flags only reads: no O_WRONLY, O_RDWR or both at once (3, which asks for
/// the right to do either), no O_CREAT, O_EXCL, O_TRUNC, O_TMPFILE, and no bit that is not known.
pub fn is_read_only(flags: u32) -> bool {
    u64::from(flags) & !HARMLESS == 0
}

/// `struct open_how`, version 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenHow {
    /// O_*.
    pub flags: u64,
    /// Mode of a file that is made.
    pub mode: u64,
    /// RESOLVE_*.
    pub resolve: u64,
}

/// Why openat2 refuses a structure; nothing is opened then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadHow {
    /// Its bytes could not be read (EFAULT).
    Unreadable,
    /// Shorter than the first version (EINVAL).
    Short,
    /// Longer than a page, or a later version with a value that is not zero (E2BIG).
    Newer,
    /// A flag or RESOLVE_* that is not known, or a combination that is refused (EINVAL).
    Invalid,
    /// RESOLVE_CACHED with flags that change something (EAGAIN).
    NotCached,
}

impl BadHow {
    /// The kernel's answer.
    pub const fn errno(self) -> i32 {
        match self {
            Self::Unreadable => 14,
            Self::Short | Self::Invalid => 22,
            Self::Newer => 7,
            Self::NotCached => 11,
        }
    }
}

impl fmt::Display for BadHow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "the structure open_how cannot be read",
            Self::Short => "the structure open_how is shorter than its first version of 24 bytes",
            Self::Newer => "the structure open_how is of a version that is not known here",
            Self::Invalid => "the structure open_how holds flags that openat2 refuses",
            Self::NotCached => "RESOLVE_CACHED cannot be had with flags that change a file",
        })
    }
}

impl std::error::Error for BadHow {}

impl OpenHow {
    /// Reads the structure as the kernel does: `size` is the last argument of openat2, `bytes` what could be read of
    /// it from its start. A later version is taken when all that this one does not know is zero.
    ///
    /// # Errors
    /// Every variant of [`BadHow`].
    pub fn parse(bytes: &[u8], size: u64) -> Result<Self, BadHow> {
        if size < HOW_SIZE as u64 {
            return Err(BadHow::Short);
        }
        if size > HOW_MOST {
            return Err(BadHow::Newer);
        }
        let bytes = bytes.get(..size as usize).ok_or(BadHow::Unreadable)?;
        let (known, later) = bytes.split_at(HOW_SIZE);
        if later.iter().any(|&byte| byte != 0) {
            return Err(BadHow::Newer);
        }
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&known[at..at + 8]);
            u64::from_ne_bytes(word)
        };
        let how = Self { flags: word(0), mode: word(8), resolve: word(16) };
        how.check()?;
        Ok(how)
    }

    /// Whether it only reads.
    pub fn is_read_only(&self) -> bool {
        u32::try_from(self.flags).is_ok_and(is_read_only)
    }

    /// What build_open_flags refuses. O_CREAT with O_DIRECTORY, which Linux before 6.3 takes, is refused.
    fn check(&self) -> Result<(), BadHow> {
        let Self { flags, mode, resolve } = *self;
        let has = |flag: u64| flags & flag != 0;
        let makes = has(c::O_CREAT | c::__O_TMPFILE);
        let confined = c::RESOLVE_BENEATH | c::RESOLVE_IN_ROOT;
        let only_path = c::O_PATH | c::O_DIRECTORY | c::O_NOFOLLOW | c::O_CLOEXEC;
        let bad = flags & !KNOWN != 0
            || resolve & !RESOLVE != 0
            || resolve & confined == confined
            || mode & !0o7777 != 0
            || mode != 0 && !makes
            || has(c::O_PATH) && flags & !only_path != 0
            || has(c::__O_TMPFILE) && (!has(c::O_DIRECTORY) || has(c::O_CREAT) || !has(c::O_ACCMODE))
            || has(c::O_CREAT) && has(c::O_DIRECTORY);
        if bad {
            return Err(BadHow::Invalid);
        }
        if resolve & c::RESOLVE_CACHED != 0 && has(c::O_TRUNC | c::O_CREAT | c::__O_TMPFILE) {
            return Err(BadHow::NotCached);
        }
        Ok(())
    }
}
