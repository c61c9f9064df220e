-- The 20 tables of the NTSB's eADMS databases, every column, under lower-case names.
--
-- Keys are the natural ones: the counters (aircraft_key, crew_no, …) restart at 1 in every event.
-- Text is trimmed and an empty text is NULL; codes keep their leading zeros. Each table also has
--   source_file  the database the row came from,
--   extra        columns of the source that this schema does not know, by name.
-- Tables without a natural key identify a row by its content (row_digest).

CREATE EXTENSION IF NOT EXISTS postgis;

CREATE SCHEMA IF NOT EXISTS ntsb;

CREATE TABLE ntsb.country (
  country_code text NOT NULL,
  country_name text,
  source_file  text NOT NULL,
  extra        jsonb,
  PRIMARY KEY (country_code)
);

CREATE TABLE ntsb.ct_iaids (
  ct_name          text,
  code_iaids       text,
  meaning          text,
  seq              smallint,
  ntsb_type        text,
  ntsb_code        text,
  avn_code         text,
  ntsb_codes_more  text,
  not_for_ntsb_use boolean,
  eadms_use        boolean,
  notes            text,
  row_digest       text NOT NULL,
  source_file      text NOT NULL,
  extra            jsonb,
  PRIMARY KEY (row_digest)
);

CREATE TABLE ntsb.ct_seqevt (
  code        integer NOT NULL,
  meaning     text,
  source_file text NOT NULL,
  extra       jsonb,
  PRIMARY KEY (code)
);

CREATE TABLE ntsb.eadmspub_datadictionary (
  category_of_data text,
  table_name       text,
  column_name      text,
  ct_name          text,
  code_iaids       text,
  meaning          text,
  data_type_eadms  text,
  length_eadms     double precision,
  short_desc       text,
  question_def     text,
  code_meaning     text,
  typeofchange     text,
  change_notes     text,
  row_digest       text NOT NULL,
  source_file      text NOT NULL,
  extra            jsonb,
  PRIMARY KEY (row_digest)
);

CREATE TABLE ntsb.states (
  state       text NOT NULL,
  name        text,
  faa_region  text,
  source_file text NOT NULL,
  extra       jsonb,
  PRIMARY KEY (state)
);

CREATE TABLE ntsb.events (
  ev_id               text NOT NULL,
  ntsb_no             text,
  ev_type             text,
  ev_date             timestamp,
  ev_dow              text,
  ev_time             smallint,
  ev_tmzn             text,
  ev_city             text,
  ev_state            text,
  ev_country          text,
  ev_site_zipcode     text,
  ev_year             smallint,
  ev_month            smallint,
  mid_air             text,
  on_ground_collision text,
  latitude            text,
  longitude           text,
  latlong_acq         text,
  apt_name            text,
  ev_nr_apt_id        text,
  ev_nr_apt_loc       text,
  apt_dist            real,
  apt_dir             smallint,
  apt_elev            smallint,
  wx_brief_comp       text,
  wx_src_iic          text,
  wx_obs_time         smallint,
  wx_obs_dir          smallint,
  wx_obs_fac_id       text,
  wx_obs_elev         integer,
  wx_obs_dist         smallint,
  wx_obs_tmzn         text,
  light_cond          text,
  sky_cond_nonceil    text,
  sky_nonceil_ht      integer,
  sky_ceil_ht         integer,
  sky_cond_ceil       text,
  vis_rvr             real,
  vis_rvv             smallint,
  vis_sm              real,
  wx_temp             smallint,
  wx_dew_pt           smallint,
  wind_dir_deg        smallint,
  wind_dir_ind        text,
  wind_vel_kts        smallint,
  wind_vel_ind        text,
  gust_ind            text,
  gust_kts            smallint,
  altimeter           real,
  wx_dens_alt         integer,
  wx_int_precip       text,
  metar               text,
  ev_highest_injury   text,
  inj_f_grnd          smallint,
  inj_m_grnd          smallint,
  inj_s_grnd          smallint,
  inj_tot_f           smallint,
  inj_tot_m           smallint,
  inj_tot_n           smallint,
  inj_tot_s           smallint,
  inj_tot_t           smallint,
  invest_agy          text,
  ntsb_docket         integer,
  ntsb_notf_from      text,
  ntsb_notf_date      timestamp,
  ntsb_notf_tm        smallint,
  fiche_number        text,
  lchg_date           timestamp,
  lchg_userid         text,
  wx_cond_basic       text,
  faa_dist_office     text,
  dec_latitude        double precision,
  dec_longitude       double precision,
  geom                geography(Point, 4326) GENERATED ALWAYS AS (
    CASE WHEN dec_latitude BETWEEN -90 AND 90 AND dec_longitude BETWEEN -180 AND 180
      AND NOT (dec_latitude = 0 AND dec_longitude = 0)
    THEN ST_SetSRID(ST_MakePoint(dec_longitude, dec_latitude), 4326)::geography END
  ) STORED,
  coordinate_source   text GENERATED ALWAYS AS (
    CASE WHEN dec_latitude BETWEEN -90 AND 90 AND dec_longitude BETWEEN -180 AND 180
      AND NOT (dec_latitude = 0 AND dec_longitude = 0)
    THEN 'decimal' END
  ) STORED,
  source_file         text NOT NULL,
  extra               jsonb,
  PRIMARY KEY (ev_id)
);

CREATE TABLE ntsb.aircraft (
  ev_id                   text NOT NULL,
  aircraft_key            integer NOT NULL,
  regis_no                text,
  ntsb_no                 text,
  acft_missing            text,
  far_part                text,
  flt_plan_filed          text,
  flight_plan_activated   text,
  damage                  text,
  acft_fire               text,
  acft_expl               text,
  acft_make               text,
  acft_model              text,
  acft_series             text,
  acft_serial_no          text,
  cert_max_gr_wt          integer,
  acft_category           text,
  acft_reg_cls            text,
  homebuilt               text,
  fc_seats                integer,
  cc_seats                integer,
  pax_seats               integer,
  total_seats             smallint,
  num_eng                 smallint,
  fixed_retractable       text,
  type_last_insp          text,
  date_last_insp          timestamp,
  afm_hrs_last_insp       real,
  afm_hrs                 real,
  elt_install             text,
  elt_oper                text,
  elt_aided_loc_ev        text,
  elt_type                text,
  owner_acft              text,
  owner_street            text,
  owner_city              text,
  owner_state             text,
  owner_country           text,
  owner_zip               text,
  oper_individual_name    text,
  oper_name               text,
  oper_same               text,
  oper_dba                text,
  oper_addr_same          text,
  oper_street             text,
  oper_city               text,
  oper_state              text,
  oper_country            text,
  oper_zip                text,
  oper_code               text,
  certs_held              text,
  oprtng_cert             text,
  oper_cert               text,
  oper_cert_num           text,
  oper_sched              text,
  oper_dom_int            text,
  oper_pax_cargo          text,
  type_fly                text,
  second_pilot            text,
  dprt_pt_same_ev         text,
  dprt_apt_id             text,
  dprt_city               text,
  dprt_state              text,
  dprt_country            text,
  dprt_time               smallint,
  dprt_timezn             text,
  dest_same_local         text,
  dest_apt_id             text,
  dest_city               text,
  dest_state              text,
  dest_country            text,
  phase_flt_spec          integer,
  report_to_icao          text,
  evacuation              text,
  lchg_date               timestamp,
  lchg_userid             text,
  afm_hrs_since           text,
  rwy_num                 text,
  rwy_len                 integer,
  rwy_width               integer,
  site_seeing             text,
  air_medical             text,
  med_type_flight         text,
  acft_year               integer,
  fuel_on_board           text,
  commercial_space_flight boolean,
  unmanned                boolean,
  ifr_equipped_cert       boolean,
  elt_mounted_aircraft    boolean,
  elt_connected_antenna   boolean,
  elt_manufacturer        text,
  elt_model               text,
  elt_reason_other        text,
  source_file             text NOT NULL,
  extra                   jsonb,
  PRIMARY KEY (ev_id, aircraft_key),
  FOREIGN KEY (ev_id) REFERENCES ntsb.events
);

CREATE TABLE ntsb.dt_events (
  ev_id       text NOT NULL,
  col_name    text NOT NULL,
  code        text NOT NULL,
  lchg_date   timestamp,
  lchg_userid text,
  source_file text NOT NULL,
  extra       jsonb,
  PRIMARY KEY (ev_id, col_name, code),
  FOREIGN KEY (ev_id) REFERENCES ntsb.events
);

CREATE TABLE ntsb.ntsb_admin (
  ev_id         text NOT NULL,
  rec_stat      text,
  approval_date timestamp,
  lchg_userid   text,
  lchg_date     timestamp,
  source_file   text NOT NULL,
  extra         jsonb,
  PRIMARY KEY (ev_id),
  FOREIGN KEY (ev_id) REFERENCES ntsb.events
);

CREATE TABLE ntsb.dt_aircraft (
  ev_id        text NOT NULL,
  aircraft_key integer NOT NULL,
  col_name     text NOT NULL,
  code         text NOT NULL,
  lchg_date    timestamp,
  lchg_userid  text,
  source_file  text NOT NULL,
  extra        jsonb,
  PRIMARY KEY (ev_id, aircraft_key, col_name, code),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.engines (
  ev_id               text NOT NULL,
  aircraft_key        integer NOT NULL,
  eng_no              smallint NOT NULL,
  eng_type            text,
  eng_mfgr            text,
  eng_model           text,
  power_units         integer,
  hp_or_lbs           text,
  lchg_userid         text,
  lchg_date           timestamp,
  carb_fuel_injection text,
  propeller_type      text,
  propeller_make      text,
  propeller_model     text,
  eng_time_total      real,
  eng_time_last_insp  real,
  eng_time_overhaul   real,
  source_file         text NOT NULL,
  extra               jsonb,
  PRIMARY KEY (ev_id, aircraft_key, eng_no),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.events_sequence (
  ev_id                  text NOT NULL,
  aircraft_key           integer NOT NULL,
  occurrence_no          integer NOT NULL,
  occurrence_code        text,
  occurrence_description text,
  phase_no               text,
  eventsoe_no            text,
  defining_ev            boolean,
  lchg_date              timestamp,
  lchg_userid            text,
  source_file            text NOT NULL,
  extra                  jsonb,
  PRIMARY KEY (ev_id, aircraft_key, occurrence_no),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.findings (
  ev_id               text NOT NULL,
  aircraft_key        integer NOT NULL,
  finding_no          integer NOT NULL,
  finding_code        text,
  finding_description text,
  category_no         text,
  subcategory_no      text,
  section_no          text,
  subsection_no       text,
  modifier_no         text,
  cause_factor        text,
  lchg_date           timestamp,
  lchg_userid         text,
  cm_inpc             text,
  source_file         text NOT NULL,
  extra               jsonb,
  PRIMARY KEY (ev_id, aircraft_key, finding_no),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.flight_crew (
  ev_id               text NOT NULL,
  aircraft_key        integer NOT NULL,
  crew_no             smallint NOT NULL,
  crew_category       text,
  crew_age            smallint,
  crew_sex            text,
  crew_city           text,
  crew_res_state      text,
  crew_res_country    text,
  med_certf           text,
  med_crtf_vldty      text,
  date_lst_med        timestamp,
  crew_rat_endorse    text,
  crew_inj_level      text,
  seatbelts_used      text,
  shldr_harn_used     text,
  crew_tox_perf       text,
  seat_occ_pic        text,
  pc_profession       text,
  bfr                 text,
  bfr_date            timestamp,
  ft_as_of            timestamp,
  lchg_date           timestamp,
  lchg_userid         text,
  seat_occ_row        integer,
  infl_rest_inst      text,
  infl_rest_depl      text,
  child_restraint     text,
  med_crtf_limit      text,
  mr_faa_med_certf    text,
  pilot_flying        boolean,
  available_restraint text,
  restraint_used      text,
  source_file         text NOT NULL,
  extra               jsonb,
  PRIMARY KEY (ev_id, aircraft_key, crew_no),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.injury (
  ev_id               text NOT NULL,
  aircraft_key        integer NOT NULL,
  inj_person_category text NOT NULL,
  injury_level        text NOT NULL,
  inj_person_count    smallint,
  lchg_date           timestamp,
  lchg_userid         text,
  source_file         text NOT NULL,
  extra               jsonb,
  PRIMARY KEY (ev_id, aircraft_key, inj_person_category, injury_level),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.narratives (
  ev_id        text NOT NULL,
  aircraft_key integer NOT NULL,
  narr_accp    text,
  narr_accf    text,
  narr_cause   text,
  narr_inc     text,
  lchg_date    timestamp,
  lchg_userid  text,
  source_file  text NOT NULL,
  extra        jsonb,
  PRIMARY KEY (ev_id, aircraft_key),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.occurrences (
  ev_id           text NOT NULL,
  aircraft_key    integer NOT NULL,
  occurrence_no   integer NOT NULL,
  occurrence_code integer,
  phase_of_flight integer,
  altitude        integer,
  lchg_date       timestamp,
  lchg_userid     text,
  source_file     text NOT NULL,
  extra           jsonb,
  PRIMARY KEY (ev_id, aircraft_key, occurrence_no),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);

CREATE TABLE ntsb.dt_flight_crew (
  ev_id        text NOT NULL,
  aircraft_key integer NOT NULL,
  crew_no      smallint NOT NULL,
  col_name     text NOT NULL,
  code         text NOT NULL,
  lchg_date    timestamp,
  lchg_userid  text,
  source_file  text NOT NULL,
  extra        jsonb,
  PRIMARY KEY (ev_id, aircraft_key, crew_no, col_name, code),
  FOREIGN KEY (ev_id, aircraft_key, crew_no) REFERENCES ntsb.flight_crew
);

CREATE TABLE ntsb.flight_time (
  ev_id        text NOT NULL,
  aircraft_key integer NOT NULL,
  crew_no      smallint NOT NULL,
  flight_type  text NOT NULL,
  flight_craft text NOT NULL,
  flight_hours real,
  lchg_date    timestamp,
  lchg_userid  text,
  source_file  text NOT NULL,
  extra        jsonb,
  PRIMARY KEY (ev_id, aircraft_key, crew_no, flight_type, flight_craft),
  FOREIGN KEY (ev_id, aircraft_key, crew_no) REFERENCES ntsb.flight_crew
);

CREATE TABLE ntsb.seq_of_events (
  ev_id         text NOT NULL,
  aircraft_key  integer NOT NULL,
  occurrence_no integer NOT NULL,
  seq_event_no  integer NOT NULL,
  group_code    smallint NOT NULL,
  subj_code     integer,
  cause_factor  text,
  modifier_code integer,
  person_code   integer,
  lchg_date     timestamp,
  lchg_userid   text,
  source_file   text NOT NULL,
  extra         jsonb,
  PRIMARY KEY (ev_id, aircraft_key, occurrence_no, seq_event_no, group_code),
  FOREIGN KEY (ev_id, aircraft_key, occurrence_no) REFERENCES ntsb.occurrences
);

CREATE INDEX events_ev_date ON ntsb.events (ev_date);
CREATE INDEX events_ev_state ON ntsb.events (ev_state);
CREATE INDEX events_geom ON ntsb.events USING gist (geom);
CREATE INDEX aircraft_make_model ON ntsb.aircraft (acft_make, acft_model);
CREATE INDEX aircraft_regis_no ON ntsb.aircraft (regis_no);
