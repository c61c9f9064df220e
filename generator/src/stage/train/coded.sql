-- One row per case with what the investigation coded about its first aircraft: for models of the
-- full record only.
WITH first_aircraft AS (
    SELECT ev_id, aircraft_key
    FROM aircraft
    QUALIFY row_number() OVER (PARTITION BY ev_id ORDER BY aircraft_key) = 1
),
-- The event that defines the accident; the list of 1982-2007 has none marked: its first counts.
-- Phases in the groups of the modern list; the codes of the old list are kept apart by a letter.
-- Event 000 and phase 990 mean "not known".
defining AS (
    SELECT
        ev_id,
        arg_min(occurrence, (NOT coalesce(marked, false), occurrence_no)) AS occurrence,
        arg_min(phase, (NOT coalesce(marked, false), occurrence_no)) AS phase
    FROM (
        SELECT
            ev_id,
            occurrence_no,
            CAST(defining_ev AS BOOLEAN) AS marked,
            nullif(trim(eventsoe_no), '000') AS occurrence,
            CAST(nullif(TRY_CAST(phase_no AS INTEGER) // 50 * 50, 950) AS VARCHAR) AS phase
        FROM events_sequence
        JOIN first_aircraft USING (ev_id, aircraft_key)
        UNION ALL
        SELECT
            ev_id,
            occurrence_no,
            false,
            'O' || occurrence_code,
            'O' || CAST(TRY_CAST(phase_of_flight AS INTEGER) // 10 * 10 AS VARCHAR)
        FROM occurrences
        JOIN first_aircraft USING (ev_id, aircraft_key)
    )
    GROUP BY ev_id
),
-- The first finding of each category by its first six digits (category, subcategory, section).
-- Whose findings are all of other categories has NONE; who has no findings at all, nothing.
found AS (
    SELECT
        ev_id,
        arg_min(section, finding_no) FILTER (starts_with(section, '01')) AS aircraft,
        arg_min(section, finding_no) FILTER (starts_with(section, '02')) AS personnel,
        arg_min(section, finding_no) FILTER (starts_with(section, '03')) AS environment,
        arg_min(section, finding_no) FILTER (starts_with(section, '04')) AS organization
    FROM (
        SELECT ev_id, finding_no, left(trim(finding_code), 6) AS section
        FROM findings
        JOIN first_aircraft USING (ev_id, aircraft_key)
        WHERE length(trim(finding_code)) = 10
    )
    GROUP BY ev_id
)
SELECT
    cases.ev_id,
    defining.occurrence,
    defining.phase AS occurrence_phase,
    e.mid_air,
    e.on_ground_collision,
    e.ev_nr_apt_loc AS apt_location,
    e.apt_dist,
    if(found.ev_id IS NULL, NULL, coalesce(found.aircraft, 'NONE')) AS finding_aircraft,
    if(found.ev_id IS NULL, NULL, coalesce(found.personnel, 'NONE')) AS finding_personnel,
    if(found.ev_id IS NULL, NULL, coalesce(found.environment, 'NONE')) AS finding_environment,
    if(found.ev_id IS NULL, NULL, coalesce(found.organization, 'NONE')) AS finding_organization
FROM cases
JOIN events AS e USING (ev_id)
LEFT JOIN defining USING (ev_id)
LEFT JOIN found USING (ev_id)
