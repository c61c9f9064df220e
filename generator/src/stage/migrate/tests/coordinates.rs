use super::rows;
use crate::postgres::testing::Server;

/// Country, state, latitude, longitude, `dec_latitude`, `dec_longitude`; then what they mean.
const CASES: &[(&str, &str, &str)] = &[
    (
        "as they are",
        "'USA', 'CA', '364500N', '1194500W', 36.75, -119.75",
        "decimal|36.75|-119.75",
    ),
    (
        "a repair would be no better: the Pacific off Guam",
        "'USA', 'GU', NULL, NULL, 15.833333, 152.141662",
        "decimal|15.833333|152.141662",
    ),
    (
        "abroad nothing is repaired",
        "'AS', NULL, NULL, NULL, -33.9, 151.2",
        "decimal|-33.9|151.2",
    ),
    (
        "swapped, out of range",
        "'USA', 'OK', NULL, NULL, -97.5, 35.25",
        "swap|35.25|-97.5",
    ),
    (
        "swapped, in range",
        "'USA', 'FL', NULL, NULL, -81.5, 28.25",
        "swap|28.25|-81.5",
    ),
    (
        "minus missing",
        "'USA', 'TX', NULL, NULL, 31.5, 97.25",
        "sign|31.5|-97.25",
    ),
    (
        "minus too many",
        "'USA', 'AK', NULL, NULL, -61.25, -149.5",
        "sign|61.25|-149.5",
    ),
    (
        "Alaska beyond the date line has no sign to repair",
        "'USA', 'AK', NULL, NULL, 52.5, 174.25",
        "decimal|52.5|174.25",
    ),
    (
        "no state, no repair of what is possible",
        "'USA', NULL, NULL, NULL, 35.893333, 143.871673",
        "decimal|35.893333|143.871673",
    ),
    (
        "20220711105442: longitude as one number",
        "'USA', 'IL', NULL, NULL, 40.5, -894627",
        "packed_decimal|40.5|-89.774167",
    ),
    (
        "20221027106211: parts without padding",
        "'USA', 'OK', NULL, NULL, 36940.21, -95.5",
        "packed_decimal|36.161169|-95.5",
    ),
    (
        "20221108106263: both as one number",
        "'USA', NULL, NULL, NULL, 390408, -1043015",
        "packed_decimal|39.068889|-104.504167",
    ),
    (
        "20220803105651: hundredths of a second",
        "'USA', 'NE', NULL, NULL, 41370104, -96.5",
        "packed_decimal|41.616956|-96.5",
    ),
    (
        "20221108106264: hundredths of a second",
        "'USA', 'ID', NULL, NULL, 43511185, -116.25",
        "packed_decimal|43.853292|-116.25",
    ),
    (
        "20210419102938: 46°03' or 46°0'3\"",
        "'USA', 'MT', NULL, NULL, 4603, -1041.12",
        "missing|∅|∅",
    ),
    (
        "packed abroad",
        "'FR', NULL, NULL, NULL, 484500, 22030",
        "missing|∅|∅",
    ),
    (
        "zero is no place",
        "'USA', 'KS', NULL, NULL, 0, 0",
        "missing|∅|∅",
    ),
    (
        "one of the two",
        "'USA', 'KS', NULL, NULL, 38.5, NULL",
        "missing|∅|∅",
    ),
    (
        "20141031X74653: texts only",
        "'USA', NULL, '351935N', '1175641W', NULL, NULL",
        "packed_string|35.326389|-117.944722",
    ),
    (
        "padded as a whole, one reading",
        "'USA', 'WA', '046955N', '0122034W', NULL, NULL",
        "packed_string|46.165278|-122.009444",
    ),
    (
        "padded as a whole, one reading",
        "'USA', 'MO', '038390N', '0904501W', 0, 0",
        "packed_string|38.65|-90.750278",
    ),
    (
        "49°13'0\" or 49°1'30\"",
        "'USA', 'WA', '049130N', '1174530W', NULL, NULL",
        "missing|∅|∅",
    ),
    (
        "texts are not consulted where decimals are",
        "'USA', 'WA', '049130N', '1174530W', 48.5, -117.5",
        "decimal|48.5|-117.5",
    ),
    (
        "no text of coordinates",
        "'USA', 'KS', '38N', 'UNKNOWN', NULL, NULL",
        "missing|∅|∅",
    ),
];

#[test]
fn coordinates_are_repaired_only_where_one_reading_makes_sense() {
    let server = Server::start();
    let mut client = server.client_for_records();
    for (number, (_, values, _)) in CASES.iter().enumerate() {
        client
            .batch_execute(&format!(
                "INSERT INTO events (
                     ev_id, ev_country, ev_state, latitude, longitude, dec_latitude, dec_longitude
                 ) VALUES ('{number:02}', {values})"
            ))
            .unwrap();
    }
    let read = rows(
        &mut client,
        "SELECT coordinate_source, round(ST_Y(geom::geometry)::numeric, 6)::float8,
                round(ST_X(geom::geometry)::numeric, 6)::float8
         FROM events ORDER BY ev_id",
    );
    for ((what, values, expected), read) in CASES.iter().zip(read) {
        assert_eq!(read, *expected, "{what}: {values}");
    }
    assert_eq!(
        rows(
            &mut client,
            "SELECT dec_latitude, dec_longitude FROM events WHERE ev_id = '03'"
        ),
        ["-97.5|35.25"],
        "the source's own columns stay as they are"
    );
}

#[test]
fn no_coordinates_can_fail_a_load() {
    let server = Server::start();
    let mut client = server.client_for_records();
    let checked = rows(
        &mut client,
        "WITH number(n) AS (
             SELECT sign * digits
             FROM (VALUES (1), (-1)) AS s(sign),
               unnest(ARRAY[
                 0, 35.25, 90.001, 97.6, 180, 999, 4603, 36940.21, 390408, 1175641, 41370104,
                 999999999, 1e300, 1e-300, 'NaN', 'Infinity', NULL
               ]::float8[]) AS d(digits)
         ),
         place AS (
             SELECT locate(country, state, latitude, longitude, lat.n, lon.n) AS at
             FROM number AS lat, number AS lon,
               unnest(ARRAY['USA', 'FR', NULL]) AS country,
               unnest(ARRAY['CO', 'AK', 'AO', NULL]) AS state,
               (VALUES ('000000N', '0000000W'), ('999999N', '9999999W'), ('', NULL))
                 AS t(latitude, longitude)
         )
         SELECT count(*), bool_and(
             CASE WHEN (at).source = 'missing' THEN (at).latitude IS NULL
             ELSE (at).latitude BETWEEN -90 AND 90 AND (at).longitude BETWEEN -180 AND 180 END
         ) FROM place",
    );
    assert_eq!(checked, [format!("{}|true", 34 * 34 * 3 * 4 * 3)]);
}
