-- One row per aircraft in an event, and one per event without aircraft.
-- Columns, types and order are those of dataset::explore::COLUMNS.

CREATE TEMP MACRO clean(x) AS nullif(trim(x), '');

-- Codes differ in case between vintages ('UNK', 'Unk').
CREATE TEMP MACRO code(x) AS upper(clean(x));

-- The decimal that was typed, not the binary neighbour a 32-bit float stored.
CREATE TEMP MACRO typed(x) AS CAST(CAST(x AS VARCHAR) AS DOUBLE);

CREATE TABLE explore AS
WITH
-- What defines each aircraft's accident.
defining AS (
    SELECT ev_id, aircraft_key, phase, clean(label) AS occurrence
    FROM occurrence_chain
    WHERE defining
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
total_hours AS (
    SELECT ev_id, aircraft_key, crew_no, max(flight_hours) AS flight_hours
    FROM flight_time
    WHERE code(flight_type) = 'TOTL' AND code(flight_craft) = 'ALL'
    GROUP BY ALL
),
closed AS (
    SELECT DISTINCT ev_id FROM narratives WHERE clean(narr_cause) IS NOT NULL
),
event AS (
    SELECT
        *,
        -- An altimeter setting of 0 is impossible: the form was saved without weather, and its
        -- other zeros say nothing either.
        coalesce(altimeter = 0, false) AS no_weather
    FROM events
)
SELECT
    ev_id,
    coalesce(clean(e.ntsb_no), clean(a.ntsb_no)) AS ntsb_no,
    a.aircraft_key,
    code(e.ev_type) AS ev_type,
    CAST(e.ev_date AS DATE) AS ev_date,
    CAST(year(e.ev_date) AS INTEGER) AS ev_year,
    CAST(month(e.ev_date) AS INTEGER) AS ev_month,
    clean(e.ev_city) AS ev_city,
    code(e.ev_state) AS ev_state,
    code(e.ev_country) AS ev_country,
    point.latitude,
    point.longitude,
    code(e.ev_nr_apt_id) AS apt_id,
    code(a.regis_no) AS regis_no,
    make.make AS acft_make,
    upper(regexp_replace(clean(a.acft_model), '\s+', ' ', 'g')) AS acft_model,
    code(a.acft_category) AS acft_category,
    code(a.homebuilt) AS homebuilt,
    CAST(a.num_eng AS INTEGER) AS num_eng,
    first_engine.eng_type,
    code(a.far_part) AS far_part,
    code(a.type_fly) AS type_fly,
    code(a.damage) AS damage,
    code(e.light_cond) AS light_cond,
    code(e.wx_cond_basic) AS wx_cond_basic,
    CASE WHEN NOT (e.no_weather AND e.vis_sm = 0) THEN typed(e.vis_sm) END AS vis_sm,
    CASE
        WHEN NOT (e.no_weather AND e.wind_vel_kts = 0) THEN CAST(e.wind_vel_kts AS INTEGER)
    END AS wind_vel_kts,
    defining.phase,
    defining.occurrence,
    code(e.ev_highest_injury) AS ev_highest_injury,
    -- inj_tot_f counts those aboard; deaths on the ground come on top.
    CASE
        WHEN e.inj_tot_f IS NOT NULL OR e.inj_f_grnd IS NOT NULL
            THEN coalesce(CAST(e.inj_tot_f AS INTEGER), 0)
                + coalesce(CAST(e.inj_f_grnd AS INTEGER), 0)
    END AS fatalities,
    CAST(e.inj_tot_s AS INTEGER) AS inj_tot_s,
    CAST(e.inj_tot_m AS INTEGER) AS inj_tot_m,
    CAST(e.inj_tot_n AS INTEGER) AS inj_tot_n,
    CAST(first_pilot.crew_age AS INTEGER) AS crew_age,
    typed(total_hours.flight_hours) AS pilot_hours,
    CASE WHEN closed.ev_id IS NULL THEN 'open' ELSE 'closed' END AS status
FROM event AS e
-- Aircraft whose event is missing are kept: nothing in the source is lost here.
FULL JOIN aircraft AS a USING (ev_id)
LEFT JOIN event_point AS point USING (ev_id)
LEFT JOIN closed USING (ev_id)
LEFT JOIN make_name AS make ON make.acft_make = a.acft_make
LEFT JOIN defining USING (ev_id, aircraft_key)
LEFT JOIN first_engine USING (ev_id, aircraft_key)
LEFT JOIN first_pilot USING (ev_id, aircraft_key)
LEFT JOIN total_hours USING (ev_id, aircraft_key, crew_no);
