using System.Globalization;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The cases of the suite <c>kernels</c> as compiled kernels, in the engine's own memory, as results and what is read from files are.</summary>
public sealed class GridWork : IWork
{
    private readonly GridKernel kernel;
    private readonly Extent extent;
    private readonly KernelArgument[] arguments;
    private readonly Tensor[] results;

    private GridWork(string kernel, Extent extent, Tensor[] results, params KernelArgument[] arguments)
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
                var counts = Tensor.Zeros((size, size), DType.Int32).Realize();
                var (left, top, step) = ((float)KernelInputs.Left, (float)KernelInputs.Top, (float)KernelInputs.Extent / size);
                return new(nameof(GridKernels.Mandelbrot32), (size, size), [counts], counts, left, top, step);
            case "mandelbrot-f64":
                var counts64 = Tensor.Zeros((size, size), DType.Int32).Realize();
                return new(
                    nameof(GridKernels.Mandelbrot64), (size, size), [counts64], counts64, KernelInputs.Left, KernelInputs.Top, KernelInputs.Extent / size);
            case "stencil5" or "stencil9":
                var (image, stepped) = (In(KernelInputs.Image(size * size), (size, size)), Out((size, size)));
                return new(
                    arguments[0] == "stencil5" ? nameof(GridKernels.Stencil5) : nameof(GridKernels.Stencil9), (size, size), [stepped], image, stepped);
            case "softmax":
                var (logits, shares) = (In(KernelInputs.Logits(size * sizes[1]), (size, sizes[1])), Out((size, sizes[1])));
                return new(nameof(GridKernels.Softmax), size * GridKernels.Lanes, [shares], logits, shares);
            case "softmax-by-row":
                var (logitRows, shareRows) = (In(KernelInputs.Logits(size * sizes[1]), (size, sizes[1])), Out((size, sizes[1])));
                return new(nameof(GridKernels.SoftmaxByRow), size, [shareRows], logitRows, shareRows);
            case "nbody":
                Tensor x = In(KernelInputs.Positions(size, 0), size), y = In(KernelInputs.Positions(size, 1), size);
                Tensor z = In(KernelInputs.Positions(size, 2), size), mass = In(KernelInputs.Masses(size), size);
                Tensor ax = Out(size), ay = Out(size), az = Out(size);
                return new(nameof(GridKernels.NBody), size, [ax, ay, az], x, y, z, mass, ax, ay, az);
            case "black-scholes":
                Tensor spot = In(KernelInputs.Spots(size), size), strike = In(KernelInputs.Strikes(size), size);
                Tensor years = In(KernelInputs.Years(size), size), call = Out(size), put = Out(size);
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
        return KernelInputs.Check(results.Select(result => result.To(DType.Float32).Reshape(-1).ToArray<float>()));
    }

    private static Tensor In(float[] values, Shape shape) => Tensor.From(values, shape).Clone();

    private static Tensor Out(Shape shape) => Tensor.Zeros(shape).Realize();
}
