-- What was loaded and what was kept out: rejects and reconciliation are tables, not log lines.

-- One row per load of a source file.
CREATE TABLE ntsb.load (
  load_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_file  text NOT NULL,
  sha256       text NOT NULL,
  bytes        bigint NOT NULL,
  loaded_at    timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

-- One row per table of a load:
-- rows_read = inserted + updated + unchanged + rejected.
CREATE TABLE ntsb.load_table (
  load_id     bigint NOT NULL REFERENCES ntsb.load ON DELETE CASCADE,
  table_name  text NOT NULL,
  declared    bigint NOT NULL,
  rows_read   bigint NOT NULL,
  inserted    bigint NOT NULL,
  updated     bigint NOT NULL,
  unchanged   bigint NOT NULL,
  rejected    bigint NOT NULL,
  bad_pages   bigint NOT NULL,
  bad_cells   bigint NOT NULL,
  lossy_text  bigint NOT NULL,
  PRIMARY KEY (load_id, table_name)
);

-- Rows kept out, whole, with the reason.
CREATE TABLE ntsb.reject (
  load_id     bigint NOT NULL REFERENCES ntsb.load ON DELETE CASCADE,
  table_name  text NOT NULL,
  row_key     text,
  column_name text,
  reason      text NOT NULL,
  content     jsonb NOT NULL
);
