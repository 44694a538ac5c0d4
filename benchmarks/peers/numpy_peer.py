"""NumPy, with its temporaries allocated once."""
import sys

import numpy as np
from protocol import elementwise_input, matrices, serve

case = sys.argv[1]
if case == "matmul":
    a, b = matrices(sys.argv[2], int(sys.argv[3]))
    c = np.empty_like(a)
    serve(lambda: np.matmul(a, b, out=c))
else:
    x = elementwise_input(case, [int(length) for length in sys.argv[2:]])
    y, z = np.empty_like(x), np.empty_like(x)

    def chain():
        np.multiply(x, np.float32(1.25), out=y)
        np.add(y, np.float32(0.5), out=y)
        np.tanh(y, out=y)
        np.multiply(y, np.float32(0.75), out=y)
        np.maximum(x, 0, out=z)
        return np.add(y, z, out=y)

    def square():
        np.multiply(x, x, out=y)
        return np.add(y, 1, out=y)

    def softmax():
        np.subtract(x, x.max(axis=1, keepdims=True), out=y)
        np.exp(y, out=y)
        return np.divide(y, y.sum(axis=1, keepdims=True), out=y)

    serve({"chain": chain, "square": square, "softmax": softmax, "sum": x.sum, "mean": x.mean}[case])
