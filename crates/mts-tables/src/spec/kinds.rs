//! The types of columns and what each takes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::ColumnSpec;

/// A type takes one line: its names in documents, and what it takes.
macro_rules! kinds {
    ($(#[doc = $doc:literal] $kind:ident($spec:ty) = $name:literal),* $(,)?) => {
        /// Where the values of a column come from.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Kind {
            $(#[doc = $doc] $kind($spec),)*
            /// An object of named fields.
            Object(ObjectSpec),
            /// Any number of values of one type.
            Array(Box<ArraySpec>),
            /// Names, places, words.
            Words(String, WordsSpec),
            /// An expression of other columns of the row.
            Computed(String),
        }

        impl Kind {
            /// The names of all types but those of names, places and words.
            pub const NAMES: &'static [&'static str] = &[$($name,)* "object", "array", "computed"];

            /// What each of them is, in one line.
            pub const SUMMARIES: &'static [&'static str] = &[
                $($doc,)*
                " An object of named fields.",
                " Any number of values of one type.",
                " An expression of other columns of the row.",
            ];

            /// Reads what a type takes; any type that is none of the others is one of words.
            pub(super) fn from_json(name: &str, json: Json) -> Result<Self, serde_json::Error> {
                match name {
                    $($name => <$spec>::deserialize(json).map(Kind::$kind),)*
                    "object" => ObjectSpec::from_json(&json).map(Kind::Object),
                    "array" => ArraySpec::from_json(&json).map(|array| Kind::Array(Box::new(array))),
                    words => WordsSpec::deserialize(json).map(|spec| Kind::Words(words.to_owned(), spec)),
                }
            }

            /// The name of the type.
            pub fn name(&self) -> &str {
                match self {
                    $(Kind::$kind(_) => $name,)*
                    Kind::Object(_) => "object",
                    Kind::Array(_) => "array",
                    Kind::Words(name, _) => name,
                    Kind::Computed(_) => "computed",
                }
            }
        }

        /// The schema of what a type takes, objects, arrays and expressions aside.
        pub(super) fn own_schema(name: &str) -> Json {
            let schema = match name {
                $($name => schemars::schema_for!($spec),)*
                _ => schemars::schema_for!(WordsSpec),
            };
            schema.to_value()
        }
    };
}

kinds! {
    /// A number or UUID for each row.
    Id(IdSpec) = "id",
    /// Whole numbers.
    Integer(IntegerSpec) = "integer",
    /// Numbers.
    Float(FloatSpec) = "float",
    /// Exact numbers with a point.
    Decimal(DecimalSpec) = "decimal",
    /// One of some values.
    Categorical(CategoricalSpec) = "categorical",
    /// True or false.
    Boolean(BooleanSpec) = "boolean",
    /// Days.
    Date(DateSpec) = "date",
    /// Days with a time.
    Datetime(DatetimeSpec) = "datetime",
    /// Text.
    Text(TextSpec) = "string",
    /// A prefix and the number of the row.
    Pattern(PatternSpec) = "string_pattern",
    /// The same value in every row.
    Constant(ConstantSpec) = "constant",
}

/// How rows are numbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdMode {
    /// 1, 2, 3 …
    #[default]
    Int,
    /// Random UUIDs, version 4.
    Uuid,
}

/// Takes of `id`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IdSpec {
    /// Numbers or UUIDs.
    pub id_mode: IdMode,
    /// The first number.
    pub start: i64,
}

impl Default for IdSpec {
    fn default() -> Self {
        IdSpec { id_mode: IdMode::Int, start: 1 }
    }
}

/// A law and its parameters; which are needed depends on the law.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LawSpec {
    /// uniform, normal, lognormal, poisson, exponential, gamma, beta, pareto, zipf, geometric, binomial,
    /// triangular or empirical.
    pub distribution: Option<String>,
    /// The mean; of the logarithm for lognormal.
    pub mean: Option<f64>,
    /// The standard deviation.
    pub std: Option<f64>,
    /// The standard deviation of the logarithm.
    pub sigma: Option<f64>,
    /// The mean of poisson.
    pub lambda: Option<f64>,
    /// Events per unit, for exponential.
    pub rate: Option<f64>,
    /// Of gamma and pareto.
    pub shape: Option<f64>,
    /// Of gamma, exponential and pareto, whose least value it is.
    pub scale: Option<f64>,
    /// Of beta.
    pub alpha: Option<f64>,
    /// Of beta.
    pub beta: Option<f64>,
    /// Of zipf, greater than 1.
    pub exponent: Option<f64>,
    /// The probability of success of geometric and binomial.
    pub p: Option<f64>,
    /// The number of trials of binomial.
    pub n: Option<u64>,
    /// The most frequent value of triangular.
    pub mode: Option<f64>,
    /// The values of empirical.
    pub values: Option<Vec<f64>>,
    /// How often each value of empirical occurs, against the others.
    pub weights: Option<Vec<f64>>,
    /// Draws again what lies outside of min and max, rather than moving it to the nearer one.
    pub truncate: bool,
}

/// Takes of `integer`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct IntegerSpec {
    /// The least value.
    pub min: Option<i64>,
    /// The greatest value.
    pub max: Option<i64>,
    /// How values are distributed.
    #[serde(flatten)]
    pub law: LawSpec,
}

/// Takes of `float`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FloatSpec {
    /// The least value.
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// Digits behind the point.
    #[schemars(range(min = 0, max = 17))]
    pub round: Option<u8>,
    /// How values are distributed.
    #[serde(flatten)]
    pub law: LawSpec,
}

/// Takes of `decimal`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DecimalSpec {
    /// Digits in all.
    #[schemars(range(min = 1, max = 38))]
    pub precision: u8,
    /// Digits behind the point.
    #[schemars(range(min = 0, max = 15))]
    pub round: u8,
    /// The least value.
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// How values are distributed.
    #[serde(flatten)]
    pub law: LawSpec,
}

impl Default for DecimalSpec {
    fn default() -> Self {
        DecimalSpec { precision: 12, round: 2, min: None, max: None, law: LawSpec::default() }
    }
}

/// Takes of `categorical`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CategoricalSpec {
    /// The values: text, numbers or truth values, all alike.
    pub categories: Vec<Json>,
    /// How often each occurs, against the others; as often where not given.
    pub weights: Option<Vec<f64>>,
    /// Weights that depend on another column.
    pub given: Option<Given>,
}

/// Weights for each value of another column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The other column.
    pub column: String,
    /// Its values as text, and the weights then; other values have `weights`.
    pub weights: BTreeMap<String, Vec<f64>>,
}

/// Takes of `boolean`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BooleanSpec {
    /// How likely true is.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub true_probability: f64,
}

impl Default for BooleanSpec {
    fn default() -> Self {
        BooleanSpec { true_probability: 0.5 }
    }
}

/// Takes of `date`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DateSpec {
    /// The first day.
    pub start: String,
    /// The last day.
    pub end: String,
}

impl Default for DateSpec {
    fn default() -> Self {
        DateSpec { start: "2020-01-01".to_owned(), end: "2024-12-31".to_owned() }
    }
}

/// Takes of `datetime`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatetimeSpec {
    /// The first second.
    pub start: String,
    /// The last second.
    pub end: String,
    /// The name of a time zone: values are instants then; without one they are those of a clock on the wall.
    pub timezone: Option<String>,
}

impl Default for DatetimeSpec {
    fn default() -> Self {
        let (start, end) = ("2020-01-01T00:00:00".to_owned(), "2024-12-31T23:59:59".to_owned());
        DatetimeSpec { start, end, timezone: None }
    }
}

/// Takes of `string`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TextSpec {
    /// What stands before the number of the row, from 0.
    pub prefix: Option<String>,
}

/// Takes of `string_pattern`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PatternSpec {
    /// What stands before the number of the row, from 1.
    pub prefix: String,
    /// Digits of the number, with zeros before it.
    #[schemars(range(max = 30))]
    pub width: usize,
}

impl Default for PatternSpec {
    fn default() -> Self {
        PatternSpec { prefix: "item".to_owned(), width: 5 }
    }
}

/// Takes of `constant`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConstantSpec {
    /// The value: text, a number or a truth value.
    #[schemars(extend("type" = ["string", "number", "boolean", "null"]))]
    pub value: Json,
}

impl Default for ConstantSpec {
    fn default() -> Self {
        ConstantSpec { value: Json::String(String::new()) }
    }
}

/// Takes of names, places and words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WordsSpec {
    /// Language and country: en, de, fr, es, pt or ja.
    pub locale: Option<String>,
    /// Whose they are, by any name: words of a row with the same name belong to one person or place. Otherwise the
    /// first columns of each type in a table or object belong together, the second ones, and so on.
    pub of: Option<String>,
}

/// Takes of `object`.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectSpec {
    /// In order.
    pub fields: Vec<ColumnSpec>,
}

impl ObjectSpec {
    fn from_json(json: &Json) -> Result<Self, serde_json::Error> {
        let fields = json.get("fields").and_then(Json::as_array).into_iter().flatten();
        Ok(ObjectSpec { fields: fields.map(ColumnSpec::from_json).collect::<Result<_, _>>()? })
    }
}

/// Takes of `array`.
#[derive(Clone, Debug, PartialEq)]
pub struct ArraySpec {
    /// What it holds; the name does not matter.
    pub item: ColumnSpec,
    /// Least number of values.
    pub min_length: u32,
    /// Greatest number of values.
    pub max_length: u32,
}

impl ArraySpec {
    fn from_json(json: &Json) -> Result<Self, serde_json::Error> {
        let length = |key: &str, otherwise: u32| match json.get(key) {
            Some(value) => u32::deserialize(value),
            None => Ok(otherwise),
        };
        let (min_length, max_length) = (length("min_length", 0)?, length("max_length", 3)?);
        let item = ColumnSpec::from_json(json.get("item").unwrap_or(&Json::Null))?;
        Ok(ArraySpec { item, min_length, max_length })
    }
}
