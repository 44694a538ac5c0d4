using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Matrix products in double precision, the obvious way.</summary>
internal static class LinearAlgebraReference
{
    /// <summary>Fails unless every element of C is within the rounding error bound of a sum of products in any order.</summary>
    public static void Verify(LinearAlgebraMatrix a, LinearAlgebraMatrix b, LinearAlgebraMatrix c, string what)
    {
        var epsilon = c.DType == DType.Float32 ? Math.Pow(2, -24) : Math.Pow(2, -53);
        var left = Rows(a);
        var right = Columns(b);
        for (var i = 0; i < c.Rows; i++)
        {
            for (var j = 0; j < c.Columns; j++)
            {
                var (sum, magnitude) = Dot(left[i], right[j]);
                var error = Math.Abs(c[i, j] - sum);
                if (!(error <= (a.Columns + 2) * 2 * epsilon * magnitude))
                {
                    Assert.Fail($"{what}: element [{i}, {j}] is {c[i, j]}, expected {sum}");
                }
            }
        }

        Assert.True(c.IsGuardIntact(), $"{what}: memory outside C was written");
    }

    private static (double Sum, double Magnitude) Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        var magnitude = 0.0;
        for (var k = 0; k < left.Length; k++)
        {
            sum += left[k] * right[k];
            magnitude += Math.Abs(left[k] * right[k]);
        }

        return (sum, magnitude);
    }

    private static double[][] Rows(LinearAlgebraMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.Rows).Select(i => Enumerable.Range(0, matrix.Columns).Select(j => matrix[i, j]).ToArray())];

    private static double[][] Columns(LinearAlgebraMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.Columns).Select(j => Enumerable.Range(0, matrix.Rows).Select(i => matrix[i, j]).ToArray())];
}
