-- title: Makes of aircraft
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by make of the
--   aircraft involved, makes with at least 25 accidents; an accident counts once per make, with
--   all its deaths under each make it involved; aircraft without make are a row of their own.
-- caveat: These are counts, not risk: the hours each make flew are not in the data.
-- label acft_make: Make
-- label models: Models
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT DISTINCT ev_id, acft_make, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
),
make AS (
    SELECT
        acft_make,
        count(*) AS accidents,
        count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
        coalesce(sum(fatalities), 0) AS fatalities
    FROM involved
    GROUP BY acft_make
),
model AS (
    SELECT acft_make, count(DISTINCT acft_model) AS models
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
    GROUP BY acft_make
)
SELECT
    make.acft_make,
    model.models,
    make.accidents,
    make.fatal_accidents,
    make.fatalities,
    CAST(make.fatal_accidents AS DOUBLE) / make.accidents AS fatal_share
FROM make
LEFT JOIN model ON model.acft_make = make.acft_make
WHERE make.accidents >= 25
ORDER BY make.accidents DESC, make.acft_make NULLS LAST
