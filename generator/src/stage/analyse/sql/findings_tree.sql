-- title: Findings
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) with findings in
--   their probable cause, by category, group and subject of the findings, each accident once under
--   each; since 2008 from the findings of the modern list (group and subject are its second and
--   third level), until 2007 from the subjects of the older one, which has no groups; findings
--   without category, group or subject have rows of their own.
-- caveat: An accident has several findings, so rows must not be added. The two lists divide causes
--   differently. Where the source does not say whether a finding is part of the probable cause it
--   is left out.
-- label source_system: Code list
-- label category: Category
-- label finding_group: Group
-- label subject: Subject
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
WITH accident AS (
    SELECT DISTINCT ev_id, ev_highest_injury
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA'
),
finding AS (
    SELECT DISTINCT
        ev_id,
        source_system,
        category,
        CASE
            WHEN source_system = 'findings' THEN nullif(split_part(label, ' - ', 2), '')
        END AS finding_group,
        CASE
            WHEN source_system = 'findings' THEN nullif(split_part(label, ' - ', 3), '')
            ELSE nullif(split_part(label, ' - ', 1), '')
        END AS subject
    FROM causes
    WHERE in_probable_cause
)
SELECT
    finding.source_system,
    finding.category,
    finding.finding_group,
    finding.subject,
    count(*) AS accidents,
    count(*) FILTER (WHERE accident.ev_highest_injury = 'FATL') AS fatal_accidents
FROM finding
INNER JOIN accident ON accident.ev_id = finding.ev_id
GROUP BY
    finding.source_system, finding.category, finding.finding_group, finding.subject
ORDER BY
    finding.source_system,
    finding.category NULLS LAST,
    finding.finding_group NULLS LAST,
    accidents DESC,
    finding.subject NULLS LAST
