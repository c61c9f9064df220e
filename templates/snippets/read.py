import json, urllib.request
import pandas as pd

base = "{{ base }}"
load = lambda path: json.load(urllib.request.urlopen(base + path))

table = load(load("manifest.json")["tables"]["explore"]["manifest"]["path"])
explore = pd.concat(pd.read_parquet(base + file["path"]) for file in table["files"])
accidents = explore[(explore.aircraft_no == 1) & (explore.ev_type == "ACC")]
print(accidents.groupby("ev_year")["ev_id"].count())
