-- title: Accidents by category of aircraft
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by
--   the category of the aircraft involved;
--   an accident counts once under each, with all its deaths; those without have a row of their own.
-- caveat: These are counts, not risk: aeroplanes fly far more than all others together.
-- label acft_category: Aircraft category
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, acft_category, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    acft_category,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY acft_category
ORDER BY accidents DESC, acft_category NULLS LAST
