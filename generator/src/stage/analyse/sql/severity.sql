-- title: How bad it was
-- unit: events; persons where the column says so
-- population: Events in the United States (ev_country = USA) by type and highest injury, each
--   counted once however many aircraft it involved; the highest injury is the worst to anybody,
--   aboard or on the ground; events whose type or highest injury is missing have rows of their own.
-- caveat: Level and counts disagree in a few cases of the source; both are shown as they are.
--   Incidents (INC) are selected cases, not a census, and must not be mixed with accidents (ACC).
-- label ev_type: Event type
-- label ev_highest_injury: Highest injury
-- label events: Events
-- label fatalities: Deaths
-- label serious_injuries: Seriously injured
-- label minor_injuries: Slightly injured
-- label uninjured: Uninjured
WITH event AS (
    SELECT DISTINCT
        ev_id, ev_type, ev_highest_injury, fatalities, inj_tot_s, inj_tot_m, inj_tot_n
    FROM explore
    WHERE ev_country = 'USA'
)
SELECT
    ev_type,
    ev_highest_injury,
    count(*) AS events,
    coalesce(sum(fatalities), 0) AS fatalities,
    coalesce(sum(inj_tot_s), 0) AS serious_injuries,
    coalesce(sum(inj_tot_m), 0) AS minor_injuries,
    coalesce(sum(inj_tot_n), 0) AS uninjured
FROM event
GROUP BY ev_type, ev_highest_injury
ORDER BY ev_type NULLS LAST, ev_highest_injury NULLS LAST
