//! Suites understood and ready to run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use dataset::schema::{self, Table};
use serde_json::Value;

use super::derived;
use super::rule::{self, Scoped};
use super::suite::{Expectation, SuiteFile};
use crate::fault::Fault;

/// The files of `generator/suites`: what follows neither from the schema nor from code lists.
const FILES: [&str; 20] = [
    include_str!("../../../suites/aircraft.json"),
    include_str!("../../../suites/country.json"),
    include_str!("../../../suites/ct_iaids.json"),
    include_str!("../../../suites/ct_seqevt.json"),
    include_str!("../../../suites/dt_aircraft.json"),
    include_str!("../../../suites/dt_events.json"),
    include_str!("../../../suites/dt_flight_crew.json"),
    include_str!("../../../suites/eadmspub_datadictionary.json"),
    include_str!("../../../suites/engines.json"),
    include_str!("../../../suites/events.json"),
    include_str!("../../../suites/events_sequence.json"),
    include_str!("../../../suites/findings.json"),
    include_str!("../../../suites/flight_crew.json"),
    include_str!("../../../suites/flight_time.json"),
    include_str!("../../../suites/injury.json"),
    include_str!("../../../suites/narratives.json"),
    include_str!("../../../suites/ntsb_admin.json"),
    include_str!("../../../suites/occurrences.json"),
    include_str!("../../../suites/seq_of_events.json"),
    include_str!("../../../suites/states.json"),
];

/// Suites to run.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) suites: Vec<PlannedSuite>,
}

#[derive(Debug, Clone)]
pub(super) struct PlannedSuite {
    pub(super) file: SuiteFile,
    pub(super) table: &'static Table,
    pub(super) checks: Vec<PlannedCheck>,
}

#[derive(Debug, Clone)]
pub(super) struct PlannedCheck {
    pub(super) id: String,
    pub(super) expectation: Expectation,
    pub(super) scoped: Scoped,
}

impl Plan {
    /// The suites that ship with windsock, one a table: records of events first, lookups last.
    ///
    /// # Errors
    /// If one cannot be understood.
    pub fn shipped() -> Result<Self> {
        let mut files = Vec::new();
        for text in FILES {
            let file: SuiteFile = serde_json::from_str(text).context("in a shipped suite")?;
            files.push(file);
        }
        let (lookups, records): (Vec<&Table>, Vec<&Table>) =
            schema::tables().iter().partition(|table| table.is_lookup());
        let mut suites = Vec::new();
        for table in records.into_iter().chain(lookups) {
            let name = table.sql_name();
            let file = files.iter().find(|file| file.name == name);
            let mut file = file
                .cloned()
                .with_context(|| format!("no suite for {name}"))?;
            file.expectations.extend(derived::expectations(table));
            suites.push(plan(file, None)?);
        }
        Ok(Self { suites })
    }

    /// Suites of the user, in the form of Great Expectations. `table` is the table of those that
    /// name none.
    ///
    /// # Errors
    /// [`Fault::Input`] if a file cannot be read or understood: the message names what it is that
    /// is not supported.
    pub fn read(files: &[PathBuf], table: Option<&str>) -> Result<Self> {
        let suites = files.iter().map(|path| {
            read(path, table).map_err(|error| {
                Fault::Input(format!("in the suite {}: {error:#}", path.display())).into()
            })
        });
        Ok(Self {
            suites: suites.collect::<Result<_>>()?,
        })
    }

    /// Adds the suites of another plan.
    pub fn extend(&mut self, other: Self) {
        self.suites.extend(other.suites);
    }

    /// The suites in the JSON form of Great Expectations 1.x, by name.
    pub fn configurations(&self) -> BTreeMap<String, Value> {
        let suites = self.suites.iter();
        suites
            .map(|suite| (suite.file.name.clone(), suite.file.configuration()))
            .collect()
    }
}

fn read(path: &Path, table: Option<&str>) -> Result<PlannedSuite> {
    let text = fs::read_to_string(path).context("reading it")?;
    plan(serde_json::from_str(&text)?, table)
}

fn plan(mut file: SuiteFile, default: Option<&str>) -> Result<PlannedSuite> {
    let named = file.meta.table.as_deref().or(default).unwrap_or(&file.name);
    let table = schema::table(named.strip_prefix("ntsb.").unwrap_or(named)).with_context(|| {
        let tables: Vec<String> = schema::tables().iter().map(Table::sql_name).collect();
        format!(
            "{named} is no table: name one in meta.table of the suite, or with --table; tables \
             are {}",
            tables.join(", ")
        )
    })?;
    file.meta.table = Some(table.sql_name());
    let mut checks: Vec<PlannedCheck> = Vec::new();
    for expectation in &file.expectations {
        let scoped = rule::parse(&expectation.kind, &expectation.kwargs)?;
        let id = format!("{}.{}", table.sql_name(), name(expectation));
        // The same rule may be asked of several columns or conditions.
        let equal = checks.iter().filter(|check| {
            check.id == id
                || check
                    .id
                    .rsplit_once('~')
                    .is_some_and(|(stem, _)| stem == id)
        });
        let id = match equal.count() {
            0 => id,
            count => format!("{id}~{}", count + 1),
        };
        checks.push(PlannedCheck {
            id,
            expectation: expectation.clone(),
            scoped,
        });
    }
    Ok(PlannedSuite {
        file,
        table,
        checks,
    })
}

/// What the suite calls the expectation, else its column and its type without the words that all
/// types share.
fn name(expectation: &Expectation) -> String {
    if let Some(name) = expectation.name() {
        return name.to_owned();
    }
    let mut kind = expectation.kind.as_str();
    for prefix in [
        "expect_column_values_to_",
        "expect_column_",
        "expect_table_",
        "expect_",
    ] {
        kind = kind.strip_prefix(prefix).unwrap_or(kind);
    }
    match expectation.kwargs.get("column").and_then(Value::as_str) {
        Some(column) => format!("{column}.{kind}"),
        None => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_table_has_a_suite_and_every_check_an_id_of_its_own() {
        let plan = Plan::shipped().unwrap();
        let tables: BTreeSet<&str> = plan.suites.iter().map(|suite| suite.table.name).collect();
        assert_eq!(tables.len(), schema::tables().len());
        let ids: Vec<&str> = plan
            .suites
            .iter()
            .flat_map(|suite| &suite.checks)
            .map(|check| check.id.as_str())
            .collect();
        let different: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(different.len(), ids.len());
        assert!(ids.iter().all(|id| !id.contains('~')), "{ids:?}");
    }

    #[test]
    fn a_suite_written_by_others_needs_a_table() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.json");
        fs::write(&path, r#"{"name": "mine", "expectations": []}"#).unwrap();
        let message = Plan::read(std::slice::from_ref(&path), None)
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("--table") && message.contains("events"),
            "{message}"
        );
        let plan = Plan::read(&[path], Some("Flight_Crew")).unwrap();
        assert_eq!(plan.suites[0].table.name, "Flight_Crew");
    }

    #[test]
    fn an_unsupported_type_names_itself_and_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.json");
        let text = r#"{"name": "events", "expectations": [
            {"type": "expect_column_values_to_be_json_parseable", "kwargs": {"column": "metar"}}]}"#;
        fs::write(&path, text).unwrap();
        let error = Plan::read(&[path], None).unwrap_err();
        let message = error.to_string();
        assert_eq!(crate::fault::exit_code(&error), 3);
        for part in [
            "events.json",
            "expect_column_values_to_be_json_parseable",
            "supported are",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}
