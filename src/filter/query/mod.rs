//! The query language: `name == openat and errno == ENOENT and path ~ "^/etc/"`.
//!
//! An expression is parsed once and checked against the tables, so that a name that nothing has is an error and
//! never an empty answer. It is then asked of calls, live or recorded. It says what it needs to be captured
//! ([`Query::needs`]) and which calls can match at all ([`Query::pushdown`]), so that the others need not stop.
//! docs/where.md describes the language for its users.

mod ast;
mod error;
mod eval;
mod fields;
mod gather;
mod lex;
mod narrow;
mod operand;
mod parse;
mod shapes;

pub use error::Error;
pub use narrow::Pushdown;

use crate::event::ring::{Operation, Traffic};
use crate::event::{Call, Tid};
use ast::{Expr, Field, Op, Operand, Test};
use eval::Subject;

/// Bytes of a string that a regular expression looks at; paths are looked at in full.
const REGEX_BYTES: usize = 4096;

/// Every field by name, with what it means; those of arguments (`arg.NAME`) are as many as the tables have names.
pub fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    fields::ROWS.iter().map(|row| (row.name, row.about))
}

/// What is known of the process of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The process.
    pub pid: i32,
    /// The name of the program; empty where it is not known.
    pub comm: &'a [u8],
    /// The file of the program; empty where it is not known.
    pub exe: &'a [u8],
    /// Steps from what was started or attached to, which has 0.
    pub depth: u32,
}

/// Who knows of processes: whoever asks a query supplies it.
pub trait Context {
    /// The process of `tid` as it was when its call was made; none where it is not known.
    fn process(&self, tid: Tid) -> Option<Facts<'_>>;
}

/// A context that knows no process.
impl Context for () {
    fn process(&self, _tid: Tid) -> Option<Facts<'_>> {
        None
    }
}

/// What has to be captured of calls so that a query can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Memory behind arguments.
    pub memory: bool,
    /// What calls return, and what the kernel writes; without it a query is decided when the call is entered.
    pub results: bool,
    /// What descriptors are open on.
    pub fd_targets: bool,
    /// The addresses of sockets that descriptors are open on.
    pub sockets: bool,
    /// Bytes of a string, paths not among them.
    pub string_bytes: usize,
    /// When calls begin and end.
    pub times: bool,
    /// What tasks run, and whose children they are.
    pub processes: bool,
    /// What goes over the rings of io_uring.
    pub rings: bool,
}

/// An expression, ready to be asked.
#[derive(Debug, Clone)]
pub struct Query {
    source: String,
    expr: Expr,
    needs: Needs,
}

impl Query {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its place, and the nearest names where a name is unknown.
    pub fn parse(source: &str) -> Result<Self, Error> {
        let mut expr = parse::parse(source)?;
        cheapest_first(&mut expr);
        let mut needs = Needs::default();
        tests(&expr, &mut |test| needs.add(test));
        Ok(Self { source: source.to_owned(), expr, needs })
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Asks operations of io_uring too, where it can hold for one.
    #[must_use]
    pub fn with_operations(mut self) -> Self {
        self.needs.rings = narrow::holds_for_operations(&self.expr);
        self
    }

    /// What must be captured.
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// Says that strings were captured up to `bytes`, as in a recording: what lies beyond is not looked at.
    pub fn captured(&mut self, bytes: usize) {
        self.needs.string_bytes = self.needs.string_bytes.min(bytes);
    }

    /// Whether it holds for `call`. Where it needs results and the call has none, what they would say is absent, so
    /// that comparisons with it are false.
    pub fn matches(&self, call: &Call, context: &dyn Context) -> bool {
        Subject::new(call, context, self.needs.string_bytes, self.needs.results).holds(&self.expr)
    }

    /// A field that says nothing before a call has returned, or that needs more than the call and its process to be
    /// answered; none where the query can be asked of a call that begins.
    pub fn late_field(&self) -> Option<&'static str> {
        let mut late = None;
        tests(&self.expr, &mut |test| {
            let name = match &test.field {
                Field::Ret => "ret",
                Field::Errno => "errno",
                Field::Failed => "failed",
                Field::Succeeded => "succeeded",
                Field::Unfinished => "unfinished",
                Field::Bytes => "bytes",
                Field::Duration => "dur",
                Field::Depth => "depth",
                Field::IoUring => "io_uring",
                _ => return,
            };
            late = late.or(Some(name));
        });
        late
    }

    /// Whether it holds for an operation that was submitted or completed with a call. Where it needs results, what was submitted
    /// is not asked: its completion will be.
    pub fn matches_ring(&self, traffic: &Traffic, context: &dyn Context) -> bool {
        let asked = |operation: &&Operation| !self.needs.results || operation.call.outcome.is_some();
        self.needs.rings
            && traffic.operations().filter(asked).any(|operation| self.matches(&operation.call, context))
    }

    /// Which calls can match, as far as numbers and registers tell, and io_uring_enter where an operation can.
    pub fn pushdown(&self) -> Pushdown {
        Pushdown::of(&self.expr, self.needs.rings)
    }
}

impl Needs {
    fn add(&mut self, test: &Test) {
        match &test.field {
            Field::IoUring
            | Field::Name
            | Field::Class
            | Field::Nr
            | Field::Abi
            | Field::Tid
            | Field::Register(_) => {}
            Field::Pid | Field::Comm | Field::Exe | Field::Depth => self.processes = true,
            Field::Arg(way) => {
                self.memory |= way.memory;
                self.results |= way.output;
                self.strings(test);
            }
            // What a call has opened is known when it has returned.
            Field::Path => {
                (self.memory, self.results, self.fd_targets) = (true, true, true);
                self.strings(test);
            }
            Field::Fd => self.memory = true,
            Field::PeerPort | Field::PeerAddr | Field::PeerPath => {
                (self.memory, self.results, self.sockets) = (true, true, true);
            }
            Field::Ret
            | Field::Errno
            | Field::Failed
            | Field::Succeeded
            | Field::Unfinished
            | Field::Bytes => {
                self.results = true;
            }
            Field::Duration => (self.results, self.times) = (true, true),
        }
    }

    fn strings(&mut self, test: &Test) {
        for operand in &test.operands {
            let bytes = match operand {
                Operand::Text(_) if test.op == Op::Has => REGEX_BYTES,
                Operand::Text(text) => text.len() + 1,
                Operand::Regex(_) => REGEX_BYTES,
                _ => 0,
            };
            self.string_bytes = self.string_bytes.max(bytes);
        }
    }
}

/// Visits every comparison.
fn tests(expr: &Expr, visit: &mut impl FnMut(&Test)) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| tests(part, visit)),
        Expr::Not(inner) => tests(inner, visit),
        Expr::Test(test) => visit(test),
    }
}

/// Puts what costs nothing before what needs decoding; no comparison has an effect, so that the order is free.
fn cheapest_first(expr: &mut Expr) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => {
            parts.iter_mut().for_each(cheapest_first);
            parts.sort_by_key(cost);
        }
        Expr::Not(inner) => cheapest_first(inner),
        Expr::Test(_) => {}
    }
}

fn cost(expr: &Expr) -> u32 {
    let mut most = 0;
    tests(expr, &mut |test| {
        let cost = match test.field {
            Field::Pid | Field::Comm | Field::Exe | Field::Depth => 1,
            Field::Arg(_) | Field::Path | Field::Fd => 2,
            Field::PeerPort | Field::PeerAddr | Field::PeerPath => 2,
            _ => 0,
        };
        most = most.max(cost);
    });
    most
}
