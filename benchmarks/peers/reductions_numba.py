"""Numba: explicit parallel loops with fastmath, compiled before they are timed."""
import sys

from protocol import choose, missing, np, serve, threads
from reductions_inputs import inputs

try:
    import numba
except ImportError as reason:
    missing(reason)

case = sys.argv[1]
x = inputs(case, [int(length) for length in sys.argv[2:]])
numba.set_num_threads(threads)
compiled = numba.njit(parallel=True, fastmath=True)


@compiled
def total(x):
    sum = np.float32(0)
    for i in numba.prange(x.size):
        sum += x[i]
    return sum


@compiled
def mean(x):
    sum = np.float32(0)
    for i in numba.prange(x.size):
        sum += x[i]
    return sum / x.size


@compiled
def greatest(x):
    best = x[0]
    for i in numba.prange(x.size):
        best = max(best, x[i])
    return best


@compiled
def sum_rows(x):
    result = np.empty(x.shape[0], np.float32)
    for row in numba.prange(x.shape[0]):
        sum = np.float32(0)
        for column in range(x.shape[1]):
            sum += x[row, column]
        result[row] = sum
    return result


function = choose({"sum": total, "mean": mean, "max": greatest, "sum-axis-1": sum_rows}, case, "Numba")
serve(lambda: function(x))
