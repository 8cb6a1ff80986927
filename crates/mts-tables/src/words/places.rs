//! Places, and what follows from one: all values of a row that are about its place start with the same draws.

use super::Locale;
use super::choice::Choice;
use super::data::{Data, Place};
use super::pattern::{self, number};

/// House numbers.
const NUMBERS: u64 = 1_000;

pub(super) fn city(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(place(data, choice).city);
}

pub(super) fn state(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let at = choice.either(data.states.len() as u64, |rng| place(data, rng).state as u64);
    out.push_str(data.states[at as usize]);
}

pub(super) fn country(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(data.countries[country_index(data, choice)].name);
}

pub(super) fn country_code(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(data.countries[country_index(data, choice)].code);
}

pub(super) fn time_zone(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let at = choice.either(data.zones.len() as u64, |rng| place(data, rng).zone as u64);
    out.push_str(data.zones[at as usize]);
}

pub(super) fn postal_code(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let place = place(data, choice);
    let house = House::new(data, choice);
    pattern::fill(place.postal, house.postal, out);
}

/// Street and house number, in the order of the place's country.
pub(super) fn street(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let at = choice.either(1, |rng| place_index(data, rng) as u64);
    let place = &data.places[at as usize];
    let house = House::new(data, choice);
    house.write(data, place, data.countries[place.country].street, out);
}

pub(super) fn address(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let place = place(data, choice);
    let house = House::new(data, choice);
    house.write(data, place, data.countries[place.country].address, out);
}

/// A number that nobody can be called under, of the place's country.
pub(super) fn phone(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let count = data.phones.last().map_or(1, |phone| phone.end);
    let at = choice.either(count, |rng| {
        let place = place(data, rng);
        House::new(data, rng);
        let (start, end) = data.countries[place.country].phones;
        start + rng.below(end - start)
    });
    let phone = &data.phones[data.phones.partition_point(|phone| phone.end <= at)];
    pattern::fill(phone.pattern, phone.end - 1 - at, out);
}

/// What an address shows besides its place.
struct House {
    head: u64,
    tail: u64,
    number: u64,
    postal: u64,
}

impl House {
    fn new(data: &Data, choice: &mut impl Choice) -> Self {
        let head = choice.below(data.heads.len() as u64);
        let tail = choice.below(data.streets.len() as u64);
        let number = choice.either(NUMBERS, |rng| rng.below(NUMBERS / 4));
        // The n-th address needs no choice of its own here; the others scatter its postal codes.
        let postal = choice.either(1, |rng| u64::from(rng.next_u32())) + 31 * head + 7 * tail + number;
        House { head, tail, number, postal }
    }

    /// `form` has N for the number, S the street, C the city, R the region's code, P the postal code, T the
    /// state.
    fn write(&self, data: &Data, place: &Place, form: &str, out: &mut String) {
        for letter in form.chars() {
            match letter {
                'N' => self.write_number(data.locale, out),
                'S' => {
                    let street = data.streets[self.tail as usize];
                    out.push_str(street.before);
                    out.push_str(data.heads[self.head as usize].text);
                    out.push_str(street.after);
                }
                'C' => out.push_str(place.city),
                'R' => out.push_str(place.region),
                'P' => pattern::fill(place.postal, self.postal, out),
                'T' => out.push_str(data.states[place.state]),
                other => out.push(other),
            }
        }
    }

    /// Japanese numbers are those of a district, a block and a house.
    fn write_number(&self, locale: Locale, out: &mut String) {
        if locale == Locale::Ja {
            number(1 + self.number % 5, out);
            out.push('-');
            number(1 + self.number / 5 % 20, out);
            out.push('-');
            number(1 + self.number / 100, out);
        } else {
            number(1 + self.number, out);
        }
    }
}

fn place<'a>(data: &'a Data, choice: &mut impl Choice) -> &'a Place {
    &data.places[place_index(data, choice)]
}

/// Drawn by population.
fn place_index(data: &Data, choice: &mut impl Choice) -> usize {
    choice.either(data.places.len() as u64, |rng| data.weights.draw(rng) as u64) as usize
}

fn country_index(data: &Data, choice: &mut impl Choice) -> usize {
    choice.either(data.countries.len() as u64, |rng| place(data, rng).country as u64) as usize
}
