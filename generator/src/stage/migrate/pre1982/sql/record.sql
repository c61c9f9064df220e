-- The fields that have a home in the modern tables, both halves joined: one row per aircraft.
CREATE TEMP TABLE pre1982_field ON COMMIT DROP AS
SELECT f.rec_num,
    nullif(btrim("TRANS_DATE"), '') AS trans_date,
    nullif(btrim("DOCKET_NO"), '') AS docket_no,
    nullif(btrim("REGIST_NO"), '') AS regist_no,
    nullif(btrim("DATE_OCCURRENCE"), '') AS date_occurrence,
    nullif(btrim("LOCATION"), '') AS location,
    nullif(btrim("LOCAT_STATE_TERR"), '') AS locat_state_terr,
    nullif(btrim("ACFT_MAKE"), '') AS acft_make,
    nullif(btrim("ACFT_MODEL"), '') AS acft_model,
    nullif(btrim("SECOND_ACFT_REGNO"), '') AS second_acft_regno,
    nullif(btrim("TIME_OCCUR"), '') AS time_occur,
    nullif(btrim("ACC_INC_CLASS"), '') AS acc_inc_class,
    nullif(btrim("TYPE_CRAFT"), '') AS type_craft,
    nullif(btrim("NO_ENGINES"), '') AS no_engines,
    nullif(btrim("TYPE_POWER"), '') AS type_power,
    nullif(btrim("ACFT_ADAMG"), '') AS acft_adamg,
    nullif(btrim("TYPE_OPERATOR"), '') AS type_operator,
    nullif(btrim("NAME_COMM_CARR"), '') AS name_comm_carr,
    nullif(btrim("LIGHT_COND"), '') AS light_cond,
    nullif(btrim("FLIGHT_PLAN"), '') AS flight_plan,
    nullif(btrim("KIND_FLY_GENA"), '') AS kind_fly_gena,
    nullif(btrim("TYPE_WEATHR"), '') AS type_weathr,
    nullif(btrim("AIRPORT_NAME"), '') AS airport_name,
    nullif(btrim("ELEV_AIRPT"), '') AS elev_airpt,
    nullif(btrim("RUNWAY_LN"), '') AS runway_ln,
    nullif(btrim("RUNWAY_USED"), '') AS runway_used,
    nullif(btrim("DEPART_PT"), '') AS depart_pt,
    nullif(btrim("INTEN_DESTIN"), '') AS inten_destin,
    nullif(btrim("PILOT_INVOLED1"), '') AS pilot_involed1,
    nullif(btrim("PILOT_INVOLED2"), '') AS pilot_involed2,
    nullif(btrim("HOURS_TOTAL_PILOT1"), '') AS hours_total_pilot1,
    nullif(btrim("HOURS_TOTAL_PILOT2"), '') AS hours_total_pilot2,
    nullif(btrim("HOURS_IN_TYPE_PILOT1"), '') AS hours_in_type_pilot1,
    nullif(btrim("HOURS_IN_TYPE_PILOT2"), '') AS hours_in_type_pilot2,
    nullif(btrim("AGE_PILOT1"), '') AS age_pilot1,
    nullif(btrim("AGE_PILOT2"), '') AS age_pilot2,
    nullif(btrim("INJURY_INDEX"), '') AS injury_index,
    nullif(btrim("TOTAL_ABRD_FATAL"), '') AS total_abrd_fatal,
    nullif(btrim("TOTAL_ABRD_SERIOUS"), '') AS total_abrd_serious,
    nullif(btrim("TOTAL_ABRD_MINOR"), '') AS total_abrd_minor,
    nullif(btrim("TOTAL_ABRD_NONE"), '') AS total_abrd_none,
    nullif(btrim("OTHER_GRND_FATAL"), '') AS other_grnd_fatal,
    nullif(btrim("OTHER_GRND_SERIOUS"), '') AS other_grnd_serious,
    nullif(btrim("OTHER_GRND_MINOR"), '') AS other_grnd_minor,
    nullif(btrim("REMARKS"), '') AS remarks,
    nullif(btrim("CAUSE"), '') AS cause,
    nullif(btrim("AIRCRAFT_TOT_TIME"), '') AS aircraft_tot_time,
    nullif(btrim("AIRCRAFT_SER_NUM"), '') AS aircraft_ser_num,
    nullif(btrim("ENGN1_TSO"), '') AS engn1_tso,
    nullif(btrim("ENGN2_TSO"), '') AS engn2_tso,
    nullif(btrim("ENGN3_TSO"), '') AS engn3_tso,
    nullif(btrim("ENGN4_TSO"), '') AS engn4_tso,
    nullif(btrim("CEILING"), '') AS ceiling,
    nullif(btrim("VISIBILITY"), '') AS visibility,
    nullif(btrim("TEMPERATURE_"), '') AS temperature_,
    nullif(btrim("DEW_POINT"), '') AS dew_point,
    nullif(btrim("WIND_DIRECTION"), '') AS wind_direction,
    nullif(btrim("WIND_VELOCITY"), '') AS wind_velocity
FROM stage_tblfirsthalf AS f
LEFT JOIN stage_tblsecondhalf AS s USING (rec_num)
CROSS JOIN LATERAL jsonb_to_record(f.content || coalesce(s.content, '{}')) AS r (
    "TRANS_DATE" text, "DOCKET_NO" text, "REGIST_NO" text, "DATE_OCCURRENCE" text,
    "LOCATION" text, "LOCAT_STATE_TERR" text, "ACFT_MAKE" text, "ACFT_MODEL" text,
    "SECOND_ACFT_REGNO" text, "TIME_OCCUR" text, "ACC_INC_CLASS" text, "TYPE_CRAFT" text,
    "NO_ENGINES" text, "TYPE_POWER" text, "ACFT_ADAMG" text, "TYPE_OPERATOR" text,
    "NAME_COMM_CARR" text, "FLIGHT_PLAN" text, "KIND_FLY_GENA" text, "LIGHT_COND" text, "TYPE_WEATHR" text, "AIRPORT_NAME" text,
    "ELEV_AIRPT" text, "RUNWAY_LN" text, "RUNWAY_USED" text, "DEPART_PT" text,
    "INTEN_DESTIN" text, "PILOT_INVOLED1" text, "PILOT_INVOLED2" text, "HOURS_TOTAL_PILOT1" text,
    "HOURS_TOTAL_PILOT2" text, "HOURS_IN_TYPE_PILOT1" text, "HOURS_IN_TYPE_PILOT2" text,
    "AGE_PILOT1" text, "AGE_PILOT2" text, "INJURY_INDEX" text, "TOTAL_ABRD_FATAL" text,
    "TOTAL_ABRD_SERIOUS" text, "TOTAL_ABRD_MINOR" text, "TOTAL_ABRD_NONE" text,
    "OTHER_GRND_FATAL" text, "OTHER_GRND_SERIOUS" text, "OTHER_GRND_MINOR" text,
    "REMARKS" text, "CAUSE" text, "AIRCRAFT_TOT_TIME" text, "AIRCRAFT_SER_NUM" text,
    "ENGN1_TSO" text, "ENGN2_TSO" text, "ENGN3_TSO" text, "ENGN4_TSO" text, "CEILING" text,
    "VISIBILITY" text, "TEMPERATURE_" text, "DEW_POINT" text, "WIND_DIRECTION" text,
    "WIND_VELOCITY" text
);

-- Records of one docket and day that name each other's registration are one event: a collision.
CREATE TEMP TABLE pre1982_link ON COMMIT DROP AS
WITH craft AS (
  SELECT
    rec_num, date_occurrence, docket_no,
    pg_temp.registration(regist_no) AS registration,
    pg_temp.registration(second_acft_regno) AS second_registration
  FROM pre1982_field
)
SELECT a.rec_num AS from_num, b.rec_num AS to_num
FROM craft AS a
JOIN craft AS b USING (date_occurrence, docket_no)
WHERE a.rec_num <> b.rec_num
  AND (a.second_registration = b.registration OR b.second_registration = a.registration);

-- Identifiers of 14 characters as everywhere, with a P where the other files have an X or a digit:
-- none of theirs can be equal. The number is that of the event's first record; each hundred thousand
-- has the next letter (real numbers need only P), never the X.
CREATE TEMP TABLE pre1982_record ON COMMIT DROP AS
WITH RECURSIVE reach AS (
  SELECT from_num, to_num FROM pre1982_link
  UNION
  SELECT reach.from_num, link.to_num
  FROM reach
  JOIN pre1982_link AS link ON link.from_num = reach.to_num
),
grouped AS (
  SELECT rec_num, least(rec_num, min(reach.to_num)) AS first_num
  FROM pre1982_field
  LEFT JOIN reach ON reach.from_num = rec_num
  GROUP BY rec_num
)
SELECT
  coalesce(to_char(pg_temp.day(field.date_occurrence), 'YYYYMMDD'), '00000000')
    || substr('PQRSTUVWYZ', grouped.first_num / 100000 + 1, 1)
    || lpad((grouped.first_num % 100000)::text, 5, '0') AS ev_id,
  row_number() OVER (PARTITION BY grouped.first_num ORDER BY rec_num)::integer AS aircraft_key,
  field.*,
  greatest(
    pg_temp.whole(no_engines, 0, 8), CASE WHEN power.value IS NOT NULL THEN 1 END
  ) AS engine_rows,
  kind.value AS ev_type,
  state.value AS ev_state,
  category.value AS acft_category,
  power.value AS eng_type,
  damage.value AS damage,
  coalesce(operator.value, CASE WHEN name_comm_carr IS NOT NULL THEN '121' END) AS far_part,
  light.value AS light,
  plan.value AS flt_plan_filed,
  purpose.value AS type_fly,
  weather.value AS weather,
  injury.value AS injury
FROM pre1982_field AS field
JOIN grouped USING (rec_num)
LEFT JOIN pre1982_code AS kind ON kind.field = 'ACC_INC_CLASS' AND kind.code = acc_inc_class
LEFT JOIN pre1982_code AS state
  ON state.field = 'LOCAT_STATE_TERR' AND state.code = lpad(locat_state_terr, 2, '0')
LEFT JOIN pre1982_code AS category ON category.field = 'TYPE_CRAFT' AND category.code = type_craft
LEFT JOIN pre1982_code AS power ON power.field = 'TYPE_POWER' AND power.code = type_power
LEFT JOIN pre1982_code AS damage ON damage.field = 'ACFT_ADAMG' AND damage.code = acft_adamg
LEFT JOIN pre1982_code AS operator
  ON operator.field = 'TYPE_OPERATOR' AND operator.code = type_operator
LEFT JOIN pre1982_code AS light ON light.field = 'LIGHT_COND' AND light.code = light_cond
LEFT JOIN pre1982_code AS plan ON plan.field = 'FLIGHT_PLAN' AND plan.code = flight_plan
LEFT JOIN pre1982_code AS purpose ON purpose.field = 'KIND_FLY_GENA' AND purpose.code = kind_fly_gena
LEFT JOIN pre1982_code AS weather ON weather.field = 'TYPE_WEATHR' AND weather.code = type_weathr
LEFT JOIN pre1982_code AS injury ON injury.field = 'INJURY_INDEX' AND injury.code = injury_index;
CREATE UNIQUE INDEX ON pre1982_record (rec_num);
ANALYZE pre1982_record;

-- Pilots one and two; a blank position and no figures mean that there was none.
CREATE TEMP TABLE pre1982_pilot ON COMMIT DROP AS
SELECT ev_id, aircraft_key, crew_no, role.value AS crew_category, age, total, in_type, day AS lchg_date
FROM (
  SELECT
    ev_id, aircraft_key, pg_temp.day(trans_date) AS day, crew_no, left(position, 1) AS position,
    pg_temp.age(age) AS age, pg_temp.hours(total) AS total, pg_temp.hours(in_type) AS in_type
  FROM pre1982_record
  CROSS JOIN LATERAL (
    VALUES
      (1, pilot_involed1, age_pilot1, hours_total_pilot1, hours_in_type_pilot1),
      (2, pilot_involed2, age_pilot2, hours_total_pilot2, hours_in_type_pilot2)
  ) AS pilot (crew_no, position, age, total, in_type)
) AS pilot
LEFT JOIN pre1982_code AS role ON role.field = 'PILOT_INVOLED' AND role.code = position
WHERE num_nonnulls(position, age, total, in_type) > 0;
