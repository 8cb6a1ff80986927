"""Times every model of the catalogue with its defaults and prints a table: values per second of one core.

    cargo build --release -p mts-cli -p mts-models --example generation_speed --bin mts
    python3 benchmarks/models/measure.py target/release/mts target/release/examples/generation_speed [MODEL ...]

Each dataset has about a million values and as many channels as the model has by default, once with one realization and
once with a hundred. `generation_speed` fills memory that is there already, and answers with processor time; what is drawn
before the first step is not part of it, except for models that make whole paths. Median of five.
"""

import json
import statistics
import subprocess
import sys

VALUES = 1 << 20
ROUNDS = 5


def seconds(program, model, shape):
    lines = "{}\n" + "\n" * ROUNDS
    command = [program, model, *map(str, shape)]
    told = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), statistics.median(map(float, told[1:]))


def main():
    mts, program, *wanted = sys.argv[1:]
    models = json.loads(subprocess.run([mts, "list", "--json"], capture_output=True, check=True).stdout)["models"]
    print("| model | family | M | ns, R = 1 | ns, R = 100 | million values per second, the better one | ns expected |")
    print("|---|---|---|---|---|---|---|")
    for model in sorted(models, key=lambda model: (model["family"], model["name"])):
        name = model["name"]
        if wanted and name not in wanted:
            continue
        shown = json.loads(subprocess.run([mts, "show", name, "--json"], capture_output=True, check=True).stdout)
        channels = shown["shape"]["M"]
        times = []
        for realizations in (1, 100):
            steps = max(VALUES // (channels * realizations), 1)
            expected, took = seconds(program, name, (channels, steps, realizations))
            times.append(1e9 * took / (channels * steps * realizations))
        best = 1e3 / min(times)
        cells = [name, model["family"], channels, f"{times[0]:.2f}", f"{times[1]:.2f}", f"{best:.1f}", f"{expected:.1f}"]
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)


main()
