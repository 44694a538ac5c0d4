"""The inputs of the suite matmul: what MatmulWork.cs computes. bfloat16, which NumPy lacks, comes as f32."""
from protocol import factors, np, uniform

types = {"float64": np.float64, "float16": np.float16}


def inputs(arguments):
    """Case, type and sizes to two factors and a bias; a transposed factor lies in memory as its transpose."""
    case, dtype, *sizes = arguments
    dtype = types.get(dtype, np.float32)
    sizes = [int(size) for size in sizes]
    if case == "gram":
        x = uniform(sizes, factor=factors[0], dtype=dtype)
        return x, x.T, None
    batch, m, k, n, is_a_transposed, is_b_transposed = sizes
    outer = [batch] if batch > 1 else []

    def factor(rows, columns, is_transposed, which):
        stored = uniform(outer + ([columns, rows] if is_transposed else [rows, columns]), factor=factors[which], dtype=dtype)
        return stored.swapaxes(-1, -2) if is_transposed else stored

    return factor(m, k, is_a_transposed, 0), factor(k, n, is_b_transposed, 1), uniform([n], factor=factors[2], dtype=dtype)
