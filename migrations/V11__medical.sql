-- What speaks of a pilot's health is not for every reader; the class of the medical certificate
-- is a licence like the others and stays.

ALTER PROCEDURE ntsb.grant_reads RENAME TO grant_reads_but_raw;
CREATE PROCEDURE ntsb.grant_reads(reader text)
  LANGUAGE plpgsql
AS $$
BEGIN
  CALL ntsb.grant_reads_but_raw(reader);
  EXECUTE format(
    'REVOKE SELECT (med_crtf_vldty, crew_tox_perf) ON ntsb.flight_crew FROM %I', reader
  );
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
