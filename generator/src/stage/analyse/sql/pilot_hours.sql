-- title: Experience of the pilot
-- unit: aircraft
-- population: Aircraft in accidents in the United States (ev_type = ACC, ev_country = USA), each
--   counted once, by total flight hours of its first pilot; the upper bound of a band does not
--   belong to it and the last band has none; aircraft without hours are the last row; fatal means
--   that the accident's highest injury is FATL, in whichever aircraft.
-- caveat: How many pilots of each experience fly, and how much, is not in the data: most accidents
--   in a band need not mean most risk.
-- label hours_from: Hours from
-- label hours_below: below
-- label aircraft: Aircraft
-- label fatal_aircraft: In fatal accidents
-- label fatal_share: Fatal share
WITH pilot AS (
    SELECT
        CASE
            WHEN pilot_hours < 50 THEN 0
            WHEN pilot_hours < 100 THEN 50
            WHEN pilot_hours < 250 THEN 100
            WHEN pilot_hours < 500 THEN 250
            WHEN pilot_hours < 1000 THEN 500
            WHEN pilot_hours < 2500 THEN 1000
            WHEN pilot_hours < 5000 THEN 2500
            WHEN pilot_hours < 10000 THEN 5000
            WHEN pilot_hours >= 10000 THEN 10000
        END AS hours_from,
        ev_highest_injury
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA' AND aircraft_key IS NOT NULL
)
SELECT
    hours_from,
    CASE hours_from
        WHEN 0 THEN 50
        WHEN 50 THEN 100
        WHEN 100 THEN 250
        WHEN 250 THEN 500
        WHEN 500 THEN 1000
        WHEN 1000 THEN 2500
        WHEN 2500 THEN 5000
        WHEN 5000 THEN 10000
    END AS hours_below,
    count(*) AS aircraft,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_aircraft,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM pilot
GROUP BY hours_from
ORDER BY hours_from NULLS LAST
