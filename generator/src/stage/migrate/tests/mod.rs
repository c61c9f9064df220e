//! What schema `ntsb` makes of the rows: its views, on a server of our own.

mod bulk;
mod causes;
mod coordinates;
mod search;
mod statistics;

use postgres::{Client, SimpleQueryMessage};

/// The rows of a query, each as `a|b|c`; NULL is `∅`.
pub(super) fn rows(client: &mut Client, query: &str) -> Vec<String> {
    client
        .simple_query(query)
        .unwrap()
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        })
        .map(|row| {
            let cells: Vec<&str> = (0..row.len())
                .map(|i| match row.get(i) {
                    Some("t") => "true",
                    Some("f") => "false",
                    cell => cell.unwrap_or("∅"),
                })
                .collect();
            cells.join("|")
        })
        .collect()
}
