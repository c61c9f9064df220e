//! Expectations that follow from the schema and the NTSB's own code lists.

use std::collections::BTreeMap;

use dataset::codes;
use dataset::schema::{self, AccessType, Column, Table};
use serde_json::{Value, json};

use super::Severity;
use super::suite::Expectation;

/// How far outside its state's box an event may lie, in degrees: waters, and places known only to
/// the minute.
const TOLERANCE: f64 = 0.2;

const NO_ROWS: &str = "unexpected_rows_expectation";
const IN_SET: &str = "expect_column_values_to_be_in_set";

/// Expectations about one table.
pub(super) fn expectations(table: &Table) -> Vec<Expectation> {
    let mut list = vec![columns(table)];
    list.extend(key(table));
    list.extend(parent(table));
    list.push(ledger(table));
    list.extend(code_lists(table));
    match table.name {
        "events" => list.push(state_and_coordinates()),
        "aircraft" => list.push(records_of_pre1982()),
        "Findings" => list.extend(finding_codes()),
        "Events_Sequence" => list.extend(occurrence_codes()),
        _ => {}
    }
    list
}

/// The table has the columns of the source; those that windsock adds are nobody's concern.
fn columns(table: &Table) -> Expectation {
    let names: Vec<String> = table.columns.iter().map(Column::sql_name).collect();
    Expectation::new(
        "expect_table_columns_to_match_set",
        &json!({ "column_set": names, "exact_match": false }),
        Severity::Fail,
        "schema",
        Some("columns"),
        Some(format!(
            "the table has the {} columns of the source",
            names.len()
        )),
    )
}

/// The schema enforces the key; the check proves that it still does.
fn key(table: &Table) -> Option<Expectation> {
    let key: Vec<String> = table.natural_key().iter().map(|c| c.sql_name()).collect();
    let (kind, kwargs) = match key.as_slice() {
        [] => return None,
        [column] => (
            "expect_column_values_to_be_unique",
            json!({ "column": column }),
        ),
        _ => (
            "expect_compound_columns_to_be_unique",
            json!({ "column_list": key }),
        ),
    };
    Some(Expectation::new(
        kind,
        &kwargs,
        Severity::Fail,
        "keys",
        Some("key"),
        None,
    ))
}

fn parent(table: &Table) -> Option<Expectation> {
    let parent = schema::table(table.parent()?)?;
    let own: Vec<String> = table
        .natural_key()
        .iter()
        .map(|c| format!("c.{}", c.sql_name()))
        .collect();
    let same: Vec<String> = parent
        .natural_key()
        .iter()
        .map(|c| format!("p.{0} = c.{0}", c.sql_name()))
        .collect();
    let query = format!(
        "SELECT {} FROM {{batch}} c LEFT JOIN ntsb.{} p ON {} WHERE p.ev_id IS NULL",
        own.join(", "),
        parent.sql_name(),
        same.join(" AND ")
    );
    Some(Expectation::new(
        NO_ROWS,
        &json!({ "unexpected_rows_query": query }),
        Severity::Fail,
        "orphans",
        Some("parent"),
        Some(format!(
            "every row belongs to a row of {}",
            parent.sql_name()
        )),
    ))
}

/// Files whose records are accounted for under the names of their own tables: PRE1982.MDB.
const FLAT_FILES: &str = "SELECT l.source_file FROM ntsb.load l JOIN ntsb.load_table t \
                          ON t.load_id = l.load_id WHERE lower(t.table_name) = 'tblfirsthalf'";

/// Rows held = rows inserted less rows deleted, according to the ledger.
fn ledger(table: &Table) -> Expectation {
    let name = table.sql_name();
    account(
        "NOT IN",
        &name,
        "ledger",
        "there are as many rows as the ledger of loads says",
    )
}

fn records_of_pre1982() -> Expectation {
    account(
        "IN",
        "tblfirsthalf",
        "ledger_pre1982",
        "there are as many aircraft of 1962 to 1981 as records were loaded",
    )
}

/// Rows from files that are (`IN`) or are not flat ones, against what the ledger says of a table.
fn account(from: &str, ledger: &str, name: &str, description: &str) -> Expectation {
    let query = format!(
        "SELECT * FROM (SELECT \
         (SELECT count(*) FROM {{batch}} b WHERE b.source_file {from} ({FLAT_FILES})) AS held, \
         (SELECT coalesce(sum(inserted - deleted), 0) FROM ntsb.load_table \
         WHERE lower(table_name) = '{ledger}') AS loaded) AS account WHERE held <> loaded"
    );
    Expectation::new(
        NO_ROWS,
        &json!({ "unexpected_rows_query": query }),
        Severity::Fail,
        "rows",
        Some(name),
        Some(description.to_owned()),
    )
}

/// Codes are those of the dictionary, or have been seen before. New ones appear now and then: they
/// are data, and reported.
fn code_lists(table: &Table) -> Vec<Expectation> {
    if table.is_lookup() {
        return Vec::new();
    }
    if table.column("col_name").is_some() {
        return answers(table);
    }
    // The case of ev_dow changed over time; suite `events` checks it without case.
    let columns = table
        .columns
        .iter()
        .filter(|column| column.name != "ev_dow");
    columns
        .filter_map(|column| {
            // Without a list of its own, the column is part of a longer code: see below.
            codes::labels(table.name, column.name)
                .iter()
                .find(|(code, _)| !code.is_empty() && !code.contains("xx"))?;
            let listed = listed(table.name, column.name);
            let values = match column.access {
                AccessType::Text => json!(listed),
                AccessType::Int16 | AccessType::Long => {
                    let numbers: Vec<i64> =
                        listed.iter().filter_map(|code| code.parse().ok()).collect();
                    json!(numbers)
                }
                _ => return None,
            };
            let name = column.sql_name();
            (values.as_array()?.len() > 1)
                .then(|| in_set(&json!({ "column": name, "value_set": values }), &name))
        })
        .collect()
}

/// Codes of one column, without repetition.
fn listed(table: &str, column: &str) -> Vec<&'static str> {
    let dictionary = codes::labels(table, column)
        .into_iter()
        .map(|(code, _)| code);
    let seen = codes::seen().filter_map(|[of, name, code]| {
        (of.eq_ignore_ascii_case(table) && name.eq_ignore_ascii_case(column)).then_some(code)
    });
    let mut list: Vec<&str> = Vec::new();
    // Parts of longer codes are listed with placeholders.
    for code in dictionary
        .chain(seen)
        .filter(|code| !code.is_empty() && !code.contains("xx"))
    {
        if !list.contains(&code) {
            list.push(code);
        }
    }
    list
}

fn in_set(kwargs: &Value, name: &str) -> Expectation {
    let name = format!("{name}_listed");
    Expectation::new(IN_SET, kwargs, Severity::Warn, "codes", Some(&name), None)
}

/// Multi-valued answers: the column says which question the code answers. Names end in 0 or 1
/// where a question has several lists; a code of any of them will do.
fn answers(table: &Table) -> Vec<Expectation> {
    let mut questions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for [_, column, _, _] in
        codes::dictionary().filter(|row| row[0].eq_ignore_ascii_case(table.name))
    {
        let names = questions
            .entry(column.trim_end_matches(['0', '1']))
            .or_default();
        if !names.contains(&column) {
            names.push(column);
        }
    }
    let mut list = Vec::new();
    for (question, mut names) in questions {
        if !names.contains(&question) {
            names.push(question);
        }
        let mut values: Vec<&str> = names
            .iter()
            .flat_map(|name| listed(table.name, name))
            .collect();
        values.sort_unstable();
        values.dedup();
        if values.len() > 1 {
            let mut named: Vec<String> = names.iter().map(ToString::to_string).collect();
            named.extend(["0", "1"].map(|digit| format!("{question}{digit}")));
            named.sort();
            named.dedup();
            let condition = json!({
                "type": "comparison",
                "column": { "name": "col_name" },
                "operator": "IN",
                "parameter": named,
            });
            let kwargs =
                json!({ "column": "code", "value_set": values, "row_condition": condition });
            let mut expectation = in_set(&kwargs, question);
            expectation.description = Some(format!(
                "answers to {question} are one of {} listed codes",
                values.len()
            ));
            list.push(expectation);
        }
    }
    list
}

/// The first eight digits are a listed finding, the last two a listed modifier.
fn finding_codes() -> [Expectation; 2] {
    let stems: Vec<String> = codes::findings()
        .map(|[code, _]| format!("'{code}'"))
        .collect();
    let query = format!(
        "SELECT ev_id, aircraft_key, finding_no, finding_code FROM {{batch}} \
         WHERE left(finding_code, 8) NOT IN ({})",
        stems.join(", ")
    );
    let stem = Expectation::new(
        NO_ROWS,
        &json!({ "unexpected_rows_query": query }),
        Severity::Warn,
        "codes",
        Some("finding_code_listed"),
        Some(format!(
            "finding_code begins with one of {} listed findings",
            stems.len()
        )),
    );
    let labels = codes::labels("Findings", "modifier_no");
    let modifiers = labels.iter().map(|(code, _)| code.trim_start_matches('x'));
    let values: Vec<&str> = modifiers.chain(listed("findings", "modifier_no")).collect();
    let kwargs = json!({ "column": "modifier_no", "value_set": values });
    [stem, in_set(&kwargs, "modifier_no")]
}

/// `552xxx` lists a phase, `xxx230` an event.
fn occurrence_codes() -> [Expectation; 2] {
    let labels = codes::labels("Events_Sequence", "Occurrence_Code");
    let part = |column: &str, strip: fn(&str) -> Option<&str>| {
        let parts = labels.iter().filter_map(|(code, _)| strip(code));
        let values: Vec<&str> = parts.chain(listed("events_sequence", column)).collect();
        in_set(&json!({ "column": column, "value_set": values }), column)
    };
    [
        part("phase_no", |code| code.strip_suffix("xxx")),
        part("eventsoe_no", |code| code.strip_prefix("xxx")),
    ]
}

/// Boxes, not outlines: an event in the wrong state next door may go unnoticed, one on the wrong
/// side of the world does not.
fn state_and_coordinates() -> Expectation {
    let boxes: Vec<String> = codes::state_bounds()
        .map(|[state, south, north, west, east]| {
            format!("('{state}', {south}, {north}, {west}, {east})")
        })
        .collect();
    let query = format!(
        "SELECT e.ev_id, e.ev_state, e.dec_latitude, e.dec_longitude FROM {{batch}} e \
         JOIN (VALUES {}) AS b(state, south, north, west, east) ON b.state = upper(e.ev_state) \
         WHERE e.ev_country = 'USA' AND e.dec_latitude BETWEEN -90 AND 90 \
         AND e.dec_longitude BETWEEN -180 AND 180 \
         AND NOT (e.dec_latitude = 0 AND e.dec_longitude = 0) \
         GROUP BY e.ev_id, e.ev_state, e.dec_latitude, e.dec_longitude \
         HAVING NOT bool_or(e.dec_latitude BETWEEN b.south - {TOLERANCE} AND b.north + {TOLERANCE} \
         AND e.dec_longitude BETWEEN b.west - {TOLERANCE} AND b.east + {TOLERANCE})",
        boxes.join(", ")
    );
    Expectation::new(
        NO_ROWS,
        &json!({ "unexpected_rows_query": query }),
        Severity::Warn,
        "coordinates",
        Some("in_state"),
        Some("an event in a US state has coordinates in or near it".to_owned()),
    )
}
