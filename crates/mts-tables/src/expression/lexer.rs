//! Text to tokens.

use std::ops::Range;

use super::error::{ExpressionError, quoted};

/// What a text is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Integer(u64),
    Float(f64),
    Text(String),
    /// A word that is no keyword.
    Name(String),
    /// A name between backquotes: never a function.
    Quoted(String),
    /// A keyword, or signs.
    Sign(&'static str),
    End,
}

/// Longer ones first, where one begins with another.
const SIGNS: [&str; 19] =
    ["**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]", ",", "."];

const KEYWORDS: [&str; 8] = ["and", "or", "not", "if", "else", "in", "is", "None"];

/// Signs of other languages, and what they are called here.
const FOREIGN: [(&str, &str); 8] = [
    ("&&", "and"),
    ("||", "or"),
    ("<>", "!="),
    ("&", "and"),
    ("|", "or"),
    ("!", "not"),
    ("=", "=="),
    ("?", "a if condition else b"),
];

/// All tokens with their places, the last of them [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, ExpressionError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let rest = lexer.rest();
        lexer.at += rest.len() - rest.trim_start().len();
        let start = lexer.at;
        let token = lexer.token()?;
        let end = token == Token::End;
        tokens.push((token, start..lexer.at));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Moves behind all characters that fit.
    fn run(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let run = &rest[..rest.find(|c| !fits(c)).unwrap_or(rest.len())];
        self.at += run.len();
        run
    }

    fn token(&mut self) -> Result<Token, ExpressionError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        let second = rest.chars().nth(1);
        match first {
            '0'..='9' => self.number(),
            '.' if second.is_some_and(|c| c.is_ascii_digit()) => self.number(),
            '\'' | '"' => self.string(first).map(Token::Text),
            '`' => self.quoted(),
            c if c == '_' || c.is_alphabetic() => Ok(self.word()),
            _ => self.sign(first),
        }
    }

    fn word(&mut self) -> Token {
        let word = self.run(|c| c == '_' || c.is_alphanumeric());
        match KEYWORDS.into_iter().find(|known| *known == word) {
            Some(keyword) => Token::Sign(keyword),
            None if word == "null" => Token::Sign("None"),
            None => Token::Name(word.to_owned()),
        }
    }

    fn sign(&mut self, first: char) -> Result<Token, ExpressionError> {
        let rest = self.rest();
        if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        let foreign = FOREIGN.into_iter().find(|(sign, _)| rest.starts_with(sign));
        let found = foreign.map_or(first.to_string(), |(sign, _)| sign.to_owned());
        let span = self.at..self.at + found.len();
        let error = ExpressionError::new(span, format!("{} has no meaning here", quoted(&found)));
        Err(match foreign {
            Some((_, here)) => error.hint(format!("write `{here}`")),
            None => error,
        })
    }

    fn number(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        let digit = |c: char| c.is_ascii_digit() || c == '_';
        self.run(digit);
        let mut whole = true;
        if self.rest().starts_with('.') {
            whole = false;
            self.at += 1;
            self.run(digit);
        }
        let after =
            self.rest().strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        if let Some(after) = after.filter(|after| after.starts_with(|c: char| c.is_ascii_digit())) {
            whole = false;
            self.at = self.text.len() - after.len();
            self.run(digit);
        }
        let tail = self.run(|c| c == '_' || c.is_alphanumeric());
        let written = &self.text[start..self.at];
        let refuse = |why: &str| ExpressionError::new(start..self.at, format!("{} {why}", quoted(written)));
        // As in Python, an underscore stands between two digits.
        let misplaced = written
            .match_indices('_')
            .any(|(at, _)| !written[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
        if !tail.is_empty() || misplaced || written.contains("._") {
            return Err(refuse("is no number"));
        }
        let digits = written.replace('_', "");
        if whole {
            return digits.parse().map(Token::Integer).map_err(|_| refuse("does not fit 64 bits"));
        }
        let value: f64 = digits.parse().map_err(|_| refuse("is no number"))?;
        if value.is_finite() { Ok(Token::Float(value)) } else { Err(refuse("is too large a number")) }
    }

    fn quoted(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        self.at += 1;
        let name = self.run(|c| c != '`');
        if self.rest().is_empty() {
            return Err(ExpressionError::new(start..self.at, "the backquote is not closed"));
        }
        self.at += 1;
        if name.is_empty() {
            return Err(ExpressionError::new(start..self.at, "there is no name between the backquotes"));
        }
        Ok(Token::Quoted(name.to_owned()))
    }

    fn string(&mut self, quote: char) -> Result<String, ExpressionError> {
        let start = self.at;
        self.at += 1;
        let mut string = String::new();
        loop {
            string += self.run(|c| c != quote && c != '\\');
            let escape = self.at;
            match self.next() {
                None => return Err(ExpressionError::new(start..self.at, "the text is not closed")),
                Some(c) if c == quote => return Ok(string),
                Some(_) => match self.escaped() {
                    Some(c) => string.push(c),
                    None => {
                        let written = quoted(&self.text[escape..self.at]);
                        let error = ExpressionError::new(
                            escape..self.at,
                            format!("{written} stands for no character"),
                        );
                        return Err(error.hint("a backslash itself is written `\\\\`"));
                    }
                },
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next();
        self.at += next.map_or(0, char::len_utf8);
        next
    }

    /// The character that what stands behind a backslash means.
    fn escaped(&mut self) -> Option<char> {
        let digits = match self.next()? {
            'n' => return Some('\n'),
            't' => return Some('\t'),
            'r' => return Some('\r'),
            '0' => return Some('\0'),
            same @ ('\\' | '\'' | '"') => return Some(same),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let mut code = 0;
        for _ in 0..digits {
            code = code * 16 + self.next()?.to_digit(16)?;
        }
        char::from_u32(code)
    }
}
