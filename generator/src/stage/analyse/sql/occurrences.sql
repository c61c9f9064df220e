-- title: What defines accidents
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by their defining
--   occurrence, the 25 most frequent; until 2007 the first occurrence of the older code list
--   stands for it; where several aircraft had different ones the accident counts once under each;
--   accidents without coded sequence, many of them still open, are left out; fatal means that the
--   highest injury is FATL.
-- caveat: The two code lists divide what happens differently, so an occurrence may end or begin
--   with 2008.
-- label occurrence: Defining occurrence
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
WITH accident AS (
    SELECT DISTINCT ev_id, occurrence, ev_highest_injury
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA' AND occurrence IS NOT NULL
)
SELECT
    occurrence,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents
FROM accident
GROUP BY occurrence
ORDER BY accidents DESC, occurrence
LIMIT 25
