"""The Parquet and Arrow files the explore page writes, opened by DuckDB, pyarrow and Polars, against
the lake: every row, every column, every type."""

import os
import pathlib
import subprocess
import tempfile

import duckdb
import polars
import pyarrow.dataset
import pyarrow.ipc
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
LAKE = pathlib.Path(os.environ["SITE_DIR"]) / ".windsock" / "lake"
WEB = pathlib.Path(os.environ["WINDSOCK"]).parent.parent / "web"
ORDER = [("ev_id", "ascending"), ("aircraft_no", "ascending")]


def plain(table):
    """Text as text: the lake's files say that it is dictionary-coded, the export's need not."""
    schema = pyarrow.schema(
        [
            pyarrow.field(f.name, f.type.value_type if pyarrow.types.is_dictionary(f.type) else f.type)
            for f in table.schema
        ]
    )
    return table.cast(schema).sort_by(ORDER).combine_chunks()


with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder)
    subprocess.run(["node", HERE / "export.mjs", WEB, LAKE, out], check=True)
    lake = plain(pyarrow.dataset.dataset(LAKE / "explore", format="parquet").to_table())
    parquet = pyarrow.parquet.read_table(out / "explore.parquet")
    with pyarrow.ipc.open_file(out / "explore.arrow") as reader:
        arrow = reader.read_all()
    assert lake.num_rows > 1000
    for name, table in [("parquet", parquet), ("arrow", arrow)]:
        assert table.schema.field("latitude").metadata[b"meaning"] == b"Degrees north.", name
        assert table.schema.metadata[b"licence"] == b"public domain", name
        mine = plain(table)
        assert mine.schema.names == lake.schema.names, name
        for column in lake.schema.names:
            assert mine[column].equals(lake[column]), (name, column)
    print(f"pyarrow: {lake.num_rows} rows, {lake.num_columns} columns are those of the lake")

    files = f"'{LAKE}/explore/**/*.parquet', hive_partitioning = false"
    for one, other in [("explore.parquet", None), (None, "explore.parquet")]:
        def side(name):
            return f"read_parquet('{out}/{name}')" if name else f"read_parquet({files})"

        left = duckdb.sql(f"SELECT * FROM {side(one)} EXCEPT ALL SELECT * FROM {side(other)}")
        assert len(left.fetchall()) == 0
    print("DuckDB: no row differs in either direction")

    frames = [polars.read_parquet(out / "explore.parquet"), polars.read_ipc(out / "explore.arrow")]
    assert frames[0].equals(frames[1]) and len(frames[0]) == lake.num_rows
    print("Polars: both files have the same rows")
