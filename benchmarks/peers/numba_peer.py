"""Numba: explicit parallel loops with fastmath, compiled before they are timed."""
import sys

import numpy as np
from protocol import elementwise_input, missing, serve, threads

try:
    import numba
except ImportError as reason:
    missing(reason)

case = sys.argv[1]
x = elementwise_input(case, [int(length) for length in sys.argv[2:]])
y = np.empty_like(x)
numba.set_num_threads(threads)


@numba.njit(parallel=True, fastmath=True)
def chain(x, y):
    for i in numba.prange(x.size):
        y[i] = np.tanh(x[i] * np.float32(1.25) + np.float32(0.5)) * np.float32(0.75) + max(x[i], np.float32(0))
    return y


@numba.njit(parallel=True, fastmath=True)
def square(x, y):
    for i in numba.prange(x.size):
        y[i] = x[i] * x[i] + 1
    return y


@numba.njit(parallel=True, fastmath=True)
def total(x, y):
    sum = np.float32(0)
    for i in numba.prange(x.size):
        sum += x[i]
    return sum


@numba.njit(parallel=True, fastmath=True)
def mean(x, y):
    sum = np.float32(0)
    for i in numba.prange(x.size):
        sum += x[i]
    return sum / x.size


function = {"chain": chain, "square": square, "sum": total, "mean": mean}[case]
serve(lambda: function(x, y))
