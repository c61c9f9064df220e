-- One event per group of records. What only one record tells is the event's; where records differ,
-- the first has the word. Ground casualties stand in every record of an event: they count once.
INSERT INTO ntsb.events (
  ev_id, ev_type, ev_date, ev_dow, ev_time, ev_city, ev_state, ev_country, ev_year, ev_month,
  apt_name, apt_elev, light_cond, sky_ceil_ht, vis_sm, wx_temp, wx_dew_pt, wind_dir_deg,
  wind_vel_kts, wx_cond_basic, ev_highest_injury, inj_f_grnd, inj_s_grnd, inj_m_grnd,
  inj_tot_f, inj_tot_s, inj_tot_m, inj_tot_n, inj_tot_t, lchg_date, extra, source_file
)
WITH aboard AS (
  SELECT
    *,
    pg_temp.day(date_occurrence) AS day,
    pg_temp.whole(total_abrd_fatal, 0, 9999) AS fatal,
    pg_temp.whole(total_abrd_serious, 0, 9999) AS serious,
    pg_temp.whole(total_abrd_minor, 0, 9999) AS minor,
    pg_temp.whole(total_abrd_none, 0, 9999) AS uninjured,
    pg_temp.whole(other_grnd_fatal, 0, 9999) AS ground_fatal,
    pg_temp.whole(other_grnd_serious, 0, 9999) AS ground_serious,
    pg_temp.whole(other_grnd_minor, 0, 9999) AS ground_minor
  FROM pre1982_record
),
event AS (
  SELECT
    ev_id,
    sum(fatal) AS fatal, sum(serious) AS serious, sum(minor) AS minor,
    sum(uninjured) AS uninjured,
    max(ground_fatal) AS ground_fatal, max(ground_serious) AS ground_serious,
    max(ground_minor) AS ground_minor,
    CASE
      WHEN bool_or(injury = 'FATL') OR max(ground_fatal) > 0 THEN 'FATL'
      WHEN bool_or(injury = 'SERS') OR max(ground_serious) > 0 THEN 'SERS'
      WHEN bool_or(injury = 'MINR') OR max(ground_minor) > 0 THEN 'MINR'
      -- Nobody was hurt only if that is known of every aircraft.
      WHEN bool_and(coalesce(injury = 'NONE', false)) THEN 'NONE'
      WHEN bool_or(injury = 'UNK') THEN 'UNK'
    END AS highest,
    max(pg_temp.day(trans_date)) AS lchg_date
  FROM aboard
  GROUP BY ev_id
)
SELECT
  ev_id, r.ev_type, r.day, upper(left(to_char(r.day, 'DY'), 2)), pg_temp.clock(r.time_occur),
  pg_temp.city(r.location), r.ev_state, CASE WHEN r.ev_state IS NOT NULL THEN 'USA' END,
  extract(year FROM r.day), extract(month FROM r.day),
  r.airport_name, pg_temp.whole(r.elev_airpt, -400, 15000),
  r.light, pg_temp.whole(r.ceiling, 0, 99999), pg_temp.whole(r.visibility, 0, 100),
  pg_temp.whole(r.temperature_, -99, 150), pg_temp.whole(r.dew_point, -99, 150),
  pg_temp.whole(r.wind_direction, 0, 360), pg_temp.whole(r.wind_velocity, 0, 255), r.weather,
  event.highest, event.ground_fatal, event.ground_serious, event.ground_minor,
  event.fatal, event.serious, event.minor, event.uninjured,
  event.fatal + event.serious + event.minor + coalesce(event.ground_fatal, 0)
    + coalesce(event.ground_serious, 0) + coalesce(event.ground_minor, 0),
  event.lchg_date,
  CASE WHEN r.docket_no IS NOT NULL THEN jsonb_build_object('DOCKET_NO', r.docket_no) END,
  $1
FROM aboard AS r
JOIN event USING (ev_id)
WHERE r.aircraft_key = 1
