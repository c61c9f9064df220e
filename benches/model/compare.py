"""Compares windsock's severity model with other learners on the same features and split.

    compare.py WINDSOCK WORK_DIR [--earlier] [SET …]

`windsock train --export-matrix` writes the encoded events; everybody learns from the same years,
looks at the same validation years, and is judged on the same test events. Differences come with
paired bootstrap intervals over these events. Nothing here is used to change windsock.

With --earlier all do it once more with every boundary set back by the validation years, and are
judged on those: whether the first comparison was luck.
"""

import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import check_shap
import opponents
from opponents import Data, Forecasts, log_loss

TRIALS = 50
DRAWS = 2000


def load(folder, until=None):
    """What `--export-matrix` wrote; of the test years those up to `until`."""
    matrix = pd.read_csv(folder / "matrix.csv", dtype={"ev_id": str})
    if until:
        matrix = matrix[matrix.year <= until]
    columns = json.loads((folder / "columns.json").read_text())
    features = [f["name"] for f in columns["features"]]
    parts = {p: matrix[matrix.part == p] for p in ("train", "validation", "test")}
    data = Data(
        x={p: m[features].astype(float).reset_index(drop=True) for p, m in parts.items()},
        y={p: m.outcome.to_numpy() for p, m in parts.items()},
        categories=[f["name"] for f in columns["features"] if f["levels"]],
        classes=len(columns["classes"]),
        events=parts["test"].ev_id,
    )
    years = {p: (m.year.min(), m.year.max()) for p, m in parts.items()}
    return data, columns["classes"], years


def macro_f1(y, named, classes):
    confusion = np.bincount(y * classes + named, minlength=classes * classes)
    confusion = confusion.reshape(classes, classes)
    both = confusion.sum(0) + confusion.sum(1)
    f1 = 2 * confusion.diagonal() / np.maximum(both, 1)
    return f1[both > 0].mean()


def weights(y, p, classes):
    """The rule windsock stores in its model file, for everybody: factors on the probabilities,
    chosen for macro F1 on resamples of the validation years; their geometric mean."""
    generator = np.random.default_rng(0)
    logarithms = []
    for _ in range(24):
        drawn = generator.integers(0, len(y), len(y))
        logarithms.append(np.log(best_weights(y[drawn], p[drawn], classes)))
    return np.exp(np.mean(logarithms, axis=0))


def best_weights(y, p, classes):
    chosen = np.ones(classes)
    best = macro_f1(y, p.argmax(1), classes)
    for _ in range(4):
        before = best
        for k in range(classes - 1):
            for step in range(-20, 21):
                tried = chosen.copy()
                tried[k] = np.exp(step / 20 * 2)
                f1 = macro_f1(y, (p * tried).argmax(1), classes)
                if f1 > best + 1e-12:
                    best, chosen = f1, tried
        if best <= before:
            break
    return chosen


class Watch:
    """Seconds by the clock, and of processors: the latter hardly depend on who else computes."""

    def __init__(self):
        self.start = self.now()

    def now(self):
        used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used)

    def read(self):
        return tuple(now - start for now, start in zip(self.now(), self.start))


def windsock(binary, work, feature_set, folder, boundaries):
    """Trains; returns forecasts, the run, and seconds of learning and of the whole command, both by
    the clock and of processors.

    The whole command also reads the lake, judges the model on the test years, explains it and
    writes the matrix for the others."""
    command = [binary, "train", "--work-dir", work, "--features", feature_set]
    if boundaries:
        config = Path(work) / "boundaries.toml"
        config.write_text("[train]\ntrain_to = {}\nvalidate_to = {}\n".format(*boundaries))
        command += ["--config", config]
    watch = Watch()
    done = subprocess.run(
        [*command, "--trials", str(TRIALS), "--export-matrix", folder],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    whole = watch.read()
    learned = re.search(r"trained in ([0-9.]+) s \(([0-9.]+) s of processors", done.stderr)
    learning = tuple(map(float, learned.groups()))
    run = json.loads((Path(work) / "train.json").read_text())["result"]
    test = pd.read_csv(folder / "forecasts.csv", dtype={"ev_id": str}).set_index("ev_id")
    return test, run, learning, whole


def draws(count):
    generator = np.random.default_rng(0)
    return [generator.integers(0, count, count) for _ in range(DRAWS)]


def interval(values):
    return tuple(np.quantile(values, [0.025, 0.975]))


def compare(data, ours, run, rows):
    """Prints a line per opponent and variant; returns the differences for the verdict."""
    y, classes = data.y["test"], data.classes
    resampled = draws(len(y))
    our_loss = -np.log(np.clip(ours[np.arange(len(y)), y], 1e-15, 1))
    our_names = {"argmax": ours.argmax(1), "tuned": (ours * np.array(run["decision"])).argmax(1)}
    print(
        f"  {'':34}{'log-loss':>9}  {'minus windsock':>26}"
        f"{'macro F1 argmax':>17}{'tuned':>8}  {'windsock minus, tuned':>26}"
    )
    print(
        f"  {'windsock':34}{our_loss.mean():9.4f}  {'':26}"
        f"{macro_f1(y, our_names['argmax'], classes):17.4f}"
        f"{macro_f1(y, our_names['tuned'], classes):8.4f}"
    )
    verdict = {}
    for name, p, rule in rows:
        loss = -np.log(np.clip(p[np.arange(len(y)), y], 1e-15, 1))
        worse = loss - our_loss
        low, high = interval([worse[d].mean() for d in resampled])
        names = {"argmax": p.argmax(1), "tuned": (p * rule).argmax(1)}
        f1 = {r: macro_f1(y, n, classes) for r, n in names.items()}
        gains = [
            macro_f1(y[d], our_names["tuned"][d], classes)
            - macro_f1(y[d], names["tuned"][d], classes)
            for d in resampled
        ]
        f1_low, f1_high = interval(gains)
        gain = macro_f1(y, our_names["tuned"], classes) - f1["tuned"]
        print(
            f"  {name:34}{loss.mean():9.4f}  {worse.mean():+8.4f} ({low:+.4f} {high:+.4f})"
            f"{f1['argmax']:17.4f}{f1['tuned']:8.4f}  {gain:+8.4f} ({f1_low:+.4f} {f1_high:+.4f})"
        )
        verdict[name] = (worse.mean(), gain)
    return verdict


def bench(binary, work, feature_set, boundaries=None, until=None):
    """Compares on one feature set; returns the last years of training and of validation."""
    folder = Path(work) / f"matrix-{feature_set}{'-earlier' if boundaries else ''}"
    ours, run, learning, whole = windsock(binary, work, feature_set, folder, boundaries)
    data, names, years = load(folder, until)
    ours = ours.loc[data.events].to_numpy()
    print(f"\n{feature_set}: {len(data.x['train'].columns)} features, classes {' '.join(names)}")
    for part, (first, last) in years.items():
        print(f"  {part} {first}–{last}: {len(data.y[part])} events")
    learners = {
        "base rates": opponents.base_rates,
        "logistic regression": opponents.logistic,
        "LightGBM, defaults": opponents.light_gbm,
        "CatBoost, defaults": opponents.cat_boost,
    }
    results: dict[str, Forecasts] = {}
    seconds = {}
    for name, learn in learners.items():
        watch = Watch()
        results[name] = learn(data)
        seconds[name] = watch.read()
    watch = Watch()
    tuned, refit = opponents.xgboost_optuna(data, TRIALS)
    seconds["XGBoost, 50 Optuna trials"] = watch.read()
    tuned.refit = refit()
    results["XGBoost, 50 Optuna trials"] = tuned

    validation = {n: log_loss(data.y["validation"], f.validation) for n, f in results.items()}
    print("  validation log-loss: windsock", f"{run['validation_log_loss']:.4f}", end="")
    print("".join(f"; {name} {loss:.4f}" for name, loss in validation.items()))
    refit = run["refit"]
    if refit["with"] is not None:
        print(
            f"  refit on newer years, tried inside the training years: {refit['without']:.4f}"
            f" → {refit['with']:.4f}; {'taken' if refit['taken'] else 'not taken'}"
        )
    rows = []
    for name, forecasts in results.items():
        rule = weights(data.y["validation"], forecasts.validation, data.classes)
        rows.append((name, forecasts.test, rule))
        if forecasts.refit is not None:
            rows.append((f"{name}, refit", forecasts.refit, rule))
    verdict = compare(data, ours, run, rows)
    best_loss = min(verdict, key=lambda n: verdict[n][0])
    best_f1 = min(verdict, key=lambda n: verdict[n][1])
    print(f"  best opponent by log-loss: {best_loss}, windsock lower by {verdict[best_loss][0]:+.4f}")
    print(f"  best opponent by macro F1: {best_f1}, windsock higher by {verdict[best_f1][1]:+.4f}")
    print(
        f"  windsock, {TRIALS} trials: {learning[0]:.1f} s of learning ({learning[1]:.1f} s of"
        f" processors); the whole command {whole[0]:.1f} s ({whole[1]:.1f} s)"
    )
    print("  windsock's share of the others' time, by the clock and of processors:")
    print(f"    {'':34}{'learning':>16}{'whole command':>20}")
    del seconds["base rates"]
    for name, theirs in seconds.items():
        shares = [mine / other for ours in (learning, whole) for mine, other in zip(ours, theirs)]
        print(f"    {name:34}{shares[0]:8.2f}{shares[1]:8.2f}{shares[2]:12.2f}{shares[3]:8.2f}")
    print(f"  model file: {run['bytes']} bytes, {run['trees']} trees in {len(run['rounds'])} forests")
    if not boundaries:
        check_shap.main(Path(work) / "models" / run["id"], folder)
    return years["train"][1], years["validation"][1]


if __name__ == "__main__":
    tool, folder, *rest = sys.argv[1:]
    sets = [argument for argument in rest if argument != "--earlier"]
    for which in sets or ["before-impact", "full-record"]:
        train_to, validate_to = bench(tool, folder, which)
        if "--earlier" in rest:
            span = validate_to - train_to
            bench(tool, folder, which, (train_to - span, validate_to - span), validate_to)
