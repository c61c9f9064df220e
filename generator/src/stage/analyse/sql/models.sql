-- title: Models of aircraft
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by make and model
--   of the aircraft involved, models with at least 25 accidents; an accident counts once per
--   model, with all its deaths under each model it involved; aircraft without make or model are
--   left out.
-- caveat: These are counts, not risk: the hours each model flew are not in the data. Models are
--   spelt as in the source, so that one type may appear under several spellings.
-- label acft_make: Make
-- label acft_model: Model
-- label first_year: First accident in
-- label last_year: Last accident in
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, ev_year, acft_make, acft_model, ev_highest_injury, fatalities
    FROM explore
    WHERE
        ev_type = 'ACC' AND ev_country = 'USA'
        AND acft_make IS NOT NULL AND acft_model IS NOT NULL
)
SELECT
    acft_make,
    acft_model,
    min(ev_year) AS first_year,
    max(ev_year) AS last_year,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY acft_make, acft_model
HAVING count(*) >= 25
ORDER BY accidents DESC, acft_make, acft_model
