-- title: Amateur-built aircraft
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by
--   whether an aircraft involved was amateur-built;
--   an accident counts once under each, with all its deaths; those without have a row of their own.
-- caveat: These are counts, not risk: the hours flown by amateur-built aircraft are not in the data.
-- label homebuilt: Amateur-built
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, homebuilt, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    homebuilt,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY homebuilt
ORDER BY accidents DESC, homebuilt NULLS LAST
