using System.Globalization;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The cases of the suite <c>kernels</c> as plain C# loops.</summary>
public sealed class ScalarWork : IWork
{
    // A hot loop becomes optimised code only after some calls and some time.
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(1);
    private readonly Action compute;
    private readonly Array[] results;

    private ScalarWork(Action compute, params Array[] results) => (this.compute, this.results) = (compute, results);

    /// <summary>Makes the inputs of a case and runs it until it is compiled as well as it will be.</summary>
    /// <param name="arguments">Such as <c>stencil5 4096</c>.</param>
    public static ScalarWork Create(string[] arguments)
    {
        var threads = int.Parse(Environment.GetEnvironmentVariable("TENSORCELL_THREADS") ?? "1", CultureInfo.InvariantCulture);
        var work = Create(arguments[0], [.. arguments[1..].Select(size => int.Parse(size, CultureInfo.InvariantCulture))], new(threads));
        var start = Environment.TickCount64;
        while (Environment.TickCount64 - start < warmUp.TotalMilliseconds)
        {
            work.Run();
        }

        return work;
    }

    /// <inheritdoc/>
    public void Run() => compute();

    /// <inheritdoc/>
    public double? Check()
    {
        compute();
        return KernelInputs.Check(results);
    }

    private static ScalarWork Create(string name, int[] sizes, ScalarKernels loops)
    {
        var size = sizes[0];
        float[] Result(int length) => GC.AllocateUninitializedArray<float>(length);
        switch (name)
        {
            case "mandelbrot-f32":
                var counts = new int[size * size];
                var (left, top, step) = ((float)KernelInputs.Left, (float)KernelInputs.Top, (float)KernelInputs.Extent / size);
                return new(() => loops.Mandelbrot(size, left, top, step, counts), counts);
            case "mandelbrot-f64":
                var counts64 = new int[size * size];
                return new(
                    () => loops.Mandelbrot(size, KernelInputs.Left, KernelInputs.Top, KernelInputs.Extent / size, counts64), counts64);
            case "stencil5":
                var (plate, heated) = (KernelInputs.Image(size * size), Result(size * size));
                return new(() => loops.Stencil5(size, plate, heated), heated);
            case "stencil9":
                var (image, blurred) = (KernelInputs.Image(size * size), Result(size * size));
                return new(() => loops.Stencil9(size, image, blurred), blurred);
            case "softmax":
                var columns = sizes[1];
                var (logits, shares) = (KernelInputs.Logits(size * columns), Result(size * columns));
                return new(() => loops.Softmax(size, columns, logits, shares), shares);
            case "nbody":
                float[] x = KernelInputs.Positions(size, 0), y = KernelInputs.Positions(size, 1), z = KernelInputs.Positions(size, 2);
                float[] mass = KernelInputs.Masses(size), ax = Result(size), ay = Result(size), az = Result(size);
                return new(() => loops.NBody(x, y, z, mass, ax, ay, az), ax, ay, az);
            case "black-scholes":
                float[] spot = KernelInputs.Spots(size), strike = KernelInputs.Strikes(size), years = KernelInputs.Years(size);
                float[] call = Result(size), put = Result(size);
                return new(() => loops.BlackScholes(spot, strike, years, call, put), call, put);
            default:
                throw new ArgumentException($"no case is called {name}");
        }
    }
}
