"""Times every law beside NumPy and prints a table: nanoseconds a value, median of seven rounds.

The sides take turns. In a round each makes some fills from one generator that goes on, the fastest of which counts, and
both must leave it in the same state. Laws that take more
than nine tenths of NumPy's time show how much of ours goes into elementary functions (needs `perf`). With --values the
table counts the values of the last fill that differ instead. Build first:
CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo build --release -p mts-rng --example laws_speed
"""

import argparse
import functools
import json
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

FIFTHS = [0.1, 0.2, 0.3, 0.25, 0.15]
FORTY = [(i + 1) / 820 for i in range(40)]
MEAN = [1.0, -2.0, 0.5]
COVARIANCE = [[2.0, 0.3, -0.5], [0.3, 1.0, 0.2], [-0.5, 0.2, 1.5]]


def shuffled(rng, array):
    rng.shuffle(array)
    return array


@functools.cache
def rising(count):
    return numpy.arange(1, count + 1) / (count * (count + 1) // 2)


# NumPy's calls for n values; laws of vectors divide n by their length.
LAWS = {
    "random": lambda r, n: r.random(n),
    "random_f32": lambda r, n: r.random(n, dtype=numpy.float32),
    "uniform": lambda r, n: r.uniform(-1.0, 2.5, n),
    "standard_normal": lambda r, n: r.standard_normal(n),
    "standard_normal_f32": lambda r, n: r.standard_normal(n, dtype=numpy.float32),
    "normal": lambda r, n: r.normal(1.0, 2.5, n),
    "standard_exponential": lambda r, n: r.standard_exponential(n),
    "standard_exponential_f32": lambda r, n: r.standard_exponential(n, dtype=numpy.float32),
    "standard_exponential_inv": lambda r, n: r.standard_exponential(n, method="inv"),
    "standard_cauchy": lambda r, n: r.standard_cauchy(n),
    "integers_i64": lambda r, n: r.integers(0, 1000, n),
    "integers_i64_wide": lambda r, n: r.integers(0, 1 << 40, n),
    "integers_u64_full": lambda r, n: r.integers(0, 1 << 64, n, dtype=numpy.uint64),
    "integers_i32": lambda r, n: r.integers(0, 1000, n, dtype=numpy.int32),
    "integers_u32_full": lambda r, n: r.integers(0, 1 << 32, n, dtype=numpy.uint32),
    "integers_i16": lambda r, n: r.integers(0, 1000, n, dtype=numpy.int16),
    "integers_u16": lambda r, n: r.integers(0, 1000, n, dtype=numpy.uint16),
    "integers_i8": lambda r, n: r.integers(0, 100, n, dtype=numpy.int8),
    "integers_u8": lambda r, n: r.integers(0, 100, n, dtype=numpy.uint8),
    "integers_u8_full": lambda r, n: r.integers(0, 256, n, dtype=numpy.uint8),
    "integers_bool": lambda r, n: r.integers(0, 2, n, dtype=bool),
    "bytes": lambda r, n: r.bytes(n),
    "permutation": lambda r, n: r.permutation(n),
    "shuffle_rows": lambda r, n: shuffled(r, numpy.arange(n).reshape(-1, 4)),
    "permuted": lambda r, n: r.permuted(numpy.arange(n).reshape(-1, 20), axis=1),
    "beta_2_5": lambda r, n: r.beta(2.0, 5.0, n),
    "beta_0.5_0.5": lambda r, n: r.beta(0.5, 0.5, n),
    "beta_0.2_0.9": lambda r, n: r.beta(0.2, 0.9, n),
    "binomial_20_0.3": lambda r, n: r.binomial(20, 0.3, n),
    "binomial_500_0.4": lambda r, n: r.binomial(500, 0.4, n),
    "chisquare_1": lambda r, n: r.chisquare(1.0, n),
    "chisquare_4": lambda r, n: r.chisquare(4.0, n),
    "choice": lambda r, n: r.choice(1000, n),
    "choice_p5": lambda r, n: r.choice(5, n, p=FIFTHS),
    "choice_p40": lambda r, n: r.choice(40, n, p=FORTY),
    "choice_distinct": lambda r, n: r.choice(2 * n, n, replace=False),
    "choice_distinct_p": lambda r, n: r.choice(2 * n, n, replace=False, p=rising(2 * n)),
    "dirichlet_0.02": lambda r, n: r.dirichlet([0.02, 0.03, 0.05], n // 3),
    "dirichlet_0.5": lambda r, n: r.dirichlet([0.5, 0.6, 0.7], n // 3),
    "dirichlet_3": lambda r, n: r.dirichlet([1.0, 2.0, 3.0], n // 3),
    "exponential": lambda r, n: r.exponential(2.5, n),
    "f_1_7": lambda r, n: r.f(1.0, 7.0, n),
    "f_3_7": lambda r, n: r.f(3.0, 7.0, n),
    "gamma_0.3": lambda r, n: r.standard_gamma(0.3, n),
    "gamma_2.5": lambda r, n: r.standard_gamma(2.5, n),
    "geometric_0.2": lambda r, n: r.geometric(0.2, n),
    "geometric_0.5": lambda r, n: r.geometric(0.5, n),
    "gumbel": lambda r, n: r.gumbel(0.0, 1.0, n),
    "hypergeometric_15_25_12": lambda r, n: r.hypergeometric(15, 25, 12, n),
    "hypergeometric_15_25_5": lambda r, n: r.hypergeometric(15, 25, 5, n),
    "laplace": lambda r, n: r.laplace(0.0, 1.0, n),
    "logistic": lambda r, n: r.logistic(0.0, 1.0, n),
    "lognormal": lambda r, n: r.lognormal(0.0, 1.0, n),
    "logseries_0.6": lambda r, n: r.logseries(0.6, n),
    "multinomial_20_5": lambda r, n: r.multinomial(20, FIFTHS, n // 5),
    "multivariate_hypergeometric": lambda r, n: r.multivariate_hypergeometric([100, 200, 300, 400], 350, n // 4),
    "multivariate_normal_3": lambda r, n: r.multivariate_normal(MEAN, COVARIANCE, n // 3, method="cholesky"),
    "negative_binomial_3_0.4": lambda r, n: r.negative_binomial(3.0, 0.4, n),
    "negative_binomial_0.5_0.4": lambda r, n: r.negative_binomial(0.5, 0.4, n),
    "noncentral_chisquare_0.5_2": lambda r, n: r.noncentral_chisquare(0.5, 2.0, n),
    "noncentral_chisquare_3_2": lambda r, n: r.noncentral_chisquare(3.0, 2.0, n),
    "noncentral_f_3_7_2": lambda r, n: r.noncentral_f(3.0, 7.0, 2.0, n),
    "pareto_3": lambda r, n: r.pareto(3.0, n),
    "poisson_0.7": lambda r, n: r.poisson(0.7, n),
    "poisson_5": lambda r, n: r.poisson(5.0, n),
    "poisson_40": lambda r, n: r.poisson(40.0, n),
    "poisson_1000": lambda r, n: r.poisson(1000.0, n),
    "power_2.5": lambda r, n: r.power(2.5, n),
    "rayleigh": lambda r, n: r.rayleigh(2.0, n),
    "standard_t_1": lambda r, n: r.standard_t(1.0, n),
    "standard_t_3": lambda r, n: r.standard_t(3.0, n),
    "triangular": lambda r, n: r.triangular(-1.0, 0.5, 2.0, n),
    "vonmises_0.5": lambda r, n: r.vonmises(0.5, 0.5, n),
    "vonmises_4": lambda r, n: r.vonmises(0.5, 4.0, n),
    "wald": lambda r, n: r.wald(1.5, 2.0, n),
    "weibull_1.7": lambda r, n: r.weibull(1.7, n),
    "zipf_2.2": lambda r, n: r.zipf(2.2, n),
}


def time_numpy(law, count, fills):
    rng = numpy.random.default_rng(42)
    law(rng, count)
    nanoseconds = []
    for _ in range(fills):
        start = time.perf_counter_ns()
        values = law(rng, count)
        nanoseconds.append((time.perf_counter_ns() - start) / count)
    state = rng.bit_generator.state
    return nanoseconds, (state["state"]["state"], state["has_uint32"]), values


def time_ours(binary, name, count, fills):
    with tempfile.NamedTemporaryFile() as file:
        command = [binary, name, str(count), str(fills), file.name]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        raw = numpy.fromfile(file.name, dtype="<i8")
    nanoseconds, _, rest = output.strip().rpartition("] ")
    state, half = rest.split()
    return json.loads(nanoseconds + "]"), (int(state), int(half)), raw


def elementary_share(binary, name):
    script = pathlib.Path(__file__).with_name("shares.py")
    command = [sys.executable, script, binary, name]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1]


def distances(raw, values):
    """How many doubles lie between each value and ours."""
    if isinstance(values, bytes):
        values = numpy.frombuffer(values, dtype=numpy.uint8)
    values = numpy.ravel(values)
    values = values.astype(numpy.float64).view("<i8") if values.dtype.kind == "f" else values.astype("<i8")
    return numpy.abs(raw - values)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="target/release/examples/laws_speed")
    parser.add_argument("laws", nargs="*", default=list(LAWS))
    parser.add_argument("--count", type=int, default=120_000, help="values a fill; divisible by 3, 4 and 5")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--fills", type=int, default=5, help="fills a round, of which the fastest counts")
    parser.add_argument("--values", action="store_true", help="count values that differ")
    options = parser.parse_args()

    print(f"NumPy {numpy.__version__}, Python {platform.python_version()}\n")
    if options.values:
        print("| law | values | differ | by at most, ulp |\n|---|---|---|---|")
    else:
        print("| law | mts-rng, ns | NumPy, ns | ratio | elementary |\n|---|---|---|---|---|")
    apart, ratios = set(), []
    for name in options.laws:
        ours, numpys = [], []
        for _ in range(options.rounds):
            our_times, our_state, raw = time_ours(options.binary, name, options.count, options.fills)
            numpy_times, numpy_state, values = time_numpy(LAWS[name], options.count, options.fills)
            ours.append(min(our_times))
            numpys.append(min(numpy_times))
            if our_state != numpy_state:
                apart.add(name)
        if options.values:
            far = distances(raw, values)
            print(f"| {name} | {far.size} | {numpy.count_nonzero(far)} | {far.max()} |", flush=True)
            continue
        ours, numpys = statistics.median(ours), statistics.median(numpys)
        ratios.append(ours / numpys)
        share = elementary_share(options.binary, name) if ratios[-1] > 0.9 else ""
        print(f"| {name} | {ours:.2f} | {numpys:.2f} | {ratios[-1]:.2f} | {share} |", flush=True)
    if ratios:
        print(f"\nGeometric mean of {len(ratios)} ratios: {statistics.geometric_mean(ratios):.2f}")
    if apart:
        sys.exit(f"the generators are apart after: {', '.join(sorted(apart))}")


if __name__ == "__main__":
    main()
