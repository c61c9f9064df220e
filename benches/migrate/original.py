"""Loads an MDB into PostgreSQL the way the original design did: mdb-export to CSV files, pandas,
COPY, then REINDEX and VACUUM ANALYZE.

Its method is kept, with its cleaning rules. Mended is what kept it from loading anything: columns are
those of the file, keys are composite, whole numbers stay whole, dates have four-digit years, rows
without a parent are left out, REINDEX runs outside a transaction.

    original.py schema URL SCHEMA_TSV         creates its tables, keys, indexes and triggers
    original.py load URL SCHEMA_TSV MDB DIR   loads a file; DIR takes the CSV files
"""

import csv
import io
import re
import subprocess
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pandas as pd
import psycopg2

# The tables of the original first, in its order; then those it had forgotten.
TABLES = [
    "events", "aircraft", "Flight_Crew", "injury", "Findings", "Occurrences", "seq_of_events",
    "engines", "narratives", "NTSB_Admin", "dt_events", "dt_aircraft", "dt_Flight_Crew",
    "Events_Sequence", "flight_time", "Country", "ct_iaids", "ct_seqevt", "eADMSPUB_DataDictionary",
    "states",
]
TYPES = {
    "Text": "text", "Memo": "text", "Long": "integer", "Int16": "smallint", "Byte": "smallint",
    "Single": "real", "Double": "double precision", "DateTime": "timestamp", "Boolean": "boolean",
}
WHOLE = {"Long", "Int16", "Byte", "Boolean"}
KEYS = {
    "events": "ev_id", "NTSB_Admin": "ev_id", "aircraft": "ev_id, aircraft_key",
    "Flight_Crew": "ev_id, aircraft_key, crew_no", "engines": "ev_id, aircraft_key, eng_no",
}
INDEXES = """
CREATE INDEX ON events (ev_date);
CREATE INDEX ON events (ev_year);
CREATE INDEX ON events (ev_highest_injury);
CREATE INDEX ON events (ev_state);
CREATE INDEX ON events USING gist (location_geom);
CREATE INDEX ON events (ev_date, ev_highest_injury);
CREATE INDEX ON aircraft (acft_make, acft_model);
CREATE INDEX ON aircraft (regis_no);
CREATE INDEX ON flight_crew (aircraft_key);
CREATE INDEX ON findings (cm_inpc) WHERE cm_inpc IS NOT NULL;
CREATE INDEX ON findings (finding_code);
CREATE INDEX ON occurrences (occurrence_code);
CREATE INDEX ON narratives USING gin (search_vector);
"""
TRIGGERS = """
CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at = CURRENT_TIMESTAMP;
  RETURN NEW;
END;
$$;
CREATE TRIGGER update_events_updated_at BEFORE UPDATE ON events
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_aircraft_updated_at BEFORE UPDATE ON aircraft
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE FUNCTION calculate_content_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.content_hash = encode(sha256(convert_to(concat_ws('|',
    NEW.ev_id, NEW.ev_date, NEW.ev_city, NEW.ev_state, NEW.ev_highest_injury, NEW.inj_tot_f), 'UTF8')),
    'hex');
  RETURN NEW;
END;
$$;
CREATE TRIGGER calculate_events_content_hash BEFORE INSERT OR UPDATE ON events
  FOR EACH ROW EXECUTE FUNCTION calculate_content_hash();
"""


def columns_of(schema):
    """Columns and their types in Access, by table."""
    tables = defaultdict(dict)
    with open(schema, newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            tables[row["table"]][row["column"]] = row["access_type"]
    return tables


def sql_name(column):
    # The dictionary has columns with blanks, and two called like SQL keywords.
    return f"{column}_name" if column in ("Table", "Column") else re.sub(r"\W", "_", column)


def create(url, schema):
    """Creates the tables as the original has them, with the columns of the file."""
    statements = ["CREATE EXTENSION IF NOT EXISTS postgis;"]
    tables = columns_of(schema)
    for table in TABLES:
        parts = [f"{sql_name(name)} {TYPES[kind]}" for name, kind in tables[table].items()]
        if table in KEYS:
            parts.append(f"PRIMARY KEY ({KEYS[table]})")
        else:
            parts.insert(0, "id serial PRIMARY KEY")
        parts.append("created_at timestamp DEFAULT CURRENT_TIMESTAMP")
        if table in ("events", "aircraft"):
            parts.append("updated_at timestamp DEFAULT CURRENT_TIMESTAMP")
        if table == "events":
            parts.append(
                "content_hash char(64), location_geom geography(Point, 4326) GENERATED ALWAYS AS ("
                "CASE WHEN dec_latitude IS NOT NULL AND dec_longitude IS NOT NULL THEN "
                "ST_SetSRID(ST_MakePoint(dec_longitude, dec_latitude), 4326)::geography END) STORED"
            )
        elif "ev_id" in tables[table]:
            parts.append("FOREIGN KEY (ev_id) REFERENCES events ON DELETE CASCADE")
        if "Aircraft_Key" in tables[table] and table != "aircraft":
            parts.append(
                "FOREIGN KEY (ev_id, aircraft_key) REFERENCES aircraft ON DELETE CASCADE"
            )
        if table == "narratives":
            parts.append(
                "search_vector tsvector GENERATED ALWAYS AS (to_tsvector('english', "
                "coalesce(narr_accp, '') || ' ' || coalesce(narr_cause, ''))) STORED"
            )
        statements.append(f"CREATE TABLE {table} ({', '.join(parts)});")
        if "ev_id" in tables[table] and table != "events":
            statements.append(f"CREATE INDEX ON {table} (ev_id);")
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("\n".join(statements) + INDEXES + TRIGGERS)


def extract(mdb, table, folder):
    path = folder / f"{table}.csv"
    command = ["mdb-export", "-D", "%Y-%m-%d", "-T", "%Y-%m-%d %H:%M:%S", str(mdb), table]
    with open(path, "w") as file:
        subprocess.run(command, stdout=file, check=True)
    rows = sum(1 for _ in open(path)) - 1
    print(f"extracted {rows} lines of {table}", file=sys.stderr)
    return path


def clean_numeric(frame, columns):
    for column in columns:
        if column in frame.columns:
            frame[column] = pd.to_numeric(frame[column], errors="coerce")
    return frame


def clean_nulls(frame):
    frame.replace({"": None, "UNK": None, "UNKN": None}, inplace=True)
    return frame


def transform_events(frame):
    frame["ev_date"] = pd.to_datetime(frame["ev_date"], errors="coerce")
    for column, limit in (("dec_latitude", 90), ("dec_longitude", 180)):
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
        frame.loc[(frame[column] < -limit) | (frame[column] > limit), column] = None
    frame = clean_numeric(frame, ["inj_tot_f", "inj_tot_s", "inj_tot_m", "inj_tot_n", "wx_temp"])
    frame = clean_nulls(frame)
    for column in frame.select_dtypes(include=["object"]).columns:
        frame[column] = frame[column].str.strip()
    frame = frame[frame["ev_date"].notna()]
    years = frame["ev_date"].dt.year
    return frame[(years >= 1962) & (years <= datetime.now().year + 1)]


def transform(table, frame):
    if table == "events":
        return transform_events(frame)
    if table == "aircraft":
        frame = clean_numeric(frame, ["cert_max_gr_wt", "num_eng"])
    if table == "Flight_Crew":
        frame = clean_numeric(frame, ["crew_age"])
    return clean_nulls(frame)


def bulk_load(connection, table, frame):
    frame = frame.where(pd.notnull(frame), None)
    names = ", ".join(sql_name(column) for column in frame.columns)
    output = io.StringIO()
    frame.to_csv(output, sep="\t", header=False, index=False, na_rep="\\N")
    output.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({names}) FROM STDIN WITH CSV DELIMITER E'\\t' NULL '\\N'", output
        )
    connection.commit()
    return len(frame)


def load(url, schema, mdb, folder):
    """Loads a file and returns the number of rows loaded."""
    kinds = columns_of(schema)
    folder.mkdir(parents=True, exist_ok=True)
    extracted = {table: extract(mdb, table, folder) for table in TABLES}
    connection = psycopg2.connect(url)
    events, loaded = set(), 0
    for table in TABLES:
        frame = pd.read_csv(extracted[table], low_memory=False)
        frame = transform(table, frame)
        if table == "events":
            events = set(frame["ev_id"])
        elif "ev_id" in frame.columns:
            frame = frame[frame["ev_id"].isin(events)]
        for column in frame.columns:
            if kinds[table].get(column) in WHOLE and frame[column].dtype == "float64":
                frame[column] = frame[column].astype("Int64")
        if not frame.empty:
            loaded += bulk_load(connection, table, frame)
    connection.set_isolation_level(0)
    with connection.cursor() as cursor:
        cursor.execute(f"REINDEX DATABASE {connection.info.dbname}")
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    return loaded


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["schema", url, schema]:
            create(url, schema)
        case ["load", url, schema, mdb, folder]:
            print(load(url, schema, Path(mdb), Path(folder)))
        case _:
            sys.exit(__doc__)
