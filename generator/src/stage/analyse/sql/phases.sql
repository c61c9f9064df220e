-- title: Accidents by phase of flight
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by the phase of
--   flight of the occurrence that defines them, in the order of a flight; where several aircraft
--   were in different phases the accident counts once under each; accidents without coded
--   sequence, many of them still open, are the last row; fatal means that the highest injury is
--   FATL.
-- caveat: Initial climb counts as takeoff, because the codes until 2007 do not tell them apart.
-- label phase: Phase of flight
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
WITH accident AS (
    SELECT DISTINCT ev_id, phase, ev_highest_injury
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
),
flight AS (
    SELECT phase, place
    FROM (VALUES
        ('Standing', 1), ('Taxi', 2), ('Takeoff', 3), ('Climb', 4), ('Cruise', 5),
        ('Maneuvering', 6), ('Hover', 7), ('Descent', 8), ('Approach', 9), ('Landing', 10),
        ('Other', 11), ('Unknown', 12)
    ) AS list (phase, place)
)
SELECT
    accident.phase,
    count(*) AS accidents,
    count(*) FILTER (WHERE accident.ev_highest_injury = 'FATL') AS fatal_accidents
FROM accident
LEFT JOIN flight ON flight.phase = accident.phase
GROUP BY accident.phase, flight.place
ORDER BY flight.place NULLS LAST, accident.phase NULLS LAST
