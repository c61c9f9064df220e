-- Fatal accidents a year; a row is an aircraft, so events are counted by aircraft_no = 1.
SELECT ev_year, count(*) AS fatal_accidents
FROM read_parquet([{% for file in example %}
    '{{ base }}{{ file }}'{% if !loop.last %},{% endif %}{% endfor %}
])
WHERE aircraft_no = 1 AND ev_type = 'ACC' AND ev_country = 'USA' AND ev_highest_injury = 'FATL'
GROUP BY ev_year
ORDER BY ev_year;
