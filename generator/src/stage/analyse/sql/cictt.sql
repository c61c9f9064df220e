-- title: Accidents by CAST/ICAO category
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by the CAST/ICAO
--   category (CICTT) of their defining occurrence; until 2007 the first occurrence of the older
--   code list stands for it, under the category of the modern event that means the same; where
--   several aircraft had different ones the accident counts once under each, with all its deaths;
--   accidents without coded sequence, or whose occurrence has no category, are the last row.
-- caveat: Many older occurrences, collisions with terrain or objects above all, have no modern
--   counterpart, so categories may begin with 2008.
-- label cictt_code: Code
-- label cictt: Category
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH accident AS (
    SELECT DISTINCT
        explore.ev_id,
        explore.ev_highest_injury,
        explore.fatalities,
        occurrence_chain.cictt_code,
        occurrence_chain.cictt
    FROM explore
    LEFT JOIN occurrence_chain
        ON occurrence_chain.ev_id = explore.ev_id
        AND occurrence_chain.aircraft_key = explore.aircraft_key
        AND occurrence_chain.defining
    WHERE explore.ev_type = 'ACC' AND explore.ev_country = 'USA'
)
SELECT
    cictt_code,
    cictt,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM accident
GROUP BY cictt_code, cictt
ORDER BY
    CASE WHEN cictt_code IS NULL THEN 1 ELSE 0 END, accidents DESC, cictt_code NULLS LAST, cictt
