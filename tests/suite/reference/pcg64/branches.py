"""Writes branches.json: NumPy's draws on the branches that goldens/numpy_pcg64.json does not reach.

Run with NumPy 2.4.6 on Linux: python3 branches.py
"""

import hashlib
import json
import math
import pathlib

import numpy

# (name of the call in the tests, its arguments)
CASES = [
    *[("standard_gamma", {"shape": shape}) for shape in (0.0, 1e-3, 0.9, 1.5, 40.0, 1e12)],
    *[("gamma", {"shape": shape, "scale": scale}) for shape, scale in ((0.05, 2.0), (1.0, 0.5), (7.5, 0.1))],
    *[("beta", {"a": a, "b": b}) for a, b in (
        (1.0, 1.0), (1e-4, 1e-4), (1e-3, 0.8), (1e-104, 2e-104), (1e-200, 1e-90), (0.3, 4.0), (150.0, 80.0))],
    *[("chisquare", {"df": df}) for df in (0.5, 1.0, 2.0, 30.0)],
    *[("noncentral_chisquare", {"df": df, "nonc": nonc}) for df, nonc in (
        (3.0, 2.0), (1.0, 5.0), (0.5, 0.2), (0.5, 60.0), (4.0, 0.0))],
    *[("f", {"dfnum": m, "dfden": n}) for m, n in ((1.0, 1.0), (0.5, 30.0))],
    *[("noncentral_f", {"dfnum": m, "dfden": n, "nonc": nonc}) for m, n, nonc in ((3.0, 7.0, 2.0), (1.0, 2.0, 9.0))],
    *[("standard_t", {"df": df}) for df in (0.7, 2.0, 50.0)],
    *[("dirichlet", {"alpha": alpha}) for alpha in (
        [0.5, 0.05], [0.0, 1.0, 2.0], [0.0, 0.05, 0.02], [0.05, 0.0, 0.02], [0.05, 0.02, 0.0, 0.0], [0.03], [2.0],
        [1e-5, 2e-5, 1e-5])],
    *[("vonmises", {"mu": mu, "kappa": kappa}) for mu, kappa in (
        (1.0, 0.0), (1.0, 1e-9), (1.0, 1e-6), (3.0, 0.3), (-3.0, 40.0), (2.0, 1e5), (3.1415, 1e7), (-3.1415, 1e7))],
    *[("wald", {"mean": mean, "scale": scale}) for mean, scale in ((1e-3, 50.0), (50.0, 1e-3), (1.0, 1.0))],
    *[("triangular", {"left": left, "mode": mode, "right": right}) for left, mode, right in (
        (0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (-3.0, 10.0, 11.0))],
    *[("weibull", {"a": a}) for a in (0.0, 0.2, 1.0, 30.0)],
    *[("pareto", {"a": a}) for a in (0.1, 1.0, 50.0)],
    *[("power", {"a": a}) for a in (0.1, 1.0, 50.0)],
    ("rayleigh", {"scale": 0.0}),
    ("exponential", {"scale": 0.0}),
    ("laplace", {"loc": -2.0, "scale": 3.5}),
    ("logistic", {"loc": 10.0, "scale": 0.25}),
    ("gumbel", {"loc": -1.0, "scale": 4.0}),
    ("lognormal", {"mean": -20.0, "sigma": 9.0}),
    *[("poisson", {"lam": lam}) for lam in (0.0, 1e-8, 9.999, 10.0, 12.5, 1e6, 3e12, 9.2e18)],
    *[("binomial", {"n": n, "p": p}) for n, p in (
        (0, 0.3), (7, 0.0), (7, 1.0), (60, 0.5), (61, 0.5), (62, 0.49), (100, 0.99), (10**12, 1e-11), (300, 0.9),
        (200, 0.16), (10**6, 0.3), (10**15, 0.7), (2**62, 1e-17), (3000, 0.0101))],
    *[("negative_binomial", {"n": n, "p": p}) for n, p in ((0.4, 0.9), (1.0, 0.02), (500.0, 0.5), (3.0, 1.0), (7.0, 1e-9))],
    *[("geometric", {"p": p}) for p in (1.0, 0.34, 0.33, 1e-3, 1e-15, 1e-300)],
    *[("hypergeometric", {"ngood": good, "nbad": bad, "nsample": sample}) for good, bad, sample in (
        (15, 25, 5), (15, 25, 36), (0, 5, 3), (5, 0, 3), (5, 7, 0), (5, 7, 12), (30, 4, 9), (4, 30, 27),
        (25, 15, 12), (25, 15, 28), (15, 25, 28), (10, 10, 10), (1000, 2000, 1500), (10**8, 3 * 10**8, 10**7),
        (10**9 - 1, 10**9 - 1, 5), (10**9 - 1, 3, 10**6), (126, 400, 200))],
    *[("zipf", {"a": a}) for a in (1.01, 1.5, 4.0, 30.0, 1024.0, 1025.0, 5000.0)],
    *[("logseries", {"p": p}) for p in (0.0, 0.05, 0.99, 0.9999999)],
    *[("multinomial", {"n": n, "pvals": p}) for n, p in (
        (0, [0.5, 0.5]), (5, [1.0]), (5, [1.0, 0.0]), (5, [0.0, 1.0]), (1000, [0.5, 0.25, 0.125, 0.125]),
        (10**9, [0.1] * 10), (3, [0.2, 0.2, 0.2]))],
    *[("multivariate_hypergeometric", {"colors": colors, "nsample": sample}) for colors, sample in (
        ([16, 8, 4], 6), ([16, 8, 4], 20), ([100, 200, 300, 400], 350), ([5, 0, 5], 10), ([5, 5], 0), ([9], 4))],
    *[("integers", {"low": low, "high": high, "dtype": dtype}) for low, high, dtype in (
        (-128, 128, "int8"), (-5, 6, "int8"), (0, 256, "uint8"), (0, 255, "uint8"), (200, 203, "uint8"), (7, 8, "uint8"),
        (-32768, 32768, "int16"), (-1000, 30000, "int16"), (0, 65536, "uint16"), (0, 60000, "uint16"),
        (0, 2, "bool"), (-(2**31), 2**31, "int32"), (-(2**31), 2**31 - 1, "int32"), (0, 2**32 - 1, "uint32"),
        (0, 3 * 2**61, "int64"), (-(2**63), -(2**63) + 3, "int64"))],
    ("random_f32", {}), ("standard_normal_f32", {}), ("standard_exponential_f32", {}), ("standard_exponential_inv", {}),
    ("choice_replace", {"a": 1}),
    ("choice_replace_p", {"a": 40, "p": [(i + 1) / 820 for i in range(40)]}),
    ("choice_replace_p", {"a": 4, "p": [0.0, 0.5, 0.0, 0.5]}),
    ("choice_noreplace", {"a": 10, "size": 10, "replace": False}),
    ("choice_noreplace", {"a": 20000, "size": 401, "replace": False}),
    ("choice_noreplace", {"a": 10001, "size": 10001, "replace": False}),
    ("choice_noreplace_noshuffle", {"a": 20000, "size": 1001, "replace": False, "shuffle": False}),
    ("choice_noreplace_noshuffle", {"a": 20000, "size": 999, "replace": False, "shuffle": False}),
    ("choice_noreplace_noshuffle", {"a": 12, "size": 12, "replace": False, "shuffle": False}),
    ("choice_noreplace_p", {"a": 40, "size": 25, "replace": False, "p": [(i + 1) / 820 for i in range(40)]}),
    ("choice_noreplace_p", {"a": 4, "size": 2, "replace": False, "p": [0.0, 0.5, 0.0, 0.5]}),
    ("permutation", {"x": 1}), ("permutation", {"x": 1000}),
    ("permuted_rows", {"width": 7}),
    ("bytes", {"length": 1}), ("bytes", {"length": 8}), ("bytes", {"length": 21}),
]

# Rejection algorithms whose last tests are rare get more draws.
LONG = {"poisson": 200, "binomial": 400, "hypergeometric": 200, "zipf": 200, "standard_normal_f32": 4000,
        "standard_exponential_f32": 4000}


def draw(rng, name, arguments):
    size = LONG.get(name, 40)
    plain = dict(arguments)
    if name.endswith("_f32"):
        return getattr(rng, name[:-4])(size, dtype=numpy.float32)
    if name == "standard_exponential_inv":
        return rng.standard_exponential(size, method="inv")
    if name.startswith("choice_replace"):
        return rng.choice(size=size, **plain)
    if name.startswith("choice"):
        return rng.choice(**plain)
    if name == "permutation":
        return rng.permutation(plain["x"])
    if name == "permuted_rows":
        return rng.permuted(numpy.arange(size // plain["width"] * plain["width"]).reshape(-1, plain["width"]), axis=1)
    if name == "bytes":
        return numpy.frombuffer(rng.bytes(plain["length"]), dtype=numpy.uint8)
    if name == "multivariate_hypergeometric":
        return rng.multivariate_hypergeometric(**plain, size=size, method="marginals")
    if name == "integers" and plain["dtype"] == "bool":
        return rng.integers(0, 2, size, dtype=bool)
    return getattr(rng, name)(**plain, size=size)


def written(value):
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    if isinstance(value, bool):
        return int(value)
    return value


def case(seed, name, arguments):
    rng = numpy.random.default_rng(seed)
    rng.integers(0, 10)  # leaves half a word
    values = draw(rng, name, arguments)
    state = rng.bit_generator.state
    dtype = {"float64": "f64", "float32": "f32"}.get(str(values.dtype), "int64")
    entry = {"fn": name, "args": arguments, "dtype": dtype}
    if values.size > 500:
        bits = values.view(numpy.uint32) if dtype == "f32" else values
        entry["n"] = values.size
        entry["sha256_le"] = hashlib.sha256(bits.astype("<u8").tobytes()).hexdigest()
    elif dtype == "f32":
        entry["bits_hex"] = ["%08x" % bits for bits in values.view(numpy.uint32)]
    else:
        entry["values"] = [written(v) for v in values.ravel().tolist()]
    entry["after"] = {
        "state": str(state["state"]["state"]),
        "has_uint32": state["has_uint32"],
        "uinteger": state["uinteger"],
    }
    return entry


def main():
    cases = [case(2026, name, arguments) for name, arguments in CASES]
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
    text = f'{{"numpy": "{numpy.__version__}", "seed": 2026, "cases": [\n{lines}\n]}}\n'
    pathlib.Path(__file__).with_name("branches.json").write_text(text)


if __name__ == "__main__":
    main()
