"""What Zola, the fastest of the static site generators, needs for pages of events on this machine.

Its pages are finished but for what surrounds them: the text of a Markdown file is the body of a page of
the site, as HTML, its template head and foot of one. It reads no database, decodes no code and formats no
number, so it is ahead by all of that.
"""

import re
import shutil
import subprocess
import time

CONFIG = 'base_url = "https://example.org/wind"\ntitle = "Windsock"\n'

#: The body of a page, and the title above it.
BODY = re.compile(r"(<main\b[^>]*>)(.*)(</main>)", re.DOTALL)
TITLE = re.compile(r"<title>([^<]*)</title>")


def site(folder, pages):
    """Writes a Zola site of the given pages of a dist folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("content/event", "templates"):
        (folder / name).mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    shell = BODY.sub(r"\1{{ page.content | safe }}\3", pages[0].read_text())
    # What is left of the first page's own text must not be read as a template.
    shell = TITLE.sub("<title>{{ page.title }}</title>", shell)
    (folder / "templates/page.html").write_text(shell)
    for name in ("index.html", "section.html"):
        (folder / "templates" / name).write_text("<h1>{{ section.title }}</h1>")
    for name in ("content/_index.md", "content/event/_index.md"):
        (folder / name).write_text('+++\ntitle = "Events"\n+++\n')
    for page in pages:
        html = page.read_text()
        title = TITLE.search(html)[1].replace("\\", "").replace('"', "'")
        # A blank line would end the HTML and begin a paragraph.
        body = re.sub(r"\n\s*\n", "\n", BODY.search(html)[2])
        text = f'+++\ntitle = "{title}"\n+++\n<div>{body}</div>\n'
        (folder / f"content/event/{page.parent.name}.md").write_text(text)


def build(zola, folder):
    """Seconds of a build, by the clock."""
    shutil.rmtree(folder / "public", ignore_errors=True)
    start = time.monotonic()
    subprocess.run(["node", zola, "build"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start
