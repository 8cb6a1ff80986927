//! Every message, with the part of the text that it is about.

use crate::table::refused;

#[track_caller]
fn refuses(cases: &[(&str, &[&str])]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| refused(text) != *expected)
        .map(|(text, _)| format!("{text}\n    {:#?}", refused(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_that_are_no_expressions() {
    refuses(&[
        ("", &["[] expected a value, found the end"]),
        ("i +", &["[] expected a value, found the end"]),
        ("i i", &["[i] expected an operator or the end, found `i`"]),
        ("(i", &["[] expected `)`, found the end"]),
        ("i)", &["[)] expected an operator or the end, found `)`"]),
        ("i = 2", &["[=] `=` has no meaning here (write `==`)"]),
        ("b && m", &["[&&] `&&` has no meaning here (write `and`)"]),
        ("!b", &["[!] `!` has no meaning here (write `not`)"]),
        ("i; k", &["[;] `;` has no meaning here"]),
        ("'abc", &["['abc] the text is not closed"]),
        ("`i", &["[`i] the backquote is not closed"]),
        ("``", &["[``] there is no name between the backquotes"]),
        (r"'\q'", &["[\\q] `\\q` stands for no character (a backslash itself is written `\\\\`)"]),
        (
            r"'\ud800'",
            &["[\\ud800] `\\ud800` stands for no character (a backslash itself is written `\\\\`)"],
        ),
        ("12abc", &["[12abc] `12abc` is no number"]),
        ("1__0", &["[1__0] `1__0` is no number"]),
        ("1e999", &["[1e999] `1e999` is too large a number"]),
        ("99999999999999999999", &["[99999999999999999999] `99999999999999999999` does not fit 64 bits"]),
        ("9223372036854775808", &["[9223372036854775808] the number does not fit 64 bits"]),
        ("(1, 2)", &["[,] a list of values stands only behind `in`"]),
        (
            "i in s",
            &[
                "[s] expected a list in parentheses behind `in`, found `s` (`contains(text, part)` looks into a text)",
            ],
        ),
        ("i in ()", &["[()] the list behind `in` is empty"]),
        ("i is 3", &["[3] expected `None` behind `is`, found a number (write `==` to compare values)"]),
        (
            "i in (1,) == b",
            &["[==] `==` does not continue a chain of comparisons (put one of them in parentheses)"],
        ),
        ("b if i", &["[] expected `else`, found the end"]),
        ("s.upper()", &["[upper] `upper` is not called with a dot (write `upper(…)`)"]),
        ("[i]", &["[[] expected a value, found `[`"]),
        ("1 + not b", &["[not] expected a value, found `not`"]),
        ("lambda: 0", &["[:] `:` has no meaning here"]),
        ("f'{i}'", &["['{i}'] expected an operator or the end, found a text"]),
        ("i if b else", &["[] expected a value, found the end"]),
    ]);
}

#[test]
fn names_that_are_not_there() {
    refuses(&[
        ("clent.device", &["[clent] there is no column `clent` (did you mean `client`?)"]),
        ("client.devise", &["[devise] `client` has no field `devise` (did you mean `device`?)"]),
        ("i.real", &["[real] `i` is no structure, so that it has no field `real`"]),
        ("rond(x)", &["[rond] there is no function `rond` (did you mean `round`?)"]),
        ("eval('1')", &["[eval] there is no function `eval`"]),
        ("__import__('os')", &["[__import__] there is no function `__import__`"]),
        ("round", &["[round] there is no column `round` (a function is called: `round(x, digits=0)`)"]),
        ("i(2)", &["[i] there is no function `i` (`i` is a column, which is not called)"]),
        ("`round`(x)", &["[(] expected an operator or the end, found `(`"]),
        ("`unit prise`", &["[`unit prise`] there is no column `unit prise` (did you mean `unit price`?)"]),
    ]);
}

#[test]
fn types_that_do_not_fit() {
    refuses(&[
        (
            "s * i",
            &[
                "[s * i] `*` takes numbers, found text and integer (`int(…)` or `float(…)` makes a number of a text)",
            ],
        ),
        (
            "s + i",
            &[
                "[s + i] `+` takes numbers, texts, or a date and days, found text and integer (`str(…)` makes a text of a value)",
            ],
        ),
        (
            "d + x",
            &[
                "[d + x] `+` takes numbers, texts, or a date and days, found date and float (`int(…)` makes whole days of a number)",
            ],
        ),
        (
            "w + 1",
            &[
                "[w + 1] `+` takes numbers, texts, or a date and days, found datetime and integer (see `add_seconds` and `days_between`)",
            ],
        ),
        (
            "i + None",
            &[
                "[i + None] `+` takes numbers, texts, or a date and days, found integer and None (a term with None never has a value)",
            ],
        ),
        ("-s", &["[-s] `-` takes a number, found text"]),
        ("not i", &["[i] `not` takes true or false, found a number (write `… != 0`)"]),
        ("b and s", &["[s] `and` takes true or false, found a text (write `… != ''`)"]),
        ("1 if i else 2", &["[i] `if` takes true or false, found a number (write `… != 0`)"]),
        (
            "1 if b else 'x'",
            &["[1 if b else 'x'] the branches have no type in common, found integer and text"],
        ),
        ("None if b else None", &["[None if b else None] the branches are all None, which has no type"]),
        ("None", &["[None] a column that is always None has no type"]),
        ("client", &["[client] a computed column cannot be a structure"]),
        ("tags", &["[tags] a computed column cannot be a list"]),
        ("s == 3", &["[s == 3] the sides of `==` have no type in common, found text and integer"]),
        (
            "d == '2024-13-01'",
            &["['2024-13-01'] `2024-13-01` is no date (dates are written like 2024-12-31)"],
        ),
        ("d == w", &["[d == w] the sides of `==` have no type in common, found date and datetime"]),
        (
            "w == z",
            &["[w == z] the sides of `==` have no type in common, found datetime and datetime of UTC"],
        ),
        (
            "w == '2024-01-01T00:00Z'",
            &[
                "['2024-01-01T00:00Z'] `2024-01-01T00:00Z` has an offset, the other a clock without time zone (moments are written like 2024-12-31T23:59:00)",
            ],
        ),
        (
            "e == '2024-01-01T00:00'",
            &[
                "['2024-01-01T00:00'] `2024-01-01T00:00` has no offset from UTC (instants are written like 2024-12-31T23:59:00+01:00)",
            ],
        ),
        (
            "hour(e)",
            &["[e] the clock of Europe/Berlin changes, so that an instant has no fixed hour or date"],
        ),
        ("hour(d)", &["[d] `hour` takes a datetime as argument 1, found date (hour(x))"]),
        ("i in (1, None)", &["[i in (1, None)] None is in no list; see `is None`"]),
        (
            "i in (1, 'x')",
            &[
                "[i in (1, 'x')] the value before `in` and the list behind it have no type in common, found integer and text",
            ],
        ),
        ("None < 3", &["[None < 3] with None only one value is compared, by `is None` or `is not None`"]),
        (
            "round(s, x)",
            &[
                "[s] `round` takes a number as argument 1, found text (round(x, digits=0))",
                "[x] `round` takes an integer as argument 2, found float (round(x, digits=0))",
            ],
        ),
        ("round()", &["[round()] `round` takes 1 to 2 arguments, found 0 (round(x, digits=0))"]),
        ("normal(1)", &["[normal(1)] `normal` takes 2 arguments, found 1 (normal(mean, std))"]),
        ("min(i)", &["[min(i)] `min` takes 2 arguments or more, found 1 (min(a, b, …))"]),
        ("coalesce(None)", &["[coalesce(None)] the arguments of `coalesce` are all None, which has no type"]),
        ("len(i)", &["[i] `len` takes a text or list as argument 1, found integer (len(x))"]),
        ("int(d)", &["[int(d)] `int` takes a number or text, found date"]),
        ("max(i, s)", &["[max(i, s)] the arguments of `max` have no type in common, found integer and text"]),
        (
            "rand_days_after('soon', 1, 2)",
            &["['soon'] `soon` is no date (dates are written like 2024-12-31)"],
        ),
        (
            "s + 1 + lower(i) + nme",
            &[
                "[s + 1] `+` takes numbers, texts, or a date and days, found text and integer (`str(…)` makes a text of a value)",
                "[i] `lower` takes a text as argument 1, found integer (lower(text))",
                "[nme] there is no column `nme`",
            ],
        ),
    ]);
}

#[test]
fn what_never_has_a_value() {
    refuses(&[
        ("i / 0", &["[i / 0] `/` by zero has no value"]),
        ("x % 0.0", &["[x % 0.0] `%` by zero has no value"]),
        ("1 // 0", &["[1 // 0] `//` by zero has no value"]),
        ("sqrt(-1)", &["[sqrt(-1)] `sqrt` has no value for these arguments"]),
        ("log(0)", &["[log(0)] `log` has no value for these arguments"]),
        ("2 ** 64", &["[2 ** 64] `**` has no value for these numbers"]),
        ("int('x')", &["[int('x')] `int` has no value for these arguments"]),
        ("normal(0, -1)", &["[normal(0, -1)] `normal` has no value for these arguments"]),
        ("randint(3, 1)", &["[randint(3, 1)] `randint` has no value for these arguments"]),
        ("bernoulli(2)", &["[bernoulli(2)] `bernoulli` has no value for these arguments"]),
        ("poisson(-1)", &["[poisson(-1)] `poisson` has no value for these arguments"]),
        (
            "rand_days_after(d, 3, 1)",
            &["[rand_days_after(d, 3, 1)] `rand_days_after` has no value for these arguments"],
        ),
        ("date('9999-12-31') + 1", &["[date('9999-12-31') + 1] `+` has no value for these numbers"]),
    ]);
}
