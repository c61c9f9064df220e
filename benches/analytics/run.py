"""The same query text on PostgreSQL and on DuckDB over the lake: medians and ratios.

usage: run.py LAKE DATABASE_URL

PostgreSQL runs it twice: over the migrated tables with the views and indexes windsock makes
(`views`), and over explore, causes and occurrence_chain as stored, indexed tables (`stored`). All
tables are vacuumed and analysed, settings are PostgreSQL's defaults (parallel workers on), every
query runs once to warm up. DuckDB reads the lake's Parquet files anew for each query, except for
their footers.
"""

import collections
import json
import pathlib
import statistics
import sys
import time

import duckdb
import psycopg2

HERE = pathlib.Path(__file__).parent
SQL = HERE.parent.parent / "generator/src/stage/analyse/sql"
RUNS = 7
# Seconds after which a query of PostgreSQL is given up: its ratio is then a lower bound.
LIMIT = 120
# The first three are those of the original product.
FIGURES = [
    "yearly",
    "aircraft_types",
    "clusters",
    "states",
    "far_parts",
    "phases_severity",
    "pilot_hours",
    "findings_tree",
]


def lake_connection(lake):
    manifest = json.loads((lake / "manifest.json").read_text())
    connection = duckdb.connect()
    connection.execute(
        """CREATE MACRO initcap(words) AS list_aggregate(list_transform(
               string_split(lower(words), ' '), lambda word: upper(word[1]) || word[2:]),
               'string_agg', ' ');
           SET parquet_metadata_cache = true; -- as windsock does
           CREATE MACRO unix_date(day) AS date_diff('day', DATE '1970-01-01', day)"""
    )
    for name, entry in manifest["tables"].items():
        table = json.loads((lake / entry["manifest"]["path"]).read_text())
        files = [str(lake / file["path"]) for file in table["files"]]
        if files:
            own = any(column["name"] == table["partition"] for column in table["columns"])
            hive = bool(table["partition"]) and not own
            connection.execute(
                f'CREATE VIEW "{name}" AS SELECT * FROM'
                f" read_parquet({files!r}, hive_partitioning = {hive})"
            )
    return connection


def prepare(cursor, lake):
    cursor.execute("DROP SCHEMA IF EXISTS bench, bench_stored CASCADE")
    cursor.execute((HERE / "postgres.sql").read_text())
    names = lake.execute(
        "SELECT ev_id, aircraft_key, acft_make, acft_model FROM explore"
        " WHERE aircraft_key IS NOT NULL"
    )
    while batch := names.fetchmany(10_000):
        values = b",".join(cursor.mogrify("(%s, %s, %s, %s)", row) for row in batch)
        cursor.execute(b"INSERT INTO bench.type_name VALUES " + values)
    cursor.execute((HERE / "stored.sql").read_text())
    cursor.execute("VACUUM ANALYZE")


def timed(query):
    """Median seconds and the rows; a warm-up of more than five seconds is one run of three."""
    start = time.perf_counter()
    rows = query()
    first = time.perf_counter() - start
    seconds = [first] if first > 5 else []
    for _ in range(2 if first > 5 else RUNS):
        start = time.perf_counter()
        rows = query()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), rows


def plain(rows):
    """Rows as a multiset of cells that do not depend on the driver's types."""

    def cell(value):
        if value is None or isinstance(value, (str, bool)):
            return value
        return f"{float(value):.9g}"

    return collections.Counter(tuple(map(cell, row)) for row in rows)


def main(lake, url):
    lake = lake_connection(pathlib.Path(lake))
    postgres = psycopg2.connect(url)
    postgres.autocommit = True
    cursor = postgres.cursor()
    prepare(cursor, lake)
    cursor.execute(f"SET statement_timeout = '{LIMIT}s'")
    events = lake.execute("SELECT count(DISTINCT ev_id) FROM explore").fetchone()[0]
    print(f"{events:,} events, medians of {RUNS} runs in milliseconds")
    print(f"{'figure':<17}{'DuckDB':>8}{'views':>10}{'ratio':>8}{'stored':>10}{'ratio':>8}")
    ratios = collections.defaultdict(list)
    for name in FIGURES:
        sql = (SQL / f"{name}.sql").read_text()
        fast, expected = timed(lambda: lake.execute(sql).fetchall())
        line = f"{name:<17}{fast * 1e3:>8.0f}"
        for which, path in [("views", "bench"), ("stored", "bench_stored, bench")]:
            cursor.execute(f"SET search_path = {path}, ntsb, public")

            def query():
                cursor.execute(sql)
                return cursor.fetchall()

            try:
                slow, rows = timed(query)
            except psycopg2.errors.QueryCanceled:
                ratios[which].append(LIMIT / fast)
                line += f"{'> ' + str(LIMIT * 1000):>10}{LIMIT / fast:>7.0f}×"
                continue
            if plain(rows) != plain(expected):
                sys.exit(f"{name}: PostgreSQL ({which}) and DuckDB disagree")
            ratios[which].append(slow / fast)
            line += f"{slow * 1e3:>10.0f}{slow / fast:>7.1f}×"
        print(line, flush=True)
    for which, values in ratios.items():
        print(f"median ratio, {which}: {statistics.median(values):.1f}×")
    cursor.execute("DROP SCHEMA bench, bench_stored CASCADE")


main(*sys.argv[1:])
