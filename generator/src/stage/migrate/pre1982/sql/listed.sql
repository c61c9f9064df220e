-- Codes that only the file's own list explains, where its words have an equal among the codes of today.
INSERT INTO pre1982_code
SELECT DISTINCT ON (meant.field, listed.code) meant.field, listed.code, meant.value
FROM (
  SELECT
    upper(btrim(content ->> 'Name')) AS name,
    upper(btrim(content ->> 'Code')) AS code,
    upper(btrim(content ->> 'Meang')) AS meaning
  FROM stage_ct_pre1982
) AS listed
JOIN (
  VALUES
    ('LIGHT_COND', 'DAWN', 'DAWN'), ('LIGHT_COND', 'DUSK', 'DUSK'), ('LIGHT_COND', 'DAY%', 'DAYL'),
    ('LIGHT_COND', 'NIGHT%DARK%', 'NDRK'), ('LIGHT_COND', 'NIGHT%BRIGHT%', 'NBRT'),
    ('LIGHT_COND', 'NIGHT%', 'NITE'),
    ('TYPE_WEATHR', 'VFR', 'VMC'), ('TYPE_WEATHR', 'VMC', 'VMC'), ('TYPE_WEATHR', 'IFR', 'IMC'),
    ('TYPE_WEATHR', 'IMC', 'IMC'), ('TYPE_WEATHR', 'UNKNOWN%', 'UNK'),
    ('FLIGHT_PLAN', 'NONE', 'NONE'), ('FLIGHT_PLAN', 'VFR', 'VFR'), ('FLIGHT_PLAN', 'IFR', 'IFR'),
    ('FLIGHT_PLAN', 'CONTROLLED VFR', 'CVFR'), ('FLIGHT_PLAN', 'UNKNOWN%', 'UNK'),
    ('KIND_FLY_GENA', 'INSTRUCTION%', 'INST'), ('KIND_FLY_GENA', '%PLEASURE%', 'PERS'),
    ('KIND_FLY_GENA', 'BUSINESS%', 'BUS'), ('KIND_FLY_GENA', '%CORPORATE%', 'EXEC'),
    ('KIND_FLY_GENA', 'AERIAL APPLICATION%', 'AAPL'), ('KIND_FLY_GENA', '%FERRY%', 'FERY'),
    ('KIND_FLY_GENA', '%TEST%', 'FLTS'), ('KIND_FLY_GENA', '%UNKNOWN%', 'UNK'),
    ('TYPE_CRAFT', '%HELICOPTER%', 'HELI'), ('TYPE_CRAFT', '%GLIDER%', 'GLI'),
    ('TYPE_CRAFT', '%BALLOON%', 'BALL'), ('TYPE_CRAFT', '%GYRO%', 'GYRO'),
    ('ACFT_ADAMG', 'DESTROYED', 'DEST'), ('ACFT_ADAMG', 'SUBSTANTIAL', 'SUBS'),
    ('ACFT_ADAMG', 'MINOR', 'MINR'), ('ACFT_ADAMG', 'NONE', 'NONE'),
    ('TYPE_POWER', 'RECIPROCATING%', 'REC'), ('TYPE_POWER', 'TURBO%PROP%', 'TP'),
    ('TYPE_POWER', 'TURBO%FAN%', 'TF'), ('TYPE_POWER', 'TURBO%JET%', 'TJ'),
    ('TYPE_POWER', 'TURBO%SHAFT%', 'TS')
) AS meant (field, words, value) ON meant.field = listed.name AND listed.meaning LIKE meant.words
WHERE listed.code <> '' AND NOT EXISTS (
  SELECT FROM pre1982_code AS known
  WHERE known.field = meant.field AND known.code = listed.code
)
-- The longest words say most.
ORDER BY meant.field, listed.code, length(meant.words) DESC, meant.value
