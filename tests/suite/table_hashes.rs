//! Whether two databases hold the same.

use std::collections::BTreeMap;

use postgres::Client;

/// Count and hash of the rows of every table and materialized view of schema `ntsb`, by name. What
/// differs from run to run is left out: the numbers of loads, and times of day.
pub(crate) fn table_hashes(client: &mut Client) -> BTreeMap<String, String> {
    let tables = client
        .query(
            "SELECT relname::text FROM pg_class
             WHERE relnamespace = 'ntsb'::regnamespace AND relkind IN ('r', 'm')",
            &[],
        )
        .unwrap();
    assert!(tables.len() > 25, "all tables and statistics");
    tables
        .iter()
        .map(|row| {
            let table: String = row.get(0);
            let volatile = "'{load_id,loaded_at,deleted_at,restored_by}'::text[]";
            let hash = client
                .query_one(
                    &format!(
                        "SELECT count(*) || ' ' || md5(coalesce(string_agg(row, '|' ORDER BY row), ''))
                         FROM (SELECT (to_jsonb(t) - {volatile})::text AS row FROM ntsb.{table} t) r"
                    ),
                    &[],
                )
                .unwrap();
            (table, hash.get(0))
        })
        .collect()
}
