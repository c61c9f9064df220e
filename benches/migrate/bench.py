"""windsock migrate against the method of the original design (original.py): the same MDB, the same
tables, the same PostgreSQL, in turns; medians of three runs.

    bench.py WINDSOCK [MDB | SIZE]

SIZE is what `windsock sample --events` takes; the avall.mdb of the sample is loaded.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg2

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parents[1] / "crates/dataset/codes/eadms_schema.tsv"
RUNS = 3
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(root):
    """Bytes in memory of a process and all that it started."""
    parents, sizes = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            sizes[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * PAGE
            parents[int(entry.name)] = int(fields[1])
        except (OSError, IndexError):
            continue  # It has ended.
    total = 0
    for process in sizes:
        ancestor = process
        while ancestor not in (root, 0, None):
            ancestor = parents.get(ancestor)
        if ancestor == root:
            total += sizes[process]
    return total


def measure(command):
    """Seconds, peak bytes in memory, and what the command printed."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak, ended = [0], threading.Event()

    def watch():
        while not ended.wait(0.02):
            peak[0] = max(peak[0], resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, errors = process.communicate()
    seconds = time.monotonic() - started
    ended.set()
    watcher.join()
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{errors}")
    return seconds, peak[0], output


def fresh_database(url, name):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    target = url.replace("dbname=postgres", f"dbname={name}")
    # Extensions are the server's business, not the loader's.
    with psycopg2.connect(target) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm")
    connection.close()
    return target


def run_windsock(windsock, url, mdb, folder):
    target = fresh_database(url, "windsock")
    command = [windsock, "--quiet", "--work-dir", folder / "tool", "--database-url", target]
    seconds, peak, _ = measure([*command, "migrate", mdb])
    with psycopg2.connect(target) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT sum(inserted) FROM ntsb.load_table")
        rows = int(cursor.fetchone()[0])
    connection.close()
    return seconds, peak, rows


def run_original(url, mdb, folder):
    target = fresh_database(url, "original")
    script = [sys.executable, HERE / "original.py"]
    subprocess.run([*script, "schema", target, SCHEMA], check=True)
    seconds, peak, output = measure([*script, "load", target, SCHEMA, mdb, folder / "csv"])
    return seconds, peak, int(output)


def compare(windsock, mdb, url, folder):
    ours, theirs = [], []
    for run in range(RUNS):
        theirs.append(run_original(url, mdb, folder))
        ours.append(run_windsock(windsock, url, mdb, folder))
        print(
            f"run {run + 1}: windsock {ours[-1][0]:.1f} s, original {theirs[-1][0]:.1f} s",
            file=sys.stderr,
        )
    ours, theirs = (
        [statistics.median(column) for column in zip(*runs)] for runs in (ours, theirs)
    )
    size = mdb.stat().st_size / 1e6
    print(f"{mdb.name}, {size:.0f} MB, medians of {RUNS} runs, each into an empty database\n")
    print(f"{'':24}{'windsock':>12}{'original':>12}{'ratio':>10}")
    for label, unit, at in (("wall time, s", 1, 0), ("peak memory, MB", 1e6, 1)):
        mine, other = ours[at] / unit, theirs[at] / unit
        print(f"{label:24}{mine:12.1f}{other:12.1f}{other / mine:9.1f}x")
    print(f"{'rows loaded':24}{ours[2]:12,.0f}{theirs[2]:12,.0f}")
    print(
        """
Memory is that of the loader and all that it starts, without PostgreSQL.
Beyond loading, windsock refuses rows that do not fit and keeps them with the reason, compares the rows
read with those the file declares, checks every key and foreign key, repairs coordinates, creates its
schema, builds the indexes and seven materialized views, all in one transaction. The original reads
through CSV files, drops codes (UNK, leading zeros, coordinates out of range), commits table by table,
then runs REINDEX and VACUUM ANALYZE as its script does."""
    )


def main(arguments):
    windsock = Path(arguments[0]).resolve()
    given = arguments[1] if len(arguments) > 1 and arguments[1] else "full"
    folder = Path(tempfile.mkdtemp(prefix="windsock-bench-"))
    tool = [windsock, "--quiet", "--work-dir", folder / "work"]
    try:
        mdb = Path(given)
        if not mdb.is_file():
            subprocess.run(
                [*tool, "sample", folder / "sample", "--events", given],
                check=True, stdout=subprocess.DEVNULL,
            )
            mdb = folder / "sample/avall.mdb"
        started = subprocess.run(
            [*tool, "postgres", "start"], check=True, stdout=subprocess.PIPE, text=True
        )
        compare(windsock, mdb, started.stdout.strip(), folder)
    finally:
        subprocess.run([*tool, "postgres", "remove", "--yes"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
