//! A table in the order of its files, and the partitions it falls into.

use std::ops::Range;

use anyhow::{Context, Result, ensure};
use arrow::record_batch::RecordBatch;
use duckdb::Connection;

use super::plan::Plan;
use crate::duck::{self, identifier};

/// Helper column: the date of each row's event.
pub(super) const EVENT_DATE: &str = "event_date";
/// How Hive, and with it every engine, spells a missing partition value.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The rows of a table in the order of its files: by partition, date of the event and key. Lives
/// in the temporary table `sorted`, which DuckDB moves to disk where it outgrows memory.
pub(super) struct Sorted<'c> {
    connection: &'c Connection,
    plan: &'c Plan,
}

/// Rows that belong into one folder.
#[derive(Debug)]
pub(super) struct Partition {
    /// Relative to the lake.
    pub(super) folder: String,
    /// The year or decade it is named by.
    pub(super) value: Option<i64>,
    first: i64,
    rows: i64,
}

impl<'c> Sorted<'c> {
    /// Sorts a table; rows without event, or whose event has no date, come last.
    pub(super) fn new(connection: &'c Connection, plan: &'c Plan) -> Result<Self> {
        let table = identifier(&plan.name);
        let select = plan.select();
        let sql = if plan.of_events() {
            let order: Vec<String> = plan
                .key
                .iter()
                .map(|column| format!("t.{} NULLS LAST", identifier(column)))
                .collect();
            format!(
                "SELECT {select}, CAST(e.ev_date AS DATE) AS {EVENT_DATE}, {} AS folder_value
                 FROM {table} AS t LEFT JOIN events AS e USING (ev_id)
                 ORDER BY e.ev_date NULLS LAST, {}",
                plan.cut.value("e.ev_date"),
                order.join(", ")
            )
        } else {
            format!(
                "SELECT {select}, {} AS folder_value FROM {table} AS t ORDER BY ALL",
                plan.cut.value("")
            )
        };
        connection
            .execute_batch(&format!("CREATE OR REPLACE TEMP TABLE sorted AS {sql}"))
            .context("sorting it")?;
        Ok(Self { connection, plan })
    }

    /// The partitions in order.
    pub(super) fn partitions(&self) -> Result<Vec<Partition>> {
        let mut statement = self.connection.prepare(
            "SELECT folder_value, min(rowid), max(rowid), count(*)
             FROM sorted GROUP BY folder_value ORDER BY min(rowid)",
        )?;
        let found = statement
            .query_map([], |row| {
                let value: Option<i64> = row.get(0)?;
                Ok((value, row.get(1)?, row.get::<_, i64>(2)?, row.get(3)?))
            })?
            .collect::<duckdb::Result<Vec<_>>>()?;
        found
            .into_iter()
            .map(|(value, first, last, rows)| {
                ensure!(last - first + 1 == rows, "a partition is torn apart");
                let folder = match self.plan.cut.key() {
                    None => self.plan.name.clone(),
                    Some(key) => {
                        let value = value.map_or_else(|| NO_VALUE.to_owned(), |v| v.to_string());
                        format!("{}/{key}={value}", self.plan.name)
                    }
                };
                Ok(Partition {
                    folder,
                    value,
                    first,
                    rows,
                })
            })
            .collect()
    }

    /// The rows of a partition: the columns of the plan, then [`EVENT_DATE`].
    pub(super) fn rows(&self, partition: &Partition) -> Result<RecordBatch> {
        let Partition { first, rows, .. } = partition;
        duck::batch(
            self.connection,
            &format!(
                "SELECT * EXCLUDE (folder_value) FROM sorted
                 WHERE rowid >= {first} AND rowid < {first} + {rows} ORDER BY rowid"
            ),
        )
    }

    /// A column of some consecutive rows.
    pub(super) fn column(&self, name: &str, rows: Range<u64>) -> Result<RecordBatch> {
        duck::batch(
            self.connection,
            &format!(
                "SELECT {} FROM sorted WHERE rowid >= {} AND rowid < {} ORDER BY rowid",
                identifier(name),
                rows.start,
                rows.end
            ),
        )
    }

    /// Makes sure that a column is 1 in the first row of each event and in no other, and that the
    /// rows of an event follow one another.
    pub(super) fn check_event_start(&self, column: &str) -> Result<()> {
        let sql = format!(
            "SELECT count(*) FILTER (begins IS DISTINCT FROM changes OR ev_id IS NULL),
                    count(*) FILTER (begins) - count(DISTINCT ev_id)
             FROM (SELECT ev_id, {} = 1 AS begins,
                          ev_id IS DISTINCT FROM lag(ev_id) OVER (ORDER BY rowid) AS changes
                   FROM sorted)",
            identifier(column)
        );
        let differences: (i64, i64) = self
            .connection
            .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .context("looking where events begin")?;
        ensure!(
            differences == (0, 0),
            "{column} does not say where events begin: {differences:?} differences"
        );
        Ok(())
    }
}
