//! The arguments of an expectation: each is taken once, and what nobody took is an error.

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Ignore, Range};
use crate::duck;

/// Arguments that say how Great Expectations reports, not what must hold.
const REPORTING: [&str; 8] = [
    "result_format",
    "catch_exceptions",
    "include_config",
    "batch_id",
    "meta",
    "severity",
    "auto",
    "profiler_config",
];

/// Arguments not yet taken.
pub(super) struct Kwargs {
    left: Map<String, Value>,
}

impl Kwargs {
    pub(super) fn new(kwargs: &Map<String, Value>) -> Self {
        let mut left = kwargs.clone();
        // An argument that is null is one that was not given.
        left.retain(|name, value| !value.is_null() && !REPORTING.contains(&name.as_str()));
        Self { left }
    }

    pub(super) fn optional<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(value) = self.left.remove(name) else {
            return Ok(None);
        };
        if value.get("$PARAMETER").is_some() {
            bail!("`{name}` is a suite parameter: write its value instead");
        }
        serde_json::from_value(value)
            .map(Some)
            .with_context(|| format!("`{name}` has the wrong form"))
    }

    pub(super) fn required<T: DeserializeOwned>(&mut self, name: &str) -> Result<T> {
        self.optional(name)?
            .with_context(|| format!("it needs `{name}`"))
    }

    /// `column`, quoted.
    pub(super) fn column(&mut self) -> Result<String> {
        self.name("column")
    }

    /// An argument that names a column, quoted.
    pub(super) fn name(&mut self, name: &str) -> Result<String> {
        Ok(duck::identifier(&self.required::<String>(name)?))
    }

    /// An argument that names columns, quoted.
    pub(super) fn names(&mut self, name: &str) -> Result<Vec<String>> {
        let names: Vec<String> = self.required(name)?;
        if names.len() < 2 {
            bail!("`{name}` needs at least two columns");
        }
        Ok(names.iter().map(|name| duck::identifier(name)).collect())
    }

    /// An argument that lists values, as SQL literals; nulls in it have no effect.
    pub(super) fn values(&mut self, name: &str) -> Result<Vec<String>> {
        let values: Vec<Value> = self.required(name)?;
        values
            .iter()
            .filter(|value| !value.is_null())
            .map(literal)
            .collect()
    }

    /// `min_value` and `max_value` with `strict_min` and `strict_max`.
    pub(super) fn range(&mut self) -> Result<Range> {
        let mut bound = |name: &str| -> Result<Option<String>> {
            self.optional::<Value>(name)?
                .as_ref()
                .map(literal)
                .transpose()
        };
        let (min, max) = (bound("min_value")?, bound("max_value")?);
        Ok(Range {
            min,
            max,
            strict_min: self.optional("strict_min")?.unwrap_or(false),
            strict_max: self.optional("strict_max")?.unwrap_or(false),
        })
    }

    /// A range that has at least one bound.
    pub(super) fn bounded(&mut self) -> Result<Range> {
        let range = self.range()?;
        if range.min.is_none() && range.max.is_none() {
            bail!("it needs `min_value` or `max_value`");
        }
        Ok(range)
    }

    /// `ignore_row_if`, in the words for two columns or for more.
    pub(super) fn ignore(&mut self) -> Result<Ignore> {
        let word: Option<String> = self.optional("ignore_row_if")?;
        Ok(match word.as_deref() {
            None | Some("both_values_are_missing" | "all_values_are_missing") => Ignore::AllMissing,
            Some("either_value_is_missing" | "any_value_is_missing") => Ignore::AnyMissing,
            Some("neither" | "never") => Ignore::Never,
            Some(other) => bail!("`ignore_row_if` does not know {other}"),
        })
    }

    /// # Errors
    /// If an argument was not taken: it would have no effect.
    pub(super) fn finish(self) -> Result<()> {
        if self.left.is_empty() {
            return Ok(());
        }
        let names: Vec<&String> = self.left.keys().collect();
        bail!("it has no argument {names:?}");
    }
}

/// A JSON value as SQL literal. A text takes the type of what it is compared with, so dates need
/// no form of their own.
pub(super) fn literal(value: &Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(duck::literal(text)),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        other => bail!("{other} is no value to compare with"),
    }
}
