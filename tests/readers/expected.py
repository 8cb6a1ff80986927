"""What a dataset must hold, as the library said it, and comparisons that tell where they differ."""

import json
from pathlib import Path

import numpy as np


class Expected:
    """One dataset: values (time, channel, realization), coordinates, names."""

    def __init__(self, entry, folder):
        self.config_id = entry["config_id"]
        self.form = entry["form"]
        self.dtype = np.dtype({"f64": "<f8", "f32": "<f4"}[entry["dtype"]])
        self.shape = (entry["steps"], entry["channels"], entry["realizations"])
        self.attributes = entry["attributes"]
        values = np.fromfile(folder / entry["values"], "<f8").reshape(self.shape)
        self.values = values.astype(self.dtype)
        self.kind = entry["time"]
        if self.kind == "dates":
            self.time = np.array(entry["coordinates"], dtype="datetime64[us]")
        else:
            self.time = np.array(entry["coordinates"], dtype={"steps": "i8", "seconds": "f8"}[self.kind])
        self.folder = Path(entry["path"])

    def file(self, extension):
        return str(self.folder / f"{self.config_id}.{extension}")

    def columns(self):
        """The columns of a table in this form, in order."""
        steps, channels, realizations = self.shape
        t, c, r = np.meshgrid(np.arange(steps), np.arange(channels), np.arange(realizations), indexing="ij")
        flat = {name: axis.ravel() for name, axis in (("t", t), ("c", c), ("r", r))}
        if self.form == "long":
            return {
                "time": self.time[flat["t"]],
                "channel": flat["c"],
                "realization": flat["r"],
                "value": self.values.ravel(),
                "config_id": np.array([self.config_id] * self.values.size),
            }
        if self.form == "panel":
            ids = [f"{self.config_id}/{c}/{r}" for c, r in zip(flat["c"], flat["r"])]
            return {"unique_id": np.array(ids), "ds": self.time[flat["t"]], "y": self.values.ravel()}
        columns = {
            "time": np.repeat(self.time, realizations),
            "realization": np.tile(np.arange(realizations), steps),
        }
        for channel in range(channels):
            columns[f"channel_{channel}"] = self.values[:, channel, :].ravel()
        return columns


def load(folder):
    entries = json.loads((folder / "expected.json").read_text())
    return [Expected(entry, folder) for entry in entries]


def same(found, expected, what):
    """Equal in every bit, and in type where the file has types."""
    found = np.asarray(found)
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}"
    if expected.dtype.kind == "M":
        assert found.dtype.kind == "M", f"{what}: {found.dtype} is no date"
        assert np.array_equal(found.astype("datetime64[us]"), expected), f"{what}: dates differ"
    elif expected.dtype.kind == "f":
        assert found.dtype == expected.dtype, f"{what}: {found.dtype}, expected {expected.dtype}"
        bits = f"u{expected.dtype.itemsize}"
        assert np.array_equal(found.view(bits), expected.view(bits)), f"{what}: values differ"
    elif expected.dtype.kind == "i":
        assert found.dtype.kind == "i", f"{what}: {found.dtype} is no integer"
        assert np.array_equal(found, expected), f"{what}: integers differ"
    else:
        assert found.astype(str).tolist() == expected.tolist(), f"{what}: texts differ"


def same_table(found, expected, what, typed=True, ordered=True):
    """`found` maps names to columns; without types, floats are rounded to the file's precision. Keys of
    JSON have no order."""
    columns = expected.columns()
    names, wanted = (list(found), list(columns)) if ordered else (set(found), set(columns))
    assert names == wanted, f"{what}: columns {list(found)}, expected {list(columns)}"
    for name, column in columns.items():
        values = np.asarray(found[name])
        if not typed and column.dtype.kind == "f":
            values = values.astype("f8").astype(column.dtype)
        if not typed and column.dtype.kind == "M" and values.dtype.kind != "M":
            values = values.astype("datetime64[us]")
        same(values, column, f"{what}, column {name}")
