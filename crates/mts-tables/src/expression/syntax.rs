//! What a text says, before it is known what its names stand for.

use std::ops::Range;

use super::error::ExpressionError;
use super::parser;

/// An expression that was parsed; its names and types are not known yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Syntax {
    pub(super) root: Term,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) form: Form,
    pub(super) span: Range<usize>,
    /// Longest way down; a literal has 1.
    pub(super) depth: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    None,
    Boolean(bool),
    /// Above `i64::MAX` only as what `-` stands before.
    Integer(u64),
    Float(f64),
    Text(String),
    /// A column, and fields of it.
    Name(String, Vec<(String, Range<usize>)>),
    Plus(Box<Term>),
    Minus(Box<Term>),
    Not(Box<Term>),
    Arithmetic(Arithmetic, Box<Term>, Box<Term>),
    /// Two or more.
    All(Vec<Term>),
    /// Two or more.
    Any(Vec<Term>),
    /// One more term than comparisons.
    Compare(Vec<Term>, Vec<Comparison>),
    IsNone(Box<Term>),
    /// The first is looked for among the others.
    In(Box<Term>, Vec<Term>),
    /// Values with their conditions, and what stands after the last `else`.
    Cases(Vec<(Term, Term)>, Box<Term>),
    Call(Call),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    pub(super) arguments: Vec<Term>,
    /// How many calls of random functions begin before it.
    pub(super) site: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
}

impl Arithmetic {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::FloorDivide => "//",
            Arithmetic::Modulo => "%",
            Arithmetic::Power => "**",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    Unequal,
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
            Comparison::Equal => "==",
            Comparison::Unequal => "!=",
        }
    }
}

impl Syntax {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// Where it is no expression, or one too long or too deep.
    pub fn parse(text: &str) -> Result<Syntax, ExpressionError> {
        parser::parse(text).map(|root| Syntax { root })
    }

    /// The columns that it reads, each once, as they come in the text.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.names(&mut names);
        names
    }
}

impl Term {
    /// A term over those below it.
    pub(super) fn new(form: Form, span: Range<usize>) -> Term {
        let mut depth = 0;
        form.visit(&mut |below| depth = depth.max(below.depth));
        Term { form, span, depth: depth + 1 }
    }

    fn names<'s>(&'s self, names: &mut Vec<&'s str>) {
        match &self.form {
            Form::Name(name, _) if !names.contains(&name.as_str()) => names.push(name),
            form => form.visit(&mut |below| below.names(names)),
        }
    }
}

impl Form {
    /// Shows the terms directly below, in order of the text.
    fn visit<'s>(&'s self, see: &mut dyn FnMut(&'s Term)) {
        match self {
            Form::None | Form::Boolean(_) | Form::Integer(_) | Form::Float(_) => {}
            Form::Text(_) | Form::Name(..) => {}
            Form::Plus(x) | Form::Minus(x) | Form::Not(x) | Form::IsNone(x) => see(x),
            Form::Arithmetic(_, x, y) => [x, y].into_iter().for_each(|below| see(below)),
            Form::All(terms) | Form::Any(terms) | Form::Compare(terms, _) => terms.iter().for_each(see),
            Form::In(x, items) => {
                see(x);
                items.iter().for_each(see);
            }
            Form::Cases(cases, otherwise) => {
                for (value, condition) in cases {
                    see(value);
                    see(condition);
                }
                see(otherwise);
            }
            Form::Call(call) => call.arguments.iter().for_each(see),
        }
    }
}
