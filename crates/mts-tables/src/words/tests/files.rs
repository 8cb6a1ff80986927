//! What the files promise.

use std::collections::BTreeSet;

use mts_hash::{Value, hash8};

use super::super::Locale;
use super::super::data::{CODES, LOCALES, NET, PHONES, tagged};

fn files() -> impl Iterator<Item = &'static str> {
    LOCALES.into_iter().flatten().chain([PHONES, NET, CODES])
}

#[test]
fn files_are_well_formed() {
    for file in files() {
        assert!(file.ends_with('\n') && !file.contains('\r'));
        let mut tags = Vec::new();
        let mut lines = BTreeSet::new();
        for line in file.lines() {
            let (tag, text) = line.split_once('\t').unwrap_or_else(|| panic!("{line:?} has no tag"));
            assert!(lines.insert(line), "{line:?} twice");
            assert!(!text.is_empty() && line.split('\t').all(|field| field == field.trim()), "{line:?}");
            // NFC, as far as these scripts go: nothing is written with a combining mark or as a
            // compatibility form.
            let composed = |letter: char| !matches!(letter, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}');
            let canonical =
                |letter: char| !matches!(letter, '\u{f900}'..='\u{faff}' | '\u{2126}' | '\u{212a}');
            assert!(line.chars().all(|letter| composed(letter) && canonical(letter)), "{line:?}");
            if tags.last() != Some(&tag) {
                assert!(!tags.contains(&tag), "lines of {tag} stand apart");
                tags.push(tag);
            }
        }
    }
}

/// Lists long enough, no text twice in one, spellings in addresses neither empty nor equal.
#[test]
fn lists_are_as_promised() {
    let tags = ["first", "last", "job", "word", "colour", "subject", "verb", "object", "adverbial"];
    for locale in Locale::ALL {
        let [people, places, invented, text] = LOCALES[locale as usize];
        for tag in tags {
            let lines: Vec<_> = [people, text].into_iter().flat_map(|file| tagged(file, tag)).collect();
            let texts: BTreeSet<_> = lines.iter().map(|line| line.split('\t').next()).collect();
            assert_eq!(texts.len(), lines.len(), "{} {tag}", locale.name());
        }
        let count = |file, tag| tagged(file, tag).count();
        let data = locale.data();
        assert_eq!(data.places.len(), count(places, "place"));
        assert_eq!(data.countries.len(), count(places, "country"));
        assert!(data.places.len() >= 60 && data.words.len() >= 300, "{}", locale.name());
        assert!(data.first_names.len() >= 200 && data.last_names.len() >= 200, "{}", locale.name());
        for list in [&data.first_names, &data.last_names, &data.heads] {
            let spelled: BTreeSet<_> = list.iter().map(|entry| &*entry.ascii).collect();
            for entry in list {
                let plain = entry.ascii.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
                assert!(plain && !entry.ascii.is_empty() && !entry.text.contains(' '), "{}", entry.text);
                let like = list.iter().filter(|other| other.ascii == entry.ascii).map(|other| other.text);
                assert_eq!(like.collect::<Vec<_>>(), [entry.text], "{}", locale.name());
            }
            assert_eq!(spelled.len(), list.len());
        }
        for line in tagged(places, "place") {
            let fields: Vec<_> = line.split('\t').collect();
            assert!(data.countries.iter().any(|country| country.code == fields[3]), "{line}");
            assert!(fields[6].parse::<u64>().is_ok_and(|population| population > 0), "{line}");
        }
        let cities: BTreeSet<_> = data.places.iter().map(|place| place.city).collect();
        assert_eq!(cities.len(), data.places.len(), "{}", locale.name());
        assert_eq!(count(invented, "company"), data.companies.len());
        assert!(data.legal_forms.len() > 1 && data.streets.len() > 5 && data.sentences.len() > 3);
        for phrases in &data.phrases {
            assert!(phrases.len() > 15, "{}", locale.name());
        }
    }
}

/// Heads and tails read as one word: no two pairs may give the same.
#[test]
fn invented_names_are_all_different() {
    for locale in Locale::ALL {
        let data = locale.data();
        let (mut hosts, mut names, mut streets) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for head in &data.heads {
            for company in &data.companies {
                let name = [company.name.before, head.text, company.name.after].concat();
                assert!(names.insert(name), "{}", head.text);
                let host = format!("{}{}", head.ascii, company.host);
                assert!(host.bytes().all(|byte| byte.is_ascii_lowercase()) && host.len() < 64, "{host}");
                assert!(hosts.insert(host), "{} {}", head.text, company.host);
            }
            for street in &data.streets {
                assert!(streets.insert([street.before, head.text, street.after].concat()));
            }
        }
    }
}

/// A sample of names that the world knows, in the spelling of hosts: none may arise.
#[test]
fn no_company_is_a_known_one() {
    let known = [
        "google",
        "microsoft",
        "amazon",
        "facebook",
        "netflix",
        "oracle",
        "intel",
        "nvidia",
        "samsung",
        "sony",
        "toyota",
        "honda",
        "nissan",
        "toshiba",
        "panasonic",
        "hitachi",
        "nintendo",
        "siemens",
        "bosch",
        "bayer",
        "basf",
        "allianz",
        "volkswagen",
        "daimler",
        "porsche",
        "lufthansa",
        "commerzbank",
        "telekom",
        "adidas",
        "michelin",
        "renault",
        "peugeot",
        "danone",
        "loreal",
        "carrefour",
        "airbus",
        "orange",
        "vinci",
        "santander",
        "telefonica",
        "iberdrola",
        "repsol",
        "inditex",
        "zara",
        "mercadona",
        "petrobras",
        "embraer",
        "itau",
        "bradesco",
        "natura",
        "galp",
        "walmart",
        "starbucks",
        "barclays",
        "vodafone",
        "tesco",
        "unilever",
        "nestle",
        "novartis",
        "roche",
        "birkenstock",
        "falke",
        "tchibo",
        "rossmann",
        "hermes",
        "chanel",
        "cartier",
        "softbank",
        "rakuten",
        "shiseido",
        "canon",
        "nikon",
        "olympus",
        "subaru",
        "mazda",
        "suzuki",
        "yamaha",
        "bridgestone",
    ];
    for locale in Locale::ALL {
        let data = locale.data();
        for head in &data.heads {
            for company in &data.companies {
                let host = format!("{}{}", head.ascii, company.host);
                assert!(known.iter().all(|&known| host != known && &*head.ascii != known), "{host}");
            }
        }
    }
}

/// New lines change which values are drawn, so that the number of the engine moves with them.
#[test]
fn files_change_with_the_engine_alone() {
    let all: String = files().collect();
    assert_eq!((mts_rng::ENGINE, hash8(&Value::from(all)).as_str()), (1, "737171c3"));
}
