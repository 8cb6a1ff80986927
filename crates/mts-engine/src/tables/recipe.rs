//! What regenerates tables.

use mts_hash::{Int, Map, SeedSequence, Value, hash8};
use mts_rng::ENGINE;
use mts_tables::{Database, Finding, Profile};
use serde_json::Value as Json;

use super::parse;
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

    pub(super) fn read(recipe: &Value) -> Result<Self, String> {
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

    /// The tables.
    ///
    /// # Errors
    ///
    /// Where the recipe says what no document may.
    pub(super) fn database(&self) -> Result<Database, Vec<Finding>> {
        let spec = parse::spec(&self.dataset, &self.tables, &self.relationships)
            .map_err(|message| vec![Finding { path: String::new(), message, hint: None }])?;
        Database::new(&spec, &SeedSequence::new(&self.entropy), self.profile)
    }
}
