"""The same work as one would write it in Python: NumPy steps over slabs of (channel, realization), pandas for the long
form, pyarrow for Parquet. Prints the seconds that the work took after the imports."""

import argparse
import hashlib
import json
import os
import pathlib
import time

import numpy
import pandas


def noise_gaussian(rng, m, t, r):
    for _ in range(t):
        yield rng.standard_normal((m, r))


def cauchy_noise(rng, m, t, r):
    for _ in range(t):
        yield rng.standard_cauchy((m, r))


def brownian(rng, m, t, r, dt=0.01):
    x = numpy.zeros((m, r))
    for _ in range(t):
        yield x
        x = x + numpy.sqrt(dt) * rng.standard_normal((m, r))


def abm(rng, m, t, r, dt=0.01, mu=0.5, sigma=1.0):
    x = numpy.zeros((m, r))
    for _ in range(t):
        yield x
        x = x + mu * dt + sigma * numpy.sqrt(dt) * rng.standard_normal((m, r))


def gbm(rng, m, t, r, dt=0.01, mu=0.05, sigma=0.2):
    s = numpy.full((m, r), 100.0)
    for _ in range(t):
        yield s
        s = s * numpy.exp((mu - sigma**2 / 2) * dt + sigma * numpy.sqrt(dt) * rng.standard_normal((m, r)))


def ou(rng, m, t, r, dt=0.1, theta=0.7, mu=0.0, sigma=1.0):
    x = numpy.zeros((m, r))
    decay = numpy.exp(-theta * dt)
    scale = sigma * numpy.sqrt((1 - decay**2) / (2 * theta))
    for _ in range(t):
        yield x
        x = mu + (x - mu) * decay + scale * rng.standard_normal((m, r))


def ar(rng, m, t, r, phi=(0.6, -0.2)):
    past = [numpy.zeros((m, r)) for _ in phi]
    for _ in range(t):
        x = sum(a * x for a, x in zip(phi, past)) + rng.standard_normal((m, r))
        past = [x] + past[:-1]
        yield x


def var(rng, m, t, r, p=2):
    matrices = [numpy.eye(m) * 0.4 + rng.normal(0.0, 0.05, (m, m)) for _ in range(p)]
    past = [numpy.zeros((m, r)) for _ in matrices]
    for _ in range(t):
        x = sum(a @ x for a, x in zip(matrices, past)) + rng.standard_normal((m, r))
        past = [x] + past[:-1]
        yield x


def kuramoto(rng, m, t, r, dt=0.01, k=1.5):
    omega = rng.standard_normal((m, 1))
    theta = rng.uniform(-numpy.pi, numpy.pi, (m, r))
    for _ in range(t):
        yield theta
        pull = numpy.sin(theta[None, :, :] - theta[:, None, :]).sum(axis=1)
        theta = theta + dt * (omega + k / m * pull)


def cml(rng, m, t, r, rate=3.9, epsilon=0.3):
    x = rng.uniform(size=(m, r))
    for _ in range(t):
        yield x
        f = rate * x * (1 - x)
        x = (1 - epsilon) * f + epsilon / 2 * (numpy.roll(f, 1, axis=0) + numpy.roll(f, -1, axis=0))


MODELS = {f.__name__: f for f in (noise_gaussian, cauchy_noise, brownian, abm, gbm, ou, ar, var, kuramoto, cml)}
DT = {"brownian": 0.01, "abm": 0.01, "gbm": 0.01, "ou": 0.1, "kuramoto": 0.01}


def write_durably(path, write):
    write(path)
    for name in (path, path.parent):
        descriptor = os.open(name, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def dataset(model, m, t, r, seed, outdir, csv, sidecar):
    rng = numpy.random.default_rng(seed)
    values = numpy.empty((t, m, r))
    for step, slab in enumerate(MODELS[model](rng, m, t, r)):
        values[step] = slab

    params = {"M": m, "T": t, "n_realizations": r}
    name = f"{model}_M{m}_T{t}__{hashlib.sha256(json.dumps([model, params]).encode()).hexdigest()[:8]}"
    frame = pandas.DataFrame({
        "time": numpy.repeat(numpy.arange(t) * DT[model] if model in DT else numpy.arange(t), m * r),
        "channel": numpy.tile(numpy.repeat(numpy.arange(m), r), t),
        "realization": numpy.tile(numpy.arange(r), m * t),
        "value": values.ravel(),
    })
    frame["config_id"] = name

    folder = pathlib.Path(outdir) / model / name / f"seed={seed}"
    folder.mkdir(parents=True)
    if csv:
        write_durably(folder / f"{name}.csv", lambda path: frame.to_csv(path, index=False))
    else:
        write_durably(folder / f"{name}.parquet", lambda path: frame.to_parquet(path, engine="pyarrow", index=False))
    if sidecar:
        text = json.dumps({"model": model, "params": params, "seed": seed, "config_id": name})
        write_durably(folder / f"{name}.metadata.json", lambda path: path.write_text(text))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=["parquet", "csv", "small"])
    parser.add_argument("outdir")
    options = parser.parse_args()
    import pyarrow.parquet  # noqa: F401  An import, and no work: pandas would do it when it writes.

    begin = time.perf_counter()
    if options.work == "small":
        for model in MODELS:
            for seed in range(20):
                dataset(model, 5, 256, 2, seed, options.outdir, csv=False, sidecar=True)
    else:
        dataset("gbm", 50, 10_000, 10, 1, options.outdir, csv=options.work == "csv", sidecar=False)
    print(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
