-- title: Accidents by state
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) by state, territory
--   or ocean, each counted once however many aircraft it involved; states without accident are
--   listed, accidents without state are the last row; an accident is fatal if its highest injury
--   is FATL.
-- caveat: Counts follow how much is flown in a state and are no measure of risk.
-- label ev_state: Code
-- label state_name: State
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatal_share: Fatal share
WITH by_state AS (
    SELECT
        ev_state,
        count(*) AS accidents,
        count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents
    FROM explore
    WHERE aircraft_no = 1 AND ev_type = 'ACC' AND ev_country = 'USA'
    GROUP BY ev_state
),
state AS (
    -- The source has names in capitals: NORTH CAROLINA, DISTRICT OF COLUMBIA.
    SELECT trim(state) AS ev_state, replace(initcap(trim(name)), ' Of ', ' of ') AS state_name
    FROM states
)
SELECT
    coalesce(state.ev_state, by_state.ev_state) AS ev_state,
    coalesce(
        state.state_name,
        CASE by_state.ev_state
            WHEN 'AO' THEN 'Atlantic Ocean'
            WHEN 'AQ' THEN 'American Samoa'
            WHEN 'CB' THEN 'Caribbean Sea'
            WHEN 'CQ' THEN 'Northern Mariana Islands'
            WHEN 'GM' THEN 'Gulf of America'
            WHEN 'GU' THEN 'Guam'
            WHEN 'OF' THEN 'Outside the states'
            WHEN 'PO' THEN 'Pacific Ocean'
            WHEN 'PR' THEN 'Puerto Rico'
            WHEN 'RQ' THEN 'Puerto Rico'
            WHEN 'UN' THEN 'Unknown'
            WHEN 'VI' THEN 'Virgin Islands'
            ELSE by_state.ev_state
        END
    ) AS state_name,
    coalesce(by_state.accidents, 0) AS accidents,
    coalesce(by_state.fatal_accidents, 0) AS fatal_accidents,
    CAST(by_state.fatal_accidents AS DOUBLE) / by_state.accidents AS fatal_share
FROM state
FULL JOIN by_state ON by_state.ev_state = state.ev_state
ORDER BY ev_state NULLS LAST
