namespace TensorCell.Benchmarks.Worker;

/// <summary>Inputs of the suite <c>kernels</c>, the same as peers/kernels.c computes, and what results are compared by.</summary>
public static class KernelInputs
{
    /// <summary>The left edge of the Mandelbrot window.</summary>
    public const double Left = -2;

    /// <summary>The top edge of the Mandelbrot window.</summary>
    public const double Top = -1.5;

    /// <summary>The width and the height of the Mandelbrot window.</summary>
    public const double Extent = 3;

    /// <summary>Elements for a stencil: 0 to 1.</summary>
    public static float[] Image(int count) => Numbers(count);

    /// <summary>Elements for a softmax: -4 to 4.</summary>
    public static float[] Logits(int count) => Numbers(count, scale: 8, offset: -4);

    /// <summary>Places of bodies along an axis: -0.5 to 0.5.</summary>
    public static float[] Positions(int count, int axis) => Numbers(count, 3, axis, 1, -0.5);

    /// <summary>Masses of bodies: 0.5 to 1.5.</summary>
    public static float[] Masses(int count) => Numbers(count, offset: 0.5);

    /// <summary>Prices of what options are on: 5 to 30.</summary>
    public static float[] Spots(int count) => Numbers(count, 1, 0, 25, 5);

    /// <summary>Prices that options guarantee: 1 to 100.</summary>
    public static float[] Strikes(int count) => Numbers(count, 1, 5000, 99, 1);

    /// <summary>Years that options run: 0.25 to 10.</summary>
    public static float[] Years(int count) => Numbers(count, 1, 10000, 9.75, 0.25);

    /// <summary>The sum of the magnitudes of all elements.</summary>
    public static double Check(params IEnumerable<Array> results) => results.Sum(result => result switch
    {
        int[] or int[,] => result.Cast<int>().Sum(value => Math.Abs((double)value)),
        _ => result.Cast<float>().Sum(value => Math.Abs((double)value)),
    });

    private static float[] Numbers(int count, long multiple = 1, long shift = 0, double scale = 1, double offset = 0)
    {
        var values = GC.AllocateUninitializedArray<float>(count);
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)((((i * multiple) + shift) * 7919 % 16001 / 16000.0 * scale) + offset);
        }

        return values;
    }
}
