-- title: How complete the latest months are
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) of the five years
--   before the newest one in the data, by month, each counted once; incomplete means that the
--   field is empty.
-- caveat: Reports arrive late and cases close after one or two years, so the newest months look
--   emptier, and safer, than they will in the end.
-- label ev_year: Year
-- label ev_month: Month
-- label accidents: Accidents
-- label open_cases: Still open
-- label without_phase: Without phase of flight
-- label without_damage: Without damage
-- label without_coordinates: Without coordinates
-- label open_share: Share still open
WITH accident AS (
    SELECT
        ev_id,
        ev_year,
        ev_month,
        max(CASE WHEN status = 'open' THEN 1 ELSE 0 END) AS still_open,
        -- An accident has a phase or damage if one of its aircraft has.
        max(CASE WHEN phase IS NULL THEN 0 ELSE 1 END) AS has_phase,
        max(CASE WHEN damage IS NULL THEN 0 ELSE 1 END) AS has_damage,
        max(CASE WHEN latitude IS NULL THEN 0 ELSE 1 END) AS has_coordinates
    FROM explore
    WHERE
        ev_type = 'ACC' AND ev_country = 'USA'
        AND ev_year > (SELECT max(ev_year) - 5 FROM explore WHERE ev_country = 'USA')
    GROUP BY ev_id, ev_year, ev_month
)
SELECT
    ev_year,
    ev_month,
    count(*) AS accidents,
    count(*) FILTER (WHERE still_open = 1) AS open_cases,
    count(*) FILTER (WHERE has_phase = 0) AS without_phase,
    count(*) FILTER (WHERE has_damage = 0) AS without_damage,
    count(*) FILTER (WHERE has_coordinates = 0) AS without_coordinates,
    CAST(count(*) FILTER (WHERE still_open = 1) AS DOUBLE) / count(*) AS open_share
FROM accident
GROUP BY ev_year, ev_month
ORDER BY ev_year, ev_month
