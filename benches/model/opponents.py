"""The opponents: each learns from the training part, may look at the validation part to stop and
to choose, and gives a forecast of both other parts.

A learner is a function (Data) -> Forecasts. Categories reach each library in the form it wants.
"""

import os
import warnings
from dataclasses import dataclass

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
warnings.filterwarnings("ignore")

import catboost
import lightgbm
import numpy as np
import optuna
import pandas as pd
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

THREADS = os.cpu_count()
PATIENCE = 50


@dataclass
class Data:
    """Encoded events in three parts; categories are whole numbers, missing values NaN. `events` are the
    keys of the test events."""

    x: dict[str, pd.DataFrame]
    y: dict[str, np.ndarray]
    categories: list[str]
    classes: int
    events: pd.Series

    def learned(self, refit):
        """What final trees are grown on: the training part, or also the validation part."""
        if not refit:
            return self.x["train"], self.y["train"]
        parts = ["train", "validation"]
        return pd.concat([self.x[p] for p in parts]), np.concatenate([self.y[p] for p in parts])


@dataclass
class Forecasts:
    """Probabilities of validation and test events; `refit` are those of the same way of learning
    after it has also seen the validation part."""

    validation: np.ndarray
    test: np.ndarray
    refit: np.ndarray | None = None


def base_rates(data):
    shares = np.bincount(data.y["train"], minlength=data.classes) / len(data.y["train"])
    return Forecasts(*(np.tile(shares, (len(data.y[p]), 1)) for p in ("validation", "test")))


def logistic(data):
    numbers = [c for c in data.x["train"] if c not in data.categories]

    def fit(x, y, c):
        columns = ColumnTransformer(
            [
                (
                    "numbers",
                    make_pipeline(
                        SimpleImputer(strategy="median", add_indicator=True), StandardScaler()
                    ),
                    numbers,
                ),
                ("codes", OneHotEncoder(handle_unknown="ignore"), data.categories),
            ]
        )
        return make_pipeline(columns, LogisticRegression(C=c, max_iter=2000)).fit(x, y)

    def loss(c):
        forecast = fit(data.x["train"], data.y["train"], c).predict_proba(data.x["validation"])
        return log_loss(data.y["validation"], forecast)

    best = min([0.01, 0.03, 0.1, 0.3, 1.0, 3.0], key=loss)
    model = fit(data.x["train"], data.y["train"], best)
    again = fit(*data.learned(True), best)
    return Forecasts(
        model.predict_proba(data.x["validation"]),
        model.predict_proba(data.x["test"]),
        again.predict_proba(data.x["test"]),
    )


def light_gbm(data):
    def frame(x):
        x = x.copy()
        for c in data.categories:
            x[c] = x[c].fillna(-1).astype(int).astype("category")
        return x

    x = {part: frame(x) for part, x in data.x.items()}
    params = {
        "objective": "multiclass",
        "num_class": data.classes,
        "verbose": -1,
        "num_threads": THREADS,
        "seed": 0,
    }
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    model = lightgbm.train(
        params,
        lightgbm.Dataset(x["train"], data.y["train"]),
        2000,
        valid_sets=[lightgbm.Dataset(x["validation"], data.y["validation"])],
        callbacks=[stop],
    )
    all_x, all_y = data.learned(True)
    again = lightgbm.train(params, lightgbm.Dataset(frame(all_x), all_y), model.best_iteration)
    return Forecasts(
        model.predict(x["validation"]), model.predict(x["test"]), again.predict(x["test"])
    )


def cat_boost(data):
    def pool(x, y=None):
        x = x.copy()
        for c in data.categories:
            x[c] = x[c].fillna(-1).astype(int).astype(str)
        return catboost.Pool(x, y, cat_features=data.categories)

    def classifier(**more):
        return catboost.CatBoostClassifier(
            loss_function="MultiClass",
            thread_count=THREADS,
            random_seed=0,
            verbose=False,
            allow_writing_files=False,
            **more,
        )

    model = classifier(od_type="Iter", od_wait=PATIENCE)
    model.fit(
        pool(data.x["train"], data.y["train"]),
        eval_set=pool(data.x["validation"], data.y["validation"]),
    )
    again = classifier(iterations=model.tree_count_, learning_rate=model.learning_rate_)
    again.fit(pool(*data.learned(True)))
    return Forecasts(
        *(model.predict_proba(pool(data.x[p])) for p in ("validation", "test")),
        again.predict_proba(pool(data.x["test"])),
    )


def xgboost_optuna(data, trials):
    """As a careful user would: both ways of treating categories, ranges of the documentation,
    early stopping, hopeless trials pruned."""

    def matrix(x, y, native):
        kinds = ["c" if native and c in data.categories else "q" for c in x]
        return xgboost.DMatrix(
            x.to_numpy(np.float32), y, feature_types=kinds, enable_categorical=native
        )

    parts = {
        native: {p: matrix(data.x[p], data.y[p], native) for p in data.x}
        for native in (False, True)
    }
    fixed = {
        "objective": "multi:softprob",
        "num_class": data.classes,
        "eval_metric": "mlogloss",
        "tree_method": "hist",
        "nthread": THREADS,
        "seed": 0,
    }

    def suggest(trial):
        return {
            "max_depth": trial.suggest_int("max_depth", 3, 8),
            "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.2, log=True),
            "min_child_weight": trial.suggest_float("min_child_weight", 1, 30, log=True),
            "gamma": trial.suggest_float("gamma", 1e-3, 3, log=True),
            "lambda": trial.suggest_float("lambda", 0.1, 30, log=True),
            "alpha": trial.suggest_float("alpha", 1e-3, 5, log=True),
            "subsample": trial.suggest_float("subsample", 0.5, 1),
            "colsample_bytree": trial.suggest_float("colsample_bytree", 0.2, 1),
        }

    best = {"loss": np.inf}

    class Prune(xgboost.callback.TrainingCallback):
        def __init__(self, trial):
            self.trial = trial

        def after_iteration(self, model, epoch, evals_log):
            self.trial.report(evals_log["v"]["mlogloss"][-1], epoch)
            if self.trial.should_prune():
                raise optuna.TrialPruned
            return False

    def objective(trial):
        native = trial.suggest_categorical("native_categories", [False, True])
        params = suggest(trial)
        model = xgboost.train(
            fixed | params,
            parts[native]["train"],
            2000,
            evals=[(parts[native]["validation"], "v")],
            early_stopping_rounds=PATIENCE,
            verbose_eval=False,
            callbacks=[Prune(trial)],
        )
        if model.best_score < best["loss"]:
            best.update(loss=model.best_score, model=model, params=params, native=native)
        return model.best_score

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(
        sampler=optuna.samplers.TPESampler(seed=0),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=20),
    )
    study.optimize(objective, n_trials=trials)
    model, native = best["model"], best["native"]
    rounds = (0, model.best_iteration + 1)

    def refit():
        whole = matrix(*data.learned(True), native)
        again = xgboost.train(fixed | best["params"], whole, model.best_iteration + 1)
        return again.predict(parts[native]["test"])

    forecast = [
        model.predict(parts[native][p], iteration_range=rounds) for p in ("validation", "test")
    ]
    return Forecasts(*forecast), refit


def log_loss(y, p):
    return float(-np.log(np.clip(p[np.arange(len(y)), y], 1e-15, 1)).mean())
