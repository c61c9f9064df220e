"""The lake opened by DuckDB, pyarrow, Polars and Spark, each by its folder names alone, against
PostgreSQL: rows, sums of every numeric column and twenty sampled rows of every table. The files by
column, which lie elsewhere, have the same rows once more."""

import collections
import datetime
import json
import math
import os
import pathlib
import time

import duckdb
import polars
import psycopg2
import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet
import pyspark.sql

LAKE = pathlib.Path(os.environ["SITE_DIR"]) / ".windsock" / "lake"
SAMPLE = 20
NUMERIC = {"int", "float"}


def literal(text):
    return "'" + text.replace("'", "''") + "'"


class Table:
    """A table as the manifest describes it."""

    def __init__(self, name, entry):
        self.name = name
        self.folder = f"{LAKE}/{name}"
        self.partition = entry["partition"]
        self.rows = entry["rows"]
        self.columns = [column["name"] for column in entry["columns"]]
        self.numeric = [c["name"] for c in entry["columns"] if c["type"] in NUMERIC]
        self.by_column = entry.get("by_column", [])
        # A text that narrows a search down to the sampled rows.
        self.key = self.columns[0] if self.partition else None


class Postgres:
    """What everything is compared with. explore exists in the lake only."""

    def __init__(self):
        self.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        self.cursor = self.connection.cursor()
        self.cursor.execute("SET search_path = ntsb, public; SET timezone = 'UTC'")
        self.cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'ntsb'"
        )
        self.types = {(table, column): of for table, column, of in self.cursor.fetchall()}

    def has(self, table):
        return any(name == table.name for name, _ in self.types)

    def expression(self, table, column):
        if (table.name, column) not in self.types:
            # The lake adds the year of its event to every record.
            assert column == "ev_year", f"{table.name}.{column}"
            return "(SELECT extract(year FROM ev_date)::int FROM events WHERE ev_id = t.ev_id)"
        # Drivers read a real as the decimal that was typed, engines as the binary neighbour.
        real = self.types[table.name, column] == "real"
        return f'"{column}"::float8' if real else f'"{column}"'

    def totals(self, table):
        sums = [f"sum({self.expression(table, column)})" for column in table.numeric]
        self.cursor.execute(f"SELECT {', '.join(['count(*)', *sums])} FROM {table.name} AS t")
        return list(self.cursor.fetchone())

    def sample(self, table):
        columns = ", ".join(self.expression(table, column) for column in table.columns)
        self.cursor.execute(
            f"SELECT {columns} FROM {table.name} AS t ORDER BY md5(t::text) LIMIT {SAMPLE}"
        )
        return self.cursor.fetchall()


class DuckDb:
    def __init__(self):
        self.connection = duckdb.connect()
        # Nothing may be fetched: all that is needed comes with the package.
        self.connection.execute("SET autoinstall_known_extensions = false")

    def source(self, table):
        return f"read_parquet('{table.folder}/**/*.parquet', hive_partitioning = true)"

    def totals(self, table):
        sums = [f'sum(CAST("{column}" AS DOUBLE))' for column in table.numeric]
        query = f"SELECT {', '.join(['count(*)', *sums])} FROM {self.source(table)}"
        return list(self.connection.execute(query).fetchone())

    def rows(self, table, keys):
        columns = ", ".join(f'"{column}"' for column in table.columns)
        where = f"WHERE \"{table.key}\" IN ({', '.join(map(literal, keys))})" if keys else ""
        return self.connection.execute(
            f"SELECT {columns} FROM {self.source(table)} {where}"
        ).fetchall()


class PyArrow:
    def source(self, table):
        partitioning = "hive" if table.partition else None
        if table.partition in table.columns:
            # The files hold the year too, in the 16 bits of the source; folder names tell no width.
            file = next(pathlib.Path(table.folder).rglob("*.parquet"))
            year = pyarrow.parquet.read_schema(file).field(table.partition)
            partitioning = pyarrow.dataset.partitioning(pyarrow.schema([year]), flavor="hive")
        return pyarrow.dataset.dataset(
            table.folder, format="parquet", partitioning=partitioning
        )

    def totals(self, table):
        found = self.source(table).to_table(columns=table.numeric)
        sums = [
            pyarrow.compute.sum(found[column].cast("double")).as_py() for column in table.numeric
        ]
        return [found.num_rows, *sums]

    def rows(self, table, keys):
        where = pyarrow.dataset.field(table.key).isin(keys) if keys else None
        found = self.source(table).to_table(columns=table.columns, filter=where)
        return list(zip(*(found[column].to_pylist() for column in table.columns)))


class Polars:
    def source(self, table):
        return polars.scan_parquet(
            f"{table.folder}/**/*.parquet", hive_partitioning=bool(table.partition)
        )

    def totals(self, table):
        sums = [polars.col(column).cast(polars.Float64).sum() for column in table.numeric]
        values = [polars.col(column).count().alias(f"n {column}") for column in table.numeric]
        found = self.source(table).select(polars.len().alias("rows"), *sums, *values)
        found = found.collect().row(0, named=True)
        # Polars sums nothing to 0, everybody else to NULL.
        return [found["rows"]] + [
            found[column] if found[f"n {column}"] else None for column in table.numeric
        ]

    def rows(self, table, keys):
        found = self.source(table).select(table.columns)
        if keys:
            found = found.filter(polars.col(table.key).is_in(keys))
        return found.collect().rows()


class Spark:
    def __init__(self):
        builder = pyspark.sql.SparkSession.builder.master("local[2]")
        for key, value in {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.sources.parallelPartitionDiscovery.threshold": "2000",
        }.items():
            builder = builder.config(key, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")
        self.frames = {}

    def source(self, table):
        if table.name not in self.frames:
            self.frames[table.name] = self.session.read.parquet(table.folder)
        return self.frames[table.name]

    def totals(self, table):
        sums = [f"sum(CAST(`{column}` AS DOUBLE))" for column in table.numeric]
        return list(self.source(table).selectExpr("count(*)", *sums).first())

    def rows(self, table, keys):
        found = self.source(table)
        if keys:
            found = found.filter(found[table.key].isin(keys))
        return [tuple(row) for row in found.select(*table.columns).collect()]


def plain(value):
    """A cell as every driver may have it."""
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    return value


def same(found, expected):
    if found is None or expected is None:
        return found is expected
    return math.isclose(float(found), float(expected), rel_tol=1e-9, abs_tol=1e-9)


def compare(table, name, found, expected):
    for column, one, other in zip(["rows", *table.numeric], found, expected, strict=True):
        assert same(one, other), f"{table.name}.{column}: {name} has {one}, expected {other}"


def contains(table, name, found, sample):
    found = collections.Counter(tuple(map(plain, row)) for row in found)
    for row, times in collections.Counter(tuple(map(plain, row)) for row in sample).items():
        assert found[row] >= times, f"{table.name}: {name} lacks {row}"


def check_columns(table, totals):
    """Every column of the files by column: as many rows, and the same sums."""
    parts = collections.defaultdict(list)
    for part in table.by_column:
        for column in part["columns"]:
            read = pyarrow.parquet.read_table(LAKE / part["path"])
            assert read.num_rows == part["rows"], part["path"]
            parts[column].append(read)
    assert sorted(parts) == sorted(table.columns), f"{table.name}: other columns"
    sums = dict(zip(table.numeric, totals[1:], strict=True))
    for column, read in parts.items():
        assert sum(part.num_rows for part in read) == table.rows, f"{table.name}.{column}"
        if column in sums:
            # Fractions are decimals, and those that are none stand beside them.
            names = [column, f"{column}_rest"]
            values = [part[name].cast("double") for part in read for name in names if name in part.column_names]
            found = [pyarrow.compute.sum(some).as_py() for some in values]
            found = [some for some in found if some is not None]
            assert same(sum(found) if found else None, sums[column]), f"{table.name}.{column}"
    return len(parts)


def main():
    manifest = json.loads((LAKE / "manifest.json").read_text())
    tables = [
        Table(name, json.loads((LAKE / entry["manifest"]["path"]).read_text()))
        for name, entry in manifest["tables"].items()
    ]
    postgres = Postgres()
    engines = {e.__name__: e() for e in (DuckDb, PyArrow, Polars, Spark)}
    seconds = collections.Counter()
    checked = collections.Counter()
    for table in tables:
        if not table.rows:
            assert not postgres.has(table) or postgres.totals(table)[0] == 0, table.name
            checked["empty"] += 1
            continue
        if postgres.has(table):
            totals, sample = postgres.totals(table), postgres.sample(table)
        else:
            totals = engines["DuckDb"].totals(table)
            rows = engines["DuckDb"].rows(table, [])
            sample = rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE]
        assert totals[0] == table.rows, f"{table.name}: the manifest says {table.rows} rows"
        keys = sorted({row[0] for row in sample}) if table.key else []
        for name, engine in engines.items():
            start = time.monotonic()
            compare(table, name, engine.totals(table), totals)
            contains(table, name, engine.rows(table, keys), sample)
            seconds[name] += time.monotonic() - start
        if table.by_column:
            checked["columns"] += check_columns(table, totals)
        checked["tables"] += 1
        checked["sums"] += len(table.numeric)
        checked["rows"] += len(sample)
    assert checked["rows"] > 20 * 10, "too little was compared"
    assert checked["columns"] > 50, "no table lies there by column"
    times = ", ".join(f"{name} {seconds[name]:.1f} s" for name in engines)
    print(
        f"{checked['tables']} tables ({checked['empty']} more are empty): counts,"
        f" {checked['sums']} sums and {checked['rows']} sampled rows agree,"
        f" and {checked['columns']} columns that lie there by themselves; {times}"
    )


main()
