-- title: Engines
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by type of the
--   first engine and number of engines of the aircraft involved; an accident counts once under
--   each, with all its deaths; missing types and numbers have rows of their own.
-- caveat: These are counts, not risk: the hours flown by each kind are not in the data.
-- label eng_type: Engine type
-- label num_eng: Engines
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, eng_type, num_eng, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    eng_type,
    num_eng,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY eng_type, num_eng
ORDER BY eng_type NULLS LAST, num_eng NULLS LAST
