//! Lines of spans on the screen: cut where they end, scrolled, wrapped. Control characters never get through.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::model::Span;
use crate::theme::Theme;

/// What stands where a text is cut.
pub const CUT: &str = "…";

/// Puts `text` at the left of a line of `area`; cut where it is too long.
pub fn text(buffer: &mut Buffer, area: Rect, line: usize, text: &str, style: Style) {
    let Some(y) = row(area, line) else { return };
    let width = usize::from(area.width);
    buffer.set_stringn(area.x, y, text, width, style);
    if text.chars().count() > width && width > 0 {
        buffer.set_stringn(area.x + area.width - 1, y, CUT, 1, style);
    }
}

/// The same at the right.
pub fn right(buffer: &mut Buffer, area: Rect, line: usize, shown: &str, style: Style) {
    let count = shown.chars().count().min(usize::from(area.width)) as u16;
    let area = Rect { x: area.x + area.width - count, width: count, ..area };
    text(buffer, area, line, shown, style);
}

/// Puts spans at the left of a line, without their first `skip` characters.
pub fn spans(buffer: &mut Buffer, area: Rect, line: usize, list: &[Span], skip: usize, theme: Theme) {
    let Some(y) = row(area, line) else { return };
    let (mut x, end) = (area.x, area.x + area.width);
    let mut skip = skip;
    for span in list {
        let style = theme.tone(span.tone);
        let count = span.text.chars().count();
        if skip >= count {
            skip -= count;
            continue;
        }
        let rest: String = span.text.chars().skip(std::mem::take(&mut skip)).collect();
        let left = usize::from(end - x);
        x = buffer.set_stringn(x, y, &rest, left, style).0;
        if rest.chars().count() > left && area.width > 0 {
            buffer.set_stringn(end - 1, y, CUT, 1, theme.tone(crate::model::Tone::Dim));
            return;
        }
    }
}

/// Spans as lines of at most `width` characters. Later ones are indented as the first span is wide, within reason.
pub fn wrapped(list: &[Span], width: usize) -> Vec<Vec<Span>> {
    let first = list.first().map_or(0, |span| span.text.chars().count());
    let indent = if list.len() > 1 { first.min(width / 2) } else { 0 };
    let mut lines = vec![Vec::new()];
    let mut used = 0;
    for span in list {
        let mut rest: Vec<char> = span.text.chars().collect();
        while !rest.is_empty() {
            if used >= width.max(indent + 1) {
                let blank = Span::new(crate::model::Tone::Plain, " ".repeat(indent));
                lines.push(if indent > 0 { vec![blank] } else { Vec::new() });
                used = indent;
            }
            let room = (width.max(indent + 1) - used).min(rest.len());
            let tail = rest.split_off(room);
            let text: String = rest.into_iter().collect();
            used += room;
            if let Some(line) = lines.last_mut() {
                line.push(Span { tone: span.tone, text });
            }
            rest = tail;
        }
    }
    lines
}

/// The row of the screen of a line of `area`, where it has one.
fn row(area: Rect, line: usize) -> Option<u16> {
    let line = u16::try_from(line).ok().filter(|line| *line < area.height)?;
    Some(area.y + line)
}

/// A line of `area` by itself.
pub fn strip(area: Rect, line: usize) -> Rect {
    match row(area, line) {
        Some(y) => Rect { y, height: 1, ..area },
        None => Rect { height: 0, ..area },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tone;

    #[test]
    fn long_lines_go_on_below_their_value() {
        let list = [Span::new(Tone::Argument, "path  "), Span::new(Tone::Text, "0123456789abc")];
        let lines = wrapped(&list, 12);
        let text = |line: &[Span]| line.iter().map(|span| span.text.as_str()).collect::<String>();
        let lines: Vec<String> = lines.iter().map(|line| text(line)).collect();
        assert_eq!(lines, ["path  012345", "      6789ab", "      c"]);
        assert_eq!(wrapped(&list, 0).len(), 19);
        assert_eq!(wrapped(&[], 5), [Vec::new()]);
    }
}
