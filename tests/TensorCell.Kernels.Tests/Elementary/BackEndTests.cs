using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;
using TensorCell.Kernels.Tests.Ptx;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>Elementary functions within what they state in vectors of every width, in kernels over spaces, as single values, and on GPUs.</summary>
[Collection(nameof(EngineSettings))]
public sealed class BackEndTests
{
    private static readonly UnaryOperation[] unary = [.. Enum.GetValues<UnaryOperation>().Where(operation => operation >= UnaryOperation.ReciprocalSqrt)];
    private static readonly BinaryOperation[] binary = [BinaryOperation.Pow, BinaryOperation.Atan2, BinaryOperation.Hypot];

    [Theory]
    [InlineData(128, false)]
    [InlineData(128, true)]
    [InlineData(256, false)]
    [InlineData(256, true)]
    [InlineData(512, false)]
    [InlineData(512, true)]
    public void Vectors(int bits, bool contraction)
    {
        using var settings = new EngineSettings(bits, contraction);
        // No multiple of any number of lanes, so that the last vector is a part of one.
        var inputs = Inputs(4099, bits);
        foreach (var operation in unary)
        {
            Check(operation, inputs, Launch.Map<double, double>(ElementaryKernels.Of(operation, DType.Float64), inputs));
            float[] narrow = [.. inputs.Select(x => (float)x)];
            Check(operation, narrow, Launch.Map<float, float>(ElementaryKernels.Of(operation, DType.Float32), narrow));
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Huge_angles_in_kernels(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: true);
        var inputs = Inputs(1003, bits);
        var (sines, cosines, tangents) = (new double[1003], new double[1003], new double[1003]);
        GridKernel.Compile((int i, double[] x, double[] sin, double[] cos, double[] tan) =>
        {
            if (i % 3 != 1)
            {
                sin[i] = Math.Sin(x[i]);
                cos[i] = Math.Cos(x[i]);
                tan[i] = Math.Tan(x[i]);
            }
        }).Launch(1003, inputs, sines, cosines, tangents);
        // One value for all items is computed by itself.
        var single = new double[3];
        GridKernel.Compile((int i, double[] y, double x) =>
        {
            y[0] = Math.Sin(x);
            y[1] = Math.Cos(x);
            y[2] = Math.Tan(x);
        }).Launch(1, single, 1e300);
        Check(UnaryOperation.Sin, [1e300], [single[0]]);
        Check(UnaryOperation.Cos, [1e300], [single[1]]);
        Check(UnaryOperation.Tan, [1e300], [single[2]]);
        for (var i = 1; i < 1003; i += 3)
        {
            Assert.Equal((0, 0, 0), (sines[i], cosines[i], tangents[i]));
            (sines[i], cosines[i], tangents[i]) = (double.NaN, double.NaN, double.NaN);
            inputs[i] = double.NaN;
        }

        Check(UnaryOperation.Sin, inputs, sines);
        Check(UnaryOperation.Cos, inputs, cosines);
        Check(UnaryOperation.Tan, inputs, tangents);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Huge_f32_angles_in_kernels(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: true);
        // Few huge ones among others, all of them, and just beyond what is ordinary.
        var random = new Random(bits);
        float[] inputs = [.. Enumerable.Range(0, 1003).Select(i => (float)((random.NextDouble() - 0.5) * (i < 500 && i % 7 != 0 ? 1000 : i < 800 ? 1e30 : 140000)))];
        var (sines, cosines, tangents) = (new float[1003], new float[1003], new float[1003]);
        GridKernel.Compile((int i, float[] x, float[] sin, float[] cos, float[] tan) =>
        {
            if (i % 3 != 1)
            {
                sin[i] = MathF.Sin(x[i]);
                cos[i] = MathF.Cos(x[i]);
                tan[i] = MathF.Tan(x[i]);
            }
        }).Launch(1003, inputs, sines, cosines, tangents);
        var single = new float[3];
        GridKernel.Compile((int i, float[] y, float x) =>
        {
            y[0] = MathF.Sin(x);
            y[1] = MathF.Cos(x);
            y[2] = MathF.Tan(x);
        }).Launch(1, single, 1e30f);
        Check(UnaryOperation.Sin, [1e30f], [single[0]]);
        Check(UnaryOperation.Cos, [1e30f], [single[1]]);
        Check(UnaryOperation.Tan, [1e30f], [single[2]]);
        for (var i = 1; i < 1003; i += 3)
        {
            Assert.Equal((0, 0, 0), (sines[i], cosines[i], tangents[i]));
            (sines[i], cosines[i], tangents[i]) = (float.NaN, float.NaN, float.NaN);
            inputs[i] = float.NaN;
        }

        Check(UnaryOperation.Sin, inputs, sines);
        Check(UnaryOperation.Cos, inputs, cosines);
        Check(UnaryOperation.Tan, inputs, tangents);
    }

    [Fact]
    public unsafe void Gpus()
    {
        using var cuda = new InterpretedCuda();
        double[] inputs = [.. Float64Inputs.Special, .. Inputs(150, 3).Skip(Float64Inputs.Special.Length)];
        float[] narrow = [.. inputs.Select(x => (float)x)];
        foreach (var operation in unary)
        {
            Check(operation, inputs, OnGpu(cuda.Device, ElementaryKernels.Of(operation, DType.Float64), inputs));
            Check(operation, narrow, OnGpu(cuda.Device, ElementaryKernels.Of(operation, DType.Float32), narrow));
        }

        foreach (var operation in binary)
        {
            double[] turned = [.. inputs.Reverse()];
            var found = OnGpu(cuda.Device, ElementaryKernels.Of(operation, DType.Float64), inputs, turned);
            for (var i = 0; i < inputs.Length; i++)
            {
                Check(operation.ToString(), $"{inputs[i]:R}, {turned[i]:R}", found[i], ExactReference.Of(operation, inputs[i], turned[i]));
            }
        }
    }

    private static double[] Inputs(int count, int seed)
    {
        var random = new Random(seed);
        var dense = Float64Inputs.Dense(1, random);
        return [.. Float64Inputs.Special, .. random.GetItems(dense, count - Float64Inputs.Special.Length)];
    }

    private static unsafe T[] OnGpu<T>(CudaDevice device, KernelFunction function, params T[][] inputs)
        where T : unmanaged
    {
        var length = inputs[0].Length;
        long bytes = length * sizeof(T);
        var buffers = inputs.Append(new T[length]).Select(values =>
        {
            var buffer = device.Pool.Rent(bytes);
            fixed (T* source = values)
            {
                device.Driver.CopyToDevice(buffer.Address, (nint)source, bytes, 1);
            }

            return buffer;
        }).ToArray();
        Operand[] operands = [.. buffers.Select(buffer => new Operand(buffer.Address, DTypes.Of<T>(), [sizeof(T)]))];
        CudaElementwise.Run(device, function, [length], operands.AsSpan()[..^1], operands.AsSpan()[^1..], []);
        var result = new T[length];
        fixed (T* target = result)
        {
            device.Driver.CopyToHost((nint)target, buffers[^1].Address, bytes, 1);
        }

        foreach (var buffer in buffers)
        {
            buffer.Dispose();
        }

        return result;
    }

    private static void Check(UnaryOperation operation, double[] inputs, double[] outputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            Check(operation.ToString(), $"{inputs[i]:R}", outputs[i], ExactReference.Of(operation, inputs[i]));
        }
    }

    private static void Check(UnaryOperation operation, float[] inputs, float[] outputs)
    {
        var worst = new WorstFloat32();
        worst.Add(operation, inputs, outputs);
        Assert.True(worst.Error <= ElementaryFunctions.BoundOf(operation.ToString(), DType.Float32), $"{operation}: {worst}");
    }

    private static void Check(string operation, string arguments, double found, ExactValue wanted)
    {
        var (error, bound) = (wanted.UlpTo(found), ElementaryFunctions.BoundOf(operation, DType.Float64));
        Assert.True(error <= bound, $"{operation}({arguments}) = {found:R} is {error} ulp from {wanted}, beyond {bound}");
    }
}
