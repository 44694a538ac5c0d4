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


def unit(count, factor=7919):
    return (np.arange(count, dtype=np.int64) * factor % 16001) / 16000


def elementwise_input(case, shape):
    values = unit(int(np.prod(shape)))
    if case not in ("sum", "mean"):
        values = values * 8 - 4
    return values.astype(np.float64 if case == "square" else np.float32).reshape(shape)


def matrices(dtype, size):
    a, b = (unit(size * size, factor) - 0.5 for factor in (7919, 104729))
    return a.astype(dtype).reshape(size, size), b.astype(dtype).reshape(size, size)


def check(result, step=9973):
    flat = np.asarray(result, dtype=np.float64).reshape(-1)
    return float(np.abs(flat[:: step if flat.size > 1 else 1]).sum())


def serve(run, to_numpy=lambda result: result, check_step=9973):
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
