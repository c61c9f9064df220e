-- The file's own list for what it codes in rows: kinds of accident, phases, cause factors. The list
-- goes by the columns of the flat tables, which have one per place in the record (CAUSE_FACTOR_1P).
CREATE TEMP TABLE pre1982_meaning ON COMMIT DROP AS
SELECT DISTINCT ON (kind, code) kind, code, label
FROM (
  SELECT
    CASE
      WHEN name ~ '^(ACCIDENT_?TYPE|OCCURRENCE_?CODE)' THEN 'occurrence'
      WHEN name ~ '^(OPERATION_?PHASE|PHASE_?OF_?FLIGHT)' THEN 'phase'
      WHEN name ~ '^(CAUSE_?FACTOR|CF_?CODE)' THEN 'cause'
    END AS kind,
    upper(btrim(content ->> 'Code')) AS code,
    nullif(btrim(content ->> 'Meang'), '') AS label,
    name,
    row_no
  FROM stage_ct_pre1982
  CROSS JOIN LATERAL upper(btrim(content ->> 'Name')) AS name
) AS listed
WHERE kind IS NOT NULL AND code <> '' AND label IS NOT NULL
ORDER BY kind, code, name, row_no;
CREATE UNIQUE INDEX ON pre1982_meaning (kind, code);
ANALYZE pre1982_meaning;

-- What a record says happened, in order. Records without rows of their own have the first two kinds of
-- accident in the flat table.
CREATE TEMP TABLE pre1982_happened ON COMMIT DROP AS
SELECT DISTINCT ON (r.ev_id, r.aircraft_key, o.number)
  r.ev_id, r.aircraft_key, o.number, o.code, o.phase, o.altitude,
  occurrence.label, phase.label AS phase_label
FROM (
  SELECT
    rec_num, row_no,
    pg_temp.whole(content ->> 'OccurrenceNum', 0, 9999) AS number,
    upper(btrim(content ->> 'OccurrenceCode')) AS code,
    upper(nullif(btrim(content ->> 'PhaseOfFlight'), '')) AS phase,
    pg_temp.whole(content ->> 'Altitude', 0, 99999) AS altitude
  FROM stage_tbloccurrences
  UNION ALL
  SELECT
    rec_num, number, number,
    upper(btrim(content ->> ('ACCIDENT_TYPE' || number))),
    upper(nullif(btrim(content ->> ('OPERATION_PHASE' || number)), '')),
    CASE number WHEN 1 THEN pg_temp.whole(content ->> 'ALT_OF_OCC', 0, 99999) END
  FROM stage_tblfirsthalf
  CROSS JOIN generate_series(1, 2) AS number
  WHERE rec_num NOT IN (SELECT rec_num FROM stage_tbloccurrences)
) AS o
JOIN pre1982_record AS r USING (rec_num)
LEFT JOIN pre1982_meaning AS occurrence ON occurrence.kind = 'occurrence' AND occurrence.code = o.code
LEFT JOIN pre1982_meaning AS phase ON phase.kind = 'phase' AND phase.code = o.phase
WHERE o.number IS NOT NULL AND o.code <> ''
ORDER BY r.ev_id, r.aircraft_key, o.number, o.row_no;

-- Its cause factors. A code is a section of two digits and an item of two characters; the flat table
-- has them apart, the item without its leading zero, and does not say whether cause or factor.
CREATE TEMP TABLE pre1982_factor ON COMMIT DROP AS
SELECT DISTINCT ON (r.ev_id, r.aircraft_key, q.occurrence, q.number)
  r.ev_id, r.aircraft_key, q.occurrence, q.number, q.code, q.kind,
  section.label AS section, item.label AS item
FROM (
  SELECT
    rec_num, row_no,
    pg_temp.whole(content ->> 'OccurrenceNum', 0, 9999) AS occurrence,
    pg_temp.whole(content ->> 'CFNum', 0, 9999) AS number,
    upper(btrim(content ->> 'CFCode')) AS code,
    upper(nullif(btrim(content ->> 'CorF'), '')) AS kind
  FROM stage_tblseqofevents
  UNION ALL
  SELECT
    rec_num, number, 1, number,
    upper(btrim(content ->> format('CAUSE_FACTOR_%sP', number))
      || lpad(coalesce(btrim(content ->> format('CAUSE_FACTOR_%sS', number)), ''), 2, '0')),
    NULL
  FROM stage_tblfirsthalf
  CROSS JOIN generate_series(1, 10) AS number
  WHERE content ? 'CAUSE_FACTOR_1P'
    AND rec_num NOT IN (SELECT rec_num FROM stage_tblseqofevents)
) AS q
JOIN pre1982_record AS r USING (rec_num)
LEFT JOIN pre1982_meaning AS item ON item.kind = 'cause' AND item.code = q.code
LEFT JOIN pre1982_meaning AS section
  ON section.kind = 'cause' AND length(q.code) = 4 AND section.code = left(q.code, 2)
WHERE q.occurrence IS NOT NULL AND q.number IS NOT NULL AND q.code <> ''
ORDER BY r.ev_id, r.aircraft_key, q.occurrence, q.number, q.row_no;
