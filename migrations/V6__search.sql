-- Full text of narratives, parts of tail numbers, and what codes mean.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A tsvector may have 1 MB: of a narrative that is out of all proportion the beginning counts.
ALTER TABLE ntsb.narratives
  ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', left(coalesce(narr_cause, ''), 50000)), 'A')
      || setweight(to_tsvector('english', left(coalesce(narr_accf, ''), 50000)), 'B')
      || setweight(to_tsvector('english', left(coalesce(narr_accp, ''), 50000)), 'C')
  ) STORED;
COMMENT ON COLUMN ntsb.narratives.search IS
  'Words of narr_cause (weight A), narr_accf (B) and narr_accp (C), the first 50,000 characters of each.';

CREATE INDEX narratives_search ON ntsb.narratives USING gin (search);
COMMENT ON INDEX ntsb.narratives_search IS 'For search @@ websearch_to_tsquery(''english'', …).';

CREATE INDEX aircraft_regis_no_part ON ntsb.aircraft USING gin (regis_no gin_trgm_ops);
COMMENT ON INDEX ntsb.aircraft_regis_no_part IS 'For regis_no ILIKE ''%123%''.';

CREATE VIEW ntsb.code_labels AS
WITH dictionary AS (
  SELECT
    lower(table_name) AS table_name,
    -- The dictionary's one misspelling of a column.
    CASE lower(column_name)
      WHEN 'findings_code' THEN 'finding_code'
      ELSE lower(column_name)
    END AS column_name,
    ct_name,
    code_iaids,
    meaning
  FROM ntsb.eadmspub_datadictionary
),
label AS (
  SELECT table_name, column_name, code_iaids AS code, meaning,
    1 AS precedence, 'eadmspub_datadictionary' AS source
  FROM dictionary
  UNION ALL
  SELECT d.table_name, d.column_name, i.code_iaids, i.meaning, 2, 'ct_iaids'
  FROM (SELECT DISTINCT table_name, column_name, ct_name FROM dictionary) AS d
  JOIN ntsb.ct_iaids AS i USING (ct_name)
  UNION ALL
  SELECT o.table_name, o.column_name, s.code::text, s.meaning, 3, 'ct_seqevt'
  FROM ntsb.ct_seqevt AS s
  JOIN (
    VALUES
      ('occurrences', 'occurrence_code', 100, 499),
      ('occurrences', 'phase_of_flight', 500, 999),
      ('aircraft', 'phase_flt_spec', 500, 999),
      ('seq_of_events', 'modifier_code', 1000, 3999),
      ('seq_of_events', 'person_code', 4000, 6999),
      ('seq_of_events', 'subj_code', 10000, 99999)
  ) AS o (table_name, column_name, first_code, last_code)
    ON s.code BETWEEN o.first_code AND o.last_code
)
SELECT DISTINCT ON (table_name, column_name, code)
  table_name,
  column_name,
  code,
  meaning,
  source
FROM label
WHERE code IS NOT NULL AND meaning IS NOT NULL
ORDER BY table_name, column_name, code, precedence, meaning;
COMMENT ON VIEW ntsb.code_labels IS
  'What codes mean, from the dictionary tables that the NTSB ships, the first of them that lists a code; an x in a code of findings and events_sequence stands for any digit.';
