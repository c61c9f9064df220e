-- The same three as stored tables with the keys they have: more than windsock makes, for a second
-- comparison in which PostgreSQL has nothing to derive.

CREATE SCHEMA bench_stored;

CREATE TABLE bench_stored.explore AS SELECT * FROM bench.explore;
CREATE INDEX ON bench_stored.explore (ev_id, aircraft_key);
CREATE INDEX ON bench_stored.explore (ev_country, ev_type);

CREATE TABLE bench_stored.causes AS SELECT * FROM ntsb.causes;
CREATE INDEX ON bench_stored.causes (ev_id, aircraft_key);

CREATE TABLE bench_stored.occurrence_chain AS SELECT * FROM ntsb.occurrence_chain;
CREATE INDEX ON bench_stored.occurrence_chain (ev_id, aircraft_key);
