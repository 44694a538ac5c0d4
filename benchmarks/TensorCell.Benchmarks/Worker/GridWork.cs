using System.Globalization;
using TensorCell.Kernels;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The cases of the suite <c>kernels</c> as compiled kernels, over the same arrays as the scalar loops.</summary>
public sealed class GridWork : IWork
{
    private readonly GridKernel kernel;
    private readonly Extent extent;
    private readonly KernelArgument[] arguments;
    private readonly Array[] results;

    private GridWork(string kernel, Extent extent, Array[] results, params KernelArgument[] arguments)
    {
        this.kernel = GridKernel.Compile(typeof(GridKernels).GetMethod(kernel)!);
        (this.extent, this.results, this.arguments) = (extent, results, arguments);
    }

    /// <summary>Makes the inputs of a case and compiles its kernel.</summary>
    /// <param name="arguments">Such as <c>stencil5 4096</c>.</param>
    public static GridWork Create(string[] arguments)
    {
        int[] sizes = [.. arguments[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        var size = sizes[0];
        switch (arguments[0])
        {
            case "mandelbrot-f32":
                var counts = new int[size, size];
                var (left, top, step) = ((float)KernelInputs.Left, (float)KernelInputs.Top, (float)KernelInputs.Extent / size);
                return new(nameof(GridKernels.Mandelbrot32), (size, size), [counts], counts, left, top, step);
            case "mandelbrot-f64":
                var counts64 = new int[size, size];
                return new(
                    nameof(GridKernels.Mandelbrot64), (size, size), [counts64], counts64, KernelInputs.Left, KernelInputs.Top, KernelInputs.Extent / size);
            case "stencil5" or "stencil9":
                var (image, stepped) = (Rows(KernelInputs.Image(size * size), size), new float[size, size]);
                return new(
                    arguments[0] == "stencil5" ? nameof(GridKernels.Stencil5) : nameof(GridKernels.Stencil9), (size, size), [stepped], image, stepped);
            case "softmax":
                var (logits, shares) = (Rows(KernelInputs.Logits(size * sizes[1]), size), new float[size, sizes[1]]);
                return new(nameof(GridKernels.Softmax), size * GridKernels.Lanes, [shares], logits, shares);
            case "softmax-by-row":
                var (logitRows, shareRows) = (Rows(KernelInputs.Logits(size * sizes[1]), size), new float[size, sizes[1]]);
                return new(nameof(GridKernels.SoftmaxByRow), size, [shareRows], logitRows, shareRows);
            case "nbody":
                float[] x = KernelInputs.Positions(size, 0), y = KernelInputs.Positions(size, 1), z = KernelInputs.Positions(size, 2);
                float[] mass = KernelInputs.Masses(size), ax = new float[size], ay = new float[size], az = new float[size];
                return new(nameof(GridKernels.NBody), size, [ax, ay, az], x, y, z, mass, ax, ay, az);
            case "black-scholes":
                float[] spot = KernelInputs.Spots(size), strike = KernelInputs.Strikes(size), years = KernelInputs.Years(size);
                float[] call = new float[size], put = new float[size];
                return new(nameof(GridKernels.BlackScholes), size, [call, put], spot, strike, years, call, put);
            default:
                throw new ArgumentException($"no case is called {arguments[0]}");
        }
    }

    /// <inheritdoc/>
    public void Run() => kernel.Launch(extent, arguments);

    /// <inheritdoc/>
    public double? Check()
    {
        Run();
        return KernelInputs.Check(results);
    }

    private static float[,] Rows(float[] values, int rows)
    {
        var result = new float[rows, values.Length / rows];
        Buffer.BlockCopy(values, 0, result, 0, Buffer.ByteLength(values));
        return result;
    }
}
