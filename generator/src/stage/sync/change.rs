//! What became of each row: `ntsb.change`.

use anyhow::Result;
use postgres::Transaction;
use postgres::fallible_iterator::FallibleIterator;
use serde::Serialize;
use serde_json::Value as Json;

/// A row that is other than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Name of the file that brought the change.
    pub source: String,
    /// Name of its table in schema `ntsb`.
    pub table: String,
    /// The event it belongs to; none for code lists.
    pub ev_id: Option<String>,
    /// Values of its natural key, in the key's order.
    pub key: Json,
    /// `insert`, `update` or `delete`.
    pub kind: String,
    /// The columns that have another value, in an update.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

/// Hands on the changes of a load, sorted by table and key; returns how many events they touch.
pub(super) fn read(
    transaction: &mut Transaction<'_>,
    load_id: i64,
    source: &str,
    on_change: &mut dyn FnMut(&Change) -> Result<()>,
) -> Result<u64> {
    let mut rows = transaction.query_raw(
        "SELECT table_name, ev_id, row_key::text, kind, coalesce(changed_columns, '{}')
         FROM ntsb.change WHERE load_id = $1 ORDER BY table_name, row_key, kind",
        [load_id],
    )?;
    while let Some(row) = rows.next()? {
        on_change(&Change {
            source: source.to_owned(),
            table: row.get(0),
            ev_id: row.get(1),
            key: serde_json::from_str(row.get(2))?,
            kind: row.get(3),
            columns: row.get(4),
        })?;
    }
    drop(rows);
    let events = transaction.query_one(
        "SELECT count(DISTINCT ev_id) FROM ntsb.change WHERE load_id = $1",
        &[&load_id],
    )?;
    Ok(events.get::<_, i64>(0) as u64)
}
