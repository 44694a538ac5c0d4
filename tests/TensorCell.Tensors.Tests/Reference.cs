using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Plain double-precision results, element by element, that tensor operations are compared with.</summary>
internal static class Reference
{
    /// <summary>The shape that shapes broadcast to.</summary>
    public static int[] Broadcast(params int[][] shapes)
    {
        int rank = shapes.Max(shape => shape.Length);
        int[] result = new int[rank];
        for (int back = 1; back <= rank; back++)
        {
            int[] lengths = [.. shapes.Where(shape => shape.Length >= back).Select(shape => shape[^back])];
            result[^back] = lengths.FirstOrDefault(length => length != 1, 1);
        }

        return result;
    }

    /// <summary>Every index of a shape, in row-major order.</summary>
    public static IEnumerable<int[]> Indices(int[] shape)
    {
        long count = shape.Aggregate(1L, (product, length) => product * length);
        for (long flat = 0; flat < count; flat++)
        {
            int[] index = new int[shape.Length];
            long rest = flat;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                index[axis] = (int)(rest % shape[axis]);
                rest /= shape[axis];
            }

            yield return index;
        }
    }

    /// <summary>The element of a sample at an index of a shape it broadcasts to.</summary>
    public static double At(Sample sample, int[] index)
    {
        int flat = 0;
        for (int axis = 0; axis < sample.Shape.Length; axis++)
        {
            int position = index[axis + index.Length - sample.Shape.Length];
            flat = (flat * sample.Shape[axis]) + (sample.Shape[axis] == 1 ? 0 : position);
        }

        return sample.Numbers[flat];
    }

    /// <summary>A function applied to samples broadcast together.</summary>
    public static double[] Map(Func<double[], double> function, params Sample[] samples)
    {
        int[] shape = Broadcast([.. samples.Select(sample => sample.Shape)]);
        return [.. Indices(shape).Select(index => function([.. samples.Select(sample => At(sample, index))]))];
    }

    /// <summary>The elements grouped by the index with the reduced axes set to 0, each group folded.</summary>
    public static double[] Reduce(Sample sample, int[] axes, Func<IReadOnlyList<double>, double> fold)
    {
        int[] kept = [.. sample.Shape.Select((length, axis) => axes.Contains(axis) ? 1 : length)];
        int[] folded = [.. sample.Shape.Select((length, axis) => axes.Contains(axis) ? length : 1)];
        return
        [
            .. Indices(kept).Select(outer => fold([.. Indices(folded).Select(
                inner => At(sample, [.. outer.Select((position, axis) => position + inner[axis])]))])),
        ];
    }

    /// <summary>Compares shape, type and elements.</summary>
    /// <param name="expected">Elements.</param>
    /// <param name="shape">Shape.</param>
    /// <param name="dtype">Type.</param>
    /// <param name="actual">What the engine made.</param>
    /// <param name="tolerance">Allowed error relative to the greater of 1 and the element, in units of the type's rounding.</param>
    public static void AssertClose(double[] expected, int[] shape, DType dtype, Tensor actual, double tolerance = 16)
    {
        Assert.Equal(Shape.Of(shape), actual.Shape);
        Assert.Equal(dtype, actual.DType);
        double[] elements = actual.To(DType.Float64).ToArray<double>();
        double unit = dtype switch
        {
            DType.Float32 => Math.Pow(2, -24),
            DType.Float64 => Math.Pow(2, -53),
            _ => 0,
        };
        for (int index = 0; index < expected.Length; index++)
        {
            double wanted = dtype == DType.Float32 ? (float)expected[index] : expected[index];
            double found = elements[index];
            bool isEqual = wanted.Equals(found) || wanted == found
                || Math.Abs(wanted - found) <= tolerance * unit * Math.Max(1, Math.Abs(wanted));
            Assert.True(isEqual, $"element {index} of {actual.Shape} {dtype.Name}: expected {wanted:R}, found {found:R}");
        }
    }
}
