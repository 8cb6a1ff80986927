//! Names as addresses spell them: lower-case letters of ASCII and hyphens.

use super::Locale;

/// `text` without accents; in German with the two letters that stand for an umlaut.
pub(super) fn ascii(locale: Locale, text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        let plain = match (letter, locale) {
            ('a'..='z' | '0'..='9' | '-', _) => {
                folded.push(letter);
                continue;
            }
            ('ä', Locale::De) => "ae",
            ('ö', Locale::De) => "oe",
            ('ü', Locale::De) => "ue",
            ('à' | 'á' | 'â' | 'ã' | 'ä' | 'å', _) => "a",
            ('ç', _) => "c",
            ('è' | 'é' | 'ê' | 'ë', _) => "e",
            ('ğ', _) => "g",
            ('ì' | 'í' | 'î' | 'ï' | 'ı', _) => "i",
            ('ñ', _) => "n",
            ('ò' | 'ó' | 'ô' | 'õ' | 'ö', _) => "o",
            ('ş', _) => "s",
            ('ù' | 'ú' | 'û' | 'ü', _) => "u",
            ('ý' | 'ÿ', _) => "y",
            ('ß', _) => "ss",
            ('æ', _) => "ae",
            ('œ', _) => "oe",
            _ => "",
        };
        folded.push_str(plain);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_go_and_umlauts_depend_on_the_language() {
        assert_eq!(ascii(Locale::De, "Jürgen-Größe"), "juergen-groesse");
        assert_eq!(ascii(Locale::Es, "Peña Güell"), "penaguell");
        assert_eq!(ascii(Locale::De, "Yılmaz"), "yilmaz");
    }
}
