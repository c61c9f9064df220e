
INSERT INTO causes VALUES
    ('20080110X00001', 1, 1, 'Personnel issues', 'Personnel issues-Pilot', true, 'C',
     '0206304044', 'findings'),
    ('20080110X00001', 2, 1, NULL, 'Not coded', false, NULL, NULL, 'findings'),
    ('20080220X00002', 1, 1, 'Personnel issues', '24539 - 3109', true, 'C', '24539',
     'seq_of_events'),
    ('20080220X00002', 1, 2, 'Environmental issues', '20200', false, NULL, '20200',
     'seq_of_events');

INSERT INTO occurrence_chain VALUES
    ('20080110X00001', 1, 1, 'Cruise', 'Loss of control in flight', 'LOC-I',
     'Loss of Control In-Flight', false, '402', '240', NULL, 'events_sequence'),
    ('20080110X00001', 1, 2, 'Cruise', 'Midair collision', 'MAC', 'Midair', true, '402', '250',
     NULL, 'events_sequence'),
    ('20080110X00001', 2, 1, 'Takeoff', '777', NULL, NULL, true, '350', '777', NULL,
     'events_sequence'),
    ('20080220X00002', 1, 1, 'Landing', 'Hard landing', 'ARC', 'Abnormal Runway Contact', true,
     '571', '200', NULL, 'occurrences'),
    ('20080220X00002', 1, 2, 'Landing', 'On ground/water collision with object', NULL, NULL,
     false, '572', '310', NULL, 'occurrences');
