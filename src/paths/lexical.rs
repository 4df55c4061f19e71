//! A path put in its shortest form: no `.`, no `..`, no empty part, no slash at the end.
//!
//! By the letters alone: where `a` is a symbolic link, `a/..` is another directory for the kernel than here.
//! Source: path_resolution(7).

/// The parts of `path` that count: neither empty nor `.`; `..` is one.
pub fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/').filter(|part| !part.is_empty() && *part != b".")
}

/// Whether `path` begins at the root.
pub fn is_absolute(path: &[u8]) -> bool {
    path.first() == Some(&b'/')
}

/// `path` as seen from the directory `cwd`, in its shortest form; the root's parent is the root.
///
/// `None` where that is nothing: an empty path, or a relative one from a directory that is no absolute path, as
/// `(unreachable)/tmp` or `pipe:[1]`, which /proc shows for some.
pub fn absolute(cwd: &[u8], path: &[u8]) -> Option<Vec<u8>> {
    let cwd: &[u8] = match path.first()? {
        b'/' => b"/",
        _ if is_absolute(cwd) => cwd,
        _ => return None,
    };
    let mut out = Vec::with_capacity(cwd.len() + path.len() + 1);
    for part in parts(cwd).chain(parts(path)) {
        if part == b".." {
            let parent = out.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
            out.truncate(parent);
        } else {
            out.push(b'/');
            out.extend_from_slice(part);
        }
    }
    if out.is_empty() {
        out.push(b'/');
    }
    Some(out)
}
