//! What holds for all expressions.

use arrow_array::{Array, ArrayRef};
use mts_hash::SeedSequence;
use mts_tables::{Expression, Rows, Syntax};
use proptest::prelude::*;

use crate::table::{arrays, columns, show};

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("i".to_owned()),
        Just("k".to_owned()),
        Just("x".to_owned()),
        Just("y".to_owned()),
        Just("p".to_owned()),
        Just("client.size".to_owned()),
        Just("len(tags)".to_owned()),
        (-3_i64..1000).prop_map(|n| format!("({n})")),
        any::<i64>().prop_map(|n| n.to_string()),
        (-1e3..1e3).prop_map(|x: f64| format!("{x:?}")),
        Just("normal(0, 1)".to_owned()),
        Just("randint(-5, 5)".to_owned()),
        Just("days_between(d, w)".to_owned()),
        Just("len(s + 'x')".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let sign = prop::sample::select(vec!["+", "-", "*", "/", "//", "%", "**"]);
        let compare = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
        let one =
            prop::sample::select(vec!["abs", "floor", "sqrt", "exp", "log", "float", "-", "round", "int"]);
        let three = prop::sample::select(vec!["clip", "min", "max", "coalesce", "choice"]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (one, inner.clone()).prop_map(|(f, a)| format!("{f}({a})")),
            (three, inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(f, a, b, c)| format!("{f}({a}, {b}, {c})")),
            (inner.clone(), inner.clone(), compare, inner.clone(), inner.clone())
                .prop_map(|(a, b, sign, c, d)| format!("({a} if {b} {sign} {c} and not b else {d})")),
            (inner.clone(), -3..6).prop_map(|(a, digits)| format!("round({a}, {digits})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("int({a} in ({b}, {c}))")),
            inner.prop_map(|a| format!("len(concat({a}, upper(s), d, w))")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("s".to_owned()),
        Just("t".to_owned()),
        Just("client.device".to_owned()),
        "[a-zA-Z é]{0,5}".prop_map(|text| format!("'{text}'")),
        number().prop_map(|number| format!("str({number})")),
        Just("choice('a', s, None)".to_owned()),
        (-800_000_i64..800_000).prop_map(|days| format!("str(d + ({days}))")),
        Just("str(add_seconds(w, x))".to_owned()),
        Just("str(rand_days_after(d, 0, k))".to_owned()),
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        let one = prop::sample::select(vec!["lower", "upper", "strip"]);
        let two = prop::sample::select(vec!["concat", "min", "max", "coalesce", "choice"]);
        let truth = prop::sample::select(vec!["starts_with", "ends_with", "contains"]);
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            (one, inner.clone()).prop_map(|(f, a)| format!("{f}({a})")),
            (two, inner.clone(), inner.clone()).prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("replace({a}, {b}, {c})")),
            (inner.clone(), -9..9, -2..9)
                .prop_map(|(a, from, length)| format!("substr({a}, {from}, {length})")),
            (inner.clone(), truth, inner.clone(), inner.clone()).prop_map(|(a, f, b, c)| {
                format!("({a} if {f}({b}, {c}) or {a} <= {b} and {c} is not None else {c})")
            }),
            inner.prop_map(|a| format!("str(len({a}) + year(date({a})))")),
        ]
    })
}

/// Each row by itself, repeated and in another order.
fn check(text: &str) {
    let Ok(syntax) = Syntax::parse(text) else { return };
    let Ok(expression) = Expression::new(&syntax, &columns(), &SeedSequence::new(1_u64)) else { return };
    let arrays = arrays();
    let inputs: Vec<ArrayRef> = expression.inputs().iter().map(|at| arrays[*at].clone()).collect();
    let whole = expression.evaluate(&inputs, &Rows::Range(10..13));
    assert!(expression.nullable() || whole.null_count() == 0, "{text}");
    for row in 0..3 {
        let sliced: Vec<ArrayRef> = inputs.iter().map(|input| input.slice(row, 1)).collect();
        let number = 10 + row as u64;
        let alone = expression.evaluate(&sliced, &Rows::Range(number..number + 1));
        assert_eq!(show(&alone), show(&whole.slice(row, 1)), "{text}");
        let listed = expression.evaluate(&sliced, &Rows::Listed(&[number]));
        assert_eq!(&listed, &alone, "{text}");
    }
    let none: Vec<ArrayRef> = inputs.iter().map(|input| input.slice(0, 0)).collect();
    assert_eq!(expression.evaluate(&none, &Rows::Listed(&[])).len(), 0);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        check(&text);
    }

    #[test]
    fn texts_of_tokens_are_read_or_refused(
        tokens in prop::collection::vec(prop::sample::select(vec![
            "i", "x", "s", "b", "d", "w", "client", ".", "size", "(", ")", ",", "+", "-", "**", "//", "<", "==",
            "if", "else", "and", "not", "in", "is", "None", "'a'", "1", "2.5", "round", "max", "choice", "concat",
            "coalesce", "len", "str", "date", "[", "]", "`", "'", "\\", "é", "0x", "1e",
        ]), 0..30)
    ) {
        check(&tokens.join(" "));
        check(&tokens.concat());
    }

    #[test]
    fn texts_of_all_kinds_have_values(text in text()) {
        check(&text);
    }

    #[test]
    fn numbers_of_all_kinds_have_values(text in number()) {
        if let Err(error) = Syntax::parse(&text) {
            // Integers are written without sign, and not all fit.
            prop_assert!(error.message.contains("64 bits") || error.message.contains("expected"), "{}: {}", text, error);
        }
        check(&text);
    }
}
