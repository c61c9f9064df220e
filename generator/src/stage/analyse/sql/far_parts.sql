-- title: Accidents by operating rule
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by
--   the part of the Federal Aviation Regulations under which the aircraft involved flew;
--   an accident counts once under each, with all its deaths; those without have a row of their own.
-- caveat: These are counts, not risk: far more is flown under Part 91 than under any other.
-- label far_part: FAR part
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, far_part, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    far_part,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY far_part
ORDER BY accidents DESC, far_part NULLS LAST
