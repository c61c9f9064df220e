//! PostgreSQL → DuckDB, without the personal columns.

use anyhow::{Context, Result, ensure};
use dataset::derived::{self, DerivedTable};
use dataset::schema;
use duckdb::Connection;
use postgres::Client;

use super::plan::published_columns;
use crate::duck::{identifier, sql_type};
use crate::postgres::copy_out::copy_out;
use crate::progress::Progress;

/// Coordinates of the events that have sane ones, taken from PostGIS.
const POINTS: &str = "SELECT ev_id, public.ST_Y(geom::public.geometry) AS point_latitude, \
                      public.ST_X(geom::public.geometry) AS point_longitude, coordinate_source \
                      FROM ntsb.events WHERE geom IS NOT NULL";

/// Creates the 20 tables, published columns only, the derived ones and `event_point`, all empty.
pub(super) fn create_tables(duck: &Connection) -> Result<()> {
    for table in schema::tables() {
        let columns: Vec<String> = published_columns(table)
            .map(|c| format!("{} {}", identifier(&c.sql_name()), c.access.postgres()))
            .collect();
        duck.execute_batch(&format!(
            "CREATE TABLE {} ({})",
            identifier(&table.sql_name()),
            columns.join(", ")
        ))
        .with_context(|| format!("creating table {}", table.sql_name()))?;
    }
    for table in derived::TABLES {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|c| format!("{} {}", identifier(c.name), sql_type(c.kind)))
            .collect();
        duck.execute_batch(&format!(
            "CREATE TABLE {} ({})",
            identifier(table.name),
            columns.join(", ")
        ))
        .with_context(|| format!("creating table {}", table.name))?;
    }
    duck.execute_batch(
        "CREATE TABLE event_point (ev_id VARCHAR, point_latitude DOUBLE,
             point_longitude DOUBLE, coordinate_source VARCHAR)",
    )
    .context("creating table event_point")
}

/// Fills the tables of [`create_tables`] from PostgreSQL.
///
/// All tables are read in one snapshot: a load running beside it is seen whole or not at all.
pub(super) fn load(client: &mut Client, duck: &Connection, progress: Progress) -> Result<()> {
    client
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .context("starting to read PostgreSQL")?;
    let bar = progress.bar(
        "load",
        (schema::tables().len() + derived::TABLES.len()) as u64,
    );
    for table in schema::tables() {
        let name = table.sql_name();
        bar.set_message(name.clone());
        let columns: Vec<String> = published_columns(table)
            .map(|c| identifier(&c.sql_name()))
            .collect();
        let query = format!(
            "SELECT {} FROM ntsb.{}",
            columns.join(", "),
            identifier(&name)
        );
        append(client, duck, &name, &query)?;
        bar.inc(1);
    }
    for table in derived::TABLES {
        bar.set_message(table.name);
        append(client, duck, table.name, &derived_query(table))?;
        bar.inc(1);
    }
    append(client, duck, "event_point", POINTS)?;
    bar.finish_and_clear();
    client
        .batch_execute("COMMIT")
        .context("finishing to read PostgreSQL")
}

/// Positions are smallints in one view and integers in the other.
fn derived_query(table: &DerivedTable) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|c| {
            format!(
                "CAST({0} AS {1}) AS {0}",
                identifier(c.name),
                sql_type(c.kind)
            )
        })
        .collect();
    format!(
        "SELECT {} FROM ntsb.{}",
        columns.join(", "),
        identifier(table.name)
    )
}

fn append(client: &mut Client, duck: &Connection, table: &str, query: &str) -> Result<()> {
    let mut appender = duck
        .appender(table)
        .with_context(|| format!("filling table {table}"))?;
    let mut rows = 0;
    for batch in copy_out(client, query)? {
        let batch = batch.with_context(|| format!("reading table {table} from PostgreSQL"))?;
        rows += batch.num_rows() as u64;
        appender
            .append_record_batch(batch)
            .with_context(|| format!("filling table {table}"))?;
    }
    appender
        .flush()
        .with_context(|| format!("filling table {table}"))?;
    let sql = format!("SELECT count(*) FROM {}", identifier(table));
    let arrived: u64 = duck.query_row(&sql, [], |row| row.get(0))?;
    ensure!(
        arrived == rows,
        "table {table} holds {arrived} rows after {rows} were copied"
    );
    Ok(())
}
