namespace TensorCell.Tensors;

/// <summary>Gamma-distributed numbers of scale 1 (Marsaglia and Tsang 2000). The first parameter is their concentration.</summary>
internal readonly struct GammaSampler : ISampler
{
    /// <inheritdoc/>
    public static double Sample(ref ElementStream stream, double first, double second)
    {
        if (!(first > 0) || double.IsInfinity(first))
        {
            return first == 0 ? 0 : double.NaN;
        }

        // One of a concentration below 1 is one of a concentration greater by 1, times a power of a uniform number.
        double boost = first < 1 ? Math.Pow(stream.Uniform(), 1 / first) : 1;
        double shift = (first < 1 ? first + 1 : first) - (1.0 / 3);
        double slope = 1 / Math.Sqrt(9 * shift);
        while (true)
        {
            double normal = stream.Normal();
            double root = 1 + (slope * normal);
            if (root <= 0)
            {
                continue;
            }

            double cube = root * root * root;
            if (Math.Log(stream.Uniform()) < (normal * normal / 2) + (shift * (1 - cube + Math.Log(cube))))
            {
                return boost * shift * cube;
            }
        }
    }
}
