-- Causes whose code is a subject of 1982-2007 and whose occurrence was kept; the others stay raw.
INSERT INTO ntsb.seq_of_events (
  ev_id, aircraft_key, occurrence_no, seq_event_no, group_code, subj_code, cause_factor, source_file
)
SELECT DISTINCT ON (r.ev_id, r.aircraft_key, q.number, q.position)
  r.ev_id, r.aircraft_key, q.number, q.position, 1, subject.code, q.kind, $1
FROM (
  SELECT
    rec_num, row_no,
    pg_temp.whole(content ->> 'OccurrenceNum', 0, 9999) AS number,
    pg_temp.whole(content ->> 'CFNum', 0, 9999) AS position,
    pg_temp.whole(content ->> 'CFCode', 10000, 99999) AS code,
    nullif(btrim(content ->> 'CorF'), '') AS kind
  FROM stage_tblseqofevents
) AS q
JOIN pre1982_record AS r USING (rec_num)
JOIN pre1982_seqevt AS subject ON subject.code = q.code
JOIN ntsb.occurrences AS o
  ON o.ev_id = r.ev_id AND o.aircraft_key = r.aircraft_key AND o.occurrence_no = q.number
WHERE q.position IS NOT NULL
ORDER BY r.ev_id, r.aircraft_key, q.number, q.position, q.row_no
