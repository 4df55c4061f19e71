//! Tables on a terminal or in a file: columns to the right, and a last one to the left that takes what is left.
//!
//! Knows widths and colours, not what the cells mean. Columns in which nothing stands are left out; where the
//! screen is too narrow, those that matter least go, and at last the text of the last column is shortened.

use super::shell;
use super::text::color::{Paint, Token};

/// The least width that the last column keeps while others can go.
const LAST_KEEPS: usize = 30;

/// How and where a table is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns of the screen; `None` where lines may be of any length.
    pub width: Option<usize>,
    /// Characters beyond ASCII are understood.
    pub unicode: bool,
    /// Colours.
    pub paint: Paint,
}

/// A column but the last.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// The highest goes first where the screen is narrow; 0 stays.
    pub rank: u8,
    /// How its cells are coloured, where they are.
    pub token: Option<Token>,
    /// Its cells are words, which begin at the left.
    pub words: bool,
}

impl Column {
    /// A column of numbers.
    pub const fn new(head: &'static str, rank: u8) -> Self {
        Self { head, rank, token: None, words: false }
    }

    /// A column of what should not be.
    pub const fn bad(head: &'static str, rank: u8) -> Self {
        Self { token: Some(Token::Error), ..Self::new(head, rank) }
    }

    /// The same column with words in it.
    pub const fn words(self) -> Self {
        Self { words: true, ..self }
    }
}

/// The last cell of a row: where there is no room the body is shortened, and the last remarks go.
#[derive(Debug, Clone, Default)]
pub struct Last {
    /// What stands before, for example lines of a tree.
    pub lead: String,
    /// The text.
    pub body: String,
    /// Remarks behind it, what matters most first.
    pub tail: Vec<String>,
    /// The body is a remark.
    pub remark: bool,
}

/// A row: a cell for each column, empty for nothing, and the last cell.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Cells, printable.
    pub cells: Vec<String>,
    /// The last cell.
    pub last: Last,
}

/// A table.
#[derive(Debug)]
pub struct Grid<'a> {
    /// Columns but the last.
    pub columns: &'a [Column],
    /// Head of the last column.
    pub head: &'static str,
    /// Rows.
    pub rows: Vec<Row>,
    /// The row under the second rule.
    pub total: Option<Row>,
}

impl Grid<'_> {
    /// The table as lines.
    pub fn draw(&self, look: Look) -> String {
        let widths = self.widths(look.width);
        let left = widths.iter().flatten().map(|width| width + 1).sum::<usize>();
        let room = look.width.map(|width| width.saturating_sub(left).max(8));
        let mut out = String::new();
        for (column, width) in self.shown(&widths) {
            match column.words {
                true => out.push_str(&format!("{:<width$} ", column.head)),
                false => out.push_str(&format!("{:>width$} ", column.head)),
            }
        }
        out.push_str(self.head);
        out.push('\n');
        let longest = self.rows.iter().map(|row| row.last.width()).max().unwrap_or(0);
        let rule = self.rule(&widths, longest.clamp(self.head.len(), 16).min(room.unwrap_or(16)));
        out.push_str(&rule);
        for row in &self.rows {
            self.line(&mut out, row, &widths, room, look);
        }
        if let Some(total) = &self.total {
            out.push_str(&rule);
            self.line(&mut out, total, &widths, room, look);
        }
        out
    }

    fn rule(&self, widths: &[Option<usize>], last: usize) -> String {
        let mut out = String::new();
        for width in widths.iter().flatten() {
            out.push_str(&"-".repeat(*width));
            out.push(' ');
        }
        out.push_str(&"-".repeat(last));
        out.push('\n');
        out
    }

    fn shown<'w>(&'w self, widths: &'w [Option<usize>]) -> impl Iterator<Item = (&'w Column, usize)> {
        self.columns.iter().zip(widths).filter_map(|(column, width)| width.map(|width| (column, width)))
    }

    /// Width of each column; `None` for those that are left out.
    fn widths(&self, screen: Option<usize>) -> Vec<Option<usize>> {
        let width = |(at, column): (usize, &Column)| {
            let rows = self.rows.iter().chain(&self.total);
            let widest = rows.map(|row| row.cells.get(at).map_or(0, |cell| cell.chars().count())).max();
            widest.filter(|widest| *widest > 0).map(|widest| widest.max(column.head.len()))
        };
        let mut widths: Vec<Option<usize>> = self.columns.iter().enumerate().map(width).collect();
        let Some(screen) = screen else { return widths };
        let used = |widths: &[Option<usize>]| widths.iter().flatten().map(|w| w + 1).sum::<usize>();
        let longest = self.rows.iter().map(|row| row.last.width()).max().unwrap_or(0);
        let wanted = longest.min(LAST_KEEPS.max(screen * 2 / 5));
        while used(&widths) + wanted > screen {
            let droppable = |(at, _): &(usize, &Column)| widths[*at].is_some();
            let next =
                self.columns.iter().enumerate().filter(droppable).max_by_key(|(_, column)| column.rank);
            match next.filter(|(_, column)| column.rank > 0).map(|(at, _)| at) {
                Some(at) => widths[at] = None,
                None => break,
            }
        }
        widths
    }

    fn line(&self, out: &mut String, row: &Row, widths: &[Option<usize>], room: Option<usize>, look: Look) {
        let mut line = Vec::new();
        let cells = self.columns.iter().zip(widths).zip(&row.cells);
        for ((column, width), cell) in cells.filter_map(|((c, w), cell)| w.map(|w| ((c, w), cell))) {
            let space = vec![b' '; width.saturating_sub(cell.chars().count())];
            line.extend_from_slice(if column.words { b"" } else { &space });
            let token = column.token.filter(|_| !cell.is_empty() && cell != "0");
            painted(&mut line, look.paint, token, cell);
            line.extend_from_slice(if column.words { &space } else { b"" });
            line.push(b' ');
        }
        let last = &row.last;
        painted(&mut line, look.paint, Some(Token::Comment).filter(|_| !last.lead.is_empty()), &last.lead);
        let (body, tail) = match room {
            Some(room) => fitted(last, room, look.unicode),
            None => (last.body.clone(), last.tail.iter().map(|remark| format!(" {remark}")).collect()),
        };
        painted(&mut line, look.paint, Some(Token::Comment).filter(|_| last.remark), &body);
        painted(&mut line, look.paint, Some(Token::Comment).filter(|_| !tail.is_empty()), &tail);
        // Cells are text of ours or escaped, so that this is UTF-8 as it was.
        let text = String::from_utf8_lossy(&line);
        out.push_str(text.trim_end_matches(' '));
        out.push('\n');
    }
}

/// Least width in which a remark is worth being shown in part.
const REMARK: usize = 10;

/// Body and remarks of a last cell, shortened to `room` columns together with the lead: the body keeps two thirds.
fn fitted(last: &Last, room: usize, unicode: bool) -> (String, String) {
    let room = room.saturating_sub(last.lead.chars().count()).max(8);
    let tail_room = (room / 3).max(room.saturating_sub(last.body.chars().count()));
    let mut tail = String::new();
    for remark in &last.tail {
        let left = tail_room.saturating_sub(tail.chars().count() + 1);
        if remark.chars().count() <= left || left >= REMARK {
            tail.push(' ');
            tail.push_str(&shell::shorten(remark, left, unicode));
        }
    }
    let body = shell::shorten(&last.body, room.saturating_sub(tail.chars().count()), unicode);
    (body, tail)
}

impl Last {
    fn width(&self) -> usize {
        let tail: usize = self.tail.iter().map(|remark| remark.chars().count() + 1).sum();
        self.lead.chars().count() + self.body.chars().count() + tail
    }
}

fn painted(line: &mut Vec<u8>, paint: Paint, token: Option<Token>, text: &str) {
    if let Some(token) = token {
        paint.start(line, token);
    }
    line.extend_from_slice(text.as_bytes());
    if let Some(token) = token {
        paint.end(line, token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::new("calls", 0),
        Column::bad("errors", 0),
        Column::new("spare", 2),
        Column::new("empty", 1),
    ];

    fn row(cells: [&str; 4], body: &str) -> Row {
        let last = Last { body: body.into(), ..Last::default() };
        Row { cells: cells.map(str::to_owned).to_vec(), last }
    }

    fn grid() -> Grid<'static> {
        let rows = vec![row(["1", "", "77", ""], "short"), row(["20", "3", "8", ""], &"x".repeat(60))];
        Grid { columns: COLUMNS, head: "path", rows, total: Some(row(["21", "3", "85", ""], "total")) }
    }

    #[test]
    fn a_file_gets_every_column_that_holds_something() {
        let look = Look { width: None, unicode: false, paint: Paint::OFF };
        let long = "x".repeat(60);
        let want = format!(
            "calls errors spare path\n----- ------ ----- ----------------\n    1           77 short\n   20      3     8 {long}\n----- ------ ----- ----------------\n   21      3    85 total\n"
        );
        assert_eq!(grid().draw(look), want);
    }

    #[test]
    fn a_narrow_screen_loses_the_least_and_keeps_its_width() {
        let look = Look { width: Some(46), unicode: true, paint: Paint::OFF };
        let text = grid().draw(look);
        assert!(!text.contains("spare"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 46), "{text}");
        let wide = grid().draw(Look { width: Some(60), ..look });
        assert!(wide.contains("spare") && wide.contains('…'), "{wide}");
    }

    #[test]
    fn colours_do_not_count_as_width() {
        let plain = Look { width: Some(60), unicode: true, paint: Paint::OFF };
        let colored = grid().draw(Look { paint: Paint::on(""), ..plain });
        assert!(colored.contains("\x1b[31m3\x1b[0m"), "{colored:?}");
        let stripped = colored.replace("\x1b[31m", "").replace("\x1b[0m", "");
        assert_eq!(stripped, grid().draw(plain));
    }
}
