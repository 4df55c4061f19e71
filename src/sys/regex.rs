//! POSIX extended regular expressions, as the C library has them: regcomp(3).

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;

/// An expression that compiled.
pub struct Extended(libc::regex_t);

impl Extended {
    /// Compiles `pattern`.
    ///
    /// # Errors
    /// What the C library says is wrong with it.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let pattern = CString::new(pattern).map_err(|_| "a byte is zero".to_owned())?;
        let mut compiled = MaybeUninit::<libc::regex_t>::zeroed();
        // SAFETY: the pattern is a C string and the place is large enough for a regex_t, which regcomp(3) fills.
        let code = unsafe {
            libc::regcomp(compiled.as_mut_ptr(), pattern.as_ptr(), libc::REG_EXTENDED | libc::REG_NOSUB)
        };
        if code == 0 {
            // SAFETY: regcomp(3) succeeded, so that it is filled.
            return Ok(Self(unsafe { compiled.assume_init() }));
        }
        let mut text = [0u8; 256];
        // SAFETY: the buffer has the length that is told, and regerror(3) ends what it writes with a zero byte.
        unsafe { libc::regerror(code, compiled.as_ptr(), text.as_mut_ptr().cast(), text.len()) };
        let text = CStr::from_bytes_until_nul(&text).unwrap_or_default();
        Err(text.to_string_lossy().into_owned())
    }

    /// Whether it matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        let Ok(text) = CString::new(text) else { return false };
        // SAFETY: the expression was compiled, the text is a C string, and no places of matches are asked for.
        unsafe { libc::regexec(&raw const self.0, text.as_ptr(), 0, std::ptr::null_mut(), 0) == 0 }
    }
}

impl Drop for Extended {
    fn drop(&mut self) {
        // SAFETY: it was compiled by regcomp(3), and is not used again.
        unsafe { libc::regfree(&raw mut self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::Extended;

    #[test]
    fn expressions() {
        let matches = |pattern: &str, text: &str| Extended::new(pattern).unwrap().is_match(text);
        assert!(matches("^(.*_)?statv?fs", "statfs64") && !matches("^statfs", "fstatfs"));
        assert!(matches("", "anything"));
        assert!(Extended::new("(").is_err_and(|text| text.starts_with("Unmatched (")));
    }
}
