//! Names of network interfaces of the tracer's own namespace: if_indextoname(3).

/// The name of the interface with this index, if there is one.
pub fn name(index: u32) -> Option<Vec<u8>> {
    let mut name = [0u8; libc::IF_NAMESIZE];
    // SAFETY: if_indextoname(3) writes at most IF_NAMESIZE bytes, NUL included, to the buffer.
    let found = unsafe { libc::if_indextoname(index, name.as_mut_ptr().cast()) };
    let end = name.iter().position(|&byte| byte == 0)?;
    (!found.is_null()).then(|| name[..end].to_vec())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn no_interface_has_index_zero() {
        assert_eq!(name(0), None);
        assert_eq!(name(u32::MAX), None);
    }
}
