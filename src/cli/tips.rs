//! `--tips`: a hint about what the tracer can do, shown in a frame when everything is over.

use std::fmt::Write;

/// How a tip is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Frame {
    /// There is none.
    #[default]
    None,
    /// As large as its text.
    Compact,
    /// As large as the largest tip, with a title.
    Full,
}

/// Which tip is shown, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tips {
    /// By its number; else any.
    pub id: Option<u64>,
    pub frame: Frame,
}

/// The tips, a line each. One of them must be true of the command that is typed, under either name.
const TIPS: &[&[&str]] = &[
    &[
        "-y tells what a descriptor is open on,",
        "-yy also which address a socket has",
        "and which device a file is.",
    ],
    &[
        "A question mark before the name of a call",
        "that some machine lacks, as in",
        "",
        "    -e trace=?statx,fstat",
        "",
        "keeps that machine from complaining.",
    ],
    &[
        "-z leaves calls out that fail, -Z those that",
        "succeed: with -e trace=%file it is soon seen",
        "which file is missing.",
    ],
    &["-P PATH shows only calls on that file,", "also through descriptors of it."],
    &["-k prints who made each call, -kk with the", "lines of the source."],
    &["-o '|COMMAND' hands the trace to a command,", "so that what the program prints stays apart."],
    &[
        "-e inject=openat:error=ENOENT:when=3",
        "",
        "lets the third openat fail, to see what the",
        "program makes of it.",
    ],
    &["-D lets the program be the child of whoever", "started it: the tracer stands aside."],
    &["-ff -o NAME writes a file for each process:", "NAME.PID."],
    &["-c counts calls, errors and times;", "-c -w the time that went by, waiting included."],
    &[
        "-r shows the time between calls, -T the time",
        "within each: a slow program waits in one or",
        "works in the other.",
    ],
    &["-p takes several processes at once:", "", "    -p \"$(pidof NAME)\""],
    &["--syscall-limit=N lets the program go after N", "calls, without ending it."],
    &["-e trace=/^get traces the calls whose names", "match the expression."],
];

/// Columns of a frame at least.
const NARROW: usize = 20;

impl Tips {
    /// The value of the option: `[id:]N|random` and `[format:]none|compact|full`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut tips = Self { id: None, frame: Frame::Compact };
        for word in text.split(',').filter(|word| !word.is_empty()) {
            let word = &*word.to_ascii_lowercase();
            let (id, format) = (word.strip_prefix("id:"), word.strip_prefix("format:"));
            match (id.unwrap_or(word), format.unwrap_or(word)) {
                ("random", _) if format.is_none() => tips.id = None,
                (_, "none") if id.is_none() => tips.frame = Frame::None,
                (_, "compact") if id.is_none() => tips.frame = Frame::Compact,
                (_, "full") if id.is_none() => tips.frame = Frame::Full,
                (number, _) if format.is_none() => tips.id = Some(number.parse().ok()?),
                _ => return None,
            }
        }
        Some(tips)
    }

    /// The tip in its frame; `chance` chooses where nobody did.
    pub fn text(self, chance: u64) -> String {
        let tip = TIPS[(self.id.unwrap_or(chance) % TIPS.len() as u64) as usize];
        let widest =
            |tips: &[&[&str]]| tips.iter().copied().flatten().map(|line| line.len()).max().unwrap_or(0);
        let highest = TIPS.iter().map(|tip| tip.len()).max().unwrap_or(0);
        let (title, width, height) = match self.frame {
            Frame::None => return String::new(),
            Frame::Compact => ("", widest(&[tip]).max(NARROW), tip.len()),
            Frame::Full => (" did you know? ", widest(TIPS).max(NARROW), highest),
        };
        let mut text = format!("+{title:-<0$}+\n", width + 2);
        for row in 0..height {
            writeln!(text, "| {:<width$} |", tip.get(row).unwrap_or(&"")).ok();
        }
        writeln!(text, "+{:-<1$}+", "", width + 2).ok();
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, TIPS, Tips};

    #[test]
    fn values() {
        let tips = |id, frame| Some(Tips { id, frame });
        for (text, expected) in [
            ("", tips(None, Frame::Compact)),
            ("none", tips(None, Frame::None)),
            ("format:full,id:3", tips(Some(3), Frame::Full)),
            ("7,compact", tips(Some(7), Frame::Compact)),
            ("id:7,id:random", tips(None, Frame::Compact)),
            ("full,none", tips(None, Frame::None)),
            ("foo", None),
            ("-1", None),
            ("id:foo", None),
            ("id:none", None),
            ("format:random", None),
            ("format:1", None),
        ] {
            assert_eq!(Tips::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn every_tip_fits_its_frame() {
        for id in 0..TIPS.len() as u64 {
            for frame in [Frame::Compact, Frame::Full] {
                let text = Tips { id: Some(id), frame }.text(0);
                let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
                assert!(widths.iter().all(|width| *width == widths[0] && *width < 80), "{text}");
            }
        }
        assert_eq!(
            Tips { id: Some(TIPS.len() as u64), frame: Frame::Compact }.text(5),
            Tips { id: Some(0), frame: Frame::Compact }.text(5)
        );
        assert_eq!(Tips::default().text(1), "");
    }
}
