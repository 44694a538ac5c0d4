using TensorCell.Kernels.Tests.Frontend;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Kernels in C#, compiled at every width, against the methods themselves.</summary>
[Collection(nameof(EngineSettings))]
public sealed class GridKernelTests
{
    public static TheoryData<int, string> Samples
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var bits in (int[])[128, 256, 512])
            {
                foreach (var name in GridMethodTests.Kernels)
                {
                    data.Add(bits, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Samples_compute_what_the_methods_do(int bits, string name)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var method = typeof(GridMethodTests.Samples).GetMethod(name)!;
        var direct = method.CreateDelegate<Action<int, float[], float[]>>();
        float[] input = [.. Enumerable.Range(0, 40).Select(i => ((i * 7919) % 101 / 10f) - 5)];
        var wanted = new float[40];
        for (var i = 0; i < 40; i++)
        {
            direct(i, input, wanted);
        }

        var found = new float[40];
        GridKernel.Compile(method).Launch(40, input, found);
        Assert.Equal(wanted, found);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Scaling_agrees_for_every_length(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var factor = 3f;
        var kernel = GridKernel.Compile((int i, float[] x, float[] y, float a) => y[i] = (a * x[i]) + (factor * y[i]));
        foreach (var length in Enumerable.Range(0, 200).Append(5000).Append(100_001))
        {
            float[] x = [.. Enumerable.Range(0, length).Select(i => i * 0.5f)];
            float[] y = [.. Enumerable.Range(0, length).Select(i => 7f - i)];
            float[] wanted = [.. x.Zip(y, (a, b) => (2f * a) + (factor * b))];
            kernel.Launch(length, x, y, 2f);
            Assert.Equal(wanted, y);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_stencil_agrees(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        foreach (var (height, width) in ((int, int)[])[(1, 1), (3, 3), (5, 70), (64, 64), (33, 1031)])
        {
            var input = new float[height, width];
            var (found, wanted) = (new float[height, width], new float[height, width]);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    input[y, x] = ((y * 31) + (x * 17)) % 23;
                }
            }

            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    Stencil((y, x), input, wanted, 0.25f);
                }
            }

            GridKernel.Compile(Stencil).Launch((height, width), input, found, 0.25f);
            Assert.Equal(wanted, found);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Mandelbrot_agrees(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var (found, wanted) = (new int[67, 301], new int[67, 301]);
        for (var y = 0; y < 67; y++)
        {
            for (var x = 0; x < 301; x++)
            {
                Mandelbrot((y, x), wanted, 200);
            }
        }

        GridKernel.Compile(Mandelbrot).Launch((67, 301), found, 200);
        Assert.Equal(wanted, found);
    }

    internal static void Stencil(Index2 i, View2<float> input, View2<float> output, float weight)
    {
        if (i.Y > 0 && i.Y < input.GetLength(0) - 1 && i.X > 0 && i.X < input.GetLength(1) - 1)
        {
            output[i.Y, i.X] = weight * (input[i.Y - 1, i.X] + input[i.Y + 1, i.X] + input[i.Y, i.X - 1] + input[i.Y, i.X + 1]);
        }
    }

    internal static void Mandelbrot(Index2 i, View2<int> counts, int limit)
    {
        var cr = -2f + (i.X * 0.01f);
        var ci = -1f + (i.Y * 0.03f);
        var (zr, zi) = (0f, 0f);
        var n = 0;
        while (n < limit && (zr * zr) + (zi * zi) < 4f)
        {
            (zr, zi) = ((zr * zr) - (zi * zi) + cr, (2f * zr * zi) + ci);
            n++;
        }

        counts[i.Y, i.X] = n;
    }
}
