//! Rows kept out, and how the others compare with what the database held.

use anyhow::{Context, Result};
use postgres::Transaction;

use super::super::TableLoad;
use super::stage::{Part, Staged};

/// Moves staged rows that have no place to `ntsb.reject` and counts them: second rows with the same
/// record number in a half, rows of no record.
pub(super) fn reject(transaction: &mut Transaction<'_>, load_id: i64, part: Part) -> Result<u64> {
    let stage = part.stage();
    let second = format!(
        "EXISTS (SELECT FROM {stage} first
                 WHERE first.rec_num = s.rec_num AND first.row_no < s.row_no)"
    );
    let orphan = format!(
        "NOT EXISTS (SELECT FROM {} record WHERE record.rec_num = s.rec_num)",
        Part::FirstHalf.stage()
    );
    let rules: &[(&str, &str)] = match part {
        Part::FirstHalf => &[(&second, "second row with the same key")],
        Part::SecondHalf => &[
            (&second, "second row with the same key"),
            (&orphan, "no parent row"),
        ],
        Part::Occurrences | Part::SeqOfEvents => &[(&orphan, "no parent row")],
        Part::Codes => &[],
    };
    let mut rejected = 0;
    for (condition, reason) in rules {
        let statement = format!(
            "WITH gone AS (DELETE FROM {stage} s WHERE {condition} RETURNING *)
             INSERT INTO ntsb.reject (load_id, table_name, row_key, reason, content)
             SELECT $1, $2, rec_num::text, $3, content FROM gone ORDER BY row_no"
        );
        rejected += transaction
            .execute(&statement, &[&load_id, &part.name(), reason])
            .with_context(|| format!("rejecting rows of {}", part.name()))?;
    }
    Ok(rejected)
}

/// The line of the ledger. Must run before the database takes the rows over.
pub(super) fn compare(
    transaction: &mut Transaction<'_>,
    staged: &Staged,
    file: &str,
) -> Result<TableLoad> {
    let part = staged.part;
    // Rows of a record keep their order, so a row's place tells it from its siblings; rows of the
    // code lists have no key, and equal ones are told apart by their place.
    let (held, siblings) = match part {
        Part::FirstHalf => ("raw.first_half", "rec_num"),
        Part::SecondHalf => ("raw.second_half", "rec_num"),
        Part::Occurrences => ("raw.occurrences -> place", "rec_num"),
        Part::SeqOfEvents => ("raw.seq_of_events -> place", "rec_num"),
        Part::Codes => (
            "(SELECT s.content FROM ntsb.ct_pre1982 c
              WHERE c.row_digest = md5(s.content::text) || '-' || (place + 1))",
            "content",
        ),
    };
    let row = transaction
        .query_one(
            &format!(
                "SELECT count(*) FILTER (WHERE held IS NULL),
                        count(*) FILTER (WHERE held <> content),
                        count(*) FILTER (WHERE held = content)
                 FROM (
                   SELECT content, {held} AS held
                   FROM (
                     SELECT
                       *,
                       (row_number() OVER (PARTITION BY {siblings} ORDER BY row_no) - 1)::integer
                         AS place
                     FROM {stage}
                   ) AS s
                   LEFT JOIN ntsb.pre1982_raw AS raw USING (rec_num)
                 ) AS compared",
                stage = part.stage()
            ),
            &[],
        )
        .with_context(|| format!("comparing the rows of {}", part.name()))?;
    let count = |position: usize| row.get::<_, i64>(position) as u64;
    Ok(TableLoad {
        source: file.to_owned(),
        table: part.name().to_owned(),
        declared: staged.declared,
        read: staged.counters.rows + staged.counters.bad_rows,
        inserted: count(0),
        updated: count(1),
        unchanged: count(2),
        rejected: staged.rejected + staged.refused.len() as u64 + staged.counters.bad_rows,
        bad_pages: staged.counters.bad_pages,
        bad_cells: staged.counters.bad_cells,
        lossy_text: staged.counters.lossy_text,
        ..TableLoad::default()
    })
}
