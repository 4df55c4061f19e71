//! Expressions of C and Rust over the program's values: parsed once, evaluated as often as a breakpoint is hit.
//!
//! Pure: names, memory and registers come from a [`Target`](super::value::Target).

pub mod arith;
pub mod eval;
pub mod lex;
pub mod parse;

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `&`
    And,
    /// `^`
    Xor,
    /// `|`
    Or,
    /// `&&`
    Both,
    /// `||`
    Either,
    /// gdb's `@`: so many elements from here.
    Repeat,
}

/// An operator before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `-`
    Minus,
    /// `!`
    Not,
    /// `~`
    Complement,
    /// `*`
    Deref,
    /// `&`
    Address,
    /// `sizeof`
    Size,
}

/// The name of a type in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// Without pointers; C's tags as `struct NAME`.
    pub base: String,
    /// How many pointers to it.
    pub pointers: u32,
    /// Elements, for an array.
    pub count: Option<u64>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A whole number, with what stands behind it (`u`, `l`, `i64`).
    Integer(i128, String),
    /// A number with a point.
    Float(f64),
    /// A character.
    Character(char),
    /// A text.
    Text(String),
    /// A truth, as Rust and C++ spell it.
    Truth(bool),
    /// A variable or a function.
    Name(String),
    /// A register, a value of the history, or a variable of the console.
    Dollar(String),
    /// An operator and its value.
    Unary(Unary, Box<Expr>),
    /// An operator between two values.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// A choice.
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A new value for something, perhaps made of its old one.
    Assign(Option<Binary>, Box<Expr>, Box<Expr>),
    /// A field.
    Field(Box<Expr>, String),
    /// An element.
    Index(Box<Expr>, Box<Expr>),
    /// A value as another type.
    Cast(TypeName, Box<Expr>),
    /// The size of a type.
    SizeOf(TypeName),
    /// A type by itself, for `ptype` and `whatis`.
    Type(TypeName),
}

impl Expr {
    /// Whether evaluating it may change the program.
    pub fn changes(&self) -> bool {
        match self {
            Self::Assign(..) => true,
            Self::Unary(_, one) | Self::Field(one, _) | Self::Cast(_, one) => one.changes(),
            Self::Binary(_, one, two) | Self::Index(one, two) => one.changes() || two.changes(),
            Self::Choice(one, two, three) => one.changes() || two.changes() || three.changes(),
            _ => false,
        }
    }
}
