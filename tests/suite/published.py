"""Reads a built site as other programs do: published.py DIST.

Built for https://example.org/some/prefix/: the snippets of its pages name that address, which is
replaced by the folder.
"""

import contextlib
import hashlib
import io
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import duckdb

BASE = "https://example.org/some/prefix/"
dist = Path(sys.argv[1]).resolve()


def text(path):
    return (dist / path).read_text(encoding="utf-8")


class Snippets(HTMLParser):
    """Texts of <code class="…"> by class, and of <script type="application/ld+json">."""

    def __init__(self, page):
        super().__init__()
        self.found, self.inside = {}, None
        self.feed(text(page))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "code":
            self.inside = attributes.get("class")
        elif tag == "script" and attributes.get("type") == "application/ld+json":
            self.inside = "linked"
        if self.inside:
            self.found.setdefault(self.inside, "")

    def handle_endtag(self, tag):
        if tag in ("code", "script"):
            self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.found[self.inside] += data


def run(code):
    """What Python code prints, with the site's address replaced by its folder."""
    code = code.replace(BASE, dist.as_uri() + "/")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "snippet", "exec"), {})
    return printed.getvalue()


yearly = json.loads(text("api/v1/yearly.json"))["rows"]
data = Snippets("data/index.html").found

# DuckDB: the newest years, as the figure has them.
rows = duckdb.sql(data["sql"].replace(BASE, f"{dist}/")).fetchall()
expected = {row["ev_year"]: row["fatal_accidents"] for row in yearly}
assert rows, "the snippet for DuckDB finds something"
for year, fatal in rows:
    assert expected[year] == fatal, f"{year}: {fatal}, the figure has {expected[year]}"

# Python: every year with an accident, in any country.
printed = run(data["python"])
years = re.findall(r"^(\d{4})(?:\.0)? +(\d+)$", printed, re.M)
lake = f"{dist}/lake/explore/*/*.parquet"
counted = duckdb.sql(
    f"SELECT ev_year, count(*) FROM read_parquet('{lake}', hive_partitioning = false) "
    "WHERE aircraft_no = 1 AND ev_type = 'ACC' GROUP BY ev_year"
).fetchall()
assert {(int(y), int(n)) for y, n in years} <= set(counted) and len(years) > 5, printed
assert "{{" not in data["r"] + data["rust"] and BASE in data["r"] and BASE in data["rust"]

# The snippet of the API page finds a record.
api = Snippets("data/api/index.html").found["python"]
assert " at " in run(api), "a record has a title"

# Linked data.
linked = json.loads(data["linked"])
assert linked["@type"] == "Dataset" and linked["url"] == BASE + "data/"

# Checksums of every file of the lake.
sums = [line.split("  ") for line in text("lake/SHA256SUMS").splitlines()]
for expected_sum, path in sums:
    assert hashlib.sha256((dist / "lake" / path).read_bytes()).hexdigest() == expected_sum, path
on_disk = {str(p.relative_to(dist / "lake")) for p in (dist / "lake").glob("*/**/*.parquet")}
on_disk = {path for path in on_disk if not path.startswith("figures/")}
assert on_disk == {path for _, path in sums}

# Sitemaps: an index, files it names, pages those name.
space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
index = ElementTree.fromstring(text("sitemap.xml"))
pages = []
for place in index.findall("s:sitemap/s:loc", space):
    urls = ElementTree.fromstring(text(place.text.removeprefix(BASE)))
    found = [loc.text for loc in urls.findall("s:url/s:loc", space)]
    assert 0 < len(found) <= 50_000
    pages += found
assert len(pages) > 100 and len(set(pages)) == len(pages)
for page in pages:
    assert (dist / page.removeprefix(BASE) / "index.html").is_file(), page
assert f"Sitemap: {BASE}sitemap.xml" in text("robots.txt")

# Feeds have whole addresses.
for feed in ["feed.atom", "fatal.atom", "data.atom"]:
    root = ElementTree.fromstring(text(feed))
    for link in root.iter("{http://www.w3.org/2005/Atom}link"):
        assert link.get("href").startswith(BASE), link.get("href")

# Citations.
bibtex = text("data/citation.bib")
assert bibtex.count("{") == bibtex.count("}") and f"url = {{{BASE}data/}}" in bibtex
cff = dict(re.findall(r"^([a-z-]+): (.+)$", text("data/CITATION.cff"), re.M))
assert cff["cff-version"] == "1.2.0" and json.loads(cff["url"]) == BASE + "data/"
assert re.fullmatch(r"\d{4}-\d\d-\d\d", json.loads(cff["date-released"]))

# Previews of links: every page names a card that is there.
cards = set()
for page in dist.glob("**/*.html"):
    card = re.search(r'<meta property="og:image" content="([^"]+)">', page.read_text(encoding="utf-8"))
    assert card, f"{page} has no card"
    cards.add(card[1])
for card in cards:
    assert (dist / card.removeprefix(BASE)).read_bytes().startswith(b"\x89PNG"), card
assert len(cards) == 10, cards

print(f"{len(pages)} pages in sitemaps, {len(sums)} checksums, {len(cards)} cards")
