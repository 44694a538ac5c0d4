"""Numba's side of the kernels: explicit parallel loops with fastmath, compiled before they are timed, results allocated once."""
import math
import sys

import numpy as np
from protocol import missing, serve, threads

try:
    import numba
    from numba import float32, njit, prange
except ImportError as reason:
    missing(reason)

case = sys.argv[1]
size = int(sys.argv[2])
numba.set_num_threads(threads)
ITERATIONS = 256

# Without a check for division by zero, which would keep loops from becoming vectors.
options = {"fastmath": True, "error_model": "numpy"}


@njit(**options)
def iterations(re, im):
    x, y = re, im
    count = 0
    while count < ITERATIONS:
        xx, yy = x * x, y * y
        if xx + yy > 4:
            break
        xy = x * y
        x = xx - yy + re
        y = xy + xy + im
        count += 1
    return count


@njit(parallel=True, **options)
def mandelbrot(left, top, step, counts):
    for y in prange(counts.shape[0]):
        for x in range(counts.shape[1]):
            counts[y, x] = iterations(left + type(step)(x) * step, top + type(step)(y) * step)


# Slices of rows, since an index such as j - 1 might be negative and would be checked for that.
@njit(parallel=True, **options)
def stencil5(x, y):
    flow, four = float32(0.2), float32(4)
    y[0], y[-1] = x[0], x[-1]
    for i in prange(1, x.shape[0] - 1):
        y[i, 0], y[i, -1] = x[i, 0], x[i, -1]
        above, below = x[i - 1, 1:-1], x[i + 1, 1:-1]
        left, here, right = x[i, :-2], x[i, 1:-1], x[i, 2:]
        inner = y[i, 1:-1]
        for j in range(inner.size):
            around = above[j] + below[j] + left[j] + right[j]
            inner[j] = here[j] + flow * (around - four * here[j])


@njit(parallel=True, **options)
def stencil9(x, y):
    centre, side, corner = float32(0.25), float32(0.125), float32(0.0625)
    y[0], y[-1] = x[0], x[-1]
    for i in prange(1, x.shape[0] - 1):
        y[i, 0], y[i, -1] = x[i, 0], x[i, -1]
        above_left, above, above_right = x[i - 1, :-2], x[i - 1, 1:-1], x[i - 1, 2:]
        left, here, right = x[i, :-2], x[i, 1:-1], x[i, 2:]
        below_left, below, below_right = x[i + 1, :-2], x[i + 1, 1:-1], x[i + 1, 2:]
        inner = y[i, 1:-1]
        for j in range(inner.size):
            sides = above[j] + below[j] + left[j] + right[j]
            corners = above_left[j] + above_right[j] + below_left[j] + below_right[j]
            inner[j] = centre * here[j] + side * sides + corner * corners


# The inner loops are functions of their own: inside a prange their sums would not become vectors.
@njit(**options)
def softmax_row(x, y):
    largest = x[0]
    for j in range(x.size):
        largest = max(largest, x[j])
    total = float32(0)
    for j in range(x.size):
        value = math.exp(x[j] - largest)
        y[j] = value
        total += value
    scale = float32(1) / total
    for j in range(x.size):
        y[j] *= scale


@njit(parallel=True, **options)
def softmax(x, y):
    for i in prange(x.shape[0]):
        softmax_row(x[i], y[i])


@njit(**options)
def pull_of_all(px, py, pz, mass, x, y, z):
    one, softening = float32(1), float32(0.01)
    ax = ay = az = float32(0)
    for j in range(px.size):
        dx, dy, dz = px[j] - x, py[j] - y, pz[j] - z
        inverse = one / math.sqrt(dx * dx + dy * dy + dz * dz + softening)
        pull = mass[j] * inverse * inverse * inverse
        ax += dx * pull
        ay += dy * pull
        az += dz * pull
    return ax, ay, az


@njit(parallel=True, **options)
def nbody(px, py, pz, mass, acceleration):
    for i in prange(px.size):
        ax, ay, az = pull_of_all(px, py, pz, mass, px[i], py[i], pz[i])
        acceleration[0, i] = ax
        acceleration[1, i] = ay
        acceleration[2, i] = az


@njit(**options)
def normal(d):
    k = float32(1) / (float32(1) + float32(0.2316419) * abs(d))
    polynomial = k * (
        float32(0.319381530)
        + k * (float32(-0.356563782) + k * (float32(1.781477937) + k * (float32(-1.821255978) + k * float32(1.330274429))))
    )
    tail = float32(0.39894228) * math.exp(float32(-0.5) * d * d) * polynomial
    return float32(1) - tail if d > 0 else tail


@njit(parallel=True, **options)
def black_scholes(spots, strikes, terms, prices):
    one, rate, volatility, half = float32(1), float32(0.02), float32(0.3), float32(0.5)
    for i in prange(spots.size):
        spot, strike, years = spots[i], strikes[i], terms[i]
        deviation = volatility * math.sqrt(years)
        d1 = (math.log(spot / strike) + (rate + half * volatility * volatility) * years) / deviation
        n1, n2 = normal(d1), normal(d1 - deviation)
        discounted = strike * math.exp(-rate * years)
        prices[0, i] = spot * n1 - discounted * n2
        prices[1, i] = discounted * (one - n2) - spot * (one - n1)


def filled(count, multiple=1, shift=0, scale=1.0, offset=0.0):
    unit = (np.arange(count, dtype=np.int64) * multiple + shift) * 7919 % 16001 / 16000
    return (unit * scale + offset).astype(np.float32)


if case.startswith("mandelbrot"):
    dtype = np.float32 if case.endswith("f32") else np.float64
    result = np.empty((size, size), np.int32)
    arguments = (dtype(-2), dtype(-1.5), dtype(3 / size), result)
    function = mandelbrot
    numba.set_parallel_chunksize(4)
elif case.startswith("stencil"):
    result = np.empty((size, size), np.float32)
    arguments = (filled(size * size).reshape(size, size), result)
    function = {"stencil5": stencil5, "stencil9": stencil9}[case]
elif case == "softmax":
    columns = int(sys.argv[3])
    result = np.empty((size, columns), np.float32)
    arguments = (filled(size * columns, scale=8, offset=-4).reshape(size, columns), result)
    function = softmax
elif case == "nbody":
    result = np.empty((3, size), np.float32)
    arguments = (*(filled(size, 3, axis, 1, -0.5) for axis in range(3)), filled(size, offset=0.5), result)
    function = nbody
elif case == "black-scholes":
    result = np.empty((2, size), np.float32)
    arguments = (filled(size, 1, 0, 25, 5), filled(size, 1, 5000, 99, 1), filled(size, 1, 10000, 9.75, 0.25), result)
    function = black_scholes
else:
    missing(f"no case is called {case}")


def run():
    function(*arguments)
    return result


serve(run, check_step=1)
