using TensorCell.Kernels;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The kernels as a user of TensorCell writes them: what happens at one place.</summary>
public static class GridKernels
{
    internal const int Lanes = 256;

    /// <summary>The Mandelbrot set in f32: how many steps each point stays near.</summary>
    [Kernel]
    public static void Mandelbrot32(Index2 i, View2<int> counts, float left, float top, float step) =>
        counts[i.Y, i.X] = Formulas.Escape(left + (i.X * step), top + (i.Y * step));

    /// <summary>The Mandelbrot set in f64: how many steps each point stays near.</summary>
    [Kernel]
    public static void Mandelbrot64(Index2 i, View2<int> counts, double left, double top, double step) =>
        counts[i.Y, i.X] = Formulas.Escape(left + (i.X * step), top + (i.Y * step));

    /// <summary>A step of heat flow; edges keep their temperature.</summary>
    [Kernel]
    public static void Stencil5(Index2 i, View2<float> input, View2<float> output)
    {
        int y = i.Y, x = i.X;
        if (y == 0 || x == 0 || y == input.GetLength(0) - 1 || x == input.GetLength(1) - 1)
        {
            output[y, x] = input[y, x];
        }
        else
        {
            output[y, x] = Formulas.Heat(input[y - 1, x], input[y, x - 1], input[y, x], input[y, x + 1], input[y + 1, x]);
        }
    }

    /// <summary>A blur by 3 x 3 weights; edges stay as they are.</summary>
    [Kernel]
    public static void Stencil9(Index2 i, View2<float> input, View2<float> output)
    {
        int y = i.Y, x = i.X;
        if (y == 0 || x == 0 || y == input.GetLength(0) - 1 || x == input.GetLength(1) - 1)
        {
            output[y, x] = input[y, x];
        }
        else
        {
            var sides = input[y - 1, x] + input[y + 1, x] + input[y, x - 1] + input[y, x + 1];
            var corners = input[y - 1, x - 1] + input[y - 1, x + 1] + input[y + 1, x - 1] + input[y + 1, x + 1];
            output[y, x] = Formulas.Blur(sides, corners, input[y, x]);
        }
    }

    /// <summary>Softmax of each row, a group of items for each.</summary>
    [Kernel(GroupX = Lanes)]
    public static void Softmax(Group group, View2<float> input, View2<float> output)
    {
        var shared = group.Shared<float>(Lanes);
        int lane = group.Local.X, row = group.Index.X, columns = input.GetLength(1);
        var largest = float.NegativeInfinity;
        for (var x = lane; x < columns; x += Lanes)
        {
            largest = MathF.Max(largest, input[row, x]);
        }

        shared[lane] = largest;
        group.Barrier();
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            if (lane < half)
            {
                shared[lane] = MathF.Max(shared[lane], shared[lane + half]);
            }

            group.Barrier();
        }

        largest = shared[0];
        group.Barrier();
        var sum = 0f;
        for (var x = lane; x < columns; x += Lanes)
        {
            var value = MathF.Exp(input[row, x] - largest);
            output[row, x] = value;
            sum += value;
        }

        shared[lane] = sum;
        group.Barrier();
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            if (lane < half)
            {
                shared[lane] += shared[lane + half];
            }

            group.Barrier();
        }

        var scale = 1 / shared[0];
        for (var x = lane; x < columns; x += Lanes)
        {
            output[row, x] *= scale;
        }
    }

    /// <summary>Softmax of each row, an item for each.</summary>
    [Kernel]
    public static void SoftmaxByRow(int row, View2<float> input, View2<float> output)
    {
        var columns = input.GetLength(1);
        var largest = float.NegativeInfinity;
        for (var x = 0; x < columns; x++)
        {
            largest = MathF.Max(largest, input[row, x]);
        }

        var sum = 0f;
        for (var x = 0; x < columns; x++)
        {
            var value = MathF.Exp(input[row, x] - largest);
            output[row, x] = value;
            sum += value;
        }

        var scale = 1 / sum;
        for (var x = 0; x < columns; x++)
        {
            output[row, x] *= scale;
        }
    }

    /// <summary>The acceleration of a body by all.</summary>
    [Kernel]
    public static void NBody(
        int body, View<float> x, View<float> y, View<float> z, View<float> mass, View<float> ax, View<float> ay, View<float> az)
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

        ax[body] = sx;
        ay[body] = sy;
        az[body] = sz;
    }

    /// <summary>The prices of a European call and put.</summary>
    [Kernel]
    public static void BlackScholes(int i, View<float> spot, View<float> strike, View<float> years, View<float> call, View<float> put) =>
        (call[i], put[i]) = Formulas.Price(spot[i], strike[i], years[i]);
}
