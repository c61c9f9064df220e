INSERT INTO ntsb.pre1982_raw (
  rec_num, ev_id, aircraft_key, first_half, second_half, occurrences, seq_of_events, source_file
)
SELECT rec_num, r.ev_id, r.aircraft_key, f.content, s.content, o.list, q.list, $1
FROM pre1982_record AS r
JOIN stage_tblfirsthalf AS f USING (rec_num)
LEFT JOIN stage_tblsecondhalf AS s USING (rec_num)
LEFT JOIN (
  SELECT rec_num, jsonb_agg(content ORDER BY row_no) AS list
  FROM stage_tbloccurrences
  GROUP BY rec_num
) AS o USING (rec_num)
LEFT JOIN (
  SELECT rec_num, jsonb_agg(content ORDER BY row_no) AS list
  FROM stage_tblseqofevents
  GROUP BY rec_num
) AS q USING (rec_num)
