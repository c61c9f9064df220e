-- title: When accidents happen
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) with a known date,
--   each counted once, by month, day of the week (1 is Monday) and local hour of the day (ev_hour of
--   explore: a time in UTC becomes solar time); accidents without usable time have rows of their own.
-- caveat: A recorded time of 0 means midnight or unknown and is taken as unknown. Solar time
--   differs from the clock by up to two hours. More flying on summer weekends means more accidents
--   then; this is no measure of risk.
-- label ev_month: Month
-- label weekday: Day of the week
-- label hour: Hour of the day
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
SELECT
    ev_month,
    -- 1970-01-05 was a Monday.
    ((unix_date(ev_date) - 4) % 7 + 7) % 7 + 1 AS weekday,
    ev_hour AS hour,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents
FROM explore
WHERE aircraft_no = 1 AND ev_type = 'ACC' AND ev_country = 'USA' AND ev_date IS NOT NULL
GROUP BY ev_month, ((unix_date(ev_date) - 4) % 7 + 7) % 7 + 1, ev_hour
ORDER BY ev_month, weekday, ev_hour NULLS LAST
