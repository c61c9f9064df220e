-- Code lists have no key: a row is its content, and how many equal rows came before it.
INSERT INTO ntsb.ct_pre1982 (name, code, meang, row_digest, source_file)
SELECT
  content ->> 'Name', content ->> 'Code', content ->> 'Meang',
  md5(content::text) || '-' || row_number() OVER (PARTITION BY content ORDER BY row_no), $1
FROM stage_ct_pre1982
