"""NumPy, with its results allocated once where they are large."""
import sys

from protocol import choose, np, serve
from reductions_inputs import inputs

case, shape = sys.argv[1], [int(length) for length in sys.argv[2:]]
count = shape.pop() if case == "topk" else 0
x = inputs(case, shape)
y = np.empty_like(x)


def softmax():
    np.subtract(x, x.max(axis=1, keepdims=True), out=y)
    np.exp(y, out=y)
    return np.divide(y, y.sum(axis=1, keepdims=True), out=y)


def log_softmax():
    shifted = np.subtract(x, x.max(axis=1, keepdims=True))
    np.exp(shifted, out=y)
    return np.subtract(shifted, np.log(y.sum(axis=1, keepdims=True)), out=shifted)


def top():
    part = np.partition(x, x.shape[-1] - count, axis=-1)[..., -count:]
    return np.sort(part, axis=-1)[..., ::-1]


functions = {
    "sum": x.sum,
    "mean": x.mean,
    "max": x.max,
    "argmax": x.argmax,
    "sum-axis-0": lambda: x.sum(axis=0),
    "sum-axis-1": lambda: x.sum(axis=1),
    "var": x.var,
    "std-axis-1": lambda: x.std(axis=1),
    "softmax": softmax,
    "logsoftmax": log_softmax,
    "cumsum": lambda: np.cumsum(x, axis=-1, out=y),
    "sort": lambda: np.sort(x, axis=-1),
    "topk": top,
}
serve(choose(functions, case, "NumPy"))
