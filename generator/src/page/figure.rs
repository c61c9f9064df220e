//! Figures as tables, and the look-ups pages need from them.

use anyhow::{Context, Result};
use serde_json::Value;

use super::format;
use crate::api;
use crate::stage::analyse::{self, Figure, Figures};

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// What is shown.
    pub(crate) text: String,
    /// Where it leads, if anywhere.
    pub(crate) href: Option<String>,
    /// Whether it is set flush right with tabular figures.
    pub(crate) numeric: bool,
}

/// A heading of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) label: String,
    pub(crate) numeric: bool,
}

/// A row; `note` says what a reader must know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) note: Option<&'static str>,
}

/// A figure as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// Name of the figure, unique on a page; used as element id.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) population: String,
    pub(crate) caveat: String,
    /// Why there are no rows, if something was not supplied.
    pub(crate) note: Option<String>,
    pub(crate) sql: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) rows: Vec<Row>,
    /// Link to the chart's JSON, if there is a chart.
    pub(crate) chart: Option<String>,
    /// Its Parquet file, relative to the site's root.
    pub(crate) parquet: Option<String>,
}

impl Table {
    /// Its CSV file, relative to the site's root.
    pub(crate) fn csv(&self) -> String {
        api::figure_path(&self.name, "csv")
    }

    /// Its JSON file, relative to the site's root.
    pub(crate) fn json(&self) -> String {
        api::figure_path(&self.name, "json")
    }

    /// Whether any row needs an explanation.
    pub(crate) fn has_notes(&self) -> bool {
        self.rows.iter().any(|row| row.note.is_some())
    }
}

/// A figure by name, with typed access to its cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lookup<'a> {
    name: &'a str,
    pub(crate) figure: &'a Figure,
}

impl<'a> Lookup<'a> {
    /// # Errors
    /// If the analyse stage made no such figure.
    pub(crate) fn find(figures: &'a Figures, name: &'a str) -> Result<Self> {
        let figure = figures
            .figures
            .get(name)
            .with_context(|| format!("the pages need figure `{name}`, which no analysis made"))?;
        Ok(Self { name, figure })
    }

    /// # Errors
    /// If the figure has no such column.
    pub(crate) fn column(&self, column: &str) -> Result<usize> {
        self.figure
            .column(column)
            .with_context(|| format!("figure `{}` has no column `{column}`", self.name))
    }

    /// A column of counts; missing counts are zero.
    ///
    /// # Errors
    /// If the column is absent or holds anything but counts.
    pub(crate) fn counts(&self, column: &str) -> Result<Vec<u64>> {
        let at = self.column(column)?;
        self.cells(at)
            .map(|cell| match cell {
                Value::Null => Ok(0),
                other => other.as_u64().with_context(|| {
                    format!(
                        "figure `{}`, column `{column}`: {other} is no count",
                        self.name
                    )
                }),
            })
            .collect()
    }

    /// A column of counts that may be written with a fraction, as hours are.
    ///
    /// # Errors
    /// If the column is absent or holds anything but numbers.
    pub(crate) fn wholes(&self, column: &str) -> Result<Vec<u64>> {
        let at = self.column(column)?;
        self.cells(at)
            .map(|cell| {
                let number = cell.as_f64().filter(|number| *number >= 0.0);
                number.map(|number| number.round() as u64).with_context(|| {
                    format!(
                        "figure `{}`, column `{column}`: {cell} is no number",
                        self.name
                    )
                })
            })
            .collect()
    }

    /// What its first counts count, as the axis of a chart says.
    pub(crate) fn counted(&self) -> &'static str {
        match self.figure.unit.as_str() {
            "aircraft" => "Aircraft",
            _ => "Accidents",
        }
    }

    /// A column of texts as shown.
    ///
    /// # Errors
    /// If the column is absent.
    pub(crate) fn texts(&self, column: &str) -> Result<Vec<String>> {
        let at = self.column(column)?;
        Ok(self
            .cells(at)
            .map(|cell| format::cell(column, cell))
            .collect())
    }

    /// The value of a one-row figure.
    ///
    /// # Errors
    /// If the figure has no row or no such column, or the cell is no count.
    pub(crate) fn single(&self, column: &str) -> Result<u64> {
        self.counts(column)?
            .first()
            .copied()
            .with_context(|| format!("figure `{}` has no row", self.name))
    }

    /// The figure as a table; `link` may turn a cell (row and column index) into a link.
    pub(crate) fn table(&self, link: impl Fn(usize, &str) -> Option<String>) -> Table {
        let columns = &self.figure.columns;
        let numeric: Vec<bool> = (0..columns.len())
            // A year names its row, as a word would.
            .map(|at| !columns[at].name.ends_with("year") && self.cells(at).any(Value::is_number))
            .collect();
        let rows = self.figure.rows.iter().enumerate().map(|(row, cells)| Row {
            cells: columns
                .iter()
                .zip(cells)
                .enumerate()
                .map(|(at, (column, value))| Cell {
                    text: format::cell(&column.name, value),
                    href: link(row, &column.name),
                    numeric: numeric[at],
                })
                .collect(),
            note: None,
        });
        Table {
            name: self.name.to_owned(),
            title: self.figure.title.clone(),
            population: self.figure.population.clone(),
            caveat: self.figure.caveat.clone(),
            note: self.figure.note.clone(),
            sql: self.figure.sql.trim().to_owned(),
            headers: columns
                .iter()
                .zip(&numeric)
                .map(|(column, &numeric)| Header {
                    label: column.label.clone(),
                    numeric,
                })
                .collect(),
            rows: rows.collect(),
            chart: None,
            parquet: self
                .figure
                .files
                .as_ref()
                .map(|files| format!("lake/{}/{}", analyse::FOLDER, files.parquet)),
        }
    }

    fn cells(&self, at: usize) -> impl Iterator<Item = &'a Value> {
        self.figure
            .rows
            .iter()
            .map(move |row| row.get(at).unwrap_or(&Value::Null))
    }
}

/// Row numbers by descending count, rows of equal count in their own order.
pub(crate) fn descending(counts: &[u64]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..counts.len()).collect();
    rows.sort_by_key(|&row| std::cmp::Reverse(counts[row]));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_figure_and_a_missing_column_are_named() {
        let error = Lookup::find(&Figures::default(), "yearly").unwrap_err();
        assert!(error.to_string().contains("`yearly`"), "{error}");

        let inputs = crate::stage::emit::fixture::inputs();
        let yearly = Lookup::find(&inputs.figures, "yearly").unwrap();
        let error = yearly.counts("airships").unwrap_err();
        assert!(error.to_string().contains("`airships`"), "{error}");
    }
}
