-- Occurrences whose code is one of 1982-2007 and not of the file's own list.
INSERT INTO ntsb.occurrences (
  ev_id, aircraft_key, occurrence_no, occurrence_code, phase_of_flight, altitude, source_file
)
SELECT o.ev_id, o.aircraft_key, o.number, known.code, phase.code, o.altitude, $1
FROM pre1982_happened AS o
JOIN ntsb.occurrence_code AS known
  ON known.coding = 'older' AND known.code = pg_temp.whole(o.code, 0, 999)
LEFT JOIN pre1982_seqevt AS phase
  ON phase.code = pg_temp.whole(o.phase, 0, 999) AND phase.code BETWEEN 500 AND 610
WHERE o.label IS NULL
