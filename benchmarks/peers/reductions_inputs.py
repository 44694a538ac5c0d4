"""The inputs of the suite reductions: what ReductionWork.cs computes."""
from protocol import np, uniform


def scattered(shape):
    """Whole numbers below 2^24 in no order, by the finalizer of a hash: what is sorted must not be foreseeable."""
    bits = np.arange(int(np.prod(shape)), dtype=np.uint32) * np.uint32(0x9E3779B1)
    bits = (bits ^ (bits >> np.uint32(15))) * np.uint32(0x85EBCA77)
    bits = (bits ^ (bits >> np.uint32(13))) * np.uint32(0xC2B2AE3D)
    return ((bits ^ (bits >> np.uint32(16))) >> np.uint32(8)).astype(np.float32).reshape(shape)


def peaked(shape):
    """One greatest element, so that all systems name the same."""
    values = uniform(shape, 1, 0)
    values.reshape(-1)[values.size * 3 // 4] = 2
    return values


def inputs(case, shape):
    if case in ("sort", "topk"):
        return scattered(shape)
    if case in ("max", "argmax"):
        return peaked(shape)
    if case in ("softmax", "logsoftmax"):
        return uniform(shape, 8, -4)
    return uniform(shape, 1, 0)
