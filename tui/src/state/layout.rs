//! Which part of the screen shows what, at any size. Only rectangles: it never draws.

use ratatui::layout::Rect;

/// Below this width or height one line says that the screen is too small.
pub const LEAST: (u16, u16) = (40, 8);
/// From this width on, details stand beside the list.
const WIDE: u16 = 140;
/// Lines of the program's terminal where it has a part of the screen, its head among them.
const LEAST_PANE: u16 = 6;

/// What there is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Details of a row.
    pub detail: bool,
    /// The program's terminal.
    pub pane: bool,
    /// It has the whole screen.
    pub zoomed: bool,
    /// It is being typed into.
    pub typing: bool,
    /// A line that says which rows are shown.
    pub filter: bool,
    /// Lines at the bottom.
    pub foot: u16,
}

/// The parts of the screen; those that are not shown are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// The screen is too small for anything else.
    pub too_small: bool,
    /// The first line.
    pub head: Rect,
    /// The line that says which rows are shown.
    pub filter: Rect,
    /// List, tree, table or help.
    pub main: Rect,
    /// Details.
    pub detail: Rect,
    /// The line above the program's terminal.
    pub pane_head: Rect,
    /// The program's terminal.
    pub pane: Rect,
    /// The last lines.
    pub foot: Rect,
}

/// Cuts `lines` off the top.
fn top(area: &mut Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    let cut = Rect { height: lines, ..*area };
    area.y += lines;
    area.height -= lines;
    cut
}

/// Cuts `lines` off the bottom.
fn bottom(area: &mut Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    area.height -= lines;
    Rect { y: area.y + area.height, height: lines, ..*area }
}

impl Layout {
    /// The parts of a screen of this size.
    pub fn of(width: u16, height: u16, wants: Wants) -> Self {
        let mut body = Rect { x: 0, y: 0, width, height };
        if width < LEAST.0 || height < LEAST.1 {
            return Self { too_small: true, main: body, ..Self::default() };
        }
        let mut layout = Self { head: top(&mut body, 1), ..Self::default() };
        layout.foot = bottom(&mut body, wants.foot.clamp(1, 3));
        if wants.filter {
            layout.filter = top(&mut body, 1);
        }
        let beside = wants.detail && width >= WIDE;
        let share = (body.height * 2 / 5).max(LEAST_PANE);
        // Details below the list leave no room for a third part on a usual screen.
        let room =
            body.height >= 2 * LEAST_PANE && (!wants.detail || beside || body.height >= 3 * share / 2 + 14);
        if wants.pane && (wants.zoomed || wants.typing && !room) {
            layout.pane = body;
            layout.pane_head = top(&mut layout.pane, 1);
            return layout;
        }
        if wants.pane && room {
            layout.pane = bottom(&mut body, share);
            layout.pane_head = top(&mut layout.pane, 1);
        }
        if beside {
            let left = width / 2;
            layout.detail = Rect { x: left + 1, width: width - left - 1, ..body };
            body.width = left;
        } else if wants.detail {
            let share = (body.height * 3 / 5).max(5).min(body.height.saturating_sub(2));
            layout.detail = bottom(&mut body, share);
        }
        layout.main = body;
        layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_inside_and_beside_each_other() {
        for width in (0..220).step_by(7) {
            for height in 0..60 {
                for bits in 0..32u16 {
                    let wants = Wants {
                        detail: bits & 1 != 0,
                        pane: bits & 2 != 0,
                        zoomed: bits & 4 != 0,
                        typing: bits & 8 != 0,
                        filter: bits & 16 != 0,
                        foot: 1 + bits % 3,
                    };
                    let layout = Layout::of(width, height, wants);
                    let parts = [
                        layout.head,
                        layout.filter,
                        layout.main,
                        layout.detail,
                        layout.pane_head,
                        layout.pane,
                        layout.foot,
                    ];
                    let screen = Rect::new(0, 0, width, height);
                    for (at, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
                        assert_eq!(part.intersection(screen), *part, "{width}x{height} {wants:?}");
                        let over =
                            parts[at + 1..].iter().any(|other| other.intersects(*part) && !other.is_empty());
                        assert!(!over, "{width}x{height} {wants:?}: {layout:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_ordinary_screen_has_room_for_the_program() {
        let wants = Wants { pane: true, foot: 1, ..Wants::default() };
        let layout = Layout::of(80, 24, wants);
        assert_eq!((layout.main.height, layout.pane.height), (14, 7));
        assert!(Layout::of(39, 24, wants).too_small);
    }
}
