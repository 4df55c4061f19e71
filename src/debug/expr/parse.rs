//! From text to [`Expr`], with C's precedence and Rust's `as`.
//!
//! What a name in brackets is (a type or a variable) is asked of the caller; everything else is in the text.

use super::lex::{Lexer, Token};
use super::{Binary, Expr, TypeName, Unary};
use crate::debug::error::{Error, Result};

/// Brackets inside brackets; a person types few.
const MOST_DEPTH: u32 = 200;

/// Operators between two values, by how tightly they bind.
const BINARY: &[(&str, u8, Binary)] = &[
    ("@", 11, Binary::Repeat),
    ("*", 10, Binary::Mul),
    ("/", 10, Binary::Div),
    ("%", 10, Binary::Rem),
    ("+", 9, Binary::Add),
    ("-", 9, Binary::Sub),
    ("<<", 8, Binary::Shl),
    (">>", 8, Binary::Shr),
    ("<", 7, Binary::Less),
    ("<=", 7, Binary::LessEqual),
    (">", 7, Binary::Greater),
    (">=", 7, Binary::GreaterEqual),
    ("==", 6, Binary::Equal),
    ("!=", 6, Binary::NotEqual),
    ("&", 5, Binary::And),
    ("^", 4, Binary::Xor),
    ("|", 3, Binary::Or),
    ("&&", 2, Binary::Both),
    ("||", 1, Binary::Either),
];

/// Operators that change the value before them.
const ASSIGN: &[(&str, Option<Binary>)] = &[
    ("=", None),
    ("+=", Some(Binary::Add)),
    ("-=", Some(Binary::Sub)),
    ("*=", Some(Binary::Mul)),
    ("/=", Some(Binary::Div)),
    ("%=", Some(Binary::Rem)),
    ("&=", Some(Binary::And)),
    ("|=", Some(Binary::Or)),
    ("^=", Some(Binary::Xor)),
    ("<<=", Some(Binary::Shl)),
    (">>=", Some(Binary::Shr)),
];

/// Words of which C's types are made.
const TYPE_WORDS: &[&str] = &[
    "int", "char", "long", "short", "unsigned", "signed", "float", "double", "void", "bool", "_Bool",
    "const", "volatile", "struct", "union", "enum", "class", "__int128",
];
/// Rust's types.
const RUST_TYPES: &[&str] =
    &["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64"];

struct Parser<'a, 'f> {
    lexer: Lexer<'a>,
    next: Token,
    /// Where the next word begins.
    from: &'a str,
    is_type: &'f dyn Fn(&str) -> bool,
    depth: u32,
}

/// Parses a whole text. `is_type` says whether a name is a type and no variable.
///
/// # Errors
/// [`Error::Syntax`].
pub fn parse(text: &str, is_type: &dyn Fn(&str) -> bool) -> Result<Expr> {
    let (expr, rest) = parse_head(text, is_type)?;
    if rest.trim().is_empty() { Ok(expr) } else { Err(Error::Syntax(rest.trim().to_owned())) }
}

/// Parses an expression at the head of a text; the rest comes back.
///
/// # Errors
/// [`Error::Syntax`].
pub fn parse_head<'a>(text: &'a str, is_type: &dyn Fn(&str) -> bool) -> Result<(Expr, &'a str)> {
    let mut parser = Parser { lexer: Lexer::new(text), next: Token::End, from: text, is_type, depth: 0 };
    parser.step();
    let expr = match parser.bare_type() {
        Some(ty) => Expr::Type(ty),
        None => parser.assignment()?,
    };
    Ok((expr, parser.from))
}

impl Parser<'_, '_> {
    fn step(&mut self) -> Token {
        self.from = self.lexer.rest();
        let next = self.lexer.token();
        std::mem::replace(&mut self.next, next)
    }

    fn wrong<T>(&self) -> Result<T> {
        Err(Error::Syntax(self.from.trim().to_owned()))
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.next, Token::Sign(next) if next == sign);
        if found {
            self.step();
        }
        found
    }

    fn demand(&mut self, sign: &str) -> Result<()> {
        if self.accept(sign) { Ok(()) } else { self.wrong() }
    }

    /// The whole text as a type, where it is one.
    fn bare_type(&mut self) -> Option<TypeName> {
        let before = (self.lexer.clone(), self.next.clone(), self.from);
        if self.begins_type()
            && let Ok(ty) = self.type_name()
            && self.next == Token::End
        {
            return Some(ty);
        }
        (self.lexer, self.next, self.from) = before;
        None
    }

    fn begins_type(&self) -> bool {
        match &self.next {
            Token::Name(name) => {
                TYPE_WORDS.contains(&name.as_str())
                    || RUST_TYPES.contains(&name.as_str())
                    || (self.is_type)(name)
            }
            _ => false,
        }
    }

    /// C's `struct point *` and Rust's `*const T`.
    fn type_name(&mut self) -> Result<TypeName> {
        let mut pointers = 0;
        while matches!(self.next, Token::Sign("*" | "&")) {
            self.step();
            pointers += 1;
            if matches!(&self.next, Token::Name(word) if word == "const" || word == "mut") {
                self.step();
            }
        }
        let mut words: Vec<String> = Vec::new();
        while let Token::Name(name) = &self.next {
            let known = TYPE_WORDS.contains(&name.as_str());
            let tag = matches!(words.last().map(String::as_str), Some("struct" | "union" | "enum" | "class"));
            if !known && !words.is_empty() && !tag {
                break;
            }
            let name = name.clone();
            self.step();
            if name != "const" && name != "volatile" {
                words.push(name);
            }
            if tag || !known {
                break;
            }
        }
        if words.is_empty() {
            return self.wrong();
        }
        while matches!(self.next, Token::Sign("*")) || matches!(&self.next, Token::Name(n) if n == "const") {
            pointers += u32::from(self.step() == Token::Sign("*"));
        }
        let mut count = None;
        if matches!(self.next, Token::Sign("[")) {
            self.step();
            let Token::Integer(number, _) = self.step() else { return self.wrong() };
            count = u64::try_from(number).ok();
            self.demand("]")?;
        }
        Ok(TypeName { base: base(&words), pointers, count })
    }

    fn assignment(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(Error::says("The expression is nested too deeply."));
        }
        let left = self.choice()?;
        let assign = match &self.next {
            Token::Sign(sign) => ASSIGN.iter().find(|(known, _)| known == sign),
            _ => None,
        };
        let result = match assign {
            Some((_, operator)) => {
                self.step();
                let right = self.assignment()?;
                Expr::Assign(*operator, left.into(), right.into())
            }
            None => left,
        };
        self.depth -= 1;
        Ok(result)
    }

    fn choice(&mut self) -> Result<Expr> {
        let condition = self.binary(1)?;
        if !self.accept("?") {
            return Ok(condition);
        }
        let yes = self.assignment()?;
        self.demand(":")?;
        let no = self.assignment()?;
        Ok(Expr::Choice(condition.into(), yes.into(), no.into()))
    }

    fn binary(&mut self, least: u8) -> Result<Expr> {
        let mut left = self.unary()?;
        loop {
            if matches!(&self.next, Token::Name(word) if word == "as") {
                self.step();
                let ty = self.type_name()?;
                left = Expr::Cast(ty, left.into());
                continue;
            }
            let Token::Sign(sign) = &self.next else { return Ok(left) };
            let Some((_, binds, operator)) = BINARY.iter().find(|(known, _, _)| known == sign) else {
                return Ok(left);
            };
            if *binds < least {
                return Ok(left);
            }
            self.step();
            let right = self.binary(binds + 1)?;
            left = Expr::Binary(*operator, left.into(), right.into());
        }
    }

    fn unary(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(Error::says("The expression is nested too deeply."));
        }
        let result = self.unary_inner();
        self.depth -= 1;
        result
    }

    fn unary_inner(&mut self) -> Result<Expr> {
        let operator = match &self.next {
            Token::Sign("-") => Some(Unary::Minus),
            Token::Sign("!") => Some(Unary::Not),
            Token::Sign("~") => Some(Unary::Complement),
            Token::Sign("*") => Some(Unary::Deref),
            Token::Sign("&") => Some(Unary::Address),
            _ => None,
        };
        if let Some(operator) = operator {
            self.step();
            return Ok(Expr::Unary(operator, self.unary()?.into()));
        }
        if self.accept("+") {
            return self.unary();
        }
        if matches!(&self.next, Token::Name(word) if word == "sizeof") {
            self.step();
            return self.size();
        }
        self.postfix()
    }

    fn size(&mut self) -> Result<Expr> {
        if self.accept("(") {
            if self.begins_type() {
                let ty = self.type_name()?;
                self.demand(")")?;
                return Ok(Expr::SizeOf(ty));
            }
            let inner = self.assignment()?;
            self.demand(")")?;
            return Ok(Expr::Unary(Unary::Size, inner.into()));
        }
        Ok(Expr::Unary(Unary::Size, self.unary()?.into()))
    }

    fn postfix(&mut self) -> Result<Expr> {
        let mut value = self.primary()?;
        loop {
            match &self.next {
                Token::Sign("[") => {
                    self.step();
                    let index = self.assignment()?;
                    self.demand("]")?;
                    value = Expr::Index(value.into(), index.into());
                }
                Token::Sign("." | "->") => {
                    let Some(name) = self.lexer.field() else {
                        self.step();
                        return self.wrong();
                    };
                    self.step();
                    value = Expr::Field(value.into(), name);
                }
                // `t.0` as the lexer sees it behind a name: a number that begins with a point.
                Token::Float(_) if self.from.trim_start().starts_with('.') => {
                    let text = self.from.trim_start();
                    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
                    for part in text[1..end].split('.') {
                        value = Expr::Field(value.into(), part.to_owned());
                    }
                    self.lexer = Lexer::new(&text[end..]);
                    self.step();
                }
                Token::Sign("(") if matches!(value, Expr::Name(_)) => {
                    return Err(Error::says("Functions of the program cannot be called."));
                }
                _ => return Ok(value),
            }
        }
    }

    fn primary(&mut self) -> Result<Expr> {
        if self.accept("(") {
            if self.begins_type() {
                let ty = self.type_name()?;
                self.demand(")")?;
                return Ok(Expr::Cast(ty, self.unary()?.into()));
            }
            let inner = self.assignment()?;
            self.demand(")")?;
            return Ok(inner);
        }
        let from = self.from;
        Ok(match self.step() {
            Token::Integer(value, suffix) => Expr::Integer(value, suffix),
            Token::Float(value) => Expr::Float(value),
            Token::Character(value) => Expr::Character(value),
            Token::Text(value) => Expr::Text(value),
            Token::Name(name) if name == "true" => Expr::Truth(true),
            Token::Name(name) if name == "false" => Expr::Truth(false),
            Token::Name(name) => Expr::Name(name),
            Token::Dollar(name) => Expr::Dollar(name),
            _ => return Err(Error::Syntax(from.trim().to_owned())),
        })
    }
}

/// One spelling for C's many: `long unsigned int` is `unsigned long`.
fn base(words: &[String]) -> String {
    let first = words.first().map_or("", String::as_str);
    if matches!(first, "struct" | "union" | "enum" | "class") {
        let word = if first == "class" { "struct" } else { first };
        return format!("{word} {}", words.get(1).map_or("", String::as_str));
    }
    let has = |word: &str| words.iter().any(|w| w == word);
    let long = words.iter().filter(|word| *word == "long").count();
    let unsigned = if has("unsigned") { "unsigned " } else { "" };
    let kind = if has("char") {
        if has("signed") { return "signed char".into() } else { "char" }
    } else if has("double") {
        return if long > 0 { "long double".into() } else { "double".into() };
    } else if has("short") {
        "short"
    } else if has("__int128") {
        "__int128"
    } else if long > 1 {
        "long long"
    } else if long == 1 {
        "long"
    } else if has("int") || has("unsigned") || has("signed") {
        "int"
    } else {
        return words.join(" ");
    };
    format!("{unsigned}{kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        fn show(expr: &Expr) -> String {
            match expr {
                Expr::Integer(value, suffix) => format!("{value}{suffix}"),
                Expr::Float(value) => format!("{value}"),
                Expr::Character(value) => format!("{value:?}"),
                Expr::Text(value) => format!("{value:?}"),
                Expr::Truth(value) => value.to_string(),
                Expr::Name(name) => name.clone(),
                Expr::Dollar(name) => format!("${name}"),
                Expr::Unary(operator, one) => format!("({operator:?} {})", show(one)),
                Expr::Binary(operator, one, two) => format!("({operator:?} {} {})", show(one), show(two)),
                Expr::Choice(a, b, c) => format!("({} ? {} : {})", show(a), show(b), show(c)),
                Expr::Assign(operator, one, two) => format!("(set {operator:?} {} {})", show(one), show(two)),
                Expr::Field(one, name) => format!("{}.{name}", show(one)),
                Expr::Index(one, two) => format!("{}[{}]", show(one), show(two)),
                Expr::Cast(ty, one) => {
                    format!("(cast {}{} {})", ty.base, "*".repeat(ty.pointers as usize), show(one))
                }
                Expr::SizeOf(ty) | Expr::Type(ty) => {
                    format!("<{}{}>", ty.base, "*".repeat(ty.pointers as usize))
                }
            }
        }
        match parse(text, &|name| name == "word_t") {
            Ok(expr) => show(&expr),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn precedence_and_forms() {
        for (text, wanted) in [
            ("1 + 2 * 3", "(Add 1 (Mul 2 3))"),
            ("a == 5 && b != 0x1f", "(Both (Equal a 5) (NotEqual b 31))"),
            ("*p->next.list[2]", "(Deref p.next.list[2])"),
            ("t.0.1 + x.2", "(Add t.0.1 x.2)"),
            ("&a[1] - b", "(Sub (Address a[1]) b)"),
            ("-x * ~y", "(Mul (Minus x) (Complement y))"),
            ("(long unsigned int)x + 1", "(Add (cast unsigned long x) 1)"),
            ("(struct point *)$rax", "(cast struct point* $rax)"),
            ("(word_t) - 1", "(cast word_t (Minus 1))"),
            ("(count) - 1", "(Sub count 1)"),
            ("x as u8 + 1", "(Add (cast u8 x) 1)"),
            ("p as *const i32", "(cast i32* p)"),
            ("a = b += 2", "(set None a (set Some(Add) b 2))"),
            ("x > 1 ? 'a' : '\\n'", "((Greater x 1) ? 'a' : '\\n')"),
            ("sizeof(struct point) / sizeof x", "(Div <struct point> (Size x))"),
            ("arr[0]@3", "(Repeat arr[0] 3)"),
            ("prog::COUNT", "prog::COUNT"),
            ("unsigned char", "<unsigned char>"),
            ("1.5e3", "1500"),
            ("010", "8"),
            ("name == \"a\\\"b\"", "(Equal name \"a\\\"b\")"),
            ("$", "$"),
            ("$1", "$1"),
            ("1 +", "A syntax error in expression, near `'."),
            ("1 + )", "A syntax error in expression, near `)'."),
            ("a b", "A syntax error in expression, near `b'."),
            ("f(1)", "Functions of the program cannot be called."),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(shown(&"(".repeat(100_000)).contains("too deeply"));
        assert!(shown(&"-".repeat(100_000)).contains("too deeply"));
    }
}
