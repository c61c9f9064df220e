"""Great Expectations reads windsock's suites and results, and comes to the same results.

Every suite that ships, and one that uses every supported expectation type in ways that pass and
ways that fail, runs on the same PostgreSQL: success and counts must be equal, one by one.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from urllib.parse import quote

warnings.filterwarnings("ignore")
os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    expectationSuiteValidationResultSchema,
)
import pandas
from sqlalchemy import Text, text
from sqlalchemy.dialects.postgresql.base import ischema_names

# SQLAlchemy does not know PostGIS, and Great Expectations asks for the type of every column.
ischema_names["geography"] = Text

HERE = Path(__file__).parent
COUNTS = ["element_count", "missing_count", "unexpected_count", "unexpected_percent"]
# Great Expectations runs these on data frames only.
FRAMES_ONLY = {"expect_column_values_to_match_strftime_format"}


def windsock(*arguments):
    done = subprocess.run(
        [os.environ["WINDSOCK"], "--quiet", *arguments],
        cwd=os.environ["SITE_DIR"],
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 4):
        sys.exit(f"windsock {arguments}: {done.stderr}")
    return done.stdout


def database():
    parts = dict(part.split("=", 1) for part in os.environ["DATABASE_URL"].split())
    options = quote("-c search_path=ntsb,public -c timezone=UTC")
    return (
        f"postgresql+psycopg2://{parts['user']}@localhost/{parts['dbname']}"
        f"?host={parts['host']}&options={options}"
    )


class Peer:
    def __init__(self):
        self.context = gx.get_context(mode="ephemeral")
        self.context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(
            globally=False
        )
        self.source = self.context.data_sources.add_postgres("ntsb", connection_string=database())
        self.frames = self.context.data_sources.add_pandas("frames")
        self.assets = {}

    def batch(self, table):
        if table not in self.assets:
            asset = self.source.add_table_asset(table, table_name=table, schema_name="ntsb")
            self.assets[table] = asset.add_batch_definition_whole_table("all").get_batch()
        return self.assets[table]

    def run(self, suite):
        # Great Expectations orders its results in its own way.
        for place, expectation in enumerate(suite["expectations"]):
            expectation["meta"]["place"] = place
        loaded = self.context.suites.add(gx.ExpectationSuite(**suite))
        assert len(loaded.expectations) == len(suite["expectations"])
        table = suite["meta"]["table"]
        result = self.batch(table).validate(loaded, result_format="SUMMARY").to_json_dict()
        for one in result["results"]:
            configuration = one["expectation_config"]
            if configuration["type"] in FRAMES_ONLY:
                one.update(self.on_frame(table, configuration))
        return result

    def on_frame(self, table, configuration):
        """Runs one expectation on a data frame of its column."""
        column = configuration["kwargs"]["column"]
        with self.source.get_engine().connect() as connection:
            query = text(f"SELECT {column} FROM ntsb.{table}")
            frame = pandas.read_sql(query, connection)
        batch = self.frames.add_dataframe_asset(column).add_batch_definition_whole_dataframe("all")
        kwargs = {k: v for k, v in configuration["kwargs"].items() if k != "batch_id"}
        suite = gx.ExpectationSuite(
            name=column, expectations=[{"type": configuration["type"], "kwargs": kwargs}]
        )
        result = batch.get_batch({"dataframe": frame}).validate(suite, result_format="SUMMARY")
        first = result.to_json_dict()["results"][0]
        return {name: first[name] for name in ("success", "result", "exception_info")}


def compare(suite, ours, theirs):
    """Differences between two validation results, one line each."""
    by_place = {
        result["expectation_config"]["meta"]["place"]: result for result in theirs["results"]
    }
    for place, mine in enumerate(ours["results"]):
        configuration = mine["expectation_config"]
        label = f"{suite['name']}: {mine['meta']['id']}"
        other = by_place.get(place)
        if other is None:
            yield f"{label}: Great Expectations has no result"
            continue
        raised = other["exception_info"].get("raised_exception") or any(
            info.get("raised_exception")
            for info in other["exception_info"].values()
            if isinstance(info, dict)
        )
        if raised:
            yield f"{label}: Great Expectations raised {str(other['exception_info'])[-400:]}"
            continue
        if mine["success"] != bool(other["success"]):
            yield f"{label}: {mine['success']} here, {other['success']} there"
        # A query has no count of its own there, and nothing is counted about whole columns.
        for name in COUNTS + ["observed_value"]:
            if name not in other["result"] or not comparable(configuration["type"], name):
                continue
            a, b = mine["result"].get(name), other["result"][name]
            # What Great Expectations adds up over no rows is None.
            if not equal(a or 0, b or 0):
                yield f"{label}: {name} is {a} here, {b} there"


def comparable(kind, name):
    """Lists of columns come in an order of their own; of sets only success is promised."""
    if "distinct_values" in kind:
        return False
    return name != "observed_value" or "table_columns" not in kind


def equal(a, b):
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) <= 1e-6 * max(1.0, abs(a))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, str) and isinstance(b, str):
        return a.removesuffix("T00:00:00") == b.removesuffix("T00:00:00")
    return a == b


def load_result(ours):
    """The result is one of Great Expectations', and says the same when written again."""
    loaded = expectationSuiteValidationResultSchema.load(ours)
    assert isinstance(loaded, ExpectationSuiteValidationResult)
    again = loaded.to_json_dict()
    assert again["success"] == ours["success"]
    assert again["statistics"] == ours["statistics"]
    assert len(again["results"]) == len(ours["results"])


def main():
    peer = Peer()
    problems, compared, failed = [], 0, 0
    for path in sorted((HERE / "../../generator/suites").glob("*.json")):
        # As they are in the repository, before anything is derived from the schema.
        gx.ExpectationSuite(**json.loads(path.read_text()))

    with tempfile.TemporaryDirectory() as folder:
        windsock("validate", "--export-suites", folder)
        suites = [json.loads(path.read_text()) for path in sorted(Path(folder).glob("*.json"))]
    results = {result["suite_name"]: result for result in json.loads(windsock("validate", "--json"))}
    assert len(suites) == len(results) == 20, len(suites)

    every = HERE / "every_type.json"
    suites.append(json.loads(every.read_text()))
    for result in json.loads(windsock("validate", "--json", "--suite", str(every))):
        results[result["suite_name"]] = result

    for suite in suites:
        ours = results[suite["name"]]
        load_result(ours)
        problems.extend(compare(suite, ours, peer.run(suite)))
        compared += len(ours["results"])
        failed += sum(not result["success"] for result in ours["results"])
    print(f"{len(suites)} suites, {compared} expectations, {failed} of them violated: compared")
    if problems:
        sys.exit("\n".join(problems))


main()
