//! What is published of which table, and how it is cut into files.

use dataset::derived::{self, DerivedTable};
use dataset::explore::{self, ColumnType, ExploreColumn};
use dataset::manifest::ColumnEntry;
use dataset::schema::{self, AccessType, Table};
use dataset::{codes, privacy};

use crate::duck::identifier;

/// The year of a row's event: the first thing everybody filters by. Every table of records has
/// it, also where the folders of its files say it already, so that a file tells it by itself.
pub(super) const YEAR: &str = "ev_year";

/// Tables that share a file between the years of a decade: sources of other tables, and details
/// of which a year would be a file of a few kilobytes. The others are what a single event is shown
/// from, and a year of them is all that has to be fetched for it.
const BY_DECADE: &[&str] = &[
    "dt_aircraft",
    "dt_events",
    "dt_flight_crew",
    "events_sequence",
    "findings",
    "ntsb_admin",
    "occurrences",
    "seq_of_events",
];

/// Level of Zstandard for files of which visitors fetch all: twice the time to write for 6 % less.
const TIGHT: i32 = 19;
/// Level for all other files.
const NORMAL: i32 = 9;

/// How the files of a table are cut. The cut is fixed by table, not by size: a folder that exists
/// today exists tomorrow, and new data changes the files of its own years only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// All rows together: code lists.
    Whole,
    /// By the decade of the event, `ev_decade=1990`.
    Decade,
    /// By the year of the event, `ev_year=1990`.
    Year,
}

impl Cut {
    /// Key of the folders.
    pub(super) fn key(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Decade => Some("ev_decade"),
            Self::Year => Some(YEAR),
        }
    }

    /// SQL for the value of the key, from the event's date; missing dates have none.
    pub(super) fn value(self, date: &str) -> String {
        match self {
            Self::Whole => "CAST(NULL AS BIGINT)".to_owned(),
            Self::Decade => format!("year({date}) // 10 * 10"),
            Self::Year => format!("year({date})"),
        }
    }
}

/// What is to be published of a table.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) columns: Vec<Planned>,
    /// Columns that order rows of one event; empty for lookups, which are ordered by all.
    pub(super) key: Vec<String>,
    pub(super) cut: Cut,
    /// Level of Zstandard.
    pub(super) level: i32,
    /// Whether its rows lie there by column too: tables of short values, which questions to all
    /// years read.
    pub(super) by_column: bool,
    /// [`dataset::manifest::TableEntry::event_start`].
    pub(super) event_start: Option<&'static str>,
}

/// A column of a [`Plan`].
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) entry: ColumnEntry,
    /// Texts of any length, of which smallest and largest mean nothing.
    pub(super) long: bool,
}

impl Plan {
    /// Whether the rows belong to events.
    pub(super) fn of_events(&self) -> bool {
        self.cut != Cut::Whole
    }

    /// SQL for the columns, of table `t` and its event `e`.
    pub(super) fn select(&self) -> String {
        let names: Vec<String> = self
            .columns
            .iter()
            .map(|column| {
                let name = &column.entry.name;
                let quoted = identifier(name);
                match (name.as_str(), self.name.as_str()) {
                    (YEAR, "explore") => format!("t.{quoted}"),
                    // 32 bits, as engines read it from a path.
                    (YEAR, "events") => format!("CAST(t.{quoted} AS INTEGER) AS {quoted}"),
                    (YEAR, _) => format!("CAST(year(e.ev_date) AS INTEGER) AS {quoted}"),
                    _ => format!("t.{quoted}"),
                }
            })
            .collect();
        names.join(", ")
    }
}

/// Plans of all tables.
pub(super) fn plans() -> Vec<Plan> {
    let mut plans = vec![explore()];
    plans.extend(derived::TABLES.iter().map(derived));
    plans.extend(schema::tables().iter().map(source));
    plans
}

/// The columns of a source table that may be published.
pub(super) fn published_columns(table: &Table) -> impl Iterator<Item = &schema::Column> {
    let personal = |column: &&schema::Column| privacy::is_personal(table.name, column.name);
    table.columns.iter().filter(move |column| !personal(column))
}

fn explore() -> Plan {
    Plan {
        name: "explore".to_owned(),
        columns: explore::COLUMNS
            .iter()
            .map(|column| short(explained(column)))
            .collect(),
        key: vec!["ev_id".to_owned(), "aircraft_key".to_owned()],
        cut: Cut::Year,
        level: TIGHT,
        by_column: true,
        event_start: Some("aircraft_no"),
    }
}

fn explained(column: &ExploreColumn) -> ColumnEntry {
    let labels = column
        .codes
        .map(|(table, name)| codes::labels(table, name))
        .unwrap_or_default();
    ColumnEntry {
        label: Some(column.label.to_owned()),
        about: Some(column.about.to_owned()),
        codes: labels
            .into_iter()
            .filter(|(code, _)| !code.is_empty())
            .map(|(code, label)| (code.to_owned(), label.to_owned()))
            .collect(),
        ..ColumnEntry::new(column.name, column.kind)
    }
}

fn derived(table: &DerivedTable) -> Plan {
    let labelled = |column: &derived::DerivedColumn| ColumnEntry {
        label: Some(column.label.to_owned()),
        ..ColumnEntry::new(column.name, column.kind)
    };
    let columns = table.columns.iter().map(labelled).map(short);
    Plan {
        name: table.name.to_owned(),
        columns: columns.chain([short(year())]).collect(),
        key: table.key.iter().map(|&name| name.to_owned()).collect(),
        cut: Cut::Year,
        level: NORMAL,
        by_column: true,
        event_start: None,
    }
}

fn source(table: &Table) -> Plan {
    let name = table.sql_name();
    let mut columns: Vec<Planned> = published_columns(table)
        .map(|column| Planned {
            entry: ColumnEntry::new(column.sql_name(), column_type(column.access)),
            long: column.access == AccessType::Memo,
        })
        .collect();
    if table.is_lookup() {
        return Plan {
            name,
            columns,
            key: Vec::new(),
            cut: Cut::Whole,
            level: NORMAL,
            by_column: false,
            event_start: None,
        };
    }
    if columns.iter().all(|column| column.entry.name != YEAR) {
        columns.push(short(year()));
    }
    Plan {
        cut: if BY_DECADE.contains(&name.as_str()) {
            Cut::Decade
        } else {
            Cut::Year
        },
        name,
        columns,
        key: table.natural_key().iter().map(|c| c.sql_name()).collect(),
        level: NORMAL,
        by_column: false,
        event_start: None,
    }
}

fn year() -> ColumnEntry {
    ColumnEntry {
        label: Some("Year of the event".to_owned()),
        ..ColumnEntry::new(YEAR, ColumnType::Int)
    }
}

fn short(entry: ColumnEntry) -> Planned {
    Planned { entry, long: false }
}

fn column_type(access: AccessType) -> ColumnType {
    match access {
        AccessType::Boolean => ColumnType::Boolean,
        AccessType::Byte | AccessType::Int16 | AccessType::Long => ColumnType::Int,
        AccessType::Single | AccessType::Double => ColumnType::Float,
        AccessType::DateTime => ColumnType::Timestamp,
        AccessType::Text | AccessType::Memo => ColumnType::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_planned_once() {
        let mut names: Vec<String> = plans().into_iter().map(|plan| plan.name).collect();
        assert_eq!(
            names.len(),
            1 + derived::TABLES.len() + schema::tables().len()
        );
        names.sort();
        names.dedup();
        assert_eq!(
            names.len(),
            1 + derived::TABLES.len() + schema::tables().len()
        );
        assert!(
            BY_DECADE
                .iter()
                .all(|name| names.iter().any(|known| known == name))
        );
    }

    #[test]
    fn every_table_of_records_has_the_year() {
        for plan in plans().iter().filter(|plan| plan.of_events()) {
            let years = plan.columns.iter().filter(|c| c.entry.name == YEAR);
            assert_eq!(years.count(), 1, "{}", plan.name);
        }
    }
}
