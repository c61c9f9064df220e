-- Understood by DuckDB and PostgreSQL alike.

INSERT INTO states (state, name, faa_region) VALUES
    ('CA', 'CALIFORNIA', 'WP'), ('NC', 'NORTH CAROLINA', 'SO');

INSERT INTO events (
    ev_id, ntsb_no, ev_type, ev_date, ev_city, ev_state, ev_country, ev_nr_apt_id,
    altimeter, vis_sm, wind_vel_kts, wx_cond_basic, ev_highest_injury,
    inj_tot_f, inj_f_grnd, inj_tot_s, lchg_date, dec_latitude, dec_longitude
) VALUES
    -- Midair of two Cessnas over California: three dead aboard, one on the ground.
    ('20080110X00001', 'LAX08FA001', 'ACC', '2008-01-10', ' Fresno ', 'CA', 'USA', 'FAT ',
     29.92, 0.1, 0, 'Unk', 'FATL', 3, 1, NULL, '2020-09-25 18:05:31',
     36.75, -119.75),
    -- Landing accident, form saved without weather.
    ('20080220X00002', 'ATL08LA002', 'ACC', '2008-02-20', 'Wilson', 'NC', 'USA', NULL,
     0, 0, 0, 'VMC', 'NONE', NULL, NULL, NULL, NULL, NULL, NULL),
    -- Incident without aircraft row.
    ('20090301X00003', 'DCA09IA003', 'INC', '2009-03-01', 'Reno', 'NV', 'USA', NULL,
     NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL),
    -- Accident abroad.
    ('20090401X00004', 'DCA09RA004', 'ACC', '2009-04-01', 'Paris', 'OF', 'FR', NULL,
     NULL, NULL, NULL, NULL, 'FATL', 200, NULL, NULL, NULL, NULL, NULL),
    -- Fatal accident without date.
    ('20080107X00005', 'SEA08LA005', 'ACC', NULL, NULL, 'CA', 'USA', NULL,
     NULL, NULL, NULL, NULL, 'FATL', 1, NULL, NULL, NULL, NULL, NULL);

INSERT INTO aircraft (
    ev_id, aircraft_key, regis_no, far_part, acft_make, acft_model, num_eng
) VALUES
    ('20080110X00001', 1, 'n1', '091', 'CESSNA', '172  n', 1),
    ('20080110X00001', 2, 'N2', '091', 'Cessna Aircraft Co.', '172 N', 1),
    ('20080220X00002', 1, 'N3', '091', 'PIPER', 'PA-28', 1),
    ('20090401X00004', 1, NULL, 'NUSC', 'AIRBUS INDUSTRIE', 'A330', 2),
    ('20080107X00005', 1, NULL, '091', NULL, NULL, NULL);

INSERT INTO engines (ev_id, aircraft_key, eng_no, eng_type) VALUES
    ('20080110X00001', 1, 2, 'TP'), ('20080110X00001', 1, 1, 'REC');

INSERT INTO flight_crew (ev_id, aircraft_key, crew_no, crew_category, crew_age) VALUES
    ('20080110X00001', 1, 2, 'DSTU', 20), ('20080110X00001', 1, 1, 'FLTI', 52),
    ('20080220X00002', 1, 1, 'PLT', 0);

INSERT INTO flight_time (
    ev_id, aircraft_key, crew_no, flight_type, flight_craft, flight_hours
) VALUES
    ('20080110X00001', 1, 1, 'TOTL', 'ALL', 1234.1), ('20080110X00001', 1, 1, 'PIC', 'ALL', 9),
    ('20080110X00001', 1, 2, 'TOTL', 'ALL', 20);

INSERT INTO events_sequence (
    ev_id, aircraft_key, occurrence_no, occurrence_code, phase_no, eventsoe_no, defining_ev
) VALUES
    ('20080110X00001', 1, 1, '402240', '402', '240', false),
    ('20080110X00001', 1, 2, '402250', '402', '250', true),
    ('20080110X00001', 2, 1, '350777', NULL, NULL, NULL);

INSERT INTO occurrences (
    ev_id, aircraft_key, occurrence_no, occurrence_code, phase_of_flight
) VALUES
    ('20080220X00002', 1, 2, 310, 572), ('20080220X00002', 1, 1, 200, 571);

INSERT INTO narratives (ev_id, aircraft_key, narr_cause) VALUES
    ('20080110X00001', 1, 'The pilots'' failure to see and avoid each other.'),
    ('20080220X00002', 1, ' ');

INSERT INTO ntsb_admin (ev_id, rec_stat) VALUES
    ('20080110X00001', 'C'), ('20210527103155', 'C');

INSERT INTO findings (
    ev_id, aircraft_key, finding_no, finding_code, finding_description
) VALUES
    ('20080110X00001', 1, 1, '0206304044', 'Personnel issues-Pilot - C'),
    ('20080110X00001', 2, 1, NULL, 'Not coded');

INSERT INTO seq_of_events (
    ev_id, aircraft_key, occurrence_no, seq_event_no, group_code, subj_code, cause_factor,
    modifier_code
) VALUES
    ('20080220X00002', 1, 1, 1, 2, 24539, 'C', 3109),
    ('20080220X00002', 1, 1, 2, 1, 20200, NULL, NULL);
