//! An SQL file of a figure and what it says about itself.
//!
//! The file begins with comment lines, the front matter; the query is what follows. A line that is
//! indented by two more spaces continues the one before it:
//!
//! ```sql
//! -- title: Accidents per year
//! -- unit: accidents
//! -- population: Accidents in the United States, each counted once,
//! --   however many aircraft it involved.
//! -- caveat: Recent years are still filling in.
//! -- label ev_year: Year
//! -- label accidents: Accidents
//! SELECT ev_year, …
//! ```

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::figure::Answer;
use super::{Figure, FigureColumn};

/// A parsed SQL file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    title: String,
    unit: String,
    population: String,
    caveat: String,
    labels: BTreeMap<String, String>,
    /// Whether the figure is empty without hours flown.
    pub(super) needs_exposure: bool,
    /// The query alone.
    pub(super) sql: String,
}

impl Query {
    /// Splits a file into front matter and query.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let (entries, sql) = front_matter(text)?;
        let mut fields = BTreeMap::new();
        let mut labels = BTreeMap::new();
        for (key, value) in entries {
            let known = match key.split_once(' ') {
                Some(("label", column)) => labels.insert(column.to_owned(), value),
                None if ["title", "unit", "population", "caveat", "needs"].contains(&key) => {
                    fields.insert(key, value)
                }
                _ => bail!("front matter has no field {key:?}"),
            };
            ensure!(known.is_none(), "front matter has field {key:?} twice");
        }
        let needs = fields.remove("needs");
        if let Some(other) = needs.as_ref().filter(|needs| *needs != "exposure") {
            bail!("front matter field `needs` knows only exposure, not {other:?}");
        }
        ensure!(!sql.is_empty(), "there is no query after the front matter");
        let mut field = |name| {
            fields
                .remove(name)
                .with_context(|| format!("front matter lacks field `{name}`"))
        };
        Ok(Self {
            title: field("title")?,
            unit: field("unit")?,
            population: field("population")?,
            caveat: field("caveat")?,
            labels,
            needs_exposure: needs.is_some(),
            sql: sql.to_owned(),
        })
    }

    /// The figure of what the query yielded. Every column must have a label, and every label a
    /// column.
    pub(super) fn figure(&self, answer: Answer, note: Option<String>) -> Result<Figure> {
        let columns = answer
            .columns
            .into_iter()
            .map(|(name, kind)| {
                let label = self.labels.get(&name).with_context(|| {
                    format!("front matter lacks field `label {name}`: the query has that column")
                })?;
                Ok(FigureColumn {
                    label: label.clone(),
                    name,
                    kind,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        for name in self.labels.keys() {
            ensure!(
                columns.iter().any(|column| column.name == *name),
                "front matter has field `label {name}`, but the query has no such column"
            );
        }
        Ok(Figure {
            title: self.title.clone(),
            unit: self.unit.clone(),
            population: self.population.clone(),
            caveat: self.caveat.clone(),
            note,
            sql: self.sql.clone(),
            columns,
            rows: answer.rows,
            files: None,
        })
    }
}

/// Fields in the order of the file, continued lines joined, and the text after them.
fn front_matter(text: &str) -> Result<(Vec<(&str, String)>, &str)> {
    let mut entries: Vec<(&str, String)> = Vec::new();
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n')
        && let Some(entry) = line.strip_prefix("-- ")
    {
        if let Some(more) = entry.strip_prefix("  ") {
            let (_, value) = entries
                .last_mut()
                .with_context(|| format!("front matter cannot begin with {line:?}"))?;
            value.push(' ');
            value.push_str(more.trim());
        } else {
            let (key, value) = entry
                .split_once(": ")
                .with_context(|| format!("front matter needs `-- field: text`, not {line:?}"))?;
            ensure!(
                !value.trim().is_empty(),
                "front matter field `{key}` is empty"
            );
            entries.push((key, value.trim().to_owned()));
        }
        rest = after;
    }
    Ok((entries, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::analyse::Kind;

    const TEXT: &str = "-- title: One\n-- unit: things\n-- population: All\n--   of them.\n\
                        -- caveat: None.\n-- label n: Number\n-- label m: Other: number\n\
                        SELECT 1 AS n, 2 AS m -- here\n";

    fn figure(text: &str) -> Result<Figure> {
        let answer = Answer {
            columns: vec![
                ("n".to_owned(), Kind::Integer),
                ("m".to_owned(), Kind::Integer),
            ],
            rows: vec![vec![1.into(), 2.into()]],
        };
        Query::parse(text)?.figure(answer, None)
    }

    #[test]
    fn front_matter_describes_the_result() {
        let figure = figure(TEXT).unwrap();
        assert_eq!(figure.title, "One");
        assert_eq!(figure.population, "All of them.");
        assert_eq!(figure.sql, "SELECT 1 AS n, 2 AS m -- here");
        assert_eq!(figure.columns[1].label, "Other: number");
        assert_eq!(figure.column("m"), Some(1));
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        for (from, to, named) in [
            ("-- title: One\n", "", "`title`"),
            ("-- unit: things\n", "", "`unit`"),
            ("-- population: All\n--   of them.\n", "", "`population`"),
            ("-- caveat: None.\n", "", "`caveat`"),
            ("-- caveat: None.\n", "-- caveat:  \n", "`caveat`"),
            ("-- label n: Number\n", "", "`label n`"),
            ("-- label n", "-- label x: X\n-- label n", "`label x`"),
            (
                "-- label n",
                "-- label m: M\n-- label n",
                "\"label m\" twice",
            ),
            ("title: One", "heading: One", "\"heading\""),
            ("-- unit", "-- needs: luck\n-- unit", "`needs`"),
            ("SELECT 1 AS n, 2 AS m -- here\n", "", "no query"),
        ] {
            let error = figure(&TEXT.replace(from, to)).unwrap_err();
            assert!(error.to_string().contains(named), "{error:#}, not {named}");
        }
    }
}
