//! Names of network interfaces of the tracer's own namespace: if_indextoname(3).

/// A name: bytes without a NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    bytes: [u8; libc::IF_NAMESIZE],
    length: usize,
}

impl Name {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The name of the interface with this index, if there is one. The kernel is not asked about index 0, which is none.
pub fn name(index: u32) -> Option<Name> {
    if index == 0 {
        return None;
    }
    let mut bytes = [0u8; libc::IF_NAMESIZE];
    // SAFETY: if_indextoname(3) writes at most IF_NAMESIZE bytes, NUL included, to the buffer.
    let found = unsafe { libc::if_indextoname(index, bytes.as_mut_ptr().cast()) };
    let length = bytes.iter().position(|&byte| byte == 0)?;
    (!found.is_null()).then_some(Name { bytes, length })
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn no_interface_has_index_zero() {
        assert_eq!(name(1).map(|name| name.bytes().to_vec()), Some(b"lo".to_vec()));
        assert_eq!(name(0), None);
        assert_eq!(name(u32::MAX), None);
    }
}
