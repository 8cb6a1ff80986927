"""Times every law beside NumPy and prints a table: nanoseconds a value, median of seven rounds.

Both sides continue one generator through the same calls, and must leave it in the same state. With --values the
table counts the values of the last round that differ instead. Build first:
cargo build --release -p mts-rng --example laws_speed
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

FIFTHS = [0.1, 0.2, 0.3, 0.25, 0.15]
FORTY = [(i + 1) / 820 for i in range(40)]
COVARIANCE = [[2.0, 0.3, -0.5], [0.3, 1.0, 0.2], [-0.5, 0.2, 1.5]]

# NumPy's calls for n values; laws of vectors divide n by their length.
LAWS = {
    "random": lambda r, n: r.random(n),
    "random_f32": lambda r, n: r.random(n, dtype=numpy.float32),
    "standard_normal": lambda r, n: r.standard_normal(n),
    "standard_normal_f32": lambda r, n: r.standard_normal(n, dtype=numpy.float32),
    "standard_exponential": lambda r, n: r.standard_exponential(n),
    "standard_exponential_f32": lambda r, n: r.standard_exponential(n, dtype=numpy.float32),
    "standard_exponential_inv": lambda r, n: r.standard_exponential(n, method="inv"),
    "standard_cauchy": lambda r, n: r.standard_cauchy(n),
    "integers_i64": lambda r, n: r.integers(0, 1000, n),
    "integers_i64_wide": lambda r, n: r.integers(0, 1 << 40, n),
    "integers_i16": lambda r, n: r.integers(0, 1000, n, dtype=numpy.int16),
    "integers_i8": lambda r, n: r.integers(0, 100, n, dtype=numpy.int8),
    "integers_bool": lambda r, n: r.integers(0, 2, n, dtype=bool),
    "bytes": lambda r, n: r.bytes(n),
    "permutation": lambda r, n: r.permutation(n),
    "beta_2_5": lambda r, n: r.beta(2.0, 5.0, n),
    "beta_0.5_0.5": lambda r, n: r.beta(0.5, 0.5, n),
    "binomial_20_0.3": lambda r, n: r.binomial(20, 0.3, n),
    "binomial_500_0.4": lambda r, n: r.binomial(500, 0.4, n),
    "chisquare_4": lambda r, n: r.chisquare(4.0, n),
    "choice": lambda r, n: r.choice(1000, n),
    "choice_p5": lambda r, n: r.choice(5, n, p=FIFTHS),
    "choice_p40": lambda r, n: r.choice(40, n, p=FORTY),
    "choice_distinct": lambda r, n: r.choice(2 * n, n, replace=False),
    "dirichlet_3": lambda r, n: r.dirichlet([1.0, 2.0, 3.0], n // 3),
    "exponential": lambda r, n: r.exponential(2.5, n),
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
    "multivariate_normal_3": lambda r, n: r.multivariate_normal([1.0, -2.0, 0.5], COVARIANCE, n // 3, method="cholesky"),
    "negative_binomial_3_0.4": lambda r, n: r.negative_binomial(3.0, 0.4, n),
    "noncentral_chisquare_3_2": lambda r, n: r.noncentral_chisquare(3.0, 2.0, n),
    "noncentral_f_3_7_2": lambda r, n: r.noncentral_f(3.0, 7.0, 2.0, n),
    "pareto_3": lambda r, n: r.pareto(3.0, n),
    "poisson_0.7": lambda r, n: r.poisson(0.7, n),
    "poisson_5": lambda r, n: r.poisson(5.0, n),
    "poisson_40": lambda r, n: r.poisson(40.0, n),
    "poisson_1000": lambda r, n: r.poisson(1000.0, n),
    "power_2.5": lambda r, n: r.power(2.5, n),
    "rayleigh": lambda r, n: r.rayleigh(2.0, n),
    "standard_t_3": lambda r, n: r.standard_t(3.0, n),
    "triangular": lambda r, n: r.triangular(-1.0, 0.5, 2.0, n),
    "vonmises_4": lambda r, n: r.vonmises(0.5, 4.0, n),
    "wald": lambda r, n: r.wald(1.5, 2.0, n),
    "weibull_1.7": lambda r, n: r.weibull(1.7, n),
    "zipf_2.2": lambda r, n: r.zipf(2.2, n),
}


def time_numpy(law, count, rounds):
    rng = numpy.random.default_rng(42)
    law(rng, count)
    nanoseconds = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        values = law(rng, count)
        nanoseconds.append((time.perf_counter_ns() - start) / count)
    state = rng.bit_generator.state
    return nanoseconds, (state["state"]["state"], state["has_uint32"]), values


def time_ours(binary, name, count, rounds):
    with tempfile.NamedTemporaryFile() as file:
        command = [binary, name, str(count), str(rounds), file.name]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        raw = numpy.fromfile(file.name, dtype="<i8")
    nanoseconds, _, rest = output.strip().rpartition("] ")
    state, half = rest.split()
    return json.loads(nanoseconds + "]"), (int(state), int(half)), raw


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
    parser.add_argument("--count", type=int, default=120_000, help="values a round; divisible by 3, 4 and 5")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--values", action="store_true", help="count values that differ")
    options = parser.parse_args()

    print(f"NumPy {numpy.__version__}, Python {platform.python_version()}, {platform.platform()}\n")
    if options.values:
        print("| law | values | differ | by at most, ulp |\n|---|---|---|---|")
    else:
        print("| law | mts-rng, ns | NumPy, ns | ratio |\n|---|---|---|---|")
    apart = []
    for name in options.laws:
        ours, our_state, raw = time_ours(options.binary, name, options.count, options.rounds)
        numpys, numpy_state, values = time_numpy(LAWS[name], options.count, options.rounds)
        if our_state != numpy_state:
            apart.append(name)
        if options.values:
            far = distances(raw, values)
            print(f"| {name} | {far.size} | {numpy.count_nonzero(far)} | {far.max()} |", flush=True)
            continue
        ours, numpys = statistics.median(ours), statistics.median(numpys)
        print(f"| {name} | {ours:.2f} | {numpys:.2f} | {ours / numpys:.2f} |", flush=True)
    if apart:
        sys.exit(f"the generators are apart after: {', '.join(apart)}")


if __name__ == "__main__":
    main()
