-- title: The data at a glance
-- unit: events, accidents, incidents, deaths and aircraft, as each column says
-- population: Events in the United States (ev_country = USA), each counted once however many
--   aircraft it involved; accidents are ev_type ACC, incidents INC; an accident is fatal if its
--   highest injury is FATL; deaths are those in accidents, aboard and on the ground.
-- caveat: Incidents are selected cases, not a census.
-- label events: Events
-- label accidents: Accidents
-- label incidents: Incidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label aircraft: Aircraft involved
-- label first_year: First year
-- label last_year: Last year
WITH event AS (
    SELECT DISTINCT ev_id, ev_type, ev_year, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_country = 'USA'
)
SELECT
    count(*) AS events,
    count(*) FILTER (WHERE ev_type = 'ACC') AS accidents,
    count(*) FILTER (WHERE ev_type = 'INC') AS incidents,
    count(*) FILTER (WHERE ev_type = 'ACC' AND ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities) FILTER (WHERE ev_type = 'ACC'), 0) AS fatalities,
    (
        SELECT count(aircraft_key) FROM explore WHERE ev_country = 'USA'
    ) AS aircraft,
    min(ev_year) AS first_year,
    max(ev_year) AS last_year
FROM event
