-- Causes whose code is a subject of 1982-2007 and not of the file's own list.
INSERT INTO ntsb.seq_of_events (
  ev_id, aircraft_key, occurrence_no, seq_event_no, group_code, subj_code, cause_factor, source_file
)
SELECT q.ev_id, q.aircraft_key, q.occurrence, q.number, 1, subject.code, q.kind, $1
FROM pre1982_factor AS q
JOIN pre1982_seqevt AS subject ON subject.code = pg_temp.whole(q.code, 10000, 99999)
JOIN ntsb.occurrences AS o
  ON o.ev_id = q.ev_id AND o.aircraft_key = q.aircraft_key AND o.occurrence_no = q.occurrence
WHERE q.item IS NULL
