CREATE TEMP TABLE cases AS
SELECT
    i,
    printf('2015%010d', i) AS ev_id,
    2015 + i // 200 AS year,
    i % 2 = 0 AS imc,
    i // 2 % 2 = 0 AS takeoff
FROM range(800) AS r (i);

INSERT INTO events (
    ev_id, ev_type, ev_country, ev_date, wx_cond_basic, ev_highest_injury, ev_time, ev_tmzn,
    dec_latitude, dec_longitude, altimeter, wind_vel_kts
)
SELECT
    ev_id, 'ACC', 'USA', make_date(year, 1 + i % 12, 1), if(imc, 'IMC', 'Vmc'),
    -- One event in 25 ends otherwise.
    CASE
        WHEN i % 25 = 7 THEN 'MINR'
        WHEN imc THEN if(takeoff, 'FATL', 'SERS')
        ELSE if(takeoff, 'MINR', 'NONE')
    END,
    2030, 'UTC', 40, -120, if(i = 0, 0, 29.92), 0
FROM cases;

INSERT INTO events (ev_id, ev_type, ev_country, ev_date, ev_highest_injury) VALUES
    ('20150101X00001', 'INC', 'USA', '2015-01-01', 'NONE'),
    ('20150101X00002', 'ACC', 'FR', '2015-01-01', 'FATL');

INSERT INTO aircraft (ev_id, aircraft_key, acft_category, acft_make, acft_year, num_eng)
SELECT ev_id, 1, 'AIR', 'CESSNA', 1980, 0 FROM cases
UNION ALL
SELECT ev_id, 2, 'GLI', 'SCHWEIZER', 1990, 0 FROM cases WHERE i % 50 = 0;

INSERT INTO flight_crew (ev_id, aircraft_key, crew_no, crew_age)
SELECT ev_id, 1, 1, 50 + i % 20 FROM cases
UNION ALL
SELECT ev_id, 1, 2, 20 FROM cases WHERE i % 3 = 0;

INSERT INTO flight_time (ev_id, aircraft_key, crew_no, flight_type, flight_craft, flight_hours)
SELECT ev_id, 1, crew_no, 'TOTL', 'ALL', 1200 * crew_no FROM cases, range(1, 3) AS c (crew_no);

INSERT INTO dt_flight_crew (ev_id, aircraft_key, crew_no, col_name, code)
SELECT ev_id, 1, 1, 'crew_cert_code', code
FROM cases, (VALUES ('PRI'), ('COMM'), ('CFI')) AS c (code);

INSERT INTO events_sequence (ev_id, aircraft_key, occurrence_no, occurrence_code, phase_no)
SELECT ev_id, 1, 2, if(takeoff, '301240', '552240'), if(takeoff, '301', '552') FROM cases
UNION ALL
SELECT ev_id, 1, 1, '650240', '650' FROM cases;

-- One case in a hundred is still open.
INSERT INTO narratives (ev_id, aircraft_key, narr_cause)
SELECT ev_id, 1, 'The weather.' FROM cases WHERE i % 100 <> 99
UNION ALL
SELECT ev_id, 1, 'The weather.' FROM events WHERE ev_id LIKE '20150101X%';
