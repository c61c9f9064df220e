"""What Hugo needs for pages of events on this machine.

Its pages are finished but for what surrounds them: a content file is the body of a page of the site, as
HTML, its template head and foot of one. It reads no database, decodes no code and formats no number, so it
is ahead by all of that.
"""

import json
import re
import shutil
import subprocess
import time

CONFIG = """baseURL = "https://example.org/wind/"
title = "Windsock"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]
"""

#: The body of a page, and the title above it.
BODY = re.compile(r"(<main\b[^>]*>)(.*)(</main>)", re.DOTALL)
TITLE = re.compile(r"<title>([^<]*)</title>")


def site(folder, pages):
    """Writes a Hugo site of the given pages of a dist folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("content/event", "layouts/_default"):
        (folder / name).mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    shell = BODY.sub(r"\1{{ .Content }}\3", pages[0].read_text())
    shell = TITLE.sub("<title>{{ .Title }}</title>", shell)
    (folder / "layouts/_default/single.html").write_text(shell)
    for name in ("index.html", "_default/list.html"):
        (folder / "layouts" / name).write_text("<h1>{{ .Title }}</h1>")
    for page in pages:
        html = page.read_text()
        head = json.dumps({"title": TITLE.search(html)[1]})
        body = BODY.search(html)[2]
        (folder / f"content/event/{page.parent.name}.html").write_text(f"{head}\n{body}\n")


def build(folder):
    """Seconds of a build, by the clock."""
    shutil.rmtree(folder / "public", ignore_errors=True)
    start = time.monotonic()
    subprocess.run(["hugo", "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start
