//! Tokens to a tree, by precedence.

use std::ops::Range;

use super::error::{ExpressionError, quoted};
use super::functions;
use super::lexer::{self, Token};
use super::syntax::{Arithmetic, Call, Comparison, Form, Term};

/// The longest text, in bytes.
const LONGEST: usize = 65_536;

/// The most terms.
const TERMS: usize = 10_000;

/// The deepest tree. Every walk over an expression recurses so deep, also on the small stack of a thread.
pub(super) const DEEPEST: usize = 128;

// What binds how tightly, as in Python.
const TERNARY: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const SIGNED: u8 = 7;
const POWER: u8 = 8;

pub(super) fn parse(text: &str) -> Result<Term, ExpressionError> {
    if text.len() > LONGEST {
        let message = format!("the expression has {} bytes; {LONGEST} are allowed", text.len());
        return Err(ExpressionError::new(0..text.len(), message));
    }
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser { tokens: &tokens, level: 0, terms: 0, sites: 0 };
    let term = parser.term(TERNARY)?;
    match parser.peek() {
        (Token::End, _) => Ok(term),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'t> {
    /// Those not read yet; of [`Token::End`] never.
    tokens: &'t [(Token, Range<usize>)],
    level: usize,
    terms: usize,
    sites: u32,
}

type Parsed<T = Term> = Result<T, ExpressionError>;

impl<'t> Parser<'t> {
    fn peek(&self) -> (&'t Token, Range<usize>) {
        match self.tokens {
            [(token, span), ..] => (token, span.clone()),
            [] => (&Token::End, 0..0),
        }
    }

    fn advance(&mut self) {
        if let [_, rest @ ..] = self.tokens
            && !rest.is_empty()
        {
            self.tokens = rest;
        }
    }

    fn sign(&self) -> &'static str {
        if let Token::Sign(sign) = self.peek().0 { sign } else { "" }
    }

    /// Reads this sign, if it is the next.
    fn eat(&mut self, sign: &str) -> bool {
        let next = self.sign() == sign;
        if next {
            self.advance();
        }
        next
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn unexpected(&self, wanted: &str) -> ExpressionError {
        let (token, span) = self.peek();
        let found = match token {
            Token::Integer(_) | Token::Float(_) => "a number".to_owned(),
            Token::Text(_) => "a text".to_owned(),
            Token::Name(name) | Token::Quoted(name) => quoted(name),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        };
        ExpressionError::new(span, format!("expected {wanted}, found {found}"))
    }

    fn make(&mut self, form: Form, span: Range<usize>) -> Parsed {
        self.terms += 1;
        let term = Term::new(form, span);
        if self.terms > TERMS {
            return Err(ExpressionError::new(
                term.span,
                format!("the expression has more than {TERMS} terms"),
            ));
        }
        if term.depth > DEEPEST { Err(too_deep(term.span)) } else { Ok(term) }
    }

    /// A term of operators that bind at least so tightly.
    fn term(&mut self, least: u8) -> Parsed {
        self.level += 1;
        if self.level > DEEPEST {
            return Err(too_deep(self.peek().1));
        }
        let mut left = self.operand(least)?;
        while let Some(next) = self.operator(least) {
            left = match next {
                Operator::Arithmetic(sign, binds) => {
                    self.advance();
                    let right = self.term(binds)?;
                    let span = left.span.start..right.span.end;
                    self.make(Form::Arithmetic(sign, Box::new(left), Box::new(right)), span)?
                }
                Operator::Logic(sign, binds) => {
                    let mut terms = vec![left];
                    while self.eat(sign) {
                        terms.push(self.term(binds)?);
                    }
                    let span = span(&terms);
                    self.make(if sign == "and" { Form::All(terms) } else { Form::Any(terms) }, span)?
                }
                Operator::Comparison => self.comparison(left)?,
                Operator::If => self.cases(left)?,
            };
        }
        self.level -= 1;
        Ok(left)
    }

    /// The operator that comes next, if it binds at least so tightly, and how tightly what stands at its right is
    /// to bind.
    fn operator(&self, least: u8) -> Option<Operator> {
        use Arithmetic::{Add, Divide, FloorDivide, Modulo, Multiply, Power, Subtract};
        let (binds, operator) = match self.sign() {
            "if" => (TERNARY, Operator::If),
            "or" => (OR, Operator::Logic("or", AND)),
            "and" => (AND, Operator::Logic("and", NOT)),
            "in" | "not" | "is" | "<" | "<=" | ">" | ">=" | "==" | "!=" => (COMPARISON, Operator::Comparison),
            "+" => (SUM, Operator::Arithmetic(Add, PRODUCT)),
            "-" => (SUM, Operator::Arithmetic(Subtract, PRODUCT)),
            "*" => (PRODUCT, Operator::Arithmetic(Multiply, SIGNED)),
            "/" => (PRODUCT, Operator::Arithmetic(Divide, SIGNED)),
            "//" => (PRODUCT, Operator::Arithmetic(FloorDivide, SIGNED)),
            "%" => (PRODUCT, Operator::Arithmetic(Modulo, SIGNED)),
            // To the right first: 2 ** 3 ** 2 is 2 ** 9.
            "**" => (POWER, Operator::Arithmetic(Power, SIGNED)),
            _ => return None,
        };
        (binds >= least).then_some(operator)
    }

    fn operand(&mut self, least: u8) -> Parsed {
        let (token, span) = self.peek();
        let form = match token {
            Token::Integer(value) => Form::Integer(*value),
            Token::Float(value) => Form::Float(*value),
            Token::Text(text) => Form::Text(text.clone()),
            Token::Sign("None") => Form::None,
            Token::Name(name) => return self.name(name, span, true),
            Token::Quoted(name) => return self.name(name, span, false),
            Token::Sign("(") => return self.parenthesis(),
            Token::Sign(sign @ ("-" | "+")) => {
                self.advance();
                let of = Box::new(self.term(SIGNED)?);
                let span = span.start..of.span.end;
                return self.make(if *sign == "-" { Form::Minus(of) } else { Form::Plus(of) }, span);
            }
            Token::Sign("not") if least <= NOT => {
                self.advance();
                let of = Box::new(self.term(NOT)?);
                let span = span.start..of.span.end;
                return self.make(Form::Not(of), span);
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.advance();
        self.make(form, span)
    }

    fn parenthesis(&mut self) -> Parsed {
        let start = self.peek().1.start;
        self.advance();
        let mut term = self.term(TERNARY)?;
        if self.sign() == "," {
            let message = "a list of values stands only behind `in`";
            return Err(ExpressionError::new(self.peek().1, message));
        }
        term.span = start..self.peek().1.end;
        self.expect(")")?;
        Ok(term)
    }

    /// A column, a field, a call.
    fn name(&mut self, name: &str, span: Range<usize>, plain: bool) -> Parsed {
        self.advance();
        if plain && self.sign() == "(" {
            return self.call(name, span);
        }
        let mut fields = Vec::new();
        let mut end = span.end;
        while self.eat(".") {
            let (token, field) = self.peek();
            let (Token::Name(below) | Token::Quoted(below)) = token else {
                return Err(self.unexpected("the name of a field"));
            };
            self.advance();
            if self.sign() == "(" {
                let error =
                    ExpressionError::new(field, format!("{} is not called with a dot", quoted(below)));
                return Err(error.hint(format!("write `{below}(…)`")));
            }
            end = field.end;
            fields.push((below.clone(), field));
        }
        let form = match name {
            "True" | "true" if plain && fields.is_empty() => Form::Boolean(true),
            "False" | "false" if plain && fields.is_empty() => Form::Boolean(false),
            _ => Form::Name(name.to_owned(), fields),
        };
        self.make(form, span.start..end)
    }

    fn call(&mut self, name: &str, name_span: Range<usize>) -> Parsed {
        let site = self.sites;
        if functions::find(name).is_some_and(|function| function.draws()) {
            self.sites += 1;
        }
        self.advance();
        let (arguments, end) = self.list(")")?;
        let span = name_span.start..end;
        let call = Call { name: name.to_owned(), name_span, arguments, site };
        self.make(Form::Call(call), span)
    }

    /// Values up to the closing sign, and where that ends.
    fn list(&mut self, close: &str) -> Parsed<(Vec<Term>, usize)> {
        let mut items = Vec::new();
        loop {
            let end = self.peek().1.end;
            if self.eat(close) {
                return Ok((items, end));
            }
            items.push(self.term(TERNARY)?);
            if self.sign() != close && !self.eat(",") {
                return Err(self.unexpected(&format!("`,` or `{close}`")));
            }
        }
    }

    fn comparison(&mut self, left: Term) -> Parsed {
        let start = left.span.start;
        let mut terms = vec![left];
        let mut signs = Vec::new();
        loop {
            use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, Unequal};
            let sign = match self.sign() {
                "<" => Less,
                "<=" => LessEqual,
                ">" => Greater,
                ">=" => GreaterEqual,
                "==" => Equal,
                "!=" => Unequal,
                "in" | "not" | "is" if signs.is_empty() => break,
                "in" | "not" | "is" => return Err(self.mixed()),
                _ => {
                    let span = span(&terms);
                    return self.make(Form::Compare(terms, signs), span);
                }
            };
            self.advance();
            terms.push(self.term(SUM)?);
            signs.push(sign);
        }
        // Of `in` and `is` one, without others beside it.
        let left = Box::new(terms.swap_remove(0));
        let (form, negated, end) = if self.eat("is") {
            let negated = self.eat("not");
            let end = self.peek().1.end;
            if !self.eat("None") {
                let error = self.unexpected("`None` behind `is`");
                return Err(error.hint("write `==` to compare values"));
            }
            (Form::IsNone(left), negated, end)
        } else {
            let negated = self.eat("not");
            self.expect("in")?;
            let close = match self.sign() {
                "(" => ")",
                "[" => "]",
                _ => {
                    let error = self.unexpected("a list in parentheses behind `in`");
                    return Err(error.hint("`contains(text, part)` looks into a text"));
                }
            };
            let open = self.peek().1.start;
            self.advance();
            let (items, end) = self.list(close)?;
            if items.is_empty() {
                return Err(ExpressionError::new(open..end, "the list behind `in` is empty"));
            }
            (Form::In(left, items), negated, end)
        };
        let term = self.make(form, start..end)?;
        if matches!(self.operator(COMPARISON), Some(Operator::Comparison)) {
            return Err(self.mixed());
        }
        if negated { self.make(Form::Not(Box::new(term)), start..end) } else { Ok(term) }
    }

    fn mixed(&self) -> ExpressionError {
        let message = format!("`{}` does not continue a chain of comparisons", self.sign());
        ExpressionError::new(self.peek().1, message).hint("put one of them in parentheses")
    }

    fn cases(&mut self, first: Term) -> Parsed {
        let start = first.span.start;
        let mut cases = Vec::new();
        let mut value = first;
        while self.eat("if") {
            let condition = self.term(OR)?;
            self.expect("else")?;
            cases.push((value, condition));
            value = self.term(OR)?;
        }
        let span = start..value.span.end;
        self.make(Form::Cases(cases, Box::new(value)), span)
    }
}

enum Operator {
    Arithmetic(Arithmetic, u8),
    Logic(&'static str, u8),
    Comparison,
    If,
}

fn span(terms: &[Term]) -> Range<usize> {
    let ends = |term: &Term| term.span.end;
    terms.first().map_or(0, |term| term.span.start)..terms.last().map_or(0, ends)
}

fn too_deep(span: Range<usize>) -> ExpressionError {
    ExpressionError::new(span, format!("the expression is nested more than {DEEPEST} deep"))
}
