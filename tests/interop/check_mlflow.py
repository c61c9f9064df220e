"""A real MLflow tracking server takes what `windsock train --mlflow` logs.

MLflow's own client then finds experiment, parameters, metrics, artifacts byte by byte, the
registered version and its aliases. A server that is not there is one clear error.
"""

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

# Beside the environment this script runs in; its links lead elsewhere, so they are not followed.
MLFLOW = Path(sys.executable).parents[2] / "mlflow" / "bin"
SITE = Path(os.environ["SITE_DIR"])
NAME = "windsock-severity"

CLIENT = """
import json, sys
from pathlib import Path
import mlflow
client = mlflow.MlflowClient(sys.argv[1])
mlflow.set_tracking_uri(sys.argv[1])
experiment = client.get_experiment_by_name(sys.argv[2])
runs = client.search_runs([experiment.experiment_id])
run = runs[0]
folder = Path(client.download_artifacts(run.info.run_id, "", sys.argv[3]))
versions = client.search_model_versions(f"name='{sys.argv[2]}'")
aliases = client.get_registered_model(sys.argv[2]).aliases
curve = client.get_metric_history(run.info.run_id, "round_log_loss")
print(json.dumps({
    "runs": len(runs), "name": run.info.run_name, "status": run.info.status,
    "params": run.data.params, "metrics": run.data.metrics, "curve": len(curve),
    "files": sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()),
    "versions": [[v.version, v.run_id == run.info.run_id, v.source] for v in versions],
    "aliases": aliases,
}))
"""


def windsock(*arguments):
    return subprocess.run(
        [os.environ["WINDSOCK"], "--quiet", *arguments],
        cwd=SITE,
        capture_output=True,
        text=True,
        check=False,
    )


def done(answer):
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@contextmanager
def server(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(
            [
                MLFLOW / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
                "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
                "--artifacts-destination", str(folder / "artifacts"),
            ],
            stdout=log,
            stderr=log,
            # The server starts workers: they end together.
            start_new_session=True,
        )
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{address}/health", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.5)
            else:
                raise AssertionError((folder / "server.log").read_text())
            yield address
        finally:
            os.killpg(process.pid, 15)
            process.wait(30)


def found(address, folder):
    target = folder / "downloaded"
    target.mkdir(exist_ok=True)
    answer = subprocess.run(
        [MLFLOW / "python", "-c", CLIENT, address, NAME, target],
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done(answer).splitlines()[-1]), target


def main(folder):
    with server(folder) as address:
        print(done(windsock("train", "--trials", "2", "--mlflow", address)).splitlines()[-1])
        run = json.loads((SITE / ".windsock" / "train.json").read_text())["result"]
        # A second time, everything is there.
        done(windsock("train", "--trials", "2", "--mlflow", address))
        logged, files = found(address, folder)
        assert logged["runs"] == 1 and logged["status"] == "FINISHED", logged
        assert logged["name"] == run["id"]
        assert logged["params"]["seed"] == "0" and int(logged["params"]["trials"]) == 2
        for name in ("log_loss", "brier", "macro_f1", "pr_auc_fatal"):
            assert abs(logged["metrics"][f"test_{name}"] - run["model"][name]) < 1e-12, name
        assert logged["curve"] == len(run["curve"])
        assert logged["files"] == sorted(["card.md", "run.json", run["file"]]), logged["files"]
        bytes_of = (files / run["file"]).read_bytes()
        assert hashlib.sha256(bytes_of).hexdigest() == run["sha256"]
        assert len(logged["versions"]) == 1 and logged["versions"][0][1], logged["versions"]
        assert list(logged["aliases"]) == ["staging"], logged["aliases"]

        # Gates nobody could pass are refused with exit code 4, and no alias moves.
        strict = ["--min-macro-f1", "1.1", "--mlflow", address]
        assert windsock("models", "promote", *strict).returncode == 4
        promoted = windsock("models", "promote", "--margin=-9", "--mlflow", address)
        aliases = found(address, folder)[0]["aliases"]
        if promoted.returncode == 0:
            assert set(aliases) == {"staging", "production"}, aliases
        else:
            assert "already" in promoted.stderr or promoted.returncode == 4, promoted.stderr
        if pause := os.environ.get("MLFLOW_PAUSE"):
            print(address, flush=True)
            time.sleep(float(pause))
    gone = windsock("train", "--trials", "2", "--mlflow", address)
    assert gone.returncode == 1 and "no answer from the MLflow server" in gone.stderr, gone.stderr
    print(f"MLflow found {len(logged['metrics'])} metrics and {len(logged['files'])} artifacts")


with tempfile.TemporaryDirectory() as scratch:
    main(Path(scratch))
