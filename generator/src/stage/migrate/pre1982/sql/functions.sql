-- How fields of the flat tables are read. They live as long as the session.

-- A whole number within bounds; anything else (blank, Z for unknown, a code) is missing.
CREATE OR REPLACE FUNCTION pg_temp.whole(field text, low integer, high integer) RETURNS integer
  LANGUAGE sql IMMUTABLE
  AS $$
    SELECT CASE
      WHEN btrim(field) ~ '^-?[0-9]{1,9}([.]0*)?$' THEN
        CASE WHEN btrim(field)::numeric BETWEEN low AND high THEN btrim(field)::numeric::integer END
    END
  $$;

-- Every field about a pilot ends with one character too many: the letter of the crew position in
-- records of air carriers (11508A), else a digit (080000). ZA is "unknown" of pilot A.
CREATE OR REPLACE FUNCTION pg_temp.pilot(field text) RETURNS text
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT nullif(btrim(left(btrim(field), -1)), '') $$;

-- Five digits; no pilot has flown 40,000 hours.
CREATE OR REPLACE FUNCTION pg_temp.hours(field text) RETURNS integer
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT pg_temp.whole(pg_temp.pilot(field), 0, 40000) $$;

CREATE OR REPLACE FUNCTION pg_temp.age(field text) RETURNS integer
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT pg_temp.whole(pg_temp.pilot(field), 10, 99) $$;

-- HHMM.
CREATE OR REPLACE FUNCTION pg_temp.clock(field text) RETURNS integer
  LANGUAGE sql IMMUTABLE
  AS $$
    SELECT CASE
      WHEN pg_temp.whole(field, 0, 2359) % 100 < 60 THEN pg_temp.whole(field, 0, 2359)
    END
  $$;

-- N6326C, 6326C and N-6326C are one registration.
CREATE OR REPLACE FUNCTION pg_temp.registration(field text) RETURNS text
  LANGUAGE sql IMMUTABLE
  AS $$
    SELECT nullif(
      regexp_replace(regexp_replace(upper(field), '[^A-Z0-9]', '', 'g'), '^N(?=[0-9])', ''), ''
    )
  $$;

-- "CHICAGO,ILL": the part before the comma; a state is told by its number elsewhere.
CREATE OR REPLACE FUNCTION pg_temp.city(field text) RETURNS text
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT nullif(btrim(split_part(field, ',', 1)), '') $$;

CREATE OR REPLACE FUNCTION pg_temp.day(field text) RETURNS timestamp
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE WHEN field ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' THEN field::timestamp END $$;

-- Which of the five categories of today a section of cause factors belongs to, by its heading.
CREATE OR REPLACE FUNCTION pg_temp.category(heading text) RETURNS text
  LANGUAGE sql IMMUTABLE
  AS $$
    SELECT CASE
      WHEN heading ~* '\m(PILOT|COPILOT|CREW|STUDENT|PERSONNEL|PASSENGERS?)\M'
        THEN 'Personnel issues'
      WHEN heading ~* '\m(AIRFRAME|POWER ?PLANT|ENGINE|PROPELLER|LANDING GEAR|FLIGHT CONTROLS?|SYSTEMS?|INSTRUMENTS?|EQUIPMENT|ROTORCRAFT)\M'
        THEN 'Aircraft'
      WHEN heading ~* '\m(WEATHER|TERRAIN|AIRPORTS?|AIRWAYS|FACILITIES|LIGHT)\M'
        THEN 'Environmental issues'
      WHEN heading ~* '\m(UNDETERMINED|UNKNOWN)\M' THEN 'Not determined'
    END
  $$;

-- Phase of flight under the labels of ntsb.phase_group, by the words of the file's list
-- ("IN FLIGHT: NORMAL CRUISE", "LANDING: ROLL").
CREATE OR REPLACE FUNCTION pg_temp.phase(label text) RETURNS text
  LANGUAGE sql IMMUTABLE
  AS $$
    SELECT CASE
      WHEN label ~* '\mHOVER' THEN 'Hover'
      WHEN label ~* '\m(STATIC|STANDING|PARKED)' THEN 'Standing'
      WHEN label ~* '\mTAXI' THEN 'Taxi'
      WHEN label ~* '\mTAKE-?OFF' THEN 'Takeoff'
      WHEN label ~* '\m(APPROACH|PATTERN|GO-?AROUND|MISSED)' THEN 'Approach'
      WHEN label ~* '\mLANDING' THEN 'Landing'
      WHEN label ~* '\mCLIMB' THEN 'Climb'
      WHEN label ~* '\mDESCEN' THEN 'Descent'
      WHEN label ~* '\mCRUISE' THEN 'Cruise'
      WHEN label ~* '\m(ACROBATIC|BUZZ|LOW PASS|MANEUVER|CROP|SWATH|PROCEDURE TURN)' THEN 'Maneuvering'
      WHEN label ~* '\mUNKNOWN' THEN 'Unknown'
      WHEN label IS NOT NULL THEN 'Other'
    END
  $$;

-- CAST/ICAO category of a kind of accident, by the words of the file's list, where they leave no doubt.
CREATE OR REPLACE FUNCTION pg_temp.cictt(label text) RETURNS text
  LANGUAGE sql IMMUTABLE
  AS $$
    SELECT CASE
      WHEN label ~* '\mENGINE (FAILURE|TEARAWAY)' THEN 'SCF-PP'
      WHEN label ~* '\m(STALL|SPIN|SPIRAL)\M' THEN 'LOC-I'
      WHEN label ~* '\mGROUND.?WATER LOOP' THEN 'LOC-G'
      WHEN label ~* '\m(HARD LANDING|NOSE OVER|GEAR COLLAPSED|WHEELS?.UP|DRAGGED WING)' THEN 'ARC'
      WHEN label ~* '\m(OVERSHOOT|UNDERSHOOT)' THEN 'USOS'
      WHEN label ~* '\mCOLLISION BETWEEN AIRCRAFT.*BOTH IN FLIGHT' THEN 'MAC'
      WHEN label ~* '\mCOLLISION BETWEEN AIRCRAFT.*GROUND' THEN 'GCOL'
      WHEN label ~* '\mFIRE OR EXPLOSION: *IN FLIGHT' THEN 'F-NI'
      WHEN label ~* '\mAIRFRAME FAILURE' THEN 'SCF-NP'
      WHEN label ~* '\mTURBULENCE' THEN 'TURB'
      WHEN label ~* '\mBIRD STRIKE' THEN 'BIRD'
      WHEN label ~* '\m(UNDETERMINED|MISSING AIRCRAFT)' THEN 'UNK'
    END
  $$;
