-- title: Age of the pilot
-- unit: aircraft
-- population: Aircraft in accidents in the United States (ev_type = ACC, ev_country = USA), each
--   counted once, by age of its first pilot in bands of ten years; aircraft without age are the
--   last row; fatal means that the accident's highest injury is FATL, in whichever aircraft.
-- caveat: How many pilots of each age fly, and how much, is not in the data. An age of 0 in the
--   source is taken as missing.
-- label age_from: Age from
-- label age_to: to
-- label aircraft: Aircraft
-- label fatal_aircraft: In fatal accidents
-- label fatal_share: Fatal share
-- label median_hours: Median flight hours
WITH pilot AS (
    SELECT crew_age - crew_age % 10 AS age_from, ev_highest_injury, pilot_hours
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA' AND aircraft_key IS NOT NULL
)
SELECT
    age_from,
    age_from + 9 AS age_to,
    count(*) AS aircraft,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_aircraft,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY pilot_hours) AS median_hours
FROM pilot
GROUP BY age_from
ORDER BY age_from NULLS LAST
