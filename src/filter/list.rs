//! The lists of strace(1)'s qualifiers: `[!]value[,value…]`, or `all` or `none` alone.

/// What a list says, before its words are looked at.
#[derive(Debug, PartialEq, Eq)]
pub enum List<'a> {
    /// `all`.
    All,
    /// `none`.
    None,
    /// At least one word.
    Words(Vec<&'a str>),
}

/// A list, and whether it is of what is not meant. Every `!` in front turns it round; empty words are no words.
///
/// # Errors
/// The text, when it has no word.
pub fn split(text: &str) -> Result<(bool, List<'_>), String> {
    let list = text.trim_start_matches('!');
    let negated = (text.len() - list.len()) % 2 == 1;
    let words = match list {
        "all" => List::All,
        "none" => List::None,
        _ => List::Words(list.split(',').filter(|word| !word.is_empty()).collect()),
    };
    if words == List::Words(Vec::new()) { Err(text.to_owned()) } else { Ok((negated, words)) }
}

#[cfg(test)]
mod tests {
    use super::{List, split};

    #[test]
    fn lists() {
        assert_eq!(split("!!!a,,b,"), Ok((true, List::Words(vec!["a", "b"]))));
        assert_eq!(split("!all"), Ok((true, List::All)));
        assert_eq!(split("none"), Ok((false, List::None)));
        assert_eq!(split("none,"), Ok((false, List::Words(vec!["none"]))));
        for empty in ["", ",", "!", "!,"] {
            assert_eq!(split(empty), Err(empty.into()));
        }
    }
}
