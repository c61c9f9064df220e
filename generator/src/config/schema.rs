//! The schema of `windsock.toml`, made from the structs that read it.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::File;

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words, a path or one of some names.
    Text,
    /// A whole number.
    Integer,
    /// Several texts.
    List,
}

/// A key of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// Table it stands in.
    pub(super) section: String,
    /// Its name there.
    pub(super) name: String,
    /// What it holds.
    pub(super) kind: Kind,
}

/// JSON Schema (2020-12) of `windsock.toml`, for editors: they complete keys, show what they mean
/// and mark mistakes.
pub fn schema() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<File>()
        .to_value();
    schema["title"] = "windsock.toml".into();
    let tables = schema["properties"].as_object_mut();
    for table in tables.into_iter().flat_map(serde_json::Map::values_mut) {
        let keys = table["properties"].as_object_mut();
        keys.into_iter()
            .flat_map(serde_json::Map::values_mut)
            .for_each(without_null);
    }
    schema
}

/// A key that may be missing is optional in Rust; TOML has no null.
fn without_null(key: &mut Value) {
    let Some(entry) = key.as_object_mut() else {
        return;
    };
    if entry.get("default").is_some_and(Value::is_null) {
        entry.remove("default");
    }
    if let Some(Value::Array(types)) = entry.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            entry.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = entry.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
    }
}

/// All keys, in the order of the schema.
pub(super) fn keys() -> Vec<Key> {
    let schema = schema();
    let empty = serde_json::Map::new();
    let properties = |value: &Value| value["properties"].as_object().unwrap_or(&empty).clone();
    let mut keys = Vec::new();
    for (section, table) in properties(&schema) {
        for (name, value) in properties(&table) {
            keys.push(Key {
                section: section.clone(),
                name,
                kind: kind(&value),
            });
        }
    }
    keys
}

fn kind(value: &Value) -> Kind {
    let is = |wanted: &str| match &value["type"] {
        Value::String(name) => name == wanted,
        Value::Array(names) => names.iter().any(|name| name == wanted),
        _ => false,
    };
    match (is("integer"), is("array")) {
        (true, _) => Kind::Integer,
        (_, true) => Kind::List,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_knows_every_key_with_its_meaning() {
        let schema = schema();
        assert_eq!(schema["additionalProperties"], false);
        let site = &schema["properties"]["site"];
        assert_eq!(site["additionalProperties"], false);
        for key in keys() {
            let entry = &schema["properties"][&key.section]["properties"][&key.name];
            let about = entry["description"].as_str().unwrap_or_default();
            assert!(!entry.to_string().contains("null"), "{entry}");
            assert!(
                about.len() > 10,
                "{}.{} is not described",
                key.section,
                key.name
            );
        }
        let kind_of = |section: &str, name: &str| {
            let key = keys()
                .into_iter()
                .find(|k| (k.section.as_str(), k.name.as_str()) == (section, name));
            key.unwrap().kind
        };
        assert_eq!(kind_of("site", "title"), Kind::Text);
        assert_eq!(kind_of("site", "event_months"), Kind::Integer);
        assert_eq!(kind_of("sync", "sources"), Kind::List);
        assert_eq!(kind_of("validate", "gate"), Kind::Text);
        let features = schema["properties"]["train"]["properties"]["features"].to_string();
        for name in ["before-impact", "full-record"] {
            assert!(features.contains(name), "{features}");
        }
    }

    #[test]
    fn a_type_whose_names_are_written_down_twice_has_the_same_ones() {
        use severity::features::FeatureSet;
        for set in [FeatureSet::BeforeImpact, FeatureSet::FullRecord] {
            assert!(
                schema()
                    .to_string()
                    .contains(&format!("\"{}\"", set.name()))
            );
        }
    }
}
