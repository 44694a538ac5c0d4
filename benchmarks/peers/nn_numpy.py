"""NumPy, each operation written out by hand."""
import sys

from nn_inputs import EPSILON, inputs
from protocol import choose, np, serve

case, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]]
arrays = inputs(case, sizes)
x = arrays[0]


def normalize(values, axes):
    deviation = values - values.mean(axis=axes, keepdims=True)
    variance = np.square(deviation).mean(axis=axes, keepdims=True)
    deviation *= 1 / np.sqrt(variance + np.float32(EPSILON))
    return deviation


def layer_norm():
    result = normalize(x, 1)
    result *= arrays[1]
    result += arrays[2]
    return result


def rms_norm():
    result = x * (1 / np.sqrt(np.square(x).mean(axis=1, keepdims=True) + np.float32(EPSILON)))
    result *= arrays[1]
    return result


def batch_norm():
    result = normalize(x, 0)
    result *= arrays[1]
    result += arrays[2]
    return result


def group_norm():
    groups = sizes[-1]
    result = normalize(x.reshape(x.shape[0], groups, -1), 2).reshape(x.shape)
    result *= arrays[1][:, None, None]
    result += arrays[2][:, None, None]
    return result


def linear():
    _, weight, bias, _ = arrays
    result = x @ weight.T
    result += bias
    return result


def linear_training():
    _, weight, bias, gradient = arrays
    result = x @ weight.T
    result += bias
    return gradient.T @ x, gradient @ weight, gradient.sum(axis=0)


def convolution():
    _, weight, bias = arrays
    *_, outputs, kernel, padding = sizes
    n, c, h, w = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding))) if padding else x
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(2, 3))
    rows, columns = windows.shape[2:4]
    result = np.empty((n, outputs, rows, columns), np.float32)
    flat = weight.reshape(outputs, -1)
    for image in range(n):
        patches = windows[image].transpose(0, 3, 4, 1, 2).reshape(c * kernel * kernel, rows * columns)
        np.matmul(flat, patches, out=result[image].reshape(outputs, rows * columns))
    result += bias[:, None, None]
    return result


def max_pool():
    kernel = sizes[-1]
    result = x[..., ::kernel, ::kernel].copy()
    for row in range(kernel):
        for column in range(kernel):
            np.maximum(result, x[..., row::kernel, column::kernel], out=result)
    return result


def attention(is_causal):
    q, k, v = arrays
    mask = np.triu(np.full((q.shape[1], q.shape[1]), -np.inf, np.float32), 1)

    def run():
        scores = q @ k.transpose(0, 2, 1)
        scores *= np.float32(q.shape[2] ** -0.5)
        if is_causal:
            scores += mask
        scores -= scores.max(axis=2, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=2, keepdims=True)
        return scores @ v

    return run


functions = {
    "layernorm": layer_norm,
    "rmsnorm": rms_norm,
    "batchnorm": batch_norm,
    "groupnorm": group_norm,
    "linear": linear,
    "linear-training": linear_training,
    "conv": convolution,
    "maxpool": max_pool,
    "attention": attention(False) if case == "attention" else None,
    "causal-attention": attention(True) if case == "causal-attention" else None,
    "embedding": lambda: x[arrays[1]],
}
run = choose(functions, case, "NumPy")
serve(run, to_numpy=lambda result: result[0] if isinstance(result, tuple) else result)
