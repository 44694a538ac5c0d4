"""PyTorch training a multi-layer perceptron: the same weights, data and steps as TensorCell's."""
import sys

from protocol import unit
from torch_protocol import serve, torch

name, (batch, *widths) = sys.argv[1], [int(number) for number in sys.argv[2:]]


def uniform(rows, columns, factor):
    return torch.from_numpy((unit(rows * columns, factor) - 0.5).astype("float32").reshape(rows, columns))


layers = []
for index, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
    linear = torch.nn.Linear(inputs, outputs)
    with torch.no_grad():
        linear.weight.copy_(uniform(outputs, inputs, 7919) * (2 / inputs**0.5))
        linear.bias.zero_()
    layers += [linear] if index + 2 == len(widths) else [linear, torch.nn.ReLU()]
model = torch.nn.Sequential(*layers)
if name == "sgd":
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
else:
    optimizer = torch.optim.Adam(model.parameters(), lr=0.0001)
x = uniform(batch, widths[0], 104729)
labels = torch.arange(batch) * 7 % widths[-1]


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    loss.item()
    return loss


serve(step)
