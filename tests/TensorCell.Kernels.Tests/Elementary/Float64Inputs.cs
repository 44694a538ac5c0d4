namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>Doubles to measure elementary functions at.</summary>
internal static class Float64Inputs
{
    /// <summary>Every kind of number, and where the functions' algorithms change their ways.</summary>
    public static readonly double[] Special =
    [
        0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon, -double.Epsilon,
        2.2250738585072014e-308, -2.2250738585072009e-308, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 10, 100, 1e22, 1e300, 1e-300,
        // The doubles nearest to multiples of π/2, and others that reductions have failed at.
        Math.ScaleB(6381956970095103, 797), Math.ScaleB(-6381956970095103, 797), 1.5707963267948966, 3.141592653589793, 4.71238898038469, 6.283185307179586, 1e15, 1e16,
        -0.7853981633974483, 0.7853981633974484, 5.319372648326541e+255, -5.319372648326541e+255,
    ];

    private static readonly double[] edges =
    [
        1e-300, 1e-290, 1e-154, 1e-150, 1e-30, 1e-16, 1e-8, 0.25, 0.34657359027997264, 0.41421356237309503, 0.5, 0.70710678118654757, 0.7853981633974483,
        1, 1.0397207708399179, 1.4142135623730951, 1.5707963267948966, 2, 2.5, 3, 4, 5, 6, 7, 8, 17, 19, 20, 22, 27, 36, 37, 38, 39, 40, 52, 53, 64, 88, 89,
        103, 104, 128, 129, 150, 151, 353, 700, 708, 709, 709.7827128933840, 710, 710.4758600739439, 745, 745.1332191019411, 746, 1022, 1023, 1024,
        1025, 1074, 1075, 1076, 268435456, 4503599627370496, 9007199254740992, 1e15, 1e16, 1e150, 1e154, 1e155, 1e290, 1e300,
    ];

    /// <summary>Doubles of every exponent, around every edge, of every bit pattern at random, and most where functions bend.</summary>
    /// <param name="perExponent">How many random significands each exponent is met with.</param>
    /// <param name="random">What draws them.</param>
    public static double[] Dense(int perExponent, Random random)
    {
        var inputs = new List<double>(Special);
        for (var exponent = 0L; exponent < 2047; exponent++)
        {
            foreach (var significand in new[] { 0, 1, (1L << 52) - 1, (1L << 51), 0x6A09E667F3BCCL, 0x6A09E667F3BCDL })
            {
                inputs.Add(Signed((exponent << 52) | significand, random));
            }

            for (var i = 0; i < perExponent; i++)
            {
                // Of the subnormal numbers, those of every length.
                inputs.Add(Signed((exponent << 52) | (random.NextInt64(1L << 52) >> (exponent == 0 ? i % 52 : 0)), random));
            }
        }

        foreach (var edge in edges)
        {
            for (var step = -8; step <= 8; step++)
            {
                var bits = BitConverter.DoubleToInt64Bits(edge) + step;
                inputs.AddRange([BitConverter.Int64BitsToDouble(bits), -BitConverter.Int64BitsToDouble(bits)]);
            }

            for (var i = 0; i < perExponent; i++)
            {
                inputs.Add(Signed(BitConverter.DoubleToInt64Bits(edge * (1 + ((random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(40))))), random));
            }
        }

        for (var i = 0; i < perExponent * 1000; i++)
        {
            inputs.AddRange(
            [
                BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-4, 12)),
                1 + ((random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(50))),
                // Near multiples of π/2, where sines and cosines are small.
                random.Next(1, 1 << random.Next(1, 30)) * 1.5707963267948966,
            ]);
        }

        return [.. inputs];
    }

    private static double Signed(long bits, Random random) => BitConverter.Int64BitsToDouble(random.Next(2) == 0 ? bits : bits ^ long.MinValue);
}
