namespace TensorCell.Benchmarks.Worker;

/// <summary>The kernels as plain C# loops over arrays, rows shared out among threads: what a C# programmer has without TensorCell.</summary>
/// <param name="threads">How many threads take part.</param>
public sealed class ScalarKernels(int threads)
{
    private const int Block = 4096;
    private readonly ParallelOptions options = new() { MaxDegreeOfParallelism = threads };

    /// <summary>The Mandelbrot set in f32: how many steps each of [size, size] points stays near.</summary>
    public void Mandelbrot(int size, float left, float top, float step, int[] counts) => ForEach(size, y =>
    {
        var row = counts.AsSpan(y * size, size);
        var im = top + (y * step);
        for (var x = 0; x < row.Length; x++)
        {
            row[x] = Formulas.Escape(left + (x * step), im);
        }
    });

    /// <summary>The Mandelbrot set in f64: how many steps each of [size, size] points stays near.</summary>
    public void Mandelbrot(int size, double left, double top, double step, int[] counts) => ForEach(size, y =>
    {
        var row = counts.AsSpan(y * size, size);
        var im = top + (y * step);
        for (var x = 0; x < row.Length; x++)
        {
            row[x] = Formulas.Escape(left + (x * step), im);
        }
    });

    /// <summary>A step of heat flow over [size, size]; edges keep their temperature.</summary>
    public void Stencil5(int size, float[] input, float[] output) => ForEach(size, y =>
    {
        ReadOnlySpan<float> here = input.AsSpan(y * size, size);
        var result = output.AsSpan(y * size, size);
        if (y == 0 || y == size - 1)
        {
            here.CopyTo(result);
            return;
        }

        ReadOnlySpan<float> above = input.AsSpan((y - 1) * size, size);
        ReadOnlySpan<float> below = input.AsSpan((y + 1) * size, size);
        result[0] = here[0];
        for (var x = 1; x < here.Length - 1; x++)
        {
            result[x] = Formulas.Heat(above[x], here[x - 1], here[x], here[x + 1], below[x]);
        }

        result[^1] = here[^1];
    });

    /// <summary>A blur of [size, size] by 3 x 3 weights; edges stay as they are.</summary>
    public void Stencil9(int size, float[] input, float[] output) => ForEach(size, y =>
    {
        ReadOnlySpan<float> here = input.AsSpan(y * size, size);
        var result = output.AsSpan(y * size, size);
        if (y == 0 || y == size - 1)
        {
            here.CopyTo(result);
            return;
        }

        ReadOnlySpan<float> above = input.AsSpan((y - 1) * size, size);
        ReadOnlySpan<float> below = input.AsSpan((y + 1) * size, size);
        result[0] = here[0];
        for (var x = 1; x < here.Length - 1; x++)
        {
            var sides = above[x] + below[x] + here[x - 1] + here[x + 1];
            var corners = above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1];
            result[x] = Formulas.Blur(sides, corners, here[x]);
        }

        result[^1] = here[^1];
    });

    /// <summary>Softmax of each row of [rows, columns].</summary>
    public void Softmax(int rows, int columns, float[] input, float[] output) => ForEach(rows, y =>
    {
        ReadOnlySpan<float> row = input.AsSpan(y * columns, columns);
        var result = output.AsSpan(y * columns, columns);
        var largest = float.NegativeInfinity;
        foreach (var value in row)
        {
            largest = MathF.Max(largest, value);
        }

        var sum = 0f;
        for (var x = 0; x < row.Length; x++)
        {
            result[x] = MathF.Exp(row[x] - largest);
            sum += result[x];
        }

        var scale = 1 / sum;
        foreach (ref var value in result)
        {
            value *= scale;
        }
    });

    /// <summary>The acceleration of each body by all.</summary>
    public void NBody(float[] x, float[] y, float[] z, float[] mass, float[] ax, float[] ay, float[] az) =>
        ForEach(x.Length, i => (ax[i], ay[i], az[i]) = Acceleration(x, y, z, mass, i));

    /// <summary>The prices of European calls and puts.</summary>
    public void BlackScholes(float[] spot, float[] strike, float[] years, float[] call, float[] put) =>
        ForEach((spot.Length + Block - 1) / Block, part =>
        {
            var range = (part * Block)..Math.Min((part + 1) * Block, spot.Length);
            Price(spot.AsSpan(range), strike.AsSpan(range), years.AsSpan(range), call.AsSpan(range), put.AsSpan(range));
        });

    private static (float X, float Y, float Z) Acceleration(float[] x, float[] y, float[] z, float[] mass, int body)
    {
        float sx = 0, sy = 0, sz = 0, px = x[body], py = y[body], pz = z[body];
        for (var i = 0; i < x.Length; i++)
        {
            float dx = x[i] - px, dy = y[i] - py, dz = z[i] - pz;
            var pull = Formulas.Pull(dx, dy, dz, mass[i]);
            sx += dx * pull;
            sy += dy * pull;
            sz += dz * pull;
        }

        return (sx, sy, sz);
    }

    private static void Price(
        ReadOnlySpan<float> spot, ReadOnlySpan<float> strike, ReadOnlySpan<float> years, Span<float> call, Span<float> put)
    {
        for (var i = 0; i < spot.Length; i++)
        {
            (call[i], put[i]) = Formulas.Price(spot[i], strike[i], years[i]);
        }
    }

    private void ForEach(int count, Action<int> body)
    {
        if (threads == 1)
        {
            for (var i = 0; i < count; i++)
            {
                body(i);
            }
        }
        else
        {
            Parallel.For(0, count, options, body);
        }
    }
}
