//! An SQL file of a figure and what it says about itself.
//!
//! The file begins with comment lines, the front matter; the query is what follows:
//!
//! ```sql
//! -- title: Accidents per year
//! -- population: Accidents in the United States, each counted once.
//! -- label ev_year: Year
//! -- label accidents: Accidents
//! SELECT ev_year, …
//! ```

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use duckdb::Connection;

use super::{Figure, FigureColumn};
use crate::duck;

/// A parsed SQL file.
#[derive(Debug, PartialEq)]
pub(super) struct Query<'a> {
    title: &'a str,
    population: &'a str,
    labels: BTreeMap<&'a str, &'a str>,
    sql: &'a str,
}

impl<'a> Query<'a> {
    /// Splits a file into front matter and query.
    pub(super) fn parse(text: &'a str) -> Result<Self> {
        let (mut title, mut population) = (None, None);
        let mut labels = BTreeMap::new();
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\n')
            && let Some(entry) = line.strip_prefix("-- ")
        {
            let (key, value) = entry
                .split_once(": ")
                .with_context(|| format!("front matter needs `-- key: value`, not {line:?}"))?;
            match key.split_once(' ') {
                None if key == "title" => title = Some(value),
                None if key == "population" => population = Some(value),
                Some(("label", column)) => {
                    labels.insert(column, value);
                }
                _ => bail!("front matter has no key {key:?}"),
            }
            rest = after;
        }
        Ok(Self {
            title: title.context("front matter has no title")?,
            population: population.context("front matter has no population")?,
            labels,
            sql: rest.trim(),
        })
    }

    /// Runs the query. Every column of the result must have a label, and every label a column.
    pub(super) fn run(&self, connection: &Connection) -> Result<Figure> {
        let found = duck::rows(connection, self.sql)?;
        let columns = found
            .columns
            .into_iter()
            .map(|name| {
                let label = self
                    .labels
                    .get(name.as_str())
                    .with_context(|| format!("column {name} has no label"))?;
                Ok(FigureColumn {
                    label: (*label).to_owned(),
                    name,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        ensure!(
            columns.len() == self.labels.len(),
            "a label names a column that the query does not yield"
        );
        Ok(Figure {
            title: self.title.to_owned(),
            population: self.population.to_owned(),
            sql: self.sql.to_owned(),
            columns,
            rows: found.rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "-- title: One\n-- population: All.\n-- label n: Number\n\
                        -- label m: Other: number\nSELECT 1 AS n, 2 AS m -- here\n";

    #[test]
    fn front_matter_describes_the_result() {
        let figure = Query::parse(TEXT)
            .unwrap()
            .run(&duck::open(None).unwrap())
            .unwrap();
        assert_eq!(
            (figure.title.as_str(), figure.population.as_str()),
            ("One", "All.")
        );
        assert_eq!(figure.sql, "SELECT 1 AS n, 2 AS m -- here");
        assert_eq!(figure.columns[1].label, "Other: number");
        assert_eq!(figure.column("m"), Some(1));
    }

    #[test]
    fn columns_and_labels_must_match() {
        let connection = duck::open(None).unwrap();
        for (from, to) in [
            ("-- label n: Number\n", ""),
            (", 2 AS m", ""),
            ("-- title: One\n", ""),
            ("-- population: All.\n", ""),
            ("title: One", "heading: One"),
        ] {
            let text = TEXT.replace(from, to);
            assert!(
                Query::parse(&text)
                    .and_then(|query| query.run(&connection))
                    .is_err(),
                "{from:?} → {to:?}"
            );
        }
    }
}
