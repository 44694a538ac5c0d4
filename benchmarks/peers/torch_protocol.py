"""What the PyTorch peers have in common: threads, tensors from the shared inputs, and results handed back to NumPy."""
import protocol

try:
    import torch
except ImportError as reason:
    protocol.missing(reason)

torch.set_num_threads(protocol.threads)


def tensors(arrays):
    return [torch.from_numpy(array) for array in arrays]


def serve(run):
    protocol.serve(run, to_numpy=lambda result: result.detach().to(torch.float64).numpy())
