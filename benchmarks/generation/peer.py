"""The models as one writes them with NumPy: one step of all channels and realizations at a time.

A model takes a generator, the shape and its parameters, makes what its equations need, and returns the loop over the
steps, which fills an array (T, M, R) that is there already. Only that loop is timed.
"""

import numpy


def noise_gaussian(rng, channels, realizations, sigma=1.0):
    def run(out):
        for slab in out:
            slab[:] = sigma * rng.standard_normal((channels, realizations))

    return run


def cauchy_noise(rng, channels, realizations, gamma=1.0):
    def run(out):
        for slab in out:
            slab[:] = gamma * rng.standard_cauchy((channels, realizations))

    return run


def abm(rng, channels, realizations, dt=1.0, mu=0.0, sigma=1.0):
    drift, scale = mu * dt, sigma * numpy.sqrt(dt)

    def run(out):
        out[0] = 0.0
        for t in range(1, len(out)):
            out[t] = out[t - 1] + (drift + scale * rng.standard_normal((channels, realizations)))

    return run


def brownian(rng, channels, realizations, dt=1.0, sigma=1.0):
    return abm(rng, channels, realizations, dt=dt, sigma=sigma)


def gbm(rng, channels, realizations, dt=1.0, mu=0.0, sigma=1.0):
    drift, scale = (mu - 0.5 * sigma**2) * dt, sigma * numpy.sqrt(dt)

    def run(out):
        out[0] = 1.0
        for t in range(1, len(out)):
            out[t] = out[t - 1] * numpy.exp(drift + scale * rng.standard_normal((channels, realizations)))

    return run


def ou(rng, channels, realizations, dt=1.0, mu=0.0, theta=1.0, sigma=1.0):
    mu, theta, sigma = (numpy.full((channels, 1), each) for each in (mu, theta, sigma))
    decay = numpy.exp(-theta * dt)
    noise = sigma * numpy.sqrt((1.0 - decay**2) / (2.0 * theta))

    def run(out):
        out[0] = 0.0
        for t in range(1, len(out)):
            out[t] = mu + (out[t - 1] - mu) * decay + noise * rng.standard_normal((channels, realizations))

    return run


def ar(rng, channels, realizations, p=1, noise_std=1.0):
    phi = 0.5 / p * numpy.ones((channels, p))

    def run(out):
        out[:p] = 0.0
        for t in range(p, len(out)):
            x = noise_std * rng.standard_normal((channels, realizations))
            for k in range(p):
                x += phi[:, k, None] * out[t - 1 - k]
            out[t] = x

    return run


def var(rng, channels, realizations, p=1, noise_scale=1.0, correlated=False):
    phi = 0.25 * rng.standard_normal((p, channels, channels))
    companion = numpy.eye(p * channels, k=-channels)
    companion[:channels] = numpy.hstack(phi)
    radius = numpy.abs(numpy.linalg.eigvals(companion)).max()
    phi *= (min(1.0, 0.95 / radius) ** numpy.arange(1, p + 1))[:, None, None]
    lower = numpy.linalg.cholesky(covariance(channels))

    def run(out):
        out[:p] = 0.0
        for t in range(p, len(out)):
            x = rng.standard_normal((channels, realizations))
            x = lower @ x if correlated else noise_scale * x
            for k in range(p):
                x += phi[k] @ out[t - 1 - k]
            out[t] = x

    return run


def covariance(channels):
    """Ones on the diagonal, a half beside it."""
    return numpy.eye(channels) + 0.5 * (numpy.eye(channels, k=1) + numpy.eye(channels, k=-1))


def kuramoto(
    rng, channels, realizations, topology="complete", p=0.1, method="rk4", dt=0.05, noise_std=0.0, mean_field=False
):
    adjacency = graph(rng, channels, topology, p)
    omega = rng.standard_normal((channels, 1))
    initial = rng.uniform(0.0, 2.0 * numpy.pi, (channels, realizations))

    def pairs(theta):
        differences = theta[None, :, :] - theta[:, None, :]
        return omega + (adjacency[:, :, None] * numpy.sin(differences)).sum(axis=1) / channels

    def field(theta):
        sin, cos = numpy.sin(theta), numpy.cos(theta)
        return omega + (cos * sin.sum(axis=0) - sin * cos.sum(axis=0)) / channels

    drift = field if mean_field else pairs

    def step(theta):
        k1 = drift(theta)
        if method == "euler":
            return theta + dt * k1
        k2 = drift(theta + 0.5 * dt * k1)
        k3 = drift(theta + 0.5 * dt * k2)
        k4 = drift(theta + dt * k3)
        return theta + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)

    def run(out):
        out[0] = initial
        for t in range(1, len(out)):
            out[t] = step(out[t - 1])
            if noise_std > 0.0:
                out[t] += noise_std * numpy.sqrt(dt) * rng.standard_normal((channels, realizations))

    return run


def cml(rng, channels, realizations, topology="ring", p=0.1, r=3.8, epsilon=0.1):
    adjacency = graph(rng, channels, topology, p)
    mean = adjacency / numpy.maximum(adjacency.sum(axis=1, keepdims=True), 1.0)
    initial = rng.uniform(0.001, 0.999, (channels, realizations))

    def run(out):
        out[0] = initial
        for t in range(1, len(out)):
            image = r * out[t - 1] * (1.0 - out[t - 1])
            out[t] = numpy.clip((1.0 - epsilon) * image + epsilon * (mean @ image), 0.0, 1.0)

    return run


def graph(rng, nodes, topology, p):
    """The adjacency matrix."""
    if topology == "complete":
        return 1.0 - numpy.eye(nodes)
    if topology == "ring":
        shifted = numpy.roll(numpy.eye(nodes), 1, axis=0)
        return shifted + shifted.T
    upper = numpy.triu(rng.random((nodes, nodes)) < p, k=1).astype(float)
    return upper + upper.T


MODELS = {
    model.__name__: model for model in (noise_gaussian, cauchy_noise, brownian, abm, gbm, ou, ar, var, kuramoto, cml)
}
