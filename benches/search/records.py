"""Prints the events of a lake as lines of JSON: what the opponent indexes.

    records.py LAKE
"""

import json
import pathlib
import sys

import pyarrow.parquet

lake = pathlib.Path(sys.argv[1])
for file in sorted((lake / "explore").rglob("*.parquet")):
    explore = pyarrow.parquet.read_table(file).to_pylist()
    texts = {}
    folder = lake / "narratives" / file.parent.name
    for path in sorted(folder.glob("*.parquet")):
        for row in pyarrow.parquet.read_table(path).to_pylist():
            names = ("narr_cause", "narr_accf", "narr_accp")
            parts = [row[name] for name in names if row.get(name)]
            texts.setdefault(row["ev_id"], []).extend(parts)
    for event in explore:
        names = [event[n] for n in ("ev_city", "ev_state", "acft_make", "acft_model") if event.get(n)]
        print(json.dumps({
            "id": event["ev_id"],
            "year": str(event["ev_date"])[:4],
            "state": event["ev_state"] or "none",
            "severity": event["ev_highest_injury"] or "none",
            "text": "\n".join([" ".join(names), *texts.get(event["ev_id"], [])]),
        }))
