"""Makes a lake of real size whose narratives read like those of a small one.

    corpus.py SMALL_LAKE OUT EVENTS

Words follow each other as in the texts of the small lake (a chain of order one); a quarter is drawn
regardless of the word before, and one in fifty is a name or number of its own, because real texts
have ever more words and pairs of words the more of them there are. Lengths are those of the NTSB's
three databases: 16 % of the events have long narratives, 34 % shorter ones, half only remarks.
"""

import hashlib
import json
import pathlib
import re
import sys

import numpy
import pyarrow
import pyarrow.parquet

REGARDLESS, OWN, NAMES = 0.25, 0.02, 300_000
# Share of the events, first and last year, words of the narratives and of the probable cause.
ERAS = [(0.50, 1962, 1981, 15, 20), (0.34, 1982, 2007, 400, 30), (0.16, 2008, 2025, 670, 30)]
MAKES = [("CESSNA", "172"), ("CESSNA", "152"), ("PIPER", "PA-28-140"), ("BEECH", "A36"),
         ("BELL", "206B"), ("ROBINSON", "R44"), ("BOEING", "737"), ("CIRRUS", "SR22")]


def texts(lake):
    columns = ["narr_accp", "narr_accf", "narr_cause"]
    for file in sorted(pathlib.Path(lake, "narratives").rglob("*.parquet")):
        table = pyarrow.parquet.read_table(file, columns=columns)
        for column in columns:
            yield from (text for text in table[column].to_pylist() if text)


class Chain:
    """What follows which word."""

    def __init__(self, texts):
        tokens = re.findall(r"\S+", " \x00 ".join(texts))
        self.words, ids = numpy.unique(numpy.array(tokens, dtype=object), return_inverse=True)
        order = numpy.argsort(ids[:-1], kind="stable")
        self.next = ids[1:][order]
        self.start = numpy.searchsorted(ids[:-1][order], numpy.arange(len(self.words) + 1))
        self.all = ids
        self.end = int(numpy.searchsorted(self.words, "\x00"))

    def generate(self, random, lengths):
        """Texts of so many words."""
        longest = max(lengths, default=0)
        state = numpy.full(len(lengths), self.end)
        out = numpy.empty((longest, len(lengths)), dtype=numpy.int32)
        for step in range(longest):
            low, high = self.start[state], self.start[state + 1]
            chained = self.next[low + (random.random(len(state)) * (high - low)).astype(int)]
            drawn = self.all[random.integers(0, len(self.all), len(state))]
            state = numpy.where(random.random(len(state)) < REGARDLESS, drawn, chained)
            # Names follow Zipf's law: one is met often, most are met once.
            name = numpy.exp(random.random(len(state)) * numpy.log(NAMES)).astype(int)
            out[step] = numpy.where(random.random(len(state)) < OWN, -name, state)
        for at, length in enumerate(lengths):
            ids = out[:length, at]
            yield " ".join(self.words[i] if i >= 0 else named(int(-i)) for i in ids if i != self.end)


def named(number):
    if number % 3 == 0:
        return str(number)
    word, letters = "", "abdeghiklmnoprstuvwy"
    number = number * 7919 % 20_000_003 + 12
    while number:
        number, at = divmod(number, len(letters))
        word += letters[at]
    return word.capitalize()


def main(lake, out, events):
    out, events = pathlib.Path(out), int(events)
    random = numpy.random.default_rng(1)
    chain = Chain(list(texts(lake)))
    tables = {"explore": [], "narratives": []}
    states = ["CA", "TX", "FL", "AK", "AZ", "CO", "WA", "NY", "GA", "OH", "IL", "MN", "NC", "PA", "OR"]
    bytes_ = 0
    for share, first, last, words, cause in ERAS:
        years = range(first, last + 1)
        for year in years:
            count = int(events * share / len(years))
            lengths = numpy.maximum(3, random.lognormal(numpy.log(words) - 0.18, 0.6, count)).astype(int)
            long = list(chain.generate(random, lengths))
            causes = list(chain.generate(random, numpy.full(count, cause)))
            bytes_ += sum(map(len, long)) + sum(map(len, causes))
            days = numpy.sort(random.integers(0, 365, count))
            dates = numpy.datetime64(f"{year}-01-01") + days
            ids = [f"{str(d).replace('-', '')}X{n:05}" for n, d in enumerate(dates)]
            kinds = random.integers(0, len(MAKES), count)
            injuries = random.choice(["FATL", "SERS", "MINR", "NONE"], count, p=[.2, .1, .15, .55])
            write(out, tables["explore"], "explore", year, {
                "ev_id": ids,
                "ntsb_no": [f"ABC{year % 100:02}LA{n:04}" for n in range(count)],
                "aircraft_key": [1] * count,
                "ev_type": ["ACC"] * count,
                "ev_date": [str(d) for d in dates],
                "ev_city": [named(int(n)) for n in random.integers(1, 5000, count)],
                "ev_state": random.choice(states, count).tolist(),
                "ev_country": ["USA"] * count,
                "regis_no": [f"N{n}" for n in random.integers(100, 99999, count)],
                "acft_make": [MAKES[k][0] for k in kinds],
                "acft_model": [MAKES[k][1] for k in kinds],
                "status": ["closed"] * count,
                "ev_highest_injury": injuries.tolist(),
                "fatalities": [int(i == "FATL") for i in injuries],
            })
            write(out, tables["narratives"], "narratives", year, {
                "ev_id": ids, "aircraft_key": [1] * count, "narr_accp": long, "narr_cause": causes,
            })
    manifest(out, tables)
    print(f"{sum(f['rows'] for f in tables['explore'])} events, {bytes_} bytes of text")


def write(out, files, table, year, columns):
    path = out / table / f"ev_year={year}" / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table(columns), path, compression="zstd")
    files.append({
        "path": str(path.relative_to(out)), "rows": len(columns["ev_id"]),
        "bytes": path.stat().st_size, "sha256": "", "ranges": {},
    })


def manifest(out, tables):
    entries = {}
    (out / "manifests").mkdir(exist_ok=True)
    for name, files in tables.items():
        sums = {key: sum(file[key] for file in files) for key in ("rows", "bytes")}
        entry = {"columns": [], "partition": "ev_year", "files": files, **sums}
        text = json.dumps(entry)
        path = f"manifests/{name}.json"
        (out / path).write_text(text)
        file = {"path": path, "bytes": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        entries[name] = {"manifest": file, "files": len(files), **sums}
    index = {"version": 1, "data_date": "2025-12-31", "sources": [], "tables": entries}
    (out / "manifest.json").write_text(json.dumps(index))


if __name__ == "__main__":
    main(*sys.argv[1:])
