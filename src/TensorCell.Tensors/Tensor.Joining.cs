using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Putting tensors together, and picking elements by index.
public sealed partial class Tensor
{
    /// <summary>Tensors one after the other along an axis, in their common type.</summary>
    /// <exception cref="ArgumentException">There are none, or their shapes differ along another axis.</exception>
    public static Tensor Concat(int axis, params ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.IsEmpty)
        {
            Throw.Argument("concat: no tensors given");
        }

        Shape first = tensors[0].Shape;
        axis = first.Axis("concat", axis);
        int[] lengths = first.ToArray();
        DType type = tensors[0].DType;
        foreach (Tensor tensor in tensors[1..])
        {
            bool isFitting = tensor.Rank == first.Rank;
            for (int other = 0; isFitting && other < first.Rank; other++)
            {
                isFitting = other == axis || tensor.Shape[other] == first[other];
            }

            if (!isFitting)
            {
                Throw.Argument($"concat: {first} and {tensor.Shape} along axis {axis}: all other lengths must be equal");
            }

            lengths[axis] = checked(lengths[axis] + tensor.Shape[axis]);
            type = Promotion.Of(type, tensor.DType);
        }

        Tensor[] converted = new Tensor[tensors.Length];
        Operand[] inputs = new Operand[tensors.Length];
        for (int index = 0; index < inputs.Length; index++)
        {
            converted[index] = tensors[index].To(type);
            inputs[index] = converted[index].As(converted[index].Shape);
        }

        Tensor result = Pending(new ConcatOperation(axis, inputs), Shape.Of(lengths), type);
        return Tape.Keeps(converted) ? JoiningRules.Concat(result, axis, converted) : result;
    }

    /// <summary>Tensors of one shape side by side along a new axis, in their common type.</summary>
    public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> tensors)
    {
        Tensor[] expanded = new Tensor[tensors.Length];
        for (int index = 0; index < expanded.Length; index++)
        {
            if (tensors[index].Shape != tensors[0].Shape)
            {
                Throw.Argument($"stack: {tensors[0].Shape} and {tensors[index].Shape}: all shapes must be equal");
            }

            expanded[index] = tensors[index].Unsqueeze(axis);
        }

        return Concat(expanded.Length > 0 && axis < 0 ? axis + expanded[0].Rank : axis, expanded);
    }

    /// <summary>The parts at given indices along an axis: indices [i…] of a tensor [n, m…] give [i…, m…] for axis 0.</summary>
    /// <param name="indices">An integer tensor; negative indices count from the end.</param>
    /// <param name="axis">The axis that is indexed.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Tensor Take(Tensor indices, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(indices);
        axis = Shape.Axis("take", axis);
        if (indices.DType is DType.Bool || indices.DType.IsFloatingPoint)
        {
            Throw.Argument($"take: indices must be integers, found {indices.DType.Name}; use .To(DType.Int64)");
        }

        long[] rows = indices.To(DType.Int64).ToArray<long>();
        int length = Shape[axis];
        for (int index = 0; index < rows.Length; index++)
        {
            if (rows[index] >= length || rows[index] < -length)
            {
                Throw.Index("take", rows[index], axis, Shape);
            }

            rows[index] += rows[index] < 0 ? length : 0;
        }

        Shape shape = Shape.Of([.. Shape.Take(axis), .. indices.Shape, .. Shape.Skip(axis + 1)]);
        Tensor source = Contiguous();
        Tensor result = Pending(new TakeOperation(axis, rows, source.As(source.Shape)), shape, DType);
        return Tape.Keeps(source) ? JoiningRules.Take(result, source, new TakePart(axis, rows, indices)) : result;
    }

    /// <summary>The parts at given indices along an axis.</summary>
    public Tensor Take(ReadOnlySpan<int> indices, int axis = 0) => Take(From(indices), axis);

    private Tensor Masked(Tensor mask)
    {
        if (mask.Shape != Shape)
        {
            Throw.Argument($"index: a bool tensor of shape {mask.Shape} for shape {Shape}; the shapes must be equal");
        }

        bool[] holds = mask.ToArray<bool>();
        List<long> places = [];
        for (int index = 0; index < holds.Length; index++)
        {
            if (holds[index])
            {
                places.Add(index);
            }
        }

        return Flatten().Take(From(places.ToArray()));
    }
}
