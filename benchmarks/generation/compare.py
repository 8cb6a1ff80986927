"""Times the generation of every model beside NumPy (peer.py) and prints tables: medians of seven rounds.

The sides take turns, one thread each. A round makes the same dataset again and again for a fifth of a second of
processor time; neither what is drawn before the first step nor memory for the result is part of it. The last tables
are what the facts of each model expect as a multiple of what was measured, and noise beside its draws. Build first:
cargo build --release -p mts-models --example generation_speed
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy  # noqa: E402

import peer  # noqa: E402

LONG = [
    ("kuramoto", {}, (50, 2000, 4)),
    ("kuramoto", {"mean_field": True}, (50, 2000, 4)),
    ("ou", {}, (5, 100_000, 3)),
]
VARIANTS = [
    ("noise_gaussian", {}),
    ("cauchy_noise", {}),
    ("brownian", {}),
    ("abm", {}),
    ("gbm", {"sigma": 0.1}),
    ("ou", {}),
    ("ar", {}),
    ("ar", {"p": 4}),
    ("var", {}),
    ("var", {"p": 2}),
    ("var", {"correlated": True}),
    ("kuramoto", {}),
    ("kuramoto", {"method": "euler", "noise_std": 0.1}),
    ("kuramoto", {"topology": "ring"}),
    ("kuramoto", {"topology": "erdos_renyi", "p": 0.1}),
    ("kuramoto", {"topology": "erdos_renyi", "p": 0.9}),
    ("cml", {}),
    ("cml", {"topology": "complete"}),
    ("cml", {"topology": "erdos_renyi", "p": 0.1}),
    ("cml", {"topology": "erdos_renyi", "p": 0.9}),
]
WIDE = [(50, 10), (500, 1), (5, 100), (100, 100)]
COSTS = [(1, 1), (5, 1), (5, 3), (20, 1), (50, 10), (500, 1), (200, 3), (5, 100), (100, 100)]
LAGS = [("ar", {"p": 100}), ("var", {"p": 4})]
NORMALS = [(5, 100_000, 3), (1, 1_000_000, 1), (50, 20_000, 10), (500, 2_000, 1), (1000, 100, 100)]

ROUND = 0.2


class NumPy:
    """A model of peer.py and the array that it fills."""

    def __init__(self, name, params, shape):
        channels, steps, realizations = shape
        self.loop = peer.MODELS[name](numpy.random.default_rng(1), channels, realizations, **params)
        self.out = numpy.zeros((steps, channels, realizations))

    def fill(self):
        start = time.process_time()
        self.loop(self.out)
        return time.process_time() - start


class Ours:
    """A running program that makes one dataset for each line it reads."""

    def __init__(self, binary, name, params, shape):
        command = [binary, name, *map(str, shape)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.process.stdin.write(json.dumps(params) + "\n")
        self.expected = float(self.process.stdout.readline())

    def fill(self):
        self.process.stdin.write("\n")
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def seconds(sides, rounds):
    """The median over rounds of the mean time of a fill, for each side."""
    for side in sides:
        side.fill()
    times = [[] for _ in sides]
    for _ in range(rounds):
        for side, means in zip(sides, times):
            fills = [side.fill()]
            while sum(fills) < ROUND:
                fills.append(side.fill())
            means.append(statistics.mean(fills))
    return [statistics.median(means) for means in times]


def known(params, channels):
    """The parameters as mts takes them."""
    params = {name: value for name, value in params.items() if name != "mean_field"}
    if params.pop("correlated", False):
        params["Sigma"] = peer.covariance(channels).tolist()
    return params


def words(params):
    return ", ".join(f"{name} {value}" for name, value in params.items())


def steps(name, slab):
    """A NumPy of pairs takes seconds for what takes others milliseconds."""
    return 40 if name == "kuramoto" else max(20, 200_000 // slab)


def costs(options, name, params):
    """What the facts expect as a multiple of what was measured."""
    for channels, realizations in COSTS:
        count = max(20, 200_000 // (channels * realizations))
        ours = Ours(options.binary, name, known(params, channels), (channels, count, realizations))
        (measured,) = seconds([ours], options.rounds)
        ours.close()
        yield f"{ours.expected / (1e9 * measured / (channels * count * realizations)):.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="target/release/examples/generation_speed")
    parser.add_argument("models", nargs="*", help="only these")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(f"NumPy {numpy.__version__}, Python {platform.python_version()}")

    def chosen(name):
        return not options.models or name in options.models

    def row(name, params, shape):
        channels, count, realizations = shape
        ours = Ours(options.binary, name, known(params, channels), shape)
        our_time, numpy_time = seconds([ours, NumPy(name, params, shape)], options.rounds)
        ours.close()
        each = 1e9 / (channels * count * realizations)
        print(
            f"| {name} | {words(params)} | {channels} × {realizations} | {our_time * each:.2f} "
            f"| {numpy_time * each:.2f} | {numpy_time / our_time:.1f} |",
            flush=True,
        )

    header = "| model | parameters | M × R | mts, ns | NumPy, ns | ratio |" + "\n" + 6 * "|---" + "|"
    print(f"\n{header}")
    for name, params, shape in LONG:
        if chosen(name):
            row(name, params, shape)
    print(f"\n{header}")
    for name, params in VARIANTS:
        for channels, realizations in WIDE:
            if chosen(name):
                row(name, params, (channels, steps(name, channels * realizations), realizations))
    shapes = [f"{channels} × {realizations}" for channels, realizations in COSTS]
    print("\n| model | parameters | " + " | ".join(shapes) + " |\n" + (2 + len(COSTS)) * "|---" + "|")
    for name, params in VARIANTS + LAGS:
        if chosen(name):
            print(f"| {name} | {words(params)} | " + " | ".join(costs(options, name, params)) + " |", flush=True)
    if chosen("normals"):
        print("\n| M × R | normals, ns | noise_gaussian, ns | ratio |\n|---|---|---|---|")
        for shape in NORMALS:
            sides = [Ours(options.binary, name, {}, shape) for name in ("normals", "noise_gaussian")]
            floor, noise = (1e9 * time / (shape[0] * shape[1] * shape[2]) for time in seconds(sides, options.rounds))
            print(f"| {shape[0]} × {shape[2]} | {floor:.2f} | {noise:.2f} | {noise / floor:.2f} |", flush=True)
            for side in sides:
                side.close()


if __name__ == "__main__":
    main()
