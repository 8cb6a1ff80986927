"""Times the generation of every model beside NumPy (peer.py) and prints tables: medians of seven rounds.

The sides take turns, one thread each. A round makes the same dataset again and again for a fifth of a second of
processor time; neither what is drawn before the first step nor memory for the result is part of it. Build first:
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
    ("kuramoto, NumPy by the mean field too", {"mean_field": True}, (50, 2000, 4)),
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


def compare(binary, name, params, shape, rounds):
    model = name.partition(",")[0]
    known = {key: value for key, value in params.items() if key not in ("mean_field", "correlated")}
    if params.get("correlated"):
        known["Sigma"] = peer.covariance(shape[0]).tolist()
    ours, numpys = Ours(binary, model, known, shape), NumPy(model, params, shape)
    our_seconds, numpy_seconds = seconds([ours, numpys], rounds)
    ours.close()
    return our_seconds, numpy_seconds, ours.expected


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
        ours, numpys, expected = compare(options.binary, name, params, shape, options.rounds)
        each = 1e9 / (shape[0] * shape[1] * shape[2])
        words = ", ".join(f"{key} {value}" for key, value in params.items())
        print(
            f"| {name} | {words} | {shape[0]} × {shape[2]} | {ours * each:.2f} | {numpys * each:.2f} "
            f"| {numpys / ours:.1f} | {expected:.2f} | {expected / (ours * each):.2f} |",
            flush=True,
        )

    header = "\n| model | parameters | M × R | mts, ns | NumPy, ns | ratio | facts, ns | of measured |\n" + 8 * "|---" + "|"
    print(header)
    for name, params, shape in LONG:
        if chosen(name):
            row(name, params, shape)
    print(header)
    for name, params in VARIANTS:
        for channels, realizations in WIDE:
            if chosen(name):
                row(name, params, (channels, max(20, 200_000 // (channels * realizations)), realizations))
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
