"""The truth scores a method: methods of NumPy alone, on the values of Parquet files.

    python scores.py var FILE.parquet         AUROC of the graph of a VAR(1)
    python scores.py kuramoto FILE.parquet    greatest error of the first derivative
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


print(json.dumps({"var": var, "kuramoto": kuramoto}[sys.argv[1]](sys.argv[2])))
