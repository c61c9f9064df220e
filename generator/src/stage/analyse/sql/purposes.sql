-- title: Accidents by purpose of flight
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by
--   the purpose of the flights of the aircraft involved;
--   an accident counts once under each, with all its deaths; those without have a row of their own.
-- caveat: These are counts, not risk. Air carriers' flights often have no purpose coded.
-- label type_fly: Purpose of flight
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, type_fly, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    type_fly,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY type_fly
ORDER BY accidents DESC, type_fly NULLS LAST
