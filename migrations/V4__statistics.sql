-- Statistics that do not multiply casualties: an event counts once per row, however many aircraft
-- it has; aircraft are counted on their own.
--
-- Every statistic keeps the United States and the type of event apart (in_usa, ev_type): incidents
-- are selected cases, and abroad only some accidents are known. The unique indexes allow
-- REFRESH MATERIALIZED VIEW CONCURRENTLY.

CREATE VIEW ntsb.event_totals AS
SELECT
  e.ev_id,
  extract(year FROM e.ev_date)::integer AS ev_year,
  coalesce(upper(e.ev_country) = 'USA', false) AS in_usa,
  upper(e.ev_type) AS ev_type,
  upper(e.ev_state) AS ev_state,
  coalesce(upper(e.ev_highest_injury) = 'FATL', false) AS fatal,
  -- inj_tot_f counts those aboard; deaths on the ground come on top.
  CASE
    WHEN e.inj_tot_f IS NOT NULL OR e.inj_f_grnd IS NOT NULL
      THEN coalesce(e.inj_tot_f, 0) + coalesce(e.inj_f_grnd, 0)
  END AS fatalities,
  e.inj_tot_s AS serious_injuries,
  e.inj_tot_m AS minor_injuries,
  coalesce(a.aircraft, 0) AS aircraft,
  coalesce(a.destroyed, 0) AS aircraft_destroyed
FROM ntsb.events AS e
LEFT JOIN (
  SELECT ev_id, count(*) AS aircraft, count(*) FILTER (WHERE upper(damage) = 'DEST') AS destroyed
  FROM ntsb.aircraft
  GROUP BY ev_id
) AS a USING (ev_id);
COMMENT ON VIEW ntsb.event_totals IS
  'One row per event: casualties of the event, aircraft counted; fatal means that the highest injury is FATL.';

CREATE MATERIALIZED VIEW ntsb.yearly_statistics AS
SELECT
  ev_year,
  in_usa,
  ev_type,
  count(*) AS events,
  count(*) FILTER (WHERE fatal) AS fatal_events,
  sum(fatalities)::bigint AS fatalities,
  sum(serious_injuries)::bigint AS serious_injuries,
  sum(minor_injuries)::bigint AS minor_injuries,
  sum(aircraft)::bigint AS aircraft,
  sum(aircraft_destroyed)::bigint AS aircraft_destroyed
FROM ntsb.event_totals
GROUP BY ev_year, in_usa, ev_type
WITH DATA;
CREATE UNIQUE INDEX yearly_statistics_key
  ON ntsb.yearly_statistics (ev_year, in_usa, ev_type) NULLS NOT DISTINCT;
COMMENT ON MATERIALIZED VIEW ntsb.yearly_statistics IS
  'Events, casualties and aircraft by year of the event; NULL is an event without date.';

CREATE MATERIALIZED VIEW ntsb.decade_statistics AS
SELECT
  ev_year / 10 * 10 AS decade,
  in_usa,
  ev_type,
  count(*) AS events,
  count(*) FILTER (WHERE fatal) AS fatal_events,
  sum(fatalities)::bigint AS fatalities,
  sum(serious_injuries)::bigint AS serious_injuries,
  sum(minor_injuries)::bigint AS minor_injuries,
  sum(aircraft)::bigint AS aircraft,
  sum(aircraft_destroyed)::bigint AS aircraft_destroyed
FROM ntsb.event_totals
GROUP BY ev_year / 10 * 10, in_usa, ev_type
WITH DATA;
CREATE UNIQUE INDEX decade_statistics_key
  ON ntsb.decade_statistics (decade, in_usa, ev_type) NULLS NOT DISTINCT;
COMMENT ON MATERIALIZED VIEW ntsb.decade_statistics IS
  'Events, casualties and aircraft by decade (its first year) of the event.';

CREATE MATERIALIZED VIEW ntsb.state_statistics AS
SELECT
  ev_state,
  in_usa,
  ev_type,
  count(*) AS events,
  count(*) FILTER (WHERE fatal) AS fatal_events,
  sum(fatalities)::bigint AS fatalities,
  sum(serious_injuries)::bigint AS serious_injuries,
  sum(minor_injuries)::bigint AS minor_injuries,
  sum(aircraft)::bigint AS aircraft,
  sum(aircraft_destroyed)::bigint AS aircraft_destroyed
FROM ntsb.event_totals
GROUP BY ev_state, in_usa, ev_type
WITH DATA;
CREATE UNIQUE INDEX state_statistics_key
  ON ntsb.state_statistics (ev_state, in_usa, ev_type) NULLS NOT DISTINCT;
COMMENT ON MATERIALIZED VIEW ntsb.state_statistics IS
  'Events, casualties and aircraft by state, territory or ocean code; outside the United States mostly NULL or OF.';

CREATE MATERIALIZED VIEW ntsb.make_model_statistics AS
WITH typed AS (
  SELECT
    ev_id,
    upper(regexp_replace(acft_make, '\s+', ' ', 'g')) AS acft_make,
    upper(regexp_replace(acft_model, '\s+', ' ', 'g')) AS acft_model,
    count(*) AS aircraft,
    count(*) FILTER (WHERE upper(damage) = 'DEST') AS aircraft_destroyed
  FROM ntsb.aircraft
  GROUP BY 1, 2, 3
)
SELECT
  t.acft_make,
  t.acft_model,
  e.in_usa,
  e.ev_type,
  count(*) AS events,
  count(*) FILTER (WHERE fatal) AS fatal_events,
  sum(fatalities)::bigint AS fatalities,
  sum(serious_injuries)::bigint AS serious_injuries,
  sum(minor_injuries)::bigint AS minor_injuries,
  sum(t.aircraft)::bigint AS aircraft,
  sum(t.aircraft_destroyed)::bigint AS aircraft_destroyed
FROM typed AS t
JOIN ntsb.event_totals AS e USING (ev_id)
GROUP BY t.acft_make, t.acft_model, e.in_usa, e.ev_type
WITH DATA;
CREATE UNIQUE INDEX make_model_statistics_key
  ON ntsb.make_model_statistics (acft_make, acft_model, in_usa, ev_type) NULLS NOT DISTINCT;
COMMENT ON MATERIALIZED VIEW ntsb.make_model_statistics IS
  'Events that involved a make and model, with the casualties of the whole event; an event of two types is in both rows, so rows must not be summed.';

CREATE MATERIALIZED VIEW ntsb.phase_statistics AS
WITH phased AS (
  SELECT DISTINCT ev_id, phase FROM ntsb.occurrence_chain WHERE defining
)
SELECT
  p.phase,
  e.in_usa,
  e.ev_type,
  count(*) AS events,
  count(*) FILTER (WHERE fatal) AS fatal_events,
  sum(fatalities)::bigint AS fatalities,
  sum(serious_injuries)::bigint AS serious_injuries,
  sum(minor_injuries)::bigint AS minor_injuries
FROM phased AS p
JOIN ntsb.event_totals AS e USING (ev_id)
GROUP BY p.phase, e.in_usa, e.ev_type
WITH DATA;
CREATE UNIQUE INDEX phase_statistics_key
  ON ntsb.phase_statistics (phase, in_usa, ev_type) NULLS NOT DISTINCT;
COMMENT ON MATERIALIZED VIEW ntsb.phase_statistics IS
  'Events by the phase of flight of the defining occurrence; an event whose aircraft were in two phases is in both rows, so rows must not be summed.';

CREATE MATERIALIZED VIEW ntsb.finding_statistics AS
WITH found AS (
  SELECT
    ev_id,
    source_system,
    category,
    label,
    count(*) AS findings,
    bool_or(in_probable_cause) AS in_probable_cause
  FROM ntsb.causes
  GROUP BY ev_id, source_system, category, label
)
SELECT
  f.source_system,
  f.category,
  f.label,
  e.in_usa,
  e.ev_type,
  count(*) AS events,
  count(*) FILTER (WHERE e.fatal) AS fatal_events,
  count(*) FILTER (WHERE f.in_probable_cause) AS events_in_probable_cause,
  count(f.in_probable_cause) AS events_with_known_role,
  sum(f.findings)::bigint AS findings
FROM found AS f
JOIN ntsb.event_totals AS e USING (ev_id)
GROUP BY f.source_system, f.category, f.label, e.in_usa, e.ev_type
WITH DATA;
CREATE UNIQUE INDEX finding_statistics_key
  ON ntsb.finding_statistics (source_system, category, label, in_usa, ev_type) NULLS NOT DISTINCT;
COMMENT ON MATERIALIZED VIEW ntsb.finding_statistics IS
  'Events by finding; no casualties, because an event has many findings. events_with_known_role is the base of events_in_probable_cause.';
