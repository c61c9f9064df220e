-- What the figures' queries need in PostgreSQL besides the migrated tables and their views, in a
-- schema of its own: two names Spark SQL has, and `explore` as a view over the tables of records.
-- Joins are written so that the planner can leave out those a query does not need.

CREATE SCHEMA bench;
SET search_path = bench, ntsb, public;

CREATE DOMAIN double AS double precision;

CREATE FUNCTION unix_date(day date) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN day - DATE '1970-01-01';

-- Filled from the lake: makes and models are normalised when it is built.
CREATE TABLE type_name (
  ev_id text, aircraft_key integer, acft_make text, acft_model text,
  PRIMARY KEY (ev_id, aircraft_key)
);

-- Not strict, so that it is inlined.
CREATE FUNCTION code(text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN upper(nullif(trim($1), ''));

-- Without them the planner takes accidents in the United States for one row in forty thousand, and
-- joins the rest once for each.
CREATE STATISTICS ev_type_code ON (code(ev_type)) FROM ntsb.events;
CREATE STATISTICS ev_country_code ON (code(ev_country)) FROM ntsb.events;

CREATE VIEW explore AS
SELECT
  e.ev_id,
  a.aircraft_key,
  code(e.ev_type) AS ev_type,
  e.ev_date::date AS ev_date,
  extract(year FROM e.ev_date)::integer AS ev_year,
  extract(month FROM e.ev_date)::integer AS ev_month,
  nullif(trim(e.ev_city), '') AS ev_city,
  code(e.ev_state) AS ev_state,
  code(e.ev_country) AS ev_country,
  public.ST_Y(e.geom::public.geometry) AS latitude,
  public.ST_X(e.geom::public.geometry) AS longitude,
  code(e.ev_nr_apt_id) AS apt_id,
  t.acft_make,
  t.acft_model,
  code(a.acft_category) AS acft_category,
  code(a.homebuilt) AS homebuilt,
  a.num_eng::integer AS num_eng,
  engine.eng_type,
  code(a.far_part) AS far_part,
  code(a.type_fly) AS type_fly,
  code(a.damage) AS damage,
  code(e.light_cond) AS light_cond,
  code(e.wx_cond_basic) AS wx_cond_basic,
  chain.phase,
  chain.label AS occurrence,
  code(e.ev_highest_injury) AS ev_highest_injury,
  CASE
    WHEN e.inj_tot_f IS NOT NULL OR e.inj_f_grnd IS NOT NULL
      THEN coalesce(e.inj_tot_f, 0) + coalesce(e.inj_f_grnd, 0)
  END AS fatalities,
  e.inj_tot_s,
  e.inj_tot_m,
  e.inj_tot_n,
  pilot.crew_age,
  hours.pilot_hours,
  CASE WHEN closed.ev_id IS NULL THEN 'open' ELSE 'closed' END AS status
FROM ntsb.events AS e
LEFT JOIN ntsb.aircraft AS a ON a.ev_id = e.ev_id
LEFT JOIN type_name AS t ON t.ev_id = a.ev_id AND t.aircraft_key = a.aircraft_key
LEFT JOIN (
  SELECT DISTINCT ON (ev_id, aircraft_key) ev_id, aircraft_key, phase, label
  FROM ntsb.occurrence_chain
  WHERE defining
) AS chain ON chain.ev_id = a.ev_id AND chain.aircraft_key = a.aircraft_key
LEFT JOIN (
  SELECT DISTINCT ON (ev_id, aircraft_key) ev_id, aircraft_key, code(eng_type) AS eng_type
  FROM ntsb.engines
  ORDER BY ev_id, aircraft_key, eng_no
) AS engine ON engine.ev_id = a.ev_id AND engine.aircraft_key = a.aircraft_key
LEFT JOIN (
  SELECT DISTINCT ON (ev_id, aircraft_key)
    ev_id, aircraft_key, crew_no, nullif(crew_age, 0)::integer AS crew_age
  FROM ntsb.flight_crew
  ORDER BY ev_id, aircraft_key, crew_no
) AS pilot ON pilot.ev_id = a.ev_id AND pilot.aircraft_key = a.aircraft_key
LEFT JOIN (
  -- The decimal that was typed, not the binary neighbour a 32-bit float stored.
  SELECT ev_id, aircraft_key, crew_no, max(flight_hours)::text::double precision AS pilot_hours
  FROM ntsb.flight_time
  WHERE code(flight_type) = 'TOTL' AND code(flight_craft) = 'ALL'
  GROUP BY ev_id, aircraft_key, crew_no
) AS hours
  ON hours.ev_id = a.ev_id AND hours.aircraft_key = a.aircraft_key AND hours.crew_no = pilot.crew_no
LEFT JOIN (
  SELECT DISTINCT ev_id FROM ntsb.narratives WHERE nullif(trim(narr_cause), '') IS NOT NULL
) AS closed ON closed.ev_id = e.ev_id;
