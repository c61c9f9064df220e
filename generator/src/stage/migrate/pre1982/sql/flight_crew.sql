INSERT INTO ntsb.flight_crew (
  ev_id, aircraft_key, crew_no, crew_category, crew_age, lchg_date, source_file
)
SELECT ev_id, aircraft_key, crew_no, crew_category, age, lchg_date, $1
FROM pre1982_pilot
