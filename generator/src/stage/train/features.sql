-- One row per case, with the features before impact as declared in the severity crate. The first
-- aircraft of the event (lowest key) stands for the event, the first of its crew who is no
-- passenger (lowest number) for its pilot in command.
WITH first_aircraft AS (
    SELECT *
    FROM aircraft
    QUALIFY row_number() OVER (PARTITION BY ev_id ORDER BY aircraft_key) = 1
),
pilot AS (
    SELECT flight_crew.*
    FROM flight_crew
    JOIN first_aircraft USING (ev_id, aircraft_key)
    QUALIFY row_number() OVER (
        PARTITION BY ev_id
        ORDER BY coalesce(upper(trim(crew_category)) IN ('PASS', 'PRPS', 'CABN'), false), crew_no
    ) = 1
),
-- The make as the explore page spells it.
make AS (
    SELECT explore.ev_id, explore.acft_make
    FROM explore
    JOIN first_aircraft USING (ev_id, aircraft_key)
),
engine AS (
    SELECT
        engines.ev_id,
        engines.eng_type,
        CASE WHEN upper(trim(engines.hp_or_lbs)) = 'HP' THEN engines.power_units END AS eng_hp
    FROM engines
    JOIN first_aircraft USING (ev_id, aircraft_key)
    QUALIFY row_number() OVER (PARTITION BY ev_id ORDER BY eng_no) = 1
),
hours AS (
    SELECT
        ev_id,
        max(flight_hours) FILTER (kind = 'TOTL ALL') AS total,
        max(flight_hours) FILTER (kind = 'TOTL MAKE') AS make,
        max(flight_hours) FILTER (kind = 'L90D ALL') AS last_90d
    FROM (
        SELECT
            ev_id,
            flight_hours,
            upper(trim(flight_type) || ' ' || trim(flight_craft)) AS kind
        FROM flight_time
        JOIN pilot USING (ev_id, aircraft_key, crew_no)
    )
    GROUP BY ev_id
),
-- Several certificates may be held; the highest counts. Multi-valued columns may carry a digit
-- after their name (crew_cert_code0).
certificate AS (
    SELECT ev_id, arg_min(code, place) AS code
    FROM (
        SELECT
            ev_id,
            upper(trim(code)) AS code,
            list_position(
                ['ATP', 'COMM', 'PRI', 'SPRT', 'REC', 'STU', 'NONE'], upper(trim(code))
            ) AS place
        FROM dt_flight_crew
        JOIN pilot USING (ev_id, aircraft_key, crew_no)
        WHERE starts_with(lower(col_name), 'crew_cert_code')
    )
    WHERE place IS NOT NULL
    GROUP BY ev_id
),
-- Answers of multi-valued columns: what is held of several ratings, and the first gear type.
ratings AS (
    SELECT
        ev_id,
        if(
            bool_or(upper(trim(code)) IN ('APLN', 'HELI', 'PLFT'))
                FILTER (starts_with(lower(col_name), 'crew_rat_instrum')),
            'Y', 'N'
        ) AS instrument_rating,
        if(
            bool_or(upper(trim(code)) IN ('MEL', 'MES'))
                FILTER (starts_with(lower(col_name), 'crew_rat_airpln')),
            'Y', 'N'
        ) AS multi_engine_rating
    FROM dt_flight_crew
    JOIN pilot USING (ev_id, aircraft_key, crew_no)
    WHERE starts_with(lower(col_name), 'crew_rat_')
    GROUP BY ev_id
),
gear AS (
    SELECT ev_id, min(upper(trim(code))) AS landing_gear
    FROM dt_aircraft
    JOIN first_aircraft USING (ev_id, aircraft_key)
    WHERE starts_with(lower(col_name), 'landing_gear')
    GROUP BY ev_id
),
-- The phase of the first step in the chain of events, in the groups of the modern list (401 climb
-- to cruise is 400 en route); the list of 1982-2007 is brought under the same groups.
-- Uncontrolled descent (650), post-impact (700), after landing (750), other (800) and unknown
-- (990) are no phases that come before an impact.
first_phase AS (
    SELECT ev_id, arg_min(phase, occurrence_no) AS phase
    FROM (
        SELECT ev_id, occurrence_no, TRY_CAST(phase_no AS INTEGER) // 50 * 50 AS phase
        FROM events_sequence
        JOIN first_aircraft USING (ev_id, aircraft_key)
        UNION ALL
        SELECT
            ev_id,
            occurrence_no,
            CASE
                WHEN phase_of_flight BETWEEN 500 AND 509 THEN 150
                WHEN phase_of_flight BETWEEN 510 AND 519 THEN 250
                WHEN phase_of_flight = 522 THEN 350
                WHEN phase_of_flight BETWEEN 520 AND 529 THEN 300
                WHEN phase_of_flight BETWEEN 530 AND 559 THEN 400
                WHEN phase_of_flight BETWEEN 560 AND 569 THEN 500
                WHEN phase_of_flight BETWEEN 570 AND 579 THEN 550
                WHEN phase_of_flight BETWEEN 580 AND 599 THEN 450
            END AS phase
        FROM occurrences
        JOIN first_aircraft USING (ev_id, aircraft_key)
    )
    WHERE phase BETWEEN 150 AND 600
    GROUP BY ev_id
),
-- HHMM as a number. 0 is midnight or "not known"; a time without a zone may be local or UTC, and
-- a UTC time becomes solar time by the longitude.
clock AS (
    SELECT
        ev_id,
        CASE
            WHEN upper(trim(ev_tmzn)) IN ('UTC', 'GMT')
                THEN CASE
                    WHEN dec_longitude BETWEEN -180 AND 180 AND dec_longitude <> 0
                        THEN (utc_or_local + dec_longitude / 15 + 24) % 24
                END
            WHEN trim(ev_tmzn) <> '' THEN utc_or_local
        END AS local_hour
    FROM (
        SELECT
            ev_id,
            ev_tmzn,
            dec_longitude,
            CASE
                WHEN ev_time BETWEEN 1 AND 2359 AND ev_time % 100 < 60
                    THEN ev_time // 100 + ev_time % 100 / 60
            END AS utc_or_local
        FROM events
    )
),
-- An altimeter setting of 0 is impossible: in such rows the other weather zeros mean nothing.
weather AS (
    SELECT
        ev_id,
        CASE WHEN NOT (altimeter IS NOT DISTINCT FROM 0 AND vis_sm = 0) THEN vis_sm END AS vis_sm,
        CASE
            WHEN NOT (altimeter IS NOT DISTINCT FROM 0 AND wind_vel_kts = 0) THEN wind_vel_kts
        END AS wind_vel_kts,
        CASE WHEN NOT (altimeter IS NOT DISTINCT FROM 0 AND wx_temp = 0) THEN wx_temp END AS wx_temp,
        CASE
            WHEN NOT (altimeter IS NOT DISTINCT FROM 0 AND wx_dew_pt = 0) THEN wx_dew_pt
        END AS wx_dew_pt
    FROM events
)
SELECT
    cases.ev_id,
    cases.ev_year,
    cases.outcome,
    a.acft_category,
    make.acft_make,
    -- PA-28-140 and PA28R are PA28, 172N is 172: spellings are many, families few.
    nullif(
        translate(regexp_extract(upper(trim(a.acft_model)), '^[A-Z]*[- ]?[0-9]+'), '- ', ''), ''
    ) AS acft_model,
    a.homebuilt,
    -- Next year's model may fly, and crash, this year.
    CASE
        WHEN cases.ev_year - a.acft_year = -1 THEN 0
        ELSE cases.ev_year - a.acft_year
    END AS acft_age,
    a.total_seats,
    a.cert_max_gr_wt,
    -- No engine is a fact for gliders and balloons, a gap for others.
    CASE
        WHEN NOT (a.num_eng = 0 AND upper(trim(a.acft_category)) IN ('AIR', 'HELI', 'GYRO', 'PLFT'))
            THEN a.num_eng
    END AS num_eng,
    engine.eng_type,
    engine.eng_hp,
    a.fixed_retractable,
    gear.landing_gear,
    -- 2000-01-02 stands for "not known".
    CASE
        WHEN CAST(a.date_last_insp AS DATE) <> DATE '2000-01-02'
            THEN date_diff('month', CAST(a.date_last_insp AS DATE), CAST(e.ev_date AS DATE))
    END AS insp_months,
    a.far_part,
    a.type_fly,
    a.oper_sched,
    a.flt_plan_filed,
    a.second_pilot,
    CAST(first_phase.phase AS VARCHAR) AS phase,
    e.ev_state,
    e.apt_elev,
    month(CAST(e.ev_date AS DATE)) AS ev_month,
    e.ev_dow,
    clock.local_hour,
    e.light_cond,
    e.wx_cond_basic,
    weather.vis_sm,
    weather.wind_vel_kts,
    e.gust_kts,
    weather.wx_temp,
    weather.wx_temp - weather.wx_dew_pt AS dew_spread,
    e.sky_cond_ceil,
    e.sky_ceil_ht,
    pilot.crew_age,
    pilot.crew_category,
    pilot.med_certf,
    certificate.code AS crew_cert,
    ratings.instrument_rating,
    ratings.multi_engine_rating,
    hours.total AS hours_total,
    hours.make AS hours_make,
    hours.last_90d AS hours_90d
FROM cases
JOIN events AS e USING (ev_id)
LEFT JOIN first_aircraft AS a USING (ev_id)
LEFT JOIN make USING (ev_id)
LEFT JOIN engine USING (ev_id)
LEFT JOIN pilot USING (ev_id)
LEFT JOIN certificate USING (ev_id)
LEFT JOIN ratings USING (ev_id)
LEFT JOIN gear USING (ev_id)
LEFT JOIN hours USING (ev_id)
LEFT JOIN first_phase USING (ev_id)
LEFT JOIN clock USING (ev_id)
LEFT JOIN weather USING (ev_id)
