"""Every figure computed by DuckDB and by a real local Spark: the same columns, kinds and rows."""

import json
import math
import os
import pathlib
import subprocess
import sys
import time

FOLDER = pathlib.Path(os.environ["SITE_DIR"])
HOURS = "year,segment,far_parts,hours\n" + "".join(
    f"{year},{segment}\n"
    for year in range(1962, 2022)
    for segment in ("Part 91,091 091K,2.25e7", "Air carriers,121,18000000", "All,*,5e7")
)


def analyse(*arguments):
    command = [os.environ["WINDSOCK"], "--quiet", "analyse", "--exposure", "hours.csv", "--json"]
    start = time.monotonic()
    done = subprocess.run(
        [*command, *arguments], cwd=FOLDER, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)["figures"], time.monotonic() - start


def same(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return type(one) is type(other) and one == other


def main():
    (FOLDER / "hours.csv").write_text(HOURS)
    spark, spark_seconds = analyse(
        "--engine", "spark", "--spark-python", sys.executable, "--master", "local[2]"
    )
    # Last, so that what lies in the folder afterwards is what DuckDB made.
    duckdb, duckdb_seconds = analyse()
    assert spark.keys() == duckdb.keys()
    cells = exact = 0
    for name, figure in duckdb.items():
        other = spark[name]
        assert figure["columns"] == other["columns"], f"{name}: {other['columns']}"
        assert len(figure["rows"]) == len(other["rows"]), f"{name}: {len(other['rows'])} rows"
        for row, found in zip(figure["rows"], other["rows"]):
            assert all(map(same, row, found)), f"{name}: Spark has {found}, DuckDB {row}"
            cells += len(row)
            exact += row == found
    rows = sum(len(figure["rows"]) for figure in duckdb.values())
    assert duckdb["rates"]["rows"], "hours were given, so there are rates"
    print(
        f"{len(duckdb)} figures, {rows} rows, {cells} cells are equal ({exact} rows to the last"
        f" bit); Spark {spark_seconds:.1f} s, DuckDB {duckdb_seconds:.1f} s"
    )


main()
