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
