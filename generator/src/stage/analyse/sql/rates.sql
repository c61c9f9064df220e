-- title: Accidents per 100,000 flight hours
-- unit: accidents per 100,000 flight hours
-- needs: exposure
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) of aircraft flying
--   under the FAR parts of each segment, against the hours of that segment and year in the
--   exposure data; an accident counts once per segment, with all its deaths; years without hours
--   are left out.
-- caveat: The hours come from outside the NTSB's data and are estimates; a rate is only as good as
--   they are, and as well as segment and hours cover the same flights.
-- label segment: Segment
-- label ev_year: Year
-- label hours: Flight hours
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label accident_rate: Accidents per 100,000 hours
-- label fatal_rate: Fatal accidents per 100,000 hours
WITH involved AS (
    SELECT DISTINCT
        exposure_segment.segment,
        explore.ev_id,
        explore.ev_year,
        explore.ev_highest_injury,
        explore.fatalities
    FROM explore
    CROSS JOIN exposure_segment
    WHERE
        explore.ev_type = 'ACC' AND explore.ev_country = 'USA'
        AND (
            exposure_segment.far_part = '*'
            OR exposure_segment.far_part = explore.far_part
        )
),
counted AS (
    SELECT
        segment,
        ev_year,
        count(*) AS accidents,
        count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
        coalesce(sum(fatalities), 0) AS fatalities
    FROM involved
    GROUP BY segment, ev_year
)
SELECT
    exposure.segment,
    exposure.ev_year,
    exposure.hours,
    coalesce(counted.accidents, 0) AS accidents,
    coalesce(counted.fatal_accidents, 0) AS fatal_accidents,
    coalesce(counted.fatalities, 0) AS fatalities,
    CAST(coalesce(counted.accidents, 0) AS DOUBLE) * 100000 / exposure.hours AS accident_rate,
    CAST(coalesce(counted.fatal_accidents, 0) AS DOUBLE) * 100000 / exposure.hours AS fatal_rate
FROM exposure
LEFT JOIN counted ON counted.segment = exposure.segment AND counted.ev_year = exposure.ev_year
ORDER BY exposure.segment, exposure.ev_year
