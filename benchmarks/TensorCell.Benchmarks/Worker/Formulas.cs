namespace TensorCell.Benchmarks.Worker;

/// <summary>What the kernels compute at one place: ordinary C#, called by scalar loops and by compiled kernels alike.</summary>
public static class Formulas
{
    /// <summary>How often the Mandelbrot iteration is repeated at most.</summary>
    public const int MostIterations = 256;

    private const float Flow = 0.2f;
    private const float Centre = 0.25f;
    private const float Side = 0.125f;
    private const float Corner = 0.0625f;
    private const float Softening = 0.01f;
    private const float Rate = 0.02f;
    private const float Volatility = 0.3f;

    /// <summary>How many steps a point stays inside the circle of radius 2.</summary>
    public static int Escape(float re, float im)
    {
        float x = re, y = im;
        var count = 0;
        while (count < MostIterations)
        {
            float xx = x * x, yy = y * y;
            if (xx + yy > 4)
            {
                break;
            }

            var xy = x * y;
            x = xx - yy + re;
            y = xy + xy + im;
            count++;
        }

        return count;
    }

    /// <inheritdoc cref="Escape(float, float)"/>
    public static int Escape(double re, double im)
    {
        double x = re, y = im;
        var count = 0;
        while (count < MostIterations)
        {
            double xx = x * x, yy = y * y;
            if (xx + yy > 4)
            {
                break;
            }

            var xy = x * y;
            x = xx - yy + re;
            y = xy + xy + im;
            count++;
        }

        return count;
    }

    /// <summary>A step of heat flow.</summary>
    public static float Heat(float above, float left, float here, float right, float below) =>
        here + (Flow * (above + below + left + right - (4 * here)));

    /// <summary>A blurred element.</summary>
    /// <param name="sides">The sum of the four elements beside it.</param>
    /// <param name="corners">The sum of the four elements at its corners.</param>
    /// <param name="here">The element itself.</param>
    public static float Blur(float sides, float corners, float here) => (Centre * here) + (Side * sides) + (Corner * corners);

    /// <summary>By how much of their distance a body is pulled towards another.</summary>
    public static float Pull(float dx, float dy, float dz, float mass)
    {
        var inverse = 1 / MathF.Sqrt((dx * dx) + (dy * dy) + (dz * dz) + Softening);
        return mass * inverse * inverse * inverse;
    }

    /// <summary>The prices of a European call and put (Black and Scholes 1973).</summary>
    public static (float Call, float Put) Price(float spot, float strike, float years)
    {
        var deviation = Volatility * MathF.Sqrt(years);
        var d1 = (MathF.Log(spot / strike) + ((Rate + (0.5f * Volatility * Volatility)) * years)) / deviation;
        float n1 = Normal(d1), n2 = Normal(d1 - deviation), discounted = strike * MathF.Exp(-Rate * years);
        return ((spot * n1) - (discounted * n2), (discounted * (1 - n2)) - (spot * (1 - n1)));
    }

    /// <summary>The normal distribution (Abramowitz and Stegun 1964, 26.2.17).</summary>
    private static float Normal(float d)
    {
        var k = 1 / (1 + (0.2316419f * MathF.Abs(d)));
        var polynomial = k * (0.319381530f + (k * (-0.356563782f + (k * (1.781477937f + (k * (-1.821255978f + (k * 1.330274429f))))))));
        var tail = 0.39894228f * MathF.Exp(-0.5f * d * d) * polynomial;
        return d > 0 ? 1 - tail : tail;
    }
}
