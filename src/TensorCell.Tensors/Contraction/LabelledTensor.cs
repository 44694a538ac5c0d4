namespace TensorCell.Tensors.Contraction;

/// <summary>A tensor with a label for each axis.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Labels">The labels, none twice.</param>
internal sealed record LabelledTensor(Tensor Tensor, int[] Labels)
{
    /// <summary>Takes the diagonal of axes with one label, and drops axes of length 1 along which it is repeated anyway.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="labels">The labels of its axes.</param>
    /// <param name="lengths">How long the axes of each label are, in all operands together.</param>
    public static LabelledTensor Of(Tensor tensor, int[] labels, Dictionary<int, int> lengths)
    {
        List<int> left = [.. labels];
        for (int axis = left.Count - 1; axis >= 0; axis--)
        {
            bool isRepeated = left.IndexOf(left[axis]) is var first && first != axis;
            if (tensor.Shape[axis] == 1 && (lengths[left[axis]] != 1 || isRepeated))
            {
                tensor = tensor.Squeeze(axis);
                left.RemoveAt(axis);
            }
            else if (isRepeated && tensor.Shape[first] == 1)
            {
                tensor = tensor.Squeeze(first);
                left.RemoveAt(first);
            }
            else if (isRepeated)
            {
                tensor = tensor.Diagonal(0, first, axis);
                int label = left[axis];
                left.RemoveAt(axis);
                left.RemoveAt(first);
                left.Add(label);
                axis = left.Count;
            }
        }

        return new LabelledTensor(tensor, [.. left]);
    }

    /// <summary>The sum over the axes whose labels are not kept.</summary>
    public LabelledTensor SumTo(Func<int, bool> keeps)
    {
        int[] axes = [.. Enumerable.Range(0, Labels.Length).Where(axis => !keeps(Labels[axis]))];
        return axes.Length == 0 ? this : new LabelledTensor(Sum(Tensor, axes), [.. Labels.Where(keeps)]);
    }

    /// <summary>The axes in the order of labels; axes of length 1 for those it has not.</summary>
    public Tensor As(ReadOnlySpan<int> labels)
    {
        int[] order = [.. labels.ToArray().Where(Labels.Contains).Select(label => Array.IndexOf(Labels, label))];
        Tensor ordered = Tensor.Permute(order);
        for (int axis = 0; axis < labels.Length; axis++)
        {
            ordered = Labels.Contains(labels[axis]) ? ordered : ordered.Unsqueeze(axis);
        }

        return ordered;
    }

    /// <summary>The sum along axes in the tensor's own type; of truth values, whether any holds.</summary>
    public static Tensor Sum(Tensor tensor, int[] axes) => tensor.Sum(axes).To(tensor.DType);
}
