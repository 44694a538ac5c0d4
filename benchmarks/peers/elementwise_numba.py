"""Numba: explicit parallel loops with fastmath over flat arrays, results allocated once, compiled before they are timed."""
import sys

from elementwise_inputs import inputs
from protocol import choose, missing, np, serve, threads

try:
    import numba
except ImportError as reason:
    missing(reason)

case = sys.argv[1]
arrays = [array.reshape(-1) for array in inputs(sys.argv[1:])]
y = np.empty_like(arrays[0])
numba.set_num_threads(threads)
compiled = numba.njit(parallel=True, fastmath=True)


@compiled
def chain(x, y):
    for i in numba.prange(x.size):
        y[i] = np.tanh(x[i] * np.float32(1.25) + np.float32(0.5)) * np.float32(0.75) + max(x[i], np.float32(0))
    return y


@compiled
def square(x, y):
    for i in numba.prange(x.size):
        y[i] = x[i] * x[i] + 1
    return y


@compiled
def relu(x, y):
    for i in numba.prange(x.size):
        y[i] = x[i] if x[i] > 0 else np.float32(0)
    return y


@compiled
def add(a, b, y):
    for i in numba.prange(a.size):
        y[i] = a[i] + b[i]
    return y


@compiled
def scaled_sum(a, b, y):
    for i in numba.prange(a.size):
        y[i] = a[i] * 3 + b[i]
    return y


functions = {"chain": chain, "square": square, "relu": relu, "add": add, "int32": scaled_sum, "uint8": scaled_sum}
function = choose(functions, case, "Numba")
serve(lambda: function(*arrays, y))
