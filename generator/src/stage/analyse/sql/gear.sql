-- title: Landing gear
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by landing gear of
--   the aircraft involved, fixed (FIXD) or retractable (RETR); an accident counts once under each;
--   aircraft without entry have a row of their own; a landing accident is one whose defining
--   occurrence was in the landing.
-- caveat: These are counts, not risk: aircraft with retractable gear differ in much besides.
-- label fixed_retractable: Landing gear
-- label accidents: Accidents
-- label landing_accidents: In the landing
-- label fatal_accidents: Fatal accidents
-- label fatal_share: Fatal share
WITH involved AS (
    SELECT
        explore.ev_id,
        upper(nullif(trim(aircraft.fixed_retractable), '')) AS fixed_retractable,
        explore.ev_highest_injury,
        max(CASE WHEN explore.phase = 'Landing' THEN 1 ELSE 0 END) AS landing
    FROM explore
    LEFT JOIN aircraft
        ON aircraft.ev_id = explore.ev_id AND aircraft.aircraft_key = explore.aircraft_key
    WHERE explore.ev_type = 'ACC' AND explore.ev_country = 'USA'
    GROUP BY
        explore.ev_id,
        upper(nullif(trim(aircraft.fixed_retractable), '')),
        explore.ev_highest_injury
)
SELECT
    fixed_retractable,
    count(*) AS accidents,
    count(*) FILTER (WHERE landing = 1) AS landing_accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM involved
GROUP BY fixed_retractable
ORDER BY accidents DESC, fixed_retractable NULLS LAST
