-- Persons aboard by seat. The columns for the other aircraft, the grand total and the totals of
-- each group repeat persons that are counted elsewhere.
INSERT INTO ntsb.injury (
  ev_id, aircraft_key, inj_person_category, injury_level, inj_person_count, lchg_date, source_file
)
SELECT
  r.ev_id, r.aircraft_key, seat.category, level.code, sum(persons), min(pg_temp.day(trans_date)), $1
FROM pre1982_record AS r
JOIN stage_tblfirsthalf AS f USING (rec_num)
-- Unpacked once: looking up each column by itself would decompress the record each time.
CROSS JOIN LATERAL jsonb_each_text(f.content) AS cell (name, field)
JOIN (
  VALUES
    ('PILOT', 'PLT'), ('CO_PILOT', 'CPLT'), ('DUAL_STUDENT', 'DSTU'), ('CHK_PILOT', 'KPLT'),
    ('FLT_ENGN', 'FENG'), ('NAVIGTR', 'OCRW'), ('CABIN_ATTN', 'CABN'), ('EXTRA_CREW', 'OCRW'),
    ('PASSENGERS', 'PAX')
) AS seat (part, category) ON true
JOIN (
  VALUES
    ('FATAL', 'FATL'), ('SERIOUS', 'SERS'), ('MINOR', 'MINR'), ('NONE', 'NONE'), ('UNKNOWN', 'UNK')
) AS level (part, code) ON cell.name = seat.part || '_' || level.part
CROSS JOIN LATERAL pg_temp.whole(cell.field, 1, 9999) AS persons
WHERE persons IS NOT NULL
GROUP BY r.ev_id, r.aircraft_key, seat.category, level.code
