-- title: Accidents by state
-- population: Accidents in the 50 states and the District of Columbia (ev_type = ACC, ev_country = USA), each counted once however many aircraft it involved; territories and oceans are left out; an accident is fatal if its highest injury is FATL. Counts follow how much is flown in a state and are no measure of risk.
-- label ev_state: Code
-- label state_name: State
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatal_share: Fatal share
WITH accident AS (
    SELECT DISTINCT ev_id, ev_state, ev_highest_injury
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
),
state AS (
    SELECT
        trim(state) AS ev_state,
        -- The source has them in capitals: NORTH CAROLINA, DISTRICT OF COLUMBIA.
        replace(
            list_aggregate(
                list_transform(
                    string_split(lower(trim(name)), ' '),
                    lambda word: upper(word[1]) || word[2:]
                ),
                'string_agg', ' '
            ),
            ' Of ', ' of '
        ) AS state_name
    FROM states
)
SELECT
    ev_state,
    state_name,
    count(ev_id) AS accidents,
    count(ev_id) FILTER (ev_highest_injury = 'FATL') AS fatal_accidents,
    round(fatal_accidents / nullif(accidents, 0), 4) AS fatal_share
FROM state
LEFT JOIN accident USING (ev_state)
GROUP BY ev_state, state_name
ORDER BY ev_state
