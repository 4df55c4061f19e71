//! What keys do: from an event of the terminal to a change of the state, through the keymap.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::keymap::{self, Action, Key};
use crate::model::{Command, Direction, Filter, Program, Timeline};
use crate::state::prompt::Purpose;
use crate::state::{App, Detail, VIEWS, View};

/// Columns that a step to the side moves.
const SIDE: usize = 16;

/// Takes an event of the terminal.
pub fn event(app: &mut App, event: &Event, timeline: &mut dyn Timeline, program: &mut dyn Program) {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => press(app, normal(*key), timeline, program),
        Event::Paste(text) => paste(app, text, timeline, program),
        Event::Resize(width, height) => app.resize(*width, *height),
        _ => {}
    }
}

/// A key as the keymap has it: the terminal's bytes do not tell Ctrl-] from Ctrl-5, and capitals say so themselves.
fn normal(event: KeyEvent) -> Key {
    let mut modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    let code = match event.code {
        KeyCode::Char(digit @ '4'..='7') if modifiers.contains(KeyModifiers::CONTROL) => {
            KeyCode::Char(['\\', ']', '^', '_'][digit as usize - '4' as usize])
        }
        KeyCode::BackTab => {
            modifiers = KeyModifiers::NONE;
            KeyCode::BackTab
        }
        other => other,
    };
    (code, modifiers)
}

fn press(app: &mut App, key: Key, timeline: &mut dyn Timeline, program: &mut dyn Program) {
    if app.leaving {
        return;
    }
    if let Some(command) = app.question {
        return answer(app, key, command, program);
    }
    if app.typing {
        return type_into(app, key, program);
    }
    if app.prompt.is_some() {
        return edit(app, key, timeline);
    }
    (app.message, app.seen) = (None, app.status.messages.len());
    if let Some(action) = keymap::action(key, &app.places()) {
        act(app, action, timeline, program);
    }
}

/// The letter that agrees to a command.
pub fn agreement(command: Command) -> char {
    match command {
        Command::Kill => 'k',
        Command::Detach => 'd',
    }
}

fn answer(app: &mut App, key: Key, command: Command, program: &mut dyn Program) {
    app.question = None;
    if key == (KeyCode::Char(agreement(command)), KeyModifiers::NONE) {
        program.command(command);
        app.leaving = true;
    }
}

fn type_into(app: &mut App, key: Key, program: &mut dyn Program) {
    if key == keymap::LEAVE {
        app.typing = false;
        return;
    }
    if let (Some(pane), Some(terminal)) = (&app.pane, program.terminal()) {
        terminal.write(&pane.encode(key));
    }
}

fn paste(app: &mut App, text: &str, timeline: &mut dyn Timeline, program: &mut dyn Program) {
    if app.typing {
        if let (Some(pane), Some(terminal)) = (&app.pane, program.terminal()) {
            terminal.write(&pane.paste(text));
        }
    } else if let Some(prompt) = &mut app.prompt {
        text.lines().next().unwrap_or_default().chars().for_each(|letter| prompt.insert(letter));
        typed(app, timeline);
    }
}

fn edit(app: &mut App, key: Key, timeline: &mut dyn Timeline) {
    let Some(prompt) = &mut app.prompt else { return };
    let (code, modifiers) = key;
    let control = modifiers.contains(KeyModifiers::CONTROL);
    match code {
        KeyCode::Esc => return give_up(app, timeline),
        KeyCode::Char('c') if control => return give_up(app, timeline),
        KeyCode::Enter => return agree(app, timeline),
        KeyCode::Char('u') if control => prompt.clear(),
        KeyCode::Char('h') if control => prompt.backspace(),
        KeyCode::Char('a') if control => prompt.step(isize::MIN),
        KeyCode::Char('e') if control => prompt.step(isize::MAX),
        KeyCode::Char(letter) if modifiers.is_empty() => prompt.insert(letter),
        KeyCode::Backspace => prompt.backspace(),
        KeyCode::Delete => prompt.delete(),
        KeyCode::Left => return prompt.step(-1),
        KeyCode::Right => return prompt.step(1),
        KeyCode::Home => return prompt.step(isize::MIN),
        KeyCode::End => return prompt.step(isize::MAX),
        _ => return,
    }
    typed(app, timeline);
}

/// The line has another text: a search begins anew.
fn typed(app: &mut App, timeline: &mut dyn Timeline) {
    let Some(prompt) = &app.prompt else { return };
    let Purpose::Search(from) = prompt.purpose else { return };
    app.needle = prompt.text.clone();
    app.message = None;
    if app.needle.is_empty() {
        app.end_search(timeline);
        app.list.select(from);
    } else {
        app.search(timeline, from, Direction::Forward);
    }
}

fn give_up(app: &mut App, timeline: &mut dyn Timeline) {
    app.message = None;
    if let Some(Purpose::Search(from)) = app.prompt.take().map(|prompt| prompt.purpose) {
        app.end_search(timeline);
        app.list.select(from);
    }
}

fn agree(app: &mut App, timeline: &mut dyn Timeline) {
    let Some(mut prompt) = app.prompt.take() else { return };
    if prompt.purpose != Purpose::Where {
        return;
    }
    let expression = prompt.text.trim().to_owned();
    let filter = Filter { expression, ..app.filter.clone() };
    if let Err(text) = app.show_only(timeline, filter) {
        prompt.error = Some(text);
        app.prompt = Some(prompt);
    }
}

fn act(app: &mut App, action: Action, timeline: &mut dyn Timeline, program: &mut dyn Program) {
    let page = app.height().saturating_sub(1).max(1) as isize;
    match action {
        Action::Up => step(app, -1),
        Action::Down => step(app, 1),
        Action::PageUp => step(app, -page),
        Action::PageDown => step(app, page),
        Action::Top => step(app, isize::MIN),
        Action::Bottom => {
            step(app, isize::MAX);
            app.list.follow |= app.view == View::Events && app.status.live;
        }
        Action::Left => app.list.left = app.list.left.saturating_sub(SIDE),
        Action::Right => app.list.left = (app.list.left + SIDE).min(4096),
        Action::Follow => app.list.follow = !app.list.follow,
        Action::Pause => app.paused = !app.paused,
        Action::Help => app.help = if app.help.is_some() { None } else { Some(0) },
        Action::Back => back(app, timeline),
        Action::Search => app.ask(Purpose::Search(app.list.selected)),
        Action::Next => app.search(timeline, app.list.selected + 1, Direction::Forward),
        Action::Previous => {
            let before = app.list.selected.checked_sub(1).unwrap_or(app.status.rows.saturating_sub(1));
            app.search(timeline, before, Direction::Backward);
        }
        Action::Where => app.ask(Purpose::Where),
        Action::Clear => show(app, timeline, Filter::default(), ""),
        Action::Events => turn(app, View::Events),
        Action::Processes => turn(app, View::Processes),
        Action::Statistics => turn(app, View::Statistics),
        Action::NextView => {
            let at = VIEWS.iter().position(|view| *view == app.view).unwrap_or(0);
            turn(app, VIEWS[(at + 1) % VIEWS.len()]);
        }
        Action::Open => open(app, timeline),
        Action::Subtree => only_process(app, timeline, true),
        Action::Fold => app.tree.fold(),
        Action::Sort => app.counts.next_column(),
        Action::Reverse => app.counts.reverse(),
        Action::Enter | Action::EnterTyped => enter(app, action, program),
        Action::Zoom => {
            if let Some(pane) = &mut app.pane {
                (pane.zoomed, pane.hidden) = (!pane.zoomed, false);
            }
        }
        Action::Hide => {
            if let Some(pane) = &mut app.pane {
                (pane.zoomed, pane.hidden) = (false, !pane.hidden);
            }
        }
        Action::Quit => leave(app, program),
    }
}

fn step(app: &mut App, lines: isize) {
    if let Some(top) = &mut app.help {
        // The view knows the last line.
        *top = top.saturating_add_signed(lines.clamp(-1000, 1000));
        return;
    }
    match app.view {
        View::Events if app.detail.is_some() && lines.unsigned_abs() > 1 && lines.unsigned_abs() < 1000 => {
            if let Some(detail) = &mut app.detail {
                detail.top = detail.top.saturating_add_signed(lines.signum() * 5);
            }
        }
        View::Events => app.list.step(lines, app.status.rows),
        View::Processes => app.tree.step(lines),
        View::Statistics => app.counts.step(lines),
    }
}

fn turn(app: &mut App, view: View) {
    (app.view, app.help) = (view, None);
}

fn back(app: &mut App, timeline: &mut dyn Timeline) {
    if app.help.take().is_some() || app.detail.take().is_some() {
        return;
    }
    if app.needle.is_empty() { app.view = View::Events } else { app.end_search(timeline) }
}

fn open(app: &mut App, timeline: &mut dyn Timeline) {
    match app.view {
        View::Events if app.detail.take().is_some() => {}
        View::Events => {
            app.detail = (app.status.rows > 0).then(Detail::default);
            // A row that is looked at stays where it is.
            app.list.follow &= app.detail.is_none();
        }
        View::Processes => only_process(app, timeline, false),
        View::Statistics => {
            let Some(row) = app.counts.current() else { return };
            let expression = format!("name == {}", row.name);
            let filter = Filter { expression, ..app.filter.clone() };
            let name = app.filter_name.clone();
            show(app, timeline, filter, &name);
        }
    }
}

fn only_process(app: &mut App, timeline: &mut dyn Timeline, below: bool) {
    let Some(process) = app.tree.current() else { return };
    let name =
        format!("process {}{}: {}", process.pid, if below { " and below" } else { "" }, process.command);
    let filter = Filter { process: Some((process.id, below)), ..app.filter.clone() };
    show(app, timeline, filter, &name);
}

fn show(app: &mut App, timeline: &mut dyn Timeline, filter: Filter, name: &str) {
    match app.show_only(timeline, filter) {
        Ok(()) => {
            app.filter_name = name.to_owned();
            turn(app, View::Events);
        }
        Err(text) => app.message = Some(text),
    }
}

fn enter(app: &mut App, action: Action, program: &mut dyn Program) {
    let Some(pane) = &mut app.pane else { return };
    pane.hidden = false;
    app.typing = true;
    if action == Action::EnterTyped
        && let Some(terminal) = program.terminal()
    {
        terminal.write(&pane.encode(keymap::LEAVE));
    }
}

fn leave(app: &mut App, program: &mut dyn Program) {
    if program.is_running() {
        app.question = Some(program.at_leaving());
    } else {
        app.done = true;
    }
}
