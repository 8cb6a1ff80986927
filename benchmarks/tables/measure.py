"""Tables beside others: `python3 benchmarks/tables/measure.py target/release/mts`.

Each figure is the median of some runs in turns into an empty folder in memory; `--rounds` and `--folder` change that.
`--tpchgen` names the program of the Python package tpchgen-cli, whose CSV of TPC-H is written for scale. Where PyYAML
can be imported, the interpreter of documents in Python runs, too.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
RETAIL = os.path.join(HERE, "..", "..", "configs", "tables", "retail.yaml")
ROWS = 46_360
FORMATS = ["parquet", "csv", "sqlite"]


def run(folder, *command):
    """Wall seconds, processor seconds, mebibytes at most, bytes written."""
    out = os.path.join(folder, "out")
    shutil.rmtree(out, ignore_errors=True)
    os.mkdir(out)
    begun = time.perf_counter()
    process = subprocess.Popen([part.replace("OUT", out) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    assert status == 0, command
    names = (os.path.join(path, name) for path, _, names in os.walk(out) for name in names)
    size = sum(os.path.getsize(name) for name in names)
    shutil.rmtree(out)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, size


def tell(name, runs, rows=None):
    wall, cpu, most, size = (statistics.median(column) for column in zip(*runs))
    walls = [one[0] for one in runs]
    each = f"{rows / wall / 1e6:7.3f} M rows/s, {rows / cpu / 1e6:7.3f} per core; " if rows else ""
    print(f"{name:24} {wall:7.2f} s ({min(walls):.2f} to {max(walls):.2f}), processor {cpu:7.2f} s; {each}"
          f"{size / wall / 1e6:6.0f} MB/s, {size / cpu / 1e6:5.0f} per core; {most:4.0f} MiB", flush=True)
    return wall, cpu


def as_json(folder):
    """The document for Python, which has no YAML of its own; none where nobody else has it either."""
    try:
        import yaml
    except ImportError:
        return None
    path = os.path.join(folder, "retail.json")
    with open(RETAIL) as document, open(path, "w") as file:
        json.dump(yaml.safe_load(document), file)
    return path


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("mts")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--rows", type=lambda text: int(float(text)), default=10**7)
    arguments.add_argument("--slow-rows", type=lambda text: int(float(text)), default=10**6, help="of the baseline")
    arguments.add_argument("--jobs", default="2")
    arguments.add_argument("--folder", default="/dev/shm")
    arguments.add_argument("--formats", nargs="*", default=FORMATS)
    arguments.add_argument("--python", default=sys.executable)
    arguments.add_argument("--tpchgen")
    given = arguments.parse_args()
    scale, slow = given.rows / ROWS, given.slow_rows / ROWS
    sides = {}
    for name in given.formats:
        sides[name] = (given.rows, given.mts, "generate", RETAIL, "--scale", str(scale), "--out", "OUT/shop",
                       "--format", name, "--jobs", given.jobs, "--quiet")
    slow_sides = {"by hand": (given.python, os.path.join(HERE, "baseline.py"), "OUT", str(slow))}
    if given.tpchgen:
        sides["tpchgen-cli csv, SF1"] = (None, given.tpchgen, "csv", "-s", "1", "-o", "OUT",
                                         "--num-threads", given.jobs, "--quiet")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        if document := as_json(folder):
            script = os.path.join(HERE, "interpreter.py")
            slow_sides["interpreter"] = (given.python, script, document, "OUT", str(slow))
        sides |= {name: (given.slow_rows, *command) for name, command in slow_sides.items()}
        runs = {name: [] for name in sides}
        for _ in range(given.rounds):
            for name, (_, *command) in sides.items():
                runs[name].append(run(folder, *command))
    told = {name: tell(name, runs[name], sides[name][0]) for name in sides}
    for name in given.formats:
        for other in slow_sides:
            wall, cpu = (given.rows / mine / (given.slow_rows / theirs)
                         for mine, theirs in zip(told[name], told[other]))
            print(f"{name} beside {other}: {wall:.1f} times the rows per second, {cpu:.1f} per processor second")


if __name__ == "__main__":
    main()
