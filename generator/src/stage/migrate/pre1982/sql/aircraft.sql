INSERT INTO ntsb.aircraft (
  ev_id, aircraft_key, regis_no, far_part, damage, acft_make, acft_model, acft_serial_no,
  acft_category, num_eng, afm_hrs, oper_code, dprt_pt_same_ev, dprt_city, dest_same_local,
  dest_city, rwy_num, rwy_len, flt_plan_filed, type_fly, lchg_date, extra, source_file
)
SELECT
  ev_id, aircraft_key, regist_no, far_part, damage, acft_make, acft_model, aircraft_ser_num,
  acft_category, pg_temp.whole(no_engines, 0, 8), pg_temp.whole(aircraft_tot_time, 0, 200000),
  name_comm_carr,
  CASE WHEN upper(depart_pt) = 'S' THEN 'Y' END,
  -- S, LOCAL and RETURN are no towns.
  CASE WHEN upper(depart_pt) NOT IN ('S', 'LOCAL', 'RETURN') THEN pg_temp.city(depart_pt) END,
  CASE WHEN upper(inten_destin) IN ('LOCAL', 'RETURN') THEN 'LOCL' END,
  CASE
    WHEN upper(inten_destin) NOT IN ('S', 'LOCAL', 'RETURN') THEN pg_temp.city(inten_destin)
  END,
  runway_used, pg_temp.whole(runway_ln, 1, 50000), flt_plan_filed, type_fly, pg_temp.day(trans_date),
  jsonb_build_object('RecNum', rec_num), $1
FROM pre1982_record
