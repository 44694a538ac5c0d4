"""What every Python peer has in common: the inputs, the check and the line protocol of ProcessRunner."""
import os
import sys
import time

try:
    import numpy as np
except ImportError as missing:
    print("missing", missing, flush=True)
    sys.exit(0)

threads = int(os.environ.get("BENCHMARK_THREADS", "1"))
# The factors that keep the inputs of a case apart: the first, the second and so on.
factors = (7919, 104729, 15485863, 32452843)


PERIOD = 16001


def unit(count, factor=factors[0]):
    """Numbers from 0 to 1 that repeat after the period."""
    return np.resize((np.arange(PERIOD, dtype=np.int64) * factor % PERIOD) / (PERIOD - 1), count)


def uniform(shape, scale=1.0, offset=-0.5, factor=factors[0], dtype=np.float32):
    """Numbers from offset to offset + scale, the same in every language."""
    return np.resize((unit(PERIOD, factor) * scale + offset).astype(dtype), shape)


def whole(shape, modulus, offset, factor, dtype):
    """Whole numbers from offset to offset + modulus - 1."""
    return np.resize((np.arange(modulus, dtype=np.int64) * factor % modulus + offset).astype(dtype), shape)


def check(result, step=None):
    """The sum of the magnitudes of some elements: of all where there are few."""
    flat = np.asarray(result).reshape(-1)
    step = step or (9973 if flat.size > 1_000_000 else 97 if flat.size > 1000 else 1)
    return float(np.abs(flat[::step].astype(np.float64)).sum())


def serve(run, to_numpy=lambda result: result, check_step=None):
    """Answers requests with the seconds that run() takes; the result's release counts."""
    print("ready", repr(check(to_numpy(run()), check_step)), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line.split()[1])):
            start = time.perf_counter()
            result = run()
            del result
            seconds.append(time.perf_counter() - start)
        print(*map(repr, seconds), flush=True)


def missing(reason):
    print("missing", reason, flush=True)
    sys.exit(0)


def choose(functions, case, system):
    """The case's function; a system that has none says that it is missing."""
    if case not in functions:
        missing(f"{system} has no such operation")
    return functions[case]
