//! How SELinux contexts are shown (`--secontext`): the type or all of a context, and what the policy's database expects
//! of a file where that is something else.
//!
//! The database is a list of expressions for whole paths; of those that match the last counts, one without special
//! characters before all others. Sources: strace(1), file_contexts(5), selabel_file(5).

use std::cell::OnceCell;
use std::path::Path;

use crate::sys::regex::Extended;
use crate::sys::selinux::{self, Live};

/// How contexts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looks {
    /// User, role, type and level; else the type alone.
    pub full: bool,
    /// What the database expects is shown where it differs.
    pub mismatch: bool,
}

/// Where contexts come from.
pub trait Source {
    /// The context of a task.
    fn process(&self, tid: i32) -> Option<String>;
    /// The context of a file, or of what a symbolic link leads to with `follow`.
    fn file(&self, path: &str, follow: bool) -> Option<String>;
    /// The context that a file should have.
    fn expected(&self, path: &str, follow: bool) -> Option<String>;
}

impl Looks {
    /// As much of a context as is shown.
    pub fn shown(self, context: &str) -> String {
        let kind = context.split(':').nth(2).filter(|_| !self.full);
        kind.unwrap_or(context).to_owned()
    }

    /// The context of a file as it is shown: `user_home_t`, `user_home_t!!etc_t` where `etc_t` is expected.
    pub fn file(self, source: &impl Source, path: &str, follow: bool) -> Option<String> {
        let mut text = self.shown(&source.file(path, follow)?);
        if self.mismatch
            && let Some(expected) = source.expected(path, follow).map(|context| self.shown(&context))
            && expected != text
        {
            text.push_str("!!");
            text.push_str(&expected);
        }
        Some(text)
    }
}

impl Source for Live {
    fn process(&self, tid: i32) -> Option<String> {
        self.task(tid)
    }

    fn file(&self, path: &str, follow: bool) -> Option<String> {
        self.attribute(path, follow)
    }

    fn expected(&self, path: &str, _follow: bool) -> Option<String> {
        thread_local! {
            static DATABASE: Database = Database::parse(&selinux::database(Path::new("/etc/selinux")));
        }
        let path = std::fs::canonicalize(path).ok()?;
        let mark = mark(&path)?;
        DATABASE.with(|database| database.expected(path.to_str()?, mark).map(str::to_owned))
    }
}

/// The letter by which the database calls a kind of file.
fn mark(path: &Path) -> Option<u8> {
    use std::os::unix::fs::FileTypeExt;
    let kind = std::fs::symlink_metadata(path).ok()?.file_type();
    let kinds = [
        (kind.is_dir(), b'd'),
        (kind.is_symlink(), b'l'),
        (kind.is_char_device(), b'c'),
        (kind.is_block_device(), b'b'),
        (kind.is_socket(), b's'),
        (kind.is_fifo(), b'p'),
        (kind.is_file(), b'-'),
    ];
    kinds.into_iter().find(|row| row.0).map(|row| row.1)
}

/// One line of the database.
struct Spec {
    text: String,
    /// What every path has that it is for.
    stem: usize,
    /// It has characters that are no text.
    special: bool,
    /// For one kind of files only.
    mark: Option<u8>,
    /// None where the policy has nothing to say.
    context: Option<String>,
    regex: OnceCell<Option<Extended>>,
}

impl Spec {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let text = words.next().filter(|text| !text.starts_with('#'))?.to_owned();
        let (second, third) = (words.next()?, words.next());
        let (mark, context) = match third {
            Some(context) => (second.strip_prefix('-')?.bytes().next(), context),
            None => (None, second),
        };
        let special = |c: char| ".^$?*+|[({\\".contains(c);
        let stem = text.find(special).unwrap_or(text.len());
        // What may be there or not is no part of the stem.
        let optional = text[stem..].starts_with(['?', '*', '{', '|']);
        let stem_len = if optional { stem.saturating_sub(1) } else { stem };
        Some(Self {
            special: stem < text.len(),
            stem: if text.contains('|') { 0 } else { stem_len },
            text,
            mark,
            context: (context != "<<none>>").then(|| context.to_owned()),
            regex: OnceCell::new(),
        })
    }

    fn fits(&self, path: &str, mark: u8) -> bool {
        if self.mark.is_some_and(|own| own != mark) || !path.starts_with(&self.text[..self.stem]) {
            return false;
        }
        if !self.special {
            return path == self.text;
        }
        let regex = self.regex.get_or_init(|| Extended::new(&format!("^({})$", self.text)).ok());
        regex.as_ref().is_some_and(|regex| regex.is_match(path))
    }
}

/// The policy's database of files.
struct Database {
    /// Those without special characters last.
    specs: Vec<Spec>,
    /// A directory that is looked up as if it were another.
    instead: Vec<(String, String)>,
}

impl Database {
    fn parse(files: &selinux::Database) -> Self {
        let mut specs: Vec<Spec> =
            files.contexts.iter().flat_map(|text| text.lines()).filter_map(Spec::parse).collect();
        specs.sort_by_key(|spec| !spec.special);
        let pair = |line: &str| {
            let (from, to) = line.trim().split_once(|c: char| c.is_ascii_whitespace())?;
            (!from.starts_with('#')).then(|| (from.to_owned(), to.trim().to_owned()))
        };
        let instead = files.instead.iter().flat_map(|text| text.lines()).filter_map(pair).collect();
        Self { specs, instead }
    }

    fn expected(&self, path: &str, mark: u8) -> Option<&str> {
        let moved = self.instead.iter().find_map(|(from, to)| {
            let rest = path.strip_prefix(from.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
        });
        let path = moved.as_deref().unwrap_or(path);
        self.specs.iter().rev().find(|spec| spec.fits(path, mark))?.context.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Table;

    impl Source for Table {
        fn process(&self, tid: i32) -> Option<String> {
            (tid == 7).then(|| "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023".into())
        }
        fn file(&self, path: &str, _follow: bool) -> Option<String> {
            (path == "/x").then(|| "system_u:object_r:user_home_t:s0".into())
        }
        fn expected(&self, _path: &str, _follow: bool) -> Option<String> {
            Some("unconfined_u:object_r:user_home_t:s0".into())
        }
    }

    #[test]
    fn as_much_as_was_asked_for() {
        let looks = |full, mismatch| Looks { full, mismatch };
        let own = Table.process(7).unwrap();
        assert_eq!(looks(false, false).shown(&own), "unconfined_t");
        assert_eq!(looks(true, false).shown(&own), own);
        assert_eq!(looks(false, false).shown("unconfined"), "unconfined");
        let file = |full, mismatch| looks(full, mismatch).file(&Table, "/x", true).unwrap();
        assert_eq!(file(false, false), "user_home_t");
        assert_eq!(file(false, true), "user_home_t", "the types are the same");
        assert_eq!(file(true, false), "system_u:object_r:user_home_t:s0");
        assert_eq!(
            file(true, true),
            "system_u:object_r:user_home_t:s0!!unconfined_u:object_r:user_home_t:s0"
        );
        assert_eq!(looks(true, true).file(&Table, "/y", true), None);
    }

    #[test]
    fn the_last_line_that_matches_counts() {
        let contexts = "# a comment\n/.*\tsystem_u:object_r:default_t:s0\n/etc/passwd -- u:r:passwd_t:s0\n\
                        /etc(/.*)? u:r:etc_t:s0\n/home/[^/]+ -d u:r:user_home_dir_t:s0\n/home/[^/]+/.+ u:r:user_home_t:s0\n\
                        /proc -d <<none>>\n/usr/(lib|lib64)/.* u:r:lib_t:s0\n/dev/[ u:r:bad_t:s0\n";
        let files = selinux::Database {
            contexts: vec![contexts.into()],
            instead: vec!["/run /var/run\n# no\n/srv/lib /usr/lib\n".into()],
        };
        let database = Database::parse(&files);
        let kind =
            |path: &str, mark| database.expected(path, mark).and_then(|context| context.split(':').nth(2));
        for (path, mark, expected) in [
            ("/etc", b'd', Some("etc_t")),
            ("/etc/fstab", b'-', Some("etc_t")),
            ("/etc/passwd", b'-', Some("passwd_t")),
            ("/etc/passwd", b'd', Some("etc_t")),
            ("/etcetera", b'-', Some("default_t")),
            ("/home/ann", b'd', Some("user_home_dir_t")),
            ("/home/ann/x", b'-', Some("user_home_t")),
            ("/proc", b'd', None),
            ("/usr/lib64/x", b'-', Some("lib_t")),
            ("/srv/lib/x", b'-', Some("lib_t")),
            ("/srv/library", b'-', Some("default_t")),
        ] {
            assert_eq!(kind(path, mark), expected, "{path}");
        }
    }
}
