"""PyTorch."""
import sys

from protocol import choose
from reductions_inputs import inputs
from torch_protocol import serve, tensors, torch

torch.set_grad_enabled(False)
case, shape = sys.argv[1], [int(length) for length in sys.argv[2:]]
count = shape.pop() if case == "topk" else 0
(x,) = tensors([inputs(case, shape)])
functions = {
    "sum": x.sum,
    "mean": x.mean,
    "max": x.max,
    "argmax": x.argmax,
    "sum-axis-0": lambda: x.sum(dim=0),
    "sum-axis-1": lambda: x.sum(dim=1),
    "var": lambda: x.var(unbiased=False),
    "std-axis-1": lambda: x.std(dim=1, unbiased=False),
    "softmax": lambda: torch.softmax(x, dim=1),
    "logsoftmax": lambda: torch.log_softmax(x, dim=1),
    "cumsum": lambda: torch.cumsum(x, dim=-1),
    "sort": lambda: torch.sort(x, dim=-1).values,
    "topk": lambda: torch.topk(x, count, dim=-1).values,
}
serve(choose(functions, case, "PyTorch"))
