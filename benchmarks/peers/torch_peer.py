"""PyTorch, with operations in place where the expression allows."""
import sys

from protocol import elementwise_input, missing, serve, threads

try:
    import torch
except ImportError as reason:
    missing(reason)

torch.set_num_threads(threads)
torch.set_grad_enabled(False)
case = sys.argv[1]
x = torch.from_numpy(elementwise_input(case, [int(length) for length in sys.argv[2:]]))
functions = {
    "chain": lambda: (x * 1.25).add_(0.5).tanh_().mul_(0.75).add_(torch.relu(x)),
    "square": lambda: (x * x).add_(1),
    "softmax": lambda: torch.softmax(x, dim=1),
    "sum": x.sum,
    "mean": x.mean,
}
serve(functions[case], to_numpy=lambda result: result.numpy())
