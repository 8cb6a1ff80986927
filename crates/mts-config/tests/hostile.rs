//! Documents that are wrong or mean harm are refused, quickly and with a place.

use std::time::{Duration, Instant};

use mts_config::{limits, parse};

fn refused(text: &str) -> String {
    let start = Instant::now();
    let problems = parse(text, "h.yaml").map(|document| document.root().describe());
    let problems = problems.expect_err("is refused").to_string();
    assert!(start.elapsed() < Duration::from_secs(2), "{problems}");
    problems
}

/// Checks that `text` is refused with a message that begins with a place and holds `words`.
fn refuses(text: &str, place: &str, words: &str) {
    let problems = refused(text);
    let shown: String = text.chars().take(60).collect();
    assert!(problems.starts_with(&format!("h.yaml:{place}: ")), "{shown:?}: {problems}");
    assert!(problems.contains(words), "{shown:?}: {problems}");
}

#[test]
fn billion_laughs() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..10 {
        let below = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{below}]\n");
    }
    let start = Instant::now();
    let problems = refused(&text);
    assert!(start.elapsed() < Duration::from_millis(500));
    assert!(problems.contains("aliases add more than 250000 values"), "{problems}");
    assert!(problems.starts_with("h.yaml:6:"), "{problems}");
}

#[test]
fn long_text_repeated() {
    let text = format!("a: &a {}\nb: [{}]", "x".repeat(1 << 20), "*a, ".repeat(100));
    refuses(&text, "2:261", "aliases add more than 64 MiB of text");
}

#[test]
fn nested_anchors_that_nobody_uses_cost_nothing() {
    let inner = "0,".repeat(200_000);
    let open: String = (0..60).map(|level| format!("&a{level} [")).collect();
    let text = format!("[&used 1, *used, {open}{inner}{}]", "]".repeat(60));
    let start = Instant::now();
    assert!(parse(&text, "h.yaml").is_ok());
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn depth() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("{\"a\":", "}")] {
        let text = open.repeat(20_000) + "0" + &close.repeat(20_000);
        assert!(refused(&text).contains("more than 64 lists and mappings"), "{open}");
    }
    let json = "[".repeat(20_000);
    let problems = parse(&json, "h.json").expect_err("is refused").to_string();
    assert!(problems.starts_with("h.json:1:65: [0][0]"), "{problems}");

    for nested in [64, 65] {
        let json = "[".repeat(nested) + &"]".repeat(nested);
        assert_eq!(parse(&json, "h.json").is_ok(), nested == 64);
        assert_eq!(parse(&(json + " # YAML"), "h.yaml").is_ok(), nested == 64);
    }
    // Aliases do not reach deeper than what is written out.
    let mut text = "- &a0 [0]\n".to_owned();
    for level in 1..100 {
        text += &format!("- &a{level} [*a{}]\n", level - 1);
    }
    assert!(refused(&text).contains("more than 64 lists"));
}

#[test]
fn many_values() {
    let text = format!("[{}]", "0,".repeat(10_000_001));
    let start = Instant::now();
    let problems = parse(&text, "h.yaml").map(|_| ()).expect_err("is refused").to_string();
    assert!(problems.contains("more than 10000000 values"), "{problems}");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn many_keys_and_merges_take_linear_time() {
    let keys: String = (0..200_000).map(|key| format!("k{key}: 1\n")).collect();
    assert!(parse(&keys, "h.yaml").is_ok());
    let merges: String = (0..100_000).map(|key| format!("{{k{key}: 1}},")).collect();
    let start = Instant::now();
    assert!(parse(&format!("<<: [{merges}]"), "h.yaml").is_ok());
    assert!(start.elapsed() < Duration::from_secs(5));
    let twice = "a: 1\n".repeat(10_000);
    let problems = parse(&twice, "h.yaml").expect_err("is refused");
    assert_eq!(problems.len(), 9_999);
}

#[test]
fn numbers() {
    refuses(&format!("a: {}", "9".repeat(limits::MAX_DIGITS + 1)), "1:4", "4301 digits");
    refuses(&format!("a: {}", "9".repeat(5_000_000)), "1:4", "digits");
    refuses("a:\n- 1e999\n- -1e999", "2:3", "a[0]: 1e999 is beyond");
    refuses("[1, 1E400]", "1:5", "beyond");
    let document = parse(&"9".repeat(limits::MAX_DIGITS), "h.yaml");
    assert!(document.is_ok());
}

#[test]
fn keys() {
    refuses("a: 1\nb: 2\na: 3", "3:1", "a: key `a` stands twice, first at h.yaml:1:1");
    refuses(
        "{\"a\": 1, \"b\": {\"a\": 1,\n\"a\": 2}}",
        "2:1",
        "b.a: key `a` stands twice, first at h.yaml:1:16",
    );
    refuses("1: a\n'1': b", "2:1", "stands twice");
    refuses("a: {<<: {x: 1}, <<: {y: 1}}", "1:17", "`<<` stands twice");
    refuses("a: {<<: 3}", "1:9", "must be a mapping or a list of mappings, found 3");
    refuses("~: 1", "1:1", "a key must have a name");
    refuses("b:\n  : 1", "2:3", "a key must have a name");
    refuses("? [1, 2]\n: 1", "1:3", "a key must be text");
    refuses("a: &a x\n*a : 1", "2:1", "a key must be text, found an alias");
    let document = parse("1: a\ntrue: b\n'null': c", "h.yaml").expect("parses");
    assert_eq!(document.root().describe(), "{1: \"a\", true: \"b\", null: \"c\"}");
}

#[test]
fn aliases() {
    refuses("a: *b", "1:4", "does not stand before it");
    refuses("&a [*a]", "1:5", "an alias stands inside the value that it names");
    refuses("&a {b: {c: *a}}", "1:12", "b.c: an alias stands inside");
    refuses("b: *a\na: &a 1", "1:4", "does not stand before it");
}

#[test]
fn broken_text() {
    refuses("a: \"abc", "1:4", "unclosed");
    refuses("a: 'abc\nb: 1", "2:1", "hint: does the quoted text that begins above end?");
    refuses("a: [1, 2", "1:4", "unclosed");
    refuses("a: 1\n\tb: 2", "1:4", "hint: indent with spaces");
    refuses("a: b: c", "1:5", "mapping values");
    refuses("a: 1\n---\nb: 2", "2:1", "a second document begins here");
    refuses("a: !foo 1\nb: !!str 2", "1:4", "a: tag `!foo`: tags are not used here");
    refuses("a: 1\nb: x\0y", "2:5", "NUL");
    refuses("\0", "1:1", "NUL");
    assert_eq!(parse("a: !foo 1\nb: !!str 2", "h.yaml").expect_err("is refused").len(), 2);
}

#[test]
fn control_characters_are_written_out() {
    let keys = "\"\\e[31m\\x85\": 1\n\"\\e[31m\\x85\": 2";
    let problems = refused(keys);
    assert!(!problems.contains(char::is_control), "{problems:?}");
    assert!(problems.contains(r"key `\u{1b}[31m\u{85}` stands twice"), "{problems}");
}

#[test]
fn nothing_is_null() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "\u{feff}", "  ", "~"] {
        assert!(parse(text, "h.yaml").expect("parses").root().is_null(), "{text:?}");
    }
    assert!(parse(" \n", "h.json").expect("parses").root().is_null());
}

#[test]
fn tabs_inside_lines() {
    let document = parse("a:\t1\t# one\nb: [1,\t2]\t\n", "h.yaml").expect("parses");
    assert_eq!(document.root().describe(), "{a: 1, b: […]}");
}

#[test]
fn too_much_text() {
    let text = " ".repeat(usize::try_from(limits::MAX_TEXT).expect("fits") + 1);
    assert!(refused(&text).contains("more than 64 MiB of text"));
}
