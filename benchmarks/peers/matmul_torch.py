"""PyTorch's products, into memory allocated once where the operation allows."""
import sys

from matmul_inputs import inputs
from protocol import choose
from torch_protocol import serve, tensors, torch

torch.set_grad_enabled(False)
case, name = sys.argv[1:3]
arrays = inputs(sys.argv[1:])
a, b = tensors(arrays[:2])
if name == "bfloat16":
    a, b = a.bfloat16(), b.bfloat16()
bias = torch.from_numpy(arrays[2]) if arrays[2] is not None else None
c = torch.empty((*a.shape[:-1], b.shape[-1]), dtype=a.dtype)
functions = {
    "product": lambda: torch.matmul(a, b, out=c),
    "gram": lambda: torch.matmul(a, b, out=c),
    "gelu": lambda: torch.nn.functional.gelu(torch.addmm(bias, a, b, out=c)),
}
serve(choose(functions, case, "PyTorch"))
