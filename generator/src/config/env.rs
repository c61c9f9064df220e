//! Keys set by the environment: `WINDSOCK_<TABLE>_<KEY>`.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;
use toml::{Table, Value};

use super::File;
use super::schema::{self, Key, Kind};
use super::suggest::nearest;
use crate::fault::Fault;

const PREFIX: &str = "WINDSOCK_";

/// Variables that are no keys and no options of the command line: how much is logged, and where
/// `make` keeps its tools.
const OTHERS: [&str; 2] = ["WINDSOCK_LOG", "WINDSOCK_TOOLS"];

fn variable(key: &Key) -> String {
    format!("{PREFIX}{}_{}", key.section, key.name).to_uppercase()
}

/// The keys that are set, with their values.
pub(super) fn keys(environment: &BTreeMap<String, String>) -> Result<Vec<(Key, Value)>> {
    let mut set = Vec::new();
    for key in schema::keys() {
        let name = variable(&key);
        // An empty variable is how workflows say that there is none.
        if let Some(text) = environment.get(&name).filter(|text| !text.is_empty()) {
            let value = value(key.kind, text).ok_or_else(|| {
                Fault::Input(format!("{name} is {text:?}, but must be a whole number"))
            })?;
            set.push((key, value));
        }
    }
    Ok(set)
}

fn value(kind: Kind, text: &str) -> Option<Value> {
    Some(match kind {
        Kind::Text => text.into(),
        Kind::Integer => text.trim().parse::<i64>().ok()?.into(),
        Kind::List => text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(Value::from)
            .collect::<Vec<_>>()
            .into(),
    })
}

/// The file with these keys in place of its own.
pub(super) fn apply(mut file: Table, set: Vec<(Key, Value)>) -> Result<File> {
    let names: Vec<String> = set.iter().map(|(key, _)| variable(key)).collect();
    for (key, value) in set {
        let section = file
            .entry(key.section)
            .or_insert_with(|| Table::new().into());
        if let Value::Table(section) = section {
            section.insert(key.name, value);
        }
    }
    File::deserialize(file).map_err(|error: toml::de::Error| {
        let names = names.join(", ");
        Fault::Input(format!("in the environment ({names}): {error}")).into()
    })
}

/// Complaints about variables that look like settings and are none; `options` are those of the
/// command line.
pub(super) fn mistaken(environment: &BTreeMap<String, String>, options: &[String]) -> Vec<String> {
    let keys: Vec<String> = schema::keys().iter().map(variable).collect();
    let known: Vec<&str> = keys
        .iter()
        .chain(options)
        .map(String::as_str)
        .chain(OTHERS)
        .collect();
    let known: Vec<&str> = known
        .iter()
        .filter_map(|name| name.strip_prefix(PREFIX))
        .collect();
    environment
        .keys()
        .filter_map(|name| name.strip_prefix(PREFIX))
        .filter(|rest| !known.contains(rest))
        .filter_map(|rest| {
            let meant = nearest(rest, known.iter().copied())?;
            let does = "is no setting and does nothing";
            Some(format!(
                "{PREFIX}{rest} {does}: did you mean {PREFIX}{meant}?"
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(set: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = set
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        pairs.collect()
    }

    #[test]
    fn every_kind_of_key_can_be_set() {
        let environment = environment(&[
            ("WINDSOCK_SITE_TITLE", "Mine"),
            ("WINDSOCK_SITE_EVENT_MONTHS", "12"),
            (
                "WINDSOCK_SYNC_SOURCES",
                "https://example.org/a.zip,b.zip\nc.zip\n",
            ),
            ("WINDSOCK_VALIDATE_GATE", "warn"),
            ("WINDSOCK_SITE_OUTPUT", ""),
        ]);
        let file = apply(Table::new(), keys(&environment).unwrap()).unwrap();
        assert_eq!(file.site.title.as_deref(), Some("Mine"));
        assert_eq!(file.site.event_months, Some(12));
        assert_eq!(
            file.sync.sources,
            ["https://example.org/a.zip", "b.zip", "c.zip"]
        );
        assert_eq!(file.validate.gate, Some(crate::config::Gate::Warn));
        assert_eq!(file.site.output, None);
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_with_the_name_of_the_variable() {
        for (name, text) in [
            ("WINDSOCK_SITE_EVENT_MONTHS", "two"),
            ("WINDSOCK_SITE_EVENT_MONTHS", "-1"),
            ("WINDSOCK_VALIDATE_GATE", "never"),
        ] {
            let environment = environment(&[(name, text)]);
            let result = keys(&environment).and_then(|set| apply(Table::new(), set));
            let error = result.unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
            assert_eq!(crate::fault::exit_code(&error), 3);
        }
    }

    #[test]
    fn a_mistyped_variable_is_told() {
        let options = ["WINDSOCK_BASE_URL".to_owned()];
        let environment = environment(&[
            ("WINDSOCK_SITE_TITEL", "x"),
            ("WINDSOCK_BASE_ULR", "x"),
            ("WINDSOCK_BASE_URL", "/"),
            ("WINDSOCK_LOG", "debug"),
            ("WINDSOCK_SOMETHING_ELSE", "x"),
        ]);
        let told = mistaken(&environment, &options).join("\n");
        assert!(told.contains("did you mean WINDSOCK_SITE_TITLE?"), "{told}");
        assert!(told.contains("did you mean WINDSOCK_BASE_URL?"), "{told}");
        assert_eq!(told.lines().count(), 2, "{told}");
    }
}
