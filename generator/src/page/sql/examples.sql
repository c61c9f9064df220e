-- title: The newest fatal accidents
-- about: One row per aircraft; the last columns say how many died in the whole event and in this aircraft.
SELECT ev_date, ntsb_no, ev_city, ev_state, acft_make, acft_model, fatalities, acft_fatalities
FROM explore
WHERE ev_type = 'ACC' AND ev_highest_injury = 'FATL'
ORDER BY ev_date DESC NULLS LAST, ev_id, aircraft_no
LIMIT 100

-- title: What a narrative says
-- about: Probable causes that speak of ice in the carburetor, with the aircraft. Reads the narratives of one decade only: files of other years are never fetched.
SELECT explore.ev_date, explore.ntsb_no, explore.acft_make, explore.acft_model, narratives.narr_cause
FROM narratives
INNER JOIN explore ON explore.ev_id = narratives.ev_id AND explore.aircraft_key = narratives.aircraft_key
WHERE
    narratives.ev_year BETWEEN 2000 AND 2009
    AND explore.ev_year BETWEEN 2000 AND 2009
    AND narratives.narr_cause ILIKE '%carburetor%ice%'
ORDER BY explore.ev_date NULLS LAST, explore.ev_id, explore.aircraft_key

-- title: A five-year average
-- about: A window function: accidents per year beside the mean of that year and the four before it.
WITH yearly AS (
    SELECT ev_year, count(*) AS accidents
    FROM explore
    WHERE aircraft_no = 1 AND ev_type = 'ACC' AND ev_country = 'USA' AND ev_year IS NOT NULL
    GROUP BY ev_year
)
SELECT
    ev_year,
    accidents,
    avg(accidents) OVER (ORDER BY ev_year ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) AS five_year_mean
FROM yearly
ORDER BY ev_year

-- title: The three commonest makes of each state
-- about: row_number() within a state, then a filter on it.
WITH counted AS (
    SELECT ev_state, acft_make, count(DISTINCT ev_id) AS accidents
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA' AND ev_state IS NOT NULL AND acft_make IS NOT NULL
    GROUP BY ev_state, acft_make
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY ev_state ORDER BY accidents DESC, acft_make) AS place
    FROM counted
)
SELECT ev_state, place, acft_make, accidents
FROM ranked
WHERE place <= 3
ORDER BY ev_state, place

-- title: Registrations with more than one accident
-- about: A registration can be given again to another aircraft: several makes under one are a sign of that.
SELECT
    regis_no,
    count(DISTINCT ev_id) AS accidents,
    count(DISTINCT acft_make) AS makes,
    min(ev_date) AS earliest,
    max(ev_date) AS latest
FROM explore
WHERE ev_type = 'ACC' AND regis_no IS NOT NULL
GROUP BY regis_no
HAVING count(DISTINCT ev_id) > 1
ORDER BY accidents DESC, regis_no

-- title: Years without a gap
-- about: A recursive query makes the years; years without an accident at night in Alaska stay in the list with 0.
WITH RECURSIVE years AS (
    SELECT CAST(1982 AS BIGINT) AS year
    UNION ALL
    SELECT year + 1 FROM years WHERE year < 2020
),
dark AS (
    SELECT ev_year, count(*) AS accidents
    FROM explore
    WHERE aircraft_no = 1 AND ev_type = 'ACC' AND ev_state = 'AK' AND light_cond IN ('NITE', 'NDRK', 'NBRT')
    GROUP BY ev_year
)
SELECT years.year, coalesce(dark.accidents, 0) AS accidents
FROM years
LEFT JOIN dark ON dark.ev_year = years.year
ORDER BY years.year

-- title: Causes that come together
-- about: A table joined with itself: pairs of categories in the probable cause of one accident.
WITH found AS (
    SELECT DISTINCT ev_id, category
    FROM causes
    WHERE in_probable_cause AND category IS NOT NULL
)
SELECT a.category AS one, b.category AS other, count(*) AS accidents
FROM found AS a
INNER JOIN found AS b ON b.ev_id = a.ev_id AND a.category < b.category
GROUP BY a.category, b.category
ORDER BY accidents DESC, one, other

-- title: Accidents and incidents, one above the other
-- about: UNION ALL of two counts; they are never added up.
SELECT 'accidents' AS kind, ev_year, count(*) AS events
FROM explore
WHERE aircraft_no = 1 AND ev_type = 'ACC'
GROUP BY ev_year
UNION ALL
SELECT 'incidents' AS kind, ev_year, count(*) AS events
FROM explore
WHERE aircraft_no = 1 AND ev_type = 'INC'
GROUP BY ev_year
ORDER BY kind, ev_year NULLS LAST

-- title: Subtotals
-- about: ROLLUP counts by weather and light, by weather, and all; empty cells are the subtotals.
SELECT wx_cond_basic, light_cond, count(*) AS accidents
FROM explore
WHERE
    aircraft_no = 1 AND ev_type = 'ACC' AND ev_country = 'USA'
    AND wx_cond_basic IS NOT NULL AND light_cond IS NOT NULL
GROUP BY ROLLUP (wx_cond_basic, light_cond)
ORDER BY wx_cond_basic NULLS LAST, light_cond NULLS LAST

-- title: How often a value is missing
-- about: count(column) counts the values that are there.
SELECT
    ev_year,
    count(*) AS aircraft,
    count(*) - count(pilot_hours) AS without_hours,
    count(*) - count(crew_age) AS without_age,
    count(*) - count(latitude) AS without_place
FROM explore
GROUP BY ev_year
ORDER BY ev_year NULLS LAST

-- title: Hours of experience, by certificate
-- about: Medians and quartiles; the pilot is the first one of the aircraft.
SELECT
    pilot_cert,
    count(pilot_hours) AS pilots,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY pilot_hours) AS lower_quartile,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY pilot_hours) AS median_hours,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY pilot_hours) AS upper_quartile
FROM explore
WHERE ev_type = 'ACC' AND pilot_hours IS NOT NULL
GROUP BY pilot_cert
ORDER BY pilots DESC, pilot_cert NULLS LAST

-- title: What the NTSB says a column means
-- about: The data dictionary is a table like the others; here the columns of flight_crew.
SELECT DISTINCT column_name, short_desc
FROM eadmspub_datadictionary
WHERE lower(table_name) = 'flight_crew'
ORDER BY column_name, short_desc NULLS LAST

-- title: How a query will run
-- about: EXPLAIN shows the plan: LakeScan says how many files, rows and bytes are read, before anything is fetched.
EXPLAIN
SELECT ev_state, count(*) AS accidents
FROM explore
WHERE ev_year >= 2000 AND ev_type = 'ACC'
GROUP BY ev_state
