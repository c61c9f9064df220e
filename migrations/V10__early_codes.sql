-- PRE1982.MDB: record numbers may have six digits (ev_id has a letter for each hundred thousand), and
-- its occurrences and causes have codes of their own, explained by the list in the file.

ALTER TABLE ntsb.pre1982_raw
  DROP CONSTRAINT pre1982_raw_rec_num_check,
  ADD CONSTRAINT pre1982_raw_rec_num_check CHECK (rec_num BETWEEN 0 AND 999999);

CREATE TABLE ntsb.pre1982_occurrences (
  ev_id           text NOT NULL,
  aircraft_key    integer NOT NULL,
  occurrence_no   integer NOT NULL,
  occurrence_code text NOT NULL,
  label           text,
  cictt_code      text,
  phase_code      text,
  phase_label     text,
  phase           text,
  altitude        integer,
  source_file     text NOT NULL,
  PRIMARY KEY (ev_id, aircraft_key, occurrence_no),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);
COMMENT ON TABLE ntsb.pre1982_occurrences IS
  'Occurrences of 1962 to 1981 whose codes are not those of ntsb.occurrences; labels are what ct_pre1982 says, phase is one of ntsb.phase_group.';

CREATE TABLE ntsb.pre1982_causes (
  ev_id         text NOT NULL,
  aircraft_key  integer NOT NULL,
  occurrence_no integer NOT NULL,
  cause_no      integer NOT NULL,
  cause_code    text NOT NULL,
  label         text,
  category      text,
  cause_factor  text,
  source_file   text NOT NULL,
  PRIMARY KEY (ev_id, aircraft_key, occurrence_no, cause_no),
  FOREIGN KEY (ev_id, aircraft_key) REFERENCES ntsb.aircraft
);
COMMENT ON TABLE ntsb.pre1982_causes IS
  'Cause factors of 1962 to 1981 whose codes are not those of ntsb.seq_of_events: section and item as ct_pre1982 names them.';

CREATE VIEW ntsb.pre1982_labels AS
WITH listed AS (
  SELECT DISTINCT ON (upper(name), upper(code)) upper(name) AS name, upper(code) AS code, meang
  FROM ntsb.ct_pre1982
  ORDER BY upper(name), upper(code), meang
)
SELECT r.rec_num, r.ev_id, r.aircraft_key, lower(cell.key) AS column_name, listed.code, listed.meang AS label
FROM ntsb.pre1982_raw AS r
CROSS JOIN LATERAL jsonb_each_text(r.first_half || coalesce(r.second_half, '{}')) AS cell
JOIN listed
  ON listed.name = upper(cell.key)
    -- Fields of pilots end with one character more than their code.
    AND listed.code IN (
      upper(btrim(cell.value)),
      CASE
        WHEN cell.key ~* '(_PILOT[12]|^(RATING|RATED_AIRCRAFT|OCCUPATION)_[12])$'
          THEN upper(left(btrim(cell.value), -1))
      END
    );
COMMENT ON VIEW ntsb.pre1982_labels IS
  'Every coded field of the records of 1962 to 1981 that ct_pre1982 explains.';

CREATE OR REPLACE VIEW ntsb.causes AS
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
LEFT JOIN ntsb.ct_seqevt AS person ON person.code = s.person_code
UNION ALL
SELECT
  ev_id,
  aircraft_key,
  row_number() OVER (PARTITION BY ev_id, aircraft_key ORDER BY occurrence_no, cause_no)::integer,
  category,
  coalesce(label, cause_code),
  cause_factor IN ('C', 'F'),
  cause_factor,
  cause_code,
  'pre1982_causes'
FROM ntsb.pre1982_causes;
COMMENT ON VIEW ntsb.causes IS
  'Findings of all coding systems, 1962 to now; in_probable_cause is NULL where the source does not say.';

CREATE OR REPLACE VIEW ntsb.occurrence_chain AS
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
    'events_sequence' AS source_system,
    NULL AS phase,
    NULL AS label,
    NULL AS cictt_code
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
    'occurrences',
    NULL,
    NULL,
    NULL
  FROM ntsb.occurrences
  UNION ALL
  SELECT
    ev_id,
    aircraft_key,
    occurrence_no,
    'early',
    phase_code,
    occurrence_code,
    false,
    nullif(altitude, 0),
    'pre1982_occurrences',
    phase,
    label,
    cictt_code
  FROM ntsb.pre1982_occurrences
)
SELECT
  c.ev_id,
  c.aircraft_key,
  c.occurrence_no AS ordinal,
  coalesce(c.phase, p.phase, 'Unknown') AS phase,
  coalesce(c.label, o.label, c.code) AS label,
  coalesce(c.cictt_code, o.cictt_code) AS cictt_code,
  coalesce(g.cictt, o.cictt) AS cictt,
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
-- One row a code: a join by range would look at every range for every row.
LEFT JOIN (
  SELECT coding, generate_series(first_code, last_code) AS code, phase FROM ntsb.phase_group
) AS p
  ON p.coding = c.coding AND p.code = ntsb.code_number(c.phase_code)
LEFT JOIN ntsb.occurrence_code AS o
  ON o.coding = c.coding AND o.code = ntsb.code_number(c.code)
LEFT JOIN (SELECT DISTINCT cictt_code, cictt FROM ntsb.occurrence_code) AS g
  ON g.cictt_code = c.cictt_code;
COMMENT ON VIEW ntsb.occurrence_chain IS
  'What happened to an aircraft in which phase, in order, all coding systems; exactly one row per aircraft is defining.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'windsock_reader') THEN
    CALL ntsb.grant_reads('windsock_reader');
  END IF;
END
$$;
