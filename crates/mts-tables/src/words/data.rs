//! The files of the crate's folder `data`, read once.

use std::sync::LazyLock;

use super::Locale;
use super::alias::Alias;
use super::fold::ascii;
use super::pattern::{self, Around};

/// What all locales share.
pub(super) struct Common {
    pub(super) paths: Vec<&'static str>,
    pub(super) top_domains: Vec<&'static str>,
    pub(super) agents: Vec<Agent>,
    pub(super) currencies: Vec<&'static str>,
    pub(super) languages: Vec<&'static str>,
}

/// A browser: its text with `*` for the version, and the number of its first among all versions of all.
pub(super) struct Agent {
    pub(super) text: &'static str,
    pub(super) first_version: u64,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// What one locale knows.
pub(super) struct Data {
    pub(super) locale: Locale,
    pub(super) first_names: Vec<Entry>,
    pub(super) last_names: Vec<Entry>,
    pub(super) jobs: Vec<&'static str>,
    pub(super) places: Vec<Place>,
    pub(super) weights: Alias,
    pub(super) states: Vec<&'static str>,
    pub(super) zones: Vec<&'static str>,
    pub(super) countries: Vec<Country>,
    pub(super) phones: Vec<Phone>,
    pub(super) heads: Vec<Entry>,
    pub(super) companies: Vec<Company>,
    pub(super) legal_forms: Vec<Around>,
    pub(super) streets: Vec<Around>,
    pub(super) words: Vec<&'static str>,
    pub(super) colours: Vec<&'static str>,
    pub(super) sentences: Vec<&'static str>,
    pub(super) phrases: [Vec<&'static str>; 4],
}

/// A text, and as addresses spell it.
pub(super) struct Entry {
    pub(super) text: &'static str,
    pub(super) ascii: Box<str>,
}

/// The end of a company's name, and the end of its host's.
pub(super) struct Company {
    pub(super) name: Around,
    pub(super) host: Box<str>,
}

/// A city; state, country and time zone are indices into the locale's lists.
pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) region: &'static str,
    pub(super) postal: &'static str,
    pub(super) state: usize,
    pub(super) country: usize,
    pub(super) zone: usize,
}

/// A country, and its numbers among all of the locale's phone numbers.
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) address: &'static str,
    pub(super) street: &'static str,
    pub(super) phones: (u64, u64),
}

/// A pattern of phone numbers, and the end of its numbers among all of the locale's.
pub(super) struct Phone {
    pub(super) pattern: &'static str,
    pub(super) end: u64,
}

/// The texts of the files: those of a locale as people, places, invented, text.
macro_rules! files {
    ($($locale:literal)*) => {
        [$([
            include_str!(concat!("../../data/", $locale, "/people.txt")),
            include_str!(concat!("../../data/", $locale, "/places.txt")),
            include_str!(concat!("../../data/", $locale, "/invented.txt")),
            include_str!(concat!("../../data/", $locale, "/text.txt")),
        ]),*]
    };
}

/// In the order of [`Locale::ALL`].
pub(super) const LOCALES: [[&str; 4]; 6] = files!("en" "de" "fr" "es" "pt" "ja");
pub(super) const PHONES: &str = include_str!("../../data/common/phones.txt");
pub(super) const NET: &str = include_str!("../../data/common/net.txt");
pub(super) const CODES: &str = include_str!("../../data/common/codes.txt");

/// Phone patterns of countries that reserve none.
const NOWHERE: &str = "ZZ";

impl Locale {
    pub(super) fn data(self) -> &'static Data {
        static DATA: [LazyLock<Data>; 6] = [
            LazyLock::new(|| Data::new(Locale::En)),
            LazyLock::new(|| Data::new(Locale::De)),
            LazyLock::new(|| Data::new(Locale::Fr)),
            LazyLock::new(|| Data::new(Locale::Es)),
            LazyLock::new(|| Data::new(Locale::Pt)),
            LazyLock::new(|| Data::new(Locale::Ja)),
        ];
        &DATA[self as usize]
    }
}

pub(super) static COMMON: LazyLock<Common> = LazyLock::new(|| Common {
    paths: tagged(NET, "path").collect(),
    top_domains: tagged(NET, "tld").collect(),
    agents: agents(),
    currencies: tagged(CODES, "currency").collect(),
    languages: tagged(CODES, "language").collect(),
});

impl Data {
    fn new(locale: Locale) -> Self {
        let [people, places, invented, text] = LOCALES[locale as usize];
        let entries = |file, tag| tagged(file, tag).map(|line| Entry::new(locale, line)).collect();
        let list = |file, tag| tagged(file, tag).collect::<Vec<_>>();
        let (phones, countries) = countries(places);
        let mut states = Vec::new();
        let mut zones = Vec::new();
        let mut weights = Vec::new();
        let rows = tagged(places, "place").filter_map(fields::<7>);
        let places = rows
            .map(|[city, state, region, country, zone, postal, population]| {
                weights.push(population.parse().unwrap_or_default());
                Place {
                    city,
                    region,
                    postal,
                    state: index_in(&mut states, state),
                    country: countries.iter().position(|known| known.code == country).unwrap_or_default(),
                    zone: index_in(&mut zones, zone),
                }
            })
            .collect();
        Data {
            locale,
            first_names: entries(people, "first"),
            last_names: entries(people, "last"),
            jobs: list(people, "job"),
            places,
            weights: Alias::new(&weights),
            states,
            zones,
            countries,
            phones,
            heads: entries(invented, "head"),
            companies: tagged(invented, "company").map(|line| Company::new(locale, line)).collect(),
            legal_forms: tagged(invented, "legal").map(Around::new).collect(),
            streets: tagged(invented, "street").map(Around::new).collect(),
            words: list(text, "word"),
            colours: list(text, "colour"),
            sentences: list(text, "sentence"),
            phrases: ["subject", "verb", "object", "adverbial"].map(|tag| list(text, tag)),
        }
    }
}

impl Entry {
    /// What addresses use stands behind a tabulator where it does not follow from the letters.
    fn new(locale: Locale, line: &'static str) -> Self {
        let (text, spelled) = line.split_once('\t').unwrap_or((line, line));
        Entry { text, ascii: ascii(locale, spelled).into() }
    }
}

impl Company {
    /// A host takes the first word.
    fn new(locale: Locale, line: &'static str) -> Self {
        let (text, spelled) = line.split_once('\t').unwrap_or((line, line));
        let word = spelled.split(' ').next().unwrap_or_default();
        Company { name: Around::new(text), host: ascii(locale, word).into() }
    }
}

/// The countries of a file of places, and all their phone patterns, in the order of the countries; those
/// without any share one.
fn countries(places: &'static str) -> (Vec<Phone>, Vec<Country>) {
    let mut phones: Vec<Phone> = Vec::new();
    let mut nowhere = None;
    let mut add = |country: &str| {
        let start = phones.last().map_or(0, |phone| phone.end);
        for pattern in tagged(PHONES, country) {
            let end = phones.last().map_or(0, |phone| phone.end) + pattern::count(pattern);
            phones.push(Phone { pattern, end });
        }
        (start, phones.last().map_or(0, |phone| phone.end))
    };
    let countries = tagged(places, "country")
        .filter_map(fields::<3>)
        .map(|[code, name, address]| {
            let own = add(code);
            let phones = if own.0 < own.1 { own } else { *nowhere.get_or_insert_with(|| add(NOWHERE)) };
            let ends = address.find(['N', 'S']).zip(address.rfind(['N', 'S']));
            let street = ends.map_or("", |(first, last)| &address[first..=last]);
            Country { code, name, address, street, phones }
        })
        .collect();
    (phones, countries)
}

fn agents() -> Vec<Agent> {
    let mut start = 0;
    let lines = tagged(NET, "agent").filter_map(fields::<2>);
    let ranges = lines.filter_map(|[versions, text]| {
        let (first, last) = versions.split_once('-')?;
        Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?, text))
    });
    ranges
        .map(|(first_version, last, text)| {
            let end = start + last - first_version + 1;
            let agent = Agent { text, first_version, start, end };
            start = end;
            agent
        })
        .collect()
}

/// What stands behind `tag` and a tabulator, line by line.
pub(super) fn tagged(file: &'static str, tag: &str) -> impl Iterator<Item = &'static str> {
    file.lines().filter_map(move |line| line.strip_prefix(tag)?.strip_prefix('\t'))
}

fn fields<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    line.split('\t').collect::<Vec<_>>().try_into().ok()
}

fn index_in(list: &mut Vec<&'static str>, text: &'static str) -> usize {
    list.iter().position(|&known| known == text).unwrap_or_else(|| {
        list.push(text);
        list.len() - 1
    })
}
