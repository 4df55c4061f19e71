//! What the screen is about at a moment: views, cursors, filters, the line that is being typed. It never draws.
//!
//! [`App::refresh`] brings it up to date with the timeline and the size of the screen; after that a view only reads.

pub mod counts;
pub mod layout;
pub mod list;
pub mod pane;
pub mod prompt;
pub mod tree;

use crate::keymap::Place;
use crate::model::{Command, Direction, Filter, Program, Search, Section, Status, Timeline};
use counts::Counts;
use layout::{Layout, Wants};
use list::List;
use pane::Pane;
use prompt::{Prompt, Purpose};
use tree::Tree;

/// What the main part of the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// The list of events.
    #[default]
    Events,
    /// The tree of processes.
    Processes,
    /// The table of counts.
    Statistics,
}

/// Columns before the calls in the list, about.
const CALL: usize = 36;

/// The views in order.
pub const VIEWS: [View; 3] = [View::Events, View::Processes, View::Statistics];

/// The details of a row.
#[derive(Debug, Default)]
pub struct Detail {
    /// The number of the row.
    pub number: usize,
    /// What is known of it.
    pub sections: Vec<Section>,
    /// Lines that are above the top.
    pub top: usize,
    /// What it was asked for with.
    version: u64,
}

/// Everything.
#[derive(Debug, Default)]
pub struct App {
    /// What the main part shows.
    pub view: View,
    /// The help covers it, from this line on.
    pub help: Option<usize>,
    /// How far the timeline is.
    pub status: Status,
    /// The events.
    pub list: List,
    /// Details of an event.
    pub detail: Option<Detail>,
    /// The processes.
    pub tree: Tree,
    /// The counts.
    pub counts: Counts,
    /// Which rows are shown.
    pub filter: Filter,
    /// The process of the filter by name.
    pub filter_name: String,
    /// The line that is being typed.
    pub prompt: Option<Prompt>,
    /// Leaving waits for an answer.
    pub question: Option<Command>,
    /// The text that was searched for last.
    pub needle: String,
    /// A search is on.
    pub searching: bool,
    /// The program's terminal.
    pub pane: Option<Pane>,
    /// Keys go to the program.
    pub typing: bool,
    /// The screen stays as it is.
    pub paused: bool,
    /// A word about the last key.
    pub message: Option<String>,
    /// Messages of the run that were shown until a key was pressed.
    pub seen: usize,
    /// The parts of the screen.
    pub layout: Layout,
    /// The program is being ended or let go, and then this is over.
    pub leaving: bool,
    /// This is over.
    pub done: bool,
    /// The row under the cursor was just found.
    reveal: bool,
    /// Size of the screen.
    size: (u16, u16),
    shown: Option<(View, u64)>,
}

/// Where a list of `count` lines, of which `height` are visible, begins so that `selected` is among them.
pub(crate) fn scrolled(top: usize, selected: usize, count: usize, height: usize) -> usize {
    let height = height.max(1);
    top.clamp((selected + 1).saturating_sub(height), selected).min(count.saturating_sub(height))
}

impl App {
    /// A screen of this size. A live run is followed from the start; `terminal` says that the program has one.
    pub fn new(size: (u16, u16), live: bool, terminal: bool) -> Self {
        let mut app = Self { size, pane: terminal.then(Pane::new), ..Self::default() };
        app.list.follow = live;
        app
    }

    /// The screen has another size.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height);
    }

    /// Where keys count now, the nearest place first.
    pub fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        if self.help.is_none() {
            places.push(match self.view {
                View::Events => Place::Events,
                View::Processes => Place::Processes,
                View::Statistics => Place::Statistics,
            });
            if self.pane.is_some() {
                places.push(Place::Terminal);
            }
        }
        places.push(Place::Everywhere);
        places
    }

    /// Lines of the main part below its head.
    pub fn height(&self) -> usize {
        usize::from(self.layout.main.height).saturating_sub(1)
    }

    fn wants(&self) -> Wants {
        let error = self.prompt.as_ref().and_then(|prompt| prompt.error.as_ref());
        let width = usize::from(self.size.0).max(1);
        let lines = error.map_or(0, |text| text.chars().count().div_ceil(width).min(2));
        Wants {
            detail: self.detail.is_some() && self.view == View::Events && self.help.is_none(),
            pane: self.help.is_none() && self.pane.as_ref().is_some_and(|pane| !pane.hidden),
            zoomed: self.pane.as_ref().is_some_and(|pane| pane.zoomed),
            typing: self.typing,
            filter: self.filter != Filter::default(),
            foot: 1 + lines as u16,
        }
    }

    /// Brings everything up to date; whether the screen has to be drawn for what came from outside.
    pub fn refresh(&mut self, timeline: &mut dyn Timeline, program: &mut dyn Program) -> bool {
        self.layout = Layout::of(self.size.0, self.size.1, self.wants());
        let mut changed = false;
        if !self.paused {
            let status = timeline.status();
            changed =
                status != self.status || self.list.follow && status.live && !self.list.in_flight.is_empty();
            self.status = status;
        }
        if let (Some(pane), Some(terminal)) = (&mut self.pane, program.terminal()) {
            if !self.layout.pane.is_empty() {
                pane.resize(self.layout.pane.height, self.layout.pane.width, terminal);
            }
            changed |= pane.refresh(terminal);
        }
        changed |= self.look(timeline);
        match self.view {
            View::Events => {
                let height = self.height();
                self.list.refresh(timeline, &self.status, height);
                if std::mem::take(&mut self.reveal) {
                    let room = usize::from(self.layout.main.width).saturating_sub(CALL);
                    self.list.reveal(&self.needle, room);
                }
                self.refresh_detail(timeline);
            }
            View::Processes => {
                if self.is_stale() {
                    self.tree.update(timeline.processes());
                }
                let height = self.height();
                self.tree.scroll(height);
            }
            View::Statistics => {
                if self.is_stale() {
                    self.counts.update(timeline.statistics());
                }
                let height = self.height();
                self.counts.scroll(height);
            }
        }
        if self.leaving && !program.is_running() {
            self.done = true;
        }
        changed
    }

    fn is_stale(&mut self) -> bool {
        let now = Some((self.view, self.status.version));
        std::mem::replace(&mut self.shown, now) != now
    }

    fn refresh_detail(&mut self, timeline: &mut dyn Timeline) {
        let (Some(detail), Some(row)) = (&mut self.detail, self.list.current()) else { return };
        if detail.number != row.number || detail.version == 0 {
            *detail = Detail {
                number: row.number,
                sections: timeline.detail(self.list.selected),
                top: 0,
                version: 1,
            };
        }
    }

    /// Sees how the search stands; whether anything has changed.
    fn look(&mut self, timeline: &mut dyn Timeline) -> bool {
        if !self.searching {
            return false;
        }
        match timeline.found() {
            Search::Searching => return false,
            Search::Found(row) => {
                self.list.select(row);
                (self.message, self.reveal) = (None, true);
            }
            Search::Nothing => self.message = Some(format!("no row holds '{}'", self.needle)),
            Search::Idle => {}
        }
        self.searching = false;
        true
    }

    /// Begins to look for the text of the last search, from a row on.
    pub fn search(&mut self, timeline: &mut dyn Timeline, from: usize, direction: Direction) {
        if self.needle.is_empty() {
            self.message = Some("nothing was searched for: press / first".into());
            return;
        }
        timeline.search(&self.needle, from, direction);
        self.searching = true;
    }

    /// Ends the search.
    pub fn end_search(&mut self, timeline: &mut dyn Timeline) {
        timeline.search("", 0, Direction::Forward);
        self.needle.clear();
        self.searching = false;
    }

    /// Shows other rows.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn show_only(&mut self, timeline: &mut dyn Timeline, filter: Filter) -> Result<(), String> {
        timeline.filter(&filter)?;
        self.filter = filter;
        self.list.changed();
        self.paused = false;
        self.shown = None;
        Ok(())
    }

    /// Opens a line to type in.
    pub fn ask(&mut self, purpose: Purpose) {
        let text = if purpose == Purpose::Where { self.filter.expression.as_str() } else { "" };
        self.prompt = Some(Prompt::new(purpose, text));
        self.message = None;
    }
}
