"""The inputs of the suite elementwise: what ElementwiseWork.cs computes."""
from protocol import factors, np, uniform, whole

CHAIN_STEPS = 25  # of four operations each


def signed(dtype=np.float32):
    return lambda shape: [uniform(shape, 8, -4, dtype=dtype)]


def whole_numbers(modulus, offset, dtype):
    return lambda shape: [whole(shape, modulus, offset, factor, dtype) for factor in factors[:2]]


makers = {
    "chain": signed(),
    "square": signed(np.float64),
    "relu": signed(),
    "add": lambda shape: [uniform(shape, factor=factor) for factor in factors[:2]],
    "small": signed(),
    "int32": whole_numbers(16001, -8000, np.int32),
    "uint8": whole_numbers(251, 0, np.uint8),
    "float16": signed(np.float16),
}


def inputs(arguments):
    return makers[arguments[0]]([int(length) for length in arguments[1:]])
