"""Start-up and a small run: median of 7, in one run of this script.

    cargo build --release --bin mts
    python3 benchmarks/startup/measure.py target/release/mts
"""

import pathlib
import shutil
import statistics
import subprocess
import sys
import time

binary = sys.argv[1]
grid = pathlib.Path(__file__).parents[2] / "configs" / "example_grid.yaml"
out = pathlib.Path("/dev/shm/mts-startup")


def median(args, prepare=lambda: None):
    times = []
    for _ in range(7):
        prepare()
        start = time.perf_counter()
        subprocess.run([binary, *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def clear():
    shutil.rmtree(out, ignore_errors=True)


print(f"mts --help               {median(['--help']):6.1f} ms")
print(f"example grid, first run  {median(['generate', str(grid), '--outdir', str(out)], clear):6.1f} ms")
print(f"example grid, again      {median(['generate', str(grid), '--outdir', str(out)]):6.1f} ms")
clear()
