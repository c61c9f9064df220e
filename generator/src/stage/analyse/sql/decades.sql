-- title: Accidents by decade
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA), each counted once
--   however many aircraft it involved; those without a date are the last row.
-- caveat: The first and the last decade may be incomplete. A share of fatal accidents is not the
--   risk of a flight: what counts as an accident, and which are reported, has changed.
-- label decade: Decade beginning in year
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH accident AS (
    SELECT DISTINCT ev_id, ev_year - ev_year % 10 AS decade, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    decade,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM accident
GROUP BY decade
ORDER BY decade NULLS LAST
