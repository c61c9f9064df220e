"""Runs the SQL of figures on Apache Spark.

usage: driver.py JOB OUT

JOB is a JSON file: the lake's base (a path or URI every executor can read), its tables, the
exposure data, Spark settings and the figures. For each figure a file OUT/<name>.jsonl is written:
its first line names the columns and their kinds, every other line is a row.
"""

import collections
import datetime
import decimal
import json
import pathlib
import re
import sys

from pyspark.sql import SparkSession

# What the lake's types are in Spark, for tables without files.
EMPTY = {
    "text": "STRING",
    "int": "INT",
    "float": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP_NTZ",
    "boolean": "BOOLEAN",
}

KINDS = {
    "string": "text",
    "date": "text",
    "boolean": "boolean",
    "double": "number",
    "float": "number",
    "tinyint": "integer",
    "smallint": "integer",
    "int": "integer",
    "bigint": "integer",
}


def session(job):
    builder = SparkSession.builder.appName("windsock analyse")
    if job["master"]:
        builder = builder.master(job["master"])
    settings = {
        # Dates and times of the lake have no zone.
        "spark.sql.session.timeZone": "UTC",
        # Results are small; many partitions only cost time.
        "spark.sql.shuffle.partitions": "8",
        # A lake has some hundred files: listing them is no work for a cluster.
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "2000",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **job["settings"],
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def register(spark, lake, name, table):
    files = [f"{lake}/{path}" for path in table["files"]]
    columns = [column["name"] for column in table["columns"]]
    if not files:
        schema = ", ".join(
            f"`{column['name']}` {EMPTY[column['type']]}" for column in table["columns"]
        )
        frame = spark.createDataFrame([], schema)
    elif table["partition"] and table["partition"] not in columns:
        frame = spark.read.option("basePath", f"{lake}/{name}").parquet(*files)
    else:
        # The files hold the partition column themselves: theirs is the one to read.
        frame = spark.read.option("recursiveFileLookup", "true").parquet(*files)
    frame.createOrReplaceTempView(name)
    return frame


def cell(value):
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value)
    return value


def kind(name, column, spark_type):
    whole = re.fullmatch(r"decimal\(\d+,0\)", spark_type)
    found = "integer" if whole else KINDS.get(spark_type)
    if found is None:
        sys.exit(f"figure {name}: column {column} is a {spark_type}: cast it")
    return found


def run(spark, figure, out):
    frame = spark.sql(figure["sql"])
    columns = [[column, kind(figure["name"], column, of)] for column, of in frame.dtypes]
    lines = [columns] + [[cell(value) for value in row] for row in frame.collect()]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (out / f"{figure['name']}.jsonl").write_text(text, encoding="utf-8")


def main(job, out):
    job = json.loads(pathlib.Path(job).read_text(encoding="utf-8"))
    out = pathlib.Path(out)
    spark = session(job)
    # Opening a table lists its files, so only what is asked for is opened.
    uses = collections.Counter(
        word for figure in job["figures"] for word in set(re.findall(r"\w+", figure["sql"]))
    )
    for name, table in job["tables"].items():
        if uses[name]:
            frame = register(spark, job["lake"], name, table)
            if uses[name] > 2:
                frame.cache()
    for name, rows, schema in [
        ("exposure", job["hours"], "ev_year INT, segment STRING, hours DOUBLE"),
        ("exposure_segment", job["segments"], "segment STRING, far_part STRING"),
    ]:
        frame = spark.createDataFrame([tuple(row) for row in rows], schema)
        frame.createOrReplaceTempView(name)
    for figure in job["figures"]:
        print("figure", figure["name"], flush=True)
        run(spark, figure, out)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
