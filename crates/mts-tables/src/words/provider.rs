//! All kinds of values, one line each.

use mts_rng::Rng;

use super::Locale;
use super::choice::{Choice, Count, Nth};
use super::data::Data;
use super::{company, money, net, people, places, text};

/// What several values are said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Names and addresses of one person.
    Person,
    /// A city, its state, country and time zone.
    Place,
}

/// Variant, name in documents, group of values that come from one draw, whether the n-th value is a value of
/// its own, summary, what writes it.
macro_rules! providers {
    ($($variant:ident $name:literal $group:ident $counted:ident $summary:literal $write:path;)*) => {
        /// A kind of value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Provider {
            $(#[doc = $summary] $variant,)*
        }

        impl Provider {
            /// All of them, in the order of their families.
            pub const ALL: &'static [Provider] = &[$(Provider::$variant),*];

            /// Its name in documents.
            pub fn name(self) -> &'static str {
                match self { $(Provider::$variant => $name),* }
            }

            /// What it writes, in a line.
            pub fn summary(self) -> &'static str {
                match self { $(Provider::$variant => $summary),* }
            }

            /// Values of one group that are written from equal generators belong together: a city and its
            /// time zone, a name and its e-mail address.
            pub fn group(self) -> Option<Group> {
                match self { $(Provider::$variant => providers!(@group $group)),* }
            }

            fn is_counted(self) -> bool {
                match self { $(Provider::$variant => providers!(@counted $counted)),* }
            }

            fn compose(self, data: &Data, choice: &mut impl Choice, out: &mut String) {
                match self { $(Provider::$variant => $write(data, choice, out)),* }
            }
        }
    };
    (@group alone) => { None };
    (@group person) => { Some(Group::Person) };
    (@group place) => { Some(Group::Place) };
    (@counted each) => { true };
    (@counted some) => { false };
}

providers! {
    Name         "name"         person each "first and last name, drawn independently" people::name;
    FirstName    "first_name"   person each "first name" people::first_name;
    LastName     "last_name"    person each "last name" people::last_name;
    Username     "username"     person each "name of an account, made of a person's" people::username;
    Email        "email"        person each "e-mail address under a reserved domain" people::email;
    Job          "job"          alone  each "occupation" people::job;
    City         "city"         place  each "city, drawn by population" places::city;
    State        "state"        place  each "state, region or prefecture of the city" places::state;
    Country      "country"      place  each "country of the city" places::country;
    CountryCode  "country_code" place  each "code of the city's country (ISO 3166-1 alpha-2)" places::country_code;
    TimeZone     "time_zone"    place  each "time zone of the city (IANA)" places::time_zone;
    PostalCode   "postal_code"  place  some "postal code, in the city's pattern" places::postal_code;
    Street       "street"       place  each "invented street with a house number" places::street;
    Address      "address"      place  each "street, city and postal code, as the country writes them" places::address;
    Phone        "phone"        place  each "phone number that is reserved or cannot be dialled" places::phone;
    Company      "company"      alone  each "company with an invented name" company::company;
    Domain       "domain"       alone  each "host under a reserved domain" company::domain;
    Url          "url"          alone  each "web address under a reserved domain" net::url;
    Ip           "ip"           alone  each "IPv4 address for documentation" net::ip;
    Ipv6         "ipv6"         alone  each "IPv6 address for documentation" net::ipv6;
    Mac          "mac"          alone  each "hardware address, locally administered" net::mac;
    Uuid         "uuid"         alone  each "UUID, version 4" net::uuid;
    UserAgent    "user_agent"   alone  each "how a browser names itself" net::user_agent;
    Card         "card"         alone  each "card number whose check digit is wrong" money::card;
    ValidCard    "valid_card"   alone  each "card number that passes its check, of no issuer" money::valid_card;
    Iban         "iban"         alone  each "IBAN whose check digits are wrong" money::iban;
    ValidIban    "valid_iban"   alone  each "IBAN that passes its check, of no bank" money::valid_iban;
    Currency     "currency"     alone  each "code of a currency (ISO 4217)" money::currency;
    Language     "language"     alone  each "code of a language (ISO 639-1)" text::language;
    Word         "word"         alone  each "common word" text::word;
    Sentence     "sentence"     alone  some "sentence" text::sentence;
    Paragraph    "paragraph"    alone  some "three to six sentences" text::paragraph;
    Colour       "colour"       alone  each "name of a colour" text::colour;
    HexColour    "hex_colour"   alone  each "colour as #rrggbb" text::hex_colour;
}

impl Provider {
    /// The one of this name.
    pub fn named(name: &str) -> Option<Provider> {
        Provider::ALL.iter().copied().find(|provider| provider.name() == name)
    }

    /// Appends a drawn value.
    pub fn write(self, locale: Locale, rng: &mut Rng, out: &mut String) {
        self.compose(locale.data(), rng, out);
    }

    /// How many values [`write_nth`](Self::write_nth) tells apart; `None` where they cannot be counted.
    pub fn domain(self, locale: Locale) -> Option<u128> {
        let mut count = Count(1);
        self.is_counted().then(|| {
            self.compose(locale.data(), &mut count, &mut String::new());
            count.0
        })
    }

    /// Appends the value of number `index`: another one for each below the [`domain`](Self::domain). Numbers
    /// from there on begin anew. Of one number, name, user name and e-mail address are one person's.
    pub fn write_nth(self, locale: Locale, index: u128, out: &mut String) {
        self.compose(locale.data(), &mut Nth(index), out);
    }
}
