//! What the database holds, as one hash a table: two databases with the same hashes hold the same rows.

use std::collections::BTreeMap;

use postgres::Client;

/// Columns that tell when something was done, or number what was done.
const TIMES: [&str; 4] = ["loaded_at", "deleted_at", "load_id", "restored_by"];

/// Number of rows and hash of the rows of every table and materialized view of schema `ntsb`, whatever
/// their order, without times and numbers of loads.
pub(crate) fn table_hashes(client: &mut Client) -> BTreeMap<String, String> {
    let tables = client
        .query(
            "SELECT c.relname::text, string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attname)
             FROM pg_class AS c
             JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relnamespace = 'ntsb'::regnamespace AND c.relkind IN ('r', 'm')
               AND a.attname <> ALL ($1)
             GROUP BY c.relname",
            &[&TIMES.as_slice()],
        )
        .unwrap();
    let mut hashes = BTreeMap::new();
    for table in tables {
        let (name, columns): (String, String) = (table.get(0), table.get(1));
        // The rows' own hashes are sorted, so that their order in the table does not matter.
        let row = client
            .query_one(
                &format!(
                    "SELECT format('%s rows, %s', count(*), md5(string_agg(md5, '' ORDER BY md5)))
                     FROM (SELECT md5(ROW({columns})::text) AS md5 FROM ntsb.\"{name}\" AS t) AS rows"
                ),
                &[],
            )
            .unwrap();
        hashes.insert(name, row.get(0));
    }
    hashes
}
