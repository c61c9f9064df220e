INSERT INTO ntsb.engines (
  ev_id, aircraft_key, eng_no, eng_type, eng_time_overhaul, lchg_date, source_file
)
SELECT
  ev_id, aircraft_key, eng_no, eng_type,
  pg_temp.whole((ARRAY[engn1_tso, engn2_tso, engn3_tso, engn4_tso])[eng_no], 0, 200000),
  pg_temp.day(trans_date), $1
FROM pre1982_record
CROSS JOIN LATERAL generate_series(1, engine_rows) AS eng_no
