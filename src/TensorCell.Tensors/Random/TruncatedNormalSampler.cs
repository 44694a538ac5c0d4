namespace TensorCell.Tensors;

/// <summary>Standard normal numbers between two bounds, by rejection (Robert 1995).</summary>
internal readonly struct TruncatedNormalSampler : ISampler
{
    /// <inheritdoc/>
    public static double Sample(ref ElementStream stream, double first, double second)
    {
        if (!(first < second))
        {
            return first == second ? first : double.NaN;
        }

        return first > 0 ? OfTail(ref stream, first, second)
            : second < 0 ? -OfTail(ref stream, -second, -first)
            : second - first > Math.Sqrt(2 * Math.PI) ? OfNormal(ref stream, first, second)
            : OfUniform(ref stream, first, second);
    }

    private static double OfNormal(ref ElementStream stream, double low, double high)
    {
        while (true)
        {
            double number = stream.Normal();
            if (number >= low && number <= high)
            {
                return number;
            }
        }
    }

    /// <summary>Where the density changes little between the bounds.</summary>
    private static double OfUniform(ref ElementStream stream, double low, double high)
    {
        double peak = low > 0 ? low : high < 0 ? high : 0;
        while (true)
        {
            double number = low + ((high - low) * stream.Uniform());
            if (stream.Uniform() <= Math.Exp(((peak * peak) - (number * number)) / 2))
            {
                return number;
            }
        }
    }

    /// <summary>Where both bounds are positive: from an exponential distribution, unless the interval is short.</summary>
    private static double OfTail(ref ElementStream stream, double low, double high)
    {
        double rate = (low + Math.Sqrt((low * low) + 4)) / 2;
        if (high - low < 1 / rate)
        {
            return OfUniform(ref stream, low, high);
        }

        while (true)
        {
            double number = low - (Math.Log(stream.Uniform()) / rate);
            if (number <= high && stream.Uniform() <= Math.Exp(-(number - rate) * (number - rate) / 2))
            {
                return number;
            }
        }
    }
}
