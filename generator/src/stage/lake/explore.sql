-- One row per aircraft in an event, and one per event without aircraft.
-- Columns, types and order are those of dataset::explore::COLUMNS, which says what they mean.

CREATE TEMP MACRO clean(x) AS nullif(trim(x), '');

-- Codes differ in case between vintages ('UNK', 'Unk').
CREATE TEMP MACRO code(x) AS upper(clean(x));

-- The decimal that was typed, not the binary neighbour a 32-bit float stored.
CREATE TEMP MACRO typed(x) AS CAST(CAST(x AS VARCHAR) AS DOUBLE);

CREATE TABLE explore AS
WITH
-- What defines each aircraft's accident.
defining AS (
    SELECT ev_id, aircraft_key, phase, clean(label) AS occurrence, cictt_code
    FROM occurrence_chain
    WHERE defining
),
-- Causes come before factors.
first_cause AS (
    SELECT ev_id, aircraft_key, category AS cause_category, clean(label) AS cause
    FROM causes
    WHERE in_probable_cause
    QUALIFY row_number() OVER (
        PARTITION BY ev_id, aircraft_key
        ORDER BY cause_factor IS NOT DISTINCT FROM 'C' DESC, source_system, ordinal
    ) = 1
),
first_engine AS (
    SELECT ev_id, aircraft_key, code(eng_type) AS eng_type
    FROM engines
    QUALIFY row_number() OVER (PARTITION BY ev_id, aircraft_key ORDER BY eng_no) = 1
),
first_pilot AS (
    SELECT ev_id, aircraft_key, crew_no, nullif(crew_age, 0) AS crew_age
    FROM flight_crew
    QUALIFY row_number() OVER (PARTITION BY ev_id, aircraft_key ORDER BY crew_no) = 1
),
-- Multi-valued columns may carry a digit after their name (crew_cert_code0).
certificate AS (
    SELECT ev_id, aircraft_key, crew_no, arg_min(held, place) AS pilot_cert
    FROM (
        SELECT
            ev_id,
            aircraft_key,
            crew_no,
            code(dt_flight_crew.code) AS held,
            list_position(['ATP', 'COMM', 'PRI', 'SPRT', 'REC', 'STU', 'NONE'], held) AS place
        FROM dt_flight_crew
        WHERE starts_with(lower(col_name), 'crew_cert_code')
    )
    WHERE place IS NOT NULL
    GROUP BY ALL
),
total_hours AS (
    SELECT ev_id, aircraft_key, crew_no, max(flight_hours) AS flight_hours
    FROM flight_time
    WHERE code(flight_type) = 'TOTL' AND code(flight_craft) = 'ALL'
    GROUP BY ALL
),
closed AS (
    SELECT DISTINCT ev_id FROM narratives WHERE clean(narr_cause) IS NOT NULL
),
alone AS (
    SELECT ev_id FROM aircraft GROUP BY ev_id HAVING count(*) = 1
),
-- ABRD repeats what the other categories add up to; a row without count says nothing.
killed_aboard AS (
    SELECT
        ev_id,
        aircraft_key,
        coalesce(
            sum(inj_person_count) FILTER (code(inj_person_category) <> 'ABRD'),
            sum(inj_person_count)
        ) AS killed
    FROM injury
    WHERE code(injury_level) = 'FATL'
    GROUP BY ALL
),
event AS (
    SELECT
        *,
        -- An altimeter setting of 0 is impossible: the form was saved without weather, and its
        -- other zeros say nothing either.
        coalesce(altimeter = 0, false) AS no_weather,
        -- HHMM as a number; 0 is midnight or "not known".
        CASE
            WHEN ev_time BETWEEN 1 AND 2359 AND ev_time % 100 < 60
                THEN ev_time // 100 + ev_time % 100 / 60
        END AS clock,
        CASE
            WHEN code(ev_tmzn) IN ('UTC', 'GMT')
                THEN (clock + point_longitude / 15 + 24) % 24
            -- Without zone it may be local or UTC, save in PRE1982.MDB, which has local times.
            WHEN clean(ev_tmzn) IS NOT NULL OR ev_date < DATE '1982-01-01' THEN clock
        END AS local_hour
    FROM events
    LEFT JOIN event_point USING (ev_id)
)
SELECT
    ev_id,
    coalesce(clean(e.ntsb_no), clean(a.ntsb_no)) AS ntsb_no,
    a.aircraft_key,
    code(e.ev_type) AS ev_type,
    CAST(e.ev_date AS DATE) AS ev_date,
    CAST(year(e.ev_date) AS INTEGER) AS ev_year,
    CAST(month(e.ev_date) AS INTEGER) AS ev_month,
    ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][dayofweek(e.ev_date) + 1] AS ev_dow,
    CAST(floor(e.local_hour) AS INTEGER) AS ev_hour,
    clean(e.ev_city) AS ev_city,
    code(e.ev_state) AS ev_state,
    code(e.ev_country) AS ev_country,
    e.point_latitude AS latitude,
    e.point_longitude AS longitude,
    e.coordinate_source,
    code(e.ev_nr_apt_id) AS apt_id,
    code(e.ev_nr_apt_loc) AS ev_nr_apt_loc,
    code(a.regis_no) AS regis_no,
    make.make AS acft_make,
    clean(a.acft_make) AS acft_make_raw,
    model.model AS acft_model,
    clean(a.acft_model) AS acft_model_raw,
    CASE
        WHEN a.acft_year BETWEEN 1903 AND year(e.ev_date) + 1 THEN CAST(a.acft_year AS INTEGER)
    END AS acft_year,
    CASE
        WHEN a.acft_year BETWEEN 1903 AND year(e.ev_date) + 1
            THEN CAST(greatest(year(e.ev_date) - a.acft_year, 0) AS INTEGER)
    END AS acft_age,
    code(a.acft_category) AS acft_category,
    code(a.homebuilt) AS homebuilt,
    code(a.fixed_retractable) AS fixed_retractable,
    CAST(a.num_eng AS INTEGER) AS num_eng,
    first_engine.eng_type,
    code(a.far_part) AS far_part,
    code(a.type_fly) AS type_fly,
    code(a.flt_plan_filed) AS flt_plan_filed,
    code(a.second_pilot) AS second_pilot,
    code(a.damage) AS damage,
    code(e.light_cond) AS light_cond,
    code(e.wx_cond_basic) AS wx_cond_basic,
    CASE WHEN NOT (e.no_weather AND e.vis_sm = 0) THEN typed(e.vis_sm) END AS vis_sm,
    CASE
        WHEN NOT (e.no_weather AND e.wind_vel_kts = 0) THEN CAST(e.wind_vel_kts AS INTEGER)
    END AS wind_vel_kts,
    defining.phase,
    defining.occurrence,
    defining.cictt_code,
    first_cause.cause_category,
    first_cause.cause,
    code(e.ev_highest_injury) AS ev_highest_injury,
    -- inj_tot_f counts those aboard; deaths on the ground come on top.
    CASE
        WHEN e.inj_tot_f IS NOT NULL OR e.inj_f_grnd IS NOT NULL
            THEN coalesce(CAST(e.inj_tot_f AS INTEGER), 0)
                + coalesce(CAST(e.inj_f_grnd AS INTEGER), 0)
    END AS fatalities,
    CAST(
        CASE WHEN alone.ev_id IS NULL THEN killed_aboard.killed ELSE e.inj_tot_f END AS INTEGER
    ) AS acft_fatalities,
    CAST(e.inj_tot_s AS INTEGER) AS inj_tot_s,
    CAST(e.inj_tot_m AS INTEGER) AS inj_tot_m,
    CAST(e.inj_tot_n AS INTEGER) AS inj_tot_n,
    CAST(first_pilot.crew_age AS INTEGER) AS crew_age,
    certificate.pilot_cert,
    typed(total_hours.flight_hours) AS pilot_hours,
    CASE WHEN closed.ev_id IS NULL THEN 'open' ELSE 'closed' END AS status
FROM event AS e
-- Aircraft whose event is missing are kept: nothing in the source is lost here.
FULL JOIN aircraft AS a USING (ev_id)
LEFT JOIN closed USING (ev_id)
LEFT JOIN alone USING (ev_id)
LEFT JOIN make_name AS make ON make.acft_make = a.acft_make
LEFT JOIN model_name AS model
    ON model.acft_model = a.acft_model AND model.make IS NOT DISTINCT FROM make.make
LEFT JOIN defining USING (ev_id, aircraft_key)
LEFT JOIN first_cause USING (ev_id, aircraft_key)
LEFT JOIN killed_aboard USING (ev_id, aircraft_key)
LEFT JOIN first_engine USING (ev_id, aircraft_key)
LEFT JOIN first_pilot USING (ev_id, aircraft_key)
LEFT JOIN certificate USING (ev_id, aircraft_key, crew_no)
LEFT JOIN total_hours USING (ev_id, aircraft_key, crew_no);
