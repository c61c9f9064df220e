-- title: Accidents per year
-- unit: accidents; deaths where the column says so
-- population: Accidents and incidents in the United States (ev_country = USA) with a known date,
--   each counted once however many aircraft it involved; an accident is fatal if its highest
--   injury is FATL; open cases are accidents without a published probable cause.
-- caveat: The most recent years are still filling in. Incidents are selected cases, not a census.
--   These are counts, not rates: how much was flown is not in the data.
-- label ev_year: Year
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths in accidents
-- label incidents: Incidents
-- label open_cases: Accidents still open
WITH event AS (
    SELECT DISTINCT ev_id, ev_type, ev_year, ev_highest_injury, fatalities, status
    FROM explore
    WHERE ev_country = 'USA' AND ev_year IS NOT NULL
)
SELECT
    ev_year,
    count(*) FILTER (WHERE ev_type = 'ACC') AS accidents,
    count(*) FILTER (WHERE ev_type = 'ACC' AND ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities) FILTER (WHERE ev_type = 'ACC'), 0) AS fatalities,
    count(*) FILTER (WHERE ev_type = 'INC') AS incidents,
    count(*) FILTER (WHERE ev_type = 'ACC' AND status = 'open') AS open_cases
FROM event
GROUP BY ev_year
ORDER BY ev_year
