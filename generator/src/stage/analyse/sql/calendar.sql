-- title: When accidents happen
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) with a known date,
--   each counted once, by month, day of the week (1 is Monday) and hour of the day; the hour is
--   local: as recorded where the record names no zone or a local one, solar time at the place
--   (UTC + longitude / 15) where it says UTC; accidents without usable time have rows of their own.
-- caveat: A recorded time of 0 means midnight or unknown and is taken as unknown. Solar time
--   differs from the clock by up to two hours. More flying on summer weekends means more accidents
--   then; this is no measure of risk.
-- label ev_month: Month
-- label weekday: Day of the week
-- label hour: Hour of the day
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
WITH accident AS (
    SELECT DISTINCT ev_id, ev_date, ev_month, longitude, ev_highest_injury
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA' AND ev_date IS NOT NULL
),
timed AS (
    SELECT
        accident.*,
        events.ev_tmzn,
        -- HHMM as a number: 825 is 08:25.
        CASE
            WHEN
                events.ev_time BETWEEN 1 AND 2400
                AND events.ev_time % 100 < 60
                THEN (events.ev_time - events.ev_time % 100) / 100 + events.ev_time % 100 / 60.0
        END AS recorded
    FROM accident
    LEFT JOIN events ON events.ev_id = accident.ev_id
),
local_time AS (
    SELECT
        ev_month,
        ev_highest_injury,
        -- 1970-01-05 was a Monday.
        ((unix_date(ev_date) - 4) % 7 + 7) % 7 + 1 AS weekday,
        CASE WHEN ev_tmzn = 'UTC' THEN recorded + longitude / 15 ELSE recorded END AS hours
    FROM timed
),
hourly AS (
    SELECT
        ev_month,
        ev_highest_injury,
        weekday,
        CAST(floor(hours - 24 * floor(hours / 24)) AS INTEGER) AS hour
    FROM local_time
)
SELECT
    ev_month,
    weekday,
    hour,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents
FROM hourly
GROUP BY ev_month, weekday, hour
ORDER BY ev_month, weekday, hour NULLS LAST
