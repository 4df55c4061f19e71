//! Maps of user and group ids between a user namespace and its parent, see user_namespaces(7).

use std::fmt;

/// Most lines that the kernel takes for one map (UID_GID_MAP_MAX_EXTENTS).
pub const MAX_RANGES: usize = 340;

/// `count` ids from `inside` in the namespace stand for those from `outside` in its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First id in the new namespace.
    pub inside: u32,
    /// First id in the parent namespace.
    pub outside: u32,
    /// How many ids, at least one.
    pub count: u32,
}

/// Why a range is refused. The text of each names the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RangeError {
    /// Not three parts.
    Format(String),
    /// The first part is not a number.
    Inside(String),
    /// The second part is not a number.
    Outside(String),
    /// The third part is not a number.
    Count(String),
    /// A negative number, no ids at all, or ids beyond 32 bits.
    Bounds(String),
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(text) => {
                write!(f, "invalid id map '{text}': INSIDE:OUTSIDE:COUNT is wanted, as 0:100000:65536")
            }
            Self::Inside(text) => {
                write!(f, "invalid id map '{text}': the id inside (first part) must be a number")
            }
            Self::Outside(text) => {
                write!(f, "invalid id map '{text}': the id outside (second part) must be a number")
            }
            Self::Count(text) => {
                write!(f, "invalid id map '{text}': the count (third part) must be a number")
            }
            Self::Bounds(text) => write!(
                f,
                "invalid id map '{text}': ids are 0 to 4294967294, and the count is at least 1 and may not run past them"
            ),
        }
    }
}

impl std::error::Error for RangeError {}

impl std::str::FromStr for Range {
    type Err = RangeError;

    /// `INSIDE:OUTSIDE:COUNT`, decimal, without blanks.
    fn from_str(text: &str) -> Result<Self, RangeError> {
        let whole = || text.to_owned();
        let parts: Vec<&str> = text.split(':').collect();
        let [inside, outside, count] = parts[..] else { return Err(RangeError::Format(whole())) };
        let number = |part: &str| part.parse::<i64>().ok().filter(|_| !part.starts_with('+'));
        let inside = number(inside).ok_or_else(|| RangeError::Inside(whole()))?;
        let outside = number(outside).ok_or_else(|| RangeError::Outside(whole()))?;
        let count = number(count).ok_or_else(|| RangeError::Count(whole()))?;
        let id = |n: i64| u32::try_from(n).map_err(|_| RangeError::Bounds(whole()));
        let range = Self { inside: id(inside)?, outside: id(outside)?, count: id(count)? };
        if range.is_sound() { Ok(range) } else { Err(RangeError::Bounds(whole())) }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.inside, self.outside, self.count)
    }
}

impl Range {
    /// One id inside for one outside.
    pub const fn one(inside: u32, outside: u32) -> Self {
        Self { inside, outside, count: 1 }
    }

    /// At least one id, and none beyond 2^32 - 2 (the last one means "no change" to the kernel).
    pub fn is_sound(&self) -> bool {
        let end = |first: u32| u64::from(first) + u64::from(self.count);
        self.count > 0 && end(self.inside) <= u64::from(u32::MAX) && end(self.outside) <= u64::from(u32::MAX)
    }

    /// Whether the two share an id on either side.
    pub fn overlaps(&self, other: &Self) -> bool {
        let meet = |a: u32, b: u32| {
            u64::from(a) < u64::from(b) + u64::from(other.count)
                && u64::from(b) < u64::from(a) + u64::from(self.count)
        };
        meet(self.inside, other.inside) || meet(self.outside, other.outside)
    }
}

/// The text that goes into /proc/PID/uid_map, a line for each range.
pub fn text(ranges: &[Range]) -> Vec<u8> {
    let line = |r: &Range| format!("{} {} {}\n", r.inside, r.outside, r.count);
    ranges.iter().map(line).collect::<String>().into_bytes()
}

/// The id outside that `inside` stands for.
pub fn outside(ranges: &[Range], inside: u32) -> Option<u32> {
    let range = ranges.iter().find(|r| inside >= r.inside && inside - r.inside < r.count)?;
    Some(range.outside + (inside - range.inside))
}

/// Why the host's id of a container's root is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootError {
    /// A user namespace without a map of this kind (`user` or `group`).
    NoMap(&'static str),
    /// The map has no id 0 inside.
    NoRoot(&'static str),
}

impl fmt::Display for RootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMap(kind) => {
                write!(f, "the user namespace has no {kind} mappings: give at least one range")
            }
            Self::NoRoot(kind) => write!(f, "no root {kind} mapping found: no range holds the id 0 inside"),
        }
    }
}

impl std::error::Error for RootError {}

/// The id outside of root inside; `kind` is `user` or `group`.
///
/// # Errors
/// Both of [`RootError`].
pub fn host_root(ranges: &[Range], kind: &'static str) -> Result<u32, RootError> {
    if ranges.is_empty() {
        return Err(RootError::NoMap(kind));
    }
    outside(ranges, 0).ok_or(RootError::NoRoot(kind))
}
