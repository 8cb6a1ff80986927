//! Texts that match a regular expression.

use mts_rng::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

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
        let part = Part::of(&hir)?;
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

    /// The text with this index, below the size.
    pub(crate) fn nth(&self, index: u128, text: &mut String) {
        let mut index = index;
        self.part.nth(&mut index, text);
    }
}

impl Part {
    fn of(hir: &Hir) -> Result<Self, String> {
        Ok(match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Part::Text(String::new()),
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
                Part::Repeat(Box::new(Part::of(&repetition.sub)?), least, greatest)
            }
            HirKind::Capture(capture) => Part::of(&capture.sub)?,
            HirKind::Concat(parts) => Part::Sequence(parts.iter().map(Part::of).collect::<Result<_, _>>()?),
            HirKind::Alternation(parts) => {
                Part::Choice(parts.iter().map(Part::of).collect::<Result<_, _>>()?)
            }
        })
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

    /// Takes its own index from the lower end of `index`.
    fn nth(&self, index: &mut u128, text: &mut String) {
        match self {
            Part::Text(letters) => text.push_str(letters),
            Part::Letter(letters) => {
                let count = letters.len() as u128;
                text.push(letters[(*index % count) as usize]);
                *index /= count;
            }
            Part::Sequence(parts) => parts.iter().for_each(|part| part.nth(index, text)),
            Part::Choice(parts) => {
                let (mut own, size) = (*index % self.size(), self.size());
                *index /= size;
                for part in parts {
                    if own < part.size() {
                        return part.nth(&mut own, text);
                    }
                    own -= part.size();
                }
            }
            Part::Repeat(part, least, greatest) => {
                let size = self.size();
                let mut own = *index % size;
                *index /= size;
                for times in *least..=*greatest {
                    let all = part.size().checked_pow(times).unwrap_or(u128::MAX);
                    if own < all {
                        return (0..times).for_each(|_| part.nth(&mut own, text));
                    }
                    own -= all;
                }
            }
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
        for pattern in
            [r"S\d{4}", "[a-f]{3}-(x|yz)?", r"\w+@[a-z]{2,5}\.(com|org)", "(ab|cd)*", "^a.c$", "[ä-ü]{2}"]
        {
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
                    language.nth(index, &mut text);
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
}
