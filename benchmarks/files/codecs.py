"""Times Parquet files of real model output under each compression, and prints a table: bytes of the file, processor
seconds of `mts generate`, and those that pyarrow takes to read the values back. Medians; compressions take turns.
"""

import argparse
import pathlib
import statistics
import tempfile
import time

import pyarrow.parquet

import compare

MODELS = {
    "noise_gaussian": "",
    "cauchy_noise": "",
    "brownian": "dt: 0.01, ",
    "abm": "dt: 0.01, mu: 0.5, ",
    "gbm": "dt: 0.01, mu: 0.05, sigma: 0.2, S0: 100, ",
    "ou": "dt: 0.1, theta: 0.7, ",
    "ar": "p: 2, phi: [0.6, -0.2], ",
    "var": "p: 2, ",
    "kuramoto": "K: 1.5, noise_std: 0.1, ",
    "cml": "r: 3.9, epsilon: 0.3, ",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="target/release/mts")
    parser.add_argument("compressions", nargs="*", default=["none", "snappy", "zstd"])
    parser.add_argument("--models", nargs="*", default=list(MODELS))
    parser.add_argument("--dtype", default="f64")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", default="/dev/shm", help="where files are written")
    options = parser.parse_args()

    print("| model | " + " | ".join(f"{name}: MB, s, read s" for name in options.compressions) + " |")
    print("|---" * (1 + len(options.compressions)) + "|")
    for model in options.models:
        found = {name: [] for name in options.compressions}
        for _ in range(options.rounds):
            for name in options.compressions:
                with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                    document = pathlib.Path(folder, "document.yaml")
                    document.write_text(
                        f"{{model: {model}, M: 20, T: 10000, n_realizations: 100, {MODELS[model]}seed: 1}}"
                    )
                    command = [options.binary, "generate", document, "--outdir", folder, "--quiet", "--jobs", "1"]
                    command += ["--compression", name, "--dtype", options.dtype]
                    _, seconds, *_ = compare.run(command)
                    (file,) = pathlib.Path(folder).rglob("*.parquet")
                    begin = time.process_time()
                    pyarrow.parquet.read_table(file, columns=["value"], use_threads=False)
                    found[name].append((file.stat().st_size / 1e6, seconds, time.process_time() - begin))
        cells = [[statistics.median(column) for column in zip(*runs)] for runs in found.values()]
        print(f"| {model} | " + " | ".join(f"{size:.1f}, {s:.2f}, {read:.2f}" for size, s, read in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
