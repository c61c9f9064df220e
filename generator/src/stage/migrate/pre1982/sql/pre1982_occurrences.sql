-- The others, with what the file's list says of their codes; a code that it lacks has no label.
INSERT INTO ntsb.pre1982_occurrences (
  ev_id, aircraft_key, occurrence_no, occurrence_code, label, cictt_code, phase_code, phase_label,
  phase, altitude, source_file
)
SELECT
  o.ev_id, o.aircraft_key, o.number, o.code, o.label, pg_temp.cictt(o.label), o.phase, o.phase_label,
  pg_temp.phase(o.phase_label), o.altitude, $1
FROM pre1982_happened AS o
LEFT JOIN ntsb.occurrences AS kept
  ON kept.ev_id = o.ev_id AND kept.aircraft_key = o.aircraft_key AND kept.occurrence_no = o.number
WHERE kept.ev_id IS NULL
