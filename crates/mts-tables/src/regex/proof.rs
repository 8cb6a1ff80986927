//! Whether all texts of a form match.

use std::collections::BTreeSet;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

/// Bytes that the states of an automaton may take.
const STATES: usize = 32 << 20;

/// Steps of a walk through it, over all letters.
const STEPS: usize = 1 << 20;

/// A pattern of which whole texts are instances, letter by letter.
pub(crate) struct Automaton {
    dfa: DFA,
    cache: Cache,
}

/// Texts of one length after a prefix: which letters there can be depends on the place, and on a mark that each letter
/// leaves to the next.
pub(crate) struct Form<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) length: usize,
    /// The mark before the first letter.
    pub(crate) mark: u8,
    /// The letters at a place behind a mark, in order, and the marks that they leave.
    pub(crate) letters: &'a dyn Fn(usize, u8) -> Vec<(u8, u8)>,
}

/// Where a walk can be, each with the number of the place before and the letter that led there: in the order of the
/// first texts that lead there.
type Layer = Vec<((LazyStateID, u8), (usize, u8))>;

impl Automaton {
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .unicode_word_boundary(true)
            .cache_capacity(STATES)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(0));
        let size = thompson::Config::new().nfa_size_limit(Some(STATES));
        let made = DFA::builder().configure(config).thompson(size).build(&format!(r"\A(?:{pattern})\z"));
        let dfa = made.map_err(|error| match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        })?;
        let cache = dfa.create_cache();
        Ok(Automaton { dfa, cache })
    }

    /// The first text of this form that does not match, if there is one; an error where that cannot be told.
    pub(crate) fn counterexample(&mut self, form: &Form) -> Result<Option<String>, String> {
        self.walk(form).map_err(|()| {
            "it cannot be told whether all values match: a pattern with fewer repetitions can be".to_owned()
        })
    }

    fn walk(&mut self, form: &Form) -> Result<Option<String>, ()> {
        let Automaton { dfa, cache } = self;
        let config = start::Config::new().anchored(Anchored::Yes);
        let mut begin = dfa.start_state(cache, &config).map_err(drop)?;
        for byte in form.prefix.bytes() {
            begin = dfa.next_state(cache, begin, byte).map_err(drop)?;
            if begin.is_quit() {
                return Err(());
            }
        }
        let mut layers: Vec<Layer> = vec![vec![((begin, form.mark), (0, 0))]];
        let mut steps = 0;
        for place in 0..form.length {
            let (mut next, mut known) = (Layer::new(), BTreeSet::new());
            for (at, &((state, mark), _)) in layers[place].iter().enumerate() {
                for (letter, left) in (form.letters)(place, mark) {
                    let to = dfa.next_state(cache, state, letter).map_err(drop)?;
                    if to.is_quit() {
                        return Err(());
                    }
                    if known.insert((to, left)) {
                        next.push(((to, left), (at, letter)));
                    }
                }
            }
            steps += next.len();
            if steps > STEPS {
                return Err(());
            }
            layers.push(next);
        }
        for (at, &((end, _), _)) in layers[form.length].iter().enumerate() {
            if dfa.next_eoi_state(cache, end).map_err(drop)?.is_match() {
                continue;
            }
            let (mut at, mut letters) = (at, Vec::with_capacity(form.length));
            for layer in layers[1..].iter().rev() {
                let (before, letter) = layer[at].1;
                letters.push(char::from(letter));
                at = before;
            }
            return Ok(Some(form.prefix.chars().chain(letters.into_iter().rev()).collect()));
        }
        Ok(None)
    }
}
