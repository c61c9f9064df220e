-- title: Airports
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA), each counted once,
--   by identifier of the nearest airport, airports with at least 10 accidents; accidents without
--   airport, and those at private strips (PVT) or none (NONE), have rows of their own.
-- caveat: Near an airport is not at it, and busy airports have more accidents. Identifiers change
--   hands over the decades.
-- label apt_id: Nearest airport
-- label ev_state: State
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label first_year: First accident in
-- label last_year: Last accident in
WITH accident AS (
    SELECT DISTINCT ev_id, apt_id, ev_state, ev_year, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    apt_id,
    -- An airport lies in one state; private strips and missing ones in all.
    CASE WHEN min(ev_state) = max(ev_state) THEN min(ev_state) END AS ev_state,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    min(ev_year) AS first_year,
    max(ev_year) AS last_year
FROM accident
GROUP BY apt_id
HAVING count(*) >= 10
ORDER BY accidents DESC, apt_id NULLS LAST
