"""The inputs of the suite nn: what NeuralWork.cs computes."""
from protocol import factors, np, uniform

EPSILON = 1e-5


def affine(shape, channels):
    weight, bias = uniform([channels], 1, 0.5, factors[1]), uniform([channels], 1, -0.5, factors[2])
    return [uniform(shape, 8, -4), weight, bias]


def linear(batch, width, outputs):
    x, weight, bias = uniform([batch, width]), uniform([outputs, width], factor=factors[1]), uniform([outputs], factor=factors[2])
    return [x, weight, bias, uniform([batch, outputs], factor=factors[3])]


def convolution(n, c, h, w, outputs, kernel, _):
    weight = uniform([outputs, c, kernel, kernel], factor=factors[1])
    return [uniform([n, c, h, w]), weight, uniform([outputs], factor=factors[2])]


def attention(heads, length, width):
    return [uniform([heads, length, width], 2, -1, factor) for factor in factors[:3]]


def embedding(entries, width, count):
    return [uniform([entries, width]), np.arange(count, dtype=np.int64) * factors[0] % entries]


makers = {
    "layernorm": lambda rows, columns: affine([rows, columns], columns),
    "rmsnorm": lambda rows, columns: affine([rows, columns], columns)[:2],
    "batchnorm": lambda rows, columns: affine([rows, columns], columns),
    "groupnorm": lambda n, c, h, w, groups: affine([n, c, h, w], c),
    "linear": linear,
    "linear-training": linear,
    "conv": convolution,
    "maxpool": lambda n, c, h, w, kernel: [uniform([n, c, h, w], 8, -4)],
    "attention": attention,
    "causal-attention": attention,
    "embedding": embedding,
}


def inputs(case, sizes):
    return makers[case](*sizes)
