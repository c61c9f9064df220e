-- The events a model may learn from: accidents in the United States whose case is closed and
-- whose outcome is known. Open cases lack hours, weather and findings; a model would learn the
-- state of the file instead of the accident. Where no case says how far it is, all are taken.
SELECT
    ev_id,
    CAST(any_value(ev_year) AS INTEGER) AS ev_year,
    any_value(upper(trim(ev_highest_injury))) AS outcome
FROM explore
WHERE upper(trim(ev_type)) = 'ACC'
    AND upper(trim(ev_country)) = 'USA'
    AND upper(trim(ev_highest_injury)) IN ('FATL', 'SERS', 'MINR', 'NONE')
    AND ev_year IS NOT NULL
    AND (
        lower(trim(status)) = 'closed'
        OR (SELECT count(status) FROM explore) = 0
    )
GROUP BY ev_id
