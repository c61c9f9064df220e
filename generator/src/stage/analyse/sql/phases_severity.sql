-- title: Phase of flight and injury
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by the phase of
--   flight of the occurrence that defines them and by highest injury; where several aircraft were
--   in different phases the accident counts once under each, with all its deaths; missing phases
--   and injuries have rows of their own.
-- caveat: Initial climb counts as takeoff, because the codes until 2007 do not tell them apart.
-- label phase: Phase of flight
-- label ev_highest_injury: Highest injury
-- label accidents: Accidents
-- label fatalities: Deaths
WITH accident AS (
    SELECT DISTINCT ev_id, phase, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    phase,
    ev_highest_injury,
    count(*) AS accidents,
    coalesce(sum(fatalities), 0) AS fatalities
FROM accident
GROUP BY phase, ev_highest_injury
ORDER BY phase NULLS LAST, ev_highest_injury NULLS LAST
