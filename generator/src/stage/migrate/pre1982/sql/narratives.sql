INSERT INTO ntsb.narratives (
  ev_id, aircraft_key, narr_accf, narr_cause, lchg_date, source_file
)
SELECT ev_id, aircraft_key, remarks, cause, pg_temp.day(trans_date), $1
FROM pre1982_record
WHERE num_nonnulls(remarks, cause) > 0
