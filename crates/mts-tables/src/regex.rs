//! Texts that match a regular expression.

mod proof;

use mts_rng::Rng;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

pub(crate) use proof::{Automaton, Form};

/// Bytes that a text may have, as many as one that an expression makes.
const LONGEST: u64 = 65_536;

/// How often more than its least number something is repeated that may be repeated without end.
const MORE: u32 = 8;

/// The texts of a pattern: each can be drawn, and has an index.
pub(crate) struct Language {
    part: Part,
    size: u128,
    unambiguous: bool,
}

enum Part {
    Text(String),
    /// One letter of these, and how many they are.
    Letter(Vec<char>),
    Sequence(Vec<Part>),
    Choice(Vec<Part>),
    Repeat(Box<Part>, u32, u32),
}

impl Language {
    /// The texts that match `pattern` as a whole.
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        let hir = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
        let part = Part::of(&hir, Edges { before: true, after: true })?;
        if part.longest() > LONGEST.into() {
            return Err(format!("makes texts of {} bytes > {LONGEST}", part.arithmetic()));
        }
        let size = part.size();
        let unambiguous = part.width().is_some();
        Ok(Language { part, size, unambiguous })
    }

    /// How many ways there are to make one.
    pub(crate) fn size(&self) -> u128 {
        self.size
    }

    /// Whether each way makes another text: where all have one length and differ in letters alone.
    pub(crate) fn is_unambiguous(&self) -> bool {
        self.unambiguous
    }

    pub(crate) fn draw(&self, rng: &mut Rng, text: &mut String) {
        self.part.draw(rng, text);
    }

    /// The text with this index, below `count` and the size: another one for each index. What a smaller count than
    /// the size leaves open is drawn.
    pub(crate) fn nth(&self, index: u128, count: u128, rng: &mut Rng, text: &mut String) {
        self.part.nth(&mut Index { index, count }, rng, text);
    }
}

/// Which of so many texts; each letter takes its own index from the lower end.
struct Index {
    index: u128,
    count: u128,
}

impl Index {
    /// The index among `size`, which is drawn where all is taken.
    fn take(&mut self, size: u128, rng: &mut Rng) -> usize {
        if self.count <= 1 {
            return rng.bounded((size - 1) as u64) as usize;
        }
        let own = self.index % size;
        *self = Index { index: self.index / size, count: self.count.div_ceil(size) };
        own as usize
    }
}

/// Whether nothing can stand before a part of a pattern, and after it.
#[derive(Clone, Copy)]
struct Edges {
    before: bool,
    after: bool,
}

fn is_empty(hir: &Hir) -> bool {
    hir.properties().maximum_len() == Some(0)
}

impl Part {
    fn of(hir: &Hir, edges: Edges) -> Result<Self, String> {
        Ok(match hir.kind() {
            HirKind::Empty => Part::Text(String::new()),
            HirKind::Look(look) => {
                let holds = match look {
                    Look::Start | Look::StartLF | Look::StartCRLF => edges.before,
                    Look::End | Look::EndLF | Look::EndCRLF => edges.after,
                    _ => false,
                };
                if !holds {
                    return Err(format!(
                        "`{hir}` looks at what stands beside it, and no text is made so that it holds: only `^` at \
                         the beginning and `$` at the end can stand in it"
                    ));
                }
                Part::Text(String::new())
            }
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).map_err(|_| "makes bytes that are no text")?;
                Part::Text(text.to_owned())
            }
            HirKind::Class(class) => Part::Letter(letters(class)?),
            HirKind::Repetition(repetition) => {
                let least = repetition.min;
                let greatest = repetition.max.unwrap_or(least.saturating_add(MORE));
                if greatest > 1000 {
                    return Err(format!("repeats something up to {greatest} times, at most 1000 can be"));
                }
                // What comes again stands beside itself.
                let once = greatest <= 1 || is_empty(&repetition.sub);
                let edges = Edges { before: edges.before && once, after: edges.after && once };
                Part::Repeat(Box::new(Part::of(&repetition.sub, edges)?), least, greatest)
            }
            HirKind::Capture(capture) => Part::of(&capture.sub, edges)?,
            HirKind::Concat(parts) => {
                // The parts from the last one on that makes letters, and up to the first one.
                let last = parts.iter().rposition(|part| !is_empty(part)).unwrap_or(0);
                let first = parts.iter().position(|part| !is_empty(part)).unwrap_or(parts.len());
                let edges =
                    |at| Edges { before: edges.before && at <= first, after: edges.after && at >= last };
                let parts = parts.iter().enumerate().map(|(at, part)| Part::of(part, edges(at)));
                Part::Sequence(parts.collect::<Result<_, _>>()?)
            }
            HirKind::Alternation(parts) => {
                Part::Choice(parts.iter().map(|part| Part::of(part, edges)).collect::<Result<_, _>>()?)
            }
        })
    }

    /// Bytes that a text has at most.
    fn longest(&self) -> u128 {
        match self {
            Part::Text(text) => text.len() as u128,
            Part::Letter(letters) => {
                letters.iter().map(|letter| letter.len_utf8()).max().unwrap_or(0) as u128
            }
            Part::Sequence(parts) => parts.iter().map(Part::longest).fold(0, u128::saturating_add),
            Part::Choice(parts) => parts.iter().map(Part::longest).max().unwrap_or(0),
            Part::Repeat(part, _, greatest) => part.longest().saturating_mul((*greatest).into()),
        }
    }

    /// How many bytes the longest text has: as a product, where something is repeated that repeats something.
    fn arithmetic(&self) -> String {
        let all = self.longest();
        let (mut part, mut factors) = (self, Vec::new());
        loop {
            match part {
                Part::Repeat(inner, _, greatest) => {
                    factors.push(u128::from(*greatest));
                    part = inner;
                }
                Part::Sequence(parts) | Part::Choice(parts) => {
                    match parts.iter().max_by_key(|part| part.longest()) {
                        Some(largest) => part = largest,
                        None => break,
                    }
                }
                Part::Text(_) | Part::Letter(_) => break,
            }
        }
        factors.push(part.longest());
        factors.retain(|factor| *factor != 1);
        let product = factors.iter().copied().fold(1, u128::saturating_mul);
        if all > 10_u128.pow(30) {
            return "more than 10^30".to_owned();
        }
        if factors.len() < 2 || product != all {
            return format!("up to {all}");
        }
        let factors: Vec<String> = factors.iter().map(u128::to_string).collect();
        format!("up to {} = {all}", factors.join(" × "))
    }

    fn size(&self) -> u128 {
        match self {
            Part::Text(_) => 1,
            Part::Letter(letters) => letters.len() as u128,
            Part::Sequence(parts) => parts.iter().map(Part::size).fold(1, u128::saturating_mul),
            Part::Choice(parts) => parts.iter().map(Part::size).fold(0, u128::saturating_add),
            Part::Repeat(part, least, greatest) => {
                let each = part.size();
                let power = |times: u32| each.checked_pow(times).unwrap_or(u128::MAX);
                (*least..=*greatest).map(power).fold(0, u128::saturating_add)
            }
        }
    }

    /// The number of letters, where every way to make a text makes another one of so many.
    fn width(&self) -> Option<usize> {
        match self {
            Part::Text(text) => Some(text.chars().count()),
            Part::Letter(_) => Some(1),
            Part::Sequence(parts) => parts.iter().map(Part::width).sum(),
            Part::Repeat(part, least, greatest) if least == greatest => {
                part.width().map(|width| width * *least as usize)
            }
            // Texts of a choice are equal only if they are written out so.
            Part::Choice(parts) => {
                let texts: Option<Vec<&str>> = parts.iter().map(Part::text).collect();
                let mut texts = texts?;
                let width = texts.first()?.chars().count();
                texts.sort_unstable();
                let differ = texts.windows(2).all(|pair| pair[0] != pair[1]);
                (differ && texts.iter().all(|text| text.chars().count() == width)).then_some(width)
            }
            Part::Repeat(..) => None,
        }
    }

    fn text(&self) -> Option<&str> {
        if let Part::Text(text) = self { Some(text) } else { None }
    }

    fn draw(&self, rng: &mut Rng, text: &mut String) {
        match self {
            Part::Text(letters) => text.push_str(letters),
            Part::Letter(letters) => text.push(letters[rng.bounded(letters.len() as u64 - 1) as usize]),
            Part::Sequence(parts) => parts.iter().for_each(|part| part.draw(rng, text)),
            Part::Choice(parts) => parts[rng.bounded(parts.len() as u64 - 1) as usize].draw(rng, text),
            Part::Repeat(part, least, greatest) => {
                let times = least + rng.bounded(u64::from(greatest - least)) as u32;
                (0..times).for_each(|_| part.draw(rng, text));
            }
        }
    }

    /// Only parts that make another text each way take an index: those of one width.
    fn nth(&self, index: &mut Index, rng: &mut Rng, text: &mut String) {
        match self {
            Part::Text(letters) => text.push_str(letters),
            Part::Letter(letters) => text.push(letters[index.take(letters.len() as u128, rng)]),
            Part::Sequence(parts) => parts.iter().for_each(|part| part.nth(index, rng, text)),
            Part::Choice(parts) => parts[index.take(parts.len() as u128, rng)].nth(index, rng, text),
            Part::Repeat(part, least, _) => (0..*least).for_each(|_| part.nth(index, rng, text)),
        }
    }
}

/// The letters of a class: those that can be printed in ASCII where there are any, else the first thousand.
fn letters(class: &Class) -> Result<Vec<char>, String> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => {
            class.ranges().iter().map(|range| (char::from(range.start()), char::from(range.end()))).collect()
        }
    };
    let all = || ranges.iter().flat_map(|(first, last)| *first..=*last);
    let mut letters: Vec<char> = (' '..='~').filter(|letter| contains(&ranges, *letter)).collect();
    if letters.is_empty() {
        letters = all().take(1000).collect();
    }
    if letters.is_empty() { Err("no letter matches".to_owned()) } else { Ok(letters) }
}

fn contains(ranges: &[(char, char)], letter: char) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_drawn_matches() {
        for pattern in [
            r"S\d{4}",
            "[a-f]{3}-(x|yz)?",
            r"\w+@[a-z]{2,5}\.(com|org)",
            "(ab|cd)*",
            "^a.c$",
            "[ä-ü]{2}",
            r"\A((^)*(x|^y)z|(?m:^q))(7$|8(\z)?$|)\z",
            "()^a",
        ] {
            let language = Language::new(pattern).unwrap();
            let whole = regex::Regex::new(&format!(r"\A(?:{pattern})\z")).unwrap();
            let mut rng = Rng::from_seed(1_u64);
            for _ in 0..500 {
                let mut text = String::new();
                language.draw(&mut rng, &mut text);
                assert!(whole.is_match(&text), "{pattern}: {text:?}");
            }
        }
    }

    #[test]
    fn every_index_has_a_text_of_its_own() {
        for (pattern, size) in [("[ab][01]{2}", 8), ("x(aa|bb|cc)[0-9]", 30), (r"\d{3}", 1000)] {
            let language = Language::new(pattern).unwrap();
            assert!(language.is_unambiguous());
            let texts: BTreeSet<String> = (0..language.size())
                .map(|index| {
                    let mut text = String::new();
                    language.nth(index, language.size(), &mut Rng::from_seed(1_u64), &mut text);
                    text
                })
                .collect();
            assert_eq!((texts.len(), language.size()), (size, size as u128), "{pattern}");
        }
        assert!(!Language::new("a*a*").unwrap().is_unambiguous());
        assert!(
            !Language::new("(a|a)").unwrap().is_unambiguous() || Language::new("(a|a)").unwrap().size() == 1
        );
    }

    #[test]
    fn what_looks_around_is_refused() {
        for (pattern, look) in [
            (r"a\bb", r"(?-u:\b)"),
            ("a$b", r"\z"),
            ("a^b", r"\A"),
            ("(a$)?b", r"\z"),
            ("(a|b$)c", r"\z"),
            ("(^a){2}", r"\A"),
            ("a?^b", r"\A"),
            (r"\bab\b", r"(?-u:\b)"),
        ] {
            let why = Language::new(pattern).err().unwrap_or_else(|| panic!("{pattern} is taken"));
            assert!(why.contains("looks at what stands beside it"), "{pattern}: {why}");
            assert!(why.starts_with(&format!("`{look}`")) || look.contains('b'), "{pattern}: {why}");
        }
    }

    #[test]
    fn texts_end() {
        let why = |pattern| Language::new(pattern).err().unwrap();
        assert_eq!(
            why("((a{100}){100}){250}"),
            "makes texts of up to 250 × 100 × 100 = 2500000 bytes > 65536"
        );
        let (started, longer) =
            ("makes texts of up to 1000 × 1000 × 1000 × 1000 = ", "(((a{1000}){1000}){1000}){1000}");
        assert!(why(longer).starts_with(started));
        assert_eq!(why("[ä-ü]{1000}((xyz){1000}){30}"), "makes texts of up to 92000 bytes > 65536");
        // As deep as patterns can be.
        let deep = format!("{}a{}", "(".repeat(100), "{1000})".repeat(100));
        assert_eq!(why(&deep), "makes texts of more than 10^30 bytes > 65536");
        let ways = format!("{}a{}", "(".repeat(80), "?){0,1}".repeat(80));
        assert!(Language::new(&ways).is_ok());
        assert!(Language::new("((x{64}){64}){16}").is_ok());
        assert!(Language::new("(((x{64}){64}){16})y").is_err());
    }

    #[test]
    fn more_texts_than_can_be_counted_are_all_different() {
        let language = Language::new("[a-z]{30}").unwrap();
        let count = 1_u128 << 127;
        assert!(language.size() > count && language.is_unambiguous());
        let mut rng = Rng::from_seed(3_u64);
        let mut made = |index| {
            let mut text = String::new();
            language.nth(index, count, &mut rng, &mut text);
            text
        };
        let texts: BTreeSet<String> = (0..500).chain(count - 500..count).map(&mut made).collect();
        assert_eq!(texts.len(), 1000);
        // The letters that no index reaches are not all the same.
        let ends: BTreeSet<String> = texts.iter().map(|text| text[28..].to_owned()).collect();
        assert!(ends.len() > 300, "{}", ends.len());
    }
}
