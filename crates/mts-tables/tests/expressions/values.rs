//! Values of each operator and function, worked out with python3 where Python has them.

use crate::table::{column, expression, values};
use mts_core::ColumnType;

fn same(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(values(text), *expected, "{text}");
    }
}

#[test]
fn arithmetic_is_pythons() {
    same(&[
        ("i + 1", "8 | -6 | 1"),
        ("i - k", "5 | None | -5"),
        ("i * 2.0", "14.0 | -14.0 | 0.0"),
        ("i / 2", "3.5 | -3.5 | 0.0"),
        ("i // 2", "3 | -4 | 0"),
        ("i // -2", "-4 | 3 | 0"),
        ("i % 3", "1 | 2 | 0"),
        ("i % -3", "-2 | -1 | 0"),
        ("x // 0.3", "8.0 | -2.0 | 3.3333333333333335e300"),
        ("x % 2", "0.5 | 1.5 | 0.0"),
        ("x % -2", "-1.5 | -0.5 | -0.0"),
        ("7 // k", "3 | None | 1"),
        ("1 / y", "None | 0.3333333333333333 | None"),
        ("1 % y", "None | 1.0 | None"),
        ("i ** 2", "49 | 49 | 0"),
        ("i ** k", "49.0 | None | 0.0"),
        ("i ** -1", "0.14285714285714285 | -0.14285714285714285 | None"),
        ("x ** 0.5", "1.5811388300841898 | None | 1e150"),
        ("2 ** 3 ** 2", "512 | 512 | 512"),
        ("-2 ** 2", "-4 | -4 | -4"),
        ("2 ** -1", "0.5 | 0.5 | 0.5"),
        ("-i", "-7 | 7 | 0"),
        ("- - + i", "7 | -7 | 0"),
        ("x * 1e10", "25000000000.0 | -5000000000.0 | None"),
        ("9223372036854775807 + i", "None | 9223372036854775800 | 9223372036854775807"),
        ("-9223372036854775808 // (i - 1)", "-1537228672809129302 | 1152921504606846976 | None"),
        ("i * 3000000000000000000", "None | None | 0"),
        ("1_000 + .5 + 5. + 1e-1", "1005.6 | 1005.6 | 1005.6"),
        ("b + b", "2 | 0 | 2"),
        ("(i > 0) * 5", "5 | 0 | 0"),
        ("p * 2", "24.68 | -0.1 | 1999.98"),
        ("9007199254740993 / 9007199254740992", "1.0 | 1.0 | 1.0"),
        ("9223372036854775807 / -9223372036854775806", "-1.0 | -1.0 | -1.0"),
        ("9223372036854775807 / 3", "3.0744573456182584e18 | 3.0744573456182584e18 | 3.0744573456182584e18"),
        ("`unit price` * 2", "3.0 | 5.0 | 7.0"),
    ]);
}

#[test]
fn comparisons_chain() {
    same(&[
        ("i > 0", "true | false | false"),
        ("-8 < i <= 0", "false | true | true"),
        ("1 < k < 3", "true | None | false"),
        ("i == 7.0", "true | false | false"),
        ("i != 7", "false | true | true"),
        ("s == 'Ada'", "true | false | false"),
        ("s < 'b'", "true | true | false"),
        ("b == True", "true | false | true"),
        ("b == 1", "true | false | true"),
        ("m != b", "None | true | true"),
        ("d >= '2000-01-01'", "true | false | false"),
        ("'1999-12-31' == d", "false | true | false"),
        ("w < '1970-01-01'", "false | true | false"),
        ("w == '2024-02-29 23:59:30.25'", "true | false | false"),
        ("z == '2024-03-01T01:59:30.25+02:00'", "true | false | false"),
        ("o == '2024-03-01T01:59:30.25'", "true | false | false"),
        ("e > '2024-02-29T23:59:30Z'", "true | false | false"),
        ("s in ('Ada', 'Bob')", "true | false | false"),
        ("i not in [7, 0]", "false | true | false"),
        ("k in (2,)", "true | None | false"),
        ("3 in (i, k, 3)", "true | true | true"),
        ("0 in (i, k)", "false | None | true"),
        ("d in ('1999-12-31', '0001-01-01')", "false | true | true"),
    ]);
}

#[test]
fn logic_has_three_values() {
    same(&[
        ("b and m", "None | false | false"),
        ("b or m", "true | true | true"),
        ("not m", "None | false | true"),
        ("m and False", "false | false | false"),
        ("m or true", "true | true | true"),
        ("m or b and not b", "None | true | false"),
        ("k is None", "false | true | false"),
        ("k is not None", "true | false | true"),
        ("None == k", "false | true | false"),
        ("k != null", "true | false | true"),
        ("i is None", "false | false | false"),
        ("client is None", "false | true | false"),
        ("client.size is None", "true | true | false"),
    ]);
    assert!(!expression("client is None").unwrap().nullable());
    assert!(!expression("b and i > 2").unwrap().nullable());
    assert!(expression("b and k > 2").unwrap().nullable());
}

#[test]
fn branches_have_one_type() {
    same(&[
        ("'hot' if x > 2 else 'cold' if x < 0 else 'warm'", "'hot' | 'cold' | 'hot'"),
        ("1 if b else 2.5", "1.0 | 2.5 | 1.0"),
        ("1 if m else 2", "None | 1 | 2"),
        ("k if b else None", "2 | None | 5"),
        ("i if k is None else k", "2 | -7 | 5"),
        ("d if b else '2020-02-29'", "2024-02-28 | 2020-02-29 | 0001-01-01"),
        ("1 / i if i != 0 else 0", "0.14285714285714285 | -0.14285714285714285 | 0.0"),
        ("i if True else 0", "7 | -7 | 0"),
        ("coalesce(k, i)", "2 | -7 | 5"),
        ("coalesce(k, y, 0)", "2.0 | 3.0 | 5.0"),
        ("coalesce(None, t, '?')", "'?' | '  pad ' | 'x'"),
    ]);
    assert!(!expression("coalesce(k, 0)").unwrap().nullable());
    assert!(!expression("'a' if i > 2 else 'b'").unwrap().nullable());
    assert!(expression("'a' if i > 2 else None").unwrap().nullable());
}

#[test]
fn numbers() {
    same(&[
        ("abs(i)", "7 | 7 | 0"),
        ("abs(x)", "2.5 | 0.5 | 1e300"),
        ("round(x)", "2 | 0 | None"),
        ("round(x, 0)", "2.0 | -0.0 | 1e300"),
        ("round(2.675, 2)", "2.67 | 2.67 | 2.67"),
        ("round(i * 55, -1)", "380 | -380 | 0"),
        ("round(x, -1)", "0.0 | -0.0 | 1e300"),
        ("floor(x)", "2 | -1 | None"),
        ("ceil(x)", "3 | 0 | None"),
        ("sqrt(x)", "1.5811388300841898 | None | 1e150"),
        ("exp(i)", "1096.6331584284585 | 0.0009118819655545162 | 1.0"),
        ("log(x)", "0.9162907318741551 | None | 690.7755278982137"),
        ("log(8, 2)", "3.0 | 3.0 | 3.0"),
        ("log10(x)", "0.3979400086720376 | None | 300.0"),
        ("min(i, 3)", "3 | -7 | 0"),
        ("max(i, k, 1.5)", "7.0 | None | 5.0"),
        ("max(d, '2000-01-01')", "2024-02-28 | 2000-01-01 | 2000-01-01"),
        ("min(s, 'b')", "'Ada' | '' | 'b'"),
        ("clip(i, -1, 1)", "1 | -1 | 0"),
        ("clip(x, 0, 10)", "2.5 | 0.0 | 10.0"),
        ("len(tags)", "2 | 0 | 1"),
    ]);
}

#[test]
fn casts() {
    same(&[
        ("int(x)", "2 | 0 | None"),
        ("int(' 12 ')", "12 | 12 | 12"),
        ("int(s)", "None | None | None"),
        ("int(b)", "1 | 0 | 1"),
        ("float(i)", "7.0 | -7.0 | 0.0"),
        ("float('1e3')", "1000.0 | 1000.0 | 1000.0"),
        ("str(i)", "'7' | '-7' | '0'"),
        ("str(x)", "'2.5' | '-0.5' | '1e+300'"),
        ("str(b)", "'True' | 'False' | 'True'"),
        ("str(d)", "'2024-02-28' | '1999-12-31' | '0001-01-01'"),
        ("str(w)", "'2024-02-29T23:59:30.250000' | '1969-12-31T23:59:59.999999' | '1970-01-01T00:00:00'"),
        (
            "str(o)",
            "'2024-03-01T01:59:30.250000+02:00' | '1970-01-01T01:59:59.999999+02:00' | '1970-01-01T02:00:00+02:00'",
        ),
        ("str(e)", "'2024-02-29T23:59:30.250000Z' | '1969-12-31T23:59:59.999999Z' | '1970-01-01T00:00:00Z'"),
        ("bool(i)", "true | true | false"),
        ("bool(s)", "true | false | true"),
        ("date('2024-02-29')", "2024-02-29 | 2024-02-29 | 2024-02-29"),
        ("date(w)", "2024-02-29 | 1969-12-31 | 1970-01-01"),
        ("date(o)", "2024-03-01 | 1970-01-01 | 1970-01-01"),
        ("date(s)", "None | None | None"),
    ]);
}

#[test]
fn texts() {
    same(&[
        ("s + '!'", "'Ada!' | '!' | 'née O'Hara!'"),
        ("s + t", "None | '  pad ' | 'née O'Harax'"),
        ("concat(s, '-', i, '-', b)", "'Ada-7-True' | '--7-False' | 'née O'Hara-0-True'"),
        ("lower(s)", "'ada' | '' | 'née o'hara'"),
        ("upper(s)", "'ADA' | '' | 'NÉE O'HARA'"),
        ("len(s)", "3 | 0 | 10"),
        ("substr(s, 1)", "'da' | '' | 'ée O'Hara'"),
        ("substr(s, 1, 2)", "'da' | '' | 'ée'"),
        ("substr(s, -2, 1)", "'d' | '' | 'r'"),
        ("substr(s, 99, 99)", "'' | '' | ''"),
        ("substr(s, 0, i)", "'Ada' | '' | ''"),
        ("replace(s, 'a', 'oo')", "'Adoo' | '' | 'née O'Hooroo'"),
        ("replace(s, '', '-')", "'-A-d-a-' | '-' | '-n-é-e- -O-'-H-a-r-a-'"),
        ("strip(t)", "None | 'pad' | 'x'"),
        ("starts_with(s, 'A')", "true | false | false"),
        ("ends_with(s, 'ra')", "false | false | true"),
        ("contains(s, 'd')", "true | false | false"),
        (r#""it's" + 'a\n\t\\\'\"\x41\u00e9\U0001F600'"#, &["'it'sa\n\t\\'\"Aé😀'"; 3].join(" | ")),
        ("client.device", "'phone' | None | 'web'"),
        ("client.device + '!' if client is not None else 'none'", "'phone!' | 'none' | 'web!'"),
    ]);
}

#[test]
fn dates() {
    same(&[
        ("year(d)", "2024 | 1999 | 1"),
        ("month(d)", "2 | 12 | 1"),
        ("day(d)", "28 | 31 | 1"),
        ("weekday(d)", "2 | 4 | 0"),
        ("year", "2024 | 2025 | 2026"),
        ("year + year(d)", "4048 | 4024 | 2027"),
        ("hour(w)", "23 | 23 | 0"),
        ("minute(z)", "59 | 59 | 0"),
        ("second(w)", "30 | 59 | 0"),
        ("hour(o)", "1 | 1 | 2"),
        ("d + 2", "2024-03-01 | 2000-01-02 | 0001-01-03"),
        ("1 + d", "2024-02-29 | 2000-01-01 | 0001-01-02"),
        ("d - 1", "2024-02-27 | 1999-12-30 | None"),
        ("d + k * 10000000000", "None | None | None"),
        ("d - '2024-02-27'", "1 | -8824 | -738942"),
        ("days_between(d, '2024-03-01')", "2 | 8827 | 738945"),
        ("days_between(w, z)", "0 | 0 | 0"),
        ("days_between('2024-02-28', w)", "1 | -19782 | -19781"),
        ("add_seconds(w, 0.5)", "1709251170750000 | 499999 | 500000"),
        ("add_seconds(z, i)", "1709251177250000 | -7000001 | 0"),
        ("add_seconds(w, x)", "1709251172750000 | -500001 | None"),
        ("days_between(w, add_seconds(w, 86399))", "0 | 0 | 0"),
    ]);
    assert_eq!(
        *expression("add_seconds(z, 1)").unwrap().kind(),
        ColumnType::DateTime(Some("UTC".to_owned()))
    );
}

#[test]
fn says_what_it_reads() {
    let expression = expression("p + k * (i + k) + client.size").unwrap();
    assert_eq!(expression.inputs(), [13, 1, 0, 14]);
    assert_eq!(*expression.kind(), ColumnType::Float);
    let syntax = mts_tables::Syntax::parse("a + f(b.c, a) if `d e` else b").unwrap();
    assert_eq!(syntax.names(), ["a", "b", "d e"]);
}

/// Where an overflow is possible, and only there.
#[test]
fn is_nullable_where_a_value_can_be_missing() {
    let always = [
        "i / 2",
        "i // 2",
        "i % 7",
        "i * 1.5",
        "p * p",
        "x / 2",
        "x // 2.0",
        "x % 3",
        "-x",
        "abs(x)",
        "round(x, 2)",
        "clip(i, 0, 100) * 365 + 1",
        "int(clip(x, 0, 10))",
        "max(0.5, p * 0.9 + normal(0, 0.35))",
        "round(max(29500, normal(43000, 5100)), 0) if s == 'nurse' else 0",
        "round(normal(3, 1))",
        "sqrt(abs(p))",
        "exp(clip(x, -1, 1)) + log(1 + abs(p))",
        "uniform(0, p) + exponential(3) + poisson(4) + lognormal(0, 1)",
        "randint(1, 6) * 10",
        "choice('a', s)",
        "bernoulli(0.5)",
        "rand_days_after('2024-01-01', 0, 365)",
        "days_between(d, w) * 24 + hour(w)",
        "year(d) * 100 + month(d)",
        "len(s) ** 2",
        "(year(d) - 1) ** 2",
        "b + b",
        "s + str(i)",
        "coalesce(y, 0.0)",
        "k is None",
    ];
    let sometimes = [
        "i + 1",
        "-i",
        "abs(i)",
        "i ** 2",
        "1 / i",
        "i % k",
        "x * 2",
        "x + x",
        "round(x)",
        "round(x, -308)",
        "sqrt(x)",
        "exp(p)",
        "log(i)",
        "x ** 0.5",
        "normal(0, x)",
        "uniform(x, 1)",
        "bernoulli(p)",
        "randint(0, i)",
        "poisson(x)",
        "rand_days_after(d, 0, 365)",
        "d + 1",
        "int(s)",
        "date(s)",
        "y",
        "1 if m else 2",
        "choice(1, None)",
        "k == 1",
    ];
    for text in always {
        assert!(!expression(text).unwrap().nullable(), "{text}");
        values(text);
    }
    for text in sometimes {
        assert!(expression(text).unwrap().nullable(), "{text}");
    }
}

/// What schemas compute in practice, and what becomes of it.
#[test]
fn schemas_in_use_are_understood() {
    use ColumnType::{Date, Float, Integer, Text};
    let columns = [
        column("role", Text, false),
        column("base_pay", Float, false),
        column("share", Float, false),
        column("pieces", Integer, false),
        column("started_on", Date, false),
        column("score", Float, true),
    ];
    let pay = "round(max(72000, normal(118000, 21000)), 0) if role == 'physician'
        else (round(max(38000, normal(57500, 7200)), 0) if role == 'nurse' or role == 'lab'
        else round(max(29500, normal(43000, 5100)), 0))";
    let cases = [
        (pay, Float, false),
        ("round(base_pay * share, 2)", Float, true),
        ("rand_days_after(started_on, 120, 1900)", Date, true),
        ("'strong' if score >= 4.2 else ('weak' if score < 2 else 'solid')", Text, true),
        (
            "round(max(0.5, base_pay * (1 - share) + normal(0, 0.35)), 2) if pieces >= 4 else base_pay",
            Float,
            true,
        ),
        ("round(max(4.9, normal(19.5, 6.5)), 2) if role == 'subscribe' else 0", Float, false),
    ];
    for (text, kind, nullable) in cases {
        let syntax = mts_tables::Syntax::parse(text).unwrap();
        let expression =
            mts_tables::Expression::new(&syntax, &columns, &mts_hash::SeedSequence::new(1_u64)).unwrap();
        assert_eq!((expression.kind(), expression.nullable()), (&kind, nullable), "{text}");
    }
}
