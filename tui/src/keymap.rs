//! Every key, in one table: what it does, where, and how the help tells it.

use crossterm::event::{KeyCode, KeyModifiers};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Up a line.
    Up,
    /// Down a line.
    Down,
    /// Up a page.
    PageUp,
    /// Down a page.
    PageDown,
    /// To the first line.
    Top,
    /// To the last line.
    Bottom,
    /// Shows what lies to the left.
    Left,
    /// Shows what lies to the right.
    Right,
    /// Keeps to the newest row, or no longer.
    Follow,
    /// Keeps the screen as it is while the run goes on.
    Pause,
    /// Opens or closes the details of the row; in the list of processes, shows the rows of one.
    Open,
    /// Closes what is open on top.
    Back,
    /// Asks for a text to look for.
    Search,
    /// To the next row with the text.
    Next,
    /// To the row with the text before this one.
    Previous,
    /// Asks for an expression.
    Where,
    /// Shows all rows again.
    Clear,
    /// Shows the rows of a process and of those that it started.
    Subtree,
    /// Hides or shows what a process started.
    Fold,
    /// Sorts by the next column.
    Sort,
    /// Sorts the other way round.
    Reverse,
    /// The events.
    Events,
    /// The processes.
    Processes,
    /// The counts.
    Statistics,
    /// The next of these views.
    NextView,
    /// Goes into the program's terminal.
    Enter,
    /// Types the key that leaves it, and goes into it.
    EnterTyped,
    /// Makes the program's terminal larger or smaller.
    Zoom,
    /// Hides or shows the program's terminal.
    Hide,
    /// All keys.
    Help,
    /// Leaves.
    Quit,
}

/// Where a key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Everywhere but in the program's terminal and in a line that is typed.
    Everywhere,
    /// In the list of events.
    Events,
    /// In the tree of processes.
    Processes,
    /// In the table of counts.
    Statistics,
    /// Where there is a program's terminal.
    Terminal,
}

impl Place {
    /// Its name in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Events => "Events",
            Self::Processes => "Processes",
            Self::Statistics => "Counts",
            Self::Terminal => "The program's terminal",
        }
    }
}

/// A key as it is pressed.
pub type Key = (KeyCode, KeyModifiers);

/// One line of the help: keys that do the same.
#[derive(Debug)]
pub struct Binding {
    /// Any of these.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// Where.
    pub place: Place,
    /// The same in words, for the help.
    pub about: &'static str,
    /// In a word, for the line at the bottom; empty to leave it out there.
    pub short: &'static str,
}

const fn key(letter: char) -> Key {
    (KeyCode::Char(letter), KeyModifiers::NONE)
}

const fn named(code: KeyCode) -> Key {
    (code, KeyModifiers::NONE)
}

const fn control(letter: char) -> Key {
    (KeyCode::Char(letter), KeyModifiers::CONTROL)
}

const fn row(
    keys: &'static [Key],
    action: Action,
    place: Place,
    about: &'static str,
    short: &'static str,
) -> Binding {
    Binding { keys, action, place, about, short }
}

/// The key that leaves the program's terminal.
pub const LEAVE: Key = control(']');

/// The table. A key of a place counts before one of everywhere.
pub const BINDINGS: &[Binding] = &[
    row(&[key('?'), named(KeyCode::F(1))], Action::Help, Place::Everywhere, "all keys, or back", "help"),
    row(&[key('q'), control('c')], Action::Quit, Place::Everywhere, "leave", "quit"),
    row(&[key('1')], Action::Events, Place::Everywhere, "events", ""),
    row(&[key('2')], Action::Processes, Place::Everywhere, "processes", ""),
    row(&[key('3')], Action::Statistics, Place::Everywhere, "counts and times of each syscall", ""),
    row(&[named(KeyCode::Tab)], Action::NextView, Place::Everywhere, "next of these views", ""),
    row(&[named(KeyCode::Up), key('k')], Action::Up, Place::Everywhere, "up", ""),
    row(&[named(KeyCode::Down), key('j')], Action::Down, Place::Everywhere, "down", ""),
    row(&[named(KeyCode::PageUp), control('b')], Action::PageUp, Place::Everywhere, "a page up", ""),
    row(&[named(KeyCode::PageDown), control('f')], Action::PageDown, Place::Everywhere, "a page down", ""),
    row(&[named(KeyCode::Home), key('g')], Action::Top, Place::Everywhere, "to the first line", ""),
    row(&[named(KeyCode::End), key('G')], Action::Bottom, Place::Everywhere, "to the last line", ""),
    row(&[key('p'), key(' ')], Action::Pause, Place::Everywhere, "pause the screen, or go on", "pause"),
    row(&[key('w')], Action::Where, Place::Everywhere, "show only what an expression holds for", "where"),
    row(&[key('x')], Action::Clear, Place::Everywhere, "show everything again", ""),
    row(&[named(KeyCode::Esc)], Action::Back, Place::Everywhere, "close what is open, end a search", ""),
    row(&[key('f')], Action::Follow, Place::Events, "follow the newest row, or stay", "follow"),
    row(
        &[named(KeyCode::Enter)],
        Action::Open,
        Place::Events,
        "details of the row, or close them",
        "details",
    ),
    row(&[key('/')], Action::Search, Place::Events, "search", "search"),
    row(&[key('n')], Action::Next, Place::Events, "next row that was searched for", ""),
    row(&[key('N')], Action::Previous, Place::Events, "the one before", ""),
    row(&[named(KeyCode::Left), key('h')], Action::Left, Place::Events, "what lies to the left", ""),
    row(&[named(KeyCode::Right), key('l')], Action::Right, Place::Events, "what lies to the right", ""),
    row(&[named(KeyCode::Enter)], Action::Open, Place::Processes, "events of this process", "its events"),
    row(&[key('s')], Action::Subtree, Place::Processes, "events of it and all below", "with children"),
    row(
        &[key('-'), key('+'), named(KeyCode::Left), named(KeyCode::Right)],
        Action::Fold,
        Place::Processes,
        "hide or show what it started",
        "fold",
    ),
    row(&[named(KeyCode::Enter)], Action::Open, Place::Statistics, "events of this syscall", "its events"),
    row(&[key('o')], Action::Sort, Place::Statistics, "sort by the next column", "order"),
    row(&[key('r')], Action::Reverse, Place::Statistics, "sort the other way round", "reverse"),
    row(&[key('i')], Action::Enter, Place::Terminal, "type into it; Ctrl-] comes back", "type"),
    row(&[LEAVE], Action::EnterTyped, Place::Terminal, "the same, beginning with a Ctrl-]", ""),
    row(&[key('z')], Action::Zoom, Place::Terminal, "make it large, or small again", ""),
    row(&[key('t')], Action::Hide, Place::Terminal, "hide it, or show it again", ""),
];

/// What `key` does where the first of `places` that knows it counts.
pub fn action(key: Key, places: &[Place]) -> Option<Action> {
    let bound = |place: &Place| BINDINGS.iter().find(|row| row.place == *place && row.keys.contains(&key));
    places.iter().find_map(bound).map(|row| row.action)
}

/// The name of a key for people.
pub fn name(key: Key) -> String {
    let (code, modifiers) = key;
    let plain = match code {
        KeyCode::Char(' ') => "Space".to_owned(),
        KeyCode::Char(letter) => letter.to_string(),
        KeyCode::F(number) => format!("F{number}"),
        KeyCode::PageUp => "PgUp".to_owned(),
        KeyCode::PageDown => "PgDn".to_owned(),
        other => format!("{other:?}"),
    };
    if modifiers.contains(KeyModifiers::CONTROL) {
        return format!("Ctrl-{}", plain.to_uppercase());
    }
    plain
}

/// All keys of a line of the help.
pub fn names(binding: &Binding) -> String {
    let names: Vec<String> = binding.keys.iter().map(|key| name(*key)).collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_in_one_place() {
        for (at, row) in BINDINGS.iter().enumerate() {
            for key in row.keys {
                let again = BINDINGS[at + 1..].iter().find(|o| o.place == row.place && o.keys.contains(key));
                assert!(again.is_none(), "{} twice in {:?}", name(*key), row.place);
            }
        }
    }

    #[test]
    fn places_count_before_everywhere() {
        let places = [Place::Statistics, Place::Everywhere];
        assert_eq!(action(key('o'), &places), Some(Action::Sort));
        assert_eq!(action(key('q'), &places), Some(Action::Quit));
        assert_eq!(action(key('/'), &places), None);
        assert_eq!(name(LEAVE), "Ctrl-]");
    }
}
