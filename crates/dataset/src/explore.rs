//! The `explore` table: one row per aircraft in an event, with what visitors filter by.
//!
//! Counting rule: rows are aircraft. Accidents are counted as distinct `ev_id`, because one event
//! may involve several aircraft; casualty columns repeat the totals of the event on each of its
//! aircraft and must only be summed once per `ev_id`. Only `acft_fatalities` is the aircraft's own.
//!
//! [`COLUMNS`] says of every column what it means, where it comes from and when it is missing.

mod columns;

use serde::{Deserialize, Serialize};

pub use columns::COLUMNS;

/// Type of a published column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// UTF-8 text, dictionary-encoded in Parquet.
    Text,
    /// 32-bit signed integer; record tables keep the 16 bits of the source.
    Int,
    /// 64-bit float; record tables keep the 32 bits of the source.
    Float,
    /// Days since 1970-01-01 (Parquet DATE).
    Date,
    /// Microseconds since 1970-01-01 without zone (Parquet TIMESTAMP); record tables only.
    Timestamp,
    /// True or false.
    Boolean,
}

/// A column of `explore`.
#[derive(Debug, Clone, Copy)]
pub struct ExploreColumn {
    /// Column name; eADMS' own where the column is taken over unchanged.
    pub name: &'static str,
    /// Parquet type.
    pub kind: ColumnType,
    /// What a visitor reads, with the unit in brackets.
    pub label: &'static str,
    /// Where the values come from and when they are missing, in a sentence or two.
    pub about: &'static str,
    /// Table and column of [`crate::codes::labels`] whose codes the values are.
    pub codes: Option<(&'static str, &'static str)>,
    /// Whether the explore page offers it as a facet.
    pub facet: bool,
}

/// The column of that name.
pub fn column(name: &str) -> Option<&'static ExploreColumn> {
    COLUMNS.iter().find(|c| c.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coded_columns_have_a_code_list() {
        for column in COLUMNS {
            if let Some((table, name)) = column.codes {
                assert!(
                    !crate::codes::labels(table, name).is_empty(),
                    "{}",
                    column.name
                );
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = COLUMNS.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COLUMNS.len());
    }

    #[test]
    fn every_column_says_where_it_comes_from() {
        for column in COLUMNS {
            assert!(
                column.about.ends_with('.') && column.about.len() > 15,
                "{}: {}",
                column.name,
                column.about
            );
        }
    }
}
