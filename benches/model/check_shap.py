"""The shap package explains the same trees: its values for 200 test events must be windsock's.

    check_shap.py RUN_FOLDER MATRIX_FOLDER

`windsock train --export-matrix` writes the events and windsock's own contributions.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import shap

import model_file

LIMIT = 1e-5


def explainer(trees):
    """A TreeExplainer over trees of windsock. Its rule is `x <= threshold`, windsock's `x <`."""
    described = []
    for tree in trees:
        threshold = np.where(tree.is_leaf, 0, np.nextafter(tree.value, np.float32(-np.inf)))
        value = np.where(tree.is_leaf, tree.value, 0).astype(float)
        # Inner nodes: the mean of their children by cover, children coming after their parents.
        for at in reversed(range(len(value))):
            if not tree.is_leaf[at]:
                sides = [tree.left[at], tree.right[at]]
                value[at] = np.average(value[sides], weights=tree.cover[sides].astype(float))
        described.append(
            {
                "children_left": tree.left,
                "children_right": tree.right,
                "children_default": np.where(tree.default_left, tree.left, tree.right),
                "features": np.where(tree.is_leaf, 0, tree.feature),
                "thresholds": threshold.astype(np.float64),
                "values": value[:, None],
                "node_sample_weight": cover(tree),
            }
        )
    return shap.TreeExplainer(
        {"trees": described, "input_dtype": np.float32, "internal_dtype": np.float64},
        feature_perturbation="tree_path_dependent",
    )


def cover(tree):
    """Shares of the events at each node, from the root down, as windsock computes them: the covers in
    the file are rounded, so those of two children need not add up to their parent's."""
    result = np.ones(len(tree.value))
    for at in np.flatnonzero(~tree.is_leaf):
        sides = [tree.left[at], tree.right[at]]
        parts = tree.cover[sides].astype(float)
        result[sides] = result[at] * parts / parts.sum()
    return result


def main(run_folder, matrix_folder):
    model = model_file.read(next(run_folder.glob("*.model")))
    names = [f["name"] for f in model.header["features"]]
    matrix = pd.read_csv(matrix_folder / "matrix.csv", dtype={"ev_id": str}).set_index("ev_id")
    ours = pd.read_csv(matrix_folder / "contributions.csv", dtype={"ev_id": str})
    events = ours.ev_id.unique()
    rows = matrix.loc[events, names].to_numpy(np.float32)
    columns = model.columns(rows)
    scale = model.header["calibration"]["scale"]
    largest = 0.0
    for at, code in enumerate(model.classes):
        theirs = explainer(model.trees[at :: len(model.classes)]).shap_values(
            columns, check_additivity=False
        )
        theirs = scale * model.per_feature(np.asarray(theirs).reshape(len(rows), -1))
        mine = ours[ours["class"] == code].set_index("ev_id").loc[events, names].to_numpy()
        largest = max(largest, np.abs(mine - theirs).max())
    print(f"  shap.TreeExplainer on {len(events)} events: largest difference {largest:.1e}")
    assert len(events) >= 200 or len(events) == (matrix.part == "test").sum()
    assert largest < LIMIT, largest


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
