using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Formatting;

/// <summary>As many values of a tensor, spread evenly over it, as a picture needs.</summary>
internal static class TensorSample
{
    private const int Most = 1 << 16;
    private const int MostCells = 96;

    /// <summary>Values of the tensor: all, or those at regular steps.</summary>
    public static double[] Of(Tensor tensor) => Read(Thin(tensor));

    /// <summary>A matrix as a heat map of at most 96 by 96 cells, every so many rows and columns.</summary>
    public static HeatmapTrace Grid(Tensor matrix)
    {
        int rowStep = (matrix.Shape[0] + MostCells - 1) / MostCells, columnStep = (matrix.Shape[1] + MostCells - 1) / MostCells;
        var thinned = matrix.Slice(0, .., rowStep).Slice(1, .., columnStep);
        return new HeatmapTrace(ChartValues.From(Read(thinned)), thinned.Shape[0], thinned.Shape[1])
        {
            RowStride = rowStep,
            ColumnStride = columnStep,
        };
    }

    // Long axes are stepped through until little enough is left.
    private static Tensor Thin(Tensor tensor)
    {
        while (tensor.Count > Most)
        {
            var longest = Enumerable.Range(0, tensor.Rank).MaxBy(axis => tensor.Shape[axis]);
            var step = (int)Math.Clamp((tensor.Count + Most - 1) / Most, 2, Math.Max(tensor.Shape[longest] / 64, 2));
            tensor = tensor.Slice(longest, .., step);
        }

        return tensor;
    }

    private static double[] Read(Tensor tensor) => tensor.Detach().To(DType.Float64).ToArray<double>();
}
