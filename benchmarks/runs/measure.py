"""Threads, packs and length: `python3 benchmarks/runs/measure.py target/release/mts`.

Each figure is the median of seven runs in turns into an empty folder in memory; `--rounds` changes that.
Polars and duckdb, where they can be imported, read the catalogue of the packs.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

EQUAL = "{seed: 1, configs: [{model: ou, M: 10, n_realizations: 10, T: 20000, theta: {axis: [%s]}}]}"
LONG = "{seed: 1, configs: [{model: ou, M: 10, n_realizations: 10, T: %d}]}"
PACKS = """
seed: 1
pack: 2000
configs:
  model: ou
  M: 5
  T: 256
  theta: {axis: [%s]}
  mu: {axis: [%s]}
"""


def run(mts, folder, document, *options):
    """Wall seconds, processor seconds, mebibytes at most."""
    out = os.path.join(folder, "out")
    shutil.rmtree(out, ignore_errors=True)
    path = os.path.join(folder, "grid.yaml")
    with open(path, "w") as file:
        file.write(document)
    begun = time.perf_counter()
    process = subprocess.Popen([mts, "generate", path, "--out", out, "--quiet", *options])
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def medians(rows):
    return [statistics.median(column) for column in zip(*rows)]


def threads(mts, folder, rounds):
    document = EQUAL % ", ".join(f"{0.1 + 0.01 * i:.2f}" for i in range(16))
    one, two = [], []
    for _ in range(rounds):
        one.append(run(mts, folder, document, "--jobs", "1"))
        two.append(run(mts, folder, document, "--jobs", "2"))
    (wall_1, cpu_1, _), (wall_2, cpu_2, _) = medians(one), medians(two)
    print(f"16 equal records: 1 job {wall_1:.3f} s, 2 jobs {wall_2:.3f} s: {wall_1 / wall_2:.2f}x "
          f"(processor {cpu_1:.3f} and {cpu_2:.3f} s)")


def packs(mts, folder, rounds):
    theta = ", ".join(f"{0.01 * (i + 1):.2f}" for i in range(100))
    mu = ", ".join(str(i) for i in range(1000))
    rows = [run(mts, folder, PACKS % (theta, mu)) for _ in range(rounds)]
    wall, cpu, most = medians(rows)
    files = sum(len(names) for _, _, names in os.walk(os.path.join(folder, "out")))
    print(f"10^5 datasets in packs: {wall:.1f} s, processor {cpu:.1f} s, {files} files, {most:.0f} MiB")
    catalogue = os.path.join(folder, "out", "catalog.parquet")
    # In a process of its own: what a parent holds counts as its children's.
    read = (f"import duckdb, polars; assert polars.read_parquet({catalogue!r}).height == 100_000; assert "
            f"duckdb.sql(\"select count(distinct path) from '{catalogue}'\").fetchall() == [(100_000,)]")
    if subprocess.run([sys.executable, "-c", read], stderr=subprocess.DEVNULL).returncode == 0:
        print("its catalogue has 100000 rows for polars and duckdb")


def length(mts, folder, rounds, values):
    """Long runs between short ones: the machine is not always as fast."""
    short, long = [], []
    for _ in range(3):
        short += [run(mts, folder, LONG % 100_000) for _ in range(rounds)]
        long.append(run(mts, folder, LONG % (values // 100)))
    short += [run(mts, folder, LONG % 100_000) for _ in range(rounds)]
    wall, cpu, most = medians(short)
    print(f"10^7 values: {wall:.2f} s, processor {1e9 * cpu / 1e7:.1f} ns per value, {most:.0f} MiB")
    wall, long_cpu, most = medians(long)
    each = long_cpu / values
    print(f"{values:.0e} values: {wall:.1f} s, processor {1e9 * each:.1f} ns per value "
          f"({each / (cpu / 1e7):.2f} of the former), {most:.0f} MiB")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("mts")
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--values", type=lambda text: int(float(text)), default=10**9)
    arguments.add_argument("--folder", default="/dev/shm")
    works = ["threads", "packs", "length"]
    arguments.add_argument("work", nargs="*", help="threads, packs, length; all without a name")
    given = arguments.parse_args()
    if unknown := set(given.work) - set(works):
        arguments.error(f"no work is called {', '.join(sorted(unknown))}: {', '.join(works)} are")
    given.work = given.work or works
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        if "threads" in given.work:
            threads(given.mts, folder, given.rounds)
        if "packs" in given.work:
            packs(given.mts, folder, min(given.rounds, 3))
        if "length" in given.work:
            length(given.mts, folder, given.rounds, given.values)


if __name__ == "__main__":
    main()
