using TensorCell.Kernels;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Inference.Onnx;

/// <summary>A tensor of the recorded function: the same one in two runs with batches of different lengths.</summary>
/// <param name="First">In the first run.</param>
/// <param name="Second">In the second; the same object where the batch has no part in it.</param>
internal readonly record struct TracedTensor(Tensor First, Tensor Second)
{
    public DType DType => First.DType;

    public int Rank => First.Rank;

    /// <summary>How it was computed.</summary>
    public Derivation? Derivation => First.Derivation;

    /// <summary>Whether the lengths of its axes are the same in both runs.</summary>
    public bool HasFixedShape => First.Shape == Second.Shape;

    /// <summary>What a derivation was given, in both runs.</summary>
    public (T First, T Second) Attribute<T>() => ((T)First.Derivation!.Attribute!, (T)Second.Derivation!.Attribute!);

    /// <summary>What it was computed from: the derivation's inputs, and the indices of a take.</summary>
    public TracedTensor[] Sources()
    {
        Derivation first = First.Derivation!;
        Derivation second = Second.Derivation!;
        List<TracedTensor> sources = [];
        for (int index = 0; index < first.Inputs.Count; index++)
        {
            sources.Add(new(first.Inputs[index], second.Inputs[index]));
        }

        if (first.Attribute is TakePart taken && second.Attribute is TakePart other)
        {
            sources.Add(new(taken.Given, other.Given));
        }

        return [.. sources];
    }
}
