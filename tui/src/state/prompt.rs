//! A line that is being typed: a text to look for, or an expression. It never draws.

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A text to look for; the cursor of the list goes back to this row when it is given up.
    Search(usize),
    /// An expression that rows must fulfil.
    Where,
}

/// Longest line.
const MOST_CHARACTERS: usize = 1000;

/// The line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What it is for.
    pub purpose: Purpose,
    /// What was typed.
    pub text: String,
    /// Characters before the cursor.
    pub cursor: usize,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl Prompt {
    /// A line that holds `text` already.
    pub fn new(purpose: Purpose, text: &str) -> Self {
        Self { purpose, text: text.to_owned(), cursor: text.chars().count(), error: None }
    }

    fn byte(&self, character: usize) -> usize {
        self.text.char_indices().nth(character).map_or(self.text.len(), |(at, _)| at)
    }

    /// Types a character; control characters are passed over.
    pub fn insert(&mut self, letter: char) {
        if letter.is_control() || self.text.chars().count() >= MOST_CHARACTERS {
            return;
        }
        let at = self.byte(self.cursor);
        self.text.insert(at, letter);
        self.cursor += 1;
        self.error = None;
    }

    /// Takes away the character before the cursor.
    pub fn backspace(&mut self) {
        if self.cursor > 0 {
            self.cursor -= 1;
            self.delete();
        }
    }

    /// Takes away the character under the cursor.
    pub fn delete(&mut self) {
        let at = self.byte(self.cursor);
        if at < self.text.len() {
            self.text.remove(at);
        }
        self.error = None;
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
        self.error = None;
    }

    /// Moves the cursor by characters.
    pub fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.text.chars().count());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_edited_by_characters() {
        let mut prompt = Prompt::new(Purpose::Where, "naïve");
        prompt.step(-2);
        prompt.backspace();
        prompt.insert('i');
        prompt.insert('\x1b');
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("naive", 3));
        prompt.step(-99);
        prompt.backspace();
        prompt.delete();
        prompt.step(99);
        prompt.delete();
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("aive", 4));
        prompt.clear();
        assert_eq!((prompt.text.as_str(), prompt.cursor), ("", 0));
    }
}
