//! From words to a tree: what stands where. Values are left to [`super::operand`].

use syscall_tables::abi::{Abi, numbers};

use super::ast::{ArgPath, Expr, Field, Op, Test};
use super::error::{Error, nearest};
use super::fields::{self, Type};
use super::lex::{Lexeme, Token, lex};
use super::shapes::{self, Leaf};

/// Parentheses and `not`s inside each other.
const DEEPEST: usize = 100;

pub(super) struct Parser<'a> {
    pub source: &'a str,
    words: Vec<Lexeme<'a>>,
    next: usize,
    depth: usize,
}

/// A field that was named: itself, its type, how it was written, and what it may hold if it is an argument.
pub(super) struct Named<'a> {
    pub field: Field,
    pub of: Type,
    pub spelled: &'a str,
    pub leaves: Vec<Leaf>,
}

/// The tree of `source`.
///
/// # Errors
/// The first thing that is wrong.
pub(super) fn parse(source: &str) -> Result<Expr, Error> {
    let mut parser = Parser { source, words: lex(source)?, next: 0, depth: 0 };
    let expr = parser.any()?;
    let rest = parser.peek();
    if rest.token != Token::End {
        return Err(parser.wrong(rest, "'and', 'or' or the end is wanted here"));
    }
    Ok(expr)
}

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> Lexeme<'a> {
        let last = Lexeme { token: Token::End, at: self.source.len(), len: 0 };
        self.words.get(self.next).copied().unwrap_or(last)
    }

    pub(super) fn take(&mut self) -> Lexeme<'a> {
        let word = self.peek();
        self.next += 1;
        word
    }

    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek().token, Token::Sign(own) if own == sign);
        self.next += usize::from(is);
        is
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let is = self.peek().token == Token::Word(keyword);
        self.next += usize::from(is);
        is
    }

    pub(super) fn wrong(&self, at: Lexeme<'_>, text: impl Into<String>) -> Error {
        Error::new(self.source, at.at, at.len, text)
    }

    fn any(&mut self) -> Result<Expr, Error> {
        let mut parts = vec![self.all()?];
        while self.keyword("or") || self.sign("||") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn all(&mut self) -> Result<Expr, Error> {
        let mut parts = vec![self.one()?];
        while self.keyword("and") || self.sign("&&") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn one(&mut self) -> Result<Expr, Error> {
        let start = self.peek();
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong(start, format!("more than {DEEPEST} conditions inside each other")));
        }
        let expr = if self.keyword("not") || self.sign("!") {
            Expr::Not(Box::new(self.one()?))
        } else if self.sign("(") {
            let inner = self.any()?;
            if !self.sign(")") {
                return Err(self.wrong(self.peek(), "')' is wanted here"));
            }
            inner
        } else {
            Expr::Test(self.test()?)
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn test(&mut self) -> Result<Test, Error> {
        let word = self.take();
        let Token::Word(spelled) = word.token else {
            return Err(self.wrong(word, "a field is wanted here, name == openat for example"));
        };
        let named = self.field(spelled, word)?;
        let place = self.peek();
        let (op, list) = self.operator();
        let Some(op) = op else {
            if named.of == Type::Bool {
                return Ok(Test { field: named.field, op: Op::Is, operands: Vec::new() });
            }
            let text = format!("'{spelled}' must be compared: with ==, !=, <, <=, >, >=, ~, !~, in or has");
            return Err(self.wrong(place, text));
        };
        if !named.of.takes(op) {
            let text = match named.of {
                Type::Bool => format!("'{spelled}' is true or false by itself and is not compared"),
                _ => format!("'{spelled}' cannot be compared so"),
            };
            return Err(self.wrong(place, text));
        }
        let mut operands = Vec::new();
        if list {
            if !self.sign("(") {
                return Err(self.wrong(self.peek(), "a list is wanted after 'in': (a, b)"));
            }
            loop {
                operands.push(self.operand(&named, op)?);
                if self.sign(")") {
                    break;
                }
                if !self.sign(",") {
                    return Err(self.wrong(self.peek(), "',' or ')' is wanted here"));
                }
            }
        } else {
            operands.push(self.operand(&named, op)?);
        }
        Ok(Test { field: named.field, op, operands })
    }

    /// The operator that follows, if one does, and whether a list comes after it.
    fn operator(&mut self) -> (Option<Op>, bool) {
        const SIGNS: &[(&str, Op)] = &[
            ("==", Op::Eq),
            ("=", Op::Eq),
            ("!=", Op::Ne),
            ("<=", Op::Le),
            (">=", Op::Ge),
            ("<", Op::Lt),
            (">", Op::Gt),
            ("~", Op::Match),
            ("!~", Op::NoMatch),
        ];
        if let Some((_, op)) = SIGNS.iter().find(|(sign, _)| self.sign(sign)) {
            return (Some(*op), false);
        }
        if self.keyword("has") {
            return (Some(Op::Has), false);
        }
        if self.keyword("in") {
            return (Some(Op::Eq), true);
        }
        if self.keyword("not") {
            if self.keyword("in") {
                return (Some(Op::Ne), true);
            }
            self.next -= 1;
        }
        (None, false)
    }

    fn field(&self, spelled: &'a str, at: Lexeme<'_>) -> Result<Named<'a>, Error> {
        if let Some(row) = fields::ROWS.iter().find(|row| row.name == spelled) {
            return Ok(Named { field: row.field.clone(), of: row.of, spelled, leaves: Vec::new() });
        }
        if let Some(way) = spelled.strip_prefix("arg.") {
            return self.argument(spelled, way, at);
        }
        let hint = if shapes::named(spelled).next().is_some() {
            format!("; the argument is 'arg.{spelled}'")
        } else if Abi::ALL.iter().any(|abi| numbers::number(*abi, spelled).is_some()) {
            format!("; the syscall is 'name == {spelled}'")
        } else {
            nearest(spelled, fields::ROWS.iter().map(|row| row.name).chain(["arg.NAME"]))
        };
        Err(self.wrong(at, format!("there is no field '{spelled}'{hint}")))
    }

    /// `NAME` or `NAME.MEMBER…`, which some call must have.
    fn argument(&self, spelled: &'a str, way: &str, at: Lexeme<'_>) -> Result<Named<'a>, Error> {
        let mut parts = way.split('.').map(str::to_owned);
        let name = parts.next().unwrap_or_default();
        let members: Vec<String> = parts.collect();
        let place = |from: usize, len: usize| Lexeme { at: at.at + from, len, ..at };
        if shapes::named(&name).next().is_none() {
            let names = shapes::signatures().flat_map(|s| s.args.iter().map(|arg| arg.name));
            let text = format!("no argument is called '{name}'{}", nearest(&name, names));
            return Err(self.wrong(place(4, name.len()), text));
        }
        let mut leaves = Vec::new();
        shapes::named(&name).for_each(|kind| shapes::follow(kind, &members, &mut |leaf| leaves.push(leaf)));
        if leaves.is_empty() {
            // The first member that leads nowhere is the one to speak of.
            let mut from = 4 + name.len() + 1;
            for (index, member) in members.iter().enumerate() {
                let mut known = Vec::new();
                shapes::named(&name).for_each(|kind| shapes::below(kind, &members[..index], &mut known));
                if !known.contains(&member.as_str()) {
                    let of = &spelled[..from - 1];
                    let hint = if known.is_empty() {
                        "; it has no members".to_owned()
                    } else {
                        nearest(member, known)
                    };
                    let text = format!("'{of}' has no member called '{member}'{hint}");
                    return Err(self.wrong(place(from, member.len()), text));
                }
                from += member.len() + 1;
            }
            return Err(self.wrong(at, format!("'{spelled}' is a group of values: name one of its members")));
        }
        let memory = shapes::named(&name).any(shapes::in_memory);
        let output = shapes::named(&name).any(shapes::is_output);
        let field = Field::Arg(ArgPath { name, members, memory, output });
        Ok(Named { field, of: Type::Arg, spelled, leaves })
    }
}
