//! Strings without what is another one in each run: names made up at random, ids of processes, addresses, times.
//!
//! A string that stands in both recordings as it is means the same in both and is left alone. In the others, what is
//! known to be fleeting is replaced by a word for it. Pure.

use std::collections::{HashMap, HashSet};

/// Fewest characters of a name that was made up at random: mkstemp(3) takes six.
const LEAST_RANDOM: usize = 6;
/// Fewest digits by which an id of a process is known in the middle of a string.
const LEAST_ID_DIGITS: usize = 3;
/// Pointers into the stack, mappings and programs that lie anywhere begin here on 64-bit machines.
const POINTERS: std::ops::Range<u64> = 0x5500_0000_0000..0x8000_0000_0000;
/// How far from the run a number of seconds may be to be a moment of it, in seconds.
const NEAR: u64 = 86_400;

/// Whether a number is most likely a pointer.
pub fn is_pointer(value: u64) -> bool {
    POINTERS.contains(&value)
}

/// What is known of one run.
#[derive(Debug, Default)]
pub struct Names {
    /// Base names that the run made up, with the word that stands for each.
    pub made_up: HashMap<Vec<u8>, Vec<u8>>,
    /// Ids of tasks, with the number of each that is the same in both runs.
    pub ids: HashMap<u64, u32>,
    /// The directory that the run began in, where the other began in another one.
    pub home: Option<Vec<u8>>,
    /// First and last second of the run, since 1970.
    pub span: (u64, u64),
    /// The same since the machine started.
    pub uptime: (u64, u64),
}

impl Names {
    /// Whether a number of seconds is a moment of the run.
    pub fn is_moment(&self, seconds: u64) -> bool {
        let near = |(first, last): (u64, u64)| {
            (first.saturating_sub(NEAR)..=last.saturating_add(NEAR)).contains(&seconds)
        };
        let (first, last) = self.uptime;
        near(self.span) || last > 0 && (first..=last.saturating_add(60)).contains(&seconds)
    }

    /// Appends `text` without what is fleeting.
    pub fn write(&self, text: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        while at < text.len() {
            if let Some(home) = self.home.as_deref().filter(|home| text[at..].starts_with(home))
                && !text.get(at + home.len()).copied().is_some_and(is_word)
                && !at.checked_sub(1).is_some_and(|before| is_word(text[before]))
            {
                out.extend_from_slice(b"<cwd>");
                at += home.len();
                continue;
            }
            if !is_word(text[at]) {
                out.push(text[at]);
                at += 1;
                continue;
            }
            let size = text[at..].iter().position(|byte| !is_word(*byte)).unwrap_or(text.len() - at);
            at += self.word(text, at, at + size, out);
        }
    }

    /// Appends the word from `from` to `to`; how many bytes were taken, those of a time beyond it.
    fn word(&self, text: &[u8], from: usize, to: usize, out: &mut Vec<u8>) -> usize {
        let word = &text[from..to];
        let bare = &word[..word.len() - word.iter().rev().take_while(|byte| **byte == b'.').count()];
        if let Some(stands) = self.made_up.get(bare) {
            out.extend_from_slice(stands);
            out.extend_from_slice(&word[bare.len()..]);
            return word.len();
        }
        let is_clock = |at: usize| clock_size(&text[at..]);
        if let Some(size) = is_clock(from) {
            out.extend_from_slice(b"<time>");
            return size;
        }
        if is_date(word) {
            out.extend_from_slice(b"<date>");
            return match word.get(10) {
                Some(b'T') => 11 + clock_size(&text[from + 11..]).unwrap_or(0),
                _ => 10,
            };
        }
        if let Some(digits) = word.strip_prefix(b"0x")
            && digits.len() > 8
            && let Some(value) =
                std::str::from_utf8(digits).ok().and_then(|d| u64::from_str_radix(d, 16).ok())
            && is_pointer(value)
        {
            out.extend_from_slice(b"<address>");
            return word.len();
        }
        let component = text[..from].ends_with(b"/proc/") || text[..from].ends_with(b"/task/");
        let inode = text[..from].ends_with(b"pipe:[") || text[..from].ends_with(b"socket:[");
        let mut at = 0;
        while at < word.len() {
            let digits = word[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                out.push(word[at]);
                at += 1;
                continue;
            }
            let moment = self.digits(&word[at..at + digits], component, inode, out);
            at += digits;
            if moment && word.get(at) == Some(&b'.') {
                at += 1 + word[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            }
        }
        word.len()
    }

    /// Appends a number; whether it is a moment.
    fn digits(&self, digits: &[u8], component: bool, inode: bool, out: &mut Vec<u8>) -> bool {
        let text = std::str::from_utf8(digits).unwrap_or_default();
        let value = text.parse::<u64>().ok();
        if inode {
            out.extend_from_slice(b"<inode>");
            return false;
        }
        let id = value.and_then(|value| self.ids.get(&value));
        if let Some(id) = id.filter(|_| component || digits.len() >= LEAST_ID_DIGITS) {
            out.extend_from_slice(format!("<task {id}>").as_bytes());
            return false;
        }
        // Seconds since 1970, or milli-, micro- and nanoseconds.
        let seconds = matches!(digits.len(), 10 | 13 | 16 | 19).then(|| text[..10].parse().ok()).flatten();
        let moment = seconds.is_some_and(|seconds| self.is_moment(seconds));
        out.extend_from_slice(if moment { b"<time>" } else { digits });
        moment
    }
}

/// What may be in the name of a file that a program makes up.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

/// The size of `12:34:56` or `12:34:56.789` at the beginning of a text.
fn clock_size(text: &[u8]) -> Option<usize> {
    let shape = b"00:00:00";
    let fits = text.len() >= shape.len()
        && text.iter().zip(shape).all(|(byte, like)| match like {
            b':' => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let rest = text.get(shape.len()..).filter(|_| fits)?;
    let fraction = match rest.first() {
        Some(b'.' | b',') => rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    Some(shape.len() + if fraction > 0 { fraction + 1 } else { 0 })
}

/// Whether a word begins with `2026-11-30`.
fn is_date(word: &[u8]) -> bool {
    let shape = b"0000-00-00";
    word.len() >= shape.len()
        && word.iter().zip(shape).all(|(byte, like)| match like {
            b'-' => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// The word that stands for a base name that was made up at random: the name without its random part, which is the
/// end of one of the parts between its dots, best one of mixed characters. `None` where there is none.
pub fn made_up(base: &[u8]) -> Option<Vec<u8>> {
    let mut best: Option<(bool, usize, usize)> = None;
    let mut from = 0;
    for part in base.split(|byte| *byte == b'.') {
        let size =
            part.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let random = &part[part.len() - size..];
        let mixed = is_mixed(random);
        if size >= LEAST_RANDOM && best.is_none_or(|(known, ..)| mixed && !known) {
            let end = from + part.len();
            best = Some((mixed, end - size, end));
        }
        from += part.len() + 1;
    }
    best.map(|(_, from, to)| [&base[..from], b"<name>", &base[to..]].concat())
}

/// Whether a text is of more than one kind of character, as random ones mostly are.
fn is_mixed(text: &[u8]) -> bool {
    let kinds: [fn(&u8) -> bool; 3] = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit];
    kinds.into_iter().filter(|is| text.iter().any(is)).count() > 1
}

/// The strings of one run by their hashes, up to a limit.
#[derive(Debug, Default)]
pub struct Seen(HashSet<u64>);

/// Most strings that are remembered of a run; what comes later is taken for fleeting if it looks so.
const MOST_STRINGS: usize = 4 << 20;

impl Seen {
    /// Remembers a string.
    pub fn add(&mut self, hash: u64) {
        if self.0.len() < MOST_STRINGS {
            self.0.insert(hash);
        }
    }

    /// Whether it was seen.
    pub fn has(&self, hash: u64) -> bool {
        self.0.contains(&hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_made_up_at_random() {
        let rows: &[(&str, Option<&str>)] = &[
            ("ccAbCdEf.s", Some("<name>.s")),
            ("tmp.AbCdEfGhIj", Some("tmp.<name>")),
            ("tmpq0_x7z9a", Some("<name>")),
            ("my-build-x8Kp2Q", Some("my-build-<name>")),
            ("sortAbCdEf", Some("<name>")),
            ("ccw2vZ3p.cdtor.c", Some("<name>.cdtor.c")),
            ("settings.AbCdEf", Some("settings.<name>")),
            ("build", None),
            ("a.out", None),
            ("", None),
        ];
        for (name, stands) in rows {
            assert_eq!(made_up(name.as_bytes()), stands.map(|s| s.as_bytes().to_vec()), "{name}");
        }
    }

    #[test]
    fn what_is_fleeting_is_replaced() {
        let names = Names {
            made_up: [(b"ccAbCdEf.s".to_vec(), b"<name>.s".to_vec())].into(),
            ids: [(4711, 3), (7, 4)].into(),
            home: Some(b"/tmp/one".to_vec()),
            span: (1_700_000_000, 1_700_000_100),
            uptime: (5000, 5100),
        };
        let rows = [
            ("-o /tmp/ccAbCdEf.s", "-o /tmp/<name>.s"),
            ("made ccAbCdEf.s.", "made <name>.s."),
            ("/proc/4711/fd/7", "/proc/<task 3>/fd/7"),
            ("/proc/7/maps", "/proc/<task 4>/maps"),
            ("log4711x lib-7.so", "log<task 3>x lib-7.so"),
            ("at 12:34:56.789 on 2026-11-30", "at <time> on <date>"),
            ("2026-11-30T12:34:56Z", "<date>Z"),
            ("t=1700000042.5 1700000042123 1800000000", "t=<time> <time> 1800000000"),
            ("<obj at 0x7f0012345678> 0x10", "<obj at <address>> 0x10"),
            ("pipe:[12345] socket:[1]", "pipe:[<inode>] socket:[<inode>]"),
            ("/tmp/one/x /tmp/onemore /a/tmp/one", "<cwd>/x /tmp/onemore /a/tmp/one"),
            ("plain", "plain"),
        ];
        for (text, expected) in rows {
            let mut out = Vec::new();
            names.write(text.as_bytes(), &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{text}");
        }
        assert!(names.is_moment(1_700_000_050) && names.is_moment(5050) && !names.is_moment(10));
    }
}
