using TensorCell.Kernels;

namespace TensorCell.Tensors.Contraction;

/// <summary>
/// The product of two labelled tensors, summed over the labels that nothing else needs: as one batch of matrix products where each has axes of
/// its own, else as a product of elements that the sum fuses with.
/// </summary>
internal static class PairContraction
{
    /// <summary>Computes it.</summary>
    /// <param name="first">One tensor.</param>
    /// <param name="second">The other.</param>
    /// <param name="keeps">Which labels the result has, of those of either.</param>
    /// <param name="order">The order in which the labels are wanted at last, as far as it is known.</param>
    public static LabelledTensor Of(LabelledTensor first, LabelledTensor second, Func<int, bool> keeps, int[] order)
    {
        int[] common = [.. first.Labels.Intersect(second.Labels)];
        int[] batch = [.. common.Where(keeps).OrderBy(Wanted)];
        int[] summed = [.. common.Where(label => !keeps(label))];
        int[] ownOfFirst = [.. first.Labels.Except(common)];
        int[] ownOfSecond = [.. second.Labels.Except(common)];
        if (summed.Length == 0 || ownOfFirst.Length + ownOfSecond.Length == 0)
        {
            return Elementwise(first, second, [.. first.Labels.Union(second.Labels).Where(keeps).OrderBy(Wanted)], summed);
        }

        // The columns of a product follow one another in memory: those of the label that is to be the last.
        if (ownOfSecond.Length == 0 || (ownOfFirst.Length > 0 && ownOfFirst.Max(Wanted) > ownOfSecond.Max(Wanted)))
        {
            (first, second) = (second, first);
            (ownOfFirst, ownOfSecond) = (ownOfSecond, ownOfFirst);
        }

        LabelledTensor larger = first.Tensor.Count >= second.Tensor.Count ? first : second;
        summed = ByStride(larger, summed);
        int[] rows = ByStride(first, ownOfFirst);
        int[] columns = ByStride(second, ownOfSecond);
        Tensor left = Matrices(first, batch, rows, summed);
        Tensor right = Matrices(second, batch, summed, columns);
        int[] labels = [.. batch, .. rows, .. columns];
        Tensor product = left.MatMul(right).Reshape(Shape.Of([.. labels.Select(Length)]));
        return new LabelledTensor(product, labels);

        int Wanted(int label) => Array.IndexOf(order, label) is >= 0 and var place ? place : -1;

        int Length(int label) => Array.IndexOf(first.Labels, label) is >= 0 and var axis
            ? first.Tensor.Shape[axis]
            : second.Tensor.Shape[Array.IndexOf(second.Labels, label)];
    }

    private static LabelledTensor Elementwise(LabelledTensor first, LabelledTensor second, int[] kept, int[] summed)
    {
        Tensor product = first.As([.. kept, .. summed]) * second.As([.. kept, .. summed]);
        return new LabelledTensor(
            summed.Length == 0 ? product : LabelledTensor.Sum(product, [.. Enumerable.Range(kept.Length, summed.Length)]), kept);
    }

    /// <summary>Labels in the order in which their axes lie, so that they become one axis without a copy.</summary>
    private static int[] ByStride(LabelledTensor tensor, int[] labels) =>
        [.. labels.OrderByDescending(label => tensor.Tensor.Strides[Array.IndexOf(tensor.Labels, label)])];

    /// <summary>[batch…, rows, columns] of groups of labels.</summary>
    private static Tensor Matrices(LabelledTensor tensor, int[] batch, int[] rows, int[] columns)
    {
        Tensor ordered = tensor.As([.. batch, .. rows, .. columns]);
        int[] lengths = ordered.Shape.ToArray();
        return ordered.Reshape(Shape.Of(
        [
            .. lengths[..batch.Length],
            Shape.Length("einsum", lengths[batch.Length..(batch.Length + rows.Length)].Aggregate(1L, (count, length) => count * length)),
            Shape.Length("einsum", lengths[(batch.Length + rows.Length)..].Aggregate(1L, (count, length) => count * length)),
        ]));
    }
}
