"""The truth scores a method: methods of NumPy alone, on the values of Parquet files.

    python scores.py var FILE.parquet         AUROC of the graph of a VAR(1)
    python scores.py kuramoto FILE.parquet    greatest error of the first derivative
    python scores.py anomalies FILE.parquet   AUROC of a running median over what the labels say
    python scores.py causes FILE.parquet      AUROC of lagged regressions over the graph of the truth
    python scores.py effect FILE.parquet      what an intervention changed, by the clean twin
"""

import json
import sys

import numpy as np
import pyarrow.parquet


def load(path):
    """Values (time, channel, realization), times, attributes and truth."""
    table = pyarrow.parquet.read_table(path)
    columns = {name: table.column(name).to_numpy() for name in ("time", "channel", "realization", "value")}
    shape = [len(np.unique(columns[name])) for name in ("time", "channel", "realization")]
    attributes = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    with open(path.removesuffix(".parquet") + ".truth.json") as file:
        truth = json.load(file)
    return columns["value"].reshape(shape), np.unique(columns["time"]), attributes, truth


def area_under_curve(scores, positive):
    """Of the receiver operating characteristic: the chance that an edge scores above a pair without one
    (Mann and Whitney 1947, doi:10.1214/aoms/1177730491)."""
    edges, others = scores[positive], scores[~positive]
    above = (edges[:, None] > others[None, :]).sum() + 0.5 * (edges[:, None] == others[None, :]).sum()
    return above / (len(edges) * len(others))


def var(path):
    values, _, _, truth = load(path)
    channels = values.shape[1]
    positive = np.zeros((channels, channels), bool)
    for edge in truth["graphs"]["influence"]["edges"]:
        positive[edge["to"], edge["from"]] = True
    # Least squares of each channel on the step before, and t statistics of the coefficients.
    past, present = values[:-1, :, 0], values[1:, :, 0]
    inverse = np.linalg.inv(past.T @ past)
    coefficients = (inverse @ past.T @ present).T
    residuals = present - past @ coefficients.T
    variance = (residuals**2).sum(axis=0) / (len(past) - channels)
    t = coefficients / np.sqrt(variance[:, None] * np.diag(inverse)[None, :])
    return {"auroc": area_under_curve(np.abs(t), positive), "edges": int(positive.sum()), "pairs": positive.size}


def adjacency(graph):
    nodes = graph["nodes"]
    if graph["kind"] == "complete":
        return np.ones((nodes, nodes)) - np.eye(nodes)
    weights = np.zeros((nodes, nodes))
    if graph["kind"] == "ring":
        for node in range(nodes):
            weights[node, (node + 1) % nodes] = weights[(node + 1) % nodes, node] = 1.0
    for edge in graph.get("edges", []):
        weights[edge["to"], edge["from"]] = edge["weight"]
    return weights


def kuramoto(path):
    values, time, attributes, truth = load(path)
    params = json.loads(attributes["params"])
    weights, omega = adjacency(truth["graphs"]["adjacency"]), np.array(truth["arrays"]["omega"])
    state = np.array(truth["arrays"]["initial_state"])
    assert np.array_equal(state, values[0])
    difference = state[None, :, :] - state[:, None, :]
    coupling = (weights[:, :, None] * np.sin(difference)).sum(axis=1)
    derivative = omega[:, None] + params["K"] / len(omega) * coupling
    # The derivative at the first step, to fourth order in dt.
    dt = time[1] - time[0]
    found = (-25 * values[0] + 48 * values[1] - 36 * values[2] + 16 * values[3] - 3 * values[4]) / (12 * dt)
    return {"error": float(np.abs(found - derivative).max()), "size": float(np.abs(derivative).max())}


def labelled(path, shape):
    """Which values any label covers, where channel and realization are null: all of them."""
    covered = np.zeros(shape, bool)
    kinds = set()
    for row in pyarrow.parquet.read_table(path.removesuffix(".parquet") + ".labels.parquet").to_pylist():
        channel = slice(None) if row["channel"] is None else row["channel"]
        realization = slice(None) if row["realization"] is None else row["realization"]
        covered[row["start"] : row["stop"], channel, realization] = True
        kinds.add(row["kind"])
    return covered, sorted(kinds)


def anomalies(path):
    """Distance to the median of the last steps, in units of their median distance (Leys et al. 2013,
    doi:10.1016/j.jesp.2013.03.013)."""
    values, _, _, _ = load(path)
    positive, kinds = labelled(path, values.shape)
    width = 51
    windows = np.lib.stride_tricks.sliding_window_view(values, width, axis=0)
    median = np.median(windows, axis=-1)
    spread = np.median(np.abs(windows - median[..., None]), axis=-1)
    middle = slice(width // 2, width // 2 + len(median))
    score = np.abs(values[middle] - median) / spread
    auroc = area_under_curve(score.ravel(), positive[middle].ravel())
    return {"auroc": auroc, "positive": int(positive.sum()), "kinds": kinds}


def causes(path):
    """t statistics of the regression of each channel on all channels at all lags that the truth names."""
    values, _, _, truth = load(path)
    [graph] = [graph for graph in truth["graphs"].values() if any(edge["lag"] > 0 for edge in graph["edges"])]
    lags = max(edge["lag"] for edge in graph["edges"])
    channels = values.shape[1]
    positive = np.zeros((channels, lags, channels), bool)
    for edge in graph["edges"]:
        if edge["lag"] > 0:
            positive[edge["to"], edge["lag"] - 1, edge["from"]] = True
    series = values[:, :, 0]
    past = np.hstack([series[lags - lag : len(series) - lag] for lag in range(1, lags + 1)])
    past = np.hstack([past, np.ones((len(past), 1))])
    present = series[lags:]
    inverse = np.linalg.inv(past.T @ past)
    coefficients = inverse @ past.T @ present
    residuals = present - past @ coefficients
    variance = (residuals**2).sum(axis=0) / (len(past) - past.shape[1])
    t = np.abs(coefficients / np.sqrt(np.diag(inverse)[:, None] * variance[None, :]))[:-1]
    scores = t.reshape(lags, channels, channels).transpose(2, 0, 1)
    # Of a channel on itself nothing is asked.
    others = np.ones_like(positive)
    for channel in range(channels):
        others[channel, :, channel] = False
    return {
        "auroc": area_under_curve(scores[others], positive[others]),
        "edges": int(positive[others].sum()),
        "pairs": int(others.sum()),
    }


def effect(path):
    """The first step and the channels in which an intervention made a difference."""
    values, _, _, truth = load(path)
    clean = pyarrow.parquet.read_table(path.removesuffix(".parquet") + ".clean.parquet")
    difference = values - clean.column("value").to_numpy().reshape(values.shape)
    changed = np.abs(difference).max(axis=2) > 0
    [graph] = truth["graphs"].values()
    reached, todo = set(), list(labelled(path, values.shape)[0].any(axis=(0, 2)).nonzero()[0])
    while todo:
        node = todo.pop()
        if node not in reached:
            reached.add(int(node))
            todo += [edge["to"] for edge in graph["edges"] if edge["from"] == node]
    return {
        "first": int(changed.any(axis=1).nonzero()[0][0]),
        "changed": sorted(int(channel) for channel in changed.any(axis=0).nonzero()[0]),
        "reached": sorted(reached),
    }


KINDS = {"var": var, "kuramoto": kuramoto, "anomalies": anomalies, "causes": causes, "effect": effect}
print(json.dumps(KINDS[sys.argv[1]](sys.argv[2])))
