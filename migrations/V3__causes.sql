-- Causes and occurrence chains of both coding systems, 1982-2007 and since 2008, as one.
--
-- The reference tables hold what crates/dataset/codes holds (phase_groups.tsv,
-- cictt_soe_map.csv, older_occurrences.tsv, cause_categories.tsv); a test keeps them equal.

CREATE TABLE ntsb.phase_group (
  coding     text NOT NULL CHECK (coding IN ('modern', 'older')),
  first_code integer NOT NULL,
  last_code  integer NOT NULL,
  phase      text NOT NULL,
  PRIMARY KEY (coding, first_code),
  CHECK (first_code <= last_code)
);
COMMENT ON TABLE ntsb.phase_group IS
  'Ranges of phase codes under one set of labels: modern is events_sequence.phase_no, older occurrences.phase_of_flight.';

INSERT INTO ntsb.phase_group VALUES
  ('modern', 100, 199, 'Standing'),
  ('modern', 200, 299, 'Taxi'),
  ('modern', 300, 399, 'Takeoff'),
  ('modern', 400, 400, 'Cruise'),
  ('modern', 401, 401, 'Climb'),
  ('modern', 402, 403, 'Cruise'),
  ('modern', 404, 404, 'Descent'),
  ('modern', 405, 405, 'Maneuvering'),
  ('modern', 406, 449, 'Cruise'),
  ('modern', 450, 452, 'Maneuvering'),
  ('modern', 453, 453, 'Hover'),
  ('modern', 454, 499, 'Maneuvering'),
  ('modern', 500, 549, 'Approach'),
  ('modern', 550, 599, 'Landing'),
  ('modern', 600, 699, 'Descent'),
  ('modern', 700, 899, 'Other'),
  ('modern', 900, 999, 'Unknown'),
  ('older', 500, 509, 'Standing'),
  ('older', 510, 519, 'Taxi'),
  ('older', 520, 529, 'Takeoff'),
  ('older', 530, 539, 'Climb'),
  ('older', 540, 541, 'Cruise'),
  ('older', 542, 542, 'Maneuvering'),
  ('older', 543, 549, 'Cruise'),
  ('older', 550, 559, 'Descent'),
  ('older', 560, 569, 'Approach'),
  ('older', 570, 579, 'Landing'),
  ('older', 580, 589, 'Maneuvering'),
  ('older', 590, 599, 'Hover'),
  ('older', 600, 609, 'Other'),
  ('older', 610, 619, 'Unknown');

CREATE TABLE ntsb.occurrence_code (
  coding     text NOT NULL CHECK (coding IN ('modern', 'older')),
  code       integer NOT NULL,
  label      text NOT NULL,
  cictt_code text,
  cictt      text,
  PRIMARY KEY (coding, code)
);
COMMENT ON TABLE ntsb.occurrence_code IS
  'What occurrence codes mean and their CAST/ICAO category; an older code has that of the modern event of the same meaning, or none.';

INSERT INTO ntsb.occurrence_code VALUES
  ('modern', 0, 'Unknown or undetermined', 'UNK', 'Unknown'),
  ('modern', 10, 'Aircraft loading event', 'RAMP', 'Ground Handling'),
  ('modern', 20, 'Aircraft servicing event', 'RAMP', 'Ground Handling'),
  ('modern', 30, 'Preflight or dispatch event', NULL, NULL),
  ('modern', 40, 'Aircraft maintenance event', NULL, NULL),
  ('modern', 50, 'Aircraft inspection event', NULL, NULL),
  ('modern', 60, 'Attempted remediation/recovery', NULL, NULL),
  ('modern', 70, 'Airport occurrence', 'ADRM', 'Aerodrome'),
  ('modern', 80, 'Ground handling event', 'RAMP', 'Ground Handling'),
  ('modern', 81, 'AC/prop/rotor contact w person', 'RAMP', 'Ground Handling'),
  ('modern', 82, 'Prop/jet/rotor blast/suction', 'RAMP', 'Ground Handling'),
  ('modern', 90, 'Abnormal runway contact', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 91, 'Tailstrike', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 92, 'Hard landing', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 93, 'Dragged wing/rotor/float/other', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 94, 'Landing gear collapse', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 95, 'Landing gear not configured', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 96, 'Nose over/nose down', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 97, 'Roll over', 'ARC', 'Abnormal Runway Contact'),
  ('modern', 100, 'Air traffic event', 'ATM', 'Air Traffic Management'),
  ('modern', 110, 'Cabin safety event', 'CABIN', 'Cabin Safety Events'),
  ('modern', 120, 'Controlled flight into terr/obj (CFIT)', 'CFIT', 'Controlled Flight Into Terrain'),
  ('modern', 130, 'Emergency descent initiated', NULL, NULL),
  ('modern', 140, 'Engine shutdown', NULL, NULL),
  ('modern', 150, 'Fire/smoke (non-impact)', 'F-NI', 'Fire - Non-Impact'),
  ('modern', 160, 'Explosion (non-impact)', 'F-NI', 'Fire - Non-Impact'),
  ('modern', 170, 'Fire/smoke (post-impact)', 'F-POST', 'Fire - Post-Impact'),
  ('modern', 180, 'Explosion (post-impact)', 'F-POST', 'Fire - Post-Impact'),
  ('modern', 190, 'Fuel related', 'FUEL', 'Fuel Related'),
  ('modern', 191, 'Fuel starvation', 'FUEL', 'Fuel Related'),
  ('modern', 192, 'Fuel exhaustion', 'FUEL', 'Fuel Related'),
  ('modern', 193, 'Fuel contamination', 'FUEL', 'Fuel Related'),
  ('modern', 194, 'Wrong fuel', 'FUEL', 'Fuel Related'),
  ('modern', 200, 'Ground collision', 'GCOL', 'Ground Collision'),
  ('modern', 210, 'Structural icing', 'ICE', 'Icing'),
  ('modern', 220, 'Low altitude operation/event', 'LALT', 'Low Altitude Operation'),
  ('modern', 230, 'Loss of control on ground', 'LOC-G', 'Loss of Control on Ground'),
  ('modern', 231, 'Dynamic rollover', 'LOC-G', 'Loss of Control on Ground'),
  ('modern', 232, 'Ground resonance', 'LOC-G', 'Loss of Control on Ground'),
  ('modern', 240, 'Loss of control in flight', 'LOC-I', 'Loss of Control In-Flight'),
  ('modern', 241, 'Aerodynamic stall/spin', 'LOC-I', 'Loss of Control In-Flight'),
  ('modern', 242, 'Loss of tail rotor effectiveness', 'LOC-I', 'Loss of Control In-Flight'),
  ('modern', 243, 'Retreating blade stall', 'LOC-I', 'Loss of Control In-Flight'),
  ('modern', 244, 'Settling with power/vortex ring state', 'LOC-I', 'Loss of Control In-Flight'),
  ('modern', 245, 'Mast bumping', 'LOC-I', 'Loss of Control In-Flight'),
  ('modern', 250, 'Midair collision', 'MAC', 'Midair'),
  ('modern', 260, 'Near midair/TCAS alert/loss of separation', 'MAC', 'Midair'),
  ('modern', 270, 'Abrupt maneuver', 'AMAN', 'Abrupt Maneuver'),
  ('modern', 271, 'Inflight upset', 'AMAN', 'Abrupt Maneuver'),
  ('modern', 280, 'Navigation error', 'NAV', 'Navigation Error'),
  ('modern', 281, 'Course deviation', 'NAV', 'Navigation Error'),
  ('modern', 282, 'Altitude deviation', 'NAV', 'Navigation Error'),
  ('modern', 283, 'Airspace incursion', 'NAV', 'Navigation Error'),
  ('modern', 284, 'Wrong surface or wrong airport', 'NAV', 'Navigation Error'),
  ('modern', 300, 'Runway excursion', 'RE', 'Runway Excursion'),
  ('modern', 310, 'Wildlife encounter (non-bird)', 'WILD', 'Wildlife Encounter'),
  ('modern', 320, 'Runway incursion veh/AC/person', 'RI-VAP', 'Runway Incursion - Vehicle'),
  ('modern', 330, 'Sys/Comp malf/fail (non-power)', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 331, 'Pressure/environ sys malf/fail', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 332, 'Electrical system malf/failure', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 333, 'Flight control sys malf/fail', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 334, 'Flight instrument malf/fail', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 335, 'Nav system malfunction/failure', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 336, 'Comm system malf/failure', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 337, 'Aircraft structural failure', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 338, 'Part(s) separation from AC', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('modern', 340, 'Powerplant sys/comp malf/fail', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('modern', 341, 'Loss of engine power (total)', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('modern', 342, 'Loss of engine power (partial)', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('modern', 343, 'Uncontained engine failure', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('modern', 350, 'Security/criminal event', 'SEC', 'Security Related'),
  ('modern', 360, 'Turbulence encounter', 'TURB', 'Turbulence Encounter'),
  ('modern', 361, 'Aircraft wake turb encounter', 'TURB', 'Turbulence Encounter'),
  ('modern', 362, 'Clear air turbulence encounter', 'TURB', 'Turbulence Encounter'),
  ('modern', 370, 'Landing area undershoot', 'USOS', 'Undershoot/Overshoot'),
  ('modern', 380, 'Landing area overshoot', 'USOS', 'Undershoot/Overshoot'),
  ('modern', 390, 'Windshear or thunderstorm', 'WSTRW', 'Windshear/Thunderstorm'),
  ('modern', 400, 'Other weather encounter', NULL, NULL),
  ('modern', 401, 'VFR encounter with IMC', 'UIMC', 'Unintended Flight Into IMC'),
  ('modern', 402, 'Loss of visual reference', 'UIMC', 'Unintended Flight Into IMC'),
  ('modern', 410, 'Terrain avoidance alert', NULL, NULL),
  ('modern', 420, 'Collision avoidance alert', NULL, NULL),
  ('modern', 430, 'Stall warn/stick-shaker/pusher', NULL, NULL),
  ('modern', 440, 'Off-field or emergency landing', NULL, NULL),
  ('modern', 441, 'Ditching', NULL, NULL),
  ('modern', 450, 'Hazardous material leak/spill', 'OTHR', 'Other'),
  ('modern', 460, 'Evacuation', 'EVAC', 'Evacuation'),
  ('modern', 470, 'Collision with terr/obj (non-CFIT)', 'OTHR', 'Other'),
  ('modern', 480, 'External load event (Rotorcraft)', 'EXTL', 'External Load'),
  ('modern', 490, 'Collision during takeoff/land', 'CTOL', 'Collision on Takeoff or Landing'),
  ('modern', 500, 'Loss of lift', 'LOLI', 'Loss of Lift'),
  ('modern', 510, 'Glider tow event', 'GTOW', 'Glider Towing'),
  ('modern', 600, 'Simulated/training event', 'SIMU', 'Simulated/training event'),
  ('modern', 850, 'Medical event', 'MED', 'Medical Event'),
  ('modern', 900, 'Miscellaneous/other', 'OTHR', 'Other'),
  ('modern', 901, 'Birdstrike', 'BIRD', 'Bird Strike'),
  ('modern', 990, 'Missing aircraft', 'UNK', 'Unknown'),
  ('older', 100, 'Abrupt maneuver', 'AMAN', 'Abrupt Maneuver'),
  ('older', 110, 'Altitude deviation, uncontrolled', 'NAV', 'Navigation Error'),
  ('older', 120, 'Cargo shift', NULL, NULL),
  ('older', 130, 'Airframe/component/system failure/malfunction', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('older', 131, 'Propeller failure/malfunction', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('older', 132, 'Rotor failure/malfunction', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('older', 140, 'Decompression', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('older', 150, 'Ditching', NULL, NULL),
  ('older', 160, 'Dragged wing, rotor, pod, float or tail/skid', 'ARC', 'Abnormal Runway Contact'),
  ('older', 170, 'Fire/explosion', NULL, NULL),
  ('older', 171, 'Fire', NULL, NULL),
  ('older', 172, 'Explosion', NULL, NULL),
  ('older', 180, 'Forced landing', NULL, NULL),
  ('older', 190, 'Gear collapsed', 'ARC', 'Abnormal Runway Contact'),
  ('older', 191, 'Main gear collapsed', 'ARC', 'Abnormal Runway Contact'),
  ('older', 192, 'Nose gear collapsed', 'ARC', 'Abnormal Runway Contact'),
  ('older', 193, 'Tail gear collapsed', 'ARC', 'Abnormal Runway Contact'),
  ('older', 194, 'Complete gear collapsed', 'ARC', 'Abnormal Runway Contact'),
  ('older', 195, 'Other gear collapsed', 'ARC', 'Abnormal Runway Contact'),
  ('older', 196, 'Gear not extended', 'ARC', 'Abnormal Runway Contact'),
  ('older', 197, 'Gear not retracted', NULL, NULL),
  ('older', 198, 'Gear retraction on ground', NULL, NULL),
  ('older', 200, 'Hard landing', 'ARC', 'Abnormal Runway Contact'),
  ('older', 210, 'Hazardous materials leak/spill', 'OTHR', 'Other'),
  ('older', 220, 'In flight collision with object', NULL, NULL),
  ('older', 230, 'In flight collision with terrain/water', NULL, NULL),
  ('older', 231, 'Wheels down landing in water', NULL, NULL),
  ('older', 232, 'Wheels up landing', NULL, NULL),
  ('older', 240, 'In flight encounter with weather', NULL, NULL),
  ('older', 250, 'Loss of control - in flight', 'LOC-I', 'Loss of Control In-Flight'),
  ('older', 260, 'Loss of control - on ground/water', 'LOC-G', 'Loss of Control on Ground'),
  ('older', 270, 'Midair collision', 'MAC', 'Midair'),
  ('older', 271, 'Collision between aircraft (other than midair)', 'GCOL', 'Ground Collision'),
  ('older', 280, 'Near collision between aircraft', 'MAC', 'Midair'),
  ('older', 290, 'Nose down', 'ARC', 'Abnormal Runway Contact'),
  ('older', 300, 'Nose over', 'ARC', 'Abnormal Runway Contact'),
  ('older', 310, 'On ground/water collision with object', NULL, NULL),
  ('older', 320, 'On ground/water encounter with terrain/water', NULL, NULL),
  ('older', 330, 'On ground/water encounter with weather', NULL, NULL),
  ('older', 340, 'Overrun', 'RE', 'Runway Excursion'),
  ('older', 350, 'Loss of engine power', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('older', 351, 'Loss of engine power (total) - mech failure/malf', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('older', 352, 'Loss of engine power (partial) - mech failure/malf', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('older', 353, 'Loss of engine power (total) - nonmechanical', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('older', 354, 'Loss of engine power (partial) - nonmechanical', 'SCF-PP', 'System/Component Failure - Powerplant'),
  ('older', 355, 'Engine tearaway', 'SCF-NP', 'System/Component Failure - Non-power'),
  ('older', 360, 'Propeller blast or jet exhaust/suction', 'RAMP', 'Ground Handling'),
  ('older', 370, 'Propeller/rotor contact to person', 'RAMP', 'Ground Handling'),
  ('older', 380, 'Roll over', 'ARC', 'Abnormal Runway Contact'),
  ('older', 390, 'Undershoot', 'USOS', 'Undershoot/Overshoot'),
  ('older', 400, 'Undetermined', 'UNK', 'Unknown'),
  ('older', 410, 'Vortex turbulence encountered', 'TURB', 'Turbulence Encounter'),
  ('older', 420, 'Missing aircraft', 'UNK', 'Unknown'),
  ('older', 430, 'Miscellaneous/other', 'OTHR', 'Other');

CREATE TABLE ntsb.cause_category (
  source_system text NOT NULL CHECK (source_system IN ('findings', 'seq_of_events')),
  first_code    integer NOT NULL,
  last_code     integer NOT NULL,
  category      text NOT NULL,
  PRIMARY KEY (source_system, first_code),
  CHECK (first_code <= last_code)
);
COMMENT ON TABLE ntsb.cause_category IS
  'Ranges of findings.category_no and seq_of_events.subj_code under the five categories of modern findings.';

INSERT INTO ntsb.cause_category VALUES
  ('findings', 1, 1, 'Aircraft'),
  ('findings', 2, 2, 'Personnel issues'),
  ('findings', 3, 3, 'Environmental issues'),
  ('findings', 4, 4, 'Organizational issues'),
  ('findings', 5, 5, 'Not determined'),
  ('seq_of_events', 10000, 17999, 'Aircraft'),
  ('seq_of_events', 18000, 20999, 'Environmental issues'),
  ('seq_of_events', 21000, 21999, 'Organizational issues'),
  ('seq_of_events', 22000, 23999, 'Aircraft'),
  ('seq_of_events', 24000, 24999, 'Personnel issues'),
  ('seq_of_events', 25000, 25999, 'Not determined'),
  ('seq_of_events', 30000, 69999, 'Personnel issues'),
  ('seq_of_events', 70000, 99999, 'Organizational issues');

-- A code that is not a number has no group; a cast would fail the whole query.
CREATE FUNCTION ntsb.code_number(code text) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN code ~ '^[0-9]{1,9}$' THEN code::integer END;
COMMENT ON FUNCTION ntsb.code_number IS 'The number of a code held as text; NULL if it is none.';

CREATE VIEW ntsb.causes AS
WITH modern AS (
  SELECT
    ev_id,
    aircraft_key,
    finding_no,
    finding_code,
    coalesce(category_no, left(lpad(finding_code, 10, '0'), 2)) AS category_no,
    -- Older vintages end the text in the flag: '... - Pilot - C'.
    regexp_replace(finding_description, '\s+-\s+[CF]$', '') AS label,
    CASE
      WHEN upper(cm_inpc) IN ('T', 'TRUE', 'Y', 'YES', '1') THEN true
      WHEN upper(cm_inpc) IN ('F', 'FALSE', 'N', 'NO', '0') THEN false
    END AS in_cause,
    upper(coalesce(cause_factor, substring(finding_description FROM '\s-\s+([CF])$')))
      AS cause_factor
  FROM ntsb.findings
)
SELECT
  m.ev_id,
  m.aircraft_key,
  m.finding_no AS ordinal,
  c.category,
  m.label,
  -- NTSB's own rule for its back-fill: cause or factor. A blank says no only where the case has
  -- flags at all; many files have none.
  coalesce(
    m.in_cause,
    m.cause_factor IN ('C', 'F'),
    CASE
      WHEN bool_or(m.cause_factor IS NOT NULL) OVER (PARTITION BY m.ev_id) THEN false
    END
  ) AS in_probable_cause,
  m.cause_factor,
  m.finding_code AS code,
  'findings' AS source_system
FROM modern AS m
LEFT JOIN ntsb.cause_category AS c
  ON c.source_system = 'findings'
    AND ntsb.code_number(m.category_no) BETWEEN c.first_code AND c.last_code
UNION ALL
SELECT
  s.ev_id,
  s.aircraft_key,
  row_number() OVER (
    PARTITION BY s.ev_id, s.aircraft_key
    ORDER BY s.occurrence_no, s.seq_event_no, s.group_code
  )::integer,
  c.category,
  -- The codes 3001, 4001 and 6001 have a blank label; a code without label is shown itself.
  nullif(concat_ws(
    ' - ',
    CASE WHEN subject.code IS NULL THEN s.subj_code::text ELSE nullif(subject.meaning, '') END,
    CASE WHEN modifier.code IS NULL THEN s.modifier_code::text ELSE nullif(modifier.meaning, '') END,
    CASE WHEN person.code IS NULL THEN s.person_code::text ELSE nullif(person.meaning, '') END
  ), ''),
  coalesce(upper(s.cause_factor) IN ('C', 'F'), false),
  upper(s.cause_factor),
  s.subj_code::text,
  'seq_of_events'
FROM ntsb.seq_of_events AS s
LEFT JOIN ntsb.cause_category AS c
  ON c.source_system = 'seq_of_events' AND s.subj_code BETWEEN c.first_code AND c.last_code
LEFT JOIN ntsb.ct_seqevt AS subject ON subject.code = s.subj_code
LEFT JOIN ntsb.ct_seqevt AS modifier ON modifier.code = s.modifier_code
LEFT JOIN ntsb.ct_seqevt AS person ON person.code = s.person_code;
COMMENT ON VIEW ntsb.causes IS
  'Findings of both coding systems, 1982 to now; in_probable_cause is NULL where the source does not say.';

CREATE VIEW ntsb.occurrence_chain AS
WITH coded AS (
  SELECT
    ev_id,
    aircraft_key,
    occurrence_no,
    'modern' AS coding,
    coalesce(phase_no, left(lpad(occurrence_code, 6, '0'), 3)) AS phase_code,
    coalesce(eventsoe_no, right(lpad(occurrence_code, 6, '0'), 3)) AS code,
    coalesce(defining_ev, false) AS defining,
    NULL::integer AS altitude,
    'events_sequence' AS source_system
  FROM ntsb.events_sequence
  UNION ALL
  SELECT
    ev_id,
    aircraft_key,
    occurrence_no,
    'older',
    phase_of_flight::text,
    occurrence_code::text,
    false,
    nullif(altitude, 0),
    'occurrences'
  FROM ntsb.occurrences
)
SELECT
  c.ev_id,
  c.aircraft_key,
  c.occurrence_no AS ordinal,
  coalesce(p.phase, 'Unknown') AS phase,
  coalesce(o.label, c.code) AS label,
  o.cictt_code,
  o.cictt,
  -- What describes the aircraft's accident: the flagged row, else the first; an aircraft with
  -- modern rows is described by those.
  row_number() OVER (
    PARTITION BY c.ev_id, c.aircraft_key
    ORDER BY c.coding = 'modern' DESC, c.defining DESC, c.occurrence_no
  ) = 1 AS defining,
  c.phase_code,
  c.code,
  c.altitude,
  c.source_system
FROM coded AS c
LEFT JOIN ntsb.phase_group AS p
  ON p.coding = c.coding AND ntsb.code_number(c.phase_code) BETWEEN p.first_code AND p.last_code
LEFT JOIN ntsb.occurrence_code AS o
  ON o.coding = c.coding AND o.code = ntsb.code_number(c.code);
COMMENT ON VIEW ntsb.occurrence_chain IS
  'What happened to an aircraft in which phase, in order, both coding systems; exactly one row per aircraft is defining.';
