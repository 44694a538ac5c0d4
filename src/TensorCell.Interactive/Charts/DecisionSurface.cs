using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>Asks a classifier about every point of a grid.</summary>
internal static class DecisionSurface
{
    private const int MostCells = 250_000;

    /// <summary>The regions in which each class is the likeliest, and how likely it is.</summary>
    /// <param name="logits">From points [n, 2] to scores [n, classes], or to one score [n] or [n, 1] whose sign decides between two classes.</param>
    /// <param name="x">The range of the first coordinate.</param>
    /// <param name="y">The range of the second coordinate.</param>
    /// <param name="names">What the classes are called; null numbers them.</param>
    /// <param name="resolution">Cells along each axis.</param>
    public static RegionTrace Of(
        Func<Tensor, Tensor> logits, (double Minimum, double Maximum) x, (double Minimum, double Maximum) y, IEnumerable<string>? names, int resolution)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Throw.IfNotRange("decision surface", x);
        Throw.IfNotRange("decision surface", y);
        if (resolution < 2 || (long)resolution * resolution > MostCells)
        {
            Throw.Argument($"decision surface: {resolution} cells along each axis; use 2 to {(int)Math.Sqrt(MostCells)}");
        }

        using var untracked = Tensor.NoGrad();
        var across = Centres(x, resolution).BroadcastTo((resolution, resolution)).Reshape(-1, 1);
        var up = Centres(y, resolution).Unsqueeze(1).BroadcastTo((resolution, resolution)).Reshape(-1, 1);
        var scores = logits(Tensor.Concat(1, across, up));
        var count = resolution * resolution;
        if (scores.Rank is < 1 or > 2 || scores.Shape[0] != count)
        {
            Throw.Argument(
                $"decision surface: the function gave {scores.Shape} for points [{count}, 2]; it needs to give a row of class scores for each: [{count}, classes]");
        }

        scores = scores.Rank == 1 ? scores.Unsqueeze(1) : scores;
        scores = scores.To(DType.Float32);
        scores = scores.Shape[1] == 1 ? Tensor.Concat(1, Tensor.ZerosLike(scores), scores) : scores;
        var probabilities = scores.Softmax();
        var classes = probabilities.Shape[1];
        string[] named = names is null ? [.. Enumerable.Range(0, classes).Select(index => $"class {index}")] : [.. names];
        if (named.Length != classes)
        {
            Throw.Argument($"decision surface: {named.Length} names for {classes} classes");
        }

        // From the odds of a guess, where it knows nothing, to certainty.
        var likeliest = probabilities.Max(1);
        var confidence = ((likeliest - (1.0 / classes)) / (1 - (1.0 / classes))).To(DType.Float64).ToArray<double>();
        return new RegionTrace(Array.ConvertAll(probabilities.ArgMax(1).ToArray<long>(), index => (int)index), resolution, resolution, named)
        {
            Confidence = confidence,
            X = x,
            Y = y,
        };
    }

    private static Tensor Centres((double Minimum, double Maximum) range, int count)
    {
        var half = (range.Maximum - range.Minimum) / count / 2;
        return Tensor.Linspace(range.Minimum + half, range.Maximum - half, count);
    }
}
