//! The SQL console: examples and tables as text; the rest is the browser's.

use anyhow::{Context, Result};
use askama::Template;
use dataset::explore::ColumnType;
use dataset::manifest::{ColumnEntry, TableEntry};

use super::{Frame, Rendered, Shell, format, render};
use crate::stage::analyse::Figures;
use crate::stage::emit::Inputs;

/// What the console can do beyond the figures.
const OWN: &str = include_str!("sql/examples.sql");

/// Codes listed as the meaning of a column that has no other.
const CODES_SHOWN: usize = 6;

/// What a table holds.
const TABLES: [(&str, &str); 23] = [
    ("aircraft", "One row per aircraft of an event"),
    ("causes", "Findings and causes of both coding systems"),
    ("country", "Codes of countries"),
    ("ct_iaids", "Codes of the records, by column"),
    ("ct_seqevt", "Codes of occurrences before 2008"),
    ("dt_aircraft", "Columns of an aircraft with several values"),
    ("dt_events", "Columns of an event with several values"),
    (
        "dt_flight_crew",
        "Columns of a crew member with several values",
    ),
    ("eadmspub_datadictionary", "The NTSB’s data dictionary"),
    ("engines", "One row per engine"),
    ("events", "One row per accident or incident"),
    ("events_sequence", "What happened, since 2008"),
    (
        "explore",
        "One row per aircraft, what people ask about, one spelling",
    ),
    ("findings", "Why it happened, since 2008"),
    ("flight_crew", "One row per crew member"),
    ("flight_time", "Hours flown, by crew member and kind"),
    ("injury", "Persons by place and injury"),
    (
        "narratives",
        "The texts: what happened and the probable cause",
    ),
    ("ntsb_admin", "State of the investigation"),
    ("occurrence_chain", "What happened, in both coding systems"),
    ("occurrences", "What happened, 1982 to 2007"),
    ("seq_of_events", "Why it happened, 1982 to 2007"),
    ("states", "Codes of states"),
];

#[derive(Template)]
#[template(path = "sql.html")]
struct Sql<'a> {
    frame: Frame<'a>,
    groups: Vec<(&'static str, Vec<Example>)>,
    tables: Vec<TableView<'a>>,
}

/// A statement worth looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// A few words.
    pub title: String,
    /// Whom it counts, or what it shows about SQL.
    pub about: String,
    /// The statement.
    pub sql: String,
}

struct TableView<'a> {
    name: &'a str,
    about: &'static str,
    rows: String,
    columns: Vec<ColumnView<'a>>,
}

struct ColumnView<'a> {
    name: &'a str,
    kind: &'static str,
    meaning: String,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "sql/",
        title: "SQL",
        description: "Full SQL over all published tables, run by your own browser.",
    };
    let tables = inputs.manifest.tables.iter();
    let page = Sql {
        frame: frame.clone(),
        groups: vec![
            ("Ways to ask", own()?),
            ("The figures of this site", of_figures(&inputs.figures)),
        ],
        tables: tables.map(|(name, entry)| table(name, entry)).collect(),
    };
    render(&frame, &page, Vec::new())
}

/// All examples of the page, in its order.
///
/// # Errors
/// If one of windsock's own has no title or no explanation.
pub fn examples(figures: &Figures) -> Result<Vec<Example>> {
    let mut examples = own()?;
    examples.extend(of_figures(figures));
    Ok(examples)
}

/// The queries behind the figures; what needs data from elsewhere is left out.
fn of_figures(figures: &Figures) -> Vec<Example> {
    let complete = figures
        .figures
        .values()
        .filter(|figure| figure.note.is_none());
    complete
        .map(|figure| Example {
            title: figure.title.clone(),
            about: figure.population.clone(),
            sql: figure.sql.trim().to_owned(),
        })
        .collect()
}

fn own() -> Result<Vec<Example>> {
    let parts = OWN.split("-- title: ").skip(1);
    parts
        .map(|part| {
            let lack = || format!("an example lacks its lines: {part}");
            let (title, rest) = part.split_once('\n').with_context(lack)?;
            let rest = rest.strip_prefix("-- about: ").with_context(lack)?;
            let (about, sql) = rest.split_once('\n').with_context(lack)?;
            Ok(Example {
                title: title.to_owned(),
                about: about.to_owned(),
                sql: sql.trim().to_owned(),
            })
        })
        .collect()
}

fn table<'a>(name: &'a str, entry: &'a TableEntry) -> TableView<'a> {
    let about = TABLES.iter().find(|(table, _)| *table == name);
    let columns = entry.columns.iter().map(|column| ColumnView {
        name: &column.name,
        kind: sql_type(column.kind),
        meaning: meaning(name, column),
    });
    TableView {
        name,
        about: about.map_or("", |(_, about)| about),
        rows: format::thousands(entry.rows),
        columns: columns.collect(),
    }
}

/// The type as the console shows it.
fn sql_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Int => "bigint",
        ColumnType::Float => "double",
        ColumnType::Date => "date",
        ColumnType::Timestamp => "timestamp",
        ColumnType::Boolean => "boolean",
    }
}

/// What the manifest says about a column; of a column of the NTSB's own, its codes.
fn meaning(table: &str, column: &ColumnEntry) -> String {
    if let Some(label) = &column.label {
        return match &column.about {
            Some(about) => format!("{label}. {about}"),
            None => label.clone(),
        };
    }
    let codes = dataset::codes::labels(table, &column.name);
    let shown = codes.iter().take(CODES_SHOWN);
    let mut text = shown
        .map(|(code, meaning)| format!("{code} {meaning}"))
        .collect::<Vec<_>>()
        .join(", ");
    if codes.len() > CODES_SHOWN {
        text.push_str(", …");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_have_titles_explanations_and_statements_that_read() {
        let own = own().unwrap();
        assert!(own.len() >= 10);
        for Example { title, about, sql } in own {
            assert!(!title.is_empty() && about.ends_with('.'), "{title}");
            assert!(
                ["SELECT", "WITH", "EXPLAIN"]
                    .iter()
                    .any(|word| sql.starts_with(word)),
                "{sql}"
            );
        }
    }

    #[test]
    fn every_table_of_the_source_is_explained() {
        for table in dataset::schema::tables() {
            assert!(
                TABLES.iter().any(|(name, _)| *name == table.sql_name()),
                "{} is not explained",
                table.sql_name()
            );
        }
    }
}
