"""How long pictures of long datasets take, and how much memory: medians of wall time, most resident memory.

python3 benchmarks/plot/measure.py target/release/mts [--folder /dev/shm] [--rounds 5]
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import time

DOCUMENT = """
seed: 1
configs:
  - {model: ou, M: 5, T: 200000}
  - {model: ou, M: 10, T: 1000000, n_realizations: 10}
  - {model: ou, M: 1, T: 100000000}
"""

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("mts")
parser.add_argument("--folder", default="/dev/shm")
parser.add_argument("--rounds", type=int, default=5)
given = parser.parse_args()
folder = pathlib.Path(given.folder) / "mts-plot"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir()
try:
    (folder / "big.yaml").write_text(DOCUMENT)
    subprocess.run([given.mts, "generate", folder / "big.yaml", "--out", folder / "data", "-q"], check=True)
    files = sorted((folder / "data").glob("ou/*/*.parquet"), key=os.path.getsize)
    print("| values | kinds | s | MiB |\n|---|---|---|---|")
    for file, values in zip(files, ["10⁶", "10⁸", "10⁸"]):
        for kinds in ["", "timeseries", "heatmap"]:
            walls, most = [], 0
            for _ in range(given.rounds):
                begun = time.perf_counter()
                command = [given.mts, "plot", file, "-o", folder / "x.png", "-q"]
                child = subprocess.Popen(command + (["--kind", kinds] if kinds else []))
                _, status, used = os.wait4(child.pid, 0)
                assert status == 0
                walls.append(time.perf_counter() - begun)
                most = max(most, used.ru_maxrss / 1024)
            shape = file.name.split("_dt")[0]
            print(f"| {values} ({shape}) | {kinds or 'overview'} | {statistics.median(walls):.2f} | {most:.0f} |")
finally:
    shutil.rmtree(folder, ignore_errors=True)
