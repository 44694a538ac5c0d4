using TensorCell.Kernels;

namespace TensorCell.Benchmarks.Worker;

/// <summary>How long compiling and launching take where there is next to nothing to compute.</summary>
public sealed class LatencyWork : IWork
{
    private const int Size = 16;
    private readonly Action prepare;
    private readonly Action run;

    private LatencyWork(Action prepare, Action run) => (this.prepare, this.run) = (prepare, run);

    /// <summary>Makes a case.</summary>
    /// <param name="arguments"><c>compile</c> and the kernel, or <c>launch</c> and the way.</param>
    public static LatencyWork Create(string[] arguments)
    {
        float[] x = new float[Size], y = new float[Size], z = new float[Size];
        float[,] input = new float[Size, Size], output = new float[Size, Size];
        var counts = new int[Size, Size];
        switch (arguments)
        {
            case ["compile", "elementwise"]:
                return Compile(Elementwise, kernel => kernel.Launch(Size, x, y));
            case ["compile", "mandelbrot"]:
                return Compile(Mandelbrot, kernel => kernel.Launch((Size, Size), counts, -2f, -1.5f, 0.1f));
            case ["compile", "stencil"]:
                return Compile(Stencil, kernel => kernel.Launch((Size, Size), input, output));
            case ["compile", "black-scholes"]:
                return Compile(BlackScholes, kernel => kernel.Launch(Size, x, y, z));
            case ["launch", "kernel"]:
                var compiled = GridKernel.Compile(typeof(GridKernels).GetMethod(nameof(GridKernels.Stencil5))!);
                return new(() => { }, () => compiled.Launch((Size, Size), input, output));
            case ["launch", "lambda"]:
                var a = 0f;
                return new(() => a += 1, () => GridKernel.For(Size, i => y[i] += a * x[i]));
            default:
                throw new ArgumentException($"no case is called {string.Join(' ', arguments)}");
        }
    }

    /// <inheritdoc/>
    public double? Check()
    {
        prepare();
        run();
        return null;
    }

    /// <inheritdoc/>
    public void Prepare() => prepare();

    /// <inheritdoc/>
    public void Run() => run();

    private static LatencyWork Compile(string source, Action<GridKernel> launch)
    {
        var fresh = new FreshKernels(source);
        var method = fresh.Next();
        return new(() => method = fresh.Next(), () => launch(GridKernel.Compile(method)));
    }

    private const string Elementwise =
        """
        public static void Run(int i, View<float> x, View<float> y) => y[i] = x[i] > 0 ? FRESH * x[i] + y[i] : y[i];
        """;

    private const string Mandelbrot =
        """
        public static void Run(Index2 i, View2<int> counts, float left, float top, float step)
        {
            float re = left + i.X * step, im = top + i.Y * step, x = re, y = im;
            var count = 0;
            while (count < 256)
            {
                float xx = x * x, yy = y * y;
                if (xx + yy > 4 * FRESH)
                {
                    break;
                }

                var xy = x * y;
                x = xx - yy + re;
                y = xy + xy + im;
                count++;
            }

            counts[i.Y, i.X] = count;
        }
        """;

    private const string Stencil =
        """
        public static void Run(Index2 i, View2<float> input, View2<float> output)
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
                output[y, x] = FRESH * input[y, x] + 0.125f * sides + 0.0625f * corners;
            }
        }
        """;

    private const string BlackScholes =
        """
        public static void Run(int i, View<float> spot, View<float> strike, View<float> call)
        {
            var deviation = 0.3f * MathF.Sqrt(FRESH);
            var d1 = (MathF.Log(spot[i] / strike[i]) + 0.065f * FRESH) / deviation;
            call[i] = spot[i] * Normal(d1) - strike[i] * MathF.Exp(-0.02f * FRESH) * Normal(d1 - deviation);
        }

        static float Normal(float d)
        {
            var k = 1 / (1 + 0.2316419f * MathF.Abs(d));
            var polynomial = k * (0.319381530f + k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
            var tail = 0.39894228f * MathF.Exp(-0.5f * d * d) * polynomial;
            return d > 0 ? 1 - tail : tail;
        }
        """;
}
