-- title: Aircraft types with most accidents
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by make and model
--   of the aircraft involved, the 50 types with most; an accident counts once per type, under each
--   type it involved; aircraft without make or model are left out; fatal means that the accident's
--   highest injury is FATL, in whichever aircraft.
-- caveat: These are counts, not risk: common types have more accidents, and the hours each type
--   flew are not in the data. Models are spelt as in the source, makes are merged.
-- label acft_make: Make
-- label acft_model: Model
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, acft_make, acft_model, ev_highest_injury
    FROM explore
    WHERE
        ev_type = 'ACC' AND ev_country = 'USA'
        AND acft_make IS NOT NULL AND acft_model IS NOT NULL
)
SELECT
    acft_make,
    acft_model,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY acft_make, acft_model
ORDER BY accidents DESC, acft_make, acft_model
LIMIT 50
