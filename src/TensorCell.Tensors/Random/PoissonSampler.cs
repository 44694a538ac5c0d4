namespace TensorCell.Tensors;

/// <summary>Poisson-distributed numbers: by multiplying uniform numbers, or for a greater mean by transformed rejection (Hörmann 1993). The first parameter is their mean.</summary>
internal readonly struct PoissonSampler : ISampler
{
    private const double GreatMean = 10;

    /// <inheritdoc/>
    public static double Sample(ref ElementStream stream, double first, double second) =>
        !(first >= 0) || first > 1e18 ? double.NaN
        : first < GreatMean ? Multiplied(ref stream, first)
        : Rejected(ref stream, first);

    private static double Multiplied(ref ElementStream stream, double mean)
    {
        double bound = Math.Exp(-mean);
        double product = stream.Uniform();
        int number = 0;
        for (; product > bound; number++)
        {
            product *= stream.Uniform();
        }

        return number;
    }

    private static double Rejected(ref ElementStream stream, double mean)
    {
        double spread = 0.931 + (2.53 * Math.Sqrt(mean));
        double squeeze = -0.059 + (0.02483 * spread);
        double inverse = 1.1239 + (1.1328 / (spread - 3.4));
        double accepted = 0.9277 - (3.6224 / (spread - 2));
        while (true)
        {
            double offset = stream.Uniform() - 0.5;
            double height = stream.Uniform();
            double distance = 0.5 - Math.Abs(offset);
            double number = Math.Floor((((2 * squeeze / distance) + spread) * offset) + mean + 0.43);
            if (distance >= 0.07 && height <= accepted)
            {
                return number;
            }

            if (number >= 0 && (distance >= 0.013 || height <= distance)
                && Math.Log(height * inverse / ((squeeze / (distance * distance)) + spread)) <= (number * Math.Log(mean)) - mean - LogFactorial(number))
            {
                return number;
            }
        }
    }

    /// <summary>ln n!, by Stirling's series beyond the first few.</summary>
    private static double LogFactorial(double number)
    {
        double product = 1;
        double next = number + 1;
        for (; next < 10; next++)
        {
            product *= next;
        }

        double inverse = 1 / (next * next);
        double series = (1.0 / 12) - (inverse * ((1.0 / 360) - (inverse * ((1.0 / 1260) - (inverse / 1680)))));
        return ((next - 0.5) * Math.Log(next)) - next + (0.5 * Math.Log(2 * Math.PI)) + (series / next) - Math.Log(product);
    }
}
