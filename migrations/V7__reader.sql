-- A role for reading: everything but the columns that name or help to find a person.

CREATE PROCEDURE ntsb.grant_reads(reader text)
  LANGUAGE plpgsql
AS $$
DECLARE
  relation record;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA ntsb TO %I', reader);
  -- Views and materialized views have no personal column.
  FOR relation IN
    SELECT oid::regclass AS name FROM pg_class
    WHERE relnamespace = 'ntsb'::regnamespace AND relkind IN ('v', 'm')
  LOOP
    EXECUTE format('GRANT SELECT ON %s TO %I', relation.name, reader);
  END LOOP;
  FOR relation IN
    SELECT
      c.oid::regclass AS name,
      string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'ntsb'::regnamespace AND c.relkind = 'r'
      -- Whole rejected rows, and columns that nobody has looked at yet.
      AND c.relname <> 'reject'
      AND a.attname NOT IN ('extra', 'lchg_userid')
      AND (c.relname, a.attname) NOT IN (
        VALUES
          ('aircraft', 'owner_acft'),
          ('aircraft', 'owner_street'),
          ('aircraft', 'owner_city'),
          ('aircraft', 'owner_state'),
          ('aircraft', 'owner_country'),
          ('aircraft', 'owner_zip'),
          ('aircraft', 'oper_name'),
          ('aircraft', 'oper_dba'),
          ('aircraft', 'oper_street'),
          ('aircraft', 'oper_city'),
          ('aircraft', 'oper_state'),
          ('aircraft', 'oper_country'),
          ('aircraft', 'oper_zip'),
          ('aircraft', 'oper_cert_num'),
          ('events', 'ntsb_notf_from'),
          ('events', 'ntsb_notf_date'),
          ('events', 'ntsb_notf_tm'),
          ('flight_crew', 'crew_city'),
          ('flight_crew', 'crew_res_state'),
          ('flight_crew', 'crew_res_country'),
          ('flight_crew', 'med_crtf_limit'),
          ('flight_crew', 'date_lst_med')
      )
    GROUP BY c.oid
  LOOP
    EXECUTE format('GRANT SELECT (%s) ON %s TO %I', relation.columns, relation.name, reader);
  END LOOP;
END
$$;
COMMENT ON PROCEDURE ntsb.grant_reads IS
  'Lets a role read schema ntsb except personal columns, columns not in the schema and rejected rows.';

-- Roles belong to the whole server: this one may exist already, or the user may not create any;
-- then whoever may does so and calls grant_reads.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'windsock_reader')
    AND (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)
  THEN
    CREATE ROLE windsock_reader NOLOGIN;
    COMMENT ON ROLE windsock_reader IS 'Reads schema ntsb without personal columns.';
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'windsock_reader') THEN
    CALL ntsb.grant_reads('windsock_reader');
  END IF;
END
$$;
