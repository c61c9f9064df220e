//! Lake → one row of raw feature values per event.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use duckdb::Connection;
use duckdb::types::ValueRef;
use severity::encode::Raw;
use severity::features::{Feature, FeatureSet, Kind};
use severity::leakage;

use super::CLASSES;
use crate::duck;

const CASES: &str = include_str!("cases.sql");
const FEATURE_QUERY: &str = include_str!("features.sql");
const CODED_QUERY: &str = include_str!("coded.sql");

/// Columns of the feature query that are no features.
const KEYS: [&str; 3] = ["ev_id", "ev_year", "outcome"];

/// Events with their outcome and raw values, sorted by year and event.
#[derive(Debug)]
pub(super) struct Table {
    /// Key of each event.
    pub(super) ids: Vec<String>,
    /// Year of each event.
    pub(super) years: Vec<i32>,
    /// Position of each event's outcome in [`CLASSES`].
    pub(super) outcomes: Vec<usize>,
    /// The declared features of the set, in the order of the columns.
    pub(super) features: Vec<&'static Feature>,
    /// Values per feature, then per event.
    pub(super) columns: Vec<Vec<Raw<'static>>>,
}

/// Reads all cases of a lake with the features of a set.
pub(super) fn load(lake: &Path, set: FeatureSet) -> Result<Table> {
    let duck = duck::open(None)?;
    duck::register(&duck, lake)?;
    compute(&duck, set, CASES)?;
    guard(&duck, set)?;
    check_rows(&duck, lake)?;
    read(&duck, set)
}

/// Makes the table `case_features` of the cases a query chooses, over the views of a lake.
pub(super) fn compute(duck: &Connection, set: FeatureSet, cases: &str) -> Result<()> {
    duck.execute_batch(&format!("CREATE TEMP TABLE cases AS {cases}"))
        .context("selecting the cases")?;
    let query = match set {
        FeatureSet::BeforeImpact => FEATURE_QUERY.to_owned(),
        FeatureSet::FullRecord => {
            format!("SELECT * FROM ({FEATURE_QUERY}) JOIN ({CODED_QUERY}) USING (ev_id)")
        }
    };
    duck.execute_batch(&format!("CREATE TEMP TABLE case_features AS {query}"))
        .context("computing the features")
}

/// Refuses a feature query whose columns belong to the outcome.
fn guard(duck: &Connection, set: FeatureSet) -> Result<()> {
    let mut statement = duck.prepare("SELECT column_name FROM (DESCRIBE case_features)")?;
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<duckdb::Result<_>>()?;
    let features = names
        .iter()
        .map(String::as_str)
        .filter(|n| !KEYS.contains(n));
    if let Err(column) = leakage::guard(set, features) {
        bail!("the feature query returns {column}, which belongs to the outcome: take it out");
    }
    Ok(())
}

/// Refuses an empty table and one in which an event stands twice.
fn check_rows(duck: &Connection, lake: &Path) -> Result<()> {
    let (cases, rows, events): (u64, u64, u64) = duck.query_row(
        "SELECT (SELECT count(*) FROM cases), count(*), count(DISTINCT ev_id) FROM case_features",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    ensure!(
        cases > 0,
        "no closed case of a US accident with a known outcome in the lake {}: nothing to learn from",
        lake.display()
    );
    ensure!(
        rows == events && rows == cases,
        "the feature query made {rows} rows of {cases} cases ({events} events): \
         are keys duplicated in the lake {}?",
        lake.display()
    );
    Ok(())
}

fn read(duck: &Connection, set: FeatureSet) -> Result<Table> {
    let features: Vec<&'static Feature> = set.features().collect();
    let casts: Vec<_> = features.iter().copied().map(cast).collect();
    let sql = format!(
        "SELECT ev_id, ev_year, outcome, {} FROM case_features ORDER BY ev_year, ev_id",
        casts.join(", ")
    );
    let mut table = Table {
        ids: Vec::new(),
        years: Vec::new(),
        outcomes: Vec::new(),
        columns: vec![Vec::new(); features.len()],
        features,
    };
    let mut statement = duck.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let outcome: String = row.get(2)?;
        let class = CLASSES
            .iter()
            .position(|(code, _)| *code == outcome)
            .with_context(|| format!("unexpected outcome {outcome}"))?;
        table.ids.push(row.get(0)?);
        table.years.push(row.get(1)?);
        table.outcomes.push(class);
        for (at, column) in table.columns.iter_mut().enumerate() {
            column.push(raw(row.get_ref(at + KEYS.len())?)?);
        }
    }
    Ok(table)
}

pub(super) fn cast(feature: &Feature) -> String {
    let kind = match feature.kind {
        Kind::Numeric { .. } => "DOUBLE",
        Kind::Category { .. } => "VARCHAR",
    };
    format!("CAST({} AS {kind})", feature.name)
}

pub(super) fn raw(value: ValueRef) -> Result<Raw<'static>> {
    Ok(match value {
        ValueRef::Null => Raw::Missing,
        ValueRef::Double(x) => Raw::Number(x),
        ValueRef::Text(text) => Raw::Text(Cow::Owned(String::from_utf8_lossy(text).into_owned())),
        other => bail!("unexpected type {:?} from DuckDB", other.data_type()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of a query outside of its comments.
    fn words(query: &str) -> impl Iterator<Item = &str> {
        query
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
    }

    #[test]
    fn the_feature_queries_do_not_mention_what_they_must_not_see() {
        let coded = || leakage::FORBIDDEN.iter();
        let before = || leakage::FORBIDDEN.iter().chain(leakage::CODED);
        let check = |query, lists: &mut dyn Iterator<Item = &(&str, &[&str])>| {
            let words: Vec<&str> = words(query).collect();
            assert!(words.len() > 100, "the query was read");
            for (table, columns) in lists.filter(|(table, _)| *table != "explore") {
                for word in &words {
                    let whole_table = columns.contains(&"*") && word.eq_ignore_ascii_case(table);
                    let column = columns.iter().any(|c| word.eq_ignore_ascii_case(c));
                    assert!(!whole_table && !column, "{word}");
                }
            }
        };
        check(FEATURE_QUERY, &mut before());
        check(CODED_QUERY, &mut coded());
    }
}
