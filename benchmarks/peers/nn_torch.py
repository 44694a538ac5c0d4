"""PyTorch; images in the layout that a last word asks for: nhwc (its channels_last), else nchw."""
import sys

from nn_inputs import EPSILON, inputs
from protocol import choose
from torch_protocol import serve, tensors, torch

case, *words = sys.argv[1:]
layout = torch.channels_last if words[-1] == "nhwc" else torch.contiguous_format
sizes = [int(word) for word in words if word.isdecimal()]
arrays = tensors(inputs(case, sizes))
x = arrays[0]
torch.set_grad_enabled(case == "linear-training")
if x.dim() == 4 and layout == torch.channels_last:
    arrays = [array.contiguous(memory_format=layout) if array.dim() == 4 else array for array in arrays]
    x = arrays[0]


def linear_training():
    _, weight, bias, gradient = arrays
    leaves = [leaf.requires_grad_() for leaf in (x, weight, bias)]
    for leaf in leaves:
        leaf.grad = None
    torch.nn.functional.linear(*leaves).backward(gradient)
    return weight.grad


def attention(is_causal):
    q, k, v = arrays
    scale, keys = q.shape[2] ** -0.5, k.transpose(1, 2)
    mask = torch.full((1, q.shape[1], q.shape[1]), -torch.inf).triu(1)

    def run():
        scores = torch.baddbmm(mask, q, keys, beta=1 if is_causal else 0, alpha=scale)
        return torch.bmm(torch.softmax(scores, dim=2), v)

    return run


functions = {
    "layernorm": lambda: torch.nn.functional.layer_norm(x, x.shape[1:], *arrays[1:], eps=EPSILON),
    "rmsnorm": lambda: (x * torch.rsqrt(x.square().mean(dim=1, keepdim=True).add_(EPSILON))).mul_(arrays[1]),
    "batchnorm": lambda: torch.nn.functional.batch_norm(x, None, None, *arrays[1:], training=True, eps=EPSILON),
    "groupnorm": lambda: torch.nn.functional.group_norm(x, sizes[-1], *arrays[1:], eps=EPSILON),
    "linear": lambda: torch.nn.functional.linear(*arrays[:3]),
    "linear-training": linear_training,
    "conv": lambda: torch.nn.functional.conv2d(*arrays, padding=sizes[-1]),
    "maxpool": lambda: torch.nn.functional.max_pool2d(x, sizes[-1]),
    "attention": attention(False) if case == "attention" else None,
    "causal-attention": attention(True) if case == "causal-attention" else None,
    "embedding": lambda: torch.nn.functional.embedding(arrays[1], x),
}
serve(choose(functions, case, "PyTorch"))
