-- Points for events whose coordinates are out of order, with how each was read.
--
-- The source's columns stay as they are; geom is where the event was as far as that can be told,
-- coordinate_source how it was told:
--   decimal         dec_latitude and dec_longitude as they are
--   swap            latitude and longitude stand in each other's column
--   sign            a minus is missing or too many
--   packed_decimal  degrees, minutes and seconds were typed as one number: 390408 is 39°04'08"
--   packed_string   from the texts latitude and longitude, where the decimals are missing
--   missing         none of these, or more than one reading is possible
-- A repair must land where the event's state lies, so events abroad are never repaired.

ALTER TABLE ntsb.events DROP COLUMN geom, DROP COLUMN coordinate_source;

CREATE TYPE ntsb.location AS (
  latitude  double precision,
  longitude double precision,
  source    text
);
COMMENT ON TYPE ntsb.location IS 'Degrees north and east, and how they were read.';

CREATE FUNCTION ntsb.lies_in_state(state text, latitude double precision, longitude double precision)
  RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN state = 'AK' THEN latitude BETWEEN 51 AND 72
      AND (longitude BETWEEN -180 AND -129 OR longitude BETWEEN 172 AND 180)
    WHEN state = 'HI' THEN latitude BETWEEN 18.5 AND 23 AND longitude BETWEEN -161 AND -154
    WHEN state IN ('PR', 'VI') THEN latitude BETWEEN 17.5 AND 18.8
      AND longitude BETWEEN -68 AND -64.4
    WHEN state = 'GU' THEN latitude BETWEEN 13 AND 14 AND longitude BETWEEN 144 AND 145.5
    WHEN state IN (
      'AL', 'AR', 'AZ', 'CA', 'CO', 'CT', 'DC', 'DE', 'FL', 'GA', 'IA', 'ID', 'IL', 'IN', 'KS',
      'KY', 'LA', 'MA', 'MD', 'ME', 'MI', 'MN', 'MO', 'MS', 'MT', 'NC', 'ND', 'NE', 'NH', 'NJ',
      'NM', 'NV', 'NY', 'OH', 'OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VA', 'VT',
      'WA', 'WI', 'WV', 'WY'
    ) THEN latitude BETWEEN 24.3 AND 49.5 AND longitude BETWEEN -125 AND -66.8
    ELSE false
  END;
COMMENT ON FUNCTION ntsb.lies_in_state IS
  'Whether a point is in the box around a state''s part of the country: Alaska, Hawaii, Puerto Rico and the Virgin Islands, Guam, the contiguous states.';

CREATE FUNCTION ntsb.lies_in_usa(state text, latitude double precision, longitude double precision)
  RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN state IS NOT NULL THEN ntsb.lies_in_state(state, latitude, longitude)
    ELSE ntsb.lies_in_state('KS', latitude, longitude)
      OR ntsb.lies_in_state('AK', latitude, longitude)
      OR ntsb.lies_in_state('HI', latitude, longitude)
      OR ntsb.lies_in_state('PR', latitude, longitude)
  END;
COMMENT ON FUNCTION ntsb.lies_in_usa IS
  'lies_in_state, and for an event without state whether the point is in any of the larger boxes.';

-- 46955 is 46 9 55: where parts were joined without padding, several cuts can make sense.
CREATE FUNCTION ntsb.packed_angles(digits text) RETURNS double precision[]
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
  whole    text := ltrim(split_part(digits, '.', 1), '0');
  fraction double precision;
  rest     text;
  degrees  integer;
  -- Minutes and seconds in turn.
  parts    double precision[];
  angles   double precision[] := '{}';
BEGIN
  -- An error would fail the load of the row: nothing but digits goes on.
  IF digits !~ '^[0-9]{1,9}([.][0-9]+)?$' THEN
    RETURN angles;
  END IF;
  fraction := ('0.' || split_part(digits, '.', 2) || '0')::double precision;
  FOR size IN 1 .. least(3, length(whole) - 2) LOOP
    degrees := left(whole, size)::integer;
    rest := substr(whole, size + 1);
    parts := '{}';
    CASE length(rest)
      WHEN 2 THEN
        -- Degrees and minutes only (4603), or one digit each.
        parts := ARRAY[
          rest::integer + fraction, 0,
          left(rest, 1)::integer, right(rest, 1)::integer + fraction
        ];
      WHEN 3 THEN
        IF substr(rest, 2, 1) <> '0' THEN
          parts := ARRAY[left(rest, 1)::integer, right(rest, 2)::integer + fraction];
        END IF;
        IF left(rest, 1) <> '0' THEN
          parts := parts || ARRAY[left(rest, 2)::integer, right(rest, 1)::integer + fraction];
        END IF;
      WHEN 4 THEN
        parts := ARRAY[left(rest, 2)::integer, right(rest, 2)::integer + fraction];
      WHEN 6 THEN
        -- Hundredths of a second without their point: 41370104.
        IF fraction = 0 THEN
          parts := ARRAY[left(rest, 2)::integer, right(rest, 4)::integer / 100.0::double precision];
        END IF;
      ELSE NULL;
    END CASE;
    FOR i IN 1 .. cardinality(parts) BY 2 LOOP
      IF degrees <= 180 AND parts[i] < 60 AND parts[i + 1] < 60 THEN
        angles := angles || (degrees + parts[i] / 60 + parts[i + 1] / 3600);
      END IF;
    END LOOP;
  END LOOP;
  RETURN angles;
END
$$;
COMMENT ON FUNCTION ntsb.packed_angles IS
  'Every angle in degrees that degrees, minutes and seconds written as one number can mean.';

CREATE FUNCTION ntsb.locate(
  country       text,
  state         text,
  latitude      text,
  longitude     text,
  dec_latitude  double precision,
  dec_longitude double precision
) RETURNS ntsb.location
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
  in_usa   boolean := coalesce(upper(country) = 'USA', false);
  no_value boolean := dec_latitude IS NULL OR dec_longitude IS NULL
    OR (dec_latitude = 0 AND dec_longitude = 0);
  in_range boolean := dec_latitude BETWEEN -90 AND 90 AND dec_longitude BETWEEN -180 AND 180;
  readings ntsb.location[];
BEGIN
  state := upper(state);
  IF NOT no_value THEN
    IF in_range AND (NOT in_usa OR state IS NULL
        OR ntsb.lies_in_state(state, dec_latitude, dec_longitude)) THEN
      RETURN (dec_latitude, dec_longitude, 'decimal'::text);
    END IF;
    IF in_usa THEN
      IF ntsb.lies_in_usa(state, dec_longitude, dec_latitude) THEN
        RETURN (dec_longitude, dec_latitude, 'swap'::text);
      END IF;
      IF ntsb.lies_in_usa(state, abs(dec_latitude), -abs(dec_longitude)) THEN
        RETURN (abs(dec_latitude), -abs(dec_longitude), 'sign'::text);
      END IF;
    END IF;
    IF in_range THEN
      RETURN (dec_latitude, dec_longitude, 'decimal'::text);
    END IF;
    IF in_usa THEN
      SELECT array_agg(DISTINCT (y.angle, -x.angle, 'packed_decimal')::ntsb.location)
      INTO readings
      FROM (
        SELECT dec_latitude AS angle WHERE abs(dec_latitude) <= 90
        UNION ALL
        SELECT unnest(ntsb.packed_angles(abs(dec_latitude)::numeric::text))
        WHERE abs(dec_latitude) > 90
      ) AS y, (
        SELECT abs(dec_longitude) AS angle WHERE abs(dec_longitude) <= 180
        UNION ALL
        SELECT unnest(ntsb.packed_angles(abs(dec_longitude)::numeric::text))
        WHERE abs(dec_longitude) > 180
      ) AS x
      WHERE ntsb.lies_in_usa(state, y.angle, -x.angle);
    END IF;
  ELSIF in_usa AND latitude ~ '^[0-9]{6}N$' AND longitude ~ '^[0-9]{7}W$' THEN
    SELECT array_agg(DISTINCT (y.angle, -x.angle, 'packed_string')::ntsb.location)
    INTO readings
    FROM unnest(ntsb.packed_angles(left(latitude, 6))) AS y(angle),
      unnest(ntsb.packed_angles(left(longitude, 7))) AS x(angle)
    WHERE ntsb.lies_in_usa(state, y.angle, -x.angle);
  END IF;
  IF cardinality(readings) = 1 THEN
    RETURN readings[1];
  END IF;
  RETURN (NULL::float8, NULL::float8, 'missing'::text);
END
$$;
COMMENT ON FUNCTION ntsb.locate IS
  'Where an event was, from its decimals or packed texts; see coordinate_source of ntsb.events.';

CREATE FUNCTION ntsb.point(at ntsb.location) RETURNS geography
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ST_SetSRID(ST_MakePoint(at.longitude, at.latitude), 4326)::geography;
COMMENT ON FUNCTION ntsb.point IS 'A location as a PostGIS point; NULL if it is missing.';

ALTER TABLE ntsb.events
  ADD COLUMN geom geography(Point, 4326) GENERATED ALWAYS AS (
    ntsb.point(ntsb.locate(ev_country, ev_state, latitude, longitude, dec_latitude, dec_longitude))
  ) STORED,
  ADD COLUMN coordinate_source text GENERATED ALWAYS AS (
    (ntsb.locate(ev_country, ev_state, latitude, longitude, dec_latitude, dec_longitude)).source
  ) STORED NOT NULL;
COMMENT ON COLUMN ntsb.events.geom IS 'Where the event was, NULL if that cannot be told.';
COMMENT ON COLUMN ntsb.events.coordinate_source IS
  'How geom was read: decimal, swap, sign, packed_decimal, packed_string or missing.';

CREATE INDEX events_geom ON ntsb.events USING gist (geom);
