-- title: How long cases stay open
-- unit: accidents
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) since 1982, each
--   counted once, by decade and by months of 30.4375 days from the accident to the approval of its
--   report; the share still open is the Kaplan-Meier estimate, in which cases without probable
--   cause count as observed up to the newest date of the data; closed cases without date of
--   approval, or with one before the accident, are left out; the first 120 months are shown.
-- caveat: The date of approval is the record's present one: a report revised later counts with its
--   latest approval.
-- label decade: Decade beginning in year
-- label months: Months since the accident
-- label at_risk: Open at their beginning
-- label closed: Closed in the month
-- label open_share: Share still open after
WITH accident AS (
    SELECT DISTINCT ev_id, ev_date, ev_year - ev_year % 10 AS decade, status
    FROM explore
    WHERE ev_type = 'ACC' AND ev_country = 'USA' AND ev_year >= 1982
),
approval AS (
    SELECT ev_id, max(CAST(approval_date AS DATE)) AS approved
    FROM ntsb_admin
    GROUP BY ev_id
),
newest AS (
    SELECT max(unix_date(ev_date)) AS day
    FROM explore
),
followed AS (
    SELECT
        accident.decade,
        CASE WHEN accident.status = 'closed' THEN 1 ELSE 0 END AS is_closed,
        CASE
            WHEN accident.status = 'closed'
                THEN unix_date(approval.approved) - unix_date(accident.ev_date)
            ELSE newest.day - unix_date(accident.ev_date)
        END AS days
    FROM accident
    CROSS JOIN newest
    LEFT JOIN approval ON approval.ev_id = accident.ev_id
),
monthly AS (
    SELECT
        decade,
        CAST(floor(days / 30.4375) AS INTEGER) AS months,
        sum(is_closed) AS closed,
        count(*) AS ending
    FROM followed
    WHERE days >= 0
    GROUP BY decade, CAST(floor(days / 30.4375) AS INTEGER)
),
risk AS (
    SELECT
        decade,
        months,
        closed,
        sum(ending) OVER (PARTITION BY decade ORDER BY months DESC) AS at_risk
    FROM monthly
)
SELECT
    decade,
    months,
    CAST(at_risk AS BIGINT) AS at_risk,
    CAST(closed AS BIGINT) AS closed,
    -- The product of what stays open month by month; a month that closes the last case ends it.
    CASE
        WHEN
            max(CASE WHEN closed = at_risk THEN 1 ELSE 0 END)
                OVER (PARTITION BY decade ORDER BY months) = 1
            THEN CAST(0 AS DOUBLE)
        ELSE exp(
            sum(CASE WHEN closed < at_risk THEN ln(1 - CAST(closed AS DOUBLE) / at_risk) END)
                OVER (PARTITION BY decade ORDER BY months)
        )
    END AS open_share
FROM risk
WHERE months < 120
ORDER BY decade, months
