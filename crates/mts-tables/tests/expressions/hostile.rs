//! Texts that want to break the parser, a stack, or the clock.

use crate::table::{expression, refused, values};

#[test]
fn depth_length_and_number_are_limited() {
    let deep = 30_000;
    for text in [
        "(".repeat(deep),
        "(".repeat(deep) + "i" + &")".repeat(deep),
        "- ".repeat(deep) + "i",
        "not ".repeat(deep / 2) + "b",
        "i".to_owned() + &" ** i".repeat(deep / 3),
        "i".to_owned() + &" + i".repeat(deep / 3),
        "abs(".repeat(deep / 3) + "i" + &")".repeat(deep / 3),
        "i in (".repeat(deep / 6),
        "1 if b else (".repeat(deep / 10),
    ] {
        let refusals = refused(&text);
        assert!(
            refusals[0].contains("nested more than 128 deep"),
            "{}",
            &refusals[0][refusals[0].len() - 60..]
        );
    }
    assert!(refused(&"(".repeat(100_000))[0].contains("has 100000 bytes; 65536 are allowed"));
    assert!(refused(&("i".to_owned() + &" or i".repeat(12_000)))[0].contains("more than 10000 terms"));
}

/// As deep as is allowed, on the small stack that threads have.
#[test]
fn the_deepest_that_is_allowed_fits_a_stack() {
    let deep = 120;
    for text in [
        "(".repeat(deep) + "i" + &")".repeat(deep),
        "-".repeat(deep) + "i",
        "abs(".repeat(deep) + "i" + &")".repeat(deep),
        "i".to_owned() + &" + 1".repeat(deep),
        "str(".repeat(deep) + "s" + &")".repeat(deep),
        "(1 if b else ".repeat(deep / 2) + "2" + &")".repeat(deep / 2),
        "(0 < ".repeat(deep / 2) + "i" + &" < 1)".repeat(deep / 2),
        "coalesce(k, ".repeat(deep) + "i" + &")".repeat(deep),
    ] {
        let run = move || values(&text);
        std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
    }
}

#[test]
fn wide_is_not_deep() {
    let many = |one: &str, between: &str, count| vec![one; count].join(between);
    assert!(expression(&format!("max({})", many("i", ", ", 5000))).is_ok());
    assert!(expression(&many("b", " and ", 5000)).is_ok());
    assert!(expression(&many("i", " < ", 5000)).is_ok());
    assert!(expression(&("1 if b else ".repeat(2000) + "2")).is_ok());
    values(&format!("i in ({})", many("3", ", ", 5000)));
    values(&("1 if i == 3 else ".repeat(1000) + "2"));
}

/// Texts that grow by each call stop growing.
#[test]
fn texts_do_not_explode() {
    let grown = (0..20).fold("s".to_owned(), |text, _| format!("replace({text}, '', 'abcdefghij')"));
    values(&grown);
    assert_eq!(values(&format!("len({grown})")), "65536 | 65536 | 65536");
}
