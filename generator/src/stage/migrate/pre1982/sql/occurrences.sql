-- Occurrences whose code is in the list of 1982-2007; the others stay raw.
INSERT INTO ntsb.occurrences (
  ev_id, aircraft_key, occurrence_no, occurrence_code, phase_of_flight, altitude, source_file
)
SELECT DISTINCT ON (r.ev_id, r.aircraft_key, o.number)
  r.ev_id, r.aircraft_key, o.number, known.code, phase.code, o.altitude, $1
FROM (
  SELECT
    rec_num, row_no,
    pg_temp.whole(content ->> 'OccurrenceNum', 0, 9999) AS number,
    pg_temp.whole(content ->> 'OccurrenceCode', 0, 999) AS code,
    pg_temp.whole(content ->> 'PhaseOfFlight', 0, 999) AS phase,
    pg_temp.whole(content ->> 'Altitude', 0, 99999) AS altitude
  FROM stage_tbloccurrences
) AS o
JOIN pre1982_record AS r USING (rec_num)
JOIN ntsb.occurrence_code AS known ON known.coding = 'older' AND known.code = o.code
LEFT JOIN pre1982_seqevt AS phase ON phase.code = o.phase AND phase.code BETWEEN 500 AND 610
WHERE o.number IS NOT NULL
ORDER BY r.ev_id, r.aircraft_key, o.number, o.row_no
