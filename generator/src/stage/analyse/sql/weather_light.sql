-- title: Weather and light
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA), each counted once,
--   by basic weather (VMC visual, IMC instrument conditions) and light; missing values have rows
--   of their own.
-- caveat: A high share of fatal accidents in IMC or at night is not the risk of flying then: the
--   hours flown in each are not in the data.
-- label wx_cond_basic: Weather
-- label light_cond: Light
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label fatal_share: Fatal share
WITH accident AS (
    SELECT DISTINCT ev_id, wx_cond_basic, light_cond, ev_highest_injury, fatalities
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
)
SELECT
    wx_cond_basic,
    light_cond,
    count(*) AS accidents,
    count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
    coalesce(sum(fatalities), 0) AS fatalities,
    CAST(count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS DOUBLE) / count(*) AS fatal_share
FROM accident
GROUP BY wx_cond_basic, light_cond
ORDER BY wx_cond_basic NULLS LAST, light_cond NULLS LAST
