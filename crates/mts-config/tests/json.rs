//! JSON is read as JSON, and gives what the same text gives as YAML.

use mts_config::{Content, parse};

fn read(text: &str, name: &str) -> Result<Content, String> {
    let document = parse(text, name).map_err(|problems| problems.to_string())?;
    Ok(document.into_root().content)
}

#[test]
fn scalars() {
    for (text, expected) in [
        ("null", Content::Null),
        ("true", Content::Bool(true)),
        ("-0", Content::Int("0".into())),
        ("123456789012345678901234567890", Content::Int("123456789012345678901234567890".into())),
        ("1e5", Content::Float(1e5)),
        ("-1.5E-3", Content::Float(-1.5e-3)),
        ("1.0", Content::Float(1.0)),
        (r#""a\u00e9\ud83d\ude00\/\n""#, Content::Str("aé😀/\n".into())),
        (r#""<<""#, Content::Str("<<".into())),
        (r#""0.1""#, Content::Str("0.1".into())),
    ] {
        assert_eq!(read(text, "a.json").as_ref(), Ok(&expected), "{text}");
        assert_eq!(read(text, "a.yaml").as_ref(), Ok(&expected), "{text}");
    }
}

#[test]
fn text_that_is_json_is_read_as_json_under_any_name() {
    let text = "\t{\n\t\t\"a\"\t:\t[1,\r\n\t2]\n\t,\"b\":\"\\ud83d\\ude00\"\n\t}\t\n";
    assert_eq!(read(text, "a.yaml"), read(text, "a.yaml"));
    assert!(read(text, "a.yaml").is_ok());
    assert!(read(text, "<stdin>").is_ok());
}

#[test]
fn yaml_flow_that_is_not_json_is_yaml() {
    for text in ["{a: 1, 'b': [yes]}", "[1, 2,]", "{\"a\": 1} # end", "[NaN]", "{\"a\": 01}"] {
        assert!(read(text, "a.yaml").is_ok(), "{text}");
        assert!(read(text, "a.json").is_err(), "{text}");
    }
}

#[test]
fn refuses_with_a_place() {
    for (text, expected) in [
        ("{\"a\": 1,}", "a.json:1:9: expected a key in double quotes, found '}'"),
        ("{\"a\" 1}", "a.json:1:6: a: expected `:` after the key, found '1'"),
        ("[1\n 2]", "a.json:2:2: expected `,` or `]`, found '2'"),
        ("[1, nul]", "a.json:1:5: [1]: expected a value, found 'n'"),
        ("[1] x", "a.json:1:5: more text after the end of the document, found 'x'"),
        ("[\"ab", "a.json:1:2: [0]: this string does not end"),
        ("[\"a\\x\"]", "a.json:1:4: [0]: unknown escape"),
        ("[\"a\nb\"]", "a.json:1:4: [0]: '\\n' must be escaped in a string"),
        ("[01]", "a.json:1:4: [0]: not a number as JSON writes it, found ']'"),
        ("[1.]", "a.json:1:4: [0]: expected a digit after the point, found ']'"),
        ("[-]", "a.json:1:3: [0]: not a number as JSON writes it, found ']'"),
        ("[1", "a.json:1:3: expected `,` or `]`, found the end of the text"),
        (
            "[1e999]",
            "a.json:1:2: [0]: 1e999 is beyond the largest number, about 1.8e308; infinity is written .inf",
        ),
    ] {
        assert_eq!(read(text, "a.json"), Err(expected.to_owned()), "{text}");
    }
}
