-- The name a model goes by: of the spellings of one make that differ in case, blanks and
-- punctuation only ('PA28-140', 'PA 28-140'), the one most aircraft have.

CREATE TEMP TABLE model_name AS
WITH spelling AS (
    SELECT
        make.make,
        a.acft_model,
        upper(regexp_replace(trim(a.acft_model), '\s+', ' ', 'g')) AS spelling,
        upper(regexp_replace(a.acft_model, '[^\p{L}\p{N}]', '', 'g')) AS folded,
        count(*) AS aircraft
    FROM aircraft AS a
    LEFT JOIN make_name AS make ON make.acft_make = a.acft_make
    WHERE a.acft_model IS NOT NULL
    GROUP BY ALL
),
common AS (
    SELECT make, folded, first(spelling ORDER BY aircraft DESC, spelling) AS model
    FROM (
        SELECT make, folded, spelling, sum(aircraft) AS aircraft
        FROM spelling
        WHERE folded <> ''
        GROUP BY ALL
    )
    GROUP BY ALL
)
SELECT s.make, s.acft_model, c.model
FROM spelling AS s
LEFT JOIN common AS c ON c.make IS NOT DISTINCT FROM s.make AND c.folded = s.folded;
