"""The trees of a windsock model as ONNX, and inputs for both.

    to_onnx.py MODEL MATRIX_CSV OUT_DIR

Writes `ensemble.onnx` (encoded columns in, probabilities out), `columns.f32` (encoded columns of
100,000 rows, made of the events of the matrix), `codes.csv` (the same rows as a visitor would
upload them) and `about.json`.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper

sys.path.insert(0, str(Path(__file__).parents[1] / "model"))
import model_file

ROWS = 100_000


def ensemble(model, width):
    classes = len(model.classes)
    nodes = {key: [] for key in ("tree", "id", "feature", "value", "mode", "true", "false", "nan")}
    target = {key: [] for key in ("tree", "node", "id", "weight")}
    scale = model.header["calibration"]["scale"]
    for number, tree in enumerate(model.trees):
        for at in range(len(tree.value)):
            leaf = bool(tree.is_leaf[at])
            nodes["tree"].append(number)
            nodes["id"].append(at)
            nodes["feature"].append(0 if leaf else int(tree.feature[at]))
            nodes["value"].append(0.0 if leaf else float(tree.value[at]))
            nodes["mode"].append("LEAF" if leaf else "BRANCH_LT")
            nodes["true"].append(0 if leaf else int(tree.left[at]))
            nodes["false"].append(0 if leaf else int(tree.right[at]))
            nodes["nan"].append(int(not leaf and tree.default_left[at]))
            if leaf:
                target["tree"].append(number)
                target["node"].append(at)
                target["id"].append(number % classes)
                target["weight"].append(float(tree.value[at]) * scale)
    base = [
        scale * margin + bias
        for margin, bias in zip(model.header["base_margins"], model.header["calibration"]["bias"])
    ]
    trees = helper.make_node(
        "TreeEnsembleRegressor", ["columns"], ["margins"], domain="ai.onnx.ml",
        n_targets=classes, aggregate_function="SUM", post_transform="NONE", base_values=base,
        nodes_treeids=nodes["tree"], nodes_nodeids=nodes["id"], nodes_featureids=nodes["feature"],
        nodes_values=nodes["value"], nodes_modes=nodes["mode"],
        nodes_truenodeids=nodes["true"], nodes_falsenodeids=nodes["false"],
        nodes_missing_value_tracks_true=nodes["nan"],
        target_treeids=target["tree"], target_nodeids=target["node"],
        target_ids=target["id"], target_weights=target["weight"],
    )
    softmax = helper.make_node("Softmax", ["margins"], ["probabilities"], axis=1)
    graph = helper.make_graph(
        [trees, softmax], "severity",
        [helper.make_tensor_value_info("columns", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, classes])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def as_typed(model, rows):
    """Encoded rows back as codes and numbers."""
    frame = pd.DataFrame(index=range(len(rows)))
    for at, feature in enumerate(model.header["features"]):
        value = rows[:, at]
        if feature["kind"] == "category":
            codes = np.array([level["code"] for level in feature["levels"]] + [""])
            frame[feature["name"]] = codes[np.where(np.isnan(value), -1, np.nan_to_num(value)).astype(int)]
        else:
            frame[feature["name"]] = value
    return frame


def main(file, matrix, out):
    model = model_file.read(file)
    names = [f["name"] for f in model.header["features"]]
    events = pd.read_csv(matrix)[names].to_numpy(np.float32)
    rows = np.resize(events, (ROWS, events.shape[1]))
    columns = model.columns(rows)
    columns.tofile(out / "columns.f32")
    as_typed(model, rows).to_csv(out / "codes.csv", index=False)
    onnx.save(ensemble(model, columns.shape[1]), out / "ensemble.onnx")
    nodes = sum(len(tree.value) for tree in model.trees)
    about = {"columns": columns.shape[1], "classes": len(model.classes), "trees": len(model.trees), "nodes": nodes}
    (out / "about.json").write_text(json.dumps(about))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
