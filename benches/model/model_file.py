"""Reads windsock's model file, as crates/severity/src/format.rs describes it."""

import json
import struct
from dataclasses import dataclass

import numpy as np

LEAF, DEFAULT_LEFT = 0x7FFF, 0x8000
NODE = np.dtype([("head", "<u2"), ("left", "<u2"), ("right", "<u2"), ("value", "<f4"), ("cover", "<f4")])


@dataclass
class Tree:
    """Nodes as arrays; a leaf has feature −1 and children −1."""

    feature: np.ndarray
    default_left: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    cover: np.ndarray

    @property
    def is_leaf(self):
        return self.feature < 0


@dataclass
class ModelFile:
    header: dict
    trees: list

    @property
    def classes(self):
        return [c["code"] for c in self.header["classes"]]

    def columns(self, rows):
        """What the trees are asked: the features, then the shares of pairs of categories."""
        parts = [rows.astype(np.float32)]
        for cross in self.header["crosses"]:
            levels = []
            for feature, size in zip(cross["features"], cross["sizes"]):
                value = rows[:, feature]
                known = (value >= 0) & (value < size - 1)
                levels.append(np.where(known, np.nan_to_num(value), size - 1).astype(int))
            cell = levels[0] * cross["sizes"][1] + levels[1]
            parts += [np.float32(shares)[cell][:, None] for shares in cross["shares"]]
        return np.hstack(parts)

    def per_feature(self, columns):
        """Values per column as values per feature: a pair's go to its features, half each."""
        features = len(self.header["features"])
        result = columns[:, :features].copy()
        at = features
        for cross in self.header["crosses"]:
            for _ in cross["shares"]:
                for feature in cross["features"]:
                    result[:, feature] += columns[:, at] / 2
                at += 1
        return result


def read(path):
    data = path.read_bytes()
    assert data[:8] == b"WNDSKSEV", path
    version, length = struct.unpack_from("<II", data, 8)
    assert version == 1, version
    header = json.loads(data[16 : 16 + length])
    at = 16 + length
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    trees = []
    for _ in range(count):
        (size,) = struct.unpack_from("<H", data, at)
        nodes = np.frombuffer(data, NODE, size, at + 2)
        at += 2 + size * NODE.itemsize
        feature = (nodes["head"] & LEAF).astype(int)
        leaf = feature == LEAF
        child = lambda side: np.where(leaf, -1, nodes[side].astype(int))
        trees.append(
            Tree(
                np.where(leaf, -1, feature),
                (nodes["head"] & DEFAULT_LEFT) != 0,
                child("left"),
                child("right"),
                nodes["value"],
                nodes["cover"],
            )
        )
    assert at == len(data)
    return ModelFile(header, trees)
