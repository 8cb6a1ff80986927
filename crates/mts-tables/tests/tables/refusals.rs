//! What is refused, in its very words.

use serde_json::{Value as Json, json};

use crate::{database, named, table, told};

/// What is wrong with a table of ten rows with a column x.
#[track_caller]
fn wrong(column: Json) -> String {
    let made = database(&json!({"t": table(10, &[named(column)])}), &json!([]));
    told(&made.err().unwrap()).replace("tables.t.columns[1]", "x")
}

#[test]
fn domains_are_large_enough() {
    let unique = json!({"unique": true});
    let of = |mut column: Json| {
        column["constraints"] = unique.clone();
        wrong(column)
    };
    assert_eq!(
        of(json!({"type": "integer", "min": 1, "max": 5})),
        "x.constraints.unique: 10 rows need as many values, and from 1 to 5 there are 5"
    );
    assert_eq!(
        of(json!({"type": "date", "start": "2024-01-01", "end": "2024-01-03"})),
        "x.constraints.unique: 10 rows need as many values, and from 2024-01-01 to 2024-01-03 there are 3"
    );
    assert_eq!(
        of(json!({"type": "categorical", "categories": ["a", "b"]})),
        "x.constraints.unique: 10 rows need as many values, and there are 2 categories"
    );
    let repeated = ["a"; 10];
    assert_eq!(
        of(json!({"type": "categorical", "categories": repeated})),
        "x.constraints.unique: 10 rows need as many values, and there are 1 categories"
    );
    assert!(of(json!({"type": "country"})).starts_with("x.constraints.unique: "));
    assert_eq!(of(json!({"type": "boolean"})), "x.constraints.unique: cannot be promised for truth values");
    assert_eq!(of(json!({"computed": "id"})), "x.constraints.unique: cannot be promised for an expression");
    assert_eq!(
        wrong(json!({"type": "string", "constraints": {"unique": true, "pattern": "[ab]{3}"}})),
        "x.constraints.unique: 10 rows need as many texts, and [ab]{3} has 8"
    );
}

#[test]
fn constraints_can_be_met() {
    assert_eq!(
        wrong(json!({"type": "float", "min": 0, "max": 1, "constraints": {"min": 5}})),
        "x: none of 20000 draws satisfies the constraints: values of the column lie in [0, 1], those allowed in [5, inf]"
    );
    assert_eq!(
        wrong(json!({"type": "integer", "min": 0, "max": 1, "constraints": {"min": 5}})),
        "x.min: no integer is at least 5 and at most 1"
    );
    assert_eq!(
        wrong(json!({"type": "float", "constraints": {"min": 5, "max": 4}})),
        "x.constraints.min: must be <= max, found 5 and 4"
    );
    assert_eq!(
        wrong(json!({"type": "id", "constraints": {"min": 1000}})),
        "x.constraints.min: 10 numbers from 1 on do not keep to it"
    );
    assert_eq!(
        wrong(json!({"type": "id", "start": 5, "constraints": {"max": 13}})),
        "x.constraints.max: 10 numbers from 5 on do not keep to it"
    );
    assert_eq!(
        wrong(json!({"type": "integer", "constraints": {"allowed_values": [1, 2], "allowed": [3]}})),
        "x.constraints.allowed_values: none is at least 0 and at most 100, and in every list"
    );
    assert_eq!(
        wrong(json!({"type": "categorical", "categories": ["a"], "constraints": {"allowed": ["b"]}})),
        "x.categories: none of the categories satisfies the constraints"
    );
    assert_eq!(
        wrong(json!({"type": "string_pattern", "prefix": "S", "constraints": {"pattern": "T.*"}})),
        "x.constraints.pattern: \"S00001\" of row 0 does not match"
    );
    assert_eq!(
        wrong(json!({"type": "name", "constraints": {"allowed": ["Bob"]}})),
        "x.constraints.allowed: is for categories and integers"
    );
    assert_eq!(
        wrong(json!({"computed": "id", "constraints": {"min": 3, "max": 5}})),
        "x.constraints.min: cannot be promised: values may lie anywhere in [1, 10]\n  hint: hold them there: `clip(id, 3, 5)`\nx.constraints.max: cannot be promised: values may lie anywhere in [1, 10]\n  hint: hold them there: `clip(id, 3, 5)`"
    );
    assert_eq!(
        wrong(json!({"computed": "normal(0, 1)", "constraints": {"min": 0}})),
        "x.constraints.min: cannot be promised: values may lie anywhere in [-64, 64]\n  hint: hold them there: `max(0, normal(0, 1))`"
    );
    assert_eq!(
        wrong(json!({"type": "date", "null_rate": 0.1, "constraints": {"not_null": true}})),
        "x.null_rate: must be 0 where no value may be missing"
    );
    assert_eq!(
        wrong(json!({"computed": "None if id > 3 else 2", "constraints": {"not_null": true}})),
        "x.constraints: values may be missing\n  hint: say what stands then: `coalesce(…, 0)`"
    );
}

#[test]
fn bounds_have_numbers_between_them() {
    let why = "x.min: no number with 0 decimals lies between 0.4 and 0.6";
    for kind in ["float", "decimal"] {
        assert_eq!(wrong(json!({"type": kind, "min": 0.4, "max": 0.6, "round": 0})), why);
    }
}

#[test]
fn integers_fit_64_bits() {
    let of = |law: Json| {
        let mut column = law;
        column["type"] = "integer".into();
        let made = database(&json!({"t": table(1000, &[named(column)])}), &json!([]));
        made.err().map(|findings| told(&findings).replace("tables.t.columns[1]", "x"))
    };
    assert_eq!(
        of(json!({"distribution": "pareto", "shape": 0.05})).unwrap(),
        "x.distribution: a share of 1.13e-1 of its values is beyond 64 bits\n  hint: say a `max`, and `truncate: true` so that none becomes it"
    );
    assert!(of(json!({"distribution": "normal", "mean": -1e19})).unwrap().contains("a share of 1.00e0"));
    assert_eq!(of(json!({"distribution": "pareto", "shape": 0.05, "max": 1_000_000})), None);
    assert_eq!(
        of(json!({"distribution": "pareto", "shape": 0.05, "max": 1_000_000, "truncate": true})),
        None
    );
    assert_eq!(of(json!({"distribution": "pareto", "shape": 0.05, "constraints": {"max": 1e6}})), None);
    assert_eq!(of(json!({"distribution": "pareto", "shape": 1})), None);
    assert_eq!(of(json!({"distribution": "zipf", "exponent": 1.01})), None);
}

#[test]
fn weights_fit() {
    let of =
        |weights: Json| wrong(json!({"type": "categorical", "categories": ["a", "b"], "weights": weights}));
    assert_eq!(of(json!([1])), "x.weights: must be as many as there are categories, 2, found 1");
    assert_eq!(of(json!([1, -1])), "x.weights: must be finite and >= 0, found -1");
    assert_eq!(of(json!([0, 0])), "x.weights: must not all be 0");
    let given = json!({"column": "idd", "weights": {}});
    assert_eq!(
        wrong(json!({"type": "categorical", "categories": ["a", "b"], "given": given})),
        "x.given.column: no column \"idd\" before this one\n  hint: did you mean `id`?"
    );
}

#[test]
fn ends_are_in_order() {
    assert_eq!(
        wrong(json!({"type": "date", "start": "2024-13-01", "end": "tomorrow"})),
        "x.start: no date such as 2024-01-31: \"2024-13-01\"\nx.end: no date such as 2024-01-31: \"tomorrow\""
    );
    assert_eq!(
        wrong(json!({"type": "date", "start": "2024-12-01", "end": "2023-01-01"})),
        "x.end: must not be before start, 2024-12-01, found 2023-01-01"
    );
    assert_eq!(
        wrong(json!({"type": "datetime", "start": "2024-01-01T25:00:00"})),
        "x.start: no time such as 2024-01-31T06:30:00: \"2024-01-01T25:00:00\""
    );
    assert_eq!(
        wrong(json!({"type": "datetime", "timezone": "Europe/Berlinn"})),
        "x.timezone: no such time zone: \"Europe/Berlinn\"\n  hint: a name of the IANA database, such as Europe/Berlin or UTC"
    );
    assert_eq!(
        wrong(json!({"type": "integer", "min": 5, "max": 1})),
        "x.min: no integer is at least 5 and at most 1"
    );
    assert_eq!(wrong(json!({"type": "float", "min": 5, "max": 1})), "x.min: must be <= max, found 5 and 1");
    assert_eq!(
        wrong(json!({"type": "decimal", "precision": 4, "round": 2, "min": 500, "max": 600})),
        "x.min: a number of so many digits is at most 99.99, found 500\nx.max: a number of so many digits is at most 99.99, found 600"
    );
    assert_eq!(
        wrong(json!({"type": "decimal", "precision": 2, "round": 3})),
        "x.round: must be <= precision, 2, found 3"
    );
    let item = json!({"name": "item", "type": "integer"});
    assert_eq!(
        wrong(json!({"type": "array", "item": item, "min_length": 5, "max_length": 2})),
        "x.min_length: must be <= max_length, 2, found 5"
    );
    assert!(
        wrong(json!({"type": "id", "start": i64::MAX}))
            .contains("10 rows from 9223372036854775807 on exceed 64 bits")
    );
}

#[test]
fn lists_in_lists_have_a_limit() {
    let list =
        |item: Json, most: u32| json!({"name": "item", "type": "array", "item": item, "max_length": most});
    let number = json!({"name": "item", "type": "integer"});
    assert_eq!(
        wrong(list(list(list(number.clone(), 1000), 1000), 1000)),
        "x.max_length: lists in lists hold at most 1000 values in a row, found 1000000000"
    );
    assert!(database(&json!({"t": table(10, &[named(list(list(number, 20), 50))])}), &json!([])).is_ok());
}

#[test]
fn laws_have_their_own_parameters() {
    assert_eq!(
        wrong(json!({"type": "float", "distribution": "normall"})),
        "x.distribution: no such distribution: \"normall\"\n  hint: did you mean `normal`?"
    );
    assert_eq!(
        wrong(json!({"type": "float", "distribution": "normal", "lambda": 3})),
        "x.lambda: is no parameter of normal, which takes mean and std"
    );
    assert_eq!(
        wrong(json!({"type": "integer", "mean": 3})),
        "x.mean: is no parameter of uniform, which takes min and max"
    );
    assert_eq!(
        wrong(json!({"type": "float", "distribution": "normal", "std": -1})),
        "x.std: must be >= 0, found -1"
    );
    for (law, key, value) in [
        ("lognormal", "sigma", -1.0),
        ("poisson", "lambda", -1.0),
        ("exponential", "rate", 0.0),
        ("gamma", "shape", -1.0),
        ("beta", "alpha", -2.0),
        ("pareto", "shape", 0.0),
        ("pareto", "scale", -1.0),
        ("zipf", "exponent", 1.0),
        ("geometric", "p", 0.0),
        ("binomial", "p", 1.5),
        ("triangular", "mode", 9.0),
    ] {
        let mut column = json!({"type": "float", "distribution": law});
        column[key] = value.into();
        assert!(!wrong(column).is_empty(), "{law}");
    }
}

#[test]
fn types_are_known() {
    assert_eq!(
        wrong(json!({"type": "emial"})),
        "x.type: no such type of column: \"emial\"\n  hint: did you mean `email`?"
    );
}

#[test]
fn circles_are_told_with_all_their_columns() {
    let circle = [named(json!({"computed": "y + 1"})), json!({"name": "y", "computed": "x + 1"})];
    let wrong = database(&json!({"t": table(10, &circle)}), &json!([])).err().unwrap();
    assert_eq!(told(&wrong), "tables.t.columns[1]: depends on itself: t.x → t.y → t.x");
    let own = [named(json!({"computed": "x"}))];
    let wrong = database(&json!({"t": table(10, &own)}), &json!([])).err().unwrap();
    assert_eq!(told(&wrong), "tables.t.columns[1]: depends on itself: t.x → t.x");
}

#[test]
fn expressions_are_told_with_a_place() {
    assert_eq!(
        wrong(json!({"computed": "round(id +"})),
        "x.computed: expected a value, found the end (letter 11)"
    );
    assert_eq!(
        wrong(json!({"computed": "id + fo * 2"})),
        "x.computed: there is no column `fo` (letter 6, at `fo`)"
    );
    assert_eq!(
        wrong(json!({"computed": "uper(id)"})),
        "x.computed: there is no function `uper` (letter 1, at `uper`)\n  hint: did you mean `upper`?"
    );
}

#[test]
fn a_column_that_repeats_another_promises_what_that_one_does() {
    let with = |constraints: Json, parent: Json| {
        let tables = json!({
            "a": table(12, &[json!({"name": "v", "type": "integer", "constraints": parent})]),
            "b": table(40, &[json!({"name": "a_id", "type": "integer", "constraints": constraints.clone()}), json!({"name": "v", "type": "integer", "constraints": constraints})]),
        });
        let link = json!([{"parent_table": "a", "parent_key": "id", "child_table": "b", "child_key": "a_id", "lookup_columns": {"v": "v"}}]);
        database(&tables, &link).map(|_| ()).map_err(|wrong| told(&wrong))
    };
    let fits = json!({"min": 1, "max": 12});
    assert_eq!(with(fits.clone(), fits.clone()), Ok(()));
    let why = |key: &str, columns: [&str; 2]| {
        let line = |(at, of): (usize, &str)| {
            format!(
                "tables.b.columns[{at}].constraints.{key}: does not follow from {of}, which the column repeats"
            )
        };
        [line((1, columns[0])), line((2, columns[1]))].join("\n")
    };
    assert_eq!(with(json!({"max": 5}), json!({})), Err(why("max", ["id", "v"])));
    assert_eq!(with(json!({"pattern": "x"}), json!({})), Err(why("pattern", ["id", "v"])));
    assert_eq!(
        with(json!({"monotonic_increasing": true}), json!({})),
        Err(why("monotonic_increasing", ["id", "v"]))
    );
}

#[test]
fn names_differ_and_are_there() {
    let wrong = |tables: Json, links: Json| told(&database(&tables, &links).err().unwrap());
    let columns = |names: &[&str]| {
        names.iter().map(|name| json!({"name": name, "type": "integer"})).collect::<Vec<_>>()
    };
    assert_eq!(
        wrong(json!({"t": table(3, &columns(&["x", "X"]))}), json!([])),
        "tables.t.columns[2].name: a second column \"X\": databases do not tell it from \"x\""
    );
    assert_eq!(
        wrong(json!({"A": table(3, &[]), "a": table(3, &[])}), json!([])),
        "tables.a: a second table \"a\": databases do not tell it from \"A\""
    );
    let link = |parent: &str, key: &str, child: &str, child_key: &str| json!([{"parent_table": parent, "parent_key": key, "child_table": child, "child_key": child_key}]);
    let two = || json!({"people": table(3, &columns(&["n"])), "orders": table(3, &columns(&["person"]))});
    assert_eq!(
        wrong(two(), link("peple", "id", "orderz", "person")),
        "relationships[0].parent_table: no table \"peple\"\n  hint: did you mean `people`?\nrelationships[0].child_table: no table \"orderz\"\n  hint: did you mean `orders`?"
    );
    assert_eq!(
        wrong(two(), link("people", "idd", "orders", "persom")),
        "relationships[0].parent_key: people has no column \"idd\"\n  hint: did you mean `id`?\nrelationships[0].child_key: orders has no column \"persom\"\n  hint: did you mean `person`?"
    );
    assert_eq!(
        wrong(two(), link("people", "n", "orders", "person")),
        "relationships[0].parent_key: n is no key: values may repeat\n  hint: give it the constraint `primary_key: true` or `unique: true`"
    );
    let mut partitioned = table(3, &columns(&["x"]));
    partitioned["partition_by"] = json!(["id", "x"]);
    partitioned["indexes"] = json!(["y", ["x", "z"]]);
    let said = wrong(json!({"t": partitioned.clone()}), json!([]));
    assert!(
        said.contains("tables.t.indexes: t has no column \"y\"") && said.contains("t has no column \"z\""),
        "{said}"
    );
    partitioned["indexes"] = json!([]);
    let mut floats = table(3, &[named(json!({"type": "float"}))]);
    floats["partition_by"] = json!(["x"]);
    assert_eq!(
        wrong(json!({"t": floats}), json!([])),
        "tables.t.partition_by: \"x\" holds floating-point numbers, which name no folder\n  hint: text, integers, decimals, truth values, dates and times do"
    );
    assert_eq!(
        wrong(json!({"t": partitioned}), json!([])),
        "tables.t.partition_by: must leave a column for the files"
    );
}

#[test]
fn everything_is_told_at_once() {
    let tables = json!({
        "a": table(3, &[json!({"name": "p", "type": "integer", "min": 5, "max": 2}), json!({"name": "q", "type": "date", "start": "x"})]),
        "b": table(3, &[json!({"name": "s", "computed": "zz"}), json!({"name": "o", "type": "integer", "probability": 0.5})]),
    });
    let link = json!([{"parent_table": "a", "parent_key": "id", "child_table": "c", "child_key": "x"}]);
    let wrong = database(&tables, &link).err().unwrap();
    let paths: Vec<&str> = wrong.iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "relationships[0].child_table",
            "tables.a.columns[1].min",
            "tables.a.columns[2].start",
            "tables.b.columns[1].computed",
            "tables.b.columns[2].probability",
        ]
    );
}

/// What a parent may lack, a child that repeats it may lack, too.
#[test]
fn missing_values_of_parents_are_followed() {
    let parents = table(10, &[json!({"name": "v", "type": "integer", "null_rate": 0.9})]);
    let children = |v: Json| table(20, &[json!({"name": "p", "type": "integer"}), v]);
    let link = json!([{"parent_table": "a", "parent_key": "id", "child_table": "b", "child_key": "p", "lookup_columns": {"v": "v"}}]);
    let of = |v: Json| {
        let made = database(&json!({"a": parents, "b": children(v)}), &link);
        made.map(|_| ()).map_err(|wrong| told(&wrong))
    };
    let sure = json!({"name": "v", "type": "integer", "constraints": {"not_null": true}});
    assert_eq!(
        of(sure).unwrap_err(),
        "tables.b.columns[2].constraints: v of a, which the column repeats, may be missing"
    );
    assert_eq!(of(json!({"name": "v", "type": "integer"})), Ok(()));
}

#[test]
fn weights_are_given_for_values_that_there_are() {
    let of = |weights: Json| {
        let other = json!({"name": "y", "type": "categorical", "categories": [0.5, 1, 2.0]});
        let x = json!({"name": "x", "type": "categorical", "categories": ["a", "b"], "given": {"column": "y", "weights": weights}});
        database(&json!({"t": table(30, &[other, x])}), &json!([])).map_err(|wrong| told(&wrong))
    };
    assert_eq!(
        of(json!({"0.55": [1, 0]})).err().unwrap(),
        "tables.t.columns[2].given.weights[\"0.55\"]: \"y\" is never that\n  hint: did you mean `0.5`?"
    );
    // Numbers may be written otherwise.
    let made = of(json!({"1": [1, 0], "2.00": [0, 1]})).unwrap();
    let (y, x) =
        (crate::words(&crate::column(&made, "t", "y")), crate::words(&crate::column(&made, "t", "x")));
    for (y, x) in y.into_iter().flatten().zip(x.into_iter().flatten()) {
        assert!(y != "1.0" || x == "a", "{y} {x}");
        assert!(y != "2.0" || x == "b", "{y} {x}");
    }
}

#[test]
fn columns_depend_on_so_many_others() {
    let chain = |length: usize| {
        let columns: Vec<Json> = (0..length)
            .map(|at| json!({"name": format!("c{at}"), "computed": if at + 1 < length { format!("c{} + 1", at + 1) } else { "id".to_owned() }}))
            .collect();
        database(&json!({"t": table(3, &columns)}), &json!([])).map_err(|wrong| told(&wrong))
    };
    assert!(chain(250).unwrap().rows(0, 0..3).records.num_rows() == 3);
    let wrong = chain(20_000).err().unwrap();
    assert!(
        wrong.starts_with("tables.t.columns[1]: depends on more than 250 columns, each on the next"),
        "{wrong:.200}"
    );
}

#[test]
fn texts_of_a_pattern_can_be_made() {
    let of = |pattern: &str| wrong(json!({"type": "string", "constraints": {"pattern": pattern}}));
    assert_eq!(
        of("a$b"),
        "x.constraints.pattern: `\\z` looks at what stands beside it, and no text is made so that it holds: only `^` \
         at the beginning and `$` at the end can stand in it"
    );
    assert!(of(r"a\bb").contains("looks at what stands beside it"));
    assert_eq!(
        of("((a{100}){100}){250}"),
        "x.constraints.pattern: makes texts of up to 250 × 100 × 100 = 2500000 bytes > 65536"
    );
    assert!(of("(((a{1000}){1000}){1000}){1000}").contains("1000 × 1000"));
    assert!(of(r"\w{1000}").contains("exceeds size limit"), "{}", of(r"\w{1000}"));
    assert_eq!(
        wrong(json!({"type": "string_pattern", "width": 70_000})),
        "x.width: makes texts of 70004 bytes > 65535"
    );
}

#[test]
fn all_rows_match() {
    let numbered = |rows: u64, prefix: &str, width: u64, pattern: &str| {
        let x = json!({"type": "string_pattern", "prefix": prefix, "width": width, "constraints": {"pattern": pattern}});
        let made = database(&json!({"t": table(rows, &[named(x)])}), &json!([]));
        made.err().map(|findings| told(&findings).replace("tables.t.columns[1].constraints.pattern: ", ""))
    };
    assert_eq!(numbered(10, "v_", 0, "v_([0-46-9]|10)").unwrap(), "\"v_5\" of row 4 does not match");
    assert_eq!(numbered(4, "v_", 0, "v_([0-46-9]|10)"), None);
    assert_eq!(numbered(10, "v_", 0, r"v_\d{1,2}"), None);
    // One row of a billion, whose place no example would have.
    let hole = r"S(?:\d{1,2}|\d{4,}|[0-689]\d\d|7[0-689]\d|77[1-9])";
    assert_eq!(numbered(769, "S", 0, hole), None);
    let found = numbered(1_000_000_000, "S", 0, hole).unwrap();
    assert_eq!(found, "\"S770\" of row 769 does not match");
    assert_eq!(numbered(99_999, "S", 5, r"S\d{5}"), None);
    assert_eq!(numbered(100_000, "S", 5, r"S\d{5}").unwrap(), "\"S100000\" of row 99999 does not match");
    assert_eq!(numbered(u64::MAX / 2 - 1, "ä", 0, r"ä[1-9]\d*"), None);
    assert_eq!(numbered(0, "S", 5, "nothing"), None);
    assert!(numbered(10, "S", 5, "S(").unwrap().contains("unclosed group"));
}

#[test]
fn all_uuids_match() {
    let id = |pattern: &str| {
        let x = json!({"type": "id", "id_mode": "uuid", "constraints": {"pattern": pattern}});
        let made = database(&json!({"t": table(10, &[named(x)])}), &json!([]));
        made.err().map(|findings| told(&findings).replace("tables.t.columns[1].constraints.pattern: ", ""))
    };
    assert_eq!(id("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), None);
    assert_eq!(id(r"^[\w-]{36}$"), None);
    // All but those with twelve f at the end.
    let found = id("(?i)[0-9A-F-]{24}(?:.{0,11}[^f].{0,11})").unwrap();
    assert!(found.contains("ffffffffffff\" does not match, and a row may have it"), "{found}");
}

#[test]
fn laws_beyond_all_doubles_are_refused() {
    for (law, share) in [
        (json!({"distribution": "pareto", "shape": 0.01}), "8.27e-4"),
        (json!({"distribution": "lognormal", "mean": 700, "sigma": 50}), "4.22e-1"),
    ] {
        let mut x = law.clone();
        x["type"] = json!("float");
        let told = wrong(x.clone());
        assert!(
            told.contains(&format!("a share of {share} of its values is beyond all floating-point numbers")),
            "{told}"
        );
        x["max"] = json!(1e300);
        let values = crate::numbers(&crate::x(2000, x));
        assert!(values.into_iter().all(|value| value.unwrap() > 0.0 && value.unwrap() <= 1e300));
    }
}
