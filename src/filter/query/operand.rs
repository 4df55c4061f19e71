//! What a field is compared with: numbers, strings, constants, names, checked against the tables.

use regex::bytes::RegexBuilder;
use syscall_tables::abi::{Abi, numbers};
use syscall_tables::class::Class;
use syscall_tables::errno;
use syscall_tables::uring;

use super::ast::{Constant, Net, Op, Operand};
use super::error::{Error, nearest};
use super::fields::Type;
use super::lex::{Lexeme, Token};
use super::parse::{Named, Parser};
use super::shapes;

/// Units of time and their nanoseconds.
const UNITS: &[(&str, u64)] = &[("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

/// Other names of error numbers.
const ERRNO_ALIASES: &[(&str, &str)] =
    &[("EWOULDBLOCK", "EAGAIN"), ("EDEADLOCK", "EDEADLK"), ("ENOTSUP", "EOPNOTSUPP")];

impl Parser<'_> {
    pub(super) fn operand(&mut self, named: &Named<'_>, op: Op) -> Result<Operand, Error> {
        let word = self.take();
        if matches!(op, Op::Match | Op::NoMatch) {
            return self.regex(named, word);
        }
        match named.of {
            Type::Name => self.call_name(word),
            Type::Class => self.class(word),
            Type::Abi => self.abi(word),
            Type::Number => self.plain_number(named, word),
            Type::Duration => self.duration(word),
            Type::Errno => self.errno(word),
            Type::Text => self.text(word),
            Type::Net => self.net(word),
            Type::Arg => self.value(named, op, word),
            // A field that is compared with nothing never comes here.
            Type::Bool => Err(self.wrong(word, "no value is wanted here")),
        }
    }

    fn regex(&self, named: &Named<'_>, word: Lexeme<'_>) -> Result<Operand, Error> {
        let Token::Text(raw) = word.token else {
            return Err(self.wrong(word, "a regular expression in quotes is wanted here"));
        };
        if named.of == Type::Arg && !named.leaves.iter().any(|leaf| leaf.is_text()) {
            let text = format!("'{}' is no string: ~ and !~ are for strings", named.spelled);
            return Err(self.wrong(word, text));
        }
        let pattern = raw.replace("\\\"", "\"");
        let built = RegexBuilder::new(&pattern).unicode(false).build();
        let regex = built.map_err(|error| {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            self.wrong(word, format!("this regular expression does not compile: {why}"))
        })?;
        if named.of == Type::Name && !call_names().any(|name| regex.is_match(name.as_bytes())) {
            return Err(self.wrong(word, "no syscall has a name like this"));
        }
        Ok(Operand::Regex(regex))
    }

    fn call_name(&self, word: Lexeme<'_>) -> Result<Operand, Error> {
        let (Token::Word(name) | Token::Text(name)) = word.token else {
            return Err(self.wrong(word, "the name of a syscall is wanted here"));
        };
        if !call_names().any(|known| known == name) {
            let text = format!("no syscall is called '{name}'{}", nearest(name, call_names()));
            return Err(self.wrong(word, text));
        }
        Ok(Operand::Text(name.as_bytes().to_vec()))
    }

    fn class(&self, word: Lexeme<'_>) -> Result<Operand, Error> {
        let (Token::Word(name) | Token::Text(name)) = word.token else {
            return Err(self.wrong(word, "the name of a class is wanted here, file for example"));
        };
        let class = Class::named(name).or_else(|| Class::named(&format!("%{name}")));
        class.map(Operand::Class).ok_or_else(|| {
            let names = Class::names().map(|(name, _)| name.trim_start_matches('%'));
            self.wrong(word, format!("no class is called '{name}'{}", nearest(name, names)))
        })
    }

    fn abi(&self, word: Lexeme<'_>) -> Result<Operand, Error> {
        let (Token::Word(name) | Token::Text(name)) = word.token else {
            return Err(self.wrong(word, "x86_64 or i386 is wanted here"));
        };
        let abi = Abi::ALL.into_iter().find(|abi| abi.display_name() == name);
        abi.map(Operand::Abi).ok_or_else(|| {
            let names = Abi::ALL.iter().map(|abi| abi.display_name());
            self.wrong(word, format!("no ABI is called '{name}'{}", nearest(name, names)))
        })
    }

    fn errno(&self, word: Lexeme<'_>) -> Result<Operand, Error> {
        let name = match word.token {
            Token::Number(_) => return Ok(Operand::Number(self.number(word)?)),
            Token::Word(name) | Token::Text(name) => name,
            _ => return Err(self.wrong(word, "the name of an error is wanted here, ENOENT for example")),
        };
        let plain = ERRNO_ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, plain)| plain);
        errno::number(plain).map(|code| Operand::Number(code.into())).ok_or_else(|| {
            let names = (1..600).filter_map(errno::name);
            self.wrong(word, format!("no error is called '{name}'{}", nearest(name, names)))
        })
    }

    fn text(&self, word: Lexeme<'_>) -> Result<Operand, Error> {
        match word.token {
            Token::Text(raw) => Ok(Operand::Text(self.unescaped(word, raw)?)),
            Token::Word(plain) | Token::Number(plain) => Ok(Operand::Text(plain.as_bytes().to_vec())),
            _ => Err(self.wrong(word, "a string in quotes is wanted here")),
        }
    }

    fn net(&self, word: Lexeme<'_>) -> Result<Operand, Error> {
        let (Token::Text(text) | Token::Word(text) | Token::Number(text)) = word.token else {
            return Err(self.wrong(word, "an address or a network in quotes is wanted here, \"10.0.0.0/8\""));
        };
        Net::parse(text).map(Operand::Net).ok_or_else(|| {
            self.wrong(word, format!("'{text}' is no IP address and no network such as \"10.0.0.0/8\""))
        })
    }

    fn plain_number(&self, named: &Named<'_>, word: Lexeme<'_>) -> Result<Operand, Error> {
        let value = self.number(word)?;
        if named.spelled.starts_with("arg") && value < 0 {
            let text = format!(
                "'{0}' is a bare register, which is never negative: name the argument (arg.fd == -1), or write \
                 its bits (0xffffffff)",
                named.spelled
            );
            return Err(self.wrong(word, text));
        }
        Ok(Operand::Number(value))
    }

    fn duration(&self, word: Lexeme<'_>) -> Result<Operand, Error> {
        let wanted = "a time with its unit is wanted here: ns, us, ms or s, for example 10ms";
        let Token::Number(text) = word.token else { return Err(self.wrong(word, wanted)) };
        let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(split);
        let unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, ns)| *ns);
        let unit = unit.or_else(|| (digits == "0").then_some(1));
        let value = digits.parse::<f64>().ok().filter(|value| value.is_finite() && value.abs() < 1e9);
        match (unit, value) {
            (Some(unit), Some(value)) => Ok(Operand::Number((value * unit as f64).round() as i128)),
            _ => Err(self.wrong(word, wanted)),
        }
    }

    /// Decimal, `0x…` or `0…`.
    fn number(&self, word: Lexeme<'_>) -> Result<i128, Error> {
        let wrong = || self.wrong(word, "a number is wanted here: 10, 0x1f or 0755");
        let Token::Number(text) = word.token else { return Err(wrong()) };
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let digits = digits.replace('_', "");
        let value = if let Some(hex) = digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
            u64::from_str_radix(hex, 16)
        } else if let Some(octal) = digits.strip_prefix("0o") {
            u64::from_str_radix(octal, 8)
        } else if digits.len() > 1 && digits.starts_with('0') {
            u64::from_str_radix(&digits, 8)
        } else {
            digits.parse()
        };
        let value = i128::from(value.map_err(|_| wrong())?);
        Ok(if negative { -value } else { value })
    }

    /// What an argument is compared with: a number, a string, or constants joined by `|`.
    fn value(&mut self, named: &Named<'_>, op: Op, word: Lexeme<'_>) -> Result<Operand, Error> {
        if let Token::Text(raw) = word.token {
            if !named.leaves.iter().any(|leaf| leaf.is_text()) {
                let text = format!("'{}' is no string: write its value without quotes", named.spelled);
                return Err(self.wrong(word, text));
            }
            return Ok(Operand::Text(self.unescaped(word, raw)?));
        }
        if !named.leaves.iter().any(|leaf| leaf.is_number()) {
            let text = format!("'{}' is a string: put what it is compared with in quotes", named.spelled);
            return Err(self.wrong(word, text));
        }
        if matches!(word.token, Token::Number(_)) && op != Op::Has && !self.bar_follows() {
            return Ok(Operand::Number(self.number(word)?));
        }
        let mut constant = Constant { names: Vec::new(), bits: 0 };
        let mut part = word;
        loop {
            match part.token {
                Token::Number(_) => {
                    let bits = self.number(part)?;
                    constant.bits |=
                        u64::try_from(bits).map_err(|_| self.wrong(part, "bits are not negative"))?;
                }
                Token::Word(name) => {
                    self.known(named, name, part)?;
                    constant.names.push(name.to_owned());
                }
                _ => return Err(self.wrong(part, "a number, a string or a constant is wanted here")),
            }
            if !self.sign("|") {
                break;
            }
            part = self.take();
        }
        self.together(named, &constant, word)?;
        Ok(Operand::Constant(constant))
    }

    fn bar_follows(&self) -> bool {
        self.peek().token == Token::Sign("|")
    }

    /// Refuses a constant that no call has there.
    fn known(&self, named: &Named<'_>, name: &str, at: Lexeme<'_>) -> Result<(), Error> {
        if named.leaves.iter().any(|leaf| leaf.has_constant(name)) {
            return Ok(());
        }
        let mut names = Vec::new();
        named.leaves.iter().for_each(|leaf| leaf.constants(|known| names.push(known)));
        let quotes = named.leaves.iter().any(|leaf| leaf.is_text());
        let near = nearest(name, names.iter().copied());
        let hint = if near.is_empty() && quotes { "; strings stand in quotes" } else { &near };
        Err(self.wrong(at, format!("no value of '{}' is called '{name}'{hint}", named.spelled)))
    }

    /// Refuses constants that are never found in one set together.
    fn together(&self, named: &Named<'_>, constant: &Constant, at: Lexeme<'_>) -> Result<(), Error> {
        let all = |leaf: &shapes::Leaf| constant.names.iter().all(|name| leaf.has_constant(name));
        if constant.names.is_empty() || named.leaves.iter().any(all) {
            return Ok(());
        }
        let names = constant.names.join(" and ");
        Err(self.wrong(at, format!("no call has {names} together in '{}'", named.spelled)))
    }

    /// The bytes of a string: `\n`, `\t`, `\r`, `\0`, `\xHH`, and any other character for itself.
    fn unescaped(&self, word: Lexeme<'_>, raw: &str) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(raw.len());
        let mut rest = raw.chars();
        while let Some(c) = rest.next() {
            if c != '\\' {
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            match rest.next() {
                Some('n') => bytes.push(b'\n'),
                Some('t') => bytes.push(b'\t'),
                Some('r') => bytes.push(b'\r'),
                Some('0') => bytes.push(0),
                Some('x') => {
                    let digits: String = rest.by_ref().take(2).collect();
                    let byte = u8::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 2);
                    bytes.push(byte.ok_or_else(|| self.wrong(word, "two hexadecimal digits follow \\x"))?);
                }
                Some(other) => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
                None => bytes.push(b'\\'),
            }
        }
        Ok(bytes)
    }
}

/// Every name that a call may be printed with.
fn call_names() -> impl Iterator<Item = &'static str> {
    let numbered = Abi::ALL.into_iter().flat_map(|abi| numbers::names(abi).map(|(_, name)| name));
    let titles = uring::TITLES.iter().map(|(_, title)| *title);
    numbered.chain(shapes::signatures().map(|signature| signature.name)).chain(titles)
}
