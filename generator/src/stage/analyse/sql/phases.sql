-- title: Accidents by phase of flight
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by the phase of flight of the occurrence that defines them, in the order of a flight; where several aircraft were in different phases the accident counts once under each; accidents without coded sequence, many of them still open, are left out; initial climb counts as takeoff; fatal means that the highest injury is FATL.
-- label phase: Phase of flight
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
WITH accident AS (
    SELECT DISTINCT ev_id, phase, ev_highest_injury
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA' AND phase IS NOT NULL
)
SELECT
    phase,
    count(*) AS accidents,
    count(*) FILTER (ev_highest_injury = 'FATL') AS fatal_accidents
FROM accident
GROUP BY phase
ORDER BY
    list_position(
        [
            'Standing', 'Taxi', 'Takeoff', 'Climb', 'Cruise', 'Maneuvering', 'Hover',
            'Descent', 'Approach', 'Landing', 'Other', 'Unknown'
        ],
        phase
    )
