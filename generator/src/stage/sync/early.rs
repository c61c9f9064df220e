//! What a file of before 1982 changed: it replaces all records of an earlier one.

use anyhow::Result;
use postgres::Transaction;

use super::coverage::Coverage;
use super::deletion::{implausible, is_implausible};
use crate::stage::migrate::Loaded;

/// Keeps the records as they are before the file is loaded.
pub(super) fn remember(transaction: &mut Transaction<'_>) -> Result<()> {
    transaction.batch_execute(
        "CREATE TEMP TABLE sync_record ON COMMIT DROP AS SELECT * FROM ntsb.pre1982_raw;
         CREATE UNIQUE INDEX ON sync_record (rec_num);
         ANALYZE sync_record",
    )?;
    Ok(())
}

/// Writes `ntsb.change` and the tombstones from the records as they were and as they are.
///
/// Changes are told for `pre1982_raw`, whose key is the record number and whose columns are those of
/// the file, and for the events that records make.
///
/// # Errors
/// [`crate::fault::Fault::Input`] if more records are gone than is plausible and `allow_mass` does
/// not allow it; other errors if PostgreSQL fails.
pub(super) fn follow(
    transaction: &mut Transaction<'_>,
    loaded: &mut Loaded,
    allow_mass: bool,
) -> Result<Coverage> {
    let row = transaction.query_one(
        "SELECT count(*), count(raw.rec_num)
         FROM sync_record LEFT JOIN ntsb.pre1982_raw AS raw USING (rec_num)",
        &[],
    )?;
    let (known, found): (i64, i64) = (row.get(0), row.get(1));
    if is_implausible(known - found, known) && !allow_mass {
        let file = loaded.tables.first().map_or("", |table| &table.source);
        return Err(implausible(file, "pre1982_raw", known - found, known).into());
    }
    for statement in [CHANGES, EVENTS, TOMBSTONES, RESTORED] {
        transaction.execute(statement, &[&loaded.id])?;
    }
    if let Some(records) = loaded.tables.first_mut() {
        records.deleted = (known - found) as u64;
    }
    transaction.execute(
        "UPDATE ntsb.load SET whole = true WHERE load_id = $1",
        &[&loaded.id],
    )?;
    Ok(Coverage {
        whole: true,
        years: None,
        known: known as u64,
        found: found as u64,
    })
}

const CHANGES: &str = "
    INSERT INTO ntsb.change (load_id, table_name, ev_id, row_key, kind, changed_columns)
    SELECT
      $1, 'pre1982_raw', coalesce(new.ev_id, old.ev_id), jsonb_build_array(rec_num),
      CASE
        WHEN old.ev_id IS NULL THEN 'insert'
        WHEN new.ev_id IS NULL THEN 'delete'
        ELSE 'update'
      END,
      CASE WHEN old.ev_id IS NOT NULL AND new.ev_id IS NOT NULL THEN array_remove(
        ARRAY(
          SELECT key
          FROM jsonb_each(old.first_half || coalesce(old.second_half, '{}')) AS was (key, value)
          FULL JOIN jsonb_each(new.first_half || coalesce(new.second_half, '{}')) AS is_ (key, value)
            USING (key)
          WHERE was.value IS DISTINCT FROM is_.value
          ORDER BY key
        ) || ARRAY[
          CASE WHEN old.ev_id <> new.ev_id THEN 'ev_id' END,
          CASE WHEN old.aircraft_key <> new.aircraft_key THEN 'aircraft_key' END,
          CASE WHEN old.occurrences IS DISTINCT FROM new.occurrences THEN 'tblOccurrences' END,
          CASE WHEN old.seq_of_events IS DISTINCT FROM new.seq_of_events THEN 'tblSeqOfEvents' END
        ], NULL) END
    FROM sync_record AS old
    FULL JOIN ntsb.pre1982_raw AS new USING (rec_num)
    WHERE (old.ev_id, old.aircraft_key, old.first_half, old.second_half, old.occurrences,
        old.seq_of_events)
      IS DISTINCT FROM (new.ev_id, new.aircraft_key, new.first_half, new.second_half,
        new.occurrences, new.seq_of_events)
    ORDER BY rec_num";

const EVENTS: &str = "
    INSERT INTO ntsb.change (load_id, table_name, ev_id, row_key, kind)
    SELECT
      $1, 'events', ev_id, jsonb_build_array(ev_id),
      CASE WHEN old.ev_id IS NULL THEN 'insert' ELSE 'delete' END
    FROM (SELECT DISTINCT ev_id FROM sync_record) AS old
    FULL JOIN (SELECT DISTINCT ev_id FROM ntsb.pre1982_raw) AS new USING (ev_id)
    WHERE old.ev_id IS NULL OR new.ev_id IS NULL
    ORDER BY ev_id";

const TOMBSTONES: &str = "
    INSERT INTO ntsb.tombstone (load_id, table_name, ev_id, row_key, content)
    SELECT $1, 'pre1982_raw', ev_id, jsonb_build_array(rec_num), jsonb_strip_nulls(to_jsonb(old))
    FROM sync_record AS old
    WHERE NOT EXISTS (SELECT FROM ntsb.pre1982_raw AS new WHERE new.rec_num = old.rec_num)";

const RESTORED: &str = "
    UPDATE ntsb.tombstone SET restored_by = $1
    WHERE table_name = 'pre1982_raw' AND restored_by IS NULL AND EXISTS (
      SELECT FROM ntsb.pre1982_raw WHERE jsonb_build_array(rec_num) = row_key)";
