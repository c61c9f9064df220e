-- PRE1982.MDB, 1962 to 1981: its records as they are, beside what they became in the other tables.

CREATE TABLE ntsb.pre1982_raw (
  rec_num       integer NOT NULL CHECK (rec_num BETWEEN 0 AND 99999),
  ev_id         text NOT NULL,
  aircraft_key  integer NOT NULL,
  first_half    jsonb NOT NULL,
  second_half   jsonb,
  occurrences   jsonb,
  seq_of_events jsonb,
  source_file   text NOT NULL,
  PRIMARY KEY (rec_num),
  UNIQUE (ev_id, aircraft_key),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);
COMMENT ON TABLE ntsb.pre1982_raw IS
  'One record (an aircraft in an event) of PRE1982.MDB: the rows of its four tables by their column names, empty columns left out.';

CREATE TABLE ntsb.ct_pre1982 (
  name        text,
  code        text,
  meang       text,
  row_digest  text NOT NULL,
  source_file text NOT NULL,
  PRIMARY KEY (row_digest)
);
COMMENT ON TABLE ntsb.ct_pre1982 IS
  'Code lists of PRE1982.MDB; name is the column of tblFirstHalf or tblSecondHalf that has the code.';

-- The raw records have columns that nobody has looked at yet, so they are not for every reader.
ALTER PROCEDURE ntsb.grant_reads RENAME TO grant_reads_by_column;
CREATE PROCEDURE ntsb.grant_reads(reader text)
  LANGUAGE plpgsql
AS $$
BEGIN
  CALL ntsb.grant_reads_by_column(reader);
  EXECUTE format('REVOKE ALL ON ntsb.pre1982_raw FROM %I', reader);
END
$$;
COMMENT ON PROCEDURE ntsb.grant_reads IS
  'Lets a role read schema ntsb except personal columns, columns not in the schema and rejected or raw rows.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'windsock_reader') THEN
    CALL ntsb.grant_reads('windsock_reader');
  END IF;
END
$$;
