-- title: Where accidents cluster
-- unit: accidents; deaths where the column says so
-- population: Accidents in the United States (ev_type = ACC, ev_country = USA) with coordinates,
--   each counted once, in hexagons of 1,000 km² of an equal-area map; a cluster is a hexagon around
--   which, itself and its six neighbours together, there are at least 10 accidents and more than
--   around any of its neighbours; the 100 densest are listed, each with the accidents of its seven
--   hexagons; place and coordinates are the commonest place and the mean of those accidents.
-- caveat: Clusters follow where people fly and are no measure of risk. Accidents before 1982 have
--   no coordinates. Hexagons of neighbouring clusters may overlap, so clusters must not be added.
-- label place: Commonest place
-- label latitude: Latitude (degrees)
-- label longitude: Longitude (degrees)
-- label accidents: Accidents
-- label fatal_accidents: Fatal accidents
-- label fatalities: Deaths
-- label density: Accidents per 1,000 km²
WITH accident AS (
    SELECT
        ev_id, ev_city, ev_state, ev_highest_injury, fatalities, latitude, longitude
    FROM explore
    WHERE
        aircraft_no = 1 AND ev_type = 'ACC' AND ev_country = 'USA'
        AND latitude IS NOT NULL AND longitude IS NOT NULL
),
-- Albers' conic on the authalic sphere (6,371.0072 km) with standard parallels 29.5° and 45.5° and
-- centre 96° W, usual for maps of the United States: radius from the pole, angle from the centre.
-- The map is cut at 84° E, far from every state. Areas are true; at Anchorage shapes are off by 12 %.
polar AS (
    SELECT
        accident.*,
        6371.0072 / 0.6028370046 * sqrt(1.3512213254 - 2 * 0.6028370046 * sin(radians(latitude))) AS radius,
        0.6028370046 * radians(
            CASE WHEN longitude > 84 THEN longitude - 360 ELSE longitude END + 96
        ) AS angle
    FROM accident
),
-- In units of the lattice: 33.98088490 km from hexagon to hexagon in a row, and twice the
-- 29.42830956 km from row to row.
projected AS (
    SELECT
        polar.*,
        radius * sin(angle) / 33.98088490 AS x,
        -radius * cos(angle) / 58.85661912 AS y
    FROM polar
),
-- Centres of hexagons are two rectangular lattices, one shifted by half a step both ways: the
-- nearest centre of each, and how far it is.
nearest AS (
    SELECT
        projected.*,
        floor(x + 0.5) AS even_x,
        floor(y + 0.5) AS even_y,
        floor(x) AS odd_x,
        floor(y) AS odd_y,
        power((x - floor(x + 0.5)) * 33.98088490, 2)
            + power((y - floor(y + 0.5)) * 58.85661912, 2) AS even_distance,
        power((x - floor(x) - 0.5) * 33.98088490, 2)
            + power((y - floor(y) - 0.5) * 58.85661912, 2) AS odd_distance
    FROM projected
),
-- In doubled coordinates neighbours are (±2, 0) and (±1, ±1).
placed AS (
    SELECT
        nearest.*,
        CAST(CASE WHEN even_distance <= odd_distance THEN 2 * even_x ELSE 2 * odd_x + 1 END
            AS INTEGER) AS hex_x,
        CAST(CASE WHEN even_distance <= odd_distance THEN 2 * even_y ELSE 2 * odd_y + 1 END
            AS INTEGER) AS hex_y
    FROM nearest
),
-- Means are taken of whole millionths of a degree, whose sum does not depend on their order.
hexagon AS (
    SELECT
        hex_x,
        hex_y,
        count(*) AS accidents,
        count(*) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal_accidents,
        coalesce(sum(fatalities), 0) AS fatalities,
        sum(CAST(floor(latitude * 1000000 + 0.5) AS BIGINT)) AS latitudes,
        sum(CAST(floor(longitude * 1000000 + 0.5) AS BIGINT)) AS longitudes
    FROM placed
    GROUP BY hex_x, hex_y
),
step AS (
    SELECT step_x, step_y
    FROM (VALUES (0, 0), (2, 0), (-2, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
        AS list (step_x, step_y)
),
-- Each hexagon with itself and its six neighbours.
neighbour AS (
    SELECT
        hexagon.hex_x,
        hexagon.hex_y,
        hexagon.hex_x + step.step_x AS near_x,
        hexagon.hex_y + step.step_y AS near_y
    FROM hexagon
    CROSS JOIN step
),
around AS (
    SELECT
        neighbour.hex_x,
        neighbour.hex_y,
        sum(hexagon.accidents) AS accidents,
        sum(hexagon.fatal_accidents) AS fatal_accidents,
        sum(hexagon.fatalities) AS fatalities,
        sum(hexagon.latitudes) AS latitudes,
        sum(hexagon.longitudes) AS longitudes
    FROM neighbour
    INNER JOIN hexagon ON hexagon.hex_x = neighbour.near_x AND hexagon.hex_y = neighbour.near_y
    GROUP BY neighbour.hex_x, neighbour.hex_y
),
peak AS (
    SELECT here.hex_x, here.hex_y
    FROM around AS here
    INNER JOIN neighbour ON neighbour.hex_x = here.hex_x AND neighbour.hex_y = here.hex_y
    INNER JOIN around AS there ON there.hex_x = neighbour.near_x AND there.hex_y = neighbour.near_y
    WHERE here.accidents >= 10
    GROUP BY here.hex_x, here.hex_y
    HAVING
        max(
            CASE
                WHEN there.accidents > here.accidents THEN 1
                -- Of two equal neighbours the western, then the southern, is the cluster.
                WHEN
                    there.accidents = here.accidents
                    AND (
                        there.hex_x < here.hex_x
                        OR (there.hex_x = here.hex_x AND there.hex_y < here.hex_y)
                    )
                    THEN 1
                ELSE 0
            END
        ) = 0
),
-- Places by number of accidents in the hexagon, before they are gathered around peaks.
town AS (
    SELECT hex_x, hex_y, initcap(ev_city) || ', ' || ev_state AS place, count(*) AS accidents
    FROM placed
    WHERE ev_city IS NOT NULL AND ev_state IS NOT NULL
    GROUP BY hex_x, hex_y, initcap(ev_city) || ', ' || ev_state
),
named AS (
    SELECT
        peak.hex_x,
        peak.hex_y,
        town.place,
        row_number() OVER (
            PARTITION BY peak.hex_x, peak.hex_y ORDER BY sum(town.accidents) DESC, town.place
        ) AS position
    FROM peak
    INNER JOIN neighbour ON neighbour.hex_x = peak.hex_x AND neighbour.hex_y = peak.hex_y
    INNER JOIN town ON town.hex_x = neighbour.near_x AND town.hex_y = neighbour.near_y
    GROUP BY peak.hex_x, peak.hex_y, town.place
)
SELECT
    named.place,
    CAST(around.latitudes AS DOUBLE) / around.accidents / 1000000 AS latitude,
    CAST(around.longitudes AS DOUBLE) / around.accidents / 1000000 AS longitude,
    CAST(around.accidents AS BIGINT) AS accidents,
    CAST(around.fatal_accidents AS BIGINT) AS fatal_accidents,
    CAST(around.fatalities AS BIGINT) AS fatalities,
    CAST(around.accidents AS DOUBLE) / 7 AS density
FROM peak
INNER JOIN around ON around.hex_x = peak.hex_x AND around.hex_y = peak.hex_y
LEFT JOIN named
    ON named.hex_x = peak.hex_x AND named.hex_y = peak.hex_y AND named.position = 1
ORDER BY accidents DESC, latitude, longitude
LIMIT 100
