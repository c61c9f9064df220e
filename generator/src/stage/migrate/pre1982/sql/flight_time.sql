INSERT INTO ntsb.flight_time (
  ev_id, aircraft_key, crew_no, flight_type, flight_craft, flight_hours, lchg_date, source_file
)
SELECT ev_id, aircraft_key, crew_no, 'TOTL', craft, hours, lchg_date, $1
FROM pre1982_pilot
CROSS JOIN LATERAL (VALUES ('ALL', total), ('MAKE', in_type)) AS flown (craft, hours)
WHERE hours IS NOT NULL
