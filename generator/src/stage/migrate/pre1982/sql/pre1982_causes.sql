-- The others, with what the file's list says of section and item.
INSERT INTO ntsb.pre1982_causes (
  ev_id, aircraft_key, occurrence_no, cause_no, cause_code, label, category, cause_factor, source_file
)
SELECT
  q.ev_id, q.aircraft_key, q.occurrence, q.number, q.code,
  nullif(concat_ws(' - ', q.section, q.item), ''),
  pg_temp.category(coalesce(q.section, q.item)), q.kind, $1
FROM pre1982_factor AS q
LEFT JOIN ntsb.seq_of_events AS kept
  ON kept.ev_id = q.ev_id AND kept.aircraft_key = q.aircraft_key
    AND kept.occurrence_no = q.occurrence AND kept.seq_event_no = q.number
WHERE kept.ev_id IS NULL
