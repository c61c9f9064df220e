-- What keeps the database current: a hash of each row's content, what a newer file changed, and
-- what it no longer holds.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'country', 'ct_iaids', 'ct_seqevt', 'eadmspub_datadictionary', 'states', 'events', 'aircraft',
    'dt_events', 'ntsb_admin', 'dt_aircraft', 'engines', 'events_sequence', 'findings',
    'flight_crew', 'injury', 'narratives', 'occurrences', 'dt_flight_crew', 'flight_time',
    'seq_of_events'
  ] LOOP
    EXECUTE format('ALTER TABLE ntsb.%I ADD COLUMN row_sha256 bytea', name);
    EXECUTE format(
      'COMMENT ON COLUMN ntsb.%I.row_sha256 IS %L', name,
      'SHA-256 of the row as its file has it: the columns in order, each with its length or a mark for NULL, then extra. NULL in rows made from records of before 1982.'
    );
  END LOOP;
END
$$;

-- Rows without key are told by that hash. Those of an earlier version have none: they, and the files
-- they came from, count as never seen, so that the next load brings them back.
DELETE FROM ntsb.ct_iaids;
DELETE FROM ntsb.eadmspub_datadictionary;
UPDATE ntsb.load SET sha256 = '';

ALTER TABLE ntsb.load
  ADD COLUMN as_of timestamp,
  ADD COLUMN whole boolean NOT NULL DEFAULT false,
  ADD COLUMN first_year integer,
  ADD COLUMN last_year integer;
COMMENT ON COLUMN ntsb.load.as_of IS 'The newest lchg_date of the events of the file.';
COMMENT ON COLUMN ntsb.load.whole IS
  'Whether the file was taken for all that the NTSB has from first_year to last_year; only such a file can delete rows.';

ALTER TABLE ntsb.load_table
  ADD COLUMN older bigint NOT NULL DEFAULT 0,
  ADD COLUMN deleted bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN ntsb.load_table.older IS
  'Of the unchanged: rows that the database holds in a newer state (lchg_date), which it keeps.';
COMMENT ON COLUMN ntsb.load_table.deleted IS
  'Rows of the database that the file no longer holds; they are in ntsb.tombstone.';

CREATE TABLE ntsb.change (
  load_id         bigint NOT NULL REFERENCES ntsb.load ON DELETE CASCADE,
  table_name      text NOT NULL,
  ev_id           text,
  row_key         jsonb NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('insert', 'update', 'delete')),
  changed_columns text[]
);
CREATE INDEX change_load ON ntsb.change (load_id, table_name);
CREATE INDEX change_event ON ntsb.change (ev_id);
COMMENT ON TABLE ntsb.change IS
  'What each sync changed, row by row; row_key has the values of the natural key in its order, changed_columns those of an update.';

CREATE TABLE ntsb.tombstone (
  load_id     bigint NOT NULL REFERENCES ntsb.load ON DELETE CASCADE,
  table_name  text NOT NULL,
  ev_id       text,
  row_key     jsonb NOT NULL,
  content     jsonb NOT NULL,
  as_of       timestamp,
  deleted_at  timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  restored_by bigint REFERENCES ntsb.load ON DELETE SET NULL
);
CREATE INDEX tombstone_key ON ntsb.tombstone (table_name, row_key) WHERE restored_by IS NULL;
COMMENT ON TABLE ntsb.tombstone IS
  'Rows that a whole file no longer held: what they were, the load that removed them (as_of is that of its file), and the load that brought them back, if any.';

CREATE TABLE ntsb.stale_statistics (
  load_id bigint NOT NULL REFERENCES ntsb.load ON DELETE CASCADE
);
COMMENT ON TABLE ntsb.stale_statistics IS
  'Loads whose rows the materialized views do not show yet; empty when they are up to date.';

-- Whole deleted rows have personal columns; a hash of a row lets who knows the rest of it try out
-- values for those.
CREATE OR REPLACE PROCEDURE ntsb.grant_reads(reader text)
  LANGUAGE plpgsql
AS $$
DECLARE
  name text;
BEGIN
  CALL ntsb.grant_reads_by_column(reader);
  EXECUTE format('REVOKE ALL ON ntsb.pre1982_raw, ntsb.tombstone FROM %I', reader);
  FOR name IN
    SELECT attrelid::regclass::text FROM pg_attribute
    JOIN pg_class AS c ON c.oid = attrelid
    WHERE c.relnamespace = 'ntsb'::regnamespace AND c.relkind = 'r' AND attname = 'row_sha256'
  LOOP
    EXECUTE format('REVOKE SELECT (row_sha256) ON %s FROM %I', name, reader);
  END LOOP;
END
$$;
COMMENT ON PROCEDURE ntsb.grant_reads IS
  'Lets a role read schema ntsb except personal columns, columns not in the schema, hashes of rows, and rejected, deleted or raw rows.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'windsock_reader') THEN
    CALL ntsb.grant_reads('windsock_reader');
  END IF;
END
$$;
