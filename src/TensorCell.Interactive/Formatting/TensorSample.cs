using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Formatting;

/// <summary>A tensor's values, or as many spread evenly over it as a picture needs.</summary>
/// <param name="Values">The values looked at that are finite.</param>
/// <param name="Least">The least of them.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Greatest">The greatest of them.</param>
/// <param name="NotFinite">How many others were infinite or not a number.</param>
/// <param name="IsWhole">Whether all of the tensor was looked at.</param>
internal sealed record TensorSample(double[] Values, double Least, double Mean, double Greatest, long NotFinite, bool IsWhole)
{
    private const int Most = 1 << 18;
    private const int MostCells = 96;

    /// <summary>The sample; null when no value is finite.</summary>
    public static TensorSample? Of(Tensor tensor)
    {
        var values = Read(Thin(tensor, out var isWhole));
        var finite = Array.FindAll(values, double.IsFinite);
        if (finite.Length == 0)
        {
            return null;
        }

        double least = finite[0], greatest = finite[0], sum = 0;
        foreach (var value in finite)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
            sum += value / finite.Length;
        }

        return new TensorSample(finite, least, sum, greatest, values.Length - finite.Length, isWhole);
    }

    /// <summary>A matrix as a heat map of at most 96 by 96 cells, every so many rows and columns.</summary>
    public static HeatmapTrace? Grid(Tensor matrix)
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
    private static Tensor Thin(Tensor tensor, out bool isWhole)
    {
        isWhole = tensor.Count <= Most;
        while (tensor.Count > Most)
        {
            var longest = Enumerable.Range(0, tensor.Rank).MaxBy(axis => tensor.Shape[axis]);
            var step = (int)Math.Clamp((tensor.Count + Most - 1) / Most, 2, Math.Max(tensor.Shape[longest] / 64, 2));
            tensor = tensor.Slice(longest, .., step);
        }

        return tensor;
    }

    private static double[] Read(Tensor tensor) => tensor.To(DType.Float64).ToArray<double>();
}
