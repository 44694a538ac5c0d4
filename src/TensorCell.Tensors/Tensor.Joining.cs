using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Putting tensors together.
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

        RequireAll(tensors);
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

            lengths[axis] = Shape.Length("concat", (long)lengths[axis] + tensor.Shape[axis]);
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
        RequireAll(tensors);
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

    /// <summary>Tensors side by side: along their second axis, or of vectors along their only one, as <c>hstack</c> in NumPy.</summary>
    public static Tensor HStack(params ReadOnlySpan<Tensor> tensors)
    {
        RequireAll(tensors);
        Tensor[] given = [.. tensors.ToArray().Select(tensor => tensor.Rank == 0 ? tensor.Unsqueeze(0) : tensor)];
        return Concat(given.Length > 0 && given[0].Rank > 1 ? 1 : 0, given);
    }

    /// <summary>Tensors one below the other: along their first axis, vectors as rows, as <c>vstack</c> in NumPy.</summary>
    public static Tensor VStack(params ReadOnlySpan<Tensor> tensors)
    {
        RequireAll(tensors);
        return Concat(0, [.. tensors.ToArray().Select(tensor => tensor.Rank == 0 ? tensor.Reshape(1, 1) : tensor.Rank == 1 ? tensor.Unsqueeze(0) : tensor)]);
    }

    private static void RequireAll(ReadOnlySpan<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
        }
    }
}
