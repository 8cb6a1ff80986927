//! What regenerates tables.

use mts_config::{Content, Entry, Node, Position, Problem, Problems, schema as check};
use mts_hash::{Int, Map, Value, hash8};
use mts_rng::ENGINE;
use mts_tables::{Database, Profile};
use serde_json::Value as Json;

use super::{plan, schema};
use crate::Request;
use crate::json::{from_value, to_value};

/// Everything that the rows follow from.
#[derive(Clone)]
pub(super) struct Recipe {
    pub(super) dataset: String,
    pub(super) entropy: Int,
    pub(super) profile: Profile,
    pub(super) tables: Vec<Json>,
    pub(super) relationships: Vec<Json>,
}

impl Recipe {
    /// The name of the data: a hash of the whole recipe.
    pub(super) fn data_id(&self) -> String {
        hash8(&self.to_map().into())
    }

    pub(super) fn to_map(&self) -> Map {
        let list = |items: &[Json]| Value::List(items.iter().map(to_value).collect());
        let mut map = Map::new();
        map.insert("engine", ENGINE);
        map.insert("kind", "tables");
        map.insert("dataset", self.dataset.as_str());
        map.insert("entropy", self.entropy.clone());
        map.insert("profile", self.profile.name());
        map.insert("tables", list(&self.tables));
        map.insert("relationships", list(&self.relationships));
        map
    }

    fn read(recipe: &Value) -> Result<Self, String> {
        let key = |name: &str| recipe.get(name).ok_or_else(|| format!("the recipe has no {name:?}"));
        let engine = key("engine")?;
        if *engine != Value::from(ENGINE) {
            let found = mts_hash::canonical_json(engine);
            return Err(format!("the recipe is for engine {found}, this program has engine {ENGINE}"));
        }
        let list = |name: &str| {
            let items = key(name)?.as_list().ok_or_else(|| format!("the recipe's {name} are no list"))?;
            Ok::<_, String>(items.iter().map(from_value).collect())
        };
        let entropy = key("entropy")?.as_int().filter(|int| !int.is_negative());
        let profile = key("profile")?.as_str().and_then(|name| name.parse().ok());
        Ok(Recipe {
            dataset: key("dataset")?.as_str().ok_or("the recipe's dataset is no text")?.to_owned(),
            entropy: entropy.ok_or("the recipe's entropy is no non-negative integer")?.clone(),
            profile: profile.ok_or("the recipe's profile is not known")?,
            tables: list("tables")?,
            relationships: list("relationships")?,
        })
    }

    /// The recipe of a sidecar that says `data_id`, and its tables.
    ///
    /// A sidecar may be anybody's: it is held to all that a document is.
    ///
    /// # Errors
    ///
    /// Where the recipe is none, or says what no document may.
    pub(super) fn restore(recipe: &Value, data_id: &str) -> Result<(Self, Database), String> {
        let read = Recipe::read(recipe)?;
        let belongs = |own: String| match own == data_id {
            true => Ok(()),
            false => Err(format!("the sidecar's data_id is {data_id:?}, and that of its recipe {own}")),
        };
        belongs(read.data_id())?;
        let root = read.document()?;
        let mut problems = Problems::new();
        check::check(&root, &schema::root(), "", &mut problems);
        let request = Request { profile: Some(read.profile), ..Request::default() };
        let (checked, database) =
            plan::recipe(&root, &request, &read.entropy, problems).map_err(|problems| {
                let told: Vec<String> = problems.iter().map(in_words).collect();
                format!("the recipe is none: {}", told.join("; "))
            })?;
        belongs(checked.data_id())?;
        Ok((checked, database))
    }

    /// The document that the tables would come from.
    fn document(&self) -> Result<Node, String> {
        let tables = self.tables.iter().map(|table| {
            let mut table = table.as_object().cloned().ok_or("a table of the recipe is no object")?;
            match table.remove("name") {
                Some(Json::String(name)) => Ok(entry(&name, node(&Json::Object(table)))),
                _ => Err("a table of the recipe has no name"),
            }
        });
        let relationships = self.relationships.iter().map(node).collect();
        Ok(at_no_place(Content::Map(vec![
            entry("dataset", at_no_place(Content::Str(self.dataset.clone()))),
            entry("tables", at_no_place(Content::Map(tables.collect::<Result<_, _>>()?))),
            entry("relationships", at_no_place(Content::List(relationships))),
        ])))
    }
}

/// A problem without its place, which is in no file.
fn in_words(problem: &Problem) -> String {
    match problem.path.as_str() {
        "" => problem.message.clone(),
        path => format!("{path}: {}", problem.message),
    }
}

fn at_no_place(content: Content) -> Node {
    Node::new(content, Position::new("".into(), 0, 0))
}

fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.to_owned(), key_position: value.position.clone(), value }
}

fn node(json: &Json) -> Node {
    at_no_place(match json {
        Json::Null => Content::Null,
        Json::Bool(value) => Content::Bool(*value),
        Json::Number(number) if number.is_f64() => Content::Float(number.as_f64().unwrap_or(f64::NAN)),
        Json::Number(number) => Content::Int(number.to_string()),
        Json::String(text) => Content::Str(text.clone()),
        Json::Array(items) => Content::List(items.iter().map(node).collect()),
        Json::Object(map) => Content::Map(map.iter().map(|(key, value)| entry(key, node(value))).collect()),
    })
}
