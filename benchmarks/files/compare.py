"""Times `mts generate` beside peer.py, whole processes, and prints a table: medians of seven runs.

The sides take turns in one run. Both end with files that are durable: mts flushes the file system once for all files
of a batch, the peer every file and its folder. In a folder in memory flushing is free.
"""

import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
WORK = {
    "parquet": ("gbm M=50 T=10 000 R=10, Parquet", "large.yaml", ["--format", "parquet"]),
    "csv": ("gbm M=50 T=10 000 R=10, CSV", "large.yaml", ["--format", "csv"]),
    "small": ("200 × (M=5 T=256 R=2), Parquet + sidecar", "small.yaml", ["--format", "parquet"]),
}


def run(command):
    """Wall and processor seconds of a process, the most memory that it took in MB, and what it printed."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, printed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="target/release/mts")
    parser.add_argument("work", nargs="*", help=f"some of {', '.join(WORK)}")
    parser.add_argument("--python", default=sys.executable, help="the peer's; with numpy, pandas, pyarrow")
    parser.add_argument("--folder", default="/dev/shm", help="where both write")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--jobs", default=str(os.cpu_count()), help="threads of mts")
    options = parser.parse_args()

    versions = "import numpy, pandas, pyarrow; print(f'NumPy {numpy.__version__}, pandas {pandas.__version__}, pyarrow {pyarrow.__version__}')"
    versions = subprocess.run([options.python, "-c", versions], check=True, capture_output=True, text=True).stdout
    print(f"Python {platform.python_version()}, {versions.strip()}; {options.folder}, {options.jobs} jobs\n")
    print("| work | mts, s | CPU, s | MB | peer, s | CPU, s | MB | peer without imports, s | ratio | without imports |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for work in options.work or WORK:
        title, document, arguments = WORK[work]
        ours, peers = [], []
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                out = f"{folder}/mts"
                os.sync()
                command = [options.binary, "generate", HERE / document, *arguments, "--outdir", out]
                ours.append(run([*command, "--jobs", options.jobs, "--quiet"])[:3])
                shutil.rmtree(out)
                os.sync()
                *times, printed = run([options.python, HERE / "peer.py", work, f"{folder}/peer"])
                peers.append((*times, float(printed)))
        wall, cpu, memory = (statistics.median(column) for column in zip(*ours))
        peer, peer_cpu, peer_memory, own = (statistics.median(column) for column in zip(*peers))
        print(
            f"| {title} | {wall:.3f} | {cpu:.3f} | {memory:.0f} | {peer:.2f} | {peer_cpu:.2f} | {peer_memory:.0f} "
            f"| {own:.2f} | {peer / wall:.1f}× | {own / wall:.1f}× |",
            flush=True,
        )


if __name__ == "__main__":
    main()
